//! Fields that remember where they stood and survive their own mistakes.
//!
//! Every field of the config is a [`Field`]: absent, given, or given wrongly. The third state is
//! what lets one run report every mistake: a wrong value has been reported when it was read, so
//! whoever meets it later neither reports it again nor takes it for absent.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::source::Place;
use crate::yaml::PLACED;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// A field of the config.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// Not written, or written as null.
    #[default]
    Absent,
    /// Written wrongly, at this place; the problem has been reported.
    Wrong(Place),
    /// Written.
    Given(Placed<T>),
}

impl<T> Field<T> {
    /// The value with its place, when there is a right one.
    #[must_use]
    pub fn given(&self) -> Option<&Placed<T>> {
        match self {
            Self::Given(placed) => Some(placed),
            Self::Absent | Self::Wrong(_) => None,
        }
    }

    /// The value, when there is a right one.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.given().map(|placed| &placed.value)
    }

    /// Whether nothing was written.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Where it stands, right or wrong.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Absent => None,
            Self::Wrong(place) => Some(*place),
            Self::Given(placed) => Some(placed.place),
        }
    }
}

impl<T: Clone> Field<T> {
    /// This field, or `other` where it is absent.
    pub(super) fn or(&mut self, other: &Self) {
        if self.is_absent() {
            *self = other.clone();
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(PLACED, FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value with its place")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field<T>, A::Error> {
        let (place, is_given) = place(&mut map)?;
        if !is_given {
            return Ok(Field::Absent);
        }
        Ok(match map.next_value() {
            Ok(value) => Field::Given(Placed { value, place }),
            Err(_) => Field::Wrong(place),
        })
    }
}

/// The place that stands before a value, and whether there is a value.
fn place<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(Place, bool), A::Error> {
    let mut part = || map.next_key::<u32>();
    let [source, start, end] = [part()?, part()?, part()?].map(Option::unwrap_or_default);
    let is_given = part()?.is_some();
    Ok((Place { source, start, end }, is_given))
}

/// `schema_of_content!(Type)`: the schema of `Type<T>` is that of `T`.
macro_rules! schema_of_content {
    ($type:ident) => {
        impl<T: JsonSchema> JsonSchema for $type<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }

            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }

            fn schema_id() -> Cow<'static, str> {
                T::schema_id()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    };
}
schema_of_content!(Field);
schema_of_content!(Later);

/// A list whose items are read independently of each other.
pub type List<T> = Vec<Field<T>>;

/// A mapping with free keys, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<V>(Vec<(Placed<String>, Field<V>)>);

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Entries<V> {
    /// The entries in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&Placed<String>, &Field<V>)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<V> Entries<V> {
    /// The entries that have a right value.
    pub fn into_given(self) -> impl Iterator<Item = (Placed<String>, Placed<V>)> {
        self.0.into_iter().filter_map(|(key, value)| match value {
            Field::Given(value) => Some((key, value)),
            Field::Absent | Field::Wrong(_) => None,
        })
    }
}

impl<V: Clone> Entries<V> {
    /// Adds the entries of `other` whose keys are not here.
    pub(super) fn or(&mut self, other: &Self) {
        for (key, value) in &other.0 {
            if !self.0.iter().any(|(own, _)| own.value == key.value) {
                self.0.push((key.clone(), value.clone()));
            }
        }
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<V> {
    type Value = Entries<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<V>, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Field<String>>()? {
            let value = map.next_value()?;
            if let Field::Given(key) = key {
                entries.push((key, value));
            }
        }
        Ok(Entries(entries))
    }
}

impl<V: JsonSchema> JsonSchema for Entries<V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Map_of_{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        std::collections::BTreeMap::<String, V>::json_schema(generator)
    }
}

/// A part that is read when its turn comes: so far only its place is known.
#[derive(Debug, Clone)]
pub struct Later<T>(PhantomData<fn() -> T>);

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(PhantomData))
    }
}

/// The literal `false`: the feature is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off;

impl<'de> Deserialize<'de> for Off {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bool::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Off {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Off".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "const": false })
    }
}

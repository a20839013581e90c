//! The parts of a node, one after the other: a value with its place, the entries of a mapping, the
//! variant of an enum.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, VariantAccess, Visitor,
};

use super::{Decoder, Failure, PLACED};
use crate::source::Place;
use crate::yaml::tree::{Entry, Node};

/// A mapping whose keys are source, start, end and, where there is a value, one more; then the value: what
/// `api::Field` takes apart. Keys and values are read apart, so that the code that reads a value, which is
/// there for each type, does not read numbers too.
pub(super) struct Placed<'n, 'c, 'p> {
    place: Place,
    /// What reads the value; nothing where it stands under a mistyped name.
    decoder: Option<Decoder<'n, 'c, 'p>>,
    step: u8,
}

impl<'n, 'c, 'p> Placed<'n, 'c, 'p> {
    pub(super) fn new(decoder: Decoder<'n, 'c, 'p>) -> Self {
        Self {
            place: decoder.node.place,
            decoder: Some(decoder),
            step: 0,
        }
    }

    pub(super) fn misnamed(place: Place) -> Self {
        Self {
            place,
            decoder: None,
            step: 0,
        }
    }
}

impl<'n> MapAccess<'n> for Placed<'n, '_, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        let Place { source, start, end } = self.place;
        self.step += 1;
        let key = match self.step {
            1 => source,
            2 => start,
            3 => end,
            _ if self.decoder.is_some_and(|value| value.node.is_null()) => return Ok(None),
            step => step.into(),
        };
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        match self.decoder {
            None => Err(Failure::Reported),
            Some(decoder) => seed.deserialize(decoder),
        }
    }
}

/// The entries of a mapping; of a struct, those it knows and those that it nearly knows.
///
/// A field whose name is mistyped is wrong rather than absent: else whoever needs it would say that it
/// is missing, beside the problem that is to be mended.
pub(super) struct Fields<'n, 'c, 'p> {
    decoder: Decoder<'n, 'c, 'p>,
    entries: std::slice::Iter<'n, Entry>,
    known: Option<&'static [&'static str]>,
    value: Option<(&'n Node, Name)>,
    /// The fields that mistyped names were probably meant to be.
    meant: Vec<&'static str>,
}

/// How the name of a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Right,
    Mistyped,
}

impl<'n, 'c, 'p> Fields<'n, 'c, 'p> {
    pub(super) fn new(
        decoder: Decoder<'n, 'c, 'p>,
        entries: &'n [Entry],
        known: Option<&'static [&'static str]>,
    ) -> Self {
        Self {
            decoder,
            entries: entries.iter(),
            known,
            value: None,
            meant: Vec::new(),
        }
    }

    /// Whether the field `near` has no value but one under a mistyped name, which has not been asked
    /// for before.
    fn is_left_to(&mut self, near: &'static str) -> bool {
        if self.meant.contains(&near) {
            return false;
        }
        self.meant.push(near);
        self.decoder.node.get(near).is_none()
    }
}

impl<'n> MapAccess<'n> for Fields<'n, '_, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        while let Some(entry) = self.entries.next() {
            let key = entry.name();
            let Some(known) = self.known else {
                if entry.key.is_null() {
                    self.decoder.no_key(entry);
                    continue;
                }
                self.value = Some((&entry.value, Name::Right));
                return seed.deserialize(self.decoder.part(&entry.key)).map(Some);
            };
            if known.contains(&key) {
                self.value = Some((&entry.value, Name::Right));
                return seed.deserialize(StrDeserializer::new(key)).map(Some);
            }
            let near = self.decoder.unknown_field(entry, known);
            if let Some(near) = near.filter(|near| self.is_left_to(near)) {
                self.value = Some((&entry.value, Name::Mistyped));
                return seed.deserialize(StrDeserializer::new(near)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'n>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        match self.value.take() {
            None => Err(Failure::Said("a value without its key".into())),
            Some((node, Name::Mistyped)) => seed.deserialize(Misnamed(node.place)),
            Some((node, Name::Right)) => seed.deserialize(self.decoder.part(node)),
        }
    }
}

/// A value under a mistyped name: wrong to an `api::Field`, nothing to an `Option`.
struct Misnamed(Place);

impl<'de> Deserializer<'de> for Misnamed {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Failure> {
        Err(Failure::Reported)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_none()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if name == PLACED {
            visitor.visit_map(Placed::misnamed(self.0))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A chosen variant and, for a choice by shape, the node it holds.
pub(super) struct Variant<'n, 'c, 'p> {
    pub(super) decoder: Decoder<'n, 'c, 'p>,
    pub(super) variant: &'static str,
}

impl<'n, 'c, 'p> EnumAccess<'n> for Variant<'n, 'c, 'p> {
    type Error = Failure;
    type Variant = Decoder<'n, 'c, 'p>;

    fn variant_seed<V: DeserializeSeed<'n>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Failure> {
        let value = seed.deserialize(StrDeserializer::<Failure>::new(self.variant))?;
        Ok((value, self.decoder))
    }
}

impl<'n> VariantAccess<'n> for Decoder<'n, '_, '_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, seed: T) -> Result<T::Value, Failure> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'n>>(self, _len: usize, visitor: V) -> Result<V::Value, Failure> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_struct("", fields, visitor)
    }
}

//! From typed values to JSON, by way of their trees.
//!
//! A type is compiled once for each form that it is written in. Of objects that is for YAML and for trees;
//! JSON, which few ask for, is written from the tree, in the same order.

use serde::ser::{Serialize, Serializer};

use super::encode::encode;
use super::tree::{Node, Scalar, Style, Value};
use crate::source::Place;

/// A value as a tree that is written in any form that serde has.
#[derive(Debug)]
pub struct Encoded(Option<Node>);

impl Encoded {
    /// The tree of `value`, as [`encode`] makes it; null for what manifests do not hold.
    #[must_use]
    pub fn of(value: &(impl Serialize + ?Sized)) -> Self {
        Self(encode(value, &mut Place::default()))
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().map(Part).serialize(serializer)
    }
}

/// A part of the tree.
struct Part<'n>(&'n Node);

impl Serialize for Part<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            Value::Scalar(scalar) => serialize_scalar(scalar, serializer),
            Value::Sequence(items) => serializer.collect_seq(items.iter().map(Part)),
            Value::Mapping(entries) => {
                let entries = entries.iter();
                serializer.collect_map(entries.map(|entry| (entry.name(), Part(&entry.value))))
            }
        }
    }
}

/// A scalar in the type that it was encoded from.
fn serialize_scalar<S: Serializer>(scalar: &Scalar, serializer: S) -> Result<S::Ok, S::Error> {
    let text = scalar.text.as_str();
    if scalar.style == Style::Text {
        return serializer.serialize_str(text);
    }
    match text {
        "null" => serializer.serialize_unit(),
        "true" => serializer.serialize_bool(true),
        "false" => serializer.serialize_bool(false),
        _ => match (
            text.parse::<u64>(),
            text.parse::<i64>(),
            text.parse::<f64>(),
        ) {
            (Ok(number), _, _) => serializer.serialize_u64(number),
            (_, Ok(number), _) => serializer.serialize_i64(number),
            (_, _, Ok(number)) => serializer.serialize_f64(number),
            _ => serializer.serialize_str(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Value as Json, json, to_string, to_value};

    use super::*;

    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Typed {
        zone: &'static str,
        answer: &'static str,
        port: i32,
        least: i64,
        most: u64,
        share: f64,
        is_set: bool,
        nothing: Option<u8>,
        items: Vec<Option<Json>>,
        map: BTreeMap<&'static str, char>,
    }

    #[test]
    fn json_by_way_of_the_tree_is_what_serde_json_writes_of_the_type() {
        let typed = Typed {
            zone: "a: \"b\"\n\u{2028}",
            answer: "true",
            port: -8080,
            least: i64::MIN,
            most: u64::MAX,
            share: 1.0,
            is_set: false,
            nothing: None,
            items: vec![None, Some(json!({"0x1F": [], "null": {}, "1": 1e300}))],
            map: BTreeMap::from([("b", '1'), ("a", 'x')]),
        };
        assert_eq!(
            to_string(&Encoded::of(&typed)).unwrap(),
            to_string(&typed).unwrap()
        );
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<u64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            ".{0,8}".prop_map(Json::from),
            "(true|null|-?[0-9]{1,3}|1e5|\\.inf|nan)".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|map| Json::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_of_json_comes_back_as_it_was(value in any_json()) {
            prop_assert_eq!(to_value(Encoded::of(&value)).unwrap(), value);
        }
    }
}

//! Every difference is told, and nothing else is.
//!
//! What a report names is struck out of both states. If the rest is the same, to an equality that knows
//! nothing of lists with names, no difference was left out; and what was struck out must really differ.

use mcpset::diff::{Change, Field, How, Path, Step, difference, fields};
use mcpset::manifest::{Object, first, tree};
use mcpset::problem::Problems;
use mcpset::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{self, Bundle};

fn objects(values: &[Value]) -> Vec<Object> {
    let trees = values.iter().map(|value| tree(value, &mut first(0)));
    trees
        .map(|tree| Object::new(tree.unwrap()).unwrap())
        .collect()
}

fn parsed(text: &str) -> Vec<Object> {
    let nodes = yaml::parse(text, 0, &mut Problems::default());
    nodes
        .into_iter()
        .map(|node| Object::new(node).unwrap())
        .collect()
}

/// What stands in the place of what was struck out.
fn struck() -> Value {
    json!({"struck": "out"})
}

/// The value at `path` of the old state, or of the new one.
fn at<'v>(mut value: &'v mut Value, path: &[Step], is_old: bool) -> Option<&'v mut Value> {
    for step in path {
        value = match step {
            Step::Field(name) => value.get_mut(name)?,
            Step::Item { keys, id } => value
                .as_array_mut()?
                .iter_mut()
                .find(|item| is_called(item, keys, id))?,
            Step::Index { old, new } => value.get_mut(if is_old { *old } else { *new }?)?,
        };
    }
    Some(value)
}

fn is_called(item: &Value, keys: &[&str], id: &str) -> bool {
    let parts = keys.iter().map(|key| match &item[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    parts.collect::<Vec<_>>().join("/") == id
}

/// Takes out what was struck out.
fn purge(value: &mut Value) {
    let gone = struck();
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| *value != gone);
            fields.values_mut().for_each(purge);
        }
        Value::Array(items) => {
            items.retain(|item| *item != gone);
            items.iter_mut().for_each(purge);
        }
        _ => {}
    }
}

/// Puts the list at `path` in an order of its own.
fn sort(value: &mut Value, path: &Path, is_old: bool) {
    let list = at(value, &path.0, is_old)
        .and_then(Value::as_array_mut)
        .unwrap();
    list.sort_by_key(ToString::to_string);
}

/// Strikes `fields` out of `old` and `new`, and says what is wrong with them.
fn strike(old: &mut Value, new: &mut Value, fields: &[Field]) -> Result<(), String> {
    let (mut orders, mut places) = (Vec::new(), Vec::new());
    for Field { path, change } in fields {
        let before = at(old, &path.0, true).map(|value| value.clone());
        let after = at(new, &path.0, false).map(|value| value.clone());
        let holds = match change {
            Change::Added(value) => before.is_none() && after.as_ref() == Some(value),
            Change::Removed(value) => after.is_none() && before.as_ref() == Some(value),
            Change::Changed { old, new } => {
                old != new && before.as_ref() == Some(old) && after.as_ref() == Some(new)
            }
            Change::Reordered { old, new } => {
                orders.push(path);
                old != new && before != after
            }
        };
        if !holds {
            return Err(format!("{path}: {change:?} of {before:?} and {after:?}"));
        }
        if !matches!(change, Change::Reordered { .. }) {
            places.push(path);
        }
    }
    for path in places {
        for (value, is_old) in [(&mut *old, true), (&mut *new, false)] {
            if let Some(value) = at(value, &path.0, is_old) {
                *value = struck();
            }
        }
    }
    // The innermost first, as the order of a list is that of its items' texts.
    orders.sort_by_key(|path| std::cmp::Reverse(path.0.len()));
    let texts: Vec<&Path> = orders;
    purge_and_sort(old, &texts, true);
    purge_and_sort(new, &texts, false);
    Ok(())
}

fn purge_and_sort(value: &mut Value, orders: &[&Path], is_old: bool) {
    for path in orders {
        sort(value, path, is_old);
    }
    purge(value);
}

/// One change of a value somewhere below `value`: the `place`th.
fn mutate(value: &mut Value, place: usize, how: u8) {
    let mut pointers = Vec::new();
    collect(value, "", &mut pointers);
    if pointers.is_empty() {
        return;
    }
    let pointer = &pointers[place % pointers.len()];
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => match how % 4 {
            0 => drop(fields.remove(&key)),
            1 => drop(fields.insert(key, json!("changed"))),
            2 => drop(fields.insert(key, json!([{"name": "a"}, {"name": "b"}]))),
            _ => drop(fields.insert("added".into(), json!({"a": [1, 2]}))),
        },
        Value::Array(items) => {
            let index: usize = key.parse().unwrap();
            match how % 5 {
                0 => drop(items.remove(index)),
                1 => items.reverse(),
                2 => items.insert(index, json!("changed")),
                3 => items.insert(index, json!({"name": "added"})),
                _ => items.insert(0, items[index].clone()),
            }
        }
        _ => {}
    }
}

/// The pointers to all values below `value`.
fn collect(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| (index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in below {
        let key = key.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{pointer}/{key}");
        collect(value, &pointer, pointers);
        pointers.push(pointer);
    }
}

#[track_caller]
fn every_difference_is_told(old: &Value, new: &Value) {
    let fields = fields(old, new);
    assert_eq!(fields.is_empty(), old == new);
    let (mut rest_of_old, mut rest_of_new) = (old.clone(), new.clone());
    strike(&mut rest_of_old, &mut rest_of_new, &fields)
        .unwrap_or_else(|problem| panic!("{problem}\n{old:#}\n{new:#}"));
    assert_eq!(rest_of_old, rest_of_new, "{fields:#?}");
}

proptest! {
    #![proptest_config(support::cases(30))]

    #[test]
    fn a_set_and_what_is_rendered_of_it_are_the_same(bundle in support::accepted()) {
        let made = objects(&bundle.objects);
        for other in [objects(&bundle.objects), parsed(&bundle.text)] {
            let found = difference(&made, &other);
            prop_assert!(found.objects.is_empty(), "{:?}", found.objects);
            prop_assert!(found.effects.is_empty(), "{:?}", found.effects);
        }
    }

    #[test]
    fn what_changes_in_an_object_is_told_and_nothing_else(
        bundle in support::accepted(),
        changes in proptest::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..12),
    ) {
        let mut new = bundle.documents.clone();
        let number = new.len();
        for (object, place, how) in changes {
            let spec = new[object % number].get_mut("spec");
            if let Some(spec) = spec {
                mutate(spec, place, how);
            }
        }
        for (old, new) in bundle.documents.iter().zip(&new) {
            every_difference_is_told(old, new);
            every_difference_is_told(new, old);
        }
        let found = difference(&objects(&bundle.documents), &objects(&new));
        let told: Vec<&str> = found.objects.iter().map(|changed| changed.object.name.as_str()).collect();
        let pairs = bundle.documents.iter().zip(&new);
        let differ = pairs.filter(|(old, new)| old != new);
        let differ: Vec<&str> = differ.map(|(_, new)| new["metadata"]["name"].as_str().unwrap()).collect();
        prop_assert_eq!(told, differ);
        prop_assert!(found.objects.iter().all(|changed| matches!(changed.how, How::Changed(_))));
    }

    #[test]
    fn two_sets_differ_by_the_objects_that_are_not_the_same(
        old in support::accepted(),
        new in support::accepted(),
    ) {
        let found = difference(&objects(&old.documents), &objects(&new.documents));
        let count = |is_it: fn(&How) -> bool| found.objects.iter().filter(|changed| is_it(&changed.how)).count();
        let lacks = |all: &Bundle, others: &Bundle| {
            let key = |object: &Value| {
                let metadata = &object["metadata"];
                (object["kind"].clone(), metadata["namespace"].clone(), metadata["name"].clone())
            };
            let known: Vec<_> = others.documents.iter().map(key).collect();
            all.documents.iter().filter(|object| !known.contains(&key(object))).count()
        };
        prop_assert_eq!(count(|how| matches!(how, How::Added)), lacks(&new, &old));
        prop_assert_eq!(count(|how| matches!(how, How::Removed)), lacks(&old, &new));
    }
}

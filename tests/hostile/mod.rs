//! Hostile strings in every field of the schema that takes a text: nothing escapes its place.
//!
//! A config with a hostile string becomes, to the reader of each language, the same as one with a
//! harmless word: the same objects, commands, elements and expressions. Only the texts differ that differ
//! between two harmless words. The fields are those of the schema, so that a new one is here by itself.

mod outputs;
mod readers;
mod shell;
mod strings;

use std::collections::{BTreeMap, BTreeSet};

use crate::support::fields::{config_with, fields};
use mcpset::schema::ANY_KEY;
use outputs::{is_decided, outputs};
use serde_json::{Map, Value, json};
use strings::{FIRST, HOSTILE, ODD, SHORT};

/// Two words that mean nothing to anybody, and are of one length.
const HARMLESS: [&str; 2] = ["harmless", "innocent"];

/// What has a meaning in a field by its own rules, as its description says.
const SYNTAX: [(&str, char); 4] = [
    ("spec.platform.registry", '/'),
    ("spec.servers[].aws.roleArn", '/'),
    ("spec.servers[].secrets.<key>.path", '/'),
    ("spec.servers[].secrets", '#'),
];

/// A text in a config that somebody may write as he likes.
#[derive(Clone)]
struct Slot {
    path: String,
    /// A config that has [`MARK`] inside the text.
    config: Value,
}

/// Stands for the text. No example holds it.
const MARK: &str = "\u{1}";

impl Slot {
    /// A config in which `text` stands inside the slot's own.
    fn config(&self, text: &str) -> Value {
        replaced(&self.config, text)
    }

    /// Whether mcpset takes `text` here, as far as one server can tell.
    fn takes(&self, text: &str) -> bool {
        is_decided(&self.config(text))
    }
}

/// `example` with `text` where [`MARK`] stands.
fn replaced(example: &Value, text: &str) -> Value {
    match example {
        Value::String(leaf) => json!(leaf.replace(MARK, text)),
        Value::Array(items) => items.iter().map(|item| replaced(item, text)).collect(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| (key.replace(MARK, text), replaced(value, text)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// `config` with what lets its texts reach all outputs.
fn config_of(mut config: Value) -> Value {
    let spec = &mut config["spec"];
    for (at, value) in [
        ("accountId", "123456789012"),
        ("region", "eu-central-1"),
        ("clusterName", "production"),
        ("oidcIssuer", "oidc.example.com/id/A"),
    ] {
        let at = &mut spec["platform"]["aws"][at];
        if at.is_null() {
            *at = json!(value);
        }
    }
    config
}

/// Every text in an example of a field: at a leaf that no field of its own describes, or a free key.
fn slots() -> Vec<Slot> {
    let mut slots = Vec::new();
    for chain in fields() {
        let field = chain.last().unwrap();
        let names: Vec<String> = field
            .fields()
            .iter()
            .map(|field| field.name().to_owned())
            .collect();
        let is_map = names.iter().any(|name| name == ANY_KEY);
        for example in field.examples() {
            let mut add = |example: Value, text: &str| {
                let mut marked: Vec<char> = text.chars().collect();
                marked.insert(marked.len().saturating_sub(1), '\u{1}');
                let example = replaced(&example, &String::from_iter(marked));
                slots.push(Slot {
                    path: field.path().to_owned(),
                    config: config_of(config_with(&chain, Some(&example))),
                });
            };
            match example {
                Value::String(text) => add(json!(MARK), text),
                Value::Array(items) if items.first().is_some_and(Value::is_string) => {
                    let mut marked = items.clone();
                    marked[0] = json!(MARK);
                    add(json!(marked), items[0].as_str().unwrap());
                }
                Value::Object(map) if is_map || names.is_empty() => in_map(map, &mut add),
                _ => {}
            }
        }
    }
    slots
}

/// The first key and the first text of a mapping.
fn in_map(map: &Map<String, Value>, add: &mut impl FnMut(Value, &str)) {
    let mut with = |number: usize, change: &dyn Fn(&str, &Value) -> (String, Value), text: &str| {
        let marked = map.iter().enumerate().map(|(index, (key, value))| {
            if index == number {
                change(key, value)
            } else {
                (key.clone(), value.clone())
            }
        });
        add(Value::Object(marked.collect()), text);
    };
    if let Some(key) = map.keys().next() {
        with(0, &|_, value| (MARK.into(), value.clone()), key);
    }
    let mut texts = map.values().enumerate();
    if let Some((number, text)) = texts.find_map(|(n, value)| Some((n, value.as_str()?))) {
        with(number, &|key, _| (key.into(), json!(MARK)), text);
    }
}

/// Where `hostile` is not what it is to be between two `harmless` trees.
fn differences(hostile: &Value, harmless: [&Value; 2], place: &str, found: &mut Vec<String>) {
    match (hostile, harmless) {
        (Value::Object(own), [Value::Object(a), Value::Object(b)]) => {
            if !(own.keys().eq(a.keys()) && a.keys().eq(b.keys())) {
                found.push(format!("{place}: {:?} and not {:?}", own.keys(), a.keys()));
                return;
            }
            for (key, value) in own {
                differences(value, [&a[key], &b[key]], &format!("{place}/{key}"), found);
            }
        }
        (Value::Array(own), [Value::Array(a), Value::Array(b)]) => {
            if own.len() != a.len() || a.len() != b.len() {
                found.push(format!("{place}: {hostile} and not {}", harmless[0]));
                return;
            }
            for (index, value) in own.iter().enumerate() {
                differences(
                    value,
                    [&a[index], &b[index]],
                    &format!("{place}/{index}"),
                    found,
                );
            }
        }
        (Value::String(_), [Value::String(a), Value::String(b)]) if a != b => {}
        (own, [a, _]) if own == a => {}
        (own, [a, _]) => found.push(format!("{place}: {own} and not {a}")),
    }
}

/// `tree` without `texts`, which may be parts of keys.
fn masked(tree: Value, texts: &[&str]) -> Value {
    let without = |key: String| texts.iter().fold(key, |key, text| key.replace(text, "…"));
    match tree {
        Value::Array(items) => items.into_iter().map(|item| masked(item, texts)).collect(),
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(key, value)| (without(key), masked(value, texts)));
            Value::Object(fields.collect())
        }
        other => other,
    }
}

type Trees = BTreeMap<&'static str, Value>;

/// The text to try in a slot: all strings, or those of the short ones that it takes.
fn text(slot: &Slot) -> Option<String> {
    let own = SYNTAX.iter().filter(|(path, _)| *path == slot.path);
    let own: Vec<char> = own.map(|(_, character)| *character).collect();
    let may = |text: &&&str| !text.contains(&own[..]);
    let takes = |text: &&str| slot.takes(text);
    let (free, odd) = HOSTILE.split_at(HOSTILE.len() - ODD);
    let whole: String = free.iter().filter(may).copied().collect();
    if slot.takes(&whole) {
        let odd = odd.iter().filter(may).copied().filter(takes);
        return Some(whole + &odd.collect::<String>());
    }
    let (first, rest) = SHORT.split_at(FIRST);
    let of = |texts: &[&'static str]| -> String {
        texts.iter().filter(may).copied().filter(takes).collect()
    };
    let mut some = of(first);
    if !some.is_empty() {
        some.push_str(&of(rest));
    }
    Some(some).filter(|some| !some.is_empty() && slot.takes(some))
}

/// What two configs say together; `None` where they contradict each other.
fn merged(one: &Value, other: &Value) -> Option<Value> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let mut all = one.clone();
            for (key, value) in other {
                let both = match all.get(key) {
                    Some(own) => merged(own, value)?,
                    None => value.clone(),
                };
                all.insert(key.clone(), both);
            }
            Some(Value::Object(all))
        }
        (Value::Array(one), Value::Array(other))
            if one.len() == other.len() && one.iter().chain(other).all(Value::is_object) =>
        {
            let pairs = one.iter().zip(other);
            pairs.map(|(one, other)| merged(one, other)).collect()
        }
        (one, other) => (one == other).then(|| one.clone()),
    }
}

/// Slots of one config, each with its hostile text.
type Group = Vec<(Slot, String)>;

/// A config with what `text` says in each slot.
fn config_of_all(group: &[(Slot, String)], text: impl Fn(&str) -> String) -> Option<Value> {
    let mut configs = group.iter().map(|(slot, own)| slot.config(&text(own)));
    let first = configs.next()?;
    configs.try_fold(first, |all, config| merged(&all, &config))
}

/// The slots that take a hostile text and two harmless words, each with that text.
fn pairs() -> Vec<(Slot, String)> {
    let slots = slots().into_iter();
    let open = slots.filter(|slot| HARMLESS.iter().all(|word| slot.takes(word)));
    open.filter_map(|slot| text(&slot).map(|text| (slot, text)))
        .collect()
}

/// Slots that are tried together, since they are accepted together.
fn groups(pairs: Vec<(Slot, String)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for pair in pairs {
        let mut pair = Some(pair);
        for group in &mut groups {
            group.extend(pair.take());
            let together = [
                config_of_all(group, |_| HARMLESS[0].to_owned()),
                config_of_all(group, str::to_owned),
            ];
            let is_taken = |config: &Option<Value>| config.as_ref().is_some_and(is_decided);
            if together.iter().all(is_taken) {
                break;
            }
            pair = group.pop();
        }
        groups.extend(pair.map(|pair| vec![pair]));
    }
    groups
}

/// Where the hostile texts of `group` are read as more than texts, and the fields that were looked at.
/// A group that is refused as a whole is looked at in halves.
fn escapes(group: &[(Slot, String)], open: &mut BTreeSet<String>) -> Vec<String> {
    let mut masks: Vec<&str> = group.iter().map(|(_, text)| text.as_str()).collect();
    masks.sort_by_key(|text| std::cmp::Reverse(text.len()));
    masks.extend(HARMLESS);
    let trees = |text: &dyn Fn(&str) -> String| -> Option<Trees> {
        let trees = outputs(&config_of_all(group, text)?)?;
        let masked = |(output, tree)| (output, masked(tree, &masks));
        Some(trees.into_iter().map(masked).collect())
    };
    let [a, b] = HARMLESS.map(|word| trees(&|_| word.to_owned()));
    let (Some(hostile), Some(a), Some(b)) = (trees(&str::to_owned), a, b) else {
        let (first, second) = group.split_at(group.len() / 2);
        let halves = [first, second]
            .into_iter()
            .filter(|half| !half.is_empty() && group.len() > 1);
        return halves.flat_map(|half| escapes(half, open)).collect();
    };
    let paths: BTreeSet<&str> = group.iter().map(|(slot, _)| slot.path.as_str()).collect();
    assert!(hostile.keys().eq(a.keys()), "{paths:?}");
    let mut wrong = Vec::new();
    for (output, tree) in &hostile {
        let mut found = Vec::new();
        differences(tree, [&a[output], &b[output]], output, &mut found);
        wrong.extend(found.into_iter().map(|said| format!("{paths:?}: {said}")));
    }
    open.extend(paths.into_iter().map(str::to_owned));
    wrong
}

#[test]
fn a_hostile_text_is_to_every_reader_what_a_harmless_word_is() {
    let mut open = BTreeSet::new();
    let groups = groups(pairs());
    let wrong: Vec<String> = groups
        .iter()
        .flat_map(|group| escapes(group, &mut open))
        .collect();
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(open.len() > 35, "{open:?}");
}

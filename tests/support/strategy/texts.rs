//! Texts, names and numbers: what stands at the leaves of a config.

use std::ops::{Range, RangeInclusive};

use mcpset::yaml::{Plain, read_plain};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// What some reader of YAML takes for something else, or is easily lost at an end.
const TRICKY: [&str; 51] = [
    "", " ", "yes", "No", "on", "OFF", "y", "n", "true", "null", "~", "NULL", "0x1F", "0o17",
    "017", "1e3", "1.10", "1_000", "+1", ".5", ".inf", ".NaN", "12:30:45", "=", "<<", "- a",
    "a: b", "a:", ":a", "#", "a #b", "'", "\"", "it's", "\\", "\\n", "!tag", "&a", "*a", "|", ">",
    "\n", "a\nb", "a\n\n", "\n\na", "  a", "a  ", "\t", "a\r\nb", "...", "? a",
];
/// The same, and what has a meaning to a shell, a template engine or the kubelet.
const LONGER: [&str; 13] = [
    "2025-06-18",
    "2025-06-18T00:00:00+00:00",
    "{{ .Values.x }}",
    "${HOME}",
    "$(POD_NAME)",
    "$$(X)",
    "$",
    "$$$(",
    "%d",
    "@a",
    "`ls`",
    "---\nkind: Secret",
    "[a, {b: c}]",
];
/// What kustomize corrupts or refuses, and mcpset therefore refuses.
const UNCLEAN: [&str; 4] = ["a\u{85}b", "\u{7f}", "\u{fffe}", "\u{0}"];

/// Any text, mostly of the kind that breaks things, rarely one that mcpset must refuse.
pub fn text() -> BoxedStrategy<Value> {
    let text = prop_oneof![
        500 => select(&TRICKY[..]).prop_map(str::to_owned),
        200 => select(&LONGER[..]).prop_map(str::to_owned),
        200 => "\\PC{0,24}",
        200 => "[ \\PC\t\n]{0,60}",
        100 => "[-a-z:#'\"{}\\[\\],&*!|>%@` ]{0,40}",
        20 => "[a-z ]{200,300}",
        1 => select(&UNCLEAN[..]).prop_map(str::to_owned),
    ];
    text.prop_map(Value::from).boxed()
}

/// A mapping that holds each of `fields`, or not.
pub fn some_of(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    fields
        .into_iter()
        .map(|(name, value)| {
            option::of(value).prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect::<Vec<_>>()
        .prop_map(|fields| Value::Object(fields.into_iter().flatten().collect()))
        .boxed()
}

/// One of these texts.
pub fn one_of(values: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(values).prop_map(Value::from).boxed()
}

/// A text of this pattern.
pub fn matching(pattern: &'static str) -> BoxedStrategy<Value> {
    pattern.prop_map(Value::from).boxed()
}

/// A number in this range.
pub fn number(range: RangeInclusive<i64>) -> BoxedStrategy<Value> {
    range.prop_map(Value::from).boxed()
}

/// A list of this many items.
pub fn list(item: BoxedStrategy<Value>, size: Range<usize>) -> BoxedStrategy<Value> {
    vec(item, size).prop_map(Value::from).boxed()
}

/// A label key that is not mcpset's to decide, except that some readers think so.
pub fn label_key() -> BoxedStrategy<String> {
    prop_oneof![
        200 => "([a-z0-9]{1,8}(\\.[a-z]{2,4}){0,2}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?",
        30 => select(&["team", "pod-template-hash"][..]).prop_map(str::to_owned),
        1 => Just("mcpset.dev/metrics-port".to_owned()),
    ]
    .boxed()
}

/// Labels.
pub fn label_map() -> BoxedStrategy<Value> {
    btree_map(
        label_key(),
        "([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?",
        0..3,
    )
    .prop_map(|map| json!(map))
    .boxed()
}

/// Annotations, rarely one that takes something away.
pub fn text_map() -> BoxedStrategy<Value> {
    let special = select(
        &[
            (
                "container.apparmor.security.beta.kubernetes.io/mcp-server",
                "unconfined",
            ),
            ("checksum/config", "0"),
            ("prometheus.io/scrape", "true"),
        ][..],
    );
    let special = option::weighted(0.01, special);
    // A name that kustomize takes for a number is refused; with a prefix it is none.
    let key = label_key().prop_map(|key| match read_plain(&key) {
        Plain::Text => key,
        _ => format!("example.com/{key}"),
    });
    (btree_map(key, text(), 0..3), special)
        .prop_map(|(mut map, special)| {
            map.extend(special.map(|(key, value)| (key.to_owned(), json!(value))));
            json!(map)
        })
        .boxed()
}

/// The name of a namespace that may well be the set's own.
pub fn namespace() -> BoxedStrategy<Value> {
    one_of(&["litellm", "monitoring", "data", "123", "a-b"])
}

/// The name of an object that exists elsewhere.
pub fn object_name() -> BoxedStrategy<Value> {
    one_of(&["existing", "existing.example", "yes", "0x1f", "1"])
}

/// A range of addresses, rarely one that holds the instance metadata.
pub fn cidr() -> BoxedStrategy<Value> {
    prop_oneof![
        150 => select(
            &["10.0.0.0/8", "192.0.2.0/28", "203.0.113.7/32", "fd12:3456::/32", "2001:db8::/32"][..]
        ),
        1 => select(&["0.0.0.0/0", "169.254.0.0/16", "::/0", "fd00::/8"][..]),
    ]
    .prop_map(Value::from)
    .boxed()
}

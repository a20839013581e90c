//! Documents of other people, in every way of writing YAML, legal or not: what must pass mcpset
//! byte for byte. Many mention the kind that is ours; none is a set.

use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Entries of a mapping, each in a way of its own. `%` is the key.
const ENTRIES: [&str; 38] = [
    // Plain scalars, and what may surround them.
    "%: McpServerSet\n",
    "%:   value   \n",
    "%:\tvalue\t# after tabs: kind: McpServerSet\n",
    "%:\n",
    "%: # kind: McpServerSet\n",
    "%: 1.10\n",
    "%: 2025-06-18\n",
    "%: several\n  lines, kind of\n  McpServerSet\n",
    "% : kind\n",
    "\"%\": é\u{2028}\u{1f600}\n",
    "? %\n: McpServerSet\n",
    "? |\n  %\n: - kind: McpServerSet\n",
    // Quotes.
    "%: 'it''s: # McpServerSet'\n",
    "%: \"kind:\\tMcp\\u0053erverSet\\\n  McpServerSet\"\n",
    "%: 'lines\n\n  and: lines'\n",
    "%: \"\"\n",
    // Blocks.
    "%: |\n  apiVersion: mcpset.dev/v1alpha1\n  kind: McpServerSet\n",
    "%: |-\n   kind: McpServerSet\n    # no comment\n",
    "%: |+\n  kind: McpServerSet\n\n \n\n",
    "%: |2\n    kind: McpServerSet\n",
    "%: |2+ # McpServerSet\n  \tkind: McpServerSet\n\n",
    "%: >\n  McpServerSet\n  ---\n   ...\n",
    "%: >-\n\n\n  kind:\n   McpServerSet\n",
    "%: |\n",
    // Collections.
    "%: {kind: McpServerSet, apiVersion: mcpset.dev/v1alpha1}\n",
    "%: {\"kind\":\"McpServerSet\"}\n",
    "%: {a: [b,\tc,\n\t d], e}\n",
    "%: [kind: McpServerSet, {}, []]\n",
    "%:\n- kind: McpServerSet\n-  - a\n   - b\n-\n",
    "%:\n    - kind: McpServerSet\n      a: b\n",
    "%:\n       kind: McpServerSet\n",
    // Anchors, aliases, tags.
    "%: &anchor McpServerSet\n%a: *anchor\n",
    "%: &map {kind: McpServerSet}\n%b: {<<: *map}\n",
    "%: !Sub '${McpServerSet}'\n",
    "%: !!binary |\n  TWNwU2VydmVyU2V0\n",
    // Lines between.
    "# kind: McpServerSet\n%: a\n",
    "\n   \n%: a\n  # odd\n # comments\n",
    "%: a\n\t\n",
];

/// Lines that make a document no YAML, or none that a careful reader takes.
const BROKEN: [&str; 16] = [
    "a: [McpServerSet\n",
    "a: {kind: McpServerSet\n",
    "a: 'McpServerSet\n",
    "a: \"\\q McpServerSet\"\n",
    "tabs:\n\tkind: McpServerSet\n",
    "a: b: McpServerSet\n",
    "same: 1\nsame: McpServerSet\n",
    "a: *nowhere # McpServerSet\n",
    "{{ .Values.McpServerSet }}\n",
    "@McpServerSet\n",
    "a: |\n \tb\n   c\n d McpServerSet\n",
    "- McpServerSet\na: b\n",
    "a:\n   b: 1\n  kind: McpServerSet\n",
    "a: 1\n\u{feff}b: McpServerSet\n",
    "[a, [kind: McpServerSet]: b]\n",
    "<<: McpServerSet\n",
];

/// Documents that are no block mapping.
const OTHER: [&str; 12] = [
    "",
    "\n\n",
    "# Only a comment on the McpServerSet\n",
    "McpServerSet\n",
    "'kind: McpServerSet'\n",
    "- kind: McpServerSet\n- {kind: McpServerSet}\n",
    "[{\"kind\": \"McpServerSet\"}]\n",
    "{\"apiVersion\": \"v1\",\n\t\"kind\": \"ConfigMap\",\n\t\"data\": {\"kind\": \"McpServerSet\"}\n}\n",
    "{kind: ConfigMap, data: {items: [{kind: McpServerSet}]}}\n",
    "kind: Policy\nitems:\n- kind: McpServerSet\n",
    "kind: McpServerSetList\nitems: []\n",
    "kind: [McpServerSet]\n",
];

/// What opens a document; behind some of them stands the content.
const MARKERS: [&str; 10] = [
    "---\n",
    "---\n",
    "--- # kind: McpServerSet\n",
    "---\t\n",
    "---   \n",
    "---\n# Source: chart/templates/a.yaml\n",
    "--- |\n kind: McpServerSet\n",
    "--- {kind: ConfigMap, a: McpServerSet}\n",
    "--- !tag &anchor\n",
    "...\n%YAML 1.2\n---\n",
];

/// What may stand behind the content.
const ENDS: [&str; 6] = [
    "",
    "",
    "\n\n  \n",
    "# McpServerSet\n",
    "...\n",
    "... # McpServerSet\n\n",
];

fn mapping() -> impl Strategy<Value = String> {
    vec((select(&ENTRIES[..]), 0_usize..9), 0..6).prop_map(|entries| {
        let mut text = String::new();
        for (number, (entry, indent)) in entries.into_iter().enumerate() {
            let entry = entry.replace('%', &format!("key{number}"));
            if indent == 0 {
                text.push_str(&entry);
                continue;
            }
            let _ = writeln!(text, "below{number}:");
            for line in entry.split_inclusive('\n') {
                let _ = write!(text, "{:indent$}{line}", "");
            }
        }
        text
    })
}

fn broken() -> impl Strategy<Value = String> {
    (mapping(), select(&BROKEN[..]), mapping())
        .prop_map(|(before, broken, after)| format!("{before}{broken}{after}"))
}

/// Anything that a keyboard gives, and more. The first line makes mcpset look at it.
fn noise() -> impl Strategy<Value = String> {
    "[ -~\t\né\u{85}\u{a0}\u{2028}'\"|>&*!%@`:#{}\\[\\],?-]{0,80}"
        .prop_map(|noise| format!("# McpServerSet\n{noise}\n"))
}

/// A document without its marker.
fn content() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => mapping(),
        2 => broken(),
        1 => noise(),
        2 => select(&OTHER[..]).prop_map(ToOwned::to_owned),
    ]
}

/// A document from its marker to its end, in Unix or Windows lines, which ends with a line.
pub fn document() -> impl Strategy<Value = String> {
    let parts = (select(&MARKERS[..]), content(), select(&ENDS[..]));
    (parts, any::<bool>()).prop_map(|((marker, content, end), is_windows)| {
        let text = format!("{marker}{content}{end}");
        if is_windows {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}

/// How a stream begins: a byte order mark, a document without a marker, or nothing of it.
pub fn beginning() -> impl Strategy<Value = String> {
    (
        select(&["", "\u{feff}"][..]),
        prop_oneof![Just(String::new()), content()],
    )
        .prop_map(|(mark, content)| format!("{mark}{content}"))
}

/// How a stream ends: as it happens to, or without a line end.
pub fn ending() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "",
            "---",
            "---\n",
            "---\na: McpServerSet",
            "---\n# McpServerSet",
            "--- # McpServerSet",
            "---\r\na: |\r\n  McpServerSet",
        ][..],
    )
}

//! The YAML writer: what stays bare, and that whatever is written is read back as it was.
//!
//! The reader here is `serde_yaml`, which has nothing in common with the writer; `go_readers.rs`
//! does the same with the real kubectl and kustomize.

use std::collections::BTreeMap;

use mcpset::yaml::{self, WriteError};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

/// Strings that some reader or some writer is known to get wrong, or might.
fn tricky_strings() -> Vec<String> {
    serde_json::from_str(include_str!("data/tricky_strings.json")).unwrap()
}

fn document<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    yaml::document(&mut out, value).unwrap();
    out
}

fn list_item<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    yaml::list_item(&mut out, value).unwrap();
    out
}

fn scalar(text: &str) -> String {
    let mut out = String::new();
    yaml::scalar(&mut out, text);
    out
}

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

mod tricky_strings {
    use super::*;

    #[test]
    fn are_many_and_distinct() {
        let mut strings = tricky_strings();
        strings.sort();
        strings.dedup();
        assert!(strings.len() >= 240);
        assert_eq!(strings.len(), tricky_strings().len());
    }

    #[test]
    fn are_read_back_from_every_place() {
        for text in tricky_strings() {
            for value in [
                json!(text),
                json!([text]),
                json!({"key": text}),
                json!({"list": [text, [text, [text]], {"key": text}], "map": {"map": {"key": text}}}),
                json!({&text: "value"}),
                json!({&text: {&text: [{&text: text}]}, "last": [{&text: []}, {&text: {}}]}),
            ] {
                assert_eq!(read(&document(&value)), value, "{text:?}");
                assert_eq!(read(&list_item(&value)), json!([value]), "{text:?}");
            }
        }
    }

    #[test]
    fn are_read_back_together() {
        let all: BTreeMap<_, _> = tricky_strings()
            .into_iter()
            .map(|text| (text.clone(), text))
            .collect();
        assert_eq!(read(&document(&all)), json!(all));
    }

    #[test]
    fn survive_flow_style() {
        for text in tricky_strings() {
            let one = scalar(&text);
            let mut lines = vec![(format!("[{one}, {one}]"), json!([text, text]))];
            if one.len() <= 1024 {
                lines.push((format!("{one}: {one}"), json!({&text: text})));
                lines.push((format!("{{{one}: {one}}}"), json!({&text: text})));
            }
            for (line, value) in lines {
                assert_eq!(read(&line), value, "{line}");
            }
        }
    }
}

mod spelling {
    use super::*;

    fn value(text: &str) -> String {
        let out = document(&json!({"k": text, "z": 0}));
        out.strip_prefix("k: ")
            .unwrap()
            .strip_suffix("\nz: 0\n")
            .unwrap()
            .to_owned()
    }

    #[test]
    fn ordinary_texts_stay_bare() {
        for text in [
            "mcp-github",
            "app.kubernetes.io/name",
            "http://x.y.svc.cluster.local:4318",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/mcp-github:1.0.0",
            "ghcr.io/acme/mcp@sha256:0123456789abcdef",
            "1.0.0",
            "100m",
            "256Mi",
            "30s",
            "10.0.0.0/8",
            "/health",
            ".env",
            "-c",
            "--port=8080",
            "system:serviceaccount:x:y",
            "arn:aws:iam::123456789012:role/mcp-s3-role",
            "$(POD_NAME)",
            "always_on",
            "Reads issues and pull requests, writes nothing.",
            "The server's tools; what they cost (a lot), and why",
            "sum by (job) (rate(x))>0.5",
            "a#b",
            "Größe — naïve café",
            "日本語",
            "yesterday",
            "nothing",
        ] {
            assert_eq!(value(text), text);
        }
    }

    #[test]
    fn what_a_reader_may_take_for_something_else_is_double_quoted() {
        let words = "y N yes NO on Off True FALSE Null ~ .inf .NaN -.inf nan -Inf infinity";
        let numbers = "0 -1 +1 -0 0o17 0O17 0x1F 0b1 1_000 0_7 -_1 1,000 1234567e8";
        let floats = ".5 1. 1.10 1e3 1e+3 1_0.5 0x1p3 E8 -e5";
        let times = "12:30:45 2025-06-18 2025-06-18T00:00:00Z";
        let marks = "= << - ? : a: #a --- ---a ... &a *a !a | > %a @a `a 'a' [a] {a} a[0] a{b}";
        for text in [words, numbers, floats, times, marks].join(" ").split(' ') {
            assert_eq!(value(text), format!("\"{text}\""));
        }
        for text in ["", " ", "a ", " a", "- a", "? a", "a: b", "a #b"] {
            assert_eq!(value(text), format!("\"{text}\""));
        }
        assert_eq!(value("2025-06-18 12:30:45"), "\"2025-06-18 12:30:45\"");
    }

    #[test]
    fn single_quotes_spare_escapes() {
        assert_eq!(value(r#"{job="a"}"#), r#"'{job="a"}'"#);
        assert_eq!(value(r"C:\temp"), r"'C:\temp'");
        assert_eq!(value(r#"it's "both""#), r#"'it''s "both"'"#);
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(value("a\tb\r\u{0}"), r#""a\tb\r\u0000""#);
        assert_eq!(value("a\u{85}\u{2028}\u{FEFF}"), r#""a\u0085\u2028\uFEFF""#);
        assert_eq!(
            value("a\u{202E}b\u{200B}\u{E0001}"),
            r#""a\u202Eb\u200B\U000E0001""#
        );
        assert_eq!(value("\"\t\\"), r#""\"\t\\""#);
    }

    #[test]
    fn clean_lines_become_a_block() {
        assert_eq!(value("a\nb"), "|-\n  a\n  b");
        assert_eq!(value("a\n"), "|\n  a");
        assert_eq!(value("a\n\n\n"), "|+\n  a\n\n");
        assert_eq!(value("# a\n\n  b: \"c\"\n"), "|\n  # a\n\n    b: \"c\"");
    }

    #[test]
    fn lines_that_a_block_might_not_carry_are_quoted() {
        let (indented, empty) = ([" a\nb\n", "\ta\nb"], ["\n", "\n\n", "\na", "\n\na\n"]);
        let trimmed = ["a \nb\n", "a\nb ", "a\n ", "a\n  \nb"];
        let unseen = ["a\tb\nc", "a\r\nb\r\n", "a\u{85}b\n", "a\n\u{2028}"];
        for text in [&indented[..], &empty, &trimmed, &unseen].concat() {
            assert!(value(text).starts_with('"'), "{text:?}");
        }
    }

    #[test]
    fn a_key_is_spelled_like_a_value_but_on_one_line() {
        let map = json!({"a b": 0, "app.kubernetes.io/name": 0, "y": 0, "a\nb": 0, "8080": 0});
        assert_eq!(
            document(&map),
            "\"8080\": 0\n\"a\\nb\": 0\na b: 0\napp.kubernetes.io/name: 0\n\"y\": 0\n"
        );
    }

    #[test]
    fn a_key_beyond_1024_characters_is_explicit() {
        let (short, long) = ("k".repeat(1024), "k".repeat(1025));
        assert_eq!(document(&json!({&short: 0})), format!("{short}: 0\n"));
        assert_eq!(document(&json!({&long: 0})), format!("? {long}\n: 0\n"));
        assert_eq!(
            document(&json!([{&long: {"a": [0]}}])),
            format!("- ? {long}\n  :\n    a:\n    - 0\n")
        );
    }

    #[test]
    fn a_scalar_for_flow_style_has_no_bare_flow_indicator() {
        assert_eq!(scalar("a, b"), "\"a, b\"");
        assert_eq!(scalar("a?b"), "\"a?b\"");
        assert_eq!(scalar("http://x/y"), "http://x/y");
        assert_eq!(scalar("a\nb\n"), r#""a\nb\n""#);
    }
}

mod layout {
    use super::*;

    #[test]
    fn an_object_looks_as_kubectl_prints_it() {
        let object = json!({
            "apiVersion": "v1",
            "data": {"config.yaml": "a: 1\nb: 2\n", "empty": ""},
            "kind": "ConfigMap",
            "metadata": {"annotations": {}, "finalizers": [], "name": "x"},
            "spec": {
                "containers": [
                    {"args": ["--port=8080", "-c"], "env": [{"name": "PORT", "value": "8080"}], "name": "x"},
                    {"name": "y", "securityContext": {"runAsNonRoot": true, "runAsUser": 1000}},
                ],
                "matrix": [[1, [2]], [], [{}, null]],
            },
        });
        let expected = r#"apiVersion: v1
data:
  config.yaml: |
    a: 1
    b: 2
  empty: ""
kind: ConfigMap
metadata:
  annotations: {}
  finalizers: []
  name: x
spec:
  containers:
  - args:
    - --port=8080
    - -c
    env:
    - name: PORT
      value: "8080"
    name: x
  - name: "y"
    securityContext:
      runAsNonRoot: true
      runAsUser: 1000
  matrix:
  - - 1
    - - 2
  - []
  - - {}
    - null
"#;
        assert_eq!(document(&object), expected);
    }

    #[test]
    fn items_can_be_streamed_into_a_list() {
        let mut out = String::from("kind: ResourceList\nitems:\n");
        yaml::list_item(&mut out, &json!({"a": {"b": [1]}, "c": "x\ny\n", "d": 0})).unwrap();
        yaml::list_item(&mut out, &json!({"a": 2})).unwrap();
        assert_eq!(
            out,
            "kind: ResourceList\nitems:\n- a:\n    b:\n    - 1\n  c: |\n    x\n    y\n  d: 0\n- a: 2\n"
        );
    }

    /// Helm trims documents, and a `|` text would lose its final newline.
    #[test]
    fn a_text_at_the_very_end_does_not_depend_on_the_final_newline() {
        assert_eq!(document(&json!({"k": "a\nb\n"})), "k: \"a\\nb\\n\"\n");
        assert_eq!(
            document(&json!({"k": ["a\n\n  b\n\n"]})),
            "k:\n- \"a\\n\\n  b\\n\\n\"\n"
        );
        assert_eq!(list_item(&"a\n\n"), "- \"a\\n\\n\"\n");
        assert_eq!(document(&json!({"k": "a\nb"})), "k: |-\n  a\n  b\n");
    }

    #[test]
    fn deep_nesting_is_read_back() {
        let mut value = json!("x");
        for _ in 0..60 {
            value = json!({"k": [value]});
        }
        assert_eq!(read(&document(&value)), value);
    }
}

mod serde_types {
    use super::*;

    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(Option<u8>),
        Nested(Box<Kind>),
        Tuple(u8, Vec<u8>),
        Struct { a: u8, b: Vec<Kind> },
    }

    #[derive(Serialize)]
    struct Newtype(String);

    #[derive(Serialize)]
    struct All {
        kinds: Vec<Kind>,
        kind: Kind,
        char: char,
        option: (Option<Newtype>, Option<()>),
        #[serde(flatten)]
        rest: BTreeMap<i32, bool>,
        flags: BTreeMap<bool, Newtype>,
        last: Kind,
    }

    #[test]
    fn are_written_as_serde_json_writes_them() {
        let nest = |kind| Kind::Nested(Box::new(kind));
        let structure = || Kind::Struct {
            a: 1,
            b: vec![Kind::Unit, Kind::Tuple(2, vec![3]), Kind::Newtype(None)],
        };
        let all = All {
            kinds: vec![
                Kind::Unit,
                Kind::Newtype(Some(1)),
                Kind::Tuple(1, vec![]),
                structure(),
                nest(structure()),
            ],
            kind: nest(nest(Kind::Tuple(4, vec![5, 6]))),
            char: 'y',
            option: (Some(Newtype("1".to_owned())), None),
            rest: [(-1, true), (2, false)].into(),
            flags: [(true, Newtype("on".to_owned()))].into(),
            last: structure(),
        };
        assert_eq!(read(&document(&all)), serde_json::to_value(&all).unwrap());
    }

    #[test]
    fn enums_do_not_indent_what_follows_them() {
        let enums = (vec![Kind::Tuple(1, vec![2]), Kind::Unit], 0);
        assert_eq!(
            document(&enums),
            "- - Tuple:\n    - 1\n    - - 2\n  - Unit\n- 0\n"
        );
    }

    #[test]
    fn numbers_are_exact_in_a_form_that_every_reader_knows() {
        let integers = (i64::MIN, u64::MAX, i8::MIN);
        assert_eq!(
            document(&integers),
            "- -9223372036854775808\n- 18446744073709551615\n- -128\n"
        );
        let floats = (1.0, 0.1_f32, -0.0, 1e21, 1.5e-9, 1.5e300);
        assert_eq!(
            document(&floats),
            "- 1.0\n- 0.1\n- -0.0\n- 1.0e+21\n- 1.5e-9\n- 1.5e+300\n"
        );
    }

    #[test]
    fn keys_that_are_no_text_become_text() {
        assert_eq!(document(&BTreeMap::from([(true, 0)])), "\"true\": 0\n");
        assert_eq!(document(&BTreeMap::from([(-1, 0)])), "\"-1\": 0\n");
        assert_eq!(document(&BTreeMap::from([('n', 0)])), "\"n\": 0\n");
        assert_eq!(document(&BTreeMap::from([(Some("a"), 0)])), "a: 0\n");
    }

    fn error<T: Serialize>(value: T) -> String {
        let mut out = String::from("before");
        let error = yaml::document(&mut out, &("already written", value)).unwrap_err();
        assert_eq!(out, "before");
        error.to_string()
    }

    #[test]
    fn what_manifests_cannot_hold_is_an_error_and_leaves_no_trace() {
        struct Bytes;
        impl Serialize for Bytes {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(b"x")
            }
        }
        assert!(error(BTreeMap::from([([1], 0)])).starts_with("a list cannot be a map key"));
        assert!(error(BTreeMap::from([((), 0)])).starts_with("null cannot be a map key"));
        let map = BTreeMap::from([("k", 0)]);
        assert!(error(BTreeMap::from([(map, 0)])).starts_with("a map cannot be a map key"));
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(error(number).contains("finite"));
        }
        assert!(error(f32::NAN).contains("finite"));
        assert!(error(1_i128).contains("i128"));
        assert!(error(1_u128).contains("u128"));
        assert!(error(Bytes).contains("base64"));
        assert_eq!(
            yaml::list_item(&mut String::new(), &f64::NAN),
            Err(WriteError::NotFinite)
        );
    }
}

/// Texts made of what YAML gives a meaning to, and any other text.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        r"[-+0-9_.:,eExXoObBpPtTzZ ]{0,8}",
        r#"[-?:,\[\]{}#&*!|>'"%@`=<~\\ \n\ta.0]{0,12}"#,
        r#"([-a#: "'\\]{0,6}\n){0,4}[ a]{0,2}"#,
        "[a-zA-Z]{0,6}",
        ".{0,40}",
        proptest::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter),
        proptest::sample::select(tricky_strings()),
    ]
}

/// Any JSON, and so any manifest.
fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((texts(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_is_read_back(text in texts(), key in texts()) {
        let value = json!({&key: text, "list": [text, {&key: [text]}]});
        prop_assert_eq!(read(&document(&value)), value);
    }

    #[test]
    fn any_text_is_read_back_from_flow_style(text in texts(), key in ".{0,20}") {
        let line = format!("{{{}: [{1}, {1}]}}", scalar(&key), scalar(&text));
        prop_assert_eq!(line.lines().count(), 1);
        prop_assert_eq!(read(&line), json!({&key: [text, text]}));
    }

    #[test]
    fn any_tree_is_read_back(tree in trees()) {
        prop_assert_eq!(read(&document(&tree)), tree);
    }

    #[test]
    fn a_trimmed_document_means_the_same(tree in trees()) {
        prop_assert_eq!(read(document(&tree).trim_end()), tree);
    }

    /// A map or list, that is; a lone `|` text stands two columns in, in either.
    #[test]
    fn a_list_item_is_the_document_indented(tree in trees()) {
        for value in [json!({"key": tree, "last": 0}), json!([tree]), json!({"key": [tree]})] {
            let mut indented = String::new();
            for line in document(&value).lines() {
                let margin = if indented.is_empty() { "- " } else if line.is_empty() { "" } else { "  " };
                indented.extend([margin, line, "\n"]);
            }
            prop_assert_eq!(list_item(&value), indented);
        }
    }

    #[test]
    fn the_output_is_visible_text(tree in trees()) {
        let out = document(&tree);
        let hidden = |c: char| {
            c != '\n' && (c.is_control() || "\u{2028}\u{2029}\u{FEFF}\u{202E}\u{200B}\u{FFFE}".contains(c))
        };
        prop_assert!(!out.contains(hidden));
        prop_assert!(out.ends_with('\n'));
        prop_assert!(out.lines().all(|line| !line.ends_with(' ')));
        prop_assert!(!out.lines().any(|line| line.starts_with("---") || line.starts_with("...")));
    }

    #[test]
    fn no_line_is_folded(texts in proptest::collection::vec("[^\n]{0,300}", 1..8)) {
        prop_assert_eq!(document(&texts).lines().count(), texts.len());
    }
}

//! ResourceLists as kustomize and kpt hand them over: what is ours is exchanged, and every other
//! byte stays.

use mcpset::hosts::krm;
use mcpset::problem::Problems;
use mcpset::source::{Origin, Sources};
use proptest::prelude::*;

/// What mcpset answers to the ResourceList `text`; the problems when it does not.
fn answer(text: &str) -> Result<String, Problems> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let index = sources
        .add("<stdin>", text.to_owned(), Origin::Host)
        .unwrap();
    let Some(answer) = krm::answer(index, &sources, &mut problems) else {
        return Err(problems);
    };
    let mut out = Vec::new();
    answer.write(text, &[], &mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

const HEADER: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";

/// How many objects [`SET`] yields.
const OBJECTS: usize = 10;

const SET: &str = "- apiVersion: mcpset.dev/v1alpha1
  kind: McpServerSet
  metadata: {name: mcp, namespace: litellm}
  spec:
    platform: {registry: registry.example.com}
    servers: [{name: github, image: 'mcp-github:1.0.0'}]
";

/// Items of other people, in whatever style they write.
fn foreign() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("- apiVersion: v1\n  kind: ConfigMap # c\n  metadata: {\"name\": 'x'}\n  data:\n    a: |\n      kind: McpServerSet\n      # not a comment\n    b: >-\n      folded\n      text\n".to_owned()),
        Just("- kind: Odd\n  list:\n  - a\n  - - b\n    - c\n  empty:\n  q: \"a\\u0085 b\"\n\n".to_owned()),
        Just("# above\n# and above\n- # beside\n  kind: X\n  text: 'it''s --- McpServerSet'\n".to_owned()),
        Just("- {apiVersion: v1, kind: Y, metadata: {annotations: {a: \"yes\", b: 0x1F}}}\n".to_owned()),
        Just("-   kind: Wide\n    a: 1\n".to_owned()),
        Just("- just text\n".to_owned()),
        Just("- &a\n  kind: Anchor\n  s: 1\n- *a\n".to_owned()),
        "[a-z]{1,8}".prop_map(|name| format!("- kind: Z\n  metadata:\n    name: {name}\n")),
    ]
}

/// Indents every line of an item, which moves blocks as a whole.
fn indented(text: &str, indent: usize) -> String {
    text.split_inclusive('\n')
        .map(|line| match line {
            "\n" => line.to_owned(),
            line => format!("{:indent$}{line}", ""),
        })
        .collect()
}

proptest! {
    #[test]
    fn foreign_items_keep_every_byte(
        before in prop::collection::vec(foreign(), 0..4),
        after in prop::collection::vec(foreign(), 0..4),
        indent in 0_usize..5,
        windows in any::<bool>(),
        tail in prop_oneof![Just(""), Just("# the end\n"), Just("results: []\n")],
    ) {
        let lines = |items: &[String]| {
            let text = indented(&items.concat(), indent);
            if windows { text.replace('\n', "\r\n") } else { text }
        };
        let (before, after) = (lines(&before), lines(&after));
        let set = indented(SET, indent);
        let text = format!("{HEADER}{before}{set}{after}{tail}");
        let answered = answer(&text).map_err(|problems| {
            TestCaseError::fail(format!("{:?}\n{text}", problems.into_sorted()))
        })?;
        let prefix = format!("{HEADER}{before}");
        let suffix = format!("{after}{tail}");
        prop_assert!(answered.starts_with(&prefix), "{answered}");
        prop_assert!(answered.ends_with(&suffix), "{answered}");
        let generated = answered.get(prefix.len()..answered.len() - suffix.len()).unwrap();
        let items: serde_yaml::Value = serde_yaml::from_str(generated).unwrap();
        prop_assert_eq!(items.as_sequence().unwrap().len(), OBJECTS);
    }

    #[test]
    fn what_holds_no_set_is_answered_with_itself(items in prop::collection::vec(foreign(), 1..6)) {
        let text = format!("{HEADER}{}", items.concat());
        let answered = answer(&text).map_err(|problems| {
            TestCaseError::fail(format!("{:?}", problems.into_sorted()))
        })?;
        prop_assert_eq!(answered, text);
    }
}

#[test]
fn an_expanded_list_is_expanded_no_further() {
    let once = answer(&format!("{HEADER}{SET}")).unwrap();
    assert_eq!(answer(&once).unwrap(), once);
    assert!(!once.contains("McpServerSet"));
}

#[test]
fn a_set_that_stays_is_regenerated_to_the_same_bytes() {
    let kept = SET.replace(
        "namespace: litellm}",
        "namespace: litellm, annotations: {config.kubernetes.io/local-config: 'true', internal.config.kubernetes.io/path: 'a/set.yaml'}}",
    );
    let other = "- kind: Other\n  metadata:\n    labels: {app.kubernetes.io/managed-by: mcpset}\n";
    let once = answer(&format!("{HEADER}{kept}{other}")).unwrap();
    assert!(
        once.contains(
            "internal.config.kubernetes.io/path: a/mcp/litellm_deployment_mcp-github.yaml"
        )
    );
    assert!(once.ends_with(other));
    assert_eq!(answer(&once).unwrap(), once);
}

#[test]
fn a_list_in_braces_stays_one() {
    let set = "{\"apiVersion\": \"mcpset.dev/v1alpha1\", \"kind\": \"McpServerSet\", \"metadata\": {\"name\": \"mcp\", \"namespace\": \"litellm\"}, \"spec\": {\"platform\": {\"registry\": \"registry.example.com\"}, \"servers\": [{\"name\": \"github\", \"image\": \"mcp-github:1.0.0\"}]}}";
    let other = "{\"kind\": \"Other\",   \"n\": 1.50}";
    let text = format!(
        "{{\"apiVersion\": \"config.kubernetes.io/v1\", \"kind\": \"ResourceList\", \"items\": [{other}, {set}]}}"
    );
    let answered = answer(&text).unwrap();
    assert!(answered.contains(other));
    let value: serde_json::Value = serde_json::from_str(&answered).unwrap();
    assert_eq!(value["items"].as_array().unwrap().len(), 1 + OBJECTS);
}

#[test]
fn a_list_in_brackets_keeps_anchors_and_tags() {
    let set = "{apiVersion: mcpset.dev/v1alpha1, kind: McpServerSet, metadata: {name: mcp, namespace: litellm}, spec: {platform: {registry: registry.example.com}, servers: [{name: github, image: 'mcp-github:1.0.0'}]}}";
    let text = HEADER.replace("items:\n", "items: [&x {kind: O}, *x, !!map {a: 1}, ");
    let answered = answer(&format!("{text}{set}]\n")).unwrap();
    assert!(answered.starts_with(&text), "{answered}");
}

#[test]
fn an_item_that_begins_with_a_list_of_its_own_stays() {
    let other = "-\n  - a: 1\n- b: 2\n";
    let answered = answer(&format!("{HEADER}{other}{SET}")).unwrap();
    assert!(
        answered.starts_with(&format!("{HEADER}{other}")),
        "{answered}"
    );
}

#[test]
fn what_gives_way_is_repeated_nowhere() {
    let config = "functionConfig:\n  apiVersion: mcpset.dev/v1alpha1\n  kind: McpServerSetTransformer\n  metadata: &a {name: x}\n";
    let anchored = SET.replace("{name: mcp,", "&a {name: mcp,");
    for text in [
        format!("{HEADER}{anchored}- {{kind: O, metadata: *a}}\n"),
        format!("{HEADER}- {{kind: O, metadata: *a}}\n")
            .replace("items:", &format!("{config}items:")),
        format!("{HEADER}- {{kind: O}}\n").replace("items:", "results: &a []\nz: *a\nitems:"),
    ] {
        let problems = answer(&text).unwrap_err().into_sorted();
        let place = problems[0].place.unwrap();
        assert!(text[place.start as usize..].starts_with("*a"), "{text}");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
    // Within what gives way, and within what stays, it may be.
    let own = SET.replace(
        "name: github,",
        "name: github, description: &d x, env: {X: *d},",
    );
    answer(&format!("{HEADER}{own}- &o {{kind: O}}\n- *o\n")).unwrap();
}

#[test]
fn the_version_that_came_in_goes_out() {
    let text = format!("{HEADER}{SET}").replace("io/v1\n", "io/v1beta1\n");
    assert!(
        answer(&text)
            .unwrap()
            .starts_with("apiVersion: config.kubernetes.io/v1beta1\n")
    );
}

#[test]
fn what_is_no_resource_list_has_no_answer() {
    for text in [
        "",
        "- a\n",
        "apiVersion: v1\nkind: ConfigMap\n",
        "apiVersion: config.kubernetes.io/v2\nkind: ResourceList\nitems: []\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: {}\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n---\na: 1\n",
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\nfunctionConfig: {kind: Foreign}\n",
    ] {
        assert!(answer(text).unwrap_err().has_errors(), "{text}");
    }
}

//! What the KRM function does with whatever arrives on its standard input.

use crate::support;
use crate::support::run::{Ended, concat, limited, run};
use serde_yaml::Value;

const VERSION: &str = "config.kubernetes.io/v1";
const NO_ITEMS: &str = "items: []\n";

/// A set with one server, as kustomize hands it over under `functionConfig`.
const SET: &str = "\
functionConfig:
  apiVersion: mcpset.dev/v1alpha1
  kind: McpServerSet
  metadata:
    annotations: {config.kubernetes.io/function: 'exec: {path: mcpset}'}
    name: mcp
    namespace: litellm
  spec:
    platform: {registry: registry.example.com}
    servers:
    - image: mcp-github:1.0.0
      name: github
";

fn header(version: &str) -> String {
    format!("apiVersion: {version}\nkind: ResourceList\n")
}

/// The ResourceList of [`SET`], whose server has `more` lines.
fn list(more: &str) -> String {
    let indented = concat(more.lines().map(|line| format!("      {line}\n")));
    header(VERSION) + NO_ITEMS + SET + &indented
}

fn function(input: impl AsRef<[u8]>) -> Ended {
    run(&mut support::mcpset(), input.as_ref())
}

/// As [`function`], with little time and memory.
fn function_within_limits(input: impl AsRef<[u8]>) -> Ended {
    run(&mut limited::<&str>([]), input.as_ref())
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

/// The items and results of a written ResourceList.
fn parsed(stdout: &str) -> (Vec<Value>, Vec<Value>) {
    let value: Value = serde_yaml::from_str(stdout).unwrap();
    let sequence = |key: &str| value[key].as_sequence().cloned().unwrap_or_default();
    (sequence("items"), sequence("results"))
}

/// The environment of the first server, as the bundle has it.
fn variable(stdout: &str, name: &str) -> Value {
    let (items, _) = parsed(stdout);
    let deployment = items
        .iter()
        .find(|item| item["kind"] == "Deployment")
        .unwrap();
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    let env = container["env"].as_sequence().unwrap();
    let variable = env.iter().find(|variable| variable["name"] == name);
    variable.unwrap()["value"].clone()
}

// What is a ResourceList, and what is not.

#[test]
fn an_empty_input_is_told_what_was_expected() {
    for input in ["", "\n\n", "# nothing\n", "---\n---\n"] {
        let stderr = function(input).refused();
        contains(&stderr, &["error["]);
    }
    for input in ["", "\n\n"] {
        let stderr = function(input).refused();
        contains(
            &stderr,
            &[
                "expected a ResourceList",
                "standard input is empty",
                "mcpset render FILE",
            ],
        );
    }
}

#[test]
fn a_set_on_standard_input_is_told_of_render() {
    let set = SET.replace("functionConfig:\n", "").replace("\n  ", "\n");
    let stderr = function(set.trim_start()).refused();
    contains(
        &stderr,
        &[
            "this is a `McpServerSet`",
            "<stdin>:1:1",
            "mcpset render FILE",
        ],
    );
}

#[test]
fn a_list_of_another_version_or_kind_is_refused() {
    for (header, found) in [
        (header("config.kubernetes.io/v2"), "config.kubernetes.io/v2"),
        (
            header("config.kubernetes.io/v1alpha1"),
            "config.kubernetes.io/v1alpha1",
        ),
        (header("v1"), "of `v1`"),
        (
            "apiVersion: v1\nkind: List\n".to_owned(),
            "a `List` of `v1`",
        ),
    ] {
        let stderr = function(format!("{header}{SET}")).refused();
        contains(&stderr, &["error[wrong-kind]", found, "<stdin>:1:1"]);
    }
}

#[test]
fn two_lists_are_refused() {
    let stderr = function(format!("{0}---\n{0}", list(""))).refused();
    contains(&stderr, &["a second document begins here"]);
}

#[test]
fn without_a_function_config_and_sets_a_list_leaves_as_it_came() {
    for config in ["", "functionConfig:\n", "functionConfig: null\n"] {
        let input = format!("{}{NO_ITEMS}{config}", header(VERSION));
        let (items, results) = parsed(&function(input).done());
        assert!(items.is_empty() && results.is_empty());
    }
    let input = format!("{}items:\n- {{a: 1}}  # mine\n", header(VERSION));
    assert_eq!(function(&input).done(), input);
}

#[test]
fn a_function_config_of_another_kind_is_refused() {
    for (config, found) in [
        (
            "{apiVersion: v1, kind: ConfigMap, data: {a: b}}",
            "`ConfigMap` of `v1`",
        ),
        (
            "{apiVersion: mcpset.dev/v2, kind: McpServerSet}",
            "`McpServerSet` of `mcpset.dev/v2`",
        ),
        ("{}", "functionConfig"),
        ("mcp", "functionConfig"),
        ("[mcp]", "functionConfig"),
    ] {
        let config = format!("functionConfig: {config}\n");
        let stderr = function(header(VERSION) + NO_ITEMS + &config).refused();
        contains(
            &stderr,
            &[
                "error[wrong-kind]",
                found,
                "<stdin>:4:",
                "`kind: McpServerSet` to generate",
            ],
        );
    }
}

#[test]
fn what_else_the_list_holds_is_no_concern_of_a_function() {
    let stdout = function(list("") + "future: {a: b}\n").done();
    assert_eq!(parsed(&stdout), parsed(&function(list("")).done()));
    contains(&stdout, &["\nfuture: {a: b}\n"]);
}

// Items.

#[test]
fn the_copy_that_kustomize_makes_is_no_second_set() {
    let copy = "\
items:
- apiVersion: mcpset.dev/v1alpha1
  kind: McpServerSet
  metadata:
    annotations: {config.kubernetes.io/local-config: 'true'}
    name: mcp
    namespace: litellm
";
    let input = format!("{}{copy}{SET}", header(VERSION));
    assert_eq!(function(input).done(), function(list("")).done());
}

#[test]
fn items_may_be_null_or_empty_but_not_absent() {
    for items in ["items:\n", "items: null\n", NO_ITEMS] {
        let input = format!("{}{items}{SET}", header(VERSION));
        assert_eq!(function(input).done(), function(list("")).done());
    }
    let stderr = function(header(VERSION) + SET).refused();
    contains(&stderr, &["has no `items`", "write `items: []`"]);
}

#[test]
fn resources_of_others_stay_as_they_are_before_what_is_generated() {
    let foreign = "\
# Theirs.
- apiVersion: v1   # \u{e9}
  kind: ConfigMap
  metadata: {name: a}
  data: {on: yes, version: 1.10, text: 'a  b'}
- !own [&x a, *x]
";
    let input = format!("{}items:\n{foreign}{SET}", header(VERSION));
    let stdout = function(input).done();
    let (_, generated) = stdout.split_once(foreign).unwrap();
    let own = function(list("")).done();
    assert_eq!(own.split_once("items:\n").unwrap().1, generated);
}

#[test]
fn a_text_of_an_item_that_looks_like_a_set_stays_a_text() {
    let input = include_str!("../fuzz/corpus/resource_list/text-like-a-set.yaml");
    assert_eq!(function(input).done(), input);
}

#[test]
fn items_that_are_no_list_are_refused() {
    for items in ["{}", "text", "{a: 1}"] {
        let input = format!("{}items: {items}\n{SET}", header(VERSION));
        contains(
            &function(input).refused(),
            &["`items` is no list", "<stdin>:3:8"],
        );
    }
}

// The list that is written.

#[test]
fn the_version_that_came_in_goes_out() {
    for version in ["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1"] {
        let stdout = function(header(version) + NO_ITEMS + SET).done();
        let value: Value = serde_yaml::from_str(&stdout).unwrap();
        assert_eq!(
            (&value["apiVersion"], &value["kind"]),
            (&version.into(), &"ResourceList".into())
        );
    }
}

#[test]
fn the_items_are_the_objects_that_render_writes() {
    let set = SET.replace("functionConfig:\n  ", "").replace("\n  ", "\n");
    let rendered = run(support::mcpset().args(["render", "-"]), set.as_bytes()).done();
    let rendered: Vec<Value> = support::documents(&rendered)
        .into_iter()
        .map(|document| document.value)
        .collect();
    let (items, results) = parsed(&function(list("")).done());
    assert_eq!(items, rendered);
    assert!(results.is_empty());
}

#[test]
fn a_warning_is_a_result_and_stands_on_standard_error() {
    let ended = function(list("egress: [{host: api.github.com}]"));
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    contains(
        &ended.stderr,
        &["warning[downgrade]", "<stdin>:", "1 warning"],
    );
    let (items, results) = parsed(&ended.stdout);
    assert!(!items.is_empty());
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["severity"], "warning");
    contains(
        results[0]["message"].as_str().unwrap(),
        &["downgrade", "`api.github.com`"],
    );
}

#[test]
fn a_result_names_its_object_its_field_its_file_and_its_rule() {
    let set = SET.replace("functionConfig:\n  ", "- ");
    let set = set.replace(
        "annotations: {",
        "annotations: {config.kubernetes.io/path: sets/mcp.yaml, config.kubernetes.io/index: '2', ",
    );
    let more = "      egress: [{cidr: 192.0.2.0/24}, {host: api.github.com}]\n";
    let ended = function(header(VERSION) + "items:\n" + &set + more);
    let (_, results) = parsed(&ended.stdout);
    let (result, reference) = (&results[0], &results[0]["resourceRef"]);
    assert_eq!(reference["apiVersion"], "mcpset.dev/v1alpha1");
    assert_eq!(reference["kind"], "McpServerSet");
    assert_eq!(
        (&reference["namespace"], &reference["name"]),
        (&"litellm".into(), &"mcp".into())
    );
    assert_eq!(result["field"]["path"], "spec.servers[0].egress[1].host");
    assert_eq!(result["file"]["path"], "sets/mcp.yaml");
    assert_eq!(result["file"]["index"], 2);
    assert_eq!(result["tags"]["rule"], "downgrade");
}

#[test]
fn results_replace_those_that_came_in_wherever_they_stand() {
    let warned = list("egress: [{host: api.github.com}]");
    let expected = parsed(&function(&warned).stdout);
    let items = |results: &str| warned.replacen(NO_ITEMS, results, 1);
    for input in [
        items("results: []\nitems: []\n"),
        items("results:\n- message: old\nitems: []\n"),
        items("items: []\nresults: [{message: old}]\n"),
        format!("{warned}results: []\n"),
    ] {
        for input in [input.clone(), json(&input)] {
            assert_eq!(parsed(&function(&input).stdout), expected, "{input}");
        }
    }
}

#[test]
fn an_entry_that_stands_twice_is_refused() {
    for twice in ["kind: ResourceList\n", NO_ITEMS, SET] {
        let stderr = function(list("") + twice).refused();
        contains(&stderr, &["error[duplicate-field]", "stands twice"]);
    }
}

/// `yaml` as JSON, in the order of its entries.
fn json(yaml: &str) -> String {
    let value: Value = serde_yaml::from_str(yaml).unwrap();
    serde_json::to_string(&value).unwrap()
}

#[test]
fn json_is_a_resource_list_too() {
    let stdout = function(json(&list(""))).done();
    assert_eq!(parsed(&stdout), parsed(&function(list("")).done()));
    serde_json::from_str::<serde_json::Value>(&stdout).unwrap();
}

// Scalars that kustomize has typed anew.

#[test]
fn an_unquoted_date_is_refused_because_nobody_can_tell_what_was_written() {
    let stderr = function(list("env: {PROTOCOL: \"2025-06-18T00:00:00Z\"}")).refused();
    contains(
        &stderr,
        &[
            "error[ambiguous-value]",
            "kustomize hands an unquoted date over as `2025-06-18T00:00:00Z`",
            "quote the date in your file: \"2025-06-18\"",
            "spec.servers[github].env.PROTOCOL",
        ],
    );
}

#[test]
fn a_person_may_write_what_kustomize_never_would() {
    let set = SET.replace("functionConfig:\n  ", "").replace("\n  ", "\n");
    let set = set + "    env: {SINCE: \"2025-06-18T00:00:00Z\"}\n";
    let stdout = run(support::mcpset().args(["render", "-"]), set.as_bytes()).done();
    contains(&stdout, &["value: \"2025-06-18T00:00:00Z\""]);
}

#[test]
fn numbers_and_what_kustomize_quoted_are_taken_by_their_text() {
    let env = "env: {PORT: 8080, ANSWER: \"yes\", DEBUG: true, WHEN: \"2025-06-18T10:00:00Z\", VERSION: \"1.10\"}";
    let stdout = function(list(env)).done();
    for (name, value) in [
        ("PORT", "8080"),
        ("ANSWER", "yes"),
        ("DEBUG", "true"),
        ("WHEN", "2025-06-18T10:00:00Z"),
        ("VERSION", "1.10"),
    ] {
        assert_eq!(variable(&stdout, name), value, "{name}");
    }
}

#[test]
fn a_number_whose_digits_kustomize_does_not_keep_is_refused() {
    let stderr = function(list("env: {VERSION: 1.1}")).refused();
    contains(
        &stderr,
        &["error[ambiguous-value]", "`1.1`", "quote it: \"1.1\""],
    );
}

#[test]
fn a_mistake_is_named_by_its_route_in_the_persons_own_file() {
    let stderr = function(list("replica: 2")).refused();
    contains(
        &stderr,
        &[
            "unknown field `replica`",
            "spec.servers[github].replica",
            "did you mean `replicas`?",
        ],
    );
}

// Hostile input: a clear error, in little time and memory.

#[test]
fn binary_input_is_named_as_such() {
    for input in [&b"\0"[..], b"a: \0b\n", b"\x7fELF\x02\x01\x01\0\0\0"] {
        contains(
            &function(input).refused(),
            &["is no text: it holds a NUL byte"],
        );
    }
    for input in [
        &b"\xff\xfea\x01"[..],
        b"a: \xc3\x28\n",
        b"a: \xed\xa0\x80\n",
        b"\xf8\x88\x80\x80\x80",
    ] {
        contains(&function(input).refused(), &["is no UTF-8 text"]);
    }
}

// What is ours among the items, and what is not.

/// A set among `items`, which is a block list, or has `%` for its kind.
const ITEM: &str = "\
- apiVersion: mcpset.dev/v1alpha1
  kind: %
  metadata: {name: mcp, namespace: litellm}
  spec: {platform: {registry: registry.example.com}, servers: [{image: mcp-github:1.0.0, name: github}]}
";

fn items(items: &str) -> String {
    format!("{}items:\n{items}", header(VERSION))
}

#[test]
fn a_set_that_does_not_show_its_kind_is_one() {
    let plain = function(items(&ITEM.replace('%', "McpServerSet"))).done();
    for kind in [
        "\"McpServer\\u0053et\"",
        "\"McpServer\\\n    Set\"",
        "&kind \"\\x4DcpServerSet\"",
    ] {
        let hidden = items(&ITEM.replace('%', kind));
        assert_eq!(function(&hidden).done(), plain, "{hidden}");
    }
    let repeated = ITEM.replace("name: mcp,", "name: mcp, labels: {a: &kind McpServerSet},");
    let (before, behind) = repeated.split_once("  kind: %\n").unwrap();
    let repeated = items(&format!("{before}{behind}  kind: *kind\n"));
    assert_eq!(function(repeated).done(), plain);
}

#[test]
fn a_set_that_an_item_repeats_from_elsewhere_is_refused() {
    let set = ITEM.replace('%', "McpServerSet");
    let anchored = set.replacen("- api", "- &set\n  api", 1);
    let hidden = anchored.replace("McpServerSet", "\"McpServer\\u0053et\"");
    let kind = "- metadata: {annotations: {a: &kind McpServerSet}, name: a}\n  kind: ConfigMap\n";
    for text in [
        items(&format!("{anchored}- *set\n")),
        items(&format!("{hidden}- <<: *set\n")),
        items(&format!("{kind}{}", ITEM.replace('%', "*kind"))),
        format!(
            "{}items: [{{kind: ConfigMap, a: &kind {{kind: McpServerSet}}}}, *kind]\n",
            header(VERSION)
        ),
        // What a set takes from elsewhere hides the rest of it from who reads it alone.
        items(&format!(
            "- a: &v mcpset.dev/v1alpha1\n{}",
            set.replace("mcpset.dev/v1alpha1", "*v")
                .replace("McpServerSet", "McpServerSet # c")
        )),
        items("- a: &v x\n- {apiVersion: *v, kind: McpServerSet}\n"),
        items("- a: &w McpServerSet\n  b: &v {kind: *w}\n- <<: *v\n"),
        format!(
            "x: &kind McpServerSet\n{}",
            items(&ITEM.replace('%', "*kind"))
        ),
    ] {
        let stderr = function(&text).refused();
        contains(
            &stderr,
            &["error[syntax]: this alias refers to a value in another part of the list"],
        );
    }
    // Of others' aliases none can be a set.
    let kept = set.replace(
        "name: mcp,",
        "name: mcp, labels: &a {a: b}, annotations: {config.kubernetes.io/local-config: 'true'},",
    );
    let others = "- a: &b {kind: ConfigMap}\n- b: *a\n  c: '*'\n  d: a && *b\n";
    let text = items(&format!("{kept}{others}"));
    contains(&function(text).done(), &[others, &kept]);
}

#[test]
fn a_misspelt_kind_among_the_items_is_told() {
    let stderr = function(items(&ITEM.replace('%', "MCPServerSet"))).refused();
    contains(
        &stderr,
        &[
            "error[wrong-kind]: `mcpset.dev/v1alpha1` has no kind `MCPServerSet`",
            "help: did you mean `McpServerSet`?",
        ],
    );
}

#[test]
fn a_set_in_a_list_among_the_items_is_refused() {
    let set = ITEM.replace('%', "McpServerSet").replace('\n', "\n  ");
    for text in [
        items(&format!(
            "- kind: List\n  apiVersion: v1\n  items:\n  {set}\n"
        )),
        items("- {kind: List, items: [{kind: List, items: [{kind: McpServerSet}]}]}\n"),
    ] {
        contains(
            &function(text).refused(),
            &["error[wrong-kind]: a `McpServerSet` inside a `List` is not expanded"],
        );
    }
}

#[test]
fn somebody_elses_object_passes_whatever_it_holds() {
    let set = ITEM.replace('%', "McpServerSet");
    let bomb = (1..9).map(|level| {
        let nine = format!("*a{},", level - 1).repeat(9);
        format!("    a{level}: &a{level} [{nine}]\n")
    });
    let bomb = format!("  data:\n    a0: &a0 x\n{}", concat(bomb));
    let set_in_text = format!("  text: |\n    {}", set.replace('\n', "\n    "));
    for object in [
        "- kind: ConfigMap\n  binaryData: {McpServerSet: !!binary aGk=}\n".to_owned(),
        "- {kind: ConfigMap, data: {a: McpServerSet, a: b}}\n".to_owned(),
        "- {kind: ConfigMap, data: {a: !!binary x, b: mcpset.dev/generated-from}}\n".to_owned(),
        format!("- kind: ConfigMap # McpServerSet\n{bomb}"),
        format!("- kind: ConfigMap\n{set_in_text}\n{bomb}"),
        format!("# McpServerSet\n-\n  {}\n  kind: ConfigMap\n", bomb.trim()),
        "- {a: *elsewhere, kind: \"McpServerSet\", kind: ConfigMap}\n".replace("McpServerSet", "x"),
    ] {
        let text = items(&format!("- &elsewhere x\n{object}{set}"));
        contains(&function_within_limits(text).done(), &[&object]);
    }
    // What says that it is a set, or was made of one, is ours, and so are its mistakes.
    for object in [
        set.replace("spec:", "spec: !!binary"),
        set.replace("spec:", "kind: McpServerSet\n  spec:"),
        format!("- kind: McpServerSet\n{bomb}"),
        format!("-\n  # c\n  {}\n  kind: 'McpServerSet'\n", bomb.trim()),
        format!("- metadata: {{annotations: {{mcpset.dev/generated-from: a/b}}}}\n{bomb}"),
        "- {kind: ConfigMap, kind: McpServerSet}\n".to_owned(),
        "- {a: &a McpServerSet, kind: *a, b: {? [c] : d}}\n".to_owned(),
    ] {
        contains(
            &function_within_limits(items(&object)).refused(),
            &["error["],
        );
    }
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let nine_times = |level| format!("*a{},", level - 1).repeat(9);
    let lists = (1..30).map(|level| format!("a{level}: &a{level} [{}]\n", nine_times(level)));
    let merges = (1..30).map(|level| {
        format!(
            "a{level}: &a{level} {{<<: [{}], k: x}}\n",
            nine_times(level)
        )
    });
    let lists = format!("a0: &a0 [x]\n{}", concat(lists));
    let merges = format!("a0: &a0 {{k0: x}}\n{}", concat(merges));
    let ours = "functionConfig:\n  apiVersion: mcpset.dev/v1alpha1\n  kind: McpServerSet\n";
    for bomb in [lists, merges] {
        // As the whole input, among the items, and in the set.
        function_within_limits(&bomb).refused();
        let bomb = concat(bomb.lines().map(|line| format!("  {line}\n")));
        let item = format!("{}items:\n- McpServerSet: x\n{bomb}", header(VERSION));
        function_within_limits(item + ours).refused();
        let set = header(VERSION) + NO_ITEMS + ours + &bomb;
        function_within_limits(set).refused();
    }

    let big = "x".repeat(1 << 20);
    let copies = list(&format!(
        "description: &a {big}\nargs: [{}]",
        "*a,".repeat(100)
    ));
    contains(
        &function_within_limits(copies).refused(),
        &["error[syntax]", "aliases expand to more than 16 MiB"],
    );
}

#[test]
fn nesting_a_thousand_deep_is_refused() {
    for depth in [1_000, 100_000] {
        let levels = 0..depth.min(1_000);
        let indented = concat(levels.map(|level| format!("{}a:\n", " ".repeat(level))));
        let inputs = [
            indented,
            "- ".repeat(depth) + "a\n",
            "? ".repeat(depth) + "a\n",
            format!("a: {}{}\n", "[".repeat(depth), "]".repeat(depth)),
            format!("a: {}{}\n", "{a: ".repeat(depth), "}".repeat(depth)),
            "[".repeat(depth),
        ];
        for input in inputs {
            let stderr = function_within_limits(&input).refused();
            contains(&stderr, &["error[syntax]", "<stdin>:"]);
        }
    }
}

#[test]
fn a_scalar_of_twenty_megabytes_is_no_burden() {
    let huge = "x".repeat(20 << 20);
    for more in [
        format!("path: {huge}"),
        format!("path: \"{huge}\""),
        format!("{huge}: 1"),
        format!("path: *{huge}"),
    ] {
        let stderr = function_within_limits(list(&more)).refused();
        assert!(stderr.len() < 8_000, "{} bytes of message", stderr.len());
    }
}

#[test]
fn a_stream_of_a_hundred_thousand_documents_is_refused_at_the_second() {
    for document in ["---\na: b\n", "---\n"] {
        let stderr = function_within_limits(document.repeat(100_000)).refused();
        contains(&stderr, &["a second document begins here"]);
    }
}

#[test]
fn fifty_thousand_mistakes_are_told_in_a_hundred() {
    let mistakes = concat((0..50_000).map(|n| format!("  V-{n}: a\n")));
    let stderr = function_within_limits(list(&format!("env:\n{mistakes}"))).refused();
    assert_eq!(stderr.matches("error[").count(), 100);
    contains(
        &stderr,
        &["… and 900 more", "1000 errors or more; nothing was written"],
    );
}

#[test]
fn a_message_quotes_a_value_of_megabytes_in_a_line() {
    let huge = "x".repeat(2 << 20);
    for more in [
        format!("port: \"{huge}\""),
        format!("path: !{huge} x"),
        format!("session: {huge}"),
        format!("args: {huge}"),
        format!("env:\n  A: {}.5", "1".repeat(2 << 20)),
        format!("secrets:\n  A: \" {huge}\""),
        format!("tolerations:\n- operator: {huge}"),
        format!("egress:\n- host: {huge}.svc"),
    ] {
        let stderr = function_within_limits(list(&more)).refused();
        assert!(stderr.len() < 8_000, "{} bytes of message", stderr.len());
    }
}

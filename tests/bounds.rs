//! Input that wants to fill the memory or to take for ever: it ends in a clear error, or in the output, within
//! the limits that docs/operations.md states.
//!
//! The sizes are such that a debug build takes seconds; what is worse than linear takes minutes at them.
//! A run that needs more than it may ends without a status.

use std::fs;

use crate::support::chart::SET;
use crate::support::kustomize::Folder;
use crate::support::run::{Ended, concat, run, within};

/// Seconds of the processor that a run may take in a debug build.
const SECONDS: u32 = 20;
/// MiB of addresses that a run needs for itself, its libraries and its threads.
const OWN: u32 = 48;
/// What Rego may take, with the stack of its thread.
const REGO: u32 = 1000;

const OBJECT: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: a}
";
const LIST: &str = "apiVersion: config.kubernetes.io/v1
kind: ResourceList
";
const ITEM: &str = "items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
  data:
";
/// Deeper than any reader goes.
const DEEP: usize = 100_000;

/// How `mcpset args` ends with `input` and `mib` of memory beside its own.
fn ends(args: &[&str], input: &str, mib: u32) -> Ended {
    run(
        &mut within(SECONDS, (OWN + mib) << 10, args),
        input.as_bytes(),
    )
}

/// Asserts that what `ended` says, wherever it does, is an error with `text` in it.
#[track_caller]
fn says(ended: &Ended, text: &str) {
    let said = format!("{}{}", ended.stderr, ended.stdout);
    let shown: String = said.chars().take(600).collect();
    assert_eq!(ended.status, Some(1), "{shown}");
    assert!(said.contains(text), "no `{text}` in: {shown}");
}

/// Asserts that `input` leaves the command as it came.
#[track_caller]
fn passes(args: &[&str], input: &str, mib: u32) {
    let ended = ends(args, input, mib);
    let shown: String = ended.stderr.chars().take(600).collect();
    assert_eq!(ended.status, Some(0), "{shown}");
    assert!(ended.stdout == input, "it is not what came");
}

/// `text` by so many columns to the right.
fn indented(text: &str, columns: usize) -> String {
    let indent = " ".repeat(columns);
    concat(text.lines().map(|line| format!("{indent}{line}\n")))
}

// --- aliases ------------------------------------------------------------------------------------

/// Nine lists of nine aliases each: 9^9 values.
fn bomb() -> String {
    let first = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    let others = (1..9).map(|n| {
        let items = vec![format!("*a{}", n - 1); 9].join(", ");
        format!("a{n}: &a{n} [{items}]\n")
    });
    first + &concat(others)
}

#[test]
fn an_alias_bomb_in_what_is_read_is_an_error() {
    let set = bomb() + SET;
    let config = format!("{LIST}functionConfig:\n{}items: []\n", indented(&set, 2));
    let object = format!("{OBJECT}data:\n{}", indented(&bomb(), 2));
    for (args, input) in [
        (&["render", "-"][..], &set),
        (&["post-render"], &set),
        (&["argocd", "generate", "-"], &set),
        (&["graph", "-"], &set),
        (&["import", "-"], &object),
        (&["check", "-"], &object),
        (&[], &config),
    ] {
        says(&ends(args, input, 96), "aliases expand to more than 16 MiB");
    }
}

#[test]
fn an_alias_bomb_in_what_is_only_handed_on_does_not_go_off() {
    let item = format!("{LIST}{ITEM}{}", indented(&bomb(), 4));
    passes(&[], &item, 16);
    let stream = format!("{OBJECT}data:\n{}", indented(&bomb(), 2));
    passes(&["post-render"], &stream, 16);
}

// --- size ---------------------------------------------------------------------------------------

/// A text of 16 MiB. A run of a release build over 100 MB is in docs/operations.md.
fn large() -> String {
    "x".repeat(16 << 20)
}

#[test]
fn a_large_text_in_a_set_is_refused_within_eight_times_its_size() {
    let plain = format!("{SET}    description: {}\n", large());
    let lines = format!("x{}\n", "x".repeat(79)).repeat((16 << 20) / 81);
    let block = format!("{SET}    description: |\n{}", indented(&lines, 6));
    for input in [plain, block] {
        says(
            &ends(&["render", "-"], &input, 8 * 16),
            "the description has ",
        );
    }
}

#[test]
fn a_large_text_of_others_passes_within_three_times_its_size() {
    let large = large();
    passes(&[], &format!("{LIST}{ITEM}    a: {large}\n"), 3 * 16);
    passes(
        &["post-render"],
        &format!("{OBJECT}data: {{a: {large}}}\n"),
        3 * 16,
    );
    let ended = ends(
        &["check", "-"],
        &format!("{OBJECT}data: {{a: {large}}}\n"),
        8 * 16,
    );
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
}

#[test]
fn input_without_an_end_is_refused() {
    for args in [
        &["render", "/dev/zero"][..],
        &["check", "/dev/zero"],
        &["import", "/dev/zero"],
    ] {
        let ended = ends(args, "", 3 * 256);
        says(&ended, "/dev/zero is larger than 256 MiB");
        says(&ended, "split it into several files");
    }
}

// --- number -------------------------------------------------------------------------------------

#[test]
fn documents_without_number_pass_through_a_stream() {
    passes(&["post-render"], &OBJECT.repeat(100_000), 48);
    passes(&["post-render"], &"---\n".repeat(1_000_000), 24);
}

#[test]
fn documents_without_number_are_checked_in_time_that_grows_with_them() {
    let other = |n| OBJECT.replace("name: a", &format!("name: a{n}"));
    let ended = ends(&["check", "-"], &concat((0..20_000).map(other)), 128);
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    // Each is a finding, too.
    let ended = ends(&["check", "-"], &OBJECT.repeat(40_000), 160);
    says(&ended, "39999 errors");
    let ended = ends(&["check", "-"], &"---\na: b\n".repeat(20_000), 128);
    says(&ended, "error");
}

// --- depth --------------------------------------------------------------------------------------

#[test]
fn nesting_is_refused_by_every_reader() {
    let lists = format!("{}{}\n", "[".repeat(DEEP), "]".repeat(DEEP));
    let mappings = format!("{}1{}\n", "{a: ".repeat(DEEP), "}".repeat(DEEP));
    let json = format!("{}1{}", "{\"a\":".repeat(DEEP), "}".repeat(DEEP));
    let dashes = format!("{}a\n", "- ".repeat(DEEP));
    let block = concat((0..1_000).map(|n| format!("{}a:\n", " ".repeat(n))));
    for nested in [&lists, &mappings, &json, &dashes, &block] {
        let value = format!("    args:\n{}", indented(nested, 6));
        let set = format!("{SET}{value}");
        let config = format!("{LIST}functionConfig:\n{}items: []\n", indented(&set, 2));
        for (args, input) in [
            (&["render", "-"][..], &set),
            (&["post-render"], &set),
            (&["check", "-"], nested),
            (&["import", "-"], nested),
            (&[], &config),
        ] {
            let shown: String = nested.chars().take(9).collect();
            let ended = ends(args, input, 64);
            assert_ne!(ended.status, None, "{args:?} {shown}");
            says(
                &ended,
                "lists and mappings are nested deeper than any config needs",
            );
        }
        // What is not ours need not be read.
        let item = format!("{LIST}{ITEM}    a:\n{}", indented(nested, 6));
        match ends(&[], &item, 64) {
            ended if ended.status == Some(0) => assert!(ended.stdout == item),
            ended => says(&ended, "nested deeper than any config needs"),
        }
    }
}

#[test]
fn nesting_in_an_expression_of_prometheus_overflows_no_stack() {
    for expression in [
        format!("{}a{}", "(".repeat(DEEP), ")".repeat(DEEP)),
        format!("{}a{}", "sum(".repeat(DEEP), ")".repeat(DEEP)),
        format!("{}a", "-".repeat(DEEP)),
        format!("{}a", "a + ".repeat(DEEP)),
        format!("a{{b=\"{}\"}}", "\\\\".repeat(DEEP)),
    ] {
        let rule = format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: a, namespace: a}}\n\
             spec:\n  groups:\n  - name: a\n    rules:\n    - alert: A\n      expr: |-\n        {expression}\n"
        );
        let ended = ends(&["check", "-"], &rule, 64);
        assert!(
            matches!(ended.status, Some(0 | 1)),
            "{:.9}: {}",
            expression,
            ended.stderr
        );
    }
}

// --- Rego ---------------------------------------------------------------------------------------

#[cfg(feature = "gatekeeper")]
#[test]
fn rego_that_is_huge_or_explodes_is_refused() {
    const SERVICE: &str = "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}}";
    let rules = concat((0..3_000).map(|n| format!("f{n}(x) = y {{ y := x + {n} }}\n")));
    let text = format!("\"{}\"", "x".repeat(4 << 20));
    let products =
        "count([[a, b, c] | r := numbers.range(1, 1000); a := r[_]; b := r[_]; c := r[_]])";
    let nested = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    // No line of it is longer than regorus takes.
    let minus = format!("{}1", format!("{}\n  ", "-".repeat(DEEP / 2)).repeat(4));
    for (value, others, said) in [
        ("1", rules.as_str(), "it has more than 2000 rules"),
        (&text, "", "it has more than 256 KiB"),
        (products, "", "takes too long"),
        (&nested, "", "takes too long or too much memory"),
        (&minus, "", ""),
    ] {
        let rego = format!("package a\nviolation[{{\"msg\": \"a\"}}] {{ x := {value} }}\n{others}");
        let template = format!(
            "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {{name: bad}}\n\
             spec:\n  crd: {{spec: {{names: {{kind: Bad}}}}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    \
             rego: |\n{}---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: Bad\nmetadata: {{name: all}}\n",
            indented(&rego, 6)
        );
        let folder = Folder::new(&[("policies/a.yaml", &template)]);
        let policies = folder.path().join("policies");
        let args = ["check", "-", "--policies", policies.to_str().unwrap()];
        says(&ends(&args, SERVICE, REGO), said);
    }
}

// --- what grows with the square -----------------------------------------------------------------

#[test]
fn many_of_anything_in_one_server_take_a_moment() {
    let lines = |number, line: &dyn Fn(usize) -> String| concat((0..number).map(line));
    let secrets = lines(5_000, &|n| format!("      V{n}: a/b#c{n}\n"));
    let files = lines(5_000, &|n| format!("      f{n}: b\n"));
    let labels = lines(5_000, &|n| format!("      l{n}: b\n"));
    let dollars = "${".repeat(DEEP);
    for more in [
        format!("    secrets:\n{secrets}"),
        format!("    config:\n{files}"),
        format!("    labels:\n{labels}"),
        format!("    args: [\"{dollars}\"]\n    env: {{A: \"{dollars}\"}}\n"),
        format!("    args: [\"{}\"]\n", "$(".repeat(DEEP)),
    ] {
        let ended = ends(&["render", "-"], &format!("{SET}{more}"), 160);
        assert_eq!(ended.status, Some(0), "{:.40}: {:.600}", more, ended.stderr);
    }
    let twice = format!("{SET}    env:\n{}", "      A: b\n".repeat(20_000));
    says(
        &ends(&["render", "-"], &twice, 64),
        "`A` stands twice in one mapping",
    );
}

#[test]
fn two_thousand_destinations_are_what_a_server_may_have() {
    let to = |n| format!("    - {{cidr: 10.{}.{}.0/24}}\n", n / 250, n % 250);
    let set = format!("{SET}    egress:\n{}", concat((0..2_001).map(to)));
    let ended = ends(&["render", "-"], &set, 64);
    says(
        &ended,
        "error[too-large]: 2001 destinations are more than a policy is for",
    );
    says(&ended, "<stdin>:10:8");

    let ports: Vec<String> = (1..=667).map(|port| port.to_string()).collect();
    let to = |n| {
        format!(
            "    - {{cidr: 10.0.{n}.0/24, ports: [{}]}}\n",
            ports.join(", ")
        )
    };
    let set = format!("{SET}    egress:\n{}", concat((0..3).map(to)));
    says(
        &ends(&["render", "-"], &set, 64),
        "error[too-large]: 2001 destinations are more than a policy is for",
    );

    for field in ["endpointCidrs", "apiServerCidrs"] {
        let cidr = |n| format!("10.{}.{}.0/24, ", n / 250, n % 250);
        let network = format!(
            ", network: {{{field}: [{}]}}}}\n  servers:",
            concat((0..2_001).map(cidr))
        );
        let set = SET.replace("}\n  servers:", &network);
        assert_ne!(set, SET);
        says(
            &ends(&["render", "-"], &set, 64),
            "error[too-large]: 2001 destinations are more than a policy is for",
        );
    }
}

// --- what is said of it -------------------------------------------------------------------------

#[test]
fn the_limits_are_stated() {
    let page = fs::read_to_string(crate::support::root().join("docs/operations.md")).unwrap();
    let (_, limits) = page.split_once("\n## Limits\n").unwrap();
    let (limits, _) = limits.split_once("\n## ").unwrap();
    for figure in [
        "256 MiB",
        "16 MiB",
        "255",
        "2000",
        "1 MiB",
        "2 s",
        "256 MiB of memory",
    ] {
        assert!(limits.contains(figure), "{figure}");
    }
}

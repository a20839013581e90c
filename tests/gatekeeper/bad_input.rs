//! Policies that cannot be evaluated: each is said, at its place, and nothing hangs.

use std::time::{Duration, Instant};

use mcpset::problem::{Problem, Severity};
use mcpset::report::{self, Occasion};
use mcpset::source::{Origin, Sources};

use super::findings;
use crate::support::kustomize::Folder;
use crate::support::run::{concat, run};
use crate::support::{bundles, mcpset};

const SERVICE: &str = "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: a}}";

fn template(rego: &str) -> String {
    let rego = rego.replace('\n', "\n      ");
    format!(
        "apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {{name: bad}}
spec:
  crd: {{spec: {{names: {{kind: Bad}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      {rego}
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Bad
metadata: {{name: all}}
"
    )
}

/// `text` without its colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

/// The line of `rego: |` in it.
const REGO: usize = 8;

/// The one finding of `policies`.
#[track_caller]
fn found(policies: &str) -> Problem {
    let mut found = findings(SERVICE, policies);
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = found.remove(0);
    assert_eq!(found.code.as_str(), "MCP901");
    assert!(!found.help.is_empty());
    found
}

#[test]
fn broken_rego_is_said_in_its_line() {
    for (rego, said, at) in [
        ("package a\nviolation[{", "expecting expression", "2:18"),
        (
            "package a\nallow { true }",
            "has no rule `violation`",
            "1:7",
        ),
        (
            "package a\n\nviolation[{\"msg\": m}] {\n\n  m := nonsuch(1)\n}",
            "could not find function nonsuch",
            "5:14",
        ),
        (
            "package a\nviolation[{\"msg\": m}] { m := f(1) }\nf(x) = f(x)",
            "`data.a.f` calls itself",
            "1:7",
        ),
        (
            "package a\nviolation[{\"msg\": m}] { m := a }\na = m { violation[{\"msg\": m}] }",
            "recursion",
            "2:7",
        ),
        ("violation", "expecting `package`", "1:7"),
        (
            "package a\nviolation[{\"msg\": 1}] { true }",
            "`msg` is no text",
            "1:7",
        ),
    ] {
        let policies = template(rego);
        let error = found(&policies);
        assert!(error.message.contains(said), "{}", error.message);
        assert_eq!(error.severity, Severity::Error);
        let mut sources = Sources::default();
        for text in [SERVICE, &policies] {
            sources.add("a.yaml", text.into(), Origin::Person).unwrap();
        }
        let error = report::presentable(error, &sources);
        let text = report::text(&[error], &sources, Occasion::Checking);
        let text = plain(&text);
        let (line, column) = at.split_once(':').unwrap();
        let line = REGO + line.parse::<usize>().unwrap();
        let place = format!("--> a.yaml:{line}:{column}\n");
        assert!(text.contains(&place), "{rego}: {at}\n{text}");
        assert!(text.contains(policies.lines().nth(line - 1).unwrap()));
    }
}

#[test]
fn where_rego_is_no_block_the_line_in_it_is_said() {
    let rego = "package a\nviolation[{\"msg\": m}] { m := nonsuch(1) }";
    let quoted = serde_json::to_string(rego).unwrap();
    let block = format!("|\n      {}\n", rego.replace('\n', "\n      "));
    let policies = template(rego).replace(&block, &format!("{quoted}\n"));
    let mut sources = Sources::default();
    sources.add("a", policies.clone(), Origin::Person).unwrap();
    let error = report::presentable(found(&policies), &sources);
    assert!(
        error
            .message
            .ends_with("could not find function nonsuch (line 2, column 37)"),
        "{}",
        error.message
    );
}

#[test]
fn a_broken_library_is_said_in_its_own_line() {
    let rego = "package a\nimport data.lib.b\nviolation[{\"msg\": m}] { m := b.f }";
    let policies = template(rego).replace(
        "---\n",
        "    libs:\n    - |\n      package lib.b\n      f = nonsuch(1) { true }\n---\n",
    );
    let mut sources = Sources::default();
    sources.add("a", SERVICE.into(), Origin::Person).unwrap();
    sources.add("b", policies.clone(), Origin::Person).unwrap();
    let error = report::presentable(found(&policies), &sources);
    let place = error.place.unwrap();
    let word = policies.get(place.start as usize..place.end as usize);
    assert_eq!(word, Some("nonsuch"), "{}", error.message);
}

#[test]
fn an_endless_or_exploding_evaluation_ends_with_a_finding() {
    for (rego, said) in [
        (
            "package a\nviolation[{\"msg\": m}] {\n  x := numbers.range(1, 1000000)\n  x[i] + x[j] == -1\n  m := \"\"\n}",
            "takes too long",
        ),
        (
            "package a\nviolation[{\"msg\": m}] { m := sprintf(\"%v\", [numbers.range(1, 1000000000000000)]) }",
            "is longer than",
        ),
        (
            "package a\nviolation[{\"msg\": m}] {\n  input.review.object.kind\n  x := numbers.range(1, 1000000)\n  x[i] + x[j] == -1\n  m := \"\"\n}",
            "Bad all takes too long, of Service a",
        ),
    ] {
        let start = Instant::now();
        let found = found(&template(rego));
        assert!(found.message.contains(said), "{}", found.message);
        assert!(start.elapsed() < Duration::from_secs(20), "{rego}");
    }
}

/// In a process of its own, which ends and takes what ran away with it.
#[test]
fn a_text_that_explodes_ends_with_a_finding() {
    let doubled = |step: &str| {
        let named = |n: usize| format!("s{n}");
        let steps = (0..40).map(|n| step.replace("NEW", &named(n + 1)).replace("OLD", &named(n)));
        concat(steps.map(|step| format!("  {step}\n")))
    };
    let joined = doubled("NEW := concat(\"\", [OLD, OLD])");
    let nested = doubled("NEW := [OLD, OLD]");
    let many = "  s := concat(\"\", [x | numbers.range(1, 100000)[_]; x := \"aaaaaaaaaa\"])\n  s40 := replace(s, \"a\", s)\n";
    for (steps, said) in [
        (
            joined.as_str(),
            "`concat` makes a text of more than 16777216 bytes",
        ),
        (many, "`replace` makes a text of more than 16777216 bytes"),
        (
            &nested,
            "takes too long or too much memory, even for an empty object",
        ),
    ] {
        let rego = format!(
            "package a\nviolation[{{\"msg\": m}}] {{\n  s0 := \"aaaaaaaaaaaaaaaa\"\n{steps}  m := sprintf(\"%v\", [s40])\n}}"
        );
        let start = Instant::now();
        let input = format!("{SERVICE}\n---\n{}", template(&rego));
        let ended = run(mcpset().args(["check", "-"]), input.as_bytes());
        assert_eq!(ended.status, Some(1), "{}", ended.stderr);
        assert!(ended.stdout.contains("error[MCP901]"), "{}", ended.stdout);
        // A machine that is busy stops some of them by time first.
        let is_said = [said, "takes too long"].map(|said| ended.stdout.contains(said));
        assert!(is_said.contains(&true), "{}", ended.stdout);
        assert!(start.elapsed() < Duration::from_secs(20), "{said}");
    }
}

#[test]
fn a_constraint_without_its_template_is_an_error() {
    let constraint =
        "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Lost, metadata: {name: x}}";
    let found = found(constraint);
    assert_eq!(
        found.message,
        "Lost x was not evaluated: no ConstraintTemplate makes the kind `Lost`"
    );
    assert_eq!(found.severity, Severity::Error);
}

#[test]
fn a_constraint_that_mcpset_wrote_lacks_its_template_without_an_error() {
    for (path, bundle) in bundles() {
        let found = findings(&bundle.text, "");
        assert_eq!(found, [], "{path}");
    }
}

#[test]
fn a_template_of_another_engine_is_named() {
    let policies = template("package a").replace(
        "    rego: |\n      package a\n",
        "    code:\n    - engine: K8sNativeValidation\n      source: {validations: [{expression: \"true\"}]}\n",
    );
    let found = found(&policies);
    assert_eq!(
        found.message,
        "ConstraintTemplate `bad` is written for K8sNativeValidation, which is not evaluated here: only Rego is"
    );
    assert_eq!(found.severity, Severity::Error);
    assert!(found.help.contains("exception"), "{}", found.help);
}

#[test]
fn an_action_that_gatekeeper_does_not_know_is_an_error() {
    let rego = "package a\nviolation[{\"msg\": \"x\"}] { true }";
    let found = found(&format!(
        "{}spec: {{enforcementAction: Deny}}\n",
        template(rego)
    ));
    assert!(
        found.message.contains("enforcementAction `Deny`"),
        "{}",
        found.message
    );
}

#[test]
fn rego_v1_is_taken_where_it_is_said_or_imported() {
    let v1 = "package a\nimport rego.v1\nviolation contains {\"msg\": \"x\"} if true";
    let found = findings(SERVICE, &template(v1));
    assert_eq!(found[0].message, "Bad all: x");
}

#[test]
fn files_and_folders_of_policies_are_read_or_said() {
    let folder = Folder::new(&[
        ("service.yaml", SERVICE),
        (
            "policies/b/bad.yml",
            &template("package a\nviolation[{\"msg\": \"x\"}] { true }"),
        ),
        ("policies/a.yaml", "kind: Kustomization\n"),
        ("policies/README.md", "[\n"),
    ]);
    let check = |policies: &str| {
        let mut command = mcpset();
        command.current_dir(folder.path());
        run(
            command.args(["check", "service.yaml", "--policies", policies]),
            b"",
        )
    };
    let ended = check("policies");
    assert_eq!(ended.status, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.contains("error[MCP900]"), "{}", ended.stdout);
    assert!(
        ended
            .stdout
            .contains("a.yaml holds no template and no constraint"),
        "{}",
        ended.stdout
    );
    let ended = check("nowhere");
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.stdout.contains("nowhere cannot be read"),
        "{}",
        ended.stdout
    );
}

#[test]
fn the_old_name_of_a_match_is_known_as_gator_knows_it() {
    let rego = |pattern: &str| {
        format!("package a\nviolation[{{\"msg\": \"x\"}}] {{ re_match(\"{pattern}\", \"mcp-a\") }}")
    };
    for (pattern, number) in [("^mcp-[a-z]$", 1), ("^other", 0), ("[", 0)] {
        let policies = template(&rego(pattern));
        let found = findings(SERVICE, &policies);
        assert_eq!(found.len(), number, "{pattern}: {found:?}");
        assert!(
            found
                .iter()
                .all(|problem| problem.code.as_str() == "MCP900")
        );
    }
}

//! Gatekeeper's templates and constraints among what a host hands over: they judge what is made of its sets.

#![cfg(feature = "gatekeeper")]
use crate::support;
use std::process::Output;

use crate::support::QUICKSTART;
use crate::support::kustomize::{FLAGS, Folder, build, kustomize, path_with_mcpset};
use crate::support::run::{Ended, run};

/// Every Service has a team.
const TEMPLATE: &str = "\
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: teams}
spec:
  crd: {spec: {names: {kind: Teams}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package teams
      violation[{\"msg\": msg}] {
        not input.review.object.metadata.labels.team
        msg := \"nobody owns it\"
      }
";
const CONSTRAINT: &str = "\
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Teams
metadata: {name: owners}
spec:
  enforcementAction: deny
  match: {kinds: [{apiGroups: [\"\"], kinds: [Service]}]}
";
const SAID: &str = "error[MCP900]: Teams owners: nobody owns it";
/// Breaks the policy, and is not ours.
const OTHER: &str = "\
apiVersion: v1
kind: Service
metadata: {name: other, namespace: litellm}
spec: {ports: [{port: 80}]}
";

/// The guide's two servers, who belong to a team.
fn owned() -> String {
    QUICKSTART.replace(
        "  servers:\n",
        "  defaults: {labels: {team: tools}}\n  servers:\n",
    )
}

fn warned() -> String {
    CONSTRAINT.replace("deny", "warn")
}

fn broken() -> String {
    TEMPLATE.replace("not input.", "nonsuch(1); not input.")
}

/// A configuration of mcpset for kustomize, of this kind.
fn function(kind: &str) -> String {
    format!(
        "apiVersion: mcpset.dev/v1alpha1
kind: {kind}
metadata:
  name: mcpset
  annotations: {{config.kubernetes.io/function: 'exec: {{path: mcpset}}'}}
"
    )
}

/// `set` as a generator of kustomize.
fn generator(set: &str) -> String {
    let annotation = "annotations: {config.kubernetes.io/function: 'exec: {path: mcpset}'}";
    set.replace(
        "namespace: litellm}",
        &format!("namespace: litellm, {annotation}}}"),
    )
}

fn folder(kustomization: &str, set: &str, template: &str, constraint: &str) -> Folder {
    Folder::new(&[
        ("kustomization.yaml", kustomization),
        ("set.yaml", set),
        ("other.yaml", OTHER),
        ("template.yaml", template),
        ("constraint.yaml", constraint),
        ("transform.yaml", &function("McpServerSetTransformer")),
        ("check.yaml", &function("McpServerSetCheck")),
    ])
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Shows that `folder` is not built, because of what is said.
#[track_caller]
fn fails(folder: &Folder, parts: &[&str]) {
    let output = build(folder.path(), &FLAGS);
    let said = said(&output);
    assert!(!output.status.success(), "{said}");
    assert!(output.stdout.is_empty());
    for part in parts {
        assert!(said.contains(part), "no `{part}` in:\n{said}");
    }
}

#[track_caller]
fn builds(folder: &Folder) -> (String, String) {
    let output = build(folder.path(), &FLAGS);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    (String::from_utf8(output.stdout).unwrap(), said)
}

const VALIDATED: &str = "resources: [template.yaml, constraint.yaml]\ngenerators: [set.yaml]\nvalidators: [check.yaml]\n";
const TRANSFORMED: &str = "resources: [template.yaml, constraint.yaml, set.yaml, other.yaml]\ntransformers: [transform.yaml]\n";

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_validator_judges_everything_in_the_build() {
    let set = generator(QUICKSTART);
    fails(
        &folder(VALIDATED, &set, TEMPLATE, CONSTRAINT),
        &[SAID, "Service litellm/mcp-github", "2 errors"],
    );
    let owned = generator(&owned());
    let (built, said) = builds(&folder(VALIDATED, &owned, TEMPLATE, CONSTRAINT));
    assert!(built.contains("kind: Teams") && built.contains("kind: Deployment"));
    assert_eq!(said, "");
    fails(
        &folder(VALIDATED, &owned, &broken(), CONSTRAINT),
        &[
            "error[MCP901]: the Rego of `teams`",
            "nonsuch(1)",
            "in the ConstraintTemplate this is `spec.targets[0].rego`",
        ],
    );
    let with_other = VALIDATED.replace("[template", "[other.yaml, template");
    fails(
        &folder(&with_other, &owned, TEMPLATE, CONSTRAINT),
        &[SAID, "Service litellm/other", "1 error"],
    );
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_transformer_judges_what_it_makes_and_nothing_else() {
    fails(
        &folder(TRANSFORMED, QUICKSTART, TEMPLATE, CONSTRAINT),
        &[SAID, "Service litellm/mcp-s3", "2 errors"],
    );
    let (built, said) = builds(&folder(TRANSFORMED, &owned(), TEMPLATE, CONSTRAINT));
    assert!(built.contains("name: other") && built.contains("kind: Deployment"));
    assert_eq!(said, "");
    fails(
        &folder(TRANSFORMED, &owned(), &broken(), CONSTRAINT),
        &["error[MCP901]: the Rego of `teams`", "nonsuch(1)"],
    );
    let (built, said) = builds(&folder(TRANSFORMED, QUICKSTART, TEMPLATE, &warned()));
    assert!(built.contains("kind: Deployment"));
    assert!(said.contains("warning[MCP900]: Teams owners"), "{said}");
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_package_of_kustomize_fn_run_is_judged_by_its_policies() {
    let kept = "namespace: litellm, annotations: {config.kubernetes.io/local-config: \"true\"}}";
    let run = |set: &str| {
        let set = set.replace("namespace: litellm}", kept);
        let package = Folder::new(&[
            ("set.yaml", &set),
            ("template.yaml", TEMPLATE),
            ("constraint.yaml", CONSTRAINT),
        ]);
        let ended = kustomize()
            .args(["fn", "run", "--enable-exec", "--exec-path"])
            .arg(env!("CARGO_BIN_EXE_mcpset"))
            .arg(package.path())
            .env("PATH", path_with_mcpset())
            .output()
            .unwrap();
        (ended.status.success(), said(&ended), package.files().len())
    };
    let (is_done, said, files) = run(QUICKSTART);
    assert!(!is_done && said.contains(SAID), "{said}");
    assert_eq!(files, 3);
    let (is_done, said, files) = run(&owned());
    assert!(is_done, "{said}");
    assert_eq!(files, 3 + 16);
}

/// A ResourceList of `documents`.
fn list(documents: &[&str]) -> String {
    let item = |document: &&str| format!("- {}\n", document.trim_end().replace('\n', "\n  "));
    let items: String = documents.iter().map(item).collect();
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{items}")
}

fn transform(documents: &[&str]) -> Ended {
    run(&mut support::mcpset(), list(documents).as_bytes())
}

#[test]
fn a_function_stops_at_a_violation_and_reports_a_warning() {
    let ended = transform(&[QUICKSTART, TEMPLATE, CONSTRAINT]);
    assert!(ended.refused().contains(SAID));
    let warned = warned();
    let ended = transform(&[QUICKSTART, TEMPLATE, &warned]);
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("warning[MCP900]"), "{}", ended.stderr);
    let results = ended.stdout.split_once("\nresults:\n").unwrap().1;
    assert!(results.contains("MCP900: Teams owners: nobody owns it"));
    assert!(results.contains("severity: warning"));
    assert!(results.contains("name: mcp-s3"));
}

#[test]
fn policies_without_a_set_are_nobody_elses_business() {
    let broken = broken();
    let ended = transform(&[&broken, CONSTRAINT, OTHER]);
    assert_eq!(ended.done(), list(&[&broken, CONSTRAINT, OTHER]));
    // Nor is one that cannot be read.
    let odd = "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Odd, spec: !own {}}\n";
    let documents = [TEMPLATE, odd, OTHER];
    assert_eq!(transform(&documents).done(), list(&documents));
    let stream = documents.join("---\n");
    let rendered = run(support::mcpset().arg("post-render"), stream.as_bytes());
    assert_eq!(rendered.done(), stream);
}

#[test]
fn a_constraint_whose_template_is_in_the_cluster_is_warned_of() {
    let elsewhere = CONSTRAINT.replace("Teams", "Elsewhere");
    transform(&[QUICKSTART, CONSTRAINT]).done();
    let owned = owned();
    let ended = transform(&[&owned, TEMPLATE, CONSTRAINT, &elsewhere]);
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    let said = "warning[MCP901]: Elsewhere owners was not evaluated";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}

#[test]
fn what_a_set_replaces_is_not_compared_with_what_it_makes() {
    let twice = TEMPLATE.replace(
        "not input.review.object.metadata.labels.team",
        "count([1 | data.inventory.namespace[_][_].Service[_]]) > 2",
    );
    let kept = QUICKSTART.replace(
        "namespace: litellm}",
        "namespace: litellm, annotations: {config.kubernetes.io/local-config: \"true\"}}",
    );
    let first = transform(&[&kept, &twice, CONSTRAINT]).done();
    let second = run(&mut support::mcpset(), first.as_bytes()).done();
    assert_eq!(second, first);
    let ended = transform(&[&kept, &twice, CONSTRAINT, OTHER]);
    assert!(ended.refused().contains(SAID));
}

#[test]
fn an_item_that_cannot_be_read_is_said_where_it_may_be_a_policy() {
    let odd = "{kind: Odd, value: !own [1]}";
    transform(&[&owned(), TEMPLATE, CONSTRAINT, odd]).done();
    let odd = "{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Odd, spec: !own {}}";
    let stderr = transform(&[&owned(), TEMPLATE, CONSTRAINT, odd]).refused();
    assert!(stderr.contains("!own"), "{stderr}");
}

#[test]
fn a_chart_and_an_application_are_judged_by_their_own_policies() {
    for command in [&["post-render"][..], &["argocd", "generate", "-"]] {
        let stream = |set: &str| format!("{TEMPLATE}---\n{CONSTRAINT}---\n{OTHER}---\n{set}");
        let run = |set: &str| run(support::mcpset().args(command), stream(set).as_bytes());
        assert!(run(QUICKSTART).refused().contains(SAID), "{command:?}");
        let text = run(&owned()).done();
        assert!(text.contains(OTHER) && text.contains("kind: Deployment"));
    }
}

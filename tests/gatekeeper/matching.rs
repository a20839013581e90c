//! Which objects a constraint concerns, and what happens when it is violated.

use mcpset::problem::Severity;

use super::findings;

const TEMPLATE: &str = r#"
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: never}
spec:
  crd: {spec: {names: {kind: Never}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package never
      violation[{"msg": input.review.name}] { true }
"#;

const OBJECTS: &str = "
{apiVersion: v1, kind: Namespace, metadata: {name: tools, labels: {team: tools}}}
---
{apiVersion: v1, kind: Service, metadata: {name: a, namespace: tools, labels: {tier: front}}}
---
{apiVersion: v1, kind: Service, metadata: {name: b, namespace: other}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: c, namespace: tools}, spec: {template: {metadata: {labels: {tier: back}}, spec: {}}}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: d}}
";

/// The names of the objects that a constraint with `spec` concerns.
fn concerned(spec: &str) -> Vec<String> {
    let constraint = constraint(spec);
    let found = findings(OBJECTS, &format!("{TEMPLATE}---\n{constraint}"));
    let message = |text: &str| {
        text.rsplit_once(": ")
            .map_or(text.to_owned(), |(_, m)| m.to_owned())
    };
    found
        .iter()
        .map(|problem| match problem.code.as_str() {
            "MCP900" => message(&problem.message),
            _ => problem.message.clone(),
        })
        .collect()
}

fn constraint(spec: &str) -> String {
    format!(
        "{{apiVersion: constraints.gatekeeper.sh/v1beta1, kind: Never, metadata: {{name: x}}, spec: {{{spec}}}}}\n"
    )
}

#[test]
fn every_field_of_match_narrows() {
    for (spec, expected) in [
        ("", &["tools", "a", "b", "c", "c-pod", "d"][..]),
        ("match: {kinds: [{kinds: [Service]}]}", &["a", "b"]),
        ("match: {kinds: [{apiGroups: [apps]}]}", &["c"]),
        (
            "match: {kinds: [{apiGroups: ['*'], kinds: [Pod]}]}",
            &["c-pod"],
        ),
        ("match: {kinds: [{apiGroups: [apps], kinds: [Pod]}]}", &[]),
        (
            "match: {namespaces: [to*]}",
            &["tools", "a", "c", "c-pod", "d"],
        ),
        ("match: {excludedNamespaces: ['*ols']}", &["b", "d"]),
        (
            "match: {labelSelector: {matchLabels: {tier: front}}}",
            &["a"],
        ),
        (
            "match: {labelSelector: {matchLabels: {tier: back}}}",
            &["c-pod"],
        ),
        ("match: {scope: Cluster}", &["tools", "d"]),
        ("match: {scope: Namespaced}", &["a", "b", "c", "c-pod"]),
        ("match: {name: 'c*'}", &["c", "c-pod"]),
        ("match: {source: Generated}", &["c-pod"]),
        (
            "match: {source: Original, kinds: [{kinds: [Pod, Service]}]}",
            &["a", "b"],
        ),
    ] {
        assert_eq!(concerned(spec), expected, "{spec}");
    }
}

#[test]
fn labels_of_a_namespace_that_nobody_gave_are_missed_aloud() {
    let selector = "namespaceSelector: {matchLabels: {team: tools}}";
    let kinds = "kinds: [{kinds: [Service]}]";
    assert_eq!(
        concerned(&format!("match: {{{kinds}, {selector}}}")),
        [
            "a",
            "Never x selects by the labels of namespace `other`, which is not among the objects"
        ]
    );
}

#[test]
fn the_enforcement_action_is_the_severity() {
    let at = |point: &str| {
        format!(
            "enforcementAction: scoped, scopedEnforcementActions: [{{action: warn, enforcementPoints: [{{name: {point}}}]}}]"
        )
    };
    for (action, expected) in [
        (String::new(), Some(Severity::Error)),
        ("enforcementAction: deny".into(), Some(Severity::Error)),
        ("enforcementAction: warn".into(), Some(Severity::Warning)),
        ("enforcementAction: dryrun".into(), Some(Severity::Note)),
        (at("'*'"), Some(Severity::Warning)),
        (at("validation.gatekeeper.sh"), Some(Severity::Warning)),
        (at("audit.gatekeeper.sh"), None),
    ] {
        let constraint = constraint(&action);
        let found = findings(OBJECTS, &format!("{TEMPLATE}---\n{constraint}"));
        assert_eq!(
            found.first().map(|problem| problem.severity),
            expected,
            "{action}"
        );
    }
}

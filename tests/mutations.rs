//! One thing at a time is broken in a clean bundle, and the rules that should notice, and no others,
//! do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeSet;

use mcpset::check::{Standing, Subject};
use mcpset::companions::checklist::POINTS;
use mcpset::model::{CheckConfig, RegistryPrefix};
use mcpset::problem::{Problem, Problems};
use mcpset::yaml;
use serde_json::{Value, json};
use support::Bundle;
use support::config::{self, Order};

/// A pod, as the mutations below name it.
const CONTAINER: &str = "/spec/template/spec/containers/0";

/// What is done to one object: which, where, and what stands there afterwards; nothing where it is
/// removed. Then the rules that notice.
type Mutation = (
    &'static str,
    &'static str,
    &'static str,
    Option<Value>,
    &'static [&'static str],
);

fn of(pointer: &'static str, value: Option<Value>, rules: &'static [&'static str]) -> Mutation {
    ("Deployment", "mcp-github", pointer, value, rules)
}

/// Mutations of the Deployment of `mcp-github` below its container.
#[allow(clippy::too_many_lines, reason = "a table")]
fn containers() -> Vec<Mutation> {
    vec![
        of(
            "@/image",
            Some(json!("docker.io/evil/mcp-github:1.0.0")),
            &["MCP001"],
        ),
        of(
            "@/image",
            Some(json!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.io/a:1"
            )),
            &["MCP001"],
        ),
        of(
            "@/image",
            Some(json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/a")),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:latest"
            )),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!(format!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:latest@sha256:{}",
                "0".repeat(64)
            ))),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/A:1")),
            &["MCP003"],
        ),
        of("@/image", None, &["MCP003"]),
        of("@/securityContext/runAsUser", Some(json!(0)), &["MCP010"]),
        of(
            "@/securityContext/runAsNonRoot",
            Some(json!(false)),
            &["MCP010"],
        ),
        of("@/securityContext/capabilities/drop", None, &["MCP011"]),
        of(
            "@/securityContext/capabilities/drop/0",
            Some(json!("all")),
            &["MCP011"],
        ),
        of(
            "@/securityContext/capabilities/drop/0",
            Some(json!("NET_RAW")),
            &["MCP011"],
        ),
        of(
            "@/securityContext/capabilities/add",
            Some(json!(["SYS_ADMIN"])),
            &["MCP011"],
        ),
        of(
            "@/securityContext/allowPrivilegeEscalation",
            None,
            &["MCP012"],
        ),
        of(
            "@/securityContext/allowPrivilegeEscalation",
            Some(json!(true)),
            &["MCP012"],
        ),
        of(
            "@/securityContext/privileged",
            Some(json!(true)),
            &["MCP013"],
        ),
        of(
            "@/securityContext/readOnlyRootFilesystem",
            None,
            &["MCP014"],
        ),
        of(
            "@/securityContext/readOnlyRootFilesystem",
            Some(json!(false)),
            &["MCP014"],
        ),
        of(
            "@/securityContext/seccompProfile/type",
            Some(json!("Unconfined")),
            &["MCP015"],
        ),
        of(
            "/spec/template/spec/hostNetwork",
            Some(json!(true)),
            &["MCP016"],
        ),
        of(
            "/spec/template/spec/hostPID",
            Some(json!(true)),
            &["MCP016"],
        ),
        of(
            "/spec/template/spec/volumes/0",
            Some(json!({"name": "tmp", "hostPath": {"path": "/"}})),
            &["MCP016"],
        ),
        of("@/ports/0/hostPort", Some(json!(80)), &["MCP016"]),
        of(
            "/spec/template/spec/automountServiceAccountToken",
            None,
            &["MCP017"],
        ),
        of(
            "/spec/template/spec/automountServiceAccountToken",
            Some(json!(true)),
            &["MCP017"],
        ),
        of("/spec/template/spec/enableServiceLinks", None, &["MCP018"]),
        of("@/resources/limits/memory", None, &["MCP020"]),
        of("@/resources/limits/cpu", None, &["MCP020"]),
        of("@/resources/requests", None, &["MCP020"]),
        of("@/resources", None, &["MCP020"]),
        of(
            "@/resources/limits/memory",
            Some(json!("256m")),
            &["MCP021"],
        ),
        of("/spec/replicas", Some(json!(1)), &["MCP030", "MCP032"]),
        of("/spec/replicas", None, &["MCP030"]),
        of(
            "@/lifecycle/preStop/sleep/seconds",
            Some(json!(600)),
            &["MCP033"],
        ),
        of(
            "/spec/template/spec/terminationGracePeriodSeconds",
            Some(json!(1)),
            &["MCP033"],
        ),
        of("@/livenessProbe", None, &["MCP040"]),
        of("@/readinessProbe", None, &["MCP040"]),
        of(
            "@/livenessProbe/httpGet/port",
            Some(json!("web")),
            &["MCP041"],
        ),
        of("@/readinessProbe/httpGet/port", Some(json!(9)), &["MCP041"]),
        of("@/startupProbe/httpGet/port", Some(json!(9)), &["MCP041"]),
        of(
            "@/livenessProbe/httpGet/host",
            Some(json!("169.254.169.254")),
            &["MCP042"],
        ),
        of(
            "/metadata/labels/app.kubernetes.io~1version",
            None,
            &["MCP050"],
        ),
        of("/metadata/labels", None, &["MCP050"]),
        of(
            "/spec/template/metadata/labels/app.kubernetes.io~1managed-by",
            None,
            &["MCP050"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "GITHUB_TOKEN", "value": "1"})),
            &["MCP070"],
        ),
        of(
            "@/ports/-",
            Some(json!({"name": "metrics", "containerPort": 8080})),
            &["MCP071"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "value": "ghp_0123456789abcdefghijABCDEFGHIJ012345"})),
            &["MCP072"],
        ),
        of(
            "@/args",
            Some(json!(["--token=ghp_0123456789abcdefghijABCDEFGHIJ012345"])),
            &["MCP072"],
        ),
        of(
            "@/env/-",
            Some(
                json!({"name": "A", "valueFrom": {"secretKeyRef": {"name": "mcp-github-secrets", "key": "tokens"}}}),
            ),
            &["MCP073"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "valueFrom": {"secretKeyRef": {"name": "none", "key": "a"}}})),
            &["MCP073"],
        ),
        of(
            "@/envFrom",
            Some(json!([{"secretRef": {"name": "none"}}])),
            &["MCP073"],
        ),
        of(
            "@/envFrom",
            Some(json!([{"configMapRef": {"name": "none"}}])),
            &["MCP074"],
        ),
        of(
            "@/env/-",
            Some(
                json!({"name": "A", "valueFrom": {"configMapKeyRef": {"name": "mcp-litellm", "key": "none"}}}),
            ),
            &["MCP074"],
        ),
        of("@/volumeMounts/0/name", Some(json!("tmpp")), &["MCP075"]),
        of("/spec/template/spec/volumes", None, &["MCP075"]),
        of("@/volumeMounts", None, &["MCP075"]),
        of(
            "/spec/template/spec/serviceAccountName",
            Some(json!("mcp-github")),
            &["MCP076"],
        ),
        of("/metadata/name", Some(json!("mcp-s3")), &["MCP077"]),
        of(
            "/metadata/namespace",
            Some(json!("default")),
            &[
                "MCP110", "MCP031", "MCP061", "MCP073", "MCP076", "MCP079", "MCP082", "MCP100",
                "MCP102",
            ],
        ),
    ]
}

/// Mutations of what is around it.
#[allow(clippy::too_many_lines, reason = "a table")]
fn neighbours() -> Vec<Mutation> {
    let name = "mcp-github";
    let other = || Some(json!({"app.kubernetes.io/name": "mcp-gitlab"}));
    vec![
        (
            "PodDisruptionBudget",
            name,
            "/spec/minAvailable",
            Some(json!(2)),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/maxUnavailable",
            Some(json!(0)),
            &["MCP032"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/spec/selector/matchLabels",
            other(),
            &["MCP031", "MCP079"],
        ),
        (
            "PodDisruptionBudget",
            name,
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP031", "MCP079"],
        ),
        (
            "Service",
            name,
            "/spec/type",
            Some(json!("NodePort")),
            &["MCP060"],
        ),
        (
            "Service",
            name,
            "/spec/type",
            Some(json!("LoadBalancer")),
            &["MCP060"],
        ),
        (
            "Service",
            name,
            "/spec/selector",
            other(),
            &["MCP061", "MCP082"],
        ),
        (
            "Service",
            name,
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP061", "MCP082"],
        ),
        (
            "Service",
            name,
            "/spec/ports/0/targetPort",
            Some(json!("web")),
            &["MCP062"],
        ),
        (
            "Service",
            name,
            "/spec/ports/0/targetPort",
            Some(json!(9)),
            &["MCP062", "MCP104", "MCP108"],
        ),
        ("Service", name, "/metadata/labels", None, &["MCP082"]),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/spec/data/0/secretKey",
            Some(json!("token")),
            &["MCP073"],
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/spec/target/name",
            Some(json!("other")),
            &["MCP073"],
        ),
        (
            "ExternalSecret",
            "mcp-github-secrets",
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP073"],
        ),
        (
            "ServiceAccount",
            "mcp-github-sa",
            "/metadata/name",
            Some(json!("other")),
            &["MCP076"],
        ),
        (
            "ServiceAccount",
            "mcp-github-sa",
            "/metadata/namespace",
            Some(json!("elsewhere")),
            &["MCP076"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/selector/matchLabels",
            other(),
            &["MCP080", "MCP081", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/namespaceSelector/matchNames/0",
            Some(json!("elsewhere")),
            &["MCP080", "MCP081", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/namespaceSelector",
            None,
            &["MCP080", "MCP081", "MCP082"],
        ),
        (
            "ServiceMonitor",
            "mcp-servers",
            "/spec/endpoints/0/port",
            Some(json!("metrics")),
            &["MCP081"],
        ),
        (
            "ConfigMap",
            "mcp-litellm",
            "/data/other",
            Some(json!("ghp_0123456789abcdefghijABCDEFGHIJ012345")),
            &["MCP072"],
        ),
    ]
}

/// The ids of the rules that `bundle` breaks.
fn broken(bundle: &Bundle) -> BTreeSet<String> {
    let found = subject(bundle).findings().into_iter();
    found.map(|problem| problem.code.to_string()).collect()
}

/// What is checked of `bundle`.
fn subject(bundle: &Bundle) -> Subject<'static> {
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    let registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    let registry = RegistryPrefix::parse(registry).unwrap();
    let config = CheckConfig {
        registries: vec![registry],
        ..CheckConfig::default()
    };
    subject.configure(config, &mut problems);
    for document in &bundle.documents {
        let text = config::yaml(document, Order::Sorted);
        for node in yaml::parse(&text, 0, &mut problems) {
            subject.add(node, &mut problems);
        }
    }
    assert_eq!(problems.into_sorted(), []);
    subject
}

/// `clean` with `mutation`.
fn mutated(clean: &Bundle, mutation: &Mutation) -> Bundle {
    let (kind, name, pointer, value, _) = mutation;
    let pointer = pointer.replace('@', CONTAINER);
    let mut bundle = clean.clone();
    match value.clone() {
        Some(value) => bundle.set(kind, name, &pointer, value),
        None => bundle.remove(kind, name, &pointer),
    }
    bundle
}

#[test]
fn each_mutation_is_noticed_by_the_rules_that_should_and_no_others() {
    let clean = Bundle::of(support::QUICKSTART).unwrap();
    assert_eq!(broken(&clean), BTreeSet::new());
    let mutations = [containers(), neighbours()].concat();
    assert!(mutations.len() >= 80, "{}", mutations.len());
    let mut wrong = Vec::new();
    for mutation in mutations {
        let bundle = mutated(&clean, &mutation);
        let (kind, name, pointer, value, rules) = mutation;
        let expected: BTreeSet<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        let found = broken(&bundle);
        if found != expected {
            wrong.push(format!(
                "{kind} {name} {pointer} {value:?}: {found:?}, not {expected:?}"
            ));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_mutation_leaves_no_point_proved_that_the_broken_rules_are_about() {
    let clean = Bundle::of(support::QUICKSTART).unwrap();
    let mut tried = BTreeSet::new();
    let mut wrong = Vec::new();
    for mutation in [containers(), neighbours()].concat() {
        let bundle = mutated(&clean, &mutation);
        let subject = subject(&bundle);
        let checklist = subject.checklist(&subject.findings());
        let servers = checklist.servers.iter();
        let server = servers
            .clone()
            .find(|server| server.object.name == "mcp-github");
        for rule in mutation.4 {
            let point = POINTS.iter().position(|point| point.rules.contains(rule));
            let (Some(point), Some(server)) = (point, server) else {
                continue;
            };
            tried.insert(point);
            let standing = &server.points[point].1;
            let is_noticed = matches!(standing, Standing::Violated(_) | Standing::Open(..));
            // Nobody is told to use that ConfigMap: whose credential it is, is not known.
            let is_anybodys = mutation.0 == "ConfigMap";
            if is_noticed == is_anybodys {
                wrong.push(format!("{mutation:?}: {rule}: {standing:?}"));
            }
            let is_other = |problem: &Problem| problem.code.as_str() == *rule;
            if is_anybodys && !checklist.others.iter().any(is_other) {
                wrong.push(format!("{mutation:?}: {rule} is told nowhere"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    // All that rules are about but the connections, which other policies decide.
    let expected = (0..POINTS.len()).filter(|&point| !POINTS[point].rules.is_empty());
    let untried: BTreeSet<usize> = expected.filter(|point| !tried.contains(point)).collect();
    assert_eq!(untried, BTreeSet::from([6, 15, 17]));
}

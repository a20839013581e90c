//! Policies that are spoilt in one place, and the rules that say so.

use mcpset::check::Subject;
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::yaml::Dialect;
use serde_json::{Value, json};

use super::nodes;
use crate::support::{Bundle, EVERYTHING, QUICKSTART};

const POLICY: &str = "NetworkPolicy";
const GITHUB: &str = "mcp-github";
const DENY: &str = "mcp-default-deny";
const OWN: &str = "kubernetes.io/metadata.name";
const NAME: &str = "app.kubernetes.io/name";

/// What is spoilt, how, and the rules that see it.
pub type Mutation = (&'static str, fn(&mut Bundle), &'static [&'static str]);

fn set(bundle: &mut Bundle, pointer: &str, value: Value) {
    bundle.set(POLICY, GITHUB, &format!("/spec/{pointer}"), value);
}

fn remove(bundle: &mut Bundle, pointer: &str) {
    bundle.remove(POLICY, GITHUB, &format!("/spec/{pointer}"));
}

/// Another policy about the servers, or all pods.
fn add(bundle: &mut Bundle, spec: &Value) {
    bundle.documents.push(json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": POLICY,
        "metadata": {"name": "another", "namespace": "litellm"},
        "spec": spec,
    }));
}

/// Of the guide's two servers.
pub const MUTATIONS: &[Mutation] = &[
    (
        "no rule for the proxy",
        |b| remove(b, "ingress/0"),
        &["MCP103"],
    ),
    (
        "no rule for Prometheus",
        |b| remove(b, "ingress/1"),
        &["MCP104"],
    ),
    (
        "an empty list of ingress rules",
        |b| set(b, "ingress", json!([])),
        &["MCP103", "MCP104"],
    ),
    (
        "no ingress rules",
        |b| remove(b, "ingress"),
        &["MCP103", "MCP104"],
    ),
    (
        "the proxy's namespace by a label that namespaces do not have",
        |b| {
            set(
                b,
                "ingress/0/from/0/namespaceSelector/matchLabels",
                json!({NAME: "litellm"}),
            );
        },
        &["MCP103"],
    ),
    (
        "the proxy by another name",
        |b| {
            set(
                b,
                "ingress/0/from/0/podSelector/matchLabels",
                json!({NAME: "proxy"}),
            );
        },
        &["MCP103"],
    ),
    (
        "the Service's port for the proxy",
        |b| set(b, "ingress/0/ports/0/port", json!(80)),
        &["MCP101", "MCP103"],
    ),
    (
        "a port's name that no container has",
        |b| set(b, "ingress/0/ports/0/port", json!("mcp")),
        &["MCP101", "MCP103"],
    ),
    (
        "UDP for the proxy",
        |b| set(b, "ingress/0/ports/0/protocol", json!("UDP")),
        &["MCP101", "MCP103"],
    ),
    (
        "a port for Prometheus that there is not",
        |b| set(b, "ingress/1/ports/0/port", json!(9090)),
        &["MCP101", "MCP104"],
    ),
    (
        "the guide's label for Prometheus' namespace",
        |b| {
            set(
                b,
                "ingress/1/from/0/namespaceSelector/matchLabels",
                json!({NAME: "monitoring"}),
            );
        },
        &["MCP104"],
    ),
    (
        "Prometheus by a label that nobody declared",
        |b| {
            set(
                b,
                "ingress/1/from/0/podSelector",
                json!({"matchLabels": {"app": "metrics"}}),
            );
        },
        &["MCP104"],
    ),
    (
        "nobody named under `from`",
        |b| remove(b, "ingress/0/from"),
        &["MCP108"],
    ),
    (
        "an empty `from`",
        |b| set(b, "ingress/0/from", json!([])),
        &["MCP108"],
    ),
    (
        "all namespaces",
        |b| set(b, "ingress/0/from/0", json!({"namespaceSelector": {}})),
        &["MCP108"],
    ),
    (
        "the proxy's namespace alone",
        |b| remove(b, "ingress/0/from/0/podSelector"),
        &["MCP108"],
    ),
    (
        "namespace and pods of the proxy as two items",
        |b| {
            set(
                b,
                "ingress/0/from",
                json!([{"namespaceSelector": {"matchLabels": {OWN: "litellm"}}}, {"podSelector": {"matchLabels": {NAME: "litellm-proxy"}}}]),
            );
        },
        &["MCP108"],
    ),
    (
        "all ports for the proxy",
        |b| remove(b, "ingress/0/ports"),
        &["MCP108"],
    ),
    (
        "all ports for Prometheus",
        |b| remove(b, "ingress/1/ports"),
        &["MCP108"],
    ),
    (
        "a range of ports for Prometheus",
        |b| set(b, "ingress/1/ports/0/endPort", json!(9090)),
        &["MCP108"],
    ),
    (
        "all addresses let in",
        |b| {
            set(
                b,
                "ingress/0/from/-",
                json!({"ipBlock": {"cidr": "0.0.0.0/0"}}),
            );
        },
        &["MCP108"],
    ),
    (
        "private addresses let in",
        |b| {
            set(
                b,
                "ingress/0/from/-",
                json!({"ipBlock": {"cidr": "10.0.0.0/8"}}),
            );
        },
        &["MCP108"],
    ),
    (
        "an ingress rule for everybody",
        |b| set(b, "ingress/-", json!({})),
        &["MCP108"],
    ),
    (
        "ingress not listed",
        |b| set(b, "policyTypes", json!(["Egress"])),
        &["MCP103", "MCP104"],
    ),
    (
        "egress not listed",
        |b| set(b, "policyTypes", json!(["Ingress"])),
        &["MCP105", "MCP106"],
    ),
    (
        "no default-deny, and egress not listed",
        |b| {
            b.drop_object(POLICY, DENY);
            set(b, "policyTypes", json!(["Ingress"]));
        },
        &["MCP109"],
    ),
    (
        "no default-deny, and ingress not listed",
        |b| {
            b.drop_object(POLICY, DENY);
            set(b, "policyTypes", json!(["Egress"]));
        },
        &["MCP108"],
    ),
    (
        "no policy",
        |b| {
            b.drop_object(POLICY, DENY);
            b.drop_object(POLICY, GITHUB);
        },
        &["MCP102"],
    ),
    (
        "only the default-deny",
        |b| b.drop_object(POLICY, GITHUB),
        &["MCP103", "MCP104", "MCP105", "MCP106"],
    ),
    (
        "a selector that finds nobody",
        |b| set(b, "podSelector/matchLabels", json!({"app": GITHUB})),
        &["MCP100", "MCP103", "MCP104", "MCP105", "MCP106"],
    ),
    (
        "another namespace",
        |b| b.set(POLICY, GITHUB, "/metadata/namespace", json!("data")),
        &["MCP100", "MCP103", "MCP104", "MCP105", "MCP106"],
    ),
    (
        "a default-deny for nobody",
        |b| {
            b.set(
                POLICY,
                DENY,
                "/spec/podSelector/matchLabels",
                json!({"app": "mcp"}),
            );
        },
        &["MCP100"],
    ),
    (
        "a default-deny for the proxy as well",
        |b| b.set(POLICY, DENY, "/spec/podSelector", json!({})),
        &["MCP103"],
    ),
    (
        "DNS over UDP alone",
        |b| remove(b, "egress/0/ports/1"),
        &["MCP105"],
    ),
    (
        "DNS over TCP alone",
        |b| remove(b, "egress/0/ports/0"),
        &["MCP105"],
    ),
    (
        "DNS on another port",
        |b| set(b, "egress/0/ports/0/port", json!(5353)),
        &["MCP105"],
    ),
    (
        "DNS pods by another label",
        |b| {
            set(
                b,
                "egress/0/to/0/podSelector/matchLabels",
                json!({"k8s-app": "coredns"}),
            );
        },
        &["MCP105"],
    ),
    (
        "DNS' namespace by the guide's label",
        |b| {
            set(
                b,
                "egress/0/to/0/namespaceSelector/matchLabels",
                json!({NAME: "kube-system"}),
            );
        },
        &["MCP105"],
    ),
    (
        "DNS pods without their namespace",
        |b| remove(b, "egress/0/to/0/namespaceSelector"),
        &["MCP105"],
    ),
    (
        "no way to the DNS on the node",
        |b| remove(b, "egress/0/to/1"),
        &["MCP105"],
    ),
    ("no rule for DNS", |b| remove(b, "egress/0"), &["MCP105"]),
    (
        "the collector's other port",
        |b| set(b, "egress/2/ports/0/port", json!(4317)),
        &["MCP106"],
    ),
    (
        "the guide's label for the collector's namespace",
        |b| {
            set(
                b,
                "egress/2/to/0/namespaceSelector/matchLabels",
                json!({NAME: "monitoring"}),
            );
        },
        &["MCP106"],
    ),
    (
        "no rule for the collector",
        |b| remove(b, "egress/2"),
        &["MCP106"],
    ),
    (
        "no rule for the internet",
        |b| remove(b, "egress/1"),
        &["MCP106"],
    ),
    (
        "the internet without TLS",
        |b| set(b, "egress/1/ports/0/port", json!(80)),
        &["MCP106"],
    ),
    (
        "half of the internet",
        |b| set(b, "egress/1/to/0/ipBlock", json!({"cidr": "0.0.0.0/1"})),
        &["MCP106"],
    ),
    (
        "an exception that is public",
        |b| {
            set(
                b,
                "egress/1/to/0/ipBlock/except/-",
                json!("140.82.112.0/20"),
            );
        },
        &["MCP106"],
    ),
    (
        "the guide's way to the internet",
        |b| set(b, "egress/1/to", json!([{"namespaceSelector": {}}])),
        &["MCP106", "MCP107"],
    ),
    (
        "the instance metadata no exception",
        |b| remove(b, "egress/1/to/0/ipBlock/except/3"),
        &["MCP109"],
    ),
    (
        "no exceptions",
        |b| remove(b, "egress/1/to/0/ipBlock/except"),
        &["MCP109"],
    ),
    (
        "the instance metadata no exception in IPv6",
        |b| remove(b, "egress/1/to/1/ipBlock/except/0"),
        &["MCP109"],
    ),
    (
        "an egress rule for everything",
        |b| set(b, "egress/-", json!({})),
        &["MCP109"],
    ),
    (
        "a policy beside it that undoes the exceptions",
        |b| {
            add(
                b,
                &json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "169.254.0.0/16"}}]}, {"to": [{"namespaceSelector": {}}]}]}),
            );
        },
        &["MCP109"],
    ),
    (
        "a policy beside it that lets the namespace in",
        |b| {
            add(
                b,
                &json!({"podSelector": {"matchLabels": {NAME: GITHUB}}, "ingress": [{"from": [{"podSelector": {}}]}]}),
            );
        },
        &["MCP108"],
    ),
];

/// Of the config that uses every field.
const MORE: &[Mutation] = &[
    (
        "another port of a range",
        |b| {
            b.set(
                POLICY,
                "tools-github",
                "/spec/egress/5/ports/0/port",
                json!(8444),
            );
        },
        &["MCP106"],
    ),
    (
        "half of a range",
        |b| {
            b.set(
                POLICY,
                "tools-github",
                "/spec/egress/5/to/0/ipBlock/cidr",
                json!("192.0.2.0/29"),
            );
        },
        &["MCP106"],
    ),
    (
        "no way to the API server",
        |b| b.remove(POLICY, "tools-github", "/spec/egress/3"),
        &["MCP106"],
    ),
    (
        "no endpoints of the VPC",
        |b| b.remove(POLICY, "tools-github", "/spec/egress/2"),
        &["MCP106"],
    ),
    (
        "another namespace of a Service",
        |b| {
            b.set(
                POLICY,
                "tools-github",
                "/spec/egress/6/to/0/namespaceSelector/matchLabels",
                json!({OWN: "dat"}),
            );
        },
        &["MCP106"],
    ),
    (
        "no way to the proxy's keys",
        |b| b.remove(POLICY, "tools-github", "/spec/egress/7"),
        &["MCP106"],
    ),
    (
        "one of two ports",
        |b| b.remove(POLICY, "tools-github", "/spec/egress/8/ports/1"),
        &["MCP106"],
    ),
    (
        "the collector by another name",
        |b| {
            b.set(
                "ApplicationNetworkPolicy",
                "tools-github",
                "/spec/egress/1/to/0/domainNames/0",
                json!("otel.example.org"),
            );
        },
        &["MCP106"],
    ),
    (
        "metrics on the server's port",
        |b| {
            b.set(
                POLICY,
                "tools-github",
                "/spec/ingress/1/ports/0/port",
                json!(3000),
            );
        },
        &["MCP104", "MCP108"],
    ),
];

/// The rules about networks that `bundle`, made of `config`, breaks.
fn broken(config: &str, bundle: &Bundle) -> Vec<String> {
    let mut problems = Problems::default();
    let document = nodes(config).remove(0);
    let set = mcpset::expand(
        &document,
        Dialect::Written,
        &Overrides::default(),
        &mut problems,
    );
    let set = set.unwrap();
    let mut subject = Subject::default();
    subject.declare(&set);
    for document in &bundle.documents {
        for node in nodes(&serde_yaml::to_string(document).unwrap()) {
            subject.add(node, &mut problems);
        }
    }
    let found = subject.findings().into_iter();
    let mut ids: Vec<_> = found
        .map(|problem| problem.code.as_str().to_owned())
        .collect();
    ids.retain(|id| id.starts_with("MCP10"));
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn every_mutation_is_caught_by_the_rules_that_should_and_by_no_other() {
    let mut wrong = Vec::new();
    for (config, mutations) in [(QUICKSTART, MUTATIONS), (EVERYTHING, MORE)] {
        let clean = Bundle::of(config).unwrap();
        assert_eq!(broken(config, &clean), [""; 0]);
        for (name, spoil, rules) in mutations {
            let mut bundle = clean.clone();
            spoil(&mut bundle);
            let found = broken(config, &bundle);
            if found != *rules {
                wrong.push(format!("{name}: {found:?}, not {rules:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

//! One thing at a time is broken in a clean bundle, and the rules that should notice, and no others,
//! do.

use crate::support;
mod beside;
mod container;
mod neighbours;
mod proxies;

use std::collections::BTreeSet;

use crate::support::Bundle;
use crate::support::config::{self, Order};
use mcpset::check::{Standing, Subject};
use mcpset::companions::checklist::POINTS;
use mcpset::model::{CheckConfig, RegistryPrefix};
use mcpset::problem::{Problem, Problems};
use mcpset::yaml;
use serde_json::{Value, json};

/// What is done to one object: which, where, and what stands there afterwards; nothing where it is
/// removed. Then the rules that notice.
type Mutation = (
    &'static str,
    &'static str,
    &'static str,
    Option<Value>,
    &'static [&'static str],
);

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
    subject.configure(config);
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
    let pointer = pointer.replace('@', container::CONTAINER);
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
    let mutations = [container::containers(), neighbours::neighbours()].concat();
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
    for mutation in [container::containers(), neighbours::neighbours()].concat() {
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
    // All that rules are about but what LiteLLM is told, and the connections: other objects decide those.
    let expected = (0..POINTS.len()).filter(|&point| !POINTS[point].rules.is_empty());
    let untried: BTreeSet<usize> = expected.filter(|point| !tried.contains(point)).collect();
    assert_eq!(untried, BTreeSet::from([13, 15, 17]));
}

#[test]
fn what_is_put_beside_a_clean_bundle_is_noticed_by_the_rules_that_should_and_no_others() {
    let clean = Bundle::of(support::QUICKSTART).unwrap();
    let cases = [
        beside::scalers(),
        proxies::configs(),
        beside::queries(),
        beside::secrets(),
    ];
    let mut wrong = Vec::new();
    for (what, objects, rules) in cases.concat() {
        let mut bundle = clean.clone();
        bundle.documents.extend(support::bundle::read(&objects));
        let expected: BTreeSet<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        let found = broken(&bundle);
        if found != expected {
            wrong.push(format!("{what}: {found:?}, not {expected:?} of {objects}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// What is changed in several places, and the rules that notice.
type Change = (&'static str, fn(&mut Bundle), &'static [&'static str]);

const CHANGES: &[Change] = &[
    (
        "an autoscaler decides",
        |bundle| scale(bundle, "minReplicas: 2\n  maxReplicas: 5"),
        &[],
    ),
    (
        "an autoscaler leaves one",
        |bundle| scale(bundle, "minReplicas: 1\n  maxReplicas: 5"),
        &["MCP030"],
    ),
    (
        "an autoscaler makes one at most",
        |bundle| scale(bundle, "minReplicas: 1\n  maxReplicas: 1"),
        &["MCP030", "MCP032"],
    ),
    (
        "an autoscaler and no budget",
        |bundle| {
            scale(bundle, "minReplicas: 2\n  maxReplicas: 5");
            bundle.drop_object("PodDisruptionBudget", "mcp-github");
        },
        &["MCP031"],
    ),
    (
        "policies of ingress alone",
        |bundle| {
            for policy in ["mcp-default-deny", "mcp-github"] {
                bundle.set(
                    "NetworkPolicy",
                    policy,
                    "/spec/policyTypes",
                    json!(["Ingress"]),
                );
            }
        },
        &["MCP109", "MCP111"],
    ),
    (
        "LiteLLM is told of one",
        |bundle| {
            let values = "envVars: {A: \"http://mcp-s3:8080/mcp\"}\nproxy_config: {mcp_servers: {s3: {url: os.environ/A}}}";
            bundle.set(
                "ConfigMap",
                "mcp-litellm",
                "/data/values.yaml",
                json!(values),
            );
        },
        &["MCP095"],
    ),
];

/// Gives the decision to an autoscaler.
fn scale(bundle: &mut Bundle, spec: &str) {
    bundle.remove("Deployment", "mcp-github", "/spec/replicas");
    let scaler = support::bundle::read(&beside::scaler(spec));
    bundle.documents.extend(scaler);
}

#[test]
fn what_takes_several_changes_is_noticed_by_the_rules_that_should_and_no_others() {
    let clean = Bundle::of(support::QUICKSTART).unwrap();
    for (what, change, rules) in CHANGES {
        let mut bundle = clean.clone();
        change(&mut bundle);
        let expected: BTreeSet<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
        assert_eq!(broken(&bundle), expected, "{what}");
    }
}

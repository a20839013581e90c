//! The shape of network policies and disruption budgets; `reach` says where policies lead.

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort,
};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::json;

use crate::support::bundle::{Bundle, Labels, name, selects};
use crate::support::cidr::Range;
use crate::support::config;
use crate::support::rule::Rule;

use super::references::selected;

const POLICY: &str = "NetworkPolicy";
const GITHUB: &str = "tools-github";

pub const RULES: &[Rule] = &[
    Rule {
        name: "a PodDisruptionBudget has one of both fields, and leaves a pod to evict",
        violations: budgets,
        broken_by: |bundle| {
            bundle.set(
                "PodDisruptionBudget",
                GITHUB,
                "/spec/maxUnavailable",
                json!(1),
            );
        },
    },
    Rule {
        name: "a server has a PodDisruptionBudget for its own pods, if it has several",
        violations: budget_pods,
        broken_by: |bundle| bundle.drop_object("PodDisruptionBudget", GITHUB),
    },
    Rule {
        name: "every server has a NetworkPolicy of its own, and one denies for all servers of the set",
        violations: policy_pods,
        broken_by: |bundle| {
            bundle.set(POLICY, "tools-default-deny", "/spec/podSelector", json!({}));
        },
    },
    Rule {
        name: "an ipBlock stands alone, and its exceptions lie inside it",
        violations: blocks,
        broken_by: |bundle| {
            let pointer = "/spec/egress/1/to/0/ipBlock/except/0";
            bundle.set(POLICY, GITHUB, pointer, json!("fc00::/7"));
        },
    },
    Rule {
        name: "every rule names peers and ports: an empty list would open everything",
        violations: open_rules,
        broken_by: |bundle| bundle.set(POLICY, GITHUB, "/spec/egress/3/ports", json!([])),
    },
    Rule {
        name: "a policy by host name selects the pods of its server and names hosts and ports",
        violations: hosts,
        broken_by: |bundle| {
            bundle.set(
                "ApplicationNetworkPolicy",
                GITHUB,
                "/spec/egress/0/ports",
                json!([]),
            );
        },
    },
];

fn budgets(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for budget in bundle.all::<PodDisruptionBudget>() {
        let spec = budget.spec.clone().unwrap();
        let replicas = bundle
            .pods()
            .into_iter()
            .find(|pod| pod.name == name(&budget))
            .and_then(|pod| pod.deployment.spec?.replicas);
        let mut scalers = bundle.all::<HorizontalPodAutoscaler>().into_iter();
        let scaler = scalers.find(|scaler| name(scaler) == name(&budget));
        let replicas = replicas.or(scaler.and_then(|scaler| scaler.spec.min_replicas));
        let fits = match (&spec.min_available, &spec.max_unavailable) {
            (Some(IntOrString::Int(least)), None) => replicas.is_some_and(|all| *least < all),
            (None, Some(_)) => true,
            _ => false,
        };
        if !fits {
            violations.push(format!("{}: {spec:?} of {replicas:?}", name(&budget)));
        }
    }
    violations
}

fn budget_pods(bundle: &Bundle) -> Vec<String> {
    let mut found = Vec::new();
    for budget in bundle.all::<PodDisruptionBudget>() {
        let selector = budget.spec.clone().unwrap().selector.unwrap_or_default();
        let namespace = budget.metadata.namespace.clone().unwrap_or_default();
        found.push((name(&budget), selected(bundle, &namespace, &selector)));
    }
    let wanted: Vec<_> = config::servers(&bundle.config)
        .iter()
        .filter(|server| server.replicas() > 1)
        .map(|server| (server.workload(), vec![server.workload()]))
        .collect();
    (found != wanted)
        .then(|| format!("{found:?}, not {wanted:?}"))
        .into_iter()
        .collect()
}

pub fn has_policies(bundle: &Bundle) -> bool {
    bundle.config["spec"]["platform"]["network"]["policies"] != false
}

fn policy_pods(bundle: &Bundle) -> Vec<String> {
    let mut found = Vec::new();
    let mut violations = Vec::new();
    for policy in bundle.all::<NetworkPolicy>() {
        let spec = policy.spec.clone().unwrap();
        let selector = spec.pod_selector.clone().unwrap_or_default();
        let namespace = policy.metadata.namespace.clone().unwrap_or_default();
        found.push(selected(bundle, &namespace, &selector));
        if spec.policy_types != Some(vec!["Ingress".into(), "Egress".into()]) {
            violations.push(format!("{} does not close both ways", name(&policy)));
        }
        if selects(&selector, &proxy_labels(bundle)) {
            violations.push(format!("{} selects the proxy", name(&policy)));
        }
    }
    let servers: Vec<_> = config::servers(&bundle.config)
        .iter()
        .map(config::Server::workload)
        .collect();
    let mut wanted = vec![servers.clone()];
    wanted.extend(servers.into_iter().map(|server| vec![server]));
    wanted.retain(|_| has_policies(bundle));
    if found != wanted {
        violations.push(format!("pods of {found:?} are selected, not {wanted:?}"));
    }
    violations
}

pub fn proxy_labels(bundle: &Bundle) -> Labels {
    let written = &bundle.config["spec"]["platform"]["litellm"];
    let name = match written["chart"].as_str() {
        Some("litellm") => "litellm",
        _ => "litellm-proxy",
    };
    serde_json::from_value(written["podLabels"].clone())
        .unwrap_or_else(|_| Labels::from([("app.kubernetes.io/name".into(), name.into())]))
}

pub type RulePart = (String, Vec<NetworkPolicyPeer>, Vec<NetworkPolicyPort>);

/// Peers and ports of every rule, egress and ingress.
pub fn rules(bundle: &Bundle) -> Vec<RulePart> {
    let mut rules = Vec::new();
    for policy in bundle.all::<NetworkPolicy>() {
        let name = name(&policy);
        let spec = policy.spec.unwrap();
        for rule in spec.egress.into_iter().flatten() {
            let (to, ports) = (rule.to.unwrap_or_default(), rule.ports.unwrap_or_default());
            rules.push((format!("{name} egress"), to, ports));
        }
        for rule in spec.ingress.into_iter().flatten() {
            let (from, ports) = (
                rule.from.unwrap_or_default(),
                rule.ports.unwrap_or_default(),
            );
            rules.push((format!("{name} ingress"), from, ports));
        }
    }
    rules
}

fn blocks(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for (rule, peers, _) in rules(bundle) {
        for peer in peers {
            let others = peer.pod_selector.is_some() || peer.namespace_selector.is_some();
            match &peer.ip_block {
                Some(block) if others || !is_valid(block) => {
                    violations.push(format!("{rule}: {peer:?}"));
                }
                None if !others => violations.push(format!("{rule}: an empty peer")),
                _ => {}
            }
        }
    }
    violations
}

/// An exception is part of the block and not all of it (networking validation,
/// `ValidateIPBlock`).
fn is_valid(block: &IPBlock) -> bool {
    let Some(cidr) = Range::parse(&block.cidr) else {
        return false;
    };
    block.except.iter().flatten().all(|except| {
        Range::parse(except).is_some_and(|except| cidr.contains(except) && cidr != except)
    })
}

fn open_rules(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for (rule, peers, ports) in rules(bundle) {
        let fits = |port: &NetworkPolicyPort| {
            matches!(&port.port, Some(IntOrString::Int(number)) if (1..=65535).contains(number))
                && matches!(port.protocol.as_deref(), Some("TCP" | "UDP"))
        };
        if peers.is_empty() || ports.is_empty() || !ports.iter().all(fits) {
            violations.push(format!("{rule}: {peers:?} {ports:?}"));
        }
    }
    violations
}

fn hosts(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for policy in bundle.of_kind("ApplicationNetworkPolicy") {
        let name = policy["metadata"]["name"].as_str().unwrap();
        let namespace = policy["metadata"]["namespace"].as_str().unwrap();
        let spec = &policy["spec"];
        let selector = serde_json::from_value(spec["podSelector"].clone()).unwrap();
        let found = selected(bundle, namespace, &selector);
        let filled =
            |list: &serde_json::Value| list.as_array().is_some_and(|list| !list.is_empty());
        let rules = spec["egress"].as_array().unwrap();
        let named = rules
            .iter()
            .all(|rule| filled(&rule["to"]) && filled(&rule["ports"]));
        if found != [name] || !named || rules.is_empty() {
            violations.push(format!("{name}: {found:?} {spec}"));
        }
    }
    violations
}

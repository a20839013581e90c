//! Network policies and disruption budgets.

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort,
};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::json;

use crate::support::bundle::{Bundle, Labels, name, selects};
use crate::support::cidr::Range;
use crate::support::config;
use crate::support::rule::Rule;

use super::references::selected;

const POLICY: &str = "NetworkPolicy";
const GITHUB: &str = "tools-github";
/// The instance metadata service, in both families: whoever reaches it has the node's role.
const METADATA: [&str; 2] = ["169.254.169.254/32", "fd00:ec2::254/128"];

/// Where spans go when the config says nothing.
const COLLECTOR: &str = "http://jaeger-all-in-one.monitoring.svc.cluster.local:4318";

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
        name: "no policy opens the instance metadata",
        violations: metadata,
        broken_by: |bundle| {
            bundle.remove(POLICY, GITHUB, "/spec/egress/1/to/0/ipBlock/except/3");
        },
    },
    Rule {
        name: "every server may ask DNS over UDP and TCP",
        violations: dns,
        broken_by: |bundle| bundle.remove(POLICY, GITHUB, "/spec/egress/0/ports/1"),
    },
    Rule {
        name: "the proxy reaches the MCP port and Prometheus the metrics port, and nobody another",
        violations: ingress,
        broken_by: |bundle| bundle.set(POLICY, GITHUB, "/spec/ingress/1/ports/0/port", json!(3000)),
    },
    Rule {
        name: "every server may send its spans to the collector",
        violations: spans,
        broken_by: |bundle| bundle.remove(POLICY, GITHUB, "/spec/egress/1/ports/1"),
    },
    Rule {
        name: "a server with a role may reach STS, which hands it out",
        violations: sts,
        broken_by: |bundle| {
            bundle.remove(POLICY, GITHUB, "/spec/egress/2");
            bundle.remove(POLICY, GITHUB, "/spec/egress/1/ports/0");
        },
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

fn has_policies(bundle: &Bundle) -> bool {
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

fn proxy_labels(bundle: &Bundle) -> Labels {
    let written = &bundle.config["spec"]["platform"]["litellm"]["podLabels"];
    serde_json::from_value(written.clone()).unwrap_or_else(|_| {
        Labels::from([("app.kubernetes.io/name".into(), "litellm-proxy".into())])
    })
}

type RulePart = (String, Vec<NetworkPolicyPeer>, Vec<NetworkPolicyPort>);

/// Peers and ports of every rule, egress and ingress.
fn rules(bundle: &Bundle) -> Vec<RulePart> {
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

fn metadata(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for (rule, peers, _) in rules(bundle) {
        for block in peers.into_iter().filter_map(|peer| peer.ip_block) {
            let opens = |address: &str| {
                let address = Range::parse(address).unwrap();
                let covers =
                    |cidr: &String| Range::parse(cidr).is_some_and(|c| c.contains(address));
                covers(&block.cidr) && !block.except.iter().flatten().any(covers)
            };
            if METADATA.into_iter().any(opens) {
                violations.push(format!("{rule}: {block:?}"));
            }
        }
    }
    violations
}

fn dns(bundle: &Bundle) -> Vec<String> {
    let asks = |policy: &NetworkPolicy, protocol: &str| {
        let spec = policy.spec.clone().unwrap();
        spec.egress.into_iter().flatten().any(|rule| {
            let to_dns = rule.to.iter().flatten().any(|peer| {
                let namespace = peer.namespace_selector.clone().unwrap_or_default();
                let pods = peer.pod_selector.clone().unwrap_or_default();
                finds(&namespace, "kubernetes.io/metadata.name", "kube-system")
                    && finds(&pods, "k8s-app", "kube-dns")
            });
            to_dns
                && rule.ports.iter().flatten().any(|port| {
                    port.protocol.as_deref() == Some(protocol)
                        && port.port == Some(IntOrString::Int(53))
                })
        })
    };
    bundle
        .all::<NetworkPolicy>()
        .iter()
        .filter(|policy| {
            policy
                .spec
                .as_ref()
                .is_some_and(|spec| spec.egress.is_some())
        })
        .filter(|policy| !asks(policy, "UDP") || !asks(policy, "TCP"))
        .map(name)
        .collect()
}

fn finds(selector: &LabelSelector, key: &str, value: &str) -> bool {
    selects(selector, &Labels::from([(key.into(), value.into())]))
        && selector.match_labels.iter().flatten().next().is_some()
}

/// Host and port of a URL.
fn authority(url: &str) -> (String, i32) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let authority = rest.split('/').next().unwrap();
    let default = if scheme == "https" { 443 } else { 80 };
    let port = authority
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok());
    let host = authority.rsplit_once(':').filter(|_| port.is_some());
    let host = host.map_or(authority, |(host, _)| host);
    (
        host.trim_matches(['[', ']']).to_owned(),
        port.unwrap_or(default),
    )
}

fn spans(bundle: &Bundle) -> Vec<String> {
    let tracing = &bundle.config["spec"]["platform"]["tracing"];
    if *tracing == false || !has_policies(bundle) {
        return Vec::new();
    }
    let (host, port) = authority(tracing["endpoint"].as_str().unwrap_or(COLLECTOR));
    let own = bundle.config["metadata"]["namespace"].as_str().unwrap();
    let in_cluster = host.strip_suffix(".cluster.local").unwrap_or(&host);
    let namespace = match in_cluster.strip_suffix(".svc") {
        Some(service) => service.rsplit_once('.').map(|(_, namespace)| namespace),
        None => (!host.contains(['.', ':'])).then_some(own),
    };
    let leads_there = |peer: &NetworkPolicyPeer| match namespace {
        Some(namespace) => peer
            .namespace_selector
            .as_ref()
            .is_some_and(|selector| finds(selector, "kubernetes.io/metadata.name", namespace)),
        None => peer
            .ip_block
            .as_ref()
            .is_some_and(|block| is_open(block, &host)),
    };
    without(bundle, |name| {
        opens(bundle, name, port, leads_there) || names_host(bundle, name, &host)
    })
}

/// Whether `block` holds `host`, an address or a name of which nobody knows the address.
fn is_open(block: &IPBlock, host: &str) -> bool {
    let length = if host.contains(':') { 128 } else { 32 };
    match Range::parse(&format!("{host}/{length}")) {
        Some(address) => {
            let covers = |cidr: &String| Range::parse(cidr).unwrap().contains(address);
            covers(&block.cidr) && !block.except.iter().flatten().any(covers)
        }
        None => block.cidr == "0.0.0.0/0",
    }
}

fn sts(bundle: &Bundle) -> Vec<String> {
    let has_role = |name: &str| {
        let mut servers = config::servers(&bundle.config).into_iter();
        let server = servers.find(|server| server.workload() == name).unwrap();
        server
            .field("aws")
            .is_some_and(|aws| aws["roleArn"].is_string())
    };
    let leads_out = |peer: &NetworkPolicyPeer| peer.ip_block.is_some();
    without(bundle, |name| {
        !has_role(name)
            || opens(bundle, name, 443, leads_out)
            || names_host(bundle, name, "sts.amazonaws.com")
    })
}

/// The servers with a policy for which `fits` does not hold.
fn without(bundle: &Bundle, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut names: Vec<_> = config::servers(&bundle.config)
        .iter()
        .map(config::Server::workload)
        .collect();
    names.retain(|name| has_policies(bundle) && !fits(name));
    names
}

/// Whether the policy `name` lets out to a peer that `leads_there`, on `port`.
fn opens(
    bundle: &Bundle,
    server: &str,
    port: i32,
    leads_there: impl Fn(&NetworkPolicyPeer) -> bool,
) -> bool {
    let policies = bundle.all::<NetworkPolicy>().into_iter();
    let rules = policies
        .filter(|policy| name(policy) == server)
        .filter_map(|policy| policy.spec.unwrap().egress);
    rules.flatten().any(|rule| {
        let on_port = |open: &NetworkPolicyPort| open.port == Some(IntOrString::Int(port));
        rule.to.iter().flatten().any(&leads_there) && rule.ports.iter().flatten().any(on_port)
    })
}

/// Whether a policy by host name lets the server `name` out to `host`.
fn names_host(bundle: &Bundle, name: &str, host: &str) -> bool {
    let policies = bundle.of_kind("ApplicationNetworkPolicy").into_iter();
    let mut peers = policies
        .filter(|policy| policy["metadata"]["name"] == name)
        .flat_map(|policy| policy["spec"]["egress"].as_array().unwrap())
        .flat_map(|rule| rule["to"].as_array().unwrap())
        .flat_map(|peer| peer["domainNames"].as_array().unwrap())
        .filter_map(serde_json::Value::as_str);
    peers.any(|domain| match domain.strip_prefix('*') {
        Some(suffix) => host.ends_with(suffix),
        None => host == domain,
    })
}

fn ingress(bundle: &Bundle) -> Vec<String> {
    let platform = &bundle.config["spec"]["platform"];
    let own = bundle.config["metadata"]["namespace"].as_str().unwrap();
    let proxy = platform["litellm"]["namespace"].as_str().unwrap_or(own);
    let prometheus = platform["monitoring"]["namespace"]
        .as_str()
        .unwrap_or("monitoring");
    let mut violations = Vec::new();
    for server in config::servers(&bundle.config) {
        let port = server
            .field("port")
            .and_then(serde_json::Value::as_i64)
            .unwrap_or(8080);
        let own_port = server
            .field("metrics")
            .and_then(|metrics| metrics["port"].as_i64());
        let mut wanted = vec![(proxy.to_owned(), proxy_labels(bundle), port)];
        if server.has_metrics() {
            wanted.push((
                prometheus.to_owned(),
                Labels::new(),
                own_port.unwrap_or(port),
            ));
        }
        wanted.retain(|_| has_policies(bundle));
        let found = callers(bundle, &server.workload());
        if found != wanted {
            violations.push(format!("{}: {found:?}, not {wanted:?}", server.workload()));
        }
    }
    violations
}

/// Who may call the server `workload`: namespace, labels of the pods there, port.
fn callers(bundle: &Bundle, workload: &str) -> Vec<(String, Labels, i64)> {
    let mut found = Vec::new();
    for policy in bundle
        .all::<NetworkPolicy>()
        .into_iter()
        .filter(|policy| name(policy) == workload)
    {
        for rule in policy.spec.unwrap().ingress.into_iter().flatten() {
            for peer in rule.from.iter().flatten() {
                let labels = |selector: &Option<LabelSelector>| {
                    selector
                        .clone()
                        .unwrap_or_default()
                        .match_labels
                        .unwrap_or_default()
                };
                let namespace = labels(&peer.namespace_selector)
                    .remove("kubernetes.io/metadata.name")
                    .unwrap_or_default();
                for port in rule.ports.iter().flatten() {
                    let Some(IntOrString::Int(number)) = port.port else {
                        panic!("{port:?}");
                    };
                    found.push((namespace.clone(), labels(&peer.pod_selector), number.into()));
                }
            }
        }
    }
    found
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

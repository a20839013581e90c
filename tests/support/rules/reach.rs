//! Who reaches whom through the network policies.

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

use crate::support::bundle::{Bundle, Labels, name, selects};
use crate::support::cidr::Range;
use crate::support::config;
use crate::support::rule::Rule;

use super::network::{has_policies, proxy_labels, rules};

const POLICY: &str = "NetworkPolicy";
const GITHUB: &str = "tools-github";
/// The instance metadata service, in both families: whoever reaches it has the node's role.
const METADATA: [&str; 2] = ["169.254.169.254/32", "fd00:ec2::254/128"];
/// Where spans go when the config says nothing.
const COLLECTOR: &str = "http://jaeger-all-in-one.monitoring.svc.cluster.local:4318";

pub const RULES: &[Rule] = &[
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
        broken_by: |bundle| {
            bundle.config["spec"]["platform"]["tracing"]["endpoint"] =
                json!("http://10.9.9.9:4317");
        },
    },
    Rule {
        name: "where hosts are filtered by name, only who asks for the internet reaches it",
        violations: unasked,
        broken_by: |bundle| {
            bundle.config["spec"]["servers"][0]["egress"] = json!([{"host": "api.github.com"}]);
        },
    },
    Rule {
        name: "a server with a role may reach STS, which hands it out",
        violations: sts,
        broken_by: |bundle| {
            // Endpoints of the VPC, and the addresses of the API server.
            for _ in 0..3 {
                bundle.remove(POLICY, GITHUB, "/spec/egress/2");
            }
            bundle.remove(POLICY, GITHUB, "/spec/egress/1/ports/0");
        },
    },
];

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

/// Servers to which every public address is open though they name hosts and the cluster can
/// filter by them.
fn unasked(bundle: &Bundle) -> Vec<String> {
    let asks = |name: &str| {
        let mut servers = config::servers(&bundle.config).into_iter();
        let server = servers.find(|server| server.workload() == name).unwrap();
        let egress = server.field("egress").and_then(Value::as_array);
        egress.is_none_or(|egress| egress.contains(&json!("internet")))
    };
    let leads_anywhere = |peer: &NetworkPolicyPeer| {
        let blocks = peer.ip_block.iter();
        blocks
            .into_iter()
            .any(|block| block.cidr == "0.0.0.0/0" || block.cidr == "::/0")
    };
    let filters = bundle.config["spec"]["platform"]["network"]["hostnames"] == "aws";
    without(bundle, |name| {
        !filters || asks(name) || !opens(bundle, name, None, leads_anywhere)
    })
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
        opens(bundle, name, Some(port), leads_there) || names_host(bundle, name, &host)
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
            || opens(bundle, name, Some(443), leads_out)
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

/// Whether the policy of `server` lets out to a peer that `leads_there`, on `port` or any.
fn opens(
    bundle: &Bundle,
    server: &str,
    port: Option<i32>,
    leads_there: impl Fn(&NetworkPolicyPeer) -> bool,
) -> bool {
    let policies = bundle.all::<NetworkPolicy>().into_iter();
    let rules = policies
        .filter(|policy| name(policy) == server)
        .filter_map(|policy| policy.spec.unwrap().egress);
    rules.flatten().any(|rule| {
        let on_port =
            |open: &NetworkPolicyPort| port.is_none() || open.port == port.map(IntOrString::Int);
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
        .filter_map(Value::as_str);
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
        let port = server.field("port").and_then(Value::as_i64).unwrap_or(8080);
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

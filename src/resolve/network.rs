//! What one server may reach.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{range, refuse_many, single_address};
use super::api_access;
use super::litellm;
use super::platform::Defaults;
use super::scope::{Reported, Scope, all, items, setting};
use crate::api::{self, Field, List, Placed};
use crate::model::{
    Cidr, Destination, Egress, HostName, HostRule, HttpEndpoint, Labels, NamespaceName,
    POD_IDENTITY, PROXY_PORT, Peer, Port, ServiceRef, Traffic,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// Where the API server listens: its Service and EKS, and nearly everybody else (kubeadm).
const API_SERVER_PORTS: [i64; 2] = [443, 6443];

/// What was collected so far, each destination once.
#[derive(Default)]
struct Collected {
    egress: BTreeMap<Destination, BTreeSet<Port>>,
    hosts: BTreeMap<HostName, BTreeSet<Port>>,
}

impl Collected {
    fn open(&mut self, to: Destination, ports: impl IntoIterator<Item = Port>) {
        self.egress.entry(to).or_default().extend(ports);
    }
}

/// Resolves `egress` and adds what tracing and AWS identity need.
pub fn traffic(
    scope: &mut Scope<'_>,
    server: &api::Server,
    platform: &Defaults,
    namespace: &NamespaceName,
) -> Result<Traffic, Reported> {
    let mut collected = Collected::default();
    let written = written(scope, &server.egress, platform, &mut collected);
    if let Some(tracing) = &platform.platform.tracing {
        open_endpoint(&mut collected, &tracing.endpoint, namespace, platform);
    }
    let keys = open_keys(scope, &server.litellm, platform, &mut collected);
    let identity = identity(scope, &server.aws, platform, &mut collected);
    let api = open_api_server(scope, server, platform, &mut collected);
    written?;
    api?;
    keys?;
    identity?;
    Ok(Traffic {
        egress: collected
            .egress
            .into_iter()
            .map(|(to, ports)| Egress {
                to,
                ports: ports.into_iter().collect(),
            })
            .collect(),
        hosts: collected
            .hosts
            .into_iter()
            .map(|(host, ports)| HostRule {
                host,
                ports: ports.into_iter().collect(),
            })
            .collect(),
    })
}

fn written(
    scope: &mut Scope<'_>,
    field: &Field<List<api::Egress>>,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    if field.is_absent() {
        internet(platform, collected);
        return Ok(());
    }
    let items = items(field)?;
    let number = items.iter().map(|item| match &item.value {
        api::Egress::Word(api::EgressWord::Internet) => 1,
        api::Egress::To(rule) => rule.ports.value().map_or(1, Vec::len),
    });
    refuse_many(scope, number.sum(), field.place())?;
    let results = items.into_iter().map(|item| match &item.value {
        api::Egress::Word(api::EgressWord::Internet) => {
            internet(platform, collected);
            Ok(())
        }
        api::Egress::To(rule) => destination(scope, rule, item.place, platform, collected),
    });
    all(results.collect::<Vec<_>>()).map(|_| ())
}

fn internet(platform: &Defaults, collected: &mut Collected) {
    collected.open(Destination::Internet, [Port::HTTPS]);
    for cidr in &platform.endpoint_cidrs {
        collected.open(Destination::Cidr(*cidr), [Port::HTTPS]);
    }
}

fn destination(
    scope: &mut Scope<'_>,
    rule: &api::EgressRule,
    place: Place,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    let ports = ports(scope, &rule.ports);
    let given: Vec<Place> = [&rule.host, &rule.cidr, &rule.service, &rule.namespace]
        .into_iter()
        .filter_map(Field::place)
        .collect();
    if given.is_empty() && scope.begins_with_unknown(place) {
        return Err(Reported);
    }
    if given.len() != 1 {
        let help = match given.len() {
            0 => {
                "write one, such as `{host: api.github.com}` or `{service: data/postgres, ports: [5432]}`"
            }
            _ => "write an item of its own for each",
        };
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "an egress names exactly one of `host`, `cidr`, `service`, `namespace`",
            )
            .help(help),
        );
    }
    let labels = super::platform::labels(scope, &rule.pod_labels);
    if let (Some(labels), Field::Absent) = (rule.pod_labels.place(), &rule.namespace) {
        return scope.report(
            Problem::error(Code::Contradiction, labels, "`podLabels` needs `namespace`")
                .help("write `{namespace: …, podLabels: …}`"),
        );
    }
    if let Some(host) = rule.host.given() {
        return to_host(scope, host, ports?, platform, collected);
    }
    let to = if let Some(cidr) = rule.cidr.given() {
        Destination::Cidr(scope.parse(cidr, range)?)
    } else if let Some(service) = rule.service.given() {
        let service = scope.parse(service, ServiceRef::parse)?;
        pods(service.namespace, Labels::new())
    } else {
        // Any other one that is not wrong was seen above.
        let namespace = scope.optional(&rule.namespace, NamespaceName::parse)?;
        pods(namespace.ok_or(Reported)?, labels?)
    };
    collected.open(to, ports?);
    Ok(())
}

fn pods(namespace: NamespaceName, labels: Labels) -> Destination {
    Destination::Pods(Peer { namespace, labels })
}

fn to_host(
    scope: &mut Scope<'_>,
    text: &Placed<String>,
    ports: Vec<Port>,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    let in_cluster = [".svc", ".svc.cluster.local"];
    if in_cluster.iter().any(|suffix| text.value.ends_with(suffix)) {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                text.place,
                format!("`{}` is a Service of the cluster", text.value),
            )
            .help("write {service: <namespace>/<name>, ports: […]}"),
        );
    }
    let host = scope.parse(text, HostName::parse)?;
    if platform.filters_hosts {
        collected.hosts.entry(host).or_default().extend(ports);
        return Ok(());
    }
    if platform.platform.network.is_some() {
        scope.note(
            Problem::warning(
                Code::Downgrade,
                text.place,
                format!("a NetworkPolicy cannot name `{host}`: every public address is opened on these ports"),
            )
            .help("set `platform.network.hostnames` to what in your cluster filters by host name, or write a `cidr`"),
        );
    }
    collected.open(Destination::Internet, ports);
    Ok(())
}

fn ports(scope: &mut Scope<'_>, field: &Field<List<i64>>) -> Result<Vec<Port>, Reported> {
    if field.is_absent() {
        return Ok(vec![Port::HTTPS]);
    }
    let items = items(field)?;
    if items.is_empty() {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                field.place(),
                "a destination without ports would be open on all of them",
            )
            .help("name the ports, or leave `ports` out for 443"),
        );
    }
    let mut seen = BTreeSet::new();
    all(items.into_iter().map(|item| {
        let port = scope.valid(Port::new(item.value), Code::InvalidValue, item.place)?;
        if seen.insert(port) {
            return Ok(port);
        }
        scope.report(
            Problem::error(
                Code::NameCollision,
                item.place,
                format!("port {} stands here twice", item.value),
            )
            .help("write it once"),
        )
    }))
}

/// Opens the collector that spans go to. A host of one word is a Service beside the servers; where
/// hosts can be filtered by name, one outside the cluster is opened by its name and no further.
fn open_endpoint(
    collected: &mut Collected,
    endpoint: &HttpEndpoint,
    own: &NamespaceName,
    platform: &Defaults,
) {
    let host = endpoint.host();
    let to = if let Some(service) = endpoint.cluster_service() {
        pods(service.namespace, Labels::new())
    } else if !host.contains(['.', ':']) {
        pods(own.clone(), Labels::new())
    } else if let Some(cidr) = single_address(host) {
        Destination::Cidr(cidr)
    } else {
        match HostName::parse(host) {
            Ok(host) if platform.filters_hosts => {
                let ports = collected.hosts.entry(host).or_default();
                ports.insert(endpoint.port());
                return;
            }
            _ => Destination::Internet,
        }
    };
    collected.open(to, [endpoint.port()]);
}

/// Opens the proxy where the server fetches its keys to check users' tokens.
fn open_keys(
    scope: &mut Scope<'_>,
    field: &Field<api::Registration>,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    if field
        .value()
        .is_some_and(|written| litellm::signs_users(written) == Ok(true))
    {
        let port = scope.valid(Port::new(PROXY_PORT.into()), Code::InvalidValue, None)?;
        let proxy = platform.platform.proxy.clone();
        collected.open(Destination::Pods(proxy), [port]);
    }
    Ok(())
}

/// Opens the Kubernetes API where the server uses it.
fn open_api_server(
    scope: &mut Scope<'_>,
    server: &api::Server,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    let Some(access) = api_access::wanted(&server.access) else {
        return Ok(());
    };
    if platform.platform.api_server.is_empty() && platform.platform.network.is_some() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                access,
                "nothing opens the way to the Kubernetes API: a policy knows it by its addresses alone, and `platform.network.apiServerCidrs` names none",
            )
            .help("name those that `kubectl get service kubernetes -n default` and `kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes` show; on EKS the latter change within the control plane's subnets, so name these"),
        );
    }
    for number in API_SERVER_PORTS {
        let port = scope.valid(Port::new(number), Code::InvalidValue, None)?;
        for cidr in &platform.platform.api_server {
            collected.open(Destination::Cidr(*cidr), [port]);
        }
    }
    Ok(())
}

/// Opens what the server's AWS identity needs: the Pod Identity agent, or STS for IRSA.
fn identity(
    scope: &mut Scope<'_>,
    field: &Field<api::Aws>,
    platform: &Defaults,
    collected: &mut Collected,
) -> Result<(), Reported> {
    let Some(aws) = field.value() else {
        return Ok(());
    };
    if setting(&aws.pod_identity, false)? {
        for agent in POD_IDENTITY {
            let agent = scope.valid(Cidr::parse(agent), Code::InvalidValue, None)?;
            collected.open(Destination::Cidr(agent), [Port::HTTP]);
        }
    }
    let Some(role) = aws.role_arn.given() else {
        return Ok(());
    };
    for cidr in &platform.endpoint_cidrs {
        collected.open(Destination::Cidr(*cidr), [Port::HTTPS]);
    }
    let reaches_sts = collected
        .hosts
        .iter()
        .any(|(host, ports)| is_sts(host) && ports.contains(&Port::HTTPS))
        || collected
            .egress
            .iter()
            .any(|(to, ports)| !matches!(to, Destination::Pods(_)) && ports.contains(&Port::HTTPS));
    if reaches_sts || platform.platform.network.is_none() {
        return Ok(());
    }
    scope.report(
        Problem::error(
            Code::Contradiction,
            role.place,
            "the role is assumed through AWS STS, and `egress` opens no way there",
        )
        .help("add `internet` or {host: sts.<region>.amazonaws.com} to `egress`, or the addresses of your STS endpoint to `platform.network.endpointCidrs`"),
    )
}

/// Whether `host` is AWS STS, or a wildcard that holds it: `sts.amazonaws.com`, or
/// `sts.<region>.amazonaws.com[.cn]`.
fn is_sts(host: &HostName) -> bool {
    let host = host.as_str();
    let host = host.strip_suffix(".cn").unwrap_or(host);
    let Some(rest) = host.strip_suffix("amazonaws.com") else {
        return false;
    };
    match rest.strip_suffix('.').unwrap_or(rest).split_once('.') {
        // `*.amazonaws.com`, `sts.amazonaws.com`.
        None => matches!(rest, "*." | "sts."),
        // `*.us-east-1.amazonaws.com`, `sts.us-east-1.amazonaws.com`.
        Some((first, region)) => matches!(first, "*" | "sts") && !region.contains('.'),
    }
}

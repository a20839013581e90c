//! Commands that ask the live cluster, for every page that has such.
//!
//! They go where policies let them, and use what is there: a pod's own ports through `port-forward`,
//! because the API server is nobody whom a NetworkPolicy lets in; the servers as the proxy sees them
//! through its Python, because LiteLLM's image has no curl.

mod aws;
mod deployed;

use std::collections::BTreeMap;

pub use aws::{annotation, annotations, association, aws, role, roles, stored};
pub use deployed::{Address, Asked, Deployed, Jaeger, Proxy};

use crate::promql::{Matcher, Selector};
use crate::shell::Command;

/// Prints the address of a host.
const RESOLVE: &str = "import socket, sys; print(socket.gethostbyname(sys.argv[1]))";
/// Prints a connection to a host and port, or why there is none.
const CONNECT: &str =
    "import socket, sys; print(socket.create_connection((sys.argv[1], sys.argv[2]), 5))";
/// Prints the status of a URL.
const FETCH: &str =
    "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).status)";

/// `kubectl <verb> -n <namespace> …`.
#[must_use]
pub fn kubectl(verb: &str, namespace: &str, arguments: &[&str]) -> Command {
    let verb: Vec<&str> = verb.split(' ').collect();
    Command::new(&["kubectl"])
        .words(&verb)
        .words(&["-n", namespace])
        .words(arguments)
}

/// The port of this machine that leads to `port` of another: the same, unless it is one on which
/// only root may listen.
#[must_use]
pub fn local(port: u16) -> u16 {
    const PRIVILEGED: u16 = 1024;
    const ABOVE: u16 = 8000;
    if port < PRIVILEGED {
        port + ABOVE
    } else {
        port
    }
}

/// `question`, asked of what it is told is the address, while that leads to `port` of the target of
/// `forward`.
fn forwarded(
    forward: Command,
    port: u16,
    question: impl FnOnce(&str) -> Vec<Command>,
) -> Vec<Command> {
    let local = local(port);
    let ports = format!("{local}:{port}");
    let asked = question(&format!("http://localhost:{local}"));
    std::iter::once(forward.words(&[&ports]).in_background())
        .chain(asked)
        .chain([Command::fixed("kill $!")])
        .collect()
}

/// A GET of `url`, once somebody listens there.
fn get(url: &str) -> Command {
    Command::new(&["curl", "-sS", "--retry", "9", "--retry-connrefused", url])
}

/// What there is of `kinds` in the servers' namespaces.
#[must_use]
pub fn list(deployed: &Deployed<'_>, kinds: &str) -> Vec<Command> {
    let mut namespaces: Vec<&str> = Vec::new();
    for server in &deployed.servers {
        if !namespaces.contains(&server.namespace) {
            namespaces.push(server.namespace);
        }
    }
    let asked = namespaces.into_iter();
    asked
        .map(|namespace| kubectl("get", namespace, &[kinds, "-o", "wide"]))
        .collect()
}

/// What has Prometheus read somebody, wherever that is.
#[must_use]
pub fn monitors(_: &Deployed<'_>) -> Vec<Command> {
    vec![Command::new(&[
        "kubectl",
        "get",
        "servicemonitors,podmonitors",
        "--all-namespaces",
    ])]
}

/// What the metrics of `server` are, read from one of its pods.
#[must_use]
pub fn metrics(server: &Asked<'_>, filter: impl FnOnce(Command) -> Command) -> Vec<Command> {
    let Some((port, path)) = server.metrics else {
        return Vec::new();
    };
    let forward = kubectl("port-forward", server.namespace, &[&server.workload]);
    forwarded(forward, port, |address| {
        vec![filter(get(&format!("{address}{path}")))]
    })
}

/// What all metrics are.
#[must_use]
pub fn all_metrics(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.iter();
    servers
        .flat_map(|server| metrics(server, |question| question))
        .collect()
}

/// Which servers the proxy knows, asked where it is administered.
#[must_use]
pub fn proxy(deployed: &Deployed<'_>) -> Vec<Command> {
    administered(deployed, |question| vec![question])
}

/// The same, and what `more` does while the proxy is reached.
#[must_use]
pub fn administered(
    deployed: &Deployed<'_>,
    more: impl FnOnce(Command) -> Vec<Command>,
) -> Vec<Command> {
    let Proxy {
        namespace, chart, ..
    } = deployed.proxy;
    let forward = kubectl("port-forward", namespace, &[]).expanded("$PROXY");
    let asked = forwarded(forward, chart.administration_port(), |address| {
        let question = get(&format!("{address}/v1/mcp/server"));
        more(question.expanded_option("--header", "Authorization: Bearer $LITELLM_MASTER_KEY"))
    });
    let find = find_proxy(&deployed.proxy, chart.administration());
    std::iter::once(find).chain(asked).collect()
}

/// The first running pod of the proxy's `component`, where its chart has several, in the variable
/// `PROXY`.
fn find_proxy(proxy: &Proxy<'_>, component: Option<&'static str>) -> Command {
    let labels = proxy.labels.iter().map(|(key, value)| (*key, *value));
    let component = component.map(|component| ("app.kubernetes.io/component", component));
    let labels: BTreeMap<&str, &str> = labels.chain(component).collect();
    let labels: Vec<String> = labels
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    kubectl("get", proxy.namespace, &["pods"])
        .option("-l", &labels.join(","))
        .words(&["--field-selector=status.phase=Running", "-o", "name"])
        .into_pipe(&Command::fixed("head -n 1"))
        .into_variable("PROXY")
}

/// The pod of the proxy that calls the servers.
#[must_use]
pub fn find_caller(deployed: &Deployed<'_>) -> Command {
    find_proxy(&deployed.proxy, deployed.proxy.chart.caller())
}

/// A line of Python that runs in the proxy's pod, which [`find_caller`] found.
fn in_proxy(deployed: &Deployed<'_>, line: &str, arguments: &[&str]) -> Command {
    kubectl("exec", deployed.proxy.namespace, &[])
        .expanded("$PROXY")
        .words(&["--", "python3", "-c", line])
        .words(arguments)
}

/// Whether the pod that [`find_caller`] found finds every server's name.
#[must_use]
pub fn names(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.iter();
    let hosts = servers.filter_map(|server| Some(server.address?.host(server.namespace)));
    hosts
        .map(|host| in_proxy(deployed, RESOLVE, &[&host]))
        .collect()
}

/// Whether that pod reaches every server.
#[must_use]
pub fn reach(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.iter();
    let reached = servers.filter_map(|server| {
        let address = server.address?;
        let (host, port) = (address.host(server.namespace), address.port.to_string());
        Some(match address.health {
            Some(path) => in_proxy(deployed, FETCH, &[&format!("http://{host}:{port}{path}")]),
            None => in_proxy(deployed, CONNECT, &[&host, &port]),
        })
    });
    reached.collect()
}

/// Whether the proxy reaches every server.
#[must_use]
pub fn reached(deployed: &Deployed<'_>) -> Vec<Command> {
    let reached = reach(deployed);
    if reached.is_empty() {
        return reached;
    }
    std::iter::once(find_caller(deployed))
        .chain(reached)
        .collect()
}

/// Port of Jaeger's pages, and of what they ask.
const JAEGER: u16 = 16686;

/// The newest trace of every server; none where nobody said where traces can be seen.
#[must_use]
pub fn traces(deployed: &Deployed<'_>) -> Vec<Command> {
    let asked = |address: &str| {
        let address = address.trim_end_matches('/');
        let servers = deployed.servers.iter();
        let urls =
            servers.map(|server| format!("{address}/api/traces?service={}&limit=1", server.traced));
        urls.map(|url| get(&url)).collect()
    };
    match &deployed.jaeger {
        None => Vec::new(),
        Some(Jaeger::Page(address)) => asked(address),
        Some(Jaeger::Service(service)) => {
            let target = format!("svc/{}", service.name);
            let forward = kubectl("port-forward", service.namespace.as_str(), &[&target]);
            forwarded(forward, JAEGER, asked)
        }
    }
}

/// Port of Prometheus' pages, and of what they ask.
const PROMETHEUS: u16 = 9090;

/// Which pods Prometheus reads: those of the one server that is asked about, or all of the namespace.
#[must_use]
pub fn targets(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.as_slice();
    let namespace = servers.first().map_or("", |server| server.namespace);
    let mut matchers = vec![Matcher::is("namespace", namespace)];
    if let [only] = servers {
        let address = only.address.iter();
        matchers.extend(address.map(|address| Matcher::is("service", address.service)));
    }
    let up = Selector::new("up", matchers).value();
    let target = ["svc/prometheus-operated"];
    let forward = kubectl("port-forward", deployed.prometheus, &target);
    forwarded(forward, PROMETHEUS, |address| {
        let question = get(&format!("{address}/api/v1/query"));
        let query = ["-G", "--data-urlencode", &format!("query={up}")];
        vec![question.words(&query)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_to_be_root_to_ask() {
        for (port, expected) in [(1, 8001), (80, 8080), (443, 8443), (1023, 9023)] {
            assert_eq!(local(port), expected);
        }
        for port in [1024, 4000, 8080, u16::MAX] {
            assert_eq!(local(port), port);
        }
        let server = Asked {
            namespace: "litellm",
            workload: "deployment/mcp-github".into(),
            metrics: Some((80, "/metrics")),
            ..Asked::default()
        };
        let asked = metrics(&server, |question| question);
        let asked: Vec<String> = asked.iter().map(Command::to_string).collect();
        assert_eq!(
            asked,
            [
                "kubectl port-forward -n litellm deployment/mcp-github 8080:80 &",
                "curl -sS --retry 9 --retry-connrefused http://localhost:8080/metrics",
                "kill $!",
            ]
        );
    }
}

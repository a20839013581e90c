//! Commands that ask the live cluster, for every section that has such.
//!
//! They go where policies let them, and use what is there: a pod's own ports through `port-forward`,
//! because the API server is nobody whom a NetworkPolicy lets in; the servers as the proxy sees them
//! through its Python, because LiteLLM's image has no curl.

use super::delivery;
use super::page::Command;
use crate::model::{Metrics, ProbeCheck, ProbePort, Server, Set};
use crate::promql::{Matcher, Selector};

/// Prints the address of a host.
const RESOLVE: &str = "import socket, sys; print(socket.gethostbyname(sys.argv[1]))";
/// Prints a connection to a host and port, or why there is none.
const CONNECT: &str =
    "import socket, sys; print(socket.create_connection((sys.argv[1], sys.argv[2]), 5))";
/// Prints the status of a URL.
const FETCH: &str =
    "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).status)";

/// `kubectl <verb> -n <namespace> …`.
pub fn kubectl(verb: &str, namespace: &str, arguments: &[&str]) -> Command {
    let verb: Vec<&str> = verb.split(' ').collect();
    Command::new(&["kubectl"])
        .and(&verb)
        .and(&["-n", namespace])
        .and(arguments)
}

/// `deployment/mcp-github`.
pub fn deployment(server: &Server) -> String {
    format!("deployment/{}", server.names.workload)
}

/// What selects the objects of `set`.
pub fn part_of(set: &Set) -> String {
    format!("app.kubernetes.io/part-of={}", set.name)
}

/// `question`, asked on this machine's `port` while that leads to the same port of `target`.
pub fn forwarded(namespace: &str, target: &str, port: &str, question: Command) -> [Command; 3] {
    forwarded_to(
        kubectl("port-forward", namespace, &[target]),
        port,
        question,
    )
}

fn forwarded_to(forward: Command, port: &str, question: Command) -> [Command; 3] {
    let ports = format!("{port}:{port}");
    [
        forward.and(&[&ports]).in_background(),
        question,
        Command::fixed("kill $!"),
    ]
}

/// A GET of `url`, once somebody listens there.
pub fn get(url: &str) -> Command {
    Command::new(&["curl", "-sS", "--retry", "9", "--retry-connrefused", url])
}

/// What a server's metrics are, read from one of its pods; `None` where it has none.
pub fn metrics(server: &Server, filter: impl FnOnce(Command) -> Command) -> Option<[Command; 3]> {
    let Metrics { path, own_port } = server.metrics.as_ref()?;
    let port = own_port.unwrap_or(server.port).to_string();
    let url = format!("http://localhost:{port}{path}");
    let namespace = server.namespace.as_str();
    Some(forwarded(
        namespace,
        &deployment(server),
        &port,
        filter(get(&url)),
    ))
}

/// Which servers the proxy knows.
pub fn proxy(set: &Set) -> [Command; 4] {
    let namespace = set.platform.proxy.namespace.as_str();
    let forward = kubectl("port-forward", namespace, &[]).and_variable("PROXY");
    let question = get("http://localhost:4000/v1/mcp/server")
        .and(&["-H"])
        .and_expanded("Authorization: Bearer $LITELLM_MASTER_KEY");
    let [forward, question, end] = forwarded_to(forward, "4000", question);
    [find_proxy(set), forward, question, end]
}

/// The proxy's first pod, in the variable `PROXY`.
fn find_proxy(set: &Set) -> Command {
    let proxy = &set.platform.proxy;
    let labels: Vec<String> = proxy
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let pods = kubectl(
        "get",
        proxy.namespace.as_str(),
        &["pods", "-l", &labels.join(","), "-o", "name"],
    );
    pods.into_pipe(&Command::fixed("head -n 1"))
        .into_variable("PROXY")
}

/// A line of Python that runs in the proxy's pod, which [`find_proxy`] found.
fn in_proxy(set: &Set, line: &str, arguments: &[&str]) -> Command {
    kubectl("exec", set.platform.proxy.namespace.as_str(), &[])
        .and_variable("PROXY")
        .and(&["--", "python3", "-c", line])
        .and(arguments)
}

/// Whether the proxy finds every server's name.
pub fn names(set: &Set) -> Vec<Command> {
    let servers = set.servers.iter();
    let resolved = servers.map(|server| in_proxy(set, RESOLVE, &[&host(server)]));
    std::iter::once(find_proxy(set)).chain(resolved).collect()
}

/// Whether the proxy reaches every server.
pub fn reach(set: &Set) -> Vec<Command> {
    let reached = set.servers.iter().map(|server| match health(server) {
        Some(url) => in_proxy(set, FETCH, &[&url]),
        None => in_proxy(set, CONNECT, &[&host(server), &server.port.to_string()]),
    });
    std::iter::once(find_proxy(set)).chain(reached).collect()
}

/// The host name of a server's Service.
pub fn host(server: &Server) -> String {
    format!(
        "{}.{}.svc.cluster.local",
        server.names.workload, server.namespace
    )
}

/// Where a server says that it lives, on the port that the proxy may reach and to everybody; `None`
/// where it does not.
fn health(server: &Server) -> Option<String> {
    match (&server.probes.check, server.probes.port) {
        (
            ProbeCheck::Http {
                liveness,
                host: None,
                ..
            },
            ProbePort::Http,
        ) => Some(format!("http://{}:{}{liveness}", host(server), server.port)),
        _ => None,
    }
}

/// One trace of every server, newest first.
pub fn traces(set: &Set) -> Vec<Command> {
    /// Port of Jaeger's pages and of what they ask.
    const PAGES: &str = "16686";
    let question = |jaeger: &str, server: &Server| {
        let name = &server.names.workload;
        get(&format!("{jaeger}/api/traces?service={name}&limit=1"))
    };
    let servers = set.servers.iter();
    if let Some(ui) = set.platform.tracing_ui() {
        let jaeger = ui.as_str().trim_end_matches('/');
        return servers.map(|server| question(jaeger, server)).collect();
    }
    let Some(tracing) = &set.platform.tracing else {
        return Vec::new();
    };
    let asked = servers.map(|server| question(&format!("http://localhost:{PAGES}"), server));
    let Some(service) = tracing.endpoint.cluster_service() else {
        return asked.collect();
    };
    let target = format!("svc/{}", service.name);
    let ports = format!("{PAGES}:{PAGES}");
    let forward = kubectl(
        "port-forward",
        service.namespace.as_str(),
        &[&target, &ports],
    );
    let end = Command::fixed("kill $!");
    std::iter::once(forward.in_background())
        .chain(asked)
        .chain([end])
        .collect()
}

/// Which pods of `set` Prometheus reads.
pub fn targets(set: &Set) -> [Command; 3] {
    let monitoring = set.platform.monitoring.namespace.as_str();
    let namespace = Matcher::is("namespace", set.namespace.as_str());
    let up = Selector::new("up", vec![namespace]).value();
    let question = get("http://localhost:9090/api/v1/query").and(&[
        "-G",
        "--data-urlencode",
        &format!("query={up}"),
    ]);
    forwarded(monitoring, "svc/prometheus-operated", "9090", question)
}

/// The role of `server`, if it has one.
pub fn role(server: &Server) -> Option<Command> {
    let role = server.aws.role.as_ref()?;
    Some(Command::new(&[
        "aws",
        "iam",
        "get-role",
        "--role-name",
        role.as_str(),
    ]))
}

/// What connects `server` to its role, where that is EKS Pod Identity.
pub fn association(set: &Set, server: &Server) -> Option<Command> {
    if !server.aws.pod_identity {
        return None;
    }
    let command = Command::new(&[
        "aws",
        "eks",
        "list-pod-identity-associations",
        "--cluster-name",
    ]);
    let command = match &set.platform.cloud.cluster {
        Some(cluster) => command.and(&[cluster.as_str()]),
        None => command.and_variable("CLUSTER"),
    };
    let account = server.names.service_account.as_str();
    let namespace = server.namespace.as_str();
    let whose = ["--namespace", namespace, "--service-account", account];
    Some(command.and(&whose).and(&delivery::region(set)))
}

//! Commands that ask the live cluster, for every section that has such.
//!
//! They go where policies let them, and use what is there: a pod's own ports through `port-forward`,
//! because the API server is nobody whom a NetworkPolicy lets in; the servers as the proxy sees them
//! through its Python, because LiteLLM's image has no curl.

use std::collections::BTreeMap;

use super::delivery;
use crate::model::{Metrics, ProbeCheck, ProbePort, Server, Set};
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
pub fn kubectl(verb: &str, namespace: &str, arguments: &[&str]) -> Command {
    let verb: Vec<&str> = verb.split(' ').collect();
    Command::new(&["kubectl"])
        .words(&verb)
        .words(&["-n", namespace])
        .words(arguments)
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

/// `question`, asked while `forward` leads `ports` there.
fn forwarded_to(forward: Command, ports: &str, question: Command) -> [Command; 3] {
    [
        forward.words(&[ports]).in_background(),
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

/// Which servers the proxy knows, asked where it is administered.
pub fn proxy(set: &Set) -> [Command; 4] {
    let port = set.platform.litellm.chart.administration_port();
    let port = port.to_string();
    let url = format!("http://localhost:{port}/v1/mcp/server");
    let namespace = set.platform.proxy.namespace.as_str();
    let forward = kubectl("port-forward", namespace, &[]).expanded("$PROXY");
    let question =
        get(&url).expanded_option("--header", "Authorization: Bearer $LITELLM_MASTER_KEY");
    let [forward, question, end] = forwarded_to(forward, &port, question);
    let component = set.platform.litellm.chart.administration();
    [find_proxy(set, component), forward, question, end]
}

/// The first running pod of the proxy's `component`, where its chart has several, in the variable
/// `PROXY`.
fn find_proxy(set: &Set, component: Option<&'static str>) -> Command {
    let proxy = &set.platform.proxy;
    let labels = proxy.labels.iter();
    let labels = labels.map(|(key, value)| (key.as_str(), value.as_str()));
    let component = component.map(|component| ("app.kubernetes.io/component", component));
    let labels: BTreeMap<&str, &str> = labels.chain(component).collect();
    let labels: Vec<String> = labels
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    kubectl("get", proxy.namespace.as_str(), &["pods"])
        .option("-l", &labels.join(","))
        .words(&["--field-selector=status.phase=Running", "-o", "name"])
        .into_pipe(&Command::fixed("head -n 1"))
        .into_variable("PROXY")
}

/// The pod of the proxy that calls the servers.
fn find_caller(set: &Set) -> Command {
    find_proxy(set, set.platform.litellm.chart.caller())
}

/// A line of Python that runs in the proxy's pod, which [`find_caller`] found.
fn in_proxy(set: &Set, line: &str, arguments: &[&str]) -> Command {
    kubectl("exec", set.platform.proxy.namespace.as_str(), &[])
        .expanded("$PROXY")
        .words(&["--", "python3", "-c", line])
        .words(arguments)
}

/// Whether the proxy finds every server's name.
pub fn names(set: &Set) -> Vec<Command> {
    let servers = set.servers.iter();
    let resolved = servers.map(|server| in_proxy(set, RESOLVE, &[&server.host()]));
    std::iter::once(find_caller(set)).chain(resolved).collect()
}

/// Whether the proxy reaches every server.
pub fn reach(set: &Set) -> Vec<Command> {
    let reached = set.servers.iter().map(|server| match health(server) {
        Some(url) => in_proxy(set, FETCH, &[&url]),
        None => in_proxy(set, CONNECT, &[&server.host(), &server.port.to_string()]),
    });
    std::iter::once(find_caller(set)).chain(reached).collect()
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
        ) => Some(format!(
            "http://{}:{}{liveness}",
            server.host(),
            server.port
        )),
        _ => None,
    }
}

/// Port of Jaeger's pages, and of what they ask.
const JAEGER: &str = "16686";

/// The newest trace of every server; `None` where nobody said where traces can be seen.
pub fn traces(set: &Set) -> Option<Vec<Command>> {
    let question = |jaeger: &str, server: &Server| {
        let name = &server.names.workload;
        get(&format!("{jaeger}/api/traces?service={name}&limit=1"))
    };
    let servers = set.servers.iter();
    let tracing = set.platform.tracing.as_ref()?;
    if let Some(ui) = &tracing.ui {
        let jaeger = ui.as_str().trim_end_matches('/');
        return Some(servers.map(|server| question(jaeger, server)).collect());
    }
    let service = tracing.endpoint.cluster_service()?;
    let target = format!("svc/{}", service.name);
    let ports = format!("{JAEGER}:{JAEGER}");
    let forward = kubectl(
        "port-forward",
        service.namespace.as_str(),
        &[&target, &ports],
    );
    let jaeger = format!("http://localhost:{JAEGER}");
    let asked = servers.map(|server| question(&jaeger, server));
    let commands = std::iter::once(forward.in_background()).chain(asked);
    Some(commands.chain([Command::fixed("kill $!")]).collect())
}

/// Which pods of `set` Prometheus reads.
pub fn targets(set: &Set) -> [Command; 3] {
    let monitoring = set.platform.monitoring.namespace.as_str();
    let namespace = Matcher::is("namespace", set.namespace.as_str());
    let up = Selector::new("up", vec![namespace]).value();
    let question = get("http://localhost:9090/api/v1/query").words(&[
        "-G",
        "--data-urlencode",
        &format!("query={up}"),
    ]);
    forwarded(monitoring, "svc/prometheus-operated", "9090:9090", question)
}

/// `aws` in the set's region, as far as somebody said it: IAM has one endpoint a partition, and the
/// region says which.
pub fn aws(set: &Set, words: &[&str]) -> Command {
    Command::new(&[&["aws"], words].concat()).words(&delivery::region(set))
}

/// The role of `server`, if it has one.
pub fn role(set: &Set, server: &Server) -> Option<Command> {
    let role = server.aws.role.as_ref()?;
    Some(aws(set, &["iam", "get-role"]).option("--role-name", role.as_str()))
}

/// What connects `server` to its role, where that is EKS Pod Identity.
pub fn association(set: &Set, server: &Server) -> Option<Command> {
    if !server.aws.pod_identity {
        return None;
    }
    let command = aws(set, &["eks", "list-pod-identity-associations"]);
    let command = match &set.platform.cloud.cluster {
        Some(cluster) => command.option("--cluster-name", cluster.as_str()),
        None => command.expanded_option("--cluster-name", "${CLUSTER:?name of the EKS cluster}"),
    };
    let command = command
        .option("--namespace", server.namespace.as_str())
        .option("--service-account", server.names.service_account.as_str());
    Some(command)
}

//! The guide's checklist: eighteen points, in its order.

use super::ask;
use super::page::Page;
use crate::model::{Server, Set};
use crate::shell::Command;

/// How a point stands.
enum Standing {
    /// The bundle proves it.
    Proved,
    /// The bundle shows that it does not hold, and why.
    Open(String),
    /// The live cluster shows it, with these commands.
    Live(Vec<Command>),
}
use Standing::{Live, Open, Proved};

/// The section.
pub fn write(page: &mut Page, set: &Set) {
    page.heading(2, "Before it counts as deployed");
    page.paragraph(
        "Ticked is what the bundle already proves. What has commands shows in the live cluster alone.",
    );
    page.gap();
    let single = named(set, |server| server.replicas < 2);
    point(
        page,
        "Deployment with 2 or more replicas",
        none(&single, "one"),
    );
    point(page, "Service (ClusterIP)", Proved);
    point(
        page,
        "Security context: not root, all capabilities dropped",
        Proved,
    );
    point(page, "Resource requests and limits", Proved);
    point(page, "Health probes", Proved);
    let metrics = set.servers.iter();
    let metrics = metrics.filter_map(|server| ask::metrics(server, |question| question));
    let metrics: Vec<Command> = metrics.flatten().collect();
    let unmeasured = named(set, |server| server.metrics.is_none());
    let exposed = match unmeasured.as_slice() {
        [] => "Prometheus metrics exposed".to_owned(),
        names => format!("Prometheus metrics exposed (none: {})", names.join(", ")),
    };
    point(page, &exposed, some(metrics, NO_METRICS));
    let silent = named(set, |server| !is_traced(server));
    point(
        page,
        "OpenTelemetry tracing configured",
        none(&silent, "no traces"),
    );
    point(page, "Credentials in Secrets Manager", stored(set));
    point(page, "ExternalSecret for them", Proved);
    point(page, "IAM roles", roles(set));
    point(
        page,
        "ServiceAccount annotated with its role (Pod Identity needs no annotation)",
        none(&named(set, has_no_way_to_its_role), "no role named"),
    );
    point(page, "Standard labels", Proved);
    point(
        page,
        "PodDisruptionBudget (minAvailable: 1)",
        none(&single, "one pod, which could never be moved"),
    );
    point(
        page,
        "LiteLLM knows the servers",
        Live(ask::proxy(set).into()),
    );
    let has_metrics = set.servers.iter().any(|server| server.metrics.is_some());
    point(page, "ServiceMonitor", none(&unmeasured, "no metrics"));
    point(page, "LiteLLM reaches the servers", Live(ask::reach(set)));
    let scraped = if has_metrics {
        Live(ask::targets(set).into())
    } else {
        Open(NO_METRICS.into())
    };
    point(page, "Metrics in Prometheus", scraped);
    let traces = match &set.platform.tracing {
        Some(_) => match ask::traces(set) {
            Some(commands) => Live(commands),
            None => Open("`platform.tracing.ui` would say where they are".into()),
        },
        None => Open("tracing is off".into()),
    };
    point(page, "Traces in Jaeger", traces);
}

const NO_METRICS: &str = "no server has metrics";

fn point(page: &mut Page, what: &str, standing: Standing) {
    match standing {
        Proved => page.point(true, what, &[]),
        Open(why) => page.point(false, &format!("{what} ({why})"), &[]),
        Live(commands) => page.point(false, what, &commands),
    }
}

/// The servers of which `is_so` holds.
fn named(set: &Set, is_so: impl Fn(&Server) -> bool) -> Vec<&str> {
    let servers = set.servers.iter().filter(|server| is_so(server));
    servers
        .map(|server| server.names.workload.as_str())
        .collect()
}

/// Proved where no server is named.
fn none(named: &[&str], what: &str) -> Standing {
    match named {
        [] => Proved,
        named => Open(format!("{what}: {}", named.join(", "))),
    }
}

/// Shown by `commands`, of which there may be none.
fn some(commands: Vec<Command>, otherwise: &str) -> Standing {
    if commands.is_empty() {
        Open(otherwise.into())
    } else {
        Live(commands)
    }
}

fn is_traced(server: &Server) -> bool {
    server
        .env
        .iter()
        .any(|variable| variable.name.as_str() == "OTEL_EXPORTER_OTLP_ENDPOINT")
}

/// Whether the store has every value, and the operator has fetched it.
fn stored(set: &Set) -> Standing {
    let mut keys: Vec<&str> = Vec::new();
    for item in set.servers.iter().flat_map(|server| &server.secrets) {
        if !keys.contains(&item.remote_key.as_str()) {
            keys.push(&item.remote_key);
        }
    }
    if keys.is_empty() {
        return Proved;
    }
    let stored = keys.into_iter().map(|key| {
        ask::aws(set, &["secretsmanager", "describe-secret"]).option("--secret-id", key)
    });
    let users = set
        .servers
        .iter()
        .filter(|server| !server.secrets.is_empty());
    let fetched = users.map(|server| {
        let secret = format!("externalsecret/{}", server.names.secrets);
        let ready = ["--for=condition=Ready", &secret, "--timeout=60s"];
        ask::kubectl("wait", server.namespace.as_str(), &ready)
    });
    Live(stored.chain(fetched).collect())
}

fn roles(set: &Set) -> Standing {
    let commands: Vec<Command> = set
        .servers
        .iter()
        .flat_map(|server| {
            ask::role(set, server)
                .into_iter()
                .chain(ask::association(set, server))
        })
        .collect();
    if commands.is_empty() {
        return Proved;
    }
    Live(commands)
}

/// A server with a policy that nobody attaches to it.
fn has_no_way_to_its_role(server: &Server) -> bool {
    let aws = &server.aws;
    aws.role.is_some() && aws.role_arn.is_none() && !aws.pod_identity
}

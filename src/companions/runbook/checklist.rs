//! The guide's checklist: eighteen points, in its order.

use super::page::{Command, Page};
use super::{delivery, find_proxy, health, host, in_proxy, kubectl};
use crate::model::{Server, Set};

/// The section.
pub fn write(page: &mut Page, set: &Set) {
    page.heading(2, "Before it counts as deployed");
    page.paragraph(
        "Ticked is what the bundle already proves. The others show in the live cluster alone.",
    );
    page.gap();
    let servers = &set.servers;
    let monitoring = &set.platform.monitoring;
    let with_secrets = || servers.iter().filter(|server| !server.secrets.is_empty());
    let with_role = || {
        servers
            .iter()
            .filter(|server| server.aws.role_arn.is_some())
    };

    let single: Vec<&str> = servers
        .iter()
        .filter(|server| server.replicas < 2)
        .map(|server| server.names.workload.as_str())
        .collect();
    let replicas = match single.as_slice() {
        [] => "Deployment with 2 or more replicas".to_owned(),
        single => format!(
            "Deployment with 2 or more replicas: {} has one",
            single.join(", ")
        ),
    };
    page.point(single.is_empty(), &replicas, &[]);
    page.point(true, "Service (ClusterIP)", &[]);
    page.point(
        true,
        "Security context: not root, all capabilities dropped",
        &[],
    );
    page.point(true, "Resource requests and limits", &[]);
    page.point(true, "Health probes", &[]);
    page.point(false, "Prometheus metrics exposed", &metrics(set));
    page.point(
        servers.iter().all(is_traced),
        "OpenTelemetry tracing configured",
        &[],
    );
    let stored: Vec<Command> = with_secrets()
        .flat_map(|server| &server.secrets)
        .map(|item| {
            let words = ["aws", "secretsmanager", "describe-secret", "--secret-id"];
            Command::new(&words).and(&[&item.remote_key])
        })
        .collect();
    page.point(stored.is_empty(), "Credentials in Secrets Manager", &stored);
    let synced: Vec<Command> = with_secrets()
        .map(|server| {
            let secret = format!("externalsecret/{}", server.names.secrets);
            let ready = ["--for=condition=Ready", &secret, "--timeout=60s"];
            kubectl("wait", server.namespace.as_str(), &ready)
        })
        .collect();
    page.point(true, "ExternalSecret for them", &synced);
    let roles: Vec<Command> = with_role()
        .filter_map(|server| server.aws.role_arn.as_ref())
        .map(|role| Command::new(&["aws", "iam", "get-role", "--role-name", role.role_name()]))
        .collect();
    page.point(roles.is_empty(), "IAM roles", &roles);
    page.point(true, "ServiceAccount annotated with its role", &[]);
    page.point(true, "Standard labels", &[]);
    page.point(
        single.is_empty(),
        "PodDisruptionBudget (minAvailable: 1), where there is more than one pod",
        &[],
    );
    page.point(
        false,
        "LiteLLM knows the servers",
        &delivery::ask_proxy(set),
    );
    page.point(
        servers.iter().any(|server| server.metrics.is_some()),
        "ServiceMonitor",
        &[],
    );
    page.point(false, "LiteLLM reaches the servers", &reach(set));
    let up = format!("query=up{{namespace=\"{}\"}}", set.namespace);
    page.point(
        false,
        "Metrics in Prometheus",
        &[
            kubectl(
                "port-forward",
                monitoring.namespace.as_str(),
                &["svc/prometheus-operated", "9090:9090"],
            )
            .in_background(),
            Command::new(&[
                "curl",
                "-sG",
                "http://localhost:9090/api/v1/query",
                "--data-urlencode",
                &up,
            ]),
        ],
    );
    page.point(false, "Traces in Jaeger", &traces(set));
}

fn is_traced(server: &Server) -> bool {
    server
        .env
        .iter()
        .any(|variable| variable.name.as_str() == "OTEL_EXPORTER_OTLP_ENDPOINT")
}

/// The metrics of each server, through the API server.
fn metrics(set: &Set) -> Vec<Command> {
    set.servers
        .iter()
        .filter_map(|server| {
            let metrics = server.metrics.as_ref()?;
            let port = metrics.own_port.unwrap_or(server.port);
            let path = format!(
                "/api/v1/namespaces/{}/services/{}:{port}/proxy{}",
                server.namespace, server.names.workload, metrics.path
            );
            Some(Command::new(&["kubectl", "get", "--raw", &path]))
        })
        .collect()
}

/// Every server's health, as the proxy sees it.
pub fn reach(set: &Set) -> Vec<Command> {
    let mut commands = vec![find_proxy(set)];
    commands.extend(set.servers.iter().map(|server| match health(server) {
        Some(url) => in_proxy(set, &["curl", "-sS", &url]),
        None => in_proxy(set, &["nc", "-zv", &host(server), &server.port.to_string()]),
    }));
    commands
}

fn traces(set: &Set) -> Vec<Command> {
    let jaeger = match &set.platform.tracing_ui {
        Some(ui) => ui.as_str().trim_end_matches('/').to_owned(),
        None => "http://localhost:16686".to_owned(),
    };
    let forward = set.platform.tracing_ui.is_none().then(|| {
        let service = ["svc/jaeger-all-in-one", "16686:16686"];
        kubectl(
            "port-forward",
            set.platform.monitoring.namespace.as_str(),
            &service,
        )
        .in_background()
    });
    let asked = set.servers.iter().map(|server| {
        let url = format!(
            "{jaeger}/api/traces?service={}&limit=1",
            server.names.workload
        );
        Command::new(&["curl", "-s", &url])
    });
    forward.into_iter().chain(asked).collect()
}

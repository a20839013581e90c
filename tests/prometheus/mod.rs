//! A real Prometheus scrapes servers as the rendered ServiceMonitor says, and answers every
//! expression of the rendered dashboard and rules. `./test` installs it and runs these.
//!
//! The servers are small exporters in this process. What a cluster puts between the ServiceMonitor
//! and the scrape is played by [`discovery`].

#![allow(clippy::print_stdout, reason = "these tell how much they asked")]

use crate::support;
mod dashboard;
mod discovery;
mod exporter;
mod expressions;
mod metrics;
mod rules;
mod scraping;
mod server;

use std::sync::LazyLock;
use std::time::Instant;

use serde_json::{Value, json};

use crate::support::kustomize::Folder;
use crate::support::{Bundle, stdout_of};
use discovery::Role;
use metrics::{Fares, Profile};
use server::Prometheus;

/// A server of the test, and what the dashboard must show when its job alone is chosen.
struct TestServer {
    name: &'static str,
    job: &'static str,
    fares: Fares,
    /// The name of the port with metrics, and the path there.
    port: &'static str,
    path: &'static str,
    shows: Shows,
}

/// Which panels must have data.
enum Shows {
    /// Every one.
    Everything,
    /// Every one but those with these titles.
    AllBut(&'static [&'static str]),
    /// Any or none; what there is must still be a number.
    Anything,
}

/// The servers with metrics. A further one of the set, `quiet`, has none.
#[rustfmt::skip]
const SERVERS: [TestServer; 5] = [
    TestServer { name: "s3",     job: "mcp-s3",     fares: Fares::Badly, port: "metrics", path: "/internal/metrics", shows: Shows::Everything },
    TestServer { name: "github", job: "mcp-github", fares: Fares::Well,  port: "http",    path: "/metrics",          shows: Shows::AllBut(&["Errors by type"]) },
    TestServer { name: "idle",   job: "mcp-idle",   fares: Fares::Idle,  port: "http",    path: "/metrics",          shows: Shows::Anything },
    TestServer { name: "down",   job: "mcp-down",   fares: Fares::Down,  port: "http",    path: "/metrics",          shows: Shows::Anything },
    TestServer { name: "gone",   job: "mcp-gone",   fares: Fares::Gone,  port: "http",    path: "/metrics",          shows: Shows::Anything },
];

/// Pods of each server, which the config leaves at its default.
const REPLICAS: u32 = 2;

fn config(profile: Profile) -> String {
    let concurrency = match profile {
        Profile::Guide => ", concurrentRequests: 10",
        Profile::Otel => "",
    };
    format!(
        "
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {{name: mcp, namespace: litellm}}
spec:
  platform:
    registry: registry.example.com
    monitoring: {{metricsProfile: {}}}
  defaults:
    objectives: {{availability: 99, latency: 5s{concurrency}}}
  servers:
  - {{name: github, image: 'mcp-github:1.0.0'}}
  - {{name: s3, image: 'mcp-s3:1.0.0', metrics: {{path: /internal/metrics, port: 9090}}}}
  - {{name: idle, image: 'mcp-idle:1.0.0'}}
  - {{name: down, image: 'mcp-down:1.0.0'}}
  - {{name: gone, image: 'mcp-gone:1.0.0'}}
  - {{name: quiet, image: 'mcp-quiet:1.0.0', metrics: false}}
",
        profile.name()
    )
}

/// A platform with these servers, watched for some seconds. Tests share it, and only ask.
struct Platform {
    prometheus: Prometheus,
    dashboard: Value,
    groups: Vec<Value>,
}

static GUIDE: LazyLock<Platform> =
    LazyLock::new(|| Platform::start(Profile::Guide, Role::Endpoints));
static OTEL: LazyLock<Platform> =
    LazyLock::new(|| Platform::start(Profile::Otel, Role::EndpointSlice));

impl Platform {
    fn start(profile: Profile, role: Role) -> Self {
        let bundle = Bundle::of(&config(profile)).unwrap();
        let groups = rule_groups(&bundle);
        Self {
            // One scrape more than a rate is over.
            prometheus: watch(
                &bundle,
                profile,
                role,
                &groups,
                expressions::RATE_SCRAPES + 1,
            ),
            dashboard: printed_dashboard(profile),
            groups,
        }
    }

    fn of(profile: Profile) -> &'static Self {
        match profile {
            Profile::Guide => &GUIDE,
            Profile::Otel => &OTEL,
        }
    }
}

/// Starts the pods of `bundle`, and a Prometheus that its ServiceMonitor configures; returns after
/// so many `scrapes` of each.
fn watch(
    bundle: &Bundle,
    profile: Profile,
    role: Role,
    groups: &[Value],
    scrapes: u32,
) -> Prometheus {
    let start = Instant::now();
    let server = |job: &str| SERVERS.iter().find(|server| server.job == job);
    let pods = |job: &str| match server(job) {
        Some(server) if server.fares == Fares::Gone => 0,
        _ => REPLICAS,
    };
    let targets = discovery::targets(bundle, role, pods, |job, port| {
        match server(job).filter(|server| server.port == port) {
            Some(TestServer {
                name, fares, path, ..
            }) => exporter::serve(path, move |best| {
                metrics::scrape(profile, name, *fares, start.elapsed(), best)
            }),
            None => exporter::serve("", |_| None),
        }
    });
    let monitors = bundle.of_kind("ServiceMonitor").into_iter();
    let scrape_configs: Vec<Value> = monitors
        .flat_map(|monitor| discovery::scrape_configs(monitor, role, &targets))
        .collect();
    Prometheus::start(&scrape_configs, groups, scrapes)
}

/// The groups of all PrometheusRules, evaluated as often as everything else here.
fn rule_groups(bundle: &Bundle) -> Vec<Value> {
    let rules = bundle.of_kind("PrometheusRule").into_iter();
    let mut groups: Vec<Value> = rules
        .flat_map(|rule| rule["spec"]["groups"].as_array().unwrap().clone())
        .collect();
    for group in &mut groups {
        group["interval"] = json!(discovery::INTERVAL);
    }
    groups
}

/// What `mcpset dashboard` prints.
fn printed_dashboard(profile: Profile) -> Value {
    let folder = Folder::new(&[("set.yaml", &config(profile))]);
    let mut command = support::mcpset();
    command.arg("dashboard").arg(folder.path().join("set.yaml"));
    serde_json::from_str(&stdout_of(command.output().unwrap())).unwrap()
}

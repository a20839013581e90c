//! The guide's checklist: eighteen points, in its order, for every page that shows them.
//!
//! A point says what it is called, which rules of the catalogue it is broken by, and how the live
//! cluster shows it. How it stands, those say who know the servers: the runbook of a set, and
//! `mcpset check --checklist` of any objects. Rules are named by their ids here, as the catalogue stands
//! further down the way of the data.

use super::ask::{self, Deployed};
use crate::shell::Command;

/// One point.
#[derive(Debug)]
pub struct Point {
    /// What it is about.
    pub about: About,
    /// What should be so.
    pub title: &'static str,
    /// The ids of the rules that are broken where it is not so.
    pub rules: &'static [&'static str],
    /// How the live cluster shows it; no commands where it has nothing to show.
    pub live: fn(&Deployed<'_>) -> Vec<Command>,
}

/// What a point is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum About {
    /// The Deployment and its replicas.
    Replicas,
    /// The Service.
    Service,
    /// The security context.
    Security,
    /// Requests and limits.
    Resources,
    /// Probes.
    Probes,
    /// That metrics are served.
    Metrics,
    /// That spans have somewhere to go.
    Tracing,
    /// Where credentials are kept.
    Credentials,
    /// Who fetches them.
    ExternalSecret,
    /// The role in AWS.
    Role,
    /// Who says that the pods have it.
    ServiceAccount,
    /// Labels.
    Labels,
    /// The PodDisruptionBudget.
    Budget,
    /// That LiteLLM knows of it.
    Registration,
    /// What has Prometheus read it.
    Monitor,
    /// That LiteLLM reaches it.
    Connectivity,
    /// That Prometheus reads it.
    Scraped,
    /// That spans arrive.
    Traced,
}

/// All points.
pub const POINTS: [Point; 18] = [
    Point {
        about: About::Replicas,
        title: "Deployment with 2 or more replicas",
        rules: &["MCP030", "MCP034", "MCP035", "MCP051"],
        live: nothing,
    },
    Point {
        about: About::Service,
        title: "Service (ClusterIP)",
        rules: &["MCP060", "MCP061", "MCP062", "MCP063"],
        live: |deployed| ask::list(deployed, "services"),
    },
    Point {
        about: About::Security,
        title: "Security context: not root, all capabilities dropped",
        rules: &[
            "MCP010", "MCP011", "MCP012", "MCP013", "MCP014", "MCP015", "MCP016", "MCP023",
        ],
        live: nothing,
    },
    Point {
        about: About::Resources,
        title: "Resource requests and limits",
        rules: &["MCP020", "MCP021", "MCP022", "MCP036"],
        live: nothing,
    },
    Point {
        about: About::Probes,
        title: "Health probes",
        rules: &["MCP040", "MCP041", "MCP042", "MCP043"],
        live: nothing,
    },
    Point {
        about: About::Metrics,
        title: "Prometheus metrics exposed",
        rules: &[],
        live: ask::all_metrics,
    },
    Point {
        about: About::Tracing,
        title: "OpenTelemetry tracing configured",
        rules: &["MCP083", "MCP086", "MCP088"],
        live: nothing,
    },
    Point {
        about: About::Credentials,
        title: "Credentials in Secrets Manager",
        rules: &["MCP065", "MCP066", "MCP072"],
        live: ask::stored,
    },
    Point {
        about: About::ExternalSecret,
        title: "ExternalSecret for them",
        rules: &["MCP067", "MCP068", "MCP073"],
        live: |deployed| ask::list(deployed, "externalsecrets"),
    },
    Point {
        about: About::Role,
        title: "IAM roles",
        rules: &[],
        live: ask::roles,
    },
    Point {
        about: About::ServiceAccount,
        title: "ServiceAccount annotated with its role (Pod Identity needs no annotation)",
        rules: &["MCP019", "MCP076"],
        live: ask::annotations,
    },
    Point {
        about: About::Labels,
        title: "Standard labels",
        rules: &["MCP050"],
        live: nothing,
    },
    Point {
        about: About::Budget,
        title: "PodDisruptionBudget (minAvailable: 1)",
        rules: &["MCP031", "MCP032", "MCP079"],
        live: |deployed| ask::list(deployed, "poddisruptionbudgets"),
    },
    Point {
        about: About::Registration,
        title: "LiteLLM knows the servers",
        rules: &["MCP092", "MCP093", "MCP095"],
        live: ask::proxy,
    },
    Point {
        about: About::Monitor,
        title: "ServiceMonitor",
        rules: &["MCP080", "MCP081", "MCP082", "MCP087"],
        live: ask::monitors,
    },
    Point {
        about: About::Connectivity,
        title: "LiteLLM reaches the servers",
        rules: &["MCP103"],
        live: ask::reached,
    },
    Point {
        about: About::Scraped,
        title: "Metrics in Prometheus",
        rules: &["MCP104"],
        live: ask::targets,
    },
    Point {
        about: About::Traced,
        title: "Traces in Jaeger",
        rules: &["MCP106"],
        live: ask::traces,
    },
];

fn nothing(_: &Deployed<'_>) -> Vec<Command> {
    Vec::new()
}

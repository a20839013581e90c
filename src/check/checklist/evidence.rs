//! What the objects show of a point that nobody has broken.

use super::candidate::{Candidate, config_maps};
use crate::check::conventions::{ROLE, TELEMETRY};
use crate::check::network::{Party, Purpose, namespace};
use crate::companions::ask::Deployed;
use crate::companions::checklist::About;
use crate::manifest::{At, Object, Pod};
use crate::model::{RoleArn, ScaleReason};

/// What the objects show.
#[derive(Debug)]
pub enum Evidence {
    /// It is so.
    Proved,
    /// The server does not need it, and why.
    NotNeeded(String),
    /// Nothing shows that it is so, and what is missing.
    Open(String),
    /// It may be; that shows in the live cluster.
    Live,
}
use Evidence::{Live, NotNeeded, Open, Proved};

/// What shows of the point `about` something.
pub fn evidence(about: About, server: &Candidate<'_>, deployed: &Deployed<'_>) -> Evidence {
    let asked = deployed.servers.first();
    let is_known = |is_so: bool, otherwise: &str| {
        if is_so { Live } else { Open(otherwise.into()) }
    };
    match about {
        About::Replicas => replicas(server),
        About::Service => service(server),
        About::Security | About::Resources | About::Probes => shown(
            server.containers().next().is_some(),
            "its pods have no container",
        ),
        About::Labels => shown(!server.pod.labels.is_empty(), "its pods have no label"),
        About::Metrics | About::Scraped => is_known(
            asked.is_some_and(|asked| asked.metrics.is_some()),
            "the server has no metrics",
        ),
        About::Tracing => shown(is_traced(server), "it is told no place for its traces"),
        About::Credentials => credentials(server, deployed),
        About::ExternalSecret => external_secret(server),
        About::Role => role(server, deployed),
        About::ServiceAccount => service_account(server, deployed),
        About::Budget => budget(server),
        About::Registration => registration(server, deployed),
        About::Monitor => shown(
            !server.scraped.is_empty() || !server.pod_monitors.is_empty(),
            "no ServiceMonitor among these files reads a port of its Services",
        ),
        About::Connectivity => is_known(
            asked.is_some_and(|asked| asked.address.is_some()),
            "no Service among these files leads to it",
        ),
        About::Traced if !is_traced(server) => Open("it sends no traces".into()),
        About::Traced => is_known(
            deployed.jaeger.is_some(),
            "nothing here says where Jaeger's pages are",
        ),
    }
}

fn shown(is_so: bool, otherwise: &str) -> Evidence {
    if is_so {
        Proved
    } else {
        Open(otherwise.into())
    }
}

/// Two pods or more at any time, of a workload that keeps them.
fn replicas(server: &Candidate<'_>) -> Evidence {
    let workload = server.pod.workload;
    if !matches!(workload.kind(), "Deployment" | "StatefulSet") {
        return Open(format!("a {} is no Deployment", workload.kind()));
    }
    let (number, who) = match server.input.scalers.of_workload(workload) {
        Some(scaler) => (scaler.fewest(), "its autoscaler"),
        None => (workload.at("spec.replicas").number().unwrap_or(1), "it"),
    };
    if is_single(server) {
        return NotNeeded(ScaleReason::Processes.to_string());
    }
    shown(number > 1, &format!("{who} says {number}"))
}

/// Whether it must have one pod.
fn is_single(server: &Candidate<'_>) -> bool {
    server.context.settings.is_single(server.pod.workload)
}

fn service(server: &Candidate<'_>) -> Evidence {
    let is_internal = |service: &&Object| {
        let kind = service.at("spec.type").text();
        kind.is_none_or(|kind| kind == "ClusterIP")
    };
    shown(
        server.services.iter().any(is_internal),
        "none among these files leads to its pods",
    )
}

fn is_traced(server: &Candidate<'_>) -> bool {
    server.variable(TELEMETRY).is_some_and(|variable| {
        let value = variable.get("value").text().unwrap_or_default();
        !value.is_empty() || variable.get("valueFrom").exists()
    })
}

const NO_SECRET: &str = "the server needs no Secret";

fn credentials(server: &Candidate<'_>, deployed: &Deployed<'_>) -> Evidence {
    if server.secrets.is_empty() {
        return NotNeeded(NO_SECRET.into());
    }
    let namespace = server.pod.namespace();
    let mut secrets = server.secrets.iter();
    if let Some(name) = secrets.find(|name| {
        server
            .input
            .manifests
            .find("Secret", namespace, name)
            .is_some()
    }) {
        return Open(format!("the Secret `{name}` is written in these files"));
    }
    let mut asked = deployed.servers.iter();
    if asked.any(|asked| !asked.stored.is_empty()) {
        Live
    } else {
        Open("nothing among these files says where its Secrets come from".into())
    }
}

fn external_secret(server: &Candidate<'_>) -> Evidence {
    if server.secrets.is_empty() {
        return NotNeeded(NO_SECRET.into());
    }
    let mut secrets = server.secrets.iter();
    match secrets.find(|name| !server.is_fetched(name)) {
        None => Proved,
        Some(name) => Open(format!(
            "none among these files fetches the Secret `{name}`"
        )),
    }
}

/// Why nothing shows of a role: the account that may name one is not here.
fn unknown_account(server: &Candidate<'_>) -> Option<Evidence> {
    match server.account() {
        (name, None) if name != "default" => Some(Open(format!(
            "the ServiceAccount `{name}` is not among these files"
        ))),
        _ => None,
    }
}

const NO_ROLE: &str = "its ServiceAccount names no role";

fn role(server: &Candidate<'_>, deployed: &Deployed<'_>) -> Evidence {
    let mut asked = deployed.servers.iter();
    if asked.any(|asked| asked.role.is_some() || asked.pod_identity) {
        return Live;
    }
    unknown_account(server).unwrap_or_else(|| match annotation(server) {
        Some(_) => Open(format!("`{ROLE}` is no ARN of a role")),
        None => NotNeeded(NO_ROLE.into()),
    })
}

fn service_account(server: &Candidate<'_>, deployed: &Deployed<'_>) -> Evidence {
    if let Some(at) = annotation(server) {
        let is_arn = at.text().is_some_and(|text| RoleArn::parse(text).is_ok());
        return shown(is_arn, &format!("`{ROLE}` is no ARN of a role"));
    }
    match deployed.servers.first() {
        Some(asked) if asked.pod_identity => {
            NotNeeded("EKS Pod Identity needs no annotation".into())
        }
        Some(asked) if asked.role.is_some() => Open("it does not name its role".into()),
        _ => unknown_account(server).unwrap_or_else(|| NotNeeded(NO_ROLE.into())),
    }
}

/// What the server's ServiceAccount says of its role.
pub fn annotation<'m>(server: &Candidate<'m>) -> Option<At<'m>> {
    let (_, account) = server.account();
    let at = account?.at("metadata.annotations").get(ROLE);
    at.exists().then_some(at)
}

fn budget(server: &Candidate<'_>) -> Evidence {
    let replicas = server.pod.workload.at("spec.replicas").number();
    if !server.budgets.is_empty() {
        Proved
    } else if is_single(server) {
        NotNeeded("one pod, which a drain may move: a budget would forbid it".into())
    } else if replicas.is_some_and(|number| number < 2) {
        Open("one pod, which could never be moved".into())
    } else {
        Open("none among these files guards its pods".into())
    }
}

/// LiteLLM knows the server when its own pods are here and are told where the server is.
fn registration(server: &Candidate<'_>, deployed: &Deployed<'_>) -> Evidence {
    let Some(address) = deployed.servers.first().and_then(|asked| asked.address) else {
        return Open("no Service among these files leads to it".into());
    };
    let short = format!("//{}.{}", address.service, server.namespace());
    let is_told = |text: &str| {
        text.match_indices(&short).any(|(start, found)| {
            let rest = text.get(start + found.len()..).unwrap_or_default();
            let mut following = rest.chars();
            // The name goes on otherwise.
            let next = following.next();
            rest.starts_with(".svc")
                || next.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '.')
        })
    };
    let mut proxies = server.input.pods.iter().filter(|pod| calls(server, pod));
    let knows = proxies.any(|pod| texts(server, pod).into_iter().any(is_told));
    if knows { Proved } else { Live }
}

/// Whether `pod` is meant to call the server.
fn calls(server: &Candidate<'_>, pod: &Pod<'_>) -> bool {
    let flows = server.intent.flows.iter();
    let mut callers = flows
        .filter(|flow| flow.purpose == Purpose::Call)
        .flat_map(|flow| &flow.others);
    callers.any(|caller| match caller {
        Party::Pods {
            namespace: expected,
            labels: Some(labels),
        } => {
            let mut labels = labels.iter();
            expected == namespace(pod.namespace())
                && labels.all(|(key, value)| pod.labels.has(key, value))
        }
        _ => false,
    })
}

/// What `pod` is told: by its variables, and by the ConfigMaps that it refers to.
fn texts<'m>(server: &Candidate<'m>, pod: &Pod<'m>) -> Vec<&'m str> {
    let variables = pod
        .containers()
        .flat_map(|container| container.at.get("env").items());
    let values = variables.filter_map(|variable| variable.get("value").text());
    let maps = config_maps(server.input.manifests, pod).into_iter();
    let data = maps.flat_map(|map| map.at("data").entries());
    values
        .chain(data.filter_map(|(_, value)| value.text()))
        .collect()
}

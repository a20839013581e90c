//! What is around a server of which no set knows more than its objects show, with the guide's own
//! names where they show nothing.

use std::collections::BTreeMap;

use super::candidate::Candidate;
use super::evidence::annotation;
use crate::check::conventions::{NAME, SPANS};
use crate::check::network::{Endpoint, Flow, Party, Purpose, namespace};
use crate::companions::ask::{Address, Asked, Deployed, Jaeger, Proxy};
use crate::companions::region;
use crate::manifest::{At, Object};
use crate::model::{HttpEndpoint, ProxyChart, RoleArn};

/// Where the guide has Prometheus.
const MONITORING: &str = "monitoring";
/// Where the guide has LiteLLM, and what it calls it.
const LITELLM: (&str, (&str, &str)) = ("litellm", (NAME, "litellm-proxy"));
/// Where the guide has metrics.
const METRICS: &str = "/metrics";

/// `server` and whom it works with, as far as the objects show.
pub fn deployed<'m>(server: &Candidate<'m>) -> Deployed<'m> {
    let monitor = server.scraped.first();
    let mut images = server.containers().map(|at| at.get("image"));
    Deployed {
        servers: vec![asked(server)],
        proxy: proxy(server),
        prometheus: monitor.map_or(MONITORING, |target| namespace(target.monitor.namespace())),
        jaeger: SPANS.iter().find_map(|name| {
            let endpoint = server.variable(name)?.get("value").text()?;
            Jaeger::behind(&HttpEndpoint::parse(endpoint).ok()?)
        }),
        region: images.find_map(|image| region(image.text()?.split_once('/')?.0)),
        cluster: association(server).and_then(|object| object.at("spec.clusterName").text()),
    }
}

fn asked<'m>(server: &Candidate<'m>) -> Asked<'m> {
    let workload = server.pod.workload;
    let fetched = server.secrets.iter();
    let fetched: Vec<&Object> = fetched.filter_map(|name| server.fetching(name)).collect();
    let arn = annotation(server).and_then(At::text);
    let association = association(server);
    let arn = arn.or_else(|| association?.at("spec.roleARN").text());
    let traced = server.variable("OTEL_SERVICE_NAME");
    let traced = traced.and_then(|variable| variable.get("value").text());
    Asked {
        namespace: server.namespace(),
        workload: format!("{}/{}", workload.kind().to_lowercase(), workload.name()),
        traced: traced.unwrap_or(workload.name()),
        address: address(server),
        metrics: metrics(server),
        stored: fetched.iter().flat_map(|object| stored(object)).collect(),
        fetched: fetched.iter().map(|object| object.name()).collect(),
        account: server.account().0,
        role: arn
            .and_then(|arn| RoleArn::parse(arn).ok())
            .map(|arn| arn.name().to_string()),
        pod_identity: association.is_some(),
    }
}

/// Who calls the server; where several may, whoever is in the guide's namespace.
fn proxy<'m>(server: &Candidate<'m>) -> Proxy<'m> {
    let callers = calls(server).flat_map(|flow| &flow.others);
    let known = callers.filter_map(|caller| match caller {
        Party::Pods {
            namespace,
            labels: Some(labels),
        } => Some((namespace.as_str(), labels)),
        _ => None,
    });
    let (_, (key, value)) = LITELLM;
    let by_guide = (LITELLM.0, BTreeMap::from([(key, value)]));
    let (namespace, labels) = match known.clone().find(|(name, _)| *name == LITELLM.0) {
        None => known.clone().next(),
        found => found,
    }
    .map_or(by_guide, |(namespace, labels)| {
        let labels = labels.iter();
        let labels = labels.map(|(key, value)| (key.as_str(), value.as_str()));
        (namespace, labels.collect())
    });
    Proxy {
        namespace,
        labels,
        chart: ProxyChart::Single,
    }
}

fn calls<'m>(server: &Candidate<'m>) -> impl Iterator<Item = &'m Flow> + Clone {
    let flows = server.intent.flows.iter();
    flows.filter(|flow| flow.purpose == Purpose::Call)
}

/// The first Service that leads to the server, and of its ports the one for calls.
fn address<'m>(server: &Candidate<'m>) -> Option<Address<'m>> {
    let service = server.services.first()?;
    let ports = service.at("spec.ports").items();
    let is_http = |port: &At<'_>| matches!(port.get("name").text(), Some("http" | "mcp"));
    let port = ports.clone().find(is_http).or(ports.clone().next())?;
    let number = u16::try_from(port.get("port").number()?).ok()?;
    let target = port.get("targetPort");
    let target = if target.exists() {
        target
    } else {
        port.get("port")
    };
    let probes = server.containers().map(|at| at.at("livenessProbe.httpGet"));
    let mut probes = probes.filter(|probe| {
        let port = container_port(server, probe.get("port"));
        probe.get("httpHeaders").items().next().is_none()
            && port.is_some()
            && port == container_port(server, target)
    });
    Some(Address {
        service: service.name(),
        port: number,
        health: probes.find_map(|probe| probe.get("path").text()),
    })
}

/// The port of a container that `at` names, or whose number it is.
fn container_port(server: &Candidate<'_>, at: At<'_>) -> Option<u16> {
    if let Some(number) = at.number() {
        return u16::try_from(number).ok();
    }
    let Endpoint::Pod(member) = &server.intent.server.endpoint else {
        return None;
    };
    let mut ports = member.ports.iter().flatten();
    let (_, number, _) = ports.find(|(_, _, name)| name.is_some() && *name == at.text())?;
    Some(*number)
}

/// What Prometheus reads; where nobody has it read anything, what the guide asks for on the port for
/// calls.
fn metrics<'m>(server: &Candidate<'m>) -> Option<(u16, &'m str)> {
    if let Some(target) = server.scraped.first() {
        return Some((target.port, target.path.unwrap_or(METRICS)));
    }
    let port = calls(server).map(|flow| flow.port).next()?;
    Some((port, METRICS))
}

/// What the secret store keeps for the ExternalSecret `object`.
fn stored(object: &Object) -> impl Iterator<Item = &str> {
    let items = object.at("spec.data").items();
    let items = items.map(|item| item.at("remoteRef.key"));
    let whole = object.at("spec.dataFrom").items();
    let whole = whole.map(|item| item.at("extract.key"));
    items.chain(whole).filter_map(At::text)
}

/// What gives the server's ServiceAccount a role by EKS Pod Identity.
fn association<'m>(server: &Candidate<'m>) -> Option<&'m Object> {
    let mut known = server.input.manifests.of_kind("PodIdentityAssociation");
    known.find(|object| {
        object.at("spec.serviceAccount").text() == Some(server.account().0)
            && object.at("spec.namespace").text() == Some(server.namespace())
    })
}

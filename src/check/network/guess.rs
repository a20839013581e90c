//! What is meant to happen around a server of which nobody says it.
//!
//! What can be known of other people's manifests: what their ServiceMonitors scrape, where their
//! containers send spans, that every server needs DNS, and that LiteLLM's proxy carries the guide's
//! name.

use std::collections::{BTreeMap, BTreeSet};

use super::intent::{NODE_LOCAL_DNS, cluster_dns, dns};
use super::{Endpoint, Flow, Network, Party, Policy, Protocol, Purpose, Resident, namespace};
use crate::check::conventions::{NAME, PROXIES, SPANS};
use crate::manifest::{Labels, Pods};
use crate::model::HttpEndpoint;

/// Where the guide has LiteLLM.
const PROXY_NAMESPACE: &str = "litellm";

impl<'m> Network<'m> {
    pub(super) fn guessed(&self, server: &Resident<'m>) -> Vec<Flow> {
        let own = namespace(server.pod.namespace());
        let mut flows = Vec::new();
        let is_http = |name: Option<&str>| matches!(name, Some("http" | "mcp"));
        if let Endpoint::Pod(member) = &server.endpoint {
            let ports = member.ports.iter().flatten();
            let first = ports
                .clone()
                .find(|port| is_http(port.2))
                .or(ports.clone().next());
            flows.extend(first.map(|(protocol, port, _)| {
                Flow::new(
                    Purpose::Call,
                    self.likely_proxies(own, &server.endpoint),
                    *protocol,
                    *port,
                )
            }));
        }
        for target in self.scrapes.of_pod(server.pod) {
            // The operator's own labels of Prometheus' pods.
            let labels = [
                (NAME, "prometheus"),
                ("app.kubernetes.io/managed-by", "prometheus-operator"),
            ];
            let prometheus = Party::labelled(namespace(target.monitor.namespace()), &labels);
            flows.push(Flow::new(
                Purpose::Scrape,
                vec![prometheus],
                Protocol::Tcp,
                target.port,
            ));
        }
        flows.extend(dns(&[cluster_dns(), Party::Range(NODE_LOCAL_DNS.into())]));
        let variables = server
            .pod
            .containers()
            .flat_map(|container| container.at.get("env").items());
        let endpoint = variables
            .filter(|variable| {
                variable
                    .get("name")
                    .text()
                    .is_some_and(|name| SPANS.contains(&name))
            })
            .find_map(|variable| HttpEndpoint::parse(variable.get("value").text()?).ok());
        flows.extend(endpoint.map(|endpoint| {
            let to = vec![Party::behind(&endpoint, own)];
            Flow::new(Purpose::Trace, to, Protocol::Tcp, endpoint.port().number())
        }));
        flows
    }

    /// The pods that may be LiteLLM's proxy: those of the input, or what the guide and its chart
    /// call them, beside the servers or in a namespace of their own.
    fn likely_proxies(&self, own: &str, server: &Endpoint<'_>) -> Vec<Party> {
        if !self.proxies.is_empty() {
            return self.proxies.clone();
        }
        let name = |name: &&'static str| BTreeMap::from([(NAME.to_owned(), (*name).to_owned())]);
        let mut labels: Vec<BTreeMap<String, String>> = PROXIES.iter().map(name).collect();
        labels.extend(self.named_proxies(server));
        let mut namespaces = vec![own, PROXY_NAMESPACE];
        namespaces.dedup();
        let parties = namespaces.into_iter().flat_map(|in_namespace| {
            labels.iter().map(move |labels| Party::Pods {
                namespace: in_namespace.to_owned(),
                labels: Some(labels.clone()),
            })
        });
        parties.collect()
    }

    /// The labels by which the policies about `server` select LiteLLM's proxy: there may be more
    /// than its name.
    fn named_proxies(&self, server: &Endpoint<'_>) -> Vec<BTreeMap<String, String>> {
        let rules = self.policies_about(server).flat_map(Policy::rules);
        let peers = rules.flat_map(|rule| rule.peers.iter().flatten());
        let named = peers.filter_map(|peer| {
            let wanted = Labels::of(peer.at.at("podSelector.matchLabels"));
            let is_proxy = wanted.get(NAME).is_some_and(|name| PROXIES.contains(&name));
            is_proxy.then(|| owned(&wanted))
        });
        named.collect()
    }
}

/// The pods of an input that are LiteLLM's proxy.
pub(super) fn proxies(pods: &Pods<'_>) -> Vec<Party> {
    let named = PROXIES.into_iter().flat_map(|name| {
        let wanted = Labels::from_iter([(NAME, name)]);
        let namespaces = pods.namespaces();
        namespaces.flat_map(move |namespace| pods.bearing(namespace, wanted.clone()))
    });
    let found: BTreeSet<Party> = named
        .map(|pod| Party::Pods {
            namespace: namespace(pod.namespace()).into(),
            labels: Some(owned(&pod.labels)),
        })
        .collect();
    found.into_iter().collect()
}

fn owned(labels: &Labels<'_>) -> BTreeMap<String, String> {
    let labels = labels.iter();
    labels
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

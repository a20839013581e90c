//! Where LiteLLM's proxies of the input call.

use std::collections::BTreeSet;

use super::input::Input;
use super::proxies::{ProxyConfig, Spot, proxies, value};
use crate::manifest::Object;
use crate::model::{HttpEndpoint, REFERENCE};

/// A URL that a proxy calls.
#[derive(Debug)]
pub struct Upstream<'m> {
    /// The object that says so.
    pub object: &'m Object,
    /// Where.
    pub spot: Spot,
    /// The server's name in LiteLLM, or the variable's.
    pub name: String,
    /// The URL.
    pub url: HttpEndpoint,
    /// LiteLLM's transport; `None` where only a variable holds the URL.
    pub transport: Option<String>,
    /// The Service that it leads to: namespace and name.
    pub service: (String, String),
}

/// All that proxies call of the cluster: what `configs` register, then what variables of their pods
/// hold. Each URL once.
#[must_use]
pub fn upstreams<'m>(input: &'m Input<'m>, configs: &'m [ProxyConfig<'m>]) -> Vec<Upstream<'m>> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    let mut push = |object, spot, name: &str, url: &str, transport: Option<&str>, beside: &str| {
        let Ok(url) = HttpEndpoint::parse(url) else {
            return;
        };
        let service = service_of(input, &url, beside);
        if let Some(service) = service.filter(|_| known.insert(url.clone())) {
            found.push(Upstream {
                object,
                spot,
                name: name.to_owned(),
                url,
                transport: transport.map(str::to_owned),
                service,
            });
        }
    };
    for config in configs {
        let variables = config.written(&config.pods(input));
        for (name, server) in config.servers() {
            let written = server.get("url").text().unwrap_or_default();
            let url = match written.strip_prefix(REFERENCE) {
                Some(variable) => variables.get(variable).and_then(Option::as_deref),
                None => Some(written),
            };
            let transport = server.get("transport").text().unwrap_or("http");
            let spot = config.spot(server.get("url").place());
            if let Some(url) = url {
                push(
                    config.object,
                    spot,
                    name,
                    url,
                    Some(transport),
                    config.namespace,
                );
            }
        }
    }
    for pod in proxies(&input.pods) {
        for container in pod.containers() {
            for variable in container.at.get("env").items() {
                let name = variable.get("name").text().unwrap_or_default();
                let at = variable.get("value");
                if let Some(url) = value(at).filter(|_| is_endpoint(name)) {
                    push(
                        pod.workload,
                        at.place().into(),
                        name,
                        &url,
                        None,
                        pod.namespace(),
                    );
                }
            }
        }
    }
    found
}

/// Whether a variable is called as the guide calls those with a server's URL.
fn is_endpoint(name: &str) -> bool {
    name.starts_with("MCP_") && name.ends_with("_ENDPOINT")
}

/// The Service that `url` leads to, called by a pod in the namespace `beside`.
fn service_of(input: &Input<'_>, url: &HttpEndpoint, beside: &str) -> Option<(String, String)> {
    if let Some(service) = url.cluster_service() {
        return Some((service.namespace.to_string(), service.name.to_string()));
    }
    let host = url.host();
    match host.split_once('.') {
        None if host != "localhost" && !host.starts_with('[') => {
            Some((beside.to_owned(), host.to_owned()))
        }
        // `name.namespace` looks like a domain: only a namespace that is here counts.
        Some((name, namespace)) if input.services.has_namespace(namespace) => {
            Some((namespace.to_owned(), name.to_owned()))
        }
        _ => None,
    }
}

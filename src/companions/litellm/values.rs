//! The values of LiteLLM's two charts.
//!
//! Helm merges maps of several values files and replaces lists. So variables are a map where the
//! chart has one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::config::Config;
use crate::model::{ProxyChart, Set};

/// The values for the chart that the platform names.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Values {
    /// For `litellm-helm`.
    Single(SingleDeployment),
    /// For `litellm`.
    Components(Box<Components>),
}

/// Values of `litellm-helm`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SingleDeployment {
    /// Environment variables; they merge with those of other files.
    pub env_vars: BTreeMap<String, String>,
    /// The proxy's config.
    #[serde(rename = "proxy_config")]
    pub proxy_config: Config,
}

/// Values of `litellm`. Both components serve MCP, so both are told.
#[derive(Debug, Clone, Serialize)]
pub struct Components {
    /// What calls go through.
    pub gateway: Proxy,
    /// What administrators use.
    pub backend: Proxy,
}

/// Values of one component.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proxy {
    /// Environment variables; another file's list replaces this one.
    pub extra_env: Vec<ContainerVariable>,
    /// The config file.
    pub config: ConfigFile,
}

/// An environment variable of a container.
#[derive(Debug, Clone, Serialize)]
pub struct ContainerVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The config file of a component.
#[derive(Debug, Clone, Serialize)]
pub struct ConfigFile {
    /// The proxy's config.
    pub proxy_config: Config,
}

impl Values {
    /// The values for the chart of the platform of `set`.
    #[must_use]
    pub fn new(set: &Set) -> Self {
        let proxy_config = Config::new(set);
        let env_vars = variables(set);
        match set.platform.litellm.chart {
            ProxyChart::Single => Self::Single(SingleDeployment {
                env_vars,
                proxy_config,
            }),
            ProxyChart::Components => {
                let extra_env = env_vars
                    .into_iter()
                    .map(|(name, value)| ContainerVariable { name, value })
                    .collect();
                let gateway = Proxy {
                    extra_env,
                    config: ConfigFile { proxy_config },
                };
                Self::Components(Box::new(Components {
                    backend: gateway.clone(),
                    gateway,
                }))
            }
        }
    }

    /// What a person must know who has further values files.
    pub(super) fn note(&self) -> &'static str {
        match self {
            Self::Single(values) if values.proxy_config.guardrails.is_empty() => {
                "Maps of several values files merge, so these may stand beside your own."
            }
            Self::Single(_) => {
                "Maps of several values files merge; your own `guardrails` list would replace this one."
            }
            Self::Components(values)
                if values.gateway.config.proxy_config.guardrails.is_empty() =>
            {
                "Maps of several values files merge; your own `extraEnv` lists would replace these."
            }
            Self::Components(_) => {
                "Maps of several values files merge; your own `extraEnv` and `guardrails` lists would replace these."
            }
        }
    }

    /// Where the chart takes Secrets whose keys become variables.
    pub(super) fn secrets_key(&self) -> &'static str {
        match self {
            Self::Single(_) => "a Secret in `environmentSecrets`",
            Self::Components(_) => "a Secret in `gateway.envSecrets` and `backend.envSecrets`",
        }
    }
}

/// The guide's variables: that there are MCP servers, and where each is.
fn variables(set: &Set) -> BTreeMap<String, String> {
    let endpoints = set.servers.iter().map(|server| {
        let server = &server.litellm;
        (server.endpoint.to_string(), server.url_in_pod.clone())
    });
    let enabled = ("MCP_ENABLED".to_owned(), "true".to_owned());
    endpoints.chain([enabled]).collect()
}

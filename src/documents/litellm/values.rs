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

/// Values of `litellm`. Both components serve MCP and read the gateway's config; each has an
/// environment of its own.
#[derive(Debug, Clone, Serialize)]
pub struct Components {
    /// What calls go through.
    pub gateway: Gateway,
    /// What administers teams and keys.
    pub backend: Backend,
}

/// Values of the gateway.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gateway {
    /// Environment variables; another file's list replaces this one.
    pub extra_env: Vec<ContainerVariable>,
    /// The config file.
    pub config: ConfigFile,
}

/// Values of the backend.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Backend {
    /// Environment variables; another file's list replaces this one.
    pub extra_env: Vec<ContainerVariable>,
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
                let variables = env_vars.into_iter();
                let extra_env: Vec<_> = variables
                    .map(|(name, value)| ContainerVariable { name, value })
                    .collect();
                Self::Components(Box::new(Components {
                    backend: Backend {
                        extra_env: extra_env.clone(),
                    },
                    gateway: Gateway {
                        extra_env,
                        config: ConfigFile { proxy_config },
                    },
                }))
            }
        }
    }

    /// What a person must know who has further values files.
    pub(super) fn note(&self) -> String {
        let (config, variables) = match self {
            Self::Single(values) => (&values.proxy_config, None),
            Self::Components(values) => (&values.gateway.config.proxy_config, Some("`extraEnv`")),
        };
        let guardrails = (!config.guardrails.is_empty()).then_some("`guardrails`");
        let lists: Vec<&str> = variables.into_iter().chain(guardrails).collect();
        if lists.is_empty() {
            return "Maps of several values files merge, so these may stand beside your own."
                .into();
        }
        format!(
            "Maps of several values files merge; your own {} would replace what stands here.",
            lists.join(" and ")
        )
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

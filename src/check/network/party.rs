//! Who is at the other end of a connection.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use crate::model::{HttpEndpoint, Peer};

/// Who is at the other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Pods.
    Pods {
        /// Their namespace.
        namespace: String,
        /// Their labels; `None` when nobody knows them.
        labels: Option<BTreeMap<String, String>>,
    },
    /// Addresses: `10.20.0.0/24`.
    Range(String),
    /// Every public IPv4 address.
    Internet,
    /// A host outside the cluster.
    Host(String),
}

impl Party {
    /// Pods of `in_namespace` with `labels`.
    pub(super) fn labelled(in_namespace: &str, labels: &[(&str, &str)]) -> Self {
        let labels = labels
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()));
        Self::Pods {
            namespace: in_namespace.into(),
            labels: Some(labels.collect()),
        }
    }

    /// Who answers at `endpoint`, asked from a pod of the namespace `own`: a host of one word is a
    /// Service beside it.
    pub(super) fn behind(endpoint: &HttpEndpoint, own: &str) -> Self {
        let host = endpoint.host();
        let pods = |in_namespace: &str| Self::Pods {
            namespace: in_namespace.into(),
            labels: None,
        };
        if let Some(service) = endpoint.cluster_service() {
            return pods(service.namespace.as_str());
        }
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address @ IpAddr::V4(_)) => Self::Range(format!("{address}/32")),
            Ok(address @ IpAddr::V6(_)) => Self::Range(format!("{address}/128")),
            Err(_) if host.contains('.') => Self::Host(host.into()),
            Err(_) => pods(own),
        }
    }
}

impl From<&Peer> for Party {
    fn from(peer: &Peer) -> Self {
        let labels = peer.labels.iter();
        Self::Pods {
            namespace: peer.namespace.to_string(),
            labels: Some(
                labels
                    .map(|(key, value)| (key.to_string(), value.to_string()))
                    .collect(),
            ),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pods { namespace, labels } => {
                write!(f, "{namespace}/")?;
                let labels = labels.iter().flatten();
                let labels: Vec<String> = labels
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                f.write_str(if labels.is_empty() { "*" } else { "" })?;
                f.write_str(&labels.join(","))
            }
            Self::Range(range) => f.write_str(range),
            Self::Internet => f.write_str("the internet"),
            Self::Host(host) => f.write_str(host),
        }
    }
}

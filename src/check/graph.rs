//! Who talks to whom, over which policy, and with which identity and secrets: the facts, which others
//! draw.
//!
//! Which connections are meant, the set says; whether one is open, and by which policy, is asked of the
//! generated objects, with what people have patched in them.

use std::collections::{BTreeMap, BTreeSet};

use super::bindings::{accounts, bindings};
use super::conventions::ROLE;
use super::input::Input;
use super::network::{Flow, Intent, Network, Party, Protocol, Purpose};
use super::references::{SECRETS, references_of};
use super::settings::Settings;
use crate::manifest::{At, Manifests, Object, Pod, first, tree};
use crate::model::{POD_IDENTITY, Server, Set};
use crate::resources::objects;

/// Who talks to whom in some sets.
#[derive(Debug)]
pub struct Graph {
    /// The sets.
    pub groups: Vec<Group>,
}

/// A set.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The namespace of its servers.
    pub namespace: String,
    /// The policies that open nothing, and so close all that no other opens.
    pub closed_by: BTreeSet<String>,
    /// Its servers, in the order of the config.
    pub nodes: Vec<Node>,
}

/// A server.
#[derive(Debug)]
pub struct Node {
    /// The name of its Deployment.
    pub name: String,
    /// The policies that open something for it: `NetworkPolicy mcp-github`. None where everything is open.
    pub policies: BTreeSet<String>,
    /// Its ServiceAccount.
    pub account: String,
    /// Its IAM role.
    pub role: Option<Role>,
    /// The roles that its ServiceAccount has in the cluster: `Role mcp-kubernetes in team-a`.
    pub rights: Vec<String>,
    /// The Secrets that it cannot start without, credentials of registries included.
    pub secrets: Vec<Secret>,
    /// Whom it talks to.
    pub links: Vec<Link>,
}

/// An IAM role.
#[derive(Debug, PartialEq, Eq)]
pub enum Role {
    /// By the token of its ServiceAccount (IRSA): the role's ARN.
    Token(String),
    /// By EKS Pod Identity: the role's name, where the config says enough to know it.
    PodIdentity(Option<String>),
}

/// A Secret.
#[derive(Debug, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// The store that an ExternalSecret fetches it from: `ClusterSecretStore aws-secrets-manager`.
    pub store: Option<String>,
    /// What is fetched: `mcp/github/token`, with a property as `#token` behind.
    pub values: Vec<String>,
}

/// A connection that is meant to be possible.
#[derive(Debug)]
pub struct Link {
    /// What the other end is.
    pub end: End,
    /// Who that is, as `check --network` calls it.
    pub who: String,
    /// The receiver's port.
    pub port: (Protocol, u16),
    /// Whether the policies let it through.
    pub is_open: bool,
    /// The policies that do, or do not; none where no policy isolates the server.
    pub by: BTreeSet<String>,
}

/// What is at the other end of a server's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// LiteLLM, which calls the server.
    Proxy,
    /// Prometheus, which reads its metrics.
    Prometheus,
    /// DNS.
    Dns,
    /// What takes its spans.
    Collector,
    /// LiteLLM, where the server fetches keys.
    Keys,
    /// The agent of EKS that hands out credentials.
    PodIdentity,
    /// The API server of the cluster.
    ApiServer,
    /// Pods.
    Pods,
    /// Hosts by name.
    Hosts,
    /// Addresses.
    Addresses,
}

impl End {
    /// What people call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Proxy | Self::Keys => "LiteLLM",
            Self::Prometheus => "Prometheus",
            Self::Dns => "DNS",
            Self::Collector => "Trace collector",
            Self::PodIdentity => "EKS Pod Identity agent",
            Self::ApiServer => "Kubernetes API",
            Self::Pods => "Pods",
            Self::Hosts => "Hosts",
            Self::Addresses => "Addresses",
        }
    }

    /// Whether the server is called.
    #[must_use]
    pub fn is_caller(self) -> bool {
        matches!(self, Self::Proxy | Self::Prometheus)
    }

    fn of(flow: &Flow, other: &Party, set: &Set, server: &Server) -> Self {
        let is_api = |range: &str| {
            let mut known = set.platform.api_server.iter();
            server.api.is_some() && known.any(|known| known.to_string() == range)
        };
        match (flow.purpose, other) {
            (Purpose::Call, _) => Self::Proxy,
            (Purpose::Scrape, _) => Self::Prometheus,
            (Purpose::Dns, _) => Self::Dns,
            (Purpose::Trace, _) => Self::Collector,
            (Purpose::Egress, Party::Range(range)) if POD_IDENTITY.contains(&range.as_str()) => {
                Self::PodIdentity
            }
            (Purpose::Egress, Party::Range(range)) if is_api(range) => Self::ApiServer,
            (Purpose::Egress, Party::Range(_) | Party::Internet) => Self::Addresses,
            (Purpose::Egress, Party::Host(_)) => Self::Hosts,
            (Purpose::Egress, pods) if *pods == Party::from(&set.platform.proxy) => Self::Keys,
            (Purpose::Egress, Party::Pods { .. }) => Self::Pods,
        }
    }
}

/// Who talks to whom in `sets`.
#[must_use]
pub fn graph(sets: &[&Set]) -> Graph {
    let (mut manifests, mut settings) = (Manifests::default(), Settings::default());
    for set in sets {
        settings.add_set(set);
    }
    for (index, object) in (0..).zip(sets.iter().flat_map(|set| objects(set))) {
        if let Some(object) = tree(&object, &mut first(index)).and_then(Object::new) {
            manifests.push(object);
        }
    }
    let input = Input::of(&manifests);
    let network = Network::new(&input);
    let intents = network.intents(&settings);
    let intents: BTreeMap<(&str, &str), &Intent<'_, '_>> = intents
        .iter()
        .map(|intent| {
            let workload = intent.server.pod.workload;
            ((workload.namespace(), workload.name()), intent)
        })
        .collect();
    let groups = sets.iter().map(|set| {
        let servers = set.servers.iter().filter_map(|server| {
            let (namespace, name) = (server.namespace.as_str(), server.names.workload.as_str());
            Some((server, *intents.get(&(namespace, name))?))
        });
        let servers: Vec<(&Server, &Intent<'_, '_>)> = servers.collect();
        let closing = servers.iter().flat_map(|(_, intent)| {
            let policies = network.policies_about(&intent.server.endpoint);
            policies.filter(|policy| policy.rules().next().is_none())
        });
        Group {
            name: set.name.to_string(),
            namespace: set.namespace.to_string(),
            closed_by: closing.map(|policy| named(policy.object)).collect(),
            nodes: servers
                .iter()
                .map(|(server, intent)| node(&input, &network, intent, set, server))
                .collect(),
        }
    });
    Graph {
        groups: groups.collect(),
    }
}

/// `NetworkPolicy mcp-github`.
fn named(object: &Object) -> String {
    format!("{} {}", object.kind(), object.name())
}

fn node(
    input: &Input<'_>,
    network: &Network<'_>,
    intent: &Intent<'_, '_>,
    set: &Set,
    server: &Server,
) -> Node {
    let pod = intent.server.pod;
    let links = intent.flows.iter().flat_map(|flow| {
        let verdict = network.verdict(intent.server, flow);
        let by: BTreeSet<String> = verdict.policies().map(named).collect();
        flow.others.iter().map(move |other| Link {
            end: End::of(flow, other, set, server),
            who: other.to_string(),
            port: (flow.protocol, flow.port),
            is_open: verdict.is_allowed(),
            by: by.clone(),
        })
    });
    let links: Vec<Link> = links.collect();
    let opening = network.policies_about(&intent.server.endpoint);
    let opening = opening.filter(|policy| policy.rules().next().is_some());
    let by = links.iter().filter(|link| link.is_open);
    let by = by.flat_map(|link| link.by.iter().cloned());
    let account = pod.spec.get("serviceAccountName").text();
    let account = account.unwrap_or("default");
    Node {
        name: pod.workload.name().to_owned(),
        policies: opening
            .map(|policy| named(policy.object))
            .chain(by)
            .collect(),
        account: account.to_owned(),
        role: role(input, pod, account, server),
        rights: rights(input, pod, account),
        secrets: secrets(input, pod),
        links,
    }
}

fn role(input: &Input<'_>, pod: &Pod<'_>, account: &str, server: &Server) -> Option<Role> {
    let object = input
        .manifests
        .find("ServiceAccount", pod.namespace(), account);
    let annotations = object.map(|object| object.at("metadata.annotations"));
    if let Some(arn) = annotations.and_then(|all| all.get(ROLE).text()) {
        return Some(Role::Token(arn.to_owned()));
    }
    // EKS keeps the association, and no object of the bundle says it.
    let name = server.aws.role.as_ref().map(ToString::to_string);
    server.aws.pod_identity.then_some(Role::PodIdentity(name))
}

fn rights(input: &Input<'_>, pod: &Pod<'_>, account: &str) -> Vec<String> {
    let is_ours = |binding: &&Object| {
        accounts(binding)
            .any(|(namespace, name)| namespace == pod.namespace() && name.text() == Some(account))
    };
    let bindings = bindings(input.manifests).filter(is_ours);
    let rights = bindings.filter_map(|binding| {
        let role = binding.at("roleRef");
        let role = format!("{} {}", role.get("kind").text()?, role.get("name").text()?);
        Some(match binding.namespace() {
            "" => role,
            namespace => format!("{role} in {namespace}"),
        })
    });
    rights.collect()
}

fn secrets(input: &Input<'_>, pod: &Pod<'_>) -> Vec<Secret> {
    let used = references_of(pod, &SECRETS);
    let used = used.iter().map(|reference| reference.name);
    let pulling = pod.spec.get("imagePullSecrets").items();
    let pulling = pulling.filter_map(|secret| secret.get("name").text());
    let mut secrets: Vec<Secret> = Vec::new();
    for name in used.chain(pulling) {
        if secrets.iter().any(|known| known.name == name) {
            continue;
        }
        let fetching = input.secrets.fetching(pod.namespace(), name);
        let store = fetching.and_then(|object| {
            let store = object.at("spec.secretStoreRef");
            Some(format!(
                "{} {}",
                store.get("kind").text()?,
                store.get("name").text()?
            ))
        });
        let items = fetching.map(|object| object.at("spec.data").items());
        secrets.push(Secret {
            name: name.to_owned(),
            store,
            values: items.into_iter().flatten().filter_map(value).collect(),
        });
    }
    secrets
}

/// What `item` of an ExternalSecret fetches, as the config writes it.
fn value(item: At<'_>) -> Option<String> {
    let remote = item.get("remoteRef");
    let key = remote.get("key").text()?;
    Some(match remote.get("property").text() {
        Some(property) => format!("{key}#{property}"),
        None => key.to_owned(),
    })
}

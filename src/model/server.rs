//! One server with everything decided; see [`Set`](super::Set).

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::iam::Access;
use super::{
    ApiAccess, Bridge, Cidr, ConfigKey, EnvName, HostName, HttpPath, LabelKey, LabelValue, Labels,
    MountPath, NamespaceName, ObjectName, Objectives, Patch, Peer, PinnedImage, Places, Port,
    Quantity, Registration, Scale, ScaleReason, ServiceName, Sessions,
};

/// One MCP server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Where it is written.
    pub places: Places,
    /// Its name in the config, without the prefix.
    pub name: String,
    /// What is known of it; `None` where it names no profile.
    pub known: Option<Box<Known>>,
    /// The names of its objects.
    pub names: ServerNames,
    /// The namespace of its objects.
    pub namespace: NamespaceName,
    /// The set's name: `app.kubernetes.io/part-of`.
    pub part_of: LabelValue,
    /// The image's tag: `app.kubernetes.io/version`.
    pub version: LabelValue,
    /// What it offers; empty when nobody said.
    pub description: String,
    /// Further labels of its objects and pods.
    pub labels: Labels,
    /// Further annotations of its pods.
    pub pod_annotations: BTreeMap<String, String>,
    /// Its image.
    pub image: PinnedImage,
    /// `Always`, `IfNotPresent` or `Never`.
    pub pull_policy: &'static str,
    /// Secrets with registry credentials.
    pub pull_secrets: Vec<ObjectName>,
    /// Replaces the entrypoint; `$` escaped. Empty: the image's.
    pub command: Vec<String>,
    /// Arguments; `$` escaped.
    pub args: Vec<String>,
    /// What is handed over before it starts, where it reads standard input.
    pub bridge: Option<Box<Bridge>>,
    /// Environment in the order in which it is written: what others refer to comes first.
    pub env: Vec<EnvVar>,
    /// What is fetched from the secret store; empty when nothing is.
    pub secrets: Vec<SecretItem>,
    /// Folders of secret files.
    pub secret_mounts: Vec<SecretMount>,
    /// Files under `/etc/mcp`.
    pub config: Option<ConfigFiles>,
    /// Port of the MCP endpoint.
    pub port: Port,
    /// What Prometheus scrapes.
    pub metrics: Option<Metrics>,
    /// What it promises.
    pub objectives: Objectives,
    /// How the kubelet asks whether a pod is well.
    pub probes: Probes,
    /// Whether a client's requests stay on one pod.
    pub sessions: Sessions,
    /// How many pods it has.
    pub scale: Scale,
    /// Why so many.
    pub scale_reason: ScaleReason,
    /// Seconds that a rollout may make no progress: longer than a start may take.
    pub progress_deadline: i32,
    /// CPU, memory, storage and what else is requested, in the order of the resources' names.
    pub requests: Vec<(SmolStr, Quantity)>,
    /// The same for limits.
    pub limits: Vec<(SmolStr, Quantity)>,
    /// Paths the server may write to.
    pub writable: Vec<Writable>,
    /// User id.
    pub uid: i64,
    /// Group id, also of volumes.
    pub gid: i64,
    /// How a pod ends.
    pub drain: Drain,
    /// What LiteLLM is told of it.
    pub litellm: Registration,
    /// Its identity towards AWS.
    pub aws: Access,
    /// What it may do with the Kubernetes API; `None` for nothing.
    pub api: Option<ApiAccess>,
    /// Who may call it, and what it may reach.
    pub traffic: Traffic,
    /// Labels of the nodes to run on.
    pub node_selector: BTreeMap<String, String>,
    /// Taints to tolerate.
    pub tolerations: Vec<Toleration>,
    /// Priority class; `None` for the cluster's default.
    pub priority_class: Option<ObjectName>,
    /// The last word on its objects.
    pub patches: Vec<Patch>,
}

/// A server of which something is known.
#[derive(Debug, Clone)]
pub struct Known {
    /// The profile that says it.
    pub profile: &'static str,
    /// Where its makers publish the image, without the tag.
    pub image: String,
}

/// The names of one server's objects.
#[derive(Debug, Clone)]
pub struct ServerNames {
    /// Deployment, Service, PodDisruptionBudget, NetworkPolicy: `mcp-github`.
    pub workload: ServiceName,
    /// ServiceAccount: `mcp-github-sa`.
    pub service_account: ObjectName,
    /// ExternalSecret and its Secret: `mcp-github-secrets`.
    pub secrets: ObjectName,
    /// ConfigMap: `mcp-github-config`.
    pub config: ObjectName,
}

impl ServerNames {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> [&str; 4] {
        [
            self.workload.as_str(),
            self.service_account.as_str(),
            self.secrets.as_str(),
            self.config.as_str(),
        ]
    }
}

/// An environment variable.
#[derive(Debug, Clone)]
pub struct EnvVar {
    /// Its name.
    pub name: EnvName,
    /// Where its value comes from.
    pub value: EnvValue,
}

/// Where an environment variable's value comes from.
#[derive(Debug, Clone)]
pub enum EnvValue {
    /// Written here; `$` escaped where it is meant literally.
    Literal(SmolStr),
    /// A field of the pod.
    Field(SmolStr),
    /// A key of a Secret.
    Secret(Box<KeySelector>),
    /// A key of a ConfigMap.
    ConfigMap(Box<KeySelector>),
}

/// One value of a Secret or ConfigMap.
#[derive(Debug, Clone)]
pub struct KeySelector {
    /// The Secret or ConfigMap.
    pub name: ObjectName,
    /// The value's key.
    pub key: ConfigKey,
}

/// What the API server takes of an object's annotations, in bytes, less room for our own.
pub const ANNOTATIONS_LIMIT: usize = (256 << 10) - (4 << 10);

/// Fields of the pod that the API server accepts in an environment variable, besides single labels and
/// annotations (kubernetes.io, Downward API).
pub const DOWNWARD_FIELDS: [&str; 8] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.podIP",
    "status.podIPs",
];

/// One value of the secret store.
#[derive(Debug, Clone)]
pub struct SecretItem {
    /// Its key in the Secret: `github-token`.
    pub key: ConfigKey,
    /// Its path in the store.
    pub remote_key: String,
    /// One property of a JSON value.
    pub property: Option<String>,
    /// A version other than the newest.
    pub version: Option<String>,
}

/// Secret files of one folder.
#[derive(Debug, Clone)]
pub struct SecretMount {
    /// The volume's name.
    pub volume: String,
    /// The folder.
    pub folder: MountPath,
    /// Key in the Secret and file name.
    pub files: Vec<(ConfigKey, ConfigKey)>,
}

/// Files under `/etc/mcp` and their checksum.
#[derive(Debug, Clone)]
pub struct ConfigFiles {
    /// Name and content, in the order of the names.
    pub files: Vec<(ConfigKey, String)>,
    /// SHA-256 over names and contents, in hexadecimal.
    pub checksum: String,
}

/// What Prometheus scrapes.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Path of the metrics.
    pub path: HttpPath,
    /// A port of their own; `None` when they are on the server's.
    pub own_port: Option<Port>,
}

/// Seconds between two startup probes.
pub const STARTUP_PERIOD: i32 = 5;

/// How the kubelet asks whether a pod is well.
#[derive(Debug, Clone)]
pub struct Probes {
    /// What is asked.
    pub check: ProbeCheck,
    /// The port's name when it is one that the container declares for other uses as well.
    pub port: ProbePort,
    /// Failed startup probes, one every [`STARTUP_PERIOD`] seconds, until a container is restarted.
    pub startup_failures: i32,
}

/// The port of the probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbePort {
    /// The server's own.
    Http,
    /// The metrics' own.
    Metrics,
    /// One that serves nothing else.
    Own(Port),
}

/// What a probe asks.
#[derive(Debug, Clone)]
pub enum ProbeCheck {
    /// Whether the port accepts a connection.
    Tcp,
    /// Whether a GET succeeds.
    Http {
        /// Path of liveness and startup.
        liveness: HttpPath,
        /// Path of readiness.
        readiness: HttpPath,
        /// `Host` header.
        host: Option<HostName>,
    },
}

impl Probes {
    /// Has a GET name the `host`, unless it names one already. The kubelet calls by address, which a
    /// server that guards its hosts refuses.
    pub fn name_host(&mut self, service: &str) {
        if let ProbeCheck::Http { host, .. } = &mut self.check
            && host.is_none()
        {
            *host = HostName::parse(service).ok();
        }
    }
}

/// A folder the server may write to.
#[derive(Debug, Clone)]
pub struct Writable {
    /// The volume's name.
    pub volume: String,
    /// The folder.
    pub path: MountPath,
}

/// How a pod ends, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Drain {
    /// Wait before SIGTERM, until no proxy sends new calls.
    pub pre_stop: i64,
    /// What a call may take: LiteLLM waits as long, and a rollout.
    pub longest_call: u32,
    /// From the decision to stop to SIGKILL.
    pub grace: i64,
}

/// What one server may reach.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// Everything that plain network policies can say.
    pub egress: Vec<Egress>,
    /// Host names, for platforms that can filter by them.
    pub hosts: Vec<HostRule>,
}

/// One destination of a NetworkPolicy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Egress {
    /// Where to.
    pub to: Destination,
    /// TCP ports.
    pub ports: Vec<Port>,
}

/// Where a server may connect to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// Every public address.
    Internet,
    /// An address range.
    Cidr(Cidr),
    /// Pods in the cluster.
    Pods(Peer),
}

/// A destination by host name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostRule {
    /// The host, possibly with a leading `*.`.
    pub host: HostName,
    /// TCP ports.
    pub ports: Vec<Port>,
}

/// A taint to tolerate.
#[derive(Debug, Clone)]
pub struct Toleration {
    /// Key; `None` for all taints.
    pub key: Option<LabelKey>,
    /// `Equal` or `Exists`.
    pub operator: &'static str,
    /// Value, with `Equal`.
    pub value: Option<LabelValue>,
    /// Effect; `None` for all.
    pub effect: Option<&'static str>,
    /// Seconds that `NoExecute` is tolerated; `None` for ever.
    pub seconds: Option<i64>,
}

/// Where a server's configuration files are mounted.
pub const CONFIG_FOLDER: &str = "/etc/mcp";
/// Where secret files are mounted when the config says nothing else.
pub const SECRETS_FOLDER: &str = "/etc/mcp-secrets";
/// How much a writable folder may hold, as a quantity.
pub const WRITABLE_LIMIT: &str = "64Mi";

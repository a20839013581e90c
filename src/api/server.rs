//! `spec.servers[]` and `spec.defaults`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::access::{Access, AccessRule};
use super::autoscaling::Autoscaling;
use super::aws::Aws;
use super::field::{Entries, Field, List};
use super::litellm::Registration;
use super::patch::Patch;
use super::serving::{Metrics, Objectives, Probes, Protocol, Session, Transport};
use super::stdio::Stdio;
use super::variables::{EnvValue, Secret};

/// One MCP server.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Server {
    /// Name without the prefix: `github` becomes the Deployment and Service `mcp-github`.
    pub name: Field<String>,
    /// The profile of a server that is known: what this server leaves open is taken from it, and from
    /// `defaults` what both leave open. `mcpset explain profiles` lists them.
    pub profile: Field<String>,
    /// What the server offers, in one sentence.
    pub description: Field<String>,
    /// Image with a fixed tag, never `latest`; a digest is welcome. Without a host it comes from
    /// `platform.registry`.
    pub image: Field<String>,
    /// When the kubelet pulls the image. Default `IfNotPresent`.
    pub image_pull_policy: Field<PullPolicy>,
    /// Names of Secrets with registry credentials.
    pub image_pull_secrets: Field<List<String>>,
    /// Replaces the image's entrypoint. With `transport: stdio` it is what the bridge starts.
    pub command: Field<List<String>>,
    /// Arguments of the entrypoint. `$(VAR)` is passed literally.
    pub args: Field<List<String>>,
    /// Environment variables. `$(VAR)` is passed literally.
    pub env: Field<Entries<EnvValue>>,
    /// Environment variables, or files, that come from the secret store.
    pub secrets: Field<Entries<Secret>>,
    /// Files under `/etc/mcp`, by name. A change restarts the pods.
    pub config: Field<Entries<String>>,
    /// How the server speaks MCP. Default `http`.
    pub transport: Field<Transport>,
    /// What calls a server of `transport: stdio`.
    pub stdio: Field<Stdio>,
    /// Path of the MCP endpoint. Default `/mcp`, or `/sse` for `sse`.
    pub path: Field<String>,
    /// Port of the MCP endpoint. Default 8080.
    pub port: Field<i64>,
    /// Whether a session must stay on one pod. Default `auto`.
    pub session: Field<Session>,
    /// Which era of the protocol the server speaks. Default `auto`.
    pub protocol: Field<Protocol>,
    /// Number of pods. Default 2, or 1 for `stdio` with sessions.
    pub replicas: Field<i64>,
    /// Lets the number of pods follow the load, in the place of `replicas`.
    pub autoscaling: Field<Autoscaling>,
    /// CPU, memory and ephemeral storage.
    pub resources: Field<Resources>,
    /// How the kubelet asks whether a pod is well; `tcp` where the server declares no path.
    /// Default `{liveness: /health, readiness: /ready}`.
    pub probes: Field<Probes>,
    /// Where Prometheus finds metrics; `false` where there are none. Default `{path: /metrics}`.
    pub metrics: Field<Metrics>,
    /// Environment variable in which the server reads the hosts that it answers to: it gets the
    /// Service's names, with and without the port, separated by commas (for a `FASTMCP_` variable: as
    /// a JSON list).
    pub allowed_hosts_env: Field<String>,
    /// Argument that does the same, such as `--allowed-hosts`: it comes last, as `--allowed-hosts=…`.
    pub allowed_hosts_arg: Field<String>,
    /// What the server promises: its alerts compare with it.
    pub objectives: Field<Objectives>,
    /// Paths the server may write to; everything else is read-only. Default `[/tmp]`.
    pub writable: Field<List<String>>,
    /// Numeric identity of the process. Default 1000 and 1000.
    pub user: Field<User>,
    /// The longest tool call, which no rollout must cut and LiteLLM waits for. Default `60s`.
    pub longest_call: Field<String>,
    /// What LiteLLM is told of the server.
    pub litellm: Field<Registration>,
    /// Identity towards AWS.
    pub aws: Field<Aws>,
    /// What the server uses of the cluster itself: `[cluster]` for the Kubernetes API, with `rules`.
    /// Default: nothing, and its pods have no token.
    pub access: Field<List<Access>>,
    /// What it may do with the Kubernetes API, and no more.
    pub rules: Field<List<AccessRule>>,
    /// What the server may reach besides DNS and the trace collector. Default `[internet]`.
    pub egress: Field<List<Egress>>,
    /// Further labels of the server's objects and pods.
    pub labels: Field<Entries<String>>,
    /// Further annotations of the server's pods.
    pub annotations: Field<Entries<String>>,
    /// Labels of the nodes to run on.
    pub node_selector: Field<Entries<String>>,
    /// Taints to tolerate.
    pub tolerations: Field<List<Toleration>>,
    /// Priority class of the pods.
    pub priority_class_name: Field<String>,
    /// The last word on the server's objects, after those of the defaults.
    pub patches: Field<List<Patch>>,
}

impl Server {
    /// Takes from `defaults` what this server leaves open.
    pub fn inherit(&mut self, defaults: &Self) {
        self.profile.or(&defaults.profile);
        self.description.or(&defaults.description);
        self.image_pull_policy.or(&defaults.image_pull_policy);
        self.image_pull_secrets.or(&defaults.image_pull_secrets);
        self.command.or(&defaults.command);
        self.args.or(&defaults.args);
        merge(&mut self.env, &defaults.env);
        merge(&mut self.secrets, &defaults.secrets);
        merge(&mut self.config, &defaults.config);
        self.transport.or(&defaults.transport);
        inherit_stdio(self, &defaults.stdio);
        self.path.or(&defaults.path);
        self.port.or(&defaults.port);
        self.session.or(&defaults.session);
        self.protocol.or(&defaults.protocol);
        // Either says how many pods there are.
        if self.replicas.is_absent() && self.autoscaling.is_absent() {
            self.replicas = defaults.replicas.clone();
            self.autoscaling = defaults.autoscaling.clone();
        }
        inherit_resources(&mut self.resources, &defaults.resources);
        inherit_probes(&mut self.probes, &defaults.probes);
        self.metrics.or(&defaults.metrics);
        // Either tells a server its hosts; one behind a bridge has none.
        let is_called = self.transport.value() != Some(&Transport::Stdio);
        if is_called && self.allowed_hosts_env.is_absent() && self.allowed_hosts_arg.is_absent() {
            self.allowed_hosts_env = defaults.allowed_hosts_env.clone();
            self.allowed_hosts_arg = defaults.allowed_hosts_arg.clone();
        }
        inherit_objectives(&mut self.objectives, &defaults.objectives);
        self.writable.or(&defaults.writable);
        self.user.or(&defaults.user);
        self.longest_call.or(&defaults.longest_call);
        match (&mut self.litellm, &defaults.litellm) {
            (Field::Given(own), Field::Given(defaults)) => own.value.inherit(&defaults.value),
            (own, defaults) => own.or(defaults),
        }
        self.aws.or(&defaults.aws);
        // Who says that it uses nothing is allowed nothing.
        if self.access.value().is_none_or(|own| !own.is_empty()) {
            self.rules.or(&defaults.rules);
        }
        self.access.or(&defaults.access);
        self.egress.or(&defaults.egress);
        merge(&mut self.labels, &defaults.labels);
        merge(&mut self.annotations, &defaults.annotations);
        merge(&mut self.node_selector, &defaults.node_selector);
        self.tolerations.or(&defaults.tolerations);
        self.priority_class_name.or(&defaults.priority_class_name);
    }
}

/// Adds to the own entries those of the defaults under other keys.
pub(super) fn merge<V: Clone>(own: &mut Field<Entries<V>>, defaults: &Field<Entries<V>>) {
    match (own, defaults) {
        (Field::Given(own), Field::Given(defaults)) => own.value.or(&defaults.value),
        (own, defaults) => own.or(defaults),
    }
}

fn inherit_resources(own: &mut Field<Resources>, defaults: &Field<Resources>) {
    match (own, defaults) {
        (Field::Given(own), Field::Given(defaults)) => {
            merge(&mut own.value.requests, &defaults.value.requests);
            merge(&mut own.value.limits, &defaults.value.limits);
        }
        (own, defaults) => own.or(defaults),
    }
}

fn inherit_objectives(own: &mut Field<Objectives>, defaults: &Field<Objectives>) {
    match (own, defaults) {
        (Field::Given(own), Field::Given(defaults)) => {
            let (own, defaults) = (&mut own.value, &defaults.value);
            own.availability.or(&defaults.availability);
            own.latency.or(&defaults.latency);
            own.rate_limit_remaining.or(&defaults.rate_limit_remaining);
            own.concurrent_requests.or(&defaults.concurrent_requests);
        }
        (own, defaults) => own.or(defaults),
    }
}

/// A bridge for all is none of those that need no bridge.
fn inherit_stdio(server: &mut Server, defaults: &Field<Stdio>) {
    if server.transport.value() != Some(&Transport::Stdio) {
        return;
    }
    match (&mut server.stdio, defaults) {
        (Field::Given(own), Field::Given(defaults)) => own.value.inherit(&defaults.value),
        (own, defaults) => own.or(defaults),
    }
}

fn inherit_probes(own: &mut Field<Probes>, defaults: &Field<Probes>) {
    let (Field::Given(probes), Some(defaults)) = (&mut *own, defaults.given()) else {
        own.or(defaults);
        return;
    };
    let mut settings = probes.value.settings(probes.place);
    settings.inherit(&defaults.value.settings(defaults.place));
    probes.value = Probes::Http(Box::new(settings));
}

/// When the kubelet pulls an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum PullPolicy {
    /// At every start.
    Always,
    /// When the node does not have it.
    IfNotPresent,
    /// Never.
    Never,
}

/// CPU, memory and ephemeral storage.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// What is reserved. Default `{cpu: 100m, memory: 256Mi, ephemeral-storage: 64Mi}`.
    pub requests: Field<Entries<String>>,
    /// What is allowed. Default `{cpu: 500m, memory: <the request>, ephemeral-storage: 256Mi}`.
    pub limits: Field<Entries<String>>,
}

/// Numeric identity of the process.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// User id, not 0. Default 1000.
    pub uid: Field<i64>,
    /// Group id, not 0, also of volumes. Default 1000.
    pub gid: Field<i64>,
}

/// What a server may reach.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "Egress", untagged)]
pub enum Egress {
    /// The word `internet`.
    #[serde(rename = "text")]
    Word(EgressWord),
    /// A named destination.
    #[serde(rename = "mapping")]
    To(Box<EgressRule>),
}

/// Destinations without settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EgressWord {
    /// Public addresses on port 443; neither private ranges nor instance metadata.
    Internet,
}

/// A destination: exactly one of `host`, `cidr`, `service`, `namespace`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct EgressRule {
    /// Host name outside the cluster, such as `api.github.com`.
    pub host: Field<String>,
    /// Address range, such as `10.20.0.0/16`.
    pub cidr: Field<String>,
    /// Service in the cluster, as `namespace/name`; its namespace is opened on `ports`.
    pub service: Field<String>,
    /// Namespace in the cluster.
    pub namespace: Field<String>,
    /// Labels of the pods in `namespace`. Default: all its pods.
    pub pod_labels: Field<Entries<String>>,
    /// TCP ports, of the pods where the destination is in the cluster. Default `[443]`.
    pub ports: Field<List<i64>>,
}

/// A taint to tolerate.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Toleration {
    /// Key of the taint; absent with `operator: Exists` for all taints.
    pub key: Field<String>,
    /// `Equal` or `Exists`. Default `Equal`.
    pub operator: Field<String>,
    /// Value of the taint.
    pub value: Field<String>,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default: all.
    pub effect: Field<String>,
    /// How long a `NoExecute` taint is tolerated, in seconds. Default: for ever.
    pub toleration_seconds: Field<i64>,
}

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
use super::{from, pattern};

/// One MCP server.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Server {
    /// Name without the prefix: `github` becomes the Deployment and Service `mcp-github`.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("examples" = ["github"]))]
    pub name: Field<String>,
    /// The profile of a server that is known: what this server leaves open is taken from it, and from
    /// `defaults` what both leave open. `mcpset explain profiles` lists them.
    #[schemars(extend("examples" = ["github"]))]
    pub profile: Field<String>,
    /// What the server offers, in one sentence.
    #[schemars(extend("examples" = ["Repositories, issues and pull requests"]))]
    pub description: Field<String>,
    /// Image with a fixed tag, never `latest`; a digest is welcome. Without a host it comes from
    /// `platform.registry`.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["mcp-github:1.0.0"]))]
    pub image: Field<String>,
    /// When the kubelet pulls the image.
    #[schemars(extend("default" = "IfNotPresent", "x-default-from" = from::KUBERNETES))]
    #[schemars(extend("examples" = ["Always"]))]
    pub image_pull_policy: Field<PullPolicy>,
    /// Names of Secrets with registry credentials.
    #[schemars(inner(length(max = 253), regex(pattern = pattern::DNS_SUBDOMAIN)))]
    #[schemars(extend("examples" = [["registry-credentials"]]))]
    pub image_pull_secrets: Field<List<String>>,
    /// Replaces the image's entrypoint. With `transport: stdio` it is what the bridge starts.
    #[schemars(extend("examples" = [["node", "/app/index.js"]]))]
    pub command: Field<List<String>>,
    /// Arguments of the entrypoint. `$(VAR)` is passed literally.
    #[schemars(extend("examples" = [["--log-level=info"]]))]
    pub args: Field<List<String>>,
    /// Environment variables. `$(VAR)` is passed literally.
    #[schemars(extend("propertyNames" = {"pattern": pattern::ENV_NAME}))]
    #[schemars(extend("examples" = [{"LOG_LEVEL": "info", "POD_IP": {"field": "status.podIP"}}]))]
    pub env: Field<Entries<EnvValue>>,
    /// Environment variables, or files, that come from the secret store.
    #[schemars(extend("propertyNames" = {"pattern": pattern::ENV_NAME}))]
    #[schemars(extend("examples" = [{"GITHUB_TOKEN": "mcp/github/token"}]))]
    pub secrets: Field<Entries<Secret>>,
    /// Files under `/etc/mcp`, by name. A change restarts the pods.
    #[schemars(extend("propertyNames" = {"pattern": pattern::CONFIG_KEY}))]
    #[schemars(extend("examples" = [{"settings.yaml": "readOnly: true\n"}]))]
    pub config: Field<Entries<String>>,
    /// How the server speaks MCP.
    #[schemars(extend("default" = "http", "x-default-from" = from::MCP, "examples" = ["stdio"]))]
    pub transport: Field<Transport>,
    /// What calls a server of `transport: stdio`.
    #[schemars(extend("examples" = [{"bridge": {"program": "supergateway"}, "sessions": 10}]))]
    pub stdio: Field<Stdio>,
    /// Path of the MCP endpoint. For `sse` the default is `/sse`.
    #[schemars(regex(pattern = pattern::PATH))]
    #[schemars(extend("default" = "/mcp", "x-default-from" = from::MCP))]
    #[schemars(extend("examples" = ["/api/mcp"]))]
    pub path: Field<String>,
    /// Port of the MCP endpoint.
    #[schemars(range(min = 1, max = 65535))]
    #[schemars(extend("default" = 8080, "x-default-from" = from::GUIDE_LITELLM))]
    #[schemars(extend("examples" = [3000]))]
    pub port: Field<i64>,
    /// Whether a session must stay on one pod.
    #[schemars(extend("default" = "auto", "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = ["stateless"]))]
    pub session: Field<Session>,
    /// Which era of the protocol the server speaks.
    #[schemars(extend("default" = "auto", "x-default-from" = from::USUAL, "examples" = ["modern"]))]
    pub protocol: Field<Protocol>,
    /// Number of pods. For `stdio` with sessions the default is 1.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 2, "x-default-from" = from::GUIDE_RESOURCES))]
    #[schemars(extend("examples" = [3]))]
    pub replicas: Field<i64>,
    /// Lets the number of pods follow the load, in the place of `replicas`.
    #[schemars(extend("examples" = [{"max": 6}]))]
    pub autoscaling: Field<Autoscaling>,
    /// CPU, memory and ephemeral storage.
    #[schemars(extend("examples" = [{"requests": {"cpu": "250m", "memory": "512Mi"}}]))]
    pub resources: Field<Resources>,
    /// How the kubelet asks whether a pod is well; `tcp` where the server declares no path.
    #[schemars(extend("default" = {"liveness": "/health", "readiness": "/ready"}, "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = [{"liveness": "/healthz", "readiness": "/healthz"}, "tcp"]))]
    pub probes: Field<Probes>,
    /// Where Prometheus finds metrics; `false` where there are none.
    #[schemars(extend("default" = {"path": "/metrics"}, "x-default-from" = from::GUIDE_OBSERVABILITY))]
    #[schemars(extend("examples" = [{"port": 9090}, false]))]
    pub metrics: Field<Metrics>,
    /// Environment variable in which the server reads the hosts that it answers to: it gets the
    /// Service's names, with and without the port, separated by commas (for a `FASTMCP_` variable: as
    /// a JSON list).
    #[schemars(regex(pattern = pattern::ENV_NAME), extend("examples" = ["MCP_ALLOWED_HOSTS"]))]
    pub allowed_hosts_env: Field<String>,
    /// Argument that does the same, such as `--allowed-hosts`: it comes last, as `--allowed-hosts=…`.
    #[schemars(regex(pattern = pattern::ARGUMENT), extend("examples" = ["--allowed-hosts"]))]
    pub allowed_hosts_arg: Field<String>,
    /// What the server promises: its alerts compare with it.
    #[schemars(extend("examples" = [{"availability": 99.9, "latency": "2s"}]))]
    pub objectives: Field<Objectives>,
    /// Paths the server may write to; everything else is read-only.
    #[schemars(inner(regex(pattern = pattern::PATH)))]
    #[schemars(extend("default" = ["/tmp"], "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [["/tmp", "/var/cache/app"]]))]
    pub writable: Field<List<String>>,
    /// Numeric identity of the process.
    #[schemars(extend("default" = {"uid": 1000, "gid": 1000}, "x-default-from" = from::GUIDE_SECURITY))]
    #[schemars(extend("examples" = [{"uid": 65532, "gid": 65532}]))]
    pub user: Field<User>,
    /// The longest tool call, which no rollout must cut and LiteLLM waits for.
    #[schemars(regex(pattern = pattern::SECONDS))]
    #[schemars(extend("default" = "60s", "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = ["5m"]))]
    pub longest_call: Field<String>,
    /// What LiteLLM is told of the server.
    #[schemars(extend("examples" = [{"accessGroups": ["litellm-developers"]}]))]
    pub litellm: Field<Registration>,
    /// Identity towards AWS.
    #[schemars(extend("examples" = [{"roleArn": "arn:aws:iam::123456789012:role/mcp-s3-role"}]))]
    pub aws: Field<Aws>,
    /// What the server uses of the cluster itself: `[cluster]` for the Kubernetes API, with `rules`.
    /// Default: nothing, and its pods have no token.
    #[schemars(extend("examples" = [["cluster"]]))]
    pub access: Field<List<Access>>,
    /// What it may do with the Kubernetes API, and no more.
    #[schemars(extend("examples" = [[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]]))]
    pub rules: Field<List<AccessRule>>,
    /// What the server may reach besides DNS and the trace collector.
    #[schemars(extend("default" = ["internet"], "x-default-from" = from::GUIDE_NETWORK))]
    #[schemars(extend("examples" = [["internet", {"service": "data/postgres", "ports": [5432]}]]))]
    pub egress: Field<List<Egress>>,
    /// Further labels of the server's objects and pods.
    #[schemars(extend("examples" = [{"team": "platform"}]))]
    pub labels: Field<Entries<String>>,
    /// Further annotations of the server's pods.
    #[schemars(extend("examples" = [{"sidecar.istio.io/inject": "false"}]))]
    pub annotations: Field<Entries<String>>,
    /// Labels of the nodes to run on.
    #[schemars(extend("examples" = [{"kubernetes.io/arch": "arm64"}]))]
    pub node_selector: Field<Entries<String>>,
    /// Taints to tolerate.
    #[schemars(extend("examples" = [[{"key": "dedicated", "value": "tools", "effect": "NoSchedule"}]]))]
    pub tolerations: Field<List<Toleration>>,
    /// Priority class of the pods.
    #[schemars(regex(pattern = pattern::DNS_SUBDOMAIN), length(max = 253))]
    #[schemars(extend("examples" = ["platform-critical"]))]
    pub priority_class_name: Field<String>,
    /// The last word on the server's objects, after those of the defaults.
    #[schemars(extend("examples" = [[{"kind": "Deployment", "patch": {"spec": {"revisionHistoryLimit": 3}}}]]))]
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
    /// What is reserved.
    #[schemars(extend("default" = {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"}, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [{"cpu": "250m", "memory": "512Mi"}]))]
    pub requests: Field<Entries<String>>,
    /// What is allowed. For memory the default is the request.
    #[schemars(extend("default" = {"cpu": "500m", "ephemeral-storage": "256Mi"}, "x-default-from" = from::USUAL))]
    #[schemars(extend("examples" = [{"cpu": "1", "memory": "512Mi"}]))]
    pub limits: Field<Entries<String>>,
}

/// Numeric identity of the process.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    /// User id, not 0.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 1000, "x-default-from" = from::GUIDE_SECURITY))]
    #[schemars(extend("examples" = [65532]))]
    pub uid: Field<i64>,
    /// Group id, not 0, also of volumes.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 1000, "x-default-from" = from::GUIDE_SECURITY))]
    #[schemars(extend("examples" = [65532]))]
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
    /// Host name outside the cluster.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["api.github.com"]))]
    pub host: Field<String>,
    /// Address range.
    #[schemars(regex(pattern = pattern::CIDR), extend("examples" = ["10.20.0.0/16"]))]
    pub cidr: Field<String>,
    /// Service in the cluster, as `namespace/name`; its namespace is opened on `ports`.
    #[schemars(regex(pattern = pattern::SERVICE), extend("examples" = ["data/postgres"]))]
    pub service: Field<String>,
    /// Namespace in the cluster.
    #[schemars(length(max = 63), regex(pattern = pattern::DNS_LABEL))]
    #[schemars(extend("examples" = ["data"]))]
    pub namespace: Field<String>,
    /// Labels of the pods in `namespace`. Default: all its pods.
    #[schemars(extend("examples" = [{"app.kubernetes.io/name": "postgres"}]))]
    pub pod_labels: Field<Entries<String>>,
    /// TCP ports, of the pods where the destination is in the cluster.
    #[schemars(inner(range(min = 1, max = 65535)))]
    #[schemars(extend("default" = [443], "x-default-from" = from::GUIDE_NETWORK))]
    #[schemars(extend("examples" = [[5432]]))]
    pub ports: Field<List<i64>>,
}

/// A taint to tolerate.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Toleration {
    /// Key of the taint; absent with `operator: Exists` for all taints.
    #[schemars(extend("examples" = ["dedicated"]))]
    pub key: Field<String>,
    /// How the taint is compared: `Equal` to `value`, or `Exists`.
    #[schemars(extend("enum" = ["Equal", "Exists"]))]
    #[schemars(extend("default" = "Equal", "x-default-from" = from::KUBERNETES))]
    #[schemars(extend("examples" = ["Exists"]))]
    pub operator: Field<String>,
    /// Value of the taint.
    #[schemars(extend("examples" = ["tools"]))]
    pub value: Field<String>,
    /// What the taint does. Default: all three.
    #[schemars(extend("enum" = ["NoSchedule", "PreferNoSchedule", "NoExecute"]))]
    #[schemars(extend("examples" = ["NoSchedule"]))]
    pub effect: Field<String>,
    /// How long a `NoExecute` taint is tolerated, in seconds. Default: for ever.
    #[schemars(range(min = 0), extend("examples" = [300]))]
    pub toleration_seconds: Field<i64>,
}

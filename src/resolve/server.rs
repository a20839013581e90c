//! One server.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed_hosts::{AllowedHosts, allowed_hosts};
use super::api_access::api_access;
use super::aws::access;
use super::env::{MetricsBy, Telemetry, environment, identity, variables};
use super::files::{Files, files};
use super::health::{self, metrics, probes};
use super::home::home;
use super::image::image;
use super::litellm::{self, Known};
use super::monitoring::objectives;
use super::names::server_names;
use super::network::traffic;
use super::platform::{Defaults, Registries, labels};
use super::quantities::quantities;
use super::scaling::scale;
use super::scheduling::scheduling;
use super::scope::{Reported, Scope, all, group, items, setting};
use super::sessions::sessions;
use super::stdio::{room, start};
use crate::api::{self, Field, List, Placed};
use crate::model::{
    ANNOTATIONS_LIMIT, AnnotationKey, AnnotationText, CleanText, Drain, EnvVar, LabelValue,
    Metrics, MetricsProfile, NamespaceName, OWN_NAMES, ObjectName, Places, Platform, Port, Probes,
    Registration, STARTUP_PERIOD, Seconds, Server, ServerNames, ServiceName, service_host,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

const IMAGE_EXAMPLE: &str = "such as `image: mcp-github:1.0.0`";
const USER: i64 = 1000;
/// What a call may take where nobody says.
pub const LONGEST_CALL: &str = "60s";
/// Wait before SIGTERM, in seconds: how long proxies may take to see that a pod is going.
const PRE_STOP: i64 = 10;
/// What a process may need to end after its last call, in seconds.
const MARGIN: i64 = 10;
/// Annotations that replace the runtime's AppArmor profile, which Pod Security `restricted` asks for.
const PROFILES: &str = "container.apparmor.security.beta.kubernetes.io/";
/// Longest description, in characters: it is an annotation of every object.
const LONGEST_DESCRIPTION: usize = 1024;
/// How long a rollout may make no progress, in seconds, unless a start may take longer.
const PROGRESS_DEADLINE: i32 = 600;

/// What a server inherits from its set.
pub struct Context<'a> {
    /// The set's name.
    pub set: &'a ServiceName,
    /// The set's namespace.
    pub namespace: &'a NamespaceName,
    /// `spec.namePrefix`.
    pub prefix: &'a str,
    /// Where images may come from, unless that is wrong.
    pub registries: Result<&'a Registries, Reported>,
    /// The rest of the platform, unless it is wrong.
    pub platform: Result<&'a Defaults, Reported>,
}

impl<'a> Context<'a> {
    /// What is known beside the config when a server is registered.
    fn known(
        &self,
        names: Result<&'a ServerNames, Reported>,
        port: Result<Port, Reported>,
    ) -> Known<'a> {
        Known {
            names,
            namespace: self.namespace,
            prefix: self.prefix,
            port,
            platform: self.platform,
        }
    }
}

/// Resolves the server that stands at `place`, its set's defaults already taken over.
pub fn server(
    scope: &mut Scope<'_>,
    written: &api::Server,
    place: Place,
    context: &Context<'_>,
) -> Result<Server, Reported> {
    let names = scope
        .required(&written.name, "name", "such as `name: github`", place)
        .and_then(|name| server_names(scope, context.prefix, &name.value, name.place));
    let image = scope
        .required(&written.image, "image", IMAGE_EXAMPLE, place)
        .and_then(|text| image(scope, text, context.registries));
    let description = description(scope, &written.description);
    let pull_policy = pull_policy(&written.image_pull_policy);
    let pull_secrets = pull_secrets(scope, &written.image_pull_secrets);
    let start = start(scope, written, place, context.registries);
    let variables = variables(scope, &written.env);
    let files = files(scope, written, start.as_ref().ok());
    let port = health::port(scope, &written.port).map(|port| port.unwrap_or(Port::MCP));
    let metrics = metrics(scope, &written.metrics, port);
    let objectives = objectives(scope, &written.objectives, context.platform);
    let probes = probes(scope, written, port, &metrics);
    let scale = scale(scope, written);
    let quantities = quantities(scope, &written.resources).and_then(|q| room(scope, written, q));
    let user = user(scope, &written.user);
    let drain = drain(scope, &written.longest_call);
    let given = names.as_ref().map_err(|reported| *reported);
    let aws = access(scope, &written.aws, given);
    let api = api_access(scope, written, given, context.namespace);
    let traffic = context
        .platform
        .and_then(|platform| traffic(scope, written, platform, context.namespace));
    let extra_labels = extra_labels(scope, &written.labels);
    let annotations = annotations(scope, &written.annotations);
    let scheduling = scheduling(scope, written);
    let known = context.known(given, port);
    let registration = litellm::registration(scope, written, &known);
    let sessions = scale.and_then(|(scale, _)| sessions(scope, written, scale));

    let (names, image, files) = (names?, image?, files?);
    let platform = context.platform?;
    let version = LabelValue::lossy(image.tag());
    let part_of = LabelValue::lossy(context.set.as_str());
    let telemetry = telemetry(&platform.platform, &part_of, &version);
    let registration = registration?;
    let mut more = derived(scope, platform, &registration, &files)?;
    let hosts = allowed_hosts(scope, written, &names, context.namespace, port?)?;
    let probes = named(probes?, &hosts, &names, context.namespace);
    more.extend(hosts.variable);
    let env = environment(
        scope,
        variables?,
        &files.variables,
        &names,
        telemetry.as_ref(),
        metrics_by(platform, &metrics),
        more,
    );
    let (scheduling, quantities, user) = (scheduling?, quantities?, user?);
    let (start, (scale, scale_reason)) = (start?, scale?);
    Ok(Server {
        places: Places::default(),
        name: written.name.value().cloned().unwrap_or_default(),
        known: None,
        names,
        namespace: context.namespace.clone(),
        env: env?,
        part_of,
        version,
        description: description?.to_string(),
        labels: extra_labels?,
        pod_annotations: annotations?,
        image,
        pull_policy: pull_policy?,
        pull_secrets: pull_secrets?,
        command: start.command,
        args: start.args.into_iter().chain(hosts.argument).collect(),
        bridge: start.bridge.map(Box::new),
        secrets: files.secrets,
        secret_mounts: files.secret_mounts,
        config: files.config,
        port: port?,
        metrics: metrics?,
        objectives: objectives?,
        sessions: sessions?,
        scale,
        scale_reason,
        progress_deadline: progress_deadline(&probes),
        probes,
        requests: quantities.requests.into_iter().collect(),
        limits: quantities.limits.into_iter().collect(),
        writable: files.writable,
        uid: user.0,
        gid: user.1,
        drain: drain?,
        litellm: registration,
        aws: aws?,
        api: api?,
        traffic: traffic?,
        node_selector: scheduling.node_selector,
        tolerations: scheduling.tolerations,
        priority_class: scheduling.priority_class,
        patches: Vec::new(),
    })
}

/// The variables that follow from how users are told apart, and from where the server may write.
fn derived(
    scope: &mut Scope<'_>,
    platform: &Defaults,
    registration: &Registration,
    files: &Files,
) -> Result<Vec<EnvVar>, Reported> {
    let issuer = platform.platform.litellm.issuer.as_deref();
    let mut variables = identity(scope, issuer.filter(|_| registration.signs_users))?;
    variables.extend(home(scope, &files.writable)?);
    Ok(variables)
}

/// What the telemetry of a server of this set and version is called, on a `platform` that takes any.
fn telemetry<'a>(
    platform: &'a Platform,
    part_of: &'a LabelValue,
    version: &'a LabelValue,
) -> Option<Telemetry<'a>> {
    let tracing = platform.tracing.as_ref()?;
    Some(Telemetry {
        tracing,
        part_of: part_of.as_str(),
        version: version.as_str(),
    })
}

/// `probes`, which name the Service where the server answers to names alone.
fn named(
    mut probes: Probes,
    hosts: &AllowedHosts,
    names: &ServerNames,
    namespace: &NamespaceName,
) -> Probes {
    if hosts.is_guarded() {
        probes.name_host(&service_host(&names.workload, namespace));
    }
    probes
}

/// Seconds that a rollout may make no progress: longer than a start may take.
fn progress_deadline(probes: &Probes) -> i32 {
    PROGRESS_DEADLINE.max(probes.startup_failures * STARTUP_PERIOD + PROGRESS_DEADLINE / 2)
}

fn pull_policy(field: &Field<api::PullPolicy>) -> Result<&'static str, Reported> {
    Ok(match setting(field, api::PullPolicy::IfNotPresent)? {
        api::PullPolicy::Always => "Always",
        api::PullPolicy::IfNotPresent => "IfNotPresent",
        api::PullPolicy::Never => "Never",
    })
}

/// Who serves metrics, on a `platform` that says what they are called.
fn metrics_by(platform: &Defaults, metrics: &Result<Option<Metrics>, Reported>) -> MetricsBy {
    match (platform.platform.monitoring.profile, metrics) {
        (MetricsProfile::Guide, _) | (MetricsProfile::Otel, Ok(None) | Err(Reported)) => {
            MetricsBy::Server
        }
        (MetricsProfile::Otel, Ok(Some(metrics))) => metrics
            .own_port
            .map_or(MetricsBy::ServerWithSdk, MetricsBy::Sdk),
    }
}

fn user(scope: &mut Scope<'_>, field: &Field<api::User>) -> Result<(i64, i64), Reported> {
    let written = group(field)?;
    let ids = 1..=i64::from(i32::MAX);
    let uid = scope.number_or(
        &written.uid,
        USER,
        ids.clone(),
        "a user id that may run a server",
    );
    let gid = scope.number_or(&written.gid, USER, ids, "a group id that may run a server");
    Ok((uid?, gid?))
}

fn drain(scope: &mut Scope<'_>, field: &Field<String>) -> Result<Drain, Reported> {
    let longest_call = scope.or(field, LONGEST_CALL, Seconds::parse)?.get();
    Ok(Drain {
        pre_stop: PRE_STOP,
        longest_call,
        grace: PRE_STOP + i64::from(longest_call) + MARGIN,
    })
}

fn extra_labels(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<String>>,
) -> Result<crate::model::Labels, Reported> {
    let written = group(field)?;
    for (key, _) in written.iter() {
        refuse_own_name(scope, key);
    }
    labels(scope, field)
}

/// Refuses a label or annotation that selectors and monitors depend on.
pub fn refuse_own_name(scope: &mut Scope<'_>, key: &Placed<String>) {
    if OWN_NAMES.iter().any(|own| key.value.starts_with(own)) {
        scope.note(
            Problem::error(
                Code::InvalidValue,
                key.place,
                format!("`{}` is decided by mcpset", key.value),
            )
            .help("selectors and rollouts depend on it: use a key of your own"),
        );
    }
}

/// Refuses an annotation that would make Pod Security refuse the pod.
fn refuse_profile(scope: &mut Scope<'_>, key: &Placed<String>) {
    if key.value.starts_with(PROFILES) {
        scope.note(
            Problem::error(
                Code::InvalidValue,
                key.place,
                format!("`{}` replaces the pod's AppArmor profile", key.value),
            )
            .help("remove it: without it the runtime's default profile applies, as Pod Security `restricted` asks"),
        );
    }
}

fn annotations(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<String>>,
) -> Result<BTreeMap<String, String>, Reported> {
    let annotations = scope.parse_entries(field, AnnotationKey::parse, CleanText::parse)?;
    for (key, _) in group(field)?.iter() {
        refuse_own_name(scope, key);
        refuse_profile(scope, key);
    }
    let size: usize = annotations
        .iter()
        .map(|(key, text)| key.as_str().len() + text.as_str().len())
        .sum();
    if size > ANNOTATIONS_LIMIT {
        return scope.report(
            Problem::error(
                Code::TooLarge,
                field.place(),
                format!("the annotations have {size} bytes together"),
            )
            .help(format!("an object's annotations hold at most {ANNOTATIONS_LIMIT} bytes: put large texts into `config`")),
        );
    }
    Ok(annotations
        .into_iter()
        .map(|(key, text)| (key.to_string(), text.to_string()))
        .collect())
}

fn description(scope: &mut Scope<'_>, field: &Field<String>) -> Result<AnnotationText, Reported> {
    let text = scope.or(field, "", AnnotationText::parse)?;
    let length = text.as_str().chars().count();
    if length > LONGEST_DESCRIPTION {
        return scope.report(
            Problem::error(
                Code::TooLarge,
                field.place(),
                format!("the description has {length} characters"),
            )
            .help(format!(
                "say it in one sentence of at most {LONGEST_DESCRIPTION}"
            )),
        );
    }
    Ok(text)
}

fn pull_secrets(
    scope: &mut Scope<'_>,
    field: &Field<List<String>>,
) -> Result<Vec<ObjectName>, Reported> {
    let items = items(field)?;
    let mut seen = BTreeSet::new();
    all(items.into_iter().map(|item| {
        let name = scope.parse(item, ObjectName::parse)?;
        if seen.insert(name.clone()) {
            return Ok(name);
        }
        scope.report(
            Problem::error(
                Code::NameCollision,
                item.place,
                format!("`{name}` stands here twice"),
            )
            .help("write it once"),
        )
    }))
}

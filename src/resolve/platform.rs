//! `spec.platform`.

use super::addresses::{endpoint, ranges};
use super::aws::cloud;
use super::litellm;
use super::monitoring::monitoring;
use super::scope::{Reported, Scope, all, group, items, setting};
use crate::api::{self, Entries, Field, Placed};
use crate::model::{
    Cidr, CleanText, Exception, GoDuration, HttpEndpoint, LabelKey, LabelValue, Labels,
    NamespaceName, Network, ObjectName, Peer, Platform, RegistryPrefix, SecretStore, ServiceName,
    Tracing,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

const STORE: &str = "aws-secrets-manager";
const REFRESH_INTERVAL: &str = "1h";
/// The proxy's label in the guide, and in the chart `litellm`, which takes no other.
const PROXY_NAME: &str = "app.kubernetes.io/name";
const PROXY: &str = "litellm-proxy";
const PROXY_OF_COMPONENTS: &str = "litellm";
const OTLP_ENDPOINT: &str = "http://jaeger-all-in-one.monitoring.svc.cluster.local:4318";
/// An address of Jaeger's own pages, for advice.
const JAEGER: &str = "https://jaeger.example.com";
const SAMPLER: &str = "always_on";

/// The platform, and what only its servers need of it.
#[derive(Debug)]
pub struct Defaults {
    /// What generators see.
    pub platform: Platform,
    /// VPC endpoints inside private ranges.
    pub endpoint_cidrs: Vec<Cidr>,
    /// Whether host names can be filtered by.
    pub filters_hosts: bool,
}

/// Where images may come from.
#[derive(Debug)]
pub struct Registries {
    /// What images without a host are prefixed with.
    pub default: Option<RegistryPrefix>,
    /// Registries and repository prefixes from which images may come; the default is one of them.
    pub approved: Vec<RegistryPrefix>,
    /// Whether every image needs a digest.
    pub require_digest: bool,
}

/// Resolves what `spec.platform` says of images, apart from the rest, so that a mistake elsewhere
/// does not hide one in an image.
pub fn registries(
    scope: &mut Scope<'_>,
    field: &Field<api::Platform>,
) -> Result<Registries, Reported> {
    let written = group(field)?;
    let default = scope.optional(&written.registry, RegistryPrefix::parse);
    let approved = scope.parse_items(&written.approved_registries, RegistryPrefix::parse);
    let require_digest = setting(&group(&written.policy)?.require_digest, false)?;
    let default = default?;
    Ok(Registries {
        approved: default
            .iter()
            .cloned()
            .chain(approved?)
            .map(RegistryPrefix::canonical)
            .collect(),
        default,
        require_digest,
    })
}

/// Resolves everything else in `spec.platform` for the set `name` in `namespace`.
pub fn platform(
    scope: &mut Scope<'_>,
    field: &Field<api::Platform>,
    name: &ServiceName,
    namespace: &NamespaceName,
) -> Result<Defaults, Reported> {
    let written = group(field)?;
    let store = store(scope, &written.secrets);
    let monitoring = monitoring(scope, &written.monitoring, name, namespace);
    let proxy = proxy(scope, &written.litellm, namespace);
    let litellm = match &proxy {
        Ok(proxy) => group(&written.litellm)
            .and_then(|written| litellm::proxy(scope, &written, &proxy.namespace)),
        Err(Reported) => Err(Reported),
    };
    let tracing = tracing(scope, &written.tracing);
    let cloud = cloud(scope, &written.aws);
    let network = group(&written.network);
    let policy = group(&written.policy);

    let network = network.and_then(|network| {
        let cidrs = ranges(scope, &network.endpoint_cidrs);
        let api_server = ranges(scope, &network.api_server_cidrs);
        let policies = setting(&network.policies, true)?;
        let node_local_dns = setting(&network.node_local_dns, true)?;
        let filter = setting(&network.hostnames, api::HostnameFilter::None)?;
        Ok((
            policies.then_some(Network { node_local_dns }),
            (cidrs?, api_server?),
            policies && filter == api::HostnameFilter::Aws,
        ))
    });
    let policy = policy?;
    let exceptions = exceptions(scope, &policy.exceptions);
    let create = setting(&policy.namespace, api::NamespaceObject::None)?;
    let constrain = setting(&policy.allowed_repos, api::AllowedRepos::None)?;
    let (network, (endpoint_cidrs, api_server), filters_hosts) = network?;
    Ok(Defaults {
        platform: Platform {
            create_namespace: create == api::NamespaceObject::Create,
            constrain_repos: constrain == api::AllowedRepos::Constraint,
            store: store?,
            monitoring: monitoring?,
            tracing: tracing?,
            proxy: proxy?,
            litellm: litellm?,
            network,
            api_server,
            cloud: cloud?,
            exceptions: exceptions?,
        },
        endpoint_cidrs,
        filters_hosts,
    })
}

/// Resolves `spec.platform.policy.exceptions`, but for whether there are such rules and servers.
fn exceptions(
    scope: &mut Scope<'_>,
    field: &Field<api::List<api::PolicyException>>,
) -> Result<Vec<Exception>, Reported> {
    let items = items(field)?;
    all(items.into_iter().map(|item| {
        let written = &item.value;
        let (rule, reason) = excused(scope, &written.rule, &written.reason, item.place)?;
        Ok(Exception {
            rule: rule.value,
            place: rule.place,
            server: written.server.value().cloned(),
            reason,
        })
    }))
}

/// The rule of an exception that stands at `parent`, and why it may be broken.
pub fn excused(
    scope: &mut Scope<'_>,
    rule: &Field<String>,
    why: &Field<String>,
    parent: Place,
) -> Result<(Placed<String>, String), Reported> {
    let rule = scope.required(rule, "rule", "such as `rule: replicas`", parent);
    let reason = reason(scope, why, parent)?;
    Ok((rule?.clone(), reason))
}

/// Why a rule may be broken; `parent` is the place of the exception.
fn reason(scope: &mut Scope<'_>, field: &Field<String>, parent: Place) -> Result<String, Reported> {
    let example = "such as `reason: it keeps sessions in memory`";
    let reason = scope.required(field, "reason", example, parent)?;
    let text = scope.valid(
        CleanText::parse(&reason.value),
        Code::InvalidValue,
        reason.place,
    )?;
    if text.as_str().trim().is_empty() {
        return scope.report(
            Problem::error(Code::MissingField, reason.place, "the `reason` is empty")
                .help("say why the rule may be broken: reports show it"),
        );
    }
    Ok(text.to_string())
}

fn store(scope: &mut Scope<'_>, field: &Field<api::Secrets>) -> Result<SecretStore, Reported> {
    let written = group(field)?;
    let store = group(&written.store)?;
    let name = scope.or(&store.name, STORE, ObjectName::parse);
    let refresh_interval = scope.or(
        &written.refresh_interval,
        REFRESH_INTERVAL,
        GoDuration::parse,
    );
    let reload = setting(&written.reload, api::Reload::None)?;
    Ok(SecretStore {
        kind: match setting(&store.kind, api::StoreKind::ClusterSecretStore)? {
            api::StoreKind::ClusterSecretStore => "ClusterSecretStore",
            api::StoreKind::SecretStore => "SecretStore",
        },
        name: name?,
        refresh_interval: refresh_interval?,
        reloader: reload == api::Reload::Reloader,
    })
}

fn proxy(
    scope: &mut Scope<'_>,
    field: &Field<api::LiteLlm>,
    own: &NamespaceName,
) -> Result<Peer, Reported> {
    let written = group(field)?;
    let namespace = scope.optional(&written.namespace, NamespaceName::parse);
    let name = match setting(&written.chart, api::ProxyChart::LiteLlmHelm) {
        Ok(api::ProxyChart::LiteLlm) => PROXY_OF_COMPONENTS,
        Ok(api::ProxyChart::LiteLlmHelm) | Err(Reported) => PROXY,
    };
    let labels = labels_or(scope, &written.pod_labels, (PROXY_NAME, name));
    if let (Ok(none), Some(place)) = (&labels, written.pod_labels.place())
        && none.is_empty()
    {
        return scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                "without labels, every pod of the namespace could call the servers",
            )
            .help("write the labels of the proxy's pods, or leave `podLabels` out for the default"),
        );
    }
    Ok(Peer {
        namespace: namespace?.unwrap_or_else(|| own.clone()),
        labels: labels?,
    })
}

fn tracing(
    scope: &mut Scope<'_>,
    field: &Field<api::Tracing>,
) -> Result<Option<Tracing>, Reported> {
    let written = match field {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => api::TracingSettings::default(),
        Field::Given(tracing) => match &tracing.value {
            api::Tracing::Off(_) => return Ok(None),
            api::Tracing::To(settings) => (**settings).clone(),
        },
    };
    let endpoint = scope.or(&written.endpoint, OTLP_ENDPOINT, endpoint);
    let sampler = scope.or(&written.sampler, SAMPLER, CleanText::parse);
    let sampler_arg = scope.optional(&written.sampler_arg, CleanText::parse);
    let ui = scope.optional(&written.ui, |text| HttpEndpoint::parse_like(JAEGER, text));
    let tracing = Tracing {
        endpoint: endpoint?,
        protocol: match setting(&written.protocol, api::OtlpProtocol::HttpProtobuf)? {
            api::OtlpProtocol::HttpProtobuf => "http/protobuf",
            api::OtlpProtocol::HttpJson => "http/json",
            api::OtlpProtocol::Grpc => "grpc",
        },
        sampler: sampler?.to_string(),
        sampler_arg: sampler_arg?.map(|text| text.to_string()),
        ui: ui?,
    };
    Ok(Some(tracing))
}

/// Labels as written; the empty set when nothing is.
pub fn labels(scope: &mut Scope<'_>, field: &Field<Entries<String>>) -> Result<Labels, Reported> {
    let pairs = scope.parse_entries(field, LabelKey::parse, LabelValue::parse)?;
    Ok(pairs.into_iter().collect())
}

/// Labels as written, or `default` when nothing is.
pub fn labels_or(
    scope: &mut Scope<'_>,
    field: &Field<Entries<String>>,
    default: (&str, &str),
) -> Result<Labels, Reported> {
    if !field.is_absent() {
        return labels(scope, field);
    }
    match (LabelKey::parse(default.0), LabelValue::parse(default.1)) {
        (Ok(key), Ok(value)) => Ok(Labels::from([(key, value)])),
        _ => Err(Reported),
    }
}

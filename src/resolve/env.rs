//! The environment of one server: where it runs, where its spans go, what the config says, and
//! what comes from the secret store.
//!
//! The order matters to the kubelet, which expands `$(NAME)` only from what stands before. So the
//! pod's own fields come first, then the variables that refer to them, then everything else by
//! name, whatever order the host handed the config over in.

use std::collections::BTreeMap;

use super::literal::kubelet_literal;
use super::scope::{Reported, Scope, all, group};
use crate::api::{self, Field, Placed};
use crate::credential::{credential, exposed};
use crate::model::{
    AnnotationKey, CleanText, ConfigKey, DOWNWARD_FIELDS, EnvName, EnvValue, EnvVar, KeySelector,
    LabelKey, ObjectName, Port, ServerNames, TOKEN_AUDIENCE, Tracing,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

use super::secrets::SecretVariable;

/// The pod's own fields, which the variables of OpenTelemetry refer to.
const POD_FIELDS: [(&str, &str); 3] = [
    ("POD_NAME", "metadata.name"),
    ("POD_NAMESPACE", "metadata.namespace"),
    ("NODE_NAME", "spec.nodeName"),
];

/// Where LiteLLM shows the keys of its tokens.
const JWKS_PATH: &str = "/.well-known/jwks.json";

/// What a server's telemetry is called.
pub struct Telemetry<'a> {
    /// Where spans go.
    pub tracing: &'a Tracing,
    /// The set: `service.namespace`.
    pub part_of: &'a str,
    /// The image's tag: `service.version`.
    pub version: &'a str,
}

/// Puts the environment together; `more` is what follows from other parts of the config.
pub fn environment(
    scope: &mut Scope<'_>,
    variables: Vec<(Placed<EnvName>, EnvValue)>,
    secrets: &[SecretVariable],
    names: &ServerNames,
    telemetry: Option<&Telemetry<'_>>,
    metrics: MetricsBy,
    more: Vec<EnvVar>,
) -> Result<Vec<EnvVar>, Reported> {
    let mut own: BTreeMap<EnvName, (EnvValue, Place)> = BTreeMap::new();
    for (name, value) in variables {
        own.insert(name.value, (value, name.place));
    }
    let mut clash = Ok(());
    for secret in secrets {
        let value = match &secret.file {
            Some(file) => EnvValue::Literal(kubelet_literal(&file.path()).into()),
            None => EnvValue::Secret(Box::new(KeySelector {
                name: names.secrets.clone(),
                key: secret.key.clone(),
            })),
        };
        let previous = own.insert(secret.name.value.clone(), (value, secret.name.place));
        if let Some((_, place)) = previous {
            clash = scope.report(
                Problem::error(
                    Code::NameCollision,
                    secret.name.place,
                    format!("`{}` is both a secret and a variable", secret.name.value),
                )
                .related(place, "the variable")
                .help("keep one of them"),
            );
        }
    }
    clash?;
    let mut generated = Vec::new();
    if let Some(telemetry) = telemetry {
        generated.extend(pod_fields(scope)?);
        generated.extend(open_telemetry(scope, names, telemetry)?);
    }
    generated.extend(exporters(scope, telemetry.is_some(), metrics)?);
    generated.extend(more);
    generated.retain(|variable| !own.contains_key(&variable.name));
    let own = own.into_iter();
    generated.extend(own.map(|(name, (value, _))| EnvVar { name, value }));
    generated.shrink_to_fit();
    Ok(generated)
}

fn pod_fields(scope: &mut Scope<'_>) -> Result<Vec<EnvVar>, Reported> {
    all(POD_FIELDS
        .iter()
        .map(|(name, field)| variable(scope, name, EnvValue::Field((*field).into()))))
}

/// A variable that mcpset sets.
pub fn variable(scope: &mut Scope<'_>, name: &str, value: EnvValue) -> Result<EnvVar, Reported> {
    let name = scope.valid(EnvName::parse(name), Code::InvalidValue, None)?;
    Ok(EnvVar { name, value })
}

/// The variables of OpenTelemetry's SDKs (OpenTelemetry specification, SDK environment variables).
fn open_telemetry(
    scope: &mut Scope<'_>,
    names: &ServerNames,
    telemetry: &Telemetry<'_>,
) -> Result<Vec<EnvVar>, Reported> {
    let tracing = telemetry.tracing;
    // The references are meant: this is the one value that the kubelet shall expand.
    let attributes = [
        ("service.namespace", telemetry.part_of),
        ("service.version", telemetry.version),
        (
            "service.instance.id",
            "$(POD_NAMESPACE).$(POD_NAME).mcp-server",
        ),
        ("k8s.namespace.name", "$(POD_NAMESPACE)"),
        ("k8s.pod.name", "$(POD_NAME)"),
        ("k8s.node.name", "$(NODE_NAME)"),
    ]
    .map(|(key, value)| format!("{key}={value}"))
    .join(",");
    let mut variables = vec![
        ("OTEL_SERVICE_NAME", names.workload.to_string()),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            kubelet_literal(tracing.endpoint.as_str()),
        ),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", tracing.protocol.into()),
        ("OTEL_TRACES_SAMPLER", kubelet_literal(&tracing.sampler)),
    ];
    if let Some(argument) = &tracing.sampler_arg {
        variables.push(("OTEL_TRACES_SAMPLER_ARG", kubelet_literal(argument)));
    }
    variables.push(("OTEL_RESOURCE_ATTRIBUTES", attributes));
    variables.push(("OTEL_PROPAGATORS", "tracecontext,baggage".into()));
    all(variables
        .into_iter()
        .map(|(name, value)| variable(scope, name, EnvValue::Literal(value.into()))))
}

/// What a server needs to check the token of `issuer` that says who calls; nothing where calls have
/// none. No standard names these variables.
pub fn identity(scope: &mut Scope<'_>, issuer: Option<&str>) -> Result<Vec<EnvVar>, Reported> {
    let Some(issuer) = issuer else {
        return Ok(Vec::new());
    };
    let variables = [
        ("MCP_AUTH_ISSUER", issuer.to_owned()),
        ("MCP_AUTH_AUDIENCE", TOKEN_AUDIENCE.to_owned()),
        ("MCP_AUTH_JWKS_URI", format!("{issuer}{JWKS_PATH}")),
    ];
    all(variables
        .into_iter()
        .map(|(name, value)| variable(scope, name, EnvValue::Literal(value.into()))))
}

/// Who serves a server's metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsBy {
    /// The server's own code, or nobody.
    Server,
    /// The server's own code, with OpenTelemetry's names.
    ServerWithSdk,
    /// OpenTelemetry's SDK, on a port of its own.
    Sdk(Port),
}

/// What OpenTelemetry's SDK does with metrics and logs, which it would otherwise push to where the
/// spans go: metrics are scraped, and logs are standard output.
fn exporters(
    scope: &mut Scope<'_>,
    is_traced: bool,
    metrics: MetricsBy,
) -> Result<Vec<EnvVar>, Reported> {
    let mut variables = match metrics {
        MetricsBy::Server if is_traced => vec![("OTEL_METRICS_EXPORTER", "none".into())],
        MetricsBy::Server | MetricsBy::ServerWithSdk => vec![],
        MetricsBy::Sdk(port) => vec![
            ("OTEL_METRICS_EXPORTER", "prometheus".into()),
            // By default nobody outside the pod could read them.
            ("OTEL_EXPORTER_PROMETHEUS_HOST", "0.0.0.0".into()),
            ("OTEL_EXPORTER_PROMETHEUS_PORT", port.to_string()),
        ],
    };
    if is_traced {
        variables.push(("OTEL_LOGS_EXPORTER", "none".to_owned()));
    }
    all(variables
        .into_iter()
        .map(|(name, value)| variable(scope, name, EnvValue::Literal(value.into()))))
}

/// Resolves `env`.
pub fn variables(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<api::EnvValue>>,
) -> Result<Vec<(Placed<EnvName>, EnvValue)>, Reported> {
    let entries = group(field)?;
    all(entries.iter().map(|(key, value)| {
        let name = variable_name(scope, key);
        let value = scope.entry(key, value)?;
        let value = match &value.value {
            api::EnvValue::Literal(text) => literal(scope, &name, text, value.place),
            api::EnvValue::From(source) => from(scope, source, value.place),
        };
        Ok((
            Placed {
                value: name?,
                place: key.place,
            },
            value?,
        ))
    }))
}

/// The name of a variable that is free to be set.
pub fn variable_name(scope: &mut Scope<'_>, key: &Placed<String>) -> Result<EnvName, Reported> {
    if let Some((_, field)) = POD_FIELDS.iter().find(|(name, _)| *name == key.value) {
        return scope.report(
            Problem::error(
                Code::NameCollision,
                key.place,
                format!("`{}` is set to the pod's own `{field}`", key.value),
            )
            .help("other variables refer to it: use another name"),
        );
    }
    scope.parse(key, EnvName::parse)
}

fn literal(
    scope: &mut Scope<'_>,
    name: &Result<EnvName, Reported>,
    text: &str,
    place: Place,
) -> Result<EnvValue, Reported> {
    if let Some(what) = credential(text) {
        let name = name.as_ref().map_or("NAME", EnvName::as_str);
        return scope.report(exposed(what, place).help(format!(
            "store it in the secret store and write `secrets: {{{name}: path/in/store}}`; then revoke this one"
        )));
    }
    let text = scope.valid(CleanText::parse(text), Code::InvalidValue, place)?;
    Ok(EnvValue::Literal(kubelet_literal(text.as_str()).into()))
}

fn from(
    scope: &mut Scope<'_>,
    source: &api::EnvSource,
    place: Place,
) -> Result<EnvValue, Reported> {
    let given = [&source.secret, &source.config_map, &source.field]
        .into_iter()
        .filter(|field| !field.is_absent())
        .count();
    if given == 0 && scope.begins_with_unknown(place) {
        return Err(Reported);
    }
    if given != 1 {
        let help = match given {
            0 => {
                "write one, such as `{secret: existing-secret, key: token}` or `{field: status.podIP}`"
            }
            _ => "keep one of them",
        };
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "a value comes from exactly one of `secret`, `configMap`, `field`",
            )
            .help(help),
        );
    }
    if let Some(path) = source.field.given() {
        return field(scope, path, &source.key);
    }
    let key = scope.required_text(
        &source.key,
        "key",
        "the key in the Secret or ConfigMap",
        place,
        ConfigKey::parse,
    );
    if let Some(secret) = source.secret.given() {
        let name = scope.parse(secret, ObjectName::parse);
        return Ok(EnvValue::Secret(Box::new(KeySelector {
            name: name?,
            key: key?,
        })));
    }
    // Any other one that is not wrong was seen above.
    let name = scope.optional(&source.config_map, ObjectName::parse)?;
    Ok(EnvValue::ConfigMap(Box::new(KeySelector {
        name: name.ok_or(Reported)?,
        key: key?,
    })))
}

fn field(
    scope: &mut Scope<'_>,
    path: &Placed<String>,
    key: &Field<String>,
) -> Result<EnvValue, Reported> {
    if let Some(place) = key.place() {
        return scope.report(
            Problem::error(Code::Contradiction, place, "`field` takes no `key`")
                .help("remove the key"),
        );
    }
    let quoted = |prefix: &str| path.value.strip_prefix(prefix)?.strip_suffix("']");
    let is_label = quoted("metadata.labels['").is_some_and(|key| LabelKey::parse(key).is_ok())
        || quoted("metadata.annotations['").is_some_and(|key| AnnotationKey::parse(key).is_ok());
    if is_label || DOWNWARD_FIELDS.contains(&path.value.as_str()) {
        return Ok(EnvValue::Field(path.value.as_str().into()));
    }
    scope.report(
        Problem::error(
            Code::InvalidValue,
            path.place,
            format!("the kubelet has no field `{}`", path.value),
        )
        .help(format!(
            "the fields are {}, metadata.labels['…'] and metadata.annotations['…']",
            DOWNWARD_FIELDS.join(", ")
        )),
    )
}

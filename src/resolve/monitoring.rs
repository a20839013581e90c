//! `spec.platform.monitoring`, and what each server promises.

use super::platform::{Defaults, labels, labels_or};
use super::scope::{Reported, Scope, group, setting};
use super::server::refuse_own_name;
use crate::api::{self, Field};
use crate::model::{
    Alerts, Availability, ConfigKey, DashboardObject, Labels, Latency, MetricsProfile, Monitoring,
    NamespaceName, Objectives, PageUrl, PrometheusDuration, ServiceName,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

const NAMESPACE: &str = "monitoring";
const LABEL: (&str, &str) = ("release", "kube-prometheus");
/// The label that the sidecar of Grafana's chart looks for (`sidecar.dashboards.label`).
const SIDECAR_LABEL: (&str, &str) = ("grafana_dashboard", "1");
/// The label that the grafana-operator's own examples give to a `Grafana`.
const GRAFANA_LABEL: (&str, &str) = ("dashboards", "grafana");
const INTERVAL: &str = "30s";
/// Prometheus' own default.
const TIMEOUT: &str = "10s";
/// The shortest window of the rules must hold four scrapes: a rate over fewer has gaps whenever a
/// scrape fails.
const LONGEST_INTERVAL_WITH_ALERTS: &str = "1m15s";
const AVAILABILITY: f64 = 99.5;
const LATENCY: &str = "5s";
const RATE_LIMIT_REMAINING: i64 = 100;

/// Resolves `spec.platform.monitoring` for the set `name` in `namespace`.
pub fn monitoring(
    scope: &mut Scope<'_>,
    field: &Field<api::Monitoring>,
    name: &ServiceName,
    namespace: &NamespaceName,
) -> Result<Monitoring, Reported> {
    let written = group(field)?;
    let own_namespace = scope.or(&written.namespace, NAMESPACE, NamespaceName::parse);
    let labels = own_labels(scope, &written.labels, LABEL);
    let alerts = alerts(scope, &written);
    let interval = interval(scope, &written, matches!(alerts, Ok(Some(_))));
    let timeout = interval
        .as_ref()
        .map_err(|reported| *reported)
        .and_then(|interval| timeout(scope, &written.scrape_timeout, interval));
    let profile = setting(&written.metrics_profile, api::MetricsProfile::Guide);
    let dashboard = dashboard(scope, &written, name, namespace);
    Ok(Monitoring {
        namespace: own_namespace?,
        labels: labels?,
        interval: interval?,
        timeout: timeout?,
        profile: match profile? {
            api::MetricsProfile::Guide => MetricsProfile::Guide,
            api::MetricsProfile::Otel => MetricsProfile::Otel,
        },
        alerts: alerts?,
        dashboard: dashboard?,
    })
}

fn alerts(scope: &mut Scope<'_>, written: &api::Monitoring) -> Result<Option<Alerts>, Reported> {
    let runbook = scope.optional(&written.runbook_url, PageUrl::parse);
    let wanted = setting(&written.alerts, true)?;
    match (wanted, written.runbook_url.place()) {
        (false, Some(place)) => scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "`runbookUrl` is written on alerts, and `alerts: false` leaves them out",
            )
            .help("remove one of the two"),
        ),
        _ => Ok(wanted.then_some(Alerts { runbook: runbook? })),
    }
}

fn interval(
    scope: &mut Scope<'_>,
    written: &api::Monitoring,
    with_alerts: bool,
) -> Result<PrometheusDuration, Reported> {
    let field = &written.interval;
    let interval = scope.or(field, INTERVAL, PrometheusDuration::parse)?;
    let longest = scope.valid(
        PrometheusDuration::parse(LONGEST_INTERVAL_WITH_ALERTS),
        Code::InvalidValue,
        None,
    )?;
    if interval.as_millis() == 0 {
        return scope.report(
            Problem::error(Code::InvalidValue, field.place(), "an interval of no time")
                .help("write the time between two scrapes, such as `30s`"),
        );
    }
    if with_alerts && interval.as_millis() > longest.as_millis() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                field.place(),
                format!("alerts look at the last 5m, in which an interval of {interval} leaves fewer than four scrapes"),
            )
            .help(format!(
                "write {longest} at most, or `alerts: false`"
            )),
        );
    }
    Ok(interval)
}

fn timeout(
    scope: &mut Scope<'_>,
    field: &Field<String>,
    interval: &PrometheusDuration,
) -> Result<PrometheusDuration, Reported> {
    let Some(timeout) = scope.optional(field, PrometheusDuration::parse)? else {
        let usual = scope.or(field, TIMEOUT, PrometheusDuration::parse)?;
        let shorter = usual.as_millis() > interval.as_millis();
        return Ok(if shorter { interval.clone() } else { usual });
    };
    if timeout.as_millis() == 0 {
        return scope.report(
            Problem::error(Code::InvalidValue, field.place(), "a timeout of no time")
                .help("write how long a scrape may take, such as `10s`"),
        );
    }
    if timeout.as_millis() > interval.as_millis() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                field.place(),
                format!(
                    "a scrape that takes {timeout} does not end before the next, after {interval}"
                ),
            )
            .help(format!(
                "Prometheus refuses a timeout above the interval: write {interval} at most"
            )),
        );
    }
    Ok(timeout)
}

fn dashboard(
    scope: &mut Scope<'_>,
    written: &api::Monitoring,
    name: &ServiceName,
    namespace: &NamespaceName,
) -> Result<Option<DashboardObject>, Reported> {
    let field = &written.dashboard_labels;
    Ok(Some(
        match setting(&written.dashboard, api::DashboardObject::ConfigMap)? {
            api::DashboardObject::ConfigMap => DashboardObject::ConfigMap {
                labels: own_labels(scope, field, SIDECAR_LABEL)
                    .and_then(|labels| not_none(scope, field, labels))?,
                // Neither name has a dot, so that no two sets share a file.
                file: scope.valid(
                    ConfigKey::parse(&format!("mcpset-{namespace}.{name}.json")),
                    Code::InvalidValue,
                    None,
                )?,
            },
            api::DashboardObject::GrafanaOperator => DashboardObject::GrafanaDashboard {
                instance: labels_or(scope, field, GRAFANA_LABEL)
                    .and_then(|labels| not_none(scope, field, labels))?,
            },
            api::DashboardObject::None => {
                labels(scope, field)?;
                return Ok(None);
            }
        },
    ))
}

/// Labels that stand on an object of ours, beside those that mcpset decides.
fn own_labels(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<String>>,
    default: (&str, &str),
) -> Result<Labels, Reported> {
    for (key, _) in group(field)?.iter() {
        refuse_own_name(scope, key);
    }
    labels_or(scope, field, default)
}

/// Labels by which a Grafana and its dashboards find each other: none would choose nothing, or all.
fn not_none(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<String>>,
    labels: Labels,
) -> Result<Labels, Reported> {
    match field.place() {
        Some(place) if labels.is_empty() => scope.report(
            Problem::error(
                Code::InvalidValue,
                place,
                "without labels, no Grafana finds the dashboard",
            )
            .help("write them, leave `dashboardLabels` out for the default, or write `dashboard: none`"),
        ),
        _ => Ok(labels),
    }
}

/// Refuses objectives of a server's own, at `place`, where nothing measures them.
pub fn refuse_unmeasured(
    scope: &mut Scope<'_>,
    metrics: &Field<api::Metrics>,
    place: Option<Place>,
) {
    if let (Some(api::Metrics::Off(_)), Some(place)) = (metrics.value(), place) {
        scope.note(
            Problem::error(
                Code::Contradiction,
                place,
                "a server without metrics cannot be held to objectives",
            )
            .help("remove `objectives`, or say under `metrics` where they are"),
        );
    }
}

/// Refuses objectives about what OpenTelemetry's metrics do not tell.
fn refuse_unknown_to_otel(scope: &mut Scope<'_>, written: &api::Objectives) {
    let objectives = [
        (
            &written.rate_limit_remaining,
            "rateLimitRemaining",
            "quotas",
        ),
        (
            &written.concurrent_requests,
            "concurrentRequests",
            "concurrency",
        ),
    ];
    for (field, name, what) in objectives {
        if let Some(place) = field.place() {
            scope.note(
                Problem::error(
                    Code::Contradiction,
                    place,
                    format!("`metricsProfile: otel` has no metric of {what}, so nothing would watch `{name}`"),
                )
                .help("remove it, or write `metricsProfile: guide` for servers with the guide's metrics"),
            );
        }
    }
}

/// Resolves `objectives` of a server on `platform`.
pub fn objectives(
    scope: &mut Scope<'_>,
    field: &Field<api::Objectives>,
    platform: Result<&Defaults, Reported>,
) -> Result<Objectives, Reported> {
    let written = group(field)?;
    if platform.is_ok_and(|known| known.platform.monitoring.profile == MetricsProfile::Otel) {
        refuse_unknown_to_otel(scope, &written);
    }
    let availability = setting(&written.availability, AVAILABILITY).and_then(|percent| {
        let place = written.availability.place();
        scope.valid(Availability::parse(percent), Code::InvalidValue, place)
    });
    let latency = scope.or(&written.latency, LATENCY, Latency::parse);
    let rate_limit_remaining = scope.number_or(
        &written.rate_limit_remaining,
        RATE_LIMIT_REMAINING,
        1..=i64::from(i32::MAX),
        "a number of calls that are left",
    );
    let concurrent_requests = match &written.concurrent_requests {
        Field::Absent => Ok(None),
        number => scope
            .number_or(
                number,
                1,
                1..=i64::from(i32::MAX),
                "a number of requests that a pod can serve at once",
            )
            .map(Some),
    };
    Ok(Objectives {
        availability: availability?,
        latency: latency?,
        rate_limit_remaining: rate_limit_remaining?,
        concurrent_requests: concurrent_requests?,
    })
}

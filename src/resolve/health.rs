//! How others see whether a server is well: its ports, its metrics, its probes.

use super::litellm::default_path;
use super::scope::{Reported, Scope, setting};
use crate::api::{self, Field};
use crate::model::{
    HostName, HttpPath, Metrics, Port, ProbeCheck, ProbePort, Probes, STARTUP_PERIOD,
};
use crate::problem::{Code, Problem};

const LIVENESS: &str = "/health";
const READINESS: &str = "/ready";
const STARTUP_SECONDS: i64 = 60;
const METRICS: &str = "/metrics";

/// The port in `field`, if there is one.
pub fn port(scope: &mut Scope<'_>, field: &Field<i64>) -> Result<Option<Port>, Reported> {
    match field {
        Field::Wrong(_) => Err(Reported),
        Field::Absent => Ok(None),
        Field::Given(port) => scope
            .valid(Port::new(port.value), Code::InvalidValue, port.place)
            .map(Some),
    }
}

/// Resolves `metrics`.
pub fn metrics(
    scope: &mut Scope<'_>,
    field: &Field<api::Metrics>,
    server_port: Result<Port, Reported>,
) -> Result<Option<Metrics>, Reported> {
    let written = match field {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => api::MetricsEndpoint::default(),
        Field::Given(metrics) => match &metrics.value {
            api::Metrics::Off(_) => return Ok(None),
            api::Metrics::At(endpoint) => endpoint.clone(),
        },
    };
    let path = scope.or(&written.path, METRICS, HttpPath::parse);
    let own_port = port(scope, &written.port)?;
    if let Some(own_port) = own_port
        && server_port == Ok(own_port)
    {
        return scope.report(
            Problem::error(
                Code::NameCollision,
                written.port.place(),
                format!("port {own_port} is used twice: by the server and by its metrics"),
            )
            .help("remove `metrics.port`: metrics are then scraped on the server's own port"),
        );
    }
    Ok(Some(Metrics {
        path: path?,
        own_port,
    }))
}

/// Resolves `probes` of `server`.
pub fn probes(
    scope: &mut Scope<'_>,
    server: &api::Server,
    server_port: Result<Port, Reported>,
    metrics: &Result<Option<Metrics>, Reported>,
) -> Result<Probes, Reported> {
    let written = match &server.probes {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => api::HttpProbes::default(),
        Field::Given(probes) => probes.value.settings(probes.place),
    };
    let check = check(scope, &written);
    let startup = scope.number_or(
        &written.startup_seconds,
        STARTUP_SECONDS,
        1..=3600,
        "a start-up time",
    );
    let metrics_port = match metrics {
        Ok(Some(metrics)) => metrics.own_port,
        Ok(None) | Err(Reported) => None,
    };
    let port = match port(scope, &written.port)? {
        None => ProbePort::Http,
        Some(own) if server_port == Ok(own) => ProbePort::Http,
        Some(own) if metrics_port == Some(own) => ProbePort::Metrics,
        Some(own) => ProbePort::Own(own),
    };
    let check = check?;
    if port == ProbePort::Http {
        refuse_endpoint(scope, server, &written, &check)?;
    }
    Ok(Probes {
        check,
        port,
        startup_failures: startup_failures(startup?),
    })
}

/// What the probes of `written` ask.
fn check(scope: &mut Scope<'_>, written: &api::HttpProbes) -> Result<ProbeCheck, Reported> {
    if !setting(&written.tcp, false)? {
        let liveness = scope.or(&written.liveness, LIVENESS, HttpPath::parse);
        let readiness = scope.or(&written.readiness, READINESS, HttpPath::parse);
        let host = scope.optional(&written.host, HostName::parse);
        return Ok(ProbeCheck::Http {
            liveness: liveness?,
            readiness: readiness?,
            host: host?,
        });
    }
    let fields = [&written.liveness, &written.readiness, &written.host];
    let Some(place) = fields.into_iter().find_map(Field::place) else {
        return Ok(ProbeCheck::Tcp);
    };
    scope.report(
        Problem::error(
            Code::Contradiction,
            place,
            "with `tcp: true` nothing is asked for a path",
        )
        .help("remove `tcp`, or this"),
    )
}

/// Refuses a GET of the MCP endpoint: it may answer 405 or 406 and restart a server that is well, or
/// begin a stream that does not end.
fn refuse_endpoint(
    scope: &mut Scope<'_>,
    server: &api::Server,
    written: &api::HttpProbes,
    check: &ProbeCheck,
) -> Result<(), Reported> {
    let ProbeCheck::Http {
        liveness,
        readiness,
        ..
    } = check
    else {
        return Ok(());
    };
    let transport = setting(&server.transport, api::Transport::Http)?;
    let endpoint = server.path.value();
    let endpoint = endpoint.map_or(default_path(transport), String::as_str);
    let mut answer = Ok(());
    for (path, field) in [
        (liveness, &written.liveness),
        (readiness, &written.readiness),
    ] {
        if path.as_str() != endpoint {
            continue;
        }
        answer = scope.report(
            Problem::error(
                Code::Contradiction,
                field.place().or(server.path.place()),
                format!("`{endpoint}` is the MCP endpoint, which is no health check"),
            )
            .help("write a path that the server has for its health, or `probes: tcp` where it has none"),
        );
    }
    answer
}

fn startup_failures(seconds: i64) -> i32 {
    let failures = (seconds + i64::from(STARTUP_PERIOD) - 1) / i64::from(STARTUP_PERIOD);
    i32::try_from(failures).unwrap_or(i32::MAX)
}

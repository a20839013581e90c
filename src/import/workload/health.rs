//! Ports, probes and metrics of a container.

use crate::import::draft::Server;
use crate::import::fields::Fields;
use crate::import::remark::{Kind, Remark};
use crate::import::tree::Map;
use crate::manifest::At;
use crate::model::{HostName, HttpPath};
use crate::yaml::Node;

/// Names of ports at which a server is called.
const SERVING: [&str; 6] = ["mcp", "http-mcp", "sse", "http", "web", "api"];

/// The container's ports: number and name.
pub fn ports(items: &[Node]) -> Vec<(i64, Option<&str>)> {
    let ports = items.iter().map(At::new);
    ports
        .filter_map(|port| Some((port.get("containerPort").number()?, port.get("name").text())))
        .filter(|(number, _)| (1..=65535).contains(number))
        .collect()
}

/// The port at which the server is called: that which the container or `service` names so, or the first.
pub fn serving(ports: &[(i64, Option<&str>)], service: Option<At<'_>>) -> Option<i64> {
    let called = service.map(|service| service.at("spec.ports").items());
    let called = called.into_iter().flatten().filter_map(|port| {
        let target = port.get("targetPort");
        let named = |name| ports.iter().find(|(_, own)| *own == name);
        let number = target
            .number()
            .or_else(|| named(target.text()).map(|(number, _)| *number));
        let number = number.or_else(|| port.get("port").number());
        Some((number?, port.get("name").text()))
    });
    let called: Vec<(i64, Option<&str>)> = called.collect();
    let by_name = SERVING.iter().find_map(|wanted| {
        let mut all = ports.iter().chain(&called);
        all.find(|(_, name)| *name == Some(wanted))
    });
    let found = by_name.or(called.first()).or(ports.first());
    found
        .map(|(number, _)| *number)
        .filter(|number| (1..=65535).contains(number))
}

/// Reads the probes of a container whose server is called at `port`.
pub fn probes(
    container: &mut Fields<'_>,
    port: Option<i64>,
    ports: &[(i64, Option<&str>)],
    server: &mut Server,
) {
    let liveness = container.node("livenessProbe").map(At::new);
    let readiness = container.node("readinessProbe").map(At::new);
    let startup = container.node("startupProbe").map(At::new);
    let path = |probe: Option<At<'_>>| -> Option<String> {
        let path = probe?.at("httpGet.path").text()?;
        HttpPath::parse(path).is_ok().then(|| path.to_owned())
    };
    let number = |at: At<'_>| {
        at.number().or_else(|| {
            let name = at.text()?;
            ports
                .iter()
                .find(|(_, own)| *own == Some(name))
                .map(|(number, _)| *number)
        })
    };
    let paths = (path(liveness), path(readiness));
    let (live, ready) = match paths {
        (None, None) => {
            let named = [liveness, readiness, startup].into_iter().flatten();
            if named.clone().any(|probe| probe.get("exec").exists()) {
                server.lost.push("a probe that runs a command".to_owned());
            }
            if named.clone().any(|probe| probe.get("tcpSocket").exists()) {
                server.fields.set("probes", "tcp");
            }
            return;
        }
        (Some(live), Some(ready)) => (live, ready),
        (Some(one), None) | (None, Some(one)) => {
            let text = "one probe was named, and both take its path";
            server.say(Kind::Guessed, text);
            (one.clone(), one)
        }
    };
    let mut probes = Map::default();
    probes.set("liveness", live);
    probes.set("readiness", ready);
    let probe = readiness
        .filter(|probe| probe.get("httpGet").exists())
        .or(liveness);
    if let Some(get) = probe.map(|probe| probe.get("httpGet")) {
        let own =
            number(get.get("port")).filter(|own| Some(*own) != port && (1..=65535).contains(own));
        if let Some(own) = own {
            probes.set("port", own);
        }
        let mut hosts = get
            .get("httpHeaders")
            .items()
            .filter(|header| header.get("name").text() == Some("Host"));
        let host = hosts.find_map(|header| header.get("value").text());
        if let Some(host) = host.filter(|host| HostName::parse(host).is_ok()) {
            probes.set("host", host);
        }
    }
    if let Some(startup) = startup {
        let count = startup.get("failureThreshold").number().unwrap_or(3);
        let period = startup.get("periodSeconds").number().unwrap_or(10);
        let seconds = count.saturating_mul(period);
        if (1..=3600).contains(&seconds) {
            probes.set("startupSeconds", seconds);
        }
    }
    server.fields.set("probes", probes);
    let timing = [
        "initialDelaySeconds",
        "periodSeconds",
        "timeoutSeconds",
        "failureThreshold",
    ];
    let has_timing = [liveness, readiness]
        .into_iter()
        .flatten()
        .any(|probe| timing.iter().any(|key| probe.get(key).exists()));
    if has_timing {
        server.lost.push("the timing of its probes".to_owned());
    }
}

/// Metrics, as annotations for Prometheus or a port's name say it.
pub fn metrics(
    annotations: At<'_>,
    ports: &[(i64, Option<&str>)],
    port: Option<i64>,
    server: &mut Server,
) {
    let text = |key: &str| annotations.get(key).text();
    let named = ports.iter().find(|(_, name)| {
        name.is_some_and(|name| name.contains("metrics") || name == "prometheus")
    });
    let is_scraped = text("prometheus.io/scrape") == Some("true");
    if !is_scraped && named.is_none() {
        return;
    }
    let own = text("prometheus.io/port").and_then(|port| port.parse::<i64>().ok());
    let own = own.or(named.map(|(number, _)| *number));
    let path = text("prometheus.io/path").filter(|path| HttpPath::parse(path).is_ok());
    let mut metrics = Map::default();
    metrics.set("path", path.unwrap_or("/metrics"));
    if let Some(own) = own.filter(|own| Some(*own) != port && (1..=65535).contains(own)) {
        metrics.set("port", own);
    }
    server.fields.set("metrics", metrics);
    if !is_scraped {
        let text = "a port is named so";
        server.say_at("metrics", Remark::new(Kind::Guessed, text));
    }
}

//! The kubelet's probes (`pkg/probe/http`, `pkg/probe/tcp`), made from within the pod's network.

use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1::{HTTPGetAction, Probe};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::pod::{ADDRESS, Deployed};
use super::sandbox::Sandbox;
use crate::support::run::run;

/// The kubelet's own header.
const USER_AGENT: &str = "kube-probe/1.36";
/// A test asks oftener than the kubelet, which would ask once in a probe's period.
const PAUSE: Duration = Duration::from_millis(250);
/// How often the kubelet follows to another place on the same host.
const REDIRECTS: usize = 10;

/// Sends what stands on standard input, if anything, and prints the answer until the connection ends.
const CONNECT: &str = "exec 3<>\"/dev/tcp/$0/$1\" && cat >&3 && { [ -z \"$2\" ] || cat <&3; }";

/// What came of a probe: the status where it was a request, or why it failed.
pub type Outcome = Result<u16, String>;
/// Status and `Location` of an answer, or why there is none.
type Answer = Result<(u16, Option<String>), String>;

/// Waits until the startup probe succeeds, for as long as the kubelet would, and then for the others.
pub fn until_ready(sandbox: &Sandbox, deployed: &Deployed) {
    let container = deployed.container();
    for (name, probe) in [
        ("startup", &container.startup_probe),
        ("readiness", &container.readiness_probe),
        ("liveness", &container.liveness_probe),
    ] {
        let probe = probe.as_ref().unwrap_or_else(|| panic!("no {name} probe"));
        let started = Instant::now();
        while let Err(reason) = probe_once(sandbox, deployed, probe) {
            let log = || format!("{name}: {reason}\n{}", sandbox.log());
            assert_eq!(sandbox.ended(), None, "{}", log());
            assert!(started.elapsed() < budget(probe), "{}", log());
            std::thread::sleep(PAUSE);
        }
    }
}

/// Whether Prometheus, which calls every pod by address, reads metrics where the Service says that they are.
pub fn is_scraped(sandbox: &Sandbox, deployed: &Deployed) -> Option<Outcome> {
    let (port, path) = deployed.metrics()?;
    let scrape = Probe {
        http_get: Some(HTTPGetAction {
            path: Some(path),
            port: IntOrString::String(port),
            ..HTTPGetAction::default()
        }),
        timeout_seconds: Some(10),
        ..Probe::default()
    };
    Some(probe_once(sandbox, deployed, &scrape))
}

/// How long a probe may fail until the kubelet acts.
fn budget(probe: &Probe) -> Duration {
    let seconds = probe.initial_delay_seconds.unwrap_or(0)
        + probe.failure_threshold.unwrap_or(3) * probe.period_seconds.unwrap_or(10);
    Duration::from_secs(u64::try_from(seconds).unwrap())
}

/// Makes `probe` once.
pub fn probe_once(sandbox: &Sandbox, deployed: &Deployed, probe: &Probe) -> Outcome {
    let timeout = probe.timeout_seconds.unwrap_or(1);
    match (&probe.http_get, &probe.tcp_socket) {
        (Some(get), _) => {
            let port = deployed.port(&get.port);
            follow(get, port, |request| {
                connect(sandbox, port, timeout, request)
            })
        }
        (None, Some(socket)) => {
            let port = deployed.port(&socket.port);
            connect(sandbox, port, timeout, "").map(|_| 0)
        }
        _ => panic!("tests/pods knows no probe like {probe:?}"),
    }
}

/// Success is what lies between 200 and 399, where redirects on the same host end.
fn follow(get: &HTTPGetAction, port: i32, ask: impl Fn(&str) -> Answer) -> Outcome {
    let mut path = get.path.clone().unwrap_or_else(|| "/".into());
    for _ in 0..=REDIRECTS {
        let (status, location) = ask(&request(get, port, &path))?;
        let own = format!("http://{ADDRESS}:{port}");
        let next = location.filter(|_| (300..400).contains(&status));
        let next = next.and_then(|to| {
            let rest = to.strip_prefix(&own).unwrap_or(&to).to_owned();
            rest.starts_with('/').then_some(rest)
        });
        match next {
            Some(next) => path = next,
            None if (200..400).contains(&status) => return Ok(status),
            None => return Err(format!("HTTP probe failed with statuscode: {status}")),
        }
    }
    Err(format!("stopped after {REDIRECTS} redirects"))
}

/// The request, with the headers of which one stands for those of the kubelet.
fn request(get: &HTTPGetAction, port: i32, path: &str) -> String {
    let given = get.http_headers.clone().unwrap_or_default();
    let is_given = |name: &str| {
        given
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case(name))
    };
    let host = format!("{ADDRESS}:{port}");
    let own = [
        ("Host", host.as_str()),
        ("User-Agent", USER_AGENT),
        ("Accept", "*/*"),
    ];
    let own = own.into_iter().filter(|(name, _)| !is_given(name));
    let given = given
        .iter()
        .map(|header| (header.name.as_str(), header.value.as_str()));
    let lines = own
        .chain(given)
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let lines: String = lines.collect();
    format!("GET {path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n")
}

/// Connects within `timeout` seconds, and asks where there is a request.
fn connect(sandbox: &Sandbox, port: i32, timeout: i32, request: &str) -> Answer {
    let mut command = sandbox.network("timeout");
    command
        .args([&timeout.to_string(), "bash", "-c", CONNECT])
        .args([ADDRESS, &port.to_string(), request]);
    let ended = run(&mut command, request.as_bytes());
    match ended.status {
        Some(0) if request.is_empty() => Ok((0, None)),
        Some(0) => answer(&ended.stdout),
        Some(124) => Err(format!("no answer within {timeout} s: {}", ended.stdout)),
        _ => Err(ended.stderr),
    }
}

fn answer(text: &str) -> Answer {
    let (head, _) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| format!("no answer: {text:?}"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| format!("no status: {head}"))?;
    let mut headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let location = headers.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    Ok((status, location.map(|(_, value)| value.trim().to_owned())))
}

//! Probes, and what happens when a container starts and stops.

use super::Field;
use super::grammar::{header_name, port_number_or_name};

/// The three probes of a container.
pub fn probes(container: &Field<'_>) {
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.field(name);
        if !probe.exists() {
            continue;
        }
        handler(&probe, &["exec", "grpc", "httpGet", "tcpSocket"]);
        let counted = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds"];
        for name in counted
            .into_iter()
            .chain(["failureThreshold", "successThreshold"])
        {
            probe.field(name).at_least(0);
        }
        let grace = probe.field("terminationGracePeriodSeconds");
        if name == "readinessProbe" {
            grace.forbid("a pod that is not ready is not stopped", "remove it");
        } else {
            grace.at_least(1);
            // Zero is what is left out.
            let successes = probe.field("successThreshold");
            successes.range(0..=1);
        }
    }
}

/// Seconds that a pod has to stop where it does not say (`DefaultTerminationGracePeriodSeconds`).
const GRACE: i64 = 30;

/// `grace` says how many seconds the pod has to stop.
pub fn lifecycle(lifecycle: &Field<'_>, grace: &Field<'_>) {
    let seconds = grace.number().unwrap_or(GRACE);
    for name in ["postStart", "preStop"] {
        let hook = lifecycle.field(name);
        if hook.exists() {
            handler(&hook, &["exec", "httpGet", "sleep", "tcpSocket"]);
            let sleep = hook.at("sleep.seconds");
            // Zero is refused before 1.34, and says nothing.
            sleep.at_least(1);
            if sleep.number().is_some_and(|sleep| sleep > seconds) {
                let said = sleep.number().unwrap_or_default();
                let problem =
                    format!("`{name}` sleeps {said} s, and the pod has {seconds} s to stop");
                let help = "write a shorter sleep, or a longer `terminationGracePeriodSeconds`";
                sleep.refuse_beside(grace, problem, help);
            }
        }
    }
    let signal = lifecycle.field("stopSignal");
    signal.forbid(
        "it needs `os`, and Kubernetes takes it only of late",
        "remove it",
    );
}

fn handler(field: &Field<'_>, names: &[&'static str]) {
    let Some(name) = field.exactly_one(names) else {
        return;
    };
    let action = field.field(name);
    match name {
        "exec" => {
            action.field("command").require();
        }
        "httpGet" => {
            action.field("port").require();
            port_number_or_name(&action.field("port"));
            action.field("scheme").one_of(&["HTTP", "HTTPS"]);
            for header in action.field("httpHeaders").items() {
                header.field("name").require().parse(header_name);
            }
        }
        "tcpSocket" | "grpc" => {
            action.field("port").require();
            port_number_or_name(&action.field("port"));
        }
        _ => {
            action.field("seconds").require();
        }
    }
}

//! Calls end before the process does.

use super::{Context, Found, Rule};
use crate::manifest::At;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP033",
    name: "drain",
    title: "a pod has more time to end than its preStop hook takes",
    severity: Severity::Error,
    why: "The time before the kill holds the preStop hook: what is left is all that calls under way have.",
    fix: "write a `terminationGracePeriodSeconds` above the `preStop` sleep plus the longest call",
    source: "Kubernetes, Pod termination",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      terminationGracePeriodSeconds: 70
      containers:
      - {name: a, lifecycle: {preStop: {sleep: {seconds: 5}}}}
",
    broken_by: &[
        (
            "      terminationGracePeriodSeconds: 70
",
            "",
        ),
        ("seconds: 5", "seconds: 30"),
    ],
    check,
};

/// What Kubernetes takes where nothing is written.
const GRACE: i64 = 30;

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        let hook = container.at.at("lifecycle.preStop");
        let sleep = hook.at("sleep.seconds");
        let command = hook.at("exec.command");
        let (sleep, seconds) = match sleep.number() {
            Some(seconds) => (sleep, Some(seconds)),
            None => (command, slept(command)),
        };
        let grace = pod.spec.get("terminationGracePeriodSeconds");
        let grace = grace.number().unwrap_or(GRACE);
        if let Some(seconds) = seconds.filter(|seconds| *seconds >= grace) {
            let message = format!("the hook sleeps {seconds} s of the pod's {grace} s");
            found.add(pod.workload, sleep, message);
        }
    }
}

/// Shells that take a script after `-c`.
const SHELLS: [&str; 4] = ["sh", "bash", "ash", "dash"];
/// Words that make it unknown how long a script sleeps.
const BRANCHES: [&str; 7] = ["if", "while", "until", "for", "case", "||", "&"];

/// The seconds that the command at `command` sleeps, where it says so itself.
fn slept(command: At<'_>) -> Option<i64> {
    let words: Vec<&str> = command.items().filter_map(At::text).collect();
    let program = words.first()?.rsplit('/').next()?;
    match words.as_slice() {
        [_, time] if program == "sleep" => seconds(time),
        [_, "-c", script] if SHELLS.contains(&program) => {
            let script = script.replace(';', " ");
            let words: Vec<&str> = script.split_whitespace().collect();
            if words.iter().any(|word| BRANCHES.contains(word)) {
                return None;
            }
            let times = words.windows(2).filter_map(|pair| match pair {
                ["sleep" | "/bin/sleep", time] => Some(seconds(time)),
                _ => None,
            });
            times.sum()
        }
        _ => None,
    }
}

/// The seconds of `5`, `5s` or `1m`, as `sleep` reads them.
fn seconds(time: &str) -> Option<i64> {
    if let Some(minutes) = time.strip_suffix('m') {
        return minutes.parse::<i64>().ok()?.checked_mul(60);
    }
    time.strip_suffix('s').unwrap_or(time).parse().ok()
}

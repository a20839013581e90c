//! A reference to a variable is replaced.

use std::cell::LazyCell;

use foldhash::{HashMap, HashMapExt};

use super::{Context, Found, Rule};
use crate::check::variables::{given, is_of_service, references};
use crate::manifest::At;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP069",
    name: "variable-reference",
    title: "`$(NAME)` names a variable that the container has by then",
    severity: Severity::Warning,
    why: "Kubernetes leaves what it does not know as it is: the process gets the text `$(NAME)`.",
    fix: "set the variable before the one that refers to it, or write `$$(NAME)` where the text is meant",
    source: "Kubernetes, Define Dependent Environment Variables",
    good: "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
      - {name: a, env: [{name: HOST, value: a}, {name: URL, value: \"http://$(HOST)\"}]}
",
    broken_by: &[(
        "name: HOST, value: a}, {name: URL, value: \"http://$(HOST)\"",
        "name: URL, value: \"http://$(HOST)\"}, {name: HOST, value: a",
    )],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for (pod, container) in context.containers() {
        // What comes from elsewhere may be any variable.
        let Some(given) = given(context.input, pod, container) else {
            continue;
        };
        let has_links = pod.spec.get("enableServiceLinks").boolean() != Some(false);
        let variables = container.at.get("env").items();
        // By name: how many variables there are when it has a value. Nearly nobody refers to one.
        let positions = LazyCell::new(|| {
            let mut positions: HashMap<&str, usize> = HashMap::new();
            for (before, variable) in variables.clone().enumerate() {
                if let Some(name) = variable.get("name").text() {
                    positions.entry(name).or_insert(before + 1);
                }
            }
            positions.extend(given.iter().map(|name| (name.as_str(), 0)));
            positions
        });
        let mut tell = |at: At<'_>, before: usize| {
            for name in references(at.text().unwrap_or_default()) {
                let is_known = positions
                    .get(name)
                    .is_some_and(|position| *position <= before);
                if !is_known && !is_of_service(name, has_links) {
                    let container = container.called();
                    let message = format!("{container} has no variable `{name}` here");
                    found.add(pod.workload, at, message);
                }
            }
        };
        for (before, variable) in variables.clone().enumerate() {
            tell(variable.get("value"), before);
        }
        for word in ["command", "args"]
            .into_iter()
            .flat_map(|list| container.at.get(list).items())
        {
            tell(word, usize::MAX);
        }
    }
}

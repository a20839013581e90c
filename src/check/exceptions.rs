//! What a set may break, in the words of its people.

use super::rules::{self, CATALOGUE};
use crate::manifest::Object;
use crate::model::{Exception, Set};
use crate::problem::{Code, Problem, Problems};

/// Refuses exceptions of `set` for rules or servers that there are not.
pub fn validate(set: &Set, problems: &mut Problems) {
    for exception in &set.platform.exceptions {
        if rules::find(&exception.rule).is_none() {
            let near = CATALOGUE
                .iter()
                .flat_map(|rule| [rule.name, rule.id])
                .max_by(|one, other| {
                    let like = |word| strsim::jaro_winkler(word, &exception.rule);
                    like(one).total_cmp(&like(other))
                });
            problems.push(
                Problem::error(
                    Code::InvalidValue,
                    exception.place,
                    format!("there is no rule `{}`", exception.rule),
                )
                .help(format!(
                    "did you mean `{}`? `mcpset explain` lists all rules",
                    near.unwrap_or_default()
                )),
            );
        }
        let is_server = |name: &String| set.servers.iter().any(|server| server.name == *name);
        if let Some(name) = exception.server.as_ref().filter(|name| !is_server(name)) {
            let known: Vec<&str> = set
                .servers
                .iter()
                .map(|server| server.name.as_str())
                .collect();
            problems.push(
                Problem::error(
                    Code::InvalidValue,
                    exception.place,
                    format!("the exception is for `{name}`, and the set has no such server"),
                )
                .help(format!("name one of {}, or none for all", known.join(", "))),
            );
        }
    }
}

/// Why `set` lets its `object` have this `problem`, if it does.
#[must_use]
pub fn reason(set: &Set, object: &Object, problem: &Problem) -> Option<String> {
    let workload = object.at("metadata.labels").get("app.kubernetes.io/name");
    let server = set
        .servers
        .iter()
        .find(|server| workload.text() == Some(server.names.workload.as_str()));
    let is_meant = |exception: &&Exception| {
        let rule = rules::find(&exception.rule);
        let is_rule = rule.is_some_and(|rule| problem.code == Code::Rule(rule.id));
        let named = exception.server.as_ref();
        is_rule && named.is_none_or(|name| server.is_some_and(|server| server.name == *name))
    };
    let exception = set.platform.exceptions.iter().find(is_meant)?;
    Some(exception.reason.clone())
}

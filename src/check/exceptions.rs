//! What a set may break, in the words of its people.

use super::origin::server_of;
use super::rules::{self, CATALOGUE};
use crate::manifest::{At, Object};
use crate::model::{Exception, Set};
use crate::nearest::nearest;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;
use crate::yaml::Node;

/// Refuses exceptions for rules that there are not, in the list at `path` of `document`.
pub fn require_rules(document: &Node, path: &str, problems: &mut Problems) {
    for exception in At::new(document).at(path).items() {
        let rule = exception.get("rule");
        if let Some(word) = rule.text() {
            require_rule(word, rule.place(), problems);
        }
    }
}

/// Refuses an exception for a rule that there is not.
fn require_rule(word: &str, place: Place, problems: &mut Problems) {
    if rules::find(word).is_some() {
        return;
    }
    let known = CATALOGUE.iter().flat_map(|rule| [rule.name, rule.id]);
    let near = nearest(word, &known.collect::<Vec<_>>());
    let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
    problems.push(
        Problem::error(
            Code::InvalidValue,
            place,
            format!("there is no rule `{word}`"),
        )
        .help(format!("{near}`mcpset explain` lists all rules")),
    );
}

/// Whether `problem` breaks the rule with this id or name.
#[must_use]
pub fn is_of(word: &str, problem: &Problem) -> bool {
    rules::find(word).is_some_and(|rule| problem.code == Code::Rule(rule.id))
}

/// Refuses exceptions of `set` for rules or servers that there are not.
pub fn validate_exceptions(set: &Set, problems: &mut Problems) {
    for exception in &set.platform.exceptions {
        require_rule(&exception.rule, exception.place, problems);
        let is_server = |name: &String| set.servers.iter().any(|server| server.name == *name);
        if let Some(name) = exception.server.as_ref().filter(|name| !is_server(name)) {
            let known: Vec<String> = set
                .servers
                .iter()
                .map(|server| format!("`{}`", server.name))
                .collect();
            problems.push(
                Problem::error(
                    Code::InvalidValue,
                    exception.place,
                    format!("the exception is for `{name}`, and the set has no such server"),
                )
                .help(format!(
                    "write one of {}, or leave `server` out for all",
                    known.join(", ")
                )),
            );
        }
    }
}

/// Why `set` lets its `object` have this `problem`, if it does.
#[must_use]
pub fn exception<'s>(set: &'s Set, object: &Object, problem: &Problem) -> Option<&'s Exception> {
    let server = server_of(set, object);
    let is_meant = |exception: &&Exception| {
        let named = exception.server.as_ref();
        is_of(&exception.rule, problem)
            && named.is_none_or(|name| server.is_some_and(|server| server.name == *name))
    };
    set.platform.exceptions.iter().find(is_meant)
}

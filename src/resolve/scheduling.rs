//! Where pods may run.

use std::collections::BTreeMap;

use super::scope::{Reported, Scope, all, items};
use crate::api::{self, Field, List, Placed};
use crate::model::{Invalid, LabelKey, LabelValue, ObjectName, Toleration};
use crate::nearest::nearest;
use crate::problem::{Code, Problem};

const OPERATORS: [&str; 2] = ["Equal", "Exists"];
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Where pods may run.
pub struct Scheduling {
    /// Labels of the nodes.
    pub node_selector: BTreeMap<String, String>,
    /// Taints to tolerate.
    pub tolerations: Vec<Toleration>,
    /// Priority class.
    pub priority_class: Option<ObjectName>,
}

/// Resolves `nodeSelector`, `tolerations` and `priorityClassName`.
pub fn scheduling(scope: &mut Scope<'_>, server: &api::Server) -> Result<Scheduling, Reported> {
    let node_selector = super::platform::labels(scope, &server.node_selector);
    let tolerations = tolerations(scope, &server.tolerations);
    let priority_class = scope.optional(&server.priority_class_name, ObjectName::parse);
    Ok(Scheduling {
        node_selector: node_selector?
            .into_iter()
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect(),
        tolerations: tolerations?,
        priority_class: priority_class?,
    })
}

fn tolerations(
    scope: &mut Scope<'_>,
    field: &Field<List<api::Toleration>>,
) -> Result<Vec<Toleration>, Reported> {
    let items = items(field)?;
    all(items.into_iter().map(|item| toleration(scope, item)))
}

fn toleration(
    scope: &mut Scope<'_>,
    item: &Placed<api::Toleration>,
) -> Result<Toleration, Reported> {
    let written = &item.value;
    let key = scope.optional(&written.key, LabelKey::parse);
    let value = scope.optional(&written.value, LabelValue::parse);
    let operator = scope.or(&written.operator, "Equal", |text| one_of(text, &OPERATORS));
    let effect = scope.optional(&written.effect, |text| one_of(text, &EFFECTS));
    let seconds = match &written.toleration_seconds {
        Field::Absent => Ok(None),
        field => scope
            .number_or(field, 0, 0..=i64::from(i32::MAX), "a number of seconds")
            .map(Some),
    };
    let toleration = Toleration {
        key: key?,
        operator: operator?,
        value: value?,
        effect: effect?,
        seconds: seconds?,
    };
    let conflict = match (&toleration, toleration.operator) {
        (Toleration { key: None, .. }, "Equal") => Some((
            item.place,
            "a toleration with `operator: Equal` needs a `key`",
            "add the `key` of the taint, or write `operator: Exists` to tolerate every taint",
        )),
        (Toleration { value: Some(_), .. }, "Exists") => Some((
            written.value.place().unwrap_or(item.place),
            "`operator: Exists` takes no `value`",
            "remove the `value`, or write `operator: Equal`",
        )),
        (
            Toleration {
                seconds: Some(_),
                effect,
                ..
            },
            _,
        ) if *effect != Some("NoExecute") => Some((
            written.toleration_seconds.place().unwrap_or(item.place),
            "`tolerationSeconds` needs `effect: NoExecute`",
            "add `effect: NoExecute`, or remove `tolerationSeconds`",
        )),
        _ => None,
    };
    match conflict {
        Some((place, conflict, help)) => {
            scope.report(Problem::error(Code::Contradiction, place, conflict).help(help))
        }
        None => Ok(toleration),
    }
}

fn one_of(text: &str, known: &[&'static str]) -> Result<&'static str, Invalid> {
    known
        .iter()
        .copied()
        .find(|candidate| *candidate == text)
        .ok_or_else(|| Invalid {
            problem: format!("`{text}` is none of `{}`", known.join("`, `")),
            help: match nearest(text, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write one of these".into(),
            },
        })
}

//! Where pods may run.

use std::collections::BTreeMap;

use super::scope::{Reported, Scope, all};
use crate::api::{self, Field, List, Placed};
use crate::model::{Invalid, LabelKey, LabelValue, ObjectName, Toleration};
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
    let items = scope.items(field)?;
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
        (Toleration { key: None, .. }, "Equal") => Some("`Equal` needs a `key`"),
        (Toleration { value: Some(_), .. }, "Exists") => Some("`Exists` takes no `value`"),
        (
            Toleration {
                seconds: Some(_),
                effect,
                ..
            },
            _,
        ) if *effect != Some("NoExecute") => Some("`tolerationSeconds` needs `effect: NoExecute`"),
        _ => None,
    };
    match conflict {
        Some(conflict) => scope.report(
            Problem::error(Code::Contradiction, item.place, conflict)
                .help("the API server refuses this toleration: change one of the two"),
        ),
        None => Ok(toleration),
    }
}

fn one_of(text: &str, known: &[&'static str]) -> Result<&'static str, Invalid> {
    known
        .iter()
        .copied()
        .find(|candidate| *candidate == text)
        .ok_or_else(|| Invalid {
            problem: format!("`{text}` is none of {}", known.join(", ")),
            help: format!("write one of {}", known.join(", ")),
        })
}

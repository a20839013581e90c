//! Constraints: which template judges which objects, and how bad it is.

use crate::manifest::{At, Object};
use crate::problem::Severity;

/// The API group of constraints.
pub const GROUP: &str = "constraints.gatekeeper.sh";
/// Places of enforcement that tell whether an apply goes well.
const POINTS: [&str; 3] = ["*", "validation.gatekeeper.sh", "gator.gatekeeper.sh"];

/// One constraint.
#[derive(Debug, Clone, Copy)]
pub struct Constraint<'m> {
    /// All of it.
    pub object: &'m Object,
    /// Which objects it concerns.
    pub applies_to: At<'m>,
    /// What its template is told.
    pub parameters: At<'m>,
}

/// What Gatekeeper does when a constraint is violated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The finding's severity.
    Found(Severity),
    /// Nothing, where objects are admitted.
    Nothing,
}

impl<'m> Constraint<'m> {
    /// The constraint that `object` is, if it is one.
    #[must_use]
    pub fn of(object: &'m Object) -> Option<Self> {
        (object.group() == GROUP).then(|| Self {
            object,
            applies_to: object.at("spec.match"),
            parameters: object.at("spec.parameters"),
        })
    }

    /// What happens when it is violated.
    ///
    /// # Errors
    /// The place and text of an action that Gatekeeper does not know.
    pub fn action(&self) -> Result<Action, (At<'m>, &'m str)> {
        let at = self.object.at("spec.enforcementAction");
        match at.text().unwrap_or_default() {
            "scoped" => self.scoped(),
            text => severity(text).map(Action::Found).ok_or((at, text)),
        }
    }

    /// The most severe of the actions at the [`POINTS`].
    fn scoped(&self) -> Result<Action, (At<'m>, &'m str)> {
        let mut worst = None;
        for scoped in self.object.at("spec.scopedEnforcementActions").items() {
            let mut points = scoped.get("enforcementPoints").items();
            let is_ours = |point: &str| POINTS.contains(&point);
            if !points.any(|point| point.get("name").text().is_some_and(is_ours)) {
                continue;
            }
            let at = scoped.get("action");
            let text = at.text().unwrap_or_default();
            let found = severity(text).ok_or((at, text))?;
            worst = Some(worst.map_or(found, |worst: Severity| worst.min(found)));
        }
        Ok(worst.map_or(Action::Nothing, Action::Found))
    }
}

fn severity(action: &str) -> Option<Severity> {
    match action {
        "" | "deny" => Some(Severity::Error),
        "warn" => Some(Severity::Warning),
        "dryrun" => Some(Severity::Note),
        _ => None,
    }
}

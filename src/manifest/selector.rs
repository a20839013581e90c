//! What selects by labels.

use super::{At, Labels};

/// Whether the LabelSelector at `at` selects `labels`. One that is absent selects nothing, an empty
/// one everything (`metav1.LabelSelector`).
#[must_use]
pub fn selects(at: At<'_>, labels: &Labels<'_>) -> bool {
    let equal = at.get("matchLabels").entries();
    let mut equal = equal.map(|(key, value)| value.text() == labels.get(key));
    let mut expressions = at.get("matchExpressions").items();
    at.exists() && equal.all(|holds| holds) && expressions.all(|at| holds(at, labels))
}

fn holds(expression: At<'_>, labels: &Labels<'_>) -> bool {
    let key = expression.get("key").text().unwrap_or_default();
    let value = labels.get(key);
    let is_listed = || {
        let mut values = expression.get("values").items();
        value.is_some() && values.any(|listed| listed.text() == value)
    };
    match expression.get("operator").text().unwrap_or_default() {
        "In" => is_listed(),
        "NotIn" => !is_listed(),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

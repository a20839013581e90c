//! An autoscaler has room.

use super::{Context, Found, Rule, fixed_replicas};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP035",
    name: "scaler-range",
    title: "an autoscaler leaves no more pods than it makes",
    severity: Severity::Error,
    why: "The API server refuses a HorizontalPodAutoscaler whose `minReplicas` is above its `maxReplicas`.",
    fix: "write a `maxReplicas` of `minReplicas` or more",
    source: "Kubernetes, autoscaling/v2; validation of the API server",
    good: fixed_replicas::RULE.good,
    broken_by: &[("maxReplicas: 5", "maxReplicas: 1")],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for scaler in context.input.scalers.iter() {
        let least = scaler.fewest();
        if let Some(most) = scaler.most.number().filter(|most| *most < least) {
            let message = format!("it leaves {least} pods or more, and makes {most} at most");
            found.add(scaler.object, scaler.most, message);
        }
    }
}

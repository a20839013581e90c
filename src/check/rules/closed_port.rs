//! Connections that are meant to be possible, and are not; the rules beside it say which.

use super::{Context, Found};
use crate::check::network::{Flow, Purpose, Side, Verdict};
use crate::manifest::{At, Object};

/// Notes the connections for one of `purposes` that no policy allows.
pub fn check(context: &Context<'_>, found: &mut Found<'_>, purposes: &[Purpose]) {
    // Their policies may open what is closed here.
    if context.network.has_others() {
        return;
    }
    for intent in context
        .intents
        .iter()
        .filter(|intent| intent.wants_policies)
    {
        let name = intent.server.pod.workload.name();
        let flows = intent.flows.iter();
        for flow in flows.filter(|flow| purposes.contains(&flow.purpose)) {
            let verdict = context.network.verdict(&intent.server.endpoint, flow);
            if let Some((policy, at, who)) = closing(&verdict) {
                let message = message(name, flow, who, policy);
                found.add(policy, at, message);
            }
        }
    }
}

/// The policy that closes, where it could open, and whose side it is on.
fn closing<'m>(verdict: &Verdict<'m>) -> Option<(&'m Object, At<'m>, &'static str)> {
    let of = |side: &Side<'m>| match side {
        // A default-deny says nothing; the policy beside it is the one to mend.
        Side::Closed(policies) => {
            let fullest = |policy: &&Object| {
                let rules = |path| policy.at(path).items().count();
                rules("spec.ingress") + rules("spec.egress")
            };
            policies.iter().copied().max_by_key(fullest)
        }
        Side::Open | Side::Allowed(_) => None,
    };
    let out = of(&verdict.egress).map(|policy| (policy, policy.at("spec.egress"), "lets it out"));
    out.or_else(|| {
        of(&verdict.ingress).map(|policy| (policy, policy.at("spec.ingress"), "lets it in"))
    })
}

fn message(server: &str, flow: &Flow, lets: &str, policy: &Object) -> String {
    let others = flow.others.iter().map(|other| format!("`{other}`"));
    let others = others.collect::<Vec<_>>().join(" or ");
    let (protocol, port, policy) = (flow.protocol, flow.port, policy.name());
    if flow.is_inward() {
        format!(
            "{others} cannot reach `{server}` on {protocol} {port}: no rule of `{policy}` {lets}"
        )
    } else {
        format!(
            "`{server}` cannot reach {others} on {protocol} {port}: no rule of `{policy}` {lets}"
        )
    }
}

//! Connections that are meant to be possible, and are not; the rules beside it say which.

use super::{Context, Found};
use crate::check::network::{Flow, Intent, Network, Purpose, Side, Verdict};
use crate::manifest::{At, Object};

/// Notes the connections for one of `purposes` that no policy allows.
pub fn check(context: &Context<'_>, found: &mut Found<'_>, purposes: &[Purpose]) {
    for intent in context.intents {
        for (policy, at, message) in closed(context.network, intent, purposes) {
            found.add(policy, at, message);
        }
    }
}

/// The connections of one server for one of `purposes` that no policy allows: the policy to mend,
/// where, and what is wrong.
pub fn closed<'m>(
    network: &Network<'m>,
    intent: &Intent<'_, 'm>,
    purposes: &[Purpose],
) -> Vec<(&'m Object, At<'m>, String)> {
    // Their policies may open what is closed here.
    if !intent.wants_policies || network.has_others() {
        return Vec::new();
    }
    let name = intent.server.pod.workload.name();
    let flows = intent.flows.iter();
    let flows = flows.filter(|flow| purposes.contains(&flow.purpose));
    let closed = flows.filter_map(|flow| {
        let verdict = network.verdict(intent.server, flow);
        let (policy, at, who) = closing(&verdict)?;
        Some((policy, at, message(name, flow, who, policy)))
    });
    closed.collect()
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

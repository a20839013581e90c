//! Sets whose values meet in one proxy: what Helm then makes of them, and what the proxy.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{AUTHORIZATION, Peer, ProxyChart, Set};
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;

/// Refuses sets of one proxy whose values undo each other: nobody would be told. Each set comes with
/// its place. Two sets are told one reason, and none when they are in `told`.
pub fn registrations<'s>(
    sets: impl Iterator<Item = (&'s Set, Place)>,
    told: &[(Place, Place)],
    problems: &mut Problems,
) {
    let mut by_proxy: BTreeMap<&Peer, Vec<(&Set, Place)>> = BTreeMap::new();
    for (set, place) in sets {
        let earlier = by_proxy.entry(&set.platform.proxy).or_default();
        for (first, first_place) in earlier.iter() {
            if told.contains(&(*first_place, place)) {
                continue;
            }
            if let Some((message, help)) = conflict(first, set) {
                problems.push(
                    Problem::error(Code::NameCollision, place, message)
                        .related(*first_place, "the first set")
                        .help(help),
                );
            }
        }
        earlier.push((set, place));
    }
}

/// What is wrong with two sets of one proxy, and what to do.
fn conflict(first: &Set, second: &Set) -> Option<(String, &'static str)> {
    let namespace = &second.platform.proxy.namespace;
    if let Some(name) = shared_name(first, second) {
        return Some((
            format!("two sets register `{name}` with the LiteLLM proxy in `{namespace}`"),
            "give one of them another `namePrefix`, or its servers other names; or, where each has a proxy of its own, say so under `platform.litellm`",
        ));
    }
    let are_values = |set: &Set| set.platform.litellm.has_config_map;
    let replaces = |set: &Set| set.platform.litellm.chart == ProxyChart::Components;
    if are_values(first) && are_values(second) && replaces(first) && replaces(second) {
        return Some((
            format!(
                "two sets bring variables to the LiteLLM proxy in `{namespace}`, and its chart keeps one list of them"
            ),
            "make one set of them; or write `platform.litellm.registration: none` in both, and put the lists of `mcpset litellm` into one file",
        ));
    }
    let signs = |set: &Set| set.servers.iter().any(|server| server.litellm.signs_users);
    if signs(first)
        && signs(second)
        && first.platform.litellm.issuer != second.platform.litellm.issuer
    {
        return Some((
            format!("two sets name different issuers of the LiteLLM proxy in `{namespace}`"),
            "write the same `platform.litellm.service` in both: the proxy has one signer",
        ));
    }
    if (signs(first) && has_token(second)) || (has_token(first) && signs(second)) {
        return Some((
            format!(
                "one set switches on the signer of the LiteLLM proxy in `{namespace}`, and the other has tokens that it would displace"
            ),
            "write `authType: api_key` where there is a `token`, which has a header of its own; or a header `Authorization: {env: NAME}`, which stays",
        ));
    }
    None
}

/// A name or variable that both register.
fn shared_name<'s>(first: &Set, second: &'s Set) -> Option<&'s str> {
    let taken: BTreeSet<&str> = names(first).collect();
    names(second).find(|name| taken.contains(name))
}

fn names(set: &Set) -> impl Iterator<Item = &str> {
    let known = set.servers.iter().map(|server| &server.litellm);
    known.flat_map(|known| [known.name.as_str(), known.endpoint.as_str()])
}

/// Whether a server of `set` has a token that is sent as `Authorization`.
fn has_token(set: &Set) -> bool {
    let mut auth = set.servers.iter().filter_map(|s| s.litellm.auth.as_ref());
    auth.any(|auth| auth.kind.header() == AUTHORIZATION)
}

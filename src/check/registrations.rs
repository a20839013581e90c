//! Two sets that register one name with one proxy.

use std::collections::BTreeMap;

use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;

/// Refuses sets whose values would meet in one proxy and say different things of one name: Helm keeps
/// what the later file says, and nobody is told. Each set comes with its place. Two sets are told
/// once, whatever they share, and not at all when they are in `told`.
pub fn registrations<'s>(
    sets: impl Iterator<Item = (&'s Set, Place)>,
    told: &[(Place, Place)],
    problems: &mut Problems,
) {
    let mut seen = BTreeMap::new();
    for (set, place) in sets.filter(|(set, _)| set.platform.litellm.has_config_map) {
        let proxy = &set.platform.proxy;
        let registered = set.servers.iter().map(|server| &server.litellm);
        let names = registered.flat_map(|known| [known.name.as_str(), known.endpoint.as_str()]);
        let mut shared = None;
        for name in names {
            let first = *seen.entry((proxy, name)).or_insert(place);
            if first != place {
                shared = shared.or(Some((name, first)));
            }
        }
        if let Some((name, first)) = shared
            && !told.contains(&(first, place))
        {
            problems.push(
                Problem::error(
                    Code::NameCollision,
                    place,
                    format!(
                        "two sets register `{name}` with the LiteLLM proxy in `{}`",
                        proxy.namespace
                    ),
                )
                .related(first, "the first set")
                .help("give one of them another `namePrefix`, or its servers other names; or, where each has a proxy of its own, say so under `platform.litellm`"),
            );
        }
    }
}

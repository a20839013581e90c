//! Commands that are about one set of a file, which may hold several.

use std::path::Path;

use super::End;
use crate::model::Set;

/// The one of `sets` that `wanted` names: its name, or namespace/name. `why` there must be one is said
/// where it is not clear: "a dashboard is about one set".
pub fn chosen<'s>(
    sets: &[&'s Set],
    wanted: Option<&str>,
    file: &Path,
    why: &str,
) -> Result<&'s Set, End> {
    let is_wanted = |set: &Set| {
        wanted.is_none_or(|wanted| wanted == set.name.as_str() || wanted == full_name(set))
    };
    let found: Vec<&Set> = sets.iter().copied().filter(|set| is_wanted(set)).collect();
    if let [only] = found.as_slice() {
        return Ok(only);
    }
    let file = file.display();
    let names: Vec<String> = sets.iter().map(|set| full_name(set)).collect();
    let names = names.join(", ");
    Err(End::Usage(match wanted {
        Some(wanted) if found.is_empty() => {
            format!("{file} has no set `{wanted}`; it has {names}")
        }
        _ => format!("{why}, and {file} has {names}: name one with --set"),
    }))
}

fn full_name(set: &Set) -> String {
    format!("{}/{}", set.namespace, set.name)
}

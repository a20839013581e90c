//! Values of LiteLLM's chart that are too large for one object.

use super::{APPLIED_ANNOTATION, APPLIED_ROOM};
use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::litellm_object;
use crate::source::Place;
use crate::yaml::Encoded;

/// Refuses values that `kubectl apply` cannot apply as a ConfigMap. `place` is where the servers
/// stand.
pub fn litellm(set: &Set, place: Place, problems: &mut Problems) {
    let Some(object) = litellm_object(set) else {
        return;
    };
    let size = serde_json::to_string(&Encoded::of(&object)).map_or(0, |json| json.len());
    let limit = APPLIED_ANNOTATION - APPLIED_ROOM;
    if size > limit {
        problems.push(
            Problem::error(
                Code::TooLarge,
                place,
                format!(
                    "LiteLLM's values for these {} servers have {size} bytes",
                    set.servers.len()
                ),
            )
            .help(format!(
                "`kubectl apply` takes {limit} at most: write `platform.litellm.registration: none` and hand over what `mcpset litellm` prints, or make two sets"
            )),
        );
    }
}

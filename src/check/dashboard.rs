//! A dashboard that Grafana would never see.

use super::{APPLIED_ANNOTATION, APPLIED_ROOM};
use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::dashboard_object;
use crate::source::Place;

/// Refuses a dashboard that `kubectl apply` cannot apply: only the descriptions of servers make it
/// large. `place` is where the servers stand.
pub fn dashboard(set: &Set, place: Place, problems: &mut Problems) {
    let Some(object) = dashboard_object(set) else {
        return;
    };
    let size = serde_json::to_string(&object).map_or(0, |json| json.len());
    if size > APPLIED_ANNOTATION - APPLIED_ROOM {
        problems.push(
            Problem::error(
                Code::TooLarge,
                place,
                format!(
                    "the dashboard of these {} servers has {size} bytes",
                    set.servers.len()
                ),
            )
            .help(format!(
                "`kubectl apply` takes {} at most: shorten descriptions, which the dashboard shows, or make two sets",
                APPLIED_ANNOTATION - APPLIED_ROOM
            )),
        );
    }
}

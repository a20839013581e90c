//! A dashboard that Grafana would never see.

use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::dashboard_object;
use crate::source::Place;

/// `kubectl apply` keeps the whole object, as JSON, in an annotation; the API server takes so many
/// bytes of all annotations together (apimachinery, `TotalAnnotationSizeLimitB`).
const LIMIT: usize = 256 << 10;
/// Room for the annotation's name, and for annotations of hosts.
const ROOM: usize = 2 << 10;

/// Refuses a dashboard that `kubectl apply` cannot apply: only the descriptions of servers make it
/// large. `place` is where the servers stand.
pub fn dashboard(set: &Set, place: Place, problems: &mut Problems) {
    let Some(object) = dashboard_object(set) else {
        return;
    };
    let size = serde_json::to_string(&object).map_or(0, |json| json.len());
    if size > LIMIT - ROOM {
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
                LIMIT - ROOM
            )),
        );
    }
}

//! A dashboard that Grafana would never see.

use super::{APPLIED_ANNOTATION, APPLIED_ROOM};
use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::dashboard_object;
use crate::source::Place;
use crate::yaml::Encoded;

/// Bytes that the dashboard has at most before its table of servers.
const PANELS: usize = 48 << 10;
/// Bytes of a line of the table beside the texts of the config.
const LINE: usize = 256;
/// Bytes that a character of a text can become.
const ESCAPED: usize = 6;

/// Bytes that the dashboard has at most: most sets are far from the limit, and need not be made twice.
fn estimate(set: &Set) -> usize {
    let ui = set.platform.tracing_ui();
    let ui = ui.map_or(0, |ui| ui.as_str().len() * ESCAPED);
    let lines = set
        .servers
        .iter()
        .map(|server| LINE + ui + (server.name.len() + server.description.len()) * ESCAPED);
    PANELS + lines.sum::<usize>()
}

/// Refuses a dashboard that `kubectl apply` cannot apply: only the descriptions of servers make it
/// large. `place` is where the servers stand.
pub fn dashboard(set: &Set, place: Place, problems: &mut Problems) {
    if estimate(set) < APPLIED_ANNOTATION / 2 {
        return;
    }
    let Some(object) = dashboard_object(set) else {
        return;
    };
    let size = serde_json::to_string(&Encoded::of(&object)).map_or(0, |json| json.len());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overrides::Overrides;
    use crate::problem::Problems;
    use crate::yaml::{self, Dialect};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_dashboard_is_larger_than_estimated(
            description in "[ -~é🦀]{0,60}",
            servers in 1_usize..40,
            path in "[a-z$()]{0,40}",
        ) {
            let list: Vec<_> = (0..servers)
                .map(|number| serde_json::json!({
                    "name": format!("server-{number}"),
                    "image": "a:1",
                    "description": description,
                }))
                .collect();
            let config = serde_json::json!({
                "apiVersion": "mcpset.dev/v1alpha1",
                "kind": "McpServerSet",
                "metadata": {"name": "mcp", "namespace": "litellm"},
                "spec": {
                    "platform": {
                        "registry": "registry.example.com",
                        "tracing": {"ui": format!("https://j/{path}")},
                    },
                    "servers": list,
                },
            });
            let mut problems = Problems::default();
            let nodes = yaml::parse(&config.to_string(), 0, &mut problems);
            let set = crate::expand(&nodes[0], Dialect::Written, &Overrides::default(), &mut problems);
            // A description may look like a credential.
            if let Some(set) = set {
                let object = dashboard_object(&set).unwrap();
                let size = serde_json::to_string(&object).unwrap().len();
                prop_assert!(size <= estimate(&set), "{size} bytes, not {}", estimate(&set));
            }
        }
    }
}

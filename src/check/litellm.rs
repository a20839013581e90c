//! Values of LiteLLM's chart that are too large for one object.

use super::{APPLIED_ANNOTATION, APPLIED_ROOM};
use crate::model::{ProxyChart, ProxyHeader, Server, Set};
use crate::problem::{Code, Problem, Problems};
use crate::resources::litellm_object;
use crate::source::Place;

/// Bytes of the object beside its servers.
const HEAD: usize = 4 << 10;
/// Bytes of a server beside what its config says.
const SERVER: usize = 2 << 10;
/// Bytes of a word of a list beside itself.
const WORD: usize = 32;
/// Bytes that a byte of a text can become, as YAML in a text of JSON.
const ESCAPED: usize = 8;

/// Bytes that the object has at most: most sets are far from the limit, and need not be made twice.
fn estimate(set: &Set) -> usize {
    // Gateway and backend are told the same.
    let copies = match set.platform.litellm.chart {
        ProxyChart::Single => 1,
        ProxyChart::Components => 2,
    };
    HEAD + copies * set.servers.iter().map(of_server).sum::<usize>()
}

fn of_server(server: &Server) -> usize {
    let told = &server.litellm;
    let groups = told.access_groups.iter().map(|group| group.as_str().len());
    let tools = told.allowed_tools.iter().chain(&told.disallowed_tools);
    let tools = tools.map(|tool| tool.as_str().len());
    let headers = told.headers.iter().flat_map(|(name, value)| {
        let value = match value {
            ProxyHeader::Literal(text) => text.as_str(),
            ProxyHeader::Variable(variable) => variable.as_str(),
        };
        [name.as_str().len(), value.len()]
    });
    // A variable is in the comment, too.
    let token = told.auth.iter().map(|auth| 2 * auth.token.as_str().len());
    let texts = [server.description.len(), told.url_in_pod.len()];
    let words = groups.chain(tools).chain(headers).chain(token).chain(texts);
    SERVER + words.map(|len| len * ESCAPED + WORD).sum::<usize>()
}

/// Refuses values that `kubectl apply` cannot apply as a ConfigMap. `place` is where the servers
/// stand.
pub fn litellm(set: &Set, place: Place, problems: &mut Problems) {
    if estimate(set) < APPLIED_ANNOTATION / 2 {
        return;
    }
    let Some(object) = litellm_object(set) else {
        return;
    };
    let size = serde_json::to_string(&object).map_or(0, |json| json.len());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overrides::Overrides;
    use crate::yaml::{self, Dialect};
    use proptest::prelude::*;
    use serde_json::json;

    /// The set of `servers` servers that all say `description` and `litellm`, if it is accepted.
    fn set(
        chart: &str,
        servers: usize,
        description: &str,
        litellm: &serde_json::Value,
    ) -> Option<Set> {
        let servers: Vec<_> = (0..servers)
            .map(|number| {
                json!({
                    "name": format!("server-{number}"),
                    "image": "a:1",
                    "path": "/$$$$",
                    "description": description,
                    "litellm": litellm,
                })
            })
            .collect();
        let config = json!({
            "apiVersion": "mcpset.dev/v1alpha1",
            "kind": "McpServerSet",
            "metadata": {"name": "mcp", "namespace": "litellm"},
            "spec": {
                "platform": {"registry": "registry.example.com", "litellm": {"chart": chart}},
                "servers": servers,
            },
        });
        let mut problems = Problems::default();
        let nodes = yaml::parse(&config.to_string(), 0, &mut problems);
        crate::expand(
            &nodes[0],
            Dialect::Written,
            &Overrides::default(),
            &mut problems,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn no_values_are_larger_than_estimated(
            chart in "litellm(-helm)?",
            servers in 1_usize..30,
            description in "[ -~é🦀\\\\\"]{0,60}",
            groups in proptest::collection::btree_set("[a-z]{1,9}", 0..20),
            value in "[!-~]{1,40}",
        ) {
            let litellm = json!({
                "accessGroups": groups,
                "token": "MCP_TOKEN",
                "authType": "api_key",
                "headers": {"X-A": value, "X-B": {"env": "B"}},
            });
            if let Some(set) = set(&chart, servers, &description, &litellm) {
                let object = litellm_object(&set).unwrap();
                let size = serde_json::to_string(&object).unwrap().len();
                prop_assert!(size <= estimate(&set), "{size} bytes, not {}", estimate(&set));
            }
        }
    }
}

//! How the proxy learns of the servers, and teams get access.

use super::mcpset;
use super::page::Page;
use crate::companions::ask::{self, Deployed};
use crate::companions::grants::grants;
use crate::documents::litellm::secret_variables;
use crate::markdown;
use crate::model::{ProxyChart, Set};
use crate::shell::Command;

/// The section.
pub fn write(page: &mut Page, set: &Set, deployed: &Deployed<'_>, source: &[String]) {
    page.heading(2, "Connect LiteLLM");
    page.paragraph(
        "The values for the proxy's chart, to be given to Helm beside your own with one more `-f`:",
    );
    page.commands([mcpset("litellm", source)
        .words(&["--as", "values"])
        .into_file("litellm-mcp.yaml")]);
    let secrets = secret_variables(set);
    if !secrets.is_empty() {
        let names: Vec<String> = secrets.into_iter().map(markdown::code).collect();
        page.paragraph(&format!(
            "The proxy needs {} from a Secret; the comment in the values says under which key.",
            names.join(", ")
        ));
    }
    let teams = grants(set);
    page.paragraph(if teams.is_empty() {
        "Then, with the proxy's master key exported as `LITELLM_MASTER_KEY`:"
    } else {
        "Then, with the proxy's master key exported as `LITELLM_MASTER_KEY`, see the servers, and create the teams that may use their groups, once:"
    });
    page.commands(ask::administered(deployed, |question| {
        if teams.is_empty() {
            return vec![question];
        }
        let script = mcpset("litellm", source).words(&["--as", "grants", "--curl"]);
        let run = Command::fixed(match set.platform.litellm.chart {
            ProxyChart::Single => "LITELLM_URL=http://localhost:4000 sh teams.sh",
            ProxyChart::Components => "LITELLM_URL=http://localhost:4001 sh teams.sh",
        });
        vec![question, script.into_file("teams.sh"), run]
    }));
}

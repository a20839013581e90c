//! What an administrator posts once, so that teams may use the servers.
//!
//! The config only says which groups a server belongs to. Who may use a group is kept in LiteLLM's
//! database, and there is no file for it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::Set;
use crate::shell::quote;

/// Body of `POST /team/new`: a team with one access group.
#[derive(Debug, Clone, Serialize)]
pub struct Grant {
    /// The team's name.
    pub team_alias: String,
    /// What it may use.
    pub object_permission: ObjectPermission,
}

/// What a team may use.
#[derive(Debug, Clone, Serialize)]
pub struct ObjectPermission {
    /// Access groups of MCP servers.
    pub mcp_access_groups: Vec<String>,
}

/// A grant for each access group of `set`, sorted.
#[must_use]
pub fn grants(set: &Set) -> Vec<Grant> {
    let groups: BTreeSet<&str> = set
        .servers
        .iter()
        .flat_map(|server| &server.litellm.access_groups)
        .map(crate::model::AccessGroup::as_str)
        .collect();
    groups
        .into_iter()
        .map(|group| Grant {
            team_alias: group.to_owned(),
            object_permission: ObjectPermission {
                mcp_access_groups: vec![group.to_owned()],
            },
        })
        .collect()
}

/// Commands that post `grants`, one a line, to `$LITELLM_URL` with `$LITELLM_MASTER_KEY`.
#[must_use]
pub fn curl(grants: &[Grant]) -> String {
    let line = |grant: &Grant| {
        // A Grant is plain text, which JSON always has a form for.
        let body = serde_json::to_string(grant).unwrap_or_default();
        format!(
            "curl --fail-with-body -sS \"${{LITELLM_URL:?}}/team/new\" -H \"Authorization: Bearer ${{LITELLM_MASTER_KEY:?}}\" -H {} -d {}\n",
            quote("Content-Type: application/json"),
            quote(&body)
        )
    };
    grants.iter().map(line).collect()
}

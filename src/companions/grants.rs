//! What an administrator posts once, so that teams may use the servers.
//!
//! The config only says which groups a server belongs to. Who may use a group is kept in LiteLLM's
//! database, and there is no file for it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{AccessGroup, Set};
use crate::shell::Command;

/// Body of `POST /team/new`: a team with one access group.
#[derive(Debug, Clone, Serialize)]
pub struct Grant {
    /// The team's identity, which LiteLLM takes once: without it, each post makes another team.
    pub team_id: String,
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
        .map(AccessGroup::as_str)
        .collect();
    groups
        .into_iter()
        .map(|group| Grant {
            team_id: group.to_owned(),
            team_alias: group.to_owned(),
            object_permission: ObjectPermission {
                mcp_access_groups: vec![group.to_owned()],
            },
        })
        .collect()
}

/// A script that posts all `grants` to `$LITELLM_URL` with `$LITELLM_MASTER_KEY`, and fails where one
/// of them was not taken.
#[must_use]
pub fn grant_script(grants: &[Grant]) -> String {
    let mut script = String::from(
        "#!/bin/sh\n# Written by mcpset. LiteLLM refuses a team that is there already, and it stays as it is.\nset -u\nstatus=0\n",
    );
    for grant in grants {
        // A Grant is plain text, which JSON always has a form for.
        let body = serde_json::to_string(grant).unwrap_or_default();
        let post = Command::new(&["curl", "--fail-with-body", "-sS"])
            .expanded("${LITELLM_URL:?}/team/new")
            .expanded_option("--header", "Authorization: Bearer ${LITELLM_MASTER_KEY:?}")
            .option("--header", "Content-Type: application/json")
            .option("--data", &body);
        script.push_str(&post.lines());
        script.push_str(" || status=1\n");
    }
    script.push_str("exit \"$status\"\n");
    script
}

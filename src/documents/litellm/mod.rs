//! What the LiteLLM proxy must know of a set: its chart's values, or its config.
//!
//! LiteLLM forgives what it does not understand: a list of servers registers none, and a `"false"` is
//! true. So everything here is typed, and written by the writer of manifests.

mod config;
mod values;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{ProxyHeader, Set};
use crate::yaml;

pub use config::{Config, Guardrail, GuardrailParams, McpServer};
pub use values::{
    Backend, Components, ConfigFile, ContainerVariable, Gateway, SingleDeployment, Values,
};

/// The values of the proxy's chart, with a comment that says what they need.
#[must_use]
pub fn values(set: &Set) -> String {
    let values = Values::new(set);
    let mut text = heading(set, &values.note(), values.secrets_key());
    append(&mut text, &values);
    text
}

/// The part of `config.yaml` that is about the set.
#[must_use]
pub fn config(set: &Set) -> String {
    let note = "Put these keys into the proxy's config.yaml: it reads one file.";
    let mut text = heading(set, note, "a Secret");
    comment(&mut text, "Its environment needs these as they stand here:");
    comment(&mut text, "- MCP_ENABLED=true");
    for server in set.by_name() {
        let server = &server.litellm;
        let line = format!("- {}={}", server.endpoint, server.url);
        comment(&mut text, &line);
    }
    append(&mut text, &Config::new(set));
    text
}

/// Comments that say what follows, and which secrets it refers to.
fn heading(set: &Set, note: &str, secrets: &str) -> String {
    let mut text = String::new();
    let title = format!(
        "The MCP servers of {}/{} for LiteLLM, written by mcpset.",
        set.namespace, set.name
    );
    comment(&mut text, &title);
    comment(&mut text, note);
    let secret = secret_variables(set);
    if !secret.is_empty() {
        let line = format!("The proxy's environment needs these secrets, through {secrets}:");
        comment(&mut text, &line);
    }
    for variable in secret {
        comment(&mut text, &format!("- {variable}"));
    }
    text
}

/// One line: whoever calls hands over none with a line break.
fn comment(text: &mut String, line: &str) {
    text.push_str("# ");
    text.push_str(line);
    text.push('\n');
}

fn append(text: &mut String, value: &impl Serialize) {
    // Maps of these types have text for keys, and nothing else of them can fail.
    let _ = yaml::document(text, value);
}

/// The variables with secret values that the proxy needs, sorted.
#[must_use]
pub fn secret_variables(set: &Set) -> BTreeSet<&str> {
    let mut variables = BTreeSet::new();
    for server in &set.servers {
        let server = &server.litellm;
        variables.extend(server.auth.iter().map(|auth| auth.token.as_str()));
        variables.extend(server.headers.values().filter_map(|header| match header {
            ProxyHeader::Variable(variable) => Some(variable.as_str()),
            ProxyHeader::Literal(_) => None,
        }));
        if server.signs_users {
            // Without it each process of the proxy makes a key of its own.
            variables.insert("MCP_JWT_SIGNING_KEY");
        }
    }
    variables
}

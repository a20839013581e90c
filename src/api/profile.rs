//! What is known of a server that many people run, as its file in `src/profiles` says it.

use serde::Deserialize;

use super::field::{Field, List, Placed};
use super::server::Server;

/// What is known of a server that many people run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// What it is, in a few words.
    pub title: Field<String>,
    /// Where its image is published, without the tag.
    pub image: Field<String>,
    /// The tag of which all this is known.
    pub version: Field<String>,
    /// The first tag of which it holds, where an older one is known not to start so.
    pub since: Field<String>,
    /// Where its code is.
    pub source: Field<String>,
    /// How all this was found out.
    pub verified: Field<String>,
    /// What it must be told, and nobody but its user knows.
    pub needs: Field<List<Need>>,
    /// What else a user should know.
    pub notes: Field<List<String>>,
    /// The fields of the server, all but `name` and `image`.
    pub server: Field<Server>,
}

/// What a server must be told: variables, or a field.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Need {
    /// Environment variables, of which one is enough.
    pub env: Field<List<String>>,
    /// The same, with credentials for values.
    pub secrets: Field<List<String>>,
    /// A field of the server.
    pub field: Field<NeededField>,
    /// What it is, for a sentence: "the address of Grafana".
    pub is: Field<String>,
    /// What could be written.
    pub example: Field<String>,
}

/// A field that a profile can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NeededField {
    /// The identity towards AWS.
    Aws,
    /// What the server may reach.
    Egress,
    /// The credential that LiteLLM sends.
    #[serde(rename = "litellm.token")]
    Token,
}

impl NeededField {
    /// Its path in a server.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Egress => "egress",
            Self::Token => "litellm.token",
        }
    }

    /// Whether `server` says it, or may.
    #[must_use]
    pub fn is_in(self, server: &Server) -> bool {
        match self {
            Self::Aws => !server.aws.is_absent(),
            Self::Egress => !server.egress.is_absent(),
            // Who says that LiteLLM sends none means it.
            Self::Token => match &server.litellm {
                Field::Absent => false,
                Field::Wrong(_) => true,
                Field::Given(Placed { value, .. }) => {
                    !value.token.is_absent() || !value.auth_type.is_absent()
                }
            },
        }
    }
}

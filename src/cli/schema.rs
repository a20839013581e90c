//! `mcpset schema`: the config's schema for editors, API servers and kustomize.

use clap::ValueEnum;
use serde_json::Value;

use super::{End, print};
use crate::schema::{Kind, crd, json_schema, openapi};
use crate::yaml;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The language
    #[arg(long = "as", value_name = "FORM", default_value = "json-schema")]
    form: Form,
    /// The kind of config; without it McpServerSet, and for crd and openapi all kinds
    #[arg(long, value_name = "KIND", ignore_case = true)]
    kind: Option<Kind>,
}

/// A language for schemas.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// JSON schema, for editors and CI
    JsonSchema,
    /// Custom resource definitions, in YAML
    Crd,
    /// OpenAPI definitions, for `openapi.path` of a kustomization
    Openapi,
}

impl ValueEnum for Kind {
    fn value_variants<'v>() -> &'v [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.as_str()))
    }
}

/// Prints the schema that `args` ask for.
pub fn run(args: &Args) -> Result<(), End> {
    let kinds = args.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let text = match args.form {
        Form::JsonSchema => json(&json_schema(args.kind.unwrap_or(Kind::Set))),
        Form::Openapi => json(&openapi(&kinds)),
        Form::Crd => definitions(&kinds)?,
    };
    print(text.as_bytes())
}

/// `schema` as a file.
pub fn json(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn definitions(kinds: &[Kind]) -> Result<String, End> {
    let mut text = String::new();
    for (index, kind) in kinds.iter().enumerate() {
        if index > 0 {
            text.push_str("---\n");
        }
        yaml::document(&mut text, &crd(*kind)).map_err(|error| End::Output(error.to_string()))?;
    }
    Ok(text)
}

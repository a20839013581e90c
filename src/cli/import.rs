//! `mcpset import`: what people already have in, a set with comments out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{End, print, settle};
use crate::hosts::files;
use crate::import::{self, Wanted};
use crate::model::{NamespaceName, RegistryPrefix, ServiceName};
use crate::problem::Problems;
use crate::source::{Origin, Sources};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// server.json, a client's file, a MCPServer of ToolHive or kmcp, Deployments and what is around
    /// them; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The set's name
    #[arg(long, value_name = "NAME", default_value = "mcp", value_parser = name)]
    name: String,
    /// The set's namespace, instead of that of the objects
    #[arg(long, value_name = "NAME", value_parser = namespace)]
    namespace: Option<NamespaceName>,
    /// The platform's registry, to which images are mirrored, such as
    /// 123456789012.dkr.ecr.us-east-1.amazonaws.com
    #[arg(long, value_name = "PREFIX", value_parser = registry)]
    registry: Option<RegistryPrefix>,
    /// A value that a file asks for, such as a required variable of server.json; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,
}

fn name(text: &str) -> Result<String, String> {
    ServiceName::parse(text)
        .map(|name| name.to_string())
        .map_err(|invalid| format!("{}; {}", invalid.problem, invalid.help))
}

fn namespace(text: &str) -> Result<NamespaceName, String> {
    NamespaceName::parse(text).map_err(|invalid| format!("{}; {}", invalid.problem, invalid.help))
}

fn registry(text: &str) -> Result<RegistryPrefix, String> {
    RegistryPrefix::parse(text).map_err(|invalid| format!("{}; {}", invalid.problem, invalid.help))
}

/// `NAME=VALUE`. It is not read by a parser of clap's, which repeats what it refuses, and that may be a
/// credential.
fn variable(text: &str) -> Result<(String, String), End> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(End::Usage("a `--var` is not NAME=VALUE".to_owned())),
    }
}

/// Writes the set that is in `args.files`.
pub fn run(args: &Args) -> Result<(), End> {
    let given = args.variables.iter().map(|text| variable(text));
    let given: BTreeMap<String, String> = given.collect::<Result<_, End>>()?;
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let indexes = args.files.iter();
    let indexes: Vec<u32> = indexes
        .filter_map(|path| files::read(path, Origin::Person, &mut sources, &mut problems))
        .collect();
    let wanted = Wanted {
        name: args.name.clone(),
        namespace: args.namespace.clone(),
        registry: args.registry.clone(),
    };
    let text = import::import(&indexes, given, &wanted, &sources, &mut problems);
    settle(problems, &sources)?;
    print(text.unwrap_or_default().as_bytes())
}

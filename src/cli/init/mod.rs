//! `mcpset init`: a few words in, files to go on with out.

mod questions;
mod trial;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use self::questions::{Given, Person};
use super::schema::json;
use super::{End, print, say, settle};
use crate::hosts::files;
use crate::hosts::folder::OTHER_KUSTOMIZATIONS;
use crate::hosts::fresh::{self, FreshError};
use crate::init::{self, KUSTOMIZATION, SCHEMA, SET, Server, TO_FILL_IN, Wanted};
use crate::model::{NamespaceName, PinnedImage, RegistryPrefix, ServiceName};
use crate::profiles::{PROFILES, Profile};
use crate::schema::{Kind, json_schema};
use crate::shell;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder, which is made where there is none; `-` prints the set alone. No file is ever
    /// overwritten
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// The set's name; without it `mcp`
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Option<String>,
    /// The namespace in which the servers run; without it `litellm`
    #[arg(long, value_name = "NAME", value_parser = namespace)]
    namespace: Option<String>,
    /// The platform's registry, from which images come, such as
    /// 123456789012.dkr.ecr.us-east-1.amazonaws.com
    #[arg(long, value_name = "PREFIX", value_parser = registry)]
    registry: Option<String>,
    /// A server and its image in that registry, such as github=mcp-github:1.0.0; may be repeated
    #[arg(long = "server", value_name = "NAME=IMAGE", value_parser = server)]
    servers: Vec<Server>,
    /// A server that is known, such as github, with what it must be told; may be repeated.
    /// `mcpset explain profiles` lists them
    #[arg(long = "profile", value_name = "NAME", hide_possible_values = true, value_parser = profiles())]
    profiles: Vec<String>,
}

fn name(text: &str) -> Result<String, String> {
    let name = ServiceName::parse(text).map_err(|invalid| invalid.to_string())?;
    Ok(name.to_string())
}

fn namespace(text: &str) -> Result<String, String> {
    let name = NamespaceName::parse(text).map_err(|invalid| invalid.to_string())?;
    Ok(name.to_string())
}

fn registry(text: &str) -> Result<String, String> {
    let registry = RegistryPrefix::parse(text).map_err(|invalid| invalid.to_string())?;
    Ok(registry.to_string())
}

fn server(text: &str) -> Result<Server, String> {
    let Some((own, image)) = text.split_once('=') else {
        return Err("write NAME=IMAGE, such as github=mcp-github:1.0.0".to_owned());
    };
    PinnedImage::parse(image).map_err(|invalid| invalid.to_string())?;
    Ok(Server {
        name: name(own)?,
        image: image.to_owned(),
        profile: None,
    })
}

fn profiles() -> PossibleValuesParser {
    PossibleValuesParser::new(PROFILES.iter().map(|profile| profile.name))
}

/// Writes a first set of what `args` say and a person answers.
pub fn run(args: &Args) -> Result<(), End> {
    let is_printed = args.folder.as_os_str() == files::STDIN;
    if !is_printed {
        let names = [SET, KUSTOMIZATION, SCHEMA];
        let names = [&names[..], &OTHER_KUSTOMIZATIONS].concat();
        fresh::require(&args.folder, &names).map_err(|error| unable(&error))?;
    }
    let text = init::set(&wanted(args)?);
    let (problems, sources) = trial::problems(&text);
    settle(problems, &sources)?;
    if is_printed {
        return print(text.as_bytes());
    }
    let files = [
        (SET, text.as_str()),
        (KUSTOMIZATION, &init::kustomization()),
        (SCHEMA, &json(&json_schema(Kind::Set))),
    ];
    fresh::write(&args.folder, &files).map_err(|error| unable(&error))?;
    say(&farewell(&args.folder, &text));
    Ok(())
}

fn unable(error: &FreshError) -> End {
    let mut message = error.to_string();
    if let FreshError::InTheWay(paths) = error
        && paths
            .iter()
            .any(|path| !path.ends_with(SET) && !path.ends_with(SCHEMA))
    {
        message.push_str(
            "\n  a kustomization that is there can list the new folder under `resources:`",
        );
    }
    End::Usage(message)
}

fn wanted(args: &Args) -> Result<Wanted, End> {
    let known = args.profiles.iter().filter_map(|name| Profile::find(name));
    let given = Given {
        name: args.name.clone(),
        namespace: args.namespace.clone(),
        registry: args.registry.clone(),
        servers: args
            .servers
            .iter()
            .cloned()
            .chain(known.map(Server::known))
            .collect(),
    };
    if let Some(wanted) = given.complete() {
        return Ok(wanted);
    }
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        let input = &mut io::stdin().lock();
        return Person {
            input,
            say: &mut say,
        }
        .complete(given);
    }
    let mut missing = Vec::new();
    if given.registry.is_none() {
        missing.push("the registry: `--registry 123456789012.dkr.ecr.us-east-1.amazonaws.com`");
    }
    if given.servers.is_empty() {
        missing.push("a server: `--server github=mcp-github:1.0.0`, or `--profile github` for one that is known");
    }
    Err(End::Usage(format!(
        "nobody but you knows these; on a terminal mcpset asks\n  {}",
        missing.join("\n  ")
    )))
}

/// What was done, and what comes next.
fn farewell(folder: &Path, set: &str) -> String {
    let here = folder.as_os_str() == ".";
    // It would be taken for an option.
    let plain = Path::new(".").join(folder);
    let is_option = folder.to_string_lossy().starts_with('-');
    let folder = if is_option { plain.as_path() } else { folder };
    let path = |name: &str| {
        let path = if here { name.into() } else { folder.join(name) };
        path.display().to_string()
    };
    let files = [SET, KUSTOMIZATION, SCHEMA].map(path).join(", ");
    let to_do = match set.matches(TO_FILL_IN).count() {
        0 => String::new(),
        1 => format!(
            "One line below `{}` is an example: write your own.\n",
            TO_FILL_IN.trim()
        ),
        open => format!(
            "{open} lines below `{}` are examples: write your own.\n",
            TO_FILL_IN.trim()
        ),
    };
    format!(
        "wrote {files}\n{to_do}Next:\n  mcpset render {}\n  kustomize build --enable-alpha-plugins --enable-exec {}\n",
        shell::quote(&path(SET)),
        shell::quote(&folder.display().to_string()),
    )
}

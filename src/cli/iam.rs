//! `mcpset iam`: a set's IAM roles, for whoever makes them in AWS.

use std::io::{self, Write};

use clap::ValueEnum;

use super::chosen::Chosen;
use super::{End, settle};
use crate::companions::iam;
use crate::hosts::files;
use crate::model::Set;
use crate::model::iam::Role;
use crate::problem::Problems;
use crate::resolve::Wanted;
use crate::source::{Origin, Sources};
use crate::yaml;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    chosen: Chosen,
    /// What to write
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
}

/// What is written of the roles.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// Trust policies as JSON: who may become a role
    Trust,
    /// Permission policies as JSON: what a role may do
    Policy,
    /// A shell script of `aws` commands
    Commands,
    /// Objects for the AWS Controllers for Kubernetes
    Ack,
}

/// Writes the roles of the set that `args` names.
pub fn run(args: &Args) -> Result<(), End> {
    let mut sources = Sources::default();
    let mut problems = Problems::default();
    let mut documents = Vec::new();
    if let Some(index) = files::read(
        args.chosen.file(),
        Origin::Person,
        &mut sources,
        &mut problems,
    ) {
        documents = files::documents(index, &sources, &mut problems);
    }
    let found = files::expanded(&documents, &mut problems);
    if problems.has_errors() {
        settle(problems, &sources)?;
        return Err(End::Invalid);
    }
    let sets: Vec<&Set> = found.iter().map(|(set, _)| set).collect();
    let set = args.chosen.only(&sets, "a file of roles")?;
    let document = found.iter().find(|(found, _)| std::ptr::eq(found, set));
    let wanted = match args.form {
        Form::Trust => Wanted::Trust,
        Form::Policy => Wanted::Policy,
        Form::Commands => Wanted::Commands,
        Form::Ack => Wanted::Objects,
    };
    let roles =
        document.and_then(|(set, document)| crate::roles(document, set, wanted, &mut problems));
    settle(problems, &sources)?;
    let text = text(args.form, &roles.unwrap_or_default(), set)?;
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

fn text(form: Form, roles: &[Role<'_>], set: &Set) -> io::Result<String> {
    let cloud = &set.platform.cloud;
    match form {
        Form::Trust => Ok(iam::pretty(roles, |role| Some(iam::trust(role)))),
        Form::Policy => Ok(iam::pretty(roles, |role| {
            (!role.policy.is_empty()).then(|| iam::permissions(role))
        })),
        Form::Commands => Ok(iam::commands(roles, cloud)),
        Form::Ack => {
            let mut text = String::new();
            for object in iam::objects(roles, cloud) {
                text.push_str("---\n");
                yaml::document(&mut text, &object).map_err(io::Error::other)?;
            }
            Ok(text)
        }
    }
}

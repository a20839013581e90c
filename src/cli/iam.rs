//! `mcpset iam`: a set's IAM roles, for whoever makes them in AWS.

use std::io;

use clap::ValueEnum;

use super::chosen::Chosen;
use super::{End, print};
use crate::companions::role_script::role_script;
use crate::documents::iam;
use crate::model::Set;
use crate::model::iam::Role;
use crate::resolve::Wanted;
use crate::resources::ack_objects;
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
    let wanted = match args.form {
        Form::Trust => Wanted::Trust,
        Form::Policy => Wanted::Policy,
        Form::Commands => Wanted::Commands,
        Form::Ack => Wanted::Objects,
    };
    let text = args
        .chosen
        .make("a file of roles", |set, document, problems| {
            let roles = crate::roles(document, set, wanted, problems);
            text(args.form, &roles.unwrap_or_default(), set)
        })?;
    print(text?.as_bytes())
}

fn text(form: Form, roles: &[Role<'_>], set: &Set) -> io::Result<String> {
    match form {
        Form::Trust => Ok(iam::pretty(roles, |role| Some(iam::trust(role)))),
        Form::Policy => Ok(iam::pretty(roles, |role| {
            (!role.policy.is_empty()).then(|| iam::permissions(role))
        })),
        Form::Commands => Ok(role_script(roles, set)),
        Form::Ack => {
            let mut text = String::new();
            for object in ack_objects(roles) {
                text.push_str("---\n");
                yaml::document(&mut text, &object).map_err(io::Error::other)?;
            }
            Ok(text)
        }
    }
}

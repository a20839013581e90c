//! The guide's order: create the role with its trust policy, give it its permissions, connect it to
//! the ServiceAccount.

use super::{compact, permissions, trust};
use crate::model::Server;
use crate::model::iam::{Cloud, Role};
use crate::shell::quote;

/// Name of the one inline policy that mcpset writes into a role.
pub const POLICY: &str = "mcpset";

/// A shell script that makes `roles` in the account of `cloud`.
#[must_use]
pub fn commands(roles: &[Role<'_>], cloud: &Cloud) -> String {
    let mut script = String::from("#!/bin/sh\n# Written by mcpset.\nset -eu\n");
    for role in roles {
        script.push('\n');
        script.push_str(&of_role(role, cloud));
    }
    script
}

fn of_role(role: &Role<'_>, cloud: &Cloud) -> String {
    let mut create = Command::new("aws iam create-role", cloud).option("--role-name", &role.name);
    if role.path != "/" {
        create = create.option("--path", &role.path);
    }
    let create = create.option("--assume-role-policy-document", &compact(&trust(role)));
    let put = (!role.policy.is_empty()).then(|| {
        Command::new("aws iam put-role-policy", cloud)
            .option("--role-name", &role.name)
            .option("--policy-name", &POLICY)
            .option("--policy-document", &compact(&permissions(role)))
    });
    let associations = role
        .pod_identity
        .iter()
        .filter_map(|server| associate(role, server, cloud));
    let commands = [create].into_iter().chain(put).chain(associations);
    commands.map(|command| command.text + "\n").collect()
}

/// Gives `server` the role. `None` where cluster or account are unknown, which is refused before.
fn associate(role: &Role<'_>, server: &Server, cloud: &Cloud) -> Option<Command> {
    let command = Command::new("aws eks create-pod-identity-association", cloud)
        .option("--cluster-name", cloud.cluster.as_ref()?)
        .option("--namespace", &server.namespace)
        .option("--service-account", &server.names.service_account)
        .option("--role-arn", role.arn.as_ref()?);
    Some(command)
}

/// A command with each option on a line of its own.
struct Command {
    text: String,
}

impl Command {
    /// `command`, which is ours, in the region of `cloud`: IAM has one endpoint a partition, and the
    /// region says which.
    fn new(command: &'static str, cloud: &Cloud) -> Self {
        let command = Self {
            text: command.into(),
        };
        match &cloud.region {
            Some(region) => command.option("--region", region),
            None => command,
        }
    }

    /// `name`, which is ours, with `value`, which is not.
    fn option(mut self, name: &'static str, value: &impl ToString) -> Self {
        let value = value.to_string();
        // What begins with `-` would be taken for another option.
        let join = if value.starts_with('-') { '=' } else { ' ' };
        self.text.push_str(" \\\n  ");
        self.text.push_str(name);
        self.text.push(join);
        self.text.push_str(&quote(&value));
        self
    }
}

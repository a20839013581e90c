//! The guide's order: create the role with its trust policy, give it its permissions, connect it to
//! the ServiceAccount.

use super::{compact, permissions, trust};
use crate::model::Server;
use crate::model::iam::{Cloud, Role};
use crate::shell::quote;

/// Name of the one inline policy that mcpset writes into a role.
pub const POLICY: &str = "mcpset";

/// Key of the tag, with the value [`POLICY`], by which the script knows its roles again.
const TAG: &str = "managed-by";

/// A shell script that makes `roles` in the account of `cloud`, or makes them what they should be.
#[must_use]
pub fn commands(roles: &[Role<'_>], cloud: &Cloud) -> String {
    let mut script = heading(cloud);
    for role in roles {
        script.push('\n');
        script.push_str(&of_role(role, cloud));
    }
    script
}

/// The beginning of the script, with its one function: somebody else's role stays as it is, because
/// others may rely on it.
fn heading(cloud: &Cloud) -> String {
    let tags = Command::new("aws iam list-role-tags", cloud)
        .argument("--role-name")
        .option("--query", &format!("Tags[?Key=='{TAG}'].Value"))
        .option("--output", &"text");
    format!(
        "\
#!/bin/sh
# Written by mcpset. Creates what is not there and updates what is, so a command before `||` may say
# that something exists.
set -eu

# is_ours ROLE: whether this script made the role.
is_ours() {{
  tag=$({}) || return 1
  if [ \"$tag\" != {POLICY} ]; then
    echo \"the role $1 exists, and others may use it: tag it {TAG}={POLICY} to have it changed\" >&2
    return 1
  fi
}}
",
        tags.indented()
    )
}

fn of_role(role: &Role<'_>, cloud: &Cloud) -> String {
    let mut script = format!("trust={}\n", quote(&compact(&trust(role))));
    let mut create = Command::new("aws iam create-role", cloud).option("--role-name", &role.name);
    if role.path != "/" {
        create = create.option("--path", &role.path);
    }
    let create = create
        .option("--tags", &format!("Key={TAG},Value={POLICY}"))
        .variable("--assume-role-policy-document", "trust");
    let update = Command::new("aws iam update-assume-role-policy", cloud)
        .option("--role-name", &role.name)
        .variable("--policy-document", "trust");
    // The name is one of IAM's, but may begin with `-`.
    let is_ours = format!("is_ours {}", quote(role.name.as_str()));
    script.push_str(&create.or(&format!("{is_ours}\n{}", update.text)));
    if !role.policy.is_empty() {
        let put = Command::new("aws iam put-role-policy", cloud)
            .option("--role-name", &role.name)
            .option("--policy-name", &POLICY)
            .option("--policy-document", &compact(&permissions(role)));
        script.push_str(&put.text);
        script.push('\n');
    }
    let associations = role.pod_identity.iter();
    script.extend(associations.filter_map(|server| associate(role, server, cloud)));
    script
}

/// Gives `server` the role. `None` where cluster or account are unknown, which is refused before.
fn associate(role: &Role<'_>, server: &Server, cloud: &Cloud) -> Option<String> {
    let (cluster, arn) = (cloud.cluster.as_ref()?, role.arn.as_ref()?);
    let of_account = |command: Command| {
        command
            .option("--cluster-name", cluster)
            .option("--namespace", &server.namespace)
            .option("--service-account", &server.names.service_account)
    };
    let create = of_account(Command::new(
        "aws eks create-pod-identity-association",
        cloud,
    ));
    let find = of_account(Command::new(
        "aws eks list-pod-identity-associations",
        cloud,
    ))
    .option("--query", &"associations[0].associationId")
    .option("--output", &"text");
    let update = Command::new("aws eks update-pod-identity-association", cloud)
        .option("--cluster-name", cluster)
        .output("--association-id", &find)
        .option("--role-arn", arn);
    Some(create.option("--role-arn", arn).or(&update.text))
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
        self.add(name, join, &quote(&value));
        self
    }

    /// `name` with the value of a variable of the script.
    fn variable(mut self, name: &'static str, variable: &'static str) -> Self {
        self.add(name, ' ', &format!("\"${variable}\""));
        self
    }

    /// `name` with the argument of the function around it, which may begin with `-`.
    fn argument(mut self, name: &'static str) -> Self {
        self.add(name, '=', "\"$1\"");
        self
    }

    /// `name` with what `command` prints.
    fn output(mut self, name: &'static str, command: &Self) -> Self {
        self.add(name, ' ', &format!("\"$({})\"", command.indented()));
        self
    }

    fn add(&mut self, name: &str, join: char, word: &str) {
        self.text.push_str(" \\\n  ");
        self.text.push_str(name);
        self.text.push(join);
        self.text.push_str(word);
    }

    /// This command within another.
    fn indented(&self) -> String {
        self.text.replace('\n', "\n  ")
    }

    /// This command, and `other` where it fails.
    fn or(&self, other: &str) -> String {
        let other = other.replace('\n', "\n  ");
        format!("{} || {{\n  {other}\n}}\n", self.text)
    }
}

//! The guide's order: create the role with its trust policy, give it its permissions, connect it to
//! the ServiceAccount.

use crate::documents::iam::{POLICY, compact, permissions, trust};
use crate::model::iam::{Association, Cloud, ClusterName, Role};
use crate::model::{Server, Set};
use crate::shell::{Command, quote};

/// Key of the tag by which the script knows its roles again; the value says which set's they are.
const TAG: &str = "mcpset";

/// A shell script that makes the `roles` of `set`, or makes them what they should be.
#[must_use]
pub fn role_script(roles: &[Role<'_>], set: &Set) -> String {
    let cloud = &set.platform.cloud;
    let cluster = cloud.cluster.iter().map(ClusterName::as_str);
    let owner: Vec<&str> = cluster
        .chain([set.namespace.as_str(), set.name.as_str()])
        .collect();
    let owner = owner.join("/");
    let mut script = heading(cloud, &owner);
    for role in roles {
        script.push('\n');
        script.push_str(&of_role(role, cloud, &owner));
    }
    script
}

/// The beginning of the script, with its one function: somebody else's role stays as it is, because
/// others may rely on it.
fn heading(cloud: &Cloud, owner: &str) -> String {
    let tags = aws(&["iam", "list-role-tags"], cloud)
        .expanded_option("--role-name=", "$1")
        .option("--query", &format!("Tags[?Key=='{TAG}'].Value"))
        .option("--output", "text");
    format!(
        "\
#!/bin/sh
# Written by mcpset. Creates what is not there and updates what is, so a command before `||` may say
# that something exists.
set -eu
export AWS_PAGER=

# is_ours ROLE: whether this script made the role.
is_ours() {{
  tag=$({}) || return 1
  if [ \"$tag\" != {} ]; then
    echo \"the role $1 exists, and others may use it: tag it\" {} \"to have it changed\" >&2
    return 1
  fi
}}
",
        indented(&tags),
        quote(owner),
        quote(&format!("{TAG}={owner}")),
    )
}

fn of_role(role: &Role<'_>, cloud: &Cloud, owner: &str) -> String {
    let iam = |verb| aws(&["iam", verb], cloud).option("--role-name", role.name.as_str());
    let mut create = iam("create-role");
    if role.path != "/" {
        create = create.option("--path", &role.path);
    }
    let create = create
        .option("--tags", &format!("Key={TAG},Value={owner}"))
        .expanded_option("--assume-role-policy-document", "$trust");
    let update = iam("update-assume-role-policy").expanded_option("--policy-document", "$trust");
    let is_ours = format!("is_ours {}", quote(role.name.as_str()));
    let mut script = format!("trust={}\n", quote(&compact(&trust(role))));
    script.push_str(&or(&create, &[&is_ours, &update.lines()]));
    script.push_str(&permit(role, iam));
    if let Some(association) = &role.association {
        let arn = iam("get-role").option("--query", "Role.Arn");
        let arn = arn.option("--output", "text").into_variable("role");
        script.push_str(&arn.lines());
        script.push('\n');
        let servers = association.servers.iter();
        script.extend(servers.map(|server| associate(server, association, cloud)));
    }
    script
}

/// Gives `role` its permissions, or takes away those that this script gave it before.
fn permit(role: &Role<'_>, iam: impl Fn(&'static str) -> Command) -> String {
    let of_policy = |verb| iam(verb).option("--policy-name", POLICY);
    if role.policy.is_empty() {
        let find = of_policy("get-role-policy").lines();
        let delete = indented(&of_policy("delete-role-policy"));
        return format!("if {find} >/dev/null 2>&1; then\n  {delete}\nfi\n");
    }
    let document = compact(&permissions(role));
    let put = of_policy("put-role-policy").option("--policy-document", &document);
    put.lines() + "\n"
}

/// Gives `server` the role of `association`.
fn associate(server: &Server, association: &Association<'_>, cloud: &Cloud) -> String {
    let cluster = association.cluster.as_str();
    let eks = |verb| aws(&["eks", verb], cloud).option("--cluster-name", cluster);
    let of_account = |verb| {
        eks(verb)
            .option("--namespace", server.namespace.as_str())
            .option("--service-account", server.names.service_account.as_str())
    };
    let create =
        of_account("create-pod-identity-association").expanded_option("--role-arn", "$role");
    let find = of_account("list-pod-identity-associations")
        .option("--query", "associations[0].associationId")
        .option("--output", "text")
        .into_variable("association");
    let update = eks("update-pod-identity-association")
        .expanded_option("--association-id", "$association")
        .expanded_option("--role-arn", "$role");
    // What `aws` prints for nothing.
    let is_found = "[ \"$association\" != None ]";
    or(&create, &[&find.lines(), is_found, &update.lines()])
}

/// `aws` in the region of `cloud`: IAM has one endpoint a partition, and the region says which.
fn aws(words: &[&str], cloud: &Cloud) -> Command {
    let command = Command::new(&[&["aws"], words].concat());
    match &cloud.region {
        Some(region) => command.option("--region", region.as_str()),
        None => command,
    }
}

/// `command` within another.
fn indented(command: &Command) -> String {
    command.lines().replace('\n', "\n  ")
}

/// `command`, and the `others` where it fails.
fn or(command: &Command, others: &[&str]) -> String {
    let others = others.join("\n").replace('\n', "\n  ");
    format!("{} || {{\n  {others}\n}}\n", command.lines())
}

//! The guide's troubleshooting, its commands filled in.

use super::ask;
use super::page::Page;
use crate::model::{Server, Set};
use crate::shell::Command;

/// The sections.
pub fn write(page: &mut Page, set: &Set) {
    page.heading(2, "Troubleshooting");
    unreachable(page, set);
    credentials(page, set);
    latency(page, set);
    permissions(page, set);
}

fn unreachable(page: &mut Page, set: &Set) {
    page.heading(3, "A server cannot be reached from LiteLLM");
    page.paragraph("Connections time out, or names do not resolve.");
    let namespace = set.namespace.as_str();
    let selected = [
        "services,pods,endpointslices,networkpolicies",
        "-l",
        &ask::part_of(set),
    ];
    let mut commands = vec![ask::kubectl("get", namespace, &selected)];
    commands.extend(ask::names(set));
    commands.extend(ask::reach(set).into_iter().skip(1));
    page.commands(commands);
}

fn credentials(page: &mut Page, set: &Set) {
    page.heading(3, "Authentication fails");
    page.paragraph("An API answers 401 or 403.");
    let mut commands = Vec::new();
    for server in &set.servers {
        if server.secrets.is_empty() {
            continue;
        }
        let secrets = server.names.secrets.as_str();
        let namespace = server.namespace.as_str();
        commands.push(ask::kubectl(
            "describe",
            namespace,
            &["externalsecret", secrets],
        ));
        let keys = ["secret", secrets, "-o", "jsonpath={.data}"];
        let keys = ask::kubectl("get", namespace, &keys);
        commands.push(keys.into_pipe(&Command::new(&["jq", "keys"])));
    }
    for server in with_role(set) {
        let namespace = server.namespace.as_str();
        let logs = ask::kubectl("logs", namespace, &[&ask::deployment(server)]);
        let failures = ["grep", "-i", "credentials"];
        commands.push(logs.into_pipe(&Command::new(&failures)));
    }
    if commands.is_empty() {
        page.paragraph("No server of this set has credentials.");
    } else {
        page.commands(commands);
    }
}

fn latency(page: &mut Page, set: &Set) {
    page.heading(3, "Calls take long");
    page.paragraph("See the dashboard first: which server, which tool, since when.");
    let namespace = set.namespace.as_str();
    let used = ["pods", "-l", &ask::part_of(set)];
    let mut commands = vec![ask::kubectl("top", namespace, &used)];
    for server in &set.servers {
        let allowed = "jsonpath={.spec.template.spec.containers[0].resources}";
        let allowed = [&ask::deployment(server), "-o", allowed];
        commands.push(ask::kubectl("get", server.namespace.as_str(), &allowed));
    }
    page.commands(commands);
    let quota = |question: Command| question.into_pipe(&Command::new(&["grep", "rate_limit"]));
    let quotas = set.servers.iter();
    let quotas = quotas.filter_map(|server| ask::metrics(server, quota));
    let quotas: Vec<Command> = quotas.flatten().collect();
    if !quotas.is_empty() {
        page.paragraph("What is left of an external API's quota:");
        page.commands(quotas);
    }
    if let Some(traces) = ask::traces(set) {
        page.paragraph("Where a call spends its time:");
        page.commands(traces);
    }
}

fn permissions(page: &mut Page, set: &Set) {
    page.heading(3, "AWS denies access");
    let mut commands = Vec::new();
    for server in with_role(set) {
        let namespace = server.namespace.as_str();
        if server.aws.pod_identity {
            commands.extend(ask::association(set, server));
        } else {
            let account = server.names.service_account.as_str();
            let named = r"jsonpath={.metadata.annotations.eks\.amazonaws\.com/role-arn}";
            let named = ["serviceaccount", account, "-o", named];
            commands.push(ask::kubectl("get", namespace, &named));
        }
        let role = ask::role(set, server);
        commands.extend(role.map(|role| role.option("--query", "Role.AssumeRolePolicyDocument")));
        if let Some(role) = &server.aws.role {
            for list in ["list-attached-role-policies", "list-role-policies"] {
                commands.push(ask::aws(set, &["iam", list]).option("--role-name", role.as_str()));
            }
        }
        let who = [
            &ask::deployment(server),
            "--",
            "aws",
            "sts",
            "get-caller-identity",
        ];
        commands.push(ask::kubectl("exec", namespace, &who));
    }
    if commands.is_empty() {
        page.paragraph("No server of this set has a role.");
        return;
    }
    page.paragraph("The last command of each server needs an image with `aws` in it.");
    page.commands(commands);
}

fn with_role(set: &Set) -> impl Iterator<Item = &Server> {
    let servers = set.servers.iter();
    servers.filter(|server| server.aws.role.is_some())
}

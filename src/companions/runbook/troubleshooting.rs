//! The guide's troubleshooting, its commands filled in.

use super::page::Page;
use super::part_of;
use crate::companions::ask::{self, Asked, Deployed};
use crate::model::Set;
use crate::shell::Command;

/// The sections.
pub fn write(page: &mut Page, set: &Set, deployed: &Deployed<'_>) {
    page.heading(2, "Troubleshooting");
    unreachable(page, set, deployed);
    credentials(page, deployed);
    latency(page, set, deployed);
    permissions(page, deployed);
}

fn unreachable(page: &mut Page, set: &Set, deployed: &Deployed<'_>) {
    page.heading(3, "A server cannot be reached from LiteLLM");
    page.paragraph("Connections time out, or names do not resolve.");
    let selected = [
        "services,pods,endpointslices,networkpolicies",
        "-l",
        &part_of(set),
    ];
    let seen = ask::kubectl("get", set.namespace.as_str(), &selected);
    let mut commands = vec![seen, ask::find_caller(deployed)];
    commands.extend(ask::names(deployed));
    commands.extend(ask::reach(deployed));
    page.commands(commands);
}

fn credentials(page: &mut Page, deployed: &Deployed<'_>) {
    page.heading(3, "Authentication fails");
    page.paragraph("An API answers 401 or 403.");
    let mut commands = Vec::new();
    for server in &deployed.servers {
        for secrets in &server.fetched {
            commands.push(ask::kubectl(
                "describe",
                server.namespace,
                &["externalsecret", secrets],
            ));
            let keys = ["secret", secrets, "-o", "jsonpath={.data}"];
            let keys = ask::kubectl("get", server.namespace, &keys);
            commands.push(keys.into_pipe(&Command::new(&["jq", "keys"])));
        }
    }
    for server in with_role(deployed) {
        let logs = ask::kubectl("logs", server.namespace, &[&server.workload]);
        let failures = ["grep", "-i", "credentials"];
        commands.push(logs.into_pipe(&Command::new(&failures)));
    }
    if commands.is_empty() {
        page.paragraph("No server of this set has credentials.");
    } else {
        page.commands(commands);
    }
}

fn latency(page: &mut Page, set: &Set, deployed: &Deployed<'_>) {
    page.heading(3, "Calls take long");
    page.paragraph("See the dashboard first: which server, which tool, since when.");
    let used = ["pods", "-l", &part_of(set)];
    let mut commands = vec![ask::kubectl("top", set.namespace.as_str(), &used)];
    for server in &deployed.servers {
        let allowed = "jsonpath={.spec.template.spec.containers[0].resources}";
        let allowed = [&server.workload, "-o", allowed];
        commands.push(ask::kubectl("get", server.namespace, &allowed));
    }
    page.commands(commands);
    let quota = |question: Command| question.into_pipe(&Command::new(&["grep", "rate_limit"]));
    let servers = deployed.servers.iter();
    let quotas: Vec<Command> = servers
        .flat_map(|server| ask::metrics(server, quota))
        .collect();
    if !quotas.is_empty() {
        page.paragraph("What is left of an external API's quota:");
        page.commands(quotas);
    }
    let traces = ask::traces(deployed);
    if !traces.is_empty() {
        page.paragraph("Where a call spends its time:");
        page.commands(traces);
    }
}

fn permissions(page: &mut Page, deployed: &Deployed<'_>) {
    page.heading(3, "AWS denies access");
    let mut commands = Vec::new();
    for server in with_role(deployed) {
        if server.pod_identity {
            commands.extend(ask::association(deployed, server));
        } else {
            commands.push(ask::annotation(server));
        }
        let role = ask::role(deployed, server);
        commands.extend(role.map(|role| role.option("--query", "Role.AssumeRolePolicyDocument")));
        if let Some(role) = &server.role {
            for list in ["list-attached-role-policies", "list-role-policies"] {
                commands.push(ask::aws(deployed, &["iam", list]).option("--role-name", role));
            }
        }
        let who = [&server.workload, "--", "aws", "sts", "get-caller-identity"];
        commands.push(ask::kubectl("exec", server.namespace, &who));
    }
    if commands.is_empty() {
        page.paragraph("No server of this set has a role.");
        return;
    }
    page.paragraph("The last command of each server needs an image with `aws` in it.");
    page.commands(commands);
}

fn with_role<'a, 'd>(deployed: &'a Deployed<'d>) -> impl Iterator<Item = &'a Asked<'d>> {
    let servers = deployed.servers.iter();
    servers.filter(|server| server.role.is_some())
}

//! The guide's troubleshooting, its commands filled in.

use super::page::{Command, Page};
use super::{checklist, find_proxy, host, in_proxy, kubectl};
use crate::model::{Server, Set};

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
    let part_of = format!("app.kubernetes.io/part-of={}", set.name);
    let mut commands = vec![kubectl(
        "get",
        set.namespace.as_str(),
        &["services,pods", "-l", &part_of],
    )];
    commands.push(find_proxy(set));
    commands.extend(
        set.servers
            .iter()
            .map(|server| in_proxy(set, &["nslookup", &host(server)])),
    );
    commands.extend(checklist::reach(set).into_iter().skip(1));
    page.commands(commands);
}

fn credentials(page: &mut Page, set: &Set) {
    page.heading(3, "Authentication fails");
    page.paragraph("An API answers 401 or 403.");
    let mut commands = Vec::new();
    for server in set
        .servers
        .iter()
        .filter(|server| !server.secrets.is_empty())
    {
        let secrets = server.names.secrets.as_str();
        let namespace = server.namespace.as_str();
        commands.push(kubectl("describe", namespace, &["externalsecret", secrets]));
        let keys = ["secret", secrets, "-o", "jsonpath={.data}"];
        commands.push(kubectl("get", namespace, &keys).into_pipe(&Command::new(&["jq", "keys"])));
    }
    for server in with_role(set) {
        let logs = kubectl("logs", server.namespace.as_str(), &[&deployment(server)]);
        commands.push(logs.into_pipe(&Command::new(&["grep", "-i", "credentials"])));
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
    let part_of = format!("app.kubernetes.io/part-of={}", set.name);
    let mut commands = vec![kubectl(
        "top",
        set.namespace.as_str(),
        &["pods", "-l", &part_of],
    )];
    for server in &set.servers {
        let resources = "jsonpath={.spec.template.spec.containers[0].resources}";
        commands.push(kubectl(
            "get",
            server.namespace.as_str(),
            &[&deployment(server), "-o", resources],
        ));
    }
    page.commands(commands);
}

fn permissions(page: &mut Page, set: &Set) {
    page.heading(3, "AWS denies access");
    let mut commands = Vec::new();
    for server in with_role(set) {
        let Some(role) = &server.aws.role_arn else {
            continue;
        };
        let annotation = r"jsonpath={.metadata.annotations.eks\.amazonaws\.com/role-arn}";
        commands.push(kubectl(
            "get",
            server.namespace.as_str(),
            &[
                "serviceaccount",
                server.names.service_account.as_str(),
                "-o",
                annotation,
            ],
        ));
        let role = role.role_name();
        let trust = "Role.AssumeRolePolicyDocument";
        commands.push(Command::new(&[
            "aws",
            "iam",
            "get-role",
            "--role-name",
            role,
            "--query",
            trust,
        ]));
        for list in ["list-attached-role-policies", "list-role-policies"] {
            commands.push(Command::new(&["aws", "iam", list, "--role-name", role]));
        }
        let deployment = deployment(server);
        let who = [&deployment, "--", "aws", "sts", "get-caller-identity"];
        commands.push(kubectl("exec", server.namespace.as_str(), &who));
    }
    if commands.is_empty() {
        page.paragraph("No server of this set has a role.");
    } else {
        page.commands(commands);
    }
}

fn with_role(set: &Set) -> impl Iterator<Item = &Server> {
    set.servers
        .iter()
        .filter(|server| server.aws.role_arn.is_some())
}

fn deployment(server: &Server) -> String {
    format!("deployment/{}", server.names.workload)
}

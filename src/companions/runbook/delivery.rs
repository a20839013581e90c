//! From the source to the cluster: images, secrets, roles, manifests, the proxy.

use std::collections::BTreeMap;

use super::page::{Command, Page};
use crate::model::{PinnedImage, Server, Set};

/// The sections about delivery.
pub fn write(page: &mut Page, set: &Set, file: &str) {
    images(page, set);
    secrets(page, set);
    roles(page, set, file);
    deploy(page, set, file);
    proxy(page, set, file);
}

/// What an image's name says of Amazon's registry.
struct Ecr<'i> {
    host: &'i str,
    region: &'i str,
    repository: &'i str,
}

impl<'i> Ecr<'i> {
    /// `<account>.dkr.ecr.<region>.amazonaws.com[.cn]`.
    fn of(image: &'i PinnedImage) -> Option<Self> {
        let host = image.name().registry()?;
        let (_account, rest) = host.split_once(".dkr.ecr.")?;
        let (region, _domain) = rest.split_once(".amazonaws.com")?;
        Some(Self {
            host,
            region,
            repository: image.name().repository(),
        })
    }
}

fn images(page: &mut Page, set: &Set) {
    page.heading(2, "Build and push the images");
    let mut logged_in: Option<&str> = None;
    for server in &set.servers {
        let name = format!("{}:{}", server.image.name(), server.image.tag());
        page.paragraph(&format!(
            "{}, in the folder of its source:",
            server.names.workload
        ));
        let mut commands = Vec::new();
        if let Some(ecr) = Ecr::of(&server.image) {
            commands.push(Command::new(&[
                "aws",
                "ecr",
                "create-repository",
                "--repository-name",
                ecr.repository,
                "--region",
                ecr.region,
            ]));
            if logged_in != Some(ecr.host) {
                logged_in = Some(ecr.host);
                let password =
                    Command::new(&["aws", "ecr", "get-login-password", "--region", ecr.region]);
                commands.push(password.into_pipe(&Command::new(&[
                    "docker",
                    "login",
                    "--username",
                    "AWS",
                    "--password-stdin",
                    ecr.host,
                ])));
            }
        }
        commands.push(Command::new(&["docker", "build", "-t", &name, "."]));
        commands.push(Command::new(&["docker", "push", &name]));
        page.commands(commands);
    }
}

/// Where AWS keeps this set's things, as far as its images tell.
fn region(set: &Set) -> Vec<&str> {
    let region = set
        .servers
        .iter()
        .find_map(|server| Ecr::of(&server.image))
        .map(|ecr| ecr.region);
    region.map_or(Vec::new(), |region| vec!["--region", region])
}

fn secrets(page: &mut Page, set: &Set) {
    let mut stored: BTreeMap<&str, Vec<(&Server, Option<&str>)>> = BTreeMap::new();
    for server in &set.servers {
        for item in &server.secrets {
            let entry = stored.entry(&item.remote_key).or_default();
            entry.push((server, item.property.as_deref()));
        }
    }
    if stored.is_empty() {
        return;
    }
    page.heading(2, "Create the secrets");
    page.paragraph("The value is typed and not shown, and stays out of the shell's history.");
    for (key, users) in stored {
        let properties: Vec<String> = users
            .iter()
            .filter_map(|(_, property)| property.map(|property| format!("\"{property}\": \"…\"")))
            .collect();
        if !properties.is_empty() {
            page.paragraph(&format!(
                "The next one is a JSON object: `{{{}}}`",
                properties.join(", ").replace('`', "'")
            ));
        }
        let servers: Vec<&str> = users
            .iter()
            .map(|(server, _)| server.names.workload.as_str())
            .collect();
        let description = format!("For {}", servers.join(", "));
        let create = Command::new(&[
            "aws",
            "secretsmanager",
            "create-secret",
            "--name",
            key,
            "--description",
            &description,
        ]);
        page.commands([
            Command::fixed("read -rs VALUE"),
            create
                .and(&region(set))
                .and(&["--secret-string"])
                .and_variable("VALUE"),
        ]);
    }
}

fn roles(page: &mut Page, set: &Set, file: &str) {
    if set
        .servers
        .iter()
        .all(|server| server.aws.role_arn.is_none())
    {
        return;
    }
    page.heading(2, "Create the roles");
    page.paragraph("The commands, for reading before they are run:");
    page.commands([Command::new(&["mcpset", "iam", file, "--as", "commands"])]);
}

fn deploy(page: &mut Page, set: &Set, file: &str) {
    page.heading(2, "Deploy");
    let mut commands = vec![
        Command::new(&[
            "mcpset",
            "render",
            file,
            "-o",
            "manifests",
            "--kustomization",
        ]),
        Command::new(&["kubectl", "diff", "-k", "manifests"]),
        Command::new(&["kubectl", "apply", "-k", "manifests"]),
    ];
    commands.extend(set.servers.iter().map(|server| {
        let deployment = format!("deployment/{}", server.names.workload);
        super::kubectl("rollout status", server.namespace.as_str(), &[&deployment])
    }));
    page.commands(commands);
}

fn proxy(page: &mut Page, set: &Set, file: &str) {
    page.heading(2, "Connect LiteLLM");
    page.paragraph(
        "The values for the proxy's chart, to be given to Helm beside your own with one more `-f`:",
    );
    page.commands([
        Command::new(&["mcpset", "litellm", file, "--as", "values"]).into_file("litellm-mcp.yaml")
    ]);
    page.paragraph("Then, with the proxy's master key in `LITELLM_MASTER_KEY`:");
    page.commands(ask_proxy(set));
}

/// Asks the proxy which servers it knows.
pub fn ask_proxy(set: &Set) -> [Command; 3] {
    [
        super::find_proxy(set),
        super::kubectl("port-forward", set.platform.proxy.namespace.as_str(), &[])
            .and_variable("PROXY")
            .and(&["4000:4000"])
            .in_background(),
        Command::fixed(
            "curl -s http://localhost:4000/v1/mcp/server -H \"Authorization: Bearer $LITELLM_MASTER_KEY\"",
        ),
    ]
}

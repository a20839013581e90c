//! From the source to the cluster: images, secrets, roles, manifests.

use std::collections::{BTreeMap, BTreeSet};

use super::mcpset;
use super::page::Page;
use crate::companions::ask::{self, Deployed};
use crate::companions::region;
use crate::markdown;
use crate::model::{Known, PinnedImage, RegistryPrefix, Set};
use crate::shell::Command;

/// The sections about delivery.
pub fn write(page: &mut Page, set: &Set, deployed: &Deployed<'_>, source: &[String]) {
    images(page, set);
    registries(page, set);
    secrets(page, set, deployed);
    roles(page, set, source);
    deploy(page, set, deployed, source);
}

/// What an image's name says of Amazon's registry.
struct Ecr<'i> {
    host: &'i str,
    region: &'i str,
    repository: &'i str,
}

impl<'i> Ecr<'i> {
    fn of(image: &'i PinnedImage) -> Option<Self> {
        let host = image.name().registry()?;
        let region = region(host)?;
        Some(Self {
            host,
            region,
            repository: image.name().repository(),
        })
    }

    fn create_repository(&self) -> Command {
        Command::new(&["aws", "ecr", "create-repository"])
            .option("--repository-name", self.repository)
            .option("--region", self.region)
    }

    fn log_in(&self) -> Command {
        let password = Command::new(&["aws", "ecr", "get-login-password"]);
        let login = Command::new(&["docker", "login", "--username", "AWS"]);
        password
            .words(&["--region", self.region])
            .into_pipe(&login.words(&["--password-stdin", self.host]))
    }
}

fn images(page: &mut Page, set: &Set) {
    page.heading(2, "Build and push the images");
    let servers = set.servers.iter();
    let own = servers.map(|server| (&server.image, server.names.workload.as_str()));
    let servers = set.servers.iter();
    let bridges = servers.filter_map(|server| {
        let bridge = server.bridge.as_ref()?;
        Some((&bridge.image, server.names.workload.as_str()))
    });
    let mut repositories = BTreeSet::new();
    let mut hosts = BTreeSet::new();
    let mut access = |image: &PinnedImage| {
        let mut commands = Vec::new();
        if let Some(ecr) = Ecr::of(image) {
            if repositories.insert((ecr.host.to_owned(), ecr.repository.to_owned())) {
                commands.push(ecr.create_repository());
            }
            if hosts.insert(ecr.host.to_owned()) {
                commands.push(ecr.log_in());
            }
        }
        commands
    };
    for (image, users) in by_image(own) {
        let name = format!("{}:{}", image.name(), image.tag());
        let mut commands = access(image);
        let users = users.join(", ");
        if let Some(known) = known(set, image) {
            page.paragraph(&format!("{users}, as its makers publish it:"));
            let theirs = format!("{}:{}", known.image, image.tag());
            let copy = Command::new(&["docker", "buildx", "imagetools", "create"]);
            commands.push(copy.words(&["--tag", &name, &theirs]));
        } else {
            page.paragraph(&format!("{users}, in the folder of its source:"));
            commands.push(Command::new(&["docker", "build", "-t", &name, "."]));
            commands.push(Command::new(&["docker", "push", &name]));
        }
        page.commands(commands);
    }
    for (image, users) in by_image(bridges) {
        let name = format!("{}:{}", image.name(), image.tag());
        page.paragraph(&format!(
            "The bridge of {}, once `docker tag` has given its makers' image this name:",
            users.join(", ")
        ));
        let mut commands = access(image);
        commands.push(Command::new(&["docker", "push", &name]));
        page.commands(commands);
    }
}

/// What is known of a server that runs `image`.
fn known<'s>(set: &'s Set, image: &PinnedImage) -> Option<&'s Known> {
    let mut servers = set.servers.iter();
    let server = servers.find(|server| server.image == *image && server.known.is_some())?;
    server.known.as_deref()
}

/// Every image once, with its users, in the order of the servers.
fn by_image<'i>(
    used: impl Iterator<Item = (&'i PinnedImage, &'i str)>,
) -> Vec<(&'i PinnedImage, Vec<&'i str>)> {
    let mut users: Vec<(&PinnedImage, Vec<&str>)> = Vec::new();
    for (image, user) in used {
        match users.iter_mut().find(|(known, _)| *known == image) {
            Some((_, names)) => names.push(user),
            None => users.push((image, vec![user])),
        }
    }
    users
}

/// The guide's step 4: Gatekeeper must let the images in.
fn registries(page: &mut Page, set: &Set) {
    let approved = set.registries.iter();
    let approved = approved.flat_map(RegistryPrefix::letters);
    let approved: Vec<String> = approved.map(|letters| markdown::code(&letters)).collect();
    let approved = approved.join(", ");
    if set.platform.constrain_repos {
        page.paragraph(&format!(
            "Gatekeeper lets in what begins with {approved}: that constraint is part of the bundle."
        ));
        return;
    }
    page.paragraph(&format!(
        "Gatekeeper's constraints must let in what begins with {approved}:"
    ));
    let prefixes =
        "jsonpath={range .items[*]}{.metadata.name}: {.spec.parameters.repos}{\"\\n\"}{end}";
    page.commands([Command::new(&[
        "kubectl",
        "get",
        "k8sallowedrepos",
        "-o",
        prefixes,
    ])]);
}

/// One value of the secret store.
#[derive(Default)]
struct Stored<'s> {
    users: BTreeSet<&'s str>,
    properties: BTreeMap<&'s str, &'static str>,
}

fn secrets(page: &mut Page, set: &Set, deployed: &Deployed<'_>) {
    let mut stored: BTreeMap<&str, Stored<'_>> = BTreeMap::new();
    for server in &set.servers {
        for item in &server.secrets {
            let entry = stored.entry(&item.remote_key).or_default();
            entry.users.insert(server.names.workload.as_str());
            let property = item.property.as_deref();
            entry.properties.extend(property.map(|name| (name, "…")));
        }
    }
    if stored.is_empty() {
        return;
    }
    page.heading(2, "Create the secrets");
    page.paragraph(
        "Each asks for the value, shows nothing of it, and keeps it out of the shell's history.",
    );
    for (key, Stored { users, properties }) in stored {
        if key.starts_with("arn:") {
            page.paragraph(&format!("{} is there already.", markdown::code(key)));
            continue;
        }
        if !properties.is_empty() {
            // A map of texts has a form in JSON.
            let shape = serde_json::to_string(&properties).unwrap_or_default();
            page.paragraph(&format!(
                "The next one is a JSON object: {}",
                markdown::code(&shape)
            ));
        }
        let users: Vec<&str> = users.into_iter().collect();
        let description = format!("For {}", users.join(", "));
        let create = ask::aws(deployed, &["secretsmanager", "create-secret"])
            .option("--name", key)
            .option("--description", &description)
            .expanded_option("--secret-string=", "$VALUE");
        // One line: what is pasted behind it would be taken for the value.
        page.commands([Command::fixed("IFS= read -rs VALUE").and_then(&create)]);
    }
}

fn roles(page: &mut Page, set: &Set, source: &[String]) {
    if set.servers.iter().all(|server| server.aws.role.is_none()) {
        return;
    }
    page.heading(2, "Create the roles");
    page.paragraph("Read the script before it runs; what it needs of `platform.aws`, mcpset says.");
    page.commands([
        mcpset("iam", source)
            .words(&["--as", "commands"])
            .into_file("roles.sh"),
        Command::fixed("test -s roles.sh && sh roles.sh"),
    ]);
}

fn deploy(page: &mut Page, set: &Set, deployed: &Deployed<'_>, source: &[String]) {
    page.heading(2, "Deploy");
    let file = source.get(..1).unwrap_or_default();
    let mut commands = vec![mcpset("render", file).words(&["-o", "manifests", "--kustomization"])];
    // Nothing can be compared within a namespace that is not there yet.
    if !set.platform.create_namespace {
        commands.push(Command::new(&["kubectl", "diff", "-k", "manifests"]));
    }
    commands.push(Command::new(&["kubectl", "apply", "-k", "manifests"]));
    let servers = deployed.servers.iter();
    commands.extend(
        servers.map(|server| ask::kubectl("rollout status", server.namespace, &[&server.workload])),
    );
    page.commands(commands);
}

//! What AWS keeps for servers: secrets and roles.

use super::{Asked, Deployed, kubectl};
use crate::shell::Command;

/// `aws` in the region of `deployed`, as far as somebody said it: IAM has one endpoint a partition, and
/// the region says which.
#[must_use]
pub fn aws(deployed: &Deployed<'_>, words: &[&str]) -> Command {
    let command = Command::new(&[&["aws"], words].concat());
    match deployed.region {
        Some(region) => command.words(&["--region", region]),
        None => command,
    }
}

/// Whether the store has every value, and the operator has fetched it.
#[must_use]
pub fn stored(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.iter();
    let mut keys: Vec<&str> = Vec::new();
    for key in servers.clone().flat_map(|server| &server.stored) {
        if !keys.contains(key) {
            keys.push(key);
        }
    }
    let stored = keys.into_iter().map(|key| {
        aws(deployed, &["secretsmanager", "describe-secret"]).option("--secret-id", key)
    });
    let fetched = servers.flat_map(|server| {
        let names = server.fetched.iter();
        names.map(|name| {
            let secret = format!("externalsecret/{name}");
            let ready = ["--for=condition=Ready", &secret, "--timeout=60s"];
            kubectl("wait", server.namespace, &ready)
        })
    });
    stored.chain(fetched).collect()
}

/// The role that `server` names, if it has one.
#[must_use]
pub fn role(deployed: &Deployed<'_>, server: &Asked<'_>) -> Option<Command> {
    let role = server.role.as_ref()?;
    Some(aws(deployed, &["iam", "get-role"]).option("--role-name", role))
}

/// What connects `server` to its role, where that is EKS Pod Identity.
#[must_use]
pub fn association(deployed: &Deployed<'_>, server: &Asked<'_>) -> Option<Command> {
    if !server.pod_identity {
        return None;
    }
    let command = aws(deployed, &["eks", "list-pod-identity-associations"]);
    let command = match deployed.cluster {
        Some(cluster) => command.option("--cluster-name", cluster),
        None => command.expanded_option("--cluster-name", "${CLUSTER:?name of the EKS cluster}"),
    };
    let command = command
        .option("--namespace", server.namespace)
        .option("--service-account", server.account);
    Some(command)
}

/// All roles, and what connects servers to them.
#[must_use]
pub fn roles(deployed: &Deployed<'_>) -> Vec<Command> {
    let servers = deployed.servers.iter();
    let asked = servers.flat_map(|server| {
        let role = role(deployed, server).into_iter();
        role.chain(association(deployed, server))
    });
    asked.collect()
}

/// The role that the ServiceAccount of `server` names.
#[must_use]
pub fn annotation(server: &Asked<'_>) -> Command {
    let named = r"jsonpath={.metadata.annotations.eks\.amazonaws\.com/role-arn}";
    let named = ["serviceaccount", server.account, "-o", named];
    kubectl("get", server.namespace, &named)
}

/// The roles that all ServiceAccounts name.
#[must_use]
pub fn annotations(deployed: &Deployed<'_>) -> Vec<Command> {
    deployed.servers.iter().map(annotation).collect()
}

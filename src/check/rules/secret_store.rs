//! Secrets come from a store that there is.

use super::{Context, Found, Rule};
use crate::manifest::{At, Object};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP068",
    name: "secret-store",
    title: "the store of an ExternalSecret is one of those here, or declared external",
    severity: Severity::Warning,
    why: "An ExternalSecret without its store fetches nothing; its pods wait in `CreateContainerConfigError`.",
    fix: "write the name and kind of a store, or declare it with `--external ClusterSecretStore/NAME`",
    source: "closed references; guide, External Secrets: secretStoreRef",
    good: "\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: store}
spec: {provider: {aws: {service: SecretsManager, region: us-east-1}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a}
spec:
  secretStoreRef: {name: store, kind: ClusterSecretStore}
  data:
  - {secretKey: token, remoteRef: {key: mcp/github/token}}
",
    broken_by: &[(
        "name: store, kind: ClusterSecretStore",
        "name: store, kind: SecretStore",
    )],
    check,
};

const CLUSTER: &str = "ClusterSecretStore";

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let stores = ["SecretStore", CLUSTER];
    let stores = stores
        .iter()
        .flat_map(|kind| context.input.manifests.of_kind(kind));
    // A platform makes its stores elsewhere: one that makes some here says what there is.
    let is_of_platform = stores.clone().next().is_none();
    for secret in context.input.manifests.of_kind("ExternalSecret") {
        for at in references(secret) {
            let kind = at.get("kind").text().unwrap_or("SecretStore");
            let name = at.get("name").text().unwrap_or_default();
            let is_meant = |store: &Object| {
                store.kind() == kind
                    && store.name() == name
                    && (kind == CLUSTER || store.namespace() == secret.namespace())
            };
            let is_here = stores.clone().any(is_meant);
            if !is_of_platform && !is_here && !context.settings.is_external(kind, name) {
                let message = format!("there is no {kind} `{name}` here");
                found.add(secret, at.get("name"), message);
            }
        }
    }
}

/// The stores that `secret` names: one for all, and its own of a value.
fn references(secret: &Object) -> Vec<At<'_>> {
    let items = ["spec.data", "spec.dataFrom"].into_iter();
    let items = items.flat_map(|list| secret.at(list).items());
    let own = items.map(|item| item.at("sourceRef.storeRef"));
    let all = [secret.at("spec.secretStoreRef")].into_iter().chain(own);
    all.filter(|at| at.exists()).collect()
}

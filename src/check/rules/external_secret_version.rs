//! Secrets are fetched by what is installed.

use super::{Context, Found, Rule};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP067",
    name: "external-secret-version",
    title: "ExternalSecrets and their stores have the API version `external-secrets.io/v1`",
    severity: Severity::Warning,
    why: "Since 0.17 the External Secrets Operator serves no `v1beta1`: the apply fails with `no matches for kind`.",
    fix: "write `apiVersion: external-secrets.io/v1`; the fields are the same",
    source: "guide, External Secrets; External Secrets Operator, v0.17.0",
    good: "\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a}
spec:
  secretStoreRef: {name: store, kind: ClusterSecretStore}
  data:
  - {secretKey: token, remoteRef: {key: mcp/github/token}}
",
    broken_by: &[(
        "apiVersion: external-secrets.io/v1",
        "apiVersion: external-secrets.io/v1beta1",
    )],
    check,
};

const KINDS: [&str; 4] = [
    "ExternalSecret",
    "ClusterExternalSecret",
    "SecretStore",
    "ClusterSecretStore",
];

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let objects = KINDS
        .iter()
        .flat_map(|kind| context.input.manifests.of_kind(kind));
    for object in objects.filter(|object| object.group() == "external-secrets.io") {
        let version = object.api_version().rsplit('/').next();
        if let Some(old @ ("v1alpha1" | "v1beta1")) = version {
            let message = format!("`{old}` of `{}` is served no longer", object.kind());
            found.add(object, object.at("apiVersion"), message);
        }
    }
}

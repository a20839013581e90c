//! Secrets that other people's controllers make of what is here.

use std::borrow::Cow;

use super::references::Keys;
use crate::manifest::{At, Object};

/// What cert-manager reads of an Ingress: who issues the certificates of its `tls`.
const ISSUERS: [&str; 3] = [
    "cert-manager.io/cluster-issuer",
    "cert-manager.io/issuer",
    "kubernetes.io/tls-acme",
];
/// What CloudNativePG appends to the name of a cluster.
const OF_CLUSTER: [&str; 5] = ["app", "superuser", "ca", "server", "replication"];

/// The names and keys of the Secrets that a controller makes of `object`.
pub fn made_of(object: &Object) -> Vec<(Cow<'_, str>, Keys<'_>)> {
    match (object.group(), object.kind()) {
        ("secrets-store.csi.x-k8s.io", "SecretProviderClass") => {
            let secrets = object.at("spec.secretObjects").items();
            let secrets = secrets.filter_map(|secret| {
                let keys = secret.get("data").items();
                let keys = keys.filter_map(|item| item.get("key").text());
                let name = secret.get("secretName").text()?;
                Some((name.into(), Keys::Known(keys.collect())))
            });
            secrets.collect()
        }
        ("postgresql.cnpg.io", "Cluster") => {
            let made = OF_CLUSTER.map(|what| format!("{}-{what}", object.name()));
            made.map(|name| (name.into(), Keys::Any)).into()
        }
        ("onepassword.com", "OnePasswordItem") | ("kafka.strimzi.io", "KafkaUser") => {
            vec![(object.name().into(), Keys::Any)]
        }
        ("secrets.infisical.com", "InfisicalSecret") => {
            let one = object.at("spec.managedSecretReference.secretName").text();
            let several = object.at("spec.managedKubeSecretReferences").items();
            let several = several.filter_map(|made| made.get("secretName").text());
            let names = one.into_iter().chain(several);
            names.map(|name| (name.into(), Keys::Any)).collect()
        }
        ("networking.k8s.io" | "extensions", "Ingress") => {
            let annotations = object.at("metadata.annotations");
            let is_issued = |key: &&str| annotations.get(key).exists();
            let tls = object.at("spec.tls").items();
            let tls = tls.filter(|_| ISSUERS.iter().any(is_issued));
            let names = tls.filter_map(|tls| At::text(tls.get("secretName")));
            names.map(|name| (name.into(), Keys::Any)).collect()
        }
        _ => Vec::new(),
    }
}

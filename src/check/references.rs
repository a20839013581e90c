//! What pods refer to, and who makes it.

use std::collections::BTreeSet;

use crate::manifest::{At, Manifests, Object, Pod, labels, selects};

/// How pods refer to one kind of object: the field of a variable's source, of a container's
/// `envFrom`, of a volume and of a projected volume, and the key of the name in the last two.
pub struct Kind {
    variable: &'static str,
    all_variables: &'static str,
    volume: &'static str,
    name_in_volume: &'static str,
}

/// References to Secrets.
pub const SECRETS: Kind = Kind {
    variable: "secretKeyRef",
    all_variables: "secretRef",
    volume: "secret",
    name_in_volume: "secretName",
};
/// References to ConfigMaps.
pub const CONFIG_MAPS: Kind = Kind {
    variable: "configMapKeyRef",
    all_variables: "configMapRef",
    volume: "configMap",
    name_in_volume: "name",
};

/// A reference to an object, or to one of its keys.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'m> {
    /// The object's name.
    pub name: &'m str,
    /// Where that is written.
    pub name_at: At<'m>,
    /// The key; `None` for all of them.
    pub key: Option<&'m str>,
    /// Where that is written.
    pub key_at: At<'m>,
}

/// What all pods refer to and cannot start without.
pub fn references<'m>(manifests: &'m Manifests, kind: &Kind) -> Vec<(Pod<'m>, Reference<'m>)> {
    let mut found = Vec::new();
    for pod in manifests.pods() {
        for reference in references_of(&pod, kind) {
            found.push((pod.clone(), reference));
        }
    }
    found
}

/// What `pod` refers to and cannot start without.
pub fn references_of<'m>(pod: &Pod<'m>, kind: &Kind) -> Vec<Reference<'m>> {
    let mut found = Vec::new();
    let mut add = |source: At<'m>, name: At<'m>, key: At<'m>| {
        if let Some(text) = name.text().filter(|_| !source.get("optional").is_true()) {
            found.push(Reference {
                name: text,
                name_at: name,
                key: key.text(),
                key_at: key,
            });
        }
    };
    for container in pod.containers() {
        for variable in container.at.get("env").items() {
            let source = variable.get("valueFrom").get(kind.variable);
            add(source, source.get("name"), source.get("key"));
        }
        for all in container.at.get("envFrom").items() {
            let source = all.get(kind.all_variables);
            add(source, source.get("name"), source.get("key"));
        }
    }
    for volume in pod.spec.get("volumes").items() {
        let whole = volume.get(kind.volume);
        let projected = volume.at("projected.sources").items();
        let projected = projected.map(|source| (source.get(kind.volume), "name"));
        for (source, name) in [(whole, kind.name_in_volume)].into_iter().chain(projected) {
            let name = source.get(name);
            add(source, name, source.get("key"));
            for item in source.get("items").items() {
                add(source, name, item.get("key"));
            }
        }
    }
    found
}

/// The keys of a Secret or ConfigMap.
#[derive(Debug)]
pub enum Keys<'m> {
    /// These.
    Known(BTreeSet<&'m str>),
    /// Whatever the secret store has.
    Any,
}

impl Keys<'_> {
    /// Whether `key` is one, or may be.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        match self {
            Self::Known(keys) => keys.contains(key),
            Self::Any => true,
        }
    }
}

/// The keys of the Secret `name` in `namespace`; `None` where nothing here makes it.
#[must_use]
pub fn secret_keys<'m>(manifests: &'m Manifests, namespace: &str, name: &str) -> Option<Keys<'m>> {
    if let Some(secret) = manifests.find("Secret", namespace, name) {
        return Some(keys(secret, &["data", "stringData"]));
    }
    if let Some(external) = fetching(manifests, namespace, name) {
        let templated = external.at("spec.target.template").exists();
        if templated || external.at("spec.dataFrom").exists() {
            return Some(Keys::Any);
        }
        let keys = external.at("spec.data").items();
        let keys = keys.filter_map(|item| item.get("secretKey").text());
        return Some(Keys::Known(keys.collect()));
    }
    // What other controllers make of theirs is their secret.
    let others = ["SealedSecret", "VaultStaticSecret", "Certificate"];
    let makes = |object: &&Object| {
        let target = object.at("spec.secretName").text();
        let target = target.or(object.at("spec.destination.name").text());
        object.namespace() == namespace && target.unwrap_or(object.name()) == name
    };
    others
        .iter()
        .any(|kind| manifests.of_kind(kind).any(|object| makes(&object)))
        .then_some(Keys::Any)
}

/// The ExternalSecret that fetches the Secret `name` in `namespace`.
#[must_use]
pub fn fetching<'m>(manifests: &'m Manifests, namespace: &str, name: &str) -> Option<&'m Object> {
    let mut fetched = manifests.of_kind("ExternalSecret");
    fetched.find(|object| {
        let target = object.at("spec.target.name").text();
        object.namespace() == namespace && target.unwrap_or(object.name()) == name
    })
}

/// The keys of the ConfigMap `name` in `namespace`; `None` where nothing here makes it.
#[must_use]
pub fn config_keys<'m>(manifests: &'m Manifests, namespace: &str, name: &str) -> Option<Keys<'m>> {
    let map = manifests.find("ConfigMap", namespace, name)?;
    Some(keys(map, &["data", "binaryData"]))
}

fn keys<'m>(object: &'m Object, fields: &[&str]) -> Keys<'m> {
    let entries = fields.iter().flat_map(|field| object.at(field).entries());
    Keys::Known(entries.map(|(key, _)| key).collect())
}

/// The pods that the Service `service` leads to; none where it selects by nothing.
pub fn served<'m>(manifests: &'m Manifests, service: &'m Object) -> impl Iterator<Item = Pod<'m>> {
    manifests.pods().filter(move |pod| serves(service, pod))
}

/// Whether the Service `service` leads to `pod`.
#[must_use]
pub fn serves(service: &Object, pod: &Pod<'_>) -> bool {
    let wanted = labels(service.at("spec.selector"));
    let mut pairs = wanted.iter();
    !wanted.is_empty()
        && pod.namespace() == service.namespace()
        && pairs.all(|(key, value)| pod.labels.get(key) == Some(value))
}

/// The pods that the PodDisruptionBudget `budget` guards.
pub fn guarded<'m>(manifests: &'m Manifests, budget: &'m Object) -> impl Iterator<Item = Pod<'m>> {
    manifests.pods().filter(move |pod| guards(budget, pod))
}

/// Whether the PodDisruptionBudget `budget` guards `pod`.
#[must_use]
pub fn guards(budget: &Object, pod: &Pod<'_>) -> bool {
    pod.namespace() == budget.namespace() && selects(budget.at("spec.selector"), &pod.labels)
}

/// The Services that the ServiceMonitor `monitor` selects.
pub fn monitored<'m>(
    manifests: &'m Manifests,
    monitor: &'m Object,
) -> impl Iterator<Item = &'m Object> {
    let services = manifests.of_kind("Service");
    services.filter(move |service| monitors(monitor, service))
}

/// Whether the ServiceMonitor `monitor` selects the Service `service`.
#[must_use]
pub fn monitors(monitor: &Object, service: &Object) -> bool {
    let namespaces = monitor.at("spec.namespaceSelector");
    let names = namespaces.get("matchNames");
    let is_here = if names.exists() {
        let mut names = names.items();
        names.any(|name| name.text() == Some(service.namespace()))
    } else {
        namespaces.get("any").is_true() || service.namespace() == monitor.namespace()
    };
    let labels = labels(service.at("metadata.labels"));
    is_here && selects(monitor.at("spec.selector"), &labels)
}

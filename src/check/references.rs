//! What pods refer to, and who makes it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::makers::made_of;
use crate::manifest::{
    At, Index, Labelled, Labels, Manifests, Object, Pod, Pods, Service, Services,
};

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
pub fn references<'n, 'm>(
    pods: &'n Pods<'m>,
    kind: &Kind,
) -> impl Iterator<Item = (&'n Pod<'m>, Reference<'m>)> {
    pods.iter().flat_map(move |pod| {
        let references = references_of(pod, kind).into_iter();
        references.map(move |reference| (pod, reference))
    })
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
            if source.exists() {
                add(source, source.get("name"), source.get("key"));
            }
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

/// A namespace, and the name of a Secret in it.
type Name<'m> = (Cow<'m, str>, Cow<'m, str>);

/// What makes the Secrets of an input.
#[derive(Debug)]
pub struct Secrets<'m> {
    /// By namespace and name: who makes it, and its keys.
    made: HashMap<Name<'m>, (&'m Object, Keys<'m>)>,
    /// Names of those that are made in whatever namespaces a selector finds.
    everywhere: BTreeSet<&'m str>,
}

impl<'m> Secrets<'m> {
    /// The Secrets that `manifests` make.
    #[must_use]
    pub fn of(manifests: &'m Manifests) -> Self {
        let mut secrets = Self {
            made: HashMap::new(),
            everywhere: BTreeSet::new(),
        };
        for secret in manifests.of_kind("Secret") {
            let made = keys(secret, &["data", "stringData"]);
            secrets.add(secret, Some(secret.name()), made);
        }
        for external in manifests.of_kind("ExternalSecret") {
            let templated = external.at("spec.target.template").exists();
            let made = if templated || external.at("spec.dataFrom").exists() {
                Keys::Any
            } else {
                let keys = external.at("spec.data").items();
                let keys = keys.filter_map(|item| item.get("secretKey").text());
                Keys::Known(keys.collect())
            };
            secrets.add(external, external.at("spec.target.name").text(), made);
        }
        // What other controllers make of theirs is their secret.
        for kind in ["SealedSecret", "VaultStaticSecret", "Certificate"] {
            for object in manifests.of_kind(kind) {
                let name = object.at("spec.secretName").text();
                let name = name.or(object.at("spec.destination.name").text());
                secrets.add(object, name, Keys::Any);
            }
        }
        for external in manifests.of_kind("ClusterExternalSecret") {
            let written = external.at("spec.externalSecretSpec.target.name").text();
            let of_child = external.at("spec.externalSecretName").text();
            let name = written.or(of_child).unwrap_or(external.name());
            secrets.everywhere.insert(name);
        }
        for object in manifests.objects() {
            for (name, keys) in made_of(object) {
                let made = secrets.made.entry((object.namespace().into(), name));
                made.or_insert((object, keys));
            }
        }
        secrets
    }

    /// `maker` makes the Secret `name`, or one of its own name, unless another does.
    fn add(&mut self, maker: &'m Object, name: Option<&'m str>, keys: Keys<'m>) {
        let name = name.unwrap_or(maker.name());
        self.made
            .entry((maker.namespace().into(), name.into()))
            .or_insert((maker, keys));
    }

    /// The keys of the Secret `name` in `namespace`; `None` where nothing here makes it.
    #[must_use]
    pub fn keys<'n>(&'n self, namespace: &'n str, name: &'n str) -> Option<&'n Keys<'m>> {
        let made = self
            .made
            .get(&(namespace.into(), name.into()))
            .map(|(_, keys)| keys);
        made.or_else(|| self.everywhere.contains(name).then_some(&Keys::Any))
    }

    /// The ExternalSecret that fetches the Secret `name` in `namespace`.
    #[must_use]
    pub fn fetching<'n>(&'n self, namespace: &'n str, name: &'n str) -> Option<&'m Object> {
        let (maker, _) = self.made.get(&(namespace.into(), name.into()))?;
        (maker.kind() == "ExternalSecret").then_some(maker)
    }
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
pub fn served<'n>(pods: &'n Pods<'_>, service: &'n Object) -> impl Iterator<Item = &'n Pod<'n>> {
    let wanted = Labels::of(service.at("spec.selector"));
    let selects = !wanted.is_empty();
    pods.bearing(service.namespace(), wanted)
        .filter(move |_| selects)
}

/// The pods that the PodDisruptionBudget `budget` guards.
pub fn guarded<'n>(pods: &'n Pods<'_>, budget: &'n Object) -> impl Iterator<Item = &'n Pod<'n>> {
    pods.selected(budget.namespace(), budget.at("spec.selector"))
}

/// The Services that the ServiceMonitor `monitor` selects.
pub fn monitored<'n, 'm>(
    services: &'n Services<'m>,
    monitor: &'n Object,
) -> impl Iterator<Item = &'n Service<'m>> {
    watched(services, monitor)
}

/// The pods that the PodMonitor `monitor` selects.
pub fn pod_monitored<'n, 'm>(
    pods: &'n Pods<'m>,
    monitor: &'n Object,
) -> impl Iterator<Item = &'n Pod<'m>> {
    watched(pods, monitor)
}

/// The namespaces that `monitor` names; its own where it names none.
#[must_use]
pub fn looked_at(monitor: &Object) -> BTreeSet<&str> {
    let names = monitor.at("spec.namespaceSelector.matchNames").items();
    let names: BTreeSet<&str> = names.filter_map(At::text).collect();
    if names.is_empty() {
        BTreeSet::from([monitor.namespace()])
    } else {
        names
    }
}

/// What `monitor` selects, in the namespaces that it looks at.
fn watched<'n, 'm, T: Labelled<'m>>(
    index: &'n Index<'m, T>,
    monitor: &'n Object,
) -> impl Iterator<Item = &'n T> {
    let any = monitor.at("spec.namespaceSelector.any");
    let is_written = monitor.at("spec.namespaceSelector.matchNames");
    let is_written = is_written.items().next().is_some();
    let namespaces: BTreeSet<&str> = if any.is_true() && !is_written {
        index.namespaces().collect()
    } else {
        looked_at(monitor)
    };
    let selector = monitor.at("spec.selector");
    namespaces
        .into_iter()
        .flat_map(move |namespace| index.selected(namespace, selector))
}

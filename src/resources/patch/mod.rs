//! The last word: what a person changes in an object that was made for a server.
//!
//! By what others find an object, and it finds others, is decided together, and stays as it was: one
//! patch changes one end of it. All else is checked like the rest of the bundle.

mod keys;
mod merge;
mod refusal;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::Object;
use super::custom::Custom;
use crate::model::{Change, Changed, OWN_NAMES, Patch, Server};
use crate::problem::Problems;
use crate::source::Place;
use crate::yaml::{Dialect, Encoded, decode, encode};
pub use keys::{Merging, OF_CONTAINERS, OF_PODS, merging};
use merge::Merge;
use refusal::Refusal;

/// What nobody changes, whatever the kind.
const IDENTITY: [&str; 5] = [
    "apiVersion",
    "kind",
    "metadata.name",
    "metadata.generateName",
    "metadata.namespace",
];
/// What leads from one object to others, by kind and path.
const LINKS: [(&str, &str); 13] = [
    ("ApplicationNetworkPolicy", "spec.podSelector"),
    ("ClusterRoleBinding", "roleRef"),
    ("ClusterRoleBinding", "subjects"),
    // The pods are rolled by its checksum: the field `config` changes both.
    ("ConfigMap", "data"),
    ("Deployment", "spec.selector"),
    ("Deployment", "spec.template.spec.serviceAccount"),
    ("Deployment", "spec.template.spec.serviceAccountName"),
    ("HorizontalPodAutoscaler", "spec.scaleTargetRef"),
    ("NetworkPolicy", "spec.podSelector"),
    ("PodDisruptionBudget", "spec.selector"),
    ("RoleBinding", "roleRef"),
    ("RoleBinding", "subjects"),
    ("Service", "spec.selector"),
];
/// Where the names stand of which mcpset decides some.
const NAMED: [&str; 4] = [
    "metadata.labels",
    "metadata.annotations",
    "spec.template.metadata.labels",
    "spec.template.metadata.annotations",
];

/// `object` of `server` with the server's patches, which have been [tried](apply).
pub fn patched(server: &Server, mut object: Object) -> Object {
    for patch in &server.patches {
        if patch.is_of(object.kind(), object.namespace())
            && let Ok(new) = apply(&object, patch)
        {
            object = new;
        }
    }
    object
}

/// `object` with `patch`.
///
/// # Errors
/// Where the patch cannot be applied, or changes what must stay.
pub fn apply(object: &Object, patch: &Patch) -> Result<Object, Refusal> {
    let broken =
        |error: serde_json::Error| refusal::broken(patch.kind, &error.to_string(), patch.place);
    let before = serde_json::to_value(Encoded::of(object)).map_err(broken)?;
    let merge = Merge { kind: patch.kind };
    let after = merge.value(before.clone(), &patch.change, "")?;
    let after = after.unwrap_or_default();
    refuse(patch, &before, &after)?;
    let new = read(object, &after, patch.place)
        .map_err(|why| refusal::broken(patch.kind, &why, patch.place))?;
    let known = serde_json::to_value(Encoded::of(&new)).map_err(broken)?;
    match invented(&after, &known, "") {
        None => Ok(new),
        Some(missing) => {
            let place = place_below(&patch.change, &missing, None);
            Err(refusal::required(&missing, place))
        }
    }
}

/// The path of a value of `known` that `after` does not have: the type has it always, and the API server
/// wants it.
fn invented(after: &Json, known: &Json, path: &str) -> Option<String> {
    match (after, known) {
        (Json::Object(after), Json::Object(known)) => known.iter().find_map(|(name, value)| {
            let dot = if path.is_empty() { "" } else { "." };
            let below = format!("{path}{dot}{name}");
            match after.get(name) {
                Some(there) => invented(there, value, &below),
                None => Some(below),
            }
        }),
        (Json::Array(after), Json::Array(known)) => {
            let mut pairs = after.iter().zip(known).enumerate();
            pairs.find_map(|(index, (there, value))| {
                invented(there, value, &format!("{path}.{index}"))
            })
        }
        _ => None,
    }
}

/// The object that `value` is, of the kind of `object`; why it is none.
fn read(object: &Object, value: &Json, place: Place) -> Result<Object, String> {
    let value = Reading { value, place };
    Ok(match object {
        Object::Namespace(_) => Object::Namespace(value.read()?),
        Object::NetworkPolicy(_) => Object::NetworkPolicy(value.read()?),
        Object::PodDisruptionBudget(_) => Object::PodDisruptionBudget(value.read()?),
        Object::ServiceAccount(_) => Object::ServiceAccount(value.read()?),
        Object::ClusterRole(_) => Object::ClusterRole(value.read()?),
        Object::ClusterRoleBinding(_) => Object::ClusterRoleBinding(value.read()?),
        Object::Role(_) => Object::Role(value.read()?),
        Object::RoleBinding(_) => Object::RoleBinding(value.read()?),
        Object::ConfigMap(_) => Object::ConfigMap(value.read()?),
        Object::Service(_) => Object::Service(value.read()?),
        Object::Deployment(_) => Object::Deployment(value.read()?),
        Object::HorizontalPodAutoscaler(_) => Object::HorizontalPodAutoscaler(value.read()?),
        Object::ExternalSecret(object) => custom(object, value)?,
        Object::ApplicationNetworkPolicy(object) => custom(object, value)?,
        Object::Patched(object) => custom(object, value)?,
        Object::AllowedRepos(object) => custom(object, value)?,
        Object::ServiceMonitor(object) => custom(object, value)?,
        Object::PrometheusRule(object) => custom(object, value)?,
        Object::GrafanaDashboard(object) => custom(object, value)?,
    })
}

/// A value that a patch at `place` made.
#[derive(Clone, Copy)]
struct Reading<'j> {
    value: &'j Json,
    place: Place,
}

impl Reading<'_> {
    /// It is read as the patch itself was: a second reader of all types would be as large as the first.
    fn read<T: DeserializeOwned>(self) -> Result<T, String> {
        let mut problems = Problems::default();
        let node = encode(self.value, &mut self.place.clone());
        let read = node.and_then(|node| decode(&node, Dialect::Written, &mut problems));
        read.ok_or_else(|| {
            let first = problems.into_sorted().into_iter().next();
            first.map_or_else(String::new, |problem| problem.message)
        })
    }

    fn field(self, name: &str) -> Self {
        Self {
            value: self.value.get(name).unwrap_or(&Json::Null),
            ..self
        }
    }
}

fn custom<S>(object: &Custom<S>, value: Reading<'_>) -> Result<Object, String> {
    Ok(Object::Patched(Custom {
        api_version: object.api_version,
        kind: object.kind,
        metadata: value.field("metadata").read()?,
        spec: value.field("spec").value.clone(),
    }))
}

/// Refuses a patch that made `after` of `before` and changes what must stay.
fn refuse(patch: &Patch, before: &Json, after: &Json) -> Result<(), Refusal> {
    let links = LINKS.iter().filter(|(kind, _)| *kind == patch.kind);
    let links = links.map(|(_, path)| (*path, LINK));
    for (path, why) in IDENTITY.map(|path| (path, NAME)).into_iter().chain(links) {
        if at(before, path) != at(after, path) {
            let place = place_below(&patch.change, path, None);
            return Err(refusal::kept(path, why, place));
        }
    }
    let strategy = at(after, "spec.strategy").filter(|_| patch.kind == "Deployment");
    let has = |field: &str| strategy.and_then(|strategy| strategy.get(field));
    if has("type").is_some_and(|kind| kind != "RollingUpdate") && has("rollingUpdate").is_some() {
        let place = place_below(&patch.change, "spec.strategy.type", None);
        return Err(refusal::left_behind(place));
    }
    for path in NAMED {
        let is_own = |name: &str| OWN_NAMES.iter().any(|own| name.starts_with(own));
        let own = |object: &Json| -> Vec<(String, Json)> {
            let names = at(object, path).and_then(Json::as_object).into_iter();
            let names = names.flatten().filter(|(name, _)| is_own(name));
            names
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        let (before, after) = (own(before), own(after));
        let mut all = before.iter().chain(&after);
        if let Some((name, _)) = all.find(|own| !before.contains(own) || !after.contains(own)) {
            let place = place_below(&patch.change, path, Some(name));
            return Err(refusal::kept(name, OWN, place));
        }
    }
    Ok(())
}

const NAME: &str = "other objects, URLs and policies call it so";
const LINK: &str = "it leads to other objects, and is decided together with them";
const OWN: &str = "selectors and rollouts depend on it";

fn at<'j>(object: &'j Json, path: &str) -> Option<&'j Json> {
    path.split('.')
        .try_fold(object, |value, step| value.get(step))
}

/// The place of what `change` says of the value at `path`, or of the field `name` in it; that of what
/// holds it where it says nothing.
fn place_below(change: &Change, path: &str, name: Option<&str>) -> Place {
    let mut here = change;
    for step in path.split('.').chain(name) {
        let Changed::Mapping { fields, .. } = &here.to else {
            break;
        };
        match fields.iter().find(|(field, _)| field == step) {
            Some((_, below)) => here = below,
            None => break,
        }
    }
    here.place
}

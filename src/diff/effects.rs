//! What a difference does to what runs, when it is applied.
//!
//! Who reads a difference wants to know whose sessions end, and what does not happen by itself: pods keep
//! what they read when they started, and some fields cannot be changed at all.

use std::collections::BTreeSet;

use super::immutable::immutable;
use super::path::Step;
use super::reads::{Kept, When, reads};
use super::values::Field;
use super::{Id, Pair, id};
use crate::manifest::{At, Object, Pod};
use crate::problem::ObjectRef;
use crate::shell::Command;

/// Something that happens, or does not, when the new state is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What.
    pub outcome: Outcome,
    /// To which object.
    pub object: ObjectRef,
    /// Why, in a clause whose parts in backticks are code.
    pub reason: String,
    /// The command by which a person lets its pods begin anew, where there is one.
    pub command: Option<String>,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The API server refuses the change: the object must be deleted and made anew.
    Recreate,
    /// New pods take the place of those that run.
    Restart,
    /// Pods that run go on with old values until somebody restarts them.
    Stale,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recreate => "recreate",
            Self::Restart => "restart",
            Self::Stale => "stale",
        }
    }
}

/// Annotations that a webhook of EKS reads when a pod starts.
const EKS: &str = "eks.amazonaws.com/";
/// Annotations by which Stakater's Reloader restarts a workload.
const RELOADER: &str = "reloader.stakater.com/";
/// How annotations of pods begin that change with a ConfigMap or Secret, ours and those of many charts.
const CHECKSUM: &str = "annotations[checksum/";
/// Causes of a restart that are named; the others are counted.
const NAMED: usize = 3;

/// What the changes `pairs` do to the objects `kept` of the old state, as they are in the new one; worst
/// first.
pub fn effects(pairs: &[Pair<'_>], kept: &[&Object]) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut replaced: BTreeSet<Id<'_>> = BTreeSet::new();
    for pair in pairs {
        if let Some(effect) = recreated(pair).or_else(|| restarted(pair)) {
            replaced.insert(id(pair.new));
            effects.push(effect);
        }
    }
    // Pods that are replaced start with everything.
    let running = kept.iter().filter(|object| !replaced.contains(&id(object)));
    let pods = running.filter_map(|object| Pod::of(object));
    let pods: Vec<Pod<'_>> = pods.filter(|pod| !pod.is_job()).collect();
    for pair in pairs {
        let Some(source) = source(pair) else {
            continue;
        };
        let near = pods.iter();
        let near = near.filter(|pod| pod.namespace() == pair.new.namespace());
        effects.extend(near.filter_map(|pod| untold(source, pod)));
    }
    effects.sort_by_key(|effect| effect.outcome);
    effects
}

fn recreated(pair: &Pair<'_>) -> Option<Effect> {
    let field = immutable(pair.old, &pair.fields)?;
    let pods = match Pod::of(pair.old) {
        Some(pod) if !pod.is_job() => "; its pods stop meanwhile",
        _ => "",
    };
    Some(Effect {
        outcome: Outcome::Recreate,
        object: pair.new.reference(),
        reason: format!(
            "the API server lets nobody change `{}`: delete it, and apply again{pods}",
            code(&field.path.to_string())
        ),
        command: None,
    })
}

fn restarted(pair: &Pair<'_>) -> Option<Effect> {
    let pod = Pod::of(pair.new)?;
    let template = match pair.new.kind() {
        "Pod" => "spec",
        // They start pods that are not there yet; a Job's template is immutable.
        "CronJob" | "Job" | "ReplicaSet" | "ReplicationController" => return None,
        _ => "spec.template",
    };
    let of_pods = |field: &&Field| field.path.is_within(template);
    let mut causes: Vec<&Field> = pair.fields.iter().filter(of_pods).collect();
    if causes.is_empty() {
        return None;
    }
    // What a person changed is told before what follows from it.
    causes.sort_by_key(|field| {
        let is_image = field.path.0.last() == Some(&Step::Field("image".into()));
        (
            !is_image,
            field.path.is_within(&format!("{template}.metadata")),
        )
    });
    let paths: Vec<String> = causes.iter().map(|field| short(field, template)).collect();
    let named = paths.iter().take(NAMED).map(|path| {
        let is_checksum = path.contains(CHECKSUM);
        let what = if is_checksum {
            ", of files that it reads"
        } else {
            ""
        };
        format!("`{path}`{what}")
    });
    let mut reason = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = paths.len().checked_sub(NAMED).filter(|more| *more > 0) {
        reason = format!("{reason} and {more} more");
    }
    let by_hand = pod.workload.at("spec.updateStrategy.type").text() == Some("OnDelete");
    let (outcome, reason) = if by_hand {
        let why =
            "its `updateStrategy` is OnDelete, so that pods change when somebody deletes them";
        (Outcome::Stale, format!("{why}: {reason}"))
    } else {
        (Outcome::Restart, reason)
    };
    Some(Effect {
        outcome,
        object: pair.new.reference(),
        reason,
        command: None,
    })
}

/// The path of `field` as far as it says more than `template`.
fn short(field: &Field, template: &str) -> String {
    let path = field.path.to_string();
    let below = path.strip_prefix(template).unwrap_or(&path);
    let below = below.strip_prefix(".spec").unwrap_or(below);
    let below = below.strip_prefix('.').unwrap_or(below);
    code(if below.is_empty() { &path } else { below })
}

/// `text` as it can stand in backticks.
fn code(text: &str) -> String {
    text.replace('`', "'")
}

/// What pods read, and a difference changes.
#[derive(Clone, Copy)]
enum Source<'m> {
    /// What a ServiceAccount tells them.
    Account(&'m str),
    /// What a ConfigMap or Secret keeps.
    Content(Kept, &'m str),
}

/// What `pair` changes for pods that read it: the object, or what an ExternalSecret makes.
fn source<'m>(pair: &Pair<'m>) -> Option<Source<'m>> {
    let new = pair.new;
    let (kept, paths): (Kept, &[&str]) = match (new.group(), new.kind()) {
        ("", "ServiceAccount") => {
            let mut fields = pair.fields.iter();
            return fields.any(is_told).then_some(Source::Account(new.name()));
        }
        ("", "ConfigMap") => (Kept::ConfigMap, &["data", "binaryData"]),
        ("", "Secret") => (Kept::Secret, &["data", "stringData"]),
        ("external-secrets.io", "ExternalSecret") => (
            Kept::Secret,
            &["spec.data", "spec.dataFrom", "spec.target.template"],
        ),
        _ => return None,
    };
    let is_content = |field: &Field| paths.iter().any(|path| field.path.is_within(path));
    if !pair.fields.iter().any(is_content) {
        return None;
    }
    let target = match new.kind() {
        "ExternalSecret" => new.at("spec.target.name").text(),
        _ => None,
    };
    Some(Source::Content(kept, target.unwrap_or(new.name())))
}

/// Whether pods are told of `field` of their ServiceAccount when they start.
fn is_told(field: &Field) -> bool {
    let path = field.path.to_string();
    let annotation = path.strip_prefix("metadata.annotations[");
    annotation.is_some_and(|name| name.starts_with(EKS)) || field.path.is_within("imagePullSecrets")
}

/// What `pod`, which runs on, is not told of what changes in `source`.
fn untold(source: Source<'_>, pod: &Pod<'_>) -> Option<Effect> {
    let (outcome, reason) = match source {
        Source::Account(name) => {
            let own = pod.spec.get("serviceAccountName").text();
            own.filter(|own| *own == name)?;
            let told = "pods are told of their ServiceAccount when they start";
            let reason = format!("{told}, and go on as the old `{}`", code(name));
            (Outcome::Stale, reason)
        }
        Source::Content(kept, name) => {
            let when = reads(pod, kept, name)?;
            let called = format!("{} `{}`", kept.kind(), code(name));
            if has_reloader(pod, kept, name) {
                let reason = format!("Reloader does so for {called}");
                (Outcome::Restart, reason)
            } else {
                let reason = match when {
                    When::AtStart => format!("pods read {called} when they start"),
                    When::Soon => format!(
                        "its files of {called} change within minutes, but not what it read of them at its start"
                    ),
                };
                (Outcome::Stale, reason)
            }
        }
    };
    Some(Effect {
        outcome,
        object: pod.workload.reference(),
        reason,
        command: (outcome == Outcome::Stale).then(|| restart(pod)).flatten(),
    })
}

/// Whether Stakater's Reloader restarts the pods of `pod` for the ConfigMap or Secret called `name`.
fn has_reloader(pod: &Pod<'_>, kept: Kept, name: &str) -> bool {
    let at = |annotation: &str| -> At<'_> {
        let annotations = At::new(pod.workload.root()).at("metadata.annotations");
        annotations.get(annotation)
    };
    let listed = at(&format!("{}.{RELOADER}reload", kept.kind().to_lowercase()));
    let mut listed = listed.text().unwrap_or_default().split(',');
    at(&format!("{RELOADER}auto")).text() == Some("true")
        || at(&format!("{}.{RELOADER}auto", kept.kind().to_lowercase())).text() == Some("true")
        || listed.any(|listed| listed.trim() == name)
}

/// The command by which a person lets the pods of `pod` begin anew.
fn restart(pod: &Pod<'_>) -> Option<String> {
    let workload = pod.workload;
    let is_known = matches!(workload.kind(), "Deployment" | "StatefulSet" | "DaemonSet");
    if !is_known || workload.group() != "apps" {
        return None;
    }
    let object = format!("{}/{}", workload.kind().to_lowercase(), workload.name());
    let command = Command::new(&["kubectl", "rollout", "restart", &object]);
    let namespace = workload.namespace();
    let words = ["-n", namespace];
    let words = if namespace.is_empty() {
        &[][..]
    } else {
        &words
    };
    Some(command.words(words).to_string())
}

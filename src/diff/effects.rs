//! What a difference does to what runs, when it is applied.
//!
//! Who reads a difference wants to know whose sessions end, and what does not happen by itself: pods keep
//! what they read when they started, and some fields cannot be changed at all.

use std::collections::BTreeSet;

use super::immutable::immutable;
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
    /// Why, and what to do, in a clause whose parts in backticks are code.
    pub reason: String,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The API server refuses the change: the object must be deleted and made anew.
    Recreate,
    /// New pods take the place of those that run.
    Restart,
    /// Pods that run keep what was changed for them.
    Keep,
}

impl Outcome {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recreate => "recreate",
            Self::Restart => "restart",
            Self::Keep => "keep",
        }
    }
}

/// Annotations that a webhook of EKS reads when a pod starts.
const EKS: &str = "eks.amazonaws.com/";
/// Annotations by which Stakater's Reloader restarts a workload.
const RELOADER: &str = "reloader.stakater.com/";
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
        effects.extend(pods.iter().filter_map(|pod| untold(pair, pod)));
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
        let path = field.path.to_string();
        (!path.ends_with(".image"), path.contains(".metadata."))
    });
    let paths: Vec<String> = causes.iter().map(|field| short(field, template)).collect();
    let named = paths.iter().take(NAMED).map(|path| format!("`{path}`"));
    let mut reason = named.collect::<Vec<_>>().join(", ");
    if let Some(more) = paths.len().checked_sub(NAMED).filter(|more| *more > 0) {
        reason = format!("{reason} and {more} more");
    }
    let by_hand = pod.workload.at("spec.updateStrategy.type").text() == Some("OnDelete");
    let (outcome, reason) = if by_hand {
        let why =
            "its `updateStrategy` is OnDelete, so that pods change when somebody deletes them";
        (Outcome::Keep, format!("{why}: {reason}"))
    } else {
        (Outcome::Restart, reason)
    };
    Some(Effect {
        outcome,
        object: pair.new.reference(),
        reason,
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

/// What `pod`, which runs on, is not told of what `pair` changes for it.
fn untold(pair: &Pair<'_>, pod: &Pod<'_>) -> Option<Effect> {
    if pod.namespace() != pair.new.namespace() {
        return None;
    }
    let told = |outcome, reason| {
        let object = pod.workload.reference();
        Some(Effect {
            outcome,
            object,
            reason,
        })
    };
    let changed = format!("{} `{}`", pair.new.kind(), code(pair.new.name()));
    if is_account(pair) {
        let own = pod.spec.get("serviceAccountName").text();
        let told_at_start = "pods are told of their account when they start, and keep the old";
        return (own == Some(pair.new.name())).then(|| {
            told(
                Outcome::Keep,
                format!("{told_at_start} {changed}{}", remedy(pod)),
            )
        })?;
    }
    let (kept, name) = written(pair)?;
    let when = reads(pod, kept, name)?;
    if has_reloader(pod, kept, name) {
        return told(
            Outcome::Restart,
            format!("Reloader restarts its pods for {changed}"),
        );
    }
    let reason = match when {
        When::AtStart => format!(
            "pods read {} `{}` when they start, and keep the old values{}",
            kept.kind(),
            code(name),
            remedy(pod)
        ),
        When::Soon => format!(
            "its files of {} `{}` change within minutes; a program that read them at its start keeps the old values{}",
            kept.kind(),
            code(name),
            remedy(pod)
        ),
    };
    told(Outcome::Keep, reason)
}

/// Whether `pair` changes what pods are told of their ServiceAccount when they start.
fn is_account(pair: &Pair<'_>) -> bool {
    let is_told = |field: &Field| {
        let path = field.path.to_string();
        let role = path.strip_prefix("metadata.annotations[");
        role.is_some_and(|name| name.starts_with(EKS)) || field.path.is_within("imagePullSecrets")
    };
    pair.new.kind() == "ServiceAccount" && pair.fields.iter().any(is_told)
}

/// The ConfigMap or Secret whose content `pair` changes: the object, or what an ExternalSecret makes.
fn written<'m>(pair: &Pair<'m>) -> Option<(Kept, &'m str)> {
    let new = pair.new;
    let (kept, paths): (Kept, &[&str]) = match (new.group(), new.kind()) {
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
    Some((kept, target.unwrap_or(new.name())))
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

/// How a person lets the pods of `pod` begin anew.
fn remedy(pod: &Pod<'_>) -> String {
    let workload = pod.workload;
    let is_known = matches!(workload.kind(), "Deployment" | "StatefulSet" | "DaemonSet");
    if !is_known || workload.group() != "apps" {
        return "; restart them".to_owned();
    }
    let object = format!("{}/{}", workload.kind().to_lowercase(), workload.name());
    let mut command = Command::new(&["kubectl", "rollout", "restart", &object]);
    if !workload.namespace().is_empty() {
        command = command.words(&["-n", workload.namespace()]);
    }
    format!("; afterwards: `{}`", code(&command.to_string()))
}

//! `metadata` of an object, of a pod and of a claim; selectors by labels.

use super::Field;
use super::grammar::{annotation_key, api_version, finalizer_name, qualified_name, whole_number};
use crate::model::{ANNOTATIONS_LIMIT, LabelValue};

/// What the API server decides.
const ITS_OWN: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

pub fn of_object(metadata: &Field<'_>) {
    for name in ITS_OWN {
        let field = metadata.field(name);
        field.forbid("it is the API server's to say", "remove it");
    }
    of_template(metadata);
    let finalizers = metadata.field("finalizers");
    for finalizer in finalizers.items() {
        finalizer.require().parse(finalizer_name);
    }
    let all = finalizers.items();
    let last = all.iter().find(|last| last.is("foregroundDeletion"));
    if let Some(last) = last.filter(|_| all.iter().any(|other| other.is("orphan"))) {
        last.refuse("`orphan` stands here too", "write one of them");
    }
    let owners = metadata.field("ownerReferences");
    for owner in owners.items() {
        for name in ["apiVersion", "kind", "name", "uid"] {
            owner.field(name).require();
        }
        owner.field("apiVersion").parse(api_version);
        if owner.field("kind").is("Event") && owner.field("apiVersion").is("v1") {
            let kind = owner.field("kind");
            kind.refuse("an Event owns nothing", "name another object");
        }
    }
    let controls = |owner: &&Field<'_>| owner.field("controller").is_true();
    if let Some(second) = owners.items().iter().filter(controls).nth(1) {
        let controller = second.field("controller");
        controller.refuse("another owner is the controller", "write it of one owner");
    }
}

/// Annotations of pods that fields have replaced; beside the fields, which mcpset writes, they are compared.
const REPLACED: [&str; 5] = [
    "container.apparmor.security.beta.kubernetes.io/",
    "container.seccomp.security.alpha.kubernetes.io/",
    "kubernetes.io/config.mirror",
    "scheduler.alpha.kubernetes.io/tolerations",
    "seccomp.security.alpha.kubernetes.io/pod",
];

/// Of the pods that a Deployment makes.
pub fn of_pods(metadata: &Field<'_>) {
    of_template(metadata);
    for (name, value) in metadata.field("annotations").entries() {
        if REPLACED.iter().any(|replaced| name.starts_with(replaced)) {
            value.refuse("a field has replaced it", "write the field");
        }
        if name == "controller.kubernetes.io/pod-deletion-cost" {
            value.parse(whole_number);
        }
    }
}

/// Of what becomes an object later.
pub fn of_template(metadata: &Field<'_>) {
    labels(&metadata.field("labels"));
    annotations(&metadata.field("annotations"));
}

pub fn labels(labels: &Field<'_>) {
    for (key, value) in labels.entries() {
        value.accept(qualified_name(key));
        value.parse(LabelValue::parse);
    }
}

fn annotations(annotations: &Field<'_>) {
    let mut size = 0;
    for (key, value) in annotations.entries() {
        value.accept(annotation_key(key));
        size += key.len() + value.text().unwrap_or_default().len();
    }
    if size > ANNOTATIONS_LIMIT {
        annotations.refuse(
            format!("they have {size} bytes"),
            format!("write at most {ANNOTATIONS_LIMIT}: 4096 are kept for those that hosts write"),
        );
    }
}

/// A selector with `matchLabels` and `matchExpressions`.
pub fn selector(selector: &Field<'_>) {
    labels(&selector.field("matchLabels"));
    for expression in selector.field("matchExpressions").items() {
        expression.field("key").require().parse(qualified_name);
        let (operator, values) = (expression.field("operator"), expression.field("values"));
        operator.require();
        operator.one_of(&["In", "NotIn", "Exists", "DoesNotExist"]);
        values_for(&operator, &values);
        for value in values.items() {
            value.parse(LabelValue::parse);
        }
    }
}

/// Refuses values that `operator` does not compare, and those that it misses.
pub fn values_for(operator: &Field<'_>, values: &Field<'_>) {
    if operator.is("In") || operator.is("NotIn") {
        values.require();
    } else if !values.is_empty() && (operator.is("Exists") || operator.is("DoesNotExist")) {
        values.refuse("the operator compares no values", "remove them");
    }
}

//! Where pods run: nodes, taints, and other pods.

use super::Field;
use super::grammar::{dns_label, dns_subdomain, qualified_name};
use super::metadata::{labels, selector, values_for};
use crate::model::LabelValue;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub fn scheduling(pod: &Field<'_>) {
    labels(&pod.field("nodeSelector"));
    affinity(&pod.field("affinity"));
    for toleration in pod.field("tolerations").items() {
        tolerate(&toleration);
    }
    spread(&pod.field("topologySpreadConstraints"));
    let gates = pod.field("schedulingGates");
    gates.unique(&["name"]);
    for gate in gates.items() {
        gate.field("name").require().parse(qualified_name);
    }
    let node = pod.field("nodeName");
    if !gates.is_empty() && !node.is_empty() {
        let problem = "`nodeName` and `schedulingGates` exclude each other";
        node.refuse_beside(&gates, problem, "write one of them");
    }
    pod.field("preemptionPolicy")
        .one_of(&["PreemptLowerPriority", "Never"]);
    for name in ["nodeName", "priorityClassName"] {
        pod.field(name).parse(dns_subdomain);
    }
    pod.field("runtimeClassName").filled().parse(dns_subdomain);
    pod.field("schedulingGroup")
        .forbid("mcpset does not know yet how it is checked", "remove it");
}

fn affinity(affinity: &Field<'_>) {
    let nodes = affinity.field("nodeAffinity");
    let required = nodes.field(REQUIRED);
    if required.exists() {
        required.field("nodeSelectorTerms").require();
    }
    for term in required.field("nodeSelectorTerms").items() {
        node_term(&term, true);
    }
    for preferred in nodes.field(PREFERRED).items() {
        weight(&preferred);
        node_term(&preferred.field("preference"), false);
    }
    for name in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.field(name);
        for term in pods.field(REQUIRED).items() {
            pod_term(&term);
        }
        for preferred in pods.field(PREFERRED).items() {
            weight(&preferred);
            pod_term(&preferred.field("podAffinityTerm"));
        }
    }
}

fn weight(preferred: &Field<'_>) {
    preferred.field("weight").range(1..=100);
}

fn node_term(term: &Field<'_>, is_required: bool) {
    for expression in term.field("matchExpressions").items() {
        expression.field("key").require().parse(qualified_name);
        let (operator, values) = (expression.field("operator"), expression.field("values"));
        operator.require();
        operator.one_of(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
        values_for(&operator, &values);
        if (operator.is("Gt") || operator.is("Lt")) && values.items().len() != 1 {
            values.refuse("the operator compares one value", "write one");
        }
        for value in values.items().iter().filter(|_| is_required) {
            value.parse(LabelValue::parse);
        }
    }
    for field in term.field("matchFields").items() {
        field.field("key").require().one_of(&["metadata.name"]);
        field.field("operator").require().one_of(&["In", "NotIn"]);
        let values = field.field("values");
        if values.items().len() != 1 {
            values.refuse("a field is compared with one value", "write one");
        }
        for value in values.items() {
            value.require().parse(dns_subdomain);
        }
    }
}

fn pod_term(term: &Field<'_>) {
    term.field("topologyKey").require().parse(qualified_name);
    selector(&term.field("labelSelector"));
    selector(&term.field("namespaceSelector"));
    for namespace in term.field("namespaces").items() {
        namespace.require().parse(dns_label);
    }
    let known = selected_keys(&term.field("labelSelector"));
    for name in ["matchLabelKeys", "mismatchLabelKeys"] {
        label_keys(term, name, &known);
    }
    let other = term.field("mismatchLabelKeys").items();
    for key in term.field("matchLabelKeys").items() {
        if other.iter().any(|other| other.equals(&key)) {
            key.refuse(
                "it is among `mismatchLabelKeys` too",
                "write it in one of them",
            );
        }
    }
}

/// Keys by which pods are compared with those that are selected.
fn label_keys(within: &Field<'_>, name: &str, known: &[&str]) {
    let keys = within.field(name);
    if !keys.is_empty() && !within.field("labelSelector").exists() {
        keys.refuse(
            "there is no `labelSelector` that it could narrow",
            "write one",
        );
    }
    for key in keys.items() {
        key.require().parse(qualified_name);
        if key.text().is_some_and(|text| known.contains(&text)) {
            key.refuse("`labelSelector` has it too", "write it in one of them");
        }
    }
}

fn selected_keys<'o>(selector: &Field<'o>) -> Vec<&'o str> {
    let labels = selector.field("matchLabels").entries();
    let expressions = selector.field("matchExpressions").items();
    let expressions = expressions.iter();
    let keys = expressions.filter_map(|expression| expression.field("key").text());
    labels.iter().map(|(key, _)| *key).chain(keys).collect()
}

fn tolerate(toleration: &Field<'_>) {
    let (key, operator) = (toleration.field("key"), toleration.field("operator"));
    let (value, effect) = (toleration.field("value"), toleration.field("effect"));
    key.parse(qualified_name);
    // An empty text is the first operator, and any effect.
    if !operator.is_empty() {
        operator.one_of(&["Equal", "Exists"]);
    }
    if !effect.is_empty() {
        effect.one_of(&["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    }
    if operator.is("Exists") {
        if !value.is_empty() {
            value.refuse("the operator `Exists` compares no value", "remove it");
        }
    } else {
        value.parse(LabelValue::parse);
        if key.is_empty() {
            let help = "name a taint in `key`, or write `operator: Exists` for all of them";
            toleration.refuse("it names no taint", help);
        }
    }
    let seconds = toleration.field("tolerationSeconds");
    if !effect.is("NoExecute") {
        seconds.forbid(
            "only pods that are evicted wait",
            "write `effect: NoExecute`",
        );
    }
}

fn spread(constraints: &Field<'_>) {
    constraints.unique(&["topologyKey", "whenUnsatisfiable"]);
    for constraint in constraints.items() {
        constraint.field("maxSkew").at_least(1);
        constraint.field("topologyKey").require();
        let unsatisfiable = constraint.field("whenUnsatisfiable");
        unsatisfiable
            .require()
            .one_of(&["DoNotSchedule", "ScheduleAnyway"]);
        let domains = constraint.field("minDomains");
        domains.at_least(1);
        if !unsatisfiable.is("DoNotSchedule") {
            let help = "write `whenUnsatisfiable: DoNotSchedule`";
            domains.forbid("only pods that are not scheduled need domains", help);
        }
        for name in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            constraint.field(name).one_of(&["Honor", "Ignore"]);
        }
        let known = selected_keys(&constraint.field("labelSelector"));
        label_keys(&constraint, "matchLabelKeys", &known);
        selector(&constraint.field("labelSelector"));
    }
}

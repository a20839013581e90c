//! Deployments, and what counts their pods: autoscalers and disruption budgets.

use super::Field;
use super::grammar::{api_version, dns_label, path_segment};
use super::metadata::{of_pods, selector};
use super::pod::pod;
use super::resources::{above_zero, amount};

/// Seconds after which a rollout counts as failed where it does not say.
const DEADLINE: i64 = 600;

pub fn deployment(deployment: &Field<'_>) {
    let spec = deployment.field("spec");
    for name in [
        "replicas",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
    ] {
        spec.field(name).at_least(0);
    }
    let deadline = spec.field("progressDeadlineSeconds");
    let ready = spec.field("minReadySeconds");
    let within = deadline.number().unwrap_or(DEADLINE);
    if within >= 0 && ready.number().unwrap_or_default() >= within {
        let problem = "no pod is ready before the rollout counts as failed";
        let help = "write a `progressDeadlineSeconds` above `minReadySeconds`";
        ready.refuse_beside(&deadline, problem, help);
    }
    let strategy = spec.field("strategy");
    strategy
        .field("type")
        .one_of(&["Recreate", "RollingUpdate"]);
    let rolling = strategy.field("rollingUpdate");
    let (less, more) = (rolling.field("maxUnavailable"), rolling.field("maxSurge"));
    less.share(Some(100));
    more.share(None);
    if is_nothing(&less) && is_nothing(&more) {
        less.refuse_beside(
            &more,
            "`maxSurge` and `maxUnavailable` are both nothing, so no pod is replaced",
            "write more in one",
        );
    }
    let rollback = "deprecated.deployment.rollback.to";
    let annotations = deployment.at("metadata.annotations");
    annotations
        .field(rollback)
        .forbid("it is a command of an API that is gone", "remove it");
    of_pods(&spec.at("template.metadata"));
    pod(&spec.at("template.spec"));
}

fn is_nothing(share: &Field<'_>) -> bool {
    let digits = share.text().map(|text| text.trim_end_matches('%'));
    let percent = digits.and_then(|digits| digits.parse().ok());
    share.number().or(percent) == Some(0)
}

pub fn disruption_budget(budget: &Field<'_>) {
    let spec = budget.field("spec");
    let (least, most) = (spec.field("minAvailable"), spec.field("maxUnavailable"));
    least.share(Some(100));
    most.share(Some(100));
    if least.exists() && most.exists() {
        let help = "write one of them; `null` removes the other";
        most.refuse_beside(
            &least,
            "`minAvailable` and `maxUnavailable` exclude each other",
            help,
        );
    }
    let policy = spec.field("unhealthyPodEvictionPolicy");
    policy.one_of(&["AlwaysAllow", "IfHealthyBudget"]);
    selector(&spec.field("selector"));
}

pub fn autoscaler(autoscaler: &Field<'_>) {
    let spec = autoscaler.field("spec");
    let (least, most) = (spec.field("minReplicas"), spec.field("maxReplicas"));
    least.at_least(1);
    most.require().at_least(1);
    if most.number() < least.number() {
        most.refuse_beside(
            &least,
            "`minReplicas` is above `maxReplicas`",
            "write a lower one, or a higher other one",
        );
    }
    for metric in spec.field("metrics").items() {
        self::metric(&metric);
    }
    for name in ["scaleDown", "scaleUp"] {
        let rules = spec.field("behavior").field(name);
        rules.field("stabilizationWindowSeconds").range(0..=3600);
        rules
            .field("selectPolicy")
            .one_of(&["Disabled", "Max", "Min"]);
        amount(&rules.field("tolerance"));
        let policies = rules.field("policies");
        // What is left out is decided by the API server; an empty list is not.
        if policies.exists() {
            policies.require();
        }
        for policy in policies.items() {
            policy.field("type").require().one_of(&["Percent", "Pods"]);
            policy.field("value").require().at_least(1);
            policy.field("periodSeconds").require().range(1..=1800);
        }
    }
}

/// The kinds of metrics, and the field that says of which each is.
const METRICS: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

fn metric(metric: &Field<'_>) {
    let kind = metric.field("type");
    kind.require().one_of(&METRICS.map(|(kind, _)| kind));
    let Some((_, own)) = METRICS.iter().find(|(known, _)| kind.is(known)) else {
        return;
    };
    for (_, name) in METRICS.iter().filter(|(_, name)| name != own) {
        let problem = format!("a metric of this type says `{own}`");
        metric.field(name).forbid(&problem, "remove it");
    }
    let source = metric.field(own);
    if source.require().is_empty() {
        return;
    }
    let target = source.field("target");
    let kinds = ["AverageValue", "Utilization", "Value"];
    target.field("type").require().one_of(&kinds);
    above_zero(&target.field("value"));
    above_zero(&target.field("averageValue"));
    target.field("averageUtilization").at_least(1);
    let wanted: &[&'static str] = match *own {
        "resource" | "containerResource" => {
            source.field("name").require();
            &["averageUtilization", "averageValue"]
        }
        "pods" => &["averageValue"],
        _ => &["averageValue", "value"],
    };
    // Of an object both may be said.
    let says = |name: &&'static str| target.field(name).exists();
    if *own != "object" || !wanted.iter().any(says) {
        target.exactly_one(wanted);
    }
    if *own == "containerResource" {
        source.field("container").require().parse(dns_label);
        let names = ["cpu", "memory", "ephemeral-storage"];
        source.field("name").one_of(&names);
    }
    if ["external", "object", "pods"].contains(own) {
        source.at("metric.name").require().parse(path_segment);
    }
    if *own == "object" {
        let version = source.at("describedObject.apiVersion");
        version.parse(api_version);
        for name in ["kind", "name"] {
            let field = source.field("describedObject").field(name);
            field.require().parse(path_segment);
        }
    }
}

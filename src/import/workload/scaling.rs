//! The autoscaler of a Deployment.

use super::Objects;
use crate::import::draft::Server;
use crate::import::tree::Map;
use crate::manifest::At;

/// Takes the autoscaler of the Deployment `name` over.
pub fn autoscaling(objects: &Objects<'_>, name: &str, namespace: &str, server: &mut Server) {
    let mut scalers = objects.of_kind("HorizontalPodAutoscaler", namespace);
    let Some(scaler) = scalers.find(|scaler| {
        let target = At::new(scaler).at("spec.scaleTargetRef");
        target.get("kind").text() == Some("Deployment") && target.get("name").text() == Some(name)
    }) else {
        return;
    };
    objects.used(scaler);
    let spec = At::new(scaler).get("spec");
    let numbers = 1..=i64::from(i32::MAX);
    let least = spec
        .get("minReplicas")
        .number()
        .filter(|number| numbers.contains(number))
        .unwrap_or(1);
    let Some(most) = spec
        .get("maxReplicas")
        .number()
        .filter(|most| *most >= least && numbers.contains(most))
    else {
        server
            .lost
            .push("the HorizontalPodAutoscaler, which has no `maxReplicas`".to_owned());
        return;
    };
    let mut autoscaling = Map::default();
    autoscaling.set("min", least);
    autoscaling.set("max", most);
    let mut others = spec.get("behavior").exists();
    let first = spec
        .get("targetCPUUtilizationPercentage")
        .number()
        .map(|share| ("cpu", share));
    let mut shares: Vec<(&str, i64)> = first.into_iter().collect();
    for metric in spec.get("metrics").items() {
        let share = metric.at("resource.target.averageUtilization").number();
        match (metric.at("resource.name").text(), share) {
            (Some("cpu"), Some(share)) => shares.push(("cpu", share)),
            (Some("memory"), Some(share)) => shares.push(("memory", share)),
            _ => others = true,
        }
    }
    for (name, share) in shares
        .into_iter()
        .filter(|(_, share)| (1..=1000).contains(share))
    {
        autoscaling.set(name, share);
    }
    // Either says how many pods there are.
    server.fields.remove("replicas");
    server.fields.set("autoscaling", autoscaling);
    if others {
        server
            .lost
            .push("the autoscaler's behaviour and other metrics".to_owned());
    }
}

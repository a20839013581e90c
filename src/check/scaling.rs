//! Who decides how many pods a workload has.

use std::collections::HashMap;

use crate::manifest::{At, Manifests, Object};

/// An autoscaler, with the fields that its kind has.
#[derive(Debug, Clone, Copy)]
pub struct Scaler<'m> {
    /// Itself.
    pub object: &'m Object,
    /// The fewest pods that it leaves.
    pub least: At<'m>,
    /// The most pods that it makes.
    pub most: At<'m>,
    /// The fewest where nothing is written.
    unwritten: i64,
}

impl<'m> Scaler<'m> {
    /// The HorizontalPodAutoscaler or KEDA's ScaledObject in `object`.
    #[must_use]
    pub fn of(object: &'m Object) -> Option<Self> {
        let (least, most, unwritten) = match object.kind() {
            "HorizontalPodAutoscaler" => ("spec.minReplicas", "spec.maxReplicas", 1),
            "ScaledObject" => ("spec.minReplicaCount", "spec.maxReplicaCount", 0),
            _ => return None,
        };
        Some(Self {
            object,
            least: object.at(least),
            most: object.at(most),
            unwritten,
        })
    }

    /// The fewest pods that it leaves.
    #[must_use]
    pub fn fewest(&self) -> i64 {
        self.least.number().unwrap_or(self.unwritten)
    }

    /// The kind, namespace and name of what it scales.
    #[must_use]
    pub fn target(&self) -> (&'m str, &'m str, &'m str) {
        let target = self.object.at("spec.scaleTargetRef");
        // KEDA takes a Deployment where no kind is written.
        let kind = target.get("kind").text().unwrap_or("Deployment");
        let name = target.get("name").text().unwrap_or_default();
        (kind, self.object.namespace(), name)
    }
}

/// The autoscalers of an input.
#[derive(Debug)]
pub struct Scalers<'m> {
    all: Vec<Scaler<'m>>,
    /// Positions by the id of what is scaled.
    by_target: HashMap<(&'m str, &'m str, &'m str), usize>,
}

impl<'m> Scalers<'m> {
    /// The autoscalers in `manifests`.
    #[must_use]
    pub fn of(manifests: &'m Manifests) -> Self {
        let kinds = ["HorizontalPodAutoscaler", "ScaledObject"];
        let objects = kinds.into_iter().flat_map(|kind| manifests.of_kind(kind));
        let all: Vec<Scaler<'m>> = objects.filter_map(Scaler::of).collect();
        let mut by_target = HashMap::new();
        for (position, scaler) in all.iter().enumerate() {
            by_target.entry(scaler.target()).or_insert(position);
        }
        Self { all, by_target }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Scaler<'m>> {
        self.all.iter()
    }

    /// What scales `workload`.
    #[must_use]
    pub fn of_workload(&self, workload: &'m Object) -> Option<&Scaler<'m>> {
        self.all.get(*self.by_target.get(&workload.id())?)
    }
}

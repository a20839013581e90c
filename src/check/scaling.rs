//! Who decides how many pods a workload has.

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

    /// Whether it scales `workload`.
    #[must_use]
    pub fn scales(&self, workload: &Object) -> bool {
        let target = self.object.at("spec.scaleTargetRef");
        // KEDA takes a Deployment where no kind is written.
        let kind = target.get("kind").text().unwrap_or("Deployment");
        self.object.namespace() == workload.namespace()
            && kind == workload.kind()
            && target.get("name").text() == Some(workload.name())
    }
}

/// All autoscalers.
pub fn scalers(manifests: &Manifests) -> impl Iterator<Item = Scaler<'_>> {
    let kinds = ["HorizontalPodAutoscaler", "ScaledObject"];
    let objects = kinds.into_iter().flat_map(|kind| manifests.of_kind(kind));
    objects.filter_map(Scaler::of)
}

/// What scales `workload`.
#[must_use]
pub fn scaler_of<'m>(manifests: &'m Manifests, workload: &Object) -> Option<Scaler<'m>> {
    scalers(manifests).find(|scaler| scaler.scales(workload))
}

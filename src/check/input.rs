//! What is checked, with what finds one thing among thousands.

use super::references::Secrets;
use super::scaling::Scalers;
use crate::manifest::{Manifests, Pods, Services};

/// All objects, and the ways to them.
#[derive(Debug)]
pub struct Input<'m> {
    /// The objects themselves, by kind and name.
    pub manifests: &'m Manifests,
    /// The pods that they start, by labels.
    pub pods: Pods<'m>,
    /// The Services among them, by labels.
    pub services: Services<'m>,
    /// What makes Secrets, by the Secret's name.
    pub secrets: Secrets<'m>,
    /// The autoscalers among them, by what they scale.
    pub scalers: Scalers<'m>,
}

impl<'m> Input<'m> {
    /// The objects of `manifests`.
    #[must_use]
    pub fn of(manifests: &'m Manifests) -> Self {
        Self {
            pods: Pods::of(manifests),
            services: Services::of(manifests),
            secrets: Secrets::of(manifests),
            scalers: Scalers::of(manifests),
            manifests,
        }
    }
}

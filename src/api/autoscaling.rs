//! `spec.servers[].autoscaling`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;

/// How many pods there are when much is to do, and when little.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["max"]))]
pub struct Autoscaling {
    /// The fewest pods. Default 2.
    pub min: Field<i64>,
    /// The most pods.
    pub max: Field<i64>,
    /// Average use of CPU that pods are added above, in percent of the request. Default 70, unless
    /// `memory` is given.
    pub cpu: Field<i64>,
    /// The same of memory. Default: memory adds no pods.
    pub memory: Field<i64>,
}

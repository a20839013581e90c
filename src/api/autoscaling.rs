//! `spec.servers[].autoscaling`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;
use super::from;

/// How many pods there are when much is to do, and when little.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["max"]))]
pub struct Autoscaling {
    /// The fewest pods.
    #[schemars(range(min = 1))]
    #[schemars(extend("default" = 2, "x-default-from" = from::GUIDE_RESOURCES))]
    #[schemars(extend("examples" = [3]))]
    pub min: Field<i64>,
    /// The most pods.
    #[schemars(range(min = 1), extend("examples" = [6]))]
    pub max: Field<i64>,
    /// Average use of CPU that pods are added above, in percent of the request. Default 70, unless
    /// `memory` is given.
    #[schemars(range(min = 1), extend("examples" = [70]))]
    pub cpu: Field<i64>,
    /// The same of memory. Default: memory adds no pods.
    #[schemars(range(min = 1), extend("examples" = [80]))]
    pub memory: Field<i64>,
}

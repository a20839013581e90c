//! AWS: what the platform is, and what a server may do there.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Entries, Field, List};
use super::variables::EnvLiteral;

/// The AWS account and cluster of the set, which `mcpset iam` writes about.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsPlatform {
    /// The account in which roles exist: 12 digits. Default: a server's own `roleArn` says it.
    pub account_id: Field<String>,
    /// The cluster's region, such as `us-east-1`.
    pub region: Field<String>,
    /// Partition: `aws`, `aws-cn` or `aws-us-gov`. Default: the region's, or else `aws`; a
    /// `roleArn` has its own.
    pub partition: Field<String>,
    /// The cluster's OIDC issuer, with or without `https://`, such as
    /// `oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`.
    pub oidc_issuer: Field<String>,
    /// The EKS cluster's name, to which Pod Identity associations belong.
    pub cluster_name: Field<String>,
}

/// Identity towards AWS.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Aws {
    /// ARN of the IAM role that the ServiceAccount assumes (IRSA).
    pub role_arn: Field<String>,
    /// Whether EKS Pod Identity gives the role instead. Default `false`.
    pub pod_identity: Field<bool>,
    /// What the role allows; `mcpset iam` writes it. Default: nothing.
    pub policy: Field<List<Statement>>,
}

/// One statement of a permission policy. Its effect is `Allow`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["actions", "resources"]))]
pub struct Statement {
    /// Its name, of letters and digits, which no other statement of the role has. Default: none.
    pub sid: Field<String>,
    /// Actions with their service's prefix, such as `s3:GetObject`; at least one.
    #[schemars(extend("minItems" = 1))]
    pub actions: Field<List<String>>,
    /// ARNs, with `*` for any text and `?` for any character, or `*` alone; at least one.
    #[schemars(extend("minItems" = 1))]
    pub resources: Field<List<String>>,
    /// Conditions: operator, then key, then one value or several. All must hold.
    pub conditions: Field<Entries<Entries<ConditionValues>>>,
}

/// What a condition key is compared with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename = "$shape")]
#[schemars(rename = "ConditionValues", untagged)]
pub enum ConditionValues {
    /// One value. Numbers and booleans may stand without quotes.
    #[serde(rename = "text")]
    #[schemars(with = "EnvLiteral")]
    One(String),
    /// Several, any of which will do.
    #[serde(rename = "list")]
    Many(List<String>),
}

//! AWS: what the platform is, and what a server may do there.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::{Entries, Field, List};
use super::variables::EnvLiteral;
use super::{from, pattern};

/// The AWS account and cluster of the set, which `mcpset iam` writes about.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AwsPlatform {
    /// The account in which roles exist: 12 digits. Default: a server's own `roleArn` says it.
    #[schemars(regex(pattern = pattern::ACCOUNT_ID), extend("examples" = ["123456789012"]))]
    pub account_id: Field<String>,
    /// The cluster's region, such as `us-east-1`.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["us-east-1"]))]
    pub region: Field<String>,
    /// Partition: `aws`, `aws-cn` or `aws-us-gov`. Default: the region's, or else `aws`; a
    /// `roleArn` has its own.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["aws-us-gov"]))]
    pub partition: Field<String>,
    /// The cluster's OIDC issuer, with or without `https://`.
    #[schemars(regex(pattern = pattern::WORD))]
    #[schemars(extend("examples" = ["oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"]))]
    pub oidc_issuer: Field<String>,
    /// The EKS cluster's name, to which Pod Identity associations belong.
    #[schemars(regex(pattern = pattern::WORD), extend("examples" = ["platform"]))]
    pub cluster_name: Field<String>,
}

/// Identity towards AWS.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Aws {
    /// ARN of the IAM role that the ServiceAccount assumes (IRSA).
    #[schemars(regex(pattern = pattern::ROLE_ARN))]
    #[schemars(extend("examples" = ["arn:aws:iam::123456789012:role/mcp-s3-role"]))]
    pub role_arn: Field<String>,
    /// Whether EKS Pod Identity gives the role instead.
    #[schemars(extend("default" = false, "x-default-from" = from::GUIDE_IRSA, "examples" = [true]))]
    pub pod_identity: Field<bool>,
    /// What the role allows; `mcpset iam` writes it. Default: nothing.
    #[schemars(extend("examples" = [[{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::reports/*"]}]]))]
    pub policy: Field<List<Statement>>,
}

/// One statement of a permission policy. Its effect is `Allow`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("required" = ["actions", "resources"]))]
pub struct Statement {
    /// Its name, of letters and digits, which no other statement of the role has. Default: none.
    #[schemars(regex(pattern = pattern::SID), extend("examples" = ["ReadReports"]))]
    pub sid: Field<String>,
    /// Actions with their service's prefix, such as `s3:GetObject`; at least one.
    #[schemars(inner(regex(pattern = pattern::WORD)), extend("minItems" = 1))]
    #[schemars(extend("examples" = [["s3:GetObject", "s3:ListBucket"]]))]
    pub actions: Field<List<String>>,
    /// ARNs, with `*` for any text and `?` for any character, or `*` alone; at least one.
    #[schemars(inner(regex(pattern = pattern::ARN)), extend("minItems" = 1))]
    #[schemars(extend("examples" = [["arn:aws:s3:::reports/*"]]))]
    pub resources: Field<List<String>>,
    /// Conditions: operator, then key, then one value or several. All must hold.
    #[schemars(extend("examples" = [{"StringEquals": {"aws:ResourceTag/team": "platform"}}]))]
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

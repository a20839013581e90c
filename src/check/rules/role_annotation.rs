//! A ServiceAccount names a role that there can be.

use super::{Context, Found, Rule};
use crate::check::conventions::ROLE;
use crate::model::RoleArn;
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP019",
    name: "role-annotation",
    title: "the role of a ServiceAccount is a well-formed ARN",
    severity: Severity::Error,
    why: "EKS takes any text here and hands it to the pod; the first call of AWS then fails, and nothing says why.",
    fix: "write `eks.amazonaws.com/role-arn: \"arn:aws:iam::<12 digits>:role/<name>\"`",
    source: "guide, IRSA (IAM Roles for Service Accounts): annotate the ServiceAccount",
    good: "\
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::123456789012:role/mcp-s3-role\"}}
",
    broken_by: &[
        ("annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::123456789012:role/mcp-s3-role\"}", "annotations: {eks.amazonaws.com/role-arn: \"arn:aws:iam::ACCOUNT_ID:role/mcp-s3-role\"}"),
    ],
    check,
};

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for account in context.input.manifests.of_kind("ServiceAccount") {
        let at = account.at("metadata.annotations").get(ROLE);
        // An empty one is none, to EKS too.
        let role = at.text().filter(|role| !role.is_empty());
        if let Some(Err(invalid)) = role.map(RoleArn::parse) {
            found.add(account, at, invalid.problem);
        }
    }
}

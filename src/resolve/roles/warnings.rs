//! What IAM accepts and people should not.

use super::super::scope::{Scope, items};
use super::{Context, WithAws};
use crate::api;
use crate::model::iam::{Partition, Statement};
use crate::problem::{Code, Problem};

/// Warns of a role of `servers` in `partition`.
pub fn warn(
    scope: &mut Scope<'_>,
    servers: &[WithAws<'_>],
    partition: Partition,
    context: &Context<'_>,
) {
    for written in servers {
        warn_of_role(scope, written, partition, context);
        let policy = written.aws.value().map(|aws| &aws.policy);
        let statements = policy.and_then(|policy| items(policy).ok());
        let statements = statements.unwrap_or_default();
        for (item, statement) in statements.into_iter().zip(&written.server.aws.policy) {
            warn_of_statement(scope, &item.value, statement, partition);
        }
    }
    if let [first, second, ..] = servers {
        let problem = Problem::warning(
            Code::Downgrade,
            second.place,
            format!(
                "{} servers share a role, so each may do what any of them may",
                servers.len()
            ),
        )
        .help("give each server a role of its own");
        scope.note(if first.place == second.place {
            problem
        } else {
            problem.related(first.place, "the first of them")
        });
    }
}

/// A ServiceAccount that names no role or one elsewhere, and so does not get this one.
fn warn_of_role(
    scope: &mut Scope<'_>,
    written: &WithAws<'_>,
    partition: Partition,
    context: &Context<'_>,
) {
    let cloud = context.cloud;
    let Some(arn) = &written.server.aws.role_arn else {
        if !written.server.aws.pod_identity {
            let account = cloud
                .account
                .as_ref()
                .map_or("123456789012", |a| a.as_str());
            scope.note(
                Problem::warning(
                    Code::Contradiction,
                    written.place,
                    format!("the ServiceAccount `{}` does not name the role, so the server gets none of it", written.server.names.service_account),
                )
                .help(format!(
                    "add `roleArn: arn:{partition}:iam::{account}:role/{}-role`, or `podIdentity: true`",
                    written.server.names.workload
                )),
            );
        }
        return;
    };
    if let Some(account) = &cloud.account
        && account.as_str() != arn.account_id()
    {
        scope.note(
            Problem::warning(
                Code::Contradiction,
                written.place,
                format!("the role is in the account {}, and `platform.aws.accountId` is {account}", arn.account_id()),
            )
            .help("create it there, where the cluster's OIDC provider must exist as well; or correct one of the two"),
        );
    }
    if let Some(platform) = cloud.partition
        && platform != partition
    {
        scope.note(
            Problem::warning(
                Code::Contradiction,
                written.place,
                format!("the role is in the partition `{partition}`, and the platform in `{platform}`"),
            )
            .help("no token of one partition is worth anything in another: correct the ARN, or `platform.aws`"),
        );
    }
}

fn warn_of_statement(
    scope: &mut Scope<'_>,
    written: &api::Statement,
    statement: &Statement,
    partition: Partition,
) {
    let actions = items(&written.actions).unwrap_or_default();
    for (text, action) in actions.into_iter().zip(&statement.actions) {
        if action.is_wide() {
            scope.note(
                Problem::warning(
                    Code::Downgrade,
                    text.place,
                    format!(
                        "`{action}` stands for any number of actions, those of tomorrow included"
                    ),
                )
                .help("name the actions that the server's tools need"),
            );
        }
    }
    let resources = items(&written.resources).unwrap_or_default();
    for (text, resource) in resources.into_iter().zip(&statement.resources) {
        if resource.is_wide() {
            scope.note(
                Problem::warning(
                    Code::Downgrade,
                    text.place,
                    format!("`{resource}` allows it on everything, other teams' included"),
                )
                .help(
                    "name the resources, unless these actions know none, as `s3:ListAllMyBuckets`",
                ),
            );
        }
        if let Some(other) = resource.partition()
            && other != partition
        {
            scope.note(
                Problem::warning(
                    Code::Contradiction,
                    text.place,
                    format!(
                        "the resource is in the partition `{other}`, and the role in `{partition}`"
                    ),
                )
                .help(format!(
                    "begin it with `arn:{partition}:`: a role reaches nothing elsewhere"
                )),
            );
        }
    }
}

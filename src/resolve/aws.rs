//! `spec.platform.aws` and `servers[].aws`, as far as they are wrong in themselves. What only
//! `mcpset iam` needs is decided in [`roles`](super::roles).

use std::collections::{BTreeMap, HashMap};

use super::scope::{Reported, Scope, all, group, items, setting};
use crate::api::{self, Field, Placed};
use crate::model::iam::{
    Access, AccountId, Cloud, ClusterName, ConditionKey, ConditionOperator, ConditionValue,
    IamAction, IamResource, OidcIssuer, Partition, Region, Sid, Statement,
};
use crate::model::{RoleArn, RoleName, ServerNames};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// Resolves `spec.platform.aws`.
pub fn cloud(scope: &mut Scope<'_>, field: &Field<api::AwsPlatform>) -> Result<Cloud, Reported> {
    let written = group(field)?;
    let account = scope.optional(&written.account_id, AccountId::parse);
    let region = scope.optional(&written.region, Region::parse);
    let partition = scope.optional(&written.partition, Partition::parse);
    let issuer = scope.optional(&written.oidc_issuer, OidcIssuer::parse);
    let cluster = scope.optional(&written.cluster_name, ClusterName::parse);
    let (region, partition) = (region?, partition?);
    if let (Some(region), Some(partition), Some(place)) =
        (&region, partition, written.partition.place())
        && region.partition() != partition
    {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                format!("the region {region} is not in the partition `{partition}`"),
            )
            .help(format!(
                "write `partition: {}`, or leave it out: the region says it",
                region.partition()
            )),
        );
    }
    Ok(Cloud {
        account: account?,
        partition: partition.or_else(|| region.as_ref().map(Region::partition)),
        region,
        issuer: issuer?,
        cluster: cluster?,
    })
}

/// Resolves `aws` of the server with these names.
pub fn access(
    scope: &mut Scope<'_>,
    field: &Field<api::Aws>,
    names: Result<&ServerNames, Reported>,
) -> Result<Access, Reported> {
    let written = group(field)?;
    let role_arn = role(scope, &written);
    let policy = policy(scope, &written);
    let (role_arn, policy) = (role_arn?, policy?);
    let pod_identity = setting(&written.pod_identity, false)?;
    let role = match &role_arn {
        Some(arn) => Some(arn.name()),
        None if pod_identity || !policy.is_empty() => {
            // The guide's name; a workload's has 55 letters, digits and `-` at most.
            let name = RoleName::parse(&format!("{}-role", names?.workload));
            Some(scope.valid(name, Code::InvalidValue, field.place())?)
        }
        None => None,
    };
    Ok(Access {
        role_arn: role_arn.map(Box::new),
        pod_identity,
        policy,
        role,
    })
}

fn role(scope: &mut Scope<'_>, written: &api::Aws) -> Result<Option<RoleArn>, Reported> {
    let role = scope.optional(&written.role_arn, RoleArn::parse)?;
    match (&role, written.pod_identity.given()) {
        (Some(_), Some(Placed { value: true, place })) => scope.report(
            Problem::error(
                Code::Contradiction,
                *place,
                "`roleArn` (IRSA) and `podIdentity` are two ways to one role",
            )
            .help("keep one of them: with Pod Identity the association names the role, not the ServiceAccount"),
        ),
        _ => Ok(role),
    }
}

fn policy(scope: &mut Scope<'_>, written: &api::Aws) -> Result<Vec<Statement>, Reported> {
    let mut seen: HashMap<Sid, Place> = HashMap::new();
    let items = items(&written.policy)?;
    all(items.into_iter().map(|item| {
        let statement = statement(scope, &item.value, item.place)?;
        if let (Some(sid), Some(place)) = (&statement.sid, item.value.sid.place())
            && let Some(first) = seen.insert(sid.clone(), place)
        {
            return scope.report(
                Problem::error(
                    Code::NameCollision,
                    place,
                    format!("two statements are called `{sid}`"),
                )
                .related(first, "the first of them")
                .help("IAM refuses a policy in which two are: give one another `sid`, or none"),
            );
        }
        Ok(statement)
    }))
}

fn statement(
    scope: &mut Scope<'_>,
    written: &api::Statement,
    place: Place,
) -> Result<Statement, Reported> {
    let sid = scope.optional(&written.sid, Sid::parse);
    let actions = some(
        scope,
        &written.actions,
        ("actions", "such as `[s3:GetObject]`"),
        place,
        IamAction::parse,
    );
    let resources = some(
        scope,
        &written.resources,
        ("resources", "such as `[\"arn:aws:s3:::company-docs/*\"]`"),
        place,
        IamResource::parse,
    );
    let conditions = conditions(scope, &written.conditions);
    Ok(Statement {
        sid: sid?,
        actions: actions?,
        resources: resources?,
        conditions: conditions?,
    })
}

/// A list of a statement at `parent`, which must be there and hold something. `what` is its name and
/// an example.
fn some<T>(
    scope: &mut Scope<'_>,
    list: &Field<api::List<String>>,
    what: (&str, &str),
    parent: Place,
    parse: impl Fn(&str) -> Result<T, crate::model::Invalid>,
) -> Result<Vec<T>, Reported> {
    let (name, example) = what;
    let written = scope.required(list, name, example, parent)?;
    if written.value.is_empty() {
        return scope.report(
            Problem::error(
                Code::MissingField,
                written.place,
                format!("`{name}` is empty, and IAM takes no such statement"),
            )
            .help(format!("write at least one, {example}")),
        );
    }
    scope.parse_items(list, parse)
}

type Conditions = BTreeMap<ConditionOperator, BTreeMap<ConditionKey, Vec<ConditionValue>>>;

fn conditions(
    scope: &mut Scope<'_>,
    field: &Field<api::Entries<api::Entries<api::ConditionValues>>>,
) -> Result<Conditions, Reported> {
    let operators = group(field)?;
    let operators = all(operators.iter().map(|(name, keys)| {
        let operator = scope.parse(name, ConditionOperator::parse);
        let keys = scope.entry(name, keys)?;
        if keys.value.iter().next().is_none() {
            return scope.report(
                Problem::error(
                    Code::MissingField,
                    name.place,
                    format!("`{}` compares nothing", name.value),
                )
                .help("write a key and its value, such as `aws:SourceVpc: vpc-0a1b2c3d`"),
            );
        }
        let keys = all(keys.value.iter().map(|(key, values)| {
            let parsed = scope.parse(key, ConditionKey::parse);
            let values = values_of(scope, key, values);
            Ok((parsed?, values?))
        }));
        Ok((operator?, keys?.into_iter().collect()))
    }))?;
    Ok(operators.into_iter().collect())
}

fn values_of(
    scope: &mut Scope<'_>,
    key: &Placed<String>,
    field: &Field<api::ConditionValues>,
) -> Result<Vec<ConditionValue>, Reported> {
    let written = scope.entry(key, field)?;
    match &written.value {
        api::ConditionValues::One(text) => scope
            .valid(
                ConditionValue::parse(text),
                Code::InvalidValue,
                written.place,
            )
            .map(|value| vec![value]),
        api::ConditionValues::Many(list) if list.is_empty() => scope.report(
            Problem::error(
                Code::MissingField,
                written.place,
                format!("`{}` is compared with nothing", key.value),
            )
            .help("write at least one value"),
        ),
        api::ConditionValues::Many(list) => all(list.iter().map(|item| match item {
            Field::Given(text) => scope.parse(text, ConditionValue::parse),
            // An empty item has been reported when it was read.
            Field::Absent | Field::Wrong(_) => Err(Reported),
        })),
    }
}

//! The IAM roles of a set, which `mcpset iam` writes.
//!
//! A bundle needs neither account nor issuer, so whoever renders one is not asked for them. Whoever
//! wants roles is, and is told what IAM would accept and AWS then not do.

mod warnings;

use std::collections::BTreeMap;

use super::Written;
use super::scope::{Reported, Scope, all, group};
use crate::api::{self, Field, Placed};
use crate::model::iam::{AccountId, Association, Cloud, Irsa, Partition, Role, Statement};
use crate::model::{RoleName, Server, Set};
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;
use warnings::warn;

/// What is wanted of the roles, and with it what must be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Who may become them.
    Trust,
    /// What they allow.
    Policy,
    /// Both, and what `aws` needs to make them.
    Commands,
    /// Both, as objects of the ACK controllers.
    Objects,
}

/// One server with what it says of AWS.
struct WithAws<'s> {
    server: &'s Server,
    aws: Field<api::Aws>,
    /// Where the role or the wish for one stands.
    place: Place,
}

/// Decides the roles of `set`, which was resolved from `spec` in `written`, in the order of their
/// names, each with the place where its first server asks for it. `None` when `problems`
/// has an error.
pub fn roles<'s>(
    spec: &Field<api::Spec>,
    written: Written<'_>,
    set: &'s Set,
    wanted: Wanted,
    problems: &mut Problems,
) -> Option<Vec<(Role<'s>, Place)>> {
    let mut scope = Scope::new(problems);
    resolve_roles(&mut scope, spec, written, set, wanted).ok()
}

fn resolve_roles<'s>(
    scope: &mut Scope<'_>,
    spec: &Field<api::Spec>,
    written: Written<'_>,
    set: &'s Set,
    wanted: Wanted,
) -> Result<Vec<(Role<'s>, Place)>, Reported> {
    let place = written.document.place;
    let spec = group(spec)?;
    let platform = group(&spec.platform)?;
    let cloud_place = platform.aws.place().or(spec.platform.place());
    let defaults = spec.defaults.value();
    let servers_place = spec.servers.place().unwrap_or(place);
    // Their mistakes have been told.
    let read = |node| written.read(node, &mut Problems::default());
    let servers: Vec<WithAws<'s>> = api::servers(written.document)
        .iter()
        .zip(&set.servers)
        .filter(|(_, server)| server.aws.role.is_some())
        .filter_map(|(node, server)| Some(with_aws(read(node)?, defaults, server)))
        .collect();
    if servers.is_empty() {
        return scope.report(
            Problem::error(
                Code::MissingField,
                servers_place,
                "none of the servers has an identity towards AWS, so there is no role to write",
            )
            .help("give one `aws: {podIdentity: true, policy: [{actions: [..], resources: [..]}]}`, or a `roleArn`"),
        );
    }
    if wanted == Wanted::Policy && servers.iter().all(|s| s.server.aws.policy.is_empty()) {
        return scope.report(
            Problem::error(
                Code::MissingField,
                servers.first().map_or(servers_place, |s| s.place),
                "no server says what its role allows",
            )
            .help("add `policy: [{actions: [s3:GetObject], resources: [\"arn:aws:s3:::company-docs/*\"]}]` to its `aws`"),
        );
    }
    // IAM knows no case in a role's name.
    let mut by_name: BTreeMap<String, (RoleName, Vec<WithAws<'s>>)> = BTreeMap::new();
    for server in servers {
        if let Some(name) = &server.server.aws.role {
            let key = name.as_str().to_ascii_lowercase();
            let (_, servers) = by_name
                .entry(key)
                .or_insert_with(|| (name.clone(), Vec::new()));
            servers.push(server);
        }
    }
    let context = Context {
        cloud: &set.platform.cloud,
        place: cloud_place.unwrap_or(place),
        wanted,
    };
    let mut by_name: Vec<_> = by_name.into_values().collect();
    by_name.sort_by(|(one, _), (other, _)| one.cmp(other));
    all(by_name
        .into_iter()
        .map(|(name, servers)| role(scope, name, &servers, &context)))
}

fn with_aws<'s>(
    item: Placed<api::Server>,
    defaults: Option<&api::Server>,
    server: &'s Server,
) -> WithAws<'s> {
    let mut written = item.value;
    if let Some(defaults) = defaults {
        written.inherit(defaults);
    }
    let aws = written.aws;
    let asked = aws.value().and_then(|aws| {
        let pod_identity = aws.pod_identity.given().filter(|asked| asked.value);
        aws.role_arn
            .place()
            .or(pod_identity.map(|asked| asked.place))
    });
    WithAws {
        server,
        place: asked.or(aws.place()).unwrap_or(item.place),
        aws,
    }
}

struct Context<'c> {
    cloud: &'c Cloud,
    /// Where `platform.aws` stands, or what should hold it.
    place: Place,
    wanted: Wanted,
}

impl Context<'_> {
    /// `value` of `platform.aws`, or an error that says `why` it is needed and gives an `example`.
    fn needs<T: Clone>(
        &self,
        scope: &mut Scope<'_>,
        value: Option<&T>,
        (field, example): Needed,
        why: &str,
    ) -> Result<T, Reported> {
        value.map_or_else(
            || {
                scope.report(
                    Problem::error(
                        Code::MissingField,
                        self.place,
                        format!("`platform.aws.{field}` is missing, and {why}"),
                    )
                    .help(format!("add `{field}` to `platform.aws`, {example}")),
                )
            },
            |value| Ok(value.clone()),
        )
    }
}

/// A field of `platform.aws` and what to write there.
type Needed = (&'static str, &'static str);
const ISSUER: Needed = (
    "oidcIssuer",
    "what `aws eks describe-cluster --query cluster.identity.oidc.issuer` prints",
);
const ACCOUNT: Needed = ("accountId", "such as `\"123456789012\"`");
const CLUSTER: Needed = ("clusterName", "such as `production`");
const REGION: Needed = ("region", "such as `us-east-1`");

fn role<'s>(
    scope: &mut Scope<'_>,
    name: RoleName,
    servers: &[WithAws<'s>],
    context: &Context<'_>,
) -> Result<(Role<'s>, Place), Reported> {
    let first = servers.first().ok_or(Reported)?;
    let arn = servers.iter().find_map(|s| s.server.aws.role_arn.as_ref());
    one_role(scope, &name, servers)?;
    let partition = match arn {
        Some(arn) => {
            let place = servers.iter().find(|s| s.server.aws.role_arn.is_some());
            let place = place.map_or(first.place, |s| s.place);
            scope.valid(Partition::parse(arn.partition()), Code::InvalidValue, place)?
        }
        None => context.cloud.partition.unwrap_or(Partition::Aws),
    };
    let account = match arn {
        Some(arn) => AccountId::parse(arn.account_id()).ok(),
        None => context.cloud.account.clone(),
    };
    let path = arn.map_or("/", |arn| arn.role_path()).to_owned();
    let (by_agent, by_token): (Vec<_>, Vec<_>) =
        servers.iter().partition(|s| s.server.aws.pod_identity);
    let irsa = irsa(scope, &by_token, partition, account.as_ref(), context);
    let association = association(scope, &by_agent, context);
    if partition != Partition::Aws && context.wanted == Wanted::Commands {
        let why = "`aws iam` talks to the partition of a region";
        context.needs(scope, context.cloud.region.as_ref(), REGION, why)?;
    }
    let policy = policy(scope, servers);
    warn(scope, servers, partition, context);
    let role = Role {
        path,
        first: first.server,
        irsa: irsa?,
        pod_identity: !by_agent.is_empty(),
        association: association?,
        policy: policy?,
        name,
    };
    Ok((role, first.place))
}

/// Refuses two roles of one name: an account holds one, whatever its path, and the documents are
/// told apart by it.
fn one_role(
    scope: &mut Scope<'_>,
    name: &RoleName,
    servers: &[WithAws<'_>],
) -> Result<(), Reported> {
    let mut named = servers
        .iter()
        .filter_map(|s| Some((s.server.aws.role_arn.as_ref()?, s.place)));
    let Some((first, first_place)) = named.next() else {
        return Ok(());
    };
    match named.find(|(arn, _)| *arn != first) {
        Some((_, place)) => scope.report(
            Problem::error(
                Code::NameCollision,
                place,
                format!("two roles are called `{name}`"),
            )
            .related(first_place, "the first of them")
            .help("give one of them another name: an account has one role of a name, whatever its path and case, and documents are told apart by it"),
        ),
        None => Ok(()),
    }
}

fn irsa<'s>(
    scope: &mut Scope<'_>,
    servers: &[&WithAws<'s>],
    partition: Partition,
    account: Option<&AccountId>,
    context: &Context<'_>,
) -> Result<Option<Irsa<'s>>, Reported> {
    if servers.is_empty() || context.wanted == Wanted::Policy {
        return Ok(None);
    }
    let why = "a role's trust policy (IRSA) names who issues the cluster's tokens";
    let issuer = context.needs(scope, context.cloud.issuer.as_ref(), ISSUER, why);
    let why = "a role's trust policy (IRSA) names the account's OIDC provider";
    let account = context.needs(scope, account, ACCOUNT, why);
    Ok(Some(Irsa {
        partition,
        account: account?,
        issuer: issuer?,
        servers: servers.iter().map(|s| s.server).collect(),
    }))
}

/// What EKS must be told of the servers that get the role by Pod Identity.
fn association<'s>(
    scope: &mut Scope<'_>,
    servers: &[&WithAws<'s>],
    context: &Context<'_>,
) -> Result<Option<Association<'s>>, Reported> {
    let cloud = context.cloud;
    if servers.is_empty() || matches!(context.wanted, Wanted::Trust | Wanted::Policy) {
        return Ok(None);
    }
    let why = "a Pod Identity association belongs to a cluster";
    let cluster = context.needs(scope, cloud.cluster.as_ref(), CLUSTER, why);
    if context.wanted == Wanted::Commands {
        let why = "`aws eks` talks to one region";
        context.needs(scope, cloud.region.as_ref(), REGION, why)?;
    }
    Ok(Some(Association {
        cluster: cluster?,
        servers: servers.iter().map(|s| s.server).collect(),
    }))
}

/// What all `servers` need together, each statement once.
fn policy(scope: &mut Scope<'_>, servers: &[WithAws<'_>]) -> Result<Vec<Statement>, Reported> {
    let mut policy: Vec<Statement> = Vec::new();
    for written in servers {
        for statement in &written.server.aws.policy {
            if policy.contains(statement) {
                continue;
            }
            let sid = statement.sid.as_ref();
            if let (Some(sid), true) = (sid, policy.iter().any(|s| s.sid.as_ref() == sid)) {
                return scope.report(
                    Problem::error(
                        Code::NameCollision,
                        written.place,
                        format!("servers of one role have different statements called `{sid}`"),
                    )
                    .help("give one another `sid`, or the servers different roles"),
                );
            }
            policy.push(statement.clone());
        }
    }
    Ok(policy)
}

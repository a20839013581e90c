//! A role with everything decided.

use std::collections::BTreeMap;

use super::super::{RoleArn, RoleName, Server};
use super::{
    AccountId, ClusterName, ConditionKey, ConditionOperator, ConditionValue, IamAction,
    IamResource, OidcIssuer, Partition, Region, Sid,
};

/// The AWS account and cluster, as far as somebody said.
#[derive(Debug, Clone, Default)]
pub struct Cloud {
    /// The account in which roles exist.
    pub account: Option<AccountId>,
    /// The cluster's region.
    pub region: Option<Region>,
    /// The partition: as written, or the region's.
    pub partition: Option<Partition>,
    /// Who issues the tokens of ServiceAccounts.
    pub issuer: Option<OidcIssuer>,
    /// The cluster's name.
    pub cluster: Option<ClusterName>,
}

/// How a server gets a role, and what the role allows.
#[derive(Debug, Clone)]
pub struct Access {
    /// The role that its ServiceAccount names (IRSA).
    pub role_arn: Option<Box<RoleArn>>,
    /// Whether EKS Pod Identity gives it a role.
    pub pod_identity: bool,
    /// What its role allows; empty when nothing.
    pub policy: Vec<Statement>,
    /// The role's name, in `role_arn` or as the guide calls it; `None` when the server has no role.
    pub role: Option<RoleName>,
}

/// What a role allows; the effect is `Allow`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name.
    pub sid: Option<Sid>,
    /// At least one.
    pub actions: Vec<IamAction>,
    /// At least one.
    pub resources: Vec<IamResource>,
    /// By operator and key; each key has at least one value.
    pub conditions: BTreeMap<ConditionOperator, BTreeMap<ConditionKey, Vec<ConditionValue>>>,
}

/// An IAM role, for one server or for several that name the same.
#[derive(Debug, Clone)]
pub struct Role<'s> {
    /// Its name.
    pub name: RoleName,
    /// Its path, with `/` at both ends.
    pub path: String,
    /// The first of its servers, whose labels an object of the cluster carries.
    pub first: &'s Server,
    /// Servers that become the role by their ServiceAccount's token.
    pub irsa: Option<Irsa<'s>>,
    /// Whether EKS Pod Identity gives the role to a server.
    pub pod_identity: bool,
    /// What makes it do so; `None` where it does not, or nobody asked for that.
    pub association: Option<Association<'s>>,
    /// What it allows; empty when nothing.
    pub policy: Vec<Statement>,
}

/// What EKS must be told for Pod Identity to give a role.
#[derive(Debug, Clone)]
pub struct Association<'s> {
    /// The cluster.
    pub cluster: ClusterName,
    /// The servers that get the role.
    pub servers: Vec<&'s Server>,
}

/// Who becomes a role by a ServiceAccount's token (IRSA).
#[derive(Debug, Clone)]
pub struct Irsa<'s> {
    /// The role's partition.
    pub partition: Partition,
    /// The role's account, which knows the issuer.
    pub account: AccountId,
    /// Who issues the tokens.
    pub issuer: OidcIssuer,
    /// The servers.
    pub servers: Vec<&'s Server>,
}

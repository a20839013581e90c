//! Policy documents, in IAM's own words.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::iam::{Irsa, Role, Statement as Allowed};
use crate::model::{Server, iam};

/// The version of the policy language; the older one knows no variables.
const VERSION: &str = "2012-10-17";
/// The audience of the tokens that EKS's webhook mounts, in every partition.
const AUDIENCE: &str = "sts.amazonaws.com";
/// The service behind EKS Pod Identity, in every partition.
const POD_IDENTITY: &str = "pods.eks.amazonaws.com";

/// Name of the one inline policy that mcpset writes into a role.
pub const POLICY: &str = "mcpset";

/// Characters of a role's trust policy at most, without whitespace (IAM quotas, default).
pub const TRUST_LIMIT: usize = 2048;
/// Characters of a managed policy at most, without whitespace (IAM quotas).
pub const MANAGED_LIMIT: usize = 6144;
/// Characters of a role's inline policies together at most, without whitespace (IAM quotas).
pub const INLINE_LIMIT: usize = 10_240;

/// A trust policy or a permission policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Document {
    /// Version of the policy language.
    pub version: &'static str,
    /// What it says.
    pub statement: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Always `Allow`.
    pub effect: &'static str,
    /// Who may, in a trust policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// What they may do.
    pub action: Words,
    /// On what, in a permission policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Words>,
    /// When.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, Words>>,
}

/// Who may become a role.
#[derive(Debug, Clone, Serialize)]
pub enum Principal {
    /// Whoever has a token of this OIDC provider.
    Federated(String),
    /// A service of AWS.
    Service(&'static str),
}

/// One text or several.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Words {
    /// One.
    One(String),
    /// Several, or one that stands in a list all the same.
    Many(Vec<String>),
}

impl Words {
    /// `texts`, without a list when there is one of them.
    fn of(mut texts: Vec<String>) -> Self {
        match texts.pop() {
            Some(only) if texts.is_empty() => Self::One(only),
            last => {
                texts.extend(last);
                Self::Many(texts)
            }
        }
    }
}

/// Who may become `role`.
#[must_use]
pub fn trust(role: &Role<'_>) -> Document {
    let by_agent = role.pod_identity.then(pod_identity);
    let statement = role.irsa.as_ref().map(irsa).into_iter().chain(by_agent);
    Document {
        version: VERSION,
        statement: statement.collect(),
    }
}

/// The ServiceAccounts of the servers and no others (`sub`), with tokens made for STS (`aud`).
fn irsa(irsa: &Irsa<'_>) -> Statement {
    let Irsa {
        partition,
        account,
        issuer,
        servers,
    } = irsa;
    let subjects = servers.iter().map(|server| subject(server)).collect();
    let equal = BTreeMap::from([
        (format!("{issuer}:aud"), Words::One(AUDIENCE.into())),
        (format!("{issuer}:sub"), Words::of(subjects)),
    ]);
    let provider = format!("arn:{partition}:iam::{account}:oidc-provider/{issuer}");
    Statement {
        sid: None,
        effect: "Allow",
        principal: Some(Principal::Federated(provider)),
        action: Words::One("sts:AssumeRoleWithWebIdentity".into()),
        resource: None,
        condition: BTreeMap::from([("StringEquals".into(), equal)]),
    }
}

fn subject(server: &Server) -> String {
    let (namespace, account) = (&server.namespace, &server.names.service_account);
    format!("system:serviceaccount:{namespace}:{account}")
}

/// Which ServiceAccounts get the role is what the associations say.
fn pod_identity() -> Statement {
    Statement {
        sid: None,
        effect: "Allow",
        principal: Some(Principal::Service(POD_IDENTITY)),
        action: Words::Many(vec!["sts:AssumeRole".into(), "sts:TagSession".into()]),
        resource: None,
        condition: BTreeMap::new(),
    }
}

/// What `role` may do.
#[must_use]
pub fn permissions(role: &Role<'_>) -> Document {
    Document {
        version: VERSION,
        statement: role.policy.iter().map(allowed).collect(),
    }
}

fn allowed(allowed: &Allowed) -> Statement {
    let keys = |keys: &BTreeMap<iam::ConditionKey, Vec<iam::ConditionValue>>| {
        keys.iter()
            .map(|(key, values)| (key.to_string(), Words::of(texts(values))))
            .collect()
    };
    Statement {
        sid: allowed.sid.as_ref().map(ToString::to_string),
        effect: "Allow",
        principal: None,
        action: Words::Many(texts(&allowed.actions)),
        resource: Some(Words::Many(texts(&allowed.resources))),
        condition: allowed
            .conditions
            .iter()
            .map(|(operator, by_key)| (operator.to_string(), keys(by_key)))
            .collect(),
    }
}

fn texts(values: &[impl ToString]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// `document` on one line.
#[must_use]
pub fn compact(document: &Document) -> String {
    // Maps of a Document have text for keys, and nothing else of it can fail.
    serde_json::to_string(document).unwrap_or_default()
}

/// The characters of `document` that count towards AWS's limits.
#[must_use]
pub fn size(document: &Document) -> usize {
    let is_counted = |c: &char| !c.is_whitespace();
    compact(document).chars().filter(is_counted).count()
}

/// What `document` makes of each of `roles` that it makes something of, for people to read: the
/// document itself for a set of one role, or all by their role's name.
#[must_use]
pub fn pretty(roles: &[Role<'_>], document: impl Fn(&Role<'_>) -> Option<Document>) -> String {
    if let [role] = roles {
        return document(role).map_or_else(String::new, |only| text(&only));
    }
    let by_name = roles
        .iter()
        .filter_map(|role| Some((&role.name, document(role)?)));
    text(&by_name.collect::<BTreeMap<_, _>>())
}

fn text(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

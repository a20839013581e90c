//! What a server may do with the Kubernetes API.
//!
//! The API server stores nearly any rule, and one with a mistake in it allows nothing: the first call
//! fails, days later. So each word is held here to what can be meant by it.
//! Source: Kubernetes, Using RBAC Authorization; `ValidatePolicyRule`.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::name::subdomain_problem;
use super::wording::{contains_offender, quoted};
use super::{NamespaceName, ObjectName};
use crate::nearest::nearest;
use crate::source::Place;

/// Every group, resource or verb.
const ALL: &str = "*";

/// What a server may do with the Kubernetes API.
#[derive(Debug, Clone)]
pub struct ApiAccess {
    /// The name of its roles and bindings, of which no other server in the cluster has any.
    pub name: ObjectName,
    /// What it may do everywhere.
    pub everywhere: Vec<ApiRule>,
    /// What it may do in one namespace each.
    pub inside: BTreeMap<NamespaceName, Vec<ApiRule>>,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct ApiRule {
    /// Where it is written.
    pub place: Place,
    /// What may be done.
    pub verbs: Vec<ApiVerb>,
    /// With what.
    pub on: ApiTarget,
}

/// What a rule is about.
#[derive(Debug, Clone)]
pub enum ApiTarget {
    /// Objects.
    Resources {
        /// Groups of the resources.
        groups: Vec<ApiGroup>,
        /// The resources.
        resources: Vec<ApiResource>,
        /// Names of the only objects that are meant; none for all.
        names: Vec<ResourceName>,
    },
    /// Paths that are no resources.
    Urls(Vec<ApiUrl>),
}

/// An API group: a DNS-1123 subdomain, empty for the core group, or `*`. Example: `apps`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiGroup(SmolStr);
text_value!(ApiGroup.0);

impl ApiGroup {
    /// Reads a group.
    ///
    /// # Errors
    /// Says where a version stands, and how else it is no group.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || text == ALL {
            return Ok(Self(text.into()));
        }
        if let Some((group, _)) = text.split_once('/') {
            return Err(Invalid::new(
                format!(
                    "{} has a version, and a rule holds for all of them",
                    quoted(text)
                ),
                format!("write the group alone: `{group}`"),
            ));
        }
        if matches!(text, "core" | "v1") {
            return Err(Invalid::new(
                format!("{} is no API group", quoted(text)),
                "the group of pods, Services and Secrets is the empty text: `\"\"`",
            ));
        }
        match subdomain_problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "write a group such as `apps`, or `\"\"` for the core group",
            )),
        }
    }
}

/// A resource, or a part of one: lower case, plural. Examples: `pods`, `pods/log`, `*/scale`, `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiResource(SmolStr);
text_value!(ApiResource.0);

impl ApiResource {
    /// Reads a resource.
    ///
    /// # Errors
    /// Says what it contains that no resource does.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "write the resource in lower case and plural, such as `pods` or `pods/log`";
        let (whole, part) = text.split_once('/').unwrap_or((text, ALL));
        if whole.is_empty() || part.is_empty() {
            return Err(Invalid::new(
                format!("{} is no resource", quoted(text)),
                help,
            ));
        }
        let is_fine = |c: char| {
            c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | ':' | '/')
        };
        for word in [whole, part].into_iter().filter(|word| *word != ALL) {
            if let Some(problem) = contains_offender(word, is_fine) {
                return Err(Invalid::new(problem, help));
            }
        }
        Ok(Self(text.into()))
    }

    /// Whether it is a part of others, whose requests always name an object.
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.0.contains('/')
    }
}

/// What may be done: lower case. Examples: `get`, `deletecollection`, `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiVerb(SmolStr);
text_value!(ApiVerb.0);

/// Verbs of the API server, its own authorizers and their like.
const VERBS: [&str; 15] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
    "approve",
    "sign",
    "attest",
];
/// Verbs of requests for paths that are no resources: those of HTTP.
const HTTP_VERBS: [&str; 7] = ["get", "head", "post", "put", "patch", "delete", "options"];

impl ApiVerb {
    /// Reads a verb on resources.
    ///
    /// # Errors
    /// Names what it contains that no verb does, or the verb that it was probably meant to be: any
    /// other may be one of an extension.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_known = text == ALL || VERBS.contains(&text);
        let is_fine = |c: char| c.is_ascii_lowercase() || matches!(c, '-' | ':');
        let problem = match contains_offender(text, is_fine) {
            _ if is_known => None,
            _ if text.is_empty() => Some("the verb is empty".to_owned()),
            Some(problem) => Some(problem),
            None => nearest(text, &VERBS).map(|_| format!("{} is no verb", quoted(text))),
        };
        match problem {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(problem, verb_help(text))),
        }
    }

    /// Reads a verb on a path.
    ///
    /// # Errors
    /// Names the verbs that there are.
    pub fn parse_http(text: &str) -> Result<Self, Invalid> {
        if text == ALL || HTTP_VERBS.contains(&text) {
            return Ok(Self(text.into()));
        }
        Err(Invalid::new(
            format!("{} is no verb of a request for a path", quoted(text)),
            format!("write those of HTTP: {}", listed(&HTTP_VERBS)),
        ))
    }

    /// Whether it is about objects that a request does not name.
    #[must_use]
    pub fn names_nothing(&self) -> bool {
        matches!(self.0.as_str(), "create" | "deletecollection")
    }
}

/// The verb that `text` was probably meant to be, or the first few.
fn verb_help(text: &str) -> String {
    match nearest(text, &VERBS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write verbs such as `get`, `list`, `watch`, `create`, `patch`, `delete`".into(),
    }
}

fn listed(verbs: &[&str]) -> String {
    let quoted: Vec<String> = verbs.iter().map(|verb| format!("`{verb}`")).collect();
    quoted.join(", ")
}

/// The name of an object of any kind: no `/` and no `%`. Example: `system:node`.
/// Source: Kubernetes `ValidatePathSegmentName`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceName(SmolStr);
text_value!(ResourceName.0);

impl ResourceName {
    /// Reads a name.
    ///
    /// # Errors
    /// Says how it can be no object's.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "write the exact name of one object; names have no patterns";
        if text.is_empty() {
            return Err(Invalid::new("the name is empty", help));
        }
        let is_fine = |c: char| c.is_ascii_graphic() && !matches!(c, '/' | '%' | '*');
        match contains_offender(text, is_fine) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(problem, help)),
        }
    }
}

/// A path of the API server, or the beginning of some. Examples: `/version`, `/healthz/*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiUrl(SmolStr);
text_value!(ApiUrl.0);

impl ApiUrl {
    /// Reads a path.
    ///
    /// # Errors
    /// Says what of it is no path, and where a `*` may stand.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help =
            "write a path such as `/version`; a `*` may stand at its end, as in `/healthz/*`";
        let path = text.strip_suffix(ALL).unwrap_or(text);
        if text != ALL && !path.starts_with('/') {
            let problem = format!("{} does not start with `/`", quoted(text));
            return Err(Invalid::new(problem, help));
        }
        let is_fine = |c: char| c.is_ascii_graphic() && c != '*' && c != '?';
        match contains_offender(path, is_fine) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(problem, help)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_meant_passes() {
        for group in ["", "apps", "networking.k8s.io", "*"] {
            assert!(ApiGroup::parse(group).is_ok(), "{group}");
        }
        for resource in [
            "pods",
            "pods/log",
            "*",
            "*/scale",
            "pods/*",
            "a.example.com",
        ] {
            assert!(ApiResource::parse(resource).is_ok(), "{resource}");
        }
        for verb in [
            "get",
            "deletecollection",
            "*",
            "impersonate:user-info",
            "frobnicate",
        ] {
            assert!(ApiVerb::parse(verb).is_ok(), "{verb}");
        }
        for url in ["/version", "/healthz/*", "*", "/"] {
            assert!(ApiUrl::parse(url).is_ok(), "{url}");
        }
        for name in ["a", "system:node", "a.b_C"] {
            assert!(ResourceName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_would_allow_nothing_does_not() {
        for group in ["apps/v1", "v1", "core", "Apps", "a b"] {
            assert!(ApiGroup::parse(group).is_err(), "{group}");
        }
        for resource in ["", "Pod", "pods/", "/log", "pods log", "pod*"] {
            assert!(ApiResource::parse(resource).is_err(), "{resource}");
        }
        for verb in ["", "Get", "lst", "gets", "wach", "get list", "escalte"] {
            assert!(ApiVerb::parse(verb).is_err(), "{verb}");
        }
        for verb in ["list", "GET", ""] {
            assert!(ApiVerb::parse_http(verb).is_err(), "{verb}");
        }
        for url in ["", "version", "/a*b", "/a b", "/a?b"] {
            assert!(ApiUrl::parse(url).is_err(), "{url}");
        }
        for name in ["", "a/b", "a*", "a b"] {
            assert!(ResourceName::parse(name).is_err(), "{name}");
        }
    }
}

//! Names of Kubernetes objects.
//!
//! Kubernetes has three name rules, and which one holds depends on the kind of object. A name
//! that passes here is not refused by the API server later. The rules:
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::{contains_offender, quoted, too_long};

/// Characters in a DNS label at most (RFC 1035, RFC 1123).
pub const LABEL_MAX: usize = 63;
/// Characters in a DNS subdomain at most (Kubernetes' `DNS1123SubdomainMaxLength`).
pub const SUBDOMAIN_MAX: usize = 253;

/// Name of a Service, and of a server with its prefix: a DNS-1035 label.
///
/// At most 63 lower-case letters, digits and `-`; starts with a letter, ends with a letter or
/// digit. Example: `mcp-github`. Source: Kubernetes `IsDNS1035Label`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceName(SmolStr);
text_value!(ServiceName.0);

impl ServiceName {
    /// Reads a Service name.
    ///
    /// # Errors
    /// Names the first character, end or length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match service_name_problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                format!(
                    "use lower-case letters, digits and `-`, starting with a letter, such as `{}`",
                    nearest_service_name(text)
                ),
            )),
        }
    }
}

/// Name of most other objects: a DNS-1123 subdomain.
///
/// At most 253 lower-case letters, digits, `-` and `.`; every part between dots starts and ends
/// with a letter or digit. Example: `mcp-github.v2`. Source: Kubernetes `IsDNS1123Subdomain`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName(SmolStr);
text_value!(ObjectName.0);

impl ObjectName {
    /// Reads an object name.
    ///
    /// # Errors
    /// Names the first character, end or length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match subdomain_problem(text) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use lower-case letters, digits, `-` and `.`, with a letter or digit at both ends, such as `mcp-github`",
            )),
        }
    }
}

/// Every DNS-1035 label is a DNS-1123 subdomain.
impl From<&ServiceName> for ObjectName {
    fn from(name: &ServiceName) -> Self {
        Self(name.0.clone())
    }
}

/// Name of a Namespace: a DNS-1123 label.
///
/// At most 63 lower-case letters, digits and `-`; starts and ends with a letter or digit.
/// Example: `litellm`. Source: Kubernetes `IsDNS1123Label`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NamespaceName(SmolStr);
text_value!(NamespaceName.0);

impl NamespaceName {
    /// Reads a Namespace name.
    ///
    /// # Errors
    /// Names the first character, end or length that breaks the rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match label_problem(text).or_else(|| too_long(text, LABEL_MAX)) {
            None => Ok(Self(text.into())),
            Some(problem) => Err(Invalid::new(
                problem,
                "use lower-case letters, digits and `-`, with a letter or digit at both ends, such as `litellm`",
            )),
        }
    }
}

/// How `text` breaks the rule of a DNS-1123 subdomain, as a clause; `None` when it does not.
pub(super) fn subdomain_problem(text: &str) -> Option<String> {
    contains_offender(text, |c| is_label_char(c) || c == '.')
        .or_else(|| too_long(text, SUBDOMAIN_MAX))
        .or_else(|| {
            let empty_part = text.contains('.') && text.split('.').any(str::is_empty);
            empty_part.then(|| format!("{} has nothing before or after a dot", quoted(text)))
        })
        .or_else(|| text.split('.').find_map(label_problem))
}

fn service_name_problem(text: &str) -> Option<String> {
    label_problem(text)
        .or_else(|| too_long(text, LABEL_MAX))
        .or_else(|| {
            text.starts_with(|c: char| c.is_ascii_digit())
                .then(|| format!("{} starts with a digit", quoted(text)))
        })
}

/// How `text` breaks the shape of a DNS-1123 label, its length aside.
fn label_problem(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("the name is empty".to_owned());
    }
    contains_offender(text, is_label_char).or_else(|| {
        if text.starts_with('-') {
            Some(format!("{} starts with `-`", quoted(text)))
        } else if text.ends_with('-') {
            Some(format!("{} ends with `-`", quoted(text)))
        } else {
            None
        }
    })
}

fn is_label_char(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

/// A legal Service name as close to `text` as can be, for use in a message.
fn nearest_service_name(text: &str) -> String {
    let replaced: String = text
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if is_label_char(c) { c } else { '-' })
        .skip_while(|c| !c.is_ascii_lowercase())
        .take(LABEL_MAX)
        .collect();
    match replaced.trim_end_matches('-') {
        "" => "mcp-github".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn service_names_are_dns_1035_labels() {
        for good in ["a", "mcp-github", "a--b", "a1", &"a".repeat(63)] {
            assert_eq!(ServiceName::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            ("", "the name is empty"),
            ("1a", "`1a` starts with a digit"),
            ("-a", "`-a` starts with `-`"),
            ("a-", "`a-` ends with `-`"),
            ("a.b", "`a.b` contains `.` (character 2)"),
            ("GitHub", "`GitHub` contains `G` (character 1)"),
            ("my_mcp", "`my_mcp` contains `_` (character 3)"),
            ("a b", "`a b` contains a space (character 2)"),
            ("a\n", "`a\\u{a}` contains a line break (character 2)"),
            ("gіthub", "`gіthub` contains `і` (character 2)"),
        ];
        for (text, problem) in bad {
            assert_eq!(ServiceName::parse(text).unwrap_err().problem, problem);
        }
        let long = ServiceName::parse(&"a".repeat(64)).unwrap_err();
        assert!(long.problem.ends_with("has 64 characters, the limit is 63"));
    }

    #[test]
    fn the_help_offers_the_nearest_service_name() {
        for (text, nearest) in [
            ("My_Server", "`my-server`"),
            ("42", "`mcp-github`"),
            ("9lives-", "`lives`"),
        ] {
            let help = ServiceName::parse(text).unwrap_err().help;
            assert!(help.ends_with(nearest), "{help}");
        }
    }

    #[test]
    fn object_names_are_dns_1123_subdomains() {
        for good in [
            "a",
            "1",
            "mcp-github.v2",
            &"a.".repeat(126),
            &"a".repeat(253),
        ] {
            let good = good.trim_end_matches('.');
            assert_eq!(ObjectName::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            ("", "the name is empty"),
            (".", "`.` has nothing before or after a dot"),
            ("a..b", "`a..b` has nothing before or after a dot"),
            ("a.", "`a.` has nothing before or after a dot"),
            ("a.-b", "`-b` starts with `-`"),
            ("a/b", "`a/b` contains `/` (character 2)"),
        ];
        for (text, problem) in bad {
            assert_eq!(ObjectName::parse(text).unwrap_err().problem, problem);
        }
        ObjectName::parse(&"a".repeat(254)).unwrap_err();
    }

    #[test]
    fn namespace_names_are_dns_1123_labels() {
        for good in ["litellm", "1", "0-0", &"a".repeat(63)] {
            assert_eq!(NamespaceName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a.b", "A", "-", &"a".repeat(64)] {
            NamespaceName::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_the_nearest_name_is_legal(text in any::<String>()) {
            let _ = (ServiceName::parse(&text), NamespaceName::parse(&text), ObjectName::parse(&text));
            let nearest = nearest_service_name(&text);
            prop_assert!(ServiceName::parse(&nearest).is_ok(), "{nearest}");
        }

        #[test]
        fn every_service_name_is_a_namespace_and_an_object_name(text in "[a-z0-9-]{1,64}") {
            if let Ok(name) = ServiceName::parse(&text) {
                prop_assert!(NamespaceName::parse(&text).is_ok());
                prop_assert_eq!(ObjectName::parse(&text).unwrap(), ObjectName::from(&name));
            }
        }
    }
}

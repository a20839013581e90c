//! Where traffic may go by name: host names and Services.

use std::fmt;
use std::net::IpAddr;

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::name::{NamespaceName, ServiceName, subdomain_problem};
use super::wording::{quoted, too_long};

/// Characters in one label of a host name at most (RFC 1035 §2.3.4).
const HOST_LABEL_MAX: usize = 63;

/// A host name outside the cluster, or with `*.` in front every name below one.
///
/// At least two labels of at most 63 lower-case letters, digits and `-`, at most 253 characters
/// together (RFC 1123 §2.1); no address, no dot at the end. Examples: `api.github.com`,
/// `*.amazonaws.com`. Accepted by `ApplicationNetworkPolicy` and by Cilium alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostName(SmolStr);
text_value!(HostName.0);

impl HostName {
    /// Reads a host name.
    ///
    /// # Errors
    /// Says what is wrong with it: a URL, a port, an address, upper case, a lone label, a
    /// wildcard that is not the whole first label.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let name = text.strip_prefix("*.").unwrap_or(text);
        if let Some(invalid) = not_a_name(text, name) {
            return Err(invalid);
        }
        match host_problem(name) {
            Some(problem) => Err(Invalid::new(problem, "use a name such as `api.github.com`")),
            None if !name.contains('.') => Err(Invalid::new(
                format!("{} has one label only", quoted(text)),
                "use the full name, such as `api.github.com`; an egress to a Service of the cluster is `service: namespace/name`",
            )),
            None => Ok(Self(text.into())),
        }
    }

    /// Whether the name starts with `*.`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }
}

/// What people write where a host name belongs.
fn not_a_name(text: &str, name: &str) -> Option<Invalid> {
    let shown = quoted(text);
    if text.contains("://") || text.contains('/') {
        return Some(Invalid::new(
            format!("{shown} is more than a host name"),
            "write the host alone, such as `api.github.com`",
        ));
    }
    if text.parse::<IpAddr>().is_ok() {
        return Some(Invalid::new(
            format!("{shown} is an address"),
            "use `cidr` for addresses, such as `cidr: 192.0.2.1/32`",
        ));
    }
    if text.contains(':') {
        return Some(Invalid::new(
            format!("{shown} has a port"),
            "write the host alone: ports have a field of their own",
        ));
    }
    if name.contains('*') {
        return Some(Invalid::new(
            format!("{shown} has a `*` that is not a first label of its own"),
            "use `*.` in front of a name, such as `*.amazonaws.com`",
        ));
    }
    if name.ends_with('.') {
        return Some(Invalid::new(
            format!("{shown} ends with a dot"),
            "leave the last dot out",
        ));
    }
    if text.contains(|c: char| c.is_ascii_uppercase()) {
        return Some(Invalid::new(
            format!("{shown} has upper-case letters"),
            format!("write {}", quoted(&text.to_ascii_lowercase())),
        ));
    }
    None
}

/// How `name` breaks the rule of an RFC 1123 host name in lower case.
pub(super) fn host_problem(name: &str) -> Option<String> {
    subdomain_problem(name)
        .or_else(|| {
            name.split('.')
                .find_map(|label| too_long(label, HOST_LABEL_MAX))
        })
        .or_else(|| {
            // URL readers take a name that ends in a number for an IPv4 address.
            let last = name.rsplit('.').next().unwrap_or_default();
            last.chars()
                .all(|c| c.is_ascii_digit())
                .then(|| format!("{} ends in a number, like an address", quoted(name)))
        })
}

/// What EKS's Pod Identity agent listens on, on each node (EKS user guide, "EKS Pod Identity").
pub const POD_IDENTITY: [&str; 2] = ["169.254.170.23/32", "fd00:ec2::23/128"];

/// The name of a Service in the cluster's DNS: `<name>.<namespace>.svc.cluster.local`.
#[must_use]
pub fn service_host(name: impl fmt::Display, namespace: impl fmt::Display) -> String {
    format!("{name}.{namespace}.svc.cluster.local")
}

/// A Service in a namespace: `<namespace>/<name>`.
///
/// Example: `monitoring/jaeger-all-in-one`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceRef {
    /// The namespace it is in.
    pub namespace: NamespaceName,
    /// Its name.
    pub name: ServiceName,
}
displayed_value!(ServiceRef);

impl ServiceRef {
    /// Reads `namespace/name`.
    ///
    /// # Errors
    /// As [`NamespaceName::parse`] and [`ServiceName::parse`]; also for a missing half.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((namespace, name)) = text.split_once('/') else {
            return Err(Invalid::new(
                format!("{} names no namespace", quoted(text)),
                "use `namespace/name`, such as `monitoring/jaeger-all-in-one`",
            ));
        };
        if let Some((name, _)) = name.split_once('/') {
            return Err(Invalid::new(
                format!("{} has more than two parts", quoted(text)),
                format!(
                    "write {}, and its port under `ports`",
                    quoted(&format!("{namespace}/{name}"))
                ),
            ));
        }
        Ok(Self {
            namespace: NamespaceName::parse(namespace)?,
            name: ServiceName::parse(name)?,
        })
    }

    /// Its name in the cluster's DNS: `<name>.<namespace>.svc.cluster.local`.
    #[must_use]
    pub fn host(&self) -> String {
        service_host(&self.name, &self.namespace)
    }
}

impl fmt::Display for ServiceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn host_names_are_full_lower_case_names() {
        for (good, wildcard) in [
            ("api.github.com", false),
            ("*.amazonaws.com", true),
            ("xn--n3h.com", false),
            ("1a.2b", false),
        ] {
            let host = HostName::parse(good).unwrap();
            assert_eq!((host.as_str(), host.is_wildcard()), (good, wildcard));
        }
        let bad = [
            ("", "the name is empty"),
            ("localhost", "`localhost` has one label only"),
            ("*.com", "`*.com` has one label only"),
            ("*", "`*` has a `*` that is not a first label of its own"),
            (
                "api.*.com",
                "`api.*.com` has a `*` that is not a first label of its own",
            ),
            (
                "*api.github.com",
                "`*api.github.com` has a `*` that is not a first label of its own",
            ),
            (
                "https://api.github.com",
                "`https://api.github.com` is more than a host name",
            ),
            (
                "api.github.com/v3",
                "`api.github.com/v3` is more than a host name",
            ),
            ("api.github.com:443", "`api.github.com:443` has a port"),
            ("API.github.com", "`API.github.com` has upper-case letters"),
            ("api.github.com.", "`api.github.com.` ends with a dot"),
            ("192.0.2.1", "`192.0.2.1` is an address"),
            ("fd00::1", "`fd00::1` is an address"),
            ("999.1.2.3", "`999.1.2.3` ends in a number, like an address"),
            ("a..b", "`a..b` has nothing before or after a dot"),
            ("a_b.com", "`a_b.com` contains `_` (character 2)"),
            ("gіthub.com", "`gіthub.com` contains `і` (character 2)"),
        ];
        for (text, problem) in bad {
            assert_eq!(HostName::parse(text).unwrap_err().problem, problem);
        }
        HostName::parse(&format!("{}.com", "a".repeat(63))).unwrap();
        HostName::parse(&format!("{}.com", "a".repeat(64))).unwrap_err();
    }

    #[test]
    fn a_service_has_a_namespace() {
        let service = ServiceRef::parse("monitoring/jaeger-all-in-one").unwrap();
        assert_eq!(service.namespace.as_str(), "monitoring");
        assert_eq!(service.name.as_str(), "jaeger-all-in-one");
        assert_eq!(
            service.host(),
            "jaeger-all-in-one.monitoring.svc.cluster.local"
        );
        for bad in ["", "jaeger", "/", "a/", "/b", "a/b/c", "a.b/c", "a/1b"] {
            ServiceRef::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "[0-9a-f:.*/-]{0,24}") {
            for text in [text, near] {
                let _ = (HostName::parse(&text), ServiceRef::parse(&text));
            }
        }
    }
}

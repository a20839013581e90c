//! An HTTP endpoint that servers send to, such as the trace collector.
//!
//! It becomes an environment variable and a network policy rule, so it is taken apart here, and
//! everything that the two could read differently is refused.

use std::fmt;
use std::net::Ipv4Addr;

use smol_str::SmolStr;

use super::authority::Authority;
use super::http_path::HttpPath;
use super::invalid::Invalid;
use super::name::{NamespaceName, ServiceName};
use super::network::{ServiceRef, host_problem};
use super::port::Port;
use super::wording::{offender, quoted};

const EXAMPLE: &str = "http://collector.monitoring.svc.cluster.local:4318";

/// Scheme of an [`HttpEndpoint`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// `http`, port 80 where none is given.
    Http,
    /// `https`, port 443 where none is given.
    Https,
}

impl Scheme {
    /// The port of a URL that names none.
    #[must_use]
    pub fn default_port(self) -> Port {
        match self {
            Self::Http => Port::HTTP,
            Self::Https => Port::HTTPS,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

/// An HTTP URL without user, query and fragment: `http[s]://host[:port][/path]`.
///
/// The host is a lower-case name (RFC 1123), an IPv4 address, or an IPv6 address in brackets;
/// the path is a [`HttpPath`]; no `@` anywhere. Keeps its text.
/// Example: `http://jaeger-all-in-one.monitoring.svc.cluster.local:4318`. Source: RFC 3986.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HttpEndpoint {
    text: SmolStr,
    scheme: Scheme,
    host: String,
    port: Port,
    path: HttpPath,
}
text_value!(HttpEndpoint.text);

impl HttpEndpoint {
    /// Reads an endpoint.
    ///
    /// # Errors
    /// Says which part is wrong. A user or password in the URL is refused without being shown.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::parse_like(EXAMPLE, text)
    }

    /// Reads an endpoint of another kind, of which `example` is one.
    ///
    /// # Errors
    /// As [`HttpEndpoint::parse`].
    pub fn parse_like(example: &str, text: &str) -> Result<Self, Invalid> {
        // Anywhere, not only before the host: a password may hold a `/`.
        if text.contains('@') {
            return Err(Invalid::new(
                "the URL holds `@`, as if a user or password stood before it",
                "leave credentials out of the URL, and pass them as a header from a secret",
            ));
        }
        let (scheme, rest) = split_scheme(example, text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let authority = Authority::parse(authority)?;
        if !authority.is_ipv6() {
            check_host(example, authority.host)?;
        }
        let path = match path {
            "" => HttpPath::root(),
            _ if !path.starts_with('/') => {
                return Err(Invalid::new(
                    "the URL has a query or fragment right after its host",
                    "leave it out, and pass credentials as a header from a secret",
                ));
            }
            _ => HttpPath::parse(path)?,
        };
        Ok(Self {
            text: text.into(),
            scheme,
            host: authority.host.to_owned(),
            port: authority.port.unwrap_or(scheme.default_port()),
            path,
        })
    }

    /// The scheme.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host; an IPv6 address with its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own where the URL names none.
    #[must_use]
    pub fn port(&self) -> Port {
        self.port
    }

    /// The path, `/` where the URL has none.
    #[must_use]
    pub fn path(&self) -> &HttpPath {
        &self.path
    }

    /// The Service behind a host `<name>.<namespace>.svc` or
    /// `<name>.<namespace>.svc.cluster.local`.
    #[must_use]
    pub fn cluster_service(&self) -> Option<ServiceRef> {
        let in_cluster = self
            .host
            .strip_suffix(".cluster.local")
            .unwrap_or(&self.host);
        let (name, namespace) = in_cluster.strip_suffix(".svc")?.split_once('.')?;
        Some(ServiceRef {
            namespace: NamespaceName::parse(namespace).ok()?,
            name: ServiceName::parse(name).ok()?,
        })
    }
}

fn split_scheme<'t>(example: &str, text: &'t str) -> Result<(Scheme, &'t str), Invalid> {
    if let Some(rest) = text.strip_prefix("http://") {
        return Ok((Scheme::Http, rest));
    }
    if let Some(rest) = text.strip_prefix("https://") {
        return Ok((Scheme::Https, rest));
    }
    let problem = match text.split_once("://") {
        Some((scheme, _)) => format!("{} is not `http` or `https`", quoted(scheme)),
        None => "the URL has no scheme".to_owned(),
    };
    Err(Invalid::new(
        problem,
        format!("use a URL such as `{example}`"),
    ))
}

/// Checks a host that is no IPv6 address.
fn check_host(example: &str, host: &str) -> Result<(), Invalid> {
    let help = format!("use a host such as in `{example}`");
    if host.is_empty() {
        return Err(Invalid::new("the URL has no host", help));
    }
    if host.parse::<Ipv4Addr>().is_ok() {
        return Ok(());
    }
    if let Some(character) = offender(host, |c| !c.is_ascii_uppercase()) {
        return Err(Invalid::new(
            format!("the host {} contains {character}", quoted(host)),
            format!("write {}", quoted(&host.to_ascii_lowercase())),
        ));
    }
    match host_problem(host) {
        None => Ok(()),
        Some(problem) => Err(Invalid::new(format!("the host {problem}"), help)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_endpoint_gives_its_parts() {
        for (text, scheme, host, port, path) in [
            ("http://c.m.svc:4318", Scheme::Http, "c.m.svc", 4318, "/"),
            ("http://c", Scheme::Http, "c", 80, "/"),
            (
                "https://otel.example.com/v1/traces",
                Scheme::Https,
                "otel.example.com",
                443,
                "/v1/traces",
            ),
            ("http://10.0.0.1:1/", Scheme::Http, "10.0.0.1", 1, "/"),
            (
                "http://[fd00::1]:4318/x",
                Scheme::Http,
                "[fd00::1]",
                4318,
                "/x",
            ),
            ("https://[::1]", Scheme::Https, "[::1]", 443, "/"),
        ] {
            let endpoint = HttpEndpoint::parse(text).unwrap();
            assert_eq!(endpoint.as_str(), text);
            assert_eq!(endpoint.scheme(), scheme);
            assert_eq!(endpoint.host(), host);
            assert_eq!(endpoint.port().number(), port);
            assert_eq!(endpoint.path().as_str(), path);
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let cases = [
            ("", "the URL has no scheme"),
            ("collector:4318", "the URL has no scheme"),
            ("grpc://c:4317", "`grpc` is not `http` or `https`"),
            ("HTTP://c", "`HTTP` is not `http` or `https`"),
            ("http://", "the URL has no host"),
            ("http:///x", "the URL has no host"),
            ("http://:4318", "the URL has no host"),
            ("http://c:", "`` is not a port"),
            ("http://c:0", "`0` is not a port"),
            ("http://c:99999", "`99999` is not a port"),
            (
                "http://fd00::1:4318",
                "`fd00::1:4318` is not an IPv6 address in brackets",
            ),
            (
                "http://[fd00::1",
                "`[fd00::1` is not an IPv6 address in brackets",
            ),
            (
                "http://[fd00::1]x:1",
                "`[fd00::1]x:1` is not an IPv6 address in brackets",
            ),
            ("http://C.m:1", "the host `C.m` contains `C` (character 1)"),
            (
                "http://c.m.:1",
                "the host `c.m.` has nothing before or after a dot",
            ),
            ("http://a_b:1", "the host `a_b` contains `_` (character 2)"),
            (
                "http://1.2.3:1",
                "the host `1.2.3` ends in a number, like an address",
            ),
            (
                "http://c d",
                "the host `c d` contains a space (character 2)",
            ),
            (
                "http://c?x",
                "the URL has a query or fragment right after its host",
            ),
            ("http://c/x?y", "`/x` has a query"),
            ("http://c/x#y", "`/x#y` has a fragment"),
            (
                "http://c\\@evil.io",
                "the URL holds `@`, as if a user or password stood before it",
            ),
        ];
        for (text, problem) in cases {
            assert_eq!(
                HttpEndpoint::parse(text).unwrap_err().problem,
                problem,
                "{text}"
            );
        }
    }

    #[test]
    fn a_credential_is_refused_and_not_repeated() {
        for text in [
            "http://user:hunter2@c:4318",
            "https://hunter2@c/x?y",
            "http://u:a/hunter2@c",
            "http://c/x?key=hunter2",
        ] {
            let invalid = HttpEndpoint::parse(text).unwrap_err();
            assert!(!invalid.to_string().contains("hunter2"), "{invalid}");
        }
    }

    #[test]
    fn a_host_of_the_cluster_names_its_service() {
        for (text, service) in [
            (
                "http://jaeger.monitoring.svc.cluster.local:4318",
                Some("monitoring/jaeger"),
            ),
            (
                "http://jaeger.monitoring.svc:4318",
                Some("monitoring/jaeger"),
            ),
            ("http://jaeger.monitoring:4318", None),
            ("http://jaeger:4318", None),
            ("http://pod.jaeger.monitoring.svc", None),
            ("http://jaeger.monitoring.svc.cluster.local.evil.io", None),
            ("http://monitoring.svc", None),
        ] {
            let found = HttpEndpoint::parse(text).unwrap().cluster_service();
            assert_eq!(
                found.map(|found| found.to_string()).as_deref(),
                service,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_services_own_host_leads_back_to_it(
            namespace in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", name in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?", port in 1_u16..,
        ) {
            let service = ServiceRef::parse(&format!("{namespace}/{name}")).unwrap();
            let endpoint = HttpEndpoint::parse(&format!("http://{}:{port}", service.host())).unwrap();
            prop_assert_eq!(endpoint.cluster_service(), Some(service));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in r"https?://[\[\]a-z0-9:.@]{0,20}[/?#a]{0,4}") {
            let _ = (HttpEndpoint::parse(&text), HttpEndpoint::parse(&near));
            let _ = HttpEndpoint::parse(&format!("http://{text}"));
        }
    }
}

//! The issuer of a cluster's ServiceAccount tokens.
//!
//! `aws eks describe-cluster` prints it with `https://`, and IAM wants it without, in the provider's
//! ARN and in condition keys alike: with the scheme, every condition would compare nothing.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::{contains_offender, quoted, too_long};

const EXAMPLE: &str = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
/// Characters of a provider's URL at most (IAM `CreateOpenIDConnectProvider`).
const URL_MAX: usize = 255;
const SCHEME: &str = "https://";

/// An OIDC issuer without its scheme: `host[/path]`, without port, query and final `/`.
///
/// Example: `oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`. At most 255
/// characters with `https://`. Source: IAM API reference, `CreateOpenIDConnectProvider`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OidcIssuer(SmolStr);
text_value!(OidcIssuer.0);

impl OidcIssuer {
    /// Reads an issuer, with or without `https://`.
    ///
    /// # Errors
    /// When it is an ARN, has another scheme, a port, a query or a final `/`, or is no host at all.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = format!(
            "write what `aws eks describe-cluster --query cluster.identity.oidc.issuer` prints, such as `https://{EXAMPLE}`"
        );
        let refuse = |problem: String| Err(Invalid::new(problem, help.clone()));
        let issuer = text.strip_prefix(SCHEME).unwrap_or(text);
        if text.starts_with("arn:") {
            return refuse("this is the ARN of a provider, not its issuer".into());
        }
        if let Some((scheme, _)) = issuer.split_once("://") {
            return refuse(format!("{} is not `https`", quoted(scheme)));
        }
        let (host, path) = issuer.split_once('/').unwrap_or((issuer, ""));
        if host.contains(':') {
            return refuse(format!("IAM takes no issuer with a port: {}", quoted(host)));
        }
        let in_host = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if let Some(problem) = contains_offender(host, in_host) {
            return refuse(problem);
        }
        let is_label =
            |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
        if !host.contains('.') || !host.split('.').all(is_label) {
            return refuse(format!("{} is not the name of a host", quoted(host)));
        }
        let in_path = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
        if let Some(problem) = contains_offender(path, in_path) {
            return refuse(problem);
        }
        if issuer.ends_with('/') {
            return refuse("the issuer ends with `/`, which tokens do not".into());
        }
        if let Some(problem) = too_long(issuer, URL_MAX - SCHEME.len()) {
            return refuse(problem);
        }
        Ok(Self(issuer.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_issuer_is_kept_without_its_scheme() {
        for text in [EXAMPLE.to_owned(), format!("https://{EXAMPLE}")] {
            assert_eq!(OidcIssuer::parse(&text).unwrap().as_str(), EXAMPLE);
        }
        let s3 = "s3.eu-central-1.amazonaws.com/bucket/cluster.example.com";
        assert_eq!(OidcIssuer::parse(s3).unwrap().as_str(), s3);
    }

    #[test]
    fn what_iam_would_not_find_is_refused() {
        for (text, problem) in [
            ("", "`` is not the name of a host"),
            ("https://", "`` is not the name of a host"),
            (
                "OIDC_PROVIDER",
                "`OIDC_PROVIDER` contains `O` (character 1)",
            ),
            ("issuer", "`issuer` is not the name of a host"),
            ("http://a.example", "`http` is not `https`"),
            ("https://https://a.example", "`https` is not `https`"),
            (
                "a.example:8443/id",
                "IAM takes no issuer with a port: `a.example:8443`",
            ),
            (
                "a.example/",
                "the issuer ends with `/`, which tokens do not",
            ),
            ("a.example/id?x", "`id?x` contains `?` (character 3)"),
            ("a..example", "`a..example` is not the name of a host"),
            (
                "arn:aws:iam::123456789012:oidc-provider/a.example",
                "this is the ARN of a provider, not its issuer",
            ),
        ] {
            assert_eq!(OidcIssuer::parse(text).unwrap_err().problem, problem);
        }
        OidcIssuer::parse(&format!("a.example/{}", "i".repeat(237))).unwrap();
        OidcIssuer::parse(&format!("a.example/{}", "i".repeat(238))).unwrap_err();
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "(https://)?[a-z.]{1,6}/[ -~]{0,12}") {
            let _ = OidcIssuer::parse(&text);
            if let Ok(issuer) = OidcIssuer::parse(&near) {
                prop_assert!(!issuer.as_str().contains(':'));
            }
        }
    }
}

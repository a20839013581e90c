//! Literals that look like credentials.
//!
//! A config lives in git, and so does what is rendered from it. Only shapes that issuers chose to
//! be recognisable are refused; guessing from entropy or names would refuse what is harmless.

/// Prefixes that issuers documented for their secret scanners, and how many characters follow at
/// least.
const PREFIXES: [(&str, usize, &str); 20] = [
    ("ghp_", 30, "a GitHub token"),
    ("gho_", 30, "a GitHub token"),
    ("ghu_", 30, "a GitHub token"),
    ("ghs_", 30, "a GitHub token"),
    ("ghr_", 30, "a GitHub token"),
    ("github_pat_", 20, "a GitHub token"),
    ("glpat-", 16, "a GitLab token"),
    ("glsa_", 20, "a Grafana token"),
    ("xoxb-", 10, "a Slack token"),
    ("xoxp-", 10, "a Slack token"),
    ("xoxa-", 10, "a Slack token"),
    ("xapp-", 10, "a Slack token"),
    ("sk-", 20, "an API key"),
    ("sk_live_", 10, "a Stripe key"),
    ("AKIA", 16, "an AWS access key id"),
    ("ASIA", 16, "an AWS access key id"),
    ("AIza", 30, "a Google API key"),
    ("hf_", 30, "a Hugging Face token"),
    ("npm_", 30, "an npm token"),
    ("ATATT3", 20, "an Atlassian token"),
];

/// What `text` gives away, if it looks like a credential.
#[must_use]
pub fn credential(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    if text.split_whitespace().any(has_password) {
        return Some("a URL with a password");
    }
    text.split(|c: char| c.is_whitespace() || "\"'`=,;()[]{}<>".contains(c))
        .find_map(|word| {
            PREFIXES
                .iter()
                .find(|(prefix, least, _)| {
                    word.strip_prefix(prefix).is_some_and(|rest| {
                        rest.len() >= *least && rest.chars().all(is_token_character)
                    })
                })
                .map(|(_, _, what)| *what)
                .or_else(|| is_jwt(word).then_some("a JSON web token"))
        })
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-.~+/".contains(character)
}

/// `scheme://user:password@host`
fn has_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .and_then(|(user, _)| user.split_once(':'))
        .is_some_and(|(_, password)| !password.is_empty() && !password.starts_with(['$', '<', '{']))
}

/// Three base64url parts, the first a JSON object.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            part.len() >= 10
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
        && word.starts_with("eyJ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_issuers_chose_are_recognised_anywhere_in_a_text() {
        for text in [
            format!("ghp_{}", "a".repeat(36)),
            format!("token: \"github_pat_{}\"", "a1".repeat(30)),
            format!("AKIA{}", "ABCDEFGH12345678"),
            "postgres://app:hunter2@db:5432/x".into(),
            format!("Bearer eyJ{0}.{0}.{0}", "abcdefghijkl"),
            "-----BEGIN RSA PRIVATE KEY-----\nx".into(),
        ] {
            assert!(credential(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_values_are_not() {
        for text in [
            "http://mcp-github.litellm.svc.cluster.local:8080",
            "sk-short",
            "AKIA",
            "postgres://app@db:5432/x",
            "postgres://app:$(PASSWORD)@db:5432/x",
            "ghp_not-long-enough",
            "my-company-docs, my-company-logs",
            "1.2.3",
        ] {
            assert_eq!(credential(text), None, "{text}");
        }
    }
}

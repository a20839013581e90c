//! Literals that look like credentials.
//!
//! A config lives in git, and so does what is rendered from it. Only shapes that issuers chose to
//! be recognisable are refused; guessing from entropy or names would refuse what is harmless.

pub(crate) mod name;
pub(crate) mod telling;

use crate::problem::{Code, Problem};
use crate::source::Place;

/// The problem of a text at `place` that looks like `what`.
#[must_use]
pub fn exposed(what: &str, place: Place) -> Problem {
    Problem::error(
        Code::ExposedSecret,
        place,
        format!("this looks like {what}, and a config is no place for one"),
    )
}

/// Prefixes that issuers documented for their secret scanners, and how many characters follow at
/// least.
const PREFIXES: [(&str, usize, &str); 38] = [
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
    ("dckr_pat_", 20, "a Docker Hub token"),
    ("dckr_oat_", 20, "a Docker Hub token"),
    ("sk-", 20, "an API key"),
    ("sk_live_", 10, "a Stripe key"),
    ("AKIA", 16, "an AWS access key id"),
    ("ASIA", 16, "an AWS access key id"),
    ("AIza", 30, "a Google API key"),
    ("hf_", 30, "a Hugging Face token"),
    ("npm_", 30, "an npm token"),
    ("ATATT3", 20, "an Atlassian token"),
    ("xoxc-", 10, "a Slack token"),
    ("xoxd-", 10, "a Slack token"),
    ("ntn_", 30, "a Notion token"),
    ("lin_api_", 30, "a Linear key"),
    ("figd_", 30, "a Figma token"),
    ("rk_live_", 10, "a Stripe key"),
    ("rk_test_", 20, "a Stripe key"),
    ("sk_test_", 20, "a Stripe key"),
    ("whsec_", 20, "a webhook's signing secret"),
    ("shpat_", 30, "a Shopify token"),
    ("GOCSPX-", 20, "a Google client secret"),
    ("dop_v1_", 40, "a DigitalOcean token"),
    ("gsk_", 40, "a Groq key"),
    ("pplx-", 40, "a Perplexity key"),
    ("tvly-", 20, "a Tavily key"),
    ("sbp_", 40, "a Supabase token"),
];

/// No token of [`PREFIXES`] is shorter, in bytes.
const SHORTEST: usize = 15;
/// No part of a JSON web token is shorter, in bytes.
const SHORTEST_PART: usize = 10;
/// What stands in a Slack webhook.
const WEBHOOK: &str = "://hooks.slack.com/services/";
/// What a JSON web token begins with: an object in base64url.
const JWT: &str = "eyJ";
/// How many dashes a private key begins with.
const DASHES: usize = 5;

/// What `text` gives away, if it looks like a credential.
#[must_use]
pub fn credential(text: &str) -> Option<&'static str> {
    let first = || found(text).next().map(|(_, what)| what);
    may_be(text).then(first).flatten()
}

/// Whether `text` has what all shapes have: a URL, a private key's dashes, a word of some length, or the first
/// part of a JSON web token. Nearly none does.
fn may_be(text: &str) -> bool {
    let (mut length, mut dashes) = (0, 0);
    let mut bytes = text.bytes().enumerate();
    let has_word = bytes.any(|(at, byte)| {
        length = if is_token_character(byte.into()) {
            length + 1
        } else {
            0
        };
        dashes = if byte == b'-' { dashes + 1 } else { 0 };
        let is_jwt = || {
            let word = text.get((at + 1).saturating_sub(length)..);
            word.is_some_and(|word| word.starts_with(JWT))
        };
        length == SHORTEST || dashes == DASHES || length == SHORTEST_PART && is_jwt()
    });
    has_word || text.contains("://")
}

/// The parts of `text` that look like credentials.
pub fn credentials(text: &str) -> impl Iterator<Item = &str> {
    found(text).map(|(part, _)| part)
}

/// Parts that look like credentials, and what each is.
fn found(text: &str) -> impl Iterator<Item = (&str, &'static str)> {
    // Nearly every text is none: what each shape must hold is looked for before it is taken apart.
    let having = |sign: &str| if text.contains(sign) { text } else { "" };
    let is_key = having("-----BEGIN ").contains("PRIVATE KEY-----");
    let key = is_key.then_some((text, "a private key"));
    let urls = having("://")
        .split_whitespace()
        .filter(|word| has_password(word))
        .map(|word| (word, "a URL with a password"));
    let hooks = having(WEBHOOK)
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\''))
        .filter(|word| is_webhook(word))
        .map(|word| (word, "a Slack webhook"));
    let tokens = having(JWT)
        .split(|c: char| !is_token_character(c) && c != '.')
        .filter(|word| is_jwt(word))
        .map(|word| (word, "a JSON web token"));
    let issued = text
        .split(|c| !is_token_character(c))
        .filter_map(|word| Some((word, issued(word)?)));
    let urls = urls.chain(hooks);
    key.into_iter().chain(urls).chain(tokens).chain(issued)
}

/// Whose token `word` is.
fn issued(word: &str) -> Option<&'static str> {
    if word.len() < SHORTEST {
        return None;
    }
    PREFIXES
        .iter()
        .find(|(prefix, least, _)| {
            let rest = word.strip_prefix(prefix).unwrap_or_default();
            // These begin ordinary names too, which have no upper case.
            let is_name = ["sk-", "tvly-", "pplx-"].contains(prefix)
                && !rest.contains(|c: char| c.is_ascii_uppercase());
            rest.len() >= *least && !is_name
        })
        .map(|(_, _, what)| *what)
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
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

/// `https://hooks.slack.com/services/T…/B…/SECRET`: whoever has the URL may post.
fn is_webhook(word: &str) -> bool {
    let Some((_, path)) = word.split_once(WEBHOOK) else {
        return false;
    };
    let secret = path.split('/').nth(2).unwrap_or_default();
    // Documentation writes X for every character.
    let is_written = secret.chars().any(|c| c != 'X');
    secret.len() >= 20 && is_written && secret.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Three base64url parts, the first a JSON object.
fn is_jwt(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && parts.iter().all(|part| {
            part.len() >= SHORTEST_PART
                && part
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        })
        && word.starts_with(JWT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_is_shorter_than_the_shortest() {
        let lengths = PREFIXES.map(|(prefix, least, _)| prefix.len() + least);
        assert_eq!(lengths.into_iter().min(), Some(SHORTEST));
        const { assert!(SHORTEST_PART < SHORTEST) };
    }

    #[test]
    fn shapes_that_issuers_chose_are_recognised_anywhere_in_a_text() {
        for text in [
            format!("ghp_{}", "a".repeat(36)),
            format!("token: \"github_pat_{}\"", "a1".repeat(30)),
            format!("AKIA{}", "ABCDEFGH12345678"),
            format!("https://ghp_{}@github.com/org/repo", "a".repeat(36)),
            format!("ghp_{}: x", "a".repeat(36)),
            format!("Authorization:ghp_{}", "a".repeat(36)),
            format!("sk-proj-{}", "aB3".repeat(10)),
            "postgres://app:hunter2@db:5432/x".into(),
            format!("dckr_pat_{}", "aB3".repeat(9)),
            format!("ntn_{}", "aB3".repeat(14)),
            format!("GOCSPX-{}", "aB3".repeat(9)),
            format!("tvly-dev-{}", "aB3".repeat(9)),
            format!(
                "url: https://hooks.slack.com/services/T0/B0/{}",
                "aB3".repeat(8)
            ),
            format!("Bearer eyJ{0}.{0}.{0}", "abcdefghijkl"),
            "-----BEGIN RSA PRIVATE KEY-----\nx".into(),
            "x-----BEGIN PRIVATE KEY-----".into(),
            "x=eyJabcdefg.abcdefghij.abcdefghij".into(),
        ] {
            assert!(credential(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn ordinary_values_are_not() {
        for text in [
            "http://mcp-github.litellm.svc.cluster.local:8080",
            "sk-short",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "sk-production-documents-archive-2024",
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

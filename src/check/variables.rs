//! Which variables a container has, and which its texts refer to.

use super::input::Input;
use super::references::{Keys, config_keys};
use crate::manifest::{Container, Pod};

/// The names in `$(NAME)` of `text` that Kubernetes looks up. Only names in upper case count: `$(date)`
/// is meant for a shell.
pub fn references(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('$') {
        // `$$` is a dollar, whatever follows it.
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
            continue;
        }
        rest = after;
        let inner = after
            .strip_prefix('(')
            .and_then(|text| text.split_once(')'));
        if let Some((name, after)) = inner {
            rest = after;
            found.extend(Some(name).filter(|name| is_name(name)));
        }
    }
    found
}

/// What Kubernetes makes of the value `text` of a variable; `None` where that takes other variables.
pub fn expanded(text: &str) -> Option<String> {
    let mut whole = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '$' && chars.peek() == Some(&'(') {
            return None;
        }
        if c == '$' {
            chars.next_if_eq(&'$');
        }
        whole.push(c);
    }
    Some(whole)
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.starts_with(|c: char| c.is_ascii_uppercase() || c == '_') && text.chars().all(is_part)
}

/// Whether the kubelet may set `name`, for the API server or, where the pod `has_links`, for a
/// Service of the namespace.
pub fn is_of_service(name: &str, has_links: bool) -> bool {
    let is_link = ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT"]
        .iter()
        .any(|part| name.contains(part));
    is_link && (has_links || name.starts_with("KUBERNETES_"))
}

/// The variables that `container` gets through `envFrom`; `None` where nobody here knows them all.
pub fn given(input: &Input<'_>, pod: &Pod<'_>, container: Container<'_>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for source in container.at.get("envFrom").items() {
        let name = |kind: &str| source.get(kind).get("name").text();
        let prefix = source.get("prefix").text().unwrap_or_default();
        let mut add = |keys: &Keys<'_>| match keys {
            Keys::Known(keys) => {
                found.extend(keys.iter().map(|key| format!("{prefix}{key}")));
                Some(())
            }
            Keys::Any => None,
        };
        match (name("secretRef"), name("configMapRef")) {
            (Some(name), _) => add(input.secrets.keys(pod.namespace(), name)?)?,
            (_, Some(name)) => add(&config_keys(input.manifests, pod.namespace(), name)?)?,
            (None, None) => {}
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_found_as_kubernetes_finds_them() {
        for (text, names) in [
            ("$(A) b $(C_1)", vec!["A", "C_1"]),
            ("$$(A) $$$(B)", vec!["B"]),
            ("$(date) $( A) $() $(A", vec![]),
            ("${A} $A $", vec![]),
            ("$($(A))", vec![]),
            ("é$(É)$(A)é", vec!["A"]),
        ] {
            assert_eq!(references(text), names, "{text}");
        }
    }

    #[test]
    fn two_dollars_are_one() {
        assert_eq!(expanded("$$(A) $ $$$").unwrap(), "$(A) $ $$");
        assert_eq!(expanded("a$(A)"), None);
        assert_eq!(expanded("$$$(A)"), None);
    }

    proptest! {
        #[test]
        fn every_name_is_one_of_the_text(text in r"[$()A-C ]{0,20}") {
            for name in references(&text) {
                let reference = format!("$({name})");
                prop_assert!(text.contains(&reference), "{}", name);
            }
        }
    }
}

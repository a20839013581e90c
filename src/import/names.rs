//! Names that a set takes, and that no two of its servers share.

use std::collections::BTreeSet;

use super::draft::Server;
use super::remark::{Kind, Remark, quoted};

/// Longest name: with `mcp-` before it and `-secrets` behind, an object's name has 63 characters.
const LONGEST: usize = 63 - "mcp-".len() - "-secrets".len();
/// Longest name of an image that is still to be built.
const LONGEST_IMAGE: usize = 100;
/// What a server of unknown name is called.
const FALLBACK: &str = "server";

/// The names of `servers` in a set called `set`, in their order; what is changed is said beside each.
pub fn names(set: &str, servers: &mut [Server]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    // The set's own policy is called so.
    if set == "mcp" {
        taken.insert("default-deny".to_owned());
    }
    servers
        .iter_mut()
        .map(|server| {
            let wanted = label(&server.name);
            let name = distinct(&wanted, &mut taken);
            if name != server.name {
                let why = if name == wanted {
                    "the name"
                } else {
                    "the name is taken or no valid one;"
                };
                let text = format!("{why} {} became {}", quoted(&server.name), quoted(&name));
                server.remarks.push(Remark::new(Kind::Guessed, text));
            }
            name
        })
        .collect()
}

/// `text` as a DNS label, without the `mcp-` that every object's name begins with anyway.
pub fn label(text: &str) -> String {
    let whole = image_name(text);
    let label = whole.strip_prefix("mcp-").unwrap_or(&whole);
    let label: String = label.chars().take(LONGEST).collect();
    match label.trim_matches('-') {
        "" => FALLBACK.to_owned(),
        label => label.to_owned(),
    }
}

/// `text` as the name of an image: lower-case letters and digits with single `-` between them.
pub fn image_name(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars() {
        let character = character.to_ascii_lowercase();
        if character.is_ascii_alphanumeric() {
            label.push(character);
        } else if !label.ends_with('-') && !label.is_empty() {
            label.push('-');
        }
    }
    match label.trim_matches('-') {
        "" => FALLBACK.to_owned(),
        label => label
            .chars()
            .take(LONGEST_IMAGE)
            .collect::<String>()
            .trim_matches('-')
            .to_owned(),
    }
}

/// `wanted`, with a number behind it where it is taken.
fn distinct(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        let ending = format!("-{number}");
        let room = LONGEST - ending.len();
        let stem: String = wanted.chars().take(room).collect();
        name = format!("{}{ending}", stem.trim_end_matches('-'));
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServiceName;
    use crate::source::Place;
    use proptest::prelude::*;

    #[test]
    fn a_name_keeps_what_it_can() {
        assert_eq!(label("GitHub MCP"), "github-mcp");
        assert_eq!(label("mcp-github"), "github");
        assert_eq!(label("--"), "server");
        assert_eq!(label("@scope/pkg_name"), "scope-pkg-name");
    }

    proptest! {
        #[test]
        fn every_name_is_one_that_objects_can_have(texts in prop::collection::vec(any::<String>(), 1..6)) {
            let mut servers: Vec<Server> = texts
                .iter()
                .map(|text| Server::new(text, Place::default(), "x"))
                .collect();
            let names = names("mcp", &mut servers);
            let distinct: BTreeSet<&String> = names.iter().collect();
            prop_assert_eq!(distinct.len(), texts.len());
            for name in names {
                let longest = format!("mcp-{name}-secrets");
                prop_assert!(ServiceName::parse(&longest).is_ok(), "{}", longest);
            }
        }
    }
}

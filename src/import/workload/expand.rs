//! What the kubelet makes of `$(NAME)`, and of `$$`, its escape.
//!
//! References to variables that hold references themselves grow without limit, so what they may add is
//! bounded.

use crate::import::draft::Server;
use crate::import::tree::{Map, Value};

/// A text as the kubelet passes it on.
#[derive(Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text.
    pub text: String,
    /// Whether a reference in it is to no variable whose value is known.
    pub is_open: bool,
}

/// `text` with the references `$(NAME)` that the kubelet would replace by a variable that `server` has;
/// mcpset passes what is left literally. `None` when that would be longer than a server may be made by it.
pub fn expanded(text: &str, server: &mut Server) -> Option<Expanded> {
    if !text.contains('$') {
        return Some(Expanded {
            text: text.to_owned(),
            is_open: false,
        });
    }
    let none = Map::default();
    let env = match server.fields.get("env") {
        Some(Value::Map(env)) => env,
        _ => &none,
    };
    let expanded = filled(text, env, text.len().saturating_add(server.room))?;
    let added = expanded.text.len().saturating_sub(text.len());
    server.room = server.room.saturating_sub(added);
    Some(expanded)
}

/// `text` with the variables in `env`, if that has at most `longest` bytes.
fn filled(text: &str, env: &Map, longest: usize) -> Option<Expanded> {
    let mut filled = String::with_capacity(text.len());
    let mut is_open = false;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            filled.push('$');
            rest = after;
            continue;
        }
        let reference = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let known = reference.and_then(|(name, after)| match env.get(name)? {
            Value::Text(value) => Some((value, after)),
            _ => None,
        });
        if let Some((value, after)) = known {
            filled.push_str(value);
            rest = after;
        } else {
            is_open |= reference.is_some();
            filled.push('$');
        }
        if filled.len() > longest {
            return None;
        }
    }
    filled.push_str(rest);
    (filled.len() <= longest).then_some(Expanded {
        text: filled,
        is_open,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn server() -> Server {
        let mut server = Server::new("x", Place::default(), "x");
        server.set_variable("A", "v$(B)".into());
        server
    }

    #[test]
    fn a_known_variable_is_filled_in_once_and_an_escape_is_literal() {
        for (text, expected, is_open) in [
            ("$(A)!", "v$(B)!", false),
            ("$$(A)", "$(A)", false),
            ("$$$(A)", "$v$(B)", false),
            ("$(C) $(A", "$(C) $(A", true),
            ("5$ $HOME", "5$ $HOME", false),
        ] {
            let found = expanded(text, &mut server()).unwrap();
            assert_eq!((found.text.as_str(), found.is_open), (expected, is_open));
        }
    }

    #[test]
    fn what_references_add_is_bounded_in_total() {
        let mut server = server();
        server.set_variable("A", "x".repeat(40_000).into());
        assert!(expanded("$(A)", &mut server).is_some());
        assert_eq!(expanded("$(A)", &mut server), None);
        assert!(expanded("plain", &mut server).is_some());
    }
}

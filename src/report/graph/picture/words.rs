//! Text that fits: how wide it is at most, where it may be broken, and what is left out.

use crate::model::is_invisible;

/// A line of text as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What is shown.
    pub shown: String,
    /// All of it, where something is left out.
    pub full: Option<String>,
}

impl Words {
    /// How many columns it takes.
    pub fn columns(&self) -> i32 {
        self.shown.chars().map(width).sum()
    }

    /// Whether every font draws it in so many columns.
    pub fn is_plain(&self) -> bool {
        self.shown.is_ascii()
    }
}

/// How many columns a character takes at most; of the others, a drawing says itself how wide they are.
fn width(c: char) -> i32 {
    if c.is_ascii() { 1 } else { 2 }
}

/// `text` on one line of so many columns.
pub fn line(text: &str, columns: i32) -> Words {
    let mut lines = wrap(text, columns, 1).into_iter();
    lines.next().unwrap_or(Words {
        shown: String::new(),
        full: None,
    })
}

/// `text` on at most `most` lines of so many columns, broken behind a sign where there is one.
pub fn wrap(text: &str, columns: i32, most: usize) -> Vec<Words> {
    let text: Vec<char> = text.chars().map(visible).collect();
    let mut lines = Vec::new();
    let mut rest = text.as_slice();
    while !rest.is_empty() {
        let is_last = lines.len() + 1 >= most;
        let fits = fitting(rest, columns);
        if fits == rest.len() || is_last {
            lines.push(last(rest, fits, columns, &text));
            break;
        }
        let (head, tail) = rest.split_at(broken(rest, fits));
        lines.push(Words {
            shown: head.iter().collect(),
            full: None,
        });
        rest = tail;
    }
    lines
}

/// What is drawn of `c`: nothing that would turn or hide what stands around it.
fn visible(c: char) -> char {
    if is_invisible(c) {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

/// How many characters of `text` fit.
fn fitting(text: &[char], columns: i32) -> usize {
    let mut taken = 0;
    let does_not_fit = |c: &char| {
        taken += width(*c);
        taken > columns
    };
    text.iter().position(does_not_fit).unwrap_or(text.len())
}

/// Where `text`, of which `fits` characters fit, is best broken: behind a sign, in its second half.
fn broken(text: &[char], fits: usize) -> usize {
    let head = text.iter().take(fits);
    let sign = head.rev().position(|c| !c.is_alphanumeric());
    let behind = sign.map_or(0, |from_end| fits - from_end);
    if behind * 2 > fits {
        behind
    } else {
        fits.max(1)
    }
}

/// The last line, with a mark where something is left out.
fn last(rest: &[char], fits: usize, columns: i32, all: &[char]) -> Words {
    if fits == rest.len() {
        return Words {
            shown: rest.iter().collect(),
            full: None,
        };
    }
    let room = fitting(rest, columns - width('…'));
    Words {
        shown: rest.iter().take(room).chain(['…'].iter()).collect(),
        full: Some(all.iter().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, columns: i32, most: usize) -> Vec<String> {
        let lines = wrap(text, columns, most).into_iter();
        lines.map(|words| words.shown).collect()
    }

    #[test]
    fn text_is_broken_behind_a_sign_and_cut_at_the_end() {
        let text = "litellm/app.kubernetes.io/name=litellm-proxy";
        assert_eq!(
            shown(text, 28, 3),
            ["litellm/app.kubernetes.io/", "name=litellm-proxy"]
        );
        assert_eq!(shown(text, 28, 1), ["litellm/app.kubernetes.io/…"]);
        assert_eq!(shown("aaaaaaaa", 3, 9), ["aaa", "aaa", "aa"]);
        assert_eq!(line(text, 28).full.as_deref(), Some(text));
        assert_eq!(line("a\u{202e}b", 28).shown, "a\u{fffd}b");
    }

    proptest! {
        #[test]
        fn every_line_fits_and_nothing_is_lost(text in any::<String>(), columns in 4i32..40, most in 1usize..4) {
            let lines = wrap(&text, columns, most);
            prop_assert!(lines.len() <= most);
            prop_assert!(lines.iter().all(|words| words.columns() <= columns));
            let visible: String = text.chars().map(visible).collect();
            let full = lines.iter().find_map(|words| words.full.clone());
            let all = full.unwrap_or_else(|| shown(&text, columns, most).concat());
            prop_assert_eq!(all, visible);
        }
    }
}

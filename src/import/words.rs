//! The words of a command line, without the credentials among them.
//!
//! mcpset passes arguments on exactly as written and never expands anything in them, so a credential
//! cannot stand there in any form. It is left out together with its flag, and the reader is told to
//! give the server the variable instead that it surely reads, too.

use super::draft::Server;
use super::remark::{Remark, quoted};
use crate::credential::credential;
use crate::credential::telling::{announces, holds_credential, named};
use crate::model::CleanText;
use crate::source::Place;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What it says.
    pub text: Text,
    /// Where it stands.
    pub place: Place,
}

/// What a word says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// This.
    Known(String),
    /// A credential, wholly or in part.
    Secret,
}

impl Word {
    /// The word `text`.
    pub fn known(text: impl Into<String>, place: Place) -> Self {
        Self {
            text: Text::Known(text.into()),
            place,
        }
    }

    /// The text, unless it is a credential.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.text {
            Text::Known(text) => Some(text),
            Text::Secret => None,
        }
    }
}

/// The words that `server` may be called with. What is left out is told beside `key`, once that is set.
pub fn arguments(server: &mut Server, words: &[Word]) -> (Vec<String>, Vec<Remark>) {
    let mut kept = Vec::new();
    let mut remarks = Vec::new();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        let Some(text) = word.as_str() else {
            remarks.push(left_out("an argument", word.place));
            continue;
        };
        if holds_credential(text) {
            hide_values(server, text);
            let name = named(text).filter(|_| credential(text).is_none());
            let name = name.map_or_else(|| "an argument".to_owned(), quoted);
            remarks.push(left_out(&name, word.place));
            continue;
        }
        // The value of a flag such as `--api-key`, whatever it begins with.
        let mut announced = text;
        let mut is_left_out = false;
        while let Some(value) = rest.next_if(|next| match next.as_str() {
            Some(next) => announces(announced, next),
            None => text.starts_with('-'),
        }) {
            is_left_out = true;
            let value = value.as_str().unwrap_or_default();
            server.hide(value);
            announced = value;
        }
        if is_left_out {
            remarks.push(left_out(&quoted(text), word.place));
        } else if CleanText::parse(text).is_err() {
            let text = "an argument with control characters, which kustomize does not pass on";
            remarks.push(Remark::to_do(word.place, format!("{text}, was left out")));
        } else {
            kept.push(text.to_owned());
        }
    }
    (kept, remarks)
}

/// Keeps what follows a `=` or `:` in `text` out of everything that is printed.
fn hide_values(server: &mut Server, text: &str) {
    server.hide(text);
    for part in text.split(['?', '&', ' ']) {
        for separator in ['=', ':'] {
            if let Some((_, value)) = part.split_once(separator) {
                server.hide(value);
            }
        }
    }
}

fn left_out(what: &str, place: Place) -> Remark {
    Remark::to_do(
        place,
        format!(
            "{what} carried a credential, which arguments cannot hold, and was left out: put the variable that the server reads instead under `secrets`"
        ),
    )
}

/// Sets `key` of `server` to `words`.
pub fn set_words(server: &mut Server, key: &str, words: &[Word]) {
    let (kept, remarks) = arguments(server, words);
    if !kept.is_empty() {
        server.fields.set(key, kept);
    }
    for remark in remarks {
        server.say_at(key, remark);
    }
}

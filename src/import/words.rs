//! The words of a command line, without the credentials among them.
//!
//! mcpset passes arguments on exactly as written and never expands anything in them, so a credential
//! cannot stand there in any form. It is left out together with its flag, and the reader is told to
//! give the server the variable instead that it surely reads, too.

use super::draft::Server;
use super::remark::{Remark, quoted};
use super::secret::{is_secret_name, secret_in_word};
use crate::credential::credential;
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
        let takes_secret = text.starts_with('-') && !text.contains('=') && is_secret_name(text);
        // The value of a flag such as `--api-key`.
        let value = rest.peek().copied().filter(|next| {
            let is_flag = next.as_str().is_some_and(|text| text.starts_with('-'));
            takes_secret && !is_flag || text.starts_with('-') && next.as_str().is_none()
        });
        if let Some(value) = value {
            if let Some(value) = value.as_str() {
                server.hide(value);
            }
            rest.next();
            remarks.push(left_out(&quoted(text), value.place));
        } else if let Some(name) = secret_in_word(text) {
            hide_values(server, text);
            let name = if credential(text).is_some() {
                "an argument".to_owned()
            } else {
                quoted(&name)
            };
            remarks.push(left_out(&name, word.place));
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

//! A set that is being put together: what every format is turned into, and what is printed.
//!
//! It is looser than a config: names may still collide, images are where the source has them. What all
//! servers together decide (names, images, the paths of secrets) is decided once, by the writer.

use super::remark::{Kind, Remark, listed};
use super::tree::{Map, Value};
use crate::credential::telling::{holds_credential, is_secret};
use crate::model::{CleanText, EnvName};
use crate::source::Place;

/// How much longer references to variables may make a server, in bytes.
const ROOM: usize = 64 * 1024;
/// What a server is called whose name holds a credential.
const NAMELESS: &str = "server";
/// Longest description that a server has, in characters.
const LONGEST_DESCRIPTION: usize = 1000;

/// A set of servers.
#[derive(Debug, Default)]
pub struct Draft {
    /// The namespaces that objects name, in their order.
    pub namespaces: Vec<String>,
    /// The servers.
    pub servers: Vec<Server>,
    /// What is said of the whole: above all what was left out.
    pub remarks: Vec<Remark>,
    /// The values of credentials, which nothing that is printed may hold.
    pub hidden: Vec<String>,
}

/// One server.
#[derive(Debug)]
pub struct Server {
    /// What the source calls it.
    pub name: String,
    /// Where it stands in the source.
    pub place: Place,
    /// Its image.
    pub image: Image,
    /// The fields but `name`, `image` and `secrets`.
    pub fields: Map,
    /// The variables that come from the secret store.
    pub secrets: Vec<(String, Vec<Remark>)>,
    /// What stands above it.
    pub remarks: Vec<Remark>,
    /// What was read and has no place in a set.
    pub lost: Vec<String>,
    /// The values of credentials.
    pub hidden: Vec<String>,
    /// Bytes that references to variables may still add.
    pub room: usize,
}

/// Where an image comes from.
#[derive(Debug, Clone)]
pub enum Image {
    /// It exists, under this reference.
    Reference {
        /// As the source has it.
        text: String,
        /// The version that the source names elsewhere.
        version: Option<String>,
    },
    /// It must be built.
    Built {
        /// What a good name for it is.
        name: String,
        /// The version of what is in it, where that is known.
        version: Option<String>,
        /// What is in it.
        how: String,
    },
    /// Nothing says.
    Unknown,
}

impl Server {
    /// A server of which only the name is known, and where it was read: "server.json `x`".
    #[must_use]
    pub fn new(name: &str, place: Place, from: impl Into<String>) -> Self {
        let name = if holds_credential(name) {
            NAMELESS
        } else {
            name
        };
        Self {
            name: name.to_owned(),
            place,
            image: Image::Unknown,
            fields: Map::default(),
            secrets: Vec::new(),
            remarks: vec![Remark::new(Kind::From, from)],
            lost: Vec::new(),
            hidden: Vec::new(),
            room: ROOM,
        }
    }

    /// Says something above the server.
    pub fn say(&mut self, kind: Kind, text: impl Into<String>) {
        self.remarks.push(Remark::new(kind, text));
    }

    /// Says above the server what must be done about what stands at `place`.
    pub fn ask(&mut self, place: Place, text: impl Into<String>) {
        self.remarks.push(Remark::to_do(place, text));
    }

    /// Says something beside the field `key`, or above the server where it has none.
    pub fn say_at(&mut self, key: &str, remark: Remark) {
        self.remarks.extend(self.fields.remark(key, remark));
    }

    /// Says beside the field `key`, where it is set, what must be done.
    pub fn say_to_do(&mut self, key: &str, text: &str) {
        if self.fields.has(key) {
            self.say_at(key, Remark::to_do(self.place, text));
        }
    }

    /// Sets `description`.
    pub fn describe(&mut self, text: &str) {
        let mut text = text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        if CleanText::parse(&text).is_err() || holds_credential(&text) {
            self.hide(&text);
            self.lost.push("description".to_owned());
            return;
        }
        if text.chars().count() > LONGEST_DESCRIPTION {
            text = text.chars().take(LONGEST_DESCRIPTION).collect();
            text.push('…');
        }
        self.fields.set("description", text);
    }

    /// The variable `name` with a value that the source writes out. What looks like a credential
    /// becomes a reference; `is_known_secret` where the source says so itself.
    pub fn variable(&mut self, name: &str, value: &str, is_known_secret: bool) {
        if is_known_secret || is_secret(name, value) {
            let why = if is_known_secret {
                None
            } else {
                Some("its name or value is that of a credential; the value was not taken over")
            };
            self.hide(value);
            self.hide_lines(value);
            self.secret(name, why.map(|why| Remark::new(Kind::Guessed, why)));
        } else if EnvName::parse(name).is_err() || CleanText::parse(value).is_err() {
            self.lost.push(format!("the variable {name}"));
        } else {
            self.set_variable(name, value.into());
        }
    }

    /// The variable `name`, whose value is text or a reference.
    pub fn set_variable(&mut self, name: &str, value: Value) {
        self.secrets.retain(|(secret, _)| secret != name);
        self.fields.set_in("env", name, value);
    }

    /// The variable `name`, whose value is in the secret store.
    pub fn secret(&mut self, name: &str, remark: Option<Remark>) {
        let Ok(parsed) = EnvName::parse(name) else {
            self.lost.push(format!("the secret variable {name}"));
            return;
        };
        let is_variable = matches!(self.fields.get("env"), Some(Value::Map(env)) if env.has(name));
        if is_variable {
            return;
        }
        let key = parsed.secret_key();
        let same = self
            .secrets
            .iter()
            .find(|(other, _)| EnvName::parse(other).is_ok_and(|other| other.secret_key() == key));
        match same {
            None => self
                .secrets
                .push((name.to_owned(), remark.into_iter().collect())),
            Some((other, _)) if other == name => {}
            Some((other, _)) => {
                let text =
                    format!("the secret variable {name}, which the store would call as {other}");
                self.lost.push(text);
            }
        }
    }

    /// Keeps `value` out of everything that is printed.
    pub fn hide(&mut self, value: &str) {
        self.hidden.push(value.to_owned());
    }

    /// Keeps the lines of `text` and their values out of everything that is printed.
    pub fn hide_lines(&mut self, text: &str) {
        for line in text.lines() {
            self.hide(line.trim());
            if let Some((_, value)) = line.split_once(['=', ':']) {
                self.hide(value.trim().trim_matches(['"', '\'']));
            }
        }
    }

    /// Says what was lost.
    pub fn close(&mut self) {
        let lost = std::mem::take(&mut self.lost);
        if !lost.is_empty() {
            self.say(Kind::Lost, listed(&lost));
        }
    }

    /// Whether it is called over standard input and output.
    #[must_use]
    pub fn is_stdio(&self) -> bool {
        matches!(self.fields.get("transport"), Some(Value::Text(text)) if text == "stdio")
    }

    /// Calls the server over standard input and output, by `command`.
    pub fn speaks_stdio(&mut self, command: Vec<String>) {
        self.fields.set("transport", "stdio");
        if !command.is_empty() {
            self.fields.set("command", command);
        }
    }
}

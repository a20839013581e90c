//! The servers of a set as they are written, each read when its turn comes.
//!
//! Typed, a server has a place for everything that it might say, of which most say little: ten thousand of
//! them are not held at once.

use crate::api::{self, Placed};
use crate::overrides::Overrides;
use crate::problem::Problems;
use crate::yaml::{self, Dialect, Node};

/// A set as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'n> {
    /// All of it.
    pub document: &'n Node,
    /// Whose hands it went through.
    pub dialect: Dialect,
    /// What a host changes in it.
    pub overrides: &'n Overrides,
}

impl<'n> Written<'n> {
    /// The servers, unread.
    #[must_use]
    pub fn servers(self) -> &'n [Node] {
        api::servers(self.document)
    }

    /// Reads one of them. What is wrong goes to `problems`; `None` when it is no server at all.
    pub fn read(self, server: &Node, problems: &mut Problems) -> Option<Placed<api::Server>> {
        let mut value: api::Server = yaml::decode(server, self.dialect, problems)?;
        self.overrides.apply_to(&mut value);
        let place = server.place;
        Some(Placed { value, place })
    }
}

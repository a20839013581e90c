//! The servers of a set as they are written, each read when its turn comes.
//!
//! Typed, a server has a place for everything that it might say, of which most say little: ten thousand of
//! them are not held at once. Nor are their trees, where they stand in rows.

use std::borrow::Cow;
use std::ops::Range;

use crate::api::{self, Placed};
use crate::model::{Places, SetPlaces};
use crate::overrides::Overrides;
use crate::parallel::SOME;
use crate::problem::Problems;
use crate::yaml::{self, Dialect, Node, Rows};

/// A set as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'n> {
    /// All of it; of servers in rows, the first alone.
    pub document: &'n Node,
    /// Where its servers are read that stand in rows; `None` when `document` has them.
    pub rows: Option<&'n Rows<'n>>,
    /// Whose hands it went through.
    pub dialect: Dialect,
    /// What a host changes in it.
    pub overrides: &'n Overrides,
}

impl<'n> Written<'n> {
    /// The servers, some at a time.
    #[must_use]
    pub fn parts(self) -> Vec<Part<'n>> {
        let Some(rows) = self.rows else {
            let parts = api::servers(self.document).chunks(SOME);
            return parts.map(Part::Trees).collect();
        };
        let starts = (0..rows.len()).step_by(SOME);
        let ends = |start: usize| rows.len().min(start + SOME);
        let parts = starts.map(|start| Part::Rows(rows, start..ends(start)));
        parts.collect()
    }

    /// Where it stands.
    #[must_use]
    pub fn places(self) -> SetPlaces {
        let spec = self.document.get("spec");
        let part = |name| Some(places(spec?.get(name)?));
        SetPlaces {
            whole: self.document.place,
            platform: part("platform"),
            defaults: part("defaults"),
        }
    }

    /// Reads one of them. What is wrong goes to `problems`; `None` when it is no server at all.
    pub fn read(self, server: &Node, problems: &mut Problems) -> Option<Placed<api::Server>> {
        let mut value: api::Server = yaml::decode(server, self.dialect, problems)?;
        self.overrides.apply_to(&mut value);
        let place = server.place;
        Some(Placed { value, place })
    }
}

/// Some of the servers.
#[derive(Debug)]
pub enum Part<'n> {
    /// Parsed already.
    Trees(&'n [Node]),
    /// These of all rows.
    Rows(&'n Rows<'n>, Range<usize>),
}

impl<'n> Part<'n> {
    /// Their trees; `None` when there is a mistake in the rows.
    pub fn trees(&self) -> Option<Cow<'n, [Node]>> {
        match self {
            Self::Trees(servers) => Some(Cow::Borrowed(servers)),
            Self::Rows(rows, which) => rows.read(which.clone()).map(Cow::Owned),
        }
    }
}

/// Where `node` and its fields stand.
pub fn places(node: &Node) -> Places {
    let fields = node.entries().iter();
    Places::new(
        node.place,
        fields.map(|entry| (entry.name(), entry.value.place)),
    )
}

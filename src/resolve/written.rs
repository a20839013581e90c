//! The servers of a set as they are written, each read when its turn comes.
//!
//! Typed, a server has a place for everything that it might say, of which most say little: ten thousand of
//! them are not held at once.

use crate::api::{self, Placed};
use crate::model::{Places, SetPlaces};
use crate::overrides::Overrides;
use crate::problem::Problems;
use crate::yaml::{self, Dialect, Node, Value};

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

/// Where `node` and its fields stand.
pub fn places(node: &Node) -> Places {
    let entries = match &node.value {
        Value::Mapping(entries) => entries.as_slice(),
        Value::Scalar(_) | Value::Sequence(_) => &[],
    };
    let fields = entries.iter();
    Places::new(
        node.place,
        fields.map(|entry| (entry.name(), entry.value.place)),
    )
}

//! Where a person wrote what was decided.
//!
//! What is found in an object that nobody wrote is shown at the field that it comes from. So the places
//! go with the model, and the tree in which they stood need not be kept.

use smol_str::SmolStr;

use crate::source::Place;

/// Where a mapping stands, and its fields.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The mapping itself.
    pub whole: Place,
    fields: Box<[(SmolStr, Place)]>,
}

impl Places {
    /// Of a mapping that stands at `whole`, with the values of these fields.
    pub fn new<'f>(whole: Place, fields: impl Iterator<Item = (&'f str, Place)>) -> Self {
        let fields = fields.map(|(name, place)| (name.into(), place));
        Self {
            whole,
            fields: fields.collect(),
        }
    }

    /// Where the value of the field `name` stands, if it is written.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<Place> {
        let mut fields = self.fields.iter();
        fields
            .find(|(field, _)| field == name)
            .map(|(_, place)| *place)
    }
}

/// Where a set stands, and what of it is for all servers.
#[derive(Debug, Clone, Default)]
pub struct SetPlaces {
    /// The set itself.
    pub whole: Place,
    /// `spec.platform`.
    pub platform: Option<Places>,
    /// `spec.defaults`.
    pub defaults: Option<Places>,
}

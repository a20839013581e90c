//! Where a patch says what an object has.

use serde_json::Value as Json;

use super::Step;
use crate::model::{Change, Changed, Patch};
use crate::resources::{Merging, merging};
use crate::source::Place;

/// How much of the way to a value a patch says.
pub struct Said {
    is_whole: bool,
    depth: usize,
    /// Where the last step is.
    pub place: Place,
}

impl Said {
    /// The more a patch says, the higher.
    pub fn rank(&self) -> (bool, usize) {
        (self.is_whole, self.depth)
    }
}

/// How many of the `steps` to a value of `object` are in `patch`.
pub fn said(patch: &Patch, object: &Json, steps: &[Step]) -> Said {
    let (mut here, mut value) = (&patch.change, object);
    let mut names = String::new();
    for (depth, step) in steps.iter().enumerate() {
        let below = match (step, &here.to) {
            (Step::Field(name), Changed::Mapping { fields, .. }) => {
                let dot = if names.is_empty() { "" } else { "." };
                let below = fields.iter().find(|(field, _)| field == name);
                let below = below.map(|(_, below)| below);
                names = format!("{names}{dot}{name}");
                below.map(|below| (below, value.get(name.as_str()).unwrap_or(&Json::Null)))
            }
            (Step::Item(index), Changed::List(items)) => {
                let item = value.get(index);
                let below = item.and_then(|item| match merging(patch.kind, &names) {
                    Merging::Whole => items.get(*index),
                    Merging::Scalars => items.iter().find(|known| is_scalar(known, item)),
                    Merging::By(key) => items.iter().find(|known| is_called(known, key, item)),
                });
                names.push_str(".*");
                below.zip(item)
            }
            _ => None,
        };
        let Some((change, below)) = below else {
            let place = if depth == 0 { patch.place } else { here.place };
            return Said {
                is_whole: false,
                depth,
                place,
            };
        };
        (here, value) = (change, below);
    }
    Said {
        is_whole: true,
        depth: steps.len(),
        place: here.place,
    }
}

fn is_scalar(change: &Change, value: &Json) -> bool {
    matches!(&change.to, Changed::Scalar(scalar) if scalar == value)
}

/// Whether `change` is about the item `value` of a list whose items `key` tells apart.
fn is_called(change: &Change, key: &str, value: &Json) -> bool {
    let Changed::Mapping { fields, .. } = &change.to else {
        return false;
    };
    let mut fields = fields.iter();
    fields.any(|(name, change)| {
        name == key && value.get(key).is_some_and(|value| is_scalar(change, value))
    })
}

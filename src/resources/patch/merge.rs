//! `kubectl patch`: the same values in the same order.
//!
//! A JSON merge patch is the strategic one in which no list is merged. Where kubectl passes over what is
//! not there to be removed, a person has misspelt something, and is told.
//! Source: apimachinery, `util/strategicpatch`.

use serde_json::{Map, Value as Json};

use super::keys::{Merging, merging};
use super::refusal::{self, Refusal};
use crate::model::{Change, Changed, Directive};

type Fields = Map<String, Json>;

/// Changes objects of one kind.
pub struct Merge<'k> {
    /// The kind.
    pub kind: &'k str,
}

impl Merge<'_> {
    /// `value`, which is at `path`, with `change`; `None` where nothing remains.
    ///
    /// # Errors
    /// Of what is not there to be removed, or cannot be found.
    pub fn value(&self, value: Json, change: &Change, path: &str) -> Result<Option<Json>, Refusal> {
        match (&change.to, value) {
            (Changed::Removed, _) => Ok(None),
            (Changed::Mapping { directive, fields }, Json::Object(old)) => self
                .mapping(old, *directive, fields, path)
                .map(Json::Object)
                .map(Some),
            (Changed::List(items), Json::Array(old)) => {
                self.list(old, items, path).map(Json::Array).map(Some)
            }
            _ => new(change),
        }
    }

    fn mapping(
        &self,
        mut old: Fields,
        directive: Option<Directive>,
        fields: &[(String, Change)],
        path: &str,
    ) -> Result<Fields, Refusal> {
        match directive {
            Some(Directive::Delete) => return Ok(Fields::new()),
            Some(Directive::Replace) => {
                return new_fields(fields);
            }
            None => {}
        }
        for (name, change) in fields {
            let below = match path {
                "" => name.clone(),
                _ => format!("{path}.{name}"),
            };
            let new = match old.remove(name) {
                Some(value) => self.value(value, change, &below)?,
                None if matches!(change.to, Changed::Removed) => {
                    return Err(refusal::nothing_to_remove(name, &known(&old), change.place));
                }
                None => new(change)?,
            };
            if let Some(new) = new {
                old.insert(name.clone(), new);
            }
        }
        Ok(old)
    }

    fn list(&self, old: Vec<Json>, items: &[Change], path: &str) -> Result<Vec<Json>, Refusal> {
        match merging(self.kind, path) {
            Merging::Whole => {
                let items = items.iter().map(new).collect::<Result<Vec<_>, _>>()?;
                Ok(items.into_iter().flatten().collect())
            }
            Merging::Scalars => scalars(old, items),
            Merging::By(key) => self.mappings(old, items, key, path),
        }
    }

    fn mappings(
        &self,
        mut old: Vec<Json>,
        items: &[Change],
        key: &'static str,
        path: &str,
    ) -> Result<Vec<Json>, Refusal> {
        let mut replaces = false;
        let mut wanted: Vec<(&Change, Json)> = Vec::new();
        for item in items {
            let directive = match &item.to {
                Changed::Mapping { directive, fields } => {
                    if *directive == Some(Directive::Replace) && !fields.is_empty() {
                        return Err(refusal::replace_alone(item.place));
                    }
                    *directive
                }
                _ => None,
            };
            match directive {
                Some(Directive::Replace) => replaces = true,
                Some(Directive::Delete) => {
                    let id = id(item, key)?;
                    let before = old.len();
                    old.retain(|value| value.get(key) != Some(&id));
                    if before == old.len() {
                        return Err(refusal::nobody(key, &id, item.place));
                    }
                }
                None => {
                    let id = id(item, key)?;
                    if let Some((first, _)) = wanted.iter().find(|(_, known)| *known == id) {
                        return Err(refusal::twice(key, &id, first.place, item.place));
                    }
                    wanted.push((item, id));
                }
            }
        }
        if replaces {
            let items = wanted.iter().map(|(item, _)| new(item));
            let items = items.collect::<Result<Vec<_>, _>>()?;
            return Ok(items.into_iter().flatten().collect());
        }
        let order: Vec<Json> = old.iter().map(|value| id_of(value, key)).collect();
        for (item, id) in &wanted {
            if let Some(value) = old.iter_mut().find(|value| value.get(key) == Some(id)) {
                let below = format!("{path}.*");
                let merged = self.value(value.take(), item, &below)?;
                *value = merged.unwrap_or_default();
            } else {
                refuse_misspelt(path, item, id, &order)?;
                old.extend(new(item)?);
            }
        }
        let wanted: Vec<Json> = wanted.into_iter().map(|(_, id)| id).collect();
        Ok(ordered(old, &wanted, &order, |value| id_of(value, key)))
    }
}

/// Refuses a container that nobody has and that has no image: one of another name is meant.
fn refuse_misspelt(path: &str, item: &Change, id: &Json, known: &[Json]) -> Result<(), Refusal> {
    let Changed::Mapping { fields, .. } = &item.to else {
        return Ok(());
    };
    let is_container = path.ends_with(".containers") || path.ends_with(".initContainers");
    if !is_container || fields.iter().any(|(name, _)| name == "image") {
        return Ok(());
    }
    let known: Vec<&str> = known.iter().filter_map(Json::as_str).collect();
    Err(refusal::no_container(id, &known, item.place))
}

/// The value that `change` makes where there was none; `None` for what is to be removed.
fn new(change: &Change) -> Result<Option<Json>, Refusal> {
    Ok(match &change.to {
        Changed::Removed => None,
        Changed::Scalar(value) => Some(value.clone()),
        Changed::List(items) => {
            let items = items.iter().map(new).collect::<Result<Vec<_>, _>>()?;
            Some(Json::Array(items.into_iter().flatten().collect()))
        }
        Changed::Mapping {
            directive: None,
            fields,
        } => Some(Json::Object(new_fields(fields)?)),
        Changed::Mapping { .. } => return Err(refusal::about_nothing(change.place)),
    })
}

fn new_fields(fields: &[(String, Change)]) -> Result<Fields, Refusal> {
    let mut all = Fields::new();
    for (name, change) in fields {
        if let Some(value) = new(change)? {
            all.insert(name.clone(), value);
        }
    }
    Ok(all)
}

/// `old` and those of `items` that are not among it.
fn scalars(old: Vec<Json>, items: &[Change]) -> Result<Vec<Json>, Refusal> {
    let wanted = items.iter().map(new).collect::<Result<Vec<_>, _>>()?;
    let wanted: Vec<Json> = wanted.into_iter().flatten().collect();
    let order = old.clone();
    let mut all = old;
    for value in &wanted {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
    Ok(ordered(all, &wanted, &order, Json::clone))
}

/// `values` in kubectl's order: those that the patch speaks of, in its order, and the others, in theirs;
/// one of the others stands before one of the patch only where it did so in the object.
fn ordered(
    values: Vec<Json>,
    wanted: &[Json],
    order: &[Json],
    id: impl Fn(&Json) -> Json,
) -> Vec<Json> {
    let position = |among: &[Json], value: &Json| {
        let id = id(value);
        among.iter().position(|known| *known == id)
    };
    let (mut spoken_of, others): (Vec<Json>, Vec<Json>) = values
        .into_iter()
        .partition(|value| position(wanted, value).is_some());
    spoken_of.sort_by_key(|value| position(wanted, value));
    let mut all = Vec::with_capacity(spoken_of.len() + others.len());
    let mut others = others.into_iter().peekable();
    for value in spoken_of {
        let here = position(order, &value);
        while let Some(other) = others.next_if(|other| {
            matches!((position(order, other), here), (Some(other), Some(here)) if other < here)
        }) {
            all.push(other);
        }
        all.push(value);
    }
    all.extend(others);
    all
}

fn id_of(value: &Json, key: &str) -> Json {
    value.get(key).cloned().unwrap_or_default()
}

/// What tells `item` from the others of its list.
fn id(item: &Change, key: &str) -> Result<Json, Refusal> {
    let fields = match &item.to {
        Changed::Mapping { fields, .. } => fields.as_slice(),
        Changed::Removed | Changed::Scalar(_) | Changed::List(_) => &[],
    };
    let mut fields = fields.iter();
    match fields
        .find(|(name, _)| name == key)
        .map(|(_, change)| &change.to)
    {
        Some(Changed::Scalar(id)) => Ok(id.clone()),
        _ => Err(refusal::no_key(key, item.place)),
    }
}

fn known(fields: &Fields) -> Vec<&str> {
    fields.keys().map(String::as_str).collect()
}

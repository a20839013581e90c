//! One field of the config as the schema knows it, found by its path: `servers.probes.liveness`.

use std::rc::Rc;

use serde_json::Value;

use super::types::{limits, type_name, words};
use super::{DEFAULT_FROM, Kind, json_schema, resolved};
use crate::nearest::nearest;

/// Stands in a path for the free key of a mapping.
pub const ANY_KEY: &str = "<key>";
/// Where most fields are.
const SPEC: &str = "spec";
/// Characters of a beginning that says enough.
const SHORTEST_BEGINNING: usize = 3;
/// The same fields as those of `servers`, for all of them.
const DEFAULTS: &str = "defaults";

/// A field, or the whole config.
#[derive(Debug, Clone)]
pub struct View {
    kind: Kind,
    /// Names from the top: `spec`, `servers`, `probes`.
    names: Vec<String>,
    /// The same in one, with `[]` behind lists: `spec.servers[].probes`.
    path: String,
    /// What the schema says of it, without references.
    schema: Value,
    root: Rc<Value>,
    required: bool,
}

/// There is no such field.
#[derive(Debug, Clone)]
pub enum NotFound {
    /// The path ends at a name that is none.
    Unknown {
        /// The field that the path leads to before, if it leads to one.
        parent: Option<Box<View>>,
        /// The name that is none.
        name: String,
        /// The word for the nearest field.
        near: Option<String>,
    },
    /// Several fields have this name: the words for them.
    Several(Vec<String>),
}

impl View {
    /// The whole config of `kind`.
    #[must_use]
    pub fn whole(kind: Kind) -> Self {
        let root = json_schema(kind);
        Self {
            kind,
            names: Vec::new(),
            path: String::new(),
            schema: root.clone(),
            root: Rc::new(root),
            required: true,
        }
    }

    /// The field at `path`, as people write it: from the top, from `spec`, or by any part of its end
    /// that only one field has. A kind may stand before it, list positions are not looked at.
    ///
    /// # Errors
    /// [`NotFound`] says what is near.
    pub fn find(path: &str) -> Result<Self, NotFound> {
        let mut names: Vec<&str> = path.split('.').map(without_position).collect();
        let kind = Kind::ALL.into_iter().find(|kind| {
            let first = names.first();
            first.is_some_and(|first| kind.as_str().eq_ignore_ascii_case(first))
        });
        if kind.is_some() {
            names.remove(0);
        }
        let whole = Self::whole(kind.unwrap_or(Kind::Set));
        let anchored = whole
            .descend(&names)
            .or_else(|| whole.child(SPEC)?.descend(&names));
        if let Some(found) = anchored {
            return Ok(found);
        }
        let mut ending = Vec::new();
        whole.collect(&mut ending, &|field| field.ends_with(&names));
        match ending.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(whole.unknown(&names)),
            several => Err(NotFound::Several(several.iter().map(Self::word).collect())),
        }
    }

    /// What is near to `names`, of which no field has the end: the path is followed as far as it leads.
    fn unknown(&self, names: &[&str]) -> NotFound {
        let (first, rest) = names
            .split_first()
            .map_or(("", names), |(first, rest)| (*first, rest));
        let mut so_called = Vec::new();
        self.collect(&mut so_called, &|field| field.ends_with(&[first]));
        let starts = [
            Some((self.clone(), names)),
            self.child(SPEC).map(|spec| (spec, names)),
        ];
        let only = match so_called.as_slice() {
            [only] => Some((only.clone(), rest)),
            _ => None,
        };
        let followed = starts.into_iter().chain([only]).flatten();
        let followed = followed.map(|(start, names)| start.follow(names));
        let furthest = followed.min_by_key(|(_, rest)| rest.len());
        let (parent, rest) = furthest.unwrap_or((self.clone(), names));
        let name = rest.first().copied().unwrap_or_default();
        let parent =
            Some(parent).filter(|parent| rest.len() < names.len() && !parent.names.is_empty());
        let mut known = Vec::new();
        match &parent {
            Some(parent) => known.extend(parent.fields()),
            None => self.collect(&mut known, &|field| field.name() != ANY_KEY),
        }
        NotFound::Unknown {
            name: name.to_owned(),
            near: near(name, &known).map(Self::word),
            parent: parent.map(Box::new),
        }
    }

    /// The field at the end of `names`, as far as they lead, and those that lead no further.
    fn follow<'n>(&self, names: &'n [&'n str]) -> (Self, &'n [&'n str]) {
        let (mut view, mut rest) = (self.clone(), names);
        while let Some((name, others)) = rest.split_first()
            && let Some(child) = view.child(name)
        {
            (view, rest) = (child, others);
        }
        (view, rest)
    }

    /// The field at the end of `names`, if they all lead on.
    fn descend(&self, names: &[&str]) -> Option<Self> {
        let (view, rest) = self.follow(names);
        rest.is_empty().then_some(view)
    }

    /// The field called `name`, letter by letter or else whatever the case.
    fn child(&self, name: &str) -> Option<Self> {
        let mut fields = self.fields();
        let found = |matches: &dyn Fn(&Self) -> bool| fields.iter().position(matches);
        let index = found(&|field| field.name() == name)
            .or_else(|| found(&|field| field.name().eq_ignore_ascii_case(name)))
            .or_else(|| found(&|field| field.name() == ANY_KEY))?;
        Some(fields.swap_remove(index))
    }

    /// Collects the fields below that are wanted; those of `defaults` are those of `servers`.
    fn collect(&self, found: &mut Vec<Self>, wanted: &dyn Fn(&Self) -> bool) {
        for field in self.fields() {
            let is_copy = field.name() == DEFAULTS;
            if wanted(&field) {
                found.push(field.clone());
            }
            if !is_copy {
                field.collect(found, wanted);
            }
        }
    }

    fn ends_with(&self, names: &[&str]) -> bool {
        let mut ends = self.names.iter().rev().zip(names.iter().rev());
        self.names.len() >= names.len() && ends.all(|(own, name)| own.eq_ignore_ascii_case(name))
    }

    /// The fields of a mapping, or of a list's items; the free key of a mapping is one. Those that must
    /// be there come first, then all by name.
    #[must_use]
    pub fn fields(&self) -> Vec<Self> {
        let mut fields = Vec::new();
        for form in mappings(&self.schema, &self.root) {
            let required = form.get("required").and_then(Value::as_array);
            let is_required = |name: &str| {
                required.is_some_and(|required| required.iter().any(|field| field == name))
            };
            if let Some(Value::Object(properties)) = form.get("properties") {
                for (name, schema) in properties {
                    fields.push(self.below(name, schema, is_required(name)));
                }
            } else if let Some(values @ Value::Object(_)) = form.get("additionalProperties") {
                fields.push(self.below(ANY_KEY, values, false));
            }
        }
        fields.sort_by_key(|field: &Self| !field.required);
        fields
    }

    fn below(&self, name: &str, schema: &Value, required: bool) -> Self {
        let mut names = self.names.clone();
        names.push(name.to_owned());
        let parent = if self.is_list() { "[]." } else { "." };
        let path = match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}{parent}{name}"),
        };
        Self {
            kind: self.kind,
            names,
            path,
            schema: resolved(schema, &self.root),
            root: Rc::clone(&self.root),
            required,
        }
    }

    /// The kind of config that it is a part of.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its path from the top, with `[]` behind lists: `spec.servers[].probes`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What finds it, and means nothing to a shell: `servers.probes`.
    #[must_use]
    pub fn word(&self) -> String {
        let names = match self.names.split_first() {
            Some((first, rest)) if first == SPEC && !rest.is_empty() => rest,
            _ => self.names.as_slice(),
        };
        let kind = (self.kind != Kind::Set || names.is_empty()).then(|| self.kind.as_str());
        let words = kind.into_iter().chain(names.iter().map(String::as_str));
        words.collect::<Vec<_>>().join(".")
    }

    /// The last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.last().map_or(self.kind.as_str(), String::as_str)
    }

    /// Whether the mapping around it must have it.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.required
    }

    fn is_list(&self) -> bool {
        self.schema.get("type").is_some_and(|kind| kind == "array")
    }

    /// What it is.
    #[must_use]
    pub fn description(&self) -> String {
        let said = self.schema.get("description").and_then(Value::as_str);
        let words: Vec<&str> = said.unwrap_or_default().split_whitespace().collect();
        words.join(" ")
    }

    /// What it is where it is absent, and who says so.
    #[must_use]
    pub fn default(&self) -> Option<(&Value, &str)> {
        let from = self.schema.get(DEFAULT_FROM).and_then(Value::as_str);
        Some((self.schema.get("default")?, from.unwrap_or_default()))
    }

    /// What could be written.
    #[must_use]
    pub fn examples(&self) -> &[Value] {
        let examples = self.schema.get("examples").and_then(Value::as_array);
        examples.map_or(&[], Vec::as_slice)
    }

    /// Its type as `kubectl explain` would write it: `string`, `[]Object`, `map[string]string`.
    #[must_use]
    pub fn type_name(&self) -> String {
        type_name(&self.schema, &self.root)
    }

    /// The words that it may be, each with what it means.
    #[must_use]
    pub fn words(&self) -> Vec<(String, String)> {
        words(&self.schema, &self.root)
    }

    /// What a value must keep to, one limit each: `at least 1`, `matches ^/`.
    #[must_use]
    pub fn limits(&self) -> Vec<String> {
        limits(&self.schema, &self.root)
    }
}

/// The forms of `schema`, or of its items, one after the other.
fn mappings(schema: &Value, root: &Value) -> Vec<Value> {
    let schema = resolved(schema, root);
    if let Some(items) = schema.get("items") {
        return mappings(items, root);
    }
    match schema.get("anyOf").and_then(Value::as_array) {
        Some(forms) => forms.iter().flat_map(|form| mappings(form, root)).collect(),
        None => vec![schema],
    }
}

/// The field of `known` that `name` was probably meant to be.
fn near<'f>(name: &str, known: &'f [View]) -> Option<&'f View> {
    if name.len() < SHORTEST_BEGINNING {
        return None;
    }
    let lower = name.to_lowercase();
    let begins = known
        .iter()
        .find(|field| field.name().to_lowercase().starts_with(&lower));
    begins.or_else(|| {
        // Three letters are near to too much.
        if name.len() == SHORTEST_BEGINNING {
            return None;
        }
        let names: Vec<&str> = known.iter().map(View::name).collect();
        let near = nearest(name, &names)?;
        known.iter().find(|field| field.name() == near)
    })
}

fn without_position(name: &str) -> &str {
    name.split_once('[').map_or(name, |(name, _)| name)
}

//! Objects, and all of them together.

use foldhash::HashMap;

use smol_str::{SmolStr, format_smolstr};

use super::At;
use super::kinds::is_meant;
use crate::problem::ObjectRef;
use crate::yaml::{Node, Value};

/// One object.
#[derive(Debug)]
pub struct Object {
    root: Node,
    api_version: SmolStr,
    kind: SmolStr,
    namespace: SmolStr,
    name: SmolStr,
}

impl Object {
    /// The object in `root`; `None` when that says neither what nor who it is.
    #[must_use]
    pub fn new(root: Node) -> Option<Self> {
        let top = At::new(&root);
        let metadata = top.get("metadata");
        // The API server completes it with letters of its own, so that nothing can refer to it.
        let generated = || Some(format_smolstr!("{}*", word(metadata.get("generateName"))?));
        Some(Self {
            api_version: word(top.get("apiVersion"))?,
            kind: word(top.get("kind"))?,
            namespace: word(metadata.get("namespace")).unwrap_or_default(),
            name: word(metadata.get("name")).or_else(generated)?,
            root,
        })
    }

    /// Its values.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The value at `path`: `spec.selector`.
    #[must_use]
    pub fn at(&self, path: &str) -> At<'_> {
        At::new(&self.root).at(path)
    }

    /// `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> &str {
        &self.api_version
    }

    /// Its API group: `apps`; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version
            .rsplit_once('/')
            .map_or("", |(group, _)| group)
    }

    /// `Deployment`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its namespace; empty where it says none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Its name; `hook-*` where the API server makes one of `generateName: hook-`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its kind, namespace and name.
    #[must_use]
    pub fn id(&self) -> (&str, &str, &str) {
        (&self.kind, &self.namespace, &self.name)
    }

    /// Who it is.
    #[must_use]
    pub fn reference(&self) -> ObjectRef {
        ObjectRef {
            api_version: self.api_version.to_string(),
            kind: self.kind.to_string(),
            namespace: self.namespace.to_string(),
            name: self.name.to_string(),
        }
    }
}

/// The text at `at`, shared with the tree.
fn word(at: At<'_>) -> Option<SmolStr> {
    match &at.node()?.value {
        Value::Scalar(scalar) => Some(scalar.text.clone()),
        Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// All objects that are checked together, in the order of the input.
#[derive(Debug, Default)]
pub struct Manifests {
    objects: Vec<Object>,
    by_kind: HashMap<SmolStr, Kind>,
}

/// Positions of the objects of one kind.
#[derive(Debug, Default)]
struct Kind {
    all: Vec<usize>,
    by_name: HashMap<SmolStr, Vec<usize>>,
}

impl Manifests {
    /// Adds `object`.
    pub fn push(&mut self, object: Object) {
        let position = self.objects.len();
        if !is_meant(object.group(), object.kind()) {
            self.objects.push(object);
            return;
        }
        let kind = self.by_kind.entry(object.kind.clone()).or_default();
        kind.all.push(position);
        let namesakes = kind.by_name.entry(object.name.clone()).or_default();
        namesakes.push(position);
        self.objects.push(object);
    }

    /// All objects.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The objects of `kind`, in the group that everybody means by it.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &Object> + Clone + use<'_> {
        let kind = self.by_kind.get(kind);
        self.at(kind.map_or(&[][..], |kind| &kind.all))
    }

    /// The object of `kind` called `name` in `namespace`.
    #[must_use]
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Object> {
        let namesakes = self.by_kind.get(kind)?.by_name.get(name)?;
        self.at(namesakes)
            .find(|object| object.namespace == namespace)
    }

    fn at<'m>(&'m self, positions: &'m [usize]) -> impl Iterator<Item = &'m Object> + Clone {
        let positions = positions.iter();
        positions.filter_map(|position| self.objects.get(*position))
    }
}

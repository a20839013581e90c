//! From a place back to the route that leads there: `spec.servers[github].env`.
//!
//! A program that hands a config over has moved its lines, so that their numbers tell a person
//! nothing. The route stays. It is looked up only when a problem is shown, so that nothing has to
//! carry it until then.

use super::parse::parse;
use super::tree::{Node, Value};
use crate::problem::Problems;

/// The routes in one text, which is read once for all its problems.
#[derive(Debug)]
pub struct Paths(Vec<Node>);

impl Paths {
    /// The routes in `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(parse(text, 0, &mut Problems::default()))
    }

    /// The route to what stands at byte `offset`; `None` when nothing does.
    #[must_use]
    pub fn at(&self, offset: u32) -> Option<String> {
        self.0
            .iter()
            .find_map(|document| find(document, offset, String::new(), named))
            .filter(|path| !path.is_empty())
    }

    /// The kind of the object in which byte `offset` is: a document, or a part of a ResourceList.
    #[must_use]
    pub fn kind(&self, offset: u32) -> Option<&str> {
        let parts = |document| match Node::get(document, "items").map(|items| &items.value) {
            Some(Value::Sequence(items)) => items.iter().chain(document.get("functionConfig")),
            _ => std::slice::from_ref(document).iter().chain(None),
        };
        let mut objects = self.0.iter().flat_map(parts);
        let object = objects.find(|object| field_path(object, offset).is_some())?;
        object.get("kind")?.text()
    }
}

/// The route within `root` to what begins at byte `offset`, as KRM writes it: items of lists by
/// their index, from 0. Empty for `root` itself, `None` when nothing begins there.
#[must_use]
pub fn field_path(root: &Node, offset: u32) -> Option<String> {
    let numbered = |index: usize, _: &Node| index.to_string();
    find(root, offset, String::new(), numbered)
}

/// The name of a list's item, or its index where it has none.
fn named(index: usize, item: &Node) -> String {
    let name = item.get("name").and_then(Node::text);
    name.map_or_else(|| index.to_string(), ToOwned::to_owned)
}

/// The outermost node that begins at `offset`, or the scalar that goes over it, below `node`, whose own
/// route is `path`. Items of lists are called what `step` says.
fn find(
    node: &Node,
    offset: u32,
    path: String,
    step: fn(usize, &Node) -> String,
) -> Option<String> {
    if node.place.start == offset {
        return Some(path);
    }
    match &node.value {
        Value::Scalar(_) => (node.place.start..node.place.end)
            .contains(&offset)
            .then_some(path),
        Value::Sequence(items) => items.iter().enumerate().find_map(|(index, item)| {
            let path = format!("{path}[{}]", step(index, item));
            find(item, offset, path, step)
        }),
        Value::Mapping(entries) => entries.iter().find_map(|entry| {
            let path = match path.as_str() {
                "" => entry.name().to_owned(),
                _ => format!("{path}.{}", entry.name()),
            };
            if entry.key.place.start == offset {
                return Some(path);
            }
            find(&entry.value, offset, path, step)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_by_keys_and_by_the_names_of_list_items() {
        let text = "spec:\n  servers:\n  - name: github\n    env:\n      A: 1\n  - {}\n";
        let paths = Paths::of(text);
        let at = |needle: &str| paths.at(u32::try_from(text.find(needle).unwrap()).unwrap());
        assert_eq!(at("A").as_deref(), Some("spec.servers[github].env"));
        assert_eq!(at("1").as_deref(), Some("spec.servers[github].env.A"));
        assert_eq!(at("github").as_deref(), Some("spec.servers[github].name"));
        assert_eq!(at("{}").as_deref(), Some("spec.servers[1]"));
        assert_eq!(paths.at(9999), None);
        let root = parse(text, 0, &mut Problems::default()).remove(0);
        let offset = u32::try_from(text.find('A').unwrap()).unwrap();
        let path = field_path(&root, offset);
        assert_eq!(path.as_deref(), Some("spec.servers[0].env"));
    }
}

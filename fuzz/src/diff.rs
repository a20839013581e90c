//! `mcpset diff` of anybody's manifests: nothing differs from itself, and every difference has two sides.

use std::collections::HashSet;
use std::str;

use mcpset::diff::{How, difference, id};
use mcpset::manifest::{Object, items};
use mcpset::problem::Problems;
use mcpset::report::diff as report;
use mcpset::yaml::parse;
use serde_json::Value;

/// Parts the input: the old state, and the new one.
const HERE: &str = "\n# new\n";

/// Whatever stands on two sides.
pub fn diff(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let (old, new) = text.split_once(HERE).unwrap_or((text, ""));
    let (Some(old), Some(new)) = (objects(old), objects(new)) else {
        return;
    };
    for side in [&old, &new] {
        let difference = difference(side, side);
        assert!(difference.objects.is_empty() && difference.effects.is_empty());
    }
    let forth = difference(&old, &new);
    let json = report::json(&forth);
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
    for whole in [false, true] {
        let _ = report::text(&forth, whole);
        let _ = report::markdown(&forth, whole);
    }
    assert_eq!(report::json(&difference(&old, &new)), json);

    let back = difference(&new, &old);
    assert_eq!(back.objects.len(), forth.objects.len());
    let count = |objects: &[mcpset::diff::Changed], is: fn(&How) -> bool| {
        objects.iter().filter(|changed| is(&changed.how)).count()
    };
    let (added, removed) = (
        count(&forth.objects, |how| matches!(how, How::Added)),
        count(&back.objects, |how| matches!(how, How::Removed)),
    );
    assert_eq!(added, removed);
}

/// The objects in `text`; `None` where it is no YAML, or an object stands in it twice.
fn objects(text: &str) -> Option<Vec<Object>> {
    let mut problems = Problems::default();
    let documents = parse(text, 0, &mut problems).into_iter().flat_map(items);
    let objects: Vec<Object> = documents.filter_map(Object::new).collect();
    let mut ids = HashSet::new();
    let is_once = objects.iter().all(|object| ids.insert(id(object)));
    (is_once && !problems.has_errors()).then_some(objects)
}

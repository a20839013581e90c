//! A KRM function: items that are not ours stay, no set does, and what was answered is answered with itself.

use mcpset::api::KIND;
use mcpset::hosts::krm;
use mcpset::problem::{Problem, Problems};
use mcpset::source::Origin;
use mcpset::yaml::{hides_letters, outline};
use serde_json::Value;

use super::text::{documents, is_set, is_sound, kept, presentable};

/// What marks a set that stays.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
/// What marks the objects that were generated from a set beside them.
const GENERATED_FROM: &str = "mcpset.dev/generated-from";

/// An answer.
struct Answered {
    text: String,
    /// The same, with what was found as `results`.
    with_results: String,
    is_validation: bool,
}

/// Whatever kustomize or kpt may hand over.
pub fn resource_list(data: &[u8]) {
    let Some(answered) = answer(data) else {
        return;
    };
    let before = String::from_utf8_lossy(data);
    let (whole, sound) = (documents(&before).is_ok(), is_sound(&before));
    for text in [&answered.text, &answered.with_results] {
        assert!(
            outline(text, 0).is_ok_and(|found| found.is_some()),
            "{text}"
        );
        assert!(!whole || documents(text).is_ok(), "{text}");
        assert!(!sound || is_sound(text), "{text}");
    }
    if answered.is_validation {
        return;
    }
    foreign_items_stay(&before, &answered.text);
    if whole {
        foreign_values_stay(&before, &answered.text);
    }
    if whole && sound {
        no_set_stays(&answered.text);
    }
    // In braces the functionConfig stays, and would generate once more.
    if !has(&answered.text, "functionConfig") {
        let again = answer(answered.text.as_bytes()).expect("an answer is a ResourceList");
        assert_eq!(again.text, answered.text);
    }
}

/// Whether the ResourceList `text` has the entry `key`.
fn has(text: &str, key: &str) -> bool {
    let list = outline(text, 0).ok().flatten();
    list.is_some_and(|list| list.get(key).is_some())
}

/// Whether nothing in `text` is ours.
fn is_foreign(text: &str) -> bool {
    !text.contains(KIND) && !text.contains(GENERATED_FROM) && !hides_letters(text)
}

/// Whether no object in `item` is ours, whatever its texts look like.
fn is_other(item: &Value) -> bool {
    !is_set(item) && annotations(item).get(GENERATED_FROM).is_none()
}

fn annotations(item: &Value) -> &Value {
    &item["metadata"]["annotations"]
}

/// The bytes of others are in the answer, in their order.
fn foreign_items_stay(before: &str, after: &str) {
    let list = outline(before, 0).ok().flatten().expect("it was answered");
    let items = list
        .get("items")
        .and_then(|items| items.value.items.as_ref());
    let mut at = 0;
    for item in items.into_iter().flatten() {
        let text = before
            .get(item.range.clone())
            .expect("items lie in the text");
        if is_foreign(text) {
            let rest = after.get(at..).unwrap_or_default();
            let found = rest.find(text);
            at += found.unwrap_or_else(|| panic!("{text:?} is gone:\n{after}")) + text.len();
        }
    }
}

/// The values of others are in the answer, in their order, as an independent reader sees them.
fn foreign_values_stay(before: &str, after: &str) {
    let after = items(after);
    let mut rest = after.iter();
    let foreign = items(before).into_iter();
    for item in foreign.filter(is_other) {
        assert!(rest.any(|other| *other == item), "{item} is gone");
    }
}

/// No set is among the items of the answer, but what shall stay there.
fn no_set_stays(after: &str) {
    for item in items(after) {
        let stays = annotations(&item)[LOCAL_CONFIG] == "true";
        assert!(stays || !is_set(&item), "{item} is left");
    }
}

/// The items of the ResourceList `text`, as an independent reader sees them.
fn items(text: &str) -> Vec<Value> {
    let list = documents(text).expect("it is YAML").pop();
    let items = list.and_then(|mut list| list.get_mut("items").map(Value::take));
    match items {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn answer(data: &[u8]) -> Option<Answered> {
    let (sources, index) = kept(data, Origin::Host)?;
    let mut problems = Problems::default();
    let answer = krm::answer(index, &sources, &mut problems);
    let is_refused = problems.has_errors();
    let found = presentable(problems.into_sorted(), &sources);
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    let Some(answer) = answer else {
        assert!(is_refused, "no answer, and no reason");
        return None;
    };
    assert!(answer.is_validation || !is_refused);
    let is_validation = answer.is_validation;
    let again = krm::answer(index, &sources, &mut Problems::default()).expect("as before");
    Some(Answered {
        text: write(answer, text, &[]),
        with_results: write(again, text, &found),
        is_validation,
    })
}

fn write(answer: krm::Answer, text: &str, found: &[Problem]) -> String {
    let mut out = Vec::new();
    answer
        .write(text, found, &mut out)
        .expect("memory takes every write");
    String::from_utf8(out).expect("YAML is text")
}

//! What `benches/stages` measures is done: a stage that ends at an error, or is given another thing than the
//! stage beside it, has a fine time that means nothing. The stages are those of the bench itself, included
//! from it, with few servers.

#[path = "../benches/stages/stages.rs"]
#[allow(
    clippy::expect_used,
    reason = "a bench fails by panicking, and so does a test"
)]
mod stages;

use std::str;

use mcpset::Bundle;
use serde_json::Value;

use crate::support;
use stages::Given;

const SERVERS: usize = 5;
/// Of each server; and one of the set.
const OBJECTS: usize = SERVERS * 10 + 2;

/// What mcpset makes of `config`.
fn rendered(config: &str) -> String {
    let bundle = Bundle::read("mcp.yaml", config).unwrap();
    let mut text = Vec::new();
    bundle.write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_config_becomes_the_objects_that_mcpset_writes_and_checks() {
    let given = Given::new(SERVERS);
    assert_eq!(stages::parse(&given.text).len(), 1);
    let set = stages::decide(&given.written, &given.document);
    assert_eq!(set.servers.len(), SERVERS);
    assert_eq!(stages::generate(&given.set), OBJECTS);
    assert_eq!(given.manifests, rendered(&given.text));
    stages::check_set(&given.set);

    let documents = stages::parse(&given.manifests);
    assert_eq!(documents.len(), OBJECTS);
    assert_eq!(stages::check_manifests(documents.clone()), []);
    let alone = documents.into_iter().filter(|document| {
        let kind = document.get("kind").and_then(mcpset::yaml::Node::text);
        kind != Some("ServiceAccount")
    });
    assert_ne!(stages::check_manifests(alone.collect()), []);
}

#[test]
fn both_writers_write_the_same_objects() {
    let given = Given::new(SERVERS);
    let (mut yaml, mut json) = (String::new(), Vec::new());
    for _ in 0..2 {
        stages::write(&given.objects, &mut yaml);
        stages::write_json(&given.objects, &mut json);
    }
    assert_eq!(yaml, given.manifests.replace("---\n", ""));
    let theirs = serde_json::Deserializer::from_slice(&json).into_iter::<Value>();
    let theirs: Vec<Value> = theirs.collect::<Result<_, _>>().unwrap();
    let ours = support::documents(&given.manifests).into_iter();
    let ours: Vec<Value> = ours
        .map(|document| serde_json::to_value(document.value).unwrap())
        .collect();
    assert_eq!(theirs, ours);
}

#[test]
fn hosts_get_what_is_not_ours_back_and_the_objects_of_the_set_behind_it() {
    let given = Given::new(SERVERS);
    let (stream, list) = (given.stream.text(), given.list.text());
    assert_eq!(stages::split(stream), 2 * OBJECTS + 1);
    assert_eq!(stages::outline(list), 2 * OBJECTS + 1);

    let one = stages::config(1);
    let objects = rendered(&one);
    let mut out = Vec::new();
    stages::post_render(&given.stream, &mut out);
    let foreign = stream.strip_suffix(&format!("---\n{one}")).unwrap();
    assert_eq!(str::from_utf8(&out).unwrap(), format!("{foreign}{objects}"));

    stages::transform(&given.list, &mut out);
    let answer: serde_yaml::Value = serde_yaml::from_slice(&out).unwrap();
    let items = answer["items"].as_sequence().unwrap().iter();
    let expected = support::documents(&format!("{foreign}{objects}"));
    assert!(items.eq(expected.iter().map(|document| &document.value)));
}

//! One field changed: what depends on it changes, and no other object does, by no byte.
//!
//! `tests/data/changes.yaml` says of every field what depends on it. The examples of the schema show that
//! it says no more than is true, random configs that it says all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use crate::support::config::{self, Order};
use crate::support::fields::{config_with, fields, pointer};
use crate::support::{self, strategy};
use mcpset::model::Server;
use mcpset::resources::{self, owned};
use mcpset::schema::{ANY_KEY, View};
use mcpset::yaml;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a field may change: kinds of the objects of its server, or of every server where it is no field
/// of one, and by their names those that exist once a set.
type Dependents = BTreeSet<String>;

/// By the path of the field.
static TABLE: LazyLock<BTreeMap<String, Dependents>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(support::root().join("tests/data/changes.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
});

/// In the table: all objects of the server.
const ITS_OWN: &str = "its own";
/// Those, and all of the set.
const EVERYTHING: &str = "everything";

/// What the table says of the field at `path`: of one that is made of others, what it says of them.
fn dependents(path: &str) -> Option<Dependents> {
    let is_below = |other: &str| {
        let rest = other.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let entries = TABLE.iter().filter(|(other, _)| is_below(other));
    let found: Vec<_> = entries.map(|(_, dependents)| dependents.clone()).collect();
    (!found.is_empty()).then(|| found.into_iter().flatten().collect())
}

/// The objects of a config by id: their text, the server that each belongs to, and what the table calls it.
pub type Objects = BTreeMap<String, (String, Option<usize>, String)>;

/// What mcpset makes of `config`; `None` where it refuses it.
pub fn objects(config: &Value) -> Option<Objects> {
    let bundle = mcpset::Bundle::read("set.yaml", &config::yaml(config, Order::Sorted)).ok()?;
    let set = &bundle.sets()[0];
    let owners = owned(set).map(|(server, _)| server);
    let objects = resources::objects(set).zip(owners).map(|(object, server)| {
        let mut text = String::new();
        yaml::document(&mut text, &object).unwrap();
        let is_it = |other: &Server| server.is_some_and(|server| server.name == other.name);
        let called = match (server, object.kind()) {
            (Some(_), kind) => kind,
            (None, "Namespace") => "namespace",
            (None, _) => object
                .name()
                .strip_prefix(&format!("{}-", set.name))
                .unwrap(),
        };
        let id = format!("{} {} {}", object.kind(), object.namespace(), object.name());
        (
            id,
            (text, set.servers.iter().position(is_it), called.to_owned()),
        )
    });
    Some(objects.collect())
}

/// What differs between the two, as the table calls it, with the server that it belongs to.
fn changed(before: &Objects, after: &Objects) -> BTreeSet<(Option<usize>, String)> {
    let mut changed = BTreeSet::new();
    for (ours, theirs) in [(before, after), (after, before)] {
        for (id, object) in ours {
            if theirs.get(id) != Some(object) {
                changed.insert((object.1, object.2.clone()));
            }
        }
    }
    changed
}

/// What the table does not allow a change of the field at `path` to do. `of` is its server, if it is a
/// field of one.
fn violations(path: &str, of: Option<usize>, before: &Objects, after: &Objects) -> Vec<String> {
    let Some(allowed) = dependents(path) else {
        return vec![format!("{path} is not in tests/data/changes.yaml")];
    };
    let mut violations = Vec::new();
    for (server, called) in changed(before, after) {
        let is_other = server.is_some_and(|server| of.is_some_and(|own| own != server));
        if is_other {
            violations.push(format!("{path} changes the {called} of another server"));
            continue;
        }
        let mut words = vec![called.as_str(), EVERYTHING];
        words.extend(server.map(|_| ITS_OWN));
        if !words.iter().any(|word| allowed.contains(*word)) {
            violations.push(format!("{path} changes the {called}"));
        }
    }
    violations
}

/// `config` with all that a set may have, where it says nothing of it, and a second server.
fn with_everything_else(mut config: Value) -> Value {
    let platform = &mut config["spec"]["platform"];
    for (pointer, value) in [
        ("/policy/namespace", json!("create")),
        ("/policy/allowedRepos", json!("constraint")),
        ("/monitoring/dashboard", json!("configMap")),
        ("/monitoring/alerts", json!(true)),
        ("/litellm/registration", json!("configMap")),
    ] {
        let mut at = &mut *platform;
        for name in pointer.split('/').skip(1) {
            at = &mut at[name];
        }
        if at.is_null() {
            *at = value;
        }
    }
    let digest = "0".repeat(64);
    let image = format!("mcp-other:1.0.0@sha256:{digest}");
    let other = json!({"name": "other", "image": image, "env": {"A": "b"}});
    config["spec"]["servers"]
        .as_array_mut()
        .unwrap()
        .push(other);
    config
}

fn path_of(chain: &[View]) -> &str {
    chain.last().unwrap().path()
}

/// The server of the field at the end of `chain`, if it is a field of one.
fn server_of(chain: &[View]) -> Option<usize> {
    path_of(chain).starts_with("spec.servers[]").then_some(0)
}

#[test]
fn the_table_knows_the_fields_of_the_schema_and_no_others() {
    let all = fields();
    let paths: BTreeSet<&str> = all.iter().map(|chain| path_of(chain)).collect();
    let unknown: Vec<_> = TABLE
        .keys()
        .filter(|path| !paths.contains(path.as_str()))
        .collect();
    assert_eq!(unknown, [""; 0]);
    let is_missing = |path: &&str| dependents(path).is_none();
    let missing: Vec<_> = paths.into_iter().filter(is_missing).collect();
    assert_eq!(missing, [""; 0], "tests/data/changes.yaml");
}

#[test]
fn an_example_of_a_field_changes_what_depends_on_it_alone() {
    let mut wrong = Vec::new();
    let (mut known, mut compared) = (HashMap::new(), 0);
    for chain in fields() {
        let path = path_of(&chain).to_owned();
        // What is made of other fields is shown by these.
        let is_whole = !TABLE.contains_key(&path)
            && !chain
                .last()
                .unwrap()
                .fields()
                .iter()
                .any(|field| field.name() == ANY_KEY);
        if is_whole || chain.last().unwrap().examples().is_empty() {
            continue;
        }
        let config = with_everything_else(config_with(&chain, None));
        let without = known
            .entry(config.to_string())
            .or_insert_with(|| objects(&config));
        let Some(without) = without else {
            continue;
        };
        for example in chain.last().unwrap().examples() {
            let config = with_everything_else(config_with(&chain, Some(example)));
            let Some(with) = objects(&config) else {
                continue;
            };
            compared += 1;
            wrong.extend(violations(&path, server_of(&chain), without, &with));
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(compared > 100, "{compared}");
}

/// A field that a config may have: its path, where it stands, and its server.
type Field = (String, String, Option<usize>);

/// All that have a place of their own, those of the first server also where the defaults have them.
static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let all = fields().into_iter();
    let named = all.filter(|chain| chain.iter().all(|field| field.name() != ANY_KEY));
    named
        .flat_map(|chain| {
            let (path, place) = (path_of(&chain).to_owned(), pointer(&chain));
            let default = place.strip_prefix("/spec/servers/0/");
            let default =
                default.map(|rest| (path.clone(), format!("/spec/defaults/{rest}"), None));
            [Some((path, place, server_of(&chain))), default]
        })
        .flatten()
        .collect()
});

/// `config` with what `other` has at `place`, or nothing where it has nothing. `None` where that is the
/// same, or no place of it.
fn transplanted(config: &Value, other: &Value, place: &str) -> Option<Value> {
    let (parent, name) = place.rsplit_once('/').unwrap();
    let (own, given) = (config.pointer(place), other.pointer(place));
    if own == given {
        return None;
    }
    let mut config = config.clone();
    let parent = config.pointer_mut(parent)?.as_object_mut()?;
    match given {
        Some(value) => parent.insert(name.to_owned(), value.clone()),
        None => parent.remove(name),
    };
    Some(config)
}

proptest! {
    // Each case is a dozen bundles.
    #![proptest_config(support::cases(6))]

    #[test]
    fn a_random_value_of_a_field_changes_what_depends_on_it_alone(
        config in strategy::config(),
        other in strategy::config(),
        picked in prop::collection::vec(any::<prop::sample::Index>(), 24),
    ) {
        let before = objects(&config);
        prop_assume!(before.is_some());
        let (before, mut wrong) = (before.unwrap(), Vec::new());
        for index in picked {
            let (path, place, of) = index.get(&FIELDS);
            let Some(config) = transplanted(&config, &other, place) else {
                continue;
            };
            if let Some(after) = objects(&config) {
                wrong.extend(violations(path, *of, &before, &after));
            }
        }
        prop_assert_eq!(wrong, [""; 0]);
    }
}

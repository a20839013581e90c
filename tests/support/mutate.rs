//! Values that are nearly right: a right one with one or two of its parts changed.

use proptest::prelude::{Rng, RngExt};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

/// Texts that are right in some places and wrong in most.
const TEXTS: [&str; 70] = [
    "",
    "*",
    ".",
    "..",
    "-x",
    "-1",
    "0",
    "1",
    "1.5",
    "1e3",
    "5",
    "50%",
    "150%",
    "x%",
    "a",
    "A",
    "a b",
    "a.b",
    "a--b",
    "a/b/c",
    "a/../b",
    "/a",
    "é",
    "TCP ",
    "Bad Name",
    "http",
    "tmp",
    "config",
    "mcp-server",
    "http-admin-port-x",
    "example.com",
    "example.com/a",
    "kubernetes.io/a",
    "*.example.com",
    "10.0.0.1",
    "10.0.0.0/8",
    "10.0.0.1/8",
    "127.0.0.1",
    "0.0.0.0/0",
    "::",
    "fd00::1",
    "None",
    "Always",
    "Never",
    "TCP",
    "In",
    "Exists",
    "Gt",
    "NoExecute",
    "ClusterIP",
    "LoadBalancer",
    "NodePort",
    "ClientIP",
    "Local",
    "Recreate",
    "Localhost",
    "Unmasked",
    "RuntimeDefault",
    "Bidirectional",
    "metadata.name",
    "metadata.labels",
    "limits.cpu",
    "1Gi",
    "500m",
    "cpu",
    "memory",
    "nvidia.com/gpu",
    "hugepages-2Mi",
    "Utilization",
    "windows",
];
const NUMBERS: [i64; 22] = [
    -1,
    0,
    1,
    2,
    30,
    31,
    80,
    100,
    101,
    511,
    512,
    599,
    600,
    3600,
    3601,
    8080,
    65_535,
    65_536,
    86_401,
    2_147_483_647,
    2_147_483_648,
    4_294_967_297,
];

type Path = Vec<Step>;

#[derive(Clone)]
enum Step {
    Key(String),
    Item(usize),
}

/// `value` with something changed in it; what is added comes from `others` or is made up.
pub fn mutate(value: &Value, others: &[Value], runner: &mut TestRunner) -> Value {
    let mut value = value.clone();
    let mut rng = runner.new_rng();
    for _ in 0..rng.random_range(1..=2_usize) {
        let mut paths = Vec::new();
        below(&value, &mut Vec::new(), &mut paths);
        let Some(path) = chosen(&paths, &mut rng) else {
            return value;
        };
        let other = chosen(others, &mut rng).unwrap_or_default();
        change(&mut value, &path, &other, &mut rng);
    }
    value
}

fn chosen<T: Clone>(from: &[T], rng: &mut impl Rng) -> Option<T> {
    match from.len() {
        0 => None,
        length => Some(from[rng.random_range(0..length)].clone()),
    }
}

/// The ways to all values in `value`, but to itself.
fn below(value: &Value, here: &mut Path, all: &mut Vec<Path>) {
    if !here.is_empty() {
        all.push(here.clone());
    }
    let steps: Vec<(Step, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (Step::Key(key.clone()), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, value)| (Step::Item(index), value))
            .collect(),
        _ => Vec::new(),
    };
    for (step, value) in steps {
        here.push(step);
        below(value, here, all);
        here.pop();
    }
}

fn at<'v>(value: &'v mut Value, path: &[Step]) -> &'v mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Item(index) => &mut value[*index],
    })
}

fn change(value: &mut Value, path: &[Step], other: &Value, rng: &mut impl Rng) {
    let (last, above) = path.split_last().unwrap();
    // The container that is patched stays so.
    let target = at(value, path);
    if *target == json!("mcp-server") && matches!(last, Step::Key(key) if key == "name") {
        return;
    }
    let dice = rng.random_range(0..10_u8);
    if dice < 3
        && let (Value::Object(fields), Step::Key(key)) = (at(value, above), last)
    {
        fields.remove(key);
        return;
    }
    let target = at(value, path);
    match target {
        Value::Array(items) if dice < 5 => items.clear(),
        Value::Array(items) if dice < 8 => items.extend(chosen(&items.clone(), rng)),
        Value::Array(items) => items.push(json!(text(rng))),
        Value::Object(fields) if dice < 5 => rename(fields, rng),
        Value::Object(fields) => borrow(fields, other, rng),
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(_) if dice < 9 => {
            *target = json!(NUMBERS[rng.random_range(0..NUMBERS.len())]);
        }
        Value::String(_) if dice == 9 => {
            *target = json!(NUMBERS[rng.random_range(0..NUMBERS.len())]);
        }
        _ => *target = json!(text(rng)),
    }
}

fn text(rng: &mut impl Rng) -> String {
    match rng.random_range(0..30_u8) {
        0 => "x".repeat(64),
        1 => "x".repeat(300),
        _ => TEXTS[rng.random_range(0..TEXTS.len())].to_owned(),
    }
}

/// Gives a field another name.
fn rename(fields: &mut Map<String, Value>, rng: &mut impl Rng) {
    let keys: Vec<String> = fields.keys().cloned().collect();
    if let Some(key) = chosen(&keys, rng)
        && let Some(value) = fields.remove(&key)
    {
        fields.insert(text(rng), value);
    }
}

/// Adds a field of some mapping in `other`: a second source, a handler beside another one.
fn borrow(fields: &mut Map<String, Value>, other: &Value, rng: &mut impl Rng) {
    let mut paths = Vec::new();
    below(other, &mut Vec::new(), &mut paths);
    let mut other = other.clone();
    let mut mappings = Vec::new();
    for path in paths {
        if let Value::Object(found) = at(&mut other, &path)
            && found.keys().any(|key| fields.contains_key(key))
        {
            mappings.push(found.clone());
        }
    }
    if let Some(found) = chosen(&mappings, rng) {
        for (key, value) in found {
            fields.entry(key).or_insert(value);
        }
    }
}

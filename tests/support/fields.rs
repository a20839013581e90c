//! Every field of the schema, and the smallest config that has it: who looks at all of them finds a new
//! one by itself.

use std::sync::LazyLock;

use mcpset::schema::{ANY_KEY, Kind, View};
use serde_json::{Value, json};

/// Every field of `McpServerSet`, as the fields that lead to it.
pub fn fields() -> Vec<Vec<View>> {
    fn collect(chain: &[View], all: &mut Vec<Vec<View>>) {
        for field in chain.last().unwrap().fields() {
            let mut chain = chain.to_vec();
            // Its fields are those of a server.
            let is_copy = field.name() == "defaults";
            chain.push(field);
            all.push(chain.clone());
            if !is_copy {
                collect(&chain, all);
            }
        }
    }
    let mut all = Vec::new();
    collect(&[View::whole(Kind::Set)], &mut all);
    all
}

/// What some fields need beside them: the field's path or its beginning, where, and what.
static BESIDE: LazyLock<Vec<(String, String, Value)>> = LazyLock::new(|| {
    let all: Vec<(String, String, Value)> =
        serde_yaml::from_str(include_str!("../data/beside.yaml")).unwrap();
    let from_top = |path: String| match path.strip_prefix("spec.") {
        Some(_) => path,
        None => format!("spec.servers[].{path}"),
    };
    let all = all.into_iter();
    all.map(|(path, at, value)| (from_top(path), at, value))
        .collect()
});

/// Writes `value` to `pointer` of `config`.
pub fn set(config: &mut Value, pointer: &str, value: &Value) {
    let mut at = config;
    for part in pointer.split('/').skip(1) {
        at = match part.parse::<usize>() {
            Ok(index) => {
                if at.is_null() {
                    *at = json!([{}]);
                }
                &mut at[index]
            }
            Err(_) => &mut at[part],
        };
    }
    *at = value.clone();
}

/// Where the field at the end of `chain` stands in a config with one of everything.
pub fn pointer(chain: &[View]) -> String {
    let mut pointer = String::new();
    for pair in chain.windows(2) {
        let [parent, field] = pair else {
            unreachable!()
        };
        if parent.type_name().starts_with("[]") {
            pointer.push_str("/0");
        }
        pointer.push('/');
        pointer.push_str(&key(parent, field));
    }
    pointer
}

/// The name of `field`, or the first free key that its parent's example has.
fn key(parent: &View, field: &View) -> String {
    match field.name() {
        ANY_KEY => {
            let example = parent.examples()[0].as_object().unwrap();
            example.keys().next().unwrap().clone()
        }
        name => name.to_owned(),
    }
}

/// A config in which the field at the end of `chain` is `value`, or not there: of the rest it has what
/// must be there, as the examples say it.
pub fn config_with(chain: &[View], value: Option<&Value>) -> Value {
    let mut inner = value.cloned();
    for pair in chain.windows(2).rev() {
        let [parent, field] = pair else {
            unreachable!()
        };
        let mut fields = serde_json::Map::new();
        for sibling in parent.fields().iter().filter(|field| field.is_required()) {
            let example = sibling.examples().first().cloned();
            fields.insert(sibling.name().into(), example.unwrap_or(json!({})));
        }
        let name = key(parent, field);
        if let Some(inner) = inner {
            fields.insert(name, inner);
        }
        let is_list = parent.type_name().starts_with("[]");
        inner = Some(if is_list {
            json!([fields])
        } else {
            json!(fields)
        });
    }
    let mut config = inner.unwrap();
    let (path, own) = (chain.last().unwrap().path(), pointer(chain));
    for (of, at, beside) in BESIDE.iter() {
        let is_own = *at == own || at.starts_with(&format!("{own}/"));
        let rest = path.strip_prefix(of.as_str());
        let is_meant = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let is_other_transport = own.ends_with("/transport") && value != Some(&json!("stdio"));
        if is_meant && !is_own && !is_other_transport {
            set(&mut config, at, beside);
        }
    }
    let platform = &mut config["spec"]["platform"];
    if !platform["registry"].is_string() {
        platform["registry"] = json!("123456789012.dkr.ecr.us-east-1.amazonaws.com");
    }
    if config["spec"]["servers"].is_null() {
        config["spec"]["servers"] = json!([{"name": "github", "image": "mcp-github:1.0.0"}]);
    }
    config
}

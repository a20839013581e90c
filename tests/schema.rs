//! The JSON schema of the config, which editors and CI check a config against before mcpset does.
//!
//! It says less than mcpset: the rules of names, ports and amounts, and what excludes what, are
//! told by mcpset alone, with a place and a remedy. But whatever mcpset accepts the schema
//! accepts, and both know the same fields.

use crate::support;
use crate::support::config::Order;
use crate::support::{Bundle, bundle, schema};
use mcpset::schema::{ANY_KEY, Kind, View};
use proptest::prelude::*;
use serde_json::{Value, json};

fn everything() -> Value {
    bundle::read(support::EVERYTHING).remove(0)
}

/// Whether mcpset accepts `config`.
fn is_accepted(config: &Value) -> bool {
    Bundle::of(&support::config::yaml(config, Order::Sorted)).is_ok()
}

/// Changes `everything.yaml` at `place` and shows that neither the schema nor mcpset takes it.
fn assert_refused(place: &str, change: impl Fn(&mut Value)) {
    let mut config = everything();
    change(config.pointer_mut(place).unwrap());
    assert_ne!(
        schema::violations(&config),
        [""; 0],
        "the schema accepts it: {place}"
    );
    assert!(!is_accepted(&config), "mcpset accepts it: {place}");
}

#[test]
fn the_schema_is_a_valid_schema() {
    jsonschema::meta::validate(&schema::SCHEMA).unwrap();
    let dialect = &schema::SCHEMA["$schema"];
    assert_eq!(dialect, "https://json-schema.org/draft/2020-12/schema");
}

#[test]
fn it_accepts_every_config_in_the_repository() {
    for (path, text) in support::configs() {
        let config = bundle::read(&text).remove(0);
        assert_eq!(schema::violations(&config), [""; 0], "{path}");
    }
}

proptest! {
    #![proptest_config(support::cases(96))]

    #[test]
    fn it_accepts_what_mcpset_accepts(bundle in support::accepted()) {
        prop_assert_eq!(schema::violations(&bundle.config), [""; 0]);
    }
}

#[test]
fn everything_uses_every_field() {
    let (all, used) = (schema::all_fields(), schema::used_fields(&everything()));
    let missing: Vec<_> = all.difference(&used).collect();
    assert_eq!(missing, [""; 0], "tests/configs/everything.yaml");
}

#[test]
fn an_unknown_field_is_refused_at_every_level() {
    let mut levels = 0;
    for step in schema::walk(&everything()) {
        if step.schema.get("properties").is_some() {
            levels += 1;
            assert_refused(&step.place, |level| level["unknownField"] = json!("text"));
        }
    }
    assert!(levels >= 30, "{levels}");
}

#[test]
fn every_object_with_fields_is_closed() {
    let mut objects = 0;
    bundle::visit_mappings(&schema::SCHEMA, "", &mut |place, object| {
        if object.get("properties").is_some_and(Value::is_object) && !place.ends_with("/properties")
        {
            objects += 1;
            assert_eq!(
                object.get("additionalProperties"),
                Some(&json!(false)),
                "{place}"
            );
        }
    });
    assert!(objects >= 20, "{objects}");
}

#[test]
fn a_word_that_is_none_of_the_choices_is_refused() {
    let mut choices = 0;
    for step in schema::walk(&everything()) {
        if step.schema.get("oneOf").is_some() || step.schema.get("enum").is_some() {
            choices += 1;
            assert_refused(&step.place, |word| *word = json!("nonsense"));
        }
    }
    assert!(choices >= 14, "{choices}");
}

#[test]
fn a_value_of_another_type_is_refused_everywhere() {
    for step in schema::walk(&everything()) {
        assert_refused(&step.place, |value| *value = json!([[]]));
        let wrong = if step.value.is_object() {
            json!([])
        } else {
            json!({"a": {"b": []}})
        };
        assert_refused(&step.place, |value| *value = wrong.clone());
    }
}

#[test]
fn what_must_be_there_is_required() {
    for (place, field) in [
        ("", "apiVersion"),
        ("", "kind"),
        ("", "metadata"),
        ("", "spec"),
        ("/metadata", "name"),
        ("/metadata", "namespace"),
        ("/spec", "servers"),
        ("/spec/servers/0", "name"),
        ("/spec/servers/0", "image"),
        ("/spec/servers/0/secrets/GITHUB_APP_KEY", "key"),
        ("/spec/servers/0/aws/policy/0", "actions"),
        ("/spec/servers/0/aws/policy/0", "resources"),
    ] {
        assert_refused(place, |parent| {
            parent.as_object_mut().unwrap().remove(field).unwrap();
        });
    }
}

#[test]
fn name_and_image_have_no_place_in_the_defaults() {
    assert_refused("/spec/defaults", |defaults| {
        defaults["name"] = json!("github");
    });
    assert_refused("/spec/defaults", |defaults| {
        defaults["image"] = json!("github:1");
    });
}

#[test]
fn another_version_or_kind_is_refused() {
    assert_refused("/apiVersion", |version| *version = json!("mcpset.dev/v1"));
    assert_refused("/kind", |kind| *kind = json!("McpServerSetCheck"));
}

#[test]
fn numbers_and_booleans_are_literals_of_environment_variables() {
    let mut config = everything();
    let env = &mut config["spec"]["servers"][0]["env"];
    *env = json!({"TEXT": "text", "NUMBER": 8080, "NEGATIVE": -1, "YES": true, "NO": false});
    assert_eq!(schema::violations(&config), [""; 0]);
    assert!(is_accepted(&config));
    for wrong in [
        json!([]),
        json!([1]),
        json!({"secret": 1}),
        json!({"value": "text"}),
    ] {
        assert_refused("/spec/servers/0/env/LOG_LEVEL", |value| {
            *value = wrong.clone();
        });
    }
}

#[test]
fn a_field_of_several_forms_shows_them_all() {
    let definitions = &schema::SCHEMA["$defs"];
    for (name, forms) in [
        ("EnvValue", 2),
        ("ConditionValues", 2),
        ("Secret", 2),
        ("Probes", 2),
        ("Metrics", 2),
        ("Egress", 2),
        ("Tracing", 2),
    ] {
        let shown = definitions[name]["anyOf"].as_array();
        assert_eq!(shown.map(Vec::len), Some(forms), "{name}");
    }
    for name in ["Metrics", "Tracing"] {
        assert_eq!(
            definitions[name]["anyOf"][0]["const"], false,
            "{name} can be switched off"
        );
    }
}

#[test]
fn nothing_of_the_decoder_shows() {
    let text = schema::SCHEMA.to_string();
    for internal in ["$shape", "$placed"] {
        assert!(!text.contains(internal), "{internal}");
    }
    let internal = ["Field", "Placed", "Entries", "Map_of", "List", "Off"];
    for name in schema::SCHEMA["$defs"].as_object().unwrap().keys() {
        assert!(
            !internal.iter().any(|internal| name.starts_with(internal)),
            "{name}"
        );
    }
}

#[test]
fn every_field_and_every_choice_is_described() {
    let mut bare = Vec::new();
    for place in schema::all_fields() {
        let field = schema::SCHEMA
            .pointer(place.trim_start_matches('#'))
            .unwrap();
        if field["description"].as_str().is_none_or(str::is_empty) {
            bare.push(place);
        }
    }
    bundle::visit_mappings(&schema::SCHEMA, "", &mut |place, choice| {
        if place.contains("/oneOf/") && !choice.contains_key("description") {
            bare.push(place.to_owned());
        }
    });
    assert_eq!(bare, [""; 0]);
}

/// Whether a broken pattern or bound is refused: a text that none of the patterns matches.
const NO_TEXT: &str = "?? wrong";

#[test]
fn what_a_pattern_or_a_bound_refuses_mcpset_refuses() {
    let (mut patterns, mut bounds) = (0, 0);
    for step in schema::walk(&everything()) {
        if step.schema["pattern"].is_string() {
            patterns += 1;
            assert_refused(&step.place, |value| *value = json!(NO_TEXT));
        }
        if let Some(least) = step.schema["minimum"].as_i64() {
            bounds += 1;
            assert_refused(&step.place, |value| *value = json!(least - 1));
        }
        if let Some(most) = step.schema["maximum"].as_i64() {
            bounds += 1;
            assert_refused(&step.place, |value| *value = json!(most + 1));
        }
        for bound in ["exclusiveMinimum", "exclusiveMaximum"] {
            if let Some(bound) = step.schema[bound].as_f64() {
                bounds += 1;
                assert_refused(&step.place, |value| *value = json!(bound));
            }
        }
        if let Some(most) = step.schema["maxLength"].as_u64() {
            bounds += 1;
            let long = "a".repeat(usize::try_from(most).unwrap() + 1);
            assert_refused(&step.place, |value| *value = json!(long));
        }
        if step.schema["propertyNames"].is_object() {
            patterns += 1;
            assert_refused(&step.place, |value| value[NO_TEXT] = json!("text"));
        }
    }
    assert!(patterns >= 60 && bounds >= 30, "{patterns} {bounds}");
}

/// Every field of `McpServerSet`, as the fields that lead to it.
fn fields() -> Vec<Vec<View>> {
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
fn beside() -> Vec<(String, String, Value)> {
    let all: Vec<(String, String, Value)> =
        serde_yaml::from_str(include_str!("data/beside.yaml")).unwrap();
    let from_top = |path: String| match path.strip_prefix("spec.") {
        Some(_) => path,
        None => format!("spec.servers[].{path}"),
    };
    let all = all.into_iter();
    all.map(|(path, at, value)| (from_top(path), at, value))
        .collect()
}

/// Writes `value` to `pointer` of `config`.
fn set(config: &mut Value, pointer: &str, value: &Value) {
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
fn pointer(chain: &[View]) -> String {
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
fn config_with(chain: &[View], value: Option<&Value>) -> Value {
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
    for (of, at, beside) in beside() {
        let is_own = at == own || at.starts_with(&format!("{own}/"));
        let rest = path.strip_prefix(&of);
        let is_meant = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let is_other_transport = own.ends_with("/transport") && value != Some(&json!("stdio"));
        if is_meant && !is_own && !is_other_transport {
            set(&mut config, &at, &beside);
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

fn bundle_of(config: &Value) -> Result<String, String> {
    Bundle::of(&support::config::yaml(config, Order::Sorted)).map(|bundle| bundle.text)
}

#[test]
fn every_field_has_an_example_that_can_be_written() {
    // `spec` is shown by its fields, and the namespace of a patch needs a Role in it.
    let (whole, elsewhere) = (["spec"], ["spec.servers[].patches[].namespace"]);
    let mut wrong = Vec::new();
    for chain in fields() {
        let field = chain.last().unwrap();
        if field.examples().is_empty() && field.name() != ANY_KEY && !whole.contains(&field.path())
        {
            wrong.push(format!("{} has no example", field.path()));
        }
        for example in field.examples() {
            let config = config_with(&chain, Some(example));
            let said = schema::violations(&config);
            if !said.is_empty() {
                wrong.push(format!("{}: {said:?}", field.path()));
            }
            if !elsewhere.contains(&field.path())
                && let Err(problems) = bundle_of(&config)
            {
                wrong.push(format!("{}: {problems}", field.path()));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
}

#[test]
fn every_default_is_what_mcpset_does_without_it() {
    let (mut wrong, mut defaults) = (Vec::new(), 0);
    for chain in fields() {
        let field = chain.last().unwrap();
        let Some((default, from)) = field.default() else {
            continue;
        };
        defaults += 1;
        assert!(!from.is_empty(), "{} does not say from where", field.path());
        let (with, without) = (
            bundle_of(&config_with(&chain, Some(default))),
            bundle_of(&config_with(&chain, None)),
        );
        if with.is_err() || with != without {
            wrong.push(format!(
                "{}: {default}: {}",
                field.path(),
                with.err().unwrap_or_default()
            ));
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(defaults >= 45, "{defaults}");
}

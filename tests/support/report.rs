//! Reading reports as programs do that are not ours.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let schema = include_str!("../sarif/sarif-schema-2.1.0.json");
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // Its pattern of languages has a bracket too many for a strict reader; we name no language.
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
});

/// A SARIF log that its schema accepts.
#[track_caller]
pub fn sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    assert_eq!(sarif_violations(&log), [""; 0], "{text}");
    log
}

/// What the schema of SARIF says against `log`, with places.
pub fn sarif_violations(log: &Value) -> Vec<String> {
    let errors = SARIF.iter_errors(log);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A workflow command, its properties, and its data.
pub type Command = (String, Vec<(String, String)>, String);

/// The workflow commands of `log`. A line that is none is refused.
#[track_caller]
pub fn commands(log: &str) -> Vec<Command> {
    log.split_terminator('\n').map(command).collect()
}

fn command(line: &str) -> Command {
    assert!(!line.contains('\r'), "{line:?}");
    let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    assert!(["error", "warning", "notice"].contains(&name), "{line}");
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').unwrap();
        (key.to_owned(), decoded(value))
    });
    (name.to_owned(), properties.collect(), decoded(data))
}

/// As the runner decodes, the percent sign last.
fn decoded(text: &str) -> String {
    [
        ("%0D", "\r"),
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (code, c)| text.replace(code, c))
}

//! Documents that look like those of some format, and hold what nobody writes.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Texts that would like to be YAML.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9./:@-]{0,20}",
        Just("x\n- evil: true\n#".to_owned()),
        Just("${input:x}".to_owned()),
        Just("{x}".to_owned()),
        Just("ghcr.io/a/b:1".to_owned()),
        Just("docker".to_owned()),
        Just("npx".to_owned()),
        Just("run".to_owned()),
        Just("-e".to_owned()),
        Just("\u{85}\u{2028}\u{feff}".to_owned()),
    ]
}

/// Keys that some format knows.
fn key() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "command",
        "args",
        "env",
        "url",
        "image",
        "spec",
        "template",
        "metadata",
        "name",
        "namespace",
        "containers",
        "ports",
        "containerPort",
        "volumes",
        "volumeMounts",
        "mountPath",
        "emptyDir",
        "configMap",
        "resources",
        "limits",
        "cpu",
        "securityContext",
        "runAsUser",
        "replicas",
        "transport",
        "type",
        "value",
        "valueFrom",
        "secretKeyRef",
        "key",
        "identifier",
        "registryType",
        "packageArguments",
        "environmentVariables",
        "isSecret",
        "isRequired",
        "default",
        "deployment",
        "cmd",
        "secrets",
        "tolerations",
        "livenessProbe",
        "httpGet",
        "path",
        "port",
        "description",
        "version",
        "data",
        "annotations",
        "labels",
        "serviceAccountName",
        "httpTransport",
    ];
    prop_oneof![4 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => text()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

/// Documents of every format with anything in them.
pub fn document() -> impl Strategy<Value = Value> {
    let object = |version: &'static str, kind: &'static str| {
        value().prop_map(move |spec| {
            json!({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": spec})
        })
    };
    let container = value().prop_map(|container| {
        let mut whole = json!({"name": "a", "ports": [{"containerPort": 80}]});
        if let Value::Object(map) = container {
            whole.as_object_mut().unwrap().extend(map);
        }
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
            "spec": {"template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [whole]}}},
        })
    });
    let words = || prop::collection::vec(text(), 0..6);
    let env = || prop::collection::hash_map(text(), text(), 0..4);
    prop_oneof![
        value(),
        object("toolhive.stacklok.dev/v1beta1", "MCPServer"),
        object("kagent.dev/v1alpha1", "MCPServer"),
        object("apps/v1", "Deployment"),
        container,
        (text(), text(), words(), env()).prop_map(|(name, command, args, env)| {
            json!({"mcpServers": {name: {"command": command, "args": args, "env": env}}})
        }),
        (text(), words(), env()).prop_map(|(name, args, env)| {
            let args: Vec<String> = ["run".to_owned()].into_iter().chain(args).collect();
            json!({"servers": {name: {"command": "docker", "args": args, "env": env}}})
        }),
        (text(), text(), value()).prop_map(|(name, description, package)| {
            json!({"name": name, "description": description, "packages": [package]})
        }),
    ]
}

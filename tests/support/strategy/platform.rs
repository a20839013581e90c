//! `spec.platform`.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::ECR;
use super::texts::{cidr, label_map, list, namespace, object_name, one_of, some_of, text};

/// The platform, each part given or not.
pub fn platform() -> BoxedStrategy<Value> {
    some_of(vec![
        (
            "registry",
            one_of(&[ECR, "ghcr.io/team", "localhost:5000", "ECR.Example.com"]),
        ),
        (
            "approvedRegistries",
            list(one_of(&["docker.io", "quay.io/a/b"]), 0..3)
                .prop_map(|mut list| {
                    list.as_array_mut().unwrap().push(json!(ECR));
                    list
                })
                .boxed(),
        ),
        (
            "litellm",
            some_of(vec![("namespace", namespace()), ("podLabels", label_map())]),
        ),
        ("secrets", secret_store()),
        ("tracing", tracing()),
        (
            "monitoring",
            some_of(vec![
                ("namespace", namespace()),
                ("labels", label_map()),
                ("interval", one_of(&["30s", "1m30s", "0", "500ms", "1d"])),
            ]),
        ),
        (
            "network",
            some_of(vec![
                ("policies", any::<bool>().prop_map(Value::from).boxed()),
                ("hostnames", one_of(&["none", "aws"])),
                ("nodeLocalDns", any::<bool>().prop_map(Value::from).boxed()),
                ("endpointCidrs", list(cidr(), 0..3)),
            ]),
        ),
        (
            "policy",
            some_of(vec![
                ("namespace", one_of(&["none", "create"])),
                ("allowedRepos", one_of(&["none", "constraint"])),
                ("requireDigest", any::<bool>().prop_map(Value::from).boxed()),
            ]),
        ),
    ])
}

fn secret_store() -> BoxedStrategy<Value> {
    let store = some_of(vec![
        ("kind", one_of(&["ClusterSecretStore", "SecretStore"])),
        ("name", object_name()),
    ]);
    some_of(vec![
        ("store", store),
        (
            "refreshInterval",
            one_of(&["1h", "1.5h", "1h0m0s", "0s", "90s"]),
        ),
        ("reload", one_of(&["none", "reloader"])),
    ])
}

fn tracing() -> BoxedStrategy<Value> {
    let endpoint = prop_oneof![
        20 => one_of(&[
            "http://jaeger.monitoring.svc.cluster.local:4318",
            "https://otel.example.com",
            "http://10.1.2.3:4318/v1/traces",
            "http://[fd00::1]:4318",
            "https://otel.example.com/$(POD_NAME)/$$",
        ]),
        1 => one_of(&["http://169.254.169.254:4318", "http://otel-collector:4318"]),
    ];
    let endpoint = endpoint.boxed();
    let settings = some_of(vec![
        ("endpoint", endpoint),
        ("protocol", one_of(&["http/protobuf", "http/json", "grpc"])),
        ("sampler", text()),
        ("samplerArg", text()),
    ]);
    prop_oneof![1 => Just(json!(false)), 4 => settings].boxed()
}

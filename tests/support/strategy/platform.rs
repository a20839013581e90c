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
            some_of(vec![
                ("namespace", namespace()),
                ("podLabels", label_map()),
                ("chart", one_of(&["litellm-helm", "litellm"])),
                ("registration", one_of(&["configMap", "configMap", "none"])),
            ])
            // Without it, users' identities have no issuer in one of the charts.
            .prop_map(|mut litellm| {
                if litellm["chart"] == "litellm" {
                    litellm["service"] = json!("litellm-gateway");
                }
                litellm
            })
            .boxed(),
        ),
        ("secrets", secret_store()),
        ("tracing", tracing()),
        ("monitoring", monitoring()),
        (
            "network",
            some_of(vec![
                ("policies", any::<bool>().prop_map(Value::from).boxed()),
                ("hostnames", one_of(&["none", "aws"])),
                ("nodeLocalDns", any::<bool>().prop_map(Value::from).boxed()),
                ("endpointCidrs", list(cidr(), 0..3)),
                ("apiServerCidrs", list(cidr(), 0..3)),
            ]),
        ),
        (
            "aws",
            some_of(vec![
                ("accountId", one_of(&["123456789012", "000000000001"])),
                ("region", one_of(&["us-east-1", "eu-central-1"])),
                ("partition", one_of(&["aws"])),
                (
                    "oidcIssuer",
                    one_of(&[
                        "https://a.example.com/id/A",
                        "oidc.eks.us-east-1.amazonaws.com/id/B",
                    ]),
                ),
                ("clusterName", one_of(&["production", "0x1F"])),
            ]),
        ),
        (
            "policy",
            some_of(vec![
                ("namespace", one_of(&["none", "create"])),
                ("allowedRepos", one_of(&["none", "constraint"])),
                (
                    "exceptions",
                    Just(json!([{"rule": "replicas", "reason": "one is enough"}])).boxed(),
                ),
                ("requireDigest", any::<bool>().prop_map(Value::from).boxed()),
            ]),
        ),
    ])
}

fn monitoring() -> BoxedStrategy<Value> {
    some_of(vec![
        ("namespace", namespace()),
        ("labels", label_map()),
        (
            "interval",
            prop_oneof![
                20 => one_of(&["30s", "1m", "500ms", "1m15s"]),
                1 => one_of(&["0", "1m30s", "1d"]),
            ]
            .boxed(),
        ),
        (
            "scrapeTimeout",
            prop_oneof![20 => one_of(&["500ms", "100ms"]), 1 => one_of(&["0", "1h"])].boxed(),
        ),
        (
            "metricsProfile",
            one_of(&["guide", "guide", "guide", "guide", "guide", "otel"]),
        ),
        (
            "alerts",
            prop::bool::weighted(0.9).prop_map(Value::from).boxed(),
        ),
        (
            "dashboard",
            one_of(&["configMap", "grafanaOperator", "none"]),
        ),
        ("dashboardLabels", Just(json!({"team": "a"})).boxed()),
        (
            "runbookUrl",
            one_of(&["https://wiki.example.com/a/b", "http://wiki?a=$b"]),
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
        (
            "ui",
            one_of(&["https://jaeger.example.com/ui", "http://jaeger:16686/"]),
        ),
    ]);
    prop_oneof![1 => Just(json!(false)), 4 => settings].boxed()
}

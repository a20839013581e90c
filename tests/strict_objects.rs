//! Every object is one that an API server takes: no field that it does not know, and nothing that
//! it refuses for another reason.
//!
//! A field that a type does not know is lost when the type reads it, so an object that is read as
//! its type and written again must be what it was.

use crate::support;

use crate::support::config::Order;
use crate::support::kubectl_validate::validate;
use crate::support::kustomize::Folder;
use crate::support::{Bundle, Rule, bundle, rule, rules};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const STRICT: Rule = Rule {
    name: "an object read as its type and written again is what it was",
    violations: lost,
    broken_by: |bundle| bundle.set("Service", "tools-s3", "/spec/selectors", json!({})),
};

#[test]
fn every_rule_can_fail() {
    rule::assert_can_fail([&STRICT].into_iter().chain(rules::all()));
}

#[test]
fn objects_of_every_config_in_the_repository_are_accepted() {
    let rules: Vec<_> = [&STRICT].into_iter().chain(rules::all()).collect();
    rule::assert_kept(rules);
}

proptest! {
    #![proptest_config(support::cases(96))]

    #[test]
    fn objects_of_every_accepted_config_are_accepted(bundle in support::accepted()) {
        let rules = [&STRICT].into_iter().chain(rules::all());
        prop_assert_eq!(rule::violations(rules, &bundle), [""; 0]);
    }
}

/// Fields of the platform and of one server that an API server refuses, or that break a promise
/// without anybody saying so, unless mcpset does something about them.
fn pitfalls() -> Vec<(Value, Value)> {
    let key = |path: &str| json!({"key": "a", "as": "file", "path": path});
    let of_server = [
        // The kubelet resolves references only to variables that stand before.
        json!({"env": {"POD_NAME": "mine"}}),
        json!({"env": {"A": {"field": "metadata.labels['']"}}}),
        json!({"env": {"A": {"field": "metadata.labels[']"}}}),
        json!({"env": {"A": {"field": "metadata.annotations['a b']"}}}),
        // Without ports every port is open.
        json!({"egress": [{"cidr": "192.0.2.0/28", "ports": []}]}),
        json!({"imagePullSecrets": ["a", "a"]}),
        // What the ServiceMonitor selects by.
        json!({"metrics": false, "labels": {"mcpset.dev/metrics-port": "http"}}),
        json!({"config": {"a": "b"}, "annotations": {"checksum/config": "mine"}}),
        json!({"resources": {"limits": {"requests.example.com/fpga": "1"}}}),
        json!({"writable": ["/x\u{fffe}"]}),
        json!({"secrets": {"A": key("/x\u{fffe}/a")}}),
        json!({"probes": {"startupSeconds": 3600}}),
        json!({"description": "x".repeat(300_000)}),
        json!({"annotations": {"a": "x".repeat(200_000), "b": "x".repeat(200_000)}}),
        // Names of volumes.
        json!({"writable": ["/secrets"], "secrets": {"A": key("/a/a"), "B": key("/b/b")}}),
        json!({"writable": ["/secrets-2"], "secrets": {"A": key("/a/a"), "B": key("/b/b")}}),
        json!({"writable": ["/secrets-2-2", "/secrets-2"], "secrets": {"A": key("/a/a")}}),
        // Two files of one name, and folders that cannot be made.
        json!({"secrets": {"A": key("/a/a"), "B": key("/a/a")}}),
        json!({"writable": ["/etc/mcp/cache"], "config": {"a": "b"}}),
        json!({"secrets": {"A": key("/etc/mcp/secrets/a")}, "config": {"a": "b"}}),
    ];
    let of_platform = [
        json!({"tracing": {"endpoint": "https://otel.example.com/$(POD_NAME)"}}),
        json!({"tracing": {"endpoint": "http://otel-collector:4318"}}),
        json!({"tracing": {"endpoint": "http://169.254.169.254:4318"}}),
        json!({"tracing": {"endpoint": "http://[fd00:ec2::254]:4318"}}),
        json!({"network": {"endpointCidrs": ["0.0.0.0/0"]}}),
        json!({"network": {"endpointCidrs": ["fd00::/8"]}}),
    ];
    let constraint = json!({"allowedRepos": "constraint"});
    let role = json!({"roleArn": "arn:aws:iam::123456789012:role/a"});
    let of_both = [
        // Gatekeeper compares letter by letter.
        (
            json!({"policy": constraint, "registry": "ECR.Example.com"}),
            json!({"image": "ecr.example.com/a:1"}),
        ),
        (
            json!({"policy": constraint, "registry": "ecr.example.com"}),
            json!({"image": "ECR.example.com/a:1"}),
        ),
        (
            json!({"policy": constraint, "registry": null, "approvedRegistries": ["docker.io"]}),
            json!({"image": "library/a:1"}),
        ),
        (
            json!({"policy": constraint, "registry": null, "approvedRegistries": ["docker.io/library"]}),
            json!({"image": "a:1"}),
        ),
        (
            json!({
                "network": {"hostnames": "aws"},
                "tracing": {"endpoint": "https://otel.example.com"},
            }),
            json!({"egress": [{"host": "api.github.com"}]}),
        ),
        (
            json!({"network": {"hostnames": "aws"}}),
            json!({"aws": role, "egress": [{"host": "api.github.com"}]}),
        ),
    ];
    let servers = of_server.into_iter().map(|server| (json!({}), server));
    let platforms = of_platform
        .into_iter()
        .map(|platform| (platform, json!({})));
    servers.chain(platforms).chain(of_both).collect()
}

#[test]
fn a_pitfall_is_refused_or_done_right() {
    let mut fallen: Vec<String> = Vec::new();
    for (platform, server) in pitfalls() {
        let mut config = bundle::read(support::QUICKSTART).remove(0);
        let merge = |into: &mut Value, fields: Value| {
            into.as_object_mut()
                .unwrap()
                .extend(fields.as_object().unwrap().clone());
        };
        merge(&mut config["spec"]["platform"], platform.clone());
        config["spec"]["servers"] =
            json!([{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]);
        merge(&mut config["spec"]["servers"][0], server.clone());
        if let Ok(bundle) = Bundle::of(&support::config::yaml(&config, Order::Sorted)) {
            let violations = rule::violations(rules::all(), &bundle);
            let shown = |value: &Value| value.to_string().chars().take(200).collect::<String>();
            if !violations.is_empty() {
                fallen.push(format!(
                    "{} {}: {violations:?}",
                    shown(&platform),
                    shown(&server)
                ));
            }
        }
    }
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

#[test]
fn everything_holds_one_of_each_kind() {
    let bundle = support::everything();
    for (kind, _, _) in KINDS {
        assert!(!bundle.of_kind(kind).is_empty(), "{kind}");
    }
}

#[test]
fn a_misspelt_field_a_wrong_type_a_wrong_version_and_a_missing_field_are_noticed() {
    let container = "/spec/template/spec/containers/0";
    let spoil = |kind: &str, pointer: &str, value: Option<Value>| {
        let mut bundle = support::everything();
        let name = "tools-github";
        match value {
            Some(value) => bundle.set(kind, name, pointer, value),
            None => bundle.remove(kind, name, pointer),
        }
        assert!(!lost(&bundle).is_empty(), "{kind} {pointer}");
    };
    spoil("Deployment", "/spec/replica", Some(json!(2)));
    spoil(
        "Deployment",
        &format!("{container}/readinessprobe"),
        Some(json!({})),
    );
    spoil(
        "Deployment",
        &format!("{container}/securityContext/runAsUserID"),
        Some(json!(1)),
    );
    spoil("Deployment", "/metadata/label", Some(json!({})));
    spoil(
        "NetworkPolicy",
        "/spec/egress/0/to/0/ipblock",
        Some(json!({})),
    );
    spoil("Deployment", "/spec/replicas", Some(json!("2")));
    spoil(
        "Deployment",
        &format!("{container}/env/0/value"),
        Some(json!(true)),
    );
    spoil("Service", "/spec/ports/0/port", Some(json!(null)));
    spoil(
        "Deployment",
        "/apiVersion",
        Some(json!("extensions/v1beta1")),
    );
    spoil(
        "PodDisruptionBudget",
        "/apiVersion",
        Some(json!("policy/v1beta1")),
    );
    spoil("Deployment", "/spec/selector", None);
    spoil("Service", "/kind", Some(json!("Servic")));
}

/// Reads a value as its type and writes it again.
type Reread = fn(Value) -> Result<Value, serde_yaml::Error>;

/// The built-in kinds that mcpset writes.
const KINDS: [(&str, &str, Reread); 12] = [
    ("Namespace", "v1", reread::<Namespace>),
    ("ServiceAccount", "v1", reread::<ServiceAccount>),
    ("ConfigMap", "v1", reread::<ConfigMap>),
    ("Service", "v1", reread::<Service>),
    ("Deployment", "apps/v1", reread::<Deployment>),
    (
        "HorizontalPodAutoscaler",
        "autoscaling/v2",
        reread::<HorizontalPodAutoscaler>,
    ),
    (
        "NetworkPolicy",
        "networking.k8s.io/v1",
        reread::<NetworkPolicy>,
    ),
    (
        "PodDisruptionBudget",
        "policy/v1",
        reread::<PodDisruptionBudget>,
    ),
    ("ClusterRole", RBAC, reread::<ClusterRole>),
    ("ClusterRoleBinding", RBAC, reread::<ClusterRoleBinding>),
    ("Role", RBAC, reread::<Role>),
    ("RoleBinding", RBAC, reread::<RoleBinding>),
];

const RBAC: &str = "rbac.authorization.k8s.io/v1";

/// The custom kinds; `crd_validation` looks at them.
const CUSTOM: [(&str, &str); 6] = [
    ("ExternalSecret", "external-secrets.io/v1"),
    ("ServiceMonitor", "monitoring.coreos.com/v1"),
    ("PrometheusRule", "monitoring.coreos.com/v1"),
    ("GrafanaDashboard", "grafana.integreatly.org/v1beta1"),
    ("ApplicationNetworkPolicy", "networking.k8s.aws/v1alpha1"),
    ("K8sAllowedRepos", "constraints.gatekeeper.sh/v1beta1"),
];

fn reread<T: Serialize + DeserializeOwned>(value: Value) -> Result<Value, serde_yaml::Error> {
    let object: T = serde_yaml::from_value(serde_yaml::to_value(value)?)?;
    serde_yaml::from_value(serde_yaml::to_value(object)?)
}

fn lost(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for document in &bundle.documents {
        let is = |kind: &str, version: &str| {
            document["kind"] == kind && document["apiVersion"] == version
        };
        if CUSTOM.iter().any(|(kind, version)| is(kind, version)) {
            continue;
        }
        let Some((_, _, reread)) = KINDS.iter().find(|(kind, version, _)| is(kind, version)) else {
            violations.push(format!(
                "{} is no kind that mcpset writes",
                bundle::id(document)
            ));
            continue;
        };
        match reread(document.clone()) {
            Ok(again) if again == *document => {}
            Ok(again) => violations.push(format!("{document:#} became {again:#}")),
            Err(error) => violations.push(format!("{}: {error}", bundle::id(document))),
        }
    }
    violations
}

/// How many random bundles the API server's own validation sees in one run.
const VALIDATED: usize = 300;

/// The definitions of the custom kinds.
const DEFINED: &str = "tests/crds";
/// Not among them: Gatekeeper makes it in the cluster, of a template.
const NOT_DEFINED: &str = "K8sAllowedRepos";

#[test]
#[ignore = "needs the real kubectl-validate: run ./test --all"]
fn the_api_servers_own_validation_takes_hundreds_of_random_bundles() {
    let folder = Folder::new(&[]);
    let mut runner = TestRunner::deterministic();
    for number in 0..VALIDATED {
        let bundle = support::accepted().new_tree(&mut runner).unwrap();
        folder.write(&format!("{number}.yaml"), &defined(&bundle.current()));
    }
    let (taken, said) = validate(&support::root().join(DEFINED), folder.path());
    assert!(taken, "{said}");
    assert_eq!(said.matches("OK").count(), VALIDATED, "{said}");
}

#[test]
#[ignore = "needs the real kubectl-validate: run ./test --all"]
fn the_api_servers_own_validation_sees_built_in_and_custom_kinds() {
    let text = defined(&support::everything());
    for (right, wrong, is_right) in [
        ("", "", true),
        ("type: ClusterIP", "typ: ClusterIP", false),
        ("replicas: 4", "replicas: four", false),
        ("refreshInterval:", "refreshIntervall:", false),
    ] {
        assert!(text.contains(right), "{right}");
        let folder = Folder::new(&[("set.yaml", &text.replacen(right, wrong, 1))]);
        let (taken, said) = validate(&support::root().join(DEFINED), folder.path());
        assert_eq!(taken, is_right, "{wrong}: {said}");
    }
}

/// The documents of `bundle` whose kinds are defined.
fn defined(bundle: &Bundle) -> String {
    let mut text = String::new();
    let wanted = |object: &&Value| object["kind"] != NOT_DEFINED;
    for object in bundle.objects.iter().filter(wanted) {
        text.push_str("---\n");
        mcpset::yaml::document(&mut text, object).unwrap();
    }
    text
}

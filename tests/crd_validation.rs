//! Every custom resource is one that its published definition admits.
//!
//! CEL rules (`x-kubernetes-validations`) are not evaluated here. Of ApplicationNetworkPolicy there
//! are three: a peer that has `domainNames` has no `ipBlock`, no `podSelector` and no
//! `namespaceSelector`. Those of GrafanaDashboard are about fields that mcpset does not write. All
//! are asserted by hand, as is what the operators' own webhooks refuse. Gatekeeper's K8sAllowedRepos has no published definition:
//! Gatekeeper makes it in the cluster, from a ConstraintTemplate; its few fields are asserted by
//! hand as well.

use crate::support;
use std::collections::BTreeSet;

use crate::support::{Bundle, Rule, crd, rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use proptest::prelude::*;
use serde_json::{Value, json};

const SECRET: &str = "ExternalSecret";
const SECRETS: &str = "tools-github-secrets";
const MONITOR: &str = "ServiceMonitor";
const SERVERS: &str = "tools-servers";
const HOSTS: &str = "ApplicationNetworkPolicy";
const GITHUB: &str = "tools-github";
const DASHBOARD: &str = "GrafanaDashboard";
const PROMETHEUS_RULE: &str = "PrometheusRule";
const REPOS: &str = "K8sAllowedRepos";

const RULES: &[Rule] = &[
    Rule {
        name: "custom resources satisfy the schema of their definition",
        violations: schemas,
        broken_by: |bundle| {
            bundle.set(MONITOR, SERVERS, "/spec/endpoints/0/interval", json!("1 m"));
        },
    },
    Rule {
        name: "custom resources have metadata without unknown fields",
        violations: metadata,
        broken_by: |bundle| bundle.set(SECRET, SECRETS, "/metadata/label", json!({})),
    },
    Rule {
        name: "CEL: a peer with domain names is nothing else",
        violations: peers,
        broken_by: |bundle| {
            bundle.set(
                HOSTS,
                GITHUB,
                "/spec/egress/0/to/0/ipBlock",
                json!({"cidr": "::/0"}),
            );
        },
    },
    Rule {
        name: "external-secrets' webhook: some data, each key once, a duration that Go reads",
        violations: external_secrets,
        broken_by: |bundle| {
            bundle.set(
                SECRET,
                SECRETS,
                "/spec/data/0/secretKey",
                json!("github-token"),
            );
        },
    },
    Rule {
        name: "prometheus-operator: relabelings have what their action needs and no more",
        violations: relabelings,
        broken_by: |bundle| {
            let pointer = "/spec/endpoints/0/relabelings/2/sourceLabels";
            bundle.set(MONITOR, SERVERS, pointer, json!(["a"]));
        },
    },
    Rule {
        name: "CEL: a GrafanaDashboard has none of the fields that exclude each other or cannot change",
        violations: dashboards,
        broken_by: |bundle| {
            bundle.set(DASHBOARD, "tools-dashboard", "/spec/folder", json!("MCP"));
        },
    },
    Rule {
        name: "the groups of a PrometheusRule have different names",
        violations: rule_groups,
        broken_by: |bundle| {
            bundle.set(
                PROMETHEUS_RULE,
                "tools-alerts",
                "/spec/groups/0/name",
                json!("targets"),
            );
        },
    },
    Rule {
        name: "Gatekeeper: the constraint has the template's fields and no others",
        violations: constraints,
        broken_by: |bundle| {
            bundle.set(
                REPOS,
                "tools-allowed-repos",
                "/spec/parameters/repo",
                json!([]),
            );
        },
    },
];

#[test]
fn every_rule_can_fail() {
    rule::assert_can_fail(RULES);
}

#[test]
fn custom_resources_of_every_config_in_the_repository_are_admitted() {
    rule::assert_kept(RULES);
}

proptest! {
    #![proptest_config(support::cases(96))]

    #[test]
    fn custom_resources_of_every_accepted_config_are_admitted(bundle in support::accepted()) {
        prop_assert_eq!(rule::violations(RULES, &bundle), [""; 0]);
    }
}

#[test]
fn everything_holds_one_of_each_custom_resource() {
    let bundle = support::everything();
    for definition in crd::DEFINITIONS.iter() {
        // Those of ACK are not part of a bundle: tests/iam.rs has them.
        if definition
            .api_version
            .ends_with(".services.k8s.aws/v1alpha1")
        {
            continue;
        }
        assert!(
            !bundle.of_kind(&definition.kind).is_empty(),
            "{}",
            definition.kind
        );
    }
    let is_custom = |document: &&Value| document["apiVersion"].as_str().unwrap().contains('.');
    let builtin = ["networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"];
    for document in bundle.documents.iter().filter(is_custom) {
        let known = crd::definition(document).is_some()
            || document["kind"] == REPOS
            || builtin.contains(&document["apiVersion"].as_str().unwrap());
        assert!(
            known,
            "{} has no definition in tests/crds",
            document["kind"]
        );
    }
}

/// Spoils the first object of `kind` in `everything.yaml` and returns what its schema says.
fn spoilt(kind: &str, name: &str, pointer: &str, value: Option<Value>) -> String {
    let mut bundle = support::everything();
    match value {
        Some(value) => bundle.set(kind, name, pointer, value),
        None => bundle.remove(kind, name, pointer),
    }
    schemas(&bundle).join("\n")
}

#[test]
fn a_misspelt_field_fails() {
    for (kind, name, pointer) in [
        (SECRET, SECRETS, "/spec/refreshintervall"),
        (SECRET, SECRETS, "/spec/data/0/remoteRef/Key"),
        (SECRET, SECRETS, "/spec/target/policy"),
        (MONITOR, SERVERS, "/spec/endpoints/0/relabelConfigs"),
        (
            MONITOR,
            SERVERS,
            "/spec/endpoints/0/relabelings/0/source_labels",
        ),
        (HOSTS, GITHUB, "/spec/egress/0/to/0/domainName"),
        (HOSTS, GITHUB, "/specs"),
    ] {
        let said = spoilt(kind, name, pointer, Some(json!("x")));
        assert!(
            said.contains("Additional properties are not allowed"),
            "{pointer}: {said}"
        );
    }
}

#[test]
fn a_wrong_type_fails() {
    for (kind, name, pointer, value, expected) in [
        (
            SECRET,
            SECRETS,
            "/spec/data",
            json!({}),
            r#"is not of type "array""#,
        ),
        (
            SECRET,
            SECRETS,
            "/spec/data/1/remoteRef/version",
            json!(7),
            r#"is not of type "string""#,
        ),
        (
            SECRET,
            SECRETS,
            "/spec/refreshInterval",
            json!(null),
            r#"is not of type "string""#,
        ),
        (
            MONITOR,
            SERVERS,
            "/spec/endpoints/0/targetPort",
            json!(1.5),
            "is not",
        ),
        (
            MONITOR,
            SERVERS,
            "/spec/endpoints/0/interval",
            json!("1 m"),
            "does not match",
        ),
        (
            MONITOR,
            SERVERS,
            "/spec/endpoints/0/relabelings/0/action",
            json!("kep"),
            "is not one of",
        ),
        (
            HOSTS,
            GITHUB,
            "/spec/egress/0/ports/0/port",
            json!([]),
            "is not",
        ),
        (
            HOSTS,
            GITHUB,
            "/spec/egress/0/to/0/domainNames",
            json!(["a.b", "a.b"]),
            "non-unique",
        ),
        (
            HOSTS,
            GITHUB,
            "/spec/egress/0/to/0/domainNames",
            json!([]),
            "less than 1 item",
        ),
        (
            HOSTS,
            GITHUB,
            "/spec/egress/0/to/0/domainNames/0",
            json!("a b.c"),
            "does not match",
        ),
    ] {
        let said = spoilt(kind, name, pointer, Some(value));
        assert!(said.contains(expected), "{pointer}: {said}");
    }
}

#[test]
fn a_missing_field_fails() {
    for (kind, name, pointer) in [
        (SECRET, SECRETS, "/spec/data/0/secretKey"),
        (SECRET, SECRETS, "/spec/data/0/remoteRef/key"),
        (MONITOR, SERVERS, "/spec/selector"),
        (
            MONITOR,
            SERVERS,
            "/spec/selector/matchExpressions/0/operator",
        ),
        (HOSTS, GITHUB, "/spec/podSelector"),
    ] {
        let said = spoilt(kind, name, pointer, None);
        assert!(said.contains("is a required property"), "{pointer}: {said}");
    }
}

#[test]
fn a_number_or_a_text_does_where_the_definition_says_so() {
    for port in [json!(9090), json!("metrics")] {
        let said = spoilt(MONITOR, SERVERS, "/spec/endpoints/0/targetPort", Some(port));
        assert_eq!(said, "");
    }
}

#[test]
fn structural_schemas_are_read_as_an_api_server_reads_them() {
    let schema = json!({
        "type": "object",
        "required": ["a", "b"],
        "properties": {
            "a": {"type": "string", "nullable": true, "enum": ["x"]},
            "b": {"type": "integer", "default": 1},
            "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "closed": {"type": "object"},
            "map": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    });
    let schema = crd::enforced(&schema, "", &mut Vec::new());
    for (good, object) in [
        (true, json!({"a": "x"})),
        (true, json!({"a": null})),
        (false, json!({"b": 2})),
        (false, json!({"a": "y"})),
        (false, json!({"a": "x", "b": null})),
        (true, json!({"a": "x", "open": {"any": 1}})),
        (false, json!({"a": "x", "closed": {"any": 1}})),
        (true, json!({"a": "x", "map": {"any": "1"}})),
        (false, json!({"a": "x", "map": {"any": 1}})),
        (false, json!({"a": "x", "c": 1})),
    ] {
        assert_eq!(jsonschema::is_valid(&schema, &object), good, "{object}");
    }
}

/// Should a definition come with a new rule, it belongs into [`RULES`].
#[test]
fn the_cel_rules_of_the_definitions_are_those_asserted_here() {
    let found: Vec<_> = crd::DEFINITIONS
        .iter()
        .flat_map(|definition| &definition.cel)
        .map(|(path, rule)| format!("{path}: {rule}"))
        .collect();
    assert_eq!(
        found,
        [
            ".spec.instanceSelector: self == oldSelf",
            ".spec.publicSharing.accessToken: self == oldSelf",
            ".spec.publicSharing.accessToken: !format.uuid().validate(self).hasValue()",
            ".spec.publicSharing: ((!has(oldSelf.accessToken) && !has(self.accessToken)) || (has(oldSelf.accessToken) && has(self.accessToken)))",
            ".spec.uid: self == oldSelf",
            ".spec: (has(self.folderUID) && !(has(self.folderRef))) || (has(self.folderRef) && !(has(self.folderUID))) || !(has(self.folderRef) && (has(self.folderUID)))",
            ".spec: (has(self.folder) && !(has(self.folderRef) || has(self.folderUID))) || !(has(self.folder))",
            ".spec: ((!has(oldSelf.uid) && !has(self.uid)) || (has(oldSelf.uid) && has(self.uid)))",
            ".spec: !oldSelf.allowCrossNamespaceImport || (oldSelf.allowCrossNamespaceImport && self.allowCrossNamespaceImport)",
            ".spec.egress[].to[]: !(has(self.ipBlock) && has(self.domainNames))",
            ".spec.egress[].to[]: !(has(self.podSelector) && has(self.domainNames))",
            ".spec.egress[].to[]: !(has(self.namespaceSelector) && has(self.domainNames))",
        ]
    );
}

fn schemas(bundle: &Bundle) -> Vec<String> {
    let check = |document| crd::definition(document).map(|known| known.violations(document));
    bundle
        .documents
        .iter()
        .filter_map(check)
        .flatten()
        .collect()
}

fn metadata(bundle: &Bundle) -> Vec<String> {
    let custom =
        |document: &&Value| crd::definition(document).is_some() || document["kind"] == REPOS;
    let bad = |document: &&Value| {
        let read: Result<ObjectMeta, _> = serde_json::from_value(document["metadata"].clone());
        read.map_or(true, |read| json!(read) != document["metadata"])
    };
    let documents = bundle.documents.iter().filter(custom).filter(bad);
    documents
        .map(|document| document["metadata"].to_string())
        .collect()
}

fn peers(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for policy in bundle.of_kind(HOSTS) {
        for rule in policy["spec"]["egress"].as_array().unwrap() {
            for peer in rule["to"].as_array().unwrap() {
                let has = |name: &str| peer.get(name).is_some();
                let other = ["ipBlock", "podSelector", "namespaceSelector"]
                    .into_iter()
                    .any(has);
                if has("domainNames") && other {
                    violations.push(peer.to_string());
                }
            }
        }
    }
    violations
}

fn dashboards(bundle: &Bundle) -> Vec<String> {
    let fields = |dashboard: &Value| {
        let spec = dashboard["spec"].as_object().unwrap();
        spec.keys().cloned().collect::<Vec<_>>()
    };
    let dashboards = bundle.of_kind(DASHBOARD).into_iter().map(fields);
    dashboards
        .filter(|fields| *fields != ["instanceSelector", "json"])
        .map(|fields| format!("{fields:?}"))
        .collect()
}

fn rule_groups(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for rules in bundle.of_kind(PROMETHEUS_RULE) {
        let mut seen = BTreeSet::new();
        for group in rules["spec"]["groups"].as_array().unwrap() {
            if !seen.insert(group["name"].to_string()) {
                violations.push(format!("two groups are called {}", group["name"]));
            }
        }
    }
    violations
}

/// `apis/externalsecrets/v1/externalsecret_validator.go` of external-secrets.
fn external_secrets(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for secret in bundle.of_kind(SECRET) {
        let spec = &secret["spec"];
        let keys = spec["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["secretKey"].to_string());
        let mut keys: Vec<_> = keys.collect();
        keys.sort();
        if keys.is_empty() || keys.windows(2).any(|pair| pair[0] == pair[1]) {
            violations.push(format!("keys {keys:?}"));
        }
        let interval = spec["refreshInterval"].as_str().unwrap();
        if !is_go_duration(interval) {
            violations.push(format!("refreshInterval {interval}"));
        }
    }
    violations
}

/// Numbers with units, as Go's `time.ParseDuration` has them.
fn is_go_duration(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let is_number = |number: &str| number.parse::<f64>().is_ok();
    let is_unit = |unit: &str| ["ns", "us", "µs", "ms", "s", "m", "h"].contains(&unit);
    let mut numbers = text
        .split(|c| !is_digit(c))
        .filter(|number| !number.is_empty());
    let mut units = text.split(is_digit).filter(|unit| !unit.is_empty());
    text.starts_with(is_digit)
        && !text.ends_with(is_digit)
        && numbers.all(is_number)
        && units.all(is_unit)
}

/// `ValidateRelabelConfig` in `pkg/prometheus/validation/validator.go` of prometheus-operator.
fn relabelings(bundle: &Bundle) -> Vec<String> {
    let mut violations = Vec::new();
    for monitor in bundle.of_kind(MONITOR) {
        for endpoint in monitor["spec"]["endpoints"].as_array().unwrap() {
            for relabeling in endpoint["relabelings"].as_array().unwrap() {
                let has = |name: &str| relabeling.get(name).is_some();
                let only = |names: &[&str]| {
                    let fields = relabeling.as_object().unwrap().keys();
                    fields
                        .into_iter()
                        .all(|field| field == "action" || names.contains(&field.as_str()))
                };
                let fits = match relabeling["action"].as_str().unwrap() {
                    "replace" => has("targetLabel"),
                    "keep" => has("sourceLabels") && has("regex") && !has("targetLabel"),
                    "labeldrop" => has("regex") && only(&["regex"]),
                    _ => false,
                };
                if !fits {
                    violations.push(relabeling.to_string());
                }
            }
        }
    }
    violations
}

/// `K8sAllowedRepos` of gatekeeper-library, and `spec.match` of Gatekeeper.
fn constraints(bundle: &Bundle) -> Vec<String> {
    let texts = json!({"type": "array", "minItems": 1, "items": {"type": "string"}});
    let closed = |properties: Value| {
        let required: Vec<_> = properties.as_object().unwrap().keys().cloned().collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    };
    let kinds = closed(json!({"apiGroups": texts, "kinds": texts}));
    let kinds = json!({"type": "array", "minItems": 1, "items": kinds});
    let schema = closed(json!({
        "apiVersion": {"const": "constraints.gatekeeper.sh/v1beta1"},
        "kind": {"const": REPOS},
        "metadata": {"type": "object"},
        "spec": closed(json!({
            "enforcementAction": {"enum": ["deny", "warn", "dryrun"]},
            "match": closed(json!({
                "kinds": kinds,
                "namespaces": texts,
                "labelSelector": closed(json!({"matchLabels": {"type": "object"}})),
            })),
            "parameters": closed(json!({"repos": texts})),
        })),
    }));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut violations = Vec::new();
    for constraint in bundle.of_kind(REPOS) {
        violations.extend(
            validator
                .iter_errors(constraint)
                .map(|error| error.to_string()),
        );
    }
    violations
}

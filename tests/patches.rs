//! Patches do what `kubectl patch` does, and nothing that it would not.

use crate::support;
use std::fs;
use std::process::Command;

use crate::support::config::Order;
use mcpset::model::{Patch, Set};
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::resources::{Object, apply, owned};
use mcpset::yaml::{self, Dialect};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::{Value, json};

/// The set of the config that uses every field, without its patches.
fn set() -> Set {
    let mut config = support::bundle::read(support::EVERYTHING).remove(0);
    let server = config["spec"]["servers"][0].as_object_mut().unwrap();
    server.remove("patches");
    let text = support::config::yaml(&config, Order::Sorted);
    let mut problems = Problems::default();
    let node = yaml::parse(&text, 0, &mut problems).remove(0);
    let overrides = Overrides::default();
    mcpset::expand(&node, Dialect::Written, &overrides, &mut problems).unwrap()
}

/// The first object of `kind` that is made for a server.
fn object(set: &Set, kind: &str) -> Object {
    let mut objects = owned(set).filter(|(server, _)| server.is_some());
    let object = objects.find(|(_, object)| object.kind() == kind);
    object.unwrap_or_else(|| panic!("no {kind}")).1
}

/// `patch` as mcpset reads it.
fn read(kind: &str, patch: &Value) -> Patch {
    let patch = json!({"kind": kind, "patch": patch});
    let server = json!({"patches": [patch]});
    let text = support::config::yaml(&server, Order::Sorted);
    let mut problems = Problems::default();
    let node = yaml::parse(&text, 0, &mut problems).remove(0);
    let mut patches = mcpset::resolve::patches(&node, Dialect::Written, &mut problems);
    let said = problems.into_sorted();
    assert!(said.is_empty(), "{patch}: {said:?}");
    patches.remove(0)
}

/// `object` with `patch`, or what mcpset says against it.
fn ours(object: &Object, patch: &Value) -> Result<Value, String> {
    let patched = apply(object, &read(object.kind(), patch));
    let patched = patched.map_err(|problem| problem.message)?;
    Ok(serde_json::to_value(patched).unwrap())
}

/// `object` with `patch` as kubectl applies it.
fn kubectls(object: &Object, patch: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("object.json");
    fs::write(&file, serde_json::to_vec(object).unwrap()).unwrap();
    let is_custom = matches!(object, Object::ExternalSecret(_));
    let output = Command::new(support::peer("kubectl"))
        .args(["patch", "--local", "--output=json", "--filename"])
        .arg(&file)
        .arg(if is_custom {
            "--type=merge"
        } else {
            "--type=strategic"
        })
        .arg(format!("--patch={patch}"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{patch}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A patch of a Deployment's pods.
fn pods(spec: &Value) -> Value {
    json!({"spec": {"template": {"spec": spec}}})
}

/// A patch of the server's container.
fn container(mut fields: Value) -> Value {
    fields["name"] = json!("mcp-server");
    pods(&json!({"containers": [fields]}))
}

/// A patch of each kind, of each list that is merged, and with each directive.
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn cases() -> Vec<(&'static str, Value)> {
    let deployment = |patch: Value| ("Deployment", patch);
    let pods = |spec: Value| deployment(pods(&spec));
    let container = |fields: Value| deployment(container(fields));
    vec![
        // Mappings merge, null removes, texts and numbers are replaced.
        deployment(json!({"spec": {"replicas": 7, "minReadySeconds": null}})),
        deployment(
            json!({"metadata": {"annotations": {"a": "b"}, "labels": {"c": "d", "cost-center": null}}}),
        ),
        deployment(json!({"metadata": {"annotations": {"$patch": "replace", "a": "b"}}})),
        deployment(json!({"metadata": {"annotations": {"$patch": "delete"}}})),
        deployment(json!({"spec": {"strategy": {"type": "Recreate", "rollingUpdate": null}}})),
        deployment(json!({"spec": {"strategy": {"$patch": "replace", "type": "Recreate"}}})),
        deployment(json!({"spec": {"strategy": {"$patch": "delete"}}})),
        // Lists of a pod.
        pods(json!({"containers": [{"name": "sidecar", "image": "a:1"}]})),
        pods(
            json!({"containers": [{"name": "sidecar", "image": "a:1"}, {"name": "mcp-server", "stdin": true}]}),
        ),
        pods(
            json!({"containers": [{"name": "mcp-server", "stdin": true}, {"name": "sidecar", "image": "a:1"}]}),
        ),
        pods(json!({"initContainers": [{"name": "first", "image": "a:1"}]})),
        pods(json!({"volumes": [{"name": "data", "emptyDir": {"medium": "Memory"}}]})),
        pods(json!({"volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}]})),
        pods(json!({"volumes": [{"name": "tmp", "$patch": "delete"}]})),
        pods(json!({"imagePullSecrets": [{"name": "more"}]})),
        pods(json!({"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a", "b"]}]})),
        pods(
            json!({"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname", "maxSkew": 2}]}),
        ),
        pods(
            json!({"topologySpreadConstraints": [{"topologyKey": "a", "maxSkew": 2, "whenUnsatisfiable": "DoNotSchedule"}]}),
        ),
        pods(
            json!({"topologySpreadConstraints": [{"topologyKey": "kubernetes.io/hostname", "$patch": "delete"}]}),
        ),
        pods(json!({"schedulingGates": [{"name": "a"}]})),
        pods(json!({"resourceClaims": [{"name": "a", "resourceClaimName": "b"}]})),
        pods(json!({"tolerations": [{"key": "only", "operator": "Exists"}]})),
        pods(json!({"tolerations": null})),
        pods(json!({"dnsConfig": {"options": [{"name": "ndots", "value": "1"}]}})),
        pods(
            json!({"nodeSelector": {"a": "b"}, "securityContext": {"supplementalGroups": [1, 2], "fsGroup": null}}),
        ),
        pods(json!({"affinity": {"$patch": "delete"}})),
        pods(json!({"affinity": {"$patch": "replace", "nodeAffinity": {}}})),
        // Lists of a container.
        container(json!({"env": [{"name": "NEW", "value": "1"}]})),
        container(
            json!({"env": [{"name": "LOG_LEVEL", "value": "warn"}, {"name": "NEW", "value": "1"}]}),
        ),
        container(
            json!({"env": [{"name": "NEW", "value": "1"}, {"name": "LOG_LEVEL", "value": "warn"}, {"name": "POD_NAME", "value": "x", "valueFrom": null}]}),
        ),
        container(json!({"env": [{"name": "LOG_LEVEL", "$patch": "delete"}]})),
        container(
            json!({"env": [{"name": "LOG_LEVEL", "$patch": "delete"}, {"name": "LOG_LEVEL", "value": "again"}]}),
        ),
        container(json!({"env": [{"$patch": "replace"}, {"name": "ONLY", "value": "1"}]})),
        container(json!({"env": [{"name": "ONLY", "value": "1"}, {"$patch": "replace"}]})),
        container(json!({"env": [{"$patch": "replace"}]})),
        container(json!({"envFrom": [{"configMapRef": {"name": "a"}}]})),
        container(
            json!({"ports": [{"containerPort": 3000, "hostPort": 3000}, {"containerPort": 1, "name": "a"}]}),
        ),
        container(json!({"ports": [{"containerPort": 9090, "$patch": "delete"}]})),
        container(
            json!({"volumeMounts": [{"mountPath": "/tmp", "readOnly": true}, {"mountPath": "/data", "name": "data"}]}),
        ),
        container(json!({"volumeDevices": [{"devicePath": "/dev/a", "name": "a"}]})),
        container(json!({"command": ["a"], "args": []})),
        container(
            json!({"resources": {"limits": {"memory": "1Gi", "cpu": null}, "requests": {"memory": "1Gi"}}}),
        ),
        container(json!({"livenessProbe": {"httpGet": null, "tcpSocket": {"port": "http"}}})),
        container(json!({"readinessProbe": {"$patch": "replace", "exec": {"command": ["a"]}}})),
        container(json!({"securityContext": {"capabilities": {"add": ["CHOWN"]}}})),
        // Every other kind.
        (
            "Service",
            json!({"spec": {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "sessionAffinity": null}}),
        ),
        (
            "Service",
            json!({"spec": {"ports": [{"port": 3000, "appProtocol": "http"}, {"port": 1, "targetPort": 2}]}}),
        ),
        (
            "Service",
            json!({"spec": {"ports": [{"port": 3000, "$patch": "delete"}, {"port": 80, "targetPort": "http"}]}}),
        ),
        (
            "Service",
            json!({"metadata": {"finalizers": ["example.com/a", "example.com/a"]}}),
        ),
        (
            "ServiceAccount",
            json!({"secrets": [{"name": "a"}], "imagePullSecrets": [{"name": "b"}]}),
        ),
        (
            "NetworkPolicy",
            json!({"spec": {"ingress": [], "policyTypes": ["Egress"]}}),
        ),
        (
            "PodDisruptionBudget",
            json!({"spec": {"minAvailable": null, "maxUnavailable": "50%"}}),
        ),
        (
            "HorizontalPodAutoscaler",
            json!({"spec": {"maxReplicas": 9, "metrics": [], "behavior": {"scaleUp": {"policies": []}}}}),
        ),
        (
            "ConfigMap",
            json!({"metadata": {"annotations": {"a": "b"}}, "immutable": true}),
        ),
        (
            "ClusterRole",
            json!({"rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}]}),
        ),
        (
            "ClusterRoleBinding",
            json!({"metadata": {"annotations": {"a": "b"}}}),
        ),
        ("Role", json!({"metadata": {"annotations": {"a": "b"}}})),
        (
            "RoleBinding",
            json!({"metadata": {"annotations": {"a": "b"}}}),
        ),
        (
            "ExternalSecret",
            json!({"spec": {"refreshInterval": null, "refreshPolicy": "OnChange", "data": [{"secretKey": "a", "remoteRef": {"key": "b"}}]}}),
        ),
    ]
}

#[test]
#[ignore = "needs the real kubectl: run ./test"]
fn every_patch_makes_what_kubectl_makes_of_it() {
    let set = set();
    for (kind, patch) in cases() {
        let object = object(&set, kind);
        let ours = ours(&object, &patch).unwrap_or_else(|problem| panic!("{patch}: {problem}"));
        let kubectls = kubectls(&object, &patch);
        assert_same(&ours, &kubectls, &patch);
    }
}

/// Compares two objects without what kubectl leaves or adds that says nothing: empty mappings and nulls.
#[track_caller]
fn assert_same(ours: &Value, kubectls: &Value, patch: &Value) {
    let (mut ours, mut kubectls) = (ours.clone(), kubectls.clone());
    for object in [&mut ours, &mut kubectls] {
        object.as_object_mut().unwrap().remove("status");
        without_nothing(object);
    }
    assert_eq!(ours, kubectls, "{patch}");
}

fn without_nothing(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(without_nothing);
            fields
                .retain(|_, value| !value.is_null() && *value != json!({}) && *value != json!([]));
        }
        Value::Array(items) => items.iter_mut().for_each(without_nothing),
        _ => {}
    }
}

/// A list of a patch: some of `known` and of others in any order, those of the former with a `true`
/// removed, as kubectl does not mind where there is nothing to be removed.
fn list(
    key: &'static str,
    value: &'static str,
    known: [&'static str; 4],
) -> impl Strategy<Value = Vec<Value>> {
    let all = [known.as_slice(), &["A", "B"]].concat();
    let items = subsequence(all, 0..=6).prop_shuffle();
    (items, vec(any::<bool>(), 6)).prop_map(move |(items, removed)| {
        let items = items.into_iter().zip(removed);
        let items = items.map(|(name, removed)| {
            if removed && known.contains(&name) {
                json!({key: name, "$patch": "delete"})
            } else {
                json!({key: name, value: "new"})
            }
        });
        items.collect()
    })
}

fn list_patch() -> impl Strategy<Value = Value> {
    let variables = ["POD_NAME", "LOG_LEVEL", "COUNTRY", "READ_ONLY"];
    let folders = ["/tmp", "/var/cache/github", "/etc/mcp", "/var/run/github"];
    let (env, mounts) = (
        list("name", "value", variables),
        list("mountPath", "name", folders),
    );
    (env, mounts, 0..6_u8).prop_map(|(mut env, mounts, replaces)| {
        if replaces == 0 {
            env.push(json!({"$patch": "replace"}));
        }
        container(json!({"env": env, "volumeMounts": mounts}))
    })
}

proptest! {
    // Each case is a process.
    #![proptest_config(support::cases(48))]

    #[test]
    #[ignore = "needs the real kubectl: run ./test"]
    fn lists_come_out_in_the_order_of_kubectl(patch in list_patch()) {
        let object = object(&set(), "Deployment");
        let ours = ours(&object, &patch).unwrap();
        let kubectls = kubectls(&object, &patch);
        assert_same(&ours, &kubectls, &patch);
    }
}

/// The names of the container's variables.
fn variables(object: &Value) -> Vec<&str> {
    let env = &object["spec"]["template"]["spec"]["containers"][0]["env"];
    let env = env.as_array().unwrap().iter();
    env.map(|variable| variable["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_new_item_comes_first_and_a_known_one_stays_where_it_is() {
    let object = object(&set(), "Deployment");
    let before = serde_json::to_value(&object).unwrap();
    let patch = json!({"env": [{"name": "NEW", "value": "1"}]});
    let after = ours(&object, &container(patch)).unwrap();
    assert_eq!(variables(&after)[0], "NEW");
    assert_eq!(variables(&after)[1..], variables(&before));
    let patch = json!({"env": [{"name": "LOG_LEVEL", "value": "warn"}]});
    let after = ours(&object, &container(patch)).unwrap();
    assert_eq!(variables(&after), variables(&before));
    assert_ne!(after, before);
}

#[test]
fn a_list_without_a_key_is_replaced() {
    let object = object(&set(), "Deployment");
    let patch = pods(&json!({"tolerations": [{"operator": "Exists"}]}));
    let after = ours(&object, &patch).unwrap();
    let tolerations = &after["spec"]["template"]["spec"]["tolerations"];
    assert_eq!(*tolerations, json!([{"operator": "Exists"}]));
}

#[test]
fn every_kind_of_a_server_can_be_patched() {
    let set = set();
    let mut patched = std::collections::BTreeSet::new();
    for (kind, patch) in cases() {
        let object = object(&set, kind);
        assert!(ours(&object, &patch).is_ok(), "{kind} {patch}");
        patched.insert(kind);
    }
    patched.insert("ApplicationNetworkPolicy");
    let of_servers = owned(&set).filter(|(server, _)| server.is_some());
    let kinds: std::collections::BTreeSet<_> =
        of_servers.map(|(_, object)| object.kind()).collect();
    assert_eq!(patched, kinds);
}

/// `config` with `patches` for its server `index`, expanded.
fn rendered(patches: &Value, defaults: &Value) -> Result<support::Bundle, String> {
    let mut config = support::bundle::read(support::QUICKSTART).remove(0);
    config["spec"]["servers"][0]["patches"] = patches.clone();
    config["spec"]["defaults"] = json!({"patches": defaults});
    support::Bundle::of(&support::config::yaml(&config, Order::Sorted))
}

#[test]
fn those_of_the_defaults_come_first_and_are_for_all() {
    let annotate = |name: &str, value: &str| json!([{"kind": "Service", "patch": {"metadata": {"annotations": {name: value}}}}]);
    let bundle = rendered(&annotate("a", "own"), &annotate("a", "default")).unwrap();
    let said = |name: &str| {
        let mut services = bundle.of_kind("Service").into_iter();
        let service = services.find(|service| service["metadata"]["name"] == name);
        service.unwrap()["metadata"]["annotations"]["a"].clone()
    };
    assert_eq!(said("mcp-github"), "own");
    assert_eq!(said("mcp-s3"), "default");
}

#[test]
fn an_object_of_the_set_is_not_the_servers() {
    // Both have the name and labels of the other's.
    let mut config = support::bundle::read(support::QUICKSTART).remove(0);
    config["spec"]["servers"][0]["name"] = json!("dashboard");
    config["spec"]["servers"][0]["config"] = json!({"file": "text"});
    let more = json!({"metadata": {"annotations": {"more": "text"}}});
    let patch = json!({"kind": "ConfigMap", "patch": more});
    config["spec"]["servers"][0]["patches"] = json!([patch]);
    let text = support::config::yaml(&config, Order::Sorted);
    let bundle = support::Bundle::of(&text).unwrap();
    let with_more = bundle.of_kind("ConfigMap").into_iter();
    let with_more = with_more.filter(|map| map["metadata"]["annotations"]["more"] == "text");
    let names: Vec<_> = with_more
        .map(|map| map["metadata"]["name"].clone())
        .collect();
    assert_eq!(names, ["mcp-dashboard-config"]);
}

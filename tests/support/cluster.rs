//! A stand-in for an API server that knows the kinds of a bundle and holds no objects.
//!
//! Helm 3 asks a cluster for its version and kinds even for `helm install --dry-run=client`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

/// Group and version, kind, resource; all of them namespaced but those of [`EVERYWHERE`].
const KINDS: [(&str, &str, &str); 15] = [
    ("v1", "ConfigMap", "configmaps"),
    ("v1", "Service", "services"),
    ("v1", "ServiceAccount", "serviceaccounts"),
    ("apps/v1", "Deployment", "deployments"),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
    ),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    (
        "external-secrets.io/v1",
        "ExternalSecret",
        "externalsecrets",
    ),
    (
        "monitoring.coreos.com/v1",
        "ServiceMonitor",
        "servicemonitors",
    ),
    (
        "monitoring.coreos.com/v1",
        "PrometheusRule",
        "prometheusrules",
    ),
    (RBAC, "ClusterRole", "clusterroles"),
    (RBAC, "ClusterRoleBinding", "clusterrolebindings"),
    (RBAC, "Role", "roles"),
    (RBAC, "RoleBinding", "rolebindings"),
    ("example.com/v1", "Zebra", "zebras"),
];

const RBAC: &str = "rbac.authorization.k8s.io/v1";
/// Kinds outside any namespace.
const EVERYWHERE: [&str; 2] = ["ClusterRole", "ClusterRoleBinding"];

/// Starts one that lives as long as the test, and writes the way to it into `kubeconfig`.
pub fn start(kubeconfig: &Path) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "stand-in", "cluster": {"server": server}}],
        "contexts": [{"name": "stand-in", "context": {"cluster": "stand-in", "user": "nobody"}}],
        "users": [{"name": "nobody", "user": {}}],
        "current-context": "stand-in",
    });
    fs::write(kubeconfig, config.to_string()).unwrap();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || serve(connection));
        }
    });
}

/// Answers one request. A client that goes away is not our concern.
fn serve(mut connection: TcpStream) {
    let mut request = BufReader::new(connection.try_clone().unwrap()).lines();
    let first = request.next().and_then(Result::ok).unwrap_or_default();
    for header in request.map_while(Result::ok) {
        if header.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match answer(target.split('?').next().unwrap_or_default()) {
        Some(body) => ("200 OK", body),
        None => (
            "404 Not Found",
            json!({"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}),
        ),
    };
    let body = body.to_string();
    let _ = write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

/// The version, and the kinds in the words of API discovery.
fn answer(path: &str) -> Option<Value> {
    match path {
        "/version" => Some(json!({"major": "1", "minor": "33", "gitVersion": "v1.33.0"})),
        "/api" => Some(json!({"kind": "APIVersions", "versions": ["v1"]})),
        "/apis" => {
            let versions: BTreeSet<&str> = KINDS.iter().map(|(version, ..)| *version).collect();
            let groups: Vec<Value> = versions
                .iter()
                .filter_map(|group_version| {
                    let (group, version) = group_version.split_once('/')?;
                    let version = json!({"groupVersion": group_version, "version": version});
                    Some(json!({"name": group, "versions": [version], "preferredVersion": version}))
                })
                .collect();
            Some(json!({"apiVersion": "v1", "kind": "APIGroupList", "groups": groups}))
        }
        _ => {
            let group_version = path
                .strip_prefix("/apis/")
                .or_else(|| path.strip_prefix("/api/"))?;
            let resources: Vec<Value> = KINDS
                .iter()
                .filter(|(of, ..)| *of == group_version)
                .map(|(_, kind, name)| {
                    json!({"name": name, "singularName": "", "namespaced": !EVERYWHERE.contains(kind), "kind": kind, "verbs": ["get", "list"]})
                })
                .collect();
            (!resources.is_empty()).then(|| {
                json!({"apiVersion": "v1", "kind": "APIResourceList", "groupVersion": group_version, "resources": resources})
            })
        }
    }
}

//! Who may do what with the Kubernetes API, in anybody's manifests: what is right must not be called
//! wrong, and what leads to more than it says must be told.

use crate::support;
use crate::support::Bundle;
use mcpset::check::Subject;
use mcpset::model::{CheckConfig, External};
use mcpset::problem::Problems;
use mcpset::yaml;
use serde_json::json;

/// How often `manifests` break `rule`, with these objects elsewhere.
fn broken(rule: &str, manifests: &str, external: &[(&str, &str)]) -> usize {
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    let external = external.iter().map(|(kind, name)| External {
        kind: (*kind).to_owned(),
        name: (*name).to_owned(),
        place: None,
    });
    subject.configure(CheckConfig {
        external: external.collect(),
        ..CheckConfig::default()
    });
    for document in yaml::parse(manifests, 0, &mut problems) {
        subject.add(document, &mut problems);
    }
    assert_eq!(problems.into_sorted(), []);
    let found = subject.findings();
    let found = found.iter().filter(|problem| problem.code.as_str() == rule);
    found.count()
}

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}\nspec: {serviceAccountName: s, containers: [{name: p}]}\n---\n";

/// A binding of the `kind` in namespace `a` that gives the role `role` to `subject`.
fn binding(kind: &str, role: &str, subject: &str) -> String {
    let namespace = if kind == "RoleBinding" {
        ", namespace: a"
    } else {
        ""
    };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: b{namespace}}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, {role}}}\nsubjects: [{subject}]\n---\n"
    )
}

/// A role of the `kind`, called `r`, with these rules.
fn role(kind: &str, rules: &str) -> String {
    let namespace = if kind == "Role" { ", namespace: a" } else { "" };
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: r{namespace}}}\nrules: [{rules}]\n---\n"
    )
}

#[test]
fn a_pod_has_a_token_where_its_account_has_a_role() {
    let given = |kind: &str, subject: &str| {
        let binding = binding(kind, "kind: ClusterRole, name: view", subject);
        broken("MCP017", &format!("{POD}{binding}"), &[])
    };
    for subject in [
        "{kind: ServiceAccount, name: s, namespace: a}",
        "{kind: ServiceAccount, name: x, namespace: a}, {kind: ServiceAccount, name: s, namespace: a}",
        "{kind: User, name: 'system:serviceaccount:a:s'}",
    ] {
        assert_eq!(given("RoleBinding", subject), 0, "{subject}");
        assert_eq!(given("ClusterRoleBinding", subject), 0, "{subject}");
    }
    assert_eq!(given("RoleBinding", "{kind: ServiceAccount, name: s}"), 0);
    for subject in [
        "{kind: ServiceAccount, name: s, namespace: b}",
        "{kind: ServiceAccount, name: t, namespace: a}",
        "{kind: User, name: s}",
        "{kind: Group, name: 'system:serviceaccounts:a'}",
    ] {
        assert_eq!(given("ClusterRoleBinding", subject), 1, "{subject}");
    }
    assert_eq!(broken("MCP017", POD, &[]), 1);
}

#[test]
fn the_role_of_a_binding_is_here_built_in_or_elsewhere() {
    let given = |role_ref: &str, roles: &str, external: &[(&str, &str)]| {
        let binding = binding("RoleBinding", role_ref, "{kind: User, name: u}");
        broken("MCP055", &format!("{binding}{roles}"), external)
    };
    let (own, everywhere) = (role("Role", ""), role("ClusterRole", ""));
    let other = own.replace("namespace: a", "namespace: b");
    assert_eq!(given("kind: Role, name: r", &own, &[]), 0);
    assert_eq!(given("kind: Role, name: x", &own, &[]), 1);
    assert_eq!(given("kind: Role, name: x", &own, &[("Role", "x")]), 0);
    // Where no role of the namespace is here, all of them are elsewhere.
    assert_eq!(given("kind: Role, name: r", &other, &[]), 0);
    // A Role of another namespace is none that could be given.
    let both = format!("{}{other}", own.replace("name: r", "name: q"));
    assert_eq!(given("kind: Role, name: r", &both, &[]), 1);
    assert_eq!(given("kind: ClusterRole, name: r", &everywhere, &[]), 0);
    assert_eq!(given("kind: ClusterRole, name: x", &everywhere, &[]), 1);
    assert_eq!(given("kind: ClusterRole, name: x", &own, &[]), 0);
    for built_in in [
        "view",
        "edit",
        "admin",
        "cluster-admin",
        "'system:auth-delegator'",
    ] {
        let role_ref = format!("kind: ClusterRole, name: {built_in}");
        assert_eq!(given(&role_ref, &everywhere, &[]), 0, "{built_in}");
    }
}

#[test]
fn rights_that_lead_to_more_are_told_once_a_rule() {
    let told = |kind: &str, rules: &str| broken("MCP056", &role(kind, rules), &[]);
    let secrets = "{apiGroups: ['', apps], resources: [pods, secrets], verbs: [get, list, watch]}";
    assert_eq!(told("ClusterRole", secrets), 1);
    assert_eq!(told("Role", secrets), 0);
    for rule in [
        "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}",
        "{apiGroups: [apps], resources: [deployments], verbs: ['*']}",
        "{apiGroups: [''], resources: [pods/exec], verbs: [create]}",
        "{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}",
        "{apiGroups: [''], resources: [users], verbs: [impersonate]}",
        "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}",
        "{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}",
    ] {
        for kind in ["ClusterRole", "Role"] {
            assert_eq!(told(kind, rule), 1, "{kind} {rule}");
        }
    }
    for rule in [
        "{apiGroups: [''], resources: [pods/exec], verbs: [list]}",
        "{apiGroups: [x.example.com], resources: [secrets], verbs: [get]}",
        "{apiGroups: [''], resources: [secrets], resourceNames: [one], verbs: [get]}",
        "{apiGroups: [''], resources: [secrets], verbs: [create]}",
        "{nonResourceURLs: ['*'], verbs: [get]}",
        "{apiGroups: [apps], resources: [deployments], verbs: [create, delete]}",
    ] {
        assert_eq!(told("ClusterRole", rule), 0, "{rule}");
    }
}

#[test]
fn a_cluster_role_holds_where_it_is_given() {
    let secrets = role(
        "ClusterRole",
        "{apiGroups: [''], resources: [secrets], verbs: [get]}",
    );
    let to = "{kind: User, name: u}";
    let here = binding("RoleBinding", "kind: ClusterRole, name: r", to);
    let everywhere = binding("ClusterRoleBinding", "kind: ClusterRole, name: r", to);
    let told = |bindings: &str| broken("MCP056", &format!("{secrets}{bindings}"), &[]);
    assert_eq!(told(""), 1);
    assert_eq!(told(&here), 0);
    assert_eq!(told(&everywhere), 1);
    assert_eq!(told(&format!("{here}{everywhere}")), 1);
}

/// Two sets, in namespaces and with servers whose names are the same text once they are joined.
#[test]
fn no_two_servers_of_a_cluster_share_a_role() {
    let bundle = |namespace: &str, prefix: &str| {
        let mut config = support::bundle::read(support::QUICKSTART).remove(0);
        config["metadata"]["namespace"] = json!(namespace);
        config["spec"]["namePrefix"] = json!(prefix);
        config["spec"]["platform"]["network"] = json!({"apiServerCidrs": ["10.0.0.0/24"]});
        config["spec"]["servers"][0]["access"] = json!(["cluster"]);
        let rule = json!({"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]});
        config["spec"]["servers"][0]["rules"] = json!([rule]);
        let text = support::config::yaml(&config, support::config::Order::Sorted);
        let bundle = Bundle::of(&text).unwrap();
        let roles = bundle.of_kind("ClusterRole");
        roles[0]["metadata"]["name"].as_str().unwrap().to_owned()
    };
    assert_ne!(bundle("a", "b-c-"), bundle("a-b", "c-"));
}

#[test]
fn only_the_pods_of_a_server_with_access_have_a_token() {
    let bundle = support::everything();
    let said = |kind: &str, name: &str, pointer: &str| {
        let mut objects = bundle.of_kind(kind).into_iter();
        let object = objects.find(|object| object["metadata"]["name"] == name);
        object.unwrap().pointer(pointer).cloned()
    };
    let pods = "/spec/template/spec/automountServiceAccountToken";
    let account = "/automountServiceAccountToken";
    assert_eq!(said("Deployment", "tools-github", pods), Some(json!(true)));
    assert_eq!(said("Deployment", "tools-s3", pods), Some(json!(false)));
    for name in ["tools-github-sa", "tools-s3-sa"] {
        assert_eq!(said("ServiceAccount", name, account), Some(json!(false)));
    }
}

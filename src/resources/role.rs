//! What one server may do with the Kubernetes API: roles, and their bindings to its ServiceAccount.
//!
//! What holds everywhere is a ClusterRole, what holds in some namespaces a Role in each of them. All
//! of a server have one name, which contains its namespace: a ClusterRole shares its names with the
//! whole cluster, and a Role with the servers of other sets that may work in its namespace.

use k8s_openapi::api::rbac::v1::{
    ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::model::{ApiAccess, ApiRule, ApiTarget, NamespaceName, Server};

const GROUP: &str = "rbac.authorization.k8s.io";

/// What `server` may do everywhere; `None` where that is nothing.
pub fn cluster_role(server: &Server) -> Option<ClusterRole> {
    let access = everywhere(server)?;
    Some(ClusterRole {
        metadata: metadata(server, access, None),
        rules: Some(rules(&access.everywhere)),
        ..ClusterRole::default()
    })
}

/// Who has the ClusterRole of `server`: its ServiceAccount.
pub fn cluster_role_binding(server: &Server) -> Option<ClusterRoleBinding> {
    let access = everywhere(server)?;
    Some(ClusterRoleBinding {
        metadata: metadata(server, access, None),
        role_ref: role_ref("ClusterRole", access),
        subjects: Some(vec![account(server)]),
    })
}

/// What `server` may do in one namespace each.
pub fn roles(server: &Server) -> impl Iterator<Item = Role> {
    let access = server.api.iter();
    access.flat_map(|access| {
        access.inside.iter().map(|(namespace, inside)| Role {
            metadata: metadata(server, access, Some(namespace)),
            rules: Some(rules(inside)),
        })
    })
}

/// Who has the Roles of `server`: its ServiceAccount.
pub fn role_bindings(server: &Server) -> impl Iterator<Item = RoleBinding> {
    let access = server.api.iter();
    access.flat_map(|access| {
        access.inside.keys().map(|namespace| RoleBinding {
            metadata: metadata(server, access, Some(namespace)),
            role_ref: role_ref("Role", access),
            subjects: Some(vec![account(server)]),
        })
    })
}

fn everywhere(server: &Server) -> Option<&ApiAccess> {
    let access = server.api.as_ref()?;
    (!access.everywhere.is_empty()).then_some(access)
}

fn metadata(server: &Server, access: &ApiAccess, namespace: Option<&NamespaceName>) -> ObjectMeta {
    ObjectMeta {
        namespace: namespace.map(ToString::to_string),
        ..server.metadata(&access.name)
    }
}

fn role_ref(kind: &str, access: &ApiAccess) -> RoleRef {
    RoleRef {
        api_group: Some(GROUP.into()),
        kind: kind.into(),
        name: access.name.to_string(),
    }
}

fn account(server: &Server) -> Subject {
    Subject {
        kind: "ServiceAccount".into(),
        name: server.names.service_account.to_string(),
        namespace: Some(server.namespace.to_string()),
        ..Subject::default()
    }
}

fn rules(rules: &[ApiRule]) -> Vec<PolicyRule> {
    rules.iter().map(rule).collect()
}

fn rule(rule: &ApiRule) -> PolicyRule {
    let verbs = texts(&rule.verbs).unwrap_or_default();
    match &rule.on {
        ApiTarget::Resources {
            groups,
            resources,
            names,
        } => PolicyRule {
            api_groups: texts(groups),
            resources: texts(resources),
            resource_names: texts(names),
            verbs,
            ..PolicyRule::default()
        },
        ApiTarget::Urls(urls) => PolicyRule {
            non_resource_urls: texts(urls),
            verbs,
            ..PolicyRule::default()
        },
    }
}

/// `words` as texts; `None` where there are none.
fn texts(words: &[impl ToString]) -> Option<Vec<String>> {
    (!words.is_empty()).then(|| words.iter().map(ToString::to_string).collect())
}

//! Roles as objects of the cluster, from which the controllers of ACK make them in AWS.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::commands::POLICY;
use super::{compact, permissions, trust};
use crate::model::Server;
use crate::model::iam::{Cloud, ClusterName, Role};
use crate::resources::custom::{
    Custom, IamRoleSpec, PodIdentityAssociationSpec, Reference, ReferenceName,
};

/// An object of an ACK controller.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each variant is the kind it is named after")]
pub enum AckObject {
    Role(Box<Custom<IamRoleSpec>>),
    PodIdentityAssociation(Box<Custom<PodIdentityAssociationSpec>>),
}

/// The objects of `roles`, each role before what refers to it.
#[must_use]
pub fn objects(roles: &[Role<'_>], cloud: &Cloud) -> Vec<AckObject> {
    roles.iter().flat_map(|role| of_role(role, cloud)).collect()
}

fn of_role<'r>(role: &'r Role<'_>, cloud: &'r Cloud) -> impl Iterator<Item = AckObject> {
    let associations = cloud.cluster.iter().flat_map(|cluster| {
        let servers = role.pod_identity.iter();
        servers.map(|server| {
            AckObject::PodIdentityAssociation(Box::new(association(role, server, cluster)))
        })
    });
    std::iter::once_with(|| AckObject::Role(Box::new(iam_role(role)))).chain(associations)
}

/// Names of roles hold what names of objects may not, so the object is called after the server.
fn object_name(server: &Server) -> String {
    format!("{}-role", server.names.workload)
}

fn metadata(server: &Server, name: &str) -> ObjectMeta {
    server.metadata(&name)
}

fn iam_role(role: &Role<'_>) -> Custom<IamRoleSpec> {
    let policy =
        (!role.policy.is_empty()).then(|| (POLICY.to_owned(), compact(&permissions(role))));
    Custom {
        api_version: "iam.services.k8s.aws/v1alpha1",
        kind: "Role",
        metadata: metadata(role.first, &object_name(role.first)),
        spec: IamRoleSpec {
            name: role.name.to_string(),
            path: (role.path != "/").then(|| role.path.clone()),
            assume_role_policy_document: compact(&trust(role)),
            inline_policies: policy.into_iter().collect::<BTreeMap<_, _>>(),
        },
    }
}

fn association(
    role: &Role<'_>,
    server: &Server,
    cluster: &ClusterName,
) -> Custom<PodIdentityAssociationSpec> {
    Custom {
        api_version: "eks.services.k8s.aws/v1alpha1",
        kind: "PodIdentityAssociation",
        metadata: metadata(server, server.names.workload.as_str()),
        spec: PodIdentityAssociationSpec {
            cluster_name: cluster.to_string(),
            namespace: server.namespace.to_string(),
            service_account: server.names.service_account.to_string(),
            role_ref: Reference {
                from: ReferenceName {
                    name: object_name(role.first),
                },
            },
        },
    }
}

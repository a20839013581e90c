//! Roles as objects of the cluster, from which the controllers of ACK make them in AWS.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::custom::{Custom, IamRoleSpec, PodIdentityAssociationSpec, Reference, ReferenceName};
use crate::documents::iam::{POLICY, compact, permissions, trust};
use crate::model::Server;
use crate::model::iam::{ClusterName, Role};

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
pub fn ack_objects(roles: &[Role<'_>]) -> Vec<AckObject> {
    roles.iter().flat_map(of_role).collect()
}

fn of_role(role: &Role<'_>) -> impl Iterator<Item = AckObject> {
    let associations = role.association.iter().flat_map(|known| {
        let servers = known.servers.iter();
        servers.map(|server| {
            let object = association(role, server, &known.cluster);
            AckObject::PodIdentityAssociation(Box::new(object))
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

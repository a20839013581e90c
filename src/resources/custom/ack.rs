//! `iam.services.k8s.aws/v1alpha1` `Role` and `eks.services.k8s.aws/v1alpha1`
//! `PodIdentityAssociation`, of the AWS Controllers for Kubernetes.

use std::collections::BTreeMap;

use serde::Serialize;

/// An IAM role.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IamRoleSpec {
    /// Its name in AWS.
    pub name: String,
    /// Its path, with `/` at both ends; absent for `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Who may become it: a policy document as JSON.
    pub assume_role_policy_document: String,
    /// What it allows: policy documents as JSON, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub inline_policies: BTreeMap<String, String>,
}

/// Gives a ServiceAccount a role.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodIdentityAssociationSpec {
    /// The EKS cluster.
    pub cluster_name: String,
    /// The ServiceAccount's namespace.
    pub namespace: String,
    /// The ServiceAccount.
    pub service_account: String,
    /// The `Role` object, in this namespace.
    pub role_ref: Reference,
}

/// Another object of ACK.
#[derive(Debug, Clone, Serialize)]
pub struct Reference {
    /// Which one.
    pub from: ReferenceName,
}

/// The name of an object in the same namespace.
#[derive(Debug, Clone, Serialize)]
pub struct ReferenceName {
    /// The name.
    pub name: String,
}

//! The identity of one server's pods.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ServiceAccount;

use crate::model::Server;

/// The annotation that EKS' pod identity webhook reads (IRSA).
const ROLE_ARN: &str = "eks.amazonaws.com/role-arn";

/// ServiceAccount of `server`, without a mounted API token: the IRSA webhook brings its own.
pub fn service_account(server: &Server) -> ServiceAccount {
    let mut metadata = server.metadata(&server.names.service_account);
    if let Some(role) = &server.aws.role_arn {
        metadata
            .annotations
            .get_or_insert_with(BTreeMap::new)
            .insert(ROLE_ARN.into(), role.to_string());
    }
    ServiceAccount {
        metadata,
        automount_service_account_token: Some(false),
        ..ServiceAccount::default()
    }
}

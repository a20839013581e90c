//! IAM: who may become a role, and what the role may do.
//!
//! IAM checks a policy only when it is created, and some mistakes not even then: a condition on a
//! key that nobody sets never holds, and says nothing.

mod account;
mod action;
mod condition;
mod issuer;
mod partition;
mod resource;
mod role;
mod sid;

pub use account::{AccountId, ClusterName};
pub use action::IamAction;
pub use condition::{ConditionKey, ConditionOperator, ConditionValue};
pub use issuer::OidcIssuer;
pub use partition::{Partition, Region};
pub use resource::IamResource;
pub use role::{Access, Association, Cloud, Irsa, Role, Statement};
pub use sid::Sid;

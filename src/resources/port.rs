//! The names by which ports are referred to.
//!
//! Service port and container port carry the same name and number, because the VPC CNI's
//! NetworkPolicy engine matches a policy only where the two agree.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::model::Port;

/// The MCP endpoint, and metrics and probes where they share its port.
pub const HTTP: &str = "http";
/// Metrics on a port of their own.
pub const METRICS: &str = "metrics";
/// Probes on a port of their own.
pub const PROBES: &str = "probes";

/// A reference to a port by its name.
pub fn named(name: &str) -> IntOrString {
    IntOrString::String(name.into())
}

/// A reference to a port by its number.
pub fn numbered(port: Port) -> IntOrString {
    IntOrString::Int(port.number().into())
}

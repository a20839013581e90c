//! What a server may reach by host name, on EKS Auto Mode.

use super::custom::{ApplicationNetworkPolicySpec, Custom, DomainEgress, DomainPeer, PolicyPort};
use crate::model::Server;

/// ApplicationNetworkPolicy that opens the hosts of `server`; `None` when it names none. It adds to
/// the NetworkPolicy of the same pods.
pub fn application_network_policy(server: &Server) -> Option<Custom<ApplicationNetworkPolicySpec>> {
    if server.traffic.hosts.is_empty() {
        return None;
    }
    Some(Custom {
        api_version: "networking.k8s.aws/v1alpha1",
        kind: "ApplicationNetworkPolicy",
        metadata: server.metadata(&server.names.workload),
        spec: ApplicationNetworkPolicySpec {
            pod_selector: server.selector(),
            policy_types: vec!["Egress"],
            egress: server
                .traffic
                .hosts
                .iter()
                .map(|rule| DomainEgress {
                    to: vec![DomainPeer {
                        domain_names: vec![rule.host.to_string()],
                    }],
                    ports: rule
                        .ports
                        .iter()
                        .map(|port| PolicyPort {
                            protocol: "TCP",
                            port: port.number(),
                        })
                        .collect(),
                })
                .collect(),
        },
    })
}

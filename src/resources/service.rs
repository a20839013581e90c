//! The Service in front of one server's pods.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{port, service_monitor};
use crate::model::{Port, Server};

/// ClusterIP Service of `server`; never NodePort, which the guide's policies refuse.
pub fn service(server: &Server) -> Service {
    let mut ports = vec![service_port(port::HTTP, server.port)];
    if let Some(own_port) = server.metrics.as_ref().and_then(|metrics| metrics.own_port) {
        ports.push(service_port(port::METRICS, own_port));
    }
    Service {
        metadata: scraped(server, server.metadata(&server.names.workload)),
        spec: Some(ServiceSpec {
            type_: Some("ClusterIP".into()),
            selector: Some(server.match_labels()),
            session_affinity: Some(
                if server.sessions.sticky {
                    "ClientIP"
                } else {
                    "None"
                }
                .into(),
            ),
            ports: Some(ports),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}

fn service_port(name: &str, number: Port) -> ServicePort {
    ServicePort {
        name: Some(name.into()),
        protocol: Some("TCP".into()),
        port: number.number().into(),
        target_port: Some(port::named(name)),
        ..ServicePort::default()
    }
}

/// Adds what the ServiceMonitor of the set selects by.
fn scraped(server: &Server, mut metadata: ObjectMeta) -> ObjectMeta {
    if let Some(metrics) = &server.metrics {
        metadata.labels.get_or_insert_default().insert(
            service_monitor::PORT_LABEL.into(),
            service_monitor::port_name(metrics).into(),
        );
        metadata
            .annotations
            .get_or_insert_with(BTreeMap::new)
            .insert(
                service_monitor::PATH_ANNOTATION.into(),
                metrics.path.to_string(),
            );
    }
    metadata
}

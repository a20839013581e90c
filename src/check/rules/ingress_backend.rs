//! Ingresses lead to Services.

use super::{Context, Found, Rule};
use crate::check::elsewhere::may_be_called;
use crate::manifest::{At, Object};
use crate::problem::Severity;

pub const RULE: Rule = Rule {
    id: "MCP064",
    name: "ingress-backend",
    title: "an Ingress leads to a Service and a port that it has",
    severity: Severity::Error,
    why: "The controller answers every call with 503, and says why in its own log only.",
    fix: "write the name and port of a Service of the Ingress's namespace, or declare the Service with `--external Service/NAME`",
    source: "closed references",
    good: "\
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  ports:
  - {name: http, port: 80}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec:
  defaultBackend: {service: {name: a, port: {name: http}}}
",
    broken_by: &[("port: {name: http}", "port: {number: 8080}")],
    check,
};

/// What has the AWS controller take the backend from an annotation.
const ANNOTATED: &str = "use-annotation";

fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let input = context.input;
    for ingress in input.manifests.of_kind("Ingress") {
        let namespace = ingress.namespace();
        for backend in backends(ingress) {
            let at = backend.get("name");
            let number = backend.at("port.number");
            let named = backend.at("port.name");
            let Some(name) = at.text().filter(|_| named.text() != Some(ANNOTATED)) else {
                continue;
            };
            if context.settings.is_external("Service", name) {
                continue;
            }
            let Some(service) = input.manifests.find("Service", namespace, name) else {
                // Where no Service is, all of the namespace is elsewhere.
                if input.services.has_namespace(namespace) && !may_be_called(input, namespace, name)
                {
                    found.add(ingress, at, format!("there is no Service `{name}` here"));
                }
                continue;
            };
            let port = if number.exists() { number } else { named };
            let field = if number.exists() { "port" } else { "name" };
            let mut ports = service.at("spec.ports").items();
            let is_external = service.at("spec.type").text() == Some("ExternalName");
            if let Some(text) = port.text()
                && !is_external
                && !ports.any(|port| port.get(field).text() == Some(text))
            {
                let message = format!("the Service `{name}` has no port `{text}`");
                found.add(ingress, port, message);
            }
        }
    }
}

/// The Services that `ingress` names, each with its port.
fn backends(ingress: &Object) -> impl Iterator<Item = At<'_>> {
    let rules = ingress.at("spec.rules").items();
    let paths = rules.flat_map(|rule| rule.at("http.paths").items());
    let of_paths = paths.map(|path| path.at("backend.service"));
    std::iter::once(ingress.at("spec.defaultBackend.service")).chain(of_paths)
}

//! Manifests of other people, in small: what their tools make right must not be called wrong.

use mcpset::check::Subject;
use mcpset::model::{CheckConfig, External};
use mcpset::problem::{Problems, Severity};
use mcpset::yaml;

/// The ids of the rules that `manifests` break, with `W` before those that are warnings only.
fn broken(manifests: &str, external: &[(&str, &str)]) -> Vec<String> {
    let mut problems = Problems::default();
    let mut subject = Subject::default();
    let external = external.iter();
    let config = CheckConfig {
        external: external
            .map(|(kind, name)| External {
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
                place: None,
            })
            .collect(),
        ..CheckConfig::default()
    };
    subject.configure(config);
    for document in yaml::parse(manifests, 0, &mut problems) {
        subject.add(document, &mut problems);
    }
    assert_eq!(problems.into_sorted(), []);
    let mut found: Vec<String> = subject
        .findings()
        .iter()
        .map(|problem| match problem.severity {
            Severity::Warning => format!("W {}", problem.code),
            _ => problem.code.to_string(),
        })
        .collect();
    found.sort();
    found
}

/// Asserts that none of `rules` is broken by `manifests`.
#[track_caller]
fn silent(manifests: &str, rules: &[&str]) {
    let found = broken(manifests, &[]);
    let told = |rule: &&str| found.iter().any(|found| found.ends_with(*rule));
    let told: Vec<&&str> = rules.iter().filter(|rule| told(rule)).collect();
    assert!(told.is_empty(), "{told:?} of {found:?}: {manifests}");
}

/// Asserts that each of `rules` is broken by `manifests`.
#[track_caller]
fn told(manifests: &str, rules: &[&str]) {
    let found = broken(manifests, &[]);
    for rule in rules {
        assert!(
            found.iter().any(|found| found == rule),
            "{rule}: {found:?}: {manifests}"
        );
    }
}

/// Rules about what selects nothing.
const SELECTORS: [&str; 4] = ["MCP061", "MCP079", "MCP080", "MCP081"];

#[test]
fn a_number_may_be_undeclared_and_a_name_may_not() {
    let pod = |probe: &str, component: &str| {
        format!(
            "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: coredns, namespace: kube-system}}
spec:
  selector: {{matchLabels: {{k8s-app: kube-dns}}}}
  template:
    metadata: {{labels: {{k8s-app: kube-dns, app.kubernetes.io/component: {component}}}}}
    spec:
      containers:
      - name: coredns
        ports: [{{name: dns, containerPort: 53, protocol: UDP}}]
        readinessProbe: {{httpGet: {{path: /ready, port: {probe}}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: kube-dns, namespace: kube-system}}
spec:
  selector: {{k8s-app: kube-dns}}
  ports:
  - {{name: metrics, port: 9153, targetPort: {probe}}}
"
        )
    };
    silent(&pod("8181", "dns"), &["MCP041", "MCP062"]);
    told(&pod("8181", "mcp-server"), &["W MCP041", "W MCP062"]);
    told(&pod("ready", "dns"), &["MCP041", "MCP062"]);
}

#[test]
fn a_rollout_and_a_deployment_config_start_the_pods_of_their_service() {
    for (version, kind) in [
        ("argoproj.io/v1alpha1", "Rollout"),
        ("apps.openshift.io/v1", "DeploymentConfig"),
    ] {
        let manifests = |label: &str| {
            format!(
                "\
apiVersion: {version}
kind: {kind}
metadata: {{name: a, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: a}}}}
    spec:
      containers: [{{name: a, ports: [{{name: http, containerPort: 8080}}]}}]
---
apiVersion: v1
kind: Service
metadata: {{name: a, namespace: shop}}
spec:
  selector: {{app: {label}}}
  ports: [{{port: 80, targetPort: http}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: a, namespace: shop}}
spec: {{minAvailable: 1, selector: {{matchLabels: {{app: {label}}}}}}}
"
            )
        };
        silent(&manifests("a"), &[&SELECTORS[..], &["MCP062"]].concat());
        told(&manifests("b"), &["MCP061", "MCP079"]);
        // Their pods are looked at like others.
        told(&manifests("a"), &["MCP011"]);
    }
}

#[test]
fn what_operators_make_is_not_missing() {
    silent(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: operator, namespace: monitoring}
spec:
  template:
    metadata: {labels: {app: operator}}
    spec: {containers: [{name: a}]}
---
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: kps-prometheus, namespace: monitoring}
---
apiVersion: v1
kind: Service
metadata: {name: prometheus, namespace: monitoring}
spec:
  selector: {app.kubernetes.io/name: prometheus, operator.prometheus.io/name: kps-prometheus}
  ports: [{name: http-web, port: 9090}]
---
apiVersion: v1
kind: Service
metadata: {name: coredns, namespace: kube-system, labels: {app: coredns}}
spec:
  selector: {k8s-app: kube-dns}
  ports: [{name: http-metrics, port: 9153}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: kubelet, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [kube-system]}
  selector: {matchLabels: {app.kubernetes.io/name: kubelet, k8s-app: kubelet}}
  endpoints: [{port: https-metrics}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: apiserver, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [default]}
  selector: {matchLabels: {component: apiserver, provider: kubernetes}}
  endpoints: [{port: https}]
",
        &SELECTORS,
    );
    let service = |selector: &str| {
        format!(
            "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: a}}]}}
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {{name: events, namespace: shop}}
---
apiVersion: v1
kind: Service
metadata: {{name: other, namespace: shop}}
spec:
  selector: {{{selector}}}
  ports: [{{port: 9092}}]
"
        )
    };
    silent(&service("strimzi.io/kind: Kafka"), &SELECTORS);
    silent(
        &service("statefulset.kubernetes.io/pod-name: web-0"),
        &SELECTORS,
    );
    told(&service("app: wep"), &["MCP061"]);
}

#[test]
fn what_is_checked_alone_may_select_what_is_not_here() {
    let service = "\
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  selector: {app: a}
  ports: [{name: http, port: 80}]
";
    let monitor = "\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a, namespace: monitoring}
spec:
  selector: {matchLabels: {app: a}}
  endpoints: [{port: http}]
";
    silent(service, &SELECTORS);
    silent(monitor, &SELECTORS);
    let pod = "\
apiVersion: v1
kind: Pod
metadata: {name: b, namespace: shop, labels: {app: b}}
spec: {containers: [{name: b}]}
";
    let both = format!("{service}---\n{pod}");
    told(&both, &["MCP061"]);
    for external in [("Service", "a"), ("Deployment", "a")] {
        let found = broken(&both, &[external]);
        assert!(!found.contains(&"MCP061".to_owned()), "{external:?}");
    }
}

#[test]
fn a_monitor_that_selects_nothing_is_told_once() {
    let manifests = "\
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop, labels: {app: a}}
spec:
  ports: [{name: http, port: 80}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a, namespace: shop}
spec:
  selector: {matchLabels: {app: b}}
  endpoints: [{port: http}]
";
    told(manifests, &["MCP080"]);
    silent(manifests, &["MCP081"]);
}

#[test]
fn kinds_of_other_groups_are_not_those_of_kubernetes() {
    silent(
        "\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: a, namespace: shop}
spec:
  type: NodePort
  selector: {app: b}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers: [{name: a, env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]
---
apiVersion: ecs.aws.upbound.io/v1beta1
kind: Service
metadata: {name: b, namespace: shop}
spec: {selector: {app: b}}
---
apiVersion: foo.example/v1
kind: PodDisruptionBudget
metadata: {name: a, namespace: shop}
spec: {minAvailable: 9, selector: {matchLabels: {app: b}}}
",
        &["MCP060", "MCP061", "MCP079"],
    );
    let secret = |version: &str| {
        format!(
            "\
apiVersion: v1
kind: Pod
metadata: {{name: a}}
spec:
  containers: [{{name: a, env: [{{name: A, valueFrom: {{secretKeyRef: {{name: s, key: k}}}}}}]}}]
---
apiVersion: {version}
kind: Secret
metadata: {{name: s}}
data: {{k: a}}
"
        )
    };
    silent(&secret("v1"), &["MCP073"]);
    told(
        &secret("secretsmanager.aws.upbound.io/v1beta1"),
        &["MCP073"],
    );
    for version in ["policy/v1", "policy/v1beta1"] {
        told(
            &format!(
                "\
apiVersion: {version}
kind: PodDisruptionBudget
metadata: {{name: a}}
spec: {{maxUnavailable: 0, selector: {{}}}}
"
            ),
            &["MCP032"],
        );
    }
}

/// A pod in the namespace `a` with `fields` in its spec, and `container` in its container.
fn pod(fields: &str, container: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Pod
metadata: {{name: a, namespace: a}}
spec:
  {fields}
  containers:
  - {{name: a, {container}}}
---
"
    )
}

#[test]
fn secrets_may_be_made_by_any_of_the_usual_controllers() {
    for (secret, maker) in [
        (
            "db",
            "apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: m, namespace: a}
spec: {secretObjects: [{secretName: db, data: [{key: k}]}]}
",
        ),
        (
            "db",
            "apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: m}
spec: {externalSecretSpec: {target: {name: db}}}
",
        ),
        (
            "pg-app",
            "apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: pg, namespace: a}
spec: {instances: 3}
",
        ),
        (
            "db",
            "apiVersion: onepassword.com/v1
kind: OnePasswordItem
metadata: {name: db, namespace: a}
",
        ),
        (
            "db",
            "apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata: {name: m, namespace: a}
spec: {managedSecretReference: {secretName: db}}
",
        ),
        (
            "db",
            "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: m, namespace: a, annotations: {cert-manager.io/cluster-issuer: le}}
spec: {tls: [{secretName: db}]}
",
        ),
    ] {
        let user = |name: &str| {
            let source = format!("valueFrom: {{secretKeyRef: {{name: {name}, key: k}}}}");
            pod("hostname: a", &format!("env: [{{name: A, {source}}}]"))
        };
        silent(&format!("{}{maker}", user(secret)), &["MCP073"]);
        told(&format!("{}{maker}", user("other")), &["MCP073"]);
    }
}

#[test]
fn certificates_of_the_cluster_are_in_every_namespace() {
    let from = |name: &str| {
        pod(
            "hostname: a",
            &format!("envFrom: [{{configMapRef: {{name: {name}}}}}]"),
        )
    };
    silent(&from("kube-root-ca.crt"), &["MCP074"]);
    silent(&from("openshift-service-ca.crt"), &["MCP074"]);
    told(&from("other.crt"), &["MCP074"]);
}

#[test]
fn a_service_account_says_whether_its_pods_mount_its_token() {
    let account = |says: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: s, namespace: a}}\nautomountServiceAccountToken: {says}\n"
        )
    };
    let unsaid = pod("serviceAccountName: s", "image: a");
    silent(&format!("{unsaid}{}", account("false")), &["MCP017"]);
    told(&format!("{unsaid}{}", account("true")), &["W MCP017"]);
    let said = pod(
        "{serviceAccountName: s, automountServiceAccountToken: true}",
        "image: a",
    )
    .replace(
        "  {serviceAccountName: s, automountServiceAccountToken: true}",
        "  serviceAccountName: s\n  automountServiceAccountToken: true",
    );
    told(&format!("{said}{}", account("false")), &["W MCP017"]);
}

#[test]
fn windows_is_asked_nothing_of_linux() {
    let linux = ["MCP011", "MCP012", "MCP015"];
    silent(&pod("os: {name: windows}", "image: a"), &linux);
    silent(&pod("os: {name: windows}", "image: a"), &["MCP014"]);
    told(&pod("os: {name: linux}", "image: a"), &linux);
    told(&pod("os: {name: windows}", "image: a"), &["MCP010"]);
    let context = "securityContext: {runAsNonRoot: true}";
    told(&pod(context, "image: a"), &["W MCP010"]);
}

#[test]
fn one_cause_is_one_finding() {
    let count = |manifests: &str, rule: &str| {
        let found = broken(manifests, &[]);
        found.iter().filter(|found| found.ends_with(rule)).count()
    };
    let empty = pod("hostname: a", "image: ''");
    assert_eq!(count(&empty, "MCP020"), 1);
    assert_eq!(count(&empty, "MCP001") + count(&empty, "MCP002"), 0);
    assert_eq!(count(&empty, "MCP003"), 1);
    assert_eq!(count(&pod("hostname: a", "ports: [{}, {}]"), "MCP071"), 0);
}

#[test]
fn a_digest_alone_is_always_the_same_image() {
    let image = format!("image: 'registry.example.com/a@sha256:{}'", "0".repeat(64));
    silent(&pod("hostname: a", &image), &["MCP002"]);
    let server = "labels: {app.kubernetes.io/component: mcp-server}, namespace: a";
    let server = pod("hostname: a", &image).replace("namespace: a", server);
    told(&server, &["W MCP002"]);
}

#[test]
fn an_object_may_leave_the_end_of_its_name_to_the_api_server() {
    let hook = "\
apiVersion: batch/v1
kind: Job
metadata:
  generateName: migrate-
  namespace: a
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: a}]}
";
    told(hook, &["MCP001"]);
    silent(&format!("{hook}---\n{hook}"), &["MCP077"]);
}

#[test]
fn lists_that_are_none_are_told() {
    let wrong = pod("volumes: {a: b}", "ports: 8080, env: [A]");
    let found = broken(&wrong, &[]);
    assert_eq!(
        found.iter().filter(|rule| *rule == "MCP052").count(),
        3,
        "{found:?}"
    );
}

#[test]
fn services_that_operators_call_after_their_objects_are_not_missing() {
    let ingress = |service: &str| {
        format!(
            "\
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec: {{ports: [{{name: http, port: 80}}]}}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {{name: shop, namespace: shop}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: a, namespace: shop}}
spec: {{rules: [{{http: {{paths: [{{backend: {{service: {{name: {service}, port: {{number: 80}}}}}}}}]}}}}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {{name: a, namespace: shop}}
spec: {{serviceName: {service}}}
"
        )
    };
    for known in ["web", "shop", "shop-headless"] {
        silent(&ingress(known), &["MCP064", "MCP053"]);
    }
    told(&ingress("wep"), &["MCP064", "W MCP053"]);
}

#[test]
fn a_pod_monitor_asks_a_port_that_the_pods_have() {
    let monitor = |port: &str| {
        format!(
            "{}apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {{name: m, namespace: a}}
spec:
  selector: {{}}
  podMetricsEndpoints: [{{port: {port}}}]
",
            pod("hostname: a", "ports: [{name: http, containerPort: 8080}]")
        )
    };
    silent(&monitor("http"), &["MCP081"]);
    told(&monitor("metrics"), &["MCP081"]);
}

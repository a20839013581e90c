//! What is done to the Deployment of a server.

use serde_json::{Value, json};

use super::Mutation;

/// A pod, as the mutations below name it.
pub const CONTAINER: &str = "/spec/template/spec/containers/0";

fn of(pointer: &'static str, value: Option<Value>, rules: &'static [&'static str]) -> Mutation {
    ("Deployment", "mcp-github", pointer, value, rules)
}

/// Mutations of the Deployment of `mcp-github` below its container.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn containers() -> Vec<Mutation> {
    vec![
        of(
            "@/image",
            Some(json!("docker.io/evil/mcp-github:1.0.0")),
            &["MCP001"],
        ),
        of(
            "@/image",
            Some(json!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.io/a:1"
            )),
            &["MCP001"],
        ),
        of(
            "@/image",
            Some(json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/a")),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:latest"
            )),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!(format!(
                "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:latest@sha256:{}",
                "0".repeat(64)
            ))),
            &["MCP002"],
        ),
        of(
            "@/image",
            Some(json!("123456789012.dkr.ecr.us-east-1.amazonaws.com/A:1")),
            &["MCP003"],
        ),
        of("@/image", None, &["MCP003"]),
        of("@/securityContext/runAsUser", Some(json!(0)), &["MCP010"]),
        of(
            "@/securityContext/runAsNonRoot",
            Some(json!(false)),
            &["MCP010"],
        ),
        of("@/securityContext/capabilities/drop", None, &["MCP011"]),
        of(
            "@/securityContext/capabilities/drop/0",
            Some(json!("all")),
            &["MCP011"],
        ),
        of(
            "@/securityContext/capabilities/drop/0",
            Some(json!("NET_RAW")),
            &["MCP011"],
        ),
        of(
            "@/securityContext/capabilities/add",
            Some(json!(["SYS_ADMIN"])),
            &["MCP011"],
        ),
        of(
            "@/securityContext/allowPrivilegeEscalation",
            None,
            &["MCP012"],
        ),
        of(
            "@/securityContext/allowPrivilegeEscalation",
            Some(json!(true)),
            &["MCP012"],
        ),
        of(
            "@/securityContext/privileged",
            Some(json!(true)),
            &["MCP013"],
        ),
        of(
            "@/securityContext/readOnlyRootFilesystem",
            None,
            &["MCP014"],
        ),
        of(
            "@/securityContext/readOnlyRootFilesystem",
            Some(json!(false)),
            &["MCP014"],
        ),
        of(
            "@/securityContext/seccompProfile/type",
            Some(json!("Unconfined")),
            &["MCP015"],
        ),
        of(
            "/spec/template/spec/hostNetwork",
            Some(json!(true)),
            &["MCP016"],
        ),
        of(
            "/spec/template/spec/hostPID",
            Some(json!(true)),
            &["MCP016"],
        ),
        of(
            "/spec/template/spec/volumes/0",
            Some(json!({"name": "tmp", "hostPath": {"path": "/"}})),
            &["MCP016"],
        ),
        of("@/ports/0/hostPort", Some(json!(80)), &["MCP016"]),
        of(
            "/spec/template/spec/automountServiceAccountToken",
            None,
            // Its ServiceAccount says the same.
            &[],
        ),
        of(
            "/spec/template/spec/automountServiceAccountToken",
            Some(json!(true)),
            &["MCP017"],
        ),
        of("/spec/template/spec/enableServiceLinks", None, &["MCP018"]),
        of("@/resources/limits/memory", None, &["MCP020"]),
        of("@/resources/limits/cpu", None, &["MCP020"]),
        of("@/resources/requests", None, &["MCP020"]),
        of("@/resources", None, &["MCP020"]),
        of(
            "@/resources/limits/memory",
            Some(json!("256m")),
            &["MCP021", "MCP022"],
        ),
        of("@/resources/requests/cpu", Some(json!("501m")), &["MCP022"]),
        of(
            "@/resources/limits/ephemeral-storage",
            Some(json!("1")),
            &["MCP022"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "value": "$(NONE)"})),
            &["MCP069"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "value": "$$(NONE) $(POD_NAME)"})),
            &[],
        ),
        of(
            "@/env/0",
            Some(json!({"name": "A", "value": "$(GITHUB_TOKEN)"})),
            &["MCP069"],
        ),
        of("@/args", Some(json!(["$(GITHUB_TOKEN)", "$(date)"])), &[]),
        of("@/args", Some(json!(["$(GITHUB_TOKENS)"])), &["MCP069"]),
        of(
            "@/envFrom",
            Some(json!([{"prefix": "X_", "configMapRef": {"name": "mcp-litellm"}}])),
            &[],
        ),
        of(
            "@/env/-",
            Some(
                json!({"name": "AWS_SECRET_ACCESS_KEY", "valueFrom": {"secretKeyRef": {"name": "mcp-github-secrets", "key": "github-token"}}}),
            ),
            &["MCP066"],
        ),
        of(
            "/spec/selector/matchLabels/app",
            Some(json!("a")),
            &["MCP051"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "value": 8080})),
            &["MCP052"],
        ),
        of("@/command", Some(json!(["a", true])), &["MCP052"]),
        of(
            "@/resources/limits/memory",
            Some(json!("256 Mi")),
            &["MCP052"],
        ),
        of(
            "/spec/template/metadata/annotations",
            Some(json!({"a": true})),
            &["MCP052"],
        ),
        of("/spec/replicas", Some(json!("two")), &["MCP052"]),
        of("/spec/replicas", Some(json!(1)), &["MCP030", "MCP032"]),
        of("/spec/replicas", None, &["MCP030", "MCP032"]),
        of(
            "@/lifecycle/preStop/sleep/seconds",
            Some(json!(600)),
            &["MCP033"],
        ),
        of(
            "@/lifecycle/preStop",
            Some(json!({"exec": {"command": ["/bin/sh", "-c", "sleep 9m; sleep 1m"]}})),
            &["MCP033"],
        ),
        of(
            "@/lifecycle/preStop",
            Some(json!({"exec": {"command": ["sleep", "5"]}})),
            &[],
        ),
        of(
            "/spec/template/spec/terminationGracePeriodSeconds",
            Some(json!(1)),
            &["MCP033"],
        ),
        of(
            "@/livenessProbe/successThreshold",
            Some(json!(2)),
            &["MCP043"],
        ),
        of(
            "@/env",
            Some(
                json!([{"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://jaeger-all-in-one.monitoring.svc.cluster.local:4318"}]),
            ),
            &["MCP088"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "value": "grpc"})),
            &["MCP086"],
        ),
        of("@/livenessProbe", None, &["MCP040"]),
        of("@/readinessProbe", None, &["MCP040"]),
        of(
            "@/livenessProbe/httpGet/port",
            Some(json!("web")),
            &["MCP041"],
        ),
        of("@/readinessProbe/httpGet/port", Some(json!(9)), &["MCP041"]),
        of("@/startupProbe/httpGet/port", Some(json!(9)), &["MCP041"]),
        of(
            "@/livenessProbe/httpGet/host",
            Some(json!("169.254.169.254")),
            &["MCP042"],
        ),
        of(
            "/metadata/labels/app.kubernetes.io~1version",
            None,
            &["MCP050"],
        ),
        of("/metadata/labels", None, &["MCP050"]),
        of(
            "/spec/template/metadata/labels/app.kubernetes.io~1managed-by",
            None,
            &["MCP050"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "GITHUB_TOKEN", "value": "1"})),
            &["MCP070"],
        ),
        of(
            "@/ports/-",
            Some(json!({"name": "metrics", "containerPort": 8080})),
            &["MCP071"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "value": "ghp_0123456789abcdefghijABCDEFGHIJ012345"})),
            &["MCP072"],
        ),
        of(
            "@/args",
            Some(json!(["--token=ghp_0123456789abcdefghijABCDEFGHIJ012345"])),
            &["MCP072"],
        ),
        of(
            "@/env/-",
            Some(
                json!({"name": "A", "valueFrom": {"secretKeyRef": {"name": "mcp-github-secrets", "key": "tokens"}}}),
            ),
            &["MCP073"],
        ),
        of(
            "@/env/-",
            Some(json!({"name": "A", "valueFrom": {"secretKeyRef": {"name": "none", "key": "a"}}})),
            &["MCP073"],
        ),
        of(
            "@/envFrom",
            Some(json!([{"secretRef": {"name": "none"}}])),
            &["MCP073"],
        ),
        of(
            "@/envFrom",
            Some(json!([{"configMapRef": {"name": "none"}}])),
            &["MCP074"],
        ),
        of(
            "@/env/-",
            Some(
                json!({"name": "A", "valueFrom": {"configMapKeyRef": {"name": "mcp-litellm", "key": "none"}}}),
            ),
            &["MCP074"],
        ),
        of("@/volumeMounts/0/name", Some(json!("tmpp")), &["MCP075"]),
        of("/spec/template/spec/volumes", None, &["MCP075"]),
        of("@/volumeMounts", None, &["MCP075"]),
        of(
            "/spec/template/spec/serviceAccountName",
            Some(json!("mcp-github")),
            &["MCP076"],
        ),
        of("/metadata/name", Some(json!("mcp-s3")), &["MCP077"]),
        of(
            "/metadata/namespace",
            Some(json!("default")),
            &[
                "MCP110", "MCP031", "MCP061", "MCP063", "MCP073", "MCP076", "MCP079", "MCP082",
                "MCP100", "MCP102",
            ],
        ),
    ]
}

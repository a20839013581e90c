//! Every requirement of the platform guide has its rule, and every rule that names the guide is in
//! the table: nothing is promised that nobody checks.

use std::collections::BTreeSet;

use mcpset::check::rules::CATALOGUE;

/// A requirement in the guide's words, and the rules that hold manifests to it.
const RULES: &[(&str, &[&str])] = &[
    // 1. Standard Kubernetes Resources
    (
        "Deployment: 2+ replicas",
        &["MCP030", "MCP034", "MCP035", "MCP036"],
    ),
    (
        "Service: ClusterIP type for internal access",
        &["MCP060", "MCP061", "MCP062", "MCP063"],
    ),
    (
        "ServiceAccount: required if using IRSA",
        &["MCP019", "MCP076"],
    ),
    (
        "PodDisruptionBudget: minAvailable: 1",
        &["MCP031", "MCP032", "MCP079"],
    ),
    (
        "Container Image: from approved internal registry",
        &["MCP001", "MCP003"],
    ),
    // 2. Security Requirements
    (
        "must comply with existing OPA Gatekeeper policies",
        &["MCP900", "MCP901"],
    ),
    ("Approved container registries only", &["MCP001"]),
    ("Specific image tags", &["MCP002"]),
    ("Non-root containers: Run as UID 1000", &["MCP010"]),
    ("Drop all capabilities", &["MCP011", "MCP012", "MCP013"]),
    ("Resource limits", &["MCP020", "MCP021", "MCP022"]),
    ("Standard labels", &["MCP050"]),
    ("Read-only root filesystem", &["MCP014"]),
    ("No NodePort services", &["MCP060"]),
    // 3. Observability Integration
    ("Metrics: Expose /metrics endpoint", &["MCP082"]),
    (
        "Tracing: Send OTLP traces to Jaeger",
        &["MCP083", "MCP086", "MCP088", "MCP106"],
    ),
    (
        "Liveness probe: GET /health",
        &["MCP040", "MCP041", "MCP042", "MCP043"],
    ),
    (
        "Readiness probe: GET /ready",
        &["MCP040", "MCP041", "MCP042"],
    ),
    // 4. Authentication & Authorization
    (
        "API tokens: AWS Secrets Manager, External Secrets Operator",
        &["MCP065", "MCP072", "MCP073"],
    ),
    (
        "AWS service access: IRSA, no static credentials",
        &["MCP019", "MCP066"],
    ),
    // 5. Configuration Management
    (
        "Service endpoints: environment variables",
        &["MCP069", "MCP091", "MCP092", "MCP094"],
    ),
    ("Tool-specific config: ConfigMaps", &["MCP074", "MCP075"]),
    ("Sensitive data: ExternalSecrets", &["MCP067", "MCP068"]),
    ("Service discovery: Kubernetes DNS", &["MCP091", "MCP105"]),
    // Connecting LiteLLM to MCP Servers
    (
        "mcp_servers",
        &["MCP090", "MCP091", "MCP092", "MCP093", "MCP095"],
    ),
    // Security Best Practices
    (
        "Network policies: allow from LiteLLM proxy",
        &["MCP102", "MCP103", "MCP108"],
    ),
    (
        "Network policies: policyTypes Ingress and Egress",
        &["MCP100", "MCP101", "MCP111"],
    ),
    ("Network policies: allow DNS resolution", &["MCP105"]),
    (
        "Network policies: allow to external APIs",
        &["MCP106", "MCP107", "MCP109"],
    ),
    ("Network policies: allow to Jaeger", &["MCP106"]),
    // Monitoring & Observability
    (
        "ServiceMonitor",
        &["MCP080", "MCP081", "MCP082", "MCP087", "MCP104"],
    ),
    (
        "OTEL_EXPORTER_OTLP_PROTOCOL: http/protobuf on 4318",
        &["MCP086"],
    ),
    ("OTEL_SERVICE_NAME", &["MCP088"]),
    (
        "Grafana dashboard: request rate, error rate, latency",
        &["MCP084", "MCP085"],
    ),
    // Deployment Checklist
    ("LiteLLM configured with MCP endpoint", &["MCP095"]),
    // Troubleshooting
    (
        "MCP Server Not Reachable from LiteLLM",
        &["MCP063", "MCP091", "MCP092", "MCP093", "MCP103"],
    ),
    (
        "Authentication Failures",
        &["MCP067", "MCP068", "MCP073", "MCP094"],
    ),
    ("Permission Denied", &["MCP019", "MCP076"]),
];

/// Requirements that no manifest shows, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "Logging: structured JSON logs to stdout",
        "what a process writes",
    ),
    (
        "Required metrics",
        "what a process serves; tests of the monitoring stack ask it",
    ),
    ("Trace context should include", "what a process sends"),
    ("User context", "a future enhancement of LiteLLM"),
    ("MCP_ENABLED", "appears nowhere in LiteLLM"),
    (
        "IAM role with trust policy",
        "in AWS; `mcpset iam` writes it",
    ),
    ("Building and Publishing", "before any manifest"),
    (
        "Tested connectivity, verified metrics and traces",
        "the runbook's checklist says how",
    ),
];

#[test]
fn every_requirement_has_rules_that_there_are() {
    let known: BTreeSet<&str> = CATALOGUE.iter().map(|rule| rule.id).collect();
    for (requirement, rules) in RULES {
        assert!(!rules.is_empty(), "{requirement}");
        for rule in *rules {
            assert!(known.contains(rule), "{requirement}: {rule}");
        }
    }
    let reasons = ELSEWHERE.iter().map(|(_, reason)| reason);
    assert!(reasons.into_iter().all(|reason| !reason.is_empty()));
}

#[test]
fn every_rule_that_names_the_guide_answers_a_requirement() {
    let answering: BTreeSet<&str> = RULES
        .iter()
        .flat_map(|(_, rules)| *rules)
        .copied()
        .collect();
    for rule in CATALOGUE
        .iter()
        .filter(|rule| rule.source.contains("guide"))
    {
        assert!(answering.contains(rule.id), "{}: {}", rule.id, rule.source);
    }
}

/// The guide's headings that rules cite.
const HEADINGS: [&str; 16] = [
    "Standard Kubernetes Resources",
    "Security Requirements",
    "Observability Integration",
    "Authentication & Authorization",
    "Configuration Management",
    "Connecting LiteLLM to MCP Servers",
    "Step 1: Configure Service Endpoint",
    "IRSA (IAM Roles for Service Accounts)",
    "External Secrets",
    "Network Policies (Optional)",
    "Prometheus Metrics",
    "ServiceMonitor",
    "Distributed Tracing",
    "Grafana Dashboard",
    "Deployment Checklist",
    "Troubleshooting",
];

#[test]
fn every_rule_cites_a_heading_of_the_guide() {
    for rule in CATALOGUE {
        for cited in rule.source.split("guide, ").skip(1) {
            let mut headings = HEADINGS.iter();
            let is_cited = headings.any(|heading| {
                let rest = cited.strip_prefix(heading);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ';']))
            });
            assert!(is_cited, "{}: {}", rule.id, rule.source);
        }
    }
}

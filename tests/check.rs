//! `mcpset check`, and kustomize's validator: what they are told, what they say, how they end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use support::run::{Ended, run};

/// The quickstart with a single pod of one server.
fn single() -> String {
    let server = "image: mcp-s3:1.0.0\n";
    support::QUICKSTART.replace(server, &format!("{server}    replicas: 1\n"))
}

/// The same, with an exception for it.
fn excused(exception: &str) -> String {
    let registry = "    registry: 123456789012.dkr.ecr.us-east-1.amazonaws.com\n";
    let policy = format!("{registry}    policy: {{exceptions: [{{{exception}}}]}}\n");
    single().replace(registry, &policy)
}

/// A pod that refers to a Secret that nobody makes.
const DANGLING: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: a}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: a
    image: registry.example.com/a:1.0.0
    resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    env: [{name: A, valueFrom: {secretKeyRef: {name: shared, key: a}}}]
";

/// What the checks are told of it.
const CONFIG: &str = "\
---
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSetCheck
metadata: {name: check}
spec:
";

fn check(args: &[&str], input: &str) -> Ended {
    let mut command = support::mcpset();
    run(command.args(["check", "-"]).args(args), input.as_bytes())
}

#[test]
fn a_warning_points_into_the_config_and_is_denied_on_demand() {
    let ended = check(&[], &single());
    assert_eq!(ended.status, Some(0));
    assert!(
        ended
            .stdout
            .starts_with("warning[MCP030]: `mcp-s3` has one replica\n")
    );
    assert!(ended.stdout.contains("<stdin>:13:15\n"), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("\n1 warning\n"), "{}", ended.stdout);

    let ended = check(&["--deny", "warnings"], &single());
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.stdout.starts_with("error[MCP030]"),
        "{}",
        ended.stdout
    );
}

#[test]
fn render_warns_of_its_own_output_and_writes_it() {
    let mut command = support::mcpset();
    let ended = run(command.args(["render", "-"]), single().as_bytes());
    assert_eq!(ended.status, Some(0));
    assert!(
        ended.stderr.starts_with("warning[MCP030]"),
        "{}",
        ended.stderr
    );
    assert!(ended.stdout.contains("replicas: 1\n"));
}

#[test]
fn an_exception_is_a_note_with_its_reason_where_it_is_meant() {
    let reason = "reason: it keeps sessions";
    for rule in ["replicas", "MCP030"] {
        let ended = check(
            &["--deny", "warnings"],
            &excused(&format!("rule: {rule}, {reason}")),
        );
        assert_eq!(ended.status, Some(0), "{}", ended.stdout);
        assert!(ended.stdout.starts_with("note[MCP030]"), "{}", ended.stdout);
        assert!(
            ended
                .stdout
                .contains("= note: allowed: it keeps sessions\n")
        );
    }
    let other = excused(&format!("rule: replicas, server: github, {reason}"));
    assert_eq!(check(&["--deny", "warnings"], &other).status, Some(1));
    let mut command = support::mcpset();
    let set = excused(&format!("rule: replicas, server: s3, {reason}"));
    run(command.args(["render", "-"]), set.as_bytes()).done();
}

#[test]
fn what_is_elsewhere_is_said_by_a_flag_or_by_a_config() {
    let ended = check(&[], DANGLING);
    assert_eq!(ended.status, Some(1));
    let said = "error[MCP073]: nothing here makes the Secret `shared`\n";
    assert!(ended.stdout.starts_with(said), "{}", ended.stdout);
    assert!(ended.stdout.contains("<stdin>:15:54\n"), "{}", ended.stdout);

    let clean = |ended: Ended| {
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!((ended.status, told.as_str()), (Some(0), "nothing found\n"));
    };
    clean(check(&["--external", "Secret/shared"], DANGLING));
    let config = format!("{DANGLING}{CONFIG}  external: [{{kind: Secret, name: shared}}]\n");
    clean(check(&[], &config));
    let config = format!(
        "{DANGLING}{CONFIG}  exceptions: [{{rule: secret-reference, object: a, reason: later}}]\n"
    );
    assert!(check(&[], &config).stdout.starts_with("note[MCP073]"));
    assert_eq!(check(&["--external", "shared"], DANGLING).status, Some(2));
}

#[test]
fn what_is_no_object_and_what_is_no_rule_is_said() {
    let ended = check(&[], "a: 1\n");
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.stdout.starts_with("error[wrong-kind]"),
        "{}",
        ended.stdout
    );
    let config = format!("{DANGLING}{CONFIG}  exceptions: [{{rule: secret, reason: later}}]\n");
    let ended = check(&["--external", "Secret/shared"], &config);
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.stdout.contains("there is no rule `secret`"),
        "{}",
        ended.stdout
    );
}

#[test]
fn the_network_is_a_table_of_who_reaches_whom() {
    let table = check(&["--network"], support::QUICKSTART).done();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden/reports");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("network", table));
}

#[test]
fn kustomizes_validator_runs_every_rule_over_every_item() {
    let list = |spec: &str| {
        let pod = DANGLING.replace('\n', "\n  ");
        let config = CONFIG.trim_start_matches("---\n").replace('\n', "\n  ");
        let spec = spec.replace('\n', "\n  ");
        format!(
            "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  {}  {spec}\nitems:\n- {}\n",
            config.trim_end_matches("  "),
            pod.trim_end()
        )
    };
    let validate = |spec: &str| run(&mut support::mcpset(), list(spec).as_bytes());
    let ended = validate("  denyWarnings: false");
    assert_eq!(ended.status, Some(1), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("error[MCP073]"), "{}", ended.stderr);
    assert!(ended.stdout.contains("results:\n"), "{}", ended.stdout);
    assert!(ended.stdout.contains("items: []"), "{}", ended.stdout);
    let ended = validate("  external: [{kind: Secret, name: shared}]");
    assert_eq!(ended.status, Some(0), "{}{}", ended.stdout, ended.stderr);
}

#[test]
fn what_a_set_registers_is_held_against_a_config_beside_it() {
    let config = |url: &str| {
        format!(
            "{}---
apiVersion: v1
kind: ConfigMap
metadata: {{name: litellm-config, namespace: litellm}}
data:
  config.yaml: |
    model_list: []
    mcp_servers: {{github: {{url: \"{url}\"}}}}
",
            support::QUICKSTART
        )
    };
    let url = "http://mcp-github.litellm.svc.cluster.local:8080";
    assert_eq!(check(&[], &config(&format!("{url}/mcp"))).status, Some(0));
    let ended = check(&[], &config(&format!("{url}/tools")));
    let told = "error[MCP093]: `github` is called at `/tools` over `http`, and serves `/mcp` over `http`\n";
    assert!(ended.stdout.starts_with(told), "{}", ended.stdout);

    let elsewhere = config("http://other.litellm.svc:8080/mcp");
    let ended = check(&[], &elsewhere);
    assert!(
        ended.stdout.starts_with("error[MCP091]"),
        "{}",
        ended.stdout
    );
    let ended = check(&["--external", "Service/other"], &elsewhere);
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
}

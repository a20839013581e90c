//! `mcpset check`, and kustomize's validator: what they are told, what they say, how they end.

use crate::support;
use crate::support::run::{Ended, run};

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
    assert!(ended.stdout.contains("<stdin>:14:15\n"), "{}", ended.stdout);
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

/// In a package of kpt the set stays, and its objects are there as well after the first run.
#[test]
fn a_set_that_stays_beside_its_objects_is_checked_once() {
    let kpt = |file: &str| {
        let path = support::root().join("kustomize-plugin/kpt").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    let indented = |text: &str| text.replace('\n', "\n  ");
    let header = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";
    let items = format!("{header}items:\n- {}\n", indented(&kpt("mcp.yaml")));
    let package = run(&mut support::mcpset(), items.as_bytes()).done();
    assert!(package.contains("mcpset.dev/generated-from: litellm/mcp"));
    let validated = |package: &str| {
        let config = format!("functionConfig:\n  {}\n", indented(&kpt("check.yaml")));
        run(
            &mut support::mcpset(),
            (package.to_owned() + &config).as_bytes(),
        )
    };
    validated(&package).done();

    let doubled = package.replace("mcpset.dev/generated-from: litellm/mcp", "a: b");
    let stderr = validated(&doubled).stderr;
    assert!(stderr.contains("MCP077"), "{stderr}");
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
    let line = "url: \"http://mcp-github.litellm.svc.cluster.local:8080/tools\"";
    assert!(ended.stdout.contains(line), "{}", ended.stdout);

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

/// ConfigMaps of one namespace that is warned of.
fn config_maps(number: usize) -> String {
    let maps = (0..number).map(|index| {
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{index}, namespace: default}}\n")
    });
    maps.collect()
}

#[test]
fn a_report_for_programs_holds_everything_and_every_number_is_true() {
    let number = 1200;
    let input = config_maps(number);
    let ended = check(&["--format", "json"], &input);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["summary"]["warnings"], number);
    assert_eq!(report["findings"].as_array().unwrap().len(), number);
    let ended = check(&["--format", "github"], &input);
    assert_eq!(ended.stdout.lines().count(), number);
    let ended = check(&[], &input);
    assert!(
        ended.stdout.contains("… and 1100 more\n"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.ends_with("\n1200 warnings\n"));
    // Errors of the input too.
    let input: Vec<String> = (0..number)
        .map(|index| format!("---\na: {index}\n"))
        .collect();
    let ended = check(&["--format", "json"], &input.concat());
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["summary"]["errors"], number);
}

/// A server that no policy guards.
const UNGUARDED: &str = "\
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mcp-a, namespace: a, labels: &labels {app.kubernetes.io/component: mcp-server}}
spec:
  replicas: 2
  selector: {matchLabels: *labels}
  template:
    metadata: {labels: *labels}
    spec: {containers: [{name: a, image: \"registry.example.com/a:1.0.0\", ports: [{name: http, containerPort: 80}]}]}
";

#[test]
fn the_network_ends_as_a_check_does_and_says_what_is_wrong_with_it() {
    let ended = check(&["--network"], UNGUARDED);
    assert_eq!(ended.status, check(&[], UNGUARDED).status);
    assert_eq!(ended.status, Some(1));
    assert!(ended.stderr.contains("error[MCP10"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("[MCP01"), "{}", ended.stderr);
    let others = "errors are not about the network; see `mcpset check`\n";
    assert!(ended.stderr.contains(others), "{}", ended.stderr);
    assert!(ended.stdout.contains("mcp-a"), "{}", ended.stdout);
    let ended = check(&["--network", "--format", "json"], UNGUARDED);
    assert_eq!(ended.status, Some(2));
    let ended = check(&["--network", "--policies", "nowhere"], support::QUICKSTART);
    assert_eq!(ended.status, Some(1));
    assert!(ended.stderr.contains("nowhere cannot be read"));
}

#[test]
fn what_kustomize_reads_is_no_object() {
    for kind in ["v1beta1\nkind: Kustomization", "v1alpha1\nkind: Component"] {
        let file = format!("apiVersion: kustomize.config.k8s.io/{kind}\nresources: [a.yaml]\n");
        let ended = check(&[], &format!("{file}{}", config_maps(1)));
        assert!(ended.stdout.ends_with("\n1 warning\n"), "{}", ended.stdout);
        let ended = check(&[], &file);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), ""));
    }
}

#[test]
fn an_object_that_the_api_server_names_is_one_and_no_two_are_the_same() {
    let job = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: hook-, namespace: default}\n";
    let ended = check(&[], &job.repeat(2));
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    assert!(ended.stdout.contains("ConfigMap default/hook-*"));
    assert!(!ended.stdout.contains("MCP077"), "{}", ended.stdout);
}

#[test]
fn an_object_that_is_written_twice_shows_both() {
    let ended = check(&[], &config_maps(1).repeat(2));
    assert!(ended.stdout.contains("error[MCP077]"), "{}", ended.stdout);
    assert!(ended.stdout.contains("- the first one"), "{}", ended.stdout);
}

#[test]
fn nothing_is_missed_in_what_could_not_be_read() {
    let broken = format!("{DANGLING}---\na: [\n");
    let ended = check(&[], &broken);
    assert_eq!(ended.status, Some(1));
    assert!(ended.stdout.contains("error[syntax]"), "{}", ended.stdout);
    assert!(
        ended
            .stdout
            .contains("note[not-checked]: the rules were not run")
    );
    assert!(!ended.stdout.contains("MCP073"), "{}", ended.stdout);
    let ended = check(&["nowhere.yaml"], DANGLING);
    assert!(!ended.stdout.contains("MCP073"), "{}", ended.stdout);
    for page in ["--network", "--checklist"] {
        let ended = check(&[page], &broken);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(1), ""));
        assert!(ended.stderr.contains("note[not-checked]"));
        assert!(
            ended.stderr.ends_with("1 error, 1 note\n"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn a_mistyped_kind_of_ours_is_said() {
    for (version, kind, said) in [
        ("v1alpha1", "McpServerset", "did you mean `McpServerSet`?"),
        (
            "v1alpha1",
            "McpServerSetCheks",
            "did you mean `McpServerSetCheck`?",
        ),
        (
            "v1",
            "McpServerSetCheck",
            "write `apiVersion: mcpset.dev/v1alpha1`",
        ),
    ] {
        let input = format!(
            "apiVersion: mcpset.dev/{version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{}}\n"
        );
        let ended = check(&[], &input);
        assert_eq!(ended.status, Some(1), "{kind}");
        assert!(
            ended.stdout.starts_with("error[wrong-kind]"),
            "{}",
            ended.stdout
        );
        assert!(ended.stdout.contains(said), "{}", ended.stdout);
    }
}

#[test]
fn what_answers_nothing_is_noted() {
    let exceptions = "  exceptions: [{rule: replicas, reason: never}, {rule: secret-reference, object: Pod/a, reason: later}]\n";
    let ended = check(&[], &format!("{DANGLING}{CONFIG}{exceptions}"));
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    let said = "note[unused]: this exception allows nothing: no finding of `replicas` is meant\n";
    assert!(ended.stdout.contains(said), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("\n2 notes\n"), "{}", ended.stdout);
    let other = exceptions.replace("Pod/a", "Deployment/a");
    assert_eq!(
        check(&[], &format!("{DANGLING}{CONFIG}{other}")).status,
        Some(1)
    );

    let both = ["--external", "Secret/shared", "--external", "Secret/other"];
    let ended = check(&both, DANGLING);
    assert_eq!(ended.status, Some(0));
    let said = "note[unused]: nothing here asks for the Secret `other`";
    assert!(ended.stdout.starts_with(said), "{}", ended.stdout);
    assert!(ended.stdout.ends_with("\n1 note\n"), "{}", ended.stdout);

    let unused = excused("rule: seccomp, reason: never");
    let ended = check(&[], &unused);
    assert!(ended.stdout.contains("note[unused]"), "{}", ended.stdout);
}

#[test]
fn an_external_object_is_spelled_as_manifests_do() {
    for (word, said) in [
        ("secret/x", "write `Secret`"),
        ("secrets/x", "write `Secret`"),
        ("Secrets/x", "write `Secret`"),
        ("configmap/x", "write `ConfigMap`"),
        ("deployments/x", "such as `Deployment`"),
        ("Secret/ns/x", "without the namespace"),
    ] {
        let ended = check(&["--external", word], DANGLING);
        assert_eq!(ended.status, Some(2), "{word}");
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let config = format!("{DANGLING}{CONFIG}  external: [{{kind: secret, name: shared}}]\n");
    let ended = check(&[], &config);
    assert!(
        ended
            .stdout
            .contains("there is no kind `secret`; write `Secret`")
    );
}

#[test]
fn an_unknown_rule_is_said_with_the_other_mistakes_of_its_file() {
    let config = format!(
        "{DANGLING}{CONFIG}  nonsense: 1\n  exceptions: [{{rule: secret, reason: later}}]\n"
    );
    let ended = check(&[], &config);
    assert!(
        ended.stdout.contains("error[unknown-field]"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("there is no rule `secret`"),
        "{}",
        ended.stdout
    );
}

#[test]
fn nothing_to_check_is_no_error() {
    for input in ["", "# a comment\n---\n"] {
        let ended = check(&[], input);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), ""));
        assert!(
            ended.stderr.starts_with("nothing to check"),
            "{}",
            ended.stderr
        );
        let ended = check(&["--format", "json"], input);
        assert_eq!(ended.status, Some(0));
        assert!(ended.stdout.contains("\"findings\": []"));
    }
}

#[test]
fn items_of_lists_are_objects_and_sets() {
    let list =
        "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a, namespace: default}\n";
    let ended = check(&[], list);
    assert!(
        ended.stdout.contains("the ConfigMap is in `default`"),
        "{}",
        ended.stdout
    );
    let set = single().replace('\n', "\n  ");
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}\n", set.trim_end());
    let ended = check(&[], &list);
    assert!(
        ended.stdout.starts_with("warning[MCP030]"),
        "{}",
        ended.stdout
    );
}

#[test]
fn what_is_given_by_mistake_is_known() {
    let mut command = support::mcpset();
    let ended = run(command.args(["check", "tests/"]), b"");
    assert!(
        ended
            .stdout
            .contains("name the files in it: `tests/*.yaml`"),
        "{}",
        ended.stdout
    );
    for template in [
        "a: 1\n{{- if .Values.a }}\nb: 2\n{{- end }}\n",
        "a: {{ .Values.a }}b\n",
    ] {
        let ended = check(&[], template);
        assert!(ended.stdout.contains("render it first"), "{}", ended.stdout);
    }
}

#[test]
fn a_line_that_ends_with_crlf_is_shown_without_its_end() {
    let ended = check(&[], &config_maps(1).replace('\n', "\r\n"));
    assert!(ended.stdout.contains("warning[MCP110]"), "{}", ended.stdout);
    assert!(
        !ended.stdout.contains(char::REPLACEMENT_CHARACTER),
        "{}",
        ended.stdout
    );
}

#[test]
fn what_is_missing_is_shown_at_the_key_that_should_hold_it() {
    let pod = DANGLING.replace("      readOnlyRootFilesystem: true\n", "");
    let ended = check(&["--external", "Secret/shared"], &pod);
    assert!(
        ended.stdout.starts_with("warning[MCP014]"),
        "{}",
        ended.stdout
    );
    let marked = "11 |     securityContext:\n   |     ^^^^^^^^^^^^^^^\n";
    assert!(ended.stdout.contains(marked), "{}", ended.stdout);
}

#[test]
fn a_policy_of_another_engine_fails_a_check_unless_it_is_excepted() {
    let template = "---
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: cel}
spec:
  crd: {spec: {names: {kind: Cel}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    code: [{engine: K8sNativeValidation, source: {validations: [{expression: \"true\"}]}}]
";
    let ended = check(&[], template);
    assert_eq!(ended.status, Some(1));
    assert!(
        ended.stdout.starts_with("error[MCP901]"),
        "{}",
        ended.stdout
    );
    let exception = "  exceptions: [{rule: MCP901, object: cel, reason: gator tests it}]\n";
    let ended = check(&[], &format!("{template}{CONFIG}{exception}"));
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
}

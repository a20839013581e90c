//! What `mcpset render` does for a person: it says what it wrote, and how far it is, writes the kinds that
//! are asked for, and JSON.

use crate::support;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{Command, Stdio};

use crate::support::bundle::read;
use crate::support::kustomize::Folder;
use crate::support::run::{Ended, concat, run, skipped};
use mcpset::resources::{KINDS, Kind};
use serde_json::Value;

/// A set with these servers, and with what follows the last of them.
fn set(servers: &[&str], rest: &str) -> String {
    let servers = servers.iter();
    let servers =
        servers.map(|name| format!("  - {{name: {name}, image: \"mcp-{name}:1.0.0\"}}\n"));
    format!(
        "apiVersion: mcpset.dev/v1alpha1\n\
         kind: McpServerSet\n\
         metadata: {{name: mcp, namespace: litellm}}\n\
         spec:\n  platform: {{registry: registry.example.com}}\n  servers:\n{}{rest}",
        concat(servers)
    )
}

/// A folder with `set.yaml`.
fn folder(set: &str) -> Folder {
    Folder::new(&[("set.yaml", set)])
}

/// `mcpset render set.yaml` with more `args`.
fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = support::mcpset();
    command
        .current_dir(folder.path())
        .args(["render", "set.yaml"])
        .args(args);
    command
}

fn render(folder: &Folder, args: &[&str]) -> Ended {
    run(&mut command(folder, args), b"")
}

/// What a run says whose standard output is `out`.
fn said(mut command: Command, out: impl Into<Stdio>) -> String {
    let output = command.stdout(out).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    stderr
}

const TABLE: &str = "   2 NetworkPolicy
   1 PodDisruptionBudget
   1 ServiceAccount
   1 Service
   1 Deployment
   2 ConfigMap
   1 ServiceMonitor
   1 PrometheusRule
  10 objects of 1 server
";

// The summary.

#[test]
fn who_writes_a_folder_is_told_what_is_in_it_and_what_is_new() {
    let folder = folder(&set(&["github"], ""));
    let told = |args: &[&str]| render(&folder, &[&["-o", "out"], args].concat()).wrote();
    assert_eq!(
        told(&[]),
        format!("{TABLE}out: 10 files written, 0 unchanged, 0 removed\n")
    );
    assert_eq!(
        told(&[]),
        format!("{TABLE}out: 0 files written, 10 unchanged, 0 removed\n")
    );
    let with_kustomization = told(&["--kustomization"]);
    assert!(with_kustomization.ends_with("out: 1 file written, 10 unchanged, 0 removed\n"));
    folder.write("set.yaml", &set(&["jira"], ""));
    let other = told(&[]);
    assert!(
        other.ends_with("out: 8 files written, 2 unchanged, 5 removed\n"),
        "{other}"
    );
}

#[cfg(unix)]
#[test]
fn a_summary_is_for_files_and_never_for_pipes_or_devices() {
    let folder = folder(&set(&["github"], ""));
    let file = File::create(folder.path().join("out.yaml")).unwrap();
    assert_eq!(said(command(&folder, &[]), file), TABLE);
    assert_eq!(folder.read("out.yaml"), render(&folder, &[]).done());
    assert_eq!(said(command(&folder, &[]), Stdio::null()), "");
    // Appending to what is there is a file, too.
    let file = fs::OpenOptions::new()
        .append(true)
        .open(folder.path().join("out.yaml"))
        .unwrap();
    assert_eq!(said(command(&folder, &[]), file), TABLE);
}

#[cfg(unix)]
#[test]
fn warnings_are_said_first_and_counted_even_to_who_wants_it_quiet() {
    let folder = folder(&set(&["github"], "    egress: [{host: api.github.com}]\n"));
    let text = folder.read("set.yaml").replace(
        "  - {name: github, image: \"mcp-github:1.0.0\"}\n",
        "  - name: github\n    image: mcp-github:1.0.0\n",
    );
    folder.write("set.yaml", &text);
    let told = render(&folder, &["-o", "out"]).wrote();
    assert!(told.starts_with("warning[downgrade]: "), "{told}");
    assert!(told.contains("\n1 warning\n   2 NetworkPolicy\n"), "{told}");
    assert!(
        told.contains("\n  10 objects of 1 server; 1 warning, said above\n"),
        "{told}"
    );
    let quiet = render(&folder, &["-o", "out", "-q"]).wrote();
    assert!(quiet.ends_with("\n1 warning\n"), "{quiet}");
}

#[test]
fn who_wants_it_quiet_hears_nothing() {
    let folder = folder(&set(&["github"], ""));
    assert_eq!(render(&folder, &["-o", "out", "--quiet"]).done(), "");
    let file = File::create(folder.path().join("out.yaml")).unwrap();
    assert_eq!(said(command(&folder, &["-q"]), file), "");
}

#[test]
fn several_sets_are_summed_up_together() {
    let other = set(&["jira", "slack"], "").replace("name: mcp,", "name: other,");
    let folder = folder(&format!("{}---\n{other}", set(&["github"], "")));
    let told = render(&folder, &["-o", "out"]).wrote();
    assert!(
        told.contains(" objects of 2 sets with 3 servers\n"),
        "{told}"
    );
}

// Kinds.

#[test]
fn only_the_kinds_that_are_asked_for_are_written_by_any_of_their_names() {
    let folder = folder(&set(&["github", "s3"], ""));
    let all = support::documents(&render(&folder, &[]).done());
    for (args, kinds) in [
        (&["--only", "deploy"][..], &["Deployment"][..]),
        (
            &["--only", "Services,netpol"],
            &["NetworkPolicy", "Service"],
        ),
        (
            &["--only", "SERVICE", "--only=networkpolicies"],
            &["NetworkPolicy", "Service"],
        ),
    ] {
        let written = support::documents(&render(&folder, args).done());
        let expected = all
            .iter()
            .filter(|object| kinds.contains(&object.kind.as_str()));
        let texts: Vec<&str> = written.iter().map(|object| object.text.as_str()).collect();
        assert_eq!(
            texts,
            expected
                .map(|object| object.text.as_str())
                .collect::<Vec<_>>(),
            "{args:?}"
        );
        assert!(!texts.is_empty());
    }
}

#[test]
fn a_kind_that_no_bundle_has_is_a_mistake_on_the_command_line() {
    let folder = folder(&set(&["github"], ""));
    for (kind, said) in [
        ("deplyo", "did you mean `deploy`?"),
        ("ingress", "a bundle may have Namespace,"),
        ("deploy,", "a bundle may have"),
    ] {
        let ended = render(&folder, &["--only", kind]);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}

#[test]
fn a_kind_that_this_set_lacks_is_said_and_no_error() {
    let folder = folder(&set(&["github"], ""));
    let ended = render(&folder, &["--only", "hpa,role"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(0), ""));
    assert_eq!(
        ended.stderr,
        "note: these sets have no HorizontalPodAutoscaler and no Role; they have NetworkPolicy, PodDisruptionBudget, ServiceAccount, Service, Deployment, ConfigMap, ServiceMonitor, PrometheusRule\n"
    );
}

#[test]
fn a_set_is_checked_as_a_whole_whatever_kinds_are_written() {
    let folder = folder(&set(
        &["github"],
        "  - {name: s3, image: \"mcp-s3:latest\"}\n",
    ));
    render(&folder, &["--only", "sa"]).refused();
}

#[test]
fn files_of_other_kinds_stay_when_some_are_written_into_their_folder() {
    let folder = folder(&set(&["github", "s3"], ""));
    render(&folder, &["-o", "out", "--kustomization"]).wrote();
    let before = folder.files();
    folder.write(
        "set.yaml",
        &set(&["github"], "  - {name: jira, image: \"mcp-jira:1.0.0\"}\n"),
    );
    render(
        &folder,
        &["-o", "out", "--kustomization", "--only", "deploy,sa"],
    )
    .wrote();
    let after = folder.files();
    for (name, content) in &before {
        let of_kind = ["_deployment_", "_serviceaccount_"]
            .iter()
            .any(|kind| name.contains(kind));
        if of_kind {
            assert_eq!(after.contains_key(name), !name.contains("s3"), "{name}");
        } else if name.starts_with("out/") && !name.ends_with("kustomization.yaml") {
            assert_eq!(after.get(name), Some(content), "{name}");
        }
    }
    assert!(after.contains_key("out/litellm_deployment_mcp-jira.yaml"));
    assert!(!after.contains_key("out/litellm_service_mcp-jira.yaml"));
    let kustomization = &after["out/kustomization.yaml"];
    for name in after.keys().filter_map(|name| name.strip_prefix("out/")) {
        assert!(
            name == "kustomization.yaml" || kustomization.contains(name),
            "{name}"
        );
    }
}

#[test]
fn every_kind_of_every_bundle_can_be_asked_for_and_no_other() {
    let bundles = support::bundles();
    let objects = bundles.iter().flat_map(|(_, bundle)| &bundle.documents);
    let made: BTreeSet<&str> = objects
        .map(|object| object["kind"].as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(known, made);
}

#[test]
fn custom_kinds_have_the_names_of_their_definitions() {
    let mut compared = 0;
    for path in support::configs_in("tests/crds") {
        let text = fs::read_to_string(support::root().join(path)).unwrap();
        let definition = read(&text).remove(0);
        // Objects for IAM roles are no part of a bundle.
        let group = definition["spec"]["group"].as_str().unwrap();
        if group.ends_with(".services.k8s.aws") {
            continue;
        }
        let names = &definition["spec"]["names"];
        let Ok(kind) = Kind::named(names["kind"].as_str().unwrap()) else {
            continue;
        };
        assert_eq!(kind.plural, names["plural"], "{names}");
        let short = names["shortNames"].get(0).and_then(Value::as_str);
        assert_eq!(kind.short, short.unwrap_or_default(), "{names}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}

// JSON.

#[test]
fn json_is_one_list_of_the_same_objects() {
    for (path, text) in support::configs() {
        let folder = folder(&text);
        let list: Value =
            serde_json::from_str(&render_quietly(&folder, &["--format", "json"])).unwrap();
        assert_eq!(
            (&list["apiVersion"], &list["kind"]),
            (&"v1".into(), &"List".into())
        );
        let documents = read(&render_quietly(&folder, &[]));
        assert_eq!(list["items"], Value::Array(documents), "{path}");
    }
}

/// What a run writes, whatever it warns of.
fn render_quietly(folder: &Folder, args: &[&str]) -> String {
    let ended = render(folder, args);
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    ended.stdout
}

#[test]
fn a_list_without_objects_is_a_list() {
    let folder = folder(&set(&["github"], ""));
    let text = render_quietly(&folder, &["--format", "json", "--only", "hpa"]);
    let list: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list["items"], Value::Array(Vec::new()));
}

#[test]
fn nothing_in_json_steers_a_terminal() {
    let hidden = "    description: \"a\\u202eb\\u0085\"\n";
    let folder = folder(&set(
        &[],
        &format!("  - name: a\n    image: mcp-a:1.0.0\n{hidden}"),
    ));
    let ended = render(&folder, &["--format", "json"]);
    // Either no set may say so, or it is said in a way that shows it.
    assert!(!ended.stdout.contains(['\u{202e}', '\u{85}']));
}

#[test]
fn json_cannot_be_written_into_a_folder() {
    let folder = folder(&set(&["github"], ""));
    let ended = render(&folder, &["--format", "json", "-o", "out"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended.stderr.contains("goes to standard output"),
        "{}",
        ended.stderr
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn kubectl_and_kustomize_take_the_json_for_its_objects() {
    for example in support::examples() {
        let text = fs::read_to_string(support::root().join(&example)).unwrap();
        let folder = folder(&text);
        let json = render_quietly(&folder, &["--format", "json"]);
        let documents = support::documents(&render_quietly(&folder, &[]));
        let mut kubectl = Command::new(support::peer("kubectl"));
        // It asks no cluster, and prints the objects that it found.
        kubectl.args(["label", "--local", "-f", "-", "a=b", "-o", "name"]);
        let names = run(&mut kubectl, json.as_bytes()).done();
        let names: Vec<&str> = names
            .lines()
            .map(|line| line.rsplit('/').next().unwrap())
            .collect();
        let expected: Vec<&str> = documents
            .iter()
            .map(|object| object.name.as_str())
            .collect();
        assert_eq!(names, expected, "{}", example.display());

        folder.write("built/list.json", &json);
        folder.write("built/kustomization.yaml", "resources: [list.json]\n");
        let mut kustomize = Command::new(support::peer("kustomize"));
        kustomize.arg("build").arg(folder.path().join("built"));
        let built = support::documents(&run(&mut kustomize, b"").done());
        assert_eq!(
            support::sorted(built),
            support::sorted(documents),
            "{}",
            example.display()
        );
    }
}

// A terminal.

/// What the shell command `line` puts on a terminal on which standard error is; `None` without `script`.
fn on_terminal(folder: &Folder, line: &str, term: &str) -> Option<String> {
    let mut script = Command::new("script");
    script
        .current_dir(folder.path())
        .env("TERM", term)
        .env("mcpset", env!("CARGO_BIN_EXE_mcpset"))
        .args(["--quiet", "--return", "--command", line, "/dev/null"]);
    let version = Command::new("script").arg("--version").output();
    let is_known = version.is_ok_and(|output| output.stdout.starts_with(b"script from util-linux"));
    if !is_known {
        skipped("no `script` of util-linux here: what a terminal shows is not tried");
        return None;
    }
    let output = script.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    Some(text)
}

/// Goes back and clears the line.
const CLEAR: &str = "\r\u{1b}[2K";

/// What is left to read of `text`.
fn visible(text: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| line.rsplit(CLEAR).next().unwrap());
    let lines = lines.map(|line| line.trim_end_matches('\r').to_owned() + "\n");
    lines.collect::<String>().trim_end().to_owned()
}

/// A set that takes a debug build seconds.
fn large() -> String {
    let servers: Vec<String> = (0..1000)
        .map(|number| format!("a-server-with-a-long-name-{number}"))
        .collect();
    let servers: Vec<&str> = servers.iter().map(String::as_str).collect();
    let off = "litellm: {registration: none}, monitoring: {dashboard: none}";
    set(&servers, "").replace(
        "registry.example.com}",
        &format!("registry.example.com, {off}}}"),
    )
}

#[test]
fn a_long_run_shows_on_a_terminal_how_far_it_is_and_leaves_nothing_of_it() {
    let folder = folder(&large());
    let Some(text) = on_terminal(&folder, "\"$mcpset\" render set.yaml > out.yaml", "xterm") else {
        return;
    };
    assert!(
        text.contains(&format!("{CLEAR}checking set.yaml …")),
        "{text:?}"
    );
    assert!(
        text.contains(&format!("{CLEAR}writing object ")),
        "{text:?}"
    );
    let left = visible(&text);
    assert!(left.starts_with("1001 NetworkPolicy\n"), "{left:?}");
    assert!(left.ends_with(" objects of 1000 servers"), "{left:?}");
    for word in ["checking", "writing"] {
        assert!(!left.contains(word), "{left:?}");
    }
}

#[test]
fn nothing_moves_where_nobody_looks_or_can_see_it() {
    let folder = folder(&large());
    for (line, term) in [
        ("\"$mcpset\" render set.yaml > out.yaml", "dumb"),
        ("\"$mcpset\" render -q set.yaml > out.yaml", "xterm"),
        ("\"$mcpset\" render set.yaml | cat > out.yaml", "xterm"),
        (
            "\"$mcpset\" render set.yaml 2>said.txt > out.yaml; cat said.txt",
            "xterm",
        ),
    ] {
        let Some(text) = on_terminal(&folder, line, term) else {
            return;
        };
        assert!(!text.contains('\u{1b}'), "{line}: {text:?}");
        assert!(!text.contains("writing"), "{line}: {text:?}");
    }
}

#[test]
fn a_short_run_shows_its_summary_alone() {
    let folder = folder(&set(&["github"], ""));
    let Some(text) = on_terminal(&folder, "\"$mcpset\" render set.yaml -o out", "xterm") else {
        return;
    };
    let expected = format!("{TABLE}out: 10 files written, 0 unchanged, 0 removed\n");
    assert_eq!(visible(&text).replace('\r', ""), expected.trim_end());
}

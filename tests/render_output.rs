//! Where `mcpset render` reads from and writes to, and how it ends.

use crate::support;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::support::run::{Ended, concat, limited, run, skipped, wait};
use proptest::prelude::*;
use tempfile::TempDir;

/// A server, to be put under `servers:`.
fn server(name: &str) -> String {
    format!("  - name: {name}\n    image: mcp-{name}:1.0.0\n")
}

/// A set called `name` with one server for each of `servers`.
fn set(name: &str, servers: &[&str]) -> String {
    let servers = concat(servers.iter().map(|name| server(name)));
    format!(
        "apiVersion: mcpset.dev/v1alpha1\n\
         kind: McpServerSet\n\
         metadata: {{name: {name}, namespace: litellm}}\n\
         spec:\n  platform: {{registry: registry.example.com}}\n  servers:\n{servers}"
    )
}

/// A folder with files, in which the program runs.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, content) in files {
            folder.write(name, content);
        }
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path().join(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = support::mcpset();
        command.current_dir(self.path()).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Ended {
        run(&mut self.command(args), b"")
    }

    /// `mcpset render set.yaml -o out`.
    fn render(&self) -> Ended {
        self.run(&["render", "set.yaml", "-o", "out"])
    }

    /// The files in `out`, with the time of their last change.
    fn out(&self) -> BTreeMap<String, SystemTime> {
        fs::read_dir(self.path().join("out"))
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let changed = entry.metadata().unwrap().modified().unwrap();
                (entry.file_name().into_string().unwrap(), changed)
            })
            .collect()
    }

    fn out_names(&self) -> Vec<String> {
        self.out().into_keys().collect()
    }
}

/// Runs `mcpset render -` on `input`.
fn render_input(input: &str) -> Ended {
    run(support::mcpset().args(["render", "-"]), input.as_bytes())
}

/// A run that could not do what it was asked for on the command line or in the file system.
#[track_caller]
fn unable(ended: Ended) -> String {
    assert_eq!(ended.status, Some(2), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
    ended.stderr
}

// Standard output.

#[test]
fn the_bundle_is_a_stream_of_documents_without_a_word_beside_it() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    let stdout = folder.run(&["render", "set.yaml"]).done();
    assert!(stdout.starts_with("---\napiVersion: "));
    assert!(support::documents(&stdout).len() > 5);
}

#[test]
fn several_files_and_several_sets_in_one_make_one_stream() {
    let (one, other) = (set("one", &["a"]), set("other", &["b"]));
    let folder = Folder::new(&[
        ("one.yaml", &one),
        ("other.yaml", &other),
        ("both.yaml", &format!("{one}---\n{other}")),
    ]);
    let apart = folder.run(&["render", "one.yaml", "other.yaml"]).done();
    assert_eq!(folder.run(&["render", "both.yaml"]).done(), apart);
    assert_eq!(
        folder.run(&["render", "one.yaml"]).done() + &folder.run(&["render", "other.yaml"]).done(),
        apart
    );
}

#[test]
fn a_dash_is_standard_input() {
    let text = set("mcp", &["github"]);
    let folder = Folder::new(&[("set.yaml", &text)]);
    assert_eq!(
        render_input(&text).done(),
        folder.run(&["render", "set.yaml"]).done()
    );
    let stderr = render_input("kind: Deployment\n").refused();
    assert!(stderr.contains(" --> <stdin>:1:7"), "{stderr}");
}

#[test]
fn what_editors_and_other_systems_add_to_a_file_changes_nothing() {
    let text = set("mcp", &["github"]);
    let expected = render_input(&text).done();
    for variant in [
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        format!("%YAML 1.2\n---\n{text}...\n"),
        format!("---\n# A set.\n{text}---\n# The end.\n"),
        text.replace(":1.0.0\n", ":1.0.0   # comment\n"),
        text.trim_end().to_owned(),
    ] {
        assert_eq!(render_input(&variant).done(), expected, "{variant:?}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    for input in [
        set("mcp", &["github"]),
        set("mcp", &["github"]) + &many_servers(),
    ] {
        let mut child = support::mcpset()
            .args(["render", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The reader is gone before the first byte can be written.
        drop(child.stdout.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        let mut stderr = child.stderr.take().unwrap();
        assert_eq!(wait(&mut child), Some(0));
        let mut said = String::new();
        std::io::Read::read_to_string(&mut stderr, &mut said).unwrap();
        assert_eq!(said, "");
    }
}

/// Servers whose bundle is larger than any pipe's buffer.
fn many_servers() -> String {
    concat((0..100).map(|n| server(&format!("s{n}"))))
}

#[test]
fn an_output_that_cannot_be_written_is_said() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return skipped("no /dev/full here: a full disk is not tried");
    };
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    let output = folder
        .command(&["render", "set.yaml"])
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.starts_with("error: standard output cannot be written: "),
        "{stderr}"
    );
}

// A folder.

#[test]
fn a_folder_gets_one_file_per_object_and_standard_output_nothing() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    folder.render().wrote();
    assert_eq!(
        folder.out_names(),
        [
            "litellm_configmap_mcp-litellm.yaml",
            "litellm_deployment_mcp-github.yaml",
            "litellm_networkpolicy_mcp-default-deny.yaml",
            "litellm_networkpolicy_mcp-github.yaml",
            "litellm_poddisruptionbudget_mcp-github.yaml",
            "litellm_service_mcp-github.yaml",
            "litellm_serviceaccount_mcp-github-sa.yaml",
            "monitoring_configmap_mcp-dashboard.yaml",
            "monitoring_prometheusrule_mcp-alerts.yaml",
            "monitoring_servicemonitor_mcp-servers.yaml",
        ]
    );
}

#[test]
fn the_files_hold_what_standard_output_shows() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github", "s3"]))]);
    folder.render().wrote();
    let mut expected: Vec<String> = support::documents(&folder.run(&["render", "set.yaml"]).done())
        .into_iter()
        .map(|document| document.text)
        .collect();
    let mut written: Vec<String> = folder
        .out_names()
        .iter()
        .map(|name| folder.read(&format!("out/{name}")))
        .map(|text| text.split_once('\n').unwrap().1.to_owned())
        .collect();
    expected.sort();
    written.sort();
    assert_eq!(written, expected);
}

#[test]
fn every_file_says_where_it_comes_from() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    folder.render().wrote();
    for name in folder.out_names() {
        let text = folder.read(&format!("out/{name}"));
        let first = text.lines().next().unwrap();
        assert_eq!(
            first,
            "# Written by mcpset from the McpServerSet litellm/mcp; do not edit."
        );
    }
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github", "s3"]))]);
    folder.render().wrote();
    let before = folder.out();
    folder.render().wrote();
    assert_eq!(folder.out(), before);
}

#[test]
fn only_files_that_differ_are_written_again() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github", "s3"]))]);
    folder.render().wrote();
    let before = folder.out();
    let more_replicas = set("mcp", &["github", "s3"]) + "    replicas: 3\n";
    folder.write("set.yaml", &more_replicas);
    folder.render().wrote();
    let changed: Vec<String> = folder
        .out()
        .into_iter()
        .filter(|(name, time)| before[name] != *time)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(changed, ["litellm_deployment_mcp-s3.yaml"]);
}

#[test]
fn the_files_of_a_removed_server_disappear() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github", "s3"]))]);
    folder.render().wrote();
    assert!(folder.out_names().iter().any(|name| name.contains("s3")));
    folder.write("set.yaml", &set("mcp", &["github"]));
    folder.render().wrote();
    assert!(!folder.out_names().iter().any(|name| name.contains("s3")));
    assert!(
        folder
            .out_names()
            .iter()
            .any(|name| name.contains("github"))
    );
}

#[test]
fn the_files_of_others_are_never_touched() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github", "s3"]))]);
    folder.render().wrote();
    let others = [
        ("out/kustomization.yaml", "resources: []\n"),
        ("out/empty.yaml", ""),
        (
            "out/README.md",
            "# Written by mcpset from the McpServerSet litellm/mcp; do not edit.\n",
        ),
        (
            "out/almost.yaml",
            "# Written by mcpset from the McpServerSet litellm/mcp2; do not edit.\n",
        ),
        (
            "out/quoted.yaml",
            "\n# Written by mcpset from the McpServerSet litellm/mcp; do not edit.\n",
        ),
    ];
    for (name, content) in others {
        folder.write(name, content);
    }
    fs::create_dir(folder.path().join("out/folder.yaml")).unwrap();
    folder.write("set.yaml", &set("mcp", &["github"]));
    folder.render().wrote();
    for (name, content) in others {
        assert_eq!(folder.read(name), content, "{name}");
    }
    assert!(folder.path().join("out/folder.yaml").is_dir());
}

#[test]
fn the_files_of_another_set_stay() {
    let folder = Folder::new(&[
        ("set.yaml", &set("mcp", &["github"])),
        ("other.yaml", &set("other", &["s3"])),
    ]);
    folder.run(&["render", "other.yaml", "-o", "out"]).wrote();
    let others = folder.out();
    folder.render().wrote();
    let both = folder.out();
    assert!(both.len() > others.len());
    folder.render().wrote();
    for (name, changed) in others {
        assert_eq!(both[&name], changed, "{name}");
    }
}

#[test]
fn a_foreign_file_in_the_way_is_an_error_before_anything_is_written() {
    let file = "out/monitoring_servicemonitor_mcp-servers.yaml";
    let foreign = "kind: ServiceMonitor\n";
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    fs::create_dir(folder.path().join("out")).unwrap();
    folder.write(file, foreign);
    let stderr = unable(folder.render());
    assert!(
        stderr.contains(&format!("{file} is in the way")),
        "{stderr}"
    );
    assert!(stderr.contains("nothing was written"), "{stderr}");
    assert_eq!(folder.read(file), foreign);
    assert_eq!(folder.out_names().len(), 1);
}

#[test]
fn no_kustomization_is_written_beside_one_of_another_name() {
    for name in ["out/kustomization.yml", "out/Kustomization"] {
        let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
        fs::create_dir(folder.path().join("out")).unwrap();
        folder.write(name, "");
        let stderr = unable(folder.run(&["render", "set.yaml", "-o", "out", "--kustomization"]));
        assert!(
            stderr.contains(&format!("{name} is in the way")),
            "{stderr}"
        );
        assert_eq!(folder.out_names().len(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_way_is_not_followed() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"])), ("target", "mine\n")]);
    fs::create_dir(folder.path().join("out")).unwrap();
    let link = folder.path().join("out/litellm_service_mcp-github.yaml");
    std::os::unix::fs::symlink("../target", &link).unwrap();
    unable(folder.render());
    assert_eq!(folder.read("target"), "mine\n");
    assert!(link.is_symlink());
}

#[test]
fn the_file_of_an_object_that_moved_from_another_set_is_in_the_way() {
    let folder = Folder::new(&[
        ("set.yaml", &set("mcp", &["github"])),
        ("other.yaml", &set("other", &["github"])),
    ]);
    folder.run(&["render", "other.yaml", "-o", "out"]).wrote();
    let stderr = unable(folder.render());
    assert!(
        stderr.contains("was not written by mcpset for this set"),
        "{stderr}"
    );
}

#[test]
fn missing_folders_are_made() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    folder.run(&["render", "set.yaml", "-o", "a/b/c"]).wrote();
    assert!(
        folder
            .path()
            .join("a/b/c/litellm_service_mcp-github.yaml")
            .exists()
    );
}

#[test]
fn an_invalid_set_makes_no_folder() {
    let folder = Folder::new(&[("set.yaml", &(set("mcp", &["github"]) + "    port: 0\n"))]);
    folder.render().refused();
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_file_where_the_folder_should_be_is_said() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"])), ("out", "a file\n")]);
    let stderr = unable(folder.render());
    assert!(stderr.starts_with("error: out: "), "{stderr}");
    assert_eq!(folder.read("out"), "a file\n");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_said() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let ended = if fs::write(out.join("probe"), "").is_err() {
        folder.render()
    } else {
        // The superuser may write everywhere, unless that right is taken away.
        fs::remove_file(out.join("probe")).unwrap();
        let Some(ended) = without_superuser_rights(&folder) else {
            return skipped("no `setpriv` here: the superuser cannot try a read-only folder");
        };
        ended
    };
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
    let stderr = unable(ended);
    assert!(stderr.contains("out/"), "{stderr}");
    assert!(stderr.contains("Permission denied"), "{stderr}");
    assert!(folder.out_names().is_empty());
}

/// [`Folder::render`] without the right to write where permissions forbid it.
fn without_superuser_rights(folder: &Folder) -> Option<Ended> {
    let rights = ["--bounding-set=-dac_override", "--inh-caps=-dac_override"];
    let setpriv = || {
        let mut command = Command::new("setpriv");
        command.current_dir(folder.path()).args(rights);
        command
    };
    let known = setpriv().arg("true").output();
    known.ok().filter(|output| output.status.success())?;
    let mut command = setpriv();
    command.arg(env!("CARGO_BIN_EXE_mcpset"));
    Some(run(command.args(["render", "set.yaml", "-o", "out"]), b""))
}

// Input that cannot be had, and mistakes on the command line.

#[test]
fn a_missing_file_is_named_and_the_others_are_still_checked() {
    let folder = Folder::new(&[("wrong.yaml", &(set("mcp", &["github"]) + "    port: 0\n"))]);
    let stderr = folder.run(&["render", "none.yaml", "wrong.yaml"]).refused();
    for part in [
        "error[io]: none.yaml cannot be read: No such file or directory",
        "check the path and its permissions",
        "wrong.yaml:9:11",
        "2 errors; nothing was written",
    ] {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
}

#[test]
fn a_folder_in_place_of_a_file_is_said() {
    let folder = Folder::new(&[]);
    let stderr = folder.run(&["render", "."]).refused();
    assert!(stderr.contains(". cannot be read: "), "{stderr}");
}

#[test]
fn binary_files_are_named() {
    let folder = Folder::new(&[("zero.yaml", "a: \0\n")]);
    fs::write(folder.path().join("latin.yaml"), b"a: \xe9\n").unwrap();
    let stderr = folder.run(&["render", "zero.yaml", "latin.yaml"]).refused();
    for part in [
        "zero.yaml is no text: it holds a NUL byte",
        "latin.yaml is no UTF-8 text: its byte 4",
    ] {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
}

#[test]
fn sets_that_collide_are_refused_with_both_places() {
    let folder = Folder::new(&[
        ("one.yaml", &set("mcp", &["github"])),
        (
            "two.yaml",
            &format!("# Another one.\n{}", set("mcp", &["s3"])),
        ),
    ]);
    let stderr = folder.run(&["render", "one.yaml", "two.yaml"]).refused();
    for part in [
        "error[name-collision]",
        "two.yaml:2:1",
        "one.yaml:1:1",
        "the first set",
    ] {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
    folder.run(&["render", "one.yaml", "one.yaml"]).refused();
}

#[test]
fn sets_with_nothing_in_common_do_not_collide() {
    let elsewhere = set("mcp", &["github"]).replace("namespace: litellm", "namespace: other");
    let elsewhere = elsewhere.replace("{name: mcp", "{name: elsewhere");
    let folder = Folder::new(&[
        ("one.yaml", &set("mcp", &["github"])),
        ("two.yaml", &elsewhere),
    ]);
    folder.run(&["render", "one.yaml", "two.yaml"]).done();
}

#[test]
fn mistakes_on_the_command_line_end_with_status_2_and_an_empty_standard_output() {
    let folder = Folder::new(&[("set.yaml", &set("mcp", &["github"]))]);
    for args in [
        &["render"][..],
        &["render", "set.yaml", "--unknown"],
        &["render", "set.yaml", "-o"],
        &["render", "set.yaml", "-o", ""],
        &["render", "set.yaml", "-o", "a", "-o", "b"],
        &["rendre", "set.yaml"],
        &["set.yaml"],
        &["--unknown"],
    ] {
        let stderr = unable(folder.run(args));
        assert!(stderr.contains("--help"), "{args:?}: {stderr}");
    }
}

#[test]
fn asking_for_help_or_the_version_is_no_mistake() {
    for args in [
        &["--help"][..],
        &["--version"],
        &["render", "--help"],
        &["help", "render"],
    ] {
        let ended = run(support::mcpset().args(args), b"");
        assert!(!ended.done().is_empty(), "{args:?}");
    }
}

// Limits.

#[test]
fn a_config_map_holds_one_mebibyte_and_not_a_byte_more() {
    let of_size = |size: usize| {
        let content = "x".repeat(size - "a.txt".len());
        set("mcp", &["github"]) + &format!("    config:\n      a.txt: {content}\n")
    };
    render_input(&of_size(1 << 20)).done();
    let stderr = render_input(&of_size((1 << 20) + 1)).refused();
    for part in [
        "error[too-large]: the files have 1048577 bytes together",
        "<stdin>:10:7",
        "a ConfigMap holds at most 1048576",
    ] {
        assert!(stderr.contains(part), "no `{part}` in:\n{stderr}");
    }
}

#[test]
fn hundreds_of_mistakes_are_cut_to_what_a_person_reads() {
    let mistakes = concat((0..500).map(|n| format!("    f{n}: 1\n")));
    let stderr = render_input(&(set("mcp", &["github"]) + &mistakes)).refused();
    assert_eq!(stderr.matches("error[").count(), 100);
    assert!(
        stderr.ends_with("… and 400 more\n\n500 errors; nothing was written\n"),
        "{stderr}"
    );
}

#[test]
fn a_stream_of_a_hundred_thousand_documents_ends_soon() {
    for document in ["---\na: b\n", "---\n"] {
        let input = document.repeat(100_000);
        run(&mut limited(["render", "-"]), input.as_bytes()).refused();
    }
}

#[test]
fn an_error_is_told_behind_any_number_of_warnings() {
    let warnings = concat((0..2_000).map(|n| format!("    - {{host: h{n}.example.com}}\n")));
    let input = format!(
        "{}    egress:\n{warnings}    port: 0\n",
        set("mcp", &["github"])
    );
    let stderr = run(&mut limited(["render", "-"]), input.as_bytes()).refused();
    assert!(
        stderr.ends_with("1 error, 1000 warnings or more; nothing was written\n"),
        "{stderr}"
    );
}

#[test]
fn no_two_volumes_share_a_name() {
    let input = set("mcp", &["github"])
        + "    writable: [/secrets/2, /secrets, /config, /a-b, /a/b, /-/-]\n"
        + "    config: {a: b}\n"
        + "    secrets:\n"
        + "      A: {key: a, as: file, path: /run/a/x}\n"
        + "      B: {key: b, as: file, path: /run/b/x}\n";
    let bundle = support::documents(&render_input(&input).done());
    let deployment = bundle.iter().find(|object| object.kind == "Deployment");
    let volumes = &deployment.unwrap().value["spec"]["template"]["spec"]["volumes"];
    let volumes = volumes.as_sequence().unwrap();
    let names: BTreeSet<&str> = volumes
        .iter()
        .map(|volume| volume["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), volumes.len(), "{names:?}");
}

// What reaches the terminal.

#[test]
fn there_are_no_colours_without_a_terminal() {
    let wrong = set("mcp", &["github"]) + "    port: 0\n    egress: [{host: api.github.com}]\n";
    for variable in [None, Some("NO_COLOR"), Some("COLORTERM"), Some("TERM")] {
        let mut command = support::mcpset();
        command.args(["render", "-"]);
        if let Some(variable) = variable {
            command.env(variable, "1");
        }
        let stderr = run(&mut command, wrong.as_bytes()).refused();
        assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
    }
}

/// Where hostile text can stand in a config; `%` is the text in double quotes.
const SLOTS: [&str; 18] = [
    "    description: %\n",
    "    args: [a, %]\n",
    "    annotations: {a: %}\n",
    "    nodeSelector: {a: %}\n",
    "    path: %\n",
    "    %: 1\n",
    "    session: %\n",
    "    port: %\n",
    "    args: %\n",
    "    image: %\n",
    "    env: {%: a, A: {field: %}}\n",
    "    labels: {%: a}\n",
    "    config: {%: a}\n",
    "    secrets: {A: %}\n",
    "    resources: {limits: {%: 1}}\n",
    "    tolerations: [{operator: %}]\n",
    "    egress: [{host: %}, {cidr: %}, {service: %}]\n",
    "  - {name: %, image: %}\n",
];

/// Anything that moves a cursor or hides what follows, but the ends of our own lines.
fn steers(text: &str) -> bool {
    const HIDING: &str = "\u{ad}\u{200b}\u{200e}\u{2028}\u{202e}\u{2066}\u{feff}\u{e0041}";
    text.chars()
        .any(|c| c.is_control() && c != '\n' || HIDING.contains(c))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_in_a_config_steers_the_terminal(
        text in "[a-z:/.@#{}-]{0,3}[\u{1}-\u{1f}\u{7f}-\u{9f}\u{202e}][\u{1}-\u{9f}\u{feff}]{0,8}",
        slot in proptest::sample::select(&SLOTS[..]),
    ) {
        let escaped = concat(text.chars().map(|c| format!("\\u{:04x}", u32::from(c))));
        let line = slot.replace('%', &format!("\"{escaped}\""));
        let ended = render_input(&(set("mcp", &["github"]) + &line));
        prop_assert!(!steers(&ended.stderr), "{ended:?}");
    }

    #[test]
    fn no_text_ends_the_program_in_another_way_than_it_should(
        text in any::<String>(),
        slot in proptest::sample::select(&SLOTS[..]),
    ) {
        let escaped = concat(text.chars().map(|c| format!("\\U{:08x}", u32::from(c))));
        for scalar in [format!("\"{escaped}\""), text] {
            let ended = render_input(&(set("mcp", &["github"]) + &slot.replace('%', &scalar)));
            prop_assert!(matches!(ended.status, Some(0 | 1)), "{ended:?}");
            prop_assert_eq!(ended.status == Some(1), ended.stdout.is_empty());
        }
    }
}

#[test]
fn a_raw_escape_in_a_file_never_reaches_the_terminal() {
    for line in [
        "    path: \u{1b}[31mred\n",
        "    port: 0 # \u{1b}]0;title\u{7}\n",
        "    \u{1b}[2J: 1\n",
        "    path: \"\u{8}\u{8}\u{8}\"\n",
        "    port: 0\r    port: 1\n",
        "    path: \u{9b}31mred\n",
        "    path: \"\u{9d}0;title\u{9c}\"\n",
        "    port: 0 # \u{202e}\u{2066}\u{200b}\u{e0041}\n",
        "    \u{85}: 1\n",
    ] {
        let stderr = render_input(&(set("mcp", &["github"]) + line)).refused();
        assert!(!steers(&stderr), "{line:?}: {stderr:?}");
    }
}

#[test]
fn the_name_of_a_file_is_shown_and_not_sent() {
    for name in [
        "\u{1b}[31m.yaml",
        "\u{9b}31m.yaml",
        "\u{202e}.yaml",
        "a\rb.yaml",
    ] {
        let folder = Folder::new(&[(name, &(set("mcp", &["github"]) + "    port: 0\n"))]);
        let stderr = folder.run(&["render", name]).refused();
        assert!(!steers(&stderr), "{stderr:?}");
        let code_point = name.trim_start_matches('a').chars().next().unwrap();
        let shown: String = code_point.escape_unicode().collect();
        assert!(stderr.contains(&shown), "{stderr}");
    }
}

/// Credentials in whatever place, and what must not be repeated of them.
const CREDENTIALS: [(&str, &str); 3] = [
    (
        "ghp_A1b2C3d4E5f6A1b2C3d4E5f6A1b2C3d4E5f6",
        "A1b2C3d4E5f6A1b2",
    ),
    (
        "https://ghp_A1b2C3d4E5f6A1b2C3d4E5f6A1b2C3d4E5f6@github.com/a/b",
        "A1b2C3d4E5f6A1b2",
    ),
    ("postgres://app:hunter2@db.example.com/app", "hunter2"),
];

fn holds(text: &str, secret: &str) -> bool {
    text.to_lowercase().contains(&secret.to_lowercase())
}

#[test]
fn no_message_repeats_a_credential_wherever_it_stands() {
    for (text, secret) in CREDENTIALS {
        for line in SLOTS {
            for text in [text.to_owned(), format!("{} {text}", "a".repeat(50))] {
                let line = line.replace('%', &format!("\"{text}\""));
                let stderr = render_input(&(set("mcp", &["github"]) + &line)).refused();
                assert!(!holds(&stderr, secret), "{line}: {stderr}");
            }
        }
        for line in [
            format!("    port: 0 # {text}\n"),
            format!("    env: {{TOKEN: \"{text}\"\n"),
            format!("    path: \"a\n      {text}\"\n"),
            format!("    path: |\n      a\n      {text}\n"),
        ] {
            let stderr = render_input(&(set("mcp", &["github"]) + &line)).refused();
            assert!(!holds(&stderr, secret), "{line}: {stderr}");
            assert!(stderr.contains("<stdin>:"), "{line}: {stderr}");
        }
    }
}

#[test]
fn no_line_of_a_private_key_is_shown() {
    let body = "MIIEpAIBAAKCAQEA";
    for line in [
        // As people paste it: not indented, or behind the colon.
        format!("    config:\n      a: |\n-----BEGIN RSA PRIVATE KEY-----\n{body}\n"),
        format!("    config:\n      a: -----BEGIN RSA PRIVATE KEY-----\n      {body}\n      b\n"),
        format!("    config:\n      a: |\n        -----BEGIN PRIVATE KEY-----\n      {body}: x\n"),
        format!("    path: \"-----BEGIN PRIVATE KEY-----\\n{body}\"\n"),
        format!("    path: |\n      -----BEGIN PRIVATE KEY-----\n      {body}\n"),
    ] {
        let stderr = render_input(&(set("mcp", &["github"]) + &line)).refused();
        assert!(!stderr.contains(body), "{line}: {stderr}");
    }
}

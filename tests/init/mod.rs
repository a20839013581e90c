//! `mcpset init`: a few words in, files out that a newcomer goes on with. The reviewed files are in
//! `golden/init`.

use crate::support;
mod editor;
mod hostile;
mod language_server;
mod terminal;

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::kustomize::{FLAGS, Folder, build, path_with_mcpset};
use crate::support::run::{Ended, run};
use mcpset::hosts::files;
use mcpset::init::{self, KUSTOMIZATION, SCHEMA, SET, Server, TO_FILL_IN, Wanted};
use mcpset::problem::Problems;
use mcpset::profiles::PROFILES;
use mcpset::report::{Occasion, text as reported};
use mcpset::source::{Origin, Sources};
use proptest::prelude::*;

/// A registry, as the examples have it.
const REGISTRY: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

/// What a person wants who has a server of their own.
const OWN: [&str; 4] = [
    "--registry",
    REGISTRY,
    "--server",
    "weather=mcp-weather:1.0.0",
];

/// `mcpset init words`, run in `folder`.
fn init(folder: &Folder, words: &[&str]) -> Ended {
    let mut command = support::mcpset();
    run(
        command.current_dir(folder.path()).arg("init").args(words),
        b"",
    )
}

/// The files that `words` make in an empty folder.
fn made(words: &[&str]) -> BTreeMap<String, String> {
    let folder = Folder::new(&[]);
    let ended = init(&folder, words);
    assert_eq!(
        (ended.status, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.stderr
    );
    folder.files()
}

/// What mcpset says against `set`, warnings included.
fn said(set: &str) -> String {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let bytes = set.as_bytes().to_vec();
    let index = files::keep(
        SET.into(),
        bytes,
        Origin::Person,
        &mut sources,
        &mut problems,
    );
    let sets = files::sets(index.unwrap(), &sources, &mut problems);
    let problems = problems.into_sorted();
    assert!(sets.len() == 1 || !problems.is_empty(), "{set}");
    if problems.is_empty() {
        return String::new();
    }
    reported(&problems, &sources, Occasion::Writing)
}

fn wanted(servers: Vec<Server>) -> Wanted {
    Wanted {
        name: "mcp".into(),
        namespace: "litellm".into(),
        registry: REGISTRY.into(),
        servers,
    }
}

fn own(name: &str, image: &str) -> Server {
    Server {
        name: name.into(),
        image: image.into(),
        profile: None,
    }
}

/// First sets: one of a server of which nothing is known, one of each profile, one of all at once.
fn sets() -> Vec<String> {
    let known = PROFILES.iter().map(Server::known);
    let mut servers = vec![vec![own("weather", "mcp-weather:1.0.0")]];
    servers.extend(known.clone().map(|server| vec![server]));
    servers.push(known.chain([own("weather", "mcp-weather:1.0.0")]).collect());
    let servers = servers.into_iter();
    servers.map(|servers| init::set(&wanted(servers))).collect()
}

/// A line that is an example, without its `# `.
fn uncommented(line: &str) -> Option<String> {
    let text = line.trim_start().strip_prefix("# ")?;
    let (field, _) = text.split_once(": ")?;
    let is_field = field.starts_with(|c: char| c.is_ascii_lowercase())
        && field.chars().all(|c| c.is_ascii_alphabetic());
    is_field.then(|| line.replacen("# ", "", 1))
}

fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden/init");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn what_a_newcomer_gets_for_a_server_of_their_own() {
    let files = made(&OWN);
    let names: Vec<&String> = files.keys().collect();
    assert_eq!(names, [KUSTOMIZATION, SCHEMA, SET]);
    golden("own", &files[SET]);
    golden("kustomization", &files[KUSTOMIZATION]);
}

#[test]
fn what_a_newcomer_gets_for_servers_that_are_known() {
    let words = [
        "--registry",
        REGISTRY,
        "--name",
        "tools",
        "--namespace",
        "mcp-tools",
    ];
    let profiles = [
        "--profile",
        "github",
        "--profile",
        "grafana",
        "--profile",
        "kubernetes",
    ];
    golden("known", &made(&[&words[..], &profiles].concat())[SET]);
}

#[test]
fn the_schema_beside_the_set_is_the_one_that_mcpset_prints() {
    let printed = run(support::mcpset().arg("schema"), b"").done();
    assert_eq!(made(&OWN)[SCHEMA], printed);
}

#[test]
fn the_set_renders_without_a_word() {
    for set in sets() {
        assert_eq!(said(&set), "", "{set}");
    }
}

#[test]
fn every_example_counts_once_its_comment_is_taken_away_and_so_do_all_at_once() {
    for set in sets() {
        let lines: Vec<&str> = set.lines().collect();
        let mut all = lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>();
        let mut count = 0;
        for (index, line) in lines.iter().enumerate() {
            let Some(example) = uncommented(line) else {
                continue;
            };
            count += 1;
            let mut one: Vec<&str> = lines.clone();
            one[index] = &example;
            let one = one.join("\n");
            assert_eq!(said(&one), "", "{one}");
            assert_ne!(
                rendered(&one),
                rendered(&set),
                "it changes nothing: {example}"
            );
            all[index] = example;
        }
        assert!(count >= 8, "only {count} examples in\n{set}");
        let all = all.join("\n");
        assert_eq!(said(&all), "", "{all}");
    }
}

/// The bundle of `set`, with the config that it is made of.
fn rendered(set: &str) -> String {
    let bundle = support::Bundle::of(set).unwrap();
    format!("{}{}", bundle.config, bundle.text)
}

#[test]
fn what_cannot_stay_is_counted_in_the_farewell() {
    for (profile, said) in [
        ("terraform", None),
        (
            "github",
            Some("One line below `To fill in:` is an example: write your own."),
        ),
        (
            "grafana",
            Some("3 lines below `To fill in:` are examples: write your own."),
        ),
    ] {
        let folder = Folder::new(&[]);
        let ended = init(&folder, &["--registry", REGISTRY, "--profile", profile]);
        let line = ended
            .stderr
            .lines()
            .find(|line| line.contains(TO_FILL_IN.trim()));
        assert_eq!(line, said, "{profile}");
    }
}

#[test]
fn the_farewell_names_the_files_and_commands_that_run() {
    let folder = Folder::new(&[]);
    let ended = init(&folder, &[&["my tools/first"], &OWN[..]].concat());
    let (wrote, commands) = ended.stderr.split_once("\nNext:\n").unwrap();
    let files: Vec<&str> = wrote.strip_prefix("wrote ").unwrap().split(", ").collect();
    let names = [SET, KUSTOMIZATION, SCHEMA].map(|name| format!("my tools/first/{name}"));
    assert_eq!(files, names);
    assert_eq!(folder.files().len(), 3);
    let command = commands.lines().next().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env("PATH", path_with_mcpset());
    let bundle = run(shell.current_dir(folder.path()), b"").done();
    assert_eq!(bundle.matches("kind: Deployment").count(), 1);
}

#[test]
fn a_dash_prints_the_set_alone() {
    let folder = Folder::new(&[]);
    let printed = init(&folder, &[&["-"], &OWN[..]].concat()).done();
    assert_eq!(printed, made(&OWN)[SET]);
    assert!(folder.files().is_empty());
}

/// It takes every JSON file for a manifest, and a kustomization for kustomize's.
#[test]
fn argo_cd_leaves_the_schema_beside_the_set_alone() {
    let folder = Folder::new(&[]);
    assert_eq!(init(&folder, &OWN).status, Some(0));
    std::fs::remove_file(folder.path().join(KUSTOMIZATION)).unwrap();
    let mut command = support::mcpset();
    let command = command.current_dir(folder.path());
    let generated = run(command.args(["argocd", "generate"]), b"").done();
    let rendered = support::render(&folder.path().join(SET));
    assert_eq!(
        support::sorted(support::documents(&generated)),
        support::sorted(rendered)
    );
}

#[test]
fn no_file_is_ever_overwritten_and_each_in_the_way_is_named() {
    let second = ["kustomization.yml", "Kustomization"];
    for names in [
        &[SET][..],
        &[KUSTOMIZATION],
        &[SCHEMA],
        &[SET, SCHEMA],
        &second,
    ] {
        let files: Vec<_> = names.iter().map(|name| (*name, "mine\n")).collect();
        let folder = Folder::new(&files);
        let before = folder.files();
        let ended = init(&folder, &OWN);
        assert_eq!(ended.status, Some(2), "{}", ended.stderr);
        for name in names {
            assert!(ended.stderr.contains(name), "{}", ended.stderr);
        }
        assert!(
            ended.stderr.contains("nothing was written"),
            "{}",
            ended.stderr
        );
        assert_eq!(folder.files(), before);
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_in_the_way_as_well() {
    let folder = Folder::new(&[]);
    std::os::unix::fs::symlink("nowhere", folder.path().join(SCHEMA)).unwrap();
    let ended = init(&folder, &OWN);
    assert_eq!(ended.status, Some(2));
    assert!(
        ended
            .stderr
            .starts_with("error: ./mcpset.schema.json is in the way")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = Folder::new(&[]);
    assert_eq!(init(&folder, &OWN).status, Some(0));
    let before = folder.files();
    assert_eq!(
        init(&folder, &["--registry", REGISTRY, "--profile", "slack"]).status,
        Some(2)
    );
    assert_eq!(folder.files(), before);
}

#[test]
fn a_mistake_is_told_with_its_remedy_and_nothing_is_written() {
    let server = "a=mcp-a:1.0.0";
    for (words, status, told) in [
        (&[][..], 2, "--registry 123456789012"),
        (
            &["--registry", REGISTRY],
            2,
            "`--server github=mcp-github:1.0.0`",
        ),
        (
            &["--registry", "registry", "--server", server],
            2,
            "such as `123456789012",
        ),
        (
            &["--registry", REGISTRY, "--server", "a"],
            2,
            "write NAME=IMAGE",
        ),
        (
            &["--registry", REGISTRY, "--server", "a=mcp-a"],
            2,
            "has no tag",
        ),
        (
            &["--registry", REGISTRY, "--server", "a=mcp-a:latest"],
            2,
            "not a fixed version",
        ),
        (
            &["--registry", REGISTRY, "--server", "A=mcp-a:1"],
            2,
            "such as `a`",
        ),
        (
            &["--registry", REGISTRY, "--profile", "githb"],
            2,
            "'github'",
        ),
        (
            &[
                "--registry",
                REGISTRY,
                "--server",
                server,
                "--server",
                server,
            ],
            1,
            "two servers",
        ),
        (
            &["--registry", REGISTRY, "--server", "a=ghcr.io/a/b:1.0"],
            1,
            "approved registry",
        ),
        (
            &["--registry", REGISTRY, "--server", "default-deny=a:1.0"],
            1,
            "another name",
        ),
    ] {
        let folder = Folder::new(&[]);
        let ended = init(&folder, &[&["new"], words].concat());
        assert_eq!(ended.status, Some(status), "{words:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{words:?}: {}", ended.stderr);
        assert_eq!(ended.stdout, "");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = Folder::new(&[("file", "mine\n")]);
    let ended = init(&folder, &[&["file/new"], &OWN[..]].concat());
    assert_eq!(ended.status, Some(2));
    assert!(
        ended.stderr.starts_with("error: file/new: "),
        "{}",
        ended.stderr
    );
    assert_eq!(folder.files().len(), 1);
}

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn whatever_is_rightly_called_makes_a_set_that_renders(
        set in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?",
        namespace in "[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?",
        names in prop::collection::btree_set("[a-z]([a-z0-9-]{0,20}[a-z0-9])?", 1..4),
        image in "[a-z0-9]{1,8}([._-][a-z0-9]{1,8})?:[A-Za-z0-9_][A-Za-z0-9._-]{0,12}",
    ) {
        prop_assume!(!image.to_lowercase().ends_with(":latest"));
        prop_assume!(names.iter().all(|name| format!("mcp-{name}") != format!("{set}-default-deny")));
        let servers: Vec<Server> = names.iter().map(|name| own(name, &image)).collect();
        let text = init::set(&Wanted { name: set, namespace, registry: REGISTRY.into(), servers });
        prop_assert_eq!(said(&text), "", "{}", text);
    }
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn kustomize_builds_what_render_prints() {
    for words in [&OWN[..], &["--registry", REGISTRY, "--profile", "postgres"]] {
        let folder = Folder::new(&[]);
        assert_eq!(init(&folder, words).status, Some(0));
        let built = support::stdout_of(build(folder.path(), &FLAGS));
        let rendered = support::render(&folder.path().join(SET));
        assert!(!rendered.is_empty());
        assert_eq!(
            support::sorted(support::documents(&built)),
            support::sorted(rendered)
        );
    }
}

/// As the farewell of a refusal says: the new folder is listed in a kustomization that was there.
#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_kustomization_that_is_there_lists_the_new_folder() {
    let folder = Folder::new(&[(KUSTOMIZATION, "resources: [mcp]\n")]);
    assert_eq!(
        init(&folder, &[&["mcp"], &OWN[..]].concat()).status,
        Some(0)
    );
    let built = support::stdout_of(build(folder.path(), &FLAGS));
    assert_eq!(built.matches("kind: Deployment").count(), 1);
}

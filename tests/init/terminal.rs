//! The questions, as a person is asked them: on a pseudo terminal, which util-linux' `script` makes.

use std::process::Command;

use super::{REGISTRY, SET, init};
use crate::support;
use crate::support::kustomize::{Folder, path_with_mcpset};
use crate::support::run::{Ended, run, skipped};

/// `mcpset init words` on a terminal, in `folder`, with `answers`; nothing where no terminal can be made.
fn asked(folder: &Folder, words: &str, answers: &str) -> Option<Ended> {
    let version = Command::new("script").arg("--version").output();
    if !version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("util-linux")) {
        skipped("no `script` of util-linux here: questions are not asked on a terminal");
        return None;
    }
    let mut script = Command::new("script");
    script
        .args(["-qec", &format!("mcpset init {words}"), "/dev/null"])
        .env("PATH", path_with_mcpset())
        .current_dir(folder.path());
    Some(run(&mut script, answers.as_bytes()))
}

#[test]
fn answers_make_the_set_that_flags_make() {
    let folder = Folder::new(&[]);
    let answers = [
        "tools", // the set
        "",      // the namespace
        REGISTRY,
        "weather",
        "mcp-weather:1.0.0",
        "github", // the next server
        "",       // the one that is known
        "",       // its image
        "",       // no more
    ];
    let Some(ended) = asked(&folder, "", &(answers.join("\n") + "\n")) else {
        return;
    };
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    for said in [
        "Namespace in which the servers run [litellm]: ",
        "wrote mcpset.yaml, ",
    ] {
        assert!(ended.stdout.contains(said), "{}", ended.stdout);
    }
    let by_flags = Folder::new(&[]);
    let flags = [
        "--server",
        "weather=mcp-weather:1.0.0",
        "--profile",
        "github",
        "--name",
        "tools",
    ];
    init(&by_flags, &[&["--registry", REGISTRY], &flags[..]].concat());
    assert_eq!(folder.files(), by_flags.files());
}

#[test]
fn a_wrong_answer_is_told_at_once_and_asked_for_again() {
    let folder = Folder::new(&[]);
    let flags = format!("--name mcp --namespace litellm --registry {REGISTRY}");
    let answers = "Weather\nweather\nmcp-weather:latest\nmcp-weather:1.0.0\n\n";
    let Some(ended) = asked(&folder, &flags, answers) else {
        return;
    };
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("such as `weather`"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("`latest` is not a fixed version"),
        "{}",
        ended.stdout
    );
    assert!(folder.read(SET).contains("image: mcp-weather:1.0.0\n"));
}

#[test]
fn a_server_of_ones_own_may_be_called_as_one_that_is_known() {
    let folder = Folder::new(&[]);
    let flags = format!("--name mcp --namespace litellm --registry {REGISTRY}");
    let answers = "github\nperhaps\nno\nmcp-github:1.0.0\n\n";
    let Some(ended) = asked(&folder, &flags, answers) else {
        return;
    };
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    let question = "Is it the one that is known: GitHub's own server [yes]: ";
    assert_eq!(
        ended.stdout.matches(question).count(),
        2,
        "{}",
        ended.stdout
    );
    let set = folder.read(SET);
    assert!(set.contains("image: mcp-github:1.0.0\n") && !set.contains("profile: "));
}

#[test]
fn who_leaves_before_the_last_answer_finds_nothing_written() {
    let folder = Folder::new(&[]);
    let Some(ended) = asked(&folder, "new", "tools\n\n") else {
        return;
    };
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("nothing was written"),
        "{}",
        ended.stdout
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn who_said_all_that_must_be_known_is_asked_nothing() {
    let folder = Folder::new(&[]);
    let flags = format!("--registry {REGISTRY} --profile slack");
    let Some(ended) = asked(&folder, &flags, "") else {
        return;
    };
    assert_eq!(ended.status, Some(0), "{}", ended.stdout);
    assert!(!ended.stdout.contains('['), "{}", ended.stdout);
}

#[test]
fn what_is_in_the_way_is_told_before_any_question() {
    let folder = Folder::new(&[(SET, "mine\n")]);
    let Some(ended) = asked(&folder, "", "") else {
        return;
    };
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert!(
        !ended.stdout.contains("Name of the set"),
        "{}",
        ended.stdout
    );
    assert_eq!(folder.read(SET), "mine\n");
}

/// Neither a program that sends input nor a log may be taken for a person.
#[test]
fn nobody_is_asked_without_a_terminal() {
    let folder = Folder::new(&[]);
    let mut command = support::mcpset();
    command.current_dir(folder.path()).arg("init");
    let ended = run(&mut command, b"tools\n\n");
    assert_eq!(ended.status, Some(2));
    assert!(
        !ended.stderr.contains("Name of the set"),
        "{}",
        ended.stderr
    );
}

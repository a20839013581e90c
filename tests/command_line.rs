//! Completions and manual pages, which are made from the definition of the command line.

use crate::support;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::kustomize::Folder;
use crate::support::run::run;

/// What `mcpset args…` prints.
fn printed(args: &[&str]) -> String {
    run(support::mcpset().args(args), b"").done()
}

/// The names of the commands that `mcpset help` lists.
fn commands() -> Vec<String> {
    let help = printed(&["help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.contains(&"render".to_owned()), "{help}");
    names
}

// --- completions --------------------------------------------------------------------------------

/// What bash offers after `line`, with the script sourced as users do.
fn bash(line: &str) -> Vec<String> {
    let script = r#"
        source /dev/stdin
        completion=$(complete -p mcpset)
        function=${completion#*-F }
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        "${function%% *}" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" || true
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "--noprofile", "-euc", script, "bash"])
        .args(line.split(' '));
    let script = printed(&["completions", "bash"]);
    let offered = run(&mut bash, script.as_bytes()).done();
    offered.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_their_values() {
    assert_eq!(bash("mcpset rend"), ["render"]);
    assert_eq!(bash("mcpset render --kus"), ["--kustomization"]);
    assert_eq!(bash("mcpset argocd gen"), ["generate"]);
    assert_eq!(
        bash("mcpset check --format "),
        ["text", "json", "sarif", "junit", "github"]
    );
    assert_eq!(bash("mcpset explain capab"), ["capabilities"]);
    assert_eq!(bash("mcpset explain profile/gith"), ["profile/github"]);
    assert_eq!(bash("mcpset man litel"), ["litellm"]);
}

#[test]
fn bash_leaves_files_to_readline() {
    assert_eq!(bash("mcpset render examples/quick"), [""]);
    let script = printed(&["completions", "bash"]);
    assert!(script.contains("-o default mcpset"), "{script}");
}

#[test]
fn every_shell_is_told_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell}: {command}");
        }
    }
}

/// What completion offers is not what is accepted: `explain` itself says what is near.
#[test]
fn words_that_completion_does_not_know_still_reach_the_command() {
    let ended = run(support::mcpset().args(["explain", "capabilitys"]), b"");
    assert!(ended.stderr.contains("did you mean"), "{}", ended.stderr);
}

#[test]
fn an_unknown_shell_is_told_the_known_ones() {
    let ended = run(support::mcpset().args(["completions", "tcsh"]), b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("fish"), "{}", ended.stderr);
}

#[test]
#[ignore = "needs the real fish: run ./test --all"]
fn fish_completes_commands_flags_and_their_values() {
    let folder = Folder::new(&[("mcpset.fish", &printed(&["completions", "fish"]))]);
    let offered = |line: &str| {
        let script = format!("source mcpset.fish; complete --do-complete '{line}'");
        let mut fish = Command::new(support::peer("fish"));
        fish.args(["--no-config", "-c", &script])
            .current_dir(folder.path());
        let offered = run(fish.env("HOME", folder.path()), b"").done();
        let words = offered.lines().map(|line| line.split('\t').next().unwrap());
        words.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(offered("mcpset rend"), ["render"]);
    assert_eq!(offered("mcpset render --kus"), ["--kustomization"]);
    assert_eq!(offered("mcpset check --format sar"), ["sarif"]);
}

/// In a terminal of its own, because zsh completes nowhere else. ^A and ^E are the line's ends: each
/// line is printed once it has been completed.
#[test]
#[ignore = "needs the real zsh: run ./test --all"]
fn zsh_completes_commands_flags_and_their_values() {
    let script = printed(&["completions", "zsh"]);
    let folder = Folder::new(&[("functions/_mcpset", &script)]);
    let lines = [
        ("mcpset rend", "mcpset render"),
        ("mcpset render --kus", "mcpset render --kustomization"),
        ("mcpset check --format sar", "mcpset check --format sarif"),
        ("mcpset explain capab", "mcpset explain capabilities"),
    ];
    let mut typed = String::from(
        "PS1=; fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -D -u\n",
    );
    for (line, _) in lines {
        for part in [line, "\t\u{1}print -r -- 'LINE: \u{5}'\n"] {
            typed.push_str(part);
        }
    }
    typed += "exit\n";

    let shell = format!("{} -f -i", support::peer("zsh").display());
    let mut terminal = Command::new("timeout");
    terminal
        .args(["30", "script", "-qec", &shell, "/dev/null"])
        .env("TERM", "dumb")
        .current_dir(folder.path());
    let shown = run(&mut terminal, typed.as_bytes()).done();
    let completed = shown.lines().filter_map(|line| line.strip_prefix("LINE: "));
    let completed: Vec<&str> = completed.map(str::trim_end).collect();
    assert_eq!(completed, lines.map(|(_, line)| line), "{shown}");
}

// --- manual pages -------------------------------------------------------------------------------

/// All pages, by the name of their file.
fn pages(folder: &Path) -> Vec<(String, String)> {
    let output = folder.to_str().unwrap();
    assert_eq!(printed(&["man", "-o", output]), "");
    let files = fs::read_dir(folder).unwrap();
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read_to_string(entry.path()).unwrap())
    };
    files.map(|entry| read(entry.unwrap())).collect()
}

#[test]
fn every_command_has_a_page() {
    let folder = Folder::new(&[]);
    let pages = pages(&folder.path().join("man1"));
    let page = |name: &str| pages.iter().find(|(file, _)| file == name);
    for command in commands().iter().filter(|name| *name != "help") {
        let (_, text) = page(&format!("mcpset-{command}.1")).unwrap();
        assert_eq!(&printed(&["man", command]), text);
    }
    let (_, text) = page("mcpset-argocd-generate.1").unwrap();
    assert_eq!(&printed(&["man", "argocd", "generate"]), text);
    let (_, text) = page("mcpset.1").unwrap();
    assert_eq!(&printed(&["man"]), text);
    assert!(!pages.iter().any(|(file, _)| file.contains("help")));
}

/// What a reader looks for: the command, every flag of `--help`, the exit status; and no date, which
/// would differ from one build to the next.
#[test]
fn a_page_says_what_help_says_and_how_a_run_ends() {
    let page = printed(&["man", "render"]);
    let version = env!("CARGO_PKG_VERSION");
    let title = format!(".TH mcpset-render 1 \"\" \"mcpset {version}\" \"mcpset manual\"\n");
    assert!(page.starts_with(&title), "{page}");
    for part in [
        r"\-\-output",
        r"\-\-kustomization",
        "\"EXIT STATUS\"",
        "MCPSET_LOG_FILE",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    // The host that names no command, and those that are told of.
    let page = printed(&["man"]);
    assert!(
        page.contains("Without a command mcpset is a KRM function"),
        "{page}"
    );
    assert!(page.contains(r"mcpset\-post\-render(1)"), "{page}");
}

#[test]
fn an_unknown_command_is_told_the_nearest() {
    let ended = run(support::mcpset().args(["man", "rendr"]), b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        ended.stderr,
        "error: mcpset has no command `rendr`; did you mean `render`?\n"
    );
    let ended = run(support::mcpset().args(["man", "render", "x"]), b"");
    assert_eq!(
        ended.stderr,
        "error: mcpset render has no command `x`; it has no commands\n"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::new(&[("file", "")]);
    let output = folder.path().join("file/man1");
    let ended = run(support::mcpset().arg("man").arg("-o").arg(&output), b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert!(ended.stderr.contains("file/man1"), "{}", ended.stderr);
}

/// The date is left empty on purpose, and clap's lists of values begin with a blank line.
#[test]
#[ignore = "needs the real mandoc: run ./test --all"]
fn mandoc_finds_nothing_else_in_the_pages() {
    let known = [
        "WARNING: missing date, using \"\": TH",
        "WARNING: skipping paragraph macro: br before sp",
        "WARNING: skipping paragraph macro: br after sp",
    ];
    let folder = Folder::new(&[]);
    for (name, text) in pages(folder.path()) {
        let mut mandoc = Command::new(support::peer("mandoc"));
        mandoc.args(["-T", "lint", "-W", "warning"]);
        let found = run(&mut mandoc, text.as_bytes());
        for line in found.stdout.lines() {
            let is_known = known.iter().any(|known| line.ends_with(known));
            assert!(is_known, "{name}: {line}");
        }
        assert!(found.stdout.contains(known[0]), "{name}: it was not read");
        assert_eq!(found.stderr, "", "{name}");
    }
}

#[test]
#[ignore = "needs the real groff: run ./test --all"]
fn groff_sets_the_pages_without_a_warning() {
    let folder = Folder::new(&[]);
    for (name, text) in pages(folder.path()) {
        let mut groff = Command::new(support::peer("groff"));
        let set = run(
            groff.args(["-man", "-Tutf8", "-Kutf8", "-ww"]),
            text.as_bytes(),
        );
        assert_eq!((set.status, set.stderr.as_str()), (Some(0), ""), "{name}");
        assert!(
            set.stdout.contains("mcpset manual"),
            "{name}\n{}",
            set.stdout
        );
    }
}

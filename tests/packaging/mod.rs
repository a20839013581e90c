//! What a release offers: archives, their checksums, what they are made of, the image, the plugins.
//!
//! Packing needs no release build, so most tests pack a stand-in that starts the program under test.

use crate::support;
mod made_of;
mod programs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::kustomize::Folder;
use crate::support::run::run;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const TARGETS: [&str; 2] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];

fn read(path: &str) -> String {
    fs::read_to_string(support::root().join(path)).unwrap()
}

/// `packaging/script args…`.
fn script(name: &str) -> Command {
    let mut command = Command::new(support::root().join("packaging").join(name));
    command.current_dir(support::root());
    command
}

/// A folder with `bin/TARGET/mcpset` for all targets, each a stand-in for its binary.
fn stand_ins() -> Folder {
    let text = format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_mcpset"));
    let folder = Folder::new(&[]);
    for target in TARGETS {
        let path = format!("bin/{target}/mcpset");
        folder.write(&path, &text);
        let path = folder.path().join(path);
        assert!(
            Command::new("chmod")
                .arg("755")
                .arg(path)
                .status()
                .unwrap()
                .success()
        );
    }
    folder
}

/// Packs the stand-ins into `release` of their folder, under a umask and in a time zone.
fn pack(folder: &Folder, umask: &str, zone: &str) -> BTreeMap<String, Vec<u8>> {
    let release = folder.path().join("release");
    let mut command = Command::new("bash");
    command
        .args([
            "-c",
            &format!("umask {umask} && exec packaging/pack \"$@\""),
            "pack",
        ])
        .arg(folder.path().join("bin"))
        .arg(&release)
        .env("TZ", zone)
        .env("SOURCE_DATE_EPOCH", "1750000000")
        .current_dir(support::root());
    support::stdout_of(command.output().unwrap());
    let files = fs::read_dir(release).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read(path).unwrap())
    });
    files.collect()
}

/// What `tar` lists of an archive: mode, owner, time and name.
fn listed(archive: &Path) -> String {
    let mut tar = Command::new("tar");
    let tar = tar.args([
        "--list",
        "--verbose",
        "--numeric-owner",
        "--full-time",
        "-f",
    ]);
    support::stdout_of(tar.arg(archive).env("TZ", "UTC").output().unwrap())
}

#[test]
fn the_same_binaries_make_the_same_release_byte_for_byte() {
    let (first, second) = (stand_ins(), stand_ins());
    let release = pack(&first, "022", "UTC");
    assert_eq!(release, pack(&second, "077", "Asia/Tokyo"));
    let names: Vec<String> = release
        .keys()
        .map(|name| name.replace(VERSION, "V"))
        .collect();
    assert_eq!(
        names,
        [
            "SHA256SUMS",
            "mcpset-V-linux-amd64.tar.gz",
            "mcpset-V-linux-arm64.tar.gz",
            "mcpset-V.cdx.json",
            "mcpset-helm3-V-linux-amd64.tgz",
            "mcpset-helm3-V-linux-arm64.tgz",
            "mcpset-helm4-V-linux-amd64.tgz",
            "mcpset-helm4-V-linux-arm64.tgz",
        ]
    );
    let mut sums = Command::new("sha256sum");
    let sums = sums.args(["--check", "--strict", "SHA256SUMS"]);
    let checked = sums
        .current_dir(first.path().join("release"))
        .output()
        .unwrap();
    assert_eq!(
        support::stdout_of(checked).matches(": OK\n").count(),
        names.len() - 1
    );

    let program = format!("release/mcpset-{VERSION}-linux-amd64.tar.gz");
    let program = listed(&first.path().join(program));
    for part in [
        "-rwxr-xr-x 0/0",
        "/bin/mcpset\n",
        "/share/man/man1/mcpset-render.1\n",
        "/share/bash-completion/completions/mcpset\n",
        "/share/zsh/site-functions/_mcpset\n",
        "/share/fish/vendor_completions.d/mcpset.fish\n",
        "/LICENSE-MIT\n",
        "/THIRD-PARTY-LICENCES\n",
    ] {
        assert!(program.contains(part), "{part}\n{program}");
    }
    for line in program.lines() {
        assert!(
            line.contains(" 2025-06-15 "),
            "not of SOURCE_DATE_EPOCH: {line}"
        );
    }
    let plugin = format!("release/mcpset-helm4-{VERSION}-linux-arm64.tgz");
    let plugin = listed(&first.path().join(plugin));
    assert!(
        plugin
            .lines()
            .any(|line| line.ends_with(" mcpset-helm4/plugin.yaml")),
        "{plugin}"
    );
}

#[test]
fn a_missing_binary_is_said_with_what_makes_it() {
    let empty = Folder::new(&[]);
    let ended = run(script("pack").arg(empty.path()).arg(empty.path()), b"");
    assert_eq!(ended.status, Some(1));
    assert!(ended.stderr.contains("packaging/build"), "{}", ended.stderr);
}

#[test]
fn every_script_says_what_it_does() {
    for name in [
        "build",
        "catalog",
        "image",
        "licences",
        "pack",
        "reproduce",
        "sbom",
    ] {
        let help = run(script(name).arg("--help"), b"").done();
        assert!(
            help.contains(&format!("packaging/{name}")),
            "{name}\n{help}"
        );
    }
}

#[test]
fn one_version_stands_everywhere() {
    for (path, text) in [
        (
            "helm-plugin/helm3/plugin.yaml",
            format!("\nversion: {VERSION}\n"),
        ),
        (
            "helm-plugin/helm4/plugin.yaml",
            format!("\nversion: {VERSION}\n"),
        ),
        (
            "argocd-plugin/sidecar-patch.yaml",
            format!("image: mcpset:{VERSION}\n"),
        ),
        ("CHANGELOG.md", VERSION.to_owned()),
    ] {
        assert!(read(path).contains(&text), "{path}: {text}");
    }
    let rust = env!("CARGO_PKG_RUST_VERSION");
    assert!(read("packaging/lib.bash").contains(&format!("\nrust={rust}.")));
    let workflow = read(".github/workflows/release.yml");
    assert!(workflow.contains(&format!("RUSTUP_TOOLCHAIN: {rust}.")));
}

#[test]
fn the_crate_has_what_it_is_built_from_and_no_tests() {
    let mut cargo = Command::new("cargo");
    let cargo = cargo.args(["package", "--list", "--allow-dirty", "--offline"]);
    let listed = cargo.current_dir(support::root()).output().unwrap();
    let listed = support::stdout_of(listed);
    let files: BTreeSet<&str> = listed.lines().collect();
    for file in [
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "examples/profiles/github.yaml",
        "src/main.rs",
        "src/profiles/github.yaml",
    ] {
        assert!(files.contains(file), "{file}");
    }
    for folder in [".ci", ".github", "golden", "packaging", "target", "tests"] {
        let inside = format!("{folder}/");
        assert!(
            !files.iter().any(|file| file.starts_with(&inside)),
            "{folder}"
        );
    }
}

//! What a release offers: archives, their checksums, what they are made of, the image, the plugins.
//!
//! Packing needs no release build, so most tests pack a stand-in that starts the program under test.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::Value as Json;
use support::chart::{example, with_sets_rendered};
use support::helm::Helm;
use support::kustomize::Folder;
use support::run::run;

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

// --- archives -----------------------------------------------------------------------------------

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

// --- what it is made of -------------------------------------------------------------------------

/// The parts that the SBOM names, by name, with their scope.
fn parts(sbom: &Json) -> BTreeMap<&str, &str> {
    let parts = sbom["components"].as_array().unwrap().iter();
    parts
        .map(|part| {
            (
                part["name"].as_str().unwrap(),
                part["scope"].as_str().unwrap(),
            )
        })
        .collect()
}

fn sbom() -> Json {
    let output = script("sbom").output().unwrap();
    serde_json::from_str(&support::stdout_of(output)).unwrap()
}

#[test]
fn the_sbom_lists_what_is_linked_and_what_only_builds_and_nothing_of_the_tests() {
    let sbom = sbom();
    let parts = parts(&sbom);
    for linked in ["clap", "k8s-openapi", "regorus", "rust-std", "serde"] {
        assert_eq!(parts[linked], "required", "{linked}");
    }
    for builds in ["clap_derive", "serde_derive"] {
        assert_eq!(parts[builds], "excluded", "{builds}");
    }
    for tests in ["insta", "proptest", "serde_yaml", "mcpset"] {
        assert!(!parts.contains_key(tests), "{tests}");
    }

    let lock = read("Cargo.lock");
    let components = sbom["components"].as_array().unwrap();
    for part in components.iter().filter(|part| part["name"] != "rust-std") {
        let text = |name: &str| part[name].as_str().unwrap();
        let locked = format!(
            "name = \"{}\"\nversion = \"{}\"\n",
            text("name"),
            text("version")
        );
        assert!(lock.contains(&locked), "{locked}");
        assert!(
            lock.contains(part["hashes"][0]["content"].as_str().unwrap()),
            "{locked}"
        );
    }
}

#[test]
fn the_sbom_says_what_depends_on_what_and_when_it_was_made_is_not_in_it() {
    let sbom = sbom();
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let components = sbom["components"].as_array().unwrap();
    let mut known: BTreeSet<String> = components
        .iter()
        .map(|part| text(&part["bom-ref"]))
        .collect();
    known.insert(text(&sbom["metadata"]["component"]["bom-ref"]));
    let dependencies = sbom["dependencies"].as_array().unwrap();
    let told: BTreeSet<String> = dependencies
        .iter()
        .map(|entry| text(&entry["ref"]))
        .collect();
    assert_eq!(told, known);
    for entry in dependencies {
        for wanted in entry["dependsOn"].as_array().unwrap() {
            assert!(known.contains(&text(wanted)), "{entry}");
        }
    }
    for changing in ["timestamp", "serialNumber"] {
        assert!(!sbom.to_string().contains(changing), "{changing}");
    }
}

/// By the schema that CycloneDX publishes.
#[test]
#[ignore = "needs the real cyclonedx-schema: run ./test --all"]
fn the_sbom_is_what_cyclonedx_says_it_is() {
    let output = Command::new(support::peer("cyclonedx-schema"))
        .output()
        .unwrap();
    let mut schemas: BTreeMap<String, Json> =
        serde_json::from_str(&support::stdout_of(output)).unwrap();
    let schema = schemas.remove("bom-1.5").unwrap();
    let mut registry = jsonschema::Registry::new();
    for (name, schema) in schemas {
        let uri = format!("http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json");
        registry = registry.add(uri, schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validator = jsonschema::options()
        .with_registry(&registry)
        .build(&schema)
        .unwrap();
    let mut sbom = sbom();
    let errors: Vec<String> = validator
        .iter_errors(&sbom)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    sbom["components"][0]["type"] = "crate".into();
    assert!(!validator.is_valid(&sbom));
}

#[test]
fn the_licence_of_each_linked_crate_goes_with_the_binary() {
    let licences = support::stdout_of(script("licences").output().unwrap());
    let sbom = sbom();
    for (name, scope) in parts(&sbom) {
        let named = licences.contains(&format!("\n{name} "));
        assert_eq!(named, scope == "required" && name != "rust-std", "{name}");
    }
    assert!(licences.contains("Permission is hereby granted, free of charge"));
}

// --- KRM functions ------------------------------------------------------------------------------

#[test]
fn the_catalogue_of_functions_names_the_three_kinds_and_the_image_with_its_digest() {
    // The script works in the project; a copy of what it reads keeps this test to itself.
    let folder = Folder::new(&[
        ("Cargo.toml", &read("Cargo.toml")),
        ("packaging/lib.bash", &read("packaging/lib.bash")),
        ("packaging/catalog", &read("packaging/catalog")),
        ("target/dist/bin/x86_64-unknown-linux-musl/mcpset", "binary"),
    ]);
    let program = folder
        .path()
        .join("target/dist/bin/x86_64-unknown-linux-musl/mcpset");
    assert!(
        Command::new("chmod")
            .arg("755")
            .arg(program)
            .status()
            .unwrap()
            .success()
    );
    let mut command = Command::new("bash");
    command
        .args(["packaging/catalog", "https://example.com/mcpset"])
        .arg("registry.example.com/mcpset:0.1.0@sha256:abc")
        .current_dir(folder.path());
    assert!(command.output().unwrap().status.success());
    let file = format!("target/dist/release/mcpset-{VERSION}-krm-functions.json");
    let catalog: Json = serde_json::from_str(&folder.read(&file)).unwrap();
    let functions = catalog["spec"]["krmFunctions"].as_array().unwrap();
    let kinds: Vec<&str> = functions
        .iter()
        .map(|function| function["names"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "McpServerSet",
            "McpServerSetTransformer",
            "McpServerSetCheck"
        ]
    );
    for function in functions {
        let version = &function["versions"][0];
        // Required by KEP-2906.
        for field in [
            "name",
            "schema",
            "idempotent",
            "usage",
            "examples",
            "license",
            "runtime",
        ] {
            assert!(!version[field].is_null(), "{field}");
        }
        let runtime = &version["runtime"];
        assert_eq!(
            runtime["container"]["image"],
            "registry.example.com/mcpset:0.1.0"
        );
        assert_eq!(runtime["container"]["sha256"], "abc");
        // The digest of the text above.
        let binary = &runtime["exec"]["platforms"][0];
        assert_eq!(
            binary["sha256"],
            "9a3a45d01531a20e89ac6ae10b0b0beb0492acd7216a368aa062d1a5fecaf9cd"
        );
        assert_eq!(binary["arch"], "amd64");
    }
}

// --- Helm ---------------------------------------------------------------------------------------

/// Serves `file` to one client after the other, for Helms that take an archive from an address only.
fn served(file: &Path) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let address = format!("http://{}/{name}", listener.local_addr().unwrap());
    let content = fs::read(file).unwrap();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // One packet holds all that Helm asks.
            let _ = client.read(&mut [0; 4096]);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                content.len()
            );
            let _ = client.write_all(head.as_bytes());
            let _ = client.write_all(&content);
        }
    });
    address
}

fn archive(folder: &Folder, helm: &str) -> PathBuf {
    let name = format!("release/mcpset-{helm}-{VERSION}-linux-amd64.tgz");
    folder.path().join(name)
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn helm_3_installs_the_archive_and_renders_the_example_through_it() {
    let folder = stand_ins();
    pack(&folder, "022", "UTC");
    let helm = Helm::without_plugin("helm3");
    let address = served(&archive(&folder, "helm3"));
    let installed = helm.command(&["plugin", "install", &address]).output();
    support::stdout_of(installed.unwrap());
    let program = helm.plugins().join("mcpset-helm3/bin/mcpset");
    assert!(program.exists(), "{}", program.display());
    let shown = helm.command(&["mcpset", "render", "--help"]).output();
    assert!(support::stdout_of(shown.unwrap()).contains("--kustomization"));

    let rendered = helm
        .command(&["template", "mcp", "--namespace", "litellm"])
        .arg(example())
        .arg(format!("--post-renderer={}", program.display()))
        .arg("--post-renderer-args=post-render")
        .output();
    let plain = helm.plain_template(&example(), &[]);
    assert_eq!(
        support::stdout_of(rendered.unwrap()),
        with_sets_rendered(&plain)
    );
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_installs_the_archive_and_renders_the_example_through_it() {
    let folder = stand_ins();
    pack(&folder, "022", "UTC");
    let archive = archive(&folder, "helm4");
    let install = |from: &str| {
        let helm = Helm::without_plugin("helm4");
        let mut command = helm.command(&["plugin", "install", "--verify=false", from]);
        support::stdout_of(command.output().unwrap());
        helm
    };
    install(&served(&archive));
    let helm = install(archive.to_str().unwrap());
    let rendered = helm
        .command(&["template", "mcp", "--namespace", "litellm"])
        .arg(example())
        .arg("--post-renderer=mcpset")
        .output();
    let rendered = support::stdout_of(rendered.unwrap());
    assert_eq!(
        rendered.matches("kind: Deployment").count(),
        2,
        "{rendered}"
    );
    assert!(!rendered.contains("\nkind: McpServerSet\n"), "{rendered}");
}

// --- the binary and the image -------------------------------------------------------------------

/// The target whose standard library is here: the releases' own, or the C library of this machine,
/// linked statically.
fn target() -> &'static str {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .unwrap();
    let sysroot = PathBuf::from(support::stdout_of(sysroot).trim());
    let has = |target: &&str| sysroot.join("lib/rustlib").join(target).exists();
    ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"]
        .into_iter()
        .find(has)
        .unwrap()
}

/// A release build, which takes minutes; then what starts the image starts it: podman, kustomize, and
/// Argo CD as its own user.
#[test]
#[ignore = "needs the real podman and kustomize: run ./test --all"]
fn the_static_binary_is_an_image_that_hosts_run_as_a_function_and_as_a_sidecar() {
    let output = script("build").arg(target()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("static, and runs in an empty root"), "{said}");

    // kustomize starts a program called docker.
    let folder = Folder::new(&[]);
    let podman = support::peer("podman");
    for name in ["podman", "docker"] {
        std::os::unix::fs::symlink(&podman, folder.path().join(name)).unwrap();
    }
    let path = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap()
    );
    let image = "localhost/mcpset-test:0.1.0";
    support::stdout_of(
        script("image")
            .arg(image)
            .env("PATH", &path)
            .output()
            .unwrap(),
    );

    let podman = |args: &[&str], input: &str| {
        let mut command = Command::new(&podman);
        command.args(["run", "--rm", "--interactive", "--network", "none"]);
        run(command.args(args), input.as_bytes()).done()
    };
    let expected = support::render_text(Path::new("examples/quickstart.yaml"));
    let quickstart = support::QUICKSTART;
    assert_eq!(podman(&[image, "render", "-"], quickstart), expected);
    // As argocd-plugin/sidecar-patch.yaml has it.
    let sidecar = [
        "--user",
        "999",
        "--read-only",
        "--cap-drop",
        "ALL",
        "--entrypoint",
        "mcpset",
    ];
    let sidecar = [&sidecar[..], &[image, "argocd", "generate", "-"]].concat();
    assert_eq!(
        podman(&sidecar, quickstart)
            .matches("kind: Deployment")
            .count(),
        2
    );

    let set = read("kustomize-plugin/mcpset.yaml");
    let set = set.replace("exec:", "container:");
    let set = set.replace("path: mcpset", &format!("image: {image}"));
    folder.write("build/mcpset.yaml", &set);
    folder.write(
        "build/kustomization.yaml",
        &read("kustomize-plugin/kustomization.yaml"),
    );
    let built = Command::new(support::peer("kustomize"))
        .args(["build", "--enable-alpha-plugins"])
        .arg(folder.path().join("build"))
        .env("PATH", &path)
        .output();
    let built = support::stdout_of(built.unwrap());
    assert_eq!(built.matches("kind: Deployment").count(), 2, "{built}");
    let removed = Command::new(support::peer("podman"))
        .args(["rmi", "--force", image])
        .output();
    support::stdout_of(removed.unwrap());
}

// --- scripts and workflows ----------------------------------------------------------------------

#[test]
#[ignore = "needs the real shellcheck: run ./test --all"]
fn shellcheck_finds_nothing_in_the_scripts() {
    let scripts = [
        "build",
        "catalog",
        "image",
        "lib.bash",
        "licences",
        "pack",
        "reproduce",
        "sbom",
    ];
    let mut command = Command::new(support::peer("shellcheck"));
    command
        .args([
            "--external-sources",
            "--severity=warning",
            "test",
            ".ci/run",
        ])
        .args(scripts.map(|name| format!("packaging/{name}")))
        .current_dir(support::root());
    assert_eq!(run(&mut command, b"").done(), "");
}

#[test]
#[ignore = "needs the real actionlint: run ./test --all"]
fn actionlint_finds_nothing_in_the_workflow() {
    let mut command = Command::new(support::peer("actionlint"));
    command
        .args(["-no-color", ".github/workflows/release.yml"])
        .current_dir(support::root());
    assert_eq!(run(&mut command, b"").done(), "");
}

/// What actionlint leaves open: whoever moves a tag of an action must not reach a release.
#[test]
fn the_workflow_pins_each_action_by_its_commit_and_may_read_and_no_more() {
    let text = read(".github/workflows/release.yml");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    assert_eq!(
        serde_json::to_value(&workflow["permissions"]).unwrap(),
        serde_json::json!({"contents": "read"})
    );
    let uses = text.lines().filter_map(|line| line.split_once("uses: "));
    let uses: Vec<&str> = uses.map(|(_, action)| action).collect();
    assert!(uses.len() > 5);
    for action in uses {
        let (_, pin) = action.split_once('@').unwrap();
        let (commit, version) = pin.split_once(" # v").unwrap();
        assert!(commit.len() == 40 && !version.is_empty(), "{action}");
    }
}

//! What the real programs make of a release: Helm, podman, linters.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::{VERSION, pack, read, script, stand_ins, support};
use crate::support::chart::{example, with_sets_rendered};
use crate::support::helm::Helm;
use crate::support::kustomize::Folder;
use crate::support::release::release;
use crate::support::run::run;

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

/// A release build, which takes minutes; then what starts the image starts it: podman, kustomize, and
/// Argo CD as its own user.
#[test]
#[ignore = "needs the real podman and kustomize: run ./test --all"]
fn the_static_binary_is_an_image_that_hosts_run_as_a_function_and_as_a_sidecar() {
    let said = &release().said;
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

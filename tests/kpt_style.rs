//! Functions over a package of files, as kpt runs them: by the real `kustomize fn run`, and by kpt itself.

use crate::support;
use std::fs;

use crate::support::kustomize::{Folder, kustomize};

/// Nobody's but its author's, whatever its labels say.
const FOREIGN: &str = "# Mine
apiVersion: v1
kind: Service
metadata:
  name: by-hand # mine too
  namespace: litellm
  labels: {app.kubernetes.io/managed-by: mcpset, app.kubernetes.io/part-of: mcp}
spec: {ports: [{port: 80}]}
";

/// The quickstart set, kept in its package.
fn set() -> String {
    let text = fs::read_to_string(support::root().join("examples/quickstart.yaml")).unwrap();
    text.replace(
        "namespace: litellm}",
        "namespace: litellm, annotations: {config.kubernetes.io/local-config: \"true\"}}",
    )
}

fn run(package: &Folder) {
    let output = kustomize()
        .args(["fn", "run", "--enable-exec", "--exec-path"])
        .arg(env!("CARGO_BIN_EXE_mcpset"))
        .arg(package.path())
        .output()
        .unwrap();
    support::stdout_of(output);
}

fn package() -> Folder {
    Folder::new(&[("sets/mcp.yaml", &set()), ("by-hand.yaml", FOREIGN)])
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_set_stays_and_its_objects_lie_beside_it_a_file_each() {
    let package = package();
    run(&package);
    let files = package.files();
    assert_eq!(files["sets/mcp.yaml"], set());
    assert_eq!(files["by-hand.yaml"], FOREIGN);
    let deployment = &files["sets/mcp/litellm_deployment_mcp-github.yaml"];
    assert!(deployment.contains("mcpset.dev/generated-from: litellm/mcp"));
    assert_eq!(files.len(), 2 + 16);
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_second_run_changes_nothing() {
    let package = package();
    run(&package);
    let first = package.files();
    run(&package);
    assert_eq!(package.files(), first);
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_server_that_leaves_the_set_takes_its_objects_with_it_and_nobody_elses() {
    let package = package();
    run(&package);
    let (without_s3, _) = set()
        .split_once("  - name: s3")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    package.write("sets/mcp.yaml", &without_s3);
    run(&package);
    let files = package.files();
    assert!(
        !files.keys().any(|path| path.contains("mcp-s3")),
        "{:?}",
        files.keys()
    );
    assert!(files.contains_key("sets/mcp/litellm_deployment_mcp-github.yaml"));
    assert_eq!(files["by-hand.yaml"], FOREIGN);
}

/// The package in `kustomize-plugin/kpt`: a set and a pipeline of a mutator and a validator.
#[test]
#[ignore = "needs the real kpt: run ./test --all"]
fn kpt_renders_the_example_package_and_again_without_a_change() {
    let package = Folder::new(&[]);
    for name in ["Kptfile", "check.yaml", "mcp.yaml"] {
        let path = support::root().join("kustomize-plugin/kpt").join(name);
        package.write(name, &fs::read_to_string(path).unwrap());
    }
    let programs = Folder::new(&[]);
    let program = env!("CARGO_BIN_EXE_mcpset");
    std::os::unix::fs::symlink(program, programs.path().join("mcpset")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", programs.path().display());
    let render = || {
        let mut kpt = std::process::Command::new(support::peer("kpt"));
        let kpt = kpt.args(["fn", "render", "--allow-exec"]);
        let output = kpt.arg(package.path()).env("PATH", &path).output();
        support::stdout_of(output.unwrap());
        package.files()
    };
    let first = render();
    assert!(first.contains_key("mcp/litellm_deployment_mcp-github.yaml"));
    // All of it is there, so a validator that counted the set as well would find all of it twice.
    assert_eq!(render(), first);
}

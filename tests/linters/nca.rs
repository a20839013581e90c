//! np-guard's Network Config Analyzer, which reads the policies and says who reaches whom: the servers,
//! those beside them in `neighbours.yaml`, and addresses outside.

use serde_json::json;

use super::{Folder, GITHUB, linter, new, rendered};
use crate::support::{configs_in, root};

/// The connections from and to the servers, one a line.
fn findings(folder: &Folder) -> Vec<String> {
    let mut command = linter("nca", folder);
    command.args(["--connectivity", "--output_format", "txt_no_fw_rules"]);
    command
        .arg("--resource_list")
        .arg(root().join("tests/linters/neighbours.yaml"));
    // Each by its name: in a folder, it takes a file with `{{` in it for a template, and leaves it out.
    for file in folder.files().keys() {
        command.args(["--resource_list", file]);
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !stderr.contains("Skipping"),
        "{stderr}"
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    let connections = stdout.lines().filter(|line| line.contains("[Deployment]"));
    let mut connections: Vec<_> = connections.map(ToOwned::to_owned).collect();
    connections.sort();
    connections
}

#[test]
#[ignore = "needs the real nca: run ./test --all"]
fn who_reaches_whom_is_as_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../golden/network");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for example in configs_in("examples") {
        let name = example.file_stem().unwrap().to_string_lossy().into_owned();
        let connections = findings(&rendered(&example)).join("\n");
        settings.bind(|| insta::assert_snapshot!(name, connections));
    }
}

#[test]
#[ignore = "needs the real nca: run ./test --all"]
fn nca_finds_a_mistake() {
    let found = new(findings, |bundle| {
        let from = "/spec/ingress/0/from/0/podSelector/matchLabels";
        let stranger = json!({"app.kubernetes.io/name": "stranger"});
        bundle.set("NetworkPolicy", GITHUB, from, stranger);
        let except = "/spec/egress/1/to/0/ipBlock/except/0";
        bundle.set("NetworkPolicy", GITHUB, except, json!("10.0.0.0/9"));
    });
    assert_eq!(
        found,
        [
            "litellm/mcp-github[Deployment] => 10.128.0.0-100.63.255.255 : {protocols:TCP,dst_ports:443}",
            "litellm/stranger[Pod] => litellm/mcp-github[Deployment] : {protocols:TCP,dst_ports:8080}",
        ]
    );
}

//! `benches/whole.py` runs to its end, and compares what it measures. With a few servers and a debug build its
//! figures say nothing; that the programs beside mcpset write the same objects is true of any number.

use std::process::Command;

use crate::support;
use crate::support::kustomize::Folder;

/// The bench with five servers, of the binary `mcpset`: whether it went well, and what it printed and said.
fn whole(mcpset: &str) -> (bool, String) {
    let mut bench = Command::new(support::root().join("benches/whole.py"));
    let bench = bench.args(["--quick", "--servers", "5", mcpset]);
    let output = bench.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
#[ignore = "needs the real helm3, helm4 and kustomize: run ./test"]
fn whole_processes_are_measured_beside_helm_and_kustomize_of_the_same_objects() {
    let (is_done, said) = whole(env!("CARGO_BIN_EXE_mcpset"));
    assert!(is_done, "{said}");
    for part in [
        "5 servers: 52 objects",
        "one server / empty program",
        "helm3 of a chart / mcpset",
        "helm3 of a loop over names / mcpset",
        "helm4 of a chart / mcpset",
        "helm4 of a loop over names / mcpset",
        "kustomize of a tenth / mcpset",
        "50 servers / 5 servers",
        "50 servers: MB of memory",
        "check / render of 5 servers",
        "post-render, MB a second",
        "ResourceList, MB a second",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
#[ignore = "needs the real helm3, helm4 and kustomize: run ./test"]
fn helm_is_not_measured_when_its_objects_are_others() {
    for (changed, chart) in [("5.yaml", "a chart"), ("1.yaml", "a loop over names")] {
        let text = format!(
            "#!/bin/sh\n{} \"$@\" | case $* in */{changed}) sed 's/cpu: 100m/cpu: 101m/' ;; *) cat ;; esac\n",
            env!("CARGO_BIN_EXE_mcpset")
        );
        let folder = Folder::new(&[("mcpset", &text)]);
        let program = folder.path().join("mcpset");
        let mut chmod = Command::new("chmod");
        assert!(chmod.arg("755").arg(&program).status().unwrap().success());
        let (is_done, said) = whole(program.to_str().unwrap());
        assert!(!is_done, "{said}");
        let end = format!("helm3 writes other objects of {chart}\n");
        assert!(said.ends_with(&end), "{said}");
        assert!(
            !said.contains(&format!("helm3 template of {chart}")),
            "{said}"
        );
    }
}

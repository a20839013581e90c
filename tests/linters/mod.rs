//! What the linters that teams run before an apply say of every example's bundle: each finding that is
//! left, by name, so that a new one fails and one that is mended leaves its list. Why one is left stands
//! beside it.
//!
//! A linter that says nothing may have read nothing: each is also given bundles that are spoilt in one
//! place, and must say exactly that.
//!
//! gator has tests of its own, beside our evaluation of the same policies: tests/gatekeeper.

use crate::support;
mod checkov;
mod kube_score;
mod kubeconform;
mod nca;
mod trivy;

use std::path::Path;
use std::process::Command;

use crate::support::kustomize::Folder;
use crate::support::{Bundle, QUICKSTART, bundle, peer};
use serde_json::Value;

/// The Deployment, and other objects, of the server that the tests spoil.
const GITHUB: &str = "mcp-github";
/// The container in a Deployment.
const CONTAINER: &str = "/spec/template/spec/containers/0";

/// What a linter says of a folder with one file an object: checks, each with its object, sorted.
type Findings = fn(&Folder) -> Vec<String>;
/// The findings that are left in each example.
type Left<'a> = &'a [(&'a str, &'a [&'a str])];

/// A peer in `folder`, without the network: whatever it asks for, nobody answers.
fn linter(name: &str, folder: &Folder) -> Command {
    let mut command = Command::new(peer(name));
    command.current_dir(folder.path());
    for proxy in ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"] {
        command.env(proxy, "http://127.0.0.1:9");
    }
    command
}

/// What `command` prints on its standard output, as JSON. Linters with findings end with status 1, or 0.
fn json_of(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        panic!("{error}: {}", String::from_utf8_lossy(&said))
    })
}

/// The values in a list; none in `null`, which is how Go writes a list that is empty.
fn items(list: &Value) -> &[Value] {
    match list {
        Value::Null => &[],
        list => list.as_array().unwrap(),
    }
}

/// `Deployment.mcp-github`, the object that the file `path` holds.
fn object(path: &Value) -> String {
    let path = Path::new(path.as_str().unwrap());
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// What `mcpset render` prints for `example`, one file an object.
fn rendered(example: &Path) -> Folder {
    let folder = Folder::new(&[]);
    for document in support::render(example) {
        let name = format!("{}.{}.yaml", document.kind, document.name);
        folder.write(&name, &document.text);
    }
    folder
}

/// The objects of `bundle`, one file each.
fn written(bundle: &Bundle) -> Folder {
    let folder = Folder::new(&[]);
    for document in &bundle.documents {
        let name = format!("{}.yaml", bundle::id(document).replace(' ', "."));
        folder.write(&name, &serde_yaml::to_string(document).unwrap());
    }
    folder
}

/// Shows that `left` is what is found in each example; the one of twelve servers has the profiles in it.
#[track_caller]
fn assert_left(findings: Findings, left: Left) {
    let found: Vec<_> = support::configs_in("examples")
        .iter()
        .map(|example| (example.display().to_string(), findings(&rendered(example))))
        .collect();
    let found: Vec<_> = found
        .iter()
        .map(|(example, found)| (example.as_str(), found.iter().map(String::as_str).collect()))
        .collect();
    let left: Vec<(_, Vec<_>)> = left
        .iter()
        .map(|(example, found)| (*example, found.to_vec()))
        .collect();
    assert_eq!(found, left);
}

/// What is found in the guide's two servers once they are spoilt, and was not before.
fn new(findings: Findings, spoil: impl FnOnce(&mut Bundle)) -> Vec<String> {
    let mut bundle = Bundle::of(QUICKSTART).unwrap();
    let before = findings(&written(&bundle));
    spoil(&mut bundle);
    let mut after = findings(&written(&bundle));
    after.retain(|finding| !before.contains(finding));
    after
}

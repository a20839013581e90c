//! `mcpset argocd` in the surroundings that Argo CD's plugin server gives its commands: the
//! application's directory and a few variables. `server.rs` asks the real one.

use crate::support;
mod directory;
mod kustomization;
mod parameters;
mod plugin_folder;
mod server;

use std::fs;
use std::process::{Command, Output, Stdio};

use crate::support::Document;
use crate::support::kustomize::Folder;

const PARAMETERS: &str = "ARGOCD_APP_PARAMETERS";
const NAMESPACE: &str = "ARGOCD_APP_NAMESPACE";

/// Somebody else's manifest, which no YAML writer would give back like this.
const OTHER: &str = "\
# A comment above, and a McpServerSet in it
apiVersion:   v1
kind: ConfigMap
metadata: {\"name\": other} # and beside
data:   {a: 'yes', b: \"1.10\",
  c: \"0x1F\" }
---   # two in one file
{apiVersion: v1, kind: ConfigMap, metadata: {name: second}}
";

/// The example that most people see first.
fn quickstart() -> String {
    fs::read_to_string(support::root().join("examples/quickstart.yaml")).unwrap()
}

/// A set as small as can be, with `name` and one server of the same name.
fn set(name: &str) -> String {
    format!(
        "apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {{name: {name}, namespace: litellm}}
spec:
  platform: {{registry: registry.example.com}}
  namePrefix: {name}-
  servers:
  - {{name: {name}, image: 'mcp-{name}:1.0.0'}}
"
    )
}

/// The set of most tests.
fn github() -> String {
    set("github")
}

/// `mcpset argocd …` in `app`, with those of Argo CD's variables that are given.
fn argocd(app: &Folder, arguments: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = support::mcpset();
    command
        .arg("argocd")
        .args(arguments)
        .current_dir(app.path())
        .env_remove(PARAMETERS)
        .env_remove(NAMESPACE)
        .envs(env.iter().copied())
        .stdin(Stdio::null());
    command
}

fn generate(app: &Folder, env: &[(&str, &str)]) -> Output {
    argocd(app, &["generate"], env).output().unwrap()
}

fn generated(app: &Folder, env: &[(&str, &str)]) -> Vec<Document> {
    support::documents(&support::stdout_of(generate(app, env)))
}

fn discovered(app: &Folder) -> String {
    support::stdout_of(argocd(app, &["discover"], &[]).output().unwrap())
}

/// The cause, as Argo CD shows it, of a run that must have failed.
fn cause(output: Output) -> String {
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "{stderr}");
    assert!(stderr.contains("error"), "{stderr}");
    stderr
}

fn find<'d>(documents: &'d [Document], kind: &str, name: &str) -> &'d serde_yaml::Value {
    let found = documents
        .iter()
        .find(|document| document.kind == kind && document.name == name);
    &found
        .unwrap_or_else(|| panic!("there is no {kind} {name}"))
        .value
}

fn image(documents: &[Document], deployment: &str) -> String {
    let deployment = find(documents, "Deployment", deployment);
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    container["image"].as_str().unwrap().to_owned()
}

fn namespaces(documents: &[Document]) -> Vec<&str> {
    let mut all: Vec<&str> = documents
        .iter()
        .map(|document| document.value["metadata"]["namespace"].as_str().unwrap())
        .filter(|namespace| *namespace != "monitoring")
        .collect();
    all.dedup();
    all
}

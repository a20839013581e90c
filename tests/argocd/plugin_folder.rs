//! What lies in `argocd-plugin/` fits together, with mcpset and with Argo CD.

use std::fs;

use serde_json::Value as Json;

use super::{PARAMETERS, argocd, find, generated, github, image, quickstart, support};
use support::kustomize::Folder;

fn plugin_file(name: &str) -> String {
    fs::read_to_string(support::root().join("argocd-plugin").join(name)).unwrap()
}

#[test]
fn the_application_in_the_readme_sets_parameters_that_there_are() {
    let readme = plugin_file("README.md");
    let (_, yaml) = readme
        .split_once("```yaml\napiVersion: argoproj.io/")
        .unwrap();
    let yaml = format!(
        "apiVersion: argoproj.io/{}",
        yaml.split_once("```").unwrap().0
    );
    let application: Json = serde_yaml::from_str(&yaml).unwrap();
    let source = &application["spec"]["source"];
    assert_eq!(source["plugin"]["name"], "mcpset");
    let app = Folder::new(&[("mcp.yaml", &quickstart())]);
    let parameters = source["plugin"]["parameters"].to_string();
    let documents = generated(&app, &[(PARAMETERS, &parameters)]);
    assert!(image(&documents, "mcp-github").ends_with("/mcp-github:1.1.0"));
    let deployment = find(&documents, "Deployment", "mcp-s3");
    assert_eq!(deployment["spec"]["replicas"], 3);
}

/// The parts of Argo CD's own repo-server that the patch relies on.
const REPO_SERVER: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-repo-server}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: argocd-repo-server}}
  template:
    metadata: {labels: {app.kubernetes.io/name: argocd-repo-server}}
    spec:
      containers:
      - {name: argocd-repo-server, image: 'argocd:v3.5.7'}
      volumes:
      - {name: tmp, emptyDir: {}}
      - {name: var-files, emptyDir: {}}
      - {name: plugins, emptyDir: {}}
";

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_sidecar_joins_the_repo_server_with_its_plugin_mounted() {
    let installation = Folder::new(&[
        (
            "kustomization.yaml",
            "namespace: argocd\nresources: [repo-server.yaml]\ncomponents: [plugin]\n",
        ),
        ("repo-server.yaml", REPO_SERVER),
    ]);
    for name in ["kustomization.yaml", "sidecar-patch.yaml", "plugin.yaml"] {
        installation.write(&format!("plugin/{name}"), &plugin_file(name));
    }
    let built = support::stdout_of(support::kustomize::build(installation.path(), &[]));
    let documents = support::documents(&built);

    let config = documents
        .iter()
        .find(|one| one.kind == "ConfigMap")
        .unwrap();
    assert_eq!(
        config.value["data"]["plugin.yaml"].as_str(),
        Some(plugin_file("plugin.yaml").as_str())
    );
    let pod = find(&documents, "Deployment", "argocd-repo-server");
    let pod: Json = serde_json::to_value(&pod["spec"]["template"]["spec"]).unwrap();
    let containers = pod["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 2);
    let sidecar = containers
        .iter()
        .find(|one| one["name"] == "mcpset")
        .unwrap();
    assert_eq!(sidecar["securityContext"]["runAsUser"], 999);
    assert_eq!(sidecar["securityContext"]["readOnlyRootFilesystem"], true);

    let volumes = pod["volumes"].as_array().unwrap();
    let volume = |mount: &str| {
        let mounts = sidecar["volumeMounts"].as_array().unwrap();
        let mount = mounts.iter().find(|one| one["mountPath"] == mount).unwrap();
        let named = |volume: &&Json| volume["name"] == mount["name"];
        volumes.iter().find(named).unwrap()
    };
    assert_eq!(volume("/var/run/argocd")["name"], "var-files");
    assert_eq!(volume("/home/argocd/cmp-server/plugins")["name"], "plugins");
    assert_ne!(volume("/tmp")["name"], "tmp");
    let mounted = &volume("/home/argocd/cmp-server/config/plugin.yaml")["configMap"]["name"];
    assert_eq!(mounted, &config.name);
}

#[test]
fn the_plugin_runs_commands_that_there_are() {
    let plugin: Json = serde_yaml::from_str(&plugin_file("plugin.yaml")).unwrap();
    let app = Folder::new(&[("mcp.yaml", &github())]);
    for command in [
        &plugin["spec"]["discover"]["find"],
        &plugin["spec"]["generate"],
        &plugin["spec"]["parameters"]["dynamic"],
    ] {
        let words = command["command"].as_array().unwrap();
        let words: Vec<&str> = words.iter().map(|word| word.as_str().unwrap()).collect();
        assert_eq!(words[..2], ["mcpset", "argocd"]);
        let output = argocd(&app, &words[2..], &[]).output().unwrap();
        assert_ne!(support::stdout_of(output), "");
    }
}

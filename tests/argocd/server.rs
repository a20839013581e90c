//! The plugin under the real argocd-cmp-server, asked with the packages of Argo CD's repo-server:
//! it finds the plugin that takes an application, and sends the repository over the unix socket.
//! `./test --all` installs both sides and runs these.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{OTHER, quickstart, support};
use support::kustomize::{Folder, path_with_mcpset};

/// How long the server may take until it listens.
const START: Duration = Duration::from_mins(1);

/// Runs a program until standard input closes, which it does when the test ends, however it ends:
/// no server outlives its test.
const UNTIL_STDIN_CLOSES: &str = "\"$@\" & read -r _; kill -9 $!; wait";

/// A running argocd-cmp-server.
struct Server {
    process: Child,
    /// Its configuration, socket, log and work; under /tmp, as the path of a socket is short.
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts the server with a plugin of `argocd-plugin/`, and waits until it listens.
    fn start(plugin: &str) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let config = support::root().join("argocd-plugin").join(plugin);
        let config = fs::read_to_string(config).unwrap();
        fs::write(folder.path().join("plugin.yaml"), &config).unwrap();
        let config: Json = serde_yaml::from_str(&config).unwrap();
        let name = config["metadata"]["name"].as_str().unwrap();
        let socket = folder.path().join(format!("{name}.sock"));
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new("sh")
            .args(["-c", UNTIL_STDIN_CLOSES, "sh"])
            .arg(support::peer("argocd-cmp-server"))
            .arg("--config-dir-path")
            .arg(folder.path())
            .env_clear()
            .env("PATH", path_with_mcpset_and_kustomize())
            .env("ARGOCD_PLUGINSOCKFILEPATH", folder.path())
            .env("ARGOCD_CMP_WORKDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { process, folder };
        let started = Instant::now();
        while !socket.exists() {
            assert!(started.elapsed() < START, "no server: {}", server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Asks `question` about the application in the folder `path` of `repository`; `plugin` is the
    /// Application's `source.plugin`.
    fn ask(
        &self,
        question: &str,
        repository: &Folder,
        path: &str,
        plugin: &Json,
    ) -> Result<Json, String> {
        let mut client = Command::new(support::peer("argocd-cmp-client"))
            .arg(question)
            .arg(repository.path())
            .arg(repository.path().join(path))
            .arg("from-application")
            .env_clear()
            .env("ARGOCD_PLUGINSOCKFILEPATH", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = client.stdin.take().unwrap();
        stdin.write_all(plugin.to_string().as_bytes()).unwrap();
        drop(stdin);
        let Output {
            status,
            stdout,
            stderr,
        } = client.wait_with_output().unwrap();
        if status.success() {
            Ok(serde_json::from_slice(&stdout).unwrap())
        } else {
            Err(String::from_utf8(stderr).unwrap())
        }
    }

    /// The manifests of the application at `path`, as Argo CD applies them.
    fn manifests(&self, app: &Folder, path: &str, plugin: &Json) -> Result<Vec<Json>, String> {
        let answer = self.ask("generate", app, path, plugin)?;
        let manifests = answer["manifests"].as_array().unwrap();
        Ok(manifests
            .iter()
            .map(|manifest| serde_json::from_str(manifest.as_str().unwrap()).unwrap())
            .collect())
    }

    /// The manifests of an application that names no plugin and sets nothing.
    fn generate(&self, app: &Folder) -> Result<Vec<Json>, String> {
        self.manifests(app, ".", &json!({}))
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A PATH with mcpset and, where `./test` installed it, the real kustomize.
fn path_with_mcpset_and_kustomize() -> OsString {
    let peers = support::peer("argocd-cmp-server");
    let peers = peers.parent().unwrap().to_owned();
    let path = path_with_mcpset();
    let path = std::iter::once(peers).chain(std::env::split_paths(&path));
    std::env::join_paths(path).unwrap()
}

/// An application of plain files: a set, and something else.
fn app() -> Folder {
    Folder::new(&[("mcp.yaml", &quickstart()), ("other.yaml", OTHER)])
}

/// What `mcpset render` makes of the quickstart example.
fn rendered() -> Vec<Json> {
    let documents = support::render(Path::new("examples/quickstart.yaml"));
    documents
        .into_iter()
        .map(|document| serde_json::to_value(document.value).unwrap())
        .collect()
}

fn find<'m>(manifests: &'m [Json], kind: &str, name: &str) -> &'m Json {
    manifests
        .iter()
        .find(|manifest| manifest["kind"] == kind && manifest["metadata"]["name"] == name)
        .unwrap()
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn argo_cd_gets_what_render_prints_and_what_else_lies_there() {
    let server = Server::start("plugin.yaml");
    let mut expected = rendered();
    for document in serde_yaml::Deserializer::from_str(OTHER) {
        expected.push(Json::deserialize(document).unwrap());
    }
    assert_eq!(server.generate(&app()).unwrap(), expected);
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn only_an_application_with_sets_is_discovered() {
    let server = Server::start("plugin.yaml");
    let set = quickstart();
    for other in [
        Folder::new(&[("other.yaml", OTHER)]),
        Folder::new(&[("below/mcp.yaml", &set)]),
        Folder::new(&[
            ("mcp.yaml", &set),
            ("kustomization.yaml", "resources: [mcp.yaml]\n"),
        ]),
    ] {
        for plugin in [json!({}), json!({"name": "mcpset"})] {
            let error = server.manifests(&other, ".", &plugin).unwrap_err();
            assert!(error.contains("could not find"), "{error}");
            assert!(error.contains("supporting the given repository"), "{error}");
        }
    }
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn an_application_in_a_folder_of_the_repository_gets_that_folder_alone() {
    let server = Server::start("plugin.yaml");
    let repository = Folder::new(&[
        ("apps/mcp/mcp.yaml", &quickstart()),
        ("apps/other.yaml", OTHER),
    ]);
    let manifests = server.manifests(&repository, "apps/mcp", &json!({"name": "mcpset"}));
    assert_eq!(manifests.unwrap(), rendered());
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn argo_cd_shows_the_parameters_with_todays_values() {
    let server = Server::start("plugin.yaml");
    let answer = server.ask("parameters", &app(), ".", &json!({})).unwrap();
    let announced = answer["parameterAnnouncements"].as_array().unwrap();
    let of = |name: &str| announced.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(announced.len(), 3);
    assert_eq!(of("images")["collectionType"], "map");
    assert_eq!(
        of("images")["map"],
        json!({"github": "1.0.0", "s3": "1.0.0"})
    );
    assert_eq!(of("replicas")["collectionType"], "map");
    assert_eq!(of("replicas")["map"], json!({"github": "2", "s3": "2"}));
    assert_eq!(of("namespace")["string"], "litellm");
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn the_parameters_of_the_application_reach_the_manifests() {
    let server = Server::start("plugin.yaml");
    let plugin = json!({"parameters": [
        {"name": "images", "map": {"github": "1.1.0"}},
        {"name": "replicas", "map": {"s3": "4"}},
        {"name": "namespace", "string": "tools"},
    ]});
    let manifests = server.manifests(&app(), ".", &plugin).unwrap();
    let github = find(&manifests, "Deployment", "mcp-github");
    let s3 = find(&manifests, "Deployment", "mcp-s3");
    let image = github["spec"]["template"]["spec"]["containers"][0]["image"].as_str();
    assert!(image.unwrap().ends_with("/mcp-github:1.1.0"), "{image:?}");
    assert_eq!(github["spec"]["replicas"], 2);
    assert_eq!(s3["spec"]["replicas"], 4);
    assert_eq!(s3["metadata"]["namespace"], "tools");
}

/// Asking for the parameters, Argo CD does not say which namespace the application goes to.
#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn a_set_without_a_namespace_goes_to_the_applications_and_has_parameters_too() {
    let server = Server::start("plugin.yaml");
    let silent = quickstart().replace(", namespace: litellm", "");
    let app = Folder::new(&[("mcp.yaml", &silent)]);
    let manifests = server.generate(&app).unwrap();
    let deployment = find(&manifests, "Deployment", "mcp-github");
    assert_eq!(deployment["metadata"]["namespace"], "from-application");
    let answer = server.ask("parameters", &app, ".", &json!({})).unwrap();
    let announced = answer["parameterAnnouncements"].as_array().unwrap();
    assert_eq!(announced.len(), 3);
}

#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn what_is_wrong_reaches_the_person_who_looks_at_argo_cd() {
    let server = Server::start("plugin.yaml");
    let latest = quickstart().replace("mcp-s3:1.0.0", "mcp-s3:latest");
    let unreadable = quickstart().replace("servers:", "servers: [");
    for (set, cause) in [
        (&latest, "`latest` is not a fixed version"),
        (&unreadable, "error[syntax]"),
    ] {
        let app = Folder::new(&[("mcp.yaml", set)]);
        let error = server.generate(&app).unwrap_err();
        assert!(error.contains("failed exit status 1"), "{error}");
        assert!(error.contains("mcp.yaml:"), "{error}");
        assert!(error.contains(cause), "{error}");
    }

    let unknown = json!({"parameters": [{"name": "images", "map": {"githup": "1.1.0"}}]});
    let error = server.manifests(&app(), ".", &unknown).unwrap_err();
    assert!(error.contains("no set has a server `githup`"), "{error}");
}

/// With automatic pruning, an empty success would delete the whole application.
#[test]
#[ignore = "needs the real argocd-cmp-server: run ./test --all"]
fn an_empty_directory_fails_even_when_the_kustomize_variant_is_named() {
    let empty = Folder::new(&[("notes.txt", "McpServerSet\n")]);
    let server = Server::start("plugin.yaml");
    let error = server.manifests(&empty, ".", &json!({"name": "mcpset"}));
    assert!(error.unwrap_err().contains("could not find"));

    let empty = Folder::new(&[("kustomization.yaml", "resources: []\n")]);
    let server = Server::start("plugin-kustomize.yaml");
    let error = server.manifests(&empty, ".", &json!({"name": "mcpset-kustomize"}));
    let error = error.unwrap_err();
    assert!(error.contains("failed exit status 1"), "{error}");
}

#[test]
#[ignore = "needs the real argocd-cmp-server and kustomize: run ./test --all"]
fn the_kustomize_variant_expands_what_kustomize_built() {
    let server = Server::start("plugin-kustomize.yaml");
    let app = Folder::new(&[
        ("base/mcp.yaml", &quickstart()),
        ("base/kustomization.yaml", "resources: [mcp.yaml]\n"),
        (
            "prod/kustomization.yaml",
            "namespace: tools\nresources: [../base, other.yaml]\n",
        ),
        ("prod/other.yaml", OTHER),
    ]);
    let plugin = json!({
        "name": "mcpset-kustomize",
        "parameters": [{"name": "replicas", "map": {"github": "3"}}],
    });
    let manifests = server.manifests(&app, "prod", &plugin).unwrap();
    let deployment = find(&manifests, "Deployment", "mcp-github");
    assert_eq!(deployment["metadata"]["namespace"], "tools");
    assert_eq!(deployment["spec"]["replicas"], 3);
    let other = find(&manifests, "ConfigMap", "other");
    assert_eq!(other["data"]["b"], "1.10");
}

#[test]
#[ignore = "needs the real argocd-cmp-server and kustomize: run ./test --all"]
fn the_kustomize_variant_fails_when_kustomize_does_and_is_never_chosen_by_itself() {
    let server = Server::start("plugin-kustomize.yaml");
    let app = Folder::new(&[("kustomization.yaml", "resources: [missing.yaml]\n")]);
    let error = server.manifests(&app, ".", &json!({"name": "mcpset-kustomize"}));
    let error = error.unwrap_err();
    assert!(error.contains("failed exit status 1"), "{error}");
    assert!(error.contains("missing.yaml"), "{error}");

    let error = server.generate(&app).unwrap_err();
    assert!(error.contains("could not find plugin"), "{error}");
}

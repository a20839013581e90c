//! Running the real Helm 3 and Helm 4, each in a world of its own: none of this machine's plugins,
//! settings or clusters.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::cluster;
use super::kustomize::Folder;

/// The namespace that charts are rendered for.
pub const NAMESPACE: &str = "litellm";
/// The release.
pub const RELEASE: &str = "mcp";

/// One Helm, with mcpset's plugin installed.
pub struct Helm {
    program: PathBuf,
    post_renderer: Vec<String>,
    home: Folder,
}

impl Helm {
    /// Helm 3, which takes the path of a program for its post-renderer.
    pub fn three() -> Self {
        let mut helm = Self::without_plugin("helm3");
        helm.install(&helm.plugin("helm3"));
        let program = helm.plugins().join("helm3/bin/mcpset");
        helm.post_renderer = vec![
            format!("--post-renderer={}", program.display()),
            "--post-renderer-args=post-render".into(),
        ];
        helm
    }

    /// Helm 4, which takes the name of a plugin.
    pub fn four() -> Self {
        let mut helm = Self::without_plugin("helm4");
        helm.install(&helm.plugin("helm4"));
        helm.post_renderer = vec!["--post-renderer=mcpset".into()];
        helm
    }

    /// The Helm that `./test` installed as `peer`, and no plugin.
    pub fn without_plugin(peer: &str) -> Self {
        Self {
            program: super::peer(peer),
            post_renderer: Vec::new(),
            home: Folder::new(&[]),
        }
    }

    /// The folder of `helm-plugin/` called `name`, made ready as its README says.
    pub fn plugin(&self, name: &str) -> PathBuf {
        let folder = self.home.path().join("ready").join(name);
        fs::create_dir_all(folder.join("bin")).unwrap();
        let yaml = super::root()
            .join("helm-plugin")
            .join(name)
            .join("plugin.yaml");
        fs::copy(yaml, folder.join("plugin.yaml")).unwrap();
        symlink(env!("CARGO_BIN_EXE_mcpset"), folder.join("bin/mcpset")).unwrap();
        folder
    }

    /// A plugin for Helm 4 that hands everything back: what is left is Helm's own doing.
    pub fn install_identity(&mut self) {
        self.home.write(
            "ready/identity/plugin.yaml",
            "{apiVersion: v1, type: postrenderer/v1, name: identity, version: 0.1.0, runtime: subprocess, runtimeConfig: {platformCommand: [{command: cat}]}}\n",
        );
        self.install(&self.home.path().join("ready/identity"));
        self.post_renderer = vec!["--post-renderer=identity".into()];
    }

    /// `helm plugin install folder`.
    pub fn install(&self, folder: &Path) {
        let output = self.command(&["plugin", "install"]).arg(folder).output();
        super::stdout_of(output.unwrap());
    }

    /// Where it keeps its plugins.
    pub fn plugins(&self) -> PathBuf {
        self.home.path().join("data/plugins")
    }

    /// Its files.
    pub fn home(&self) -> &Folder {
        &self.home
    }

    /// Gives it a cluster, without which Helm 3 renders nothing but templates.
    pub fn with_cluster(self) -> Self {
        cluster::start(&self.home.path().join("kubeconfig"));
        self
    }

    /// `helm args…`.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        self.isolate(&mut command).args(args);
        command
    }

    /// Keeps `command` and its children away from the Helm of this machine.
    pub fn isolate<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let home = self.home.path();
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HELM_") {
                command.env_remove(name);
            }
        }
        command
            .env("HOME", home)
            .env("HELM_CACHE_HOME", home.join("cache"))
            .env("HELM_CONFIG_HOME", home.join("config"))
            .env("HELM_DATA_HOME", home.join("data"))
            .env("HELM_PLUGINS", self.plugins())
            .env("KUBECONFIG", home.join("kubeconfig"))
            .env_remove("MCPSET_LOG_FILE")
            .current_dir(super::root())
    }

    /// What `helm template`, post-rendered, does.
    pub fn template(&self, chart: &Path, more: &[&str]) -> Output {
        self.template_command(chart, more).output().unwrap()
    }

    /// `helm template`, post-rendered.
    pub fn template_command(&self, chart: &Path, more: &[&str]) -> Command {
        let mut command = self.plain(&["template"], chart, more);
        command.args(&self.post_renderer);
        command
    }

    /// `helm template`, not post-rendered.
    pub fn plain_template(&self, chart: &Path, more: &[&str]) -> String {
        super::stdout_of(self.plain(&["template"], chart, more).output().unwrap())
    }

    /// `helm install --dry-run=client`, post-rendered.
    pub fn install_dry(&self, chart: &Path) -> Output {
        self.plain_install_dry(chart)
            .args(&self.post_renderer)
            .output()
            .unwrap()
    }

    /// `helm install --dry-run=client`, not post-rendered.
    pub fn plain_install_dry(&self, chart: &Path) -> Command {
        // The stand-in for a cluster has no schemas.
        let more = ["--dry-run=client", "--disable-openapi-validation"];
        self.plain(&["install"], chart, &more)
    }

    fn plain(&self, command: &[&str], chart: &Path, more: &[&str]) -> Command {
        let mut command = self.command(command);
        command
            .arg(RELEASE)
            .arg(chart)
            .args(["--namespace", NAMESPACE])
            .args(more);
        command
    }
}

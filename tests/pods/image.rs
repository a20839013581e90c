//! What stands in for the images: the programs that `./test --all` installed, and how an image of them
//! would start. An image's file system is this machine's, read only, with a `PATH` of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::support;

/// An image, as its maker configures it.
#[derive(Debug, Clone, Copy)]
pub struct Image {
    /// The last part of its name, without the tag.
    pub name: &'static str,
    /// Where its programs lie, in `target/peers`.
    pub programs: &'static str,
    /// What it starts.
    pub program: &'static str,
    /// With these arguments, unless the pod has others.
    pub cmd: &'static [&'static str],
}

/// The servers from npm, those from PyPI for either SDK, and single programs.
const NPM: &str = "mcp-servers/npm/node_modules/.bin";
const SDK_1: &str = "mcp-servers/sdk-1/bin";
const SDK_2: &str = "mcp-servers/sdk-2/bin";
const KUBERNETES: &str = "mcp-servers/npm/node_modules/kubernetes-mcp-server-linux-amd64/bin";
const SLACK: &str = "mcp-servers/npm/node_modules/slack-mcp-server-linux-amd64/bin";
const POSTGRES: &str = "postgres-mcp/bin";
const PROGRAMS: &str = "bin";

/// All that there are.
const IMAGES: &[Image] = &[
    image("mcp-server-everything", NPM, "mcp-server-everything"),
    image("gitlab-mcp", NPM, "mcp-gitlab"),
    image("mcp-server-kubernetes", NPM, "mcp-server-kubernetes"),
    image(
        "kubernetes_mcp_server",
        KUBERNETES,
        "kubernetes-mcp-server-linux-amd64",
    ),
    Image {
        cmd: &["mcp-server", "--transport", "stdio"],
        ..image("slack-mcp-server", SLACK, "slack-mcp-server-linux-amd64")
    },
    image("prometheus-mcp-server", SDK_2, "prometheus-mcp-server"),
    image("mcp-server-time", SDK_2, "mcp-server-time"),
    image("mcp-atlassian", SDK_1, "mcp-atlassian"),
    image("aws-api-mcp-server", SDK_1, "awslabs.aws-api-mcp-server"),
    image("postgres-mcp", POSTGRES, "postgres-mcp"),
    Image {
        cmd: &["--transport", "sse", "--address", "0.0.0.0:8000"],
        ..image("mcp-grafana", PROGRAMS, "mcp-grafana")
    },
];

/// An image that starts `program`, which lies in `programs`, without arguments.
const fn image(name: &'static str, programs: &'static str, program: &'static str) -> Image {
    Image {
        name,
        programs,
        program,
        cmd: &[],
    }
}

impl Image {
    /// The image that a pod calls `reference`.
    pub fn of(reference: &str) -> Self {
        let last = reference.rsplit('/').next().unwrap();
        let name = last.split(['@', ':']).next().unwrap();
        let image = IMAGES.iter().find(|image| image.name == name);
        *image.unwrap_or_else(|| panic!("no image {reference}: add it to tests/pods/image.rs"))
    }

    /// The `PATH` in its environment, which holds nothing else.
    pub fn path(&self) -> String {
        let programs = peers().join(self.programs);
        let node = find("node");
        let node = node.parent().unwrap();
        let own = format!("{}:{}", programs.display(), node.display());
        format!("{own}:/usr/local/bin:/usr/bin:/bin")
    }

    /// What of this machine its user must be able to reach: the programs, and what runs them.
    pub fn needs(&self) -> Vec<PathBuf> {
        let programs = peers().join(self.programs);
        let python = programs.join("python");
        let runners = [python, find("node")];
        let runners = runners.into_iter().filter(|path| path.exists());
        let home = |program: PathBuf| {
            let real = fs::canonicalize(program).unwrap();
            real.ancestors().nth(2).unwrap().to_owned()
        };
        let homes = runners.map(home).filter(|home| home.parent().is_some());
        [programs].into_iter().chain(homes).collect()
    }
}

/// The folder where all peers are, as it is called without links.
pub fn peers() -> PathBuf {
    let program = fs::canonicalize(support::peer("mcp-servers")).unwrap();
    program.ancestors().nth(2).unwrap().to_owned()
}

/// A Python with the MCP SDK, for clients.
pub fn client_python() -> PathBuf {
    peers().join(SDK_2).join("python")
}

/// `program` on the `PATH`.
fn find(program: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap();
    let folders = env::split_paths(&path).collect::<Vec<_>>();
    let found = folders.iter().map(|folder| folder.join(program));
    let mut found = found.filter(|path| Path::exists(path));
    found
        .next()
        .unwrap_or_else(|| panic!("no {program} on the PATH"))
}

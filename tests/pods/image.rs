//! What stands in for the images: the programs that `./test --all` installed, and how an image of them
//! would start. An image's file system is this machine's, read only, with a `PATH` of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support;

/// An image, as its maker configures it.
#[derive(Debug, Clone, Copy)]
pub struct Image {
    /// The last part of its name, without the tag.
    pub name: &'static str,
    /// Where its programs lie, in `target/peers`.
    pub programs: &'static [&'static str],
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
/// What stands in for a bridge that an image hands over.
const HANDED_OVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pods/handed-over");

/// All that there are.
const IMAGES: &[Image] = &[
    image("mcp-server-everything", &[NPM], "mcp-server-everything"),
    image("gitlab-mcp", &[NPM], "mcp-gitlab"),
    image("mcp-server-kubernetes", &[NPM], "mcp-server-kubernetes"),
    image(
        "kubernetes_mcp_server",
        &[KUBERNETES],
        "kubernetes-mcp-server-linux-amd64",
    ),
    Image {
        cmd: &["mcp-server", "--transport", "stdio"],
        ..image("slack-mcp-server", &[SLACK], "slack-mcp-server-linux-amd64")
    },
    image("prometheus-mcp-server", &[SDK_2], "prometheus-mcp-server"),
    // With a bridge beside the server: mcp-proxy of PyPI, and the one of npm.
    image("mcp-server-time", &[SDK_2, SDK_1], "mcp-server-time"),
    image("mcp-server-time-node", &[NPM, SDK_2], "mcp-server-time"),
    image("agentgateway", &[HANDED_OVER], "agentgateway"),
    image("mcp-atlassian", &[SDK_1], "mcp-atlassian"),
    image("aws-api-mcp-server", &[SDK_1], "awslabs.aws-api-mcp-server"),
    image("postgres-mcp", &[POSTGRES], "postgres-mcp"),
    Image {
        cmd: &["--transport", "sse", "--address", "0.0.0.0:8000"],
        ..image("mcp-grafana", &[PROGRAMS], "mcp-grafana")
    },
];

/// An image that starts `program`, which lies in `programs`, without arguments.
const fn image(
    name: &'static str,
    programs: &'static [&'static str],
    program: &'static str,
) -> Image {
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

    /// Its folders of programs.
    fn folders(&self) -> impl Iterator<Item = PathBuf> {
        self.programs.iter().map(|folder| peers().join(folder))
    }

    /// The `PATH` in its environment, which holds nothing else.
    pub fn path(&self) -> String {
        let node = find("node").parent().unwrap().to_owned();
        let own = self.folders().chain([node]);
        let base = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
        let path = env::join_paths(own.chain(base)).unwrap();
        path.into_string().unwrap()
    }

    /// What of this machine its user must be able to reach: the programs, and what runs them.
    pub fn needs(&self) -> Vec<PathBuf> {
        let pythons = self.folders().map(|folder| folder.join("python"));
        let runners = pythons.chain([find("node")]).filter(|path| path.exists());
        let home = |program: PathBuf| {
            let real = fs::canonicalize(program).unwrap();
            real.ancestors().nth(2).unwrap().to_owned()
        };
        let homes = runners.map(home).filter(|home| home.parent().is_some());
        self.folders().chain(homes).collect()
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

//! What several test files need: running the program, reading what it wrote, the configs to run
//! over, and the rules that every bundle keeps.

pub mod api_validation;
pub mod bundle;
pub mod chart;
pub mod cidr;
pub mod cluster;
pub mod config;
pub mod crd;
pub mod dashboard;
pub mod fields;
pub mod foreign;
pub mod helm;
pub mod kubectl_validate;
pub mod kubelet;
pub mod kustomize;
pub mod mutate;
pub mod picture;
pub mod promql;
pub mod quantity;
pub mod release;
pub mod report;
pub mod rule;
pub mod rules;
pub mod run;
pub mod schema;
pub mod source;
pub mod strategy;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use proptest::strategy::Strategy;
use proptest::test_runner::Config as ProptestConfig;
use proptest::test_runner::RngSeed;

pub use bundle::Bundle;
pub use rule::Rule;

/// The config that uses every field.
pub const EVERYTHING: &str = include_str!("../configs/everything.yaml");
/// The guide's two servers.
pub const QUICKSTART: &str = include_str!("../../examples/quickstart.yaml");

/// The project's folder; tests name files relative to it.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program under test.
pub fn mcpset() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcpset"));
    command.current_dir(root());
    command
}

/// One document of a bundle.
pub struct Document {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its text, without the `---` line.
    pub text: String,
    /// Its value, as an independent reader sees it.
    pub value: serde_yaml::Value,
}

/// What `mcpset render` prints for `path`.
pub fn render_text(path: &Path) -> String {
    let output = mcpset().arg("render").arg(path).output().unwrap();
    stdout_of(output)
}

/// The documents of `mcpset render path`.
pub fn render(path: &Path) -> Vec<Document> {
    documents(&render_text(path))
}

/// The documents of a stream that mcpset or one of its hosts wrote.
pub fn documents(stream: &str) -> Vec<Document> {
    stream
        .split("---\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| {
            let value: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
            let get =
                |value: &serde_yaml::Value, key: &str| value[key].as_str().unwrap().to_owned();
            Document {
                kind: get(&value, "kind"),
                name: get(&value["metadata"], "name"),
                text: text.to_owned(),
                value,
            }
        })
        .collect()
}

/// The standard output of a run that must have gone well.
pub fn stdout_of(output: Output) -> String {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{stderr}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Every config in `examples/` and below, relative to [`root`].
pub fn examples() -> Vec<PathBuf> {
    let folders = ["examples", "examples/profiles"];
    folders.into_iter().flat_map(configs_in).collect()
}

/// Every config right in `folder`, relative to [`root`].
pub fn configs_in(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("yaml")))
        .map(|path| path.strip_prefix(root()).unwrap().to_owned())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no config");
    paths
}

/// Where `./test` installs peers.
pub fn peers() -> PathBuf {
    std::env::var_os("MCPSET_PEERS").map_or_else(|| root().join("target/peers/bin"), PathBuf::from)
}

/// A pinned peer that `./test` installed.
pub fn peer(name: &str) -> PathBuf {
    let path = peers().join(name);
    assert!(
        path.exists(),
        "{} is missing: run ./test --peers",
        path.display()
    );
    path
}

/// Every config that lies in the repository, with its path.
pub fn configs() -> Vec<(String, String)> {
    let mut paths = examples();
    paths.push("kustomize-plugin/mcpset.yaml".into());
    for entry in std::fs::read_dir(root().join("tests/configs")).unwrap() {
        paths.push(entry.unwrap().path());
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        (path.display().to_string(), text)
    };
    paths.into_iter().map(read).collect()
}

/// The bundles of [`configs`].
pub fn bundles() -> Vec<(String, Bundle)> {
    let bundle = |(path, text): (String, String)| {
        let bundle = Bundle::of(&text).unwrap_or_else(|problems| panic!("{path}: {problems}"));
        (path, bundle)
    };
    configs().into_iter().map(bundle).collect()
}

/// The bundle of [`EVERYTHING`].
pub fn everything() -> Bundle {
    Bundle::of(EVERYTHING).unwrap()
}

/// The bundles of generated configs that mcpset accepts. How many it accepts is a test of its own.
pub fn accepted() -> impl Strategy<Value = Bundle> {
    strategy::config().prop_filter_map("mcpset does not accept it", |config| {
        Bundle::of(&config::yaml(&config, config::Order::Sorted)).ok()
    })
}

/// How a property is run: `cases` times, with the same ones in every run, so that a red test is about the
/// change before it. Who sets `PROPTEST_CASES` gets as many others. What fails is printed as a whole
/// config, so nothing needs to be kept beside the tests.
pub fn cases(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() {
        return ProptestConfig {
            failure_persistence: None,
            ..given
        };
    }
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(9),
        failure_persistence: None,
        ..given
    }
}

/// The values of `documents`, in an order that no host decides.
pub fn sorted(mut documents: Vec<Document>) -> Vec<serde_yaml::Value> {
    documents.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    documents
        .into_iter()
        .map(|document| document.value)
        .collect()
}

//! mcpset as transformer, validator and legacy plugin, under the real kustomize and kubectl.

use crate::support;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::Document;
use crate::support::kustomize::{FLAGS, Folder, build};

const TRANSFORMER: &str = "
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSetTransformer
metadata:
  name: expand
  annotations:
    config.kubernetes.io/function: 'exec: {path: mcpset}'
";

/// Somebody else's object, which kustomize reads and writes as it does without us.
const OTHER: &str = "
# A comment above
apiVersion: v1
kind: ConfigMap
metadata: {name: other, namespace: elsewhere} # and beside
data: {\"a\": \"yes\", b: '1.10', c: 0x1F, d: \"line\\u2028line\\u2029line\\u0085line\"}
";

fn quickstart() -> String {
    fs::read_to_string(support::root().join("examples/quickstart.yaml")).unwrap()
}

fn validator() -> String {
    TRANSFORMER.replace("McpServerSetTransformer", "McpServerSetCheck")
}

/// A base with a set and something else, to be expanded by whoever builds it.
fn base(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[
        (
            "base/kustomization.yaml",
            "resources: [set.yaml, other.yaml]\n",
        ),
        ("base/set.yaml", &quickstart()),
        ("base/other.yaml", OTHER),
        ("transformer.yaml", TRANSFORMER),
    ]);
    for (path, content) in files {
        folder.write(path, content);
    }
    folder
}

fn built(folder: &Path) -> Vec<Document> {
    support::documents(&support::stdout_of(build(folder, &FLAGS)))
}

fn deployment<'d>(documents: &'d [Document], name: &str) -> &'d serde_yaml::Value {
    let found = documents
        .iter()
        .find(|document| document.kind == "Deployment" && document.name == name);
    &found
        .unwrap_or_else(|| panic!("no Deployment {name}"))
        .value
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn overlays_patch_the_set_and_the_transformer_expands_what_came_out() {
    let overlay = |patch: &str| {
        format!(
            "resources: [../base]\ntransformers: [../transformer.yaml]\npatches:\n- target: {{kind: McpServerSet}}\n  patch: |\n{patch}"
        )
    };
    let tag = "    - {op: replace, path: /spec/servers/0/image, value: 'mcp-github:1.1.0'}\n";
    let scale = "    - {op: add, path: /spec/servers/1/replicas, value: 5}\n    - {op: replace, path: /metadata/namespace, value: production}\n";
    let folder = base(&[
        ("staging/kustomization.yaml", &overlay(tag)),
        ("production/kustomization.yaml", &overlay(scale)),
        // Overlays refer to the transformer beside them: kustomize reads no file above its root.
    ]);
    for overlay in ["staging", "production"] {
        folder.write(&format!("{overlay}/transformer.yaml"), TRANSFORMER);
        let path = format!("{overlay}/kustomization.yaml");
        folder.write(
            &path,
            &folder.read(&path).replace("../transformer", "transformer"),
        );
    }

    let staging = built(&folder.path().join("staging"));
    let image =
        &deployment(&staging, "mcp-github")["spec"]["template"]["spec"]["containers"][0]["image"];
    assert!(image.as_str().unwrap().ends_with("/mcp-github:1.1.0"));

    let production = built(&folder.path().join("production"));
    assert_eq!(deployment(&production, "mcp-s3")["spec"]["replicas"], 5);
    assert_eq!(
        deployment(&production, "mcp-s3")["metadata"]["namespace"],
        "production"
    );
    let monitor = production
        .iter()
        .find(|d| d.kind == "ServiceMonitor")
        .unwrap();
    let namespaces = &monitor.value["spec"]["namespaceSelector"]["matchNames"];
    assert_eq!(namespaces[0], "production");
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn what_is_not_ours_leaves_a_build_as_it_does_without_us() {
    let folder = base(&[
        (
            "with/kustomization.yaml",
            "resources: [../base]\ntransformers: [transformer.yaml]\n",
        ),
        ("with/transformer.yaml", TRANSFORMER),
        ("without/kustomization.yaml", "resources: [other.yaml]\n"),
        ("without/other.yaml", OTHER),
    ]);
    let text = |folder: &Path| {
        let all = built(folder);
        let other = all.into_iter().find(|document| document.name == "other");
        other.unwrap().text
    };
    assert_eq!(
        text(&folder.path().join("with")),
        text(&folder.path().join("without"))
    );
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn hash_suffixes_of_other_peoples_config_maps_survive_the_transformer() {
    let folder = base(&[
        (
            "app/kustomization.yaml",
            "resources: [../base]\ntransformers: [transformer.yaml]\nconfigMapGenerator:\n- name: mine\n  literals: [a=b]\n",
        ),
        ("app/transformer.yaml", TRANSFORMER),
    ]);
    let names: Vec<String> = built(&folder.path().join("app"))
        .into_iter()
        .map(|document| document.name)
        .collect();
    assert!(
        names.iter().any(|name| name.starts_with("mine-")),
        "{names:?}"
    );
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_validator_passes_what_is_right_and_stops_what_is_wrong() {
    let with = |set: &str| {
        let folder = Folder::new(&[
            (
                "kustomization.yaml",
                "resources: [set.yaml, other.yaml]\nvalidators: [check.yaml]\n",
            ),
            ("set.yaml", set),
            // What an API server refuses, the validator does.
            ("other.yaml", &OTHER.replace("0x1F", "'0x1F'")),
            ("check.yaml", &validator()),
        ]);
        build(folder.path(), &FLAGS)
    };
    let right = support::stdout_of(with(&quickstart()));
    assert_eq!(support::documents(&right).len(), 2);

    let wrong = with(&quickstart().replace("mcp-github:1.0.0", "mcp-github:latest"));
    let stderr = String::from_utf8_lossy(&wrong.stderr);
    assert!(!wrong.status.success());
    assert!(wrong.stdout.is_empty());
    assert!(
        stderr.contains("`latest` is not a fixed version"),
        "{stderr}"
    );
    assert!(stderr.contains("`spec.servers[github].image`"), "{stderr}");
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn two_sets_that_collide_stop_the_build_with_both_places() {
    let folder = Folder::new(&[
        (
            "kustomization.yaml",
            "resources: [a.yaml, b.yaml]\ntransformers: [transformer.yaml]\n",
        ),
        ("a.yaml", &quickstart()),
        (
            "b.yaml",
            &quickstart().replace("name: mcp,", "name: second,"),
        ),
        ("transformer.yaml", TRANSFORMER),
    ]);
    let output = build(folder.path(), &FLAGS);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(stderr.contains("two sets write the "), "{stderr}");
    assert!(stderr.contains("the first set"), "{stderr}");
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_name_prefix_reaches_every_reference_of_the_custom_kinds() {
    let example = fs::read_to_string(support::root().join("examples/platform.yaml")).unwrap();
    let references =
        fs::read_to_string(support::root().join("kustomize-plugin/name-references.yaml")).unwrap();
    let folder = Folder::new(&[
        (
            "inner/kustomization.yaml",
            "resources: [set.yaml]\ntransformers: [transformer.yaml]\n",
        ),
        ("inner/set.yaml", &example),
        ("inner/transformer.yaml", TRANSFORMER),
        (
            "kustomization.yaml",
            "resources: [inner]\nnamePrefix: eu-\nnamespace: moved\nconfigurations: [name-references.yaml]\n",
        ),
        ("name-references.yaml", &references),
    ]);
    let documents = built(folder.path());
    let named = |kind: &str| -> Vec<&str> {
        documents
            .iter()
            .filter(|document| document.kind == kind)
            .map(|document| document.name.as_str())
            .collect()
    };
    assert!(!named("ExternalSecret").is_empty());
    for document in &documents {
        assert!(document.name.starts_with("eu-") || document.kind == "Namespace");
        let spec = &document.value["spec"];
        match document.kind.as_str() {
            "ExternalSecret" => assert_eq!(spec["target"]["name"], document.name.as_str()),
            "Deployment" => assert_closed(document, &named),
            "ServiceMonitor" => {
                assert_eq!(spec["namespaceSelector"]["matchNames"][0], "moved");
                assert_eq!(spec["jobLabel"], "app.kubernetes.io/name");
            }
            "K8sAllowedRepos" => assert_eq!(spec["match"]["namespaces"][0], "moved"),
            "Service" => {
                // The job of its targets, by which alerts know them.
                let labels = &document.value["metadata"]["labels"];
                let job = labels["app.kubernetes.io/name"].as_str().unwrap();
                assert_eq!(document.name, format!("eu-{job}"));
                let rules = documents.iter().find(|d| d.kind == "PrometheusRule");
                let is_scraped = labels.get("mcpset.dev/metrics-port").is_some();
                assert_eq!(rules.unwrap().text.contains(job), is_scraped, "{job}");
            }
            _ => {}
        }
    }
}

/// Every name that the Deployment uses is the name of something in the build.
fn assert_closed<'d>(deployment: &'d Document, named: &dyn Fn(&str) -> Vec<&'d str>) {
    let pod = &deployment.value["spec"]["template"]["spec"];
    let mut used = vec![("ServiceAccount", &pod["serviceAccountName"])];
    let none = Vec::new();
    let list = |value: &'d serde_yaml::Value| value.as_sequence().unwrap_or(&none).clone();
    let env = list(&pod["containers"][0]["env"]);
    let volumes = list(&pod["volumes"]);
    for variable in &env {
        used.push((
            "ExternalSecret",
            &variable["valueFrom"]["secretKeyRef"]["name"],
        ));
    }
    for volume in &volumes {
        used.push(("ExternalSecret", &volume["secret"]["secretName"]));
        used.push(("ConfigMap", &volume["configMap"]["name"]));
    }
    let reload = "secret.reloader.stakater.com/reload";
    used.push((
        "ExternalSecret",
        &deployment.value["metadata"]["annotations"][reload],
    ));
    for (kind, name) in used {
        if let Some(name) = name.as_str() {
            assert!(
                named(kind).contains(&name),
                "{}: no {kind} {name}",
                deployment.name
            );
        }
    }
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn a_rendered_folder_with_its_kustomization_builds_to_the_same_objects() {
    let folder = Folder::new(&[]);
    let output = support::mcpset()
        .args(["render", "examples/platform.yaml", "--kustomization", "-o"])
        .arg(folder.path())
        .output()
        .unwrap();
    support::stdout_of(output);
    let built = support::documents(&support::stdout_of(build(folder.path(), &[])));
    let rendered = support::render(Path::new("examples/platform.yaml"));
    assert_eq!(support::sorted(built), support::sorted(rendered));
}

/// Runs `program` with mcpset in the layout of legacy plugins.
fn with_legacy_plugins(program: &str, arguments: &[&str], folder: &Folder) -> Output {
    let plugins = tempfile::tempdir().unwrap();
    for kind in ["McpServerSet", "McpServerSetTransformer"] {
        let home = plugins
            .path()
            .join("mcpset.dev/v1alpha1")
            .join(kind.to_lowercase());
        fs::create_dir_all(&home).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mcpset"), home.join(kind)).unwrap();
    }
    Command::new(support::peer(program))
        .args(arguments)
        .arg("--enable-alpha-plugins")
        .arg(folder.path())
        .env("KUSTOMIZE_PLUGIN_HOME", plugins.path())
        .output()
        .unwrap()
}

const LEGACY_HOSTS: [(&str, &[&str]); 2] = [("kubectl", &["kustomize"]), ("kustomize", &["build"])];

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn as_a_legacy_generator_the_bundle_is_the_same_in_kubectl_and_kustomize() {
    let folder = Folder::new(&[
        ("kustomization.yaml", "generators: [set.yaml]\n"),
        ("set.yaml", &quickstart()),
    ]);
    let rendered = support::sorted(support::render(Path::new("examples/quickstart.yaml")));
    for (program, arguments) in LEGACY_HOSTS {
        let built = support::stdout_of(with_legacy_plugins(program, arguments, &folder));
        assert_eq!(
            support::sorted(support::documents(&built)),
            rendered,
            "{program}"
        );
    }
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn as_a_legacy_transformer_sets_are_expanded_and_others_pass() {
    let folder = Folder::new(&[
        (
            "kustomization.yaml",
            "resources: [set.yaml, other.yaml]\ntransformers: [transformer.yaml]\n",
        ),
        ("set.yaml", &quickstart()),
        ("other.yaml", OTHER),
        (
            "transformer.yaml",
            "{apiVersion: mcpset.dev/v1alpha1, kind: McpServerSetTransformer, metadata: {name: expand}}",
        ),
    ]);
    let rendered = support::sorted(support::render(Path::new("examples/quickstart.yaml")));
    for (program, arguments) in LEGACY_HOSTS {
        let built = support::stdout_of(with_legacy_plugins(program, arguments, &folder));
        let mut documents = support::documents(&built);
        let others: Vec<Document> = documents
            .extract_if(.., |document| document.name == "other")
            .collect();
        assert_eq!(others.len(), 1, "{program}");
        assert_eq!(others[0].value["data"]["b"], "1.10", "{program}");
        assert_eq!(support::sorted(documents), rendered, "{program}");
    }
}

#[test]
#[ignore = "needs the real kubectl: run ./test"]
fn a_wrong_set_in_a_legacy_plugin_fails_with_its_cause() {
    let folder = Folder::new(&[
        ("kustomization.yaml", "generators: [set.yaml]\n"),
        ("set.yaml", &quickstart().replace("mcp-s3:1.0.0", "mcp-s3")),
    ]);
    let output = with_legacy_plugins("kubectl", &["kustomize"], &folder);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(stderr.contains("error[image-policy]"), "{stderr}");
}

/// The other half of the README's trap.
#[test]
#[ignore = "needs the real kubectl: run ./test"]
fn kubectl_silently_skips_a_function_whatever_its_flags() {
    let output = Command::new(support::peer("kubectl"))
        .args(["kustomize", "--enable-alpha-plugins", "kustomize-plugin"])
        .current_dir(support::root())
        .env("PATH", support::kustomize::path_with_mcpset())
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(output.stdout.is_empty());
}

//! What a release is made of: its SBOM, its licences, and what catalogues of functions are told.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value as Json;

use super::{VERSION, read, script, support};
use crate::support::kustomize::Folder;

/// The parts that the SBOM names, by name, with their scope.
fn parts(sbom: &Json) -> BTreeMap<&str, &str> {
    let parts = sbom["components"].as_array().unwrap().iter();
    parts
        .map(|part| {
            (
                part["name"].as_str().unwrap(),
                part["scope"].as_str().unwrap(),
            )
        })
        .collect()
}

fn sbom() -> Json {
    let output = script("sbom").output().unwrap();
    serde_json::from_str(&support::stdout_of(output)).unwrap()
}

#[test]
fn the_sbom_lists_what_is_linked_and_what_only_builds_and_nothing_of_the_tests() {
    let sbom = sbom();
    let parts = parts(&sbom);
    for linked in [
        "clap",
        "k8s-openapi",
        "llvm-libc",
        "regorus",
        "rust-std",
        "serde",
    ] {
        assert_eq!(parts[linked], "required", "{linked}");
    }
    for builds in ["clap_derive", "serde_derive"] {
        assert_eq!(parts[builds], "excluded", "{builds}");
    }
    for tests in ["insta", "proptest", "serde_yaml", "mcpset"] {
        assert!(!parts.contains_key(tests), "{tests}");
    }

    let lock = read("Cargo.lock");
    let components = sbom["components"].as_array().unwrap();
    let is_crate = |part: &&Json| part["name"] != "rust-std" && part["name"] != "llvm-libc";
    for part in components.iter().filter(is_crate) {
        let text = |name: &str| part[name].as_str().unwrap();
        let locked = format!(
            "name = \"{}\"\nversion = \"{}\"\n",
            text("name"),
            text("version")
        );
        assert!(lock.contains(&locked), "{locked}");
        assert!(
            lock.contains(part["hashes"][0]["content"].as_str().unwrap()),
            "{locked}"
        );
    }
}

#[test]
fn the_sbom_says_what_depends_on_what_and_when_it_was_made_is_not_in_it() {
    let sbom = sbom();
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let components = sbom["components"].as_array().unwrap();
    let mut known: BTreeSet<String> = components
        .iter()
        .map(|part| text(&part["bom-ref"]))
        .collect();
    known.insert(text(&sbom["metadata"]["component"]["bom-ref"]));
    let dependencies = sbom["dependencies"].as_array().unwrap();
    let told: BTreeSet<String> = dependencies
        .iter()
        .map(|entry| text(&entry["ref"]))
        .collect();
    assert_eq!(told, known);
    for entry in dependencies {
        for wanted in entry["dependsOn"].as_array().unwrap() {
            assert!(known.contains(&text(wanted)), "{entry}");
        }
    }
    for changing in ["timestamp", "serialNumber"] {
        assert!(!sbom.to_string().contains(changing), "{changing}");
    }
}

/// By the schema that CycloneDX publishes.
#[test]
#[ignore = "needs the real cyclonedx-schema: run ./test --all"]
fn the_sbom_is_what_cyclonedx_says_it_is() {
    let output = Command::new(support::peer("cyclonedx-schema"))
        .output()
        .unwrap();
    let mut schemas: BTreeMap<String, Json> =
        serde_json::from_str(&support::stdout_of(output)).unwrap();
    let schema = schemas.remove("bom-1.5").unwrap();
    let mut registry = jsonschema::Registry::new();
    for (name, schema) in schemas {
        let uri = format!("http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json");
        registry = registry.add(uri, schema).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validator = jsonschema::options()
        .with_registry(&registry)
        .build(&schema)
        .unwrap();
    let mut sbom = sbom();
    let errors: Vec<String> = validator
        .iter_errors(&sbom)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
    sbom["components"][0]["type"] = "crate".into();
    assert!(!validator.is_valid(&sbom));
}

#[test]
fn the_licence_of_each_linked_crate_goes_with_the_binary() {
    let licences = support::stdout_of(script("licences").output().unwrap());
    let sbom = sbom();
    for (name, scope) in parts(&sbom) {
        let named = licences.contains(&format!("\n{name} "));
        assert_eq!(named, scope == "required" && name != "rust-std", "{name}");
    }
    assert!(licences.contains("Permission is hereby granted, free of charge"));
}

#[test]
fn the_catalogue_of_functions_names_the_three_kinds_and_the_image_with_its_digest() {
    // The script works in the project; a copy of what it reads keeps this test to itself.
    let folder = Folder::new(&[
        ("Cargo.toml", &read("Cargo.toml")),
        ("packaging/lib.bash", &read("packaging/lib.bash")),
        ("packaging/catalog", &read("packaging/catalog")),
        ("schema/openapi.json", &read("schema/openapi.json")),
        ("target/dist/bin/x86_64-unknown-linux-musl/mcpset", "binary"),
    ]);
    let program = folder
        .path()
        .join("target/dist/bin/x86_64-unknown-linux-musl/mcpset");
    assert!(
        Command::new("chmod")
            .arg("755")
            .arg(program)
            .status()
            .unwrap()
            .success()
    );
    let mut command = Command::new("bash");
    command
        .args(["packaging/catalog", "https://example.com/mcpset"])
        .arg("registry.example.com/mcpset:0.1.0@sha256:abc")
        .current_dir(folder.path());
    assert!(command.output().unwrap().status.success());
    let file = format!("target/dist/release/mcpset-{VERSION}-krm-functions.json");
    let catalog: Json = serde_json::from_str(&folder.read(&file)).unwrap();
    let functions = catalog["spec"]["krmFunctions"].as_array().unwrap();
    let kinds: Vec<&str> = functions
        .iter()
        .map(|function| function["names"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "McpServerSet",
            "McpServerSetTransformer",
            "McpServerSetCheck"
        ]
    );
    let image = "/versions/0/schema/openAPIV3Schema/properties/spec/properties/servers/items/properties/image";
    assert_eq!(functions[0].pointer(image).unwrap()["type"], "string");
    for function in functions {
        let version = &function["versions"][0];
        // Required by KEP-2906.
        for field in [
            "name",
            "schema",
            "idempotent",
            "usage",
            "examples",
            "license",
            "runtime",
        ] {
            assert!(!version[field].is_null(), "{field}");
        }
        let runtime = &version["runtime"];
        assert_eq!(
            runtime["container"]["image"],
            "registry.example.com/mcpset:0.1.0"
        );
        assert_eq!(runtime["container"]["sha256"], "abc");
        // The digest of the text above.
        let binary = &runtime["exec"]["platforms"][0];
        assert_eq!(
            binary["sha256"],
            "9a3a45d01531a20e89ac6ae10b0b0beb0492acd7216a368aa062d1a5fecaf9cd"
        );
        assert_eq!(binary["arch"], "amd64");
    }
}

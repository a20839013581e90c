//! The readers that count: the real kubectl (sigs.k8s.io/yaml) and the real kustomize (kyaml) read
//! back what the YAML writer wrote.
//!
//! `kubectl create --dry-run=client` asks a server for its API groups; `kubectl patch --local`
//! decodes with the same library, prints JSON and needs no cluster. kustomize prints YAML only, so
//! its output goes on into kubectl, as in `kustomize build | kubectl apply`.
//!
//! `MCPSET_PEERS` names the directory of the two binaries; without it, `target/peers/bin`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use mcpset::yaml;
use serde_json::{Map, Value, json};

/// What kustomize 5.8.1 changes or rejects in any spelling, JSON included: DEL, the C1 controls
/// (of which it reads U+0085 as a blank) and two noncharacters. The config refuses them.
pub fn is_refused(character: char) -> bool {
    matches!(character, '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// A key that kustomize drops even when it is quoted.
const MERGE_KEY: &str = "<<";

/// Characters of a key in kustomize's own JSON, quotes included, beyond which it cannot parse it.
const LONGEST_JSON_KEY: usize = 1024;

/// What Go's JSON writes as six characters, and serde's as one.
fn is_long_in_go(character: char) -> bool {
    matches!(character, '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

pub fn is_refused_key(key: &str) -> bool {
    let json = Value::from(key).to_string();
    let more = 5 * key.chars().filter(|&c| is_long_in_go(c)).count();
    key == MERGE_KEY || json.chars().count() + more > LONGEST_JSON_KEY
}

/// Several lines that begin with a tab: as an annotation, kustomize writes them as a block for
/// itself that it then cannot read.
pub fn is_refused_annotation(text: &str) -> bool {
    text.starts_with('\t') && text.contains('\n')
}

/// Names of an object's own annotations that Kubernetes allows and kustomize cannot read in any spelling: it drops
/// their quotes before it reads them again, as numbers, booleans, nulls and dates.
const REFUSED_ANNOTATION_NAMES: [&str; 8] = [
    "8080",
    "1.10",
    "0x1F",
    "1_000",
    "1e3",
    "true",
    "null",
    "2025-06-18",
];

pub fn tricky_strings() -> Vec<String> {
    serde_json::from_str(include_str!("data/tricky_strings.json")).unwrap()
}

fn run(peer: &str, arguments: &[&str], path: &Path) -> Result<Vec<u8>, String> {
    let bin = env::var_os("MCPSET_PEERS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/bin"),
        PathBuf::from,
    );
    let output = Command::new(bin.join(peer))
        .args(arguments)
        .arg(path)
        .env("KUBECONFIG", bin.join("no-such-kubeconfig"))
        .output()
        .unwrap_or_else(|error| panic!("{peer} in {}: {error}", bin.display()));
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// An empty directory of this test's own.
pub fn scratch(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

pub type Objects = BTreeMap<String, Value>;

fn by_name(objects: impl IntoIterator<Item = Value>) -> Objects {
    let name = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    objects
        .into_iter()
        .map(|object| (name(&object), object))
        .collect()
}

pub fn kubectl(text: &[u8], dir: &Path) -> Result<Objects, String> {
    let file = dir.join("kubectl.yaml");
    fs::write(&file, text).unwrap();
    let patch = [
        "patch",
        "--local",
        "--type=merge",
        "--patch={}",
        "--output=json",
        "--filename",
    ];
    let json = run("kubectl", &patch, &file)?;
    let objects = serde_json::Deserializer::from_slice(&json).into_iter::<Value>();
    Ok(by_name(objects.map(Result::unwrap)))
}

pub fn kustomize(text: &[u8], dir: &Path) -> Result<Objects, String> {
    fs::write(dir.join("in.yaml"), text).unwrap();
    fs::write(dir.join("kustomization.yaml"), "resources: [in.yaml]\n").unwrap();
    kubectl(&run("kustomize", &["build"], dir)?, dir)
}

pub fn stream(objects: &Objects) -> String {
    let mut out = String::new();
    for object in objects.values() {
        out.push_str("---\n");
        yaml::document(&mut out, object).unwrap();
    }
    out
}

pub fn config_map<'a>(name: &str, data: impl IntoIterator<Item = (String, &'a str)>) -> Value {
    let data: Map<_, _> = data
        .into_iter()
        .map(|(key, text)| (key, text.into()))
        .collect();
    json!({"apiVersion": "v1", "data": data, "kind": "ConfigMap", "metadata": {"name": name}})
}

/// The texts as values, annotations and list items, the keys as keys.
fn objects(texts: &[String], keys: &[String]) -> Objects {
    let numbered = || {
        texts
            .iter()
            .enumerate()
            .map(|(i, text)| (format!("text-{i}"), text.as_str()))
    };
    let annotations: Map<_, _> = numbered()
        .filter(|(_, text)| !is_refused_annotation(text))
        .map(|(key, text)| (key, text.into()))
        .collect();
    let nested: Vec<_> = keys
        .iter()
        .map(|key| json!({key: [{key: key}, key]}))
        .collect();
    by_name([
        config_map("values", numbered()),
        config_map("keys", keys.iter().map(|key| (key.clone(), "value"))),
        annotated("annotations", annotations),
        custom("nested", json!({"items": texts, "keys": nested})),
        custom("text-at-the-end", "a\nb\n\n"),
    ])
}

pub fn annotated(name: &str, annotations: impl Into<Value>) -> Value {
    let metadata = json!({"annotations": annotations.into(), "name": name});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
}

pub fn custom(name: &str, spec: impl Into<Value>) -> Value {
    let metadata = json!({"name": name});
    json!({"apiVersion": "example.com/v1", "kind": "Any", "metadata": metadata, "spec": spec.into()})
}

fn assert_same(read: &Objects, written: &Objects) {
    assert!(read.keys().eq(written.keys()));
    for (name, object) in written {
        for (field, value) in object.as_object().unwrap() {
            assert_eq!(&read[name][field], value, "{field} of {name}");
        }
    }
}

fn one_text(text: &str) -> Objects {
    by_name([config_map("one", [("key".to_owned(), text)])])
}

fn one_key(key: &str) -> Objects {
    by_name([config_map("one", [(key.to_owned(), "value")])])
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
pub fn kubectl_reads_every_tricky_string_as_it_was() {
    let written = objects(&tricky_strings(), &tricky_strings());
    let read = kubectl(stream(&written).as_bytes(), &scratch("kubectl-strings"));
    assert_same(&read.unwrap(), &written);
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
pub fn kustomize_reads_every_tricky_string_that_a_config_may_hold_as_it_was() {
    let mut texts = tricky_strings();
    texts.retain(|text| !text.contains(is_refused));
    let mut keys = texts.clone();
    keys.retain(|key| !is_refused_key(key));
    let written = objects(&texts, &keys);
    let read = kustomize(stream(&written).as_bytes(), &scratch("kustomize-strings"));
    assert_same(&read.unwrap(), &written);
}

/// With the test above: exactly these, or the config refuses too much.
#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
pub fn kustomize_fails_on_all_that_a_config_may_not_hold() {
    let dir = scratch("kustomize-refused");
    let characters = ('\0'..='\u{FFFF}').filter(|&character| is_refused(character));
    let texts = characters.map(|character| one_text(&format!("a{character}b")));
    let long_key = "k".repeat(LONGEST_JSON_KEY - 1);
    for written in texts.chain([one_key(MERGE_KEY), one_key(&long_key)]) {
        let read = kustomize(stream(&written).as_bytes(), &dir);
        assert_ne!(read.as_ref(), Ok(&written));
    }
    for written in [
        one_text(MERGE_KEY),
        one_text(&long_key),
        one_key(&long_key[1..]),
    ] {
        assert_eq!(kustomize(stream(&written).as_bytes(), &dir), Ok(written));
    }
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
pub fn kustomize_fails_on_annotations_that_a_config_may_not_hold() {
    let dir = scratch("kustomize-annotations");
    let annotation = |name: &str, text: &str| by_name([annotated("one", json!({name: text}))]);
    for name in REFUSED_ANNOTATION_NAMES {
        let written = annotation(name, "value");
        let text = stream(&written);
        assert!(kustomize(text.as_bytes(), &dir).is_err(), "{name}");
        assert_eq!(kubectl(text.as_bytes(), &dir), Ok(written));
    }
    assert!(kustomize(stream(&annotation("name", "\ta\nb")).as_bytes(), &dir).is_err());
    for name in ["y", "on", "12.30.45", "example.com/8080"] {
        let written = annotation(name, "\ta");
        assert_eq!(kustomize(stream(&written).as_bytes(), &dir), Ok(written));
    }
    // Those of pods are nothing to it.
    let of_pods = REFUSED_ANNOTATION_NAMES.map(|name| (name.to_owned(), "\ta\nb".into()));
    let of_pods = json!({"annotations": Map::from_iter(of_pods)});
    let written = by_name([custom("pods", json!({"template": {"metadata": of_pods}}))]);
    assert_eq!(kustomize(stream(&written).as_bytes(), &dir), Ok(written));
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn both_read_every_character_as_it_was() {
    let characters: Vec<_> = ('\0'..='\u{1FFFF}').collect();
    let written = |characters: &[char]| {
        let texts: Vec<String> = characters.chunks(64).map(String::from_iter).collect();
        objects(&texts, &texts)
    };
    let all = written(&characters);
    let read = kubectl(stream(&all).as_bytes(), &scratch("kubectl-characters"));
    assert_same(&read.unwrap(), &all);

    let accepted: Vec<_> = characters
        .into_iter()
        .filter(|&character| !is_refused(character))
        .collect();
    let accepted = written(&accepted);
    let read = kustomize(
        stream(&accepted).as_bytes(),
        &scratch("kustomize-characters"),
    );
    assert_same(&read.unwrap(), &accepted);
}

#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn both_read_a_scalar_in_flow_style_as_it_was() {
    let mut texts = tricky_strings();
    texts.retain(|text| !text.contains(is_refused) && text.len() < 200 && !is_refused_key(text));
    let mut text =
        "apiVersion: example.com/v1\nkind: Any\nmetadata: {name: flow}\nspec:\n".to_owned();
    for value in &texts {
        let mut one = String::new();
        yaml::scalar(&mut one, value);
        writeln!(text, "- {{{one}: {one}, list: [{one}, {one}]}}").unwrap();
    }
    let spec: Vec<_> = texts
        .iter()
        .map(|text| json!({text: text, "list": [text, text]}))
        .collect();
    for read in [
        kubectl(text.as_bytes(), &scratch("kubectl-flow")),
        kustomize(text.as_bytes(), &scratch("kustomize-flow")),
    ] {
        assert_eq!(read.unwrap()["flow"]["spec"], json!(spec));
    }
}

/// Beyond `i64::MAX`, Kubernetes itself has floats only.
#[test]
#[ignore = "needs the real kubectl and kustomize: run ./test"]
fn both_read_numbers_exactly() {
    let (integers, floats) = ([0, i64::MIN, i64::MAX], [0.1, -0.5, 1e21, 1.5e-9, f64::MAX]);
    let written = by_name([custom("numbers", json!([integers, floats]))]);
    for read in [
        kubectl(stream(&written).as_bytes(), &scratch("kubectl-numbers")),
        kustomize(stream(&written).as_bytes(), &scratch("kustomize-numbers")),
    ] {
        assert_eq!(read.unwrap(), written);
    }
}

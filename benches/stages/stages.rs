//! The stages of the way, a call each, and what they are given: the servers of the other benches.
//!
//! `tests/stages.rs` includes this file and sees that each stage does its work: one that ends at an error is
//! fast.

use std::hint::black_box;

use mcpset::api::{self, McpServerSet};
use mcpset::check::{self, Subject};
use mcpset::hosts::{files, krm, splice, stream};
use mcpset::model::Set;
use mcpset::overrides::Overrides;
use mcpset::problem::{Problem, Problems};
use mcpset::resolve;
use mcpset::resources::{self, Object};
use mcpset::source::{Origin, Sources};
use mcpset::yaml::{self, Dialect, Node};

/// What stands before the servers.
const HEAD: &str = include_str!("../set/head.yaml");
/// A server called `NAME`.
const SERVER: &str = include_str!("../set/server.yaml");

/// Copies of our own objects that stand for the objects of others.
const FOREIGN: usize = 2;

/// A set of so many servers, each with ten objects.
pub fn config(servers: usize) -> String {
    let server = |index| SERVER.replace("NAME", &format!("s{index:05}"));
    (0..servers).fold(HEAD.to_owned(), |text, index| text + &server(index))
}

/// What each stage hands to the next, and what hosts hand over.
pub struct Given {
    pub text: String,
    pub document: Node,
    pub written: McpServerSet,
    pub set: Set,
    pub objects: Vec<Object>,
    /// The objects' text.
    pub manifests: String,
    /// Objects of others, with a set of one server behind them.
    pub stream: Input,
    /// The same as items.
    pub list: Input,
}

/// A text as a host hands it over.
pub struct Input {
    sources: Sources,
    index: u32,
}

impl Input {
    fn new(text: String, origin: Origin) -> Self {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let bytes = text.into_bytes();
        let name = "<stdin>".to_owned();
        let index = files::keep(name, bytes, origin, &mut sources, &mut problems);
        let index = index.expect("a text");
        Self { sources, index }
    }

    pub fn text(&self) -> &str {
        let source = self.sources.get(self.index).expect("it was kept");
        &source.text
    }
}

impl Given {
    pub fn new(servers: usize) -> Self {
        let text = config(servers);
        let document = parse(&text).pop().expect("a document");
        let written = decode(&document);
        let set = decide(&written, &document);
        let objects: Vec<Object> = resources::objects(&set).collect();
        let mut manifests = String::new();
        for object in &objects {
            manifests.push_str("---\n");
            yaml::document(&mut manifests, object).expect("objects have a YAML form");
        }
        let foreign: String = (0..FOREIGN)
            .map(|copy| manifests.replace("mcp-s", &format!("other{copy}-s")))
            .collect();
        let stream = format!("{foreign}---\n{}", config(1));
        let list = stream.split("---\n").skip(1).map(item).collect::<String>();
        let head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n";
        Self {
            stream: Input::new(stream, Origin::Person),
            list: Input::new(format!("{head}{list}"), Origin::Host),
            text,
            document,
            written,
            set,
            objects,
            manifests,
        }
    }
}

/// `document` as an item of a list.
fn item(document: &str) -> String {
    let lines = document.trim_end().lines().enumerate();
    lines.fold(String::new(), |text, (at, line)| match (at, line) {
        (0, _) => format!("{text}- {line}\n"),
        (_, "") => text + "\n",
        _ => format!("{text}  {line}\n"),
    })
}

/// What `work` makes when it has nothing to complain of.
fn sound<T>(work: impl FnOnce(&mut Problems) -> T) -> T {
    let mut problems = Problems::default();
    let made = work(&mut problems);
    assert!(!problems.has_errors(), "{:?}", problems.into_sorted());
    made
}

/// Text to trees.
pub fn parse(text: &str) -> Vec<Node> {
    sound(|problems| yaml::parse(text, 0, problems))
}

/// A tree to what was written.
pub fn decode(document: &Node) -> McpServerSet {
    sound(|problems| {
        for server in api::servers(document) {
            black_box(yaml::decode::<api::Server>(
                server,
                Dialect::Written,
                problems,
            ));
        }
        yaml::decode(document, Dialect::Written, problems)
    })
    .expect("a set")
}

/// What was written to what was decided.
pub fn decide(written: &McpServerSet, document: &Node) -> Set {
    let read = resolve::Written {
        document,
        rows: None,
        dialect: Dialect::Written,
        overrides: &Overrides::default(),
    };
    sound(|problems| resolve::resolve(written, read, problems)).expect("a set")
}

/// What was decided to objects, one at a time; how many.
pub fn generate(set: &Set) -> usize {
    resources::objects(set).map(black_box).count()
}

/// The rules over the objects of `set`, as before they are written.
pub fn check_set(set: &Set) {
    sound(|problems| check::bundle(set, problems));
}

/// The rules over anybody's `manifests`.
pub fn check_manifests(manifests: Vec<Node>) -> Vec<Problem> {
    sound(|problems| {
        let mut subject = Subject::default();
        for document in manifests {
            subject.add(document, problems);
        }
        subject.findings()
    })
}

/// Objects to YAML.
pub fn write(objects: &[Object], out: &mut String) {
    out.clear();
    for object in objects {
        yaml::document(out, object).expect("objects have a YAML form");
    }
}

/// The same objects to JSON, by serde_json: what writing is measured by.
pub fn write_json(objects: &[Object], out: &mut Vec<u8>) {
    out.clear();
    for object in objects {
        serde_json::to_writer(&mut *out, object).expect("objects have a JSON form");
    }
}

/// A stream to its documents' texts; how many.
pub fn split(text: &str) -> usize {
    yaml::split(text).map(black_box).count()
}

/// A ResourceList to where its items stand; how many.
pub fn outline(text: &str) -> usize {
    let outline = yaml::outline(text, 0).ok().flatten().expect("a list");
    let items = outline
        .get("items")
        .and_then(|items| items.value.items.as_ref());
    items.map_or(0, Vec::len)
}

/// What kustomize gets back as from a transformer.
pub fn transform(list: &Input, out: &mut Vec<u8>) {
    out.clear();
    let answer = sound(|problems| krm::answer(list.index, &list.sources, problems));
    let answer = answer.expect("an answer");
    answer
        .write(list.text(), &[], out)
        .expect("memory takes every write");
}

/// What Helm gets back.
pub fn post_render(stream: &Input, out: &mut Vec<u8>) {
    out.clear();
    let edits =
        sound(|problems| stream::expand(stream.index, Dialect::Written, &stream.sources, problems));
    splice::write(stream.text(), &edits, out).expect("memory takes every write");
}

//! A stream of documents: what is not ours passes untouched, and no set does. And a list of servers: in rows it
//! says what it says as a whole.

use std::str;
use std::sync::LazyLock;

use mcpset::api::KIND;
use mcpset::hosts::{judge, splice, stream};
use mcpset::problem::Problems;
use mcpset::source::Origin;
use mcpset::yaml::{Dialect, Node, Rows, Value, hides_letters, parse, split};

use super::text::{VERSION, documents, is_set, is_sound, kept, presentable};

/// Where a set is put into the input, if anywhere: expanding one takes a thousand times as long as all the
/// rest.
const HERE: &str = "\n# set\n";

const SET: &str = "---
apiVersion: mcpset.dev/v1alpha1
kind: McpServerSet
metadata: {name: mcp, namespace: litellm}
spec:
  platform: {registry: registry.example.com}
  servers: [{name: github, image: 'mcp-github:1.0.0'}]
";

/// Whatever Helm may hand over.
pub fn splitter(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    pieces_are_the_text(text);
    rows_are_the_list(text);
    let rendered = post_render(text);
    if let Some(rendered) = &rendered
        && is_sound(text)
        && documents(text).is_ok()
    {
        let documents = documents(rendered).expect("a set gives way to YAML");
        assert!(!documents.iter().any(is_set), "{rendered}");
    }
    let may_be_ours = text.contains(KIND) || text.contains(VERSION) || hides_letters(text);
    if !may_be_ours && !text.contains('\0') {
        assert_eq!(rendered.as_deref(), Some(text));
        // Policies among the documents judge the set, and may refuse it.
        if let Some((before, after)) = text.split_once(HERE)
            && !judge::says_template(text)
        {
            around_a_set(before, after);
        }
    }
}

fn pieces_are_the_text(text: &str) {
    let mut at = 0;
    for piece in split(text) {
        assert_eq!(piece.start, at);
        assert!(!piece.text.is_empty());
        assert_eq!(text.get(at..at + piece.text.len()), Some(piece.text));
        at += piece.text.len();
    }
    assert_eq!(at, text.len());
}

/// What is read in rows, two at a time, is what all of `text` says.
fn rows_are_the_list(text: &str) {
    let Some(rows) = Rows::find(text, 0, ["spec", "servers"]) else {
        return;
    };
    let starts = (0..rows.len()).step_by(2);
    let some = starts.map(|start| rows.read(start..rows.len().min(start + 2)));
    let (Some(head), Some(some)) = (rows.document(), some.collect::<Option<Vec<_>>>()) else {
        return;
    };
    let mut problems = Problems::default();
    let documents = parse(text, 0, &mut problems);
    assert!(!problems.has_errors() && documents.len() == 1);
    let of_rows: Vec<Node> = some.into_iter().flatten().collect();
    let all = servers(&documents[0]);
    assert_eq!(format!("{of_rows:?}"), format!("{all:?}"));
    assert_eq!(format!("{:?}", servers(&head)), format!("{:?}", &all[..1]));
    let beside = |document: &Node| {
        let Value::Mapping(entries) = &document.value else {
            panic!("a document with servers is a mapping");
        };
        let spec = document.get("spec").map(|spec| spec.place);
        format!("{} {spec:?} {:?}", entries.len(), document.place)
    };
    assert_eq!(beside(&head), beside(&documents[0]));
}

/// The servers in `document`.
fn servers(document: &Node) -> &[Node] {
    let servers = document.get("spec").and_then(|spec| spec.get("servers"));
    match servers.map(|servers| &servers.value) {
        Some(Value::Sequence(servers)) => servers,
        other => panic!("{other:?} is no list"),
    }
}

/// The documents of others, `before` and `after`, stay as they are where a set stands among them.
fn around_a_set(before: &str, after: &str) {
    static ALONE: LazyLock<String> = LazyLock::new(|| post_render(SET).expect("a good set"));
    let before = format!("{before}\n");
    let after = format!("---\n{after}");
    let Some(rendered) = post_render(&format!("{before}{SET}{after}")) else {
        panic!("a set is expanded, whatever stands around it");
    };
    let objects = rendered
        .strip_prefix(&before)
        .and_then(|rest| rest.strip_suffix(&after))
        .expect("what is not ours stays");
    assert_eq!(objects, *ALONE);
    assert!(documents(objects).is_ok());
}

/// What Helm gets back for `text`; `None` when it is refused, with a reason.
fn post_render(text: &str) -> Option<String> {
    let (sources, index) = kept(text.as_bytes(), Origin::Person)?;
    let mut problems = Problems::default();
    let edits = stream::expand(index, Dialect::Written, &sources, &mut problems);
    let is_refused = problems.has_errors();
    presentable(problems.into_sorted(), &sources);
    if is_refused {
        return None;
    }
    let mut out = Vec::new();
    splice::write(text, &edits, &mut out).expect("memory takes every write");
    Some(String::from_utf8(out).expect("YAML is text"))
}

//! A stream of documents: what is not ours passes untouched.

use std::str;
use std::sync::LazyLock;

use mcpset::api::KIND;
use mcpset::hosts::{judge, splice, stream};
use mcpset::problem::Problems;
use mcpset::source::Origin;
use mcpset::yaml::{Dialect, split};

use super::text::{documents, kept, presentable};

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
    let rendered = post_render(text);
    if !text.contains(KIND) && !text.contains('\0') {
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

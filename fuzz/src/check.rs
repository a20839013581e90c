//! `mcpset check` of anybody's manifests: findings with places, and the same ones each time.

use mcpset::check::{Subject, collisions};
use mcpset::hosts::{files, is_check, is_set, require_known};
use mcpset::manifest::items;
use mcpset::problem::{Problem, Problems};
use mcpset::report;
use mcpset::source::{Origin, Sources};
use mcpset::yaml::{Dialect, Node, parse};
use serde_json::Value;

use super::text::{kept, presentable};

/// Whatever is given to `mcpset check`.
pub fn check(data: &[u8]) {
    let Some((sources, index)) = kept(data, Origin::Person) else {
        return;
    };
    let (found, pages) = checked(index, &sources);
    let found = presentable(found, &sources);
    let json = report::json(&found, &sources);
    assert!(serde_json::from_str::<Value>(&json).is_ok(), "{json}");
    let sarif = report::sarif(&found, &sources);
    assert!(serde_json::from_str::<Value>(&sarif).is_ok(), "{sarif}");
    let _ = report::junit(&found, &sources);
    let _ = report::github(&found, &sources);

    let (again, pages_again) = checked(index, &sources);
    assert_eq!(presentable(again, &sources), found);
    assert_eq!(pages_again, pages);
}

/// What is found, and the pages that are printed instead of it, when there is no mistake in the input.
fn checked(index: u32, sources: &Sources) -> (Vec<Problem>, Option<[String; 2]>) {
    let mut problems = Problems::unlimited();
    let text = sources.get(index).map_or("", |source| source.text.as_str());
    let read = parse(text, index, &mut problems);
    let mut documents: Vec<Node> = read.into_iter().flat_map(items).collect();
    documents.retain(|document| require_known(document, &mut problems));
    let (sets, others): (Vec<Node>, Vec<Node>) = documents.into_iter().partition(is_set);
    let (configs, others): (Vec<Node>, Vec<Node>) = others.into_iter().partition(is_check);
    let expanded = files::decided(&sets, &mut problems);
    let placed = expanded.iter().map(|(set, node)| (set, node.place));
    collisions(placed, &mut problems);

    let mut subject = Subject::default();
    for config in &configs {
        let config = mcpset::check_config(config, Dialect::Written, &mut problems);
        subject.configure(config.unwrap_or_default());
    }
    for (set, _) in &expanded {
        subject.add_set(set, &mut problems);
    }
    for document in others {
        subject.add(document, &mut problems);
    }
    if problems.has_errors() {
        return (problems.into_sorted(), None);
    }
    let findings = subject.findings();
    let checklist = report::checklist(&subject.checklist(&findings), sources);
    for finding in findings {
        problems.push(finding);
    }
    (problems.into_sorted(), Some([subject.network(), checklist]))
}

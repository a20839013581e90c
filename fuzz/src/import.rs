//! Whatever people have becomes a set that is read as one, without the credentials that stood there.

use std::collections::BTreeMap;
use std::str;

use mcpset::Bundle;
use mcpset::api::{self, McpServerSet};
use mcpset::credential::credential;
use mcpset::import::Wanted;
use mcpset::problem::{Code, Problems};
use mcpset::source::Origin;
use mcpset::yaml::{Dialect, decode, parse};
use serde_json::Value;

use super::text::{documents, kept, places_lie_in, presentable};

/// What is wrong with a text that was written by a program; what a person must add is not among it.
const MISTAKES: [Code; 7] = [
    Code::Syntax,
    Code::DuplicateField,
    Code::UnknownField,
    Code::WrongType,
    Code::AmbiguousValue,
    Code::InvalidValue,
    Code::ExposedSecret,
];

/// Whatever is given to `mcpset import`.
pub fn import(data: &[u8]) {
    let text = imported(data);
    assert_eq!(imported(data), text);
    let Some(text) = text else {
        return;
    };
    let read = documents(&text).expect("what is drawn is YAML");
    let [set] = read.as_slice() else {
        panic!("one set, not {}:\n{text}", read.len());
    };
    tells_no_credential(set, &text);

    let mut problems = Problems::default();
    let mut nodes = parse(&text, 0, &mut problems);
    let node = nodes.pop().expect("what is drawn is a document");
    decode::<McpServerSet>(&node, Dialect::Written, &mut problems).expect("it is a set");
    for server in api::servers(&node) {
        decode::<api::Server>(server, Dialect::Written, &mut problems).expect("it is a server");
    }
    for problem in problems.into_sorted() {
        assert!(!MISTAKES.contains(&problem.code), "{problem:?}\n{text}");
    }
    if let Err(report) = Bundle::read("drawn.yaml", &text) {
        places_lie_in(report.problems(), report.sources());
        let exposed = report.problems().iter();
        let mut exposed = exposed.filter(|problem| problem.code == Code::ExposedSecret);
        assert!(exposed.next().is_none(), "{report}\n{text}");
    }
}

/// No value, and no comment, is such a text as credentials are.
fn tells_no_credential(value: &Value, whole: &str) {
    match value {
        Value::String(text) => assert!(credential(text).is_none(), "{text}\n{whole}"),
        Value::Array(items) => items
            .iter()
            .for_each(|item| tells_no_credential(item, whole)),
        Value::Object(entries) => entries
            .values()
            .for_each(|value| tells_no_credential(value, whole)),
        _ => {}
    }
}

fn imported(data: &[u8]) -> Option<String> {
    let (sources, index) = kept(data, Origin::Person)?;
    let wanted = Wanted {
        name: "mcp".to_owned(),
        namespace: None,
        registry: None,
    };
    let mut problems = Problems::default();
    let text = mcpset::import::import(&[index], BTreeMap::new(), &wanted, &sources, &mut problems);
    assert_eq!(text.is_none(), problems.has_errors());
    presentable(problems.into_sorted(), &sources);
    text
}

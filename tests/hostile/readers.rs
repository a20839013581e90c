//! Each language as a tree: what a reader of it sees, the texts at the leaves.

use promql_parser::parser::parse as parse_promql;
use pulldown_cmark::{Event, Options, Parser, TagEnd};
use roxmltree::Node;
use serde_json::{Map, Value, json};

use crate::support::kubelet::expand;

/// Who reads the texts of a tree, and looks for something in them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Host {
    /// Nobody but whom they are for.
    None,
    /// Prometheus expands what alerts say.
    Prometheus,
    /// Grafana looks for variables.
    Grafana,
}

/// The documents of a YAML stream, with what is inside their texts.
pub fn yaml(text: &str) -> Value {
    let documents = crate::support::bundle::read(text);
    let documents = documents.into_iter().map(|document| {
        let host = match document["kind"].as_str() {
            Some("PrometheusRule") => Host::Prometheus,
            _ => Host::None,
        };
        unfolded(host, "", document)
    });
    documents.collect()
}

/// A dashboard.
pub fn dashboard(text: &str) -> Value {
    unfolded(Host::Grafana, "", serde_json::from_str(text).unwrap())
}

/// The values of a stream of JSON, likewise.
pub fn json(text: &str) -> Value {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    values
        .map(|value| unfolded(Host::None, "", value.unwrap()))
        .collect()
}

/// `value` at the field `name`, with texts in other languages read as these.
fn unfolded(host: Host, name: &str, value: Value) -> Value {
    match value {
        Value::String(text) => read(host, name, &text),
        Value::Array(items) => items
            .into_iter()
            .map(|item| unfolded(host, name, item))
            .collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let name = match key.as_str() {
                    _ if name == "envVars" => "value",
                    key => key,
                };
                let value = unfolded(host, name, value);
                (key, value)
            });
            Value::Object(fields.collect())
        }
        other => other,
    }
}

fn read(host: Host, name: &str, text: &str) -> Value {
    let is_json = name.rsplit('.').next() == Some("json") || text.starts_with("{\"");
    if is_json && let Ok(value) = serde_json::from_str(text) {
        return unfolded(host, "", value);
    }
    match (host, name) {
        (_, "values.yaml" | "agentgateway.yaml") => yaml(text),
        (_, "expr") => promql(text),
        (_, "command" | "args" | "value") => {
            let (text, references) = expand(text);
            json!({"text": text, "references": references})
        }
        (Host::None, _) => json!(text),
        (Host::Prometheus, _) => json!({"actions": actions(text), "text": text}),
        (Host::Grafana, "content" | "description") => {
            json!({"page": markdown(text), "variables": variables(text)})
        }
        (Host::Grafana, _) => json!({"variables": variables(text), "text": text}),
    }
}

/// An expression without the texts in it, and these.
fn promql(text: &str) -> Value {
    let substituted = text.replace("$__rate_interval", "1234s");
    let Ok(expression) = parse_promql(&substituted) else {
        // A variable of Grafana's own stands where an expression cannot have one.
        return json!({"query": text});
    };
    let said = format!("{expression:?}");
    let (mut shape, mut texts) = (String::new(), Vec::new());
    let (mut inside, mut chars) = (None::<String>, said.chars());
    while let Some(c) = chars.next() {
        match (c, &mut inside) {
            ('"', None) => inside = Some(String::new()),
            ('"', Some(_)) => texts.extend(inside.take()),
            ('\\', Some(text)) => text.extend(['\\'].into_iter().chain(chars.next())),
            (c, Some(text)) => text.push(c),
            (c, None) => shape.push(c),
        }
    }
    json!({"shape": shape, "texts": texts})
}

/// What Grafana would look up in a text.
fn variables(text: &str) -> Vec<&str> {
    let starts = text.match_indices(['$', '[']).map(|(at, _)| &text[at..]);
    let named = |rest: &&str| {
        let word = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let name = ["${", "[[", "$"]
            .iter()
            .find_map(|start| rest.strip_prefix(start));
        name.is_some_and(word)
    };
    starts
        .filter(named)
        .map(|rest| rest.split_inclusive([' ', '}', ']']).next().unwrap())
        .collect()
}

/// What Go's templates would carry out in a text.
fn actions(text: &str) -> Vec<&str> {
    let starts = text.split("{{").skip(1);
    starts
        .map(|rest| rest.split("}}").next().unwrap())
        .collect()
}

/// A page as a tree of what CommonMark and GitHub's tables make of it.
pub fn markdown(text: &str) -> Value {
    let mut open: Vec<(String, Vec<Value>)> = vec![("page".into(), Vec::new())];
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(tag) => open.push((format!("{tag:?}"), Vec::new())),
            Event::End(end) => {
                let (tag, children) = open.pop().unwrap();
                // An address is a text of its own.
                let tag = match end {
                    TagEnd::Link | TagEnd::Image => json!({"to": tag}),
                    _ => json!(tag),
                };
                open.last_mut()
                    .unwrap()
                    .1
                    .push(json!({"tag": tag, "holds": children}));
            }
            Event::Text(text) => said(&mut open.last_mut().unwrap().1, &text),
            Event::SoftBreak => said(&mut open.last_mut().unwrap().1, "\n"),
            Event::Code(text) => open
                .last_mut()
                .unwrap()
                .1
                .push(json!({"code": text.as_ref()})),
            other => open
                .last_mut()
                .unwrap()
                .1
                .push(json!({"event": format!("{other:?}")})),
        }
    }
    let (_, children) = open.pop().unwrap();
    json!(children)
}

/// Neighbouring texts are one.
fn said(children: &mut Vec<Value>, text: &str) {
    match children.last_mut() {
        Some(Value::String(before)) => before.push_str(text),
        _ => children.push(json!(text)),
    }
}

/// The commands in a page.
pub fn scripts(page: &Value, found: &mut Vec<String>) {
    match page {
        Value::Array(items) => items.iter().for_each(|item| scripts(item, found)),
        Value::Object(element) => {
            let is_script = element
                .get("tag")
                .is_some_and(|tag| tag == "CodeBlock(Fenced(Borrowed(\"sh\")))");
            let holds = element.get("holds").unwrap_or(&Value::Null);
            if is_script {
                found.extend(holds[0].as_str().map(str::to_owned));
            } else {
                scripts(holds, found);
            }
        }
        _ => {}
    }
}

/// A Mermaid chart: its lines, with the labels taken out, and these.
pub fn mermaid(text: &str) -> Value {
    let lines = text.lines().map(|line| {
        let parts: Vec<&str> = line.split('"').collect();
        let (mut shape, mut labels) = (Vec::new(), Vec::new());
        for (index, part) in parts.into_iter().enumerate() {
            if index % 2 == 0 {
                shape.push(part);
            } else {
                let sayings: Vec<&str> = part.split("<br>").collect();
                let is_plain = |c: char| !"[]{}()<>|`\\".contains(c);
                assert!(
                    sayings.iter().all(|said| said.chars().all(is_plain)),
                    "{line}"
                );
                labels.push(sayings);
            }
        }
        json!({"shape": shape, "labels": labels})
    });
    lines.collect()
}

/// A graph in dot, likewise. A label's lines are separate, as `\n` separates them.
pub fn dot(text: &str) -> Value {
    let (mut shape, mut labels) = (String::new(), Vec::new());
    let (mut inside, mut chars) = (None::<Vec<String>>, text.chars());
    while let Some(c) = chars.next() {
        match (c, &mut inside) {
            ('"', None) => inside = Some(vec![String::new()]),
            ('"', Some(_)) => labels.extend(inside.take()),
            ('\\', Some(lines)) => match chars.next() {
                Some('n') => lines.push(String::new()),
                Some(c) => lines.last_mut().unwrap().push(c),
                None => panic!("{text}"),
            },
            (c, Some(lines)) => lines.last_mut().unwrap().push(c),
            (c, None) => shape.push(c),
        }
    }
    assert_eq!(inside, None);
    json!({"shape": shape, "labels": labels})
}

/// What a picture has for texts that are longer than their place.
const OF_LONG_TEXTS: [&str; 2] = ["svg/text lengthAdjust textLength x y", "text/title "];

/// A picture: which elements with which attributes it is made of. How many they are is for the length
/// of its texts to say.
pub fn svg(text: &str) -> Value {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut kinds = Map::new();
    for element in document.descendants().filter(Node::is_element) {
        let mut names: Vec<&str> = element.attributes().map(|named| named.name()).collect();
        names.sort_unstable();
        let parent = element.parent_element();
        let parent = parent.map_or("", |parent| parent.tag_name().name());
        let kind = format!("{parent}/{} {}", element.tag_name().name(), names.join(" "));
        if !OF_LONG_TEXTS.contains(&kind.as_str()) {
            kinds.insert(kind, Value::Null);
        }
    }
    let others = document.descendants();
    let others = others
        .filter(|node| node.is_pi() || node.is_comment())
        .count();
    json!({"elements": kinds, "others": others})
}

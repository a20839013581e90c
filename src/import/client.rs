//! The file of a client: Claude Desktop's, Cursor's and Claude Code's `mcpServers`, the `servers` and
//! `inputs` of VS Code, alone or under `mcp` in its settings.

use super::draft::{Draft, Server};
use super::fields::Fields;
use super::launch::{Started, launch};
use super::remark::{Kind, Remark, quoted};
use super::values::{Answer, Marks, Question, Values};
use super::words::{Text, Word};
use crate::credential::name::is_secret_name;
use crate::credential::telling::{has_userinfo, holds_credential, is_secret};
use crate::yaml::{Entry, Node, Value};

/// Keys under which clients list servers.
const LISTS: [&str; 3] = ["mcpServers", "servers", "context_servers"];
/// Fields that tell a client something of itself.
const IDLE: [&str; 16] = [
    "type",
    "transport",
    "transportType",
    "dev",
    "gallery",
    "version",
    "autoApprove",
    "alwaysAllow",
    "enabled",
    "source",
    "tools",
    "description",
    "note",
    "trust",
    "_comment",
    "comment",
];

/// A part of a URL's path that is longer is a key: who has the URL may call it.
const LONGEST_PART: usize = 16;

/// The mapping of servers in `document`, if it is a client's file.
fn list(document: &Node) -> Option<&Node> {
    let holders = [Some(document), document.get("mcp")];
    let lists = holders.into_iter().flatten();
    let mut lists = lists.flat_map(|holder| LISTS.iter().filter_map(|key| holder.get(key)));
    lists.find(|list| is_list(list))
}

/// Whether `node` is a mapping of mappings, of which one at least starts or reaches a server.
fn is_list(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(entries) => {
            let is_server = |entry: &Entry| {
                ["command", "url", "serverUrl", "httpUrl"]
                    .iter()
                    .any(|key| entry.value.get(key).is_some())
            };
            entries.is_empty() || entries.iter().any(is_server)
        }
        Value::Scalar(_) | Value::Sequence(_) => false,
    }
}

/// Whether `document` is a client's file.
#[must_use]
pub fn is_client(document: &Node) -> bool {
    list(document).is_some()
}

/// Reads the servers of a client's file.
pub fn read(document: &Node, draft: &mut Draft, values: &mut Values<'_>) {
    let inputs = document
        .get("inputs")
        .or_else(|| document.get("mcp")?.get("inputs"));
    let questions = inputs.map(questions).unwrap_or_default();
    for question in questions.iter().filter(|question| question.is_secret) {
        values.hidden.extend(question.default.clone());
    }
    let Some(Node {
        value: Value::Mapping(entries),
        ..
    }) = list(document)
    else {
        return;
    };
    for entry in entries {
        server(entry, &questions, draft, values);
    }
}

/// What VS Code asks for.
fn questions(inputs: &Node) -> Vec<Question> {
    let Value::Sequence(items) = &inputs.value else {
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| {
            let mut fields = Fields::new(item, "inputs");
            let name = fields.text("id")?.to_owned();
            let options = fields.texts("options").into_iter();
            Some(Question {
                is_secret: fields.flag("password") == Some(true) || is_secret_name(&name),
                default: fields
                    .text("default")
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned),
                choices: options.filter_map(Node::text).map(str::to_owned).collect(),
                description: fields.text("description").unwrap_or_default().to_owned(),
                name,
            })
        })
        .collect()
}

fn server(entry: &Entry, questions: &[Question], draft: &mut Draft, values: &mut Values<'_>) {
    let name = entry.name();
    let mut fields = Fields::new(&entry.value, "");
    if fields.flag("disabled") == Some(true) || fields.flag("enabled") == Some(false) {
        let text = format!("{} is disabled, and was left out", quoted(name));
        draft.remarks.push(Remark::new(Kind::Lost, text));
        return;
    }
    let url = ["url", "serverUrl", "httpUrl"]
        .into_iter()
        .find_map(|key| fields.text(key));
    if let Some(url) = url {
        elsewhere(name, url, draft);
        return;
    }
    let mut server = Server::new(
        name,
        entry.key.place,
        format!("a client's server {}", quoted(name)),
    );
    let ask = |name: &str| {
        let id = name.strip_prefix("input:").unwrap_or(name);
        let known = questions.iter().find(|question| question.name == id);
        known.cloned().or_else(|| Question::named(name))
    };
    let mut words = Vec::new();
    let mut secrets = Vec::new();
    if let Some(node) = fields.node("command") {
        match &node.value {
            // Zed's form.
            Value::Mapping(_) => {
                let mut inner = Fields::new(node, "command");
                words.extend(inner.text("path").map(|text| Word::known(text, node.place)));
                let args = inner.texts("args");
                words.extend(
                    args.into_iter()
                        .map(|node| word(node, values, &ask, &mut secrets)),
                );
                fields.absorb(inner);
            }
            // Who knows which words of it belong together.
            Value::Scalar(scalar) if holds_credential(&scalar.text) => {
                server.hide_lines(&scalar.text);
                let first = scalar.text.split_whitespace().next().unwrap_or_default();
                words.push(Word::known(first, node.place));
                words.push(Word {
                    text: Text::Secret,
                    place: node.place,
                });
            }
            Value::Scalar(scalar) if scalar.text.contains(' ') && fields.node("args").is_none() => {
                let parts = scalar.text.split_whitespace();
                words.extend(parts.map(|part| Word::known(part, node.place)));
            }
            _ => words.push(word(node, values, &ask, &mut secrets)),
        }
    }
    let args = fields.texts("args");
    words.extend(
        args.into_iter()
            .map(|node| word(node, values, &ask, &mut secrets)),
    );
    let mut env: Vec<(String, Option<String>)> = Vec::new();
    for entry in fields.entries("env") {
        let name = entry.name().to_owned();
        match variable(entry, values, &ask) {
            Variable::Known(value) => {
                if is_secret(&name, &value) {
                    server.hide(&value);
                }
                env.push((name, Some(value)));
            }
            Variable::Secret => env.push((name, None)),
            Variable::Unknown => {}
        }
    }
    env.extend(secrets.into_iter().map(|name| (name, None)));
    fields.skip(&IDLE);
    server.lost = fields.close();
    match launch(&mut server, &words, &env) {
        Started::Elsewhere(url) => {
            draft.hidden.append(&mut server.hidden);
            elsewhere(name, &url, draft);
        }
        Started::Here => {
            if !is_docker(&words) {
                for (name, value) in &env {
                    match value {
                        Some(value) => server.variable(name, value, false),
                        None => server.secret(name, None),
                    }
                }
            }
            draft.servers.push(server);
        }
    }
}

/// Whether docker decides which variables a server gets.
fn is_docker(words: &[Word]) -> bool {
    let first = words.first().and_then(Word::as_str).unwrap_or_default();
    ["docker", "podman", "nerdctl"]
        .iter()
        .any(|program| first.rsplit(['/', '\\']).next() == Some(program))
}

/// A word of the command line, with its questions answered.
///
/// `-e NAME=${input:token}` is a variable of the container, whose name goes to `secrets`.
fn word(
    node: &Node,
    values: &mut Values<'_>,
    ask: &impl Fn(&str) -> Option<Question>,
    secrets: &mut Vec<String>,
) -> Word {
    let text = node.text().unwrap_or_default();
    let text = match Marks::CLIENT.fill(text, node.place, values, ask) {
        Answer::Text(text) => Text::Known(text),
        Answer::Missing => Text::Known(text.to_owned()),
        Answer::Secret => match text.split_once('=') {
            Some((name, _)) if !name.starts_with('-') => {
                secrets.push(name.to_owned());
                Text::Known(name.to_owned())
            }
            _ => Text::Secret,
        },
    };
    Word {
        text,
        place: node.place,
    }
}

/// What is known of a variable's value.
enum Variable {
    Known(String),
    Secret,
    /// Nothing; the problem has been told.
    Unknown,
}

/// The value of a variable.
fn variable(
    entry: &Entry,
    values: &mut Values<'_>,
    ask: &impl Fn(&str) -> Option<Question>,
) -> Variable {
    let Some(text) = entry.value.text() else {
        return Variable::Unknown;
    };
    if is_secret(entry.name(), text) {
        // No question in it matters: the value is not taken over.
        return Variable::Known(text.to_owned());
    }
    match Marks::CLIENT.fill(text, entry.value.place, values, ask) {
        Answer::Text(text) => Variable::Known(text),
        Answer::Secret => Variable::Secret,
        Answer::Missing => Variable::Unknown,
    }
}

/// A server that runs elsewhere.
pub fn elsewhere(name: &str, url: &str, draft: &mut Draft) {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let parts = url.split('/').skip(3);
    if url.contains(['?', '@', '#']) || parts.into_iter().any(|part| part.len() > LONGEST_PART) {
        draft.hidden.push(url.to_owned());
    }
    let host = if has_userinfo(url) { "…" } else { host };
    let text = format!(
        "{} runs elsewhere, on {}: nothing is to be deployed; register it in LiteLLM itself",
        quoted(name),
        quoted(host)
    );
    draft.remarks.push(Remark::new(Kind::Lost, text));
}

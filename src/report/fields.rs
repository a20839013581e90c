//! The config's fields for people: one of them as `kubectl explain` would show it, and the page of the
//! documentation with all of them.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::prose::{below, indented, wrapped};
use crate::markdown;
use crate::schema::{ANY_KEY, Kind, NotFound, View};
use crate::yaml;

/// Columns up to which a value stands on one line.
const LINE: usize = 60;

/// `field` in full.
#[must_use]
pub fn explained(field: &View) -> String {
    let path = match field.path() {
        "" => field.kind().as_str(),
        path => path,
    };
    let required = if field.is_required() {
        ", required"
    } else {
        ""
    };
    let mut text = format!("{path} <{}>{required}\n\n", field.type_name());
    let _ = writeln!(text, "{}", wrapped(&field.description()));
    if let Some((default, from)) = field.default() {
        let _ = writeln!(text, "\nDefault\n{}", indented(&block(default)).trim_end());
        let _ = writeln!(text, "{}", wrapped(&format!("({from})")));
    }
    let words = field.words();
    if !words.is_empty() {
        text.push_str("\nOne of\n");
        let widest = words.iter().map(|(word, _)| word.chars().count()).max();
        let widest = widest.unwrap_or_default();
        for (word, meaning) in &words {
            let first = format!("    {word:widest$}  ");
            let line = below(&first, &" ".repeat(first.chars().count()), meaning);
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    let limits = field.limits();
    if !limits.is_empty() {
        text.push_str("\nLimits\n");
        for limit in limits {
            let _ = writeln!(text, "    {limit}");
        }
    }
    if !field.examples().is_empty() {
        text.push_str("\nExample\n");
    }
    for example in field.examples() {
        let _ = write!(text, "{}", indented(&entry(field.name(), example)));
    }
    text.push_str(&fields_of(field));
    text
}

/// The fields below `field`, one a line.
fn fields_of(field: &View) -> String {
    let fields = field.fields();
    if fields.is_empty() || is_free_text(field) {
        return String::new();
    }
    let heads: Vec<String> = fields
        .iter()
        .map(|field| {
            let required = if field.is_required() {
                " -required-"
            } else {
                ""
            };
            format!("    {} <{}>{required}", field.name(), field.type_name())
        })
        .collect();
    let mut text = String::from("\nFields\n");
    for (field, head) in fields.iter().zip(&heads) {
        let description = field.description();
        let first = description.split_inclusive(". ").next().unwrap_or_default();
        let _ = writeln!(
            text,
            "{head}\n{}",
            below("      ", "      ", first.trim_end())
        );
    }
    text
}

/// Says which fields are called `word`, too, where a rule has been explained.
#[must_use]
pub fn so_called(word: &str) -> String {
    let words = match View::find(word) {
        Ok(field) => vec![field.word()],
        Err(NotFound::Several(words)) => words,
        Err(NotFound::Unknown { .. }) => return String::new(),
    };
    let commands: Vec<String> = words
        .iter()
        .map(|word| format!("mcpset explain {word}"))
        .collect();
    format!("\nThe field\n{}", indented(&commands.join("\n")))
}

/// Why no field is shown, and what to do.
#[must_use]
pub fn not_found(word: &str, problem: &NotFound) -> String {
    let word = word.escape_debug();
    match problem {
        NotFound::Several(paths) => format!(
            "several fields are called `{word}`: {}; write one of these",
            paths.join(", ")
        ),
        NotFound::Unknown { parent, name, near } => {
            let advice = match (near, parent) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some(parent)) if parent.fields().is_empty() => {
                    format!("it is <{}>", parent.type_name())
                }
                (None, Some(parent)) => {
                    format!("`mcpset explain {}` lists its fields", parent.word())
                }
                (None, None) => "`mcpset explain` lists the rules, `mcpset explain profiles` the \
                     profiles, `mcpset explain spec` the fields"
                    .to_owned(),
            };
            match parent {
                None => format!("nothing is called `{word}`; {advice}"),
                Some(parent) => format!(
                    "`{}` has no field `{}`; {advice}",
                    parent.word(),
                    name.escape_debug()
                ),
            }
        }
    }
}

/// The page of the documentation, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# The config, field by field\n\n\
        Every field of `McpServerSet`, and of `McpServerSetCheck`, which tells the checks what they must \
        know. `mcpset explain servers.probes` prints any of these on a terminal, with an example; an \
        editor completes them ([how](quickstart.md#an-editor-that-completes)). This page is made from \
        the types that read the config.\n\n\
        `defaults` has the fields of `servers[]`, all but `name` and `image`.\n",
    );
    for kind in Kind::ALL {
        let whole = View::whole(kind);
        let _ = write!(
            page,
            "\n## {}\n\n{}\n",
            kind.as_str(),
            markdown::prose(&whole.description())
        );
        section(&mut page, &whole);
    }
    page
}

/// The table of the fields of `parent`, and then those of each of them that has some.
fn section(page: &mut String, parent: &View) {
    if !parent.path().is_empty() {
        let _ = write!(
            page,
            "\n### {}\n\n{}\n",
            markdown::code(parent.path()),
            markdown::prose(&parent.description())
        );
    }
    let fields = parent.fields();
    page.push_str("\n| field | type | default | |\n|---|---|---|---|\n");
    for field in &fields {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            markdown::code(field.name()),
            markdown::code(&field.type_name()),
            default(field),
            meaning(field)
        );
    }
    for field in fields {
        // The fields of `defaults` are those of a server.
        if field.path() != "spec.defaults" && !field.fields().is_empty() && !is_free_text(&field) {
            section(page, &field);
        }
    }
}

/// Whether it is a mapping of texts, of which a table says nothing.
fn is_free_text(field: &View) -> bool {
    match field.fields().as_slice() {
        [only] => only.name() == ANY_KEY && only.fields().is_empty(),
        _ => false,
    }
}

fn default(field: &View) -> String {
    match field.default() {
        None if field.is_required() => "required".to_owned(),
        None => String::new(),
        Some((default, _)) => markdown::code(&line(default)),
    }
}

fn meaning(field: &View) -> String {
    let mut meaning = markdown::prose(&field.description());
    let words = field.words();
    let said: Vec<String> = words
        .iter()
        .map(|(word, is)| match is.as_str() {
            "" => markdown::code(word),
            is => format!("{}: {}", markdown::code(word), markdown::prose(is)),
        })
        .collect();
    if !said.is_empty() {
        let _ = write!(meaning, "<br>{}", said.join("<br>"));
    }
    meaning
}

/// `name: value` as YAML, on one line where that is short.
fn entry(name: &str, value: &Value) -> String {
    let one_line = format!("{}: {}", word(name), line(value));
    if one_line.chars().count() <= LINE {
        return one_line;
    }
    let mut text = String::new();
    let _ = yaml::document(
        &mut text,
        &Map::from_iter([(name.to_owned(), value.clone())]),
    );
    text
}

/// `value` as YAML, on one line where that is short.
fn block(value: &Value) -> String {
    let one_line = line(value);
    if one_line.chars().count() <= LINE {
        return one_line;
    }
    let mut text = String::new();
    // A value of the schema is JSON, which has a form in YAML.
    let _ = yaml::document(&mut text, value);
    text
}

/// `value` as YAML on one line.
fn line(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", word(key), line(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

fn word(text: &str) -> String {
    let mut word = String::new();
    yaml::scalar(&mut word, text);
    word
}

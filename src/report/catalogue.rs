//! The catalogue of rules for people: a table, a rule in full, and the page of the documentation.

use std::fmt::Write as _;

use super::prose::{indented, wrapped};
use crate::check::rules::{CATALOGUE, Rule, find};
use crate::markdown;
use crate::problem::Code;

/// What the rule `code` demands; `None` when it is no rule.
#[must_use]
pub fn title(code: Code) -> Option<&'static str> {
    match code {
        Code::Rule(id) => find(id).map(|rule| rule.title),
        _ => None,
    }
}

/// All rules, one a line.
#[must_use]
pub fn table() -> String {
    let widest = CATALOGUE.iter().map(|rule| rule.name.len()).max();
    let widest = widest.unwrap_or_default();
    let mut text = String::new();
    for rule in CATALOGUE {
        let (id, name, title) = (rule.id, rule.name, rule.title);
        let severity = rule.severity.as_str();
        let _ = writeln!(text, "{id}  {name:widest$}  {severity:7}  {title}");
    }
    text
}

/// `rule` in full.
#[must_use]
pub fn explained(rule: &Rule) -> String {
    let severity = rule.severity.as_str();
    let mut text = format!("{severity}[{}] {}: {}\n", rule.id, rule.name, rule.title);
    for (heading, prose) in [
        ("Why", rule.why),
        ("What to do", rule.fix),
        ("Source", rule.source),
    ] {
        let _ = writeln!(text, "\n{heading}\n{}", wrapped(prose));
    }
    for (heading, example) in [("Good", rule.good), ("Bad", &rule.bad())] {
        let _ = write!(text, "\n{heading}\n{}", indented(example));
    }
    text
}

/// What `code`, which is no rule's, says.
#[must_use]
pub fn meaning(code: Code) -> String {
    format!("{code}\n\n{}\n", wrapped(code.meaning()))
}

/// The page of the documentation, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Rules\n\n\
        What `mcpset check` holds finished objects to, whoever wrote them. `mcpset explain RULE` \
        prints any of these on a terminal. This page is made from the rules themselves.\n\n\
        | rule | name | severity | demands that |\n|---|---|---|---|\n",
    );
    for rule in CATALOGUE {
        let (id, name) = (rule.id, rule.name);
        let _ = writeln!(
            page,
            "| [{id}](#{}) | {name} | {} | {} |",
            anchor(rule),
            rule.severity.as_str(),
            markdown::prose(rule.title)
        );
    }
    for rule in CATALOGUE {
        section(&mut page, rule);
    }
    page
}

/// The address of a heading `ID name` within its page, as code hosts make it.
fn anchor(rule: &Rule) -> String {
    format!("{}-{}", rule.id.to_lowercase(), rule.name)
}

fn section(page: &mut String, rule: &Rule) {
    let prose = markdown::prose;
    let _ = writeln!(page, "\n## {} {}\n", rule.id, rule.name);
    let _ = writeln!(
        page,
        "*{}*: {}.\n",
        rule.severity.as_str(),
        prose(rule.title)
    );
    let _ = writeln!(page, "{}\n", prose(rule.why));
    let _ = writeln!(page, "**What to do:** {}.\n", prose(rule.fix));
    let _ = writeln!(page, "**Source:** {}.\n", prose(rule.source));
    let _ = writeln!(page, "Good:\n\n{}", markdown::block("yaml", rule.good));
    let _ = write!(page, "Bad:\n\n{}", markdown::block("yaml", &rule.bad()));
}

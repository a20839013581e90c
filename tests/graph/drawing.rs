//! Drawings of a config, and what they say when they are read back.

use std::fmt::Write as _;

use mcpset::check::graph::graph;
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::report::graph::{dot, mermaid, svg};
use mcpset::yaml::{self, Dialect};

/// What `--as` takes.
pub const FORMS: [&str; 3] = ["mermaid", "dot", "svg"];

/// `config` in each of [`FORMS`]; `None` where mcpset refuses it.
pub fn drawn(config: &str) -> Option<[String; 3]> {
    let mut problems = Problems::default();
    let nodes = yaml::parse(config, 0, &mut problems);
    let set = mcpset::expand(
        &nodes[0],
        Dialect::Written,
        &Overrides::default(),
        &mut problems,
    )?;
    let graph = graph(&[&set]);
    Some([mermaid(&graph), dot(&graph), svg(&graph)])
}

/// All that a drawing says, one after the other.
pub fn decoded(form: &str, text: &str) -> String {
    match form {
        "mermaid" => from_mermaid(text),
        "dot" => from_dot(text),
        _ => from_svg(text),
    }
}

/// `fact` as a drawing in `form` shows it: nothing of what readers do not show.
pub fn shown(form: &str, fact: &str) -> String {
    let is_odd = |c: char| match form {
        "mermaid" => false,
        "dot" => c.is_control(),
        // The picture alone has a say in which way text runs.
        _ => !c.is_ascii(),
    };
    // The rest is as good as what comes before.
    fact.split(is_odd).next().unwrap().to_owned()
}

/// The labels of a Mermaid chart, a line each; `#35;` is a character by its number.
pub fn from_mermaid(text: &str) -> String {
    let mut out = String::new();
    for label in text.split('"').skip(1).step_by(2) {
        let mut parts = label.split('#');
        out.push_str(parts.next().unwrap());
        for part in parts {
            let (number, rest) = part.split_once(';').unwrap();
            out.push(char::from_u32(number.parse().unwrap()).unwrap());
            out.push_str(rest);
        }
        out.push('\n');
    }
    out.replace("<br>", "\n")
}

/// The labels of a graph in dot, a line each.
pub fn from_dot(text: &str) -> String {
    let (mut out, mut is_inside) = (String::new(), false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                is_inside = !is_inside;
                out.push('\n');
            }
            '\\' if is_inside => match chars.next().unwrap() {
                'n' => out.push('\n'),
                c => out.push(c),
            },
            c if is_inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&amp;", "&")
}

/// The texts of a picture without a break, as a long one is several; what is cut is there as a whole.
fn from_svg(text: &str) -> String {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut out = String::new();
    for text in document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
    {
        let whole = text
            .descendants()
            .filter_map(|node| node.text().filter(|_| node.is_text()));
        whole.for_each(|text| out.push_str(text));
        let class = text.attribute("class");
        if matches!(class, Some("title" | "label" | "small")) {
            let _ = writeln!(out);
        }
    }
    out
}

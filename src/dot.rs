//! Dot, the language of Graphviz: the one place where text becomes part of a graph.

use std::fmt::Write;

use crate::chart::{Chart, End, Stroke};

/// `chart`, from left to right.
#[must_use]
pub fn digraph(chart: &Chart) -> String {
    let mut out = String::from(
        "digraph {
  rankdir=LR compound=true ranksep=1.2 nodesep=0.15 fontname=Helvetica
  node [shape=box style=rounded fontname=Helvetica fontsize=11]
  edge [fontname=Helvetica fontsize=9]
",
    );
    // Writing to a String cannot fail.
    let node = |out: &mut String, indent: &str, frame: Option<usize>| {
        for (index, node) in chart.nodes.iter().enumerate() {
            if node.frame == frame {
                let _ = writeln!(out, "{indent}n{index} [label={}]", label(&node.label));
            }
        }
    };
    node(&mut out, "  ", None);
    for (index, title) in chart.frames.iter().enumerate() {
        let _ = writeln!(out, "  subgraph cluster_{index} {{");
        let _ = writeln!(out, "    label={}", label(std::slice::from_ref(title)));
        node(&mut out, "    ", Some(index));
        out.push_str("  }\n");
    }
    for arrow in &chart.arrows {
        let (from, tail) = end(chart, arrow.from, "ltail");
        let (to, head) = end(chart, arrow.to, "lhead");
        let style = match arrow.stroke {
            Stroke::Solid => "",
            Stroke::Dotted => " style=dotted",
            Stroke::Crossed => " color=red arrowhead=tee",
        };
        let said = label(&arrow.label);
        let _ = writeln!(out, "  n{from} -> n{to} [label={said}{tail}{head}{style}]");
    }
    out.push_str("}\n");
    out
}

/// The node that stands for `end`, and what says that a frame is meant: an arrow ends at nodes alone,
/// and is cut at the frame around one in its middle.
fn end(chart: &Chart, end: End, key: &str) -> (usize, String) {
    let frame = match end {
        End::Node(index) => return (index, String::new()),
        End::Frame(index) => index,
    };
    let inside = chart.nodes.iter().enumerate();
    let inside = inside.filter(|(_, node)| node.frame == Some(frame));
    let inside: Vec<usize> = inside.map(|(index, _)| index).collect();
    let middle = inside.get(inside.len() / 2).copied().unwrap_or_default();
    (middle, format!(" {key}=cluster_{frame}"))
}

/// `lines` as a string in quotes.
fn label(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

/// `text` within quotes. Graphviz reads escapes with `\` and, as HTML does, those with `&`
/// (graphviz.org, "escString" and "Character Set"); what is no text at all becomes U+FFFD.
fn text(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => label.push_str("\\\""),
            '\\' => label.push_str("\\\\"),
            '&' => label.push_str("&amp;"),
            c if c.is_control() => label.push(char::REPLACEMENT_CHARACTER),
            c => label.push(c),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Arrow;
    use proptest::prelude::*;

    #[test]
    fn an_arrow_to_a_frame_ends_at_a_node_in_it() {
        let mut chart = Chart::default();
        let frame = chart.frame("all".into());
        let a = chart.node(None, vec!["a".into()]);
        chart.node(Some(frame), vec!["b\"".into(), "two".into()]);
        chart.arrow(Arrow {
            from: End::Node(a),
            to: End::Frame(frame),
            label: vec!["TCP 1".into()],
            stroke: Stroke::Dotted,
        });
        let text = digraph(&chart);
        assert!(text.contains("    n1 [label=\"b\\\"\\ntwo\"]\n"), "{text}");
        let arrow = "  n0 -> n1 [label=\"TCP 1\" lhead=cluster_0 style=dotted]\n";
        assert!(text.contains(arrow), "{text}");
    }

    proptest! {
        #[test]
        fn no_label_ends_its_string(hostile in any::<String>()) {
            let written = label(&[hostile]);
            let inside = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let mut inside = inside.unwrap().chars();
            while let Some(c) = inside.next() {
                prop_assert!(c != '"' && !c.is_control());
                if c == '\\' {
                    prop_assert!(matches!(inside.next(), Some('"' | '\\')));
                }
            }
        }
    }
}

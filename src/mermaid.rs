//! Mermaid: the one place where text becomes part of a diagram.

use std::fmt::Write;

use crate::chart::{Chart, End, Stroke};

/// `chart`, from left to right.
#[must_use]
pub fn flowchart(chart: &Chart) -> String {
    let mut out = String::from("flowchart LR\n");
    // Writing to a String cannot fail.
    let node = |out: &mut String, indent: &str, frame: Option<usize>| {
        for (index, node) in chart.nodes.iter().enumerate() {
            if node.frame == frame {
                let _ = writeln!(out, "{indent}n{index}[\"{}\"]", label(&node.label));
            }
        }
    };
    node(&mut out, "  ", None);
    for (index, title) in chart.frames.iter().enumerate() {
        let _ = writeln!(out, "  subgraph g{index}[\"{}\"]", text(title));
        node(&mut out, "    ", Some(index));
        out.push_str("  end\n");
    }
    for arrow in &chart.arrows {
        let line = match arrow.stroke {
            Stroke::Solid => "-->",
            Stroke::Dotted => "-.->",
            Stroke::Crossed => "--x",
        };
        let said = if arrow.label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", label(&arrow.label))
        };
        let (from, to) = (id(arrow.from), id(arrow.to));
        let _ = writeln!(out, "  {from} {line}{said} {to}");
    }
    out
}

fn id(end: End) -> String {
    match end {
        End::Node(index) => format!("n{index}"),
        End::Frame(index) => format!("g{index}"),
    }
}

fn label(lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
    lines.join("<br>")
}

/// `text` as a label shows it: whatever Mermaid or Markdown could read is a character code
/// (Mermaid, "Entity codes to escape characters"). A label that begins like an item of a list, as
/// `1. one` or `- one`, would be one to Markdown.
fn text(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins_item = matches!(c, '-' | '.') && rest.peek().is_none_or(|next| *next == ' ');
        if c.is_alphanumeric()
            || matches!(c, ' ' | '-' | '.' | '/' | ':' | ',' | '=') && !begins_item
        {
            label.push(c);
        } else {
            let _ = write!(label, "#{};", u32::from(c));
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
    fn a_chart_has_frames_nodes_and_arrows() {
        let mut chart = Chart::default();
        let frame = chart.frame("all".into());
        let a = chart.node(None, vec!["a".into()]);
        let b = chart.node(Some(frame), vec!["*.b\"]".into(), "two".into()]);
        for (to, label, stroke) in [
            (End::Node(b), vec!["TCP 1".to_owned()], Stroke::Solid),
            (End::Frame(frame), vec![], Stroke::Dotted),
        ] {
            let from = End::Node(a);
            chart.arrow(Arrow {
                from,
                to,
                label,
                stroke,
            });
        }
        assert_eq!(
            flowchart(&chart),
            "flowchart LR
  n0[\"a\"]
  subgraph g0[\"all\"]
    n1[\"#42;.b#34;#93;<br>two\"]
  end
  n0 -->|\"TCP 1\"| n1
  n0 -.-> g0
"
        );
    }

    #[test]
    fn nothing_is_an_item_of_a_list() {
        assert_eq!(text("1. a - b. c-d."), "1#46; a #45; b#46; c-d#46;");
    }

    proptest! {
        #[test]
        fn no_label_ends_its_node(hostile in any::<String>()) {
            let label = text(&hostile);
            prop_assert!(!label.contains(['"', ']', '[', '\n', '`', '<', '&', '|']));
        }
    }
}

//! Mermaid: the one place where text becomes part of a diagram.

use std::fmt::Write;

/// A flow chart that is being drawn: each label is one node, each arrow is drawn once.
#[derive(Debug, Default)]
pub struct Graph {
    labels: Vec<String>,
    arrows: Vec<(usize, usize)>,
}

impl Graph {
    /// The node with this label.
    pub fn node(&mut self, label: &str) -> usize {
        if let Some(known) = self.labels.iter().position(|known| known == label) {
            return known;
        }
        self.labels.push(label.to_owned());
        self.labels.len() - 1
    }

    /// An arrow between two nodes.
    pub fn arrow(&mut self, from: usize, to: usize) {
        if !self.arrows.contains(&(from, to)) {
            self.arrows.push((from, to));
        }
    }

    /// The chart, from left to right.
    #[must_use]
    pub fn text(&self) -> String {
        let mut chart = String::from("flowchart LR\n");
        // Writing to a String cannot fail.
        for (node, label) in self.labels.iter().enumerate() {
            let _ = writeln!(chart, "  n{node}[\"{}\"]", text(label));
        }
        for (from, to) in &self.arrows {
            let _ = writeln!(chart, "  n{from} --> n{to}");
        }
        chart
    }
}

/// `text` as a label shows it: whatever Mermaid or Markdown could read is a character code
/// (Mermaid, "Entity codes to escape characters").
fn text(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/' | ':') {
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
    use proptest::prelude::*;

    #[test]
    fn a_label_is_one_node_and_an_arrow_is_drawn_once() {
        let mut graph = Graph::default();
        let (a, b) = (graph.node("a"), graph.node("*.b\"]"));
        assert_eq!(graph.node("a"), a);
        graph.arrow(a, b);
        graph.arrow(a, b);
        assert_eq!(
            graph.text(),
            "flowchart LR\n  n0[\"a\"]\n  n1[\"#42;.b#34;#93;\"]\n  n0 --> n1\n"
        );
    }

    proptest! {
        #[test]
        fn no_label_ends_its_node(hostile in any::<String>()) {
            let label = text(&hostile);
            prop_assert!(!label.contains(['"', ']', '[', '\n', '`', '<', '&']));
        }
    }
}

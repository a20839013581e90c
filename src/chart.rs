//! A chart of nodes and arrows, whatever language it is written in.

/// A chart. Labels are lines of plain text.
#[derive(Debug, Default)]
pub struct Chart {
    /// Frames around nodes, by their titles.
    pub frames: Vec<String>,
    /// The nodes, in the order in which they were first named.
    pub nodes: Vec<Node>,
    /// The arrows, each once.
    pub arrows: Vec<Arrow>,
}

/// A node.
#[derive(Debug, PartialEq, Eq)]
pub struct Node {
    /// The index of the frame around it.
    pub frame: Option<usize>,
    /// What it says.
    pub label: Vec<String>,
}

/// One end of an arrow, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// A node.
    Node(usize),
    /// A frame, for all that is in it.
    Frame(usize),
}

/// An arrow.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrow {
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What it says.
    pub label: Vec<String>,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A line: somebody calls.
    Solid,
    /// Dots: somebody is given something.
    Dotted,
    /// A line with a cross: somebody calls in vain.
    Crossed,
}

impl Chart {
    /// A new frame.
    pub fn frame(&mut self, title: String) -> usize {
        self.frames.push(title);
        self.frames.len() - 1
    }

    /// The node with this label.
    pub fn node(&mut self, frame: Option<usize>, label: Vec<String>) -> usize {
        let node = Node { frame, label };
        if let Some(known) = self.nodes.iter().position(|known| *known == node) {
            return known;
        }
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// An arrow.
    pub fn arrow(&mut self, arrow: Arrow) {
        if !self.arrows.contains(&arrow) {
            self.arrows.push(arrow);
        }
    }
}

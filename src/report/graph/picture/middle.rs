//! The servers in the frames of their sets, and where lines meet them.

use super::card::{self, Card, END, FIRST_END};
use super::paper::{Area, Paper};
use super::{GAP, HEADING, PAD, SERVER};
use crate::check::graph::Graph;
use crate::report::graph::bundle::{Bundle, Id, Side, ports};

/// The servers, and where lines begin and end at them.
pub struct Middle {
    frames: Vec<(Area, Card)>,
    cards: Vec<(Area, Card)>,
    /// For each caller, where its branches end, and on which port.
    pub inward: Vec<Ends>,
    /// For each one that is reached, where its branches begin.
    pub outward: Vec<Ends>,
}

/// Where the lines of one bundle meet the servers.
#[derive(Default)]
pub struct Ends {
    /// Where.
    pub ys: Vec<i32>,
    /// The server's port, at each.
    pub ports: Vec<String>,
    /// Whether each is a frame, not a card.
    pub is_frame: Vec<bool>,
}

impl Middle {
    /// The servers of `graph`, one below the other.
    pub fn new(graph: &Graph, callers: &[&Bundle<'_>], reached: &[&Bundle<'_>]) -> Self {
        let mut middle = Self {
            frames: Vec::new(),
            cards: Vec::new(),
            inward: callers.iter().map(|_| Ends::default()).collect(),
            outward: reached.iter().map(|_| Ends::default()).collect(),
        };
        let sides: Vec<Vec<Side<'_, '_>>> =
            reached.iter().map(|bundle| bundle.sides(graph)).collect();
        let mut y = HEADING;
        for (index, group) in graph.groups.iter().enumerate() {
            let (top, head) = (y, card::of_group(group, SERVER + 2 * PAD));
            let mut used = 0;
            for (sides, ends) in sides.iter().zip(&mut middle.outward) {
                let is_here =
                    |side: &&Side<'_, '_>| matches!(side, Side::Group(of, _) if *of == index);
                if sides.iter().any(|side| is_here(&side)) {
                    ends.push(nth_end(top, used), String::new(), true);
                    used += 1;
                }
            }
            y += head.height(used);
            for (position, node) in group.nodes.iter().enumerate() {
                let card = card::of_node(group, node, SERVER);
                let id = (index, position);
                let ends = middle.meet(id, y, callers, &sides);
                let height = card.height(ends);
                let area = Area {
                    x: PAD,
                    y,
                    width: SERVER,
                    height,
                };
                middle.cards.push((area, card));
                y += height + GAP;
            }
            y += PAD - GAP;
            let area = Area {
                x: 0,
                y: top,
                width: SERVER + 2 * PAD,
                height: y - top,
            };
            middle.frames.push((area, head));
            y += GAP + PAD;
        }
        middle
    }

    /// Notes which lines meet the server `id`, whose card begins at `top`, and says how many there are
    /// on its busier side.
    fn meet(
        &mut self,
        id: Id,
        top: i32,
        callers: &[&Bundle<'_>],
        sides: &[Vec<Side<'_, '_>>],
    ) -> usize {
        let (mut left, mut right) = (0, 0);
        for (bundle, ends) in callers.iter().zip(&mut self.inward) {
            if let Some(member) = bundle.members.iter().find(|member| member.id == id) {
                ends.push(nth_end(top, left), ports(member.ports.iter()), false);
                left += 1;
            }
        }
        for (sides, ends) in sides.iter().zip(&mut self.outward) {
            let is_here =
                |side: &Side<'_, '_>| matches!(side, Side::Node(member) if member.id == id);
            if sides.iter().any(is_here) {
                ends.push(nth_end(top, right), String::new(), false);
                right += 1;
            }
        }
        left.max(right)
    }

    /// The lower edge of the last frame.
    pub fn bottom(&self) -> i32 {
        let last = self.frames.last();
        last.map_or(HEADING, |(area, _)| area.bottom())
    }

    /// Draws frames and cards, the frames from `x` on.
    pub fn draw(&self, paper: &mut Paper, x: i32) {
        for (area, head) in &self.frames {
            paper.rect("frame", Area { x, ..*area });
            head.draw(paper, x, area.y);
        }
        for (area, card) in &self.cards {
            let x = x + area.x;
            card.draw_framed(paper, Area { x, ..*area });
        }
    }
}

impl Ends {
    fn push(&mut self, y: i32, port: String, is_frame: bool) {
        self.ys.push(y);
        self.ports.push(port);
        self.is_frame.push(is_frame);
    }
}

/// Where the line with this index meets a card or frame that begins at `top`.
fn nth_end(top: i32, index: usize) -> i32 {
    top + FIRST_END + i32::try_from(index).unwrap_or_default() * END
}

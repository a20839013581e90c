//! The picture, laid out here: who calls on the left, the servers of each set in a frame, whom they
//! reach on the right.
//!
//! What a whole set reaches leaves its frame once. Every server that a caller calls has a branch of its
//! own, because there stands the port.

mod card;
mod channel;
mod column;
mod middle;
mod paper;
mod words;

use super::bundle::{Bundle, Id, bundles};
use crate::check::graph::{Graph, Group};
use column::Column;
use middle::Middle;
use paper::Paper;
use words::line;

/// Around everything.
const MARGIN: i32 = 16;
/// Above all cards: what the columns are.
const HEADING: i32 = 40;
/// Width of a card of a caller, a server, and one that is reached.
const CALLER: i32 = 228;
const SERVER: i32 = 420;
const REACHED: i32 = 252;
/// Between a frame and the cards in it.
const PAD: i32 = 14;
/// Between two cards, and two frames.
const GAP: i32 = 12;
/// Between trunks and what they lead to; on the left, with room for a port.
const ROOM: i32 = 18;
const PORT_ROOM: i32 = 84;

/// `graph` as a picture of its own.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let bundles = bundles(graph);
    let (callers, mut reached): (Vec<_>, Vec<_>) =
        bundles.iter().partition(|bundle| bundle.end.is_caller());
    // Where cards lie follows from where lines begin, and these shall begin in the order of the cards.
    let draft = Middle::new(graph, &callers, &reached);
    let tops = Column::new(&reached, &draft.outward, REACHED).tops();
    let mut order: Vec<_> = tops.into_iter().zip(&reached).collect();
    order.sort_by_key(|(top, _)| *top);
    reached = order.into_iter().map(|(_, bundle)| *bundle).collect();
    let middle = Middle::new(graph, &callers, &reached);
    let left = Column::new(&callers, &middle.inward, CALLER);
    let right = Column::new(&reached, &middle.outward, REACHED);

    let frame = MARGIN + CALLER + ROOM + left.lanes() + PORT_ROOM;
    let end = frame + SERVER + 2 * PAD;
    let far = end + ROOM + right.lanes() + ROOM;
    let width = far + REACHED + MARGIN;
    let bottoms = [middle.bottom(), left.bottom(), right.bottom()];
    let height = bottoms.into_iter().max().unwrap_or_default() + MARGIN;

    let mut paper = Paper::default();
    for (x, heading) in [
        (MARGIN, "Who calls"),
        (frame, "MCP servers"),
        (far, "What they reach"),
    ] {
        paper.text("head", x, MARGIN + 12, &line(heading, 30));
    }
    middle.draw(&mut paper, frame);
    left.draw_callers(&mut paper, frame);
    right.draw_reached(&mut paper, (end - PAD, end, far));
    paper.finish(width, height, &title(graph), &description(graph, &bundles))
}

fn title(graph: &Graph) -> String {
    let sets = graph.groups.iter().map(|group| group.name.as_str());
    let sets: Vec<&str> = sets.collect();
    format!("Who talks to whom: the MCP servers of {}", sets.join(", "))
}

/// The picture in words.
fn description(graph: &Graph, bundles: &[Bundle<'_>]) -> String {
    let name = |(group, node): Id| {
        let group: Option<&Group> = graph.groups.get(group);
        group
            .and_then(|group| group.nodes.get(node))
            .map_or("", |node| &node.name)
    };
    let sentences = bundles.iter().map(|bundle| {
        let servers: Vec<&str> = bundle
            .members
            .iter()
            .map(|member| name(member.id))
            .collect();
        let servers = servers.join(", ");
        let others = format!("{} ({})", bundle.end.title(), bundle.who.join(", "));
        let (from, to) = if bundle.end.is_caller() {
            (others, servers)
        } else {
            (servers, others)
        };
        let closed = if bundle.is_open { "" } else { ", closed" };
        format!("{from} to {to}: {}{closed}.", bundle.ports())
    });
    sentences.collect::<Vec<_>>().join(" ")
}

//! The cards on one side of the servers, and the lines between.

use super::card::{self, Card, FIRST_END};
use super::channel::{Wire, far_end, places, slots};
use super::middle::Ends;
use super::paper::{Area, COLOURS, Paper};
use super::words::line;
use super::{HEADING, MARGIN, PAD, PORT_ROOM, ROOM};
use crate::report::graph::bundle::Bundle;

/// Between trunks.
const LANE: i32 = 11;

/// The cards on one side, and the lines between them and the servers.
pub struct Column<'m> {
    cards: Vec<Placed<'m>>,
    width: i32,
}

/// A card on one side, with its line.
struct Placed<'m> {
    card: Card,
    top: i32,
    height: i32,
    wire: Wire,
    slot: Option<usize>,
    ends: &'m Ends,
    /// One of the [`COLOURS`], or the one behind them: none.
    colour: usize,
    is_caller: bool,
    is_open: bool,
}

impl<'m> Column<'m> {
    /// The cards of `bundles`, whose lines meet the servers at `ends`.
    pub fn new(bundles: &[&Bundle<'_>], ends: &'m [Ends], width: i32) -> Self {
        let cards = bundles.iter().zip(ends).map(|(bundle, ends)| {
            let card = card::of_bundle(bundle, width);
            Placed {
                height: card.height(1),
                card,
                top: HEADING,
                wire: Wire::default(),
                slot: None,
                ends,
                colour: COLOURS,
                is_caller: bundle.end.is_caller(),
                is_open: bundle.is_open,
            }
        });
        let mut cards: Vec<Placed<'m>> = cards.collect();
        let wanted: Vec<(&[i32], i32)> = cards
            .iter()
            .map(|card| (card.wanted(), card.height))
            .collect();
        let all = ends.iter().flat_map(|ends| ends.ys.iter().copied());
        let all: Vec<i32> = all.collect();
        let tops = places(&wanted, HEADING, FIRST_END);
        for (card, top) in cards.iter_mut().zip(tops) {
            card.top = top;
            card.wire = Wire {
                far: far_end(card.wanted(), (top, card.height), &all),
                near: card.ends.ys.clone(),
            };
        }
        let wires: Vec<Wire> = cards.iter().map(|card| card.wire.clone()).collect();
        for (card, slot) in cards.iter_mut().zip(slots(&wires)) {
            card.slot = slot;
        }
        // A straight line needs no colour to be followed.
        let mut bent: Vec<&mut Placed<'m>> = cards
            .iter_mut()
            .filter(|card| card.is_open && card.slot.is_some())
            .collect();
        bent.sort_by_key(|card| card.wire.span());
        for (index, card) in bent.into_iter().enumerate() {
            card.colour = index % COLOURS;
        }
        Self { cards, width }
    }

    /// The upper edges of the cards.
    pub fn tops(&self) -> Vec<i32> {
        self.cards.iter().map(|card| card.top).collect()
    }

    /// The width of all trunks.
    pub fn lanes(&self) -> i32 {
        let slots = self.cards.iter().filter_map(|card| card.slot);
        slots.max().map_or(0, |last| lane(last + 1))
    }

    /// The lower edge of the last card.
    pub fn bottom(&self) -> i32 {
        let bottoms = self.cards.iter().map(|card| card.top + card.height);
        bottoms.max().unwrap_or(HEADING)
    }

    /// Draws those who call, left of the frames that begin at `frame`.
    pub fn draw_callers(&self, paper: &mut Paper, frame: i32) {
        for placed in &self.cards {
            placed.draw_card(paper, MARGIN, self.width);
            let trunk = frame - PORT_ROOM - placed.slot.map_or(0, lane);
            placed.draw_trunk(paper, trunk);
            if !placed.wire.is_straight() {
                placed.branch(paper, placed.wire.far, (MARGIN + self.width, trunk), trunk);
            }
            let begin = if placed.wire.is_straight() {
                MARGIN + self.width
            } else {
                trunk
            };
            for (y, port) in placed.wire.near.iter().zip(&placed.ends.ports) {
                placed.branch(paper, *y, (begin, frame + PAD - 6), trunk);
                paper.head(&placed.fill(), frame + PAD, *y);
                paper.text("small", frame - PORT_ROOM + 10, y - 3, &line(port, 10));
            }
        }
    }

    /// Draws those who are reached, right of the cards that end at `card` in frames that end at `frame`.
    pub fn draw_reached(&self, paper: &mut Paper, (card, frame, far): (i32, i32, i32)) {
        for placed in &self.cards {
            placed.draw_card(paper, far, self.width);
            let trunk = frame + ROOM + placed.slot.map_or(0, lane);
            placed.draw_trunk(paper, trunk);
            let tip = far - 6;
            let end = if placed.wire.is_straight() {
                tip
            } else {
                trunk
            };
            for (y, is_frame) in placed.wire.near.iter().zip(&placed.ends.is_frame) {
                let begin = if *is_frame { frame } else { card };
                placed.branch(paper, *y, (begin, end), trunk);
            }
            if !placed.wire.is_straight() {
                placed.branch(paper, placed.wire.far, (trunk, tip), trunk);
            }
            paper.head(&placed.fill(), far, placed.wire.far);
        }
    }
}

fn lane(slot: usize) -> i32 {
    i32::try_from(slot).unwrap_or_default() * LANE
}

impl Placed<'_> {
    /// What it should lie beside: a caller, the first server that it calls.
    fn wanted(&self) -> &[i32] {
        match self.ends.ys.get(..1) {
            Some(first) if self.is_caller => first,
            _ => &self.ends.ys,
        }
    }

    fn stroke(&self) -> String {
        if self.is_open {
            format!("l{}", self.colour)
        } else {
            "shut".into()
        }
    }

    fn fill(&self) -> String {
        if self.is_open {
            format!("a{}", self.colour)
        } else {
            "closed".into()
        }
    }

    fn draw_card(&self, paper: &mut Paper, x: i32, width: i32) {
        let area = Area {
            x,
            y: self.top,
            width,
            height: self.height,
        };
        self.card.draw_framed(paper, area);
    }

    fn draw_trunk(&self, paper: &mut Paper, x: i32) {
        if self.slot.is_some() {
            paper.trunk(&self.stroke(), x, self.wire.span());
        }
    }

    /// A line across, with a joint where it meets the trunk between its ends.
    fn branch(&self, paper: &mut Paper, y: i32, ends: (i32, i32), trunk: i32) {
        paper.branch(&self.stroke(), y, ends);
        if self.slot.is_some() && self.wire.is_joint(y) {
            paper.joint(&self.fill(), trunk, y);
        }
    }
}

//! What stands in the cards: of a server, of those it talks to, and at the head of a set.

use super::paper::{Area, Paper, columns, title_columns};
use super::words::{Words, line, wrap};
use crate::check::graph::{Group, Node};
use crate::report::graph::bundle::{Bundle, over};
use crate::report::graph::charted::{rest, role_name};

/// Around the text of a card.
const PAD: i32 = 12;
/// From one line to the next.
const LINE: i32 = 16;
/// From the upper edge to the base line of the title.
const TITLE: i32 = 21;
/// From there to the upper edge of a line's letters, and from the last one to the lower edge.
const BELOW: i32 = 9;
/// Width of the words in front of lines.
const LABEL: i32 = 62;
/// Lines of one text at most.
const LINES: usize = 3;

/// A card's text.
#[derive(Debug)]
pub struct Card {
    title: Words,
    rows: Vec<Row>,
    width: i32,
}

#[derive(Debug)]
struct Row {
    class: &'static str,
    label: &'static str,
    words: Words,
}

impl Card {
    fn new(title: &str, width: i32) -> Self {
        Self {
            title: line(title, title_columns(width - 2 * PAD)),
            rows: Vec::new(),
            width,
        }
    }

    /// Adds `text`, with `label` before its first line.
    fn labelled(&mut self, label: &'static str, text: &str) {
        let room = columns(self.width - 2 * PAD - LABEL);
        for (index, words) in wrap(text, room, LINES).into_iter().enumerate() {
            self.rows.push(Row {
                class: "",
                label: if index == 0 { label } else { "" },
                words,
            });
        }
    }

    /// Adds `text` alone.
    fn plain(&mut self, class: &'static str, text: &str) {
        let room = columns(self.width - 2 * PAD);
        for words in wrap(text, room, LINES) {
            self.rows.push(Row {
                class,
                label: "",
                words,
            });
        }
    }

    /// How high it is, with room for so many lines at an edge.
    pub fn height(&self, ends: usize) -> i32 {
        let rows = self.rows.iter().map(|_| LINE).sum::<i32>();
        let ends = (0..ends).map(|_| END).sum::<i32>();
        (TITLE + BELOW + rows).max(FIRST_END + ends)
    }

    /// Draws it with its upper left corner at `x` and `y`.
    pub fn draw(&self, paper: &mut Paper, x: i32, y: i32) {
        paper.text("title", x + PAD, y + TITLE, &self.title);
        for (row, base) in self.rows.iter().zip((y + TITLE + LINE..).step_by(16)) {
            let is_labelled = row.class.is_empty();
            let left = if is_labelled {
                x + PAD + LABEL
            } else {
                x + PAD
            };
            if !row.label.is_empty() {
                paper.text("label", x + PAD, base, &line(row.label, columns(LABEL)));
            }
            paper.text(row.class, left, base, &row.words);
        }
    }

    /// Draws it with a border.
    pub fn draw_framed(&self, paper: &mut Paper, area: Area) {
        paper.rect("card", area);
        self.draw(paper, area.x, area.y);
    }
}

/// From a card's upper edge to the first line that begins or ends at its side.
pub const FIRST_END: i32 = 16;
/// From there to the next.
pub const END: i32 = 16;

/// What a set says at its head.
pub fn of_group(group: &Group, width: i32) -> Card {
    let mut card = Card::new(&format!("{} in {}", group.name, group.namespace), width);
    card.rows.extend(rest(group).iter().flat_map(|rest| {
        wrap(rest, columns(width - 2 * PAD), LINES)
            .into_iter()
            .map(|words| Row {
                class: "head",
                label: "",
                words,
            })
    }));
    for store in stores(group) {
        card.plain("head", &format!("secrets from {store}"));
    }
    card
}

/// The stores that the servers' secrets come from, each once.
fn stores(group: &Group) -> Vec<&str> {
    let secrets = group.nodes.iter().flat_map(|node| &node.secrets);
    let mut stores: Vec<&str> = secrets
        .filter_map(|secret| secret.store.as_deref())
        .collect();
    stores.sort_unstable();
    stores.dedup();
    stores
}

/// What a server is: its policies, its identity, its secrets.
pub fn of_node(group: &Group, node: &Node, width: i32) -> Card {
    let mut card = Card::new(&node.name, width);
    for policy in &node.policies {
        // Nearly all are of one kind, which the label says.
        card.labelled(
            "policy",
            policy.strip_prefix("NetworkPolicy ").unwrap_or(policy),
        );
    }
    card.labelled("account", &node.account);
    if let Some(role) = &node.role {
        card.labelled("role", &role_name(role));
    }
    for right in &node.rights {
        card.labelled("may", right);
    }
    let is_one_store = stores(group).len() == 1;
    for secret in &node.secrets {
        card.labelled("secret", &secret.name);
        if let Some(store) = secret.store.as_ref().filter(|_| !is_one_store) {
            card.labelled("store", store);
        }
        for (index, value) in secret.values.iter().enumerate() {
            card.labelled(if index == 0 { "from" } else { "" }, value);
        }
    }
    card
}

/// Whom servers talk to, and on which ports where these are not the servers' own.
pub fn of_bundle(bundle: &Bundle<'_>, width: i32) -> Card {
    let mut card = Card::new(bundle.end.title(), width);
    for who in &bundle.who {
        card.plain("who", who);
    }
    if !bundle.end.is_caller() {
        card.plain("port", &bundle.ports());
    }
    if let (false, Some(closed)) = (bundle.is_open, over(&bundle.members, bundle.is_open)) {
        card.plain("closed", &closed);
    }
    card
}

//! The picture as it is seen: nothing lies on another, and all text is where it belongs.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::drawing::drawn;
use crate::support::config::{self, Order};
use crate::support::{self, Bundle};

/// The set whose picture is in docs.
const EXAMPLE: &str = "examples/twelve.yaml";
const PICTURE: &str = "docs/graph.svg";
/// Bytes of a picture that loads as fast as the page around it.
const LIMIT: usize = 40 << 10;

/// The widest letter of a font with letters of one width, by the font's size.
const LETTER: f64 = 0.62;

#[derive(Debug, Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn of(rect: &Node<'_, '_>) -> Self {
        let (left, top) = (number(rect, "x"), number(rect, "y"));
        Self {
            left,
            top,
            right: left + number(rect, "width"),
            bottom: top + number(rect, "height"),
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }
}

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or("0");
    text.parse().unwrap()
}

fn all<'a>(document: &'a Document<'_>, tag: &str, class: &str) -> Vec<Node<'a, 'a>> {
    let nodes = document.descendants().filter(|node| node.has_tag_name(tag));
    let has_class = |node: &Node<'_, '_>| {
        let classes = node.attribute("class").unwrap_or_default();
        class.is_empty() || classes.split(' ').any(|known| known == class)
    };
    nodes.filter(has_class).collect()
}

/// Where the letters of `text` may be.
fn letters(text: &Node<'_, '_>) -> Area {
    let size = match text.attribute("class") {
        Some("title") => 13.0,
        Some("small") => 10.0,
        _ => 12.0,
    };
    let shown = text
        .children()
        .filter(Node::is_text)
        .filter_map(|node| node.text());
    let shown: String = shown.collect();
    let width = if let Some(length) = text.attribute("textLength") {
        length.parse().unwrap()
    } else {
        assert!(shown.is_ascii(), "{shown} has a width that nobody knows");
        shown.chars().map(|_| size * LETTER).sum::<f64>()
    };
    let (left, base) = (number(text, "x"), number(text, "y"));
    Area {
        left,
        top: base - size * 0.8,
        right: left + width,
        bottom: base + size * 0.25,
    }
}

/// What is wrong with a picture; the lines across and down are compared without the halos.
fn faults(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let mut faults = Vec::new();
    let cards: Vec<Area> = all(&document, "rect", "card")
        .iter()
        .map(Area::of)
        .collect();
    let frames: Vec<Area> = all(&document, "rect", "frame")
        .iter()
        .map(Area::of)
        .collect();
    let page = Area::of(&all(&document, "rect", "page")[0]);
    let texts: Vec<(String, Area)> = all(&document, "text", "")
        .iter()
        .map(|text| (text.text().unwrap_or_default().to_owned(), letters(text)))
        .collect();
    for areas in [&cards, &frames] {
        for (index, area) in areas.iter().enumerate() {
            let others = areas[index + 1..].iter();
            faults.extend(
                others
                    .filter(|other| area.meets(other))
                    .map(|other| format!("{area:?} lies on {other:?}")),
            );
            if !page.holds(area) {
                faults.push(format!("{area:?} leaves the page"));
            }
        }
    }
    for card in &cards {
        for frame in frames
            .iter()
            .filter(|frame| frame.meets(card) && !frame.holds(card))
        {
            faults.push(format!("{card:?} is half in {frame:?}"));
        }
    }
    for (index, (text, area)) in texts.iter().enumerate() {
        if !page.holds(area) {
            faults.push(format!("`{text}` leaves the page"));
        }
        for card in cards
            .iter()
            .filter(|card| card.meets(area) && !card.holds(area))
        {
            faults.push(format!("`{text}` leaves {card:?}"));
        }
        for (other, _) in texts[index + 1..]
            .iter()
            .filter(|(_, other)| other.meets(area))
        {
            faults.push(format!("`{text}` lies on `{other}`"));
        }
    }
    faults.extend(crossed(&document, &cards));
    faults
}

/// A line across or down: where it lies, and from where to where.
type Line = (f64, f64, f64);

/// Lines that lie on each other, or go through cards.
fn crossed(document: &Document<'_>, cards: &[Area]) -> Vec<String> {
    let (mut across, mut down): (Vec<Line>, Vec<Line>) = (Vec::new(), Vec::new());
    for wire in all(document, "path", "wire") {
        let path = wire.attribute("d").unwrap();
        let read = |text: &str| text.parse::<f64>().unwrap();
        let (start, end) = path.trim_start_matches('M').split_once(['H', 'V']).unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (x, y, end) = (read(x), read(y), read(end));
        if path.contains('H') {
            across.push((y, x.min(end), x.max(end)));
        } else {
            down.push((x, y.min(end), y.max(end)));
        }
    }
    let mut faults = Vec::new();
    for lines in [&across, &down] {
        for (index, line) in lines.iter().enumerate() {
            let lies_on = |other: &&Line| {
                (line.0 - other.0).abs() < 3.0 && line.1 < other.2 && other.1 < line.2
            };
            let others = lines[index + 1..].iter().filter(lies_on);
            faults.extend(others.map(|other| format!("the lines {line:?} and {other:?} are one")));
        }
    }
    for card in cards {
        let across = across.iter().map(|(y, from, to)| {
            (
                card.top < *y && *y < card.bottom && *from < card.right && card.left < *to,
                y,
            )
        });
        let down = down.iter().map(|(x, from, to)| {
            (
                card.left < *x && *x < card.right && *from < card.bottom && card.top < *to,
                x,
            )
        });
        faults.extend(
            across
                .chain(down)
                .filter(|(is_on, _)| *is_on)
                .map(|(_, at)| format!("a line at {at} goes through {card:?}")),
        );
    }
    faults
}

#[test]
fn the_picture_in_docs_is_the_one_that_is_drawn() {
    let path = support::root().join(PICTURE);
    let config = fs::read_to_string(support::root().join(EXAMPLE)).unwrap();
    let [_, _, drawn] = drawn(&config).unwrap();
    assert!(drawn.len() < LIMIT, "{} bytes", drawn.len());
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == drawn,
        "{PICTURE} is not up to date: UPDATE_PICTURE=1 cargo test --test all graph::"
    );
}

#[test]
fn a_picture_is_all_that_a_page_needs_and_nothing_that_it_fears() {
    let [_, _, svg] = drawn(support::QUICKSTART).unwrap();
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let size = format!(
        "0 0 {} {}",
        root.attribute("width").unwrap(),
        root.attribute("height").unwrap()
    );
    assert_eq!(root.attribute("viewBox"), Some(size.as_str()));
    let first: Vec<&str> = root
        .children()
        .filter(Node::is_element)
        .map(|node| node.tag_name().name())
        .take(2)
        .collect();
    assert_eq!(first, ["title", "desc"]);
    let tags: BTreeSet<&str> = document
        .descendants()
        .filter(Node::is_element)
        .map(|node| node.tag_name().name())
        .collect();
    let known = [
        "circle", "desc", "path", "rect", "style", "svg", "text", "title",
    ];
    assert_eq!(tags, BTreeSet::from(known));
    let description = document
        .descendants()
        .find(|node| node.has_tag_name("desc"))
        .unwrap();
    let said = "mcp-github, mcp-s3 to Addresses (the internet): TCP 443.";
    assert!(description.text().unwrap().contains(said));
    for sign in ["url(", "@import", "href", "<script", " on"] {
        let without_text = svg.replace(description.text().unwrap(), "");
        assert!(!without_text.contains(sign), "{sign}");
    }
}

/// The lightness of a colour, from 0 to 1 (WCAG 2.2, "relative luminance").
fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap();
    let digits = if digits.len() == 3 {
        digits.chars().flat_map(|c| [c, c]).collect()
    } else {
        digits.to_owned()
    };
    let part = |at: usize| {
        let part =
            f64::from(u8::from_str_radix(digits.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

/// The value of `property` in the last rule of `style` that names `selector`.
fn value<'s>(style: &'s str, selector: &str, property: &str) -> &'s str {
    let rules = style.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let mut values = rules.filter_map(|(selectors, declarations)| {
        let selectors = selectors.rsplit('{').next().unwrap();
        selectors
            .split(',')
            .any(|known| known.trim() == selector)
            .then_some(())?;
        let mut declarations = declarations
            .split(';')
            .filter_map(|one| one.split_once(':'));
        declarations
            .find(|(name, _)| *name == property)
            .map(|(_, value)| value)
    });
    values
        .next_back()
        .unwrap_or_else(|| panic!("no {property} of {selector}"))
}

#[test]
fn text_and_lines_can_be_told_from_what_they_lie_on_by_day_and_by_night() {
    let [_, _, svg] = drawn(support::QUICKSTART).unwrap();
    let style = svg
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    let (light, dark) = style
        .split_once("@media (prefers-color-scheme:dark){")
        .unwrap();
    for style in [light, dark] {
        let ground = [".page", ".card"].map(|selector| luminance(value(style, selector, "fill")));
        let contrast = |colour: &str| {
            let one = luminance(colour);
            let ratios = ground.map(|ground| (one.max(ground) + 0.05) / (one.min(ground) + 0.05));
            ratios[0].min(ratios[1])
        };
        // WCAG 2.2, 1.4.3 and 1.4.11.
        for text in ["text", ".label", ".head", ".port", ".small", ".closed"] {
            let contrast = contrast(value(style, text, "fill"));
            assert!(contrast >= 4.5, "{text}: {contrast}");
        }
        for line in [".l0", ".l1", ".l2", ".l3", ".l4", ".l5", ".shut"] {
            let contrast = contrast(value(style, line, "stroke"));
            assert!(contrast >= 3.0, "{line}: {contrast}");
        }
    }
}

#[test]
fn nothing_lies_on_another_in_the_pictures_of_the_examples() {
    for (path, config) in support::configs() {
        let [_, _, svg] = drawn(&config).unwrap();
        assert_eq!(faults(&svg), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn a_fault_is_found() {
    let [_, _, svg] = drawn(support::QUICKSTART).unwrap();
    for (right, wrong) in [
        (">mcp/github/token<", format!(">{}<", "long".repeat(20))),
        (
            "<rect class=\"card\" x=\"16\" y=\"",
            "<rect class=\"card\" x=\"16\" y=\"2".into(),
        ),
        (
            "<path class=\"wire l0\" d=\"M244 ",
            "<path class=\"wire l0\" d=\"M200 ".into(),
        ),
    ] {
        assert!(svg.contains(right), "{right}");
        assert_ne!(
            faults(&svg.replacen(right, &wrong, 1)),
            Vec::<String>::new(),
            "{wrong}"
        );
    }
}

proptest! {
    #![proptest_config(support::cases(32))]

    #[test]
    fn nothing_lies_on_another(bundle in support::accepted()) {
        let bundle: Bundle = bundle;
        let [_, _, svg] = drawn(&config::yaml(&bundle.config, Order::Sorted)).unwrap();
        prop_assert_eq!(faults(&svg), Vec::<String>::new());
    }
}

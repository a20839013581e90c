//! SVG: what is drawn on, in pixels.
//!
//! Colours are for light pages, and for dark ones where the reader's system is dark. All text is of a
//! font whose letters are equally wide, so that it is known how much fits.

use std::fmt::Write;

use super::words::Words;
use crate::xml;

/// Colours of lines; the one behind them is grey.
pub const COLOURS: usize = 5;

const STYLE: &str = "\
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;fill:#1f2328}
.title{font-size:13px;font-weight:600}.label,.head{fill:#59636e}.port{fill:#0550ae}.small{font-size:10px;fill:#59636e}
.page{fill:#fff}.frame{fill:none;stroke:#d1d9e0;stroke-dasharray:5 3}.card{fill:#f6f8fa;stroke:#d1d9e0}
.halo{fill:none;stroke:#fff;stroke-width:5}.wire{fill:none;stroke-width:1.5}.shut{stroke:#cf222e;stroke-dasharray:4 3}.closed{fill:#cf222e}
.l0{stroke:#0969da}.l1{stroke:#1a7f37}.l2{stroke:#9a6700}.l3{stroke:#8250df}.l4{stroke:#bf3989}.l5{stroke:#57606a}
.a0{fill:#0969da}.a1{fill:#1a7f37}.a2{fill:#9a6700}.a3{fill:#8250df}.a4{fill:#bf3989}.a5{fill:#57606a}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.label,.head,.small{fill:#9198a1}.port{fill:#79c0ff}
.page{fill:#0d1117}.frame,.card{stroke:#3d444d}.card{fill:#151b23}.halo{stroke:#0d1117}.shut{stroke:#ff7b72}.closed{fill:#ff7b72}
.l0{stroke:#58a6ff}.l1{stroke:#3fb950}.l2{stroke:#d29922}.l3{stroke:#bc8cff}.l4{stroke:#f778ba}.l5{stroke:#9198a1}
.a0{fill:#58a6ff}.a1{fill:#3fb950}.a2{fill:#d29922}.a3{fill:#bc8cff}.a4{fill:#f778ba}.a5{fill:#9198a1}}
";

/// Half pixels that a column of text takes at most, by its size: no common font has letters wider than
/// 0.62 of their height.
const COLUMN: i32 = 15;
const TITLE_COLUMN: i32 = 17;

/// Where something lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The left edge.
    pub x: i32,
    /// The upper edge.
    pub y: i32,
    /// To the right.
    pub width: i32,
    /// Down.
    pub height: i32,
}

impl Area {
    /// The lower edge.
    pub fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// How many columns of text `width` pixels hold.
pub fn columns(width: i32) -> i32 {
    width * 2 / COLUMN
}

/// The same of titles.
pub fn title_columns(width: i32) -> i32 {
    width * 2 / TITLE_COLUMN
}

/// A drawing: what was drawn first lies below.
#[derive(Debug, Default)]
pub struct Paper {
    shapes: String,
    trunks: String,
    branches: String,
    texts: String,
}

impl Paper {
    /// A frame or a card.
    pub fn rect(&mut self, class: &str, area: Area) {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.shapes,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>"#
        );
    }

    /// A line of text, from `x` on; `y` is its base line.
    pub fn text(&mut self, class: &str, x: i32, y: i32, words: &Words) {
        let column = if class == "title" {
            TITLE_COLUMN
        } else {
            COLUMN
        };
        let squeezed = if words.is_plain() {
            String::new()
        } else {
            let length = words.columns() * column / 2;
            format!(r#" textLength="{length}" lengthAdjust="spacingAndGlyphs""#)
        };
        let full = words.full.as_ref();
        let full = full.map(|full| format!("<title>{}</title>", xml::text(full)));
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(r#" class="{class}""#)
        };
        let _ = writeln!(
            self.texts,
            r#"<text{class} x="{x}" y="{y}"{squeezed}>{}{}</text>"#,
            full.unwrap_or_default(),
            xml::text(&words.shown)
        );
    }

    /// A line down, of one of the [`COLOURS`].
    pub fn trunk(&mut self, stroke: &str, x: i32, (top, bottom): (i32, i32)) {
        let _ = writeln!(
            self.trunks,
            r#"<path class="wire {stroke}" d="M{x} {top}V{bottom}"/>"#
        );
    }

    /// A line across, over those down.
    pub fn branch(&mut self, stroke: &str, y: i32, (from, to): (i32, i32)) {
        let (left, right) = (from.min(to), from.max(to));
        if right - left > 10 {
            let (left, right) = (left + 4, right - 4);
            let _ = writeln!(
                self.branches,
                r#"<path class="halo" d="M{left} {y}H{right}"/>"#
            );
        }
        let _ = writeln!(
            self.branches,
            r#"<path class="wire {stroke}" d="M{from} {y}H{to}"/>"#
        );
    }

    /// Where a line across meets one down.
    pub fn joint(&mut self, fill: &str, x: i32, y: i32) {
        let _ = writeln!(
            self.branches,
            r#"<circle class="{fill}" cx="{x}" cy="{y}" r="3"/>"#
        );
    }

    /// The head of an arrow to the right that ends at `x`.
    pub fn head(&mut self, fill: &str, x: i32, y: i32) {
        let _ = writeln!(
            self.branches,
            r#"<path class="{fill}" d="M{x} {y}l-8 -4v8z"/>"#
        );
    }

    /// The whole document. `title` and `description` are read out to those who cannot see it.
    pub fn finish(self, width: i32, height: i32, title: &str, description: &str) -> String {
        let (title, description) = (xml::text(title), xml::text(description));
        [
            format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title desc">"#
            ),
            format!("\n<title id=\"title\">{title}</title>\n<desc id=\"desc\">{description}</desc>\n<style>{STYLE}</style>\n"),
            format!("<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"),
            self.shapes,
            self.trunks,
            self.branches,
            self.texts,
            "</svg>\n".to_owned(),
        ]
        .concat()
    }
}

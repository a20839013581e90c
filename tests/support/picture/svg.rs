//! SVG: the one place where text becomes part of a drawing.

use std::fmt::Write as _;

/// How everything looks: Grafana's dark theme.
const STYLE: &str = "\
text{font:12px Inter,Helvetica,Arial,sans-serif;fill:#ccccdc}\
.title{font-size:20px;font-weight:500}.row{font-size:15px;font-weight:500}.name{font-size:13px;font-weight:500}\
.dim{fill:#8e8e98}.small{font-size:11px;fill:#9a9aa6}.end{text-anchor:end}.mid{text-anchor:middle}\
.big{font-size:30px;font-weight:500;text-anchor:middle}.link{fill:#6e9fff}\
.green{fill:#73bf69}.orange{fill:#ff9830}.red{fill:#f2495c}\
.page{fill:#111217}.card{fill:#181b1f;stroke:#2c2f36}.box{fill:#1d2025;stroke:#3b3e47}.line{fill:none;stroke:#2a2d33}\
.s0{stroke:#73bf69}.s1{stroke:#f2cc0c}.s2{stroke:#5794f2}.s3{stroke:#ff9830}.s4{stroke:#f2495c}.s5{stroke:#b877d9}\
.curve{fill:none;stroke-width:1.5;stroke-linejoin:round}.area{opacity:.1;stroke:none}\
.f0{fill:#73bf69}.f1{fill:#f2cc0c}.f2{fill:#5794f2}.f3{fill:#ff9830}.f4{fill:#f2495c}.f5{fill:#b877d9}\
.h0{fill:#3d2416}.h1{fill:#6e3710}.h2{fill:#b3560f}.h3{fill:#f08a24}.h4{fill:#fdd0a2}";

/// A drawing, in pixels.
pub struct Svg {
    out: String,
}

impl Svg {
    /// A drawing of this size; `title` is read out to those who cannot see it.
    pub fn new(width: i32, height: i32, title: &str) -> Self {
        let mut out = String::new();
        let _ = writeln!(
            out,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">"#
        );
        let _ = writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>", xml(title));
        let mut svg = Self { out };
        svg.rect("page", 0, 0, width, height);
        svg
    }

    /// A rectangle.
    pub fn rect(&mut self, class: &str, x: i32, y: i32, width: i32, height: i32) {
        let _ = writeln!(
            self.out,
            r#"<rect class="{}" x="{x}" y="{y}" width="{width}" height="{height}" rx="2"/>"#,
            xml(class)
        );
    }

    /// A line of text; `y` is its base line.
    pub fn text(&mut self, class: &str, x: i32, y: i32, text: &str) {
        let _ = writeln!(
            self.out,
            r#"<text class="{}" x="{x}" y="{y}">{}</text>"#,
            xml(class),
            xml(text)
        );
    }

    /// A path, in SVG's own notation.
    pub fn path(&mut self, class: &str, path: &str) {
        let _ = writeln!(
            self.out,
            r#"<path class="{}" d="{}"/>"#,
            xml(class),
            xml(path)
        );
    }

    /// The drawing's text.
    pub fn finish(self) -> String {
        self.out + "</svg>\n"
    }
}

/// `text` as XML shows it, in an element or an attribute. What XML 1.0 cannot hold is a mark of
/// replacement.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || ['\u{fffe}', '\u{ffff}'].contains(&c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

//! Sentences on a terminal.

/// Columns of text.
pub const WIDTH: usize = 80;
/// Before what belongs to a heading.
pub const INDENT: &str = "    ";

/// `text` in lines of at most [`WIDTH`] columns, where its words allow that.
pub fn wrapped(text: &str) -> String {
    below(INDENT, INDENT, text)
}

/// The same, its first line behind `first` and the others behind `rest`.
pub fn below(first: &str, rest: &str, text: &str) -> String {
    let mut lines = String::from(first);
    let begin = rest.len();
    let mut column = begin;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > begin && column + 1 + length > WIDTH {
            lines.push('\n');
            lines.push_str(rest);
            column = begin;
        } else if column > begin {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

/// Every line of `text` behind [`INDENT`].
pub fn indented(text: &str) -> String {
    let lines = text.lines();
    lines.flat_map(|line| [INDENT, line, "\n"]).collect()
}

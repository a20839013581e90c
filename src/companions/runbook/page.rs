//! A page of Markdown with commands in it.

use crate::shell::Command;

/// A page that is being written.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// The text so far.
    pub fn text(self) -> String {
        self.0
    }

    /// A heading; `level` 1 is the page's own.
    pub fn heading(&mut self, level: usize, markdown: &str) {
        self.gap();
        self.0.push_str(&"#".repeat(level));
        self.line(&format!(" {markdown}"));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, markdown: &str) {
        self.gap();
        self.line(markdown);
    }

    /// A table: its head, and its rows.
    pub fn table(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        self.gap();
        self.row(head);
        self.row(&vec!["---"; head.len()]);
        for row in rows {
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            self.row(&row);
        }
    }

    /// A cell ends at `|`, even within a code span, unless a `\\` is before it.
    fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    /// A block in another language.
    pub fn block(&mut self, language: &str, text: &str) {
        self.gap();
        self.fenced("", language, text);
    }

    /// Commands, one a line.
    pub fn commands(&mut self, commands: impl IntoIterator<Item = Command>) {
        self.block("sh", &lines(commands));
    }

    /// A point of a checklist, and how to see that it holds.
    pub fn point(&mut self, is_done: bool, markdown: &str, proof: &[Command]) {
        let mark = if is_done { 'x' } else { ' ' };
        self.line(&format!("- [{mark}] {markdown}"));
        if !proof.is_empty() {
            self.0.push('\n');
            self.fenced("  ", "sh", &lines(proof.iter().cloned()));
            self.0.push('\n');
        }
    }

    /// An empty line, unless there is one.
    pub fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    /// A fence that no line of `text` closes.
    fn fenced(&mut self, indent: &str, language: &str, text: &str) {
        let longest = text
            .split(|c| c != '`')
            .map(str::len)
            .max()
            .unwrap_or_default();
        let fence = "`".repeat(3.max(longest + 1));
        self.line(&format!("{indent}{fence}{language}"));
        for line in text.lines() {
            self.line(&format!("{indent}{line}"));
        }
        self.line(&format!("{indent}{fence}"));
    }

    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }
}

fn lines(commands: impl IntoIterator<Item = Command>) -> String {
    let lines: Vec<String> = commands
        .into_iter()
        .map(|command| command.to_string())
        .collect();
    lines.join("\n")
}

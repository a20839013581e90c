//! A page of Markdown with commands in it.

use crate::shell;

/// A page that is being written.
#[derive(Debug, Default)]
pub struct Page(String);

/// One command of a shell, each of its words passed on as it is.
#[derive(Debug, Clone)]
pub struct Command(String);

impl Command {
    /// A program and its arguments.
    pub fn new(words: &[&str]) -> Self {
        let words: Vec<String> = words.iter().map(|word| shell::quote(word)).collect();
        Self(words.join(" "))
    }

    /// A line of our own, without any text of the config's.
    pub fn fixed(line: &'static str) -> Self {
        Self(line.to_owned())
    }

    /// More arguments.
    pub fn and(self, words: &[&str]) -> Self {
        words.iter().fold(self, |command, word| {
            Self(format!("{} {}", command.0, shell::quote(word)))
        })
    }

    /// The value of a variable as one more argument.
    pub fn and_variable(self, name: &'static str) -> Self {
        Self(format!("{} \"${name}\"", self.0))
    }

    /// One more argument of our own, in which the shell expands variables.
    pub fn and_expanded(self, text: &'static str) -> Self {
        Self(format!("{} \"{text}\"", self.0))
    }

    /// A command that goes on while others run.
    pub fn in_background(self) -> Self {
        Self(format!("{} &", self.0))
    }

    /// This command's output in a variable.
    pub fn into_variable(self, name: &'static str) -> Self {
        Self(format!("{name}=$({})", self.0))
    }

    /// This command's output in a file.
    pub fn into_file(self, name: &'static str) -> Self {
        Self(format!("{} > {name}", self.0))
    }

    /// This command's output as the input of `next`.
    pub fn into_pipe(self, next: &Self) -> Self {
        Self(format!("{} | {}", self.0, next.0))
    }
}

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

    fn row(&mut self, cells: &[&str]) {
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
    let lines: Vec<String> = commands.into_iter().map(|command| command.0).collect();
    lines.join("\n")
}

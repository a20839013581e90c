//! POSIX shell: the one place where text becomes a word of a command.

use std::fmt;

/// `text` as one word that a POSIX shell reads as exactly that text.
#[must_use]
pub fn quote(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A command that is being written. What comes from elsewhere becomes words; what is our own, and
/// may hold variables, is `'static`.
#[derive(Debug, Clone)]
pub struct Command {
    /// What stands on a line of its own when the command is written over several.
    parts: Vec<String>,
}

impl Command {
    /// A program and its first words.
    #[must_use]
    pub fn new(words: &[&str]) -> Self {
        Self {
            parts: vec![joined(words)],
        }
    }

    /// A line of our own.
    #[must_use]
    pub fn fixed(line: &'static str) -> Self {
        Self {
            parts: vec![line.to_owned()],
        }
    }

    /// More words.
    #[must_use]
    pub fn words(self, words: &[&str]) -> Self {
        if words.is_empty() {
            return self;
        }
        self.part(joined(words))
    }

    /// An option with its value, which may begin with `-`.
    #[must_use]
    pub fn option(self, name: &'static str, value: &str) -> Self {
        let join = if value.starts_with('-') { '=' } else { ' ' };
        self.part(format!("{name}{join}{}", quote(value)))
    }

    /// One more word of our own, in which the shell expands variables.
    #[must_use]
    pub fn expanded(self, text: &'static str) -> Self {
        self.part(format!("\"{text}\""))
    }

    /// An option with a value of our own, in which the shell expands variables. Where the value may
    /// begin with `-` then, `name` ends in `=`.
    #[must_use]
    pub fn expanded_option(self, name: &'static str, text: &'static str) -> Self {
        let join = if name.ends_with('=') { "" } else { " " };
        self.part(format!("{name}{join}\"{text}\""))
    }

    /// Goes on while others run.
    #[must_use]
    pub fn in_background(self) -> Self {
        self.part("&".into())
    }

    /// Its output in a file.
    #[must_use]
    pub fn into_file(self, name: &'static str) -> Self {
        self.part(format!("> {name}"))
    }

    /// Its output as the input of `next`.
    #[must_use]
    pub fn into_pipe(self, next: &Self) -> Self {
        self.part(format!("| {next}"))
    }

    /// `next` where it went well.
    #[must_use]
    pub fn and_then(self, next: &Self) -> Self {
        self.part(format!("&& {next}"))
    }

    /// Its output in a variable.
    #[must_use]
    pub fn into_variable(mut self, name: &'static str) -> Self {
        if let Some(first) = self.parts.first_mut() {
            first.insert_str(0, &format!("{name}=$("));
        }
        if let Some(last) = self.parts.last_mut() {
            last.push(')');
        }
        self
    }

    fn part(mut self, part: String) -> Self {
        self.parts.push(part);
        self
    }

    /// It with each part on a line of its own, without the last line's end.
    #[must_use]
    pub fn lines(&self) -> String {
        self.parts.join(" \\\n  ")
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join(" "))
    }
}

fn joined(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quote(word)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_words_stay_plain() {
        for (text, word) in [
            ("mcp-github", "mcp-github"),
            ("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/a"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(rm -r)", "'$(rm -r)'"),
        ] {
            assert_eq!(quote(text), word);
        }
    }

    #[test]
    fn a_command_is_one_line_or_many() {
        let command = Command::new(&["aws", "iam"])
            .option("--role-name", "a b")
            .option("--path", "-x")
            .words(&[])
            .expanded_option("--id", "$ID")
            .expanded_option("--value=", "$VALUE");
        let line = "aws iam --role-name 'a b' --path=-x --id \"$ID\" --value=\"$VALUE\"";
        assert_eq!(command.to_string(), line);
        assert_eq!(command.lines().replace(" \\\n  ", " "), line);
        let piped = command
            .into_pipe(&Command::new(&["head"]))
            .into_variable("X");
        assert_eq!(piped.to_string(), format!("X=$({line} | head)"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_shell_reads_every_text_as_it_is(text in "[^\0]*") {
            let script = format!("printf %s {}", quote(&text));
            let output = process::Command::new("sh").args(["-c", &script]).output().unwrap();
            prop_assert_eq!(output.stdout, text.as_bytes());
        }
    }
}

//! Functions that call themselves, which OPA refuses and regorus follows until the stack ends.
//!
//! Calls are found in the text: a name before a parenthesis. That cannot mistake a variable for a
//! function, as only functions are called. A rule's head is where a line begins as far left as the
//! module's `package` does.

use std::collections::{BTreeMap, BTreeSet};

/// Who calls whom, by whole paths: `data.lib.images.tag`.
type Calls = BTreeMap<String, BTreeSet<String>>;

/// Rules of one template. The deepest chain of so many stays within half of the evaluation's stack, and
/// nobody's template has a tenth.
const RULES: usize = 2000;

/// Bytes of one template's Rego at most: one of them nests by one level more, and so many fit on the
/// evaluation's stack. The largest of Gatekeeper's library has a tenth.
const TEXT: usize = 256 << 10;

/// What in `modules` would not end well: a function that calls itself, by whatever way, a chain of rules
/// that is too long, or a text that is.
#[must_use]
pub fn bottomless<'a>(modules: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut calls = Calls::new();
    let mut room = TEXT;
    for module in modules {
        let Some(left) = room.checked_sub(module.len()) else {
            return Some(format!("it has more than {} KiB", TEXT >> 10));
        };
        room = left;
        Reader::default().read(module, &mut calls);
    }
    if calls.len() > RULES {
        return Some(format!("it has more than {RULES} rules"));
    }
    let own = |name: &String| reaches_itself(name, &calls);
    let found = calls.keys().find(|name| own(name));
    found.map(|name| format!("`{name}` calls itself"))
}

fn reaches_itself(name: &str, calls: &Calls) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        for called in calls.get(next).into_iter().flatten() {
            if called == name {
                return true;
            }
            if seen.insert(called.as_str()) {
                open.push(called);
            }
        }
    }
    false
}

#[derive(Default)]
struct Reader {
    package: String,
    margin: usize,
    imports: BTreeMap<String, String>,
    head: Option<String>,
}

impl Reader {
    fn read(mut self, module: &str, calls: &mut Calls) {
        let bare = without_texts(module);
        for line in bare.lines() {
            let (indent, mut words) = (indent(line), line.split_whitespace());
            match words.next() {
                Some("package") => {
                    self.package = format!("data.{}", words.next().unwrap_or_default());
                    self.margin = indent;
                }
                Some("import") => self.import(words),
                _ => self.line(line, indent, calls),
            }
        }
    }

    fn import<'a>(&mut self, mut words: impl Iterator<Item = &'a str>) {
        let path = words.next().unwrap_or_default();
        let last = path.rsplit('.').next().unwrap_or_default();
        let alias = words.nth(1).unwrap_or(last);
        self.imports.insert(alias.to_owned(), path.to_owned());
    }

    fn line(&mut self, line: &str, indent: usize, calls: &mut Calls) {
        let starts_name = line.trim_start().starts_with(is_name_start);
        let mut names = called(line);
        if indent <= self.margin && starts_name && !line.trim_start().starts_with("else") {
            let word = line.trim_start().trim_start_matches("default ");
            let name: String = word.chars().take_while(|c| is_name(*c)).collect();
            let own = format!("{}.{name}", self.package);
            if names.first() == Some(&name.as_str()) {
                names.remove(0);
            }
            calls.entry(own.clone()).or_default();
            self.head = Some(own);
        }
        let Some(head) = &self.head else { return };
        let paths: Vec<String> = names.into_iter().map(|name| self.path(name)).collect();
        calls.entry(head.clone()).or_default().extend(paths);
    }

    /// The whole path of what is called by `name`.
    fn path(&self, name: &str) -> String {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        let tail = if rest.is_empty() {
            String::new()
        } else {
            format!(".{rest}")
        };
        match self.imports.get(first) {
            Some(path) => format!("{path}{tail}"),
            None if first == "data" => name.to_owned(),
            None => format!("{}.{name}", self.package),
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit()
}

/// The names before parentheses in `line`.
fn called(line: &str) -> Vec<&str> {
    let before = line.match_indices('(').filter_map(|(at, _)| line.get(..at));
    before
        .map(|text| {
            let text = text.trim_end();
            let end = text.trim_end_matches(|c| is_name(c) || c == '.');
            text.get(end.len()..).unwrap_or_default()
        })
        .filter(|name| name.starts_with(is_name_start))
        .collect()
}

/// `module` with nothing in its texts and comments.
fn without_texts(module: &str) -> String {
    let mut bare = String::with_capacity(module.len());
    let mut chars = module.chars();
    while let Some(c) = chars.next() {
        match c {
            '#' => {
                if chars.any(|c| c == '\n') {
                    bare.push('\n');
                }
            }
            '"' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' | '\n' => break,
                        _ => {}
                    }
                }
                bare.push_str("\"\"");
            }
            '`' => {
                chars.any(|c| c == '`');
                bare.push_str("\"\"");
            }
            c => bare.push(c),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::bottomless;

    #[test]
    fn a_function_that_calls_itself_is_found() {
        let own = "package a\nf(x) = y { y := f(x + 1) }\n";
        let expected = Some("`data.a.f` calls itself");
        assert_eq!(bottomless([own].into_iter()).as_deref(), expected);
        let over_two = "package a\nf(x) = y {\n  y := g(x)\n}\ng(x) := y if {\n  y := f(x)\n}\n";
        assert_eq!(bottomless([over_two].into_iter()).as_deref(), expected);
        let lib = "package lib.b\nimport data.a\ng(x) { a.f(x) }\n";
        let main = "package a\nimport data.lib.b as c\nf(x) { c.g(x) }\n";
        assert_eq!(bottomless([main, lib].into_iter()).as_deref(), expected);
    }

    #[test]
    fn a_function_of_the_same_name_elsewhere_is_another() {
        let lib = "package lib.b\nf(x) { x > 1 }\n";
        let main = "package a\nimport data.lib.b\nf(x) { b.f(x) }\nf(x) { x == \"f(1)\" } # f(x)\nelse = 1 { count(x) > 1 }\n";
        assert_eq!(bottomless([main, lib].into_iter()), None);
    }
}

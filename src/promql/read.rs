//! What an expression selects, without a parser of all of PromQL.
//!
//! A check of other people's alerts asks which series they are about. For that the selectors are
//! enough: what stands in braces, the name before them, and the labels that aggregations and joins
//! name. Numbers, operators and functions are passed over, and so are Grafana's variables. What
//! cannot be read yields nothing: it is Prometheus that refuses it.

use std::iter::Peekable;
use std::str::CharIndices;

/// What an expression says of series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Its selectors, in order.
    pub selectors: Vec<Selected>,
    /// The labels of `by`, `without`, `on` and the like.
    pub labels: Vec<String>,
    /// The functions that it calls.
    pub functions: Vec<String>,
}

/// A selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The metric; empty where only the matchers say what it is.
    pub metric: String,
    /// The matchers.
    pub matchers: Vec<Match>,
}

/// A matcher: label, operator and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The label.
    pub label: String,
    /// How it is compared.
    pub operator: Operator,
    /// The value or expression.
    pub value: String,
}

/// How a matcher compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Is,
    /// `!=`
    IsNot,
    /// `=~`
    Matches,
    /// `!~`
    MatchesNot,
}

impl Match {
    /// The values that it lets through, where it lists them: `a`, or `a|b` of an expression. None of
    /// Grafana's variables, and none of what else an expression can say.
    #[must_use]
    pub fn values(&self) -> Option<Vec<String>> {
        if self.value.contains('$') || self.value.contains("[[") {
            return None;
        }
        match self.operator {
            Operator::Is => Some(vec![self.value.clone()]),
            Operator::Matches => alternatives(&self.value),
            Operator::IsNot | Operator::MatchesNot => None,
        }
    }
}

/// The texts that an expression of RE2 lists and matches no others.
fn alternatives(expression: &str) -> Option<Vec<String>> {
    let grouped = expression.strip_prefix('(');
    let grouped = grouped.and_then(|text| text.strip_suffix(')'));
    let mut all = vec![String::new()];
    let mut chars = grouped.unwrap_or(expression).chars();
    while let Some(c) = chars.next() {
        let literal = match c {
            '|' => {
                all.push(String::new());
                continue;
            }
            '\\' => chars.next().filter(char::is_ascii_punctuation)?,
            c if "^$.*+?()[]{}".contains(c) => return None,
            c => c,
        };
        all.last_mut()?.push(literal);
    }
    Some(all)
}

/// What `expression` says of series; `None` where it cannot be read.
#[must_use]
pub fn read(expression: &str) -> Option<Reading> {
    let mut reader = Reader {
        text: expression,
        chars: expression.char_indices().peekable(),
        reading: Reading::default(),
    };
    reader.expression()?;
    Some(reader.reading)
}

/// Words before a list of labels.
const LISTS: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];
/// Words that are no metric.
const WORDS: [&str; 8] = [
    "and", "or", "unless", "atan2", "offset", "bool", "inf", "nan",
];

struct Reader<'e> {
    text: &'e str,
    chars: Peekable<CharIndices<'e>>,
    reading: Reading,
}

impl Reader<'_> {
    fn expression(&mut self) -> Option<()> {
        while let Some((_, c)) = self.chars.peek().copied() {
            match c {
                '#' => self.comment(),
                '"' | '\'' | '`' => {
                    self.string()?;
                }
                '{' => self.selector(String::new())?,
                '[' => self.skip_to(']')?,
                '$' => self.variable()?,
                c if c.is_ascii_digit() || c == '.' => {
                    // Durations and hexadecimals have letters: `5m`, `0x1F`, `1e3`.
                    self.word(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
                }
                c if begins_name(c) => self.name()?,
                _ => {
                    self.chars.next();
                }
            }
        }
        Some(())
    }

    /// A word: a metric, a function, or one of PromQL's own.
    fn name(&mut self) -> Option<()> {
        let name = self.word(|c| begins_name(c) || c.is_ascii_digit());
        let lower = name.to_ascii_lowercase();
        self.blank();
        match self.next_char() {
            Some('{') => self.selector(name),
            Some('(') if LISTS.contains(&lower.as_str()) => self.labels(),
            Some('(') => {
                self.reading.functions.push(name);
                Some(())
            }
            // An aggregation with its labels first: `sum by (job) (…)`.
            Some(c) if begins_name(c) && self.is_before_list() => Some(()),
            // `group_left` may stand alone.
            _ if LISTS.contains(&lower.as_str()) || WORDS.contains(&lower.as_str()) => Some(()),
            _ => {
                self.reading.selectors.push(Selected {
                    metric: name,
                    matchers: Vec::new(),
                });
                Some(())
            }
        }
    }

    /// Whether `by` or `without` stands here.
    fn is_before_list(&mut self) -> bool {
        let start = self.chars.peek().map_or(self.text.len(), |next| next.0);
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| !begins_name(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        ["by", "without"]
            .iter()
            .any(|list| word.eq_ignore_ascii_case(list))
    }

    /// `(a, b)` after `by`.
    fn labels(&mut self) -> Option<()> {
        self.expect('(')?;
        loop {
            self.blank();
            match self.next_char()? {
                ')' => return self.expect(')'),
                ',' => self.expect(',')?,
                _ => {
                    let label = self.label()?;
                    self.reading.labels.push(label);
                }
            }
        }
    }

    /// `{a="b", …}` after the name of a metric.
    fn selector(&mut self, mut metric: String) -> Option<()> {
        self.expect('{')?;
        let mut matchers = Vec::new();
        loop {
            self.blank();
            match self.next_char()? {
                '}' => break,
                ',' => {
                    self.expect(',')?;
                    continue;
                }
                _ => {}
            }
            let label = self.label()?;
            self.blank();
            if !matches!(self.next_char()?, '=' | '!') {
                // A name of UTF-8 stands in the braces.
                metric = label;
                continue;
            }
            let operator = self.operator()?;
            self.blank();
            let value = self.string()?;
            if label == "__name__" && operator == Operator::Is {
                metric = value;
            } else {
                matchers.push(Match {
                    label,
                    operator,
                    value,
                });
            }
        }
        self.reading.selectors.push(Selected { metric, matchers });
        self.expect('}')
    }

    /// `=`, `!=`, `=~` or `!~`.
    fn operator(&mut self) -> Option<Operator> {
        let is_not = self.chars.next()?.1 == '!';
        let second = self.next_char()?;
        if second == '~' || is_not {
            self.chars.next();
        }
        match (is_not, second) {
            (false, '~') => Some(Operator::Matches),
            (false, _) => Some(Operator::Is),
            (true, '~') => Some(Operator::MatchesNot),
            (true, '=') => Some(Operator::IsNot),
            (true, _) => None,
        }
    }

    /// A label's name, which may be quoted.
    fn label(&mut self) -> Option<String> {
        match self.next_char()? {
            '"' | '\'' | '`' => self.string(),
            c if begins_name(c) => Some(self.word(|c| begins_name(c) || c.is_ascii_digit())),
            _ => None,
        }
    }

    /// A string in any of the three quotings.
    fn string(&mut self) -> Option<String> {
        let (_, quote) = self.chars.next().filter(|next| "\"'`".contains(next.1))?;
        let mut text = String::new();
        loop {
            match self.chars.next()?.1 {
                c if c == quote => return Some(text),
                '\\' if quote != '`' => text.push(self.escape(quote)?),
                '\n' if quote != '`' => return None,
                c => text.push(c),
            }
        }
    }

    /// What Go's escape after a backslash stands for.
    fn escape(&mut self, quote: char) -> Option<char> {
        let digits = match self.chars.next()?.1 {
            'a' => return Some('\u{7}'),
            'b' => return Some('\u{8}'),
            'f' => return Some('\u{c}'),
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            'v' => return Some('\u{b}'),
            '\\' => return Some('\\'),
            c if c == quote => return Some(c),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            // Octal, which nobody writes.
            _ => return None,
        };
        let mut code = 0_u32;
        for _ in 0..digits {
            let digit = self.chars.next()?.1.to_digit(16)?;
            code = code.checked_mul(16)?.checked_add(digit)?;
        }
        // A byte above ASCII is part of a character only.
        char::from_u32(code).filter(|_| digits > 2 || code < 0x80)
    }

    /// One of Grafana's variables: `$job`, `${job:regex}`.
    fn variable(&mut self) -> Option<()> {
        self.expect('$')?;
        if self.next_char() == Some('{') {
            return self.skip_to('}');
        }
        self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        Some(())
    }

    fn comment(&mut self) {
        while self.chars.next_if(|next| next.1 != '\n').is_some() {}
    }

    /// Passes over blanks and comments.
    fn blank(&mut self) {
        loop {
            while self.chars.next_if(|next| next.1.is_whitespace()).is_some() {}
            if self.next_char() != Some('#') {
                return;
            }
            self.comment();
        }
    }

    fn word(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some((_, c)) = self.chars.next_if(|next| is_part(next.1)) {
            word.push(c);
        }
        word
    }

    fn skip_to(&mut self, end: char) -> Option<()> {
        self.chars.find(|next| next.1 == end).map(|_| ())
    }

    fn expect(&mut self, c: char) -> Option<()> {
        self.chars.next_if(|next| next.1 == c).map(|_| ())
    }

    fn next_char(&mut self) -> Option<char> {
        self.chars.peek().map(|next| next.1)
    }
}

fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == ':'
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql_parser::parser::parse;
    use proptest::prelude::*;

    #[test]
    fn names_of_utf_8_stand_in_the_braces() {
        let reading = read(r#"{"a.b", "c.d"="e"}"#).unwrap();
        assert_eq!(reading.selectors[0].metric, "a.b");
        assert_eq!(reading.selectors[0].matchers[0].label, "c.d");
    }

    #[test]
    fn a_raw_string_has_no_escapes() {
        let reading = read(r"a{b=`\d\`}").unwrap();
        assert_eq!(reading.selectors[0].matchers[0].value, r"\d\");
    }

    #[test]
    fn grafana_s_variables_are_passed_over() {
        let reading = read("rate(a{job=~\"$job\"}[$__rate_interval]) > ${least:raw} + $x");
        let reading = reading.unwrap();
        assert_eq!(reading.selectors.len(), 1);
        assert_eq!(reading.selectors[0].matchers[0].values(), None);
        assert_eq!(reading.functions, ["rate"]);
    }

    #[test]
    fn what_cannot_be_read_yields_nothing() {
        for expression in [
            "up{",
            "up{a}}{",
            "up{a=b}",
            "a{b=\"c}",
            "sum by (",
            "a[5m",
            "a{b\"c\"}",
        ] {
            let reading = read(expression);
            assert!(
                reading.is_none() || parse(expression).is_err(),
                "{expression}: {reading:?}"
            );
        }
    }

    #[test]
    fn an_expression_lists_values_or_says_more() {
        let of = |expression: &str| alternatives(expression);
        assert_eq!(of("a").unwrap(), ["a"]);
        assert_eq!(of("(a-b|c\\.d)").unwrap(), ["a-b", "c.d"]);
        for more in ["a.*", "a|b+", "[ab]", "(a)|(b)", "\\d", "^a$", "a\\"] {
            assert_eq!(of(more), None, "{more}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in r#"[a-z{}()\[\]"'`=~!,\\$#ux0-9 ]{0,24}"#) {
            let _ = (read(&text), read(&near), alternatives(&text), alternatives(&near));
        }
    }
}

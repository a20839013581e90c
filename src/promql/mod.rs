//! PromQL, put together from parts that cannot be misspelt.
//!
//! A broken expression shows up as an empty panel, or as an alert that never fires, and nobody
//! notices either. So labels, selectors and functions are composed here, texts pass through
//! [`string`], and operands are put in parentheses where PromQL's precedence asks for it.

mod metrics;
mod read;

use std::fmt::{self, Write};

pub use metrics::{ENDPOINT, ERROR_TYPE, INSTANCE, JOB, Metrics, NAMESPACE, SET};
pub use read::{Match, Operator, Reading, Selected, read};

/// A label matcher of a [`Selector`].
#[derive(Debug, Clone)]
pub struct Matcher {
    label: &'static str,
    operator: &'static str,
    value: String,
}

impl Matcher {
    /// The label has this value.
    #[must_use]
    pub fn is(label: &'static str, value: &str) -> Self {
        Self::new(label, "=", value)
    }

    /// The label has another value, or there is one where `value` is empty.
    #[must_use]
    pub fn is_not(label: &'static str, value: &str) -> Self {
        Self::new(label, "!=", value)
    }

    /// The label matches an expression of RE2 from its beginning to its end, which may be one of
    /// Grafana's variables.
    #[must_use]
    pub fn matches(label: &'static str, expression: &str) -> Self {
        Self::new(label, "=~", expression)
    }

    /// The label has one of these values.
    #[must_use]
    pub fn one_of(label: &'static str, values: &[&str]) -> Self {
        if let [only] = values {
            return Self::is(label, only);
        }
        let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
        Self::matches(label, &values.join("|"))
    }

    fn new(label: &'static str, operator: &'static str, value: &str) -> Self {
        Self {
            label,
            operator,
            value: value.to_owned(),
        }
    }
}

/// Series of one metric.
#[derive(Debug, Clone)]
pub struct Selector {
    metric: &'static str,
    matchers: Vec<Matcher>,
}

impl Selector {
    /// The series of `metric` that all of `matchers` let through.
    #[must_use]
    pub fn new(metric: &'static str, matchers: Vec<Matcher>) -> Self {
        Self { metric, matchers }
    }

    /// The metric's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.metric
    }

    /// Lets fewer series through.
    #[must_use]
    pub fn and(mut self, matcher: Matcher) -> Self {
        self.matchers.push(matcher);
        self
    }

    /// The newest value of each series.
    #[must_use]
    pub fn value(&self) -> Expr {
        Expr::whole(self)
    }

    /// How much each counter grows in a second, over `window`.
    #[must_use]
    pub fn rate(&self, window: &str) -> Expr {
        Expr::whole(format_args!("rate({self}[{window}])"))
    }

    /// How much each counter grew, over `window`.
    #[must_use]
    pub fn increase(&self, window: &str) -> Expr {
        Expr::whole(format_args!("increase({self}[{window}])"))
    }

    /// 1, with the labels that are matched by equality, when there is no such series.
    #[must_use]
    pub fn absent(&self) -> Expr {
        Expr::whole(format_args!("absent({self})"))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.metric)?;
        for (index, matcher) in self.matchers.iter().enumerate() {
            f.write_str(if index == 0 { "{" } else { ", " })?;
            write!(
                f,
                "{}{}{}",
                matcher.label,
                matcher.operator,
                string(&matcher.value)
            )?;
        }
        if !self.matchers.is_empty() {
            f.write_str("}")?;
        }
        Ok(())
    }
}

/// Columns of a line beyond which [`Expr::lines`] breaks it at its operators.
const WIDTH: usize = 100;

/// Characters of an operand up to which the operator stays beside it.
const SHORT: usize = 20;

/// An expression; displays on one line.
#[derive(Debug, Clone)]
pub struct Expr(Form);

#[derive(Debug, Clone)]
enum Form {
    /// What needs no parentheses as an operand.
    Whole(String),
    /// Operands with one operator between them.
    Operation {
        operator: String,
        operands: Vec<Expr>,
    },
}

impl Expr {
    fn whole(text: impl fmt::Display) -> Self {
        Self(Form::Whole(text.to_string()))
    }

    /// A number, written as PromQL reads it.
    pub fn number(number: impl fmt::Display) -> Self {
        Self::whole(number)
    }

    /// The series of the recording rule `name` that `matchers` let through.
    #[must_use]
    pub fn recorded(name: &str, matchers: &[Matcher]) -> Self {
        let selector = Selector::new("", matchers.to_vec());
        Self::whole(format_args!("{name}{selector}"))
    }

    /// Sums of the series that agree in `labels`.
    #[must_use]
    pub fn sum_by(self, labels: &[&str]) -> Self {
        self.aggregated("sum", labels)
    }

    /// The smallest of the series that agree in `labels`.
    #[must_use]
    pub fn min_by(self, labels: &[&str]) -> Self {
        self.aggregated("min", labels)
    }

    /// The largest of the series that agree in `labels`.
    #[must_use]
    pub fn max_by(self, labels: &[&str]) -> Self {
        self.aggregated("max", labels)
    }

    /// The average of all series.
    #[must_use]
    pub fn average(self) -> Self {
        self.aggregated("avg", &[])
    }

    fn aggregated(self, operator: &str, labels: &[&str]) -> Self {
        if labels.is_empty() {
            return Self::whole(format_args!("{operator}({self})"));
        }
        let labels = labels.join(", ");
        Self::whole(format_args!("{operator} by ({labels}) ({self})"))
    }

    /// The value below which the share `quantile` (from 0 to 1) of a histogram's observations lie;
    /// `self` is the rate of its buckets, with the label `le`.
    #[must_use]
    pub fn quantile(self, quantile: &str) -> Self {
        Self::whole(format_args!("histogram_quantile({quantile}, {self})"))
    }

    /// `self <operator> other`: arithmetic or a comparison.
    #[must_use]
    pub fn operate(self, operator: &str, other: Self) -> Self {
        Self::joined(operator, [self, other])
    }

    /// Everything that stands in any of `all`.
    #[must_use]
    pub fn any(all: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("or", all)
    }

    /// The first of `all`, where all the others have series with the same labels.
    #[must_use]
    pub fn all(all: impl IntoIterator<Item = Self>) -> Self {
        Self::joined("and", all)
    }

    fn joined(operator: &str, all: impl IntoIterator<Item = Self>) -> Self {
        Self(Form::Operation {
            operator: operator.to_owned(),
            operands: all.into_iter().collect(),
        })
    }

    /// On several lines where one would be too long, an operator at the beginning of each.
    #[must_use]
    pub fn lines(&self) -> String {
        let line = self.to_string();
        match &self.0 {
            Form::Operation { operator, operands } if line.len() > WIDTH => {
                let mut lines = String::new();
                let mut before: Option<&Self> = None;
                for operand in operands {
                    if let Some(before) = before {
                        let is_beside = before.is_short() || operand.is_short();
                        lines.push(if is_beside { ' ' } else { '\n' });
                        lines.push_str(operator);
                        lines.push(' ');
                    }
                    lines.push_str(&operand.operand_lines());
                    before = Some(operand);
                }
                lines
            }
            _ => line,
        }
    }

    /// A number or the like, which needs no line of its own.
    fn is_short(&self) -> bool {
        matches!(&self.0, Form::Whole(text) if text.len() < SHORT)
    }

    fn operand_lines(&self) -> String {
        let lines = self.lines();
        if lines.contains('\n') {
            format!("(\n  {}\n)", lines.replace('\n', "\n  "))
        } else {
            self.operand()
        }
    }

    fn operand(&self) -> String {
        match &self.0 {
            Form::Operation { operands, .. } if operands.len() > 1 => format!("({self})"),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Whole(text) => f.write_str(text),
            Form::Operation { operator, operands } => {
                let operands: Vec<String> = operands.iter().map(Self::operand).collect();
                f.write_str(&operands.join(&format!(" {operator} ")))
            }
        }
    }
}

/// A string literal of PromQL, which has Go's escapes.
#[must_use]
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(literal, "\\u{:04x}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// An expression of RE2 that matches `text` and nothing else.
fn literal(text: &str) -> String {
    let mut expression = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, '-' | '_') {
            expression.push('\\');
        }
        expression.push(c);
    }
    expression
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_expression_reads_as_one_would_write_it() {
        let requests = Selector::new("requests", vec![Matcher::is("job", "a")]);
        let ratio = requests
            .rate("5m")
            .sum_by(&["job"])
            .operate("/", requests.value().operate(">", Expr::number(0)));
        assert_eq!(
            ratio.to_string(),
            r#"sum by (job) (rate(requests{job="a"}[5m])) / (requests{job="a"} > 0)"#
        );
    }

    #[test]
    fn a_long_expression_is_broken_at_its_operators() {
        let long = |name: &'static str| {
            Selector::new(name, vec![Matcher::is("job", &"a".repeat(40))]).value()
        };
        let errors = Expr::any([long("errors"), Expr::number(0).operate("*", long("none"))]);
        let ratio = errors.operate("/", long("requests").operate(">", Expr::number(0)));
        let job = "a".repeat(40);
        assert_eq!(
            ratio.lines(),
            format!(
                "(\n  errors{{job=\"{job}\"}}\n  or (0 * none{{job=\"{job}\"}})\n)\n/ (requests{{job=\"{job}\"}} > 0)"
            )
        );
        let parse = |text: &str| promql_parser::parser::parse(text).unwrap().to_string();
        assert_eq!(parse(&ratio.lines()), parse(&ratio.to_string()));
    }

    #[test]
    fn one_value_is_matched_by_equality_and_more_by_an_expression() {
        let of = |values: &[&str]| Selector::new("up", vec![Matcher::one_of("job", values)]);
        assert_eq!(of(&["a"]).to_string(), r#"up{job="a"}"#);
        assert_eq!(of(&["a-b", "c.d"]).to_string(), r#"up{job=~"a-b|c\\.d"}"#);
    }

    #[test]
    fn a_selector_without_matchers_is_its_metric() {
        assert_eq!(Selector::new("up", vec![]).to_string(), "up");
    }

    proptest! {
        #[test]
        fn every_text_is_matched_as_it_is(text in any::<String>()) {
            let selector = Selector::new("up", vec![Matcher::is("job", &text)]).to_string();
            let promql_parser::parser::Expr::VectorSelector(parsed) =
                promql_parser::parser::parse(&selector).unwrap() else { panic!("{selector}") };
            prop_assert_eq!(&parsed.matchers.matchers[0].value, &text);
        }
    }
}

//! PromQL, put together from parts that cannot be misspelt.
//!
//! A broken expression shows up as an empty panel, or as an alert that never fires, and nobody
//! notices either. So labels, selectors and functions are composed here, texts pass through
//! [`string`], and operands are put in parentheses where PromQL's precedence asks for it.

mod metrics;

use std::fmt::{self, Write};

pub use metrics::{ENDPOINT, ERROR_TYPE, JOB, Metrics, NAMESPACE};

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
        Expr::atom(self)
    }

    /// How much each counter grows in a second, over `window`.
    #[must_use]
    pub fn rate(&self, window: &str) -> Expr {
        Expr::atom(format_args!("rate({self}[{window}])"))
    }

    /// How much each counter grew, over `window`.
    #[must_use]
    pub fn increase(&self, window: &str) -> Expr {
        Expr::atom(format_args!("increase({self}[{window}])"))
    }

    /// 1, with the labels that are matched by equality, when there is no such series.
    #[must_use]
    pub fn absent(&self) -> Expr {
        Expr::atom(format_args!("absent({self})"))
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

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    text: String,
    /// Whether it needs parentheses as an operand.
    is_operation: bool,
}

impl Expr {
    fn atom(text: impl fmt::Display) -> Self {
        Self {
            text: text.to_string(),
            is_operation: false,
        }
    }

    /// A number, written as PromQL reads it.
    pub fn number(number: impl fmt::Display) -> Self {
        Self::atom(number)
    }

    /// The series of the recording rule `name` that `matchers` let through.
    #[must_use]
    pub fn recorded(name: &str, matchers: &[Matcher]) -> Self {
        let selector = Selector::new("", matchers.to_vec());
        Self::atom(format_args!("{name}{selector}"))
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
        let by = if labels.is_empty() {
            String::new()
        } else {
            format!(" by ({}) ", labels.join(", "))
        };
        Self::atom(format_args!("{operator}{by}({})", self.text))
    }

    /// The value below which the share `quantile` (from 0 to 1) of a histogram's observations lie;
    /// `self` is the rate of its buckets, with the label `le`.
    #[must_use]
    pub fn quantile(self, quantile: &str) -> Self {
        Self::atom(format_args!(
            "histogram_quantile({quantile}, {})",
            self.text
        ))
    }

    /// `self <operator> other`: arithmetic or a comparison.
    #[must_use]
    pub fn operate(self, operator: &str, other: Self) -> Self {
        Self {
            text: format!("{} {operator} {}", self.operand(), other.operand()),
            is_operation: true,
        }
    }

    /// Everything that stands in any of `all`.
    #[must_use]
    pub fn any(all: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(" or ", all)
    }

    /// The first of `all`, where all the others have series with the same labels.
    #[must_use]
    pub fn all(all: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(" and ", all)
    }

    fn joined(operator: &str, all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<String> = all.into_iter().map(Self::operand).collect();
        Self {
            is_operation: all.len() > 1,
            text: all.join(operator),
        }
    }

    fn operand(self) -> String {
        if self.is_operation {
            format!("({})", self.text)
        } else {
            self.text
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
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

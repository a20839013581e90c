//! Our reader of other people's PromQL sees what an independent one sees: in what people write, in
//! everything that mcpset writes, and in what nobody would.

use crate::support;
use crate::support::bundle::visit_mappings;
use mcpset::promql::{Operator, Selected, read, string};
use promql_parser::label::MatchOp;
use promql_parser::parser::{Expr, LabelModifier, VectorSelector, parse};
use proptest::prelude::*;
use serde_json::Value;

/// What another reader says of `expression`: selectors and labels, sorted.
fn parsed(expression: &str) -> (Vec<String>, Vec<String>) {
    let (mut selectors, mut labels) = (Vec::new(), Vec::new());
    let expr = parse(expression).unwrap_or_else(|e| panic!("{e}: {expression}"));
    walk(&expr, &mut selectors, &mut labels);
    selectors.sort();
    labels.sort();
    (selectors, labels)
}

fn walk(expr: &Expr, selectors: &mut Vec<String>, labels: &mut Vec<String>) {
    let mut listed = |modifier: Option<&LabelModifier>| {
        if let Some(LabelModifier::Include(list) | LabelModifier::Exclude(list)) = modifier {
            labels.extend(list.labels.iter().cloned());
        }
    };
    match expr {
        Expr::VectorSelector(selector) => selectors.push(shown_there(selector)),
        Expr::MatrixSelector(matrix) => selectors.push(shown_there(&matrix.vs)),
        Expr::Aggregate(aggregate) => {
            listed(aggregate.modifier.as_ref());
            walk(&aggregate.expr, selectors, labels);
            if let Some(param) = &aggregate.param {
                walk(param, selectors, labels);
            }
        }
        Expr::Binary(binary) => {
            if let Some(modifier) = &binary.modifier {
                listed(modifier.matching.as_ref());
            }
            walk(&binary.lhs, selectors, labels);
            walk(&binary.rhs, selectors, labels);
        }
        Expr::Call(call) => {
            for arg in &call.args.args {
                walk(arg, selectors, labels);
            }
        }
        Expr::Paren(paren) => walk(&paren.expr, selectors, labels),
        Expr::Unary(unary) => walk(&unary.expr, selectors, labels),
        Expr::Subquery(subquery) => walk(&subquery.expr, selectors, labels),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => {}
    }
}

fn shown_there(selector: &VectorSelector) -> String {
    let mut metric = selector.name.clone().unwrap_or_default();
    let mut matchers = Vec::new();
    for matcher in &selector.matchers.matchers {
        if matcher.name == "__name__" && matcher.op == MatchOp::Equal {
            metric.clone_from(&matcher.value);
        } else {
            let (name, op, value) = (&matcher.name, &matcher.op, &matcher.value);
            matchers.push(format!("{name}{op}{value:?}"));
        }
    }
    matchers.sort();
    format!("{metric} {}", matchers.join(" "))
}

fn shown_here(selected: &Selected) -> String {
    let operator = |operator| match operator {
        Operator::Is => "=",
        Operator::IsNot => "!=",
        Operator::Matches => "=~",
        Operator::MatchesNot => "!~",
    };
    let matchers = selected.matchers.iter();
    let mut matchers: Vec<String> = matchers
        .map(|m| format!("{}{}{:?}", m.label, operator(m.operator), m.value))
        .collect();
    matchers.sort();
    format!("{} {}", selected.metric, matchers.join(" "))
}

fn ours(expression: &str) -> (Vec<String>, Vec<String>) {
    let reading = read(expression).unwrap_or_else(|| panic!("{expression}"));
    let mut selectors: Vec<String> = reading.selectors.iter().map(shown_here).collect();
    let mut labels = reading.labels;
    selectors.sort();
    labels.sort();
    (selectors, labels)
}

#[test]
fn what_people_write_is_read_as_another_reader_does() {
    for expression in [
        "up",
        "1 + 0x1F * 1e-3 > bool inf",
        "up # == 0 or down{a=\"b\"}\n== 0",
        r#"sum by (job, le) (rate(a_total{job="x",}[5m])) / on (job) group_left b"#,
        r"sum(rate(a:b:c{job=~'x|y'}[5m] offset 1h)) without (instance) AND c",
        r#"{__name__="a", job!=`x"y`, z!~"\u00e9\"\x41"}"#,
        r"histogram_quantile(0.95, sum by (le) (increase(d_bucket[1h:5m])))",
        r#"label_replace(up{a="b"}, "c", "$1", "d", "(.*)") unless ignoring(x) e @ end()"#,
        r#"topk by (job) (3, -a) or count_values("v", b) ^ 2"#,
        "absent(up{job=\"a\"})",
        "by{by=\"a\"}",
    ] {
        assert_eq!(ours(expression), parsed(expression), "{expression}");
    }
}

/// Every expression in `value`, or in the JSON that is a text of it.
fn expressions(value: &Value, found: &mut Vec<String>) {
    visit_mappings(value, "", &mut |_, map| {
        let expr = map.get("expr").and_then(Value::as_str);
        found.extend(expr.map(|expr| expr.replace("$__rate_interval", "5m")));
    });
    support::bundle::visit_texts(value, &mut |text| {
        if let Ok(json @ Value::Object(_)) = serde_json::from_str(text) {
            expressions(&json, found);
        }
    });
}

#[test]
fn what_mcpset_writes_is_read_as_another_reader_does() {
    let mut found = Vec::new();
    for (_, bundle) in support::bundles() {
        for document in &bundle.documents {
            expressions(document, &mut found);
        }
    }
    assert!(found.len() > 100, "{}", found.len());
    for expression in found {
        assert_eq!(ours(&expression), parsed(&expression), "{expression}");
    }
}

fn text() -> impl Strategy<Value = String> {
    let quoted = "[ -~é🦀]{0,8}".prop_map(|text| string(&text));
    // The other reader takes a backslash in a raw string for an escape; Prometheus does not.
    let raw = "[ -[a-~]{0,8}".prop_map(|text| format!("`{text}`"));
    let single = r#"[a-z"{}(),#]{0,8}"#.prop_map(|text| format!("'{text}'"));
    prop_oneof![quoted, raw, single]
}

fn selector() -> impl Strategy<Value = String> {
    let operator = prop_oneof![Just("="), Just("!=")];
    // The other reader takes `or` for an operator there, as VictoriaMetrics does.
    let label = "[a-z_][a-z0-9_]{0,4}".prop_filter("an operator", |label| label != "or");
    let matcher = (label, operator, text())
        .prop_map(|(label, operator, value)| format!("{label} {operator}{value}"));
    let matchers = proptest::collection::vec(matcher, 0..3).prop_map(|all| all.join(", "));
    ("m_[a-z_:]{1,6}", proptest::option::of(matchers)).prop_map(|(metric, matchers)| {
        let matchers = matchers.map(|matchers| format!(" {{{matchers}}}"));
        format!("{metric}{}", matchers.unwrap_or_default())
    })
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        selector(),
        selector().prop_map(|selector| format!("rate({selector}[5m])")),
        Just("0.5e-3".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|a| format!("sum by (a, b) ({a} > m_x)")),
            inner
                .clone()
                .prop_map(|a| format!("max(m_y + {a}) without(c)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}) # \"{{\n / ({b})")),
        ]
    })
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn every_expression_is_read_as_another_reader_does(expression in expression()) {
        prop_assert_eq!(ours(&expression), parsed(&expression));
    }
}

//! PromQL as an independent reader takes it: what an expression selects, and which labels are left
//! of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use promql_parser::label::MatchOp;
use promql_parser::parser::token::{T_LAND, T_LOR, T_LUNLESS};
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorSelector, parse as parse_promql,
};

/// Grafana's window for rates, as [`parse`] reads it: a time that nobody writes.
pub const RATE_INTERVAL: Duration = Duration::from_secs(1234);

thread_local! {
    /// What was read already: the same few expressions stand in hundreds of generated bundles.
    static READ: RefCell<HashMap<String, Result<Expr, String>>> = RefCell::default();
}

/// `expr`, in which Grafana's `$__rate_interval` stands for [`RATE_INTERVAL`].
pub fn parse(expr: &str) -> Result<Expr, String> {
    let read = || {
        let substituted = expr.replace("$__rate_interval", "1234s");
        parse_promql(&substituted).map_err(|e| format!("{e}: {expr}"))
    };
    READ.with_borrow_mut(|all| all.entry(expr.to_owned()).or_insert_with(read).clone())
}

/// A selector in an expression.
#[derive(Debug)]
pub struct Selected<'e> {
    /// The selector.
    pub selector: &'e VectorSelector,
    /// How far it looks back; `None` for the newest value.
    pub range: Option<Duration>,
    /// The function that is applied to it, if there is one.
    pub function: Option<&'static str>,
}

impl Selected<'_> {
    /// The metric.
    pub fn metric(&self) -> &str {
        self.selector.name.as_deref().unwrap_or_default()
    }

    /// Whether it has the matcher `label operator "value"`.
    pub fn has(&self, label: &str, operator: &str, value: &str) -> bool {
        self.selector.matchers.matchers.iter().any(|matcher| {
            matcher.name == label && matcher.op.to_string() == operator && matcher.value == value
        })
    }

    /// What is wrong with how it is read: counters have rates, and nothing else has.
    pub fn misread(&self) -> Option<String> {
        let counters = ["_total", "_count", "_sum", "_bucket"];
        let is_counter = counters.iter().any(|end| self.metric().ends_with(end));
        let is_rate = matches!(self.function, Some("rate" | "irate" | "increase"));
        (is_counter != is_rate).then(|| format!("{} is read by {:?}", self.metric(), self.function))
    }
}

/// Every selector in `expr`.
pub fn selected(expr: &Expr) -> Vec<Selected<'_>> {
    match expr {
        Expr::VectorSelector(selector) => vec![Selected {
            selector,
            range: None,
            function: None,
        }],
        Expr::MatrixSelector(matrix) => vec![Selected {
            selector: &matrix.vs,
            range: Some(matrix.range),
            function: None,
        }],
        Expr::Call(call) => {
            let mut found: Vec<_> = call.args.args.iter().flat_map(|e| selected(e)).collect();
            for selected in &mut found {
                selected.function.get_or_insert(call.func.name);
            }
            found
        }
        Expr::Aggregate(aggregate) => selected(&aggregate.expr),
        Expr::Paren(paren) => selected(&paren.expr),
        Expr::Unary(unary) => selected(&unary.expr),
        Expr::Subquery(subquery) => selected(&subquery.expr),
        Expr::Binary(operation) => [&operation.lhs, &operation.rhs]
            .into_iter()
            .flat_map(|side| selected(side))
            .collect(),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Extension(_) => Vec::new(),
    }
}

/// The labels that the series of an expression have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Labels {
    /// None: it is a number.
    Number,
    /// Whatever their targets and servers say.
    All,
    /// These and no others.
    These(BTreeSet<String>),
}

impl Labels {
    /// Whether a series may have `label`.
    pub fn has(&self, label: &str) -> bool {
        match self {
            Self::Number => false,
            Self::All => true,
            Self::These(labels) => labels.contains(label),
        }
    }
}

/// What rules record: the labels of each new metric.
pub type Recorded = BTreeMap<String, Labels>;

/// The labels that are left of `expr`, or why it cannot yield what its author meant.
pub fn labels(expr: &Expr, recorded: &Recorded) -> Result<Labels, String> {
    match expr {
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => Ok(Labels::Number),
        Expr::Paren(paren) => labels(&paren.expr, recorded),
        Expr::VectorSelector(selector) => of_metric(selector, recorded),
        Expr::MatrixSelector(matrix) => of_metric(&matrix.vs, recorded),
        Expr::Aggregate(aggregate) => of_aggregation(aggregate, recorded),
        Expr::Call(call) => of_call(call, recorded),
        Expr::Binary(operation) => of_operation(operation, recorded),
        Expr::Unary(_) | Expr::Subquery(_) | Expr::Extension(_) => Err(format!("what is {expr}?")),
    }
}

fn of_metric(selector: &VectorSelector, recorded: &Recorded) -> Result<Labels, String> {
    let metric = selector.name.clone().unwrap_or_default();
    match recorded.get(&metric) {
        Some(labels) => Ok(labels.clone()),
        None if metric.contains(':') => Err(format!("nothing records {metric}")),
        None => Ok(Labels::All),
    }
}

fn of_aggregation(aggregate: &AggregateExpr, recorded: &Recorded) -> Result<Labels, String> {
    let inner = labels(&aggregate.expr, recorded)?;
    let by: BTreeSet<String> = match &aggregate.modifier {
        None => BTreeSet::new(),
        Some(LabelModifier::Include(by)) => by.labels.iter().cloned().collect(),
        Some(LabelModifier::Exclude(_)) => return Err("an aggregation without labels".into()),
    };
    match by.iter().find(|label| !inner.has(label)) {
        Some(label) => Err(format!("{label} is lost before {aggregate}")),
        None => Ok(Labels::These(by)),
    }
}

fn of_call(call: &Call, recorded: &Recorded) -> Result<Labels, String> {
    let arg = |index: usize| labels(&call.args.args[index], recorded);
    match call.func.name {
        "rate" | "irate" | "increase" => arg(0),
        "absent" => match &*call.args.args[0] {
            // Those that are told by equality alone are known of what is not there.
            Expr::VectorSelector(selector) => {
                let matchers = selector.matchers.matchers.iter();
                let told = matchers.filter(|matcher| matcher.op == MatchOp::Equal);
                Ok(Labels::These(
                    told.map(|matcher| matcher.name.clone()).collect(),
                ))
            }
            _ => Ok(Labels::These(BTreeSet::new())),
        },
        "histogram_quantile" => match arg(1)? {
            Labels::These(by) if by.contains("le") => {
                let left = by.into_iter().filter(|label| label != "le");
                Ok(Labels::These(left.collect()))
            }
            _ => Err(format!("no buckets by le: {call}")),
        },
        name => Err(format!("which labels does {name} leave?")),
    }
}

fn of_operation(operation: &BinaryExpr, recorded: &Recorded) -> Result<Labels, String> {
    if operation
        .modifier
        .as_ref()
        .is_some_and(|m| m.matching.is_some())
    {
        return Err(format!("series are matched on labels: {operation}"));
    }
    let sides = (
        labels(&operation.lhs, recorded)?,
        labels(&operation.rhs, recorded)?,
    );
    let is_set = [T_LAND, T_LOR, T_LUNLESS].contains(&operation.op.id());
    match sides {
        (left, right) if left == right => Ok(left),
        (series, Labels::Number) | (Labels::Number, series) if !is_set => Ok(series),
        (left, right) => Err(format!(
            "no two series match, {left:?} and {right:?}: {operation}"
        )),
    }
}

/// The words in `{{…}}` of a legend or a text.
pub fn templates(text: &str) -> Vec<&str> {
    let inside = text.split("{{").skip(1);
    inside
        .map(|rest| rest.split("}}").next().unwrap().trim())
        .collect()
}

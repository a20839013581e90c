//! Rego, evaluated by regorus within bounds.
//!
//! A template is somebody's program. It gets little time, no network, and no list longer than an
//! object could ever need; what goes beyond ends in a finding, never in a run that hangs.

use std::io;
use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use regex::Regex;
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, PolicyLengthConfig, Value};
use serde_json::Value as Json;

use super::recursion::bottomless;
use super::templates::Rego;
use crate::problem::Inside;

/// One object and one constraint take a thousandth of this.
const LIMIT: Duration = Duration::from_secs(2);
/// The longest line of a template, in characters: messages are often written in one.
const COLUMNS: NonZeroU16 = NonZeroU16::MAX;
/// The most numbers that `numbers.range` makes; it asks for the memory of all before it looks at a
/// clock.
const RANGE: u64 = 1 << 20;

/// What regorus is told that the module with the rule is called.
const MODULE: &str = "rego";
/// The rule whose results are what is wrong.
const VIOLATION: &str = "violation";

/// A value that Rego works with.
pub type Data = Value;

/// `json` as Rego takes it.
#[must_use]
pub fn data(json: Json) -> Data {
    Value::from(json)
}

/// Whether `text` matches the regular expression `pattern`; `None` when that is none.
#[must_use]
pub fn is_match(pattern: &str, text: &str) -> Option<bool> {
    Some(Regex::new(pattern).ok()?.is_match(text))
}

/// The program of one template.
#[derive(Debug)]
pub struct Program {
    engine: Engine,
    rule: String,
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It takes longer than it may.
    Endless,
    /// The program is wrong.
    Wrong(String, Option<Spot>),
}

/// Where in a program something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Which of its libraries; `None` for the module with the rule.
    pub lib: Option<usize>,
    /// Its line and column there.
    pub inside: Inside,
}

impl Failure {
    fn wrong(what: impl Into<String>) -> Self {
        Self::Wrong(what.into(), None)
    }
}

impl Program {
    /// The program in `rego`, which may look at `inventory`.
    ///
    /// # Errors
    /// When it is no Rego, lacks the rule `violation` or calls what there is not.
    pub fn new(rego: &Rego<'_>, inventory: Option<&Data>) -> Result<Self, Failure> {
        if let Some(why) = bottomless(rego.texts()) {
            return Err(Failure::wrong(why));
        }
        let mut engine = Engine::new();
        engine.set_rego_v0(!rego.is_v1);
        engine.set_strict_builtin_errors(false);
        engine.set_gather_prints(true);
        engine.set_execution_timer_config(ExecutionTimerConfig {
            limit: LIMIT,
            check_interval: NonZeroU32::MIN,
        });
        engine.set_policy_length_config(PolicyLengthConfig {
            max_col: COLUMNS.into(),
            ..PolicyLengthConfig::default()
        });
        let bounded = Box::new(|arguments: Vec<Value>| Ok(range(&arguments)?));
        engine.add_extension("numbers.range".into(), 2, bounded)?;
        let mut texts = rego.texts();
        let module = texts.next().unwrap_or_default();
        let package = engine.add_policy(MODULE.into(), module.to_owned())?;
        for (index, lib) in texts.enumerate() {
            engine.add_policy(format!("libs[{index}]"), lib.to_owned())?;
        }
        let rule = format!("{package}.{VIOLATION}");
        let declared = engine.has_declared_rule_rooted_at(MODULE, VIOLATION);
        if !declared? {
            return Err(Failure::wrong(format!(
                "the package `{package}` has no rule `violation`"
            )));
        }
        if let Some(inventory) = inventory {
            let mut data = Value::new_object();
            if let Ok(fields) = data.as_object_mut() {
                fields.insert("inventory".into(), inventory.clone());
            }
            engine.add_data(data)?;
        }
        let mut program = Self { engine, rule };
        let nothing = Value::new_object();
        program.violations(&nothing, &nothing)?;
        Ok(program)
    }

    /// The messages of what is wrong with `review` under `parameters`, in Rego's order.
    ///
    /// # Errors
    /// When evaluation takes too long, or fails.
    pub fn violations(&mut self, review: &Data, parameters: &Data) -> Result<Vec<String>, Failure> {
        let mut input = Value::new_object();
        if let Ok(fields) = input.as_object_mut() {
            fields.insert("review".into(), review.clone());
            fields.insert("parameters".into(), parameters.clone());
        }
        self.engine.set_input(input);
        let found = match self.engine.eval_rule(self.rule.clone())? {
            Value::Undefined => return Ok(Vec::new()),
            Value::Set(found) => found,
            other => return Err(Failure::wrong(format!("`violation` is no set: {other}"))),
        };
        let messages = found.iter().filter_map(|violation| {
            let message = violation.as_object().ok()?.get(&"msg".into())?;
            Some(match message {
                Value::String(text) => Ok(text.to_string()),
                other => Err(Failure::wrong(format!("`msg` is no text: {other}"))),
            })
        });
        messages.collect()
    }
}

/// `numbers.range`, which counts down as well as up.
fn range(arguments: &[Value]) -> io::Result<Value> {
    let whole = |index: usize| arguments.get(index).and_then(|value| value.as_i64().ok());
    let (Some(from), Some(to)) = (whole(0), whole(1)) else {
        return Ok(Value::Undefined);
    };
    if from.abs_diff(to) >= RANGE {
        let message = format!("`numbers.range({from}, {to})` is longer than {RANGE}");
        return Err(io::Error::other(message));
    }
    let numbers: Vec<Value> = if from <= to {
        (from..=to).map(Value::from).collect()
    } else {
        (to..=from).rev().map(Value::from).collect()
    };
    Ok(Value::from(numbers))
}

impl From<anyhow::Error> for Failure {
    /// What regorus says over several lines, and where.
    fn from(error: anyhow::Error) -> Self {
        if let Some(LimitError::TimeLimitExceeded { .. }) = error.downcast_ref() {
            return Self::Endless;
        }
        let text = error.to_string();
        let mut lines = text.lines().map(str::trim);
        let mut places = lines.clone().filter_map(|line| line.strip_prefix("--> "));
        let spot = places.next().and_then(spot);
        let what = lines
            .find_map(|line| line.strip_prefix("error: "))
            .unwrap_or(text.trim());
        Self::Wrong(what.to_owned(), spot)
    }
}

/// The spot that regorus writes as `libs[0]:3:5`.
fn spot(place: &str) -> Option<Spot> {
    let mut parts = place.rsplitn(3, ':');
    let (column, line, module) = (parts.next()?, parts.next()?, parts.next()?);
    let lib = module
        .strip_prefix("libs[")
        .and_then(|lib| lib.strip_suffix(']'));
    Some(Spot {
        lib: lib.and_then(|lib| lib.parse().ok()),
        inside: Inside {
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        },
    })
}

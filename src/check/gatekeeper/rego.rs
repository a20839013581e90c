//! Rego, evaluated by regorus within bounds.
//!
//! A template is somebody's program. It gets little time, no network, and no list or text longer than
//! an object could ever need; what goes beyond ends in a finding, never in a run that hangs.

use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use regex::Regex;
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, PolicyLengthConfig, Value};
use serde_json::Value as Json;

use super::builtins;
use super::recursion::bottomless;
use super::templates::Rego;
pub use super::worker::Worker;
use crate::problem::Inside;

/// One object and one constraint take a thousandth of this.
const LIMIT: Duration = Duration::from_secs(2);
/// The longest line of a template, in characters: messages are often written in one.
const COLUMNS: NonZeroU16 = NonZeroU16::MAX;
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
    /// `None` once it ran away.
    engine: Option<Engine>,
    rule: String,
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It takes longer than it may.
    Endless,
    /// It took so long, or so much memory, that nobody waits for it any more, nor for anything after it.
    RanAway,
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
    /// The program in `rego`, which may look at `inventory` and is run by `worker`.
    ///
    /// # Errors
    /// When it is no Rego, lacks the rule `violation` or calls what there is not.
    pub fn new(
        rego: &Rego<'_>,
        inventory: Option<&Data>,
        worker: &mut Worker,
    ) -> Result<Self, Failure> {
        let texts: Vec<String> = rego.texts().map(str::to_owned).collect();
        let (is_v1, inventory) = (rego.is_v1, inventory.cloned());
        let read = worker.run(move || engine(&texts, is_v1, inventory));
        let (engine, rule) = read.ok_or(Failure::RanAway)??;
        let mut program = Self {
            engine: Some(engine),
            rule,
        };
        let nothing = Value::new_object();
        program.violations(&nothing, &nothing, worker)?;
        Ok(program)
    }

    /// The messages of what is wrong with `review` under `parameters`, in Rego's order.
    ///
    /// # Errors
    /// When evaluation takes too long, or fails.
    pub fn violations(
        &mut self,
        review: &Data,
        parameters: &Data,
        worker: &mut Worker,
    ) -> Result<Vec<String>, Failure> {
        let mut input = Value::new_object();
        if let Ok(fields) = input.as_object_mut() {
            fields.insert("review".into(), review.clone());
            fields.insert("parameters".into(), parameters.clone());
        }
        let mut engine = self.engine.take().ok_or(Failure::RanAway)?;
        let rule = self.rule.clone();
        let run = worker.run(move || {
            engine.set_input(input);
            let found = engine.eval_rule(rule).map_err(Failure::from);
            (engine, found.and_then(messages))
        });
        let (engine, messages) = run.ok_or(Failure::RanAway)?;
        self.engine = Some(engine);
        messages
    }
}

/// The engine that has read `texts`, and the rule that it is asked for.
fn engine(
    texts: &[String],
    is_v1: bool,
    inventory: Option<Data>,
) -> Result<(Engine, String), Failure> {
    if let Some(why) = bottomless(texts.iter().map(String::as_str)) {
        return Err(Failure::wrong(why));
    }
    let mut engine = Engine::new();
    engine.set_rego_v0(!is_v1);
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
    builtins::bound(&mut engine)?;
    let mut texts = texts.iter();
    let module = texts.next().cloned().unwrap_or_default();
    let package = engine.add_policy(MODULE.into(), module)?;
    for (lib, index) in texts.zip(0..) {
        engine.add_policy(format!("libs[{index}]"), lib.clone())?;
    }
    let declared = engine.has_declared_rule_rooted_at(MODULE, VIOLATION);
    if !declared? {
        return Err(Failure::wrong(format!(
            "the package `{package}` has no rule `violation`"
        )));
    }
    if let Some(inventory) = inventory {
        let mut data = Value::new_object();
        if let Ok(fields) = data.as_object_mut() {
            fields.insert("inventory".into(), inventory);
        }
        engine.add_data(data)?;
    }
    Ok((engine, format!("{package}.{VIOLATION}")))
}

/// The messages in what the rule gives.
fn messages(found: Value) -> Result<Vec<String>, Failure> {
    let found = match found {
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

//! Functions of Rego that would ask for the memory of all their result before anybody looks at it, and
//! one that regorus lacks.

use std::io;

use regex::Regex;
use regorus::{Engine, Value};

/// The most numbers that `numbers.range` makes.
const RANGE: u64 = 1 << 20;
/// The longest text that a function joins, in bytes.
const TEXT: usize = 16 << 20;

/// Gives `engine` functions that refuse to make too much, in place of its own.
///
/// # Errors
/// When it knows of others already.
pub fn bound(engine: &mut Engine) -> anyhow::Result<()> {
    let mut add = |name: &str, arguments: u8, function: fn(&[Value]) -> io::Result<Value>| {
        let bounded = Box::new(move |given: Vec<Value>| Ok(function(&given)?));
        engine.add_extension(name.into(), arguments, bounded)
    };
    add("numbers.range", 2, range)?;
    add("concat", 2, concat)?;
    add("re_match", 2, re_match)?;
    add("replace", 3, replace)
}

/// `re_match`, the old name of `regex.match`, which templates of the library still use.
#[allow(clippy::unnecessary_wraps, reason = "every function may fail")]
fn re_match(arguments: &[Value]) -> io::Result<Value> {
    let [Value::String(pattern), Value::String(text)] = arguments else {
        return Ok(Value::Undefined);
    };
    Ok(match Regex::new(pattern) {
        Ok(pattern) => Value::from(pattern.is_match(text)),
        Err(_) => Value::Undefined,
    })
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

/// `concat`: the texts of a list or set, with another between them.
fn concat(arguments: &[Value]) -> io::Result<Value> {
    let [Value::String(between), parts] = arguments else {
        return Ok(Value::Undefined);
    };
    let text = |part: &Value| match part {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let parts: Option<Vec<_>> = match parts {
        Value::Array(parts) => parts.iter().map(text).collect(),
        Value::Set(parts) => parts.iter().map(text).collect(),
        _ => None,
    };
    let Some(parts) = parts else {
        return Ok(Value::Undefined);
    };
    let length: usize = parts.iter().map(|part| part.len() + between.len()).sum();
    within_bounds("concat", length)?;
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    Ok(Value::from(parts.join(between.as_ref())))
}

/// `replace`: a text with one word in the place of another.
fn replace(arguments: &[Value]) -> io::Result<Value> {
    let [Value::String(text), Value::String(old), Value::String(new)] = arguments else {
        return Ok(Value::Undefined);
    };
    let times = text.matches(old.as_ref()).count();
    within_bounds(
        "replace",
        text.len().saturating_add(times.saturating_mul(new.len())),
    )?;
    Ok(Value::from(text.replace(old.as_ref(), new.as_ref())))
}

fn within_bounds(function: &str, length: usize) -> io::Result<()> {
    if length > TEXT {
        let message = format!("`{function}` makes a text of more than {TEXT} bytes");
        return Err(io::Error::other(message));
    }
    Ok(())
}

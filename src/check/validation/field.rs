//! A value in an object, and what is found against it.
//!
//! A field that is not there is one too, about which nothing is found unless it is required: so rules
//! read like the manifest, and none asks whether what it speaks of exists.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::ops::RangeInclusive;
use std::rc::Rc;

use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::model::{Invalid, quoted};

/// What the API server has against an object.
#[derive(Debug)]
pub struct Violation {
    /// Against which of its values.
    pub path: Vec<Step>,
    /// Another one, which is right by itself.
    pub beside: Option<Vec<Step>>,
    /// What is wrong, and what to write.
    pub why: Invalid,
}

/// One step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To a field.
    Field(SmolStr),
    /// To an item of a list.
    Item(usize),
}

/// Characters of a key that a message shows.
const LONGEST_NAME: usize = 80;

/// The way to a value as people write it: `spec.ports[0].name`.
pub struct Path<'p>(pub &'p [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Item(item) => write!(f, "[{item}]")?,
                Step::Field(name) if name.contains(|c: char| !c.is_ascii_alphanumeric()) => {
                    let short: String = name.chars().take(LONGEST_NAME).collect();
                    let rest = if short == name.as_str() { "" } else { "…" };
                    write!(f, "[{short}{rest}]")?;
                }
                Step::Field(name) if index == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}

/// The last step to a value, and those before it. Most are never told, so nothing is copied.
struct Way {
    above: Option<Rc<Way>>,
    step: Step,
}

/// A value, or where one would be.
#[derive(Clone)]
pub struct Field<'o> {
    value: Option<&'o Json>,
    way: Option<Rc<Way>>,
    found: &'o RefCell<Vec<Violation>>,
}

impl<'o> Field<'o> {
    /// The object itself.
    pub fn root(object: &'o Json, found: &'o RefCell<Vec<Violation>>) -> Self {
        Self {
            value: Some(object),
            way: None,
            found,
        }
    }

    fn step(&self, value: Option<&'o Json>, step: Step) -> Self {
        let above = self.way.clone();
        Self {
            value: value.filter(|value| !value.is_null()),
            way: Some(Rc::new(Way { above, step })),
            found: self.found,
        }
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Self {
        let value = self.value.and_then(|value| value.get(name));
        self.step(value, Step::Field(name.into()))
    }

    /// The value at `path`, such as `spec.template.spec`.
    pub fn at(&self, path: &str) -> Self {
        path.split('.')
            .fold(self.clone(), |field, name| field.field(name))
    }

    /// The items of a list.
    pub fn items(&self) -> Vec<Self> {
        let items = self.value.and_then(Json::as_array).into_iter().flatten();
        let items = items.enumerate();
        items
            .map(|(index, item)| self.step(Some(item), Step::Item(index)))
            .collect()
    }

    /// The fields of a mapping, with their names.
    pub fn entries(&self) -> Vec<(&'o str, Self)> {
        let entries = self.value.and_then(Json::as_object).into_iter().flatten();
        entries
            .map(|(name, value)| {
                let field = self.step(Some(value), Step::Field(name.into()));
                (name.as_str(), field)
            })
            .collect()
    }

    /// Whether there is something.
    pub fn exists(&self) -> bool {
        self.value.is_some()
    }

    /// Whether there is nothing, or what says nothing.
    pub fn is_empty(&self) -> bool {
        match self.value {
            None | Some(Json::Null) => true,
            Some(Json::String(text)) => text.is_empty(),
            Some(Json::Array(items)) => items.is_empty(),
            Some(Json::Object(fields)) => fields.is_empty(),
            Some(Json::Bool(_) | Json::Number(_)) => false,
        }
    }

    /// The text; an empty one says nothing.
    pub fn text(&self) -> Option<&'o str> {
        self.raw_text().filter(|text| !text.is_empty())
    }

    /// The text, an empty one as well.
    pub fn raw_text(&self) -> Option<&'o str> {
        self.value.and_then(Json::as_str)
    }

    /// The whole number.
    pub fn number(&self) -> Option<i64> {
        self.value.and_then(Json::as_i64)
    }

    /// Whether it is the text `text`.
    pub fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        self.value.and_then(Json::as_bool) == Some(true)
    }

    /// Whether it is `false`.
    pub fn is_false(&self) -> bool {
        self.value.and_then(Json::as_bool) == Some(false)
    }

    /// Whether it says the same.
    pub fn equals(&self, other: &Field<'_>) -> bool {
        self.value == other.value
    }

    /// Notes that it is not taken.
    pub fn refuse(&self, problem: impl Into<String>, help: impl Into<String>) {
        self.note(None, problem.into(), help.into());
    }

    /// Notes that it is not taken beside `other`.
    pub fn refuse_beside(&self, other: &Self, problem: impl Into<String>, help: impl Into<String>) {
        self.note(Some(other.path()), problem.into(), help.into());
    }

    fn path(&self) -> Vec<Step> {
        let first = self.way.as_deref();
        let ways = std::iter::successors(first, |way| way.above.as_deref());
        let mut steps: Vec<Step> = ways.map(|way| way.step.clone()).collect();
        steps.reverse();
        steps
    }

    fn note(&self, beside: Option<Vec<Step>>, problem: String, help: String) {
        self.found.borrow_mut().push(Violation {
            path: self.path(),
            beside,
            why: Invalid { problem, help },
        });
    }

    /// Refuses it where it says something.
    pub fn forbid(&self, problem: &str, help: &str) {
        if !self.is_empty() {
            self.refuse(problem, help);
        }
    }

    /// Refuses an object without it.
    pub fn require(&self) -> &Self {
        if self.is_empty() {
            let problem = if self.exists() {
                "it is empty"
            } else {
                "it is missing"
            };
            self.refuse(problem, "write it, or remove what it belongs to");
        }
        self
    }

    /// Refuses an empty text.
    pub fn filled(&self) -> &Self {
        if self.exists() && self.is_empty() {
            self.refuse("it is empty", "write something, or remove it");
        }
        self
    }

    /// Refuses what was not `parsed` of it.
    pub fn accept<T>(&self, parsed: Result<T, Invalid>) {
        if let Err(why) = parsed {
            self.refuse(why.problem, why.help);
        }
    }

    /// Refuses a text that is none of those that `parse` takes.
    pub fn parse<T>(&self, parse: impl Fn(&str) -> Result<T, Invalid>) {
        if let Some(text) = self.text() {
            self.accept(parse(text));
        }
    }

    /// Refuses a text that is none of `values`.
    pub fn one_of(&self, values: &[&str]) {
        let text = self.raw_text();
        if let Some(text) = text.filter(|text| !values.contains(text)) {
            let problem = format!("{} is none of its values", quoted(text));
            self.refuse(problem, format!("write one of {}", values.join(", ")));
        }
    }

    /// Refuses a number outside `range`.
    pub fn range(&self, range: RangeInclusive<i64>) {
        if let Some(number) = self.number().filter(|number| !range.contains(number)) {
            let (first, last) = (range.start(), range.end());
            let mut help = format!("write a number from {first}");
            if *last < i64::from(i32::MAX) {
                let _ = write!(help, " to {last}");
            }
            self.refuse(format!("{number} is outside its range"), help);
        }
    }

    /// Refuses a number below `least`.
    pub fn at_least(&self, least: i64) {
        self.range(least..=i64::MAX);
    }

    /// Refuses what is no whole number, or a percentage such as `25%`; with `most`, one above it.
    pub fn share(&self, most: Option<i64>) {
        self.at_least(0);
        let Some(text) = self.raw_text() else {
            return;
        };
        let digits = text.strip_suffix('%').unwrap_or_default();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let percent = digits.parse::<i64>().ok().filter(|_| is_number);
        let Some(percent) = percent else {
            let problem = format!("{} is neither a number nor a percentage", quoted(text));
            self.refuse(
                problem,
                "write a whole number, or a percentage such as `25%`",
            );
            return;
        };
        if most.is_some_and(|most| percent > most) {
            self.refuse(
                format!("{percent}% is more than there are"),
                "write `100%` or less",
            );
        }
    }

    /// Refuses a second item of the list that says in its fields `names` what another does.
    pub fn unique(&self, names: &[&str]) {
        let mut known = BTreeSet::new();
        for item in self.items() {
            let fields: Vec<Field<'_>> = names.iter().map(|name| item.field(name)).collect();
            if fields.iter().any(Field::is_empty) {
                continue;
            }
            let said: Vec<String> = fields.iter().filter_map(Field::said).collect();
            let last = fields.last().unwrap_or(&item);
            if !known.insert(said.clone()) {
                let said: Vec<String> = said.iter().map(|said| quoted(said).to_string()).collect();
                let problem = format!("{} stands here twice", said.join(", "));
                last.refuse(problem, "write it once");
            }
        }
    }

    /// Refuses a second item of the list that is like another.
    pub fn distinct(&self) {
        let items = self.items();
        for (index, item) in items.iter().enumerate() {
            if items.iter().take(index).any(|other| other.equals(item)) {
                item.refuse("it stands here twice", "write it once");
            }
        }
    }

    /// A scalar as text.
    pub fn said(&self) -> Option<String> {
        Some(match self.value? {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// Refuses a mapping that has none of the fields `names`, or several; that it has, if it is one.
    pub fn exactly_one(&self, names: &[&'static str]) -> Option<&'static str> {
        let mut there = names.iter().filter(|name| self.field(name).exists());
        let (first, second) = (there.next().copied(), there.next().copied());
        match (first, second) {
            (Some(_), None) => return first,
            (Some(first), Some(second)) => self.field(second).refuse_beside(
                &self.field(first),
                format!("`{first}` and `{second}` exclude each other"),
                format!("write one of them; `{first}: null` removes the other"),
            ),
            (None, _) => self.refuse(
                "it says nothing of what it is",
                format!("write one of {}", names.join(", ")),
            ),
        }
        None
    }

    /// Refuses fields that are none of `names`.
    pub fn only(&self, names: &[&str]) -> &Self {
        for (name, field) in self.entries() {
            if !names.contains(&name) {
                let problem = format!("there is no field {}", quoted(name));
                field.refuse(problem, format!("its fields are {}", names.join(", ")));
            }
        }
        self
    }

    /// Refuses what is no text.
    pub fn is_text(&self) -> &Self {
        self.is_kind("a text", Json::is_string)
    }

    /// Refuses what is no whole number.
    pub fn is_number(&self) -> &Self {
        self.is_kind("a whole number", Json::is_i64)
    }

    /// Refuses what is neither `true` nor `false`.
    pub fn is_flag(&self) -> &Self {
        self.is_kind("`true` or `false`", Json::is_boolean)
    }

    /// Refuses what is no mapping.
    pub fn is_mapping(&self) -> &Self {
        self.is_kind("a mapping", Json::is_object)
    }

    /// Refuses what is no list.
    pub fn is_list(&self) -> &Self {
        self.is_kind("a list", Json::is_array)
    }

    fn is_kind(&self, kind: &str, is: impl Fn(&Json) -> bool) -> &Self {
        if self.value.is_some_and(|value| !is(value)) {
            self.refuse(format!("it is not {kind}"), format!("write {kind}"));
        }
        self
    }
}

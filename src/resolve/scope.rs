//! The few ways in which a field becomes a value of the model or a problem.

use crate::api::{Entries, Field, Placed};
use crate::model::Invalid;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;

/// There is no value, and the user has been told why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported;

/// Collects problems while a set is resolved.
#[derive(Debug)]
pub struct Scope<'p> {
    problems: &'p mut Problems,
}

impl<'p> Scope<'p> {
    /// A scope that adds to `problems`.
    pub fn new(problems: &'p mut Problems) -> Self {
        Self { problems }
    }

    /// Notes a problem and goes on.
    pub fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The problems so far.
    pub fn problems(&self) -> &Problems {
        self.problems
    }

    /// Takes over what was noted elsewhere.
    pub fn extend(&mut self, problems: Problems) {
        self.problems.extend(problems);
    }

    /// Notes a problem in place of a value.
    pub fn report<T>(&mut self, problem: Problem) -> Result<T, Reported> {
        self.note(problem);
        Err(Reported)
    }

    /// Whether the mapping at `place` begins with a field that it does not have: what it lacks, that
    /// field was to say.
    pub fn begins_with_unknown(&self, place: Place) -> bool {
        self.problems.has(Code::UnknownField, place)
    }

    /// The value, or the problem of a newtype at `place`.
    pub fn valid<T>(
        &mut self,
        result: Result<T, Invalid>,
        code: Code,
        place: impl Into<Option<Place>>,
    ) -> Result<T, Reported> {
        result.or_else(|invalid| {
            self.report(Problem::error(code, place, invalid.problem).help(invalid.help))
        })
    }

    /// What `parse` makes of `text`.
    pub fn parse<T>(
        &mut self,
        text: &Placed<String>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<T, Reported> {
        self.valid(parse(&text.value), Code::InvalidValue, text.place)
    }

    /// What `parse` makes of the field's text, if there is one.
    pub fn optional<T>(
        &mut self,
        field: &Field<String>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<Option<T>, Reported> {
        match field {
            Field::Absent => Ok(None),
            Field::Wrong(_) => Err(Reported),
            Field::Given(text) => self.parse(text, parse).map(Some),
        }
    }

    /// What `parse` makes of the field's text, or of `default`.
    pub fn or<T>(
        &mut self,
        field: &Field<String>,
        default: &str,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Result<T, Reported> {
        match self.optional(field, &parse)? {
            Some(value) => Ok(value),
            None => self.valid(parse(default), Code::InvalidValue, None),
        }
    }

    /// The number in the field, within `range`, or `default`. `what` names it: "a user id".
    pub fn number_or(
        &mut self,
        field: &Field<i64>,
        default: i64,
        range: std::ops::RangeInclusive<i64>,
        what: &str,
    ) -> Result<i64, Reported> {
        match field {
            Field::Absent => Ok(default),
            Field::Wrong(_) => Err(Reported),
            Field::Given(number) if range.contains(&number.value) => Ok(number.value),
            Field::Given(number) => self.report(
                Problem::error(
                    Code::InvalidValue,
                    number.place,
                    format!("{} is not {what}", number.value),
                )
                .help(format!(
                    "write a number from {} to {}",
                    range.start(),
                    range.end()
                )),
            ),
        }
    }

    /// The field, which must be there. `path` and `example` go into the message.
    pub fn required<'f, T>(
        &mut self,
        field: &'f Field<T>,
        path: &str,
        example: &str,
        parent: Place,
    ) -> Result<&'f Placed<T>, Reported> {
        match field {
            Field::Given(placed) => Ok(placed),
            Field::Wrong(_) => Err(Reported),
            Field::Absent => self.report(
                Problem::error(Code::MissingField, parent, format!("`{path}` is missing"))
                    .help(format!("add `{path}`, {example}")),
            ),
        }
    }

    /// The value under a free key, which must be there.
    pub fn entry<'f, T>(
        &mut self,
        key: &Placed<String>,
        value: &'f Field<T>,
    ) -> Result<&'f Placed<T>, Reported> {
        match value {
            Field::Given(placed) => Ok(placed),
            Field::Wrong(_) => Err(Reported),
            Field::Absent => self.report(
                Problem::error(
                    Code::WrongType,
                    key.place,
                    format!("`{}` has no value", key.value),
                )
                .help("write one, or \"\" for an empty text"),
            ),
        }
    }

    /// What `parse` makes of the items of a list.
    pub fn parse_items<T>(
        &mut self,
        list: &Field<Vec<Field<String>>>,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Result<Vec<T>, Reported> {
        let items = items(list)?;
        all(items.into_iter().map(|item| self.parse(item, &parse)))
    }

    /// What `parse_key` and `parse` make of the entries of a mapping.
    pub fn parse_entries<K, V>(
        &mut self,
        entries: &Field<Entries<String>>,
        parse_key: impl Fn(&str) -> Result<K, Invalid>,
        parse: impl Fn(&str) -> Result<V, Invalid>,
    ) -> Result<Vec<(K, V)>, Reported> {
        let entries = group(entries)?;
        all(entries.iter().map(|(key, value)| {
            let parsed = self.parse(key, &parse_key);
            let value = self.entry(key, value)?;
            let value = self.parse(value, &parse);
            Ok((parsed?, value?))
        }))
    }

    /// What `parse` makes of a field that must be there.
    pub fn required_text<T>(
        &mut self,
        field: &Field<String>,
        path: &str,
        example: &str,
        parent: Place,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Result<T, Reported> {
        let text = self.required(field, path, example, parent)?;
        self.parse(text, parse)
    }
}

/// The value of a plain setting, or `default`.
pub fn setting<T: Copy>(field: &Field<T>, default: T) -> Result<T, Reported> {
    match field {
        Field::Absent => Ok(default),
        Field::Wrong(_) => Err(Reported),
        Field::Given(placed) => Ok(placed.value),
    }
}

/// The value of a group of settings, or the group in which nothing is set.
pub fn group<T: Clone + Default>(field: &Field<T>) -> Result<T, Reported> {
    match field {
        Field::Absent => Ok(T::default()),
        Field::Wrong(_) => Err(Reported),
        Field::Given(placed) => Ok(placed.value.clone()),
    }
}

/// The items of a list, none of which may be empty.
pub fn items<T>(list: &Field<Vec<Field<T>>>) -> Result<Vec<&Placed<T>>, Reported> {
    let list = match list {
        Field::Absent => return Ok(Vec::new()),
        Field::Wrong(_) => return Err(Reported),
        Field::Given(list) => list,
    };
    all(list.value.iter().map(|item| match item {
        Field::Given(placed) => Ok(placed),
        // An empty item has been reported when it was read.
        Field::Absent | Field::Wrong(_) => Err(Reported),
    }))
}

/// All values, once every single one has been looked at.
pub fn all<T>(results: impl IntoIterator<Item = Result<T, Reported>>) -> Result<Vec<T>, Reported> {
    let results = results.into_iter();
    let mut values = Ok(Vec::with_capacity(results.size_hint().0));
    for result in results {
        match (&mut values, result) {
            (Ok(values), Ok(value)) => values.push(value),
            (_, Err(reported)) => values = Err(reported),
            (Err(_), Ok(_)) => {}
        }
    }
    values
}

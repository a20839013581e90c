//! Where a ResourceList repeats by an alias what stands elsewhere in it.
//!
//! Its parts are read alone and exchanged as text, so what one of them takes from another is not seen, and may be
//! gone. No host writes any alias; where a person did, this says when it matters.

use std::collections::HashMap;
use std::ops::Range;

use crate::api::KIND;
use crate::hosts::may_say;
use crate::problem::{Code, Problem};
use crate::source::Place;
use crate::yaml::{Alias, aliases};

/// The aliases of a list.
pub struct Repeats<'t> {
    text: &'t str,
    source: u32,
    aliases: Vec<Alias>,
}

impl<'t> Repeats<'t> {
    /// Those in `text`, which is source number `source`.
    pub fn of(text: &'t str, source: u32) -> Self {
        Self {
            text,
            source,
            aliases: aliases(text),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.aliases.is_empty()
    }

    /// What repeats a value that `is_lost`, and stays itself: nobody could read it any more.
    pub fn of_lost(&self, is_lost: impl Fn(usize) -> bool) -> Vec<Problem> {
        let lost = self.aliases.iter();
        let lost = lost.filter(|alias| is_lost(alias.of.start) && !is_lost(alias.at));
        lost.map(|alias| self.problem(alias, "this alias refers to a value that gives way"))
            .collect()
    }

    /// What takes a value from another one of the `parts` of the text, and may be a set by that: one that may
    /// say so itself, or takes what may. Each part is read alone.
    pub fn of_sets(&self, parts: &[Range<usize>]) -> Vec<Problem> {
        let part = |at: usize| parts.partition_point(|part| part.start <= at);
        let mut parts_of_sets = HashMap::new();
        let mut is_of_set = |number: usize| {
            *parts_of_sets.entry(number).or_insert_with(|| {
                let part = number.checked_sub(1).and_then(|part| parts.get(part));
                part.is_some_and(|part| self.may_say_set(part))
            })
        };
        let mut values_of_sets = HashMap::new();
        let mut is_set = |value: &Range<usize>| {
            *values_of_sets
                .entry(value.clone())
                .or_insert_with(|| self.may_say_set(value) || self.repeats(value))
        };
        let across = self.aliases.iter();
        let across = across.filter(|alias| part(alias.at) != part(alias.of.start));
        let across = across.filter(|alias| is_of_set(part(alias.at)) || is_set(&alias.of));
        let what = "this alias refers to a value in another part of the list";
        across.map(|alias| self.problem(alias, what)).collect()
    }

    fn may_say_set(&self, range: &Range<usize>) -> bool {
        let text = self.text.get(range.clone());
        text.is_some_and(|text| may_say(text, KIND))
    }

    /// Whether something is repeated within `range`.
    fn repeats(&self, range: &Range<usize>) -> bool {
        let next = self.aliases.partition_point(|alias| alias.at < range.start);
        let next = self.aliases.get(next);
        next.is_some_and(|alias| range.contains(&alias.at))
    }

    fn problem(&self, alias: &Alias, what: &str) -> Problem {
        Problem::error(Code::Syntax, Place::at(self.source, alias.at), what)
            .help("write the value out: a host repeats nothing from one item in another")
    }
}

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
use crate::yaml::aliases;

/// The aliases of a list, each with where the value begins that it repeats.
pub struct Repeats {
    source: u32,
    aliases: Vec<(usize, usize)>,
}

impl Repeats {
    /// Those in `text`, which is source number `source`.
    pub fn of(text: &str, source: u32) -> Self {
        Self {
            source,
            aliases: aliases(text),
        }
    }

    /// What repeats a value that `is_lost`, and stays itself: nobody could read it any more.
    pub fn of_lost(&self, is_lost: impl Fn(usize) -> bool) -> Vec<Problem> {
        let lost = self.aliases.iter();
        let lost = lost.filter(|(alias, anchored)| is_lost(*anchored) && !is_lost(*alias));
        lost.map(|(alias, _)| self.problem(*alias, "this alias refers to a value that gives way"))
            .collect()
    }

    /// What repeats a value from another one of the `parts` of `text` in which there may be a set, or a word of
    /// one.
    pub fn of_sets(&self, text: &str, parts: &[Range<usize>]) -> Vec<Problem> {
        let part = |at: usize| parts.partition_point(|part| part.start <= at);
        let mut asked = HashMap::new();
        let mut may_be_set = |part: usize| {
            *asked.entry(part).or_insert_with(|| {
                let part = part.checked_sub(1).and_then(|part| parts.get(part));
                let text = part.and_then(|part| text.get(part.clone()));
                text.is_some_and(|text| may_say(text, KIND))
            })
        };
        let across = self.aliases.iter();
        let across = across.map(|&(alias, anchored)| (alias, part(alias), part(anchored)));
        let across = across.filter(|(_, to, from)| to != from && may_be_set(*from));
        let what = "this alias refers to a value in another part of the list";
        across
            .map(|(alias, _, _)| self.problem(alias, what))
            .collect()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.aliases.is_empty()
    }

    fn problem(&self, alias: usize, what: &str) -> Problem {
        Problem::error(Code::Syntax, Place::at(self.source, alias), what)
            .help("write the value out: a host repeats nothing from one item in another")
    }
}

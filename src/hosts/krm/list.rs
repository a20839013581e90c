//! A ResourceList as text: where its parts stand, and how they are exchanged.

use std::borrow::Cow;

use super::repeats::Repeats;
use super::results::ResultsPlace;
use crate::hosts::splice::{Bundle, Edit, FlowPart, Layout, Replacement};
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;
use crate::yaml::{
    Item, Node, Outline, Section, Value, hides_letters, outline, parse_part, unlisted,
};

const KIND: &str = "ResourceList";
/// Both are alike to us; the one that came in goes out.
const VERSIONS: [&str; 2] = ["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1"];

/// A ResourceList and where its parts stand.
pub struct List<'t> {
    text: &'t str,
    source: u32,
    outline: Outline,
    repeats: Repeats<'t>,
    /// Whether it may hold words that it does not show.
    hides: bool,
}

impl<'t> List<'t> {
    /// The list in `text`, which is source number `source`.
    pub fn open(text: &'t str, source: u32, problems: &mut Problems) -> Option<Self> {
        let found = match outline(text, source) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(*problem);
                return None;
            }
        };
        let Some(outline) = found else {
            let what = if text.trim().is_empty() {
                "standard input is empty"
            } else {
                "this is none"
            };
            problems.push(expected(None, what));
            return None;
        };
        let list = Self {
            text,
            source,
            outline,
            repeats: Repeats::of(text, source),
            hides: hides_letters(text),
        };
        let is_sound = list.check(problems) && list.repeats_no_set(problems);
        is_sound.then_some(list)
    }

    fn check(&self, problems: &mut Problems) -> bool {
        let start = self.place(0);
        if let Some(twice) = self.outline.twice() {
            problems.push(
                Problem::error(
                    Code::DuplicateField,
                    self.place(twice.range.start),
                    format!("`{}` stands twice in the ResourceList", twice.key),
                )
                .help("keep one of them: YAML readers silently take one or the other"),
            );
            return false;
        }
        let (version, kind) = (self.word("apiVersion"), self.word("kind"));
        if kind == KIND && !version.is_empty() && !VERSIONS.contains(&version) {
            problems.push(
                Problem::error(
                    Code::WrongKind,
                    start,
                    format!("mcpset knows no ResourceList of `{version}`"),
                )
                .help(format!("write `apiVersion: {}`", VERSIONS[0])),
            );
            return false;
        }
        if kind != KIND || !VERSIONS.contains(&version) {
            let found = match (version, kind) {
                ("", "") => "this has neither `apiVersion` nor `kind`".to_owned(),
                (version, "") => format!("this is of `{version}` and has no `kind`"),
                ("", kind) => format!("this is a `{kind}` without `apiVersion`"),
                _ => format!("this is a `{kind}` of `{version}`"),
            };
            problems.push(expected(Some(start), &found));
            return false;
        }
        let Some(items) = self.outline.get("items") else {
            problems.push(
                Problem::error(Code::MissingField, start, "the ResourceList has no `items`")
                    .help("write `items: []` where there are none"),
            );
            return false;
        };
        if items.value.items.is_none() && !self.is_null(items) {
            problems.push(
                Problem::error(
                    Code::WrongType,
                    self.place(items.value.range.start),
                    "`items` is no list",
                )
                .help("write `items: []` where there are none"),
            );
            return false;
        }
        true
    }

    /// The text of a scalar entry, without its quotes.
    fn word(&self, key: &str) -> &'t str {
        self.outline
            .get(key)
            .and_then(|section| self.text.get(section.value.range.clone()))
            .map_or("", |text| text.trim().trim_matches(['"', '\'']))
    }

    fn is_null(&self, section: &Section) -> bool {
        matches!(
            self.text.get(section.value.range.clone()).map(str::trim),
            Some("" | "~" | "null")
        )
    }

    fn place(&self, at: usize) -> Place {
        Place::at(self.source, at)
    }

    /// The functionConfig, if there is one.
    pub fn function_config(&self, problems: &mut Problems) -> Option<Node> {
        let section = self.outline.get("functionConfig")?;
        let range = if self.outline.is_flow || section.value.is_flow {
            section.value.range.clone()
        } else {
            // Whole lines, so that columns are what they are in the list.
            section.range.clone()
        };
        let node = parse_part(self.text, range.clone(), self.source, problems).pop()?;
        let node = match node.value {
            Value::Mapping(entries) if range == section.range => entries.into_iter().next()?.value,
            value => Node {
                place: node.place,
                value,
            },
        };
        (!node.is_null()).then_some(node)
    }

    /// The items.
    pub fn items(&self) -> &[Item] {
        self.outline
            .get("items")
            .and_then(|section| section.value.items.as_deref())
            .unwrap_or_default()
    }

    /// The text of `item`.
    pub fn text(&self, item: &Item) -> &'t str {
        self.text.get(item.range.clone()).unwrap_or_default()
    }

    /// Whether `item` may hold words that its text does not show.
    pub fn hides_letters(&self, item: &Item) -> bool {
        self.hides && hides_letters(self.text(item))
    }

    /// The text of `item` as a document of its own.
    pub fn document(&self, item: &Item) -> Cow<'t, str> {
        let text = self.text(item);
        if self.items_are_flow() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(unlisted(text))
        }
    }

    /// The value of `item`.
    pub fn read(&self, item: &Item, problems: &mut Problems) -> Option<Node> {
        let node = parse_part(self.text, item.range.clone(), self.source, problems).pop()?;
        match node.value {
            Value::Sequence(mut items) if !self.items_are_flow() => items.pop(),
            value => Some(Node {
                place: node.place,
                value,
            }),
        }
    }

    fn items_are_flow(&self) -> bool {
        self.outline
            .get("items")
            .is_some_and(|section| section.value.is_flow)
    }

    /// The edits that carry out `plan`.
    pub fn edits(&self, plan: Plan) -> Vec<Edit> {
        let Some(section) = self.outline.get("items") else {
            return Vec::new();
        };
        let mut edits = if self.items().is_empty() && !self.outline.is_flow {
            fill(section, plan.appended)
        } else if self.items_are_flow() {
            vec![Edit {
                range: section.value.range.clone(),
                with: self.flow_list(plan),
            }]
        } else {
            self.block_edits(section, plan)
        };
        edits.extend(self.without_function_config());
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        edits
    }

    /// Whether nothing that stays of the list repeats what `edits`, or new results, take away. Notes what does:
    /// nobody could read it any more.
    pub fn stands_without(&self, edits: &[Edit], problems: &mut Problems) -> bool {
        let results = self.outline.get("results").map(|results| &results.range);
        let is_lost = |at: usize| {
            // They are in order, and do not overlap.
            let behind = edits.partition_point(|edit| edit.range.start <= at);
            let last = behind.checked_sub(1).and_then(|edit| edits.get(edit));
            let is_taken = last.is_some_and(|edit| edit.takes(at));
            is_taken || results.is_some_and(|results| results.contains(&at))
        };
        all_fine(self.repeats.of_lost(is_lost), problems)
    }

    /// Whether no part of the list repeats what may be a set, or a word of one, from another. Notes what does.
    fn repeats_no_set(&self, problems: &mut Problems) -> bool {
        let repeated = if self.repeats.is_empty() {
            Vec::new()
        } else {
            self.repeats.of_sets(&self.outline.parts())
        };
        all_fine(repeated, problems)
    }

    /// Answers a validation: no items at all, for kustomize takes any as a change.
    pub fn without_items(&self) -> Vec<Edit> {
        let items = self.outline.get("items").map(|section| {
            if self.outline.is_flow {
                Edit {
                    range: section.value.range.clone(),
                    with: Replacement::Text("[]".into()),
                }
            } else {
                Edit {
                    range: section.range.clone(),
                    with: Replacement::Lines("items: []\n".into()),
                }
            }
        });
        let mut edits: Vec<Edit> = items
            .into_iter()
            .chain(self.without_function_config())
            .collect();
        edits.sort_by_key(|edit| edit.range.start);
        edits
    }

    fn block_edits(&self, section: &Section, plan: Plan) -> Vec<Edit> {
        let indent = self.items().first().map_or(0, |item| item.indent);
        let objects = |bundle| Replacement::Objects(Box::new(bundle), Layout::Items { indent });
        let mut edits = Vec::new();
        for (index, fate) in plan.fates {
            let Some(item) = self.items().get(index) else {
                continue;
            };
            let behind = item.range.end..item.range.end;
            let (range, with) = match fate {
                Fate::Drop => (item.range.clone(), Replacement::Nothing),
                Fate::GiveWay(bundle) => (item.range.clone(), objects(bundle)),
                Fate::StayBefore(bundle) => (behind, objects(bundle)),
            };
            edits.push(Edit { range, with });
        }
        let end = section.range.end;
        edits.extend(plan.appended.into_iter().map(|bundle| Edit {
            range: end..end,
            with: objects(bundle),
        }));
        edits
    }

    fn flow_list(&self, plan: Plan) -> Replacement {
        let mut fates = plan.fates.into_iter().peekable();
        let mut parts = Vec::new();
        for (index, item) in self.items().iter().enumerate() {
            let fate = fates.next_if(|(next, _)| *next == index);
            let kept = FlowPart::Kept(item.range.clone());
            match fate.map(|(_, fate)| fate) {
                None => parts.push(kept),
                Some(Fate::Drop) => {}
                Some(Fate::GiveWay(bundle)) => parts.push(FlowPart::Objects(Box::new(bundle))),
                Some(Fate::StayBefore(bundle)) => {
                    parts.push(kept);
                    parts.push(FlowPart::Objects(Box::new(bundle)));
                }
            }
        }
        let appended = plan.appended.into_iter().map(Box::new);
        parts.extend(appended.map(FlowPart::Objects));
        Replacement::FlowList(parts)
    }

    /// The functionConfig has done its work; a host would only have to read it once more.
    fn without_function_config(&self) -> Option<Edit> {
        let section = self.outline.get("functionConfig")?;
        (!self.outline.is_flow).then(|| Edit {
            range: section.range.clone(),
            with: Replacement::Nothing,
        })
    }

    /// Where results belong.
    pub fn results_place(&self) -> ResultsPlace {
        let end = self
            .outline
            .sections
            .last()
            .map_or(0, |section| section.range.end);
        let own = self.outline.get("results");
        ResultsPlace {
            range: own.map_or(end..end, |section| section.range.clone()),
            is_flow: self.outline.is_flow,
            replaces: own.is_some(),
        }
    }
}

/// Writes `appended` into a list that is empty; `items:` without a value would leak out of kustomize
/// as an object.
fn fill(section: &Section, appended: Vec<Bundle>) -> Vec<Edit> {
    let end = section.range.end;
    let heading = if appended.is_empty() {
        "items: []\n"
    } else {
        "items:\n"
    };
    let heading = Edit {
        range: section.range.clone(),
        with: Replacement::Lines(heading.into()),
    };
    let objects = appended.into_iter().map(|bundle| Edit {
        range: end..end,
        with: Replacement::Objects(Box::new(bundle), Layout::Items { indent: 0 }),
    });
    std::iter::once(heading).chain(objects).collect()
}

/// What becomes of the items of a list.
#[derive(Default)]
pub struct Plan {
    /// By index, in order; items that are not named stay as they are.
    pub fates: Vec<(usize, Fate)>,
    /// What is written behind the last item.
    pub appended: Vec<Bundle>,
}

/// What becomes of an item.
pub enum Fate {
    /// It goes.
    Drop,
    /// Objects stand in its place.
    GiveWay(Bundle),
    /// It stays, and objects follow it.
    StayBefore(Bundle),
}

/// Whether nothing was `found`. Notes what was.
fn all_fine(found: Vec<Problem>, problems: &mut Problems) -> bool {
    let is_fine = found.is_empty();
    for problem in found {
        problems.push(problem);
    }
    is_fine
}

/// What stands where a ResourceList was expected.
fn expected(place: Option<Place>, found: &str) -> Problem {
    Problem::error(
        Code::WrongKind,
        place,
        format!("expected a ResourceList of {}, and {found}", VERSIONS[0]),
    )
    .help("without a command mcpset is a KRM function, run by kustomize; `mcpset render FILE` reads a file")
}

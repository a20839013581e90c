//! The KRM function contract: a ResourceList on standard input, a ResourceList on standard output
//! (kustomize and kpt; functions-spec.md of the config.kubernetes.io API).
//!
//! What the functionConfig is decides what we are. A `McpServerSet` makes us a generator. A
//! `McpServerSetTransformer`, or nothing, makes us a transformer: sets among the items are expanded
//! where they stand. A `McpServerSetCheck` makes us a validator, which has to be a kind of its own,
//! because kustomize shows a validator and a transformer the same input and would delete
//! everything if we mistook one for the other.
//!
//! Items that are not ours leave as they came, byte for byte. kustomize never shows `results`, so
//! what a person must see goes to standard error as well.

mod list;
mod repeats;
mod results;

use std::collections::HashSet;
use std::io::{self, Write};

use super::splice::{self, Bundle, Edit};
use super::stream::says_set;
use super::{
    VERSION, annotation, is_set, judge, not_checked, refuse_set_in_list, require_known, says,
};
use crate::api::{self, API_VERSION};
use crate::check::{Subject, collisions};
use crate::model::Set;
use crate::overrides::Overrides;
use crate::problem::{Code, Problem, Problems, Severity};
use crate::source::Sources;
use crate::yaml::{Dialect, Item, Node, Value};

use list::{Fate, List, Plan};
use results::ResultsPlace;

/// Marks what tools shall keep and clusters shall not get. kustomize marks the copy of the
/// functionConfig with it that it puts among the items.
const LOCAL_CONFIG: &str = "config.kubernetes.io/local-config";
/// On generated objects whose set stays beside them: which set they come from. Only this makes an
/// object ours on the next run; labels may be anybody's.
const GENERATED_FROM: &str = "mcpset.dev/generated-from";
/// The annotations that name an item's file.
const PATHS: [&str; 2] = [
    "internal.config.kubernetes.io/path",
    "config.kubernetes.io/path",
];
/// The annotations that number an item within its file.
const INDEXES: [&str; 2] = [
    "internal.config.kubernetes.io/index",
    "config.kubernetes.io/index",
];

/// The answer to a ResourceList.
#[derive(Debug)]
pub struct Answer {
    edits: Vec<Edit>,
    results: ResultsPlace,
    /// Whether items were only looked at: what was found goes into the answer and is not a failure
    /// to give one.
    pub is_validation: bool,
}

/// Takes the ResourceList in the source `index` apart and decides what to answer. `None` when
/// `problems` says why there is no answer.
pub fn answer(index: u32, sources: &Sources, problems: &mut Problems) -> Option<Answer> {
    let text = sources.get(index)?.text.as_str();
    let list = List::open(text, index, problems)?;
    let mode = mode(&list, problems)?;
    let contents = Contents::read(&list, &mode, problems);
    let results = list.results_place();
    if let Mode::Validate(config) = &mode {
        validate(&list, &contents, config, problems);
        let edits = list.without_items();
        return list.stands_without(&edits, problems).then_some(Answer {
            edits,
            results,
            is_validation: true,
        });
    }
    let has_sets = contents.expanded().next().is_some();
    if has_sets && !problems.has_errors() && judge::says_template(text) {
        contents.judge(&list, problems);
    }
    if problems.has_errors() {
        return None;
    }
    let edits = list.edits(contents.plan());
    list.stands_without(&edits, problems).then_some(Answer {
        edits,
        results,
        is_validation: false,
    })
}

impl Answer {
    /// Writes the ResourceList, with `problems` as its results.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(mut self, text: &str, problems: &[Problem], out: impl Write) -> io::Result<()> {
        if !problems.is_empty() {
            self.edits.push(self.results.edit(problems, text)?);
            // Results may stand before the items.
            self.edits
                .sort_by_key(|edit| (edit.range.start, edit.range.end));
        }
        splice::write(text, &self.edits, out)
    }
}

/// What the functionConfig makes us.
enum Mode {
    Generate(Node),
    Transform,
    Validate(Node),
}

fn mode(list: &List<'_>, problems: &mut Problems) -> Option<Mode> {
    let Some(config) = list.function_config(problems) else {
        return (!problems.has_errors()).then_some(Mode::Transform);
    };
    let text = |key: &str| config.get(key).and_then(Node::text).unwrap_or_default();
    match (text("apiVersion"), text("kind")) {
        (API_VERSION, api::TRANSFORMER_KIND) => Some(Mode::Transform),
        (API_VERSION, api::CHECK_KIND) => Some(Mode::Validate(config)),
        (API_VERSION, api::KIND) => Some(Mode::Generate(config)),
        // What `kpt fn eval --exec` and `kustomize fn run --exec-path` make up.
        ("v1", "ConfigMap") if config.get("data").is_none_or(is_empty) => Some(Mode::Transform),
        (version, kind) => {
            let what = match (version, kind) {
                ("", _) | (_, "") => "the functionConfig lacks `apiVersion` or `kind`".to_owned(),
                _ => format!("mcpset knows no functionConfig `{kind}` of `{version}`"),
            };
            problems.push(
                Problem::error(Code::WrongKind, config.place, what)
                .help(format!(
                    "write `apiVersion: {API_VERSION}` and `kind: {}` to generate, `{}` to expand the sets among the resources, `{}` to check them",
                    api::KIND,
                    api::TRANSFORMER_KIND,
                    api::CHECK_KIND
                )),
            );
            None
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(entries) => entries.is_empty(),
        Value::Scalar(_) | Value::Sequence(_) => node.is_null(),
    }
}

/// Notes what of `list`, whose sets are in `contents`, breaks the rules of the catalogue. Where a set
/// stays beside the objects that were generated from it, it stands for them, or all would be there twice.
fn validate(list: &List<'_>, contents: &Contents<'_>, config: &Node, problems: &mut Problems) {
    let mut subject = Subject::default();
    let config = crate::check_config(config, Dialect::Kustomize, problems);
    subject.configure(config.unwrap_or_default());
    for (_, set, _) in &contents.sets {
        subject.add_set(set, problems);
    }
    let stale: HashSet<usize> = contents.dropped().into_iter().collect();
    for (index, item) in list.items().iter().enumerate() {
        if !stale.contains(&index)
            && let Some(node) = list.read(item, problems)
            && !is_set(&node)
        {
            subject.add(node, problems);
        }
    }
    if problems.has_errors() {
        problems.push(not_checked());
        return;
    }
    for mut problem in subject.findings() {
        if problem.severity == Severity::Warning && subject.denies_warnings() {
            problem.severity = Severity::Error;
        }
        problems.push(problem);
    }
}

/// What of a list is ours.
#[derive(Default)]
struct Contents<'c> {
    /// The set of the functionConfig.
    config: Option<(Set, &'c Node)>,
    /// By index: kustomize's copies of the functionConfig.
    copies: Vec<usize>,
    /// By index: the sets among the items.
    sets: Vec<(usize, Set, Node)>,
    /// By index: objects generated before, and the set they say they come from.
    generated: Vec<(usize, String)>,
}

impl<'c> Contents<'c> {
    fn read(list: &List<'_>, mode: &'c Mode, problems: &mut Problems) -> Self {
        let mut contents = Self::default();
        let config = match mode {
            Mode::Generate(config) => Some(config),
            Mode::Transform | Mode::Validate(_) => None,
        };
        if let Some(config) = config {
            let set = expand(config, problems);
            contents.config = set.map(|set| (set, config));
        }
        for (index, item) in list.items().iter().enumerate() {
            let Some(node) = read_if_ours(list, item, problems) else {
                continue;
            };
            if config.is_some_and(|config| is_copy(&node, config)) {
                contents.copies.push(index);
            } else if is_set(&node) {
                if let Some(set) = expand(&node, problems) {
                    contents.sets.push((index, set, node));
                }
            } else if let Some(set) = annotation(&node, GENERATED_FROM) {
                contents.generated.push((index, set.to_owned()));
            }
        }
        let placed = contents.expanded().map(|(set, node)| (set, node.place));
        collisions(placed, problems);
        contents
    }

    /// Every set, with what it was made of.
    fn expanded(&self) -> impl Iterator<Item = (&Set, &Node)> + Clone {
        let config = self.config.iter().map(|(set, node)| (set, *node));
        config.chain(self.sets.iter().map(|(_, set, node)| (set, node)))
    }

    /// By index: the items that go, because they are copies or are generated anew.
    fn dropped(&self) -> Vec<usize> {
        let kept: Vec<String> = self
            .sets
            .iter()
            .filter(|(_, _, node)| stays(node))
            .map(|(_, set, _)| id(set))
            .collect();
        let is_stale = |(_, from): &&(usize, String)| kept.contains(from);
        let stale = self.generated.iter().filter(is_stale);
        let stale = stale.map(|(index, _)| *index);
        self.copies.iter().copied().chain(stale).collect()
    }

    /// Notes what is generated here and breaks a policy among the items of `list`.
    fn judge(&self, list: &List<'_>, problems: &mut Problems) {
        let sets = self.sets.iter().map(|(index, _, _)| *index);
        let ours: HashSet<usize> = self.dropped().into_iter().chain(sets).collect();
        let items = list.items().iter().enumerate();
        let others = items.filter(|(index, _)| !ours.contains(index));
        let others: Vec<Node> = others
            .filter_map(|(_, item)| {
                let text = list.text(item);
                judge::read_other(text, problems, |problems| list.read(item, problems))
            })
            .collect();
        judge::judge(self.expanded().map(|(set, _)| set), others, problems);
    }

    /// What becomes of the items.
    fn plan(self) -> Plan {
        let dropped = self.dropped().into_iter();
        let mut fates: Vec<(usize, Fate)> = dropped.map(|index| (index, Fate::Drop)).collect();
        fates.extend(self.sets.into_iter().map(|(index, set, node)| {
            let fate = if stays(&node) {
                Fate::StayBefore(kept_bundle(set, &node))
            } else {
                Fate::GiveWay(Bundle::plain(set))
            };
            (index, fate)
        }));
        fates.sort_by_key(|(index, _)| *index);
        Plan {
            fates,
            appended: self
                .config
                .into_iter()
                .map(|(set, _)| Bundle::plain(set))
                .collect(),
        }
    }
}

/// The value of `item`, when it is ours: reading is dear, and most items are not. What cannot be read is
/// somebody else's, and so is its mistake, unless it says of itself that it is ours.
fn read_if_ours(list: &List<'_>, item: &Item, problems: &mut Problems) -> Option<Node> {
    let words = [api::KIND, GENERATED_FROM, VERSION];
    let text = list.text(item);
    let is_shown = words.iter().any(|word| says(text, word));
    if !is_shown && !list.hides_letters(item) {
        return None;
    }
    let mut mistakes = Problems::default();
    let node = list.read(item, &mut mistakes);
    if let Some(node) = &node {
        refuse_set_in_list(node, problems);
        require_known(node, problems);
    }
    let is_ours = node
        .as_ref()
        .is_some_and(|node| is_set(node) || annotation(node, GENERATED_FROM).is_some());
    let says_so = || {
        let says_from = node.is_none() && says(text, GENERATED_FROM);
        says_from || says_set(&list.document(item))
    };
    if is_ours || mistakes.has_errors() && says_so() {
        problems.extend(mistakes);
    }
    node.filter(|_| is_ours)
}

/// The objects of a set that stays beside them: each says where it comes from, and lies in a file
/// of its own in a folder beside the set's.
fn kept_bundle(set: Set, node: &Node) -> Bundle {
    let mut bundle = Bundle::plain(set);
    bundle
        .annotations
        .push((GENERATED_FROM.to_owned(), id(&bundle.set)));
    for (path_key, index_key) in PATHS.into_iter().zip(INDEXES) {
        let Some(path) = annotation(node, path_key) else {
            continue;
        };
        let folder = path
            .rsplit_once('/')
            .map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        let folder = format!("{folder}{}/", bundle.set.name);
        bundle.file_annotations.push((path_key.to_owned(), folder));
        bundle
            .annotations
            .push((index_key.to_owned(), "0".to_owned()));
    }
    bundle
}

/// Whether the set in `node` stays where it is.
fn stays(node: &Node) -> bool {
    annotation(node, LOCAL_CONFIG) == Some("true")
}

fn id(set: &Set) -> String {
    format!("{}/{}", set.namespace, set.name)
}

/// Nobody but Argo CD overrides anything.
fn expand(node: &Node, problems: &mut Problems) -> Option<Set> {
    crate::expand(node, Dialect::Kustomize, &Overrides::default(), problems)
}

/// Whether `item` is the copy that kustomize makes of the functionConfig `config`.
fn is_copy(item: &Node, config: &Node) -> bool {
    let name = |node: &Node| {
        let name = node
            .get("metadata")
            .and_then(|metadata| metadata.get("name"));
        name.and_then(Node::text).map(ToOwned::to_owned)
    };
    is_set(item) && annotation(item, LOCAL_CONFIG) == Some("true") && name(item) == name(config)
}

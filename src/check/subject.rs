//! Everything that is checked together.

use std::collections::BTreeSet;
use std::ops::Range;

use super::checklist::{self, Checklist};
use super::exceptions;
use super::gatekeeper::{self, Judged, is_policy};
use super::input::Input;
use super::network::{self, Network};
use super::origin;
use super::proxies::configs;
use super::queries::queries;
use super::rules::{self, Context};
use super::settings::Settings;
use super::upstreams::upstreams;
use crate::manifest::{
    GENERATED, Manifests, Object, first, is_kustomization, items, path_of, tree,
};
use crate::model::{CheckConfig, Set};
use crate::parallel::{self, SOME};
use crate::problem::{Code, Problem, Problems, Severity};
use crate::resources::{Part, parts};
use crate::source::Place;
use crate::yaml::Node;

/// Everything that is checked together: objects, and the sets that some of them come from.
#[derive(Debug, Default)]
pub struct Subject<'s> {
    manifests: Manifests,
    /// Gatekeeper's templates and constraints that judge the objects and are none of them.
    policies: Manifests,
    settings: Settings,
    /// The sets whose exceptions count.
    sets: Vec<&'s Set>,
    /// By their number: where generated objects stand among all, and their set.
    made: Vec<(Range<usize>, &'s Set)>,
}

impl<'s> Subject<'s> {
    /// Adds the objects of `set`.
    pub fn add_set(&mut self, set: &'s Set, problems: &mut Problems) {
        exceptions::validate_exceptions(set, problems);
        self.allow(set);
        self.add_objects(set);
    }

    /// The same without a look at the set's exceptions.
    pub fn add_objects(&mut self, set: &'s Set) {
        self.declare(set);
        let parts = (self.made.len()..).zip(parts(set, SOME));
        let parts: Vec<(usize, Part<'_>)> = parts.collect();
        let read = |(index, part): &(usize, Part<'_>)| -> Vec<Object> {
            let mut next = first(u32::try_from(*index).unwrap_or(GENERATED));
            let trees = part.objects().filter_map(|made| tree(&made, &mut next));
            trees.filter_map(Object::new).collect()
        };
        for objects in parallel::map(set.servers.len() > SOME, &parts, read) {
            let begin = self.manifests.objects().len();
            self.made.push((begin..begin + objects.len(), set));
            for object in objects {
                self.manifests.push(object);
            }
        }
    }

    /// Has the exceptions of `set` count.
    pub(super) fn allow(&mut self, set: &'s Set) {
        self.sets.push(set);
    }

    /// Adds the object in `document`, or those in the list that it is. What kustomize alone reads is
    /// no object, and is left out.
    pub fn add(&mut self, document: Node, problems: &mut Problems) {
        for item in items(document) {
            if !is_kustomization(&item) {
                self.add_item(item, problems);
            }
        }
    }

    fn add_item(&mut self, document: Node, problems: &mut Problems) {
        let place = document.place;
        match Object::new(document) {
            Some(object) => self.manifests.push(object),
            None => problems.push(
                Problem::error(
                    Code::WrongKind,
                    place,
                    "this is no object of Kubernetes: it lacks `apiVersion`, `kind` or `metadata.name`",
                )
                .help("give `mcpset check` manifests, or a McpServerSet"),
            ),
        }
    }

    /// Adds the template or constraint in `document`, and says whether it is one.
    pub fn add_policy(&mut self, document: Node) -> bool {
        let Some(object) = Object::new(document).filter(is_policy) else {
            return false;
        };
        self.policies.push(object);
        true
    }

    /// Takes over what `set` says of its servers, for objects of it that come from elsewhere.
    pub fn declare(&mut self, set: &Set) {
        self.settings.add_set(set);
    }

    /// Takes over what somebody told the checks.
    pub fn configure(&mut self, config: CheckConfig) {
        self.settings.configure(config);
    }

    /// Whether a warning fails the check.
    #[must_use]
    pub fn denies_warnings(&self) -> bool {
        self.settings.config.deny_warnings
    }

    /// What breaks a rule, with the places where people can mend it.
    #[must_use]
    pub fn findings(&self) -> Vec<Problem> {
        let mut used = BTreeSet::new();
        let mut problems = self.broken(&mut used);
        problems.extend(self.unused(&used));
        problems
    }

    /// The same without what answers nothing. Adds the places of exceptions that answer something to
    /// `used`.
    pub(super) fn broken(&self, used: &mut BTreeSet<Place>) -> Vec<Problem> {
        let mut problems = self.in_context(rules::run);
        problems.extend(self.evaluate(Judged::All));
        self.as_written(problems, used)
    }

    /// Of each object that somebody said to exist elsewhere, whether a rule has asked for it.
    pub(super) fn answered(&self) -> Vec<bool> {
        self.settings.answered()
    }

    /// Takes over of others who were told the same what they have been asked for.
    pub(super) fn answer(&mut self, answered: &[bool]) {
        self.settings.answer(answered);
    }

    /// Whether there is anything to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.manifests.objects().is_empty()
    }

    /// What somebody said that answered nothing: exceptions but those at the places `used`, and objects
    /// elsewhere.
    pub(super) fn unused(&self, used: &BTreeSet<Place>) -> Vec<Problem> {
        let own = self.settings.config.exceptions.iter();
        let own = own.map(|exception| (exception.place, &exception.rule));
        let of_sets = self.sets.iter().flat_map(|set| &set.platform.exceptions);
        let of_sets = of_sets.map(|exception| (exception.place, &exception.rule));
        let exceptions = own
            .chain(of_sets)
            .filter(|(place, _)| !used.contains(place));
        let exceptions = exceptions.map(|(place, rule)| {
            let message = format!("this exception allows nothing: no finding of `{rule}` is meant");
            Problem::note(Code::Unused, place, message)
                .help("remove it, or name the rule and the object of a finding")
        });
        let external = self.settings.unanswered().map(|external| {
            let message = format!(
                "nothing here asks for the {} `{}`, which is said to exist elsewhere",
                external.kind, external.name
            );
            Problem::note(Code::Unused, external.place, message)
                .help("say it no more, or write its kind and name as they are asked for")
        });
        exceptions.chain(external).collect()
    }

    /// What of the sets' objects breaks a Gatekeeper policy among the others.
    #[must_use]
    pub fn violations(&self) -> Vec<Problem> {
        self.as_written(self.evaluate(Judged::Generated), &mut BTreeSet::new())
    }

    fn evaluate(&self, judged: Judged) -> Vec<Problem> {
        gatekeeper::evaluate(&self.manifests, &self.policies, judged)
    }

    /// `problems` where people can mend them, and with the reasons of those that are allowed. Adds the
    /// places of the exceptions to `used`.
    fn as_written(&self, mut problems: Vec<Problem>, used: &mut BTreeSet<Place>) -> Vec<Problem> {
        for problem in &mut problems {
            let made = problem.place.and_then(|place| self.made_at(place));
            let exception = match &made {
                Some((object, set)) => exceptions::exception(set, object, problem)
                    .map(|exception| (exception.place, &exception.reason)),
                None => self
                    .settings
                    .exception(problem)
                    .map(|exception| (exception.place, &exception.reason)),
            };
            if made.is_some() {
                // The text was made, and has no lines of a person.
                problem.inside = None;
            }
            problem.place = problem.place.map(|place| self.written(place));
            for related in &mut problem.related {
                related.place = self.written(related.place);
            }
            if let Some((place, reason)) = exception {
                used.insert(place);
                problem.severity = Severity::Note;
                problem.exception = Some(reason.clone());
            }
        }
        problems
    }

    /// How each server stands by the guide's checklist, of which `findings` were made.
    #[must_use]
    pub fn checklist(&self, findings: &[Problem]) -> Checklist {
        self.in_context(|context| {
            checklist::checklist(context, findings, |workload| {
                let place = self.written(workload.at("metadata.name").place());
                let made = self.made_at(workload.root().place);
                let known =
                    made.and_then(|(object, set)| Some((set, origin::server_of(set, object)?)));
                (place, known)
            })
        })
    }

    /// What `look` sees of everything.
    fn in_context<T>(&self, look: impl FnOnce(&Context<'_>) -> T) -> T {
        let input = Input::of(&self.manifests);
        let network = Network::new(&input);
        let intents = network.intents(&self.settings);
        let proxies = configs(&input);
        let upstreams = upstreams(&input, &proxies);
        let queries = queries(&input);
        look(&Context {
            input: &input,
            settings: &self.settings,
            network: &network,
            intents: &intents,
            proxies: &proxies,
            upstreams: &upstreams,
            queries: queries.as_ref(),
        })
    }

    /// Who can reach whom, as a table; see [`network::table`].
    #[must_use]
    pub fn network(&self) -> String {
        let input = Input::of(&self.manifests);
        let network = Network::new(&input);
        network::table(&network, &network.intents(&self.settings))
    }

    /// Where a person wrote what is at `place`.
    fn written(&self, place: Place) -> Place {
        self.made_at(place).map_or(place, |(object, set)| {
            let path = path_of(object.root(), place).unwrap_or_default();
            origin::place(set, object, &path)
        })
    }

    /// The generated object that `place` is in, and its set.
    fn made_at(&self, place: Place) -> Option<(&Object, &'s Set)> {
        if place.source != GENERATED {
            return None;
        }
        let (range, set) = self.made.get(place.start as usize)?;
        let objects = self.manifests.objects().get(range.clone())?;
        // The values of each are numbered from its root on.
        let behind = objects.partition_point(|object| object.root().place.end <= place.end);
        let object = objects.get(behind.checked_sub(1)?)?;
        Some((object, set))
    }
}

//! Everything that is checked together.

use super::gatekeeper::{self, is_policy};
use super::origin;
use super::rules::{self, Context};
use super::settings::Settings;
use crate::manifest::{GENERATED, Manifests, Object, path_of, tree};
use crate::model::Set;
use crate::problem::{Code, Problem, Problems, Severity};
use crate::resources::objects;
use crate::source::Place;
use crate::yaml::{Node, Value};

/// Everything that is checked together: objects, and the sets that some of them come from.
#[derive(Debug, Default)]
pub struct Subject<'s> {
    manifests: Manifests,
    /// Gatekeeper's templates and constraints that judge the objects and are none of them.
    policies: Manifests,
    settings: Settings,
    /// By the index of a generated object: where it stands among all, and its set.
    made: Vec<(usize, &'s Set, &'s Node)>,
}

impl<'s> Subject<'s> {
    /// Adds the objects of `set`, which was made of `document`.
    pub fn add_set(&mut self, set: &'s Set, document: &'s Node) {
        self.settings.add_set(set);
        for object in objects(set) {
            let Ok(index) = u32::try_from(self.made.len()) else {
                return;
            };
            if let Some(object) = Object::new(tree(&object, index)) {
                self.made
                    .push((self.manifests.objects().len(), set, document));
                self.manifests.push(object);
            }
        }
    }

    /// Adds the object in `document`, or those in the list that it is.
    pub fn add(&mut self, document: Node, problems: &mut Problems) {
        let is_list = |kind: &str| kind.ends_with("List");
        let kind = document.get("kind").and_then(Node::text);
        if kind.is_some_and(is_list)
            && let Some(Node {
                value: Value::Sequence(items),
                ..
            }) = document.get("items")
        {
            for item in items {
                self.add(item.clone(), problems);
            }
            return;
        }
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

    /// What is known beside the objects.
    pub fn settings(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// What breaks a rule, with the places where people can mend it.
    #[must_use]
    pub fn findings(&self) -> Vec<Problem> {
        let context = Context {
            manifests: &self.manifests,
            settings: &self.settings,
        };
        let mut problems = rules::run(&context);
        problems.extend(gatekeeper::evaluate(&self.manifests, &self.policies));
        for problem in &mut problems {
            problem.place = problem.place.map(|place| self.written(place));
            for related in &mut problem.related {
                related.place = self.written(related.place);
            }
            if let Some(reason) = self.settings.reason(problem) {
                problem.severity = Severity::Note;
                problem.exception = Some(reason);
            }
        }
        problems
    }

    /// Where a person wrote what is at `place`.
    fn written(&self, place: Place) -> Place {
        if place.source != GENERATED {
            return place;
        }
        let made = self.made.get(place.start as usize);
        let Some((index, set, document)) = made else {
            return place;
        };
        let Some(object) = self.manifests.objects().get(*index) else {
            return document.place;
        };
        let path = path_of(object.root(), place).unwrap_or_default();
        origin::place(set, document, object, &path)
    }
}

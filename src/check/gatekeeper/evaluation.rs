//! From templates, constraints and objects to findings.

use std::collections::BTreeMap;

use super::constraints::{Action, Constraint};
use super::expansion::{Review, reviews};
use super::findings::{broke_off, broken, named, not_evaluated, refused, violation};
use super::inventory::inventory;
use super::matching::{Matched, matches, namespace_of};
use super::rego::{Data, Failure, Program, Worker, data};
use super::schema::breaches;
use super::templates::{Rego, Source, Template};
use crate::manifest::{At, GENERATED, Manifests, Object};
use crate::problem::{Problem, Severity};

/// Which of the manifests are judged. The others are what these are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// All.
    All,
    /// What was made of sets.
    Generated,
}

impl Judged {
    fn includes(self, object: &Object) -> bool {
        self == Self::All || object.root().place.source == GENERATED
    }
}

/// What the templates and constraints among `policies` and `manifests` say of `manifests`, in the
/// order of the input.
#[must_use]
pub fn evaluate(manifests: &Manifests, policies: &Manifests, judged: Judged) -> Vec<Problem> {
    let all = || policies.objects().iter().chain(manifests.objects());
    let templates: Vec<Template<'_>> = all().filter_map(Template::of).collect();
    let constraints: Vec<Constraint<'_>> = all().filter_map(Constraint::of).collect();
    if templates.is_empty() && constraints.is_empty() {
        return Vec::new();
    }
    let mut evaluation = Evaluation {
        manifests,
        judged,
        worker: Worker::new(),
        is_over: false,
        problems: Vec::new(),
    };
    evaluation.run(&templates, &constraints);
    evaluation.problems
}

struct Evaluation<'m> {
    manifests: &'m Manifests,
    judged: Judged,
    worker: Worker,
    /// A program ran away, and nothing more is asked.
    is_over: bool,
    problems: Vec<Problem>,
}

/// A constraint that can be evaluated.
struct Judge<'m> {
    constraint: Constraint<'m>,
    severity: Severity,
    parameters: Data,
    /// The labels of this namespace were missed.
    missed: Option<&'m str>,
    is_broken: bool,
}

/// What judges the constraints of each kind; `None` where that has been said to be broken.
type Programs<'m> = BTreeMap<&'m str, Option<(Program, &'m Rego<'m>)>>;

impl<'m> Evaluation<'m> {
    fn run(&mut self, templates: &'m [Template<'m>], constraints: &[Constraint<'m>]) {
        // A later template of a kind replaces an earlier one, as an apply would.
        let by_kind: BTreeMap<&str, &Template<'_>> = templates
            .iter()
            .map(|template| (template.kind, template))
            .collect();
        let mut programs = self.programs(&by_kind);
        let mut judges: Vec<Judge<'m>> = Vec::new();
        for constraint in latest(constraints) {
            judges.extend(self.judge(constraint, &by_kind, !templates.is_empty()));
        }
        judges.retain(|judge| {
            let program = programs.get(judge.constraint.object.kind());
            program.is_some_and(Option::is_some)
        });
        let (objects, which) = (self.manifests.objects().iter(), self.judged);
        for object in objects.filter(|object| which.includes(object)) {
            for review in reviews(object) {
                self.review(&review, &mut judges, &mut programs);
            }
        }
        for judge in judges {
            if let Some(namespace) = judge.missed {
                let at = judge.constraint.object.at("spec.match.namespaceSelector");
                let message = format!(
                    "{} selects by the labels of namespace `{namespace}`, which is not among the objects",
                    named(judge.constraint.object)
                );
                self.left_out(
                    judge.constraint.object,
                    at,
                    message,
                    "give the Namespace with its labels too, or name the reason in an exception for this rule",
                );
            }
        }
    }

    fn programs(&mut self, templates: &BTreeMap<&'m str, &'m Template<'m>>) -> Programs<'m> {
        let wants = |rego: &Rego<'_>| rego.texts().any(|text| text.contains("inventory"));
        let mut inventory_data = None;
        let mut programs = Programs::new();
        for (kind, template) in templates {
            let program = match &template.source {
                Source::Rego(rego) => {
                    let data = wants(rego).then(|| {
                        inventory_data.get_or_insert_with(|| data(inventory(self.manifests)))
                    });
                    if self.is_over {
                        break;
                    }
                    Program::new(rego, data.as_deref(), &mut self.worker)
                        .map_err(|failure| {
                            self.is_over = failure == Failure::RanAway;
                            self.problems.push(broken(template, rego, &failure));
                        })
                        .map(|program| (program, rego))
                        .ok()
                }
                Source::Foreign(engines) => {
                    let message = format!(
                        "ConstraintTemplate `{}` is written for {}, which is not evaluated here: only Rego is",
                        template.object.name(),
                        engines.join(" and ")
                    );
                    let at = template.object.at("spec.targets");
                    self.left_out(template.object, at, message, "evaluate it with `gator test`, and name the reason in an exception for this rule");
                    None
                }
                Source::None => {
                    let message = format!(
                        "ConstraintTemplate `{}` has no Rego for the target `admission.k8s.gatekeeper.sh`",
                        template.object.name()
                    );
                    let at = template.object.at("spec.targets");
                    self.not_evaluated(template.object, at, Severity::Error, message);
                    None
                }
            };
            programs.insert(kind, program);
        }
        programs
    }

    /// `constraint` with what it needs, unless that is missing, which is then said.
    fn judge(
        &mut self,
        constraint: Constraint<'m>,
        templates: &BTreeMap<&'m str, &'m Template<'m>>,
        are_templates_given: bool,
    ) -> Option<Judge<'m>> {
        let object = constraint.object;
        let Some(template) = templates.get(object.kind()) else {
            let is_ours = is_ours(object);
            if !is_ours || are_templates_given {
                let severity = if is_ours {
                    Severity::Note
                } else {
                    self.severity()
                };
                let message = format!(
                    "{} was not evaluated: no ConstraintTemplate makes the kind `{}`",
                    named(object),
                    object.kind()
                );
                self.not_evaluated(object, object.at("kind"), severity, message);
            }
            return None;
        };
        let breaches = breaches(object, template);
        if !breaches.is_empty() {
            let refused = breaches
                .iter()
                .map(|(place, what)| refused(object, template, *place, what));
            self.problems.extend(refused);
            return None;
        }
        match constraint.action() {
            Ok(Action::Found(severity)) => Some(Judge {
                constraint,
                severity,
                parameters: data(template.parameters(constraint.parameters)),
                missed: None,
                is_broken: false,
            }),
            Ok(Action::Nothing) => None,
            Err((at, word)) => {
                let message = format!(
                    "{} has the enforcementAction `{word}`; Gatekeeper knows deny, warn, dryrun and scoped",
                    named(object)
                );
                self.not_evaluated(object, at, Severity::Error, message);
                None
            }
        }
    }

    fn review(
        &mut self,
        review: &Review<'m>,
        judges: &mut [Judge<'m>],
        programs: &mut Programs<'m>,
    ) {
        let mut input = None;
        for judge in judges.iter_mut().filter(|judge| !judge.is_broken) {
            if self.is_over {
                return;
            }
            match matches(judge.constraint.applies_to, review, self.manifests) {
                Matched::No => continue,
                Matched::Unknown(namespace) => {
                    judge.missed.get_or_insert(namespace);
                    continue;
                }
                Matched::Yes => {}
            }
            let object = judge.constraint.object;
            let Some(Some((program, rego))) = programs.get_mut(object.kind()) else {
                continue;
            };
            let input = input
                .get_or_insert_with(|| data(review.input(namespace_of(review, self.manifests))));
            match program.violations(input, &judge.parameters, &mut self.worker) {
                Ok(messages) => {
                    let found = messages.iter();
                    let found = found.map(|said| violation(review, object, judge.severity, said));
                    self.problems.extend(found);
                }
                Err(failure) => {
                    judge.is_broken = true;
                    self.is_over = failure == Failure::RanAway;
                    self.problems
                        .push(broke_off(review, object, rego, &failure));
                    if failure == Failure::Endless {
                        // The next of its kind would take as long.
                        programs.insert(object.kind(), None);
                    }
                }
            }
        }
    }

    /// How bad it is that a policy could not be evaluated here, and can elsewhere.
    fn severity(&self) -> Severity {
        match self.judged {
            Judged::All => Severity::Error,
            // A stream need not hold all that the cluster has, and the cluster judges it again.
            Judged::Generated => Severity::Warning,
        }
    }

    /// Notes that `object`, which the cluster evaluates, is not evaluated here, and what to do.
    fn left_out(&mut self, object: &Object, at: At<'_>, message: String, help: &str) {
        let problem = not_evaluated(object, at, self.severity(), message);
        self.problems.push(problem.help(help));
    }

    fn not_evaluated(&mut self, object: &Object, at: At<'_>, severity: Severity, message: String) {
        self.problems
            .push(not_evaluated(object, at, severity, message));
    }
}

/// The last constraint of each kind and name, in the order of the input.
fn latest<'m>(constraints: &[Constraint<'m>]) -> Vec<Constraint<'m>> {
    let who = |constraint: &Constraint<'m>| (constraint.object.kind(), constraint.object.name());
    let last: BTreeMap<_, usize> = constraints.iter().map(who).zip(0..).collect();
    let is_last =
        |(index, constraint): &(usize, &Constraint<'m>)| last.get(&who(constraint)) == Some(index);
    let kept = constraints.iter().enumerate().filter(is_last);
    kept.map(|(_, constraint)| *constraint).collect()
}

/// Whether mcpset wrote the constraint `object`, whose template is in the cluster. Rendered, it is known
/// by the one label that neither Helm nor Argo CD overwrites.
fn is_ours(object: &Object) -> bool {
    let labels = object.at("metadata.labels");
    let component = labels.get("app.kubernetes.io/component").text();
    object.root().place.source == GENERATED
        || object.kind() == "K8sAllowedRepos" && component == Some("mcp-server")
}

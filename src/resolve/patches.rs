//! `patches`, as far as they are wrong in themselves.
//!
//! A patch is read as the type that it is a part of, so that a misspelt field is told here, with its
//! place, and a text for a number. Whether it applies, only the objects show.

mod kinds;

use serde_json::Value as Json;

use crate::model::{
    AnnotationKey, AnnotationText, Change, Changed, CleanText, Directive, FieldKey, Invalid,
    NamespaceName, Patch,
};
use crate::nearest::nearest;
use crate::problem::{Code, Problem, Problems};
use crate::source::Place;
use crate::yaml::{Dialect, Entry, Node, Plain, Value, read_plain};
use kinds::{IN_NAMESPACES, KINDS, Read};

/// What says how a mapping is merged; others that begin with `$` are what `kubectl apply` writes.
const DIRECTIVE: &str = "$patch";
/// How annotations begin that kustomize acts upon and removes.
const KUSTOMIZES: [&str; 4] = [
    "config.kubernetes.io/",
    "internal.config.kubernetes.io/",
    "kustomize.config.k8s.io/",
    "config.k8s.io/",
];
/// What a patch says.
const FIELDS: [&str; 3] = ["kind", "namespace", "patch"];

/// The patches of `defaults`, as far as they are right: each server's first.
pub fn of_defaults(document: &Node, dialect: Dialect, problems: &mut Problems) -> Vec<Patch> {
    let defaults = document.get("spec").and_then(|spec| spec.get("defaults"));
    let mut patches = defaults.map_or_else(Vec::new, |defaults| of(defaults, dialect, problems));
    for patch in &mut patches {
        patch.is_for_all = true;
    }
    patches
}

/// The patches of `server`, as far as they are right.
pub fn of(server: &Node, dialect: Dialect, problems: &mut Problems) -> Vec<Patch> {
    Reader { dialect, problems }.of(server)
}

/// The items of a list; none of anything else.
fn list(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        Value::Scalar(_) | Value::Mapping(_) => &[],
    }
}

struct Reader<'p> {
    dialect: Dialect,
    problems: &'p mut Problems,
}

impl Reader<'_> {
    /// The patches of `server`.
    fn of(&mut self, server: &Node) -> Vec<Patch> {
        let patches = server.get("patches").map_or(&[][..], list).iter();
        // What else an item may be has been told when the config was read.
        let patches = patches.filter(|patch| matches!(patch.value, Value::Mapping(_)));
        patches
            .filter_map(|written| {
                let mut found = Problems::default();
                let mut reader = Reader {
                    dialect: self.dialect,
                    problems: &mut found,
                };
                let patch = reader.patch(written);
                let is_right = !found.has_errors();
                self.problems.extend(found);
                patch.filter(|_| is_right)
            })
            .collect()
    }

    fn patch(&mut self, written: &Node) -> Option<Patch> {
        let kind = self.required(written, "kind", "such as `kind: Deployment`");
        let body = self.required(written, "patch", "the fields that are different");
        let (kind, body) = (kind?, body?);
        let place = kind.place;
        let name = kind.text()?;
        let known = KINDS.map(|(known, _)| known);
        let Some((kind, read)) = KINDS.iter().find(|(known, _)| *known == name) else {
            let help = match nearest(name, &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the kinds are {}", known.join(", ")),
            };
            let message = format!("no object of a server is of the kind `{name}`");
            self.report(Code::InvalidValue, place, message, help);
            return None;
        };
        let namespace = self.namespace(written, kind);
        if !matches!(body.value, Value::Mapping(_)) {
            let message = format!("expected a mapping, found {}", body.kind());
            let help = "write the fields that are different, such as `spec: {…}`";
            self.report(Code::WrongType, body.place, message, help);
            return None;
        }
        self.refuse_roots(body);
        self.refuse_annotations(body);
        let typed = self.read(body, *read)?;
        let is_custom = matches!(*kind, "ExternalSecret" | "ApplicationNetworkPolicy");
        let change = self.change(body, body.place, &typed, is_custom);
        Some(Patch {
            kind,
            namespace,
            place,
            is_for_all: false,
            change,
        })
    }

    /// What `read` makes of `body`. A type is given up at the first value that is wrong, so it is read
    /// again without this one, until nothing is or nobody wants to know more.
    fn read(&mut self, body: &Node, read: Read) -> Option<Json> {
        /// Wrong values that are told of one patch.
        const MANY: usize = 32;
        let mut wrong = Vec::new();
        for _ in 0..MANY {
            let mut found = Problems::default();
            let plain = plain(body, &wrong)?;
            let typed = read(&plain, self.dialect, &mut found);
            let before = wrong.len();
            for problem in found.into_sorted() {
                let told = problem.place.filter(|place| !wrong.contains(place));
                wrong.extend(told);
                self.problems.push(problem);
            }
            if typed.is_some() || wrong.len() == before {
                return typed;
            }
        }
        None
    }

    fn required<'n>(&mut self, written: &'n Node, name: &str, example: &str) -> Option<&'n Node> {
        let field = written.get(name).filter(|node| !node.is_null());
        if field.is_none() && !is_mistyped(written, name) {
            let message = format!("`{name}` is missing");
            let help = format!("add `{name}`, {example}");
            self.report(Code::MissingField, written.place, message, help);
        }
        field
    }

    fn namespace(&mut self, written: &Node, kind: &str) -> Option<String> {
        let node = written.get("namespace").filter(|node| !node.is_null())?;
        let text = node.text()?;
        if !IN_NAMESPACES.contains(&kind) {
            let message = format!("a server's {kind} is in one place: `namespace` says nothing");
            let help = "remove it; it tells a server's Roles and RoleBindings apart";
            self.report(Code::Contradiction, node.place, message, help);
        } else if let Err(invalid) = NamespaceName::parse(text) {
            self.report(
                Code::InvalidValue,
                node.place,
                invalid.problem,
                invalid.help,
            );
        }
        Some(text.to_owned())
    }

    /// Refuses what stands at the top of every object and is no part of what is wanted of it.
    fn refuse_roots(&mut self, body: &Node) {
        for (field, why) in [
            ("apiVersion", "what an object is, its patch cannot change"),
            ("kind", "what an object is, its patch cannot change"),
            ("status", "`status` is what the cluster says"),
        ] {
            for entry in body.entries().iter().filter(|entry| entry.name() == field) {
                let help = format!("remove `{field}`");
                self.report(Code::InvalidValue, entry.key.place, why, help);
            }
        }
        for entry in body
            .entries()
            .iter()
            .filter(|entry| entry.name() == DIRECTIVE)
        {
            let why = "`$patch` here would replace or remove the whole object";
            let help = "write it where something less is meant";
            self.report(Code::InvalidValue, entry.key.place, why, help);
        }
    }

    /// What `node` changes, which is at `place` and was read as `typed`.
    fn change(&mut self, node: &Node, place: Place, typed: &Json, is_custom: bool) -> Change {
        let to = match &node.value {
            _ if node.is_null() => Changed::Removed,
            Value::Scalar(scalar) => {
                self.accept(CleanText::parse(&scalar.text), node.place);
                Changed::Scalar(typed.clone())
            }
            Value::Sequence(items) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    self.change(
                        item,
                        item.place,
                        typed.get(index).unwrap_or(&Json::Null),
                        is_custom,
                    )
                });
                Changed::List(items.collect())
            }
            Value::Mapping(entries) => {
                let mut directive = None;
                let mut fields = Vec::new();
                for entry in entries {
                    let name = entry.name();
                    self.accept(FieldKey::parse(name), entry.key.place);
                    if name.starts_with('$') {
                        directive = self.directive(entry, is_custom);
                        continue;
                    }
                    let place = match &entry.value.value {
                        Value::Scalar(_) if !entry.value.is_null() => entry.value.place,
                        _ => entry.key.place,
                    };
                    let typed = typed.get(name).unwrap_or(&Json::Null);
                    let change = self.change(&entry.value, place, typed, is_custom);
                    fields.push((name.to_owned(), change));
                }
                Changed::Mapping { directive, fields }
            }
        };
        Change { place, to }
    }

    fn directive(&mut self, entry: &Entry, is_custom: bool) -> Option<Directive> {
        let (name, place) = (entry.name(), entry.key.place);
        if is_custom {
            let message = format!(
                "`{name}` is nothing in the patch of a custom kind: lists are replaced, mappings merged"
            );
            let help = "write the whole list; `null` removes a field";
            self.report(Code::InvalidValue, place, message, help);
            return None;
        }
        if name != DIRECTIVE {
            let message = format!("`{name}` is what `kubectl apply` writes for itself");
            let help = "write `$patch: delete` or `$patch: replace`, or `null` to remove a field";
            self.report(Code::InvalidValue, place, message, help);
            return None;
        }
        match entry.value.text() {
            Some("delete") => Some(Directive::Delete),
            Some("replace") => Some(Directive::Replace),
            _ => {
                let message = "`$patch` is none of `delete`, `replace`";
                let help = "leave it out to merge";
                self.report(Code::InvalidValue, entry.value.place, message, help);
                None
            }
        }
    }

    /// Refuses annotations that kustomize does not hand on; it is the object's own that it reads once more.
    fn refuse_annotations(&mut self, body: &Node) {
        let annotations = body.get("metadata");
        let annotations = annotations.and_then(|metadata| metadata.get("annotations"));
        let annotations = annotations.map_or(&[][..], Node::entries).iter();
        for Entry { key, value } in annotations.filter(|entry| !entry.value.is_null()) {
            let name = key.text().unwrap_or_default();
            if !name.starts_with('$') {
                self.accept(annotation_key(name), key.place);
            }
            if KUSTOMIZES.iter().any(|own| name.starts_with(own)) {
                let message = format!("`{name}` is what kustomize and kpt tell themselves");
                let help = "remove it: they would take it away, or the object with it";
                self.report(Code::InvalidValue, key.place, message, help);
            }
            // What is wrong with a text wherever it stands is told with all others.
            let text = value.text().filter(|text| CleanText::parse(text).is_ok());
            self.accept(AnnotationText::parse(text.unwrap_or_default()), value.place);
        }
    }

    /// Notes why a text at `place` is none that every reader of YAML hands on.
    fn accept<T>(&mut self, parsed: Result<T, Invalid>, place: Place) {
        if let Err(invalid) = parsed {
            self.report(Code::InvalidValue, place, invalid.problem, invalid.help);
        }
    }

    fn report(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems
            .push(Problem::error(code, place, message).help(help));
    }
}

/// The name of an object's own annotation: kustomize drops its quotes before it reads it again.
fn annotation_key(text: &str) -> Result<AnnotationKey, Invalid> {
    let key = AnnotationKey::parse(text)?;
    if read_plain(text) == Plain::Text {
        return Ok(key);
    }
    Err(Invalid {
        problem: format!("kustomize does not take `{text}` for a name"),
        help: format!("put a prefix before it, such as `example.com/{text}`"),
    })
}

/// Whether `patch` has the field `name` under a mistyped name, which was told when it was read.
fn is_mistyped(patch: &Node, name: &str) -> bool {
    let mut keys = patch.entries().iter().map(Entry::name);
    keys.any(|key| !FIELDS.contains(&key) && nearest(key, &FIELDS) == Some(name))
}

/// `node` without what only a patch says, to be read as its type, and without what is `wrong`.
fn plain(node: &Node, wrong: &[Place]) -> Option<Node> {
    let value = match &node.value {
        Value::Scalar(_) if wrong.contains(&node.place) => return None,
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::Sequence(items) => {
            Value::Sequence(items.iter().filter_map(|item| plain(item, wrong)).collect())
        }
        Value::Mapping(entries) => {
            let kept = entries.iter().filter(|entry| {
                let is_said = entry.name().starts_with('$') || entry.value.is_null();
                !is_said && !wrong.contains(&entry.key.place)
            });
            let kept = kept.filter_map(|entry| {
                let value = plain(&entry.value, wrong)?;
                let key = entry.key.clone();
                Some(Entry { key, value })
            });
            Value::Mapping(kept.collect())
        }
    };
    Some(Node {
        place: node.place,
        value,
    })
}

//! One side of a comparison: a config, manifests of anybody, or a folder of either.
//!
//! A folder is read as `kubectl -f` reads one: the files in it, not those in folders below.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::argocd::is_skipped;
use super::policies::ENDINGS;
use super::{files, folder, is_check, is_set, require_known};
use crate::check::collisions;
use crate::diff::{Id, id};
use crate::manifest::{Object, first, is_kustomization, items, tree};
use crate::model::Set;
use crate::problem::{Code, Problem, Problems};
use crate::resources::objects;
use crate::source::{Origin, Place, Sources};
use crate::yaml::{Node, parse};

/// What stands on one side.
#[derive(Debug, Default)]
pub struct Side {
    /// Its objects, in which no object stands twice.
    pub objects: Vec<Object>,
    /// Its sets: `litellm/mcp`.
    sets: Vec<String>,
    /// For each object, the set that its file was written for, where a folder has such files.
    written_for: Vec<Option<String>>,
    /// Whether manifests stand beside the sets.
    has_manifests: bool,
}

/// A document, and the set that its file was written for.
type Read = (Node, Option<String>);

/// Reads the file, folder or standard input at `path`. An empty one is a side without objects.
pub fn read(path: &Path, sources: &mut Sources, problems: &mut Problems) -> Side {
    let is_folder = path.is_dir();
    let paths = match manifests(path) {
        Ok(paths) => paths,
        Err(error) => {
            let message = format!("{} cannot be read: {error}", path.display());
            let help = "check the path and its permissions";
            problems.push(Problem::error(Code::Io, None, message).help(help));
            return Side::default();
        }
    };
    let mut documents: Vec<Read> = Vec::new();
    for path in paths {
        let index = files::read(&path, Origin::Person, sources, problems);
        let Some((index, source)) = index.and_then(|index| Some((index, sources.get(index)?)))
        else {
            continue;
        };
        // A schema beside a set, as `mcpset init` writes it, says so to Argo CD, and to us.
        if is_folder && is_skipped(index, sources) {
            continue;
        }
        let set = folder::set_of(&source.text).filter(|_| is_folder);
        let read = parse(&source.text, index, problems)
            .into_iter()
            .flat_map(items);
        documents.extend(read.map(|document| (document, set.map(str::to_owned))));
    }
    documents.retain(|(document, _)| {
        !is_kustomization(document) && require_known(document, problems) && !is_check(document)
    });
    let (sets, others): (Vec<Read>, Vec<Read>) = documents
        .into_iter()
        .partition(|(document, _)| is_set(document));
    let sets: Vec<Node> = sets.into_iter().map(|(document, _)| document).collect();
    Side::of(&files::expanded(&sets, problems), others, problems)
}

/// The files to read for `path`: itself, or those with manifests in the folder that it is.
fn manifests(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending)) && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

impl Side {
    fn of(sets: &[(Set, &Node)], others: Vec<Read>, problems: &mut Problems) -> Self {
        collisions(sets.iter().map(|(set, node)| (set, node.place)), problems);
        let mut side = Self {
            has_manifests: !others.is_empty(),
            ..Self::default()
        };
        let mut places = Vec::new();
        for (set, document) in sets {
            side.sets.push(format!("{}/{}", set.namespace, set.name));
            for tree in objects(set).filter_map(|object| tree(&object, &mut first(0))) {
                side.add(tree, None);
                places.push(document.place);
            }
        }
        for (document, set) in others {
            let place = document.place;
            if side.add(document, set) {
                places.push(place);
            } else {
                let message = "this is no object of Kubernetes: it lacks `apiVersion`, `kind` or `metadata.name`";
                problems.push(
                    Problem::error(Code::WrongKind, place, message)
                        .help("compare manifests, or McpServerSets"),
                );
            }
        }
        refuse_twice(&side.objects, &places, problems);
        side
    }

    /// Adds the object in `document`, and says whether it is one.
    fn add(&mut self, document: Node, set: Option<String>) -> bool {
        let Some(object) = Object::new(document) else {
            return false;
        };
        self.objects.push(object);
        self.written_for.push(set);
        true
    }

    /// Leaves out of a folder that mcpset wrote what is not of the sets that `other` consists of, as
    /// `mcpset render -o` leaves it alone. Says how many objects that are.
    pub fn keep_of(&mut self, other: &Self) -> usize {
        let is_ours = self.written_for.iter().any(Option::is_some);
        if !is_ours || other.has_manifests || other.sets.is_empty() {
            return 0;
        }
        let before = self.objects.len();
        let mut written_for = std::mem::take(&mut self.written_for).into_iter();
        self.objects.retain(|_| {
            let set = written_for.next().flatten();
            set.is_some_and(|set| other.sets.contains(&set))
        });
        before - self.objects.len()
    }
}

/// Refuses objects that stand twice: which of the two would be compared?
fn refuse_twice(objects: &[Object], places: &[Place], problems: &mut Problems) {
    let mut seen: HashMap<Id<'_>, Place> = HashMap::new();
    for (object, place) in objects.iter().zip(places) {
        if let Some(first) = seen.insert(id(object), *place) {
            let message = format!("the {} stands here twice", object.reference());
            problems.push(
                Problem::error(Code::NameCollision, *place, message)
                    .related(first, "the first one")
                    .help("compare what is applied together, in which each object stands once"),
            );
        }
    }
}

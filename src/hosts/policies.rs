//! A folder with Gatekeeper's templates and constraints.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files;
use crate::problem::{Code, Problem, Problems, Severity};
use crate::source::{Origin, Place, Sources};
use crate::yaml::{Node, parse};

/// How the files of manifests end.
pub(super) const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Gives the documents of every file below `folder` to `add`, in the order of the files' names. `add`
/// says whether a document is part of a policy; a file without any is noted.
pub fn read(
    folder: &Path,
    sources: &mut Sources,
    problems: &mut Problems,
    mut add: impl FnMut(Node) -> bool,
) {
    let mut paths = Vec::new();
    if let Err(error) = find(folder, &mut paths) {
        let message = format!("{} cannot be read: {error}", folder.display());
        problems.push(
            Problem::error(Code::Io, None, message)
                .help("give `--policies` a folder with ConstraintTemplates and constraints"),
        );
        return;
    }
    if paths.is_empty() {
        let message = format!("{} holds no YAML or JSON file", folder.display());
        problems.push(
            Problem::error(Code::Io, None, message)
                .help("give `--policies` a folder with ConstraintTemplates and constraints"),
        );
    }
    paths.sort();
    for path in paths {
        let before = problems.has_errors();
        let Some(index) = files::read(&path, Origin::Person, sources, problems) else {
            continue;
        };
        let Some(source) = sources.get(index) else {
            continue;
        };
        let documents = parse(&source.text, index, problems);
        // All are added, not only those up to the first that is one.
        let added = documents
            .into_iter()
            .map(&mut add)
            .filter(|is_policy| *is_policy);
        if added.count() == 0 && problems.has_errors() == before {
            problems.push(no_policy(&path, index));
        }
    }
}

fn no_policy(path: &Path, source: u32) -> Problem {
    let place = Place {
        source,
        ..Place::default()
    };
    let message = format!("{} holds no template and no constraint", path.display());
    let mut problem = Problem::warning(Code::WrongKind, place, message);
    problem.severity = Severity::Note;
    problem.help("nothing need be done, unless it should: policies are of `*.gatekeeper.sh`")
}

/// The files below `path`. Folders behind links are left out, for they may lead back.
fn find(path: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        paths.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let (path, is_folder) = (entry.path(), entry.file_type()?.is_dir());
        let is_policy = |ending: &str| ENDINGS.contains(&ending);
        let ending = path.extension().and_then(|ending| ending.to_str());
        if is_folder {
            find(&path, paths)?;
        } else if ending.is_some_and(is_policy) && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

//! Files and standard input, as `mcpset render` takes them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::check::collisions;
use crate::model::Set;
use crate::overrides::Overrides;
use crate::parallel::SOME;
use crate::problem::{Code, Problem, Problems};
use crate::resolve::Written;
use crate::source::{Origin, Place, Sources};
use crate::streams::{size_of_stdin, stdin};
use crate::yaml::{Dialect, Node, Rows, parse};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// Bytes that a file or standard input may hold. More is no config, and no stream that a host hands over;
/// without a limit a device or a pipe without an end would fill the memory.
const LARGEST: usize = 256 << 20;

/// Reads a file, or standard input for `-`, keeps its text, and returns its index. `None` and a
/// problem when it cannot be read or is no text.
pub fn read(
    path: &Path,
    origin: Origin,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<u32> {
    let is_stdin = path.as_os_str() == STDIN;
    let name = if is_stdin {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    };
    let result = if is_stdin {
        stdin().and_then(|stdin| content(stdin, size_of_stdin()))
    } else {
        File::open(path).and_then(|file| {
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            content(file, size)
        })
    };
    let bytes = result.map_err(|error| {
        let help = if path.is_dir() {
            format!(
                "name the files in it: `{}/*.yaml`",
                name.trim_end_matches('/')
            )
        } else {
            "check the path and its permissions".to_owned()
        };
        problems.push(
            Problem::error(Code::Io, None, format!("{name} cannot be read: {error}")).help(help),
        );
    });
    let bytes = bytes.ok()?;
    if bytes.len() > LARGEST {
        problems.push(
            Problem::error(
                Code::TooLarge,
                None,
                format!("{name} is larger than {} MiB", LARGEST >> 20),
            )
            .help("split it into several files"),
        );
        return None;
    }
    keep(name, bytes, origin, sources, problems)
}

/// What `from` holds, or one byte more than is allowed of it. It is likely to hold `size` bytes: what is
/// written to just now may hold others, and of a pipe it is 0.
fn content(from: impl Read, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = LARGEST as u64 + 1;
    bytes.try_reserve_exact(usize::try_from(size.min(most)).unwrap_or(LARGEST))?;
    from.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps the text of `bytes` under `name`.
pub fn keep(
    name: String,
    bytes: Vec<u8>,
    origin: Origin,
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<u32> {
    let refuse = |problems: &mut Problems, what: String, help: &str| {
        problems.push(Problem::error(Code::Syntax, None, what).help(help));
        None
    };
    match String::from_utf8(bytes) {
        Ok(text) if text.as_bytes().contains(&0) => refuse(
            problems,
            format!("{name} is no text: it holds a NUL byte"),
            "give mcpset YAML in UTF-8",
        ),
        Ok(text) => match sources.add(name, text, origin) {
            Ok(index) => Some(index),
            Err(_) => refuse(
                problems,
                "the input is larger than 4 GiB".into(),
                "split it into several files",
            ),
        },
        Err(error) => refuse(
            problems,
            format!(
                "{name} is no UTF-8 text: its byte {} belongs to no character",
                error.utf8_error().valid_up_to() + 1
            ),
            "give mcpset YAML in UTF-8",
        ),
    }
}

/// The sets in all `inputs`, each of which `keep` reads and keeps; they must not collide.
pub fn all_sets<I>(
    inputs: impl IntoIterator<Item = I>,
    sources: &mut Sources,
    problems: &mut Problems,
    mut keep: impl FnMut(I, &mut Sources, &mut Problems) -> Option<u32>,
) -> Vec<Set> {
    let mut all = Vec::new();
    for input in inputs {
        if let Some(index) = keep(input, sources, problems) {
            all.extend(sets(index, sources, problems));
        }
    }
    collisions(all.iter().map(|(set, place)| (set, *place)), problems);
    all.into_iter().map(|(set, _)| set).collect()
}

/// The sets in the source `index`, each with its place.
pub fn sets(index: u32, sources: &Sources, problems: &mut Problems) -> Vec<(Set, Place)> {
    let mut own = problems.of_another();
    let text = sources.get(index).map(|source| source.text.as_str());
    if let Some((set, place)) = text.and_then(|text| in_rows(text, index, &mut own)) {
        return Vec::from_iter(sound(Some(set), place, own, problems));
    }
    let documents = documents(index, sources, problems).into_iter();
    let sets = documents.filter_map(|document| {
        // What is wrong with one set hides nothing of another.
        let mut own = problems.of_another();
        let place = document.place;
        let set = crate::decide(&document, Dialect::Written, &Overrides::default(), &mut own);
        drop(document);
        sound(set, place, own, problems)
    });
    sets.collect()
}

/// `set`, which is at `place`, unless its objects break a rule; `problems` gets its `own`.
fn sound(
    set: Option<Set>,
    place: Place,
    mut own: Problems,
    problems: &mut Problems,
) -> Option<(Set, Place)> {
    let set = set.and_then(|set| crate::checked(set, &mut own));
    problems.extend(own);
    Some((set?, place))
}

/// The set in `text`, source number `index`, whose many servers stand in rows: of ten thousand the tree
/// alone is twenty megabytes. `None` when it looks otherwise, or anything is wrong with it: who reads all
/// of it says what.
fn in_rows(text: &str, index: u32, problems: &mut Problems) -> Option<(Set, Place)> {
    let rows = Rows::find(text, index, ["spec", "servers"])?;
    if rows.len() <= SOME {
        return None;
    }
    let document = rows.document()?;
    let written = Written {
        document: &document,
        rows: Some(&rows),
        dialect: Dialect::Written,
        overrides: &Overrides::default(),
    };
    let set = crate::decide_written(written, problems)?;
    Some((set, document.place))
}

/// The sets that `documents` are, each with its document.
pub fn expanded<'d>(documents: &'d [Node], problems: &mut Problems) -> Vec<(Set, &'d Node)> {
    each_set(documents, problems, crate::expand)
}

/// The same, decided, and their objects not checked.
pub fn decided<'d>(documents: &'d [Node], problems: &mut Problems) -> Vec<(Set, &'d Node)> {
    each_set(documents, problems, crate::decide)
}

fn each_set<'d>(
    documents: &'d [Node],
    problems: &mut Problems,
    read: fn(&Node, Dialect, &Overrides, &mut Problems) -> Option<Set>,
) -> Vec<(Set, &'d Node)> {
    let overrides = Overrides::default();
    let sets = documents.iter().filter_map(|document| {
        let mut own = problems.of_another();
        let set = read(document, Dialect::Written, &overrides, &mut own);
        problems.extend(own);
        Some((set?, document))
    });
    sets.collect()
}

/// The documents in the source `index`, of which there must be one.
pub fn documents(index: u32, sources: &Sources, problems: &mut Problems) -> Vec<Node> {
    let Some(source) = sources.get(index) else {
        return Vec::new();
    };
    let (name, has_errors) = (&source.name, problems.has_errors());
    let documents = parse(&source.text, index, problems);
    if documents.is_empty() && (has_errors || !problems.has_errors()) {
        problems.push(
            Problem::error(Code::MissingField, None, format!("{name} is empty"))
                .help("write a McpServerSet into it"),
        );
    }
    documents
}

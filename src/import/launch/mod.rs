//! The command with which a client starts a server: an image's, a package's, or a program's.
//!
//! A cluster starts images. What a client runs by `docker run` is one already; for `npx`, `uvx` and
//! programs of the machine the reader is told what an image must hold.

mod container;
mod flags;
mod package;

pub use container::{Publish, docker, flags};
pub use package::{Kind, Package, package};

use super::draft::{Image, Server};
use super::remark::{Remark, quoted};
use super::words::{Word, set_words};
use crate::source::Place;

/// Programs that run a server elsewhere and pass it on.
const PROXIES: [&str; 3] = ["mcp-remote", "mcp-proxy", "supergateway"];

/// What a command line starts.
#[derive(Debug, PartialEq, Eq)]
pub enum Started {
    /// The server, as far as `Server` now says.
    Here,
    /// One that runs elsewhere, at this URL.
    Elsewhere(String),
}

/// Reads the command line `words` of `server`, whose variables are `env`: name, value, and whether it is
/// a credential.
pub fn launch(server: &mut Server, words: &[Word], env: &[(String, Option<String>)]) -> Started {
    let words = unwrapped(words);
    let Some((program, rest)) = words.split_first() else {
        server.ask(
            server.place,
            "no command starts it: write one under `command`",
        );
        return Started::Here;
    };
    let name = program.as_str().map(program_name).unwrap_or_default();
    match name.as_str() {
        "docker" | "podman" | "nerdctl" => {
            let rest = rest.strip_prefix_word("container");
            match rest.split_first() {
                Some((run, rest)) if run.as_str() == Some("run") => docker(server, rest, env),
                _ => program_of(server, words),
            }
        }
        "npx" | "bunx" | "pnpx" => return packaged(server, Kind::Npm, rest, program.place),
        "uvx" | "pipx" => {
            let rest = rest.strip_prefix_word("run");
            return packaged(server, Kind::PyPi, rest, program.place);
        }
        "uv" if rest.starts_with_words(&["tool", "run"]) => {
            let rest = rest.strip_prefix_word("tool").strip_prefix_word("run");
            return packaged(server, Kind::PyPi, rest, program.place);
        }
        "pnpm" | "yarn" if rest.starts_with_words(&["dlx"]) => {
            let rest = rest.strip_prefix_word("dlx");
            return packaged(server, Kind::Npm, rest, program.place);
        }
        "bun" if rest.starts_with_words(&["x"]) => {
            return packaged(
                server,
                Kind::Npm,
                rest.strip_prefix_word("x"),
                program.place,
            );
        }
        "dnx" => return packaged(server, Kind::NuGet, rest, program.place),
        _ => program_of(server, words),
    }
    Started::Here
}

/// A server that a package holds, or one elsewhere that a package leads to.
fn packaged(server: &mut Server, kind: Kind, words: &[Word], place: Place) -> Started {
    let (package, rest) = package(kind, words);
    let Some(package) = package else {
        server.ask(
            place,
            "no package is named: write what starts the server under `command`",
        );
        return Started::Here;
    };
    let url = rest
        .iter()
        .filter_map(Word::as_str)
        .find(|word| word.starts_with("http"));
    if let Some(url) = url.filter(|_| PROXIES.contains(&package.name.as_str())) {
        return Started::Elsewhere(url.to_owned());
    }
    package.start(server);
    set_words(server, "args", rest);
    Started::Here
}

/// A server that is a program of the client's machine.
fn program_of(server: &mut Server, words: &[Word]) {
    let (kept, remarks) = super::words::arguments(server, words);
    let program = kept.first().cloned().unwrap_or_default();
    let folder = kept.iter().find(|word| is_local_path(word)).cloned();
    let how = match &folder {
        Some(path) => format!("one with what {} is on the client's machine", quoted(path)),
        None => format!("one with the program {}", quoted(&program)),
    };
    server.image = Image::Built {
        name: server.name.clone(),
        version: None,
        how,
    };
    server.speaks_stdio(kept);
    for remark in remarks {
        server.say_at("command", remark);
    }
    if let Some(path) = folder {
        let text = format!(
            "{} is a path of the client's machine: write where it is in the image",
            quoted(&path)
        );
        server.say_at("command", Remark::to_do(server.place, text));
    }
}

/// Whether `word` is where something lies on a machine.
pub fn is_local_path(word: &str) -> bool {
    let is_drive =
        matches!(word.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    is_drive || word.starts_with(['/', '~']) || word.starts_with("./") || word.starts_with("../")
}

/// `words` without the shells that Windows puts before them, and without `env`.
fn unwrapped(words: &[Word]) -> &[Word] {
    let mut words = words;
    if let Some((first, rest)) = words.split_first()
        && first.as_str().map(program_name).as_deref() == Some("cmd")
        && rest
            .first()
            .and_then(Word::as_str)
            .is_some_and(|flag| flag.eq_ignore_ascii_case("/c"))
    {
        words = rest.get(1..).unwrap_or_default();
    }
    words
}

/// `C:\tools\npx.cmd` and `/usr/bin/npx` are both `npx`.
fn program_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.to_ascii_lowercase();
    let endings = [".exe", ".cmd", ".bat"];
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending));
    stem.unwrap_or(&name).to_owned()
}

/// Looking at the first words of a command line.
trait Beginning {
    /// The words behind `word`, if that comes first; all of them otherwise.
    fn strip_prefix_word(&self, word: &str) -> &Self;
    /// Whether these are the first words.
    fn starts_with_words(&self, words: &[&str]) -> bool;
}

impl Beginning for [Word] {
    fn strip_prefix_word(&self, word: &str) -> &Self {
        match self.split_first() {
            Some((first, rest)) if first.as_str() == Some(word) => rest,
            _ => self,
        }
    }

    fn starts_with_words(&self, words: &[&str]) -> bool {
        let first = self.iter().take(words.len()).map(Word::as_str);
        self.len() >= words.len() && first.eq(words.iter().map(|word| Some(*word)))
    }
}

//! Packages of npm, PyPI and NuGet: what an image for them must hold.

use crate::credential::telling::holds_credential;
use crate::import::draft::{Image, Server};
use crate::import::remark::{Kind as RemarkKind, Remark, quoted};
use crate::import::words::Word;

/// What a package is called whose name holds a credential.
const UNKNOWN: &str = "package";

/// Where a package is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// npm.
    Npm,
    /// PyPI.
    PyPi,
    /// NuGet.
    NuGet,
}

/// A package that holds a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Where it is from.
    pub kind: Kind,
    /// Its name, with a scope where it has one; a URL for what is in no registry.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// The program in it that is the server, where that is said.
    pub program: Option<String>,
}

/// The package that `npx`, `uvx` or `dnx` runs with `words`, and the words for the server.
pub fn package(kind: Kind, words: &[Word]) -> (Option<Package>, &[Word]) {
    let mut rest = words;
    let mut named = None;
    while let Some((word, after)) = rest.split_first() {
        let Some(text) = word.as_str() else {
            return (None, after);
        };
        if !text.starts_with('-') {
            break;
        }
        rest = after;
        let (flag, value) = text
            .split_once('=')
            .map_or((text, None), |(flag, value)| (flag, Some(value)));
        let takes_value = matches!(
            flag,
            "-p" | "--package"
                | "--from"
                | "--spec"
                | "--with"
                | "--python"
                | "--index-url"
                | "--index"
                | "--extra-index-url"
                | "--version"
                | "--source"
                | "--registry"
                | "-c"
                | "--call"
        ) && !(kind == Kind::NuGet && flag == "-p");
        let value = match value {
            Some(value) => Some(value.to_owned()),
            None if takes_value => rest.split_first().and_then(|(value, after)| {
                rest = after;
                value.as_str().map(str::to_owned)
            }),
            None => None,
        };
        if matches!(flag, "-p" | "--package" | "--from" | "--spec") {
            named = named.or(value);
        }
    }
    let Some((word, mut after)) = rest.split_first() else {
        return (named.map(|named| parse(kind, &named, None)), rest);
    };
    if kind == Kind::NuGet {
        // dnx takes its own flags behind the package, too.
        while after
            .first()
            .is_some_and(|word| matches!(word.as_str(), Some("--yes" | "-y" | "--")))
        {
            after = after.get(1..).unwrap_or_default();
        }
    }
    let text = word.as_str().unwrap_or_default();
    let package = match named {
        Some(named) => parse(kind, &named, Some(text.to_owned())),
        None => parse(kind, text, None),
    };
    (Some(package), after)
}

/// `@scope/name@1.2.3`, `name==1.2.3`, `name[extra]@1.2.3`, `git+https://…`.
fn parse(kind: Kind, text: &str, program: Option<String>) -> Package {
    let is_source = text.contains("://") || text.starts_with("git+") || text.starts_with("github:");
    let (name, version) = match (kind, text.split_once("==")) {
        _ if is_source => (text, None),
        (Kind::PyPi, Some((name, version))) => (name, Some(version)),
        _ => match text.char_indices().skip(1).find(|(_, c)| *c == '@') {
            Some((at, _)) => text
                .split_at_checked(at)
                .map_or((text, None), |(name, version)| {
                    (name, version.strip_prefix('@'))
                }),
            None => (text, None),
        },
    };
    let version = version.filter(|version| *version != "latest" && !version.is_empty());
    Package {
        kind,
        name: name.to_owned(),
        version: version.map(str::to_owned),
        program,
    }
}

impl Package {
    /// Lets `server` be this package in an image of its own.
    pub fn start(&self, server: &mut Server) {
        if let Some(public) = self.public() {
            server.hide(&self.name);
            public.start(server);
            return;
        }
        let version = self.version.as_deref();
        let at = |separator: &str| {
            version.map_or_else(
                || self.name.clone(),
                |version| format!("{}{separator}{version}", self.name),
            )
        };
        let how = match self.kind {
            Kind::Npm => format!(
                "one of Node.js with {}",
                quoted(&format!("npm install --global {}", at("@")))
            ),
            Kind::PyPi => format!(
                "one of Python with {}",
                quoted(&format!("pip install {}", at("==")))
            ),
            Kind::NuGet => {
                let version = version
                    .map(|version| format!(" --version {version}"))
                    .unwrap_or_default();
                let command = format!("dotnet tool install --global {}{version}", self.name);
                format!("one of .NET with {}", quoted(&command))
            }
        };
        server.image = Image::Built {
            name: self.image(),
            version: self.version.clone(),
            how,
        };
        let program = self.program.clone();
        let is_guess = program.is_none();
        server.speaks_stdio(vec![program.unwrap_or_else(|| self.last().to_owned())]);
        if is_guess {
            let text = "packages mostly call their program as themselves";
            server.say_at("command", Remark::new(RemarkKind::Guessed, text));
        }
    }

    /// The package without what in its name, version or program holds a credential, if something does.
    fn public(&self) -> Option<Self> {
        let holds = |text: &Option<String>| text.as_deref().is_some_and(holds_credential);
        let name = if holds_credential(&self.name) {
            UNKNOWN.to_owned()
        } else {
            self.name.clone()
        };
        let public = Self {
            kind: self.kind,
            name,
            version: self.version.clone().filter(|text| !holds_credential(text)),
            program: self.program.clone().filter(|text| !holds_credential(text)),
        };
        let is_changed = public.name != self.name || holds(&self.version) || holds(&self.program);
        is_changed.then_some(public)
    }

    /// What an image of it is called: as the package, and with its scope where that says nothing.
    fn image(&self) -> String {
        let last = self.last();
        let scope = self
            .name
            .strip_prefix('@')
            .and_then(|name| name.split('/').next());
        match scope {
            Some(scope) if matches!(last, "mcp" | "mcp-server" | "server") => {
                format!("{scope}-{last}")
            }
            _ => last.to_owned(),
        }
    }

    /// The last part of its name, without extras.
    fn last(&self) -> &str {
        let name = self.name.split(['[', '#']).next().unwrap_or_default();
        let name = name.trim_end_matches('/').trim_end_matches(".git");
        let name = name
            .split_once('@')
            .filter(|(before, _)| before.contains("://"))
            .map_or(name, |(before, _)| before);
        name.rsplit(['/', ':'])
            .find(|part| !part.is_empty())
            .unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Place;

    fn read(kind: Kind, line: &str) -> (Package, Vec<String>) {
        let words: Vec<Word> = line
            .split(' ')
            .map(|word| Word::known(word, Place::default()))
            .collect();
        let (package, rest) = package(kind, &words);
        let rest = rest
            .iter()
            .filter_map(Word::as_str)
            .map(str::to_owned)
            .collect();
        (package.unwrap(), rest)
    }

    #[test]
    fn package_version_and_arguments_are_told_apart() {
        let (found, rest) = read(Kind::Npm, "-y @scope/name@1.2.3 --port 80");
        assert_eq!(
            (found.name.as_str(), found.version.as_deref()),
            ("@scope/name", Some("1.2.3"))
        );
        assert_eq!(found.last(), "name");
        assert_eq!(rest, ["--port", "80"]);

        let (found, rest) = read(Kind::PyPi, "--from awslabs.x==2.0 x-server stdio");
        assert_eq!(
            (found.name.as_str(), found.version.as_deref()),
            ("awslabs.x", Some("2.0"))
        );
        assert_eq!(found.program.as_deref(), Some("x-server"));
        assert_eq!(rest, ["stdio"]);

        let (found, _) = read(Kind::PyPi, "awslabs.x@latest");
        assert_eq!((found.name.as_str(), found.version), ("awslabs.x", None));

        let (found, _) = read(Kind::PyPi, "--from git+https://github.com/a/serena serena");
        assert_eq!(found.last(), "serena");
    }
}

//! `docker run`: its flags, the image, and what the image is called with.

use super::flags::flag;
use crate::import::draft::{Image, Server};
use crate::import::remark::{Kind, Remark, listed, quoted};
use crate::import::words::{Word, set_words};

/// Flags that mean nothing in a cluster, or what a pod does anyway.
const IDLE: [&str; 13] = [
    "-i",
    "-t",
    "-it",
    "-ti",
    "--interactive",
    "--tty",
    "--rm",
    "--init",
    "-d",
    "--detach",
    "--pull",
    "--name",
    "--read-only",
];
/// What flags say of a port.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Publish {
    /// The container's ports.
    pub ports: Vec<i64>,
}

/// Reads what stands behind `docker run`. `env` is what the client gives docker itself, of which a
/// container gets what `-e` passes on.
pub fn docker(server: &mut Server, words: &[Word], env: &[(String, Option<String>)]) {
    let mut published = Publish::default();
    let rest = flags(server, words, env, &mut published);
    let Some((image, rest)) = rest.split_first() else {
        server.ask(
            server.place,
            "`docker run` names no image: write one with its version",
        );
        return;
    };
    if let Some(text) = image.as_str() {
        server.image = Image::Reference {
            text: text.to_owned(),
            version: None,
        };
    }
    server.speaks_stdio(Vec::new());
    set_words(server, "args", rest);
}

/// Reads the flags at the beginning of `words`, and returns what follows them.
pub fn flags<'w>(
    server: &mut Server,
    words: &'w [Word],
    env: &[(String, Option<String>)],
    published: &mut Publish,
) -> &'w [Word] {
    let mut rest = words;
    let mut lost = Vec::new();
    let mut passed = Vec::new();
    while let Some(found) = flag(rest) {
        rest = found.rest;
        match (found.name.as_str(), found.value) {
            (flag, _) if IDLE.contains(&flag) => {}
            ("-e" | "--env", Some(value)) => passed.extend(variable(server, &value, env)),
            ("-p" | "--publish", Some(value)) => {
                let port = value.as_str().and_then(|text| text.rsplit(':').next());
                let port = port.map(|port| port.trim_end_matches("/tcp"));
                published
                    .ports
                    .extend(port.and_then(|port| port.parse::<i64>().ok()));
            }
            ("-u" | "--user", Some(value)) => user(server, &value),
            ("--entrypoint", Some(value)) => set_words(server, "command", &[value]),
            (flag, Some(value)) if is_volume(flag) => {
                let text = value.as_str().unwrap_or("…");
                lost.push(format!("{flag} {text}"));
            }
            (flag, _) => lost.push(flag.to_owned()),
        }
    }
    if !lost.is_empty() {
        server.say(Kind::Lost, format!("of docker's flags {}", listed(&lost)));
    }
    let own: Vec<&str> = env
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !passed.iter().any(|passed| passed == name))
        .collect();
    if !own.is_empty() {
        let text = format!(
            "{}, which docker does not pass to the container",
            listed(&own)
        );
        server.say(Kind::Lost, text);
    }
    rest
}

fn is_volume(flag: &str) -> bool {
    matches!(
        flag,
        "-v" | "--volume" | "--mount" | "--network" | "--net" | "--tmpfs" | "--env-file"
    )
}

/// `-e NAME=VALUE`, or `-e NAME` for what the client gives docker.
fn variable(server: &mut Server, word: &Word, env: &[(String, Option<String>)]) -> Option<String> {
    let Some(text) = word.as_str() else {
        // `NAME=` and a credential.
        return None;
    };
    if let Some((name, value)) = text.split_once('=') {
        server.variable(name, value, false);
        return Some(name.to_owned());
    }
    match env.iter().find(|(name, _)| name == text) {
        Some((name, Some(value))) => server.variable(name, value, false),
        Some((name, None)) => server.secret(name, None),
        None if crate::credential::name::is_secret_name(text) => {
            let why = "docker takes it from the client's environment";
            server.secret(text, Some(Remark::new(Kind::Guessed, why)));
        }
        None => {
            let text = format!(
                "the variable {} came from the client's environment: write it under `env`",
                quoted(text)
            );
            server.ask(word.place, text);
        }
    }
    Some(text.to_owned())
}

fn user(server: &mut Server, word: &Word) {
    let ids = word.as_str().unwrap_or_default();
    let (uid, gid) = ids.split_once(':').unwrap_or((ids, ids));
    match (uid.parse::<i64>(), gid.parse::<i64>()) {
        (Ok(uid), Ok(gid)) if uid > 0 && gid > 0 => {
            server.fields.set_in("user", "uid", uid);
            server.fields.set_in("user", "gid", gid);
        }
        _ => server.lost.push("--user".to_owned()),
    }
}

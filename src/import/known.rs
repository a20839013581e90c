//! Servers that a profile knows. A source over standard input says how a person's own machine starts
//! them; the profile says how a cluster does, without a bridge.

use super::draft::{Image, Server};
use super::remark::{Kind, Remark};
use super::tree::Value;
use crate::model::ImageReference;
use crate::problem::Problems;
use crate::profiles::{PROFILES, Profile, is_before};
use crate::source::Place;

const NO_COMMAND: &str = "the bridge must know what to start: write the image's entrypoint under `command`, as `docker inspect --format '{{json .Config.Entrypoint}}' IMAGE` prints it";
const PODS: &str = "sessions over standard input are processes of one pod: write `replicas: 1` in its place, or add `session: stateless` if any process can answer any request";
/// What a profile decides of a server over standard input.
const DECIDED: [&str; 6] = ["transport", "command", "args", "stdio", "path", "port"];

/// Says who starts `server`, where it is called over standard input: the profile that knows its image,
/// or a bridge, which must be told how.
pub fn know(server: &mut Server) {
    if !server.is_stdio() {
        return;
    }
    let Some((profile, needs)) = profile(&server.image) else {
        // Of an image that is to be built, that is said already.
        let is_there = !matches!(server.image, Image::Built { .. });
        if is_there && !server.fields.has("command") {
            server.ask(server.place, NO_COMMAND);
        }
        share_memory(server);
        refuse_pods(server);
        return;
    };
    let has_arguments = server.fields.has("args") || server.fields.has("command");
    for field in DECIDED {
        server.fields.remove(field);
    }
    server.fields.set("profile", profile.name);
    let lost = if has_arguments {
        "; the arguments were for that, and are lost"
    } else {
        ""
    };
    let text =
        format!("its image is known: it is started over HTTP, in place of standard input{lost}");
    server.say_at("profile", Remark::new(Kind::Guessed, text));
    if needs {
        let text = format!(
            "write what it must be told and is not, as `mcpset explain profile/{}` says",
            profile.name
        );
        server.say_at("profile", Remark::to_do(server.place, text));
    }
}

/// Sources give memory to one process; here each session is one, and the limit follows.
fn share_memory(server: &mut Server) {
    let mut memory = None;
    server.fields.edit("resources", |resources| {
        for part in ["requests", "limits"] {
            if let Some(Value::Map(mut quantities)) = resources.get(part).cloned() {
                memory = quantities.get("memory").cloned().or(memory.take());
                quantities.remove("memory");
                resources.remove(part);
                if !quantities.is_empty() {
                    resources.set(part, quantities);
                }
            }
        }
    });
    if matches!(server.fields.get("resources"), Some(Value::Map(map)) if map.is_empty()) {
        server.fields.remove("resources");
    }
    if let Some(memory) = memory {
        server.fields.set_in("stdio", "sessionMemory", memory);
        let text = "the memory of the whole was that of one process, and here each session is one";
        server.say_at("stdio", Remark::new(Kind::Guessed, text));
    }
}

/// A second pod has none of the first one's processes.
fn refuse_pods(server: &mut Server) {
    if !matches!(server.fields.get("replicas"), Some(Value::Number(1))) {
        server.say_to_do("replicas", PODS);
    }
    server.say_to_do("autoscaling", PODS);
}

/// The profile of `image`, and whether its servers must be told something; none of an older image than
/// it holds for.
fn profile(image: &Image) -> Option<(&'static Profile, bool)> {
    let Image::Reference { text, version } = image else {
        return None;
    };
    let name = canonical(text)?;
    let tag = version
        .as_deref()
        .or(text.rsplit_once(':').map(|(_, tag)| tag));
    PROFILES.iter().find_map(|profile| {
        let known = profile.read(Place::default(), &mut Problems::default())?;
        let is_old =
            matches!((tag, known.since.value()), (Some(tag), Some(since)) if is_before(tag, since));
        let is_it = canonical(known.image.value()?)? == name && !is_old;
        is_it.then(|| (profile, known.needs.value().is_some()))
    })
}

/// The name in `reference`, its registry written out; what stands for a version may be anything.
fn canonical(reference: &str) -> Option<String> {
    let (path, last) = reference.rsplit_once('/').unwrap_or(("", reference));
    let last = last.split([':', '@']).next()?;
    let name = [path, last].join("/");
    let reference = ImageReference::parse(name.trim_start_matches('/')).ok()?;
    Some(reference.name().clone().canonical().ok()?.to_string())
}

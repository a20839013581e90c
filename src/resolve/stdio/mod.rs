//! Servers that read standard input and write standard output, and what calls them.
//!
//! Nobody can call such a server over the network, and each of its sessions is a process. So a bridge
//! takes the place of the entrypoint: it listens, starts the server's own command line, and says
//! whether it is well. From there on the server is one like any other.

mod agentgateway;
mod memory;
mod programs;

pub use memory::room;

use super::image::image;
use super::literal::kubelet_literal;
use super::platform::Registries;
use super::scope::{Reported, Scope, setting};
use super::server::LONGEST_CALL;
use crate::api::{self, Field, List, Off, Placed, Session, Transport};
use crate::model::{BRIDGE_FOLDER, Bridge, CleanText, ConfigKey, HttpPath, Port, Seconds};
use crate::problem::{Code, Problem};
use crate::source::Place;
use programs::{Callee, Program, program};

/// Programs that fetch a package and run it.
const DOWNLOADS: [&str; 4] = ["npx", "uvx", "bunx", "pnpx"];

/// What the container is started with.
pub struct Start {
    /// Replaces the entrypoint; `$` escaped.
    pub command: Vec<String>,
    /// Arguments; `$` escaped.
    pub args: Vec<String>,
    /// What is handed over before.
    pub bridge: Option<Bridge>,
    /// A file beside those of `config`.
    pub file: Option<(ConfigKey, String)>,
}

/// Whether each session of the server is a process of its pod.
pub fn has_processes(written: &api::Server) -> bool {
    is_stdio(written) && written.session.value() != Some(&Session::Stateless)
}

fn is_stdio(written: &api::Server) -> bool {
    written.transport.value() == Some(&Transport::Stdio)
}

/// The program that calls the server, if it is said.
fn bridge_of(written: &api::Server) -> Option<(&Placed<api::Program>, &'static Program)> {
    let stdio = written.stdio.value().filter(|_| is_stdio(written))?;
    let placed = stdio.bridge.value()?.program.given()?;
    Some((placed, program(placed.value)))
}

/// Writes how the bridge is watched where the config does not say how the server is: it has no metrics
/// of the server's, and a path of its own that says whether it is well.
pub fn watch(written: &mut api::Server) {
    let Some((placed, program)) = bridge_of(written) else {
        return;
    };
    let place = placed.place;
    if written.metrics.is_absent() {
        written.metrics = given(api::Metrics::Off(Off), place);
    }
    let health = &program.health;
    let own = |probes: &mut api::HttpProbes| {
        probes.liveness = given(health.path.to_owned(), place);
        probes.readiness = given(health.path.to_owned(), place);
        probes.port = health.port.map_or(Field::Absent, |port| given(port, place));
    };
    match &mut written.probes {
        Field::Absent => {
            let mut probes = api::HttpProbes::default();
            own(&mut probes);
            written.probes = given(api::Probes::Http(Box::new(probes)), place);
        }
        Field::Given(Placed {
            value: api::Probes::Http(probes),
            ..
        }) if probes.tcp.value() != Some(&true)
            && probes.liveness.is_absent()
            && probes.readiness.is_absent()
            && probes.port.is_absent() =>
        {
            own(probes);
        }
        Field::Given(_) | Field::Wrong(_) => {}
    }
}

fn given<T>(value: T, place: Place) -> Field<T> {
    Field::Given(Placed { value, place })
}

/// Resolves `command`, `args` and `stdio` of the server that stands at `place`.
pub fn start(
    scope: &mut Scope<'_>,
    written: &api::Server,
    place: Place,
    registries: Result<&Registries, Reported>,
) -> Result<Start, Reported> {
    let command = words(scope, &written.command);
    let args = words(scope, &written.args);
    if setting(&written.transport, Transport::Http)? == Transport::Stdio {
        return behind(scope, written, place, registries, command, args);
    }
    if let Some(place) = written.stdio.place() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "`stdio` is for servers that read their standard input",
            )
            .help("write `transport: stdio`, or remove `stdio`"),
        );
    }
    Ok(Start {
        command: escaped(&command?),
        args: escaped(&args?),
        bridge: None,
        file: None,
    })
}

fn behind(
    scope: &mut Scope<'_>,
    written: &api::Server,
    place: Place,
    registries: Result<&Registries, Reported>,
    command: Result<Vec<String>, Reported>,
    args: Result<Vec<String>, Reported>,
) -> Result<Start, Reported> {
    let command = match command {
        Ok(words) if words.is_empty() => scope.report(
            Problem::error(
                Code::MissingField,
                written.command.place().unwrap_or(place),
                "`command` is missing",
            )
            .help("add `command`, such as `command: [node, /app/dist/index.js]`: the bridge starts it, and cannot see the image's entrypoint"),
        ),
        command => command,
    };
    let transport = written.transport.place().unwrap_or(place);
    let example = "such as `stdio: {bridge: {program: agentgateway, image: agentgateway:1.4.1-musl}}`: nobody can call a server that reads its standard input";
    let stdio = scope.required(&written.stdio, "stdio", example, transport)?;
    let example = "such as `bridge: {program: agentgateway, image: agentgateway:1.4.1-musl}`";
    let bridge = scope.required(&stdio.value.bridge, "stdio.bridge", example, stdio.place)?;
    let example = "such as `program: supergateway`";
    let placed = scope.required(
        &bridge.value.program,
        "stdio.bridge.program",
        example,
        bridge.place,
    )?;
    let program = program(placed.value);
    refuse_unspoken(scope, written, program);
    warn_of_download(scope, written);
    let started = started(scope, &bridge.value, program, registries);
    let mut words = command?;
    words.extend(args?);
    refuse_lost(scope, written, program, &words)?;
    let (command, bridge) = started?;
    let path = path(written)?;
    let callee = Callee {
        words: &words,
        port: port(written)?,
        path: &path,
        is_stateless: !has_processes(written),
        longest_call: longest_call(written)?,
    };
    let file = match &program.file {
        None => None,
        Some(file) => {
            let name = scope.valid(ConfigKey::parse(file.name), Code::InvalidValue, None)?;
            Some((name, (file.text)(&callee)))
        }
    };
    Ok(Start {
        command: escaped(&command),
        args: escaped(&(program.args)(&callee)),
        bridge,
        file,
    })
}

/// Warns of a command that fetches what it starts, anew for each session and pod.
fn warn_of_download(scope: &mut Scope<'_>, written: &api::Server) {
    let mut words = written.command.value().into_iter().flatten();
    let Some(first) = words.next().and_then(Field::given) else {
        return;
    };
    if DOWNLOADS.contains(&first.value.as_str()) {
        scope.note(
            Problem::warning(
                Code::Downgrade,
                first.place,
                format!(
                    "`{}` fetches the package from its registry whenever a session begins",
                    first.value
                ),
            )
            .help("install it when the image is built, and name the program itself"),
        );
    }
}

/// How `program` is started, and what hands it over.
fn started(
    scope: &mut Scope<'_>,
    bridge: &api::Bridge,
    program: &Program,
    registries: Result<&Registries, Reported>,
) -> Result<(Vec<String>, Option<Bridge>), Reported> {
    let own = words(scope, &bridge.command);
    let text = match &bridge.image {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => {
            let own = own?;
            let by_name = || vec![program.executable.to_owned()];
            return Ok((if own.is_empty() { by_name() } else { own }, None));
        }
        Field::Given(text) => text,
    };
    let image = image(scope, text, registries);
    let Some(option) = program.copies_itself else {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                text.place,
                format!("`{}` is no static binary that an image could hand over", program.name),
            )
            .help("install it in the server's image and remove `image`, or take `program: agentgateway`"),
        );
    };
    if let Some(place) = bridge.command.place() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "a bridge that is handed over is started from where it was put",
            )
            .related(text.place, "the image that hands it over")
            .help("remove `command`, or `image` if the server's own image holds the bridge"),
        );
    }
    let path = format!("{BRIDGE_FOLDER}/{}", program.executable);
    let image = image?;
    if !image.tag().contains("musl") {
        scope.note(
            Problem::warning(
                Code::Contradiction,
                text.place,
                format!("by its tag this is no `-musl` image of `{}`, and only these have a static binary that copies itself", program.name),
            )
            .help(format!("write `{}:<version>-musl`", image.name().repository())),
        );
    }
    let bridge = Bridge {
        image,
        args: vec![option.into(), path.clone()],
    };
    Ok((vec![path], Some(bridge)))
}

/// Refuses what `program` does not serve: another path, one of its own ports, another protocol.
fn refuse_unspoken(scope: &mut Scope<'_>, written: &api::Server, program: &Program) {
    let name = program.name;
    if let (Some(only), Some(path)) = (program.only_path, written.path.given())
        && path.value != only
    {
        scope.note(
            Problem::error(
                Code::Contradiction,
                path.place,
                format!("`{name}` serves `{only}` alone"),
            )
            .help(format!("write `path: {only}`, or remove it")),
        );
    }
    if let Some(port) = written.port.given()
        && program
            .ports
            .iter()
            .any(|own| i64::from(*own) == port.value)
    {
        scope.note(
            Problem::error(
                Code::NameCollision,
                port.place,
                format!("`{name}` itself listens on port {}", port.value),
            )
            .help("choose another, such as `port: 8080`"),
        );
    }
    if !program.is_modern && written.protocol.value() == Some(&api::Protocol::Modern) {
        scope.note(
            Problem::error(
                Code::Contradiction,
                written.protocol.place(),
                format!("`{name}` does not speak the modern protocol"),
            )
            .help("remove `protocol: modern`, or take another `program`"),
        );
    }
}

/// Refuses a word that would not reach the server.
fn refuse_lost(
    scope: &mut Scope<'_>,
    written: &api::Server,
    program: &Program,
    words: &[String],
) -> Result<(), Reported> {
    let Some(lost) = program
        .loses
        .filter(|lost| words.iter().any(|word| word == lost))
    else {
        return Ok(());
    };
    let items = [&written.command, &written.args];
    let mut items = items.iter().filter_map(|list| list.value()).flatten();
    let item = items.find(|item| item.value().is_some_and(|word| word == lost));
    scope.report(
        Problem::error(
            Code::Contradiction,
            item.and_then(Field::place),
            format!("`{}` does not pass the word `{lost}` on", program.name),
        )
        .help("take another `program`, or a script in the image that calls the server so"),
    )
}

/// The path of the MCP endpoint; a wrong one is told where LiteLLM is.
fn path(written: &api::Server) -> Result<HttpPath, Reported> {
    let text = written.path.value().map_or("/mcp", String::as_str);
    HttpPath::parse(text).map_err(|_| Reported)
}

/// The port; a wrong one is told where the server's is resolved.
fn port(written: &api::Server) -> Result<Port, Reported> {
    match written.port.value() {
        Some(number) => Port::new(*number).map_err(|_| Reported),
        None => Ok(Port::MCP),
    }
}

/// What a call may take, in seconds; a wrong one is told where the drain is resolved.
fn longest_call(written: &api::Server) -> Result<u32, Reported> {
    let text = written.longest_call.value();
    let seconds = Seconds::parse(text.map_or(LONGEST_CALL, String::as_str));
    seconds.map(Seconds::get).map_err(|_| Reported)
}

/// Words of a command line, each to be passed on exactly as written.
fn words(scope: &mut Scope<'_>, field: &Field<List<String>>) -> Result<Vec<String>, Reported> {
    let words = scope.parse_items(field, CleanText::parse)?;
    Ok(words.iter().map(ToString::to_string).collect())
}

/// `words` as the kubelet passes them on.
fn escaped(words: &[String]) -> Vec<String> {
    words.iter().map(|word| kubelet_literal(word)).collect()
}

//! What is known of a server, taken over where its set says nothing else, and what nobody but its
//! user knows.

use super::scope::{Reported, Scope, group};
use crate::api::{self, EnvValue, Field, Need, Placed};
use crate::model::Known;
use crate::nearest::nearest;
use crate::problem::{Code, Problem, Problems};
use crate::profiles::{PROFILES, Profile, is_before};

/// Takes over into `server` what its profile says and then what `defaults` say, and tells what the
/// profile asks for in vain. Returns what is known of the server, if anything.
pub fn inherit(
    scope: &mut Scope<'_>,
    server: &mut api::Server,
    defaults: Option<&api::Server>,
) -> Result<Option<Known>, Reported> {
    let profile = known(scope, server, defaults);
    if let Ok(Some((name, Placed { value, .. }))) = &profile
        && let Some(known) = value.server.value()
    {
        refuse_port(scope, server, name, known);
        let mut known = known.clone();
        follow(server, &mut known);
        server.inherit(&known);
    }
    if let Some(defaults) = defaults {
        server.inherit(defaults);
    }
    let Some((name, profile)) = profile? else {
        return Ok(None);
    };
    require_image(scope, server, name, &profile);
    warn_of_age(scope, server, name, &profile.value);
    let needs = group(&profile.value.needs)?;
    let missing: Vec<Problem> = needs
        .iter()
        .filter_map(|need| missing(server, name, need.value()?, &profile))
        .collect();
    let answer = if missing.is_empty() {
        let image = profile.value.image.value().cloned().unwrap_or_default();
        Ok(Some(Known {
            profile: name,
            image,
        }))
    } else {
        Err(Reported)
    };
    for problem in missing {
        scope.note(problem);
    }
    answer
}

/// The profile that `server` names, and what it says.
fn known(
    scope: &mut Scope<'_>,
    server: &api::Server,
    defaults: Option<&api::Server>,
) -> Result<Option<(&'static str, Placed<api::Profile>)>, Reported> {
    let of_defaults = defaults.map(|defaults| &defaults.profile);
    let field = match (&server.profile, of_defaults) {
        (Field::Absent, Some(of_defaults)) => of_defaults,
        (own, _) => own,
    };
    let name = match field {
        Field::Absent => return Ok(None),
        Field::Wrong(_) => return Err(Reported),
        Field::Given(name) => name,
    };
    let Some(profile) = Profile::find(&name.value) else {
        return unknown(scope, name);
    };
    let mut problems = Problems::default();
    let value = profile.read(name.place, &mut problems);
    for problem in problems.into_sorted() {
        scope.note(problem);
    }
    let place = name.place;
    let value = value.ok_or(Reported)?;
    Ok(Some((profile.name, Placed { value, place })))
}

fn unknown<T>(scope: &mut Scope<'_>, name: &Placed<String>) -> Result<T, Reported> {
    let names: Vec<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    let help = nearest(&name.value, &names).map_or_else(
        || {
            format!(
                "the profiles are {}; leave it out for another server, and say what is different",
                names.join(", ")
            )
        },
        |near| format!("did you mean `{near}`?"),
    );
    scope.report(
        Problem::error(
            Code::InvalidValue,
            name.place,
            format!("no profile is called `{}`", name.value),
        )
        .help(help),
    )
}

/// Puts the arguments of `server` behind those that its profile knows, since programs take the last of
/// two; a `command` of its own does away with both.
fn follow(server: &mut api::Server, known: &mut api::Server) {
    let first = std::mem::take(&mut known.args);
    if !server.command.is_absent() {
        return;
    }
    match (&mut server.args, first) {
        (Field::Given(own), Field::Given(first)) => {
            own.value.splice(0..0, first.value);
        }
        (_, first) => known.args = first,
    }
}

/// Refuses another port than the one that the profile has the server listen on.
fn refuse_port(scope: &mut Scope<'_>, server: &api::Server, name: &str, known: &api::Server) {
    let (Some(own), Some(port)) = (server.port.given(), known.port.value()) else {
        return;
    };
    let says_more = [
        server.args.place(),
        server.env.place(),
        server.command.place(),
    ];
    if own.value == *port || says_more.into_iter().any(|place| place.is_some()) {
        return;
    }
    scope.note(
        Problem::error(
            Code::Contradiction,
            own.place,
            format!("the profile `{name}` has the server listen on {port}"),
        )
        .help("remove `port`, or tell the server the other one under `args` or `env`"),
    );
}

/// Warns of an image that is too old to be started so.
fn warn_of_age(scope: &mut Scope<'_>, server: &api::Server, name: &str, profile: &api::Profile) {
    let (Some(since), Some(image)) = (profile.since.value(), server.image.given()) else {
        return;
    };
    let tag = image.value.split('@').next().unwrap_or_default();
    let tag = tag.rsplit_once(':').map_or("", |(_, tag)| tag);
    if is_before(tag, since) {
        scope.note(
            Problem::warning(
                Code::Contradiction,
                image.place,
                format!("the profile `{name}` holds from {since} on, and this is {tag}"),
            )
            .help("take a newer image, or say how this one is started, without the profile"),
        );
    }
}

/// Says which image is meant where `server` names none.
fn require_image(
    scope: &mut Scope<'_>,
    server: &mut api::Server,
    name: &str,
    profile: &Placed<api::Profile>,
) {
    let known = (profile.value.image.value(), profile.value.version.value());
    let (Field::Absent, (Some(image), Some(version))) = (&server.image, known) else {
        return;
    };
    let own = image.rsplit('/').next().unwrap_or(image);
    scope.note(
        Problem::error(
            Code::MissingField,
            profile.place,
            format!("`image` is missing: the profile `{name}` cannot know your registry"),
        )
        .help(format!(
            "copy `{image}:{version}` into it, and write `image: {own}:{version}`"
        )),
    );
    server.image = Field::Wrong(profile.place);
}

/// What `server` should say of `need`, and does not.
fn missing(
    server: &api::Server,
    name: &str,
    need: &Need,
    profile: &Placed<api::Profile>,
) -> Option<Problem> {
    let is = need.is.value()?;
    let (what, literal) = if let Some(field) = need.field.value() {
        (!field.is_in(server)).then(|| (format!("`{}`", field.path()), None))
    } else {
        missing_variable(server, need)
    }?;
    let mut problem = Problem::error(
        Code::MissingField,
        literal.map_or(profile.place, |literal: &Placed<EnvValue>| literal.place),
        match literal {
            Some(_) => format!("{what} is a secret: {is}"),
            None => format!("the profile `{name}` needs {what}: {is}"),
        },
    );
    if let Some(example) = need.example.value() {
        problem = problem.help(match literal {
            Some(_) => format!("remove it here and add `{example}`"),
            None => format!("add `{example}`"),
        });
    }
    Some(problem)
}

/// The variables of `need` when `server` sets none of them as it should, and one that it sets to what
/// everybody can read.
fn missing_variable<'s>(
    server: &'s api::Server,
    need: &Need,
) -> Option<(String, Option<&'s Placed<EnvValue>>)> {
    let secrets = need.secrets.value();
    let names = secrets.or(need.env.value())?;
    let names: Vec<&str> = names
        .iter()
        .filter_map(|name| name.value().map(String::as_str))
        .collect();
    // What could not be read may hold it.
    if matches!(
        (&server.secrets, &server.env),
        (Field::Wrong(_), _) | (_, Field::Wrong(_))
    ) {
        return None;
    }
    let is_meant = |key: &Placed<String>| names.contains(&key.value.as_str());
    let stored = server.secrets.value();
    if stored.is_some_and(|stored| stored.iter().any(|(key, _)| is_meant(key))) {
        return None;
    }
    let mut variables = server.env.value().into_iter().flat_map(api::Entries::iter);
    let set = variables.find(|(key, _)| is_meant(key));
    let what = |names: &[&str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        quoted.join(" or ")
    };
    match (set, secrets) {
        (None, _) => Some((what(&names), None)),
        (Some((key, value)), Some(_)) => value
            .given()
            .filter(|value| matches!(value.value, EnvValue::Literal(_)))
            .map(|literal| (what(&[&key.value]), Some(literal))),
        (Some(_), None) => None,
    }
}

//! Why a patch is not applied.

use serde_json::Value as Json;

use crate::nearest::nearest;
use crate::problem::{Code, Problem};
use crate::source::Place;

/// Why a patch is not applied.
pub type Refusal = Box<Problem>;

fn refusal(
    code: Code,
    place: Place,
    message: impl Into<String>,
    help: impl Into<String>,
) -> Refusal {
    Box::new(Problem::error(code, place, message).help(help))
}

/// What the patches make is none of its kind.
pub fn broken(kind: &str, error: &str, place: Place) -> Refusal {
    refusal(
        Code::InvalidValue,
        place,
        format!("what the patch makes is no {kind}: {error}"),
        "write what the kind's documentation says",
    )
}

/// `what` has to stay as it is.
pub fn kept(what: &str, why: &str, place: Place) -> Refusal {
    refusal(
        Code::InvalidValue,
        place,
        format!("a patch cannot change `{what}`: {why}"),
        "leave it as it is; the config's own fields change both ends",
    )
}

/// `path` is missing from what the patch makes.
pub fn required(path: &str, place: Place) -> Refusal {
    refusal(
        Code::MissingField,
        place,
        format!("`{path}` cannot be left out, and the patch leaves it out"),
        "write it, or remove what it belongs to",
    )
}

/// A directive stands in something that is new.
pub fn about_nothing(place: Place) -> Refusal {
    refusal(
        Code::InvalidValue,
        place,
        "`$patch` means nothing here: what it stands in is new, or replaced as a whole",
        "write what shall be there",
    )
}

/// The field `name` is none of those `known`.
pub fn nothing_to_remove(name: &str, known: &[&str], place: Place) -> Refusal {
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "remove the line".to_owned(),
    };
    let message = format!("there is no `{name}` here to be removed");
    refusal(Code::InvalidValue, place, message, help)
}

/// An item does not say which it is.
pub fn no_key(key: &str, place: Place) -> Refusal {
    refusal(
        Code::MissingField,
        place,
        format!("`{key}` tells the items of this list apart, and is missing"),
        format!("add the `{key}` of the item that is meant, or of the new one"),
    )
}

/// Two items say that they are the same.
pub fn twice(key: &str, id: &Json, first: Place, place: Place) -> Refusal {
    let message = format!("two items of this list have the `{key}` `{}`", shown(id));
    let problem = Problem::error(Code::NameCollision, place, message);
    let problem = problem.related(first, "the first one");
    Box::new(problem.help("write it once"))
}

/// No item is the one that is to be removed.
pub fn nobody(key: &str, id: &Json, place: Place) -> Refusal {
    let id = shown(id);
    refusal(
        Code::InvalidValue,
        place,
        format!("there is no item with the `{key}` `{id}` here to be removed"),
        "remove it, or write that of an item that there is",
    )
}

/// No container has the name of the one that is meant.
pub fn no_container(id: &Json, known: &[&str], place: Place) -> Refusal {
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let help = match known.as_slice() {
        [] => "give the new one an `image`".to_owned(),
        known => format!("write {}, or give a new one an `image`", known.join(" or ")),
    };
    let message = format!("no container is called `{}`", shown(id));
    refusal(Code::InvalidValue, place, message, help)
}

/// A rollout of another type has no settings of this one.
pub fn left_behind(place: Place) -> Refusal {
    refusal(
        Code::Contradiction,
        place,
        "`rollingUpdate` would stay beside another type, which the API server refuses",
        "add `rollingUpdate: null`",
    )
}

/// A whole list is to be replaced by an item of it.
pub fn replace_alone(place: Place) -> Refusal {
    refusal(
        Code::InvalidValue,
        place,
        "`$patch: replace` in an item is about the whole list, and what stands beside it would be lost",
        "write it as an item of its own, `- $patch: replace`, and then all items of the new list",
    )
}

fn shown(id: &Json) -> String {
    id.as_str()
        .map_or_else(|| id.to_string(), ToOwned::to_owned)
}

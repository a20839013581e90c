//! CPU, memory and storage of one container.
//!
//! A request or a limit that stands alone decides the other: a limit is never below its request,
//! and memory is reserved in full, because a pod that uses more than it reserved is the first to
//! be killed on a full node.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::scope::{Reported, Scope, all, group};
use crate::api::{Entries, Field, Placed, Resources};
use crate::model::{Count, Cpu, Invalid, LabelKey, Memory, Quantity, Storage};
use crate::problem::{Code, Problem};

const CPU: &str = "cpu";
/// Name of the resource.
pub const MEMORY: &str = "memory";
/// Name of the resource.
pub const STORAGE: &str = "ephemeral-storage";

/// Request and limit where neither is written.
struct Default {
    name: &'static str,
    request: &'static str,
    limit: &'static str,
}

/// The guide asks for requests and limits and names no numbers; these fit a small HTTP service.
const DEFAULTS: [Default; 3] = [
    Default {
        name: CPU,
        request: "100m",
        limit: "500m",
    },
    Default {
        name: MEMORY,
        request: "256Mi",
        limit: "256Mi",
    },
    Default {
        name: STORAGE,
        request: "64Mi",
        limit: "256Mi",
    },
];

/// Requests and limits, by resource name.
pub struct Quantities {
    /// What is reserved.
    pub requests: BTreeMap<SmolStr, Quantity>,
    /// What is allowed.
    pub limits: BTreeMap<SmolStr, Quantity>,
}

/// Resolves `resources`.
pub fn quantities(scope: &mut Scope<'_>, field: &Field<Resources>) -> Result<Quantities, Reported> {
    let written = group(field)?;
    let requests = parsed(scope, &written.requests);
    let limits = parsed(scope, &written.limits);
    let (mut requests, mut limits) = (requests?, limits?);
    refuse_request_above_limit(scope, &requests, &limits)?;
    for default in &DEFAULTS {
        complete(scope, default, &mut requests, &mut limits)?;
    }
    for (name, limit) in &limits {
        if is_extended(name) {
            requests
                .entry(name.clone())
                .or_insert_with(|| limit.clone());
        }
    }
    Ok(Quantities {
        requests: plain(requests),
        limits: plain(limits),
    })
}

type Written = BTreeMap<String, Placed<Quantity>>;

fn plain(written: Written) -> BTreeMap<SmolStr, Quantity> {
    let written = written.into_iter();
    let plain = written.map(|(name, quantity)| (name.into(), quantity.value));
    plain.collect()
}

fn is_extended(name: &str) -> bool {
    name.contains('/')
}

fn parsed(scope: &mut Scope<'_>, field: &Field<Entries<String>>) -> Result<Written, Reported> {
    let entries = group(field)?;
    let pairs = all(entries.iter().map(|(name, text)| {
        let text = scope.entry(name, text)?;
        let quantity = match parser(&name.value) {
            Some(parse) => scope.parse(text, parse)?,
            None => return scope.report(unknown(name)),
        };
        Ok((
            name.value.clone(),
            Placed {
                value: quantity,
                place: text.place,
            },
        ))
    }))?;
    Ok(pairs.into_iter().collect())
}

type Parser = fn(&str) -> Result<Quantity, Invalid>;

fn parser(name: &str) -> Option<Parser> {
    match name {
        CPU => Some(|text| Ok(Cpu::parse(text)?.quantity().clone())),
        MEMORY => Some(|text| Ok(Memory::parse(text)?.quantity().clone())),
        STORAGE => Some(|text| Ok(Storage::parse(text)?.quantity().clone())),
        // Names that begin so are quotas on resources, not resources.
        _ if name.starts_with("requests.") => None,
        _ if is_extended(name) && LabelKey::parse(name).is_ok() => Some(|text| {
            Count::parse(text)?;
            Quantity::parse(text)
        }),
        _ => None,
    }
}

fn unknown(name: &Placed<String>) -> Problem {
    Problem::error(
        Code::UnknownField,
        name.place,
        format!("`{}` is no resource", name.value),
    )
    .help("the resources are `cpu`, `memory`, `ephemeral-storage` and extended ones such as `nvidia.com/gpu`")
}

fn refuse_request_above_limit(
    scope: &mut Scope<'_>,
    requests: &Written,
    limits: &Written,
) -> Result<(), Reported> {
    let results = requests.iter().map(|(name, request)| {
        let Some(limit) = limits.get(name) else {
            if is_extended(name) {
                return scope.report(
                    Problem::error(
                        Code::Contradiction,
                        request.place,
                        format!("`{name}` is requested and has no limit"),
                    )
                    .help(
                        "write it under `limits`: an extended resource's request equals its limit",
                    ),
                );
            }
            return Ok(());
        };
        let fits = if is_extended(name) {
            request.value == limit.value
        } else {
            request.value <= limit.value
        };
        if fits {
            return Ok(());
        }
        let (problem, help) = if is_extended(name) {
            (
                "is not",
                "write the same number twice: an extended resource's request equals its limit",
            )
        } else {
            (
                "is above",
                "raise the limit or lower the request; the API server refuses this",
            )
        };
        scope.report(
            Problem::error(
                Code::Contradiction,
                request.place,
                format!(
                    "the {name} request `{}` {problem} the limit `{}`",
                    request.value, limit.value
                ),
            )
            .related(limit.place, "the limit")
            .help(help),
        )
    });
    all(results.collect::<Vec<_>>()).map(|_| ())
}

/// Fills in what `requests` and `limits` leave open of one resource.
fn complete(
    scope: &mut Scope<'_>,
    default: &Default,
    requests: &mut Written,
    limits: &mut Written,
) -> Result<(), Reported> {
    let mut quantity = |text| {
        let quantity = scope.valid(Quantity::parse(text), Code::InvalidValue, None)?;
        Ok(Placed {
            value: quantity,
            place: crate::source::Place::default(),
        })
    };
    let (request, limit) = (quantity(default.request)?, quantity(default.limit)?);
    let (request, limit) = match (requests.get(default.name), limits.get(default.name)) {
        (Some(request), Some(limit)) => (request.clone(), limit.clone()),
        (Some(request), None) => (request.clone(), higher(request.clone(), limit)),
        (None, Some(limit)) if default.name == MEMORY => (limit.clone(), limit.clone()),
        (None, Some(limit)) => (lower(request, limit.clone()), limit.clone()),
        (None, None) => (request, limit),
    };
    let (request, limit) = match default.name {
        MEMORY if !limits.contains_key(MEMORY) => (request.clone(), request),
        _ => (request, limit),
    };
    requests.insert(default.name.into(), request);
    limits.insert(default.name.into(), limit);
    Ok(())
}

fn higher(a: Placed<Quantity>, b: Placed<Quantity>) -> Placed<Quantity> {
    if a.value > b.value { a } else { b }
}

fn lower(a: Placed<Quantity>, b: Placed<Quantity>) -> Placed<Quantity> {
    if a.value < b.value { a } else { b }
}

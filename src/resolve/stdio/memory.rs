//! What a bridge and the processes behind it take.
//!
//! A container that needs more memory than its limit is ended with all its sessions. So the limit
//! follows from them, and a lower one is refused.

use super::bridge_of;
use super::programs::{Processes, Program};
use crate::api::{self, Entries, Field, Placed};
use crate::model::{BRIDGE_LIMIT_MEBIBYTES, Memory, Quantity};
use crate::problem::{Code, Problem};
use crate::resolve::quantities::{MEMORY, Quantities, STORAGE};
use crate::resolve::scope::{Reported, Scope, group};

/// Sessions at once.
const SESSIONS: i64 = 10;
/// One process: `server-everything` on Node 20 has 28 MiB of its own, and 40 that all share.
const SESSION_MEMORY: &str = "64Mi";
/// How a request bounds what may be taken.
const FOLLOWS: &str = "the limit follows the request,";
const MEBIBYTE: u64 = 1 << 20;
/// Ephemeral storage beside a handed-over bridge, in MiB: what other servers have.
const STORAGE_REQUEST: u64 = 64;
/// The same as a limit.
const STORAGE_LIMIT: u64 = 256;

/// `quantities` with room for what is behind the server's bridge, if it has one.
pub fn room(
    scope: &mut Scope<'_>,
    written: &api::Server,
    mut quantities: Quantities,
) -> Result<Quantities, Reported> {
    let Some((_, program)) = bridge_of(written) else {
        return Ok(quantities);
    };
    let (need, what) = need(scope, written, program)?;
    let resources = group(&written.resources)?;
    let limit = entry(&resources.limits, MEMORY).map(|limit| (limit, "the limit is"));
    let request = || entry(&resources.requests, MEMORY).map(|request| (request, FOLLOWS));
    if let Some((limit, which)) = limit.or_else(request) {
        let allowed = quantities.limits.get(MEMORY).and_then(Quantity::units);
        if allowed.is_some_and(|bytes| bytes < need * MEBIBYTE) {
            return scope.report(
                Problem::error(
                    Code::Contradiction,
                    limit.place,
                    format!("{what} take {need}Mi, and {which} `{}`", limit.value),
                )
                .help(format!(
                    "write `limits: {{memory: {need}Mi}}` or more, or leave the memory out"
                )),
            );
        }
    } else {
        set(scope, &mut quantities, MEMORY, need, need)?;
    }
    let storage = entry(&resources.limits, STORAGE).or(entry(&resources.requests, STORAGE));
    let bridge = written.stdio.value().and_then(|stdio| stdio.bridge.value());
    if storage.is_none() && bridge.is_some_and(|bridge| !bridge.image.is_absent()) {
        let request = STORAGE_REQUEST + BRIDGE_LIMIT_MEBIBYTES;
        let limit = STORAGE_LIMIT + BRIDGE_LIMIT_MEBIBYTES;
        set(scope, &mut quantities, STORAGE, request, limit)?;
    }
    Ok(quantities)
}

/// What the bridge and the processes take together, in MiB, and who they are.
fn need(
    scope: &mut Scope<'_>,
    written: &api::Server,
    program: &Program,
) -> Result<(u64, String), Reported> {
    let stdio = group(&written.stdio)?;
    let memory = scope.or(&stdio.session_memory, SESSION_MEMORY, Memory::parse);
    let sessions = scope.number_or(
        &stdio.sessions,
        SESSIONS,
        1..=10_000,
        "a number of sessions",
    );
    let processes = match program.processes {
        Processes::EachSession => u64::try_from(sessions?).unwrap_or(u64::MAX),
        Processes::One => 1,
    };
    if let (Processes::One, Some(place)) = (program.processes, stdio.sessions.place()) {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                format!("`{}` starts one process for all sessions", program.name),
            )
            .help("remove `sessions`: `sessionMemory` is what that process takes"),
        );
    }
    let memory = memory?;
    let each = memory.bytes().div_ceil(MEBIBYTE);
    let need = each
        .saturating_mul(processes)
        .saturating_add(program.memory);
    let what = match processes {
        1 => format!("`{}` and a process of `{memory}`", program.name),
        _ => format!("`{}` and {processes} processes of `{memory}`", program.name),
    };
    Ok((need, what))
}

fn entry<'e>(entries: &'e Field<Entries<String>>, name: &str) -> Option<&'e Placed<String>> {
    let mut entries = entries.value()?.iter();
    entries.find_map(|(key, value)| value.given().filter(|_| key.value == name))
}

/// Sets request and limit of the resource `name`, in MiB.
fn set(
    scope: &mut Scope<'_>,
    quantities: &mut Quantities,
    name: &str,
    request: u64,
    limit: u64,
) -> Result<(), Reported> {
    let mut quantity = |number: u64| {
        let quantity = Quantity::parse(&format!("{number}Mi"));
        scope.valid(quantity, Code::TooLarge, None)
    };
    let (request, limit) = (quantity(request)?, quantity(limit)?);
    quantities.requests.insert(name.into(), request);
    quantities.limits.insert(name.into(), limit);
    Ok(())
}

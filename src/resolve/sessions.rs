//! Whether a client stays on one pod.
//!
//! What lives in a pod's memory is lost where another pod answers. So each way of speaking says where
//! its sessions live, and what contradicts it is refused here rather than met by every second call.

use super::scope::{Reported, Scope, setting};
use super::stdio::has_processes;
use crate::api::{self, Field, Protocol, Session, Transport};
use crate::model::{Scale, SessionReason, Sessions};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// Whether a client's requests must stay on one of the pods of `scale`. A server of which nothing is
/// known may keep its sessions in memory, so it is treated as if it did.
pub fn sessions(
    scope: &mut Scope<'_>,
    written: &api::Server,
    scale: Scale,
) -> Result<Sessions, Reported> {
    let session = setting(&written.session, Session::Auto)?;
    let protocol = setting(&written.protocol, Protocol::Auto)?;
    let transport = setting(&written.transport, Transport::Http)?;
    refuse_sessions_of_none(scope, written)?;
    refuse_scattered_stream(scope, written, scale)?;
    refuse_scattered_processes(scope, written, scale)?;
    let (sticky, because) = match session {
        Session::Sticky => (true, SessionReason::Written),
        Session::Stateless => (false, SessionReason::Written),
        Session::Auto if protocol == Protocol::Modern => (false, SessionReason::Modern),
        Session::Auto if !scale.is_several() => (false, SessionReason::OnePod),
        Session::Auto if transport == Transport::Sse => (true, SessionReason::Sse),
        Session::Auto => (true, SessionReason::Unknown),
    };
    if let (true, Field::Given(autoscaling)) = (sticky, &written.autoscaling) {
        scope.note(
            Problem::warning(
                Code::Contradiction,
                autoscaling.place,
                "sessions may live in the memory of pods that the autoscaler takes away",
            )
            .help("write `session: stateless` if any pod can answer any request; else clients begin new sessions whenever pods go"),
        );
    }
    Ok(Sessions { sticky, because })
}

/// The modern protocol has nothing that could stay on a pod.
fn refuse_sessions_of_none(scope: &mut Scope<'_>, written: &api::Server) -> Result<(), Reported> {
    let is_sticky = written.session.value() == Some(&Session::Sticky);
    if !is_sticky || written.protocol.value() != Some(&Protocol::Modern) {
        return Ok(());
    }
    scope.report(
        Problem::error(
            Code::Contradiction,
            written.session.place(),
            "the modern protocol has no sessions that could be sticky",
        )
        .help("remove `session: sticky`, or write `protocol: legacy`"),
    )
}

/// A stream over `sse` is open to one pod, and what belongs to it is posted in requests of its own.
fn refuse_scattered_stream(
    scope: &mut Scope<'_>,
    written: &api::Server,
    scale: Scale,
) -> Result<(), Reported> {
    let is_stateless = written.session.value() == Some(&Session::Stateless);
    let is_stream = written.transport.value() == Some(&Transport::Sse);
    if !is_stateless || !is_stream || !scale.is_several() {
        return Ok(());
    }
    scope.report(
        contradiction(
            written.session.place(),
            "over `sse` a session's stream and its messages must reach the same pod",
            written.transport.place(),
            "the transport",
        )
        .help("remove `session: stateless`, and clients stay on one pod; or write `replicas: 1`, or `transport: http` if the server speaks it"),
    )
}

/// A session over standard input and output is a process of one pod.
fn refuse_scattered_processes(
    scope: &mut Scope<'_>,
    written: &api::Server,
    scale: Scale,
) -> Result<(), Reported> {
    let is_scaled = !written.autoscaling.is_absent();
    if !has_processes(written) || !(is_scaled || scale.is_several()) {
        return Ok(());
    }
    let place = written.autoscaling.place().or(written.replicas.place());
    scope.report(
        contradiction(
            place,
            "sessions over `stdio` are processes of one pod, which another does not have",
            written.transport.place(),
            "the transport",
        )
        .help("write `replicas: 1` for this server, or `session: stateless` if any process can answer any request"),
    )
}

fn contradiction(place: Option<Place>, message: &str, other: Option<Place>, what: &str) -> Problem {
    let problem = Problem::error(Code::Contradiction, place, message);
    match other {
        Some(other) => problem.related(other, what),
        None => problem,
    }
}

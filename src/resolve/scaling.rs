//! How many pods a server has, and whether a client stays on one of them.
//!
//! The two depend on each other: what lives in a pod's memory is lost when an autoscaler takes the
//! pod away, and a client need not stay where there is one pod only.

use super::scope::{Reported, Scope, setting};
use crate::api::{self, Field, Placed};
use crate::model::{Autoscaling, Scale};
use crate::problem::{Code, Problem};

const REPLICAS: i64 = 2;
/// Percent of the requested CPU: leaves room until a new pod is ready.
const CPU: i64 = 70;
/// Percent of a request that can be asked for; more than 100 is usual where requests are low.
const SHARES: std::ops::RangeInclusive<i64> = 1..=1000;

/// Resolves `replicas` and `autoscaling`.
pub fn scale(scope: &mut Scope<'_>, written: &api::Server) -> Result<Scale, Reported> {
    let numbers = 1..=i64::from(i32::MAX);
    let autoscaling = match &written.autoscaling {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => {
            let number =
                scope.number_or(&written.replicas, REPLICAS, numbers, "a number of pods")?;
            return Ok(Scale::Fixed(whole(number)));
        }
        Field::Given(autoscaling) => autoscaling,
    };
    if let Some(place) = written.replicas.place() {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                place,
                "`replicas` and `autoscaling` both say how many pods there are",
            )
            .related(autoscaling.place, "the autoscaler")
            .help("remove `replicas`: every apply would undo what the autoscaler did"),
        );
    }
    limits(scope, autoscaling).map(Scale::Auto)
}

fn limits(
    scope: &mut Scope<'_>,
    autoscaling: &Placed<api::Autoscaling>,
) -> Result<Autoscaling, Reported> {
    let Placed {
        value: written,
        place,
    } = autoscaling;
    let numbers = 1..=i64::from(i32::MAX);
    let least = scope.number_or(&written.min, REPLICAS, numbers.clone(), "a number of pods");
    let most = scope
        .required(&written.max, "max", "such as `max: 6`", *place)
        .and_then(|_| scope.number_or(&written.max, REPLICAS, numbers, "a number of pods"));
    let share = |scope: &mut Scope<'_>, field: &Field<i64>, default| {
        let what = "a percentage of the request";
        let number = scope.number_or(field, default, SHARES, what);
        number.map(whole)
    };
    let cpu = if written.cpu.is_absent() && !written.memory.is_absent() {
        Ok(None)
    } else {
        share(scope, &written.cpu, CPU).map(Some)
    };
    let memory = if written.memory.is_absent() {
        Ok(None)
    } else {
        share(scope, &written.memory, CPU).map(Some)
    };
    let (least, most) = (least?, most?);
    if least > most {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                written.max.place(),
                format!("no number of pods is at least {least} and at most {most}"),
            )
            .help(format!(
                "write a `max` of {least} or more, or a `min` of {most} or less"
            )),
        );
    }
    Ok(Autoscaling {
        least: whole(least),
        most: whole(most),
        cpu: cpu?,
        memory: memory?,
    })
}

/// What the ranges above keep within 32 bits.
fn whole(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Whether a client's requests must stay on one pod. A server of which nothing is known may keep
/// its sessions in memory, so it is treated as if it did.
pub fn is_sticky(
    scope: &mut Scope<'_>,
    written: &api::Server,
    scale: Scale,
) -> Result<bool, Reported> {
    let session = setting(&written.session, api::Session::Auto)?;
    let protocol = setting(&written.protocol, api::Protocol::Auto)?;
    let sticky = match (session, protocol) {
        (api::Session::Sticky, api::Protocol::Modern) => {
            return scope.report(
                Problem::error(
                    Code::Contradiction,
                    written.session.place(),
                    "the modern protocol has no sessions that could be sticky",
                )
                .help("remove `session: sticky`, or write `protocol: legacy`"),
            );
        }
        (api::Session::Sticky, _) => true,
        (api::Session::Stateless, _) | (api::Session::Auto, api::Protocol::Modern) => false,
        (api::Session::Auto, _) => scale.is_several(),
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
    Ok(sticky)
}

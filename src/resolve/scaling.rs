//! How many pods a server has.

use super::scope::{Reported, Scope};
use super::stdio::has_processes;
use crate::api::{self, Field, Placed};
use crate::model::{Autoscaling, Scale, ScaleReason};
use crate::problem::{Code, Problem};

const REPLICAS: i64 = 2;
/// Percent of the requested CPU: leaves room until a new pod is ready.
const CPU: i64 = 70;
/// Percent of a request that can be asked for; more than 100 is usual where requests are low.
const SHARES: std::ops::RangeInclusive<i64> = 1..=1000;

/// Resolves `replicas` and `autoscaling`, with the reason.
pub fn scale(
    scope: &mut Scope<'_>,
    written: &api::Server,
) -> Result<(Scale, ScaleReason), Reported> {
    let numbers = 1..=i64::from(i32::MAX);
    let (usual, reason) = if has_processes(written) {
        (1, ScaleReason::Processes)
    } else if written.replicas.is_absent() {
        (REPLICAS, ScaleReason::Available)
    } else {
        (REPLICAS, ScaleReason::Written)
    };
    let autoscaling = match &written.autoscaling {
        Field::Wrong(_) => return Err(Reported),
        Field::Absent => {
            let number = scope.number_or(&written.replicas, usual, numbers, "a number of pods")?;
            return Ok((Scale::Fixed(whole(number)), reason));
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
    let scaling = limits(scope, autoscaling)?;
    Ok((Scale::Auto(scaling), ScaleReason::Written))
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

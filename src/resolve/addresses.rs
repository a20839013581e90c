//! Addresses that a policy may open: not so many that nobody can look through them, and none that hands out
//! the node's role.

use std::net::IpAddr;

use super::scope::{Reported, Scope, items};
use crate::api::{Field, List};
use crate::model::{Cidr, HttpEndpoint, Invalid};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// The instance metadata service, in both families (AWS: IMDS).
const METADATA: [&str; 2] = ["169.254.169.254/32", "fd00:ec2::254/128"];

/// Destinations of a server at most, of which each port is one; also what a platform adds to them. Each is looked
/// for in all rules, so the time grows with the square.
const DESTINATIONS: usize = 2000;

/// Refuses a `number` of destinations above the limit, which are written at `place`.
pub fn refuse_many(
    scope: &mut Scope<'_>,
    number: usize,
    place: Option<Place>,
) -> Result<(), Reported> {
    if number <= DESTINATIONS {
        return Ok(());
    }
    let what = format!("{number} destinations are more than a policy is for");
    scope.report(Problem::error(Code::TooLarge, place, what).help(format!(
        "write at most {DESTINATIONS}, of which each port is one; name wider ranges"
    )))
}

/// Reads address ranges that every server may reach.
///
/// # Errors
/// As [`range`]; also for more of them than a server may have destinations.
pub fn ranges(scope: &mut Scope<'_>, field: &Field<List<String>>) -> Result<Vec<Cidr>, Reported> {
    refuse_many(scope, items(field)?.len(), field.place())?;
    scope.parse_items(field, range)
}

/// Reads an address range that does not open the instance metadata: whoever reaches it has the
/// node's role.
///
/// # Errors
/// As [`Cidr::parse`]; also for a range that contains the metadata service.
pub fn range(text: &str) -> Result<Cidr, Invalid> {
    let cidr = Cidr::parse(text)?;
    if opens_metadata(cidr) {
        return Err(Invalid {
            problem: format!(
                "`{cidr}` contains the instance metadata service, which hands out the node's role"
            ),
            help: "write a narrower range; `egress: [internet]` opens all public addresses".into(),
        });
    }
    Ok(cidr)
}

fn opens_metadata(cidr: Cidr) -> bool {
    METADATA
        .iter()
        .filter_map(|metadata| Cidr::parse(metadata).ok())
        .any(|metadata| metadata.is_within(cidr))
}

/// Reads an endpoint that is not the instance metadata service.
///
/// # Errors
/// As [`HttpEndpoint::parse`]; also for the metadata service.
pub fn endpoint(text: &str) -> Result<HttpEndpoint, Invalid> {
    let endpoint = HttpEndpoint::parse(text)?;
    if single_address(endpoint.host()).is_some_and(opens_metadata) {
        return Err(Invalid {
            problem: format!(
                "`{}` is the instance metadata service, which hands out the node's role",
                endpoint.host()
            ),
            help: "write the address of a trace collector".into(),
        });
    }
    Ok(endpoint)
}

/// The range that holds only `host`, when it is an address.
pub fn single_address(host: &str) -> Option<Cidr> {
    let address: IpAddr = host.trim_matches(['[', ']']).parse().ok()?;
    let length = if address.is_ipv4() { 32 } else { 128 };
    Cidr::parse(&format!("{address}/{length}")).ok()
}

//! What a container or a pod requests, and what it gets at most.

use super::Field;
use super::grammar::{dns_label, qualified_name};
use crate::model::{Invalid, Quantity, quoted};

/// What a container has without a prefix.
const OWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
/// What a pod has.
pub const PODS_OWN: [&str; 2] = ["cpu", "memory"];
const HUGE: &str = "hugepages-";

/// `own` are the names without a prefix; where there are none, those of a container.
pub fn resources(resources: &Field<'_>, own: &[&str]) {
    let (requests, limits) = (resources.field("requests"), resources.field("limits"));
    quantities(&requests, own);
    quantities(&limits, own);
    for (name, request) in requests.entries() {
        let limit = limits.field(name);
        let is_shared = is_native(name) && !name.starts_with(HUGE);
        let (Some(asked), Some(most)) = (quantity(&request), quantity(&limit)) else {
            if !is_shared && !limit.exists() {
                let problem = format!("nobody shares {}, and there is no limit", quoted(name));
                request.refuse(problem, "write the same in `limits`");
            }
            continue;
        };
        if is_shared && asked > most {
            let (asked, most) = (asked.as_str(), most.as_str());
            let problem = format!("the request, {asked}, is above the limit, {most}");
            request.refuse_beside(&limit, problem, "write a lower request, or a higher limit");
        } else if !is_shared && asked != most {
            let problem = format!("nobody shares {}", quoted(name));
            request.refuse_beside(&limit, problem, "write the same in `requests` and `limits`");
        }
    }
    let named: Vec<&str> = [&requests, &limits]
        .iter()
        .flat_map(|all| all.entries())
        .map(|(name, _)| name)
        .collect();
    let has = |is: &dyn Fn(&str) -> bool| named.iter().any(|name| is(name));
    if has(&|name| name.starts_with(HUGE)) && !has(&|name| PODS_OWN.contains(&name)) {
        resources.refuse(
            "pages need memory or a processor beside them",
            "write `memory` too",
        );
    }
}

/// Amounts by the names of resources.
pub fn quantities(amounts: &Field<'_>, own: &[&str]) {
    let own = if own.is_empty() { &OWN[..] } else { own };
    for (name, amount) in amounts.entries() {
        if let Err(why) = qualified_name(name) {
            amount.refuse(why.problem, why.help);
        } else if !is_resource(name, own) {
            let others = if own.contains(&OWN[2]) {
                ", or one with a prefix"
            } else {
                ""
            };
            let help = format!("write one of {}{others}", own.join(", "));
            amount.refuse(format!("{} is no resource", quoted(name)), help);
        }
        match amount_of(&amount) {
            Some(Err(why)) => amount.refuse(why.problem, why.help),
            Some(Ok(value)) if !is_native(name) && value.units().is_none() => {
                amount.refuse("devices are whole", "write a whole number");
            }
            Some(Ok(value)) if name.starts_with(HUGE) => pages(name, &value, &amount),
            _ => {}
        }
    }
}

fn pages(name: &str, amount: &Quantity, field: &Field<'_>) {
    let size = name.strip_prefix(HUGE).map(Quantity::parse);
    let size = size.and_then(Result::ok);
    let is_multiple = match (size.and_then(|size| size.units()), amount.units()) {
        (Some(size), Some(amount)) => amount.checked_rem(size) == Some(0),
        _ => false,
    };
    if !is_multiple {
        let problem = format!("{} are not so large", quoted(name));
        field.refuse(
            problem,
            "write a multiple of the page's size, such as `hugepages-2Mi: 4Mi`",
        );
    }
}

/// Whether `name` may stand among the resources; `own` are those without a prefix.
fn is_resource(name: &str, own: &[&str]) -> bool {
    match name.split_once('/') {
        None => own.contains(&name) || name.starts_with(HUGE),
        Some((prefix, rest)) => {
            // A quota's name of it is `requests.` and the name.
            let asked = format!("requests.{name}");
            own.contains(&OWN[2])
                && !prefix.starts_with("requests.")
                && !rest.is_empty()
                && (is_native(name) || qualified_name(&asked).is_ok())
        }
    }
}

/// Whether Kubernetes itself shares `name` among containers.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn amount_of(field: &Field<'_>) -> Option<Result<Quantity, Invalid>> {
    field.said().map(|text| Quantity::parse(&text))
}

fn quantity(field: &Field<'_>) -> Option<Quantity> {
    amount_of(field)?.ok()
}

/// Refuses what is no amount, or none above zero.
pub fn above_zero(field: &Field<'_>) {
    match amount_of(field) {
        Some(Err(why)) => field.refuse(why.problem, why.help),
        Some(Ok(amount)) if amount.units() == Some(0) => {
            field.refuse("it is nothing", "write an amount above zero");
        }
        _ => {}
    }
}

/// Refuses what is no amount.
pub fn amount(field: &Field<'_>) {
    if let Some(amount) = amount_of(field) {
        field.accept(amount);
    }
}

/// Refuses what the containers of `pod` ask together where the pod asks less, and what one of them gets at
/// most where the pod gets less.
pub fn of_containers(pod: &Field<'_>) {
    let (all, first) = (
        pod.field("containers").items(),
        pod.field("initContainers").items(),
    );
    let asked = |container: &Field<'_>, name: &str| {
        let asked = container.at("resources.requests").field(name);
        // A limit alone is asked, too.
        let asked =
            quantity(&asked).or_else(|| quantity(&container.at("resources.limits").field(name)));
        asked.map_or(0, |asked| asked.nanos())
    };
    let together = |name: &str| {
        let all: u128 = all.iter().map(|container| asked(container, name)).sum();
        let (mut beside, mut most) = (0, 0);
        for container in &first {
            let asks = asked(container, name);
            most = most.max(beside + asks);
            if container.field("restartPolicy").is("Always") {
                beside += asks;
            }
        }
        most.max(all + beside)
    };
    let (requests, limits) = (pod.at("resources.requests"), pod.at("resources.limits"));
    let limits = limits.entries().into_iter();
    // Pages are not shared: what a pod gets of them is what it asks.
    let pages = limits.filter(|(name, _)| name.starts_with(HUGE));
    for (name, amount) in requests.entries().into_iter().chain(pages) {
        if quantity(&amount).is_some_and(|amount| amount.nanos() < together(name)) {
            amount.refuse(
                "its containers ask more together",
                "write more, or remove it",
            );
        }
    }
    for (name, limit) in pod.at("resources.limits").entries() {
        let Some(limit) = quantity(&limit) else {
            continue;
        };
        for container in &all {
            let own = container.at("resources.limits").field(name);
            if quantity(&own).is_some_and(|own| own > limit) {
                let of_pod = pod.at("resources.limits").field(name);
                let problem = "a container gets more than its pod";
                own.refuse_beside(&of_pod, problem, "write less there, or more in the pod");
            }
        }
    }
}

/// The devices of a container, of those that its pod claims.
pub fn claims(claims: &Field<'_>, of_pod: &Field<'_>) {
    let of_pod = of_pod.items();
    for claim in claims.items() {
        let name = claim.field("name");
        name.require();
        claim.field("request").parse(dns_label);
        if !of_pod.iter().any(|known| known.field("name").equals(&name)) {
            name.refuse(
                "the pod claims nothing of this name",
                "write it in `resourceClaims`",
            );
        }
    }
    let whole = claims.items();
    for (index, claim) in whole.iter().enumerate() {
        let name = claim.field("name");
        let overlaps = |other: &&Field<'_>| {
            let request = other.field("request");
            let is_same = request.equals(&claim.field("request"));
            other.field("name").equals(&name)
                && (is_same || request.is_empty() || claim.field("request").is_empty())
        };
        if whole.iter().take(index).any(|other| overlaps(&other)) {
            name.refuse("the container has it already", "write it once");
        }
    }
}

//! The spec of a pod: what is neither a container, nor a volume, nor about where it runs.

use super::Field;
use super::container::{Within, containers};
use super::grammar::{
    dns_label, dns_subdomain, ip_address, qualified_name, search_domain, sysctl_name,
};
use super::resources::{PODS_OWN, of_containers, quantities, resources};
use super::scheduling::scheduling;
use super::security::{HIGHEST_ID, profiles};
use super::volume::volumes;

/// Characters of all searched domains with a space between two, at most.
const SEARCHED: usize = 2048;

/// The pods of a Deployment.
pub fn pod(pod: &Field<'_>) {
    pod.field("restartPolicy").one_of(&["Always"]);
    pod.field("activeDeadlineSeconds").forbid(
        "pods of a Deployment have no end",
        "remove it; a Job has one",
    );
    pod.field("terminationGracePeriodSeconds").at_least(0);
    pod.field("hostname").parse(dns_label);
    pod.field("subdomain").parse(dns_label);
    hostname_override(pod);
    dns(pod);
    scheduling(pod);
    security(pod);
    volumes(&pod.field("volumes"));
    containers(&Within::of(pod));
    for alias in pod.field("hostAliases").items() {
        alias.field("ip").require().parse(ip_address);
        for name in alias.field("hostnames").items() {
            name.require().parse(dns_subdomain);
        }
    }
    for gate in pod.field("readinessGates").items() {
        let condition = gate.field("conditionType");
        condition.require().parse(qualified_name);
    }
    quantities(&pod.field("overhead"), &[]);
    resources(&pod.field("resources"), &PODS_OWN);
    of_containers(pod);
    if pod.at("resources.claims").exists() {
        let claims = pod.at("resources.claims");
        claims.refuse("a container claims devices", "write it there");
    }
    claims(&pod.field("resourceClaims"));
    pod.at("os.name").one_of(&["linux"]);
    if pod.field("os").exists() {
        pod.at("os.name").require();
    }
}

fn hostname_override(pod: &Field<'_>) {
    let name = pod.field("hostnameOverride");
    name.filled().parse(dns_subdomain);
    if name.text().is_some_and(|text| text.len() > 64) {
        name.refuse("it has more than 64 characters", "write a shorter name");
    }
    for other in ["setHostnameAsFQDN", "hostNetwork"] {
        if pod.field(other).is_true() {
            let problem = format!("`{other}` names the host already");
            name.forbid(&problem, "write one of them");
        }
    }
}

fn dns(pod: &Field<'_>) {
    let (policy, config) = (pod.field("dnsPolicy"), pod.field("dnsConfig"));
    policy.one_of(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
    let servers = config.field("nameservers");
    if policy.is("None") && servers.is_empty() {
        let help = "write `dnsConfig: {nameservers: […]}`, or another policy";
        policy.refuse("with it a pod needs name servers", help);
    }
    if servers.items().len() > 3 {
        servers.refuse("a pod asks three at most", "write three");
    }
    for server in servers.items() {
        server.require().parse(ip_address);
    }
    let searches = config.field("searches").items();
    let lengths = searches.iter().filter_map(Field::text).map(str::len);
    if searches.len() > 32 || lengths.sum::<usize>() + searches.len() > SEARCHED {
        let problem = "there are more than 32, or they have more than 2048 characters";
        config.field("searches").refuse(problem, "write fewer");
    }
    for search in searches {
        search.require().parse(search_domain);
    }
    for option in config.field("options").items() {
        option.field("name").require();
    }
}

fn security(pod: &Field<'_>) {
    let context = pod.field("securityContext");
    for name in ["fsGroup", "runAsGroup", "runAsUser"] {
        context.field(name).range(0..=HIGHEST_ID);
    }
    for group in context.field("supplementalGroups").items() {
        group.range(0..=HIGHEST_ID);
    }
    context
        .field("fsGroupChangePolicy")
        .one_of(&["Always", "OnRootMismatch"]);
    context
        .field("supplementalGroupsPolicy")
        .one_of(&["Merge", "Strict"]);
    context.field("seLinuxChangePolicy").one_of(&["Recursive"]);
    context.field("sysctls").unique(&["name"]);
    for parameter in context.field("sysctls").items() {
        let name = parameter.field("name");
        name.require().parse(sysctl_name);
        let is_within = |prefixes: &[&str]| {
            let text = name.text().unwrap_or_default().replace('/', ".");
            prefixes.iter().any(|prefix| text.starts_with(prefix))
        };
        if pod.field("hostNetwork").is_true() && is_within(&["net."]) {
            name.refuse(
                "`hostNetwork` shares it with the node",
                "remove one of them",
            );
        }
        if pod.field("hostIPC").is_true()
            && is_within(&["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."])
        {
            name.refuse("`hostIPC` shares it with the node", "remove one of them");
        }
    }
    profiles(&context);
    let shared = pod.field("shareProcessNamespace");
    if shared.is_true() && pod.field("hostPID").is_true() {
        shared.refuse("`hostPID` shares more already", "write one of them");
    }
    if pod.field("hostUsers").is_false() {
        for name in ["hostNetwork", "hostPID", "hostIPC"] {
            let shared = pod.field(name);
            if shared.is_true() {
                let help = "write one of them";
                shared.refuse("`hostUsers: false` gives the pod users of its own", help);
            }
        }
    }
}

fn claims(claims: &Field<'_>) {
    claims.unique(&["name"]);
    for claim in claims.items() {
        claim.field("name").require().parse(dns_label);
        let source = claim.exactly_one(&["resourceClaimName", "resourceClaimTemplateName"]);
        if let Some(source) = source {
            claim.field(source).require().parse(dns_subdomain);
        }
    }
}

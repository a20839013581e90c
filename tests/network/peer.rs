//! np-guard's Network Config Analyzer reads the same objects, and sees the same connections.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::Command;

use mcpset::check::input::Input;
use mcpset::check::network::{Endpoint, Network, Protocol};
use mcpset::manifest::Object;

use super::manifests;
use super::mutations::MUTATIONS;
use super::semantics::{CASES, text};
use crate::support::{Bundle, QUICKSTART, bundles, peer, root};

/// What nca says against a policy that the API server takes: rules of a direction that is not listed
/// do not count (`networking/v1`, `policyTypes`).
const REFUSED: &str = "in its policyTypes";

/// The case in which nca takes an empty `egress` for a listed one; the API server lists Egress only
/// where there are rules (`pkg/apis/networking/v1/defaults.go`).
const DIFFERENT: &str = "egress without rules isolates only when it is listed";

/// By sender, receiver and protocol: the ports.
type Connections = BTreeMap<(String, String, String), BTreeSet<(u16, u16)>>;
/// A line of the analyser: sender, receiver, protocols, ports.
type Line = (String, String, Vec<String>, Vec<RangeInclusive<u16>>);

/// What nca says of the objects in `text`; `None` when it refuses them.
fn said(text: &str) -> Option<Vec<Line>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.yaml");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(peer("nca"));
    command.args([
        "--connectivity",
        "--print_ipv6",
        "--output_format",
        "txt_no_fw_rules",
    ]);
    let output = command.arg("--resource_list").arg(&file).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && stderr.contains(REFUSED) {
        return None;
    }
    assert!(
        output.status.success() && !stderr.contains("Skipping"),
        "{stderr}"
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    Some(stdout.lines().filter_map(line).collect())
}

fn line(line: &str) -> Option<Line> {
    let (ends, connections) = line.split_once(" : ")?;
    let (from, to) = ends.split_once(" => ")?;
    let everything = vec![1..=u16::MAX];
    let texts = |list: &str| -> Vec<String> {
        list.split(',').map(|text| text.trim().to_owned()).collect()
    };
    let (protocols, ports) = if connections == "All connections" {
        (texts("TCP,UDP,SCTP"), everything)
    } else {
        let inner = connections
            .trim_matches(['{', '}'])
            .strip_prefix("protocols:")
            .unwrap();
        match inner.split_once(",dst_ports:") {
            Some((protocols, ports)) => {
                (texts(protocols), ports.split(',').map(ports_of).collect())
            }
            None => (texts(inner), everything),
        }
    };
    assert!(
        protocols
            .iter()
            .all(|name| ["TCP", "UDP", "SCTP"].contains(&name.as_str())),
        "{line}"
    );
    Some((from.to_owned(), to.to_owned(), protocols, ports))
}

fn ports_of(text: &str) -> RangeInclusive<u16> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    first.parse().unwrap()..=last.parse().unwrap()
}

/// The addresses of `10.0.0.0-10.255.255.255`, or one.
fn range(text: &str) -> Option<(IpAddr, IpAddr)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// The connections that `said` holds between pods and `addresses`.
fn theirs(said: &[Line], addresses: &BTreeSet<IpAddr>) -> Connections {
    let ends = |end: &str| match range(end) {
        Some((first, last)) => {
            let within = addresses.iter().filter(|address| {
                address.is_ipv4() == first.is_ipv4() && (first..=last).contains(*address)
            });
            within.map(ToString::to_string).collect()
        }
        None => vec![end.to_owned()],
    };
    let mut ports: BTreeMap<_, Vec<(u16, u16)>> = BTreeMap::new();
    for (from, to, protocols, open) in said {
        for from in ends(from) {
            for to in ends(to) {
                for protocol in protocols {
                    let key = (from.clone(), to.clone(), protocol.clone());
                    ports
                        .entry(key)
                        .or_default()
                        .extend(open.iter().map(|range| (*range.start(), *range.end())));
                }
            }
        }
    }
    ports
        .into_iter()
        .map(|(key, ports)| (key, runs(ports)))
        .collect()
}

/// Ranges, each as long as it can be.
fn runs(mut ranges: Vec<(u16, u16)>) -> BTreeSet<(u16, u16)> {
    ranges.sort_unstable();
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for (first, end) in ranges {
        match runs.last_mut() {
            Some((_, last)) if first <= last.saturating_add(1) => *last = end.max(*last),
            _ => runs.push((first, end)),
        }
    }
    runs.into_iter().collect()
}

/// The connections that mcpset finds among the pods of `network` and `addresses`.
fn ours(network: &Network<'_>, addresses: &BTreeSet<IpAddr>) -> Connections {
    let name = |object: &Object| {
        format!(
            "{}/{}[{}]",
            object.namespace(),
            object.name(),
            object.kind()
        )
    };
    let pods = network.pods().iter();
    let pods = pods.map(|resident| (name(resident.pod.workload), resident.endpoint.clone()));
    let outside = addresses
        .iter()
        .map(|address| (address.to_string(), Endpoint::Address(*address)));
    let all: Vec<(String, Endpoint<'_>)> = pods.chain(outside).collect();
    let mut found = Connections::new();
    for (from_name, from) in &all {
        for (to_name, to) in &all {
            let both_outside = [from, to]
                .iter()
                .all(|end| matches!(end, Endpoint::Address(_)));
            if from_name == to_name || both_outside {
                continue;
            }
            for (protocol, ports) in network.ports(from, to) {
                let protocol: Protocol = protocol;
                let key = (from_name.clone(), to_name.clone(), protocol.to_string());
                found
                    .entry(key)
                    .or_default()
                    .insert((*ports.start(), *ports.end()));
            }
        }
    }
    found
}

/// How many connections both see, and those that one alone does; `None` when nca refuses the input.
fn compare(text: &str) -> Option<(usize, Vec<String>)> {
    let said = said(text)?;
    let manifests = manifests(text);
    let input = Input::of(&manifests);
    let network = Network::new(&input);
    let mut addresses = BTreeSet::new();
    for resident in network.pods() {
        addresses.extend(network.addresses(resident));
    }
    for (from, to, ..) in &said {
        for (first, last) in [from, to].into_iter().filter_map(|end| range(end)) {
            addresses.extend([first, last]);
        }
    }
    let (ours, theirs) = (ours(&network, &addresses), theirs(&said, &addresses));
    let keys: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let agreed = keys
        .iter()
        .filter(|key| ours.get(**key) == theirs.get(**key))
        .count();
    let differing = keys
        .iter()
        .filter(|key| ours.get(**key) != theirs.get(**key));
    let differing =
        differing.map(|key| format!("{key:?}: {:?}, nca {:?}", ours.get(*key), theirs.get(*key)));
    Some((agreed, differing.collect()))
}

/// The objects of `bundle` that nca reads, and those beside them.
fn with_neighbours(bundle: &Bundle) -> String {
    let path = root().join(Path::new("tests/linters/neighbours.yaml"));
    let mut text = std::fs::read_to_string(path).unwrap();
    let kinds = ["Namespace", "Deployment", "NetworkPolicy"];
    for document in bundle
        .documents
        .iter()
        .filter(|document| kinds.contains(&document["kind"].as_str().unwrap()))
    {
        text += "---\n";
        text += &serde_yaml::to_string(document).unwrap();
    }
    for (namespace, missing) in namespaces(bundle, &text) {
        if missing {
            let _ = write!(
                text,
                "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {namespace}, labels: {{kubernetes.io/metadata.name: {namespace}}}}}\n"
            );
        }
    }
    text
}

/// The namespaces of `bundle`, and whether `text` lacks them.
fn namespaces(bundle: &Bundle, text: &str) -> BTreeMap<String, bool> {
    let names = bundle
        .documents
        .iter()
        .filter_map(|document| document["metadata"]["namespace"].as_str());
    names
        .map(|name| {
            let known = manifests(text)
                .of_kind("Namespace")
                .any(|object| object.name() == name);
            (name.to_owned(), !known)
        })
        .collect()
}

#[test]
#[ignore = "needs the real nca: run ./test --all"]
fn nca_sees_the_same_connections() {
    let (mut inputs, mut agreed, mut wrong, mut refused) = (0, 0, Vec::new(), Vec::new());
    let mut ask = |name: &str, text: &str| {
        let Some((same, differing)) = compare(text) else {
            refused.push(name.to_owned());
            return;
        };
        assert!(same > 0, "{name}");
        inputs += 1;
        agreed += same;
        wrong.extend(differing.into_iter().map(|line| format!("{name}: {line}")));
    };
    for (name, policies, _) in CASES {
        ask(name, &text(policies));
    }
    for (path, bundle) in bundles() {
        ask(&path, &with_neighbours(&bundle));
    }
    for (name, spoil, _) in MUTATIONS {
        let mut bundle = Bundle::of(QUICKSTART).unwrap();
        spoil(&mut bundle);
        ask(name, &with_neighbours(&bundle));
    }
    println!(
        "{inputs} inputs, {agreed} connections agreed, {} differ",
        wrong.len()
    );
    let (known, wrong): (Vec<_>, Vec<_>) = wrong
        .into_iter()
        .partition(|line: &String| line.starts_with(DIFFERENT));
    assert!(!known.is_empty(), "nca has learned it");
    assert_eq!(wrong, [""; 0]);
    let refusable = [
        "rules of a direction that is not listed do not count",
        "ingress not listed",
        "egress not listed",
        "no default-deny, and egress not listed",
        "no default-deny, and ingress not listed",
    ];
    assert_eq!(refused, refusable);
}

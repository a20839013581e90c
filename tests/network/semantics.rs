//! The NetworkPolicy API, sentence by sentence (`networking/v1`).

use std::fmt::Write as _;
use std::net::IpAddr;

use Protocol::{Sctp, Tcp, Udp};
use mcpset::check::network::{Endpoint, Network, Protocol};

use mcpset::check::input::Input;
use mcpset::manifest::Object;

use super::manifests;

/// A server, a client beside it, and a pod of another namespace.
pub const WORLD: &str = "\
apiVersion: v1
kind: Namespace
metadata: {name: x, labels: {kubernetes.io/metadata.name: x, team: red}}
---
apiVersion: v1
kind: Pod
metadata: {name: server, namespace: x, labels: {app: server}}
spec: {containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: x, labels: {app: client, tier: front}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: y, labels: {kubernetes.io/metadata.name: y}}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: y, labels: {app: client}}
spec: {containers: [{name: a, image: a}]}
";

/// Sender, receiver, protocol, port, and whether it is allowed.
type Asked = (&'static str, &'static str, Protocol, u16, bool);

/// What is said, the specs of policies in `x`, and what follows.
pub const CASES: &[(&str, &[&str], &[Asked])] = &[
    (
        "without a policy, everything is allowed",
        &[],
        &[
            ("y/client", "x/server", Tcp, 1, true),
            ("1.1.1.1", "x/server", Sctp, 9, true),
            ("x/server", "1.1.1.1", Udp, 53, true),
        ],
    ),
    (
        "a policy without rules closes ingress, and leaves egress alone",
        &["{podSelector: {matchLabels: {app: server}}}"],
        &[
            ("x/client", "x/server", Tcp, 8080, false),
            ("1.1.1.1", "x/server", Tcp, 8080, false),
            ("x/server", "x/client", Tcp, 80, true),
            ("y/client", "x/client", Tcp, 80, true),
        ],
    ),
    (
        "an empty list of rules closes",
        &["{podSelector: {}, policyTypes: [Ingress], ingress: []}"],
        &[("x/client", "x/server", Tcp, 8080, false)],
    ),
    (
        "an empty rule opens",
        &["{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}"],
        &[
            ("y/client", "x/server", Sctp, 65535, true),
            ("1.1.1.1", "x/server", Udp, 1, true),
        ],
    ),
    (
        "egress that has rules isolates without being listed",
        &[
            "{podSelector: {matchLabels: {app: server}}, egress: [{ports: [{port: 53, protocol: UDP}]}]}",
        ],
        &[
            ("x/server", "x/client", Udp, 53, true),
            ("x/server", "x/client", Tcp, 53, false),
            ("x/client", "x/server", Tcp, 8080, false),
        ],
    ),
    (
        "egress without rules isolates only when it is listed",
        &["{podSelector: {matchLabels: {app: server}}, ingress: [{}], egress: []}"],
        &[("x/server", "1.1.1.1", Tcp, 443, true)],
    ),
    (
        "a listed egress without rules closes",
        &["{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress]}"],
        &[
            ("x/server", "1.1.1.1", Tcp, 443, false),
            ("x/client", "x/server", Tcp, 80, true),
        ],
    ),
    (
        "rules of a direction that is not listed do not count",
        &[
            "{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {}}]}], egress: [{}]}",
        ],
        &[("y/client", "x/server", Tcp, 80, true)],
    ),
    (
        "policies add up",
        &[
            "{podSelector: {}, policyTypes: [Ingress]}",
            "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8080}]}]}",
            "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 9090}]}]}",
        ],
        &[
            ("y/client", "x/server", Tcp, 8080, true),
            ("y/client", "x/server", Tcp, 9090, true),
            ("y/client", "x/server", Tcp, 9091, false),
        ],
    ),
    (
        "the sender's egress and the receiver's ingress both have to allow",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8080}]}]}",
            "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{ports: [{port: 9090}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 8080, false),
            ("x/client", "x/server", Tcp, 9090, false),
            ("y/client", "x/server", Tcp, 8080, true),
        ],
    ),
    (
        "a podSelector alone means the policy's namespace",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("y/client", "x/server", Tcp, 1, false),
            ("1.1.1.1", "x/server", Tcp, 1, false),
        ],
    ),
    (
        "a namespaceSelector alone means all pods of the namespaces, and no address",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{namespaceSelector: {}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("y/client", "x/server", Tcp, 1, true),
            ("10.0.0.1", "x/server", Tcp, 1, false),
        ],
    ),
    (
        "both selectors in one item both have to hold",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}, podSelector: {matchLabels: {tier: front}}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, false),
            ("y/client", "x/server", Tcp, 1, false),
        ],
    ),
    (
        "selectors in two items are two peers",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}}, {podSelector: {matchLabels: {tier: front}}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("y/client", "x/server", Tcp, 1, true),
        ],
    ),
    (
        "namespaces have their own labels",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [red, blue]}]}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("y/client", "x/server", Tcp, 1, false),
        ],
    ),
    (
        "expressions are as for every selector",
        &[
            "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [client]}]}, ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}, {namespaceSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("y/client", "x/server", Tcp, 1, true),
            ("x/server", "x/client", Tcp, 1, true),
        ],
    ),
    (
        "an ipBlock opens its addresses but the exceptions",
        &[
            "{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.3.4/32]}}]}]}",
        ],
        &[
            ("x/server", "10.0.0.0", Tcp, 1, true),
            ("x/server", "10.0.255.255", Tcp, 1, true),
            ("x/server", "10.1.0.0", Tcp, 1, false),
            ("x/server", "10.1.255.255", Tcp, 1, false),
            ("x/server", "10.2.0.0", Tcp, 1, true),
            ("x/server", "10.2.3.4", Tcp, 1, false),
            ("x/server", "11.0.0.0", Tcp, 1, false),
            ("x/server", "x/client", Tcp, 1, false),
        ],
    ),
    (
        "one policy's exception is another's opening",
        &[
            "{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}",
            "{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}",
        ],
        &[
            ("x/server", "10.0.0.1", Tcp, 1, false),
            ("x/server", "10.1.0.1", Tcp, 1, true),
            ("x/server", "9.9.9.9", Tcp, 1, true),
        ],
    ),
    (
        "addresses of IPv6 are ranges of their own",
        &[
            "{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: '::/0', except: ['fc00::/7']}}]}]}",
        ],
        &[
            ("x/server", "2001:db8::1", Tcp, 1, true),
            ("x/server", "fd00:ec2::254", Tcp, 1, false),
            ("x/server", "1.1.1.1", Tcp, 1, false),
        ],
    ),
    (
        "a port without a protocol is TCP",
        &["{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8080}]}]}"],
        &[
            ("x/client", "x/server", Tcp, 8080, true),
            ("x/client", "x/server", Udp, 8080, false),
            ("x/client", "x/server", Sctp, 8080, false),
            ("x/client", "x/server", Tcp, 8081, false),
        ],
    ),
    (
        "a protocol without a port is all its ports",
        &["{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{protocol: SCTP}]}]}"],
        &[
            ("x/client", "x/server", Sctp, 1, true),
            ("x/client", "x/server", Sctp, 65535, true),
            ("x/client", "x/server", Tcp, 1, false),
        ],
    ),
    (
        "endPort is the last of a range",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8000, endPort: 8010}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 7999, false),
            ("x/client", "x/server", Tcp, 8000, true),
            ("x/client", "x/server", Tcp, 8010, true),
            ("x/client", "x/server", Tcp, 8011, false),
        ],
    ),
    (
        "a named port is the receiver's container's, with its protocol",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: http}, {port: dns, protocol: UDP}, {port: dns}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 8080, true),
            ("x/client", "x/server", Udp, 53, true),
            ("x/client", "x/server", Tcp, 53, false),
            ("x/client", "x/server", Udp, 8080, false),
        ],
    ),
    (
        "a named port of an egress rule is the receiver's as well, which an address has not",
        &[
            "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 8080, true),
            ("x/client", "x/server", Tcp, 80, false),
            ("x/client", "1.1.1.1", Tcp, 8080, false),
        ],
    ),
    (
        "peers and ports of one rule both have to hold, of two rules not",
        &[
            "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 1}]}, {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: y}}}], ports: [{port: 2}]}]}",
        ],
        &[
            ("x/client", "x/server", Tcp, 1, true),
            ("x/client", "x/server", Tcp, 2, false),
            ("y/client", "x/server", Tcp, 1, false),
            ("y/client", "x/server", Tcp, 2, true),
        ],
    ),
    (
        "empty lists of peers and ports open for all",
        &["{podSelector: {matchLabels: {app: server}}, ingress: [{from: [], ports: []}]}"],
        &[
            ("1.1.1.1", "x/server", Udp, 7, true),
            ("y/client", "x/server", Sctp, 7, true),
        ],
    ),
];

/// The objects of a case.
pub fn text(policies: &[&str]) -> String {
    let mut text = WORLD.to_owned();
    for (number, spec) in policies.iter().enumerate() {
        let _ = write!(
            text,
            "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: p{number}, namespace: x}}\nspec: {spec}\n"
        );
    }
    text
}

#[test]
fn policies_mean_what_the_api_says() {
    for (case, policies, asked) in CASES {
        let manifests = manifests(&text(policies));
        let input = Input::of(&manifests);
        let network = Network::new(&input);
        let name = |workload: &Object| format!("{}/{}", workload.namespace(), workload.name());
        let endpoint = |who: &str| {
            if let Ok(address) = who.parse::<IpAddr>() {
                return Endpoint::Address(address);
            }
            let mut pods = network.pods().iter();
            let pod = pods.find(|resident| name(resident.pod.workload) == who);
            pod.unwrap().endpoint.clone()
        };
        for (from, to, protocol, port, allowed) in *asked {
            let verdict = network.allows(&endpoint(from), &endpoint(to), *protocol, *port);
            assert_eq!(
                verdict.is_allowed(),
                *allowed,
                "{case}: {from} {to} {protocol} {port}: {verdict:?}"
            );
        }
    }
}

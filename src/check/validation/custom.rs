//! The two custom kinds of a server, as their definitions say: external-secrets.io/v1 of External Secrets
//! 2.9, and networking.k8s.aws/v1alpha1.
//!
//! The API server drops fields that a definition does not have, and `kubectl apply` refuses them.

use super::Field;
use super::grammar::config_key;
use super::metadata::of_template;
use super::network::network_policy;
use super::shape::Shape::{
    Either, Fields, Filled, Flag, Key, List, Name, Number, OneOf, Port, Text, Texts, Word,
};
use super::shape::{Shape, compare};
use crate::model::{GoDuration, Invalid, quoted};

const CONVERSION: Shape = OneOf(&["Default", "Unicode"]);
const DECODING: Shape = OneOf(&["Auto", "Base64", "Base64URL", "None"]);
const NULL_BYTES: Shape = OneOf(&["Ignore", "Fail"]);
const STORE: Shape = Fields(
    &[],
    &[
        ("kind", OneOf(&["SecretStore", "ClusterSecretStore"])),
        ("name", Name),
    ],
);
const SOURCE: Shape = Either(&[("generatorRef", GENERATOR), ("storeRef", STORE)]);
const GENERATOR: Shape = Fields(
    &["kind", "name"],
    &[
        ("apiVersion", Text),
        (
            "kind",
            OneOf(&[
                "ACRAccessToken",
                "BeyondtrustWorkloadCredentialsDynamicSecret",
                "CloudsmithAccessToken",
                "ClusterGenerator",
                "ECRAuthorizationToken",
                "Fake",
                "GCRAccessToken",
                "GithubAccessToken",
                "GitlabDeployToken",
                "Grafana",
                "MFA",
                "Password",
                "QuayAccessToken",
                "SSHKey",
                "STSSessionToken",
                "UUID",
                "VaultDynamicSecret",
                "Webhook",
            ]),
        ),
        ("name", Name),
    ],
);
const REMOTE: Shape = Fields(
    &["key"],
    &[
        ("conversionStrategy", CONVERSION),
        ("decodingStrategy", DECODING),
        ("key", Text),
        ("metadataPolicy", OneOf(&["None", "Fetch"])),
        ("nullBytePolicy", NULL_BYTES),
        ("property", Text),
        ("version", Text),
    ],
);
const FIND: Shape = Fields(
    &[],
    &[
        ("conversionStrategy", CONVERSION),
        ("decodingStrategy", DECODING),
        ("name", Fields(&[], &[("regexp", Text)])),
        ("nullBytePolicy", NULL_BYTES),
        ("path", Text),
        ("tags", Texts),
    ],
);
const REWRITE: Shape = Either(&[
    (
        "merge",
        Fields(
            &[],
            &[
                ("conflictPolicy", OneOf(&["Ignore", "Error"])),
                ("into", Text),
                ("priority", List(&Text)),
                ("priorityPolicy", OneOf(&["IgnoreNotFound", "Strict"])),
                ("strategy", OneOf(&["Extract", "JSON"])),
            ],
        ),
    ),
    (
        "regexp",
        Fields(&["source", "target"], &[("source", Text), ("target", Text)]),
    ),
    ("transform", Fields(&["template"], &[("template", Text)])),
]);
const TEMPLATES: Shape = Fields(
    &["items", "name"],
    &[
        (
            "items",
            List(&Fields(
                &["key"],
                &[
                    ("key", Key),
                    ("templateAs", OneOf(&["Values", "KeysAndValues"])),
                ],
            )),
        ),
        ("name", Name),
    ],
);
const TEMPLATE: Shape = Fields(
    &[],
    &[
        ("data", Texts),
        ("engineVersion", OneOf(&["v2"])),
        ("mergePolicy", OneOf(&["Replace", "Merge"])),
        (
            "metadata",
            Fields(
                &[],
                &[
                    ("annotations", Texts),
                    ("finalizers", List(&Text)),
                    ("labels", Texts),
                ],
            ),
        ),
        (
            "templateFrom",
            List(&Fields(
                &[],
                &[
                    ("configMap", TEMPLATES),
                    ("literal", Text),
                    ("secret", TEMPLATES),
                    ("target", Text),
                    ("valuesDecodingStrategy", DECODING),
                ],
            )),
        ),
        ("type", Text),
    ],
);
const EXTERNAL_SECRET: Shape = Fields(
    &[],
    &[
        (
            "data",
            List(&Fields(
                &["remoteRef", "secretKey"],
                &[
                    ("remoteRef", REMOTE),
                    ("secretKey", Key),
                    ("sourceRef", SOURCE),
                ],
            )),
        ),
        (
            "dataFrom",
            List(&Fields(
                &[],
                &[
                    ("extract", REMOTE),
                    ("find", FIND),
                    ("rewrite", List(&REWRITE)),
                    ("sourceRef", SOURCE),
                ],
            )),
        ),
        ("refreshInterval", Text),
        (
            "refreshPolicy",
            OneOf(&["CreatedOnce", "Periodic", "OnChange"]),
        ),
        ("secretStoreRef", STORE),
        (
            "syncWindows",
            Fields(
                &["kind", "windows"],
                &[
                    ("kind", OneOf(&["allow", "deny"])),
                    (
                        "windows",
                        Filled(&Fields(
                            &["duration", "schedule"],
                            &[("duration", Text), ("schedule", Text)],
                        )),
                    ),
                ],
            ),
        ),
        (
            "target",
            Fields(
                &[],
                &[
                    (
                        "creationPolicy",
                        OneOf(&["Owner", "Orphan", "Merge", "None", "CreateOrMerge"]),
                    ),
                    ("deletionPolicy", OneOf(&["Delete", "Merge", "Retain"])),
                    ("immutable", Flag),
                    (
                        "manifest",
                        Fields(
                            &["apiVersion", "kind"],
                            &[("apiVersion", Word), ("kind", Word)],
                        ),
                    ),
                    ("name", Name),
                    ("template", TEMPLATE),
                ],
            ),
        ),
    ],
);
const SELECTOR: Shape = Fields(
    &[],
    &[
        (
            "matchExpressions",
            List(&Fields(
                &["key", "operator"],
                &[("key", Text), ("operator", Text), ("values", List(&Text))],
            )),
        ),
        ("matchLabels", Texts),
    ],
);
const PORTS: Shape = List(&Fields(
    &[],
    &[("endPort", Number), ("port", Port), ("protocol", Text)],
));
const BLOCK: Shape = Fields(&["cidr"], &[("cidr", Text), ("except", List(&Text))]);
const FROM: Shape = Fields(
    &[],
    &[
        ("ipBlock", BLOCK),
        ("namespaceSelector", SELECTOR),
        ("podSelector", SELECTOR),
    ],
);
const TO: Shape = Fields(
    &[],
    &[
        ("domainNames", Filled(&Text)),
        ("ipBlock", BLOCK),
        ("namespaceSelector", SELECTOR),
        ("podSelector", SELECTOR),
    ],
);
const APPLICATION_NETWORK_POLICY: Shape = Fields(
    &["podSelector"],
    &[
        (
            "egress",
            List(&Fields(&[], &[("ports", PORTS), ("to", List(&TO))])),
        ),
        (
            "ingress",
            List(&Fields(&[], &[("from", List(&FROM)), ("ports", PORTS)])),
        ),
        ("podSelector", SELECTOR),
        ("policyTypes", List(&Text)),
    ],
);

pub fn external_secret(secret: &Field<'_>) {
    let spec = secret.field("spec");
    compare(&spec, &EXTERNAL_SECRET);
    // The operator reads this, and makes the Secret of that.
    let interval = spec.field("refreshInterval");
    // Never: the one duration without a unit.
    if !interval.is("0") {
        interval.filled().parse(GoDuration::parse);
    }
    for window in spec.at("syncWindows.windows").items() {
        window.field("duration").filled().parse(GoDuration::parse);
        window.field("schedule").filled().parse(schedule);
    }
    let template = spec.at("target.template");
    of_template(&template.field("metadata"));
    for (key, value) in template.field("data").entries() {
        value.accept(config_key(key));
    }
}

pub fn application_network_policy(policy: &Field<'_>) {
    compare(&policy.field("spec"), &APPLICATION_NETWORK_POLICY);
    network_policy(policy);
    for rule in policy.at("spec.egress").items() {
        for peer in rule.field("to").items() {
            let domains = peer.field("domainNames");
            for other in ["ipBlock", "namespaceSelector", "podSelector"] {
                if peer.field(other).exists() {
                    domains.forbid("the peer has something else as well", "write two peers");
                }
            }
            domains.distinct();
            for domain in domains.items() {
                domain.require().parse(domain_name);
            }
        }
    }
}

/// When a window opens: five fields, or a word for them.
fn schedule(text: &str) -> Result<(), Invalid> {
    const WORDS: [&str; 7] = [
        "@annually",
        "@daily",
        "@hourly",
        "@midnight",
        "@monthly",
        "@weekly",
        "@yearly",
    ];
    let every = text.strip_prefix("@every ");
    let is_every =
        every.is_some_and(|every| every.starts_with(|first: char| !first.is_whitespace()));
    let mut fields = text.split(' ');
    let is_field = |field: &str| !field.is_empty() && !field.contains(char::is_whitespace);
    let is_cron = text.split(' ').count() == 5 && fields.all(is_field);
    if WORDS.contains(&text) || is_every || is_cron {
        return Ok(());
    }
    Err(Invalid {
        problem: format!("{} is no schedule", quoted(text)),
        help: "write one such as `0 22 * * 1-5` or `@daily`".to_owned(),
    })
}

/// A host, or with `*.` all below it.
fn domain_name(text: &str) -> Result<(), Invalid> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_part = |part: &str| {
        let bytes = part.as_bytes();
        let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        is_edge(bytes.first()) && is_edge(bytes.last()) && bytes.iter().all(is_allowed)
    };
    if name.contains('.') && name.split('.').all(is_part) {
        return Ok(());
    }
    Err(Invalid {
        problem: format!("{} is no name of a host", quoted(text)),
        help: "write one such as `api.example.com` or `*.example.com`".to_owned(),
    })
}

//! `spec.servers[]` and `spec.defaults`.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::texts::{
    cidr, label_key, label_map, list, matching, namespace, number, object_name, one_of, some_of,
    text, text_map,
};
use super::{DIGEST, ECR};

/// One to three servers of different names.
pub fn servers() -> BoxedStrategy<Value> {
    let server = ("[a-z]([a-z0-9-]{0,8}[a-z0-9])?", image(), fields());
    vec(server, 1..4)
        .prop_map(|servers| {
            let numbered = servers.into_iter().enumerate();
            numbered
                .map(|(index, (name, image, mut server))| {
                    server["name"] = json!(format!("{name}{index}"));
                    server["image"] = image;
                    server
                })
                .collect()
        })
        .boxed()
}

fn image() -> BoxedStrategy<Value> {
    let name = prop_oneof![
        4 => "[a-z0-9]{1,8}((_|__|-{1,3})[a-z0-9]{1,8}){0,2}(/[a-z0-9]{1,8}(\\.[a-z]{1,4})?){0,2}",
        1 => Just(format!("{ECR}/team/app")),
    ];
    let tag = prop_oneof![
        8 => "[0-9]{1,2}\\.[0-9]{1,2}(\\.[0-9])?(-rc\\.1)?",
        1 => "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}",
        1 => select(&["_", "yes", "1e3", "latest-alpine"][..]).prop_map(str::to_owned),
    ];
    (name, tag, option::weighted(0.3, Just(DIGEST)))
        .prop_map(|(name, tag, digest)| match digest {
            Some(digest) => json!(format!("{name}:{tag}@{digest}")),
            None => json!(format!("{name}:{tag}")),
        })
        .boxed()
}

/// Every field of a server but its name and image.
pub fn fields() -> BoxedStrategy<Value> {
    let mut fields = process_fields();
    fields.extend(serving_fields());
    fields.extend(placement_fields());
    // Seldom: what it says of metrics and sessions contradicts much of the rest.
    let profile = option::weighted(0.06, one_of(&["terraform"]));
    let stdio = option::weighted(0.2, super::stdio::stdio());
    (some_of(fields), profile, stdio)
        .prop_map(|(mut server, profile, stdio)| {
            for (field, value) in [("profile", profile), ("stdio", stdio)] {
                if let Some(value) = value {
                    server[field] = value;
                }
            }
            server
        })
        .boxed()
}

fn process_fields() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    vec![
        ("description", text()),
        (
            "imagePullPolicy",
            one_of(&["Always", "IfNotPresent", "Never"]),
        ),
        ("imagePullSecrets", pull_secrets()),
        ("command", list(text(), 0..3)),
        ("args", list(text(), 0..4)),
        ("env", env()),
        ("secrets", secrets()),
        (
            "config",
            btree_map("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,12}", text(), 0..4)
                .prop_map(|m| json!(m))
                .boxed(),
        ),
        ("writable", writable()),
        (
            "user",
            some_of(vec![
                ("uid", number(1..=i64::from(i32::MAX))),
                ("gid", number(1..=65534)),
            ]),
        ),
        ("resources", resources()),
    ]
}

fn serving_fields() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    let path = || one_of(&["/", "/mcp", "/a/b", "/%20$(X)", "/~'!*", "/no"]);
    // None of them is a path of the endpoint.
    let health = || one_of(&["/health", "/a", "/%20$(X)/h", "/~'!*/", "/yes"]);
    let http = some_of(vec![
        ("liveness", health()),
        ("readiness", health()),
        ("port", number(3000..=3010)),
        ("host", one_of(&["mcp.example.com", "*.example.com"])),
        (
            "startupSeconds",
            prop_oneof![4 => number(1..=300), 1 => number(1..=3600)].boxed(),
        ),
    ]);
    let tcp = number(1..=300).prop_map(|seconds| json!({"tcp": true, "startupSeconds": seconds}));
    let endpoint = some_of(vec![("path", path()), ("port", number(3000..=3010))]);
    vec![
        ("transport", one_of(&["http", "sse"])),
        ("path", path()),
        (
            "port",
            prop_oneof![number(1..=65535), number(3000..=3010)].boxed(),
        ),
        ("session", one_of(&["auto", "sticky", "stateless"])),
        (
            "protocol",
            prop_oneof![20 => one_of(&["auto", "legacy", "dual"]), 1 => one_of(&["modern"])]
                .boxed(),
        ),
        ("replicas", number(1..=5)),
        ("autoscaling", autoscaling()),
        (
            "allowedHostsEnv",
            one_of(&["MCP_ALLOWED_HOSTS", "HOSTS", "FASTMCP_HTTP_ALLOWED_HOSTS"]),
        ),
        ("allowedHostsArg", one_of(&["--allowed-hosts", "-H"])),
        (
            "probes",
            prop_oneof![1 => Just(json!("tcp")), 1 => tcp, 4 => http].boxed(),
        ),
        (
            "metrics",
            prop_oneof![1 => Just(json!(false)), 10 => endpoint].boxed(),
        ),
        (
            "objectives",
            some_of(vec![
                (
                    "availability",
                    select(&[50.0, 90.0, 99.0, 99.5, 99.9999][..])
                        .prop_map(Value::from)
                        .boxed(),
                ),
                ("latency", one_of(&["1ms", "2s500ms", "4m59s"])),
                ("rateLimitRemaining", number(1..=5000)),
                ("concurrentRequests", number(1..=100)),
            ]),
        ),
        (
            "longestCall",
            one_of(&["1s", "60s", "1h30m", "596523h14m7s"]),
        ),
    ]
}

fn autoscaling() -> BoxedStrategy<Value> {
    let share = || option::of(1..=1000_i64);
    (option::of(1..=3_i64), 3..=9_i64, share(), share())
        .prop_map(|(min, max, cpu, memory)| {
            let mut scaling = json!({"max": max});
            for (name, number) in [("min", min), ("cpu", cpu), ("memory", memory)] {
                if let Some(number) = number {
                    scaling[name] = json!(number);
                }
            }
            scaling
        })
        .boxed()
}

/// What LiteLLM is told; mostly what goes together.
fn litellm() -> BoxedStrategy<Value> {
    let words = |from: &'static [&'static str]| {
        subsequence(from.to_vec(), 0..from.len())
            .prop_map(|words| json!(words))
            .boxed()
    };
    let header = prop_oneof![
        60 => one_of(&["blue", "yes", "1.10", "a: b #c", "{{x}}", "$(X)"]),
        30 => one_of(&["A", "PROXY_REGION"]).prop_map(|name| json!({"env": name})),
        1 => text(),
    ];
    let kinds = one_of(&["bearer_token", "basic", "authorization", "token"]);
    let credential = prop_oneof![
        60 => Just(json!({})),
        20 => Just(json!({"authType": "api_key", "token": "MCP_KEY"})),
        20 => Just(json!({"authType": "api_key", "token": "A_1", "userIdentity": "jwt"})),
        2 => Just(json!({"userIdentity": "jwt"})),
        2 => kinds.prop_map(|kind| json!({"authType": kind, "token": "MCP_TOKEN"})),
        1 => Just(json!({"token": "_T", "userIdentity": "none"})),
    ];
    let own = some_of(vec![
        ("accessGroups", words(&["admins", "a.b_C-1", "yes", "1.10"])),
        ("allowedTools", words(&["search", "null", "a.b"])),
        ("disallowedTools", words(&["delete", "on"])),
        (
            "headers",
            btree_map("X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,6}", header, 0..3)
                .prop_map(|headers| json!(headers))
                .boxed(),
        ),
        ("public", any::<bool>().prop_map(Value::from).boxed()),
    ]);
    (own, credential)
        .prop_map(|(mut own, credential)| {
            own.as_object_mut()
                .unwrap()
                .extend(credential.as_object().unwrap().clone());
            own
        })
        .boxed()
}

fn placement_fields() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    vec![
        ("litellm", litellm()),
        ("aws", aws()),
        (
            "access",
            prop_oneof![9 => list(one_of(&["cluster"]), 1..2), 1 => Just(json!([]))].boxed(),
        ),
        ("rules", list(access_rule(), 1..4)),
        ("egress", egress()),
        ("labels", label_map()),
        ("annotations", text_map()),
        ("nodeSelector", label_map()),
        ("tolerations", list(toleration(), 0..3)),
        ("priorityClassName", object_name()),
        ("patches", list(patch(), 1..3)),
    ]
}

/// A patch of an object that every server has; mostly one that changes something.
fn patch() -> BoxedStrategy<Value> {
    let annotated = |kind: &'static str| {
        ("[a-z]{3}", text()).prop_map(move |(name, text)| {
            json!({"kind": kind, "patch": {"metadata": {"annotations": {name: text}}}})
        })
    };
    let variables = btree_map("PATCHED_[A-Z]{2}", text(), 1..4).prop_map(|variables| {
        let variables = variables.into_iter();
        // A reference is one in a patch, as in a manifest.
        let literal = |value: &Value| value.as_str().unwrap().replace('$', "S");
        let variables =
            variables.map(|(name, value)| json!({"name": name, "value": literal(&value)}));
        let env: Vec<Value> = variables.collect();
        let pod = json!({"containers": [{"name": "mcp-server", "env": env}]});
        json!({"kind": "Deployment", "patch": {"spec": {"template": {"spec": pod}}}})
    });
    let of_role = "[a-z]{3}".prop_map(|name| {
        let patch = json!({"metadata": {"annotations": {name: "a"}}});
        json!({"kind": "Role", "namespace": "team-a", "patch": patch})
    });
    prop_oneof![
        20 => annotated("Deployment"),
        20 => annotated("Service"),
        20 => annotated("ServiceAccount"),
        40 => variables,
        4 => of_role,
    ]
    .boxed()
}

fn pull_secrets() -> BoxedStrategy<Value> {
    prop_oneof![
        150 => subsequence(vec!["existing", "existing.example", "yes"], 0..3).prop_map(|s| json!(s)),
        1 => Just(json!(["existing", "existing"])),
    ]
    .boxed()
}

fn env() -> BoxedStrategy<Value> {
    let known = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "PATH"];
    let name = prop_oneof![
        4 => "[A-Za-z_][A-Za-z0-9_]{0,12}",
        1 => select(known.to_vec()).prop_map(str::to_owned),
    ];
    let key = "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,8}";
    let field = prop_oneof![
        40 => one_of(&["status.podIP", "metadata.uid", "spec.serviceAccountName"]),
        20 => one_of(&["metadata.labels['app.kubernetes.io/name']", "metadata.annotations['a']"]),
        1 => one_of(&["metadata.labels['']", "metadata.labels['a b']", "metadata.labels[']"]),
    ];
    let value = prop_oneof![
        8 => text(),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => (object_name(), key).prop_map(|(name, key)| json!({"secret": name, "key": key})),
        1 => (object_name(), key).prop_map(|(name, key)| json!({"configMap": name, "key": key})),
        1 => field.prop_map(|field| json!({"field": field})),
    ];
    btree_map(name, value, 0..5)
        .prop_map(|map| json!(map))
        .boxed()
}

fn secrets() -> BoxedStrategy<Value> {
    let path = "[a-z][a-zA-Z0-9/_.@+-]{0,20}";
    let file = prop_oneof![
        9 => "/(etc/mcp-secrets|var/run/x|run/\\$\\(POD_NAME\\))/[a-z]{1,4}\\.pem",
        1 => select(&["/etc/mcp-secrets/a", "/etc/mcp/token"][..]).prop_map(str::to_owned),
    ];
    let long = some_of(vec![
        ("property", matching("[a-z][a-z.-]{0,8}")),
        ("version", matching("[0-9]{1,4}")),
    ]);
    let long = (path, long, option::of(option::of(file))).prop_map(|(key, mut secret, file)| {
        secret["key"] = json!(key);
        if let Some(path) = file {
            secret["as"] = json!("file");
            if let Some(path) = path {
                secret["path"] = json!(path);
            }
        }
        secret
    });
    let secret = prop_oneof![
        2 => path.prop_map(Value::from),
        1 => (path, "[a-z]{1,8}").prop_map(|(path, property)| json!(format!("{path}#{property}"))),
        3 => long,
    ];
    btree_map("S_[A-Z0-9_]{1,8}", secret, 0..4)
        .prop_map(|map| json!(map))
        .boxed()
}

fn writable() -> BoxedStrategy<Value> {
    let spoilt = prop_oneof![
        100 => Just(None),
        1 => select(&["/x\u{fffe}", "/etc/mcp/cache"][..]).prop_map(Some),
    ];
    let long = "/a-path-of-more-than-56-characters/which-is-cut/in-the-name-of-its-volume";
    let folders = vec![
        "/tmp",
        "/Tmp",
        "/t.mp",
        "/var/cache",
        "/secrets",
        "/secrets-2",
        "/config",
        "/data/é",
        "/with space",
        "/---",
        long,
    ];
    (subsequence(folders, 0..4), spoilt)
        .prop_map(|(mut folders, spoilt)| {
            folders.extend(spoilt);
            json!(folders)
        })
        .boxed()
}

/// Amounts from small to large, so that an earlier one is a request and a later one a limit.
fn resources() -> BoxedStrategy<Value> {
    const AMOUNTS: [(&str, [&str; 4]); 3] = [
        ("cpu", ["1m", "0.25", "1", "+1e1"]),
        ("memory", ["64Mi", "100M", "0.5Gi", "1.5Gi"]),
        ("ephemeral-storage", ["1", "1e3", "64Mi", "2Gi"]),
    ];
    let amounts = AMOUNTS.map(|(name, amounts)| {
        let written = (any::<bool>(), any::<bool>(), 0..4_usize, 0..4_usize);
        written.prop_map(move |(requested, limited, a, b)| {
            let request = requested.then(|| (name, amounts[a.min(b)]));
            (request, limited.then(|| (name, amounts[a.max(b)])))
        })
    });
    let extended = prop_oneof![
        60 => Just("nvidia.com/gpu"),
        1 => Just("requests.example.com/fpga"),
    ];
    let extended = option::weighted(0.2, (extended, 1..4_u8));
    (amounts, extended)
        .prop_map(|(amounts, extended)| {
            let mut requests = Map::new();
            let mut limits = Map::new();
            for (request, limit) in amounts {
                requests.extend(request.map(|(name, amount)| (name.into(), json!(amount))));
                limits.extend(limit.map(|(name, amount)| (name.into(), json!(amount))));
            }
            limits.extend(extended.map(|(name, count)| (name.into(), json!(count.to_string()))));
            json!({"requests": requests, "limits": limits})
        })
        .boxed()
}

fn aws() -> BoxedStrategy<Value> {
    let role = one_of(&[
        "arn:aws:iam::123456789012:role/mcp-s3-role",
        "arn:aws-cn:iam::123456789012:role/a/path/with=+,.@-/role_1",
    ]);
    let identity = prop_oneof![
        Just(json!({})),
        Just(json!({"podIdentity": true})),
        role.prop_map(|role| json!({"roleArn": role, "podIdentity": false})),
    ];
    (identity, option::of(list(statement(), 0..4)))
        .prop_map(|(mut aws, policy)| {
            if let Some(policy) = policy {
                aws["policy"] = policy;
            }
            aws
        })
        .boxed()
}

/// A statement of a policy, with values that a shell, JSON and YAML read differently. Few have a name,
/// since two of one name are refused.
fn statement() -> BoxedStrategy<Value> {
    let actions = one_of(&["s3:GetObject", "s3:*", "*", "execute-api:Invoke?"]);
    let resources = one_of(&[
        "*",
        "arn:aws:s3:::a b/*",
        "arn:aws-cn:s3:::$(id)'\"\\",
        "arn:aws:s3:::${aws:username}/`x`",
    ]);
    // IAM stores no others.
    let value = || "[ -~\u{a1}-\u{ac}\u{ae}-\u{ff}]{0,12}".prop_map(Value::from);
    let values = prop_oneof![value(), vec(value(), 1..3).prop_map(Value::from)];
    let key = select(&["aws:SourceVpc", "aws:PrincipalTag/team"][..]).prop_map(str::to_owned);
    let operator = select(&["StringLike", "ForAnyValue:StringEqualsIfExists", "Null"][..]);
    let conditions = btree_map(
        operator.prop_map(str::to_owned),
        btree_map(key, values, 1..3),
        0..3,
    );
    let sid = option::weighted(0.2, "[A-Za-z0-9]{8,12}");
    (
        sid,
        list(actions, 1..3),
        list(resources, 1..3),
        option::of(conditions),
    )
        .prop_map(|(sid, actions, resources, conditions)| {
            let mut statement = json!({"actions": actions, "resources": resources});
            if let Some(sid) = sid {
                statement["sid"] = json!(sid);
            }
            if let Some(conditions) = conditions {
                statement["conditions"] = json!(conditions);
            }
            statement
        })
        .boxed()
}

fn access_rule() -> BoxedStrategy<Value> {
    let some = |words: &'static [&'static str]| {
        subsequence(words.to_vec(), 1..words.len()).prop_map(|words| json!(words))
    };
    let on_resources = (
        some(&["", "apps", "*", "networking.k8s.io"]),
        some(&["pods", "pods/log", "*", "secrets", "*/scale"]),
        some(&["get", "list", "*", "bind"]),
        option::weighted(0.2, some(&["a", "system:node", "yes"])),
        option::of(btree_map("[a-z]([a-z0-9-]{0,6}[a-z0-9])?", Just(()), 1..3)),
    );
    let on_resources = on_resources.prop_map(|(groups, resources, verbs, names, namespaces)| {
        let mut rule = json!({"apiGroups": groups, "resources": resources, "verbs": verbs});
        if let Some(names) = names {
            rule["resourceNames"] = names;
        }
        if let Some(namespaces) = namespaces {
            rule["namespaces"] = json!(namespaces.into_keys().collect::<Vec<_>>());
        }
        rule
    });
    let on_urls = some(&["/version", "/healthz/*", "*"])
        .prop_map(|urls| json!({"nonResourceURLs": urls, "verbs": ["get"]}));
    prop_oneof![6 => on_resources, 1 => on_urls].boxed()
}

fn egress() -> BoxedStrategy<Value> {
    let ports = option::of(prop_oneof![
        120 => btree_map(1..=65535_u16, Just(()), 1..3).prop_map(|ports| json!(ports.into_keys().collect::<Vec<_>>())),
        1 => Just(json!([])),
    ]);
    let host = one_of(&["api.github.com", "*.amazonaws.com", "xn--n3h.com"]);
    let to = prop_oneof![
        host.prop_map(|host| json!({"host": host})),
        cidr().prop_map(|cidr| json!({"cidr": cidr})),
        one_of(&["data/postgres", "1/a"]).prop_map(|service| json!({"service": service})),
        (namespace(), option::of(label_map())).prop_map(|(namespace, labels)| match labels {
            Some(labels) => json!({"namespace": namespace, "podLabels": labels}),
            None => json!({"namespace": namespace}),
        }),
    ];
    let named = (to, ports).prop_map(|(mut rule, ports)| {
        if let Some(ports) = ports {
            rule["ports"] = ports;
        }
        rule
    });
    let first = prop_oneof![15 => Just(vec![json!("internet")]), 1 => Just(vec![])];
    (first, vec(named, 0..3))
        .prop_map(|(mut all, named)| {
            all.extend(named);
            Value::from(all)
        })
        .boxed()
}

fn toleration() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(json!({"operator": "Exists"})),
        (label_key(), one_of(&["NoSchedule", "PreferNoSchedule", "NoExecute"]))
            .prop_map(|(key, effect)| json!({"key": key, "value": "yes", "effect": effect})),
        (label_key(), 0..=3600_i64).prop_map(|(key, seconds)| {
            json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds})
        }),
    ]
    .boxed()
}

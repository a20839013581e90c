//! What pods and containers say, in Deployments and wherever operators repeat a part of them.

use super::draft::Server;
use super::fields::Fields;
use super::remark::{Kind, quoted};
use super::tree::{Map, Value};
use super::words::Word;
use crate::credential::telling::is_secret;
use crate::model::{
    AnnotationKey, CleanText, ConfigKey, Cpu, LabelKey, LabelValue, Memory, ObjectName, Quantity,
    RoleArn, Storage,
};
use crate::yaml::{Entry, Node};

/// The annotation by which a ServiceAccount assumes a role.
pub const ROLE: &str = "eks.amazonaws.com/role-arn";
/// Labels and annotations that mcpset decides, or that a tool of its own put there.
const OWN: [&str; 8] = [
    "app.kubernetes.io/",
    "mcpset.dev/",
    "checksum/",
    "kubectl.kubernetes.io/",
    "deployment.kubernetes.io/",
    "helm.sh/",
    "meta.helm.sh/",
    "prometheus.io/",
];

/// The words of the list `key`.
pub fn words(fields: &mut Fields<'_>, key: &str) -> Vec<Word> {
    let nodes = fields.texts(key).into_iter();
    nodes
        .map(|node| Word::known(node.text().unwrap_or_default(), node.place))
        .collect()
}

/// `resources`: requests and limits that mcpset takes.
pub fn resources(fields: &mut Fields<'_>, server: &mut Server) {
    let Some(mut resources) = fields.map("resources") else {
        return;
    };
    for kind in ["requests", "limits"] {
        for entry in resources.entries(kind) {
            let name = entry.name();
            let text = entry.value.text().unwrap_or_default();
            let is_right = match name {
                "cpu" => Cpu::parse(text).is_ok(),
                "memory" => Memory::parse(text).is_ok(),
                "ephemeral-storage" => Storage::parse(text).is_ok(),
                _ => {
                    name.contains('/')
                        && LabelKey::parse(name).is_ok()
                        && text.parse::<u32>().is_ok_and(|n| n > 0)
                }
            };
            if is_right {
                server
                    .fields
                    .edit("resources", |map| map.set_in(kind, name, text));
            } else {
                server.lost.push(format!("resources.{kind}.{name}"));
            }
        }
    }
    fields.absorb(resources);
    drop_requests_above_limits(server);
}

/// The API server refuses these, and mcpset does.
fn drop_requests_above_limits(server: &mut Server) {
    let Some(Value::Map(resources)) = server.fields.get("resources") else {
        return;
    };
    let quantity = |kind: &str, name: &str| match resources.get(kind) {
        Some(Value::Map(map)) => match map.get(name) {
            Some(Value::Text(text)) => Quantity::parse(text).ok(),
            _ => None,
        },
        _ => None,
    };
    let wrong = ["cpu", "memory", "ephemeral-storage"].into_iter().find(|name| {
        matches!((quantity("requests", name), quantity("limits", name)), (Some(request), Some(limit)) if request > limit)
    });
    if wrong.is_some() {
        server.fields.set("resources", Map::default());
        server
            .lost
            .push("resources, whose requests are above their limits".to_owned());
    }
}

/// Labels or annotations `key` as `field` of the server.
pub fn marks(fields: &mut Fields<'_>, key: &str, field: &str, server: &mut Server, known: &[&str]) {
    for entry in fields.entries(key) {
        let (name, text) = (entry.name(), entry.value.text().unwrap_or_default());
        let is_own =
            OWN.iter().any(|own| name.starts_with(own)) || name == ROLE || known.contains(&name);
        let is_right = match field {
            "annotations" => {
                AnnotationKey::parse(name).is_ok()
                    && CleanText::parse(text).is_ok()
                    && name.contains('/')
                    && !name.starts_with("container.apparmor")
            }
            _ => LabelKey::parse(name).is_ok() && LabelValue::parse(text).is_ok(),
        };
        let is_selecting = matches!(name, "app" | "k8s-app" | "name" | "version" | "tier");
        if is_own || field == "labels" && is_selecting {
            continue;
        }
        if is_right && !is_secret(name, text) {
            server.fields.set_in(field, name, text);
        } else {
            server.hide(text);
            server.lost.push(format!("{field}.{name}"));
        }
    }
}

/// Where pods run: node selector, tolerations, priority; and how images are pulled.
pub fn scheduling(fields: &mut Fields<'_>, server: &mut Server) {
    for entry in fields.entries("nodeSelector") {
        let (name, text) = (entry.name(), entry.value.text().unwrap_or_default());
        let is_right = LabelKey::parse(name).is_ok() && LabelValue::parse(text).is_ok();
        if is_right && !is_secret(name, text) {
            server.fields.set_in("nodeSelector", name, text);
        } else {
            server.hide(text);
            server.lost.push(format!("nodeSelector.{name}"));
        }
    }
    let tolerations: Vec<Option<Map>> =
        fields.items("tolerations").iter().map(toleration).collect();
    if tolerations.iter().any(Option::is_none) {
        server.lost.push("tolerations".to_owned());
    }
    let tolerations: Vec<Map> = tolerations.into_iter().flatten().collect();
    if !tolerations.is_empty() {
        server.fields.set("tolerations", tolerations);
    }
    if let Some(class) = fields.text("priorityClassName") {
        named(class, "priorityClassName", server, |server| {
            server.fields.set("priorityClassName", class);
        });
    }
    pull_secrets(fields, server);
}

/// `imagePullSecrets` of a pod.
pub fn pull_secrets(fields: &mut Fields<'_>, server: &mut Server) {
    let secrets = fields.items("imagePullSecrets").iter();
    let mut names: Vec<String> = secrets
        .filter_map(|secret| secret.get("name")?.text())
        .filter(|name| ObjectName::parse(name).is_ok())
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    if !names.is_empty() {
        server.fields.set("imagePullSecrets", names);
    }
}

fn named(name: &str, what: &str, server: &mut Server, set: impl FnOnce(&mut Server)) {
    if ObjectName::parse(name).is_ok() {
        set(server);
    } else {
        server.lost.push(what.to_owned());
    }
}

/// A toleration, if it is one that the API server takes.
fn toleration(node: &Node) -> Option<Map> {
    let mut fields = Fields::new(node, "");
    let mut map = Map::default();
    let key = fields.text("key").filter(|key| !key.is_empty());
    let operator = fields.text("operator").unwrap_or("Equal");
    let value = fields.text("value").filter(|value| !value.is_empty());
    let effect = fields.text("effect");
    let seconds = fields.number("tolerationSeconds");
    let is_right = !is_secret(key.unwrap_or_default(), value.unwrap_or("true"))
        && key.is_none_or(|key| LabelKey::parse(key).is_ok())
        && value.is_none_or(|value| LabelValue::parse(value).is_ok())
        && matches!(operator, "Equal" | "Exists")
        && (operator == "Exists") >= key.is_none()
        && (operator != "Exists" || value.is_none())
        && effect
            .is_none_or(|effect| matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute"))
        && seconds.is_none_or(|seconds| {
            effect == Some("NoExecute") && (0..=i64::from(i32::MAX)).contains(&seconds)
        });
    if !is_right {
        return None;
    }
    for (name, text) in [
        ("key", key),
        ("operator", Some(operator)),
        ("value", value),
        ("effect", effect),
    ] {
        if let Some(text) = text {
            map.set(name, text);
        }
    }
    if let Some(seconds) = seconds {
        map.set("tolerationSeconds", seconds);
    }
    fields.close().is_empty().then_some(map)
}

/// `securityContext` of a container or pod: the user; the rest is what mcpset does for every pod.
pub fn security(fields: &mut Fields<'_>, key: &str, server: &mut Server) {
    let Some(mut context) = fields.map(key) else {
        return;
    };
    context.skip(&[
        "allowPrivilegeEscalation",
        "seccompProfile",
        "fsGroupChangePolicy",
        "seLinuxOptions",
    ]);
    let may_be_root = context.flag("runAsNonRoot") == Some(false);
    let uid = context.number("runAsUser");
    if may_be_root && uid.is_none() {
        let text = "it may have run as root, and runs as user 1000 now: name another under `user`";
        server.say(Kind::Guessed, text);
    }
    let gid = context
        .number("runAsGroup")
        .or_else(|| context.number("fsGroup"));
    context.skip(&["fsGroup"]);
    for (name, id) in [("uid", uid), ("gid", gid)] {
        match id {
            Some(0) => {
                let text = format!(
                    "it ran with {name} 0, which Pod Security refuses: see that the image runs as another"
                );
                server.ask(context.place, text);
            }
            Some(id) if (1..=i64::from(i32::MAX)).contains(&id) => {
                server.fields.edit("user", |user| {
                    if !user.has(name) {
                        user.set(name, id);
                    }
                });
            }
            Some(_) => server.lost.push(format!("{key}.{name}")),
            None => {}
        }
    }
    if context.flag("readOnlyRootFilesystem") == Some(false) {
        server.say(
            Kind::Guessed,
            "its root filesystem was writable and is read-only now: name further folders under `writable`",
        );
    }
    if let Some(mut capabilities) = context.map("capabilities") {
        capabilities.skip(&["drop"]);
        context.absorb(capabilities);
    }
    if context.flag("privileged") == Some(true) {
        server.lost.push(format!("{key}.privileged"));
    }
    fields.absorb(context);
}

/// The role that the annotations `entries` of a ServiceAccount name.
pub fn role(entries: &[Entry], server: &mut Server) {
    let Some(entry) = entries.iter().find(|entry| entry.name() == ROLE) else {
        return;
    };
    let arn = entry.value.text().unwrap_or_default();
    if RoleArn::parse(arn).is_ok() {
        server.fields.set_in("aws", "roleArn", arn);
    } else {
        let text = format!(
            "{} is no ARN of a role: write it under `aws.roleArn`",
            quoted(arn)
        );
        server.ask(entry.value.place, text);
    }
}

/// `replicas`.
pub fn replicas(fields: &mut Fields<'_>, key: &str, server: &mut Server) {
    match fields.number(key) {
        Some(number) if (1..=i64::from(i32::MAX)).contains(&number) => {
            server.fields.set("replicas", number);
        }
        Some(_) => {
            let text = "it was scaled to none; mcpset writes at least one pod";
            server.say(Kind::Guessed, text);
        }
        None => {}
    }
}

/// A variable that refers to a key of a Secret that exists.
pub fn secret_key(server: &mut Server, variable: &str, secret: &str, key: &str) {
    reference(server, variable, "secret", secret, key);
}

/// A variable that refers to a key of a ConfigMap that exists.
pub fn config_key(server: &mut Server, variable: &str, map: &str, key: &str) {
    reference(server, variable, "configMap", map, key);
}

fn reference(server: &mut Server, variable: &str, kind: &str, name: &str, key: &str) {
    let is_right = ObjectName::parse(name).is_ok()
        && ConfigKey::parse(key).is_ok()
        && crate::model::EnvName::parse(variable).is_ok();
    if !is_right {
        server.lost.push(format!("the variable {variable}"));
        return;
    }
    let mut source = Map::default();
    source.set(kind, name);
    source.set("key", key);
    server.set_variable(variable, source.into());
}

/// `imagePullPolicy`.
pub fn pull_policy(fields: &mut Fields<'_>, server: &mut Server) {
    match fields.text("imagePullPolicy") {
        Some(policy @ ("Always" | "Never")) => server.fields.set("imagePullPolicy", policy),
        Some("IfNotPresent") | None => {}
        Some(_) => server.lost.push("imagePullPolicy".to_owned()),
    }
}

//! The variables of a container, and what is mounted into it.

use super::Objects;
use super::expand::expanded;
use crate::credential::telling::{holds_credential, is_secret};
use crate::import::draft::Server;
use crate::import::fields::Fields;
use crate::import::pod;
use crate::import::remark::{Kind, Remark, quoted};
use crate::import::tree::Map;
use crate::manifest::At;
use crate::model::{CONFIG_FOLDER, CleanText, ConfigKey, DOWNWARD_FIELDS, MountPath};
use crate::yaml::Node;

/// Reads the lists `envFrom` and `env` of a container.
pub fn variables(
    container: &mut Fields<'_>,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    for item in container.items("envFrom") {
        let at = At::new(item);
        let prefix = at.get("prefix").text().unwrap_or_default();
        if let Some(name) = at.at("secretRef.name").text() {
            objects.all_of_secret(name, namespace, prefix, item, server);
        } else if let Some(name) = at.at("configMapRef.name").text() {
            objects.all_of_config_map(name, namespace, prefix, item, server);
        }
    }
    for item in container.items("env") {
        let Some(name) = item.get("name").and_then(Node::text) else {
            continue;
        };
        let from = At::new(item).get("valueFrom");
        if !from.exists() {
            let value = item.get("value").and_then(Node::text).unwrap_or_default();
            match expanded(value, server) {
                Some(expanded) => server.variable(name, &expanded.text, false),
                None => server.lost.push(format!(
                    "the variable {name}, which references make too long"
                )),
            }
            continue;
        }
        let reference = |kind: &str| {
            Some((
                from.get(kind).get("name").text()?,
                from.get(kind).get("key").text()?,
            ))
        };
        if let Some((secret, key)) = reference("secretKeyRef") {
            pod::secret_key(server, name, secret, key);
        } else if let Some((map, key)) = reference("configMapKeyRef") {
            let found = objects.find("ConfigMap", namespace, map);
            let value = found.and_then(|found| found.get("data")?.get(key)?.text());
            match value {
                Some(value) => server.variable(name, value, is_secret(key, value)),
                None => pod::config_key(server, name, map, key),
            }
        } else if let Some(field) = from
            .at("fieldRef.fieldPath")
            .text()
            .filter(|field| DOWNWARD_FIELDS.contains(field))
        {
            let mut source = Map::default();
            source.set("field", field);
            server.set_variable(name, source.into());
        } else {
            server.lost.push(format!("the variable {name}"));
        }
    }
}

/// The volumes `found`, as far as `mounts` put them somewhere: empty ones are folders to write to, those of
/// ConfigMaps are files.
pub fn volumes(
    mounts: &[Node],
    found: &[Node],
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    let mut writable = Vec::new();
    for mount in mounts {
        let text = |key: &str| mount.get(key).and_then(Node::text);
        let (Some(name), Some(path)) = (text("name"), text("mountPath")) else {
            continue;
        };
        let volume = found
            .iter()
            .find(|volume| volume.get("name").and_then(Node::text) == Some(name));
        let at = volume.map(At::new);
        let path = if path.len() > 1 {
            path.trim_end_matches('/')
        } else {
            path
        };
        let map = at.and_then(|at| at.at("configMap.name").text());
        if at.is_some_and(|at| at.entries().any(|(key, _)| key == "emptyDir"))
            && MountPath::parse(path).is_ok()
            && !holds_credential(path)
        {
            writable.push(path.to_owned());
        } else if let Some(map) = map {
            files(map, path, text("subPath"), namespace, objects, server);
        } else if let Some(secret) = at.and_then(|at| at.at("secret.secretName").text()) {
            let text = format!(
                "the Secret {} was mounted at {}: name its keys under `secrets` with `as: file`",
                quoted(secret),
                quoted(path)
            );
            server.ask(mount.place, text);
        } else {
            server.lost.push(format!("the volume {name} at {path}"));
        }
    }
    writable.sort();
    writable.dedup();
    if !writable.is_empty() {
        if !writable.iter().any(|path| path == "/tmp") {
            writable.insert(0, "/tmp".to_owned());
        }
        server.fields.set("writable", writable);
    }
}

/// The files of the ConfigMap `name`, which were at `path`.
fn files(
    name: &str,
    path: &str,
    part: Option<&str>,
    namespace: &str,
    objects: &Objects<'_>,
    server: &mut Server,
) {
    let Some(map) = objects.find("ConfigMap", namespace, name) else {
        let text = format!(
            "the files of the ConfigMap {} at {}, which is not among these files",
            quoted(name),
            quoted(path)
        );
        server.say(Kind::Lost, text);
        return;
    };
    for (key, value) in At::new(map).get("data").entries() {
        if part.is_some_and(|part| part != key) {
            continue;
        }
        let text = value.text().unwrap_or_default();
        if ConfigKey::parse(key).is_ok() && CleanText::parse(text).is_ok() && !is_secret(key, text)
        {
            server.fields.set_in("config", key, text);
        } else {
            server.hide_lines(text);
            server
                .lost
                .push(format!("the file {key} of the ConfigMap {name}"));
        }
    }
    if path != CONFIG_FOLDER {
        let text = format!(
            "its files were at {}, and are under {CONFIG_FOLDER} now: tell the server",
            quoted(path)
        );
        server.say_at("config", Remark::new(Kind::Guessed, text));
    }
}

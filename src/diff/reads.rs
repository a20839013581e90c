//! What pods read of ConfigMaps and Secrets, and when.

use crate::manifest::{At, Pod};

/// What of pods is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
}

/// When pods see a new value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The kubelet writes it into their files, soon.
    Soon,
    /// When they start.
    AtStart,
}

/// How pods name a source: the fields of a variable, of all variables, of a volume and of the name in it.
struct Fields {
    variable: &'static str,
    all_variables: &'static str,
    volume: &'static str,
    name_in_volume: &'static str,
}

impl Kept {
    /// `ConfigMap`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }

    fn fields(self) -> Fields {
        match self {
            Self::ConfigMap => Fields {
                variable: "configMapKeyRef",
                all_variables: "configMapRef",
                volume: "configMap",
                name_in_volume: "name",
            },
            Self::Secret => Fields {
                variable: "secretKeyRef",
                all_variables: "secretRef",
                volume: "secret",
                name_in_volume: "secretName",
            },
        }
    }
}

/// When pods see what changes in the ConfigMap or Secret called `name`; `None` for those that do not read
/// it.
pub fn reads(pod: &Pod<'_>, kept: Kept, name: &str) -> Option<When> {
    let fields = kept.fields();
    let is_it = |source: At<'_>, key: &str| source.get(key).text() == Some(name);
    let mut variables = pod.containers().flat_map(|container| {
        let one = container.at.get("env").items();
        let one = one.map(|variable| variable.get("valueFrom").get(fields.variable));
        let all = container.at.get("envFrom").items();
        one.chain(all.map(|source| source.get(fields.all_variables)))
    });
    if variables.any(|source| is_it(source, "name")) {
        return Some(When::AtStart);
    }
    let volumes = pod.spec.get("volumes").items().filter(|volume| {
        let mut projected = volume.at("projected.sources").items();
        is_it(volume.get(fields.volume), fields.name_in_volume)
            || projected.any(|source| is_it(source.get(fields.volume), "name"))
    });
    let when = volumes.map(|volume| when_mounted(pod, volume.get("name").text()));
    when.max()
}

/// When pods see what changes in the volume called `name`: one that is mounted by a part of it stays.
fn when_mounted(pod: &Pod<'_>, name: Option<&str>) -> When {
    let mut mounts = pod
        .containers()
        .flat_map(|container| container.at.get("volumeMounts").items());
    let is_part = mounts.any(|mount| {
        let is_part = mount.get("subPath").exists() || mount.get("subPathExpr").exists();
        mount.get("name").text() == name && is_part
    });
    if is_part { When::AtStart } else { When::Soon }
}

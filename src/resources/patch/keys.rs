//! Which lists are merged, and what tells their items apart.
//!
//! Lists that are not here are replaced as a whole: tolerations, `command`, rules of policies.
//! Source: `patchStrategy` and `patchMergeKey` in k8s.io/api v0.36.3, which the OpenAPI document calls
//! `x-kubernetes-patch-strategy` and `x-kubernetes-patch-merge-key`.

/// How a patch changes a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merging {
    /// It is replaced.
    Whole,
    /// Its scalars are added.
    Scalars,
    /// Its mappings are merged; this field tells them apart.
    By(&'static str),
}

/// Lists in the spec of a pod.
pub const OF_PODS: [(&str, &str); 9] = [
    ("containers", "name"),
    ("ephemeralContainers", "name"),
    ("hostAliases", "ip"),
    ("imagePullSecrets", "name"),
    ("initContainers", "name"),
    ("resourceClaims", "name"),
    ("schedulingGates", "name"),
    ("topologySpreadConstraints", "topologyKey"),
    ("volumes", "name"),
];
/// Lists in a container of any sort.
pub const OF_CONTAINERS: [(&str, &str); 4] = [
    ("env", "name"),
    ("ports", "containerPort"),
    ("volumeDevices", "devicePath"),
    ("volumeMounts", "mountPath"),
];
/// Lists elsewhere, by kind and path.
const OF_KINDS: [(&str, &str, &str); 2] = [
    ("Service", "spec.ports", "port"),
    ("ServiceAccount", "secrets", "name"),
];

/// How the list at `path` of an object of `kind` is changed; `*` stands for an item of a list.
pub fn merging(kind: &str, path: &str) -> Merging {
    if path.ends_with("metadata.finalizers") {
        return Merging::Scalars;
    }
    if path.ends_with("metadata.ownerReferences") {
        return Merging::By("uid");
    }
    let mut of_kinds = OF_KINDS.iter();
    if let Some((.., key)) = of_kinds.find(|(of, list, _)| *of == kind && *list == path) {
        return Merging::By(key);
    }
    let of_pod = path.strip_prefix("spec.template.spec.");
    let Some(of_pod) = of_pod.filter(|_| kind == "Deployment") else {
        return Merging::Whole;
    };
    let known = match of_pod.split_once(".*.") {
        None => find(&OF_PODS, of_pod),
        Some(("containers" | "ephemeralContainers" | "initContainers", list)) => {
            find(&OF_CONTAINERS, list)
        }
        Some(_) => None,
    };
    known.map_or(Merging::Whole, Merging::By)
}

fn find(lists: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    let mut lists = lists.iter();
    lists.find(|(list, _)| *list == name).map(|(_, key)| *key)
}

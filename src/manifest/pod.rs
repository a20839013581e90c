//! The pods that a workload starts.

use super::{At, Labels, Object};

/// What a workload's pods are like.
#[derive(Debug, Clone)]
pub struct Pod<'m> {
    /// The workload.
    pub workload: &'m Object,
    /// Their labels.
    pub labels: Labels<'m>,
    /// Their metadata.
    pub metadata: At<'m>,
    /// Their spec.
    pub spec: At<'m>,
    containers: Vec<Container<'m>>,
}

/// A container of a pod.
#[derive(Debug, Clone, Copy)]
pub struct Container<'m> {
    /// All of it.
    pub at: At<'m>,
    /// Whether it ends before the others begin.
    pub is_init: bool,
}

/// Who is an MCP server, by the guide's label.
const COMPONENT: (&str, &str) = ("app.kubernetes.io/component", "mcp-server");

impl<'m> Pod<'m> {
    /// The pods of `object`, if it starts any.
    #[must_use]
    pub fn of(object: &'m Object) -> Option<Self> {
        let template = match (object.group(), object.kind()) {
            ("", "Pod") => At::new(object.root()),
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
            | ("batch", "Job")
            | ("", "ReplicationController") => object.at("spec.template"),
            ("batch", "CronJob") => object.at("spec.jobTemplate.spec.template"),
            // Argo's Rollout, OpenShift's DeploymentConfig, Knative's Service and whoever follows.
            _ => {
                let template = object.at("spec.template");
                template.at("spec.containers").items().next()?;
                template
            }
        };
        let (metadata, spec) = (template.get("metadata"), template.get("spec"));
        let of = |key: &str, is_init| {
            let items = spec.get(key).items();
            items.map(move |at| Container { at, is_init })
        };
        let containers = of("initContainers", true).chain(of("containers", false));
        Some(Self {
            workload: object,
            labels: Labels::of(metadata.get("labels")),
            metadata,
            spec,
            containers: containers.collect(),
        })
    }

    /// Their namespace; empty where the workload says none.
    #[must_use]
    pub fn namespace(&self) -> &'m str {
        self.workload.namespace()
    }

    /// Whether they serve MCP, as the guide's label says.
    #[must_use]
    pub fn is_server(&self) -> bool {
        self.labels.has(COMPONENT.0, COMPONENT.1)
    }

    /// Whether they run on Windows, which has nothing of what Linux restricts.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        self.spec.at("os.name").text() == Some("windows")
    }

    /// Whether they end by themselves.
    #[must_use]
    pub fn is_job(&self) -> bool {
        matches!(self.workload.kind(), "Job" | "CronJob")
    }

    /// The field `key` of the security context of `container`, or that of the pod.
    #[must_use]
    pub fn security(&self, container: Container<'m>, key: &str) -> At<'m> {
        let own = container.at.get("securityContext").get(key);
        let of_pod = self.spec.get("securityContext").get(key);
        if own.exists() || !of_pod.exists() {
            own
        } else {
            of_pod
        }
    }

    /// Init containers, then the others.
    pub fn containers(&self) -> impl Iterator<Item = Container<'m>> + Clone + use<'_, 'm> {
        self.containers.iter().copied()
    }
}

impl<'m> Container<'m> {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'m str {
        self.at.get("name").text().unwrap_or_default()
    }

    /// What a sentence calls it: "container `a`", or "a container without a name".
    #[must_use]
    pub fn called(self) -> String {
        match self.at.get("name").text() {
            Some(name) if !name.is_empty() => format!("container `{name}`"),
            _ => "a container without a name".to_owned(),
        }
    }

    /// Its ports' numbers, with their names.
    pub fn ports(self) -> impl Iterator<Item = (i64, Option<&'m str>)> + Clone {
        let ports = self.at.get("ports").items();
        ports.filter_map(|port| {
            let number = port.get("containerPort").number()?;
            Some((number, port.get("name").text()))
        })
    }
}

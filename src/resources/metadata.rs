//! Names, labels and selectors: the one place where they are put together.
//!
//! Selectors use `name`, `component` and `part-of` only. Argo CD's label tracking overwrites
//! `instance`, and Helm overwrites `managed-by`; a selector on either would lose its pods.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use crate::model::{Labels, NamespaceName, Server, Set};

/// `app.kubernetes.io/component` of everything that belongs to an MCP server.
pub const COMPONENT: &str = "mcp-server";
/// `app.kubernetes.io/managed-by` of everything that mcpset writes.
pub const MANAGED_BY: &str = "mcpset";
/// Version of objects that exist once a set: the config's own, since no image stands behind them.
const SET_VERSION: &str = "v1alpha1";

/// What runs: the workload's own name.
pub const NAME: &str = "app.kubernetes.io/name";
const INSTANCE: &str = "app.kubernetes.io/instance";
const VERSION: &str = "app.kubernetes.io/version";
const COMPONENT_KEY: &str = "app.kubernetes.io/component";
/// The set that everything belongs to.
pub const PART_OF: &str = "app.kubernetes.io/part-of";
const MANAGED_BY_KEY: &str = "app.kubernetes.io/managed-by";
/// Set on every namespace by the API server (KEP-2161).
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";
/// A sentence for people, shown by dashboards (kubernetes.io, well-known annotations).
const DESCRIPTION: &str = "kubernetes.io/description";

impl Server {
    /// Metadata of an object called `name`.
    pub(crate) fn metadata(&self, name: &(impl AsRef<str> + ?Sized)) -> ObjectMeta {
        ObjectMeta {
            name: Some(name.as_ref().to_owned()),
            namespace: Some(self.namespace.to_string()),
            labels: Some(self.all_labels()),
            annotations: (!self.description.is_empty())
                .then(|| BTreeMap::from([(DESCRIPTION.into(), self.description.clone())])),
            ..ObjectMeta::default()
        }
    }

    /// The labels of every object and pod of this server.
    pub(super) fn all_labels(&self) -> BTreeMap<String, String> {
        let workload = &self.names.workload;
        let own = [
            (COMPONENT_KEY, COMPONENT),
            (INSTANCE, workload.as_str()),
            (MANAGED_BY_KEY, MANAGED_BY),
            (NAME, workload.as_str()),
            (PART_OF, self.part_of.as_str()),
            (VERSION, self.version.as_str()),
        ];
        let more = self.labels.iter();
        let more = more.map(|(key, value)| (key.as_str(), value.as_str()));
        owned(own.into_iter().chain(more))
    }

    /// The labels by which this server's pods, and no others, are found.
    pub(super) fn match_labels(&self) -> BTreeMap<String, String> {
        owned([
            (COMPONENT_KEY, COMPONENT),
            (NAME, self.names.workload.as_str()),
            (PART_OF, self.part_of.as_str()),
        ])
    }

    /// Selects this server's pods, and no others.
    pub(super) fn selector(&self) -> LabelSelector {
        match_labels(self.match_labels())
    }
}

impl Set {
    /// Metadata of an object called `name` that exists once a set, in `namespace`.
    pub(super) fn metadata(
        &self,
        name: &(impl AsRef<str> + ?Sized),
        namespace: &NamespaceName,
    ) -> ObjectMeta {
        ObjectMeta {
            namespace: Some(namespace.to_string()),
            ..self.cluster_metadata(name)
        }
    }

    /// Metadata of an object outside any namespace.
    pub(super) fn cluster_metadata(&self, name: &(impl AsRef<str> + ?Sized)) -> ObjectMeta {
        let mut labels = self.match_labels();
        labels.insert(NAME.into(), name.as_ref().to_owned());
        labels.insert(INSTANCE.into(), self.name.to_string());
        labels.insert(VERSION.into(), SET_VERSION.into());
        labels.insert(MANAGED_BY_KEY.into(), MANAGED_BY.into());
        ObjectMeta {
            name: Some(name.as_ref().to_owned()),
            labels: Some(labels),
            ..ObjectMeta::default()
        }
    }

    /// The labels by which the pods and Services of all servers are found.
    pub(super) fn match_labels(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            (COMPONENT_KEY.into(), COMPONENT.into()),
            (PART_OF.into(), self.name.to_string()),
        ])
    }
}

/// Selects the namespace called `name`, by the label that the API server gives it.
pub fn namespace_selector(name: &(impl AsRef<str> + ?Sized)) -> LabelSelector {
    match_labels(BTreeMap::from([(
        NAMESPACE_NAME.into(),
        name.as_ref().to_owned(),
    )]))
}

/// A selector of objects that carry all of `labels`.
pub fn match_labels(labels: BTreeMap<String, String>) -> LabelSelector {
    LabelSelector {
        match_labels: Some(labels),
        ..LabelSelector::default()
    }
}

/// Labels as Kubernetes takes them.
pub fn texts(labels: &Labels) -> BTreeMap<String, String> {
    let labels = labels.iter();
    owned(labels.map(|(key, value)| (key.as_str(), value.as_str())))
}

fn owned<'l>(labels: impl IntoIterator<Item = (&'l str, &'l str)>) -> BTreeMap<String, String> {
    let labels = labels.into_iter();
    labels
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

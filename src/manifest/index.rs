//! Things with labels, found by what selects them.
//!
//! Nearly everything in Kubernetes refers by labels, and a platform has thousands of pods. So who is
//! selected is looked up by one label that the selector demands, and only those are compared.

use foldhash::{HashMap, HashMapExt};

use super::{At, Labels, Manifests, Object, Pod, selects};

/// What has labels in a namespace.
pub trait Labelled<'m> {
    /// Its namespace; empty where it says none.
    fn namespace(&self) -> &'m str;
    /// Its labels.
    fn labels(&self) -> &Labels<'m>;
}

/// A Service.
#[derive(Debug, Clone)]
pub struct Service<'m> {
    /// All of it.
    pub object: &'m Object,
    /// Its own labels, not those it selects by.
    pub labels: Labels<'m>,
}

impl<'m> Labelled<'m> for Service<'m> {
    fn namespace(&self) -> &'m str {
        self.object.namespace()
    }

    fn labels(&self) -> &Labels<'m> {
        &self.labels
    }
}

impl<'m> Labelled<'m> for Pod<'m> {
    fn namespace(&self) -> &'m str {
        Pod::namespace(self)
    }

    fn labels(&self) -> &Labels<'m> {
        &self.labels
    }
}

/// Things with labels, in the order of the input.
#[derive(Debug)]
pub struct Index<'m, T> {
    items: Vec<T>,
    /// By namespace.
    residents: HashMap<&'m str, Vec<usize>>,
    /// By namespace, key and value.
    bearers: HashMap<(&'m str, &'m str, &'m str), Vec<usize>>,
}

impl<'n, T> IntoIterator for &'n Index<'_, T> {
    type Item = &'n T;
    type IntoIter = std::slice::Iter<'n, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// The pods of an input.
pub type Pods<'m> = Index<'m, Pod<'m>>;
/// The Services of an input.
pub type Services<'m> = Index<'m, Service<'m>>;

impl<'m> Pods<'m> {
    /// The pods that workloads of `manifests` start.
    #[must_use]
    pub fn of(manifests: &'m Manifests) -> Self {
        Self::new(manifests.objects().iter().filter_map(Pod::of))
    }
}

impl<'m> Services<'m> {
    /// The Services of `manifests`.
    #[must_use]
    pub fn of(manifests: &'m Manifests) -> Self {
        Self::new(manifests.of_kind("Service").map(|object| Service {
            object,
            labels: Labels::of(object.at("metadata.labels")),
        }))
    }
}

impl<'m, T: Labelled<'m>> Index<'m, T> {
    fn new(items: impl Iterator<Item = T>) -> Self {
        let items: Vec<T> = items.collect();
        let labels = items.iter().map(|item| item.labels().len()).sum();
        let mut index = Self {
            items,
            residents: HashMap::new(),
            bearers: HashMap::with_capacity(labels),
        };
        for (position, item) in index.items.iter().enumerate() {
            let namespace = item.namespace();
            index.residents.entry(namespace).or_default().push(position);
            for (key, value) in item.labels().iter() {
                let bearers = index.bearers.entry((namespace, key, value)).or_default();
                bearers.push(position);
            }
        }
        index
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.into_iter()
    }

    /// All namespaces that have any.
    pub fn namespaces(&self) -> impl Iterator<Item = &'m str> {
        self.residents.keys().copied()
    }

    /// Whether there are any in `namespace`.
    #[must_use]
    pub fn has_namespace(&self, namespace: &str) -> bool {
        self.residents.contains_key(namespace)
    }

    /// All of `namespace`.
    pub fn of_namespace(&self, namespace: &str) -> impl Iterator<Item = &T> {
        let residents = self.residents.get(namespace).into_iter().flatten();
        residents.filter_map(|position| self.items.get(*position))
    }

    /// Those of `namespace` that the LabelSelector at `selector` selects; see [`selects`].
    pub fn selected<'n>(
        &'n self,
        namespace: &'n str,
        selector: At<'n>,
    ) -> impl Iterator<Item = &'n T> + use<'n, 'm, T> {
        let equal = Labels::of(selector.get("matchLabels"));
        self.candidates(namespace, &equal)
            .filter(move |item| selects(selector, item.labels()))
    }

    /// Those of `namespace` that carry all of `wanted`.
    pub fn bearing<'n>(
        &'n self,
        namespace: &'n str,
        wanted: Labels<'n>,
    ) -> impl Iterator<Item = &'n T> + use<'n, 'm, T> {
        self.candidates(namespace, &wanted)
            .filter(move |item| item.labels().has_all(&wanted))
    }

    /// Those of `namespace` that carry the rarest of `wanted`; all, if none is wanted.
    fn candidates<'n>(
        &'n self,
        namespace: &'n str,
        wanted: &Labels<'n>,
    ) -> impl Iterator<Item = &'n T> + use<'n, 'm, T> {
        let mut rarest = self.residents.get(namespace);
        for (key, value) in wanted.iter() {
            // Rarer than one or none there is nothing to look for.
            if rarest.is_none_or(|positions| positions.len() <= 1) {
                break;
            }
            let bearers = self.bearers.get(&(namespace, key, value));
            let number = |positions: Option<&Vec<usize>>| positions.map_or(0, Vec::len);
            if number(bearers) < number(rarest) {
                rarest = bearers;
            }
        }
        let positions = rarest.into_iter().flatten();
        positions.filter_map(|position| self.items.get(*position))
    }
}

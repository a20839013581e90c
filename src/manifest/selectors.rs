//! Selectors, found by the labels that they select.
//!
//! The other way round than [`Index`](super::Index): policies are many too, and each of thousands
//! of pods asks which are about it.

use foldhash::{HashMap, HashMapExt};

use super::{At, Labels};

/// LabelSelectors, each with the namespace it is for, by their positions in a list.
#[derive(Debug, Default)]
pub struct Selectors<'m> {
    /// By namespace, key and value: those that demand this label, each under one of its labels.
    demanding: HashMap<Label<'m>, Vec<usize>>,
    /// By namespace: those that demand no label's value.
    others: HashMap<&'m str, Vec<usize>>,
}

/// A namespace, a label's key and its value.
type Label<'m> = (&'m str, &'m str, &'m str);

impl<'m> Selectors<'m> {
    /// The selectors at these places.
    pub fn new(selectors: impl Iterator<Item = (&'m str, At<'m>)>) -> Self {
        let demands = selectors.map(|(namespace, selector)| {
            let demanded = Labels::of(selector.get("matchLabels"));
            let demanded = demanded.iter().map(|(key, value)| (namespace, key, value));
            (namespace, demanded.collect())
        });
        let demands: Vec<(&str, Vec<Label<'m>>)> = demands.collect();
        let mut demanded: HashMap<Label<'m>, usize> = HashMap::new();
        for label in demands.iter().flat_map(|(_, labels)| labels) {
            *demanded.entry(*label).or_default() += 1;
        }
        let mut selectors = Self::default();
        for (position, (namespace, labels)) in demands.iter().enumerate() {
            let rarest = labels.iter().min_by_key(|label| demanded.get(*label));
            let list = match rarest {
                Some(label) => selectors.demanding.entry(*label).or_default(),
                None => selectors.others.entry(namespace).or_default(),
            };
            list.push(position);
        }
        selectors
    }

    /// Those of `namespace` that may select `labels`, in order; `None` for labels that nobody knows.
    /// Whoever asks compares what else they demand.
    #[must_use]
    pub fn candidates(&self, namespace: &str, labels: Option<&Labels<'_>>) -> Vec<usize> {
        let demanding = labels
            .into_iter()
            .flat_map(Labels::iter)
            .filter_map(|(key, value)| self.demanding.get(&(namespace, key, value)));
        let lists = demanding.chain(self.others.get(namespace));
        let mut found: Vec<usize> = lists.flatten().copied().collect();
        found.sort_unstable();
        found
    }
}

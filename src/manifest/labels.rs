//! Labels as they are written.
//!
//! Nearly everything in Kubernetes refers by labels, and every rule asks for them. They are few: a list is
//! searched in less time than a tree takes to be built.

use memchr::arch::all::is_equal;

use super::At;

/// So many are compared one by one.
const FEW: usize = 16;

/// Keys and their values, in the order of the keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels<'m>(Vec<(&'m str, &'m str)>);

impl<'m> Labels<'m> {
    /// Those written at `at`.
    #[must_use]
    pub fn of(at: At<'m>) -> Self {
        let entries = at.entries();
        entries
            .filter_map(|(key, value)| Some((key, value.text()?)))
            .collect()
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'m str> {
        if self.0.len() > FEW {
            let at = self.0.binary_search_by_key(&key, |(key, _)| key).ok()?;
            return self.0.get(at).map(|(_, value)| *value);
        }
        let is_key = |(own, _): &(&str, &str)| is_equal(own.as_bytes(), key.as_bytes());
        self.0.iter().copied().find(is_key).map(|(_, value)| value)
    }

    /// Whether `key` has `value`.
    #[must_use]
    pub fn has(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Whether all of `others` are among them.
    #[must_use]
    pub fn has_all(&self, others: &Labels<'_>) -> bool {
        others.iter().all(|(key, value)| self.has(key, value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each key with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'m str, &'m str)> + Clone + use<'_, 'm> {
        self.0.iter().copied()
    }

    /// Gives `key` the `value`.
    pub fn set(&mut self, key: &'m str, value: &'m str) {
        match self.0.binary_search_by_key(&key, |(key, _)| key) {
            Ok(at) => {
                if let Some((_, own)) = self.0.get_mut(at) {
                    *own = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }
}

impl<'m> FromIterator<(&'m str, &'m str)> for Labels<'m> {
    /// Of a key that stands twice, the last value counts.
    fn from_iter<I: IntoIterator<Item = (&'m str, &'m str)>>(labels: I) -> Self {
        let mut labels: Vec<(&str, &str)> = labels.into_iter().collect();
        labels.reverse();
        labels.sort_by_key(|(key, _)| *key);
        labels.dedup_by_key(|(key, _)| *key);
        Self(labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_key_that_stands_twice_the_last_value_counts() {
        let mut labels: Labels<'_> = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        assert!(labels.iter().eq([("a", "2"), ("b", "3")]));
        assert_eq!((labels.get("b"), labels.get("c")), (Some("3"), None));
        labels.set("a", "4");
        labels.set("aa", "5");
        assert!(labels.iter().eq([("a", "4"), ("aa", "5"), ("b", "3")]));
        assert!(labels.has_all(&[("aa", "5")].into_iter().collect()));
        assert!(!labels.has_all(&[("aa", "4")].into_iter().collect()));
        let names: Vec<String> = (0..2 * FEW).map(|number| format!("{number:02}")).collect();
        let many: Labels<'_> = names.iter().map(|name| (name.as_str(), "1")).collect();
        assert!(names.iter().all(|name| many.has(name, "1")) && many.get("aa").is_none());
    }
}

//! What is written: a mapping in which every key can have remarks above it.

use super::remark::Remark;

/// A mapping, in the order in which it is written.
#[derive(Debug, Clone, Default)]
pub struct Map(Vec<Entry>);

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// What stands above it.
    pub remarks: Vec<Remark>,
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `false`.
    Off,
    /// A list.
    List(Vec<Value>),
    /// A mapping.
    Map(Map),
}

impl Map {
    /// Sets `key`, and keeps the remarks that it has.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => self.0.push(Entry {
                key: key.to_owned(),
                value,
                remarks: Vec::new(),
            }),
        }
    }

    /// Puts a remark above `key`, if that is set; gives it back otherwise.
    pub fn remark(&mut self, key: &str, remark: Remark) -> Option<Remark> {
        match self.0.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => {
                entry.remarks.push(remark);
                None
            }
            None => Some(remark),
        }
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|entry| entry.key != key);
    }

    /// Whether `key` is set.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let entry = self.0.iter().find(|entry| entry.key == key);
        entry.map(|entry| &entry.value)
    }

    /// Changes the mapping under `key`, which is made where there is none.
    pub fn edit(&mut self, key: &str, edit: impl FnOnce(&mut Self)) {
        if !matches!(self.get(key), Some(Value::Map(_))) {
            self.set(key, Self::default());
        }
        let entry = self.0.iter_mut().find(|entry| entry.key == key);
        if let Some(Entry {
            value: Value::Map(map),
            ..
        }) = entry
        {
            edit(map);
        }
    }

    /// Sets `key` in the mapping `outer`.
    pub fn set_in(&mut self, outer: &str, key: &str, value: impl Into<Value>) {
        self.edit(outer, |map| map.set(key, value));
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many keys are set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts the keys into the order of `keys`; others come last.
    pub fn sort_by(&mut self, keys: &[&str]) {
        let rank = |entry: &Entry| keys.iter().position(|key| *key == entry.key);
        self.0
            .sort_by_key(|entry| rank(entry).unwrap_or(keys.len()));
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

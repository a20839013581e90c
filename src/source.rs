//! The texts that a person wrote, and places in them.
//!
//! A problem that is found late (two servers of one name, say) must still point at the line that
//! caused it. So every value read from a config carries a [`Place`], three small numbers, and the
//! texts themselves stay in [`Sources`] until the last problem has been shown.

use std::sync::OnceLock;

/// How keys and certificates begin (RFC 7468).
const BEGIN: &str = "-----BEGIN ";

/// A range of bytes in one of the [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Which source: its index in [`Sources`].
    pub source: u32,
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// The place before the byte `at` of a source. No source has 4 GiB.
    #[must_use]
    pub fn at(source: u32, at: usize) -> Self {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            source,
            start: at,
            end: at,
        }
    }
}

/// One text and the name under which a person knows it.
#[derive(Debug)]
pub struct Source {
    /// A file's path as the user gave it, or a description such as `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Who wrote it.
    pub origin: Origin,
    /// Where a key or a certificate begins. Each of a million problems may ask; the text is searched once.
    begins: OnceLock<Vec<usize>>,
}

impl Source {
    /// Where the last key or certificate begins that does so before the byte `at`.
    #[must_use]
    pub fn begin_before(&self, at: usize) -> Option<usize> {
        let begins = self.begins.get_or_init(|| {
            let found = self.text.match_indices(BEGIN);
            found.map(|(begin, _)| begin).collect()
        });
        let before = begins.partition_point(|begin| begin + BEGIN.len() <= at);
        begins.get(before.checked_sub(1)?).copied()
    }
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A person: its lines are theirs.
    Person,
    /// A program that read what a person wrote and wrote it anew, as kustomize does.
    Host,
}

/// All texts read in one run.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Keeps `text` and returns the index that places refer to.
    ///
    /// # Errors
    /// When the text is larger than 4 GiB, which a [`Place`] cannot address.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        text: String,
        origin: Origin,
    ) -> Result<u32, TooLarge> {
        if u32::try_from(text.len()).is_err() {
            return Err(TooLarge);
        }
        let index = u32::try_from(self.0.len()).map_err(|_| TooLarge)?;
        self.0.push(Source {
            name: name.into(),
            text,
            origin,
            begins: OnceLock::new(),
        });
        Ok(index)
    }

    /// All of them, in the order of their indexes.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.0.iter()
    }

    /// The source that `place` points into.
    #[must_use]
    pub fn get(&self, source: u32) -> Option<&Source> {
        self.0.get(source as usize)
    }
}

/// A text of more than 4 GiB, or more than four thousand million texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

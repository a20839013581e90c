//! Where a process writes that asks nobody: its home and the caches of its package manager.
//!
//! The root file system is read-only, and what is installed or cached at the first start would end
//! the process there.

use super::env::variable;
use super::literal::kubelet_literal;
use super::scope::{Reported, Scope, all};
use crate::model::{EnvValue, EnvVar, Writable};

/// The folder that is chosen before others.
const TEMPORARY: &str = "/tmp";
/// Variables and what they name, below the folder (XDG base directory specification; npm, config
/// `cache`; uv, environment variables).
const FOLDERS: [(&str, &str); 4] = [
    ("HOME", ""),
    ("NPM_CONFIG_CACHE", "/.npm"),
    ("UV_CACHE_DIR", "/.cache/uv"),
    ("XDG_CACHE_HOME", "/.cache"),
];

/// The variables that lead into one of `writable`; none where nothing is writable.
pub fn home(scope: &mut Scope<'_>, writable: &[Writable]) -> Result<Vec<EnvVar>, Reported> {
    let mut paths = writable.iter().map(|writable| writable.path.as_str());
    let chosen = paths.clone().find(|path| *path == TEMPORARY);
    let Some(folder) = chosen.or(paths.next()) else {
        return Ok(Vec::new());
    };
    all(FOLDERS.map(|(name, below)| {
        let path = kubelet_literal(&format!("{folder}{below}"));
        variable(scope, name, EnvValue::Literal(path.into()))
    }))
}

//! The program's own source, for what only that can show.

use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// All source files of the program.
pub fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    add(&root().join("src"), &mut found);
    assert!(found.len() > 100);
    found
}

fn add(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

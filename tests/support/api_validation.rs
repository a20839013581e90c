//! The API server's own code, without a server.

use std::path::Path;
use std::process::Command;

use super::peer;

/// What it says of the objects in files.
pub struct Said {
    /// For each object that it refuses, the name of its file and why.
    pub refused: Vec<(String, String)>,
    /// How many it takes.
    pub taken: usize,
}

/// Asks whether it would create the objects in the files in `folder`, custom kinds aside.
pub fn create(folder: &Path) -> Said {
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let output = Command::new(peer("api-validation"))
        .args(files)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (last, refused) = text.trim_end().rsplit_once('\n').map_or_else(
        || (text.trim_end(), Vec::new()),
        |(lines, last)| {
            let parts = lines.lines().map(|line| line.split_once(": ").unwrap());
            let owned = parts.map(|(file, why)| (file.to_owned(), why.to_owned()));
            (last, owned.collect::<Vec<_>>())
        },
    );
    // `12 taken, 0 refused, 3 of custom kinds`
    let numbers: Vec<usize> = last
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    assert_eq!(numbers.len(), 3, "{text} {:?}", output.stderr);
    assert_eq!(numbers[1], refused.len(), "{text}");
    Said {
        refused,
        taken: numbers[0],
    }
}

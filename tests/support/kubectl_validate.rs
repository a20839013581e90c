//! The API server's own validation, without a server.

use std::path::Path;
use std::process::Command;

use super::peer;

/// Whether it takes the manifests at `manifests`, with the definitions in the folder `definitions` beside
/// the built-in kinds; and all that it says.
pub fn validate(definitions: &Path, manifests: &Path) -> (bool, String) {
    let output = Command::new(peer("kubectl-validate"))
        .arg("--local-crds")
        .arg(definitions)
        .arg(manifests)
        .output()
        .unwrap();
    let said = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    (output.status.success(), said.concat())
}

//! What docs/security.md promises of the program itself, as far as its source and the list of its
//! libraries can show it.

use std::fs;

use crate::support;

/// What opens a connection or starts a program, in the standard library.
const FORBIDDEN: [&str; 5] = [
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "process::Command::new",
];
/// The libraries that everybody uses for it.
const LIBRARIES: [&str; 12] = [
    "async-std",
    "curl",
    "hyper",
    "mio",
    "native-tls",
    "openssl",
    "polling",
    "reqwest",
    "rustls",
    "socket2",
    "tokio",
    "ureq",
];

#[test]
fn no_code_opens_a_connection_or_starts_a_program() {
    for file in support::source::files() {
        let text = fs::read_to_string(&file).unwrap();
        // What stands behind it is in no release.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in FORBIDDEN {
            assert!(!code.contains(word), "{}: {word}", file.display());
        }
    }
}

#[test]
fn no_library_for_the_network_is_built_in() {
    let lock = fs::read_to_string(support::root().join("Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"clap\"\n"));
    for library in LIBRARIES {
        let line = format!("name = \"{library}\"\n");
        assert!(!lock.contains(&line), "{library}");
    }
}

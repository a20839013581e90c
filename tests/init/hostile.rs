//! Flags that try to leave their place: no text becomes YAML, a comment, or a file.

use mcpset::init::{self, Server, Wanted};
use proptest::prelude::*;
use serde_yaml::Value;

use super::{REGISTRY, init as run_init};
use crate::support;
use crate::support::kustomize::Folder;

const HOSTILE: [&str; 8] = [
    "a\n  evil: true",
    "a # b",
    "a: b",
    "\"a\"",
    "{a: b}",
    "a\u{202e}b",
    "a\u{85}b",
    "*a",
];

#[test]
fn a_hostile_flag_is_refused_and_nothing_is_written() {
    let right = ["--registry", REGISTRY, "--server", "a=mcp-a:1.0.0"];
    for text in HOSTILE {
        let (name, image) = (format!("{text}=mcp-a:1.0.0"), format!("a={text}:1.0.0"));
        for flags in [
            [&right[..], &["--name", text]].concat(),
            [&right[..], &["--namespace", text]].concat(),
            [&right[..], &["--server", &name]].concat(),
            [&right[..], &["--server", &image]].concat(),
            [&right[..], &["--profile", text]].concat(),
            ["--registry", text, "--server", "a=mcp-a:1.0.0"].to_vec(),
        ] {
            let folder = Folder::new(&[]);
            let ended = run_init(&folder, &flags);
            assert_eq!(ended.status, Some(2), "{flags:?}: {}", ended.stderr);
            assert_eq!(ended.stdout, "");
            assert!(folder.files().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(support::cases(64))]

    /// Even what no flag lets through.
    #[test]
    fn no_text_leaves_its_place_in_the_set(
        name in any::<String>(),
        namespace in any::<String>(),
        registry in any::<String>(),
        server in any::<String>(),
        image in any::<String>(),
    ) {
        let server_of = |name: &str, image: &str| Server {
            name: name.into(),
            image: image.into(),
            profile: None,
        };
        let mut expected: Value = read(&Wanted {
            name: "a".into(),
            namespace: "b".into(),
            registry: "c".into(),
            servers: vec![server_of("d", "e")],
        });
        expected["metadata"]["name"] = name.as_str().into();
        expected["metadata"]["namespace"] = namespace.as_str().into();
        expected["spec"]["platform"]["registry"] = registry.as_str().into();
        expected["spec"]["servers"][0]["name"] = server.as_str().into();
        expected["spec"]["servers"][0]["image"] = image.as_str().into();
        let servers = vec![server_of(&server, &image)];
        prop_assert_eq!(read(&Wanted { name, namespace, registry, servers }), expected);
    }
}

/// The set that is `wanted`, as an independent reader sees it.
fn read(wanted: &Wanted) -> Value {
    serde_yaml::from_str(&init::set(wanted)).unwrap()
}

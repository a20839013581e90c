//! `docs/errors.md`: mistakes that people make, and what they are told.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use mcpset::markdown;

use crate::support;
use crate::support::run::run;

const PAGE: &str = "docs/errors.md";
const OPENING: &str = include_str!("opening.md");
const BESIDE: &str = include_str!("beside.md");

/// Lines that most files begin with, and that are shown where they are part of the mistake only.
const FRAME: [&str; 6] = [
    "apiVersion: mcpset.dev/v1alpha1",
    "kind: McpServerSet",
    "metadata: {name: mcp, namespace: litellm}",
    "spec:",
    "  platform: {registry: registry.example.com}",
    "  servers:",
];

/// The mistakes of one kind: what each is called, and its file in `bad_input`.
struct Group {
    title: &'static str,
    mistakes: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
const GROUPS: &[Group] = &[
    Group { title: "YAML itself", mistakes: &[
        ("A bracket is never closed", "yaml-bracket-never-closed"),
        ("A quote is never closed", "yaml-quote-never-closed"),
        ("A line is indented by one blank too few", "yaml-bad-indentation"),
        ("A tab indents", "yaml-tab-as-indentation"),
        ("A text holds a colon and a blank", "yaml-colon-in-text"),
        ("A template that nobody filled in", "yaml-template-not-quoted"),
        ("A backslash in double quotes", "yaml-unknown-escape"),
        ("A key stands twice", "duplicate-field"),
        ("`yes` without quotes", "ambiguous-boolean"),
        ("A version without quotes", "ambiguous-fraction"),
        ("A date without quotes", "ambiguous-date"),
        ("A port with a leading zero", "type-leading-zero"),
    ] },
    Group { title: "Fields", mistakes: &[
        ("A mistyped field", "mistyped-image"),
        ("A mistyped field that many servers depend on", "mistyped-registry"),
        ("A mistyped list", "mistyped-actions"),
        ("Names that Kubernetes and Helm charts have for it", "habit-of-kubernetes"),
        ("`valueFrom`, as in a Deployment", "variable-from-value-from"),
        ("A field that there is not", "unknown-field-unlike-any"),
        ("No image", "server-without-image"),
        ("No namespace", "namespace-missing"),
        ("No `apiVersion` and no `kind`", "neither-api-version-nor-kind"),
        ("The kind in other letters", "kind-misspelled"),
        ("Another object in the same file", "second-document-foreign"),
    ] },
    Group { title: "Types and values", mistakes: &[
        ("A number in quotes", "type-quoted-number"),
        ("A number with its unit", "type-seconds-with-unit"),
        ("A percentage with its sign", "objective-with-percent-sign"),
        ("`yes` for `true`", "type-yes-for-boolean"),
        ("A text for a list", "type-text-for-list"),
        ("Variables as a Deployment lists them", "type-env-as-list"),
        ("A list of servers without dashes", "type-servers-as-mapping"),
        ("A variable without a value", "type-nothing-for-variable"),
        ("A port that there is not", "port-too-large"),
        ("No pods", "replicas-zero"),
        ("A word that is none of the known ones", "word-for-transport"),
        ("A word in other letters", "word-for-session"),
        ("`MB` for a quantity", "memory-in-mb"),
        ("Memory in thousandths", "memory-in-milli"),
        ("A request above its limit", "request-above-limit"),
        ("A duration without a unit", "longest-call-without-unit"),
        ("A duration in days", "refresh-interval-in-days"),
    ] },
    Group { title: "Names", mistakes: &[
        ("Upper case", "name-of-server-upper-case"),
        ("An underscore", "name-of-server-underscore"),
        ("Too long", "name-too-long"),
        ("Two servers of one name", "names-equal"),
        ("A variable with a dash", "variable-with-dash"),
        ("A label's value with a sign", "label-value-bad"),
        ("A label that is mcpset's own", "label-own"),
    ] },
    Group { title: "Images and registries", mistakes: &[
        ("No tag", "image-without-tag"),
        ("`latest`", "image-latest"),
        ("A placeholder of the guide", "image-placeholder"),
        ("A variable of a shell", "image-variable"),
        ("A scheme", "registry-with-scheme"),
        ("No registry of one's own", "registry-none"),
        ("A registry that is not approved", "registry-not-approved"),
        ("A digest is asked for", "image-needs-digest"),
    ] },
    Group { title: "Secrets and credentials", mistakes: &[
        ("A token in a variable", "credential-in-variable"),
        ("A password in a URL", "credential-in-url"),
        ("A token where a path in the store belongs", "credential-as-secret-path"),
        ("A secret without its path", "secret-without-key"),
        ("One name for a secret and a variable", "variable-and-secret"),
        ("Two secrets under one key", "secrets-share-a-key"),
    ] },
    Group { title: "Network", mistakes: &[
        ("A URL for a host", "egress-host-with-scheme"),
        ("A host with a port", "egress-host-with-port"),
        ("A Service by its DNS name", "egress-host-of-cluster"),
        ("A Service without its namespace", "egress-service-without-namespace"),
        ("An address without a prefix length", "egress-cidr-without-length"),
        ("An address inside its range", "egress-cidr-inside-range"),
        ("Everything, the node's role included", "egress-cidr-everything"),
        ("Two destinations in one", "egress-to-two"),
        ("A probe that asks the MCP endpoint", "probe-of-the-endpoint"),
    ] },
    Group { title: "Sessions, scaling and standard input", mistakes: &[
        ("Replicas beside an autoscaler", "autoscaling-and-replicas"),
        ("An autoscaler without a maximum", "autoscaling-without-max"),
        ("No stickiness over SSE", "session-stateless-over-sse"),
        ("Standard input without a bridge", "stdio-without-bridge"),
        ("Standard input without a command", "stdio-without-command"),
        ("Standard input in two pods", "stdio-two-pods"),
        ("Less memory than the sessions take", "stdio-memory-below-need"),
    ] },
    Group { title: "Access to the Kubernetes API", mistakes: &[
        ("Rules without access", "access-of-rules-alone"),
        ("Access without rules", "access-without-rules"),
        ("A kind for a resource", "access-resource-kind"),
        ("A mistyped verb", "access-verb-misspelt"),
        ("A version in the group", "access-group-with-version"),
    ] },
    Group { title: "Patches", mistakes: &[
        ("A mistyped field of a Deployment", "patch-unknown-field"),
        ("A patch that breaks a rule", "patch-breaks-rule"),
        ("A container of another name", "patch-of-no-container"),
        ("A field that belongs to mcpset", "patch-selector"),
    ] },
    Group { title: "Profiles", mistakes: &[
        ("A mistyped profile", "profile-unknown"),
        ("What the profile must still be told", "profile-needs"),
        ("No image of one's own", "profile-without-image"),
    ] },
    Group { title: "LiteLLM", mistakes: &[
        ("A token for its variable", "litellm-token-github"),
        ("An authentication without a token", "litellm-auth-without-token"),
        ("A credential in a header", "litellm-header-credential"),
    ] },
    Group { title: "AWS", mistakes: &[
        ("A role's name for its ARN", "role-not-an-arn"),
        ("A placeholder for the account", "role-placeholder"),
        ("Both ways to a role", "role-and-pod-identity"),
        ("A zone for a region", "aws-region-zone"),
        ("A resource that is no ARN", "aws-resource-no-arn"),
    ] },
    Group { title: "Policy", mistakes: &[
        ("An exception without a reason", "exception-without-reason"),
        ("An exception of no rule", "exception-of-no-rule"),
    ] },
    Group { title: "Several sets, several mistakes", mistakes: &[
        ("Two sets of one name", "sets-equal"),
        ("Ten mistakes at once", "many-at-once"),
    ] },
];

/// `UPDATE_PAGE=1 cargo test --test all bad_input::` writes it anew.
#[test]
fn the_page_of_mistakes_is_made_from_what_is_said() {
    let path = support::root().join(PAGE);
    let page = page();
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "{PAGE} is not up to date: UPDATE_PAGE=1 cargo test --test all bad_input::"
    );
    let files: Vec<&str> = GROUPS
        .iter()
        .flat_map(|group| group.mistakes)
        .map(|(_, file)| *file)
        .collect();
    assert!(files.len() >= 60, "{}", files.len());
    let different: BTreeSet<&str> = files.iter().copied().collect();
    assert_eq!(different.len(), files.len(), "a mistake stands twice");
}

fn page() -> String {
    let mut page = OPENING.to_owned();
    for Group { title, mistakes } in GROUPS {
        write!(page, "\n## {title}\n").unwrap();
        for (title, file) in *mistakes {
            let path = format!("tests/bad_input/{file}.yaml");
            let text = fs::read_to_string(support::root().join(&path)).unwrap();
            let message = told(&text);
            let wrong = markdown::block("yaml", &without_frame(&text, &message));
            let message = markdown::block("text", &message);
            write!(
                page,
                "\n### {title}\n\n{wrong}\n{message}\n[The whole file](../{path})\n"
            )
            .unwrap();
        }
    }
    page + "\n" + BESIDE
}

/// What is said of `text` in a file `mcp.yaml`.
fn told(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mcp.yaml"), text).unwrap();
    let mut command = support::mcpset();
    let ended = run(
        command
            .current_dir(folder.path())
            .args(["render", "mcp.yaml"]),
        b"",
    );
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(1), ""));
    ended.stderr
}

/// The lines of `text` that are no frame, and those of the frame that `message` points at.
fn without_frame(text: &str, message: &str) -> String {
    let places = message.lines().filter_map(|line| {
        let place = line
            .trim_start()
            .strip_prefix("--> ")
            .or(line.trim_start().strip_prefix("::: "))?;
        place.split(':').nth(1)?.parse().ok()
    });
    let pointed_at: BTreeSet<usize> = places.collect();
    let kept: Vec<&str> = (1..)
        .zip(text.lines())
        .filter(|(number, line)| pointed_at.contains(number) || !FRAME.contains(line))
        .map(|(_, line)| line)
        .collect();
    kept.join("\n")
}

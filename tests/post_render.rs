//! `mcpset post-render` on streams of all kinds: a set gives way to its objects, every other byte stays.

use crate::support;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::LazyLock;

use mcpset::hosts::{files, splice, stream};
use mcpset::problem::{Problem, Problems};
use mcpset::resources::objects;
use mcpset::source::{Origin, Sources};
use mcpset::yaml::{self, Dialect};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::foreign;
use crate::support::kustomize::Folder;

/// One set in several spellings, each with the words that say it is one. What it generates mentions
/// the kind again. `%` is its name.
const SPELLINGS: [(&str, &str); 6] = [
    (
        "apiVersion: mcpset.dev/v1alpha1\nkind: McpServerSet\nmetadata:\n  name: %\n  namespace: litellm\nspec:\n  namePrefix: %-\n  platform: {registry: registry.example.com}\n  servers:\n  - name: github\n    env: {TEXT: \"kind: McpServerSet\"}\n    image: mcp-github:1.0.0\n",
        "kind: McpServerSet",
    ),
    (
        "# A set.\nkind:   'McpServerSet'   # the kind\napiVersion: \"mcpset.dev/v1alpha1\"\nspec:\n    servers:\n      - image: mcp-github:1.0.0\n\n        name: &g github\n        env:\n          TEXT: |-\n            kind: McpServerSet\n    platform:\n      registry: registry.example.com # here\n    namePrefix: %-\nmetadata: {namespace: litellm,\n  name: %}\n\n# the end\n",
        "kind:   'McpServerSet'",
    ),
    (
        "metadata: {name: %, namespace: litellm}\nspec:\n  {namePrefix: %-, platform: {registry: registry.example.com}, servers: [{name: github, image: 'mcp-github:1.0.0', env: {TEXT: 'kind: McpServerSet'}}]}\napiVersion: mcpset.dev/v1alpha1\n\"kind\": McpServerSet\n",
        "\"kind\": McpServerSet",
    ),
    (
        "{\"apiVersion\": \"mcpset.dev/v1alpha1\", \"kind\": \"McpServerSet\", \"metadata\": {\"name\": \"%\", \"namespace\": \"litellm\"}, \"spec\": {\"namePrefix\": \"%-\", \"platform\": {\"registry\": \"registry.example.com\"}, \"servers\": [{\"name\": \"github\", \"image\": \"mcp-github:1.0.0\", \"env\": {\"TEXT\": \"kind: McpServerSet\"}}]}}\n",
        "\"kind\": \"McpServerSet\"",
    ),
    (
        "{\n\t\"spec\": {\n\t\t\"servers\": [\n\t\t\t{\"name\": \"github\", \"env\": {\"TEXT\": \"kind: \\u004dcpServerSet\"},\n\t\t\t\"image\": \"mcp-github:1.0.0\"}\n\t\t],\n\t\t\"platform\": {\"registry\": \"registry.example.com\"}, \"namePrefix\": \"%-\"\n\t},\n\t\"kind\":\n\t\t\"McpServerSet\",\n\t\"metadata\": {\"namespace\": \"litellm\", \"name\": \"%\"},\n\t\"apiVersion\": \"mcpset.dev/v1alpha1\"\n}",
        "\"kind\":\n\t\t\"McpServerSet\"",
    ),
    (
        "{apiVersion: mcpset.dev/v1alpha1, kind: McpServerSet, metadata: {name: %, namespace: litellm},\nspec: {namePrefix: %-, platform: {registry: registry.example.com},\nservers: [{name: github, image: 'mcp-github:1.0.0', env: {TEXT: 'kind: McpServerSet'}}]}} # done\n",
        "kind: McpServerSet",
    ),
];

/// The names of sets in a stream, which do not collide.
const NAMES: [&str; 2] = ["one", "two"];

fn set(name: &str) -> String {
    SPELLINGS[0].0.replace('%', name)
}

/// What `mcpset render` prints for the sets called [`NAMES`].
static RENDERED: LazyLock<[String; 2]> = LazyLock::new(|| {
    NAMES.map(|name| {
        let folder = Folder::new(&[("set.yaml", &set(name))]);
        support::render_text(&folder.path().join("set.yaml"))
    })
});

/// What `mcpset post-render` makes of `text`, by way of the library.
fn post_render(text: &str) -> Result<String, Vec<Problem>> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let index = sources.add("<stdin>", text.to_owned(), Origin::Person);
    let edits = stream::expand(index.unwrap(), Dialect::Written, &sources, &mut problems);
    if problems.has_errors() {
        return Err(problems.into_sorted());
    }
    let mut out = Vec::new();
    splice::write(text, &edits, &mut out).unwrap();
    Ok(String::from_utf8(out).unwrap())
}

/// `mcpset post-render < input`, with these variables set.
fn run(input: &[u8], variables: &[(&str, &Path)]) -> Output {
    let mut child = support::mcpset()
        .arg("post-render")
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// What a run that must fail says; its standard output is empty.
fn refusal(input: &[u8]) -> String {
    let output = run(input, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    String::from_utf8(output.stderr).unwrap()
}

// --- what is not ours -----------------------------------------------------------------------------

/// A part of a stream, and what becomes of it.
#[derive(Clone)]
struct Part {
    text: String,
    expected: String,
}

impl fmt::Debug for Part {
    /// The text alone: what becomes of it fills screens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

/// The first line in which `found` is not as `expected`, or what was said instead.
fn difference(found: &Result<String, Vec<Problem>>, expected: &str) -> Option<String> {
    let found = match found {
        Ok(found) if found == expected => return None,
        Ok(found) => found,
        Err(problems) => return Some(format!("{problems:?}")),
    };
    let lines = found
        .split_inclusive('\n')
        .zip(expected.split_inclusive('\n'));
    let different = lines
        .into_iter()
        .find(|(found, expected)| found != expected);
    Some(format!(
        "found and expected differ in {different:?}, or in their last lines"
    ))
}

fn foreign_part() -> impl Strategy<Value = Part> {
    foreign::document().prop_map(|text| Part {
        expected: text.clone(),
        text,
    })
}

/// The set called `NAMES[index]`, and its objects where it stands: with Helm's comment where it has
/// one, between the lines that belong to its neighbours.
fn set_part(index: usize) -> impl Strategy<Value = Part> {
    let choices = (
        select(&["", "...\n%YAML 1.2\n"][..]),
        select(&["---\n", "--- # McpServerSet\n", "---\t\n"][..]),
        select(&["", "# Source: chart/templates/set.yaml\n"][..]),
        select(&SPELLINGS[..]),
        select(&["", "\n", "\n\n# the end\n"][..]),
        select(&["", "...\n"][..]),
        any::<bool>(),
    );
    choices.prop_map(
        move |(before, marker, source, spelling, end, after, is_windows)| {
            let set = spelling.0.replace('%', NAMES[index]);
            let set = format!("{marker}{source}{}\n{end}", set.trim_end());
            let set = if is_windows {
                set.replace('\n', "\r\n")
            } else {
                set
            };
            let objects = RENDERED[index].replace("---\n", &format!("---\n{source}"));
            Part {
                text: format!("{before}{set}{after}"),
                expected: format!("{before}{objects}{after}"),
            }
        },
    )
}

/// A stream with none, one or both sets in any order, and what becomes of it.
fn mixed_stream() -> impl Strategy<Value = Part> {
    let sets = prop_oneof![
        Just(Vec::new()).boxed(),
        set_part(0).prop_map(|part| vec![part]).boxed(),
        (set_part(0), set_part(1))
            .prop_map(|(a, b)| vec![a, b])
            .boxed(),
        (set_part(0), set_part(1))
            .prop_map(|(a, b)| vec![b, a])
            .boxed(),
    ];
    let between = vec(vec(foreign_part(), 0..3), 3);
    (foreign::beginning(), between, sets, foreign::ending()).prop_map(
        |(beginning, between, sets, ending)| {
            let mut sets = sets.into_iter();
            let parts: Vec<Part> = between
                .into_iter()
                .flat_map(|foreign| foreign.into_iter().chain(sets.next()))
                .collect();
            let text: String = parts.iter().map(|part| part.text.as_str()).collect();
            let expected: String = parts.iter().map(|part| part.expected.as_str()).collect();
            // A mark at the beginning of a set's own text goes with it.
            let is_of_set = beginning == "\u{feff}"
                && parts.first().is_some_and(|part| {
                    part.text != part.expected && !part.text.starts_with("...")
                });
            Part {
                text: format!("{beginning}{text}{ending}"),
                expected: format!(
                    "{}{expected}{ending}",
                    if is_of_set { "" } else { &beginning }
                ),
            }
        },
    )
}

proptest! {
    #![proptest_config(support::cases(500))]

    #[test]
    fn sets_give_way_and_every_other_byte_stays(stream in mixed_stream()) {
        let expanded = post_render(&stream.text);
        prop_assert_eq!(difference(&expanded, &stream.expected), None);
    }

    #[test]
    fn a_second_run_changes_nothing(stream in mixed_stream()) {
        let once = post_render(&stream.text).unwrap();
        prop_assert_eq!(difference(&post_render(&once), &once), None);
    }

    #[test]
    fn what_stands_around_a_wrong_set_does_not_save_it(
        before in foreign_part(),
        after in foreign_part(),
        wrong in select(&[
            "---\nkind: McpServerSet\n",
            "---\napiVersion: mcpset.dev/v2\nkind: McpServerSet\nmetadata: {name: a, namespace: b}\n",
            "---\nkind: List\nitems:\n- kind: McpServerSet\n",
        ][..]),
    ) {
        let stream = [before.text.as_str(), wrong, &after.text].concat();
        prop_assert!(post_render(&stream).is_err());
    }
}

#[test]
fn the_program_does_as_the_library() {
    let stream = format!("a: b # McpServerSet\n---\n{}---\r\nlast", set("one"));
    let printed = support::stdout_of(run(stream.as_bytes(), &[]));
    assert_eq!(
        printed,
        format!("a: b # McpServerSet\n{}---\r\nlast", RENDERED[0])
    );
    assert_eq!(post_render(&stream), Ok(printed));
}

#[test]
fn nothing_gives_a_comment_because_helm_4_takes_no_output_for_a_failure() {
    for nothing in ["", "\n", " \n\t\n\r\n"] {
        let printed = support::stdout_of(run(nothing.as_bytes(), &[]));
        assert_eq!(printed, format!("# no resources\n{nothing}"));
    }
    let comment = "# only a comment\n";
    assert_eq!(support::stdout_of(run(comment.as_bytes(), &[])), comment);
}

/// To other readers a set begins there, which nobody here sees.
#[test]
fn lines_that_end_otherwise_are_refused_where_a_set_may_be_among_them() {
    let set = set("one");
    for (line_break, name) in [
        ("\r", "a carriage return"),
        ("\u{2028}", "U+2028"),
        ("\u{85}", "U+0085"),
    ] {
        for text in [
            format!("data: {{x: y}} #{line_break}---\n{set}"),
            set.replace('\n', line_break),
            format!("{set}# c{line_break}---\n"),
        ] {
            let said = refusal(text.as_bytes());
            assert!(
                said.contains(name) && said.contains("ends a line"),
                "{text:?}: {said}"
            );
        }
        let other = format!("a: McpServerSet #{line_break}b\n---\n");
        let rendered = post_render(&format!("{other}{set}")).unwrap();
        assert!(rendered.starts_with(&other));
        // In quotes it is part of a text.
        let quoted = format!("---\na: \"McpServerSet {line_break}  b\"\n---\n");
        assert!(
            post_render(&format!("{quoted}{set}"))
                .unwrap()
                .starts_with(&quoted)
        );
    }
}

/// How YAML says `McpServerSet` without the word.
const HIDDEN: [&str; 3] = [
    r#""McpServer\u0053et""#,
    "\"\\x4dcp\\\n  Server\\\r\n \t\\\n  Set\"",
    r#"!!str "\U0000004dcpServerSet""#,
];

#[test]
fn a_set_that_does_not_show_its_kind_is_one() {
    for kind in HIDDEN {
        let hidden = set("one").replacen("McpServerSet", kind, 1);
        let other = "---\na: \"\\u0041\"\n";
        let expanded = post_render(&format!("{other}---\n{hidden}"));
        assert_eq!(expanded, Ok(format!("{other}{}", RENDERED[0])));
        let broken = hidden.replace("spec:", "spec: [");
        assert!(post_render(&broken).is_err(), "{broken}");
    }
    let repeated = set("one").replace("kind: McpServerSet\n", "").replace(
        "metadata:\n",
        "metadata:\n  labels: {a: &kind McpServerSet}\n",
    );
    let expanded = post_render(&format!("{repeated}kind: *kind\n"));
    assert_eq!(expanded.as_ref(), Ok(&RENDERED[0]));
}

#[test]
fn a_merge_as_yq_writes_it_makes_a_set_too() {
    let merged = set("one").replacen("kind: McpServerSet", "!!merge <<: {kind: McpServerSet}", 1);
    assert_eq!(post_render(&merged).as_ref(), Ok(&RENDERED[0]));
}

#[test]
fn a_misspelt_kind_is_told_and_other_groups_are_none_of_ours() {
    for kind in ["MCPServerSet", "McpServerset", "Server"] {
        let misspelt = set("one").replacen("McpServerSet", kind, 1);
        let told = format!("`mcpset.dev/v1alpha1` has no kind `{kind}`");
        let stderr = refusal(format!("a: b\n---\n{misspelt}").as_bytes());
        assert!(stderr.contains(&told), "{stderr}");
        let other = misspelt.replacen("mcpset.dev/v1alpha1", "example.com/v1", 1);
        assert_eq!(post_render(&other).as_ref(), Ok(&other));
    }
    let check = "apiVersion: mcpset.dev/v1alpha1\nkind: McpServerSetCheck\n";
    assert_eq!(post_render(check).as_deref(), Ok(check));
}

#[test]
fn hostile_documents_of_others_pass_in_bounded_time_and_memory() {
    let word = "# McpServerSet\n";
    let bomb: Vec<String> = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
        .windows(2)
        .map(|names| {
            format!(
                "{1}: &{1} [{0}]",
                vec![format!("*{}", names[0]); 9].join(","),
                names[1]
            )
        })
        .collect();
    for document in [
        "[".repeat(200_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        format!("{}{}", "[".repeat(50_000), "]".repeat(50_000)),
        format!("a: &a [{}]\n{}", ["x"; 9].join(","), bomb.join("\n")),
        format!("{}: 1", "k".repeat(2_000_000)),
    ] {
        let text = format!("{word}{document}\n");
        let unchanged = post_render(&text).as_deref() == Ok(text.as_str());
        assert!(unchanged, "{document:.60}");
    }
}

// --- where a set stands ---------------------------------------------------------------------------

#[test]
fn the_objects_go_back_to_the_template_of_their_set() {
    let file = "'chart/templates/it''s.yaml'";
    let annotated = set("one").replace(
        "  namespace: litellm\n",
        &format!("  namespace: litellm\n  annotations:\n    postrenderer.helm.sh/postrender-filename: {file}\n"),
    );
    let expanded = post_render(&annotated).unwrap();
    let documents = support::documents(&expanded);
    assert_eq!(documents.len(), support::documents(&RENDERED[0]).len());
    for document in documents {
        let annotations = &document.value["metadata"]["annotations"];
        assert_eq!(
            annotations["postrenderer.helm.sh/postrender-filename"],
            "chart/templates/it's.yaml"
        );
    }
}

#[test]
fn a_set_behind_or_before_a_document_without_a_marker_is_expanded() {
    let expanded = post_render(&format!("a: b\n...\n{}...\nc: d\n", set("one"))).unwrap();
    assert_eq!(expanded, format!("a: b\n{}...\nc: d\n", RENDERED[0]));
}

#[test]
fn a_set_in_a_list_is_refused() {
    let indented = set("one").trim_end().replace('\n', "\n  ");
    let json = SPELLINGS[3].0.replace('%', "one");
    for list in [
        format!("apiVersion: v1\nkind: List\nitems:\n- {indented}\n"),
        format!("kind: McpServerSetList\nitems:\n- kind: ConfigMap\n- {indented}\n"),
        format!("{{\"kind\": \"List\", \"items\": [{json}]}}"),
        format!("{{kind: List, items: [{{kind: List, items: [{json}]}}]}}"),
        format!(
            "a: 1\n---\nitems: [{json}]\nkind: List\n---\n{}",
            set("two")
        ),
    ] {
        let stderr = refusal(list.as_bytes());
        assert!(
            stderr.contains("error[wrong-kind]: a `McpServerSet` inside a `List`"),
            "{stderr}"
        );
        assert!(
            stderr.contains("help: write the set as a document of its own"),
            "{stderr}"
        );
    }
}

#[test]
fn a_set_cannot_be_a_hook() {
    let hook = set("one").replace(
        "metadata:\n",
        "metadata:\n  annotations: {helm.sh/hook: pre-install}\n",
    );
    let stderr = refusal(hook.as_bytes());
    assert!(
        stderr.contains("a `McpServerSet` cannot be a hook"),
        "{stderr}"
    );
    assert!(stderr.contains("<stdin>:4:31"), "{stderr}");
}

#[test]
fn sets_that_collide_are_named_with_both_places() {
    let stderr = refusal(format!("a: b\n---\n{0}---\n{0}", set("one")).as_bytes());
    for expected in [
        "error[name-collision]: two sets write the NetworkPolicy `one-default-deny`",
        "<stdin>:3:1",
        "<stdin>:16:1",
        "the first set",
    ] {
        assert!(stderr.contains(expected), "no {expected} in {stderr}");
    }
    let rendered = |file: &str| format!("---\n# Source: chart/templates/{file}\n{}", set("one"));
    let stderr = refusal((rendered("a.yaml") + &rendered("b.yaml")).as_bytes());
    for expected in [
        "<stdin>:2:1",
        "# Source: chart/templates/a.yaml",
        "# Source: chart/templates/b.yaml",
    ] {
        assert!(stderr.contains(expected), "no {expected} in {stderr}");
    }
}

#[test]
fn a_mistake_is_told_with_its_line_and_the_template_that_it_comes_from() {
    let wrong = set("one").replace("1.0.0", "latest");
    let stderr = refusal(format!("---\n# Source: chart/templates/mcp.yaml\n{wrong}").as_bytes());
    for expected in [
        "error[image-policy]",
        "<stdin>:14:12",
        "image: mcp-github:latest",
        "<stdin>:2:1",
        "# Source: chart/templates/mcp.yaml",
    ] {
        assert!(stderr.contains(expected), "no {expected} in {stderr}");
    }
}

// --- bad input --------------------------------------------------------------------------------------

/// The bundle of `text`, read as a file of its own.
fn rendered_alone(text: &str) -> Option<String> {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let index = sources.add("set", text.to_owned(), Origin::Person).unwrap();
    let sets = files::sets(index, &sources, &mut problems);
    if problems.has_errors() {
        return None;
    }
    let mut bundle = String::new();
    for object in sets.iter().flat_map(|(set, _)| objects(set)) {
        bundle.push_str("---\n");
        yaml::document(&mut bundle, &object).unwrap();
    }
    Some(bundle)
}

#[test]
fn a_set_cut_anywhere_is_refused_unless_it_says_no_more_that_it_is_one() {
    const BEFORE: &str = "a: b\n---\n";
    for (text, says_so) in SPELLINGS {
        let text = text.replace('%', "one");
        let said = text.find(says_so).unwrap() + says_so.len();
        let mut refused = 0;
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let (cut, _) = text.split_at(at);
            let stream = format!("{BEFORE}{cut}");
            match post_render(&stream) {
                Ok(unchanged) if at < said => assert_eq!(unchanged, stream),
                // What is left may be a set: with one server less, or a shorter tag.
                Ok(expanded) => {
                    let alone = rendered_alone(cut);
                    assert_eq!(
                        Some(expanded),
                        alone.map(|alone| format!("a: b\n{alone}")),
                        "{cut}"
                    );
                }
                // Half a kind is one that nobody knows.
                Err(problems) if at + 1 < said => {
                    let is_half = |problem: &Problem| problem.message.contains("has no kind `");
                    assert!(problems.iter().all(is_half), "{cut}: {problems:?}");
                }
                // Without its last quote, it may be said or not.
                Err(_) => refused += 1,
            }
        }
        let is_flow = text.starts_with('{');
        let complete = text.trim_end_matches(" # done\n").trim_end().len();
        if is_flow {
            assert_eq!(refused, complete - said, "{text}");
        }
        assert!(refused > 5 || complete == said, "{text}");
    }
}

#[test]
fn a_cut_stream_leaves_standard_output_empty() {
    for (text, says_so) in SPELLINGS {
        if text.trim_end().ends_with(says_so) {
            continue;
        }
        let text = format!(
            "---\na: b\n---\n{}---\n{}",
            set("two"),
            text.replace('%', "one")
        );
        let stderr = refusal(&text.as_bytes()[..text.len() - 20]);
        assert!(stderr.contains("nothing was written"), "{stderr}");
    }
}

#[test]
fn interleaved_text_is_refused_where_it_says_it_is_a_set() {
    let text = set("one");
    let (head, spec) = text.split_at(text.find("spec:").unwrap());
    for interleaved in [
        format!("{head}---\n{spec}"),
        format!("{head}kind: ConfigMap\n{spec}"),
        format!("kind: ConfigMap\ndata: {{a: b}}\n{text}"),
        format!("a: [\n{text}"),
    ] {
        assert!(
            refusal(interleaved.as_bytes()).starts_with("error["),
            "{interleaved}"
        );
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let utf16: Vec<u8> = set("one")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [
        b"a: \xe9\n".as_slice(),
        b"a: \0\n",
        &utf16,
        b"\x1f\x8b\x08\0\0",
    ] {
        let stderr = refusal(bytes);
        assert!(stderr.contains("give mcpset YAML in UTF-8"), "{stderr}");
    }
}

// --- the ends of a run ------------------------------------------------------------------------------

#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let foreign = "---\na: b\n".repeat(100_000);
    for stream in [set("one"), foreign.clone() + "---\n" + &set("one"), foreign] {
        let mut child = support::mcpset()
            .arg("post-render")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        child
            .stdin
            .take()
            .unwrap()
            .write_all(stream.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn the_log_file_tells_what_standard_error_does_and_of_the_last_run_only() {
    let folder = Folder::new(&[("log", "what a run long ago said\n")]);
    let log = folder.path().join("log");
    let variables: [(&str, &Path); 2] = [("MCPSET_LOG_FILE", &log), ("NO_COLOR", Path::new("1"))];

    let wrong = set("one").replace("1.0.0", "latest");
    for input in [wrong.as_str(), "kind: McpServerSet\n"] {
        let output = run(input.as_bytes(), &variables);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stderr.starts_with(b"error["));
        assert_eq!(folder.read("log").as_bytes(), output.stderr);
    }
    support::stdout_of(run(set("one").as_bytes(), &variables));
    assert_eq!(folder.read("log"), "");
}

#[test]
fn the_log_file_has_no_colours() {
    let folder = Folder::new(&[]);
    let log = folder.path().join("log");
    let variables: [(&str, &Path); 2] = [
        ("MCPSET_LOG_FILE", &log),
        ("CLICOLOR_FORCE", Path::new("1")),
    ];
    let output = run(b"kind: McpServerSet\n", &variables);
    assert!(output.stderr.contains(&0x1b), "no colours to remove");
    assert!(folder.read("log").starts_with("error["));
    assert!(!folder.read("log").contains('\u{1b}'));
}

#[test]
fn the_log_file_tells_of_a_wrong_command_line_too() {
    let folder = Folder::new(&[]);
    let output = support::mcpset()
        .args(["post-render", "--values"])
        .env("MCPSET_LOG_FILE", folder.path().join("log"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        output
            .stderr
            .starts_with(b"error: unexpected argument '--values'")
    );
    assert_eq!(folder.read("log").as_bytes(), output.stderr);
}

#[test]
fn a_log_file_that_cannot_be_written_is_said_before_anything_is_done() {
    let folder = Folder::new(&[]);
    let log = folder.path().join("no/such/folder/log");
    let output = run(b"", &[("MCPSET_LOG_FILE", &log)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: MCPSET_LOG_FILE: "), "{stderr}");
}

//! The commands that the pages show. A page's blocks run from its first to its last in one shell, in a
//! copy of the project's files, and each must end well; a `text` block right behind is what it says.
//!
//! What stands behind `sh` says how a block is run:
//!
//! - nothing: it runs, and with the real programs that it names in the second round;
//! - `cluster`: the second round runs it with kubectl and Helm rehearsing, which look at their flags
//!   and do nothing;
//! - `elsewhere`: it is read by bash, and no more. [`ELSEWHERE_BLOCKS`] lists every one, with what it
//!   would take.

use std::process::Command;

use super::page::{Block, Page, pages};
use super::scratch::{Scratch, Step};

/// How a block is marked that runs with rehearsing programs.
const CLUSTER: &str = "sh cluster";
/// How a block is marked that nothing here can run.
pub const ELSEWHERE: &str = "sh elsewhere";

/// Every block that is not run: the page, how it begins, and what it would take.
const ELSEWHERE_BLOCKS: &[(&str, &str, &str)] = &[
    (
        "CONTRIBUTING.md",
        "cargo test",
        "all tests, this one included",
    ),
    (
        "CONTRIBUTING.md",
        "./test --peers",
        "all tests, this one included",
    ),
    (
        "CONTRIBUTING.md",
        "CARGO_PROFILE_RELEASE_STRIP=none",
        "a build, and valgrind",
    ),
    (
        "CONTRIBUTING.md",
        "fuzz/run ",
        "a nightly compiler, and minutes",
    ),
    ("README.md", "cargo run --release", "a build; CI does it"),
    (
        "README.md",
        "./test\n",
        "all tests, this one included; CI does it",
    ),
    (
        "argocd-plugin/README.md",
        "packaging/build\n",
        "a build, podman and a registry",
    ),
    (
        "docs/aws.md",
        "sh roles.sh",
        "an AWS account; tests/iam runs such scripts",
    ),
    (
        "docs/diff.md",
        "git show",
        "a git repository, and a pull request on GitHub",
    ),
    (
        "docs/install.md",
        "packaging/build    # static binaries",
        "builds of minutes, which tests/packaging and CI make",
    ),
    ("docs/install.md", "sha256sum", "a release's files"),
    (
        "docs/install.md",
        "packaging/build\n",
        "a build, podman and a registry",
    ),
    (
        "docs/install.md",
        "helm plugin install",
        "a release's files",
    ),
    ("docs/litellm.md", "kubectl port-forward", "a LiteLLM proxy"),
    ("docs/operations.md", "aws secretsmanager", "an AWS account"),
    ("docs/operations.md", "aws iam", "an AWS account"),
    (
        "docs/performance.md",
        "packaging/build x86_64",
        "a build, and a machine that does nothing else",
    ),
    (
        "docs/performance.md",
        "benches/layouts.py",
        "many minutes of a machine that does nothing else",
    ),
    ("docs/quickstart.md", "kpt fn eval", KPT),
    ("docs/quickstart.md", "mcpset render", "a git repository"),
    ("kustomize-plugin/README.md", "kpt fn eval", KPT),
    ("kustomize-plugin/README.md", "kpt fn render", KPT),
];

const KPT: &str = "kpt, which Go cannot install from its module; kustomize fn run is run instead";

/// The pages that need real programs, and which. Each has a test below.
const WITH_PROGRAMS: &[(&str, &[&str])] = &[
    ("README.md", &["kustomize"]),
    ("docs/check.md", &["helm4"]),
    ("docs/operations.md", &["helm4", "kubectl"]),
    ("docs/performance.md", &["kustomize"]),
    (
        "docs/quickstart.md",
        &["helm3", "helm4", "kubectl", "kustomize"],
    ),
    ("helm-plugin/README.md", &["helm3", "helm4"]),
    ("kustomize-plugin/README.md", &["kubectl", "kustomize"]),
];

/// The programs that `./test` installs, by the words that call them.
const PROGRAMS: [(&str, &[&str]); 3] = [
    ("kustomize", &["kustomize"]),
    ("kubectl", &["kubectl"]),
    ("helm", &["helm3", "helm4"]),
];

impl Block {
    fn is_shell(&self) -> bool {
        self.info == "sh" || self.info.starts_with("sh ")
    }

    /// Which Helm is meant: the heading says so.
    fn helm(&self) -> &'static str {
        if self.heading.contains("Helm 3") {
            "helm3"
        } else {
            "helm4"
        }
    }

    /// The real programs that it calls.
    fn programs(&self) -> Vec<&'static str> {
        let of_a_word = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        let mut programs = Vec::new();
        for word in self.text.split(|c| !of_a_word(c)) {
            match PROGRAMS.iter().find(|(name, _)| *name == word) {
                Some(("helm", _)) => programs.push(self.helm()),
                Some((_, peers)) => programs.extend(*peers),
                None => {}
            }
        }
        programs
    }
}

/// Runs those of `page`'s blocks that `with` names all programs for, and compares what they say.
fn run(page: &Page, with: &[&str]) -> usize {
    let scratch = Scratch::new();
    for program in with {
        scratch.install(program);
    }
    let is_run = |block: &&Block| {
        let is_marked = block.info == "sh" || (block.info == CLUSTER && !with.is_empty());
        is_marked && block.programs().iter().all(|one| with.contains(one))
    };
    let blocks: Vec<&Block> = page.blocks.iter().filter(is_run).collect();
    let steps: Vec<Step> = blocks
        .iter()
        .map(|block| Step {
            script: &block.text,
            helm: block.helm(),
            is_rehearsed: block.info == CLUSTER,
        })
        .collect();
    match scratch.run(&steps) {
        Ok(said) => {
            for (block, said) in blocks.iter().zip(said) {
                if let Some(expected) = output_of(page, block) {
                    let at = page.at(expected.line);
                    assert!(is_like(&said, &expected.text), "{at}: it says\n{said}");
                }
            }
        }
        Err((index, said)) => {
            let block = blocks[index];
            panic!("{}: {}\n{said}", page.at(block.line), block.text);
        }
    }
    blocks.len()
}

/// What the page says that `block` says.
fn output_of<'p>(page: &'p Page, block: &Block) -> Option<&'p Block> {
    let next = page.blocks.iter().find(|other| other.line > block.line)?;
    (next.follows && next.info == "text").then_some(next)
}

/// Whether `said` is `expected`, in which `…` stands for whatever it is.
fn is_like(said: &str, expected: &str) -> bool {
    let mut rest = said.trim_end();
    let mut pieces = expected.trim_end().split('…').peekable();
    let Some(first) = pieces.next() else {
        return true;
    };
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    while let Some(piece) = pieces.next() {
        let found = if pieces.peek().is_none() {
            rest.ends_with(piece).then(|| rest.len() - piece.len())
        } else {
            rest.find(piece)
        };
        let Some(at) = found else {
            return false;
        };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.is_empty()
}

/// Runs a page with the programs that [`WITH_PROGRAMS`] names.
fn run_with_programs(path: &str) {
    let (_, programs) = WITH_PROGRAMS.iter().find(|(of, _)| *of == path).unwrap();
    assert!(run(&Page::read(path), programs) > 0);
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_readme_runs_with_kustomize() {
    run_with_programs("README.md");
}

#[test]
#[ignore = "needs the real kustomize, kubectl, helm3 and helm4: run ./test"]
fn the_quickstart_runs_with_every_host() {
    run_with_programs("docs/quickstart.md");
}

#[test]
#[ignore = "needs the real kubectl and helm4: run ./test"]
fn the_operations_are_rehearsed_with_kubectl_and_helm() {
    run_with_programs("docs/operations.md");
}

#[test]
#[ignore = "needs the real kustomize: run ./test"]
fn the_page_on_performance_runs_with_kustomize() {
    run_with_programs("docs/performance.md");
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn the_page_on_checks_runs_with_helm() {
    run_with_programs("docs/check.md");
}

#[test]
#[ignore = "needs the real helm3 and helm4: run ./test"]
fn the_page_of_the_helm_plugin_runs_with_both_helms() {
    run_with_programs("helm-plugin/README.md");
}

#[test]
#[ignore = "needs the real kustomize and kubectl: run ./test"]
fn the_page_of_the_kustomize_plugin_runs_with_kustomize_and_kubectl() {
    run_with_programs("kustomize-plugin/README.md");
}

#[test]
fn every_block_that_needs_mcpset_alone_runs() {
    let count: usize = pages().iter().map(|page| run(page, &[])).sum();
    assert!(count > 5, "only {count} blocks ran");
}

#[test]
fn the_blocks_that_do_not_run_are_those_of_the_list() {
    let mut listed: Vec<(&str, &str)> = ELSEWHERE_BLOCKS
        .iter()
        .map(|(page, begin, _)| (*page, *begin))
        .collect();
    for page in &pages() {
        for block in page.blocks.iter().filter(|block| block.is_shell()) {
            let at = page.at(block.line);
            match block.info.as_str() {
                "sh" | CLUSTER => {}
                ELSEWHERE => {
                    let found = listed
                        .iter()
                        .position(|(of, begin)| *of == page.path && block.text.starts_with(begin));
                    let found = found.unwrap_or_else(|| panic!("{at}: it is not in the list"));
                    listed.remove(found);
                }
                other => panic!("{at}: `{other}` says nothing about how it is run"),
            }
        }
    }
    assert_eq!(listed, [], "listed, and not on the pages");
}

#[test]
fn the_pages_that_need_real_programs_are_those_of_the_list() {
    let mut found = Vec::new();
    for page in pages() {
        let blocks = page.blocks.iter();
        let blocks = blocks.filter(|block| block.is_shell() && block.info != ELSEWHERE);
        let mut programs: Vec<&str> = blocks.flat_map(Block::programs).collect();
        programs.sort_unstable();
        programs.dedup();
        if !programs.is_empty() {
            found.push((page.path, programs));
        }
    }
    let listed: Vec<_> = WITH_PROGRAMS
        .iter()
        .map(|(page, programs)| ((*page).to_owned(), programs.to_vec()))
        .collect();
    assert_eq!(found, listed);
}

#[test]
fn no_command_hides_in_a_block_of_another_language() {
    for page in pages() {
        for block in &page.blocks {
            let is_known = ["yaml", "json", "text", "promql", "rego", "rust", "toml"]
                .contains(&block.info.as_str());
            assert!(
                is_known || block.is_shell(),
                "{}: mark it as `sh`, and not `{}`",
                page.at(block.line),
                block.info
            );
        }
    }
}

#[test]
fn bash_can_read_every_block() {
    for page in pages() {
        for block in page.blocks.iter().filter(|block| block.is_shell()) {
            let read = Command::new("bash")
                .args(["-n", "-c", &block.text])
                .output();
            let said = String::from_utf8(read.unwrap().stderr).unwrap();
            assert_eq!(said, "", "{}", page.at(block.line));
        }
    }
}

#[test]
fn an_ellipsis_stands_for_anything_and_nothing_else_does() {
    for (expected, is) in [
        ("a\nb\n", true),
        ("a\n…", true),
        ("…b", true),
        ("…", true),
        ("a…b", true),
        ("a", false),
        ("…a", false),
        ("a…c", false),
    ] {
        assert_eq!(is_like("a\nb\n", expected), is, "{expected}");
    }
}

#[test]
fn a_block_that_fails_is_told_with_what_it_said() {
    let step = |script| Step {
        script,
        helm: "helm4",
        is_rehearsed: false,
    };
    let scratch = Scratch::new();
    let said = scratch.run(&[
        step("name=me; cd examples"),
        step("echo $name; ls *short* | cat; echo on"),
    ]);
    let (index, said) = said.unwrap_err();
    assert_eq!(index, 1);
    assert!(
        said.contains("me\nls: ") && !said.contains("on\n"),
        "{said}"
    );
}

#[test]
#[ignore = "needs the real kubectl: run ./test"]
fn a_rehearsal_knows_a_flag_that_there_is_not() {
    let step = |script| Step {
        script,
        helm: "helm4",
        is_rehearsed: true,
    };
    let scratch = Scratch::new();
    scratch.install("kubectl");
    let good = "echo '{}' | kubectl apply --server-side -f -\nkubectl exec pod/a -- ls --nothing";
    assert_eq!(scratch.run(&[step(good)]), Ok(vec![String::new()]));
    let (_, said) = scratch.run(&[step("kubectl apply --nothing")]).unwrap_err();
    assert!(said.contains("unknown flag: --nothing"), "{said}");
}

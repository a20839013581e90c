//! `mcpset explain`, and `docs/rules.md`, which is made from the same catalogue.

use crate::support;
use std::fs;

use crate::support::run::run;
use mcpset::check::rules::CATALOGUE;
use mcpset::markdown;
use mcpset::report::{catalogue, fields};
use mcpset::schema::{Kind, View};

const PAGE: &str = "docs/rules.md";

#[test]
fn every_rule_is_explained_by_its_id_and_its_name() {
    let explain = |word: &str| run(support::mcpset().args(["explain", word]), b"");
    let table = run(support::mcpset().arg("explain"), b"").done();
    assert_eq!(table.lines().count(), CATALOGUE.len());
    for rule in CATALOGUE {
        assert!(table.contains(rule.id) && table.contains(rule.title));
        let text = explain(rule.id).done();
        assert_eq!(explain(&rule.name.to_uppercase()).done(), text);
        assert_eq!(explain(&rule.id.to_lowercase()).done(), text);
        let words = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
                .join(" ")
        };
        for part in [
            rule.title,
            rule.why,
            rule.fix,
            rule.source,
            rule.good,
            &rule.bad(),
        ] {
            assert!(words(&text).contains(&words(part)), "{}: {part}", rule.id);
        }
    }
}

#[test]
fn an_unknown_rule_is_told_the_nearest() {
    let ended = run(support::mcpset().args(["explain", "capabilitys"]), b"");
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        ended.stderr,
        "error: nothing is called `capabilitys`; did you mean `capabilities`?\n"
    );
    let ended = run(support::mcpset().args(["explain", "\u{1b}[31m"]), b"");
    assert_eq!(ended.status, Some(2));
    assert!(
        !ended.stderr.contains('\u{1b}') && ended.stderr.contains("lists"),
        "{}",
        ended.stderr
    );
}

/// `UPDATE_PAGE=1 cargo test --test all explain::` writes it anew.
#[test]
fn the_page_of_the_catalogue_is_made_from_the_rules() {
    let path = support::root().join(PAGE);
    let page = catalogue::page();
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "{PAGE} is not up to date: UPDATE_PAGE=1 cargo test --test all explain::"
    );
    for rule in CATALOGUE {
        assert!(page.contains(&format!("\n## {} {}\n", rule.id, rule.name)));
        assert!(page.contains(&markdown::block("yaml", &rule.bad())));
        // A table's row would end in it.
        assert!(!rule.title.contains('|'), "{}", rule.id);
    }
}

const REFERENCE: &str = "docs/reference.md";

/// `UPDATE_PAGE=1 cargo test --test all explain::` writes it anew.
#[test]
fn the_reference_is_made_from_the_types_that_read_the_config() {
    let path = support::root().join(REFERENCE);
    let page = fields::page();
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "{REFERENCE} is not up to date: UPDATE_PAGE=1 cargo test --test all explain::"
    );
    for row in page.lines().filter(|line| line.starts_with("| `")) {
        assert_eq!(row.matches(" | ").count(), 3, "a row has four cells: {row}");
    }
}

fn explained(word: &str) -> String {
    run(support::mcpset().args(["explain", word]), b"").done()
}

#[test]
fn a_field_is_explained_as_reviewed() {
    let words = [
        "spec",
        "servers.probes",
        "servers.env",
        "servers.egress",
        "servers.secrets.GITHUB_TOKEN.as",
        "platform.monitoring.interval",
        "McpServerSetCheck.spec.external",
    ];
    let text: Vec<String> = words
        .iter()
        .map(|word| format!("$ mcpset explain {word}\n{}", explained(word)))
        .collect();
    insta::with_settings!({snapshot_path => "../golden/explain", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("fields", text.join("\n"));
    });
}

#[test]
fn every_field_is_explained_by_its_path_however_it_is_written() {
    fn visit(field: &View, count: &mut usize) {
        for field in field.fields() {
            *count += 1;
            let text = fields::explained(&field);
            assert!(text.starts_with(field.path()), "{text}");
            for word in [
                field.word(),
                field.path().to_owned(),
                field.path().replace("[]", "[0]"),
            ] {
                let found = View::find(&word).unwrap_or_else(|_| panic!("{word}"));
                assert_eq!(fields::explained(&found), text, "{word}");
            }
            let upper = View::find(&field.path().to_uppercase()).unwrap();
            assert_eq!(upper.path(), field.path());
            if field.name() != "defaults" {
                visit(&field, count);
            }
        }
    }
    let mut count = 0;
    visit(&View::whole(Kind::Set), &mut count);
    assert!(count >= 150, "{count}");
}

#[test]
fn a_part_of_a_path_is_enough_where_one_field_has_it() {
    assert_eq!(
        explained("longestCall"),
        explained("spec.servers[].longestCall")
    );
    assert_eq!(explained("limits"), explained("servers.resources.limits"));
    assert!(explained("probes").ends_with("The field\n    mcpset explain servers.probes\n"));
}

#[test]
fn an_unknown_field_is_told_what_is_near() {
    for (word, said) in [
        (
            "litellm",
            "several fields are called `litellm`: servers.litellm, platform.litellm; write one of these",
        ),
        (
            "servers.prob",
            "`servers` has no field `prob`; did you mean `servers.probes`?",
        ),
        (
            "servers.probes.livenes",
            "`servers.probes` has no field `livenes`; did you mean `servers.probes.liveness`?",
        ),
        (
            "servers.replicas.x",
            "`servers.replicas` has no field `x`; it is <integer>",
        ),
        (
            "servers.xyzzy.b",
            "`servers` has no field `xyzzy`; `mcpset explain servers` lists its fields",
        ),
        (
            "longestcal",
            "nothing is called `longestcal`; did you mean `servers.longestCall`?",
        ),
        (
            "github",
            "nothing is called `github`; did you mean `profile/github`?",
        ),
        (
            "xyzzy",
            "nothing is called `xyzzy`; `mcpset explain` lists the rules, `mcpset explain profiles` the profiles, `mcpset explain spec` the fields",
        ),
    ] {
        let ended = run(support::mcpset().args(["explain", word]), b"");
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
        assert_eq!(ended.stderr, format!("error: {said}\n"));
    }
}

#[test]
fn a_path_that_leads_nowhere_is_refused_at_once_however_long_it_is() {
    for word in ["servers.".repeat(10_000), "a.".repeat(10_000)] {
        let ended = run(support::mcpset().args(["explain", &word]), b"");
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    }
}

#[test]
fn every_other_word_of_a_report_is_explained_in_a_sentence() {
    for code in mcpset::problem::Code::OF_INPUT {
        let mut command = support::mcpset();
        let text = support::run::run(command.args(["explain", code.as_str()]), b"").done();
        assert!(text.starts_with(code.as_str()), "{text}");
        assert!(text.trim_end().ends_with('.') && text.len() > 40, "{text}");
    }
}

#[test]
fn what_was_decided_is_told_of_one_server_and_none_is_missed() {
    let explain = |words: &[&str]| {
        let mut command = support::mcpset();
        run(
            command
                .args(["explain", "--of", "examples/twelve.yaml"])
                .args(words),
            b"",
        )
    };
    let all = explain(&[]).done();
    let one = explain(&["diagrams"]).done();
    assert!(one.starts_with("diagrams\n") && all.contains(&one), "{one}");
    assert!(
        one.contains("1, as its sessions are processes of it"),
        "{one}"
    );
    let ended = explain(&["diagram"]);
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""));
    let listed = "error: the set has no server `diagram`; it has github, gitlab, ";
    assert!(ended.stderr.starts_with(listed), "{}", ended.stderr);
    let mut command = support::mcpset();
    let ended = run(
        command.args(["explain", "--of", "tests/bad_input/stdio-two-pods.yaml"]),
        b"",
    );
    assert_eq!((ended.status, ended.stdout.as_str()), (Some(1), ""));
}

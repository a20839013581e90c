//! Many servers in rows are read some at a time, and nothing shows that.

use std::fmt::Write as _;

use crate::support::config::hundred;
use mcpset::yaml::Rows;
use mcpset::{Bundle, Report};

/// An anchor that nobody uses: with it, all of a text is read at once.
const AT_ONCE: &str = "# &all\n";

/// A set of more servers than are read together, `spec` beside them, and what each says.
fn config(spec: &str, says: impl Fn(usize) -> &'static str) -> String {
    hundred(
        &format!("  platform: {{registry: registry.example.com}}\n{spec}"),
        |server| {
            let says = says(server);
            format!("name: s{server}\n    image: mcp-s{server}:1.0.0\n{says}")
        },
    )
}

/// The objects of `config` and the warnings beside them, or what is wrong with it; the same in rows and at
/// once.
fn read(config: &str) -> Result<String, String> {
    let said = |read: Result<Bundle, Report>| match read {
        Ok(bundle) => {
            let mut said = format!("{:?}\n", bundle.warnings().problems());
            for object in bundle.objects() {
                writeln!(said, "{object:?}").unwrap();
            }
            Ok(said)
        }
        Err(report) => Err(format!("{:?}", report.problems())),
    };
    let at_once = format!("{config}{AT_ONCE}");
    let stands_in_rows = |text| Rows::find(text, 0, ["spec", "servers"]).is_some();
    assert!(stands_in_rows(config) && !stands_in_rows(&at_once));
    let in_rows = said(Bundle::read("mcp.yaml", config));
    let at_once = said(Bundle::read("mcp.yaml", &at_once));
    assert!(in_rows == at_once, "{in_rows:?} is not {at_once:?}");
    in_rows
}

#[test]
fn servers_say_the_same_in_rows_and_at_once() {
    let spec = "  defaults:\n    replicas: 3\n    patches:\n    - {kind: Deployment, patch: {spec: {minReadySeconds: 9}}}\n";
    let config = config(spec, |server| match server {
        0 => {
            "    env: {A: b}\n    patches: [{kind: Service, patch: {metadata: {labels: {a: b}}}}]\n"
        }
        31 => "\n    # the last of its part\n    description: |\n      - text\n\n",
        32 => "    patches:\n    - kind: Deployment\n      patch: {spec: {minReadySeconds: 7}}\n",
        40 => "    image: 'mcp-s40:1.0.0'\n",
        99 => "    session: stateless\n    env:\n      A: 'two\n\n        lines'\n",
        _ => "",
    });
    // A key that stands twice is a mistake, so this is read at once as well.
    let mistake = read(&config).unwrap_err();
    assert!(mistake.contains("`image` stands twice"), "{mistake}");
    let objects = read(&config.replace("    image: 'mcp-s40:1.0.0'\n", "")).unwrap();
    assert_eq!(objects.matches("min_ready_seconds: Some(9)").count(), 99);
    assert_eq!(objects.matches("min_ready_seconds: Some(7)").count(), 1);
}

#[test]
fn what_only_some_of_the_servers_show_is_told_of_rows_too() {
    // Whatever needs a look at others, at defaults, at the text itself.
    let spec = "  defaults:\n    env: {KEY: AKIAIOSFODNN7EXAMPLE}\n    patches: [{kind: Nothing, patch: {}}]\n";
    let wrong = config(spec, |server| match server {
        3 => "    replica: 3\n",
        34 => "    description: ghp_abcdefghijklmnopqrstuvwxyz0123456789\n  -\n",
        70 => "    patches: [{kind: Deployment, patch: {spec: {replica: 1}}}]\n",
        98 => "  - name: s1\n    image: mcp-s1:1.0.0\n",
        _ => "",
    });
    let mistakes = read(&wrong).unwrap_err();
    for mistake in [
        "unknown field `replica`",
        "an AWS access key id",
        "a GitHub token",
        "`s1`",
        "`Nothing`",
    ] {
        assert!(mistakes.contains(mistake), "{mistake}: {mistakes}");
    }
    let broken = config("", |server| if server == 50 { "   x: 1\n" } else { "" });
    let mistakes = read(&broken).unwrap_err();
    assert!(mistakes.contains("Syntax"), "{mistakes}");
}

#[test]
fn warnings_of_rows_are_kept() {
    let config = config("", |server| match server {
        3 | 77 => "    replicas: 1\n",
        _ => "",
    });
    let said = read(&config).unwrap();
    let warnings = said.lines().next().unwrap();
    assert_eq!(
        warnings.matches("severity: Warning").count(),
        2,
        "{warnings}"
    );
}

#[test]
fn a_text_that_looks_like_the_list_of_servers_is_none() {
    let servers = "  servers: # ours
  - {name: a, image: 'mcp-a:1.0.0', description: '
  servers:
  - {name: evil, image: evil:1.0.0} # '}
";
    let config = config("", |_| "").replace("  servers:\n", servers);
    let said = read(&config).unwrap();
    assert!(said.contains("mcp-a:1.0.0"));
    assert!(!said.contains("registry.example.com/evil"));
}

//! Grafana's own dashboard-linter finds nothing in a dashboard, and nothing is excluded from it.

use std::fs;
use std::process::Command;

use crate::support::{QUICKSTART, mcpset, peer, stdout_of};

/// What the linter says of the dashboard of `config`, changed by `change`, and whether it is
/// content.
fn lint(config: &str, change: impl FnOnce(String) -> String) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let (set, dashboard) = (folder.path().join("set.yaml"), folder.path().join("d.json"));
    fs::write(&set, config).unwrap();
    let json = stdout_of(mcpset().arg("dashboard").arg(&set).output().unwrap());
    fs::write(&dashboard, change(json)).unwrap();
    let linter = Command::new(peer("dashboard-linter"))
        .args(["lint", "--strict", "--verbose"])
        .arg(&dashboard)
        .output()
        .unwrap();
    let said = [linter.stdout, linter.stderr].concat();
    (
        linter.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

/// [`QUICKSTART`] with servers whose metrics are called as `profile` says.
fn with_profile(profile: &str) -> String {
    let monitoring = format!("  platform:\n    monitoring: {{metricsProfile: {profile}}}\n");
    QUICKSTART.replacen("  platform:\n", &monitoring, 1)
}

#[test]
#[ignore = "needs the real dashboard-linter: run ./test --all"]
fn the_linter_finds_nothing_in_a_dashboard() {
    let platform = include_str!("../examples/platform.yaml").to_owned();
    for config in [with_profile("guide"), with_profile("otel"), platform] {
        let (is_content, said) = lint(&config, |json| json);
        assert!(is_content, "{said}");
        for sign in ["[❌]", "[⚠️]", "error", "warning"] {
            assert!(!said.contains(sign), "{said}");
        }
    }
}

#[test]
#[ignore = "needs the real dashboard-linter: run ./test --all"]
fn the_linter_finds_a_mistake() {
    for (right, wrong) in [
        ("$__rate_interval", "5m"),
        (r#"instance=~\"$instance\", "#, ""),
        (r#""unit": "reqps""#, r#""unit": "calls""#),
        (r#""editable": false"#, r#""editable": true"#),
        (r#""label": "Job""#, r#""label": "Jobs""#),
    ] {
        let (is_content, said) = lint(QUICKSTART, |json| {
            assert!(json.contains(right), "{right}");
            json.replace(right, wrong)
        });
        assert!(!is_content, "{wrong}: {said}");
    }
}

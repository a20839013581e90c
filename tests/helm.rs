//! The real Helm 3 and Helm 4, run as users run them. `./test` installs them and runs these.

use crate::support;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Output;

use crate::support::chart::{
    FOREIGN, SET, chart, example, install_pieces, mixed, of_template, pieces, rendered,
    rendered_objects, sorted_pieces, with_sets_rendered,
};
use crate::support::helm::Helm;

/// What went wrong in a run that printed nothing.
fn failure(output: &Output) -> String {
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    String::from_utf8(output.stderr.clone()).unwrap()
}

// --- Helm 3 -------------------------------------------------------------------------------------

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn under_helm_3_a_set_gives_way_where_it_stands_and_all_else_stays_byte_for_byte() {
    let helm = Helm::three();
    let mixed = mixed(&[("set.yaml", SET)]);
    for chart in [mixed.path(), &example()] {
        let plain = helm.plain_template(chart, &[]);
        let expanded = support::stdout_of(helm.template(chart, &[]));
        assert_eq!(expanded, with_sets_rendered(&plain), "{}", chart.display());
    }
    let plain = helm.plain_template(mixed.path(), &[]);
    let last = pieces(&plain)
        .into_iter()
        .rfind(|piece| !piece.contains("hook.yaml"));
    assert!(
        last.unwrap().contains("kind: Zebra"),
        "nothing behind the set"
    );
    assert!(plain.contains("\r\n"));
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn under_helm_3_what_only_mentions_the_word_is_as_without_a_post_renderer() {
    let helm = Helm::three();
    let chart = chart(&FOREIGN);
    let expanded = support::stdout_of(helm.template(chart.path(), &[]));
    assert_eq!(expanded, helm.plain_template(chart.path(), &[]));
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn helm_3_shows_only_the_template_that_is_asked_for() {
    let helm = Helm::three();
    let plain = helm.plain_template(&example(), &[]);
    let set = of_template(&plain, "mcp.yaml", true)[0];
    let shown = helm.template(&example(), &["--show-only", "templates/mcp.yaml"]);
    let shown = support::stdout_of(shown);
    assert_eq!(shown, rendered(set));

    for other in ["templates/about.yaml", "templates/tests/names.yaml"] {
        let only = ["--show-only", other];
        let shown = support::stdout_of(helm.template(&example(), &only));
        assert_eq!(shown, helm.plain_template(&example(), &only));
    }
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn under_helm_3_a_set_with_windows_line_ends_is_a_set() {
    let helm = Helm::three();
    let windows = chart(&[("set.yaml", &SET.replace('\n', "\r\n"))]);
    let unix = chart(&[("set.yaml", SET)]);
    let expanded = support::stdout_of(helm.template(windows.path(), &[]));
    assert_eq!(
        expanded,
        support::stdout_of(helm.template(unix.path(), &[]))
    );
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn an_empty_chart_is_no_mistake_under_helm_3() {
    let helm = Helm::three().with_cluster();
    let chart = chart(&[("off.yaml", "{{- if .Values.on }}\na: b\n{{- end }}\n")]);
    let expanded = support::stdout_of(helm.template(chart.path(), &[]));
    assert_eq!(expanded.trim(), "# no resources");
    let installed = support::stdout_of(helm.install_dry(chart.path()));
    assert!(installed.contains("STATUS: pending-install"), "{installed}");
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn helm_3_installs_what_it_shows_as_a_template_and_the_hooks_beside_it() {
    let helm = Helm::three().with_cluster();
    for chart in [mixed(&[("set.yaml", SET)]).path(), &example()] {
        let installed = support::stdout_of(helm.install_dry(chart));
        let template = support::stdout_of(helm.template(chart, &[]));
        assert_eq!(install_pieces(&installed), sorted_pieces(&template));
    }
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn without_the_post_renderer_an_installation_fails_and_says_of_what() {
    let helm = Helm::three().with_cluster();
    let stderr = failure(&helm.plain_install_dry(&example()).output().unwrap());
    assert!(
        stderr.contains("no matches for kind \"McpServerSet\""),
        "{stderr}"
    );
}

/// What the README says of hooks. Should Helm 3 post-render them one day, this test says so.
#[test]
#[ignore = "needs the real helm3: run ./test"]
fn helm_3_does_not_post_render_hooks() {
    let helm = Helm::three();
    let hook = "metadata: {annotations: {helm.sh/hook: pre-install}, ";
    let chart = chart(&[("set.yaml", &SET.replace("metadata: {", hook))]);
    let expanded = support::stdout_of(helm.template(chart.path(), &[]));
    assert!(expanded.contains("kind: McpServerSet"), "{expanded}");
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn under_helm_3_a_mistake_in_a_set_is_told_with_its_line_and_template() {
    let helm = Helm::three();
    let wrong = ["--set", "servers.github.tag=latest"];
    let stderr = failure(&helm.template(&example(), &wrong));
    let plain = helm.plain_template(&example(), &wrong);
    let line = plain
        .lines()
        .position(|line| line.contains(":latest"))
        .unwrap()
        + 1;
    for expected in [
        "error[image-policy]: `latest` is not a fixed version",
        &format!("<stdin>:{line}:12"),
        "image: \"mcp-github:latest\"",
        "# Source: mcp-servers/templates/mcp.yaml",
        "1 error; nothing was written",
    ] {
        assert!(stderr.contains(expected), "no {expected} in {stderr}");
    }
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn under_helm_3_sets_that_collide_are_told_with_both_places() {
    let helm = Helm::three();
    let chart = mixed(&[("a.yaml", SET), ("b.yaml", SET)]);
    let stderr = failure(&helm.template(chart.path(), &[]));
    assert!(stderr.contains("error[name-collision]: two sets write the "));
    let plain = helm.plain_template(chart.path(), &[]);
    for template in ["a.yaml", "b.yaml"] {
        let source = format!("# Source: chart/templates/{template}");
        let line = plain.lines().position(|line| line == source).unwrap() + 1;
        assert!(stderr.contains(&format!("<stdin>:{line}:1")), "{stderr}");
        assert!(stderr.contains(&source), "{stderr}");
    }
}

/// The trap that the README warns of. Should Helm mend it, this test says so, and the warning can go.
#[test]
#[ignore = "needs the real helm3: run ./test"]
fn the_plugin_for_helm_4_makes_helm_3_stop_loading_all_plugins() {
    let helm = Helm::three();
    let list = |helm: &Helm| helm.command(&["plugin", "list"]).output().unwrap();
    assert!(support::stdout_of(list(&helm)).contains("mcpset"));
    symlink(helm.plugin("helm4"), helm.plugins().join("helm4")).unwrap();
    let stderr = failure(&list(&helm));
    assert!(stderr.contains("failed to load plugin"), "{stderr}");
    let run = helm.command(&["mcpset", "--version"]).output().unwrap();
    assert!(failure(&run).contains("unknown command \"mcpset\""));
}

#[test]
#[ignore = "needs the real helm3: run ./test"]
fn the_plugin_gives_helm_3_the_commands_of_mcpset() {
    let helm = Helm::three();
    let args = ["mcpset", "render", "examples/quickstart.yaml"];
    let rendered = support::stdout_of(helm.command(&args).output().unwrap());
    assert_eq!(rendered, support::render_text(Path::new(args[2])));
}

// --- Helm 4 -------------------------------------------------------------------------------------

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn under_helm_4_what_is_no_set_is_as_an_identity_post_renderer_leaves_it() {
    let (helm, mut identity) = (Helm::four(), Helm::without_plugin("helm4"));
    identity.install_identity();
    for (chart, set) in [
        (mixed(&[("set.yaml", SET)]).path(), "set.yaml"),
        (&example(), "mcp.yaml"),
    ] {
        let kept = support::stdout_of(identity.template(chart, &[]));
        let expanded = support::stdout_of(helm.template(chart, &[]));
        assert_eq!(
            of_template(&expanded, set, false),
            of_template(&kept, set, false)
        );
        let objects = of_template(&expanded, set, true).concat();
        assert_eq!(
            support::sorted(support::documents(&objects)),
            rendered_objects(&kept)
        );
    }
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn under_helm_4_the_objects_are_those_of_render_on_what_no_post_renderer_saw() {
    let helm = Helm::four();
    let expanded = support::stdout_of(helm.template(&example(), &[]));
    let plain = helm.plain_template(&example(), &[]);
    let objects = of_template(&expanded, "mcp.yaml", true).concat();
    assert_eq!(
        support::sorted(support::documents(&objects)),
        rendered_objects(&plain)
    );
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_keeps_a_hook_and_a_template_of_equal_ids_apart() {
    let helm = Helm::four();
    let expanded = support::stdout_of(helm.template(mixed(&[("set.yaml", SET)]).path(), &[]));
    let hook = of_template(&expanded, "hook.yaml", true).concat();
    assert!(
        hook.contains("name: one") && hook.contains("is: hook"),
        "{hook}"
    );
    let template = of_template(&expanded, "several.yaml", true).concat();
    assert!(
        template.contains("name: one") && !template.contains("is: hook"),
        "{template}"
    );
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_gets_something_from_an_empty_chart() {
    let helm = Helm::four();
    for templates in [
        &[][..],
        &[("off.yaml", "{{- if .Values.on }}\na: b\n{{- end }}\n")],
        &[("comment.yaml", "# Some day a McpServerSet\n")],
    ] {
        let chart = chart(templates);
        assert_eq!(
            support::stdout_of(helm.template(chart.path(), &[])).trim(),
            ""
        );
        let installed = support::stdout_of(helm.install_dry(chart.path()));
        assert!(installed.contains("STATUS: pending-install"), "{installed}");
    }
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_installs_what_it_shows_as_a_template_and_the_hooks_beside_it() {
    let helm = Helm::four();
    for chart in [mixed(&[("set.yaml", SET)]).path(), &example()] {
        let installed = support::stdout_of(helm.install_dry(chart));
        let template = support::stdout_of(helm.template(chart, &[]));
        assert_eq!(install_pieces(&installed), sorted_pieces(&template));
    }
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_shows_only_the_template_that_is_asked_for() {
    let helm = Helm::four();
    let all = support::stdout_of(helm.template(&example(), &[]));
    for template in ["mcp.yaml", "about.yaml"] {
        let path = format!("templates/{template}");
        let shown = support::stdout_of(helm.template(&example(), &["--show-only", &path]));
        let template = of_template(&all, template, true).concat();
        assert_eq!(sorted_pieces(&shown), sorted_pieces(&template));
    }
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn under_helm_4_a_set_with_windows_line_ends_or_in_a_list_is_a_set() {
    let helm = Helm::four();
    let expand =
        |text: &str| support::stdout_of(helm.template(chart(&[("set.yaml", text)]).path(), &[]));
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}",
        SET.trim_end().replace('\n', "\n  ")
    );
    assert_eq!(expand(&SET.replace('\n', "\r\n")), expand(SET));
    assert_eq!(expand(&list), expand(SET));
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn under_helm_4_the_log_file_tells_what_helm_swallows() {
    let helm = Helm::four();
    let log = helm.home().path().join("mcpset.log");
    let run = |chart: &Path, tag: &str| {
        let (tag, log) = (format!("servers.github.tag={tag}"), &log);
        helm.template_command(chart, &["--set", &tag])
            .env("MCPSET_LOG_FILE", log)
            .output()
            .unwrap()
    };

    let stderr = failure(&run(&example(), "latest"));
    assert!(
        stderr.contains("plugin \"mcpset\" exited with error"),
        "{stderr}"
    );
    assert!(
        !stderr.contains("latest"),
        "Helm shows stderr now: say so in the README"
    );
    let said = helm.home().read("mcpset.log");
    for expected in [
        "error[image-policy]: `latest` is not a fixed version",
        "<stdin>:",
        "image: \"mcp-github:latest\"",
        "'mcp-servers/templates/mcp.yaml'",
        "1 error; nothing was written",
    ] {
        assert!(said.contains(expected), "no {expected} in {said}");
    }
    assert!(!said.contains('\u{1b}'));

    let colliding = chart(&[("a.yaml", SET), ("b.yaml", SET)]);
    failure(&run(colliding.path(), ""));
    let said = helm.home().read("mcpset.log");
    assert!(
        said.starts_with("error[name-collision]: two sets write the "),
        "{said}"
    );
    assert!(
        said.contains("and 9 other objects") && said.contains("the first set"),
        "{said}"
    );

    support::stdout_of(run(&example(), "1.0.1"));
    assert_eq!(helm.home().read("mcpset.log"), "");
}

/// Its objects would silently be part of the release, and no hooks.
#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_hands_over_hooks_and_a_set_among_them_is_refused() {
    let helm = Helm::four();
    let hook = "metadata: {annotations: {helm.sh/hook: pre-install}, ";
    let chart = chart(&[("set.yaml", &SET.replace("metadata: {", hook))]);
    let log = helm.home().path().join("mcpset.log");
    let output = helm
        .template_command(chart.path(), &[])
        .env("MCPSET_LOG_FILE", log)
        .output()
        .unwrap();
    failure(&output);
    let said = helm.home().read("mcpset.log");
    assert!(said.contains("a `McpServerSet` cannot be a hook"), "{said}");
}

/// The traps that the README warns of. Should Helm mend them, this test says so.
#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_loads_neither_of_the_two_plugins_from_one_folder() {
    let helm = Helm::four();
    symlink(helm.plugin("helm3"), helm.plugins().join("helm3")).unwrap();
    let stderr = failure(&helm.template(&example(), &[]));
    assert!(stderr.contains("two plugins claim the name"), "{stderr}");
}

#[test]
#[ignore = "needs the real helm4: run ./test"]
fn helm_4_installs_a_local_folder_into_its_data_home_whatever_helm_plugins_says() {
    let helm = Helm::without_plugin("helm4");
    let elsewhere = helm.home().path().join("elsewhere");
    let output = helm
        .command(&["plugin", "install"])
        .arg(helm.plugin("helm4"))
        .env("HELM_PLUGINS", &elsewhere)
        .output();
    support::stdout_of(output.unwrap());
    assert!(!elsewhere.exists());
    assert!(helm.plugins().join("helm4/plugin.yaml").exists());
}

// --- both ---------------------------------------------------------------------------------------

#[test]
#[ignore = "needs the real helm3 and helm4: run ./test"]
fn both_helms_yield_the_same_objects() {
    let objects = |helm: &Helm| {
        let text = support::stdout_of(helm.template(&example(), &[]));
        support::sorted(support::documents(&text))
    };
    assert_eq!(objects(&Helm::three()), objects(&Helm::four()));
}

#[test]
fn both_plugins_have_the_version_of_the_program() {
    for folder in ["helm3", "helm4"] {
        let path = support::root()
            .join("helm-plugin")
            .join(folder)
            .join("plugin.yaml");
        let plugin: serde_yaml::Value =
            serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(plugin["version"], env!("CARGO_PKG_VERSION"), "{folder}");
    }
}

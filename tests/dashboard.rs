//! The dashboard and the alerting rules, in both vocabularies of metrics: what Grafana and Prometheus
//! would silently show as nothing is found here, without either of them.

use crate::support;
use std::collections::BTreeSet;

use crate::support::config::{self, Order};
use crate::support::rules::{dashboard as of_dashboard, prometheus_rule};
use crate::support::run::run;
use crate::support::{Bundle, Rule, dashboard, promql, rule};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What `kubectl apply` takes of one object, and room for the annotation around it.
const LIMIT: usize = (256 << 10) - (2 << 10);

fn rules() -> impl Iterator<Item = &'static Rule> {
    of_dashboard::RULES.iter().chain(prometheus_rule::RULES)
}

fn yaml(config: &Value) -> String {
    config::yaml(config, Order::Sorted)
}

/// `config` with the other vocabulary, which measures less.
fn in_otel(mut config: Value) -> Value {
    config["spec"]["platform"]["monitoring"]["metricsProfile"] = json!("otel");
    for server in config["spec"]["servers"].as_array_mut().unwrap() {
        if let Some(objectives) = server["objectives"].as_object_mut() {
            objectives.remove("rateLimitRemaining");
            objectives.remove("concurrentRequests");
        }
        if server["objectives"].is_null() {
            server.as_object_mut().unwrap().remove("objectives");
        }
    }
    config
}

/// Every config in the repository in both vocabularies, with a name for each.
fn bundles() -> Vec<(String, Bundle)> {
    let mut bundles = support::bundles();
    let others = bundles.clone().into_iter().map(|(path, bundle)| {
        let other = Bundle::of(&yaml(&in_otel(bundle.config)));
        (format!("{path} with otel"), other.unwrap())
    });
    bundles.extend(others);
    bundles
}

/// A set of so many servers, whose descriptions have 80 characters.
fn set_of(servers: usize, namespace: &str, name: &str) -> Value {
    let servers = (0..servers).map(|number| {
        json!({
            "name": format!("server-{number}"),
            "image": "localhost:5000/server:1.0.0",
            "description": format!("{:.<80}", "Issues, pull requests, code search and reviews of the whole company"),
        })
    });
    json!({
        "apiVersion": "mcpset.dev/v1alpha1",
        "kind": "McpServerSet",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "platform": {"approvedRegistries": ["localhost:5000"]},
            "servers": servers.collect::<Value>(),
        },
    })
}

/// The ConfigMap of the dashboard of `config`.
fn config_map(config: &Value) -> Value {
    let bundle = Bundle::of(&yaml(config)).unwrap();
    let name = json!(format!(
        "{}-dashboard",
        config["metadata"]["name"].as_str().unwrap()
    ));
    let found = bundle
        .of_kind("ConfigMap")
        .into_iter()
        .find(|map| map["metadata"]["name"] == name);
    found.unwrap().clone()
}

fn data_keys(config_map: &Value) -> Vec<&String> {
    config_map["data"].as_object().unwrap().keys().collect()
}

#[test]
fn every_rule_can_fail() {
    rule::assert_can_fail(rules());
}

#[test]
fn every_dashboard_and_every_alert_keeps_the_rules() {
    let mut expressions = 0;
    for (path, bundle) in bundles() {
        assert_eq!(rule::violations(rules(), &bundle), [""; 0], "{path}");
        expressions += dashboard::of(&bundle).map_or(0, |d| dashboard::expressions(&d).len());
    }
    assert!(expressions > 150, "{expressions} expressions");
}

#[test]
fn a_vocabulary_without_quotas_has_no_panel_and_no_alert_about_them() {
    let bundle = support::everything();
    let other = Bundle::of(&yaml(&in_otel(bundle.config.clone()))).unwrap();
    let about = |bundle: &Bundle, word: &str| bundle.text.matches(word).count();
    for word in [
        "mcp_requests_total",
        "quota",
        "concurrent",
        "McpConcurrencySaturated",
    ] {
        assert!(about(&bundle, word) > 0, "{word}");
        assert_eq!(about(&other, word), 0, "{word}");
    }
    assert!(about(&other, "McpErrorBudgetBurn") > 0);
    assert!(about(&other, "mcp_server_operation_duration_seconds_bucket") > 0);
}

#[test]
fn the_bundle_holds_what_the_command_prints() {
    for (path, text) in support::configs() {
        let bundle = Bundle::of(&text).unwrap();
        let Some(json) = dashboard::json(&bundle) else {
            let is_measured = config::servers(&bundle.config)
                .iter()
                .any(config::Server::has_metrics);
            assert!(!is_measured, "{path} has no dashboard");
            continue;
        };
        let printed = run(support::mcpset().args(["dashboard", "-"]), text.as_bytes()).done();
        assert!(
            printed.ends_with("}\n") && printed.lines().count() > 100,
            "{path}"
        );
        let printed: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(json).unwrap(),
            printed,
            "{path}"
        );
        assert_eq!(
            json.len(),
            printed.to_string().len(),
            "{path}: not as short as can be"
        );
        assert_eq!(json.lines().count(), 1, "{path}");
    }
}

#[test]
fn no_two_sets_share_an_address_or_a_file() {
    // The last two differ only in where the namespace ends.
    let sets = [
        ("mcp", "tools"),
        ("mcp", "data"),
        ("other", "tools"),
        ("a-b", "c"),
        ("a", "b-c"),
    ];
    let (mut uids, mut files) = (BTreeSet::new(), BTreeSet::new());
    for (namespace, name) in sets {
        let config = set_of(1, namespace, name);
        let map = config_map(&config);
        let bundle = Bundle::of(&yaml(&config)).unwrap();
        uids.insert(dashboard::of(&bundle).unwrap()["uid"].to_string());
        files.insert(data_keys(&map)[0].clone());
        assert_eq!(data_keys(&map).len(), 1);
    }
    assert_eq!(
        (uids.len(), files.len()),
        (sets.len(), sets.len()),
        "{files:?}"
    );
}

#[test]
fn a_set_keeps_its_address_and_file_whatever_its_servers() {
    let (before, after) = (set_of(1, "mcp", "tools"), set_of(3, "mcp", "tools"));
    let uid = |config: &Value| {
        let bundle = Bundle::of(&yaml(config)).unwrap();
        dashboard::of(&bundle).unwrap()["uid"].clone()
    };
    assert_eq!(uid(&before), uid(&after));
    assert_eq!(
        data_keys(&config_map(&before)),
        data_keys(&config_map(&after))
    );
}

#[test]
fn five_hundred_servers_have_one_dashboard_that_kubectl_can_apply() {
    for servers in [1, 10, 500] {
        let bytes = config_map(&set_of(servers, "mcp", "tools"))
            .to_string()
            .len();
        println!("{servers} servers: {bytes} bytes");
        assert!(bytes < LIMIT, "{servers} servers: {bytes} bytes");
    }
}

#[test]
fn a_dashboard_that_kubectl_cannot_apply_is_refused() {
    let of = |servers: usize| {
        let mut config = set_of(servers, "mcp", "tools");
        for server in config["spec"]["servers"].as_array_mut().unwrap() {
            server["description"] = json!("*".repeat(1000));
        }
        config
    };
    let fits = config_map(&of(35)).to_string().len();
    assert!((LIMIT * 3 / 4..LIMIT).contains(&fits), "{fits}");
    let refused = yaml(&of(60));
    let said = run(support::mcpset().args(["render", "-"]), refused.as_bytes()).refused();
    assert!(
        said.starts_with("error[too-large]: the dashboard of these 60 servers has "),
        "{said}"
    );
    // Their list begins two lines below the key, after the dash.
    let key = refused
        .lines()
        .position(|line| line.trim() == "\"servers\":");
    assert!(
        said.contains(&format!(":{}:7\n", key.unwrap() + 3)),
        "{said}"
    );
    assert!(
        said.contains("help: ") && said.contains("shorten descriptions"),
        "{said}"
    );
}

#[test]
fn alerts_without_a_runbook_lead_nowhere() {
    let config = set_of(2, "mcp", "tools");
    let with_runbook = {
        let mut config = config.clone();
        config["spec"]["platform"]["monitoring"]["runbookUrl"] =
            json!("https://wiki.example.com/mcp");
        config
    };
    let urls = |config: &Value| {
        let bundle = Bundle::of(&yaml(config)).unwrap();
        assert_eq!(rule::violations(rules(), &bundle), [""; 0]);
        let alerts = bundle.text.matches("- alert: ").count();
        (bundle.text.matches("runbook_url: ").count(), alerts)
    };
    let (none, alerts) = urls(&config);
    assert_eq!((none, alerts > 5), (0, true));
    assert_eq!(urls(&with_runbook), (alerts, alerts));
}

#[test]
fn servers_in_several_objects_keep_the_rules() {
    let bundle = Bundle::of(&yaml(&set_of(60, "mcp", "tools"))).unwrap();
    assert!(bundle.of_kind("PrometheusRule").len() > 1);
    assert_eq!(rule::violations(rules(), &bundle), [""; 0]);
}

#[test]
fn as_many_objectives_as_servers_keep_the_rules() {
    let mut config = set_of(50, "mcp", "tools");
    let servers = config["spec"]["servers"].as_array_mut().unwrap();
    for (number, server) in servers.iter_mut().enumerate() {
        server["objectives"] = json!({
            "availability": 90.0 + f64::from(u32::try_from(number).unwrap()) / 10.0,
            "latency": format!("{}ms", 1000 + number),
            "rateLimitRemaining": 100 + number,
            "concurrentRequests": 10 + number,
        });
    }
    let bundle = Bundle::of(&yaml(&config)).unwrap();
    assert_eq!(rule::violations(rules(), &bundle), [""; 0]);
}

#[test]
fn the_reader_of_labels_knows_what_matches_nothing() {
    let says = |expr: &str| {
        let expr = promql::parse(expr)?;
        promql::labels(&expr, &promql::Recorded::new())
    };
    for broken in [
        "sum by (a) (x) / sum by (a, b) (y)",
        "sum by (b) (sum by (a) (x))",
        "histogram_quantile(0.9, sum by (a) (x))",
        "sum by (a) (x) or 0",
        "sum by (a) (x) and on (a) y",
        "a:b:c > 1",
    ] {
        assert!(says(broken).is_err(), "{broken}");
    }
    let absent = says(r#"absent(up{job="a", namespace=~"b"}) or absent(up{job="c"})"#).unwrap();
    assert!(absent.has("job") && !absent.has("namespace"));
}

/// Texts that break out of Markdown, HTML, JSON or Grafana's own notation.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "\"",
            "\\",
            "\\\\|",
            "|",
            "||",
            "${job}",
            "$job",
            "[[job]]",
            "${__all_variables}",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "\n",
            "\r\n",
            "\t",
            "| --- |",
            "\n\n# Title",
            "[a](javascript:b)",
            "`|`",
            "&#124;",
            "{{server}}",
            "🦀",
            "e\u{301}",
            "\u{2028}",
            "\u{202e}",
            "'",
            "*_~",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,8}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(support::cases(48))]

    #[test]
    fn no_description_breaks_the_dashboard(descriptions in prop::collection::vec(hostile(), 1..4), ui: bool) {
        let mut config = set_of(descriptions.len(), "mcp", "tools");
        if ui {
            config["spec"]["platform"]["tracing"] = json!({"ui": "https://jaeger.example.com/a(b)"});
        }
        for (number, description) in descriptions.iter().enumerate() {
            config["spec"]["servers"][number]["description"] = json!(description);
        }
        let bundle = Bundle::of(&yaml(&config));
        prop_assume!(bundle.is_ok());
        let bundle = bundle.unwrap();
        prop_assert_eq!(rule::violations(rules(), &bundle), [""; 0]);
        // What YAML carries is what was written, to the byte.
        prop_assert_eq!(&bundle.documents, &bundle.objects);
    }
}

#[test]
fn most_hostile_descriptions_are_accepted() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let accepted = (0..100).filter(|_| {
        let description = hostile().new_tree(&mut runner).unwrap().current();
        let mut config = set_of(1, "mcp", "tools");
        config["spec"]["servers"][0]["description"] = json!(description);
        Bundle::of(&yaml(&config)).is_ok()
    });
    assert!(accepted.count() >= 80);
}

#[test]
fn each_vocabulary_has_the_dashboard_that_was_reviewed() {
    let quickstart = Bundle::of(support::QUICKSTART).unwrap().config;
    for (name, config) in [("otel", in_otel(quickstart.clone())), ("guide", quickstart)] {
        let text = yaml(&config);
        let printed = run(support::mcpset().args(["dashboard", "-"]), text.as_bytes()).done();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden/dashboards");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, printed));
    }
}

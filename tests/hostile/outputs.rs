//! Everything that is written of one config, each in its own language, read.

use std::collections::BTreeMap;

use mcpset::api::McpServerSet;
use mcpset::check::graph::graph;
use mcpset::companions::grants::{grant_script, grants};
use mcpset::companions::role_script::role_script;
use mcpset::companions::runbook::runbook;
use mcpset::dashboard::{dashboard, pretty};
use mcpset::documents::{iam, litellm};
use mcpset::model::Set;
use mcpset::overrides::Overrides;
use mcpset::problem::Problems;
use mcpset::report::graph::{dot, mermaid, svg};
use mcpset::resolve::{self, Wanted};
use mcpset::resources::{ack_objects, objects};
use mcpset::yaml::{self, Dialect, Node};
use serde_json::{Value, json};

use super::{readers, shell};
use crate::support::config::{self, Order};

/// What `config` says and what is decided of it; `None` where mcpset refuses it.
fn read(config: &Value) -> Option<(Node, Set)> {
    let text = config::yaml(config, Order::Sorted);
    let mut problems = Problems::default();
    let document = yaml::parse(&text, 0, &mut problems).pop()?;
    let overrides = Overrides::default();
    let set = mcpset::expand(&document, Dialect::Written, &overrides, &mut problems)?;
    Some((document, set))
}

/// Whether mcpset decides all about `config`. What it says of the finished objects takes longer.
pub fn is_decided(config: &Value) -> bool {
    let text = config::yaml(config, Order::Sorted);
    let mut problems = Problems::default();
    let document = yaml::parse(&text, 0, &mut problems).pop();
    let set = document.and_then(|document| {
        let written: McpServerSet = yaml::decode(&document, Dialect::Written, &mut problems)?;
        let read = resolve::Written {
            document: &document,
            rows: None,
            dialect: Dialect::Written,
            overrides: &Overrides::default(),
        };
        resolve::resolve(&written, read, &mut problems)
    });
    set.is_some() && !problems.has_errors()
}

/// What each output is to its reader; `None` where mcpset refuses `config`.
pub fn outputs(config: &Value) -> Option<BTreeMap<&'static str, Value>> {
    let (document, set) = read(config)?;

    let stream = |objects: Vec<Value>| {
        let mut text = String::new();
        for object in objects {
            text.push_str("---\n");
            yaml::document(&mut text, &object).unwrap();
        }
        readers::yaml(&text)
    };
    let bundle = objects(&set).map(|object| json!(object)).collect();
    let graph = graph(&[&set]);
    let chart = mermaid(&graph);
    let page = readers::markdown(&runbook(&set, &chart, &["set.yaml".to_owned()]));
    let mut scripts = vec![grant_script(&grants(&set))];
    readers::scripts(&page, &mut scripts);

    let mut outputs = BTreeMap::from([
        ("bundle", stream(bundle)),
        ("dashboard", readers::dashboard(&pretty(&dashboard(&set)))),
        ("values", readers::yaml(&litellm::values(&set))),
        ("config", readers::yaml(&litellm::config(&set))),
        (
            "grants",
            readers::json(&serde_json::to_string(&grants(&set)).unwrap()),
        ),
        ("mermaid", readers::mermaid(&chart)),
        ("dot", readers::dot(&dot(&graph))),
        ("svg", readers::svg(&svg(&graph))),
        ("runbook", page),
    ]);
    for (form, wanted) in [
        ("trust", Wanted::Trust),
        ("policy", Wanted::Policy),
        ("commands", Wanted::Commands),
        ("ack", Wanted::Objects),
    ] {
        let mut problems = Problems::default();
        let Some(roles) = mcpset::roles(&document, &set, wanted, &mut problems) else {
            continue;
        };
        let tree = match wanted {
            Wanted::Trust => readers::json(&iam::pretty(&roles, |role| Some(iam::trust(role)))),
            Wanted::Policy => readers::json(&iam::pretty(&roles, |role| {
                (!role.policy.is_empty()).then(|| iam::permissions(role))
            })),
            Wanted::Commands => {
                scripts.push(role_script(&roles, &set));
                continue;
            }
            Wanted::Objects => {
                let objects = ack_objects(&roles);
                stream(objects.iter().map(|object| json!(object)).collect())
            }
        };
        outputs.insert(form, tree);
    }
    outputs.insert("calls", shell::calls(&scripts));
    Some(outputs)
}

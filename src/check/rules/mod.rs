//! The catalogue: rules that finished objects keep, whoever wrote them.
//!
//! A rule is one file: what it demands, why, what to do, where that comes from, an example that
//! keeps it and one that does not. Reports, `mcpset explain`, the page of the catalogue and the
//! tests are all made from it.

#[macro_use]
mod scraped_server;
#[macro_use]
mod server_with_policy;

mod budget_blocks;
mod budget_selector;
mod capabilities;
pub(super) mod closed_port;
mod config_reference;
mod declared_egress;
mod default_namespace;
mod disruption_budget;
mod dns;
mod drain;
mod duplicate_objects;
mod duplicate_ports;
mod duplicate_variables;
mod egress_isolation;
mod egress_to_all_pods;
mod exposed_credential;
mod external_secret_version;
mod field_types;
mod fixed_replicas;
mod governing_service;
mod host_access;
mod image_reference;
mod image_registry;
mod image_tag;
mod ingress_backend;
mod instance_metadata;
mod isolation;
mod labels;
mod litellm_path;
mod litellm_port;
mod litellm_servers;
mod litellm_service;
mod litellm_variable;
mod memory_in_milli;
mod metrics;
mod monitor_port;
mod monitor_selector;
mod non_root;
mod pod_restrictions;
mod policy_not_evaluated;
mod policy_pods;
mod policy_ports;
mod policy_violation;
mod privilege_escalation;
mod privileged;
mod probe_host;
mod probe_port;
mod probe_threshold;
mod probes;
mod proxy;
mod query_label;
mod query_target;
mod read_only_root;
mod replicas;
mod request_above_limit;
mod requests_and_limits;
mod role_annotation;
mod role_grants;
mod role_reference;
mod role_subject;
mod scaler_range;
mod scaler_request;
mod scaler_target;
mod scrape;
mod scrape_timeout;
mod seccomp;
mod secret_reference;
mod secret_store;
mod server_service;
mod service_account;
mod service_account_token;
mod service_links;
mod service_port;
mod service_selector;
mod service_type;
mod static_aws_credentials;
mod strangers;
mod trace_name;
mod trace_protocol;
mod tracing;
mod unregistered_server;
mod variable_reference;
mod volume_mounts;
mod workload_selector;
mod written_secret;

use crate::manifest::{At, Container, Object, Pod};
use crate::parallel;
use crate::problem::{Code, Problem, Severity};
use crate::source::Place;

use super::input::Input;
use super::network::{Intent, Network};
use super::proxies::{ProxyConfig, Spot};
use super::queries::Queries;
use super::settings::Settings;
use super::upstreams::Upstream;

pub use policy_not_evaluated::RULE as POLICY_NOT_EVALUATED;
pub use policy_violation::RULE as POLICY_VIOLATION;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `MCP011`: never given to another rule.
    pub id: &'static str,
    /// `capabilities`.
    pub name: &'static str,
    /// What it demands, in one clause.
    pub title: &'static str,
    /// How bad it is to break it.
    pub severity: Severity,
    /// What happens otherwise.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// The guide's line, or the standard, that asks for it.
    pub source: &'static str,
    /// Objects that keep it, as YAML.
    pub good: &'static str,
    /// What keeps them from it: texts that stand once in `good`, and what is written in their places.
    pub broken_by: &'static [(&'static str, &'static str)],
    /// Finds what breaks it; nothing where that is found elsewhere, as what Gatekeeper's policies say.
    pub check: fn(&Context<'_>, &mut Found<'_>),
}

impl Rule {
    /// Objects that do not keep it, as YAML.
    #[must_use]
    pub fn bad(&self) -> String {
        let changes = self.broken_by.iter();
        changes.fold(self.good.to_owned(), |text, (from, to)| {
            text.replacen(from, to, 1)
        })
    }
}

/// All rules, in the order of their ids.
pub const CATALOGUE: &[&Rule] = &[
    &image_registry::RULE,
    &image_tag::RULE,
    &image_reference::RULE,
    &non_root::RULE,
    &capabilities::RULE,
    &privilege_escalation::RULE,
    &privileged::RULE,
    &read_only_root::RULE,
    &seccomp::RULE,
    &host_access::RULE,
    &service_account_token::RULE,
    &service_links::RULE,
    &role_annotation::RULE,
    &requests_and_limits::RULE,
    &memory_in_milli::RULE,
    &request_above_limit::RULE,
    &pod_restrictions::RULE,
    &replicas::RULE,
    &disruption_budget::RULE,
    &budget_blocks::RULE,
    &drain::RULE,
    &fixed_replicas::RULE,
    &scaler_range::RULE,
    &scaler_request::RULE,
    &probes::RULE,
    &probe_port::RULE,
    &probe_host::RULE,
    &probe_threshold::RULE,
    &labels::RULE,
    &workload_selector::RULE,
    &field_types::RULE,
    &governing_service::RULE,
    &role_subject::RULE,
    &role_reference::RULE,
    &role_grants::RULE,
    &service_type::RULE,
    &service_selector::RULE,
    &service_port::RULE,
    &server_service::RULE,
    &ingress_backend::RULE,
    &written_secret::RULE,
    &static_aws_credentials::RULE,
    &external_secret_version::RULE,
    &secret_store::RULE,
    &variable_reference::RULE,
    &duplicate_variables::RULE,
    &duplicate_ports::RULE,
    &exposed_credential::RULE,
    &secret_reference::RULE,
    &config_reference::RULE,
    &volume_mounts::RULE,
    &service_account::RULE,
    &duplicate_objects::RULE,
    &scaler_target::RULE,
    &budget_selector::RULE,
    &monitor_selector::RULE,
    &monitor_port::RULE,
    &metrics::RULE,
    &tracing::RULE,
    &query_target::RULE,
    &query_label::RULE,
    &trace_protocol::RULE,
    &scrape_timeout::RULE,
    &trace_name::RULE,
    &litellm_servers::RULE,
    &litellm_service::RULE,
    &litellm_port::RULE,
    &litellm_path::RULE,
    &litellm_variable::RULE,
    &unregistered_server::RULE,
    &policy_pods::RULE,
    &policy_ports::RULE,
    &isolation::RULE,
    &proxy::RULE,
    &scrape::RULE,
    &dns::RULE,
    &declared_egress::RULE,
    &egress_to_all_pods::RULE,
    &strangers::RULE,
    &instance_metadata::RULE,
    &default_namespace::RULE,
    &egress_isolation::RULE,
    &POLICY_VIOLATION,
    &POLICY_NOT_EVALUATED,
];

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'m> {
    /// All objects.
    pub input: &'m Input<'m>,
    /// What is known beside them.
    pub settings: &'m Settings,
    /// Who can reach whom.
    pub network: &'m Network<'m>,
    /// Who is meant to.
    pub intents: &'m [Intent<'m, 'm>],
    /// What LiteLLM's proxies are told.
    pub proxies: &'m [ProxyConfig<'m>],
    /// Where that leads.
    pub upstreams: &'m [Upstream<'m>],
    /// What Prometheus is asked, unless nobody here knows what it scrapes.
    pub queries: Option<&'m Queries<'m>>,
}

impl<'m> Context<'m> {
    /// Every container of every pod.
    pub fn containers(&self) -> impl Iterator<Item = (&'m Pod<'m>, Container<'m>)> + use<'m> {
        self.input
            .pods
            .iter()
            .flat_map(|pod| pod.containers().map(move |container| (pod, container)))
    }

    /// The same, without those on Windows: Pod Security asks nothing of Linux of them.
    pub fn linux_containers(&self) -> impl Iterator<Item = (&'m Pod<'m>, Container<'m>)> + use<'m> {
        self.containers().filter(|(pod, _)| !pod.is_windows())
    }
}

/// What breaks a rule.
#[derive(Debug)]
pub struct Found<'p> {
    rule: &'static Rule,
    problems: &'p mut Vec<Problem>,
}

impl Found<'_> {
    /// Notes that `message` holds of `object`, at the place of `at`.
    pub fn add(&mut self, object: &Object, at: At<'_>, message: impl Into<String>) {
        self.push(object, at.place(), self.rule.severity, message.into());
    }

    /// The same, at a spot of its own.
    pub fn add_at(&mut self, object: &Object, spot: Spot, message: impl Into<String>) {
        self.push(object, spot.place, self.rule.severity, message.into());
        if let Some(problem) = self.problems.last_mut() {
            problem.inside = spot.inside;
        }
    }

    /// The same, with a further place and what stands there.
    pub fn add_related(
        &mut self,
        object: &Object,
        at: At<'_>,
        message: impl Into<String>,
        (place, note): (Place, &str),
    ) {
        self.push(object, at.place(), self.rule.severity, message.into());
        if let Some(problem) = self.problems.pop() {
            self.problems.push(problem.related(place, note));
        }
    }

    /// The same, where it is less bad than the rule says: a warning.
    pub fn warn(&mut self, object: &Object, at: At<'_>, message: impl Into<String>) {
        self.push(object, at.place(), Severity::Warning, message.into());
    }

    fn push(&mut self, object: &Object, place: Place, severity: Severity, message: String) {
        let code = Code::Rule(self.rule.id);
        let mut problem = Problem::error(code, place, message).help(self.rule.fix);
        problem.severity = severity;
        problem.object = Some(Box::new(object.reference()));
        self.problems.push(problem);
    }
}

/// Objects of which fewer are no reason for a thread.
const MANY: usize = 1000;

/// What breaks the rules of the catalogue.
#[must_use]
pub fn run(context: &Context<'_>) -> Vec<Problem> {
    let of_rule = |rule: &&'static Rule| {
        let mut problems = Vec::new();
        let mut found = Found {
            rule,
            problems: &mut problems,
        };
        (rule.check)(context, &mut found);
        problems
    };
    let is_much = context.input.manifests.objects().len() >= MANY;
    let of_rules = parallel::map(is_much, CATALOGUE, of_rule);
    of_rules.into_iter().flatten().collect()
}

/// The rule with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Rule> {
    CATALOGUE
        .iter()
        .copied()
        .find(|rule| rule.id.eq_ignore_ascii_case(word) || rule.name == word)
}

//! What one server may do with the Kubernetes API.
//!
//! `access` asks for it and `rules` say what it is: a token that may do nothing is a credential in every
//! container for no use, and rules without a token are words.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use super::scope::{Reported, Scope, all, items};
use crate::api::{self, Field, List, Placed};
use crate::model::{
    ApiAccess, ApiGroup, ApiResource, ApiRule, ApiTarget, ApiUrl, ApiVerb, Invalid, NamespaceName,
    ObjectName, ResourceName, ServerNames,
};
use crate::problem::{Code, Problem};
use crate::source::Place;

/// A rule that people may copy.
const EXAMPLE: &str = "`{apiGroups: [\"\"], resources: [pods], verbs: [get, list, watch]}`";

/// Where the server's use of the Kubernetes API is asked for, if it is.
pub fn wanted(access: &Field<List<api::Access>>) -> Option<Place> {
    let access = access.given()?;
    (!access.value.is_empty()).then_some(access.place)
}

/// Resolves `access` and `rules` of the server with these names; `None` where it uses no API.
pub fn api_access(
    scope: &mut Scope<'_>,
    written: &api::Server,
    names: Result<&ServerNames, Reported>,
    namespace: &NamespaceName,
) -> Result<Option<ApiAccess>, Reported> {
    let access = items(&written.access);
    let rules = items(&written.rules).and_then(|rules| {
        all(rules
            .into_iter()
            .map(|rule| self::rule(scope, &rule.value, rule.place)))
    });
    let (access, rules) = (access?, rules?);
    if let Some(second) = access.get(1) {
        return scope.report(
            Problem::error(
                Code::NameCollision,
                second.place,
                "`cluster` stands here twice",
            )
            .help("write it once"),
        );
    }
    match (wanted(&written.access), written.rules.place()) {
        (None, Some(place)) if !rules.is_empty() => {
            return scope.report(
                Problem::error(
                    Code::Contradiction,
                    place,
                    "these rules are for a token that the pods do not have",
                )
                .help("add `access: [cluster]`, or remove the rules"),
            );
        }
        (Some(place), _) if rules.is_empty() => {
            return scope.report(
                Problem::error(
                    Code::Contradiction,
                    place,
                    "the pods would have a token of the Kubernetes API that may do nothing",
                )
                .help(format!(
                    "say what the server may do in `rules`, such as {EXAMPLE}, or remove `access`"
                )),
            );
        }
        (None, _) => return Ok(None),
        (Some(_), _) => {}
    }
    let name = format!("{namespace}.{}", names?.workload);
    let mut access = ApiAccess {
        name: scope.valid(
            ObjectName::parse(&name),
            Code::InvalidValue,
            written.name.place(),
        )?,
        everywhere: Vec::new(),
        inside: BTreeMap::new(),
    };
    for (rule, namespaces) in rules {
        if namespaces.is_empty() {
            access.everywhere.push(rule);
            continue;
        }
        for namespace in namespaces {
            access
                .inside
                .entry(namespace)
                .or_default()
                .push(rule.clone());
        }
    }
    access.everywhere.shrink_to_fit();
    Ok(Some(access))
}

/// One rule at `place`, and the namespaces in which it holds; none for the whole cluster.
fn rule(
    scope: &mut Scope<'_>,
    written: &api::AccessRule,
    place: Place,
) -> Result<(ApiRule, BTreeSet<NamespaceName>), Reported> {
    let namespaces = match written.namespaces {
        Field::Absent => Ok(Vec::new()),
        _ => words(
            scope,
            &written.namespaces,
            NAMESPACES,
            place,
            NamespaceName::parse,
        ),
    };
    let rule = if written.non_resource_urls.is_absent() {
        on_resources(scope, written, place)
    } else {
        on_urls(scope, written, place)
    };
    let (verbs, on) = rule?;
    let namespaces = namespaces?.into_iter().collect();
    Ok((ApiRule { place, verbs, on }, namespaces))
}

/// A list of a rule, and what it may hold.
type Named = (&'static str, &'static str);

const NAMESPACES: Named = (
    "namespaces",
    "such as `[team-a]`, or leave it out for the whole cluster",
);
const VERBS: Named = ("verbs", "such as `[get, list, watch]`");
const GROUPS: Named = (
    "apiGroups",
    "such as `[apps]`, or `[\"\"]` for pods, Services and Secrets",
);
const RESOURCES: Named = ("resources", "such as `[pods, pods/log]`");
const RESOURCE_NAMES: Named = ("resourceNames", "or leave it out for all objects");
const URLS: Named = ("nonResourceURLs", "such as `[/version]`");

fn on_resources(
    scope: &mut Scope<'_>,
    written: &api::AccessRule,
    place: Place,
) -> Result<(Vec<ApiVerb>, ApiTarget), Reported> {
    let groups = words(scope, &written.api_groups, GROUPS, place, ApiGroup::parse);
    let resources = words(
        scope,
        &written.resources,
        RESOURCES,
        place,
        ApiResource::parse,
    );
    let verbs = words(scope, &written.verbs, VERBS, place, ApiVerb::parse);
    let names = match written.resource_names {
        Field::Absent => Ok(Vec::new()),
        _ => words(
            scope,
            &written.resource_names,
            RESOURCE_NAMES,
            place,
            ResourceName::parse,
        ),
    };
    let (groups, resources, verbs, names) = (groups?, resources?, verbs?, names?);
    if let (Some(names), Some(verb)) = (
        written.resource_names.place(),
        verbs.iter().find(|verb| verb.names_nothing()),
    ) && let Some(resource) = resources.iter().find(|resource| !resource.is_part())
    {
        return scope.report(
            Problem::error(
                Code::Contradiction,
                names,
                format!("a request to `{verb}` {resource} names no object, so this allows none"),
            )
            .help(format!(
                "write a rule of its own for `{verb}`, without `resourceNames`"
            )),
        );
    }
    Ok((
        verbs,
        ApiTarget::Resources {
            groups,
            resources,
            names,
        },
    ))
}

fn on_urls(
    scope: &mut Scope<'_>,
    written: &api::AccessRule,
    place: Place,
) -> Result<(Vec<ApiVerb>, ApiTarget), Reported> {
    let urls = words(
        scope,
        &written.non_resource_urls,
        URLS,
        place,
        ApiUrl::parse,
    );
    let verbs = words(scope, &written.verbs, VERBS, place, ApiVerb::parse_http);
    let of_resources = [
        (&written.api_groups, "apiGroups"),
        (&written.resources, "resources"),
        (&written.resource_names, "resourceNames"),
    ];
    let mut others = of_resources
        .into_iter()
        .filter_map(|(field, name)| Some((field.place()?, name)));
    let mut refused = Ok(());
    if let Some((place, name)) = others.next() {
        let message = format!(
            "`{name}` cannot stand beside `nonResourceURLs`: a rule is about resources or about paths"
        );
        let problem = Problem::error(Code::Contradiction, place, message).help("write two rules");
        refused = scope.report(others.fold(problem, |problem, (place, name)| {
            problem.related(place, format!("nor can `{name}`"))
        }));
    }
    if let Some(place) = written.namespaces.place() {
        let message = "`namespaces` cannot stand beside `nonResourceURLs`: paths of the API server are of no namespace";
        let help = "remove `namespaces`: the rule becomes one of a ClusterRole";
        refused = scope.report(Problem::error(Code::Contradiction, place, message).help(help));
    }
    refused?;
    Ok((verbs?, ApiTarget::Urls(urls?)))
}

/// The words of a list of the rule at `place`: there is one, and none twice.
fn words<T: Ord + Display>(
    scope: &mut Scope<'_>,
    list: &Field<List<String>>,
    (name, example): Named,
    place: Place,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Vec<T>, Reported> {
    let written = scope.required(list, name, example, place)?;
    if written.value.is_empty() {
        return scope.report(
            Problem::error(
                Code::MissingField,
                written.place,
                format!("`{name}` is empty, so the rule allows nothing"),
            )
            .help(format!("write at least one, {example}")),
        );
    }
    let mut seen = BTreeSet::new();
    all(items(list)?.into_iter().map(|word: &Placed<String>| {
        let parsed = scope.parse(word, &parse)?;
        if seen.insert(word.value.as_str()) {
            return Ok(parsed);
        }
        scope.report(
            Problem::error(
                Code::NameCollision,
                word.place,
                format!("`{parsed}` stands here twice"),
            )
            .help("write it once"),
        )
    }))
}

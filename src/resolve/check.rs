//! `McpServerSetCheck`.

use super::platform::excused;
use super::scope::{Reported, Scope, all, group, items, setting};
use crate::api;
use crate::model::{CheckConfig, CheckException, External, RegistryPrefix};
use crate::problem::{Code, Problem, Problems};

/// Decides what `written` tells the checks. `None` when `problems` has an error.
pub fn check(written: &api::McpServerSetCheck, problems: &mut Problems) -> Option<CheckConfig> {
    resolve(&mut Scope::new(problems), written).ok()
}

fn resolve(
    scope: &mut Scope<'_>,
    written: &api::McpServerSetCheck,
) -> Result<CheckConfig, Reported> {
    let spec = group(&written.spec)?;
    let registries = scope.parse_items(&spec.approved_registries, RegistryPrefix::parse);
    let external = all(items(&spec.external)?.into_iter().map(|item| {
        let kind = scope.required(
            &item.value.kind,
            "kind",
            "such as `kind: Secret`",
            item.place,
        );
        let name = scope.required(
            &item.value.name,
            "name",
            "such as `name: shared`",
            item.place,
        );
        let (kind, name) = (kind?, name?);
        if let Err(why) = External::require_kind(&kind.value) {
            let help = "write the kind as in the manifests that refer to it";
            return scope.report(Problem::error(Code::InvalidValue, kind.place, why).help(help));
        }
        Ok(External {
            kind: kind.value.clone(),
            name: name.value.clone(),
            place: Some(kind.place),
        })
    }));
    let exceptions = all(items(&spec.exceptions)?.into_iter().map(|item| {
        let written = &item.value;
        let (rule, reason) = excused(scope, &written.rule, &written.reason, item.place)?;
        Ok(CheckException {
            rule: rule.value,
            place: rule.place,
            object: written.object.value().cloned(),
            reason,
        })
    }));
    let deny_warnings = setting(&spec.deny_warnings, false)?;
    let registries = registries?.into_iter().map(RegistryPrefix::canonical);
    Ok(CheckConfig {
        registries: registries.collect(),
        external: external?,
        exceptions: exceptions?,
        deny_warnings,
    })
}

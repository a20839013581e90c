//! A rule that bundles keep, together with the proof that it can be broken.

use super::Bundle;

/// Something that holds for every bundle.
#[derive(Clone, Copy)]
pub struct Rule {
    /// What it says.
    pub name: &'static str,
    /// Where a bundle breaks it.
    pub violations: fn(&Bundle) -> Vec<String>,
    /// A change to the bundle of `everything.yaml` that it must notice.
    pub broken_by: fn(&mut Bundle),
}

/// How `bundle` breaks `rules`, each with the rule's name.
pub fn violations<'r>(rules: impl IntoIterator<Item = &'r Rule>, bundle: &Bundle) -> Vec<String> {
    rules
        .into_iter()
        .flat_map(|rule| {
            (rule.violations)(bundle)
                .into_iter()
                .map(move |violation| format!("{}: {violation}", rule.name))
        })
        .collect()
}

/// Shows that each of `rules` holds for `everything.yaml`, and no more after `broken_by`.
pub fn assert_can_fail<'r>(rules: impl IntoIterator<Item = &'r Rule>) {
    for rule in rules {
        let mut bundle = super::everything();
        assert_eq!(violations([rule], &bundle), [""; 0]);
        (rule.broken_by)(&mut bundle);
        assert_ne!(
            violations([rule], &bundle),
            [""; 0],
            "{} notices nothing",
            rule.name
        );
    }
}

/// Shows that `rules` hold for every config in the repository.
pub fn assert_kept<'r>(rules: impl IntoIterator<Item = &'r Rule>) {
    let rules: Vec<_> = rules.into_iter().collect();
    for (path, bundle) in super::bundles() {
        assert_eq!(
            violations(rules.iter().copied(), &bundle),
            [""; 0],
            "{path}"
        );
    }
}

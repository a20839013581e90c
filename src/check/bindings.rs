//! Who has which role.

use std::collections::BTreeSet;

use crate::manifest::{At, Manifests, Object};

/// Names that the API server gives to ServiceAccounts as users: `system:serviceaccount:NS:NAME`.
const ACCOUNT_AS_USER: &str = "system:serviceaccount:";

/// Everything that gives a role to somebody.
pub fn bindings(manifests: &Manifests) -> impl Iterator<Item = &Object> {
    let kinds = ["RoleBinding", "ClusterRoleBinding"].into_iter();
    kinds.flat_map(|kind| manifests.of_kind(kind))
}

/// The ServiceAccounts that `binding` gives its role to: the namespace, and the place of the name.
pub fn accounts(binding: &Object) -> impl Iterator<Item = (&str, At<'_>)> {
    let subjects = binding.at("subjects").items();
    let accounts = subjects.filter(|subject| subject.get("kind").text() == Some("ServiceAccount"));
    accounts.map(|account| {
        let namespace = account.get("namespace").text();
        (
            namespace.unwrap_or(binding.namespace()),
            account.get("name"),
        )
    })
}

/// The ServiceAccounts that have a role of their own, by namespace and name. What all accounts of a
/// namespace or of the cluster have says nothing of one of them.
pub fn bound(manifests: &Manifests) -> BTreeSet<(&str, &str)> {
    let as_user = |subject: At<'_>| subject.get("kind").text() == Some("User");
    bindings(manifests)
        .flat_map(|binding| {
            let accounts =
                accounts(binding).filter_map(|(namespace, name)| Some((namespace, name.text()?)));
            let users = binding
                .at("subjects")
                .items()
                .filter(move |at| as_user(*at));
            let users = users.filter_map(|user| {
                let name = user.get("name").text()?;
                name.strip_prefix(ACCOUNT_AS_USER)?.split_once(':')
            });
            accounts.chain(users)
        })
        .collect()
}

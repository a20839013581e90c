//! `securityContext` of a container, and what a pod's has in common with it.

use super::Field;
use super::grammar::path_within;

/// The highest number of a user or a group.
pub const HIGHEST_ID: i64 = i32::MAX as i64;

/// Characters of an `AppArmor` profile's name at most.
const APP_ARMOR: usize = 4095;
const TYPES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];

/// Of a container in a pod whose `hostUsers` is `users`.
pub fn security(context: &Field<'_>, users: &Field<'_>) {
    for name in ["runAsGroup", "runAsUser"] {
        context.field(name).range(0..=HIGHEST_ID);
    }
    let mount = context.field("procMount");
    mount.one_of(&["Default", "Unmasked"]);
    if mount.is("Unmasked") && !users.is_false() {
        let help = "write `hostUsers: false` too, or leave it out";
        mount.refuse("the pod has the users of its node", help);
    }
    let escalation = context.field("allowPrivilegeEscalation");
    let privileged = context.field("privileged");
    let added = context.at("capabilities.add").items();
    let rules = added.into_iter().filter(|added| added.is("CAP_SYS_ADMIN"));
    for power in rules.chain([privileged].into_iter().filter(Field::is_true)) {
        if escalation.is_false() {
            let problem = "nothing may escalate, and this does";
            power.refuse_beside(&escalation, problem, "leave the container unprivileged");
        }
    }
    profiles(context);
}

/// What says whom the kernel confines, and how.
pub fn profiles(context: &Field<'_>) {
    context
        .field("windowsOptions")
        .forbid("a server runs on Linux", "remove it");
    for name in ["seccompProfile", "appArmorProfile"] {
        let profile = context.field(name);
        let (kind, file) = (profile.field("type"), profile.field("localhostProfile"));
        if profile.exists() {
            kind.require().one_of(&TYPES);
        }
        if kind.is("Localhost") {
            file.require();
        } else {
            file.forbid(
                "only a profile of the type `Localhost` has one",
                "remove it",
            );
        }
    }
    context
        .at("seccompProfile.localhostProfile")
        .parse(path_within);
    let file = context.at("appArmorProfile.localhostProfile");
    if file
        .text()
        .is_some_and(|text| text.trim() != text || text.len() > APP_ARMOR)
    {
        file.refuse(
            "it begins or ends with a space, or is very long",
            "write its name",
        );
    }
}

//! Policy documents that AWS would refuse.

use crate::documents::iam::{INLINE_LIMIT, MANAGED_LIMIT, TRUST_LIMIT, permissions, size, trust};
use crate::model::iam::Role;
use crate::problem::{Code, Problem, Problems};
use crate::resolve::Wanted;
use crate::source::Place;

/// Warns of documents of `roles`, each with its place, that are `wanted` and larger than AWS takes.
pub fn iam(roles: &[(Role<'_>, Place)], wanted: Wanted, problems: &mut Problems) {
    for (role, place) in roles {
        let mut warn = |what: &str, size: usize, limit: usize, help: &str| {
            let message = format!(
                "the {what} policy of `{}` has {size} characters without whitespace, and AWS takes {limit}",
                role.name
            );
            problems.push(Problem::warning(Code::TooLarge, *place, message).help(help));
        };
        let (trust, policy) = (size(&trust(role)), size(&permissions(role)));
        if trust > TRUST_LIMIT && wanted != Wanted::Policy {
            let help = "let fewer servers share the role, or have AWS raise the quota of the account (4096 at most)";
            warn("trust", trust, TRUST_LIMIT, help);
        }
        if wanted == Wanted::Trust {
            continue;
        }
        if policy > INLINE_LIMIT {
            let help =
                "split the server, or name resources by patterns such as `arn:aws:s3:::team-*`";
            warn("permission", policy, INLINE_LIMIT, help);
        } else if policy > MANAGED_LIMIT && wanted == Wanted::Policy {
            let help = "that is the limit of a managed policy; `--as commands` and `--as ack` write it as an inline policy, where it fits";
            warn("permission", policy, MANAGED_LIMIT, help);
        }
    }
}

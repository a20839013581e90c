//! What a statement allows to do.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::{contains_offender, quoted};

const EXAMPLE: &str = "s3:GetObject";

/// An action: `service:Name`, where the name may hold `*` and `?`; or `*` for all.
///
/// Service of letters, digits and `-`; name of letters, digits and wildcards. Example:
/// `s3:GetObject`. Source: IAM user guide, grammar of the policy language.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IamAction(SmolStr);
text_value!(IamAction.0);

impl IamAction {
    /// Reads an action.
    ///
    /// # Errors
    /// When it has no service's prefix, an empty part, or a wildcard in the service, which IAM
    /// refuses.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = format!("write service and action, such as `{EXAMPLE}`");
        if text == "*" {
            return Ok(Self(text.into()));
        }
        let Some((service, name)) = text.split_once(':') else {
            return Err(Invalid::new(
                format!("the action {} names no service", quoted(text)),
                help,
            ));
        };
        if service.contains(['*', '?']) {
            return Err(Invalid::new(
                format!("the service {} has a wildcard", quoted(service)),
                format!("IAM takes wildcards behind the `:` only: {help}"),
            ));
        }
        let in_service = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let in_name = |c: char| c.is_ascii_alphanumeric() || c == '*' || c == '?';
        let offender = contains_offender(service, in_service);
        if let Some(problem) = offender.or_else(|| contains_offender(name, in_name)) {
            return Err(Invalid::new(problem, help));
        }
        if service.is_empty() || name.is_empty() {
            return Err(Invalid::new(
                format!("the action {} lacks a part", quoted(text)),
                help,
            ));
        }
        Ok(Self(text.into()))
    }

    /// Whether it stands for more actions than one, those of tomorrow included.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.0.contains('*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_action_has_a_service() {
        for (good, is_wide) in [
            ("s3:GetObject", false),
            ("execute-api:Invoke", false),
            ("s3:Get*", true),
            ("s3:*", true),
            ("*", true),
            ("iam:Get?", false),
        ] {
            let action = IamAction::parse(good).unwrap();
            assert_eq!((action.as_str(), action.is_wide()), (good, is_wide));
        }
        for (bad, problem) in [
            ("GetObject", "the action `GetObject` names no service"),
            ("", "the action `` names no service"),
            ("s3*:Get", "the service `s3*` has a wildcard"),
            ("*:*", "the service `*` has a wildcard"),
            (":Get", "the action `:Get` lacks a part"),
            ("s3:", "the action `s3:` lacks a part"),
            (
                "s3:Get Object",
                "`Get Object` contains a space (character 4)",
            ),
            ("s3:a:b", "`a:b` contains `:` (character 2)"),
        ] {
            assert_eq!(IamAction::parse(bad).unwrap_err().problem, problem);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = IamAction::parse(&text);
        }
    }
}

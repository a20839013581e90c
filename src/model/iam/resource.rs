//! What a statement is about.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::{offender, quoted};
use super::account::AccountId;
use super::partition::Partition;

const EXAMPLE: &str = "arn:aws:s3:::company-docs/*";
/// Characters of an ARN at most: the longest that a service documents.
const ARN_MAX: usize = 2048;

/// An ARN, which may hold `*`, `?` and policy variables (`${aws:PrincipalTag/team}`); or `*` for
/// everything.
///
/// `arn:partition:service:region:account:resource`, printable ASCII, at most 2048 characters. Example:
/// `arn:aws:s3:::company-docs/*`. Source: IAM user guide, JSON policy elements, `Resource`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IamResource {
    text: SmolStr,
    partition: Option<Partition>,
    is_wide: bool,
}
text_value!(IamResource.text);

impl IamResource {
    /// Reads a resource.
    ///
    /// # Errors
    /// When it is no ARN, lacks a part, names no known partition, has a wildcard for a service, or
    /// a placeholder for an account.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = format!("write an ARN such as `{EXAMPLE}`, or `*`");
        let refuse = |problem: String| Err(Invalid::new(problem, help.clone()));
        if text == "*" {
            return Ok(Self {
                text: text.into(),
                partition: None,
                is_wide: true,
            });
        }
        if let Some(character) = offender(text, |c| c.is_ascii_graphic() || c == ' ') {
            return refuse(format!("the ARN contains {character}"));
        }
        if text.len() > ARN_MAX {
            return refuse(format!("the ARN has {} characters", text.len()));
        }
        let parts = parts(text);
        let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return refuse(if text.starts_with("arn:") {
                format!("the ARN {} has {} parts of 6", quoted(text), parts.len())
            } else {
                format!("{} is not an ARN", quoted(text))
            });
        };
        let partition = match *partition {
            "*" => None,
            name => Some(Partition::parse(name)?),
        };
        let in_service = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if service.is_empty() || !service.chars().all(in_service) {
            return refuse(format!("{} is not a service in an ARN", quoted(service)));
        }
        let in_region = |c: char| c.is_ascii_alphanumeric() || "-*?${}:/".contains(c);
        if !region.chars().all(in_region) {
            return refuse(format!("{} is not a region in an ARN", quoted(region)));
        }
        if !is_open(account) {
            AccountId::parse(account)?;
        }
        if resource.is_empty() {
            return refuse(format!("the ARN {} names nothing", quoted(text)));
        }
        Ok(Self {
            is_wide: resource.starts_with(['*', '?']),
            text: text.into(),
            partition,
        })
    }

    /// The partition it is in; `None` for any.
    #[must_use]
    pub fn partition(&self) -> Option<Partition> {
        self.partition
    }

    /// Whether it stands for everything, or everything of a service.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        self.is_wide
    }
}

/// Whether an account's place is rightly without its digits: global names (S3's), AWS's own
/// policies, wildcards and variables.
fn is_open(account: &str) -> bool {
    account.is_empty() || account == "aws" || account.contains(['*', '?', '$'])
}

/// The six parts of an ARN, or as many as there are. A `:` within `${…}` parts nothing.
fn parts(text: &str) -> Vec<&str> {
    let mut in_variable = false;
    let mut before = '\0';
    text.splitn(6, |c| {
        in_variable = match c {
            '{' if before == '$' => true,
            '}' => false,
            _ => in_variable,
        };
        before = c;
        c == ':' && !in_variable
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_resource_is_an_arn_or_everything() {
        for (good, partition, is_wide) in [
            ("*", None, true),
            (EXAMPLE, Some(Partition::Aws), false),
            ("arn:aws:s3:::*", Some(Partition::Aws), true),
            ("arn:*:s3:::bucket", None, false),
            (
                "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/*",
                Some(Partition::China),
                false,
            ),
            (
                "arn:aws:s3:::home/${aws:username}/a b:c",
                Some(Partition::Aws),
                false,
            ),
            (
                "arn:aws:sqs:*:${aws:PrincipalAccount}:queue",
                Some(Partition::Aws),
                false,
            ),
            (
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
                Some(Partition::Aws),
                false,
            ),
        ] {
            let resource = IamResource::parse(good).unwrap();
            assert_eq!(resource.as_str(), good);
            assert_eq!(
                (resource.partition(), resource.is_wide()),
                (partition, is_wide)
            );
        }
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for (bad, problem) in [
            ("", "`` is not an ARN"),
            ("s3://bucket", "`s3://bucket` is not an ARN"),
            ("**", "`**` is not an ARN"),
            (
                "arn:aws:s3:bucket",
                "the ARN `arn:aws:s3:bucket` has 4 parts of 6",
            ),
            ("arn:aws:s3:::", "the ARN `arn:aws:s3:::` names nothing"),
            ("arn:aws:*:::b", "`*` is not a service in an ARN"),
            (
                "arn:azure:s3:::b",
                "`azure` is no partition of AWS that mcpset knows",
            ),
            (
                "arn:aws:sqs:us-east-1:ACCOUNT_ID:q",
                "`ACCOUNT_ID` stands where the account id belongs",
            ),
            (
                "arn:aws:sqs:us-east-1:12345678901:q",
                "the account id `12345678901` has 11 digits",
            ),
            (
                "arn:aws:s3:::b\n",
                "the ARN contains a line break (character 15)",
            ),
        ] {
            assert_eq!(IamResource::parse(bad).unwrap_err().problem, problem);
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), tail in "[:/a-z0-9*${}]{0,40}") {
            let _ = IamResource::parse(&text);
            let _ = IamResource::parse(&format!("arn:aws:{tail}"));
        }
    }
}

//! The ARN of the IAM role that a `ServiceAccount` assumes.
//!
//! The identity webhook takes any text, and a wrong one shows only when the pod's first AWS
//! call fails. The mistakes people make are a handful, and each has its own message.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::{offender, quoted};

/// Digits in an AWS account id.
pub const ACCOUNT_ID_DIGITS: usize = 12;
/// Characters in a role's name at most (IAM `CreateRole`).
pub const ROLE_NAME_MAX: usize = 64;
/// Characters between the slashes of a role's path at most (IAM `CreateRole`: 512 with both).
pub const ROLE_PATH_MAX: usize = 510;

const EXAMPLE: &str = "arn:aws:iam::123456789012:role/mcp-s3-role";

/// ARN of an IAM role: `arn:<partition>:iam::<account>:role/[path/]<name>`.
///
/// Partition `aws` with lower-case suffixes (`aws-cn`, `aws-us-gov`), account of 12 digits, path
/// of at most 510 printable ASCII characters, name of at most 64 letters, digits and `_+=,.@-`.
/// Example: `arn:aws:iam::123456789012:role/mcp-s3-role`. Source: IAM API reference, `CreateRole`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleArn {
    text: SmolStr,
    partition: SmolStr,
    account_id: SmolStr,
    role_name: SmolStr,
}
text_value!(RoleArn.text);

impl RoleArn {
    /// Reads a role's ARN.
    ///
    /// # Errors
    /// Says which part is wrong: no ARN at all, another service or resource (a policy, an
    /// instance profile, a session), a placeholder or wrong account id, a bad path or name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(character) = offender(text, |c| c.is_ascii_graphic()) {
            return Err(Invalid::new(
                format!("the role ARN contains {character}"),
                format!("write the ARN alone, in ASCII, such as `{EXAMPLE}`"),
            ));
        }
        let mut fields = text.splitn(6, ':');
        let mut next = || fields.next().unwrap_or_default();
        let (arn, partition, service, region, account_id, resource) =
            (next(), next(), next(), next(), next(), next());
        if arn != "arn" {
            return Err(Invalid::new(
                format!("{} is not an ARN", quoted(text)),
                format!("write the role's full ARN, such as `{EXAMPLE}`"),
            ));
        }
        check_partition(partition)?;
        check_service(service, region)?;
        check_account_id(account_id)?;
        let role = role_of(resource)?;
        let role_name = check_role(role)?;
        Ok(Self {
            text: text.into(),
            partition: partition.into(),
            account_id: account_id.into(),
            role_name: role_name.into(),
        })
    }

    /// The partition: `aws`, `aws-cn`, `aws-us-gov`, …
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// The account id: 12 digits.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// The role's name without its path: what `aws iam get-role --role-name` takes.
    #[must_use]
    pub fn role_name(&self) -> &str {
        &self.role_name
    }

    /// The same as a value.
    #[must_use]
    pub fn name(&self) -> RoleName {
        RoleName(self.role_name.clone())
    }

    /// The role's path with `/` at both ends; `/` for none.
    #[must_use]
    pub fn role_path(&self) -> &str {
        let resource = self.text.splitn(6, ':').nth(5).unwrap_or_default();
        let path = resource.strip_prefix("role");
        path.and_then(|path| path.strip_suffix(self.role_name()))
            .unwrap_or("/")
    }
}

/// Name of an IAM role: 1 to 64 letters, digits and `_+=,.@-`.
///
/// Example: `mcp-s3-role`. Source: IAM API reference, `CreateRole`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleName(SmolStr);
text_value!(RoleName.0);

impl RoleName {
    /// Reads a role's name.
    ///
    /// # Errors
    /// When it is empty, too long, or holds another character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.contains('/') {
            return Err(Invalid::new(
                format!("{} has a path", quoted(text)),
                "write the name alone",
            ));
        }
        check_role(text).map(|name| Self(name.into()))
    }
}

fn check_partition(partition: &str) -> Result<(), Invalid> {
    let mut words = partition.split('-');
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    if words.next() == Some("aws") && words.all(is_word) {
        return Ok(());
    }
    Err(Invalid::new(
        format!("{} is not an AWS partition", quoted(partition)),
        "use `aws`, `aws-cn` or `aws-us-gov`",
    ))
}

fn check_service(service: &str, region: &str) -> Result<(), Invalid> {
    match (service, region) {
        ("iam", "") => Ok(()),
        ("iam", region) => Err(Invalid::new(
            format!("a role's ARN has no region, but here is {}", quoted(region)),
            format!("leave the region empty, as in `{EXAMPLE}`"),
        )),
        ("sts", _) => Err(Invalid::new(
            "this is the ARN of a session, not of a role",
            format!("use the role that the session assumed, such as `{EXAMPLE}`"),
        )),
        (service, _) => Err(Invalid::new(
            format!("this is an ARN of {}, not of an IAM role", quoted(service)),
            format!("use a role's ARN, such as `{EXAMPLE}`"),
        )),
    }
}

pub(super) fn check_account_id(account_id: &str) -> Result<(), Invalid> {
    let all_digits = account_id.chars().all(|c| c.is_ascii_digit());
    if all_digits && account_id.len() == ACCOUNT_ID_DIGITS {
        return Ok(());
    }
    let problem = if account_id.is_empty() {
        "the account id is missing".to_owned()
    } else if all_digits {
        format!(
            "the account id {} has {} digits",
            quoted(account_id),
            account_id.len()
        )
    } else if account_id.chars().all(|c| c.is_ascii_digit() || c == '-') {
        format!("the account id {} has dashes", quoted(account_id))
    } else {
        format!("{} stands where the account id belongs", quoted(account_id))
    };
    Err(Invalid::new(
        problem,
        "put the account's 12 digits there, as `aws sts get-caller-identity --query Account` prints them",
    ))
}

/// `[path/]name` of a `role/[path/]name`.
fn role_of(resource: &str) -> Result<&str, Invalid> {
    let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
    let problem = match kind {
        "role" => return Ok(rest),
        "policy" => "this is the ARN of a policy, not of a role",
        "instance-profile" => "this is the ARN of an instance profile, not of a role",
        "user" => "this is the ARN of a user, not of a role",
        "group" => "this is the ARN of a group, not of a role",
        "oidc-provider" => "this is the ARN of an OIDC provider, not of a role",
        "root" => "this is the ARN of an account, not of a role",
        _ => "the ARN does not name a role",
    };
    let help = match kind {
        "policy" => "use the ARN of the role that the policy is attached to".to_owned(),
        "instance-profile" => "use the ARN of the role inside the instance profile".to_owned(),
        _ => format!("end the ARN with `role/<name>`, such as `{EXAMPLE}`"),
    };
    Err(Invalid::new(problem, help))
}

/// The name of `[path/]name`.
fn check_role(role: &str) -> Result<&str, Invalid> {
    let (path, name) = match role.rsplit_once('/') {
        Some((path, name)) => (Some(path), name),
        None => (None, role),
    };
    if let Some(path) = path
        && (path.is_empty() || path.len() > ROLE_PATH_MAX)
    {
        return Err(Invalid::new(
            format!("the role's path has {} characters", path.len()),
            format!(
                "use 1 to {ROLE_PATH_MAX} characters between `role/` and the last `/`, or no path"
            ),
        ));
    }
    let help =
        format!("use 1 to {ROLE_NAME_MAX} letters, digits and `_+=,.@-`, such as `mcp-s3-role`");
    let is_name_char = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if let Some(character) = offender(name, is_name_char) {
        let problem = format!("the role's name {} contains {character}", quoted(name));
        return Err(Invalid::new(problem, help));
    }
    match name.len() {
        0 => Err(Invalid::new("the role's name is missing", help)),
        1..=ROLE_NAME_MAX => Ok(name),
        length => {
            let problem = format!("the role's name has {length} characters");
            Err(Invalid::new(problem, help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_role_arn_gives_its_parts() {
        for (text, partition, path, name) in [
            (EXAMPLE, "aws", "/", "mcp-s3-role"),
            ("arn:aws-cn:iam::123456789012:role/r", "aws-cn", "/", "r"),
            (
                "arn:aws-us-gov:iam::123456789012:role/a/b/r",
                "aws-us-gov",
                "/a/b/",
                "r",
            ),
            ("arn:aws:iam::123456789012:role//r/x", "aws", "//r/", "x"),
            (
                "arn:aws:iam::123456789012:role/p:q/w_+=,.@-",
                "aws",
                "/p:q/",
                "w_+=,.@-",
            ),
        ] {
            let arn = RoleArn::parse(text).unwrap();
            assert_eq!(arn.as_str(), text);
            assert_eq!(arn.partition(), partition);
            assert_eq!(arn.account_id(), "123456789012");
            assert_eq!(arn.role_name(), name);
            assert_eq!(arn.name(), RoleName::parse(name).unwrap());
            assert_eq!(arn.role_path(), path);
        }
        for bad in ["", "a/b", "a b", &"r".repeat(65)] {
            RoleName::parse(bad).unwrap_err();
        }
        let longest = format!(
            "arn:aws:iam::123456789012:role/{}/{}",
            "p".repeat(510),
            "r".repeat(64)
        );
        RoleArn::parse(&longest).unwrap();
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let cases = [
            ("", "`` is not an ARN"),
            ("mcp-s3-role", "`mcp-s3-role` is not an ARN"),
            (
                " arn:aws:iam::123456789012:role/r",
                "the role ARN contains a space (character 1)",
            ),
            (
                "arn:aws:iam::123456789012:role/r\n",
                "the role ARN contains a line break (character 33)",
            ),
            (
                "arn:aws:iam::123456789012:policy/p",
                "this is the ARN of a policy, not of a role",
            ),
            (
                "arn:aws:iam::123456789012:instance-profile/p",
                "this is the ARN of an instance profile, not of a role",
            ),
            (
                "arn:aws:iam::123456789012:root",
                "this is the ARN of an account, not of a role",
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/r/session",
                "this is the ARN of a session, not of a role",
            ),
            (
                "arn:aws:s3:::bucket",
                "this is an ARN of `s3`, not of an IAM role",
            ),
            (
                "arn:aws:iam:us-east-1:123456789012:role/r",
                "a role's ARN has no region, but here is `us-east-1`",
            ),
            (
                "arn:aws:iam::ACCOUNT_ID:role/r",
                "`ACCOUNT_ID` stands where the account id belongs",
            ),
            ("arn:aws:iam:::role/r", "the account id is missing"),
            (
                "arn:aws:iam::12345678901:role/r",
                "the account id `12345678901` has 11 digits",
            ),
            (
                "arn:aws:iam::1234-5678-9012:role/r",
                "the account id `1234-5678-9012` has dashes",
            ),
            (
                "arn:aws:iam::123456789012:role",
                "the role's name is missing",
            ),
            (
                "arn:aws:iam::123456789012:role/",
                "the role's name is missing",
            ),
            (
                "arn:aws:iam::123456789012:role/p/",
                "the role's name is missing",
            ),
            (
                "arn:aws:iam::123456789012:role//r",
                "the role's path has 0 characters",
            ),
            (
                "arn:aws:iam::123456789012:role/a*",
                "the role's name `a*` contains `*` (character 2)",
            ),
            (
                "arn:azure:iam::123456789012:role/r",
                "`azure` is not an AWS partition",
            ),
            (
                "arn:aws-:iam::123456789012:role/r",
                "`aws-` is not an AWS partition",
            ),
            ("arn:aws", "this is an ARN of ``, not of an IAM role"),
        ];
        for (text, problem) in cases {
            assert_eq!(RoleArn::parse(text).unwrap_err().problem, problem);
        }
        let prefix = "arn:aws:iam::123456789012:role/";
        RoleArn::parse(&format!("{prefix}{}", "r".repeat(65))).unwrap_err();
        RoleArn::parse(&format!("{prefix}{}/r", "p".repeat(511))).unwrap_err();
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), tail in "[:/a-z0-9*]{0,40}") {
            let _ = RoleArn::parse(&text);
            let _ = RoleArn::parse(&format!("arn:aws:{tail}"));
            let _ = RoleArn::parse(&format!("arn:aws:iam::123456789012:role{tail}"));
        }

        #[test]
        fn every_role_of_the_published_pattern_is_accepted(
            text in r"arn:aws(-[a-z]{1,4}){0,2}:iam::[0-9]{12}:role/([\x21-\x7e]{1,20}/)?[A-Za-z0-9_+=,.@-]{1,64}"
        ) {
            let arn = RoleArn::parse(&text).unwrap();
            prop_assert!(text.ends_with(arn.role_name()));
        }
    }
}

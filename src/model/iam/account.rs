//! An AWS account, and an EKS cluster in it.

use smol_str::SmolStr;

use super::super::arn::check_account_id;
use super::super::invalid::Invalid;
use super::super::wording::{offender, quoted, too_long};

/// Id of an AWS account: 12 digits, which may begin with zeros.
///
/// Example: `123456789012`. Source: AWS Account Management reference, `AccountId`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(SmolStr);
text_value!(AccountId.0);

impl AccountId {
    /// Reads an account id.
    ///
    /// # Errors
    /// When it is not 12 digits: too few, dashes between them, a placeholder.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_account_id(text)?;
        Ok(Self(text.into()))
    }
}

/// Characters of a cluster's name at most (EKS `CreateCluster`).
const CLUSTER_NAME_MAX: usize = 100;

/// Name of an EKS cluster: a letter or digit, then letters, digits, `-` and `_`; at most 100.
///
/// Example: `production`. Source: EKS API reference, `CreateCluster`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClusterName(SmolStr);
text_value!(ClusterName.0);

impl ClusterName {
    /// Reads a cluster's name.
    ///
    /// # Errors
    /// When it is empty, too long, or holds another character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "write the name that `aws eks list-clusters` shows, such as `production`";
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if let Some(character) = offender(text, is_allowed) {
            let problem = format!("the cluster's name {} contains {character}", quoted(text));
            return Err(Invalid::new(problem, help));
        }
        if let Some(problem) = too_long(text, CLUSTER_NAME_MAX) {
            return Err(Invalid::new(problem, help));
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let problem = format!("{} does not begin with a letter or digit", quoted(text));
            return Err(Invalid::new(problem, help));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_account_id_has_twelve_digits() {
        for good in ["123456789012", "000000000001"] {
            assert_eq!(AccountId::parse(good).unwrap().as_str(), good);
        }
        for (text, problem) in [
            ("", "the account id is missing"),
            ("12345678901", "the account id `12345678901` has 11 digits"),
            (
                "1234567890123",
                "the account id `1234567890123` has 13 digits",
            ),
            (
                "1234-5678-9012",
                "the account id `1234-5678-9012` has dashes",
            ),
            (
                "ACCOUNT_ID",
                "`ACCOUNT_ID` stands where the account id belongs",
            ),
            (
                "12345678901\u{664}",
                "`12345678901\u{664}` stands where the account id belongs",
            ),
        ] {
            assert_eq!(AccountId::parse(text).unwrap_err().problem, problem);
        }
    }

    #[test]
    fn a_cluster_has_the_name_that_eks_takes() {
        for good in ["production", "1", "A_b-", &"c".repeat(100)] {
            assert_eq!(ClusterName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a b", "a.b", "arn:aws:eks", &"c".repeat(101)] {
            ClusterName::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (AccountId::parse(&text), ClusterName::parse(&text));
        }
    }
}

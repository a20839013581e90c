//! The name of a statement.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::contains_offender;

/// Name of a statement: letters and digits, at least one.
///
/// Example: `S3ReadOnly`. Source: IAM user guide, JSON policy elements, `Sid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sid(SmolStr);
text_value!(Sid.0);

impl Sid {
    /// Reads a statement's name.
    ///
    /// # Errors
    /// When it is empty, or holds anything but ASCII letters and digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "use letters and digits, such as `S3ReadOnly`";
        if let Some(problem) = contains_offender(text, |c| c.is_ascii_alphanumeric()) {
            return Err(Invalid::new(problem, help));
        }
        if text.is_empty() {
            return Err(Invalid::new("the statement's name is empty", help));
        }
        Ok(Self(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_letters_and_digits() {
        for good in ["S3ReadOnly", "1"] {
            assert_eq!(Sid::parse(good).unwrap().as_str(), good);
        }
        for (bad, problem) in [
            ("", "the statement's name is empty"),
            ("s3-read", "`s3-read` contains `-` (character 3)"),
            ("S3 read", "`S3 read` contains a space (character 3)"),
            ("é", "`é` contains `é` (character 1)"),
        ] {
            assert_eq!(Sid::parse(bad).unwrap_err().problem, problem);
        }
    }
}

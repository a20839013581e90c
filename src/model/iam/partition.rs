//! Partitions and regions.
//!
//! An ARN names its partition, and one of another partition names nothing at all: IAM accepts it
//! in a policy, and the policy never matches.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::quoted;

/// A partition of AWS: accounts and regions that know nothing of those elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Partition {
    /// `aws`: everywhere else.
    Aws,
    /// `aws-cn`: Beijing and Ningxia.
    China,
    /// `aws-us-gov`: GovCloud.
    UsGov,
}

impl Partition {
    /// Reads a partition: `aws`, `aws-cn` or `aws-us-gov`.
    ///
    /// # Errors
    /// When it is none of the three.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "aws" => Ok(Self::Aws),
            "aws-cn" => Ok(Self::China),
            "aws-us-gov" => Ok(Self::UsGov),
            other => Err(Invalid::new(
                format!("{} is no partition of AWS that mcpset knows", quoted(other)),
                "use `aws`, `aws-cn` or `aws-us-gov`",
            )),
        }
    }

    /// The second part of every ARN.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::UsGov => "aws-us-gov",
        }
    }
}

impl std::fmt::Display for Partition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Code of a region: words and a number with `-` between them.
///
/// Example: `us-east-1`. Source: AWS General Reference, regions and endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region {
    text: SmolStr,
    partition: Partition,
}
text_value!(Region.text);

impl Region {
    /// Reads a region's code.
    ///
    /// # Errors
    /// When it is no region: an availability zone, a name for people, something else; or one of a
    /// partition that mcpset does not know, such as the isolated regions.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "write the region's code, such as `us-east-1`";
        let region = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
        if is_region(region) && !is_region(text) {
            let zone = format!("{} is an availability zone, not a region", quoted(text));
            return Err(Invalid::new(zone, format!("write its region: `{region}`")));
        }
        if !is_region(text) {
            let problem = format!("{} is not a region of AWS", quoted(text));
            return Err(Invalid::new(problem, help));
        }
        let is_foreign =
            text.split('-').any(|word| word.starts_with("iso")) || text.starts_with("eusc-");
        if is_foreign {
            return Err(Invalid::new(
                format!(
                    "{} is in a partition that mcpset does not know",
                    quoted(text)
                ),
                "use a region of `aws`, `aws-cn` or `aws-us-gov`",
            ));
        }
        let partition = match text {
            _ if text.starts_with("cn-") => Partition::China,
            _ if text.starts_with("us-gov-") => Partition::UsGov,
            _ => Partition::Aws,
        };
        Ok(Self {
            text: text.into(),
            partition,
        })
    }

    /// The partition that it is in.
    #[must_use]
    pub fn partition(&self) -> Partition {
        self.partition
    }
}

/// Two words or more, the first of two to four letters, and a number of one or two digits.
fn is_region(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let [area, middle @ .., number] = words.as_slice() else {
        return false;
    };
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    (2..=4).contains(&area.len())
        && is_word(area)
        && !middle.is_empty()
        && middle.iter().all(|word| is_word(word))
        && (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_region_knows_its_partition() {
        for (region, partition) in [
            ("us-east-1", "aws"),
            ("ap-southeast-5", "aws"),
            ("il-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("cn-northwest-1", "aws-cn"),
            ("us-gov-west-1", "aws-us-gov"),
        ] {
            let known = Region::parse(region).unwrap();
            assert_eq!(known.as_str(), region);
            assert_eq!(known.partition(), Partition::parse(partition).unwrap());
            assert_eq!(known.partition().to_string(), partition);
        }
    }

    #[test]
    fn what_is_no_region_is_refused() {
        for (text, problem) in [
            (
                "us-east-1a",
                "`us-east-1a` is an availability zone, not a region",
            ),
            ("Frankfurt", "`Frankfurt` is not a region of AWS"),
            ("US-EAST-1", "`US-EAST-1` is not a region of AWS"),
            ("us-east", "`us-east` is not a region of AWS"),
            ("us-1", "`us-1` is not a region of AWS"),
            ("", "`` is not a region of AWS"),
            (
                "us-iso-east-1",
                "`us-iso-east-1` is in a partition that mcpset does not know",
            ),
            (
                "us-isob-east-1",
                "`us-isob-east-1` is in a partition that mcpset does not know",
            ),
        ] {
            assert_eq!(Region::parse(text).unwrap_err().problem, problem);
        }
        for bad in ["", "AWS", "aws-iso", "china"] {
            Partition::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "[a-z]{2}-[a-z0-9-]{0,12}") {
            let _ = (Region::parse(&text), Region::parse(&near), Partition::parse(&text));
        }
    }
}

//! When a statement holds.

use smol_str::SmolStr;

use super::super::invalid::Invalid;
use super::super::wording::{contains_offender, is_invisible, offender, quoted, too_long};

/// The operators that IAM knows, without prefix and suffix (IAM user guide, condition operators).
const OPERATORS: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
    NULL,
];
const NULL: &str = "Null";
/// What stands before an operator on keys of several values.
const SETS: [&str; 2] = ["ForAnyValue:", "ForAllValues:"];
/// What stands behind an operator that also holds where the key is absent.
const IF_EXISTS: &str = "IfExists";

/// How a condition compares: an operator of IAM, with `ForAnyValue:` or `ForAllValues:` before it
/// and `IfExists` behind it as wanted.
///
/// Example: `ForAnyValue:StringLike`. Source: IAM user guide, condition operators.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionOperator(SmolStr);
text_value!(ConditionOperator.0);

impl ConditionOperator {
    /// Reads an operator.
    ///
    /// # Errors
    /// When IAM has none of this name, in these letters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let single = SETS.iter().find_map(|set| text.strip_prefix(set));
        let single = single.unwrap_or(text);
        let bare = single.strip_suffix(IF_EXISTS).unwrap_or(single);
        let is_known = OPERATORS.contains(&bare) && (bare != NULL || bare == single);
        if is_known {
            return Ok(Self(text.into()));
        }
        let nearest = OPERATORS
            .iter()
            .find(|known| known.eq_ignore_ascii_case(bare));
        Err(Invalid::new(
            format!("{} is no condition operator of IAM", quoted(text)),
            match nearest {
                Some(&NULL) => "write `Null`, which has no `IfExists`".to_owned(),
                Some(known) => format!("write `{known}`"),
                None => "use one such as `StringEquals`, `StringLike`, `ArnLike`, `Bool` or `IpAddress`, with `ForAnyValue:` before it or `IfExists` behind it as needed".to_owned(),
            },
        ))
    }
}

/// Characters of a condition key at most.
const KEY_MAX: usize = 512;

/// What a condition compares: `service:name`, such as `aws:SourceVpc` or `aws:PrincipalTag/team`.
///
/// Printable ASCII without spaces and quotes, at most 512 characters. Source: IAM user guide,
/// global condition context keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionKey(SmolStr);
text_value!(ConditionKey.0);

impl ConditionKey {
    /// Reads a key.
    ///
    /// # Errors
    /// When it names no service, or holds a space, a quote or what is not ASCII.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "write service and key, such as `aws:SourceVpc` or `s3:prefix`";
        let is_allowed = |c: char| c.is_ascii_graphic() && !"\"'\\`".contains(c);
        let offence = contains_offender(text, is_allowed).or_else(|| too_long(text, KEY_MAX));
        if let Some(problem) = offence {
            return Err(Invalid::new(problem, help));
        }
        match text.split_once(':') {
            Some((service, name)) if !service.is_empty() && !name.is_empty() => {
                Ok(Self(text.into()))
            }
            _ => Err(Invalid::new(
                format!("the condition key {} names no service", quoted(text)),
                help,
            )),
        }
    }
}

/// Characters of a condition's value at most: more than a whole policy may have.
const VALUE_MAX: usize = 10_240;

/// What a condition key is compared with: any text of U+0020 to U+00FF, which is what IAM stores.
///
/// At most 10240 characters. Source: IAM API reference, `PutRolePolicy`, `PolicyDocument`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionValue(SmolStr);
text_value!(ConditionValue.0);

impl ConditionValue {
    /// Reads a value.
    ///
    /// # Errors
    /// When it is too long, or holds a character that IAM does not store.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "IAM stores characters from U+0020 to U+00FF: write the value in those";
        if let Some(character) = offender(text, |c| c <= '\u{ff}' && !is_invisible(c)) {
            let problem = format!("the value {} contains {character}", quoted(text));
            return Err(Invalid::new(problem, help));
        }
        match too_long(text, VALUE_MAX) {
            Some(problem) => Err(Invalid::new(problem, help)),
            None => Ok(Self(text.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_operator_is_one_of_iams() {
        for good in [
            "StringEquals",
            "ForAnyValue:StringLike",
            "ForAllValues:StringEqualsIfExists",
            "BoolIfExists",
            "Null",
            "NotIpAddress",
        ] {
            assert_eq!(ConditionOperator::parse(good).unwrap().as_str(), good);
        }
        for (bad, help) in [
            ("stringequals", "write `StringEquals`"),
            ("IPAddress", "write `IpAddress`"),
            ("NullIfExists", "write `Null`, which has no `IfExists`"),
        ] {
            assert_eq!(ConditionOperator::parse(bad).unwrap_err().help, help);
        }
        for bad in [
            "",
            "Equals",
            "StringEquals ",
            "ForAnyValue:",
            "ForSomeValue:Bool",
            "IfExists",
            "ForAnyValue:ForAllValues:Bool",
        ] {
            assert!(ConditionOperator::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_names_a_service_and_a_value_is_what_iam_stores() {
        for good in ["aws:SourceVpc", "aws:PrincipalTag/team", "s3:prefix"] {
            assert_eq!(ConditionKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "prefix", ":a", "a:", "aws:a b", "aws:\"", "aws:é"] {
            assert!(ConditionKey::parse(bad).is_err(), "{bad}");
        }
        for good in ["", "a b", "\"'\\$`", "é", "${aws:username}"] {
            assert_eq!(ConditionValue::parse(good).unwrap().as_str(), good);
        }
        for bad in ["\u{100}", "a\nb", "\u{0}", "🦀", "\u{7f}"] {
            assert!(ConditionValue::parse(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (ConditionOperator::parse(&text), ConditionKey::parse(&text), ConditionValue::parse(&text));
        }
    }
}

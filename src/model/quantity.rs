//! Resource quantities: `250m`, `256Mi`, `1.5Gi`, `1e3`.
//!
//! The text stays as written, so that a manifest says what its author said; comparisons go by
//! value, in whole nano units, never through a float. A quantity by itself is rarely what a
//! field wants: see [`amount`](super::amount).

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::{quoted, too_long};

/// Nano units in one core or byte: the finest step that Kubernetes keeps.
pub(super) const NANOS: u128 = 1_000_000_000;
/// Units (cores, bytes) at most: the largest `int64`, which Kubernetes' own readers hold.
pub const QUANTITY_MAX: u64 = 9_223_372_036_854_775_807;
/// Characters in a quantity at most: so many digits always fit into 128 bits.
const TEXT_MAX: usize = 38;

/// What a suffix multiplies by.
#[derive(Clone, Copy)]
enum Scale {
    /// A power of ten.
    Ten(i32),
    /// A power of two.
    Two(u32),
}

/// Kubernetes' suffixes (apimachinery `resource/suffix.go`), but for `e` with an exponent.
const SUFFIXES: [(&str, Scale); 16] = [
    ("n", Scale::Ten(-9)),
    ("u", Scale::Ten(-6)),
    ("m", Scale::Ten(-3)),
    ("", Scale::Ten(0)),
    ("k", Scale::Ten(3)),
    ("M", Scale::Ten(6)),
    ("G", Scale::Ten(9)),
    ("T", Scale::Ten(12)),
    ("P", Scale::Ten(15)),
    ("E", Scale::Ten(18)),
    ("Ki", Scale::Two(10)),
    ("Mi", Scale::Two(20)),
    ("Gi", Scale::Two(30)),
    ("Ti", Scale::Two(40)),
    ("Pi", Scale::Two(50)),
    ("Ei", Scale::Two(60)),
];

/// Units as they are written elsewhere, in lower case, and the suffixes they may mean.
const LOOKALIKES: [(&str, &[&str]); 26] = [
    ("b", &[""]),
    ("byte", &[""]),
    ("bytes", &[""]),
    ("core", &[""]),
    ("cores", &[""]),
    ("cpu", &[""]),
    ("cpus", &[""]),
    ("vcpu", &[""]),
    ("vcpus", &[""]),
    ("millicore", &["m"]),
    ("millicores", &["m"]),
    ("mcpu", &["m"]),
    ("k", &["k", "Ki"]),
    ("kb", &["k", "Ki"]),
    ("mb", &["M", "Mi"]),
    ("g", &["G", "Gi"]),
    ("gb", &["G", "Gi"]),
    ("t", &["T", "Ti"]),
    ("tb", &["T", "Ti"]),
    ("ki", &["Ki"]),
    ("kib", &["Ki"]),
    ("mi", &["Mi"]),
    ("mib", &["Mi"]),
    ("gi", &["Gi"]),
    ("gib", &["Gi"]),
    ("tib", &["Ti"]),
];

/// Any resource quantity that is not negative.
///
/// `<number><suffix>`: decimal digits with at most one point; suffix `n u m k M G T P E`,
/// `Ki Mi Gi Ti Pi Ei`, `e<exponent>` or none. At most 2^63-1 units and no finer than one nano
/// unit. Examples: `250m`, `1.5Gi`, `1e3`. Equality and order go by value: `1Gi` equals `1024Mi`.
/// Source: Kubernetes `resource.Quantity`.
#[derive(Clone, Debug)]
pub struct Quantity {
    text: SmolStr,
    /// Whole units.
    units: u64,
    /// Nano units beside them, under 10^9: a value of 128 bits would make room for itself twice.
    nanos: u32,
}
text_value!(Quantity.text);

impl Quantity {
    /// Reads a quantity.
    ///
    /// # Errors
    /// Says what is wrong with the number or the suffix, or that the value is negative, too
    /// large or too fine.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(problem) = too_long(text, TEXT_MAX) {
            return Err(Invalid::new(problem, "use a short number, such as `1.5Gi`"));
        }
        let (number, suffix) = split(text);
        let scale = scale_of(suffix).ok_or_else(|| unknown_suffix(text, number, suffix))?;
        let decimal = Decimal::parse(number).ok_or_else(|| not_a_number(text))?;
        let nanos = decimal.nanos(scale).ok_or_else(|| {
            Invalid::new(
                format!(
                    "{} is larger or finer than Kubernetes can hold",
                    quoted(text)
                ),
                format!("use at most {QUANTITY_MAX}, with no part smaller than `1n`"),
            )
        })?;
        Ok(Self {
            text: text.into(),
            units: u64::try_from(nanos / NANOS).unwrap_or(u64::MAX),
            nanos: u32::try_from(nanos % NANOS).unwrap_or(u32::MAX),
        })
    }

    /// The value in nano units.
    #[must_use]
    pub fn nanos(&self) -> u128 {
        u128::from(self.units) * NANOS + u128::from(self.nanos)
    }

    /// The value in whole units (cores, bytes), where it is whole.
    #[must_use]
    pub fn units(&self) -> Option<u64> {
        (self.nanos == 0).then_some(self.units)
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos() == other.nanos()
    }
}

impl Eq for Quantity {}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos().cmp(&other.nanos())
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nanos().hash(state);
    }
}

/// `(number, suffix)`: the suffix starts at the first character that is no digit or point.
pub(super) fn split(text: &str) -> (&str, &str) {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(unsigned.len());
    unsigned.split_at_checked(end).unwrap_or((unsigned, ""))
}

fn scale_of(suffix: &str) -> Option<Scale> {
    let listed = SUFFIXES.iter().find(|(name, _)| *name == suffix);
    listed.map(|&(_, scale)| scale).or_else(|| {
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        exponent.parse().ok().map(Scale::Ten)
    })
}

/// A decimal number without a sign: `digits` times ten to the power of minus `places`.
struct Decimal {
    digits: u128,
    places: u32,
}

impl Decimal {
    /// Reads `1`, `1.5`, `1.` or `.5`; `None` for other text.
    fn parse(number: &str) -> Option<Self> {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let fraction_digits = fraction.trim_end_matches('0');
        let all = format!("{whole}{fraction_digits}");
        if whole.is_empty() && fraction.is_empty() || !all.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let digits = match all.trim_start_matches('0') {
            "" => 0,
            significant => significant.parse().ok()?,
        };
        let places = u32::try_from(fraction_digits.len()).ok()?;
        Some(Self { digits, places })
    }

    /// The value in nano units after `scale`; `None` when that is too large or not whole.
    fn nanos(&self, scale: Scale) -> Option<u128> {
        let (digits, exponent) = match scale {
            Scale::Ten(exponent) => (self.digits, exponent),
            Scale::Two(exponent) => (self.digits.checked_mul(1 << exponent)?, 0),
        };
        // 9: ten to the power of nine nano units make one unit.
        let shift = exponent.checked_add(9)?.checked_sub_unsigned(self.places)?;
        // Of a zero, too: Kubernetes' readers count to an exponent, for minutes.
        let power = 10_u128.checked_pow(shift.unsigned_abs())?;
        let nanos = if shift >= 0 {
            digits.checked_mul(power)?
        } else if digits.is_multiple_of(power) {
            digits / power
        } else {
            return None;
        };
        (nanos <= u128::from(QUANTITY_MAX) * NANOS).then_some(nanos)
    }
}

fn not_a_number(text: &str) -> Invalid {
    let problem = if text.is_empty() {
        "the quantity is empty".to_owned()
    } else {
        format!("{} is not a number with an optional suffix", quoted(text))
    };
    Invalid::new(
        problem,
        "write a number and a suffix, such as `100m`, `256Mi` or `2`",
    )
}

/// Says what is wrong after the number, knowing how people write sizes elsewhere.
fn unknown_suffix(text: &str, number: &str, suffix: &str) -> Invalid {
    if text.starts_with(['-', '\u{2212}']) {
        return Invalid::new(
            format!("{} is negative", quoted(text)),
            "use a quantity above zero, such as `100m` or `256Mi`",
        );
    }
    if text.contains(char::is_whitespace) {
        let joined: String = text.split_whitespace().collect();
        return Invalid::new(
            format!("{} contains a space", quoted(text)),
            format!("write it in one word: {}", quoted(&joined)),
        );
    }
    if number.is_empty() {
        return not_a_number(text);
    }
    let problem = format!("{} is not a suffix of a quantity", quoted(suffix));
    if suffix.starts_with(',') {
        return Invalid::new(
            problem,
            "write a decimal point, not a comma, such as `1.5Gi`",
        );
    }
    let lower = suffix.to_ascii_lowercase();
    let help = match LOOKALIKES.iter().find(|(name, _)| *name == lower) {
        Some((_, suffixes)) => format!("write {}", either(number, suffixes)),
        None => {
            "use a suffix such as in `100m`, `512M` (powers of 1000) or `512Mi` (powers of 1024)"
                .to_owned()
        }
    };
    Invalid::new(problem, help)
}

/// "`512M` or `512Mi`".
pub(super) fn either(number: &str, suffixes: &[&str]) -> String {
    let choices: Vec<String> = suffixes
        .iter()
        .map(|suffix| format!("`{number}{suffix}`"))
        .collect();
    choices.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn the_text_stays_as_written() {
        for text in [
            "250m", "1.5Gi", "1e3", "1E3", "1E", "0.5", ".5", "1.", "+1", "007", "0",
        ] {
            assert_eq!(quantity(text).as_str(), text);
        }
    }

    #[test]
    fn equality_and_order_go_by_value() {
        let equal = [
            ("1Gi", "1024Mi"),
            ("1", "1000m"),
            ("0.5", "500m"),
            ("1e3", "1k"),
            ("1E3", "1k"),
            ("1E", "1e18"),
            ("1.5Ki", "1536"),
            ("0.1", "100000000n"),
            ("10e-1", "1"),
            ("0", "0e9"),
            ("1.500", "1500m"),
            ("9223372036854775807", "9223372036854775807000m"),
        ];
        for (a, b) in equal {
            assert_eq!(quantity(a), quantity(b), "{a} {b}");
        }
        let ascending = [
            "0", "1n", "1u", "1m", "0.5", "1", "1k", "1Ki", "1M", "1Mi", "1G", "1Gi",
        ];
        for pair in ascending.windows(2) {
            assert!(quantity(pair[0]) < quantity(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn a_zero_that_kubernetes_would_count_to_is_none() {
        for text in ["0e999999999", "0e-2000000000", "0e2147483647"] {
            let why = Quantity::parse(text).unwrap_err();
            assert!(
                why.problem
                    .ends_with("larger or finer than Kubernetes can hold"),
                "{why}"
            );
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let cases = [
            (
                "",
                "the quantity is empty",
                "write a number and a suffix, such as `100m`, `256Mi` or `2`",
            ),
            (
                "m",
                "`m` is not a number with an optional suffix",
                "such as",
            ),
            (
                ".",
                "`.` is not a number with an optional suffix",
                "such as",
            ),
            (
                "1.2.3",
                "`1.2.3` is not a number with an optional suffix",
                "such as",
            ),
            ("-1", "`-1` is negative", "above zero"),
            ("1 Gi", "`1 Gi` contains a space", "`1Gi`"),
            (
                "512MB",
                "`MB` is not a suffix of a quantity",
                "write `512M` or `512Mi`",
            ),
            ("512mb", "`mb` is not a suffix of a quantity", "`512Mi`"),
            ("1gb", "`gb` is not a suffix of a quantity", "`1Gi`"),
            ("1GiB", "`GiB` is not a suffix of a quantity", "write `1Gi`"),
            ("1ki", "`ki` is not a suffix of a quantity", "write `1Ki`"),
            ("1K", "`K` is not a suffix of a quantity", "`1k`"),
            ("2cores", "`cores` is not a suffix of a quantity", "`2`"),
            ("1,5Gi", "`,5Gi` is not a suffix of a quantity", "`1.5Gi`"),
            ("1e", "`e` is not a suffix of a quantity", "`512Mi`"),
            ("1e1.5", "`e1.5` is not a suffix of a quantity", "`512Mi`"),
            ("0x10", "`x10` is not a suffix of a quantity", "`512Mi`"),
            (
                "NaN",
                "`NaN` is not a number with an optional suffix",
                "such as",
            ),
            (
                "8Ei",
                "`8Ei` is larger or finer than Kubernetes can hold",
                "at most",
            ),
            (
                "1e99",
                "`1e99` is larger or finer than Kubernetes can hold",
                "at most",
            ),
            (
                "0.1n",
                "`0.1n` is larger or finer than Kubernetes can hold",
                "at most",
            ),
            (
                "1e-2147483648",
                "`1e-2147483648` is larger or finer than Kubernetes can hold",
                "at most",
            ),
        ];
        for (text, problem, help) in cases {
            let invalid = Quantity::parse(text).unwrap_err();
            assert_eq!(invalid.problem, problem);
            assert!(invalid.help.contains(help), "{text}: {}", invalid.help);
        }
    }

    proptest! {
        #[test]
        fn order_agrees_with_floats(
            a in 0_u32..1_000_000, b in 0_u32..1_000_000,
            sa in 0_usize..16, sb in 0_usize..16,
        ) {
            let value = |n: u32, (_, scale): (&str, Scale)| f64::from(n) * match scale {
                Scale::Ten(e) => 10_f64.powi(e),
                Scale::Two(e) => 2_f64.powi(i32::try_from(e).unwrap()),
            };
            let (fa, fb) = (value(a, SUFFIXES[sa]), value(b, SUFFIXES[sb]));
            // Where floats cannot tell, neither can this test.
            prop_assume!((fa - fb).abs() > 1e-9 * fa.max(fb) || (a, sa) == (b, sb));
            let read = |n: u32, s: usize| Quantity::parse(&format!("{n}{}", SUFFIXES[s].0));
            if let (Ok(qa), Ok(qb)) = (read(a, sa), read(b, sb)) {
                prop_assert_eq!(qa.partial_cmp(&qb), fa.partial_cmp(&fb));
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in r"[+-]?[0-9.]{0,50}[a-zA-Z ]{0,3}[+-]?[0-9]{0,12}") {
            for text in [text, near] {
                let _ = Quantity::parse(&text);
            }
        }
    }
}

//! Durations, in the three notations that the output needs.
//!
//! Pod fields count whole seconds, Prometheus has a grammar with days but without fractions, and
//! External Secrets reads Go's, with fractions but without days. One type each, so that a value
//! that one reader takes is never handed to another that does not.

use std::fmt;

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::wording::quoted;

/// Seconds at most: the largest `int32`, which probe fields of a pod hold.
pub const SECONDS_MAX: u32 = 2_147_483_647;
/// Nanoseconds at most: the largest `int64`, in which Go holds a duration (some 292 years).
const NANOS_MAX: u128 = 9_223_372_036_854_775_807;

/// Units of whole seconds, largest first.
const SECOND_UNITS: [(&str, u64); 3] = [("h", 3600), ("m", 60), ("s", 1)];
/// Prometheus' units in milliseconds, largest first (prometheus/common `model/time.go`).
const PROMETHEUS_UNITS: [(&str, u64); 7] = [
    ("y", 31_536_000_000),
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];
/// Go's units in nanoseconds (Go `time.ParseDuration`); both code points for micro.
const GO_UNITS: [(&str, u128); 8] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1000),
    ("\u{b5}s", 1000),
    ("\u{3bc}s", 1000),
    ("ns", 1),
];

/// A number of whole seconds.
///
/// Hours, minutes and seconds in this order, from `1s` to 2^31-1 seconds. Examples: `60s`,
/// `5m`, `1h30m`. A number without a unit is refused. Displays in its shortest form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seconds(u32);
displayed_value!(Seconds);

impl Seconds {
    /// Reads a number of whole seconds.
    ///
    /// # Errors
    /// Refuses a number without a unit, a fraction, other units, zero and more than 2^31-1
    /// seconds.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "use hours, minutes and seconds in this order, such as `60s`, `5m` or `1h30m`";
        let seconds =
            sum_in_order(text, &SECOND_UNITS).map_err(|fault| fault.invalid(text, help))?;
        match u32::try_from(seconds) {
            Ok(0) => Err(Invalid::new(
                format!("{} is no time at all", quoted(text)),
                "use at least `1s`",
            )),
            Ok(seconds) if seconds <= SECONDS_MAX => Ok(Self(seconds)),
            _ => Err(Fault::TooLong.invalid(text, help)),
        }
    }

    /// The number of seconds.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.0 / 3600, "h"),
            (self.0 / 60 % 60, "m"),
            (self.0 % 60, "s"),
        ];
        for (number, unit) in parts.into_iter().filter(|&(number, _)| number > 0) {
            write!(f, "{number}{unit}")?;
        }
        Ok(())
    }
}

/// A duration as Prometheus reads it.
///
/// Whole numbers of `y w d h m s ms`, each at most once and in this order, or `0`; up to some
/// 292 years. Examples: `30s`, `1m`, `1h30m`. Keeps its text.
/// Source: prometheus/common `ParseDuration`; the same pattern stands in the operator's CRDs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrometheusDuration {
    text: SmolStr,
    millis: u64,
}
text_value!(PrometheusDuration.text);

impl PrometheusDuration {
    /// Reads a Prometheus duration.
    ///
    /// # Errors
    /// Refuses a number without a unit, a fraction, unknown, repeated or disordered units, and
    /// more than some 292 years.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "use whole numbers with `y`, `w`, `d`, `h`, `m`, `s` or `ms` in this order, such as `30s` or `1h30m`";
        let millis = match text {
            "0" => 0,
            _ => {
                sum_in_order(text, &PROMETHEUS_UNITS).map_err(|fault| fault.invalid(text, help))?
            }
        };
        if u128::from(millis) * 1_000_000 > NANOS_MAX {
            return Err(Fault::TooLong.invalid(text, help));
        }
        Ok(Self {
            text: text.into(),
            millis,
        })
    }

    /// The duration in milliseconds.
    #[must_use]
    pub fn as_millis(&self) -> u64 {
        self.millis
    }
}

/// A duration as Go reads it, for an `ExternalSecret`'s `refreshInterval`.
///
/// Decimal numbers with `h m s ms us ns` in any order; zero (`0s`) and up, to some 292 years.
/// Examples: `1h`, `1h0m0s`, `1.5h`. Keeps its text. Stricter than Go's `time.ParseDuration`:
/// no sign, no bare `0`, digits on both sides of a point.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoDuration {
    text: SmolStr,
    nanos: u64,
}
text_value!(GoDuration.text);

impl GoDuration {
    /// Reads a Go duration.
    ///
    /// # Errors
    /// Refuses a number without a unit, unknown units (Go has no day), a sign, and more than
    /// some 292 years.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "use numbers with `h`, `m` or `s`, such as `1h` or `1h30m`";
        let nanos = sum_of_decimals(text).map_err(|fault| fault.invalid(text, help))?;
        Ok(Self {
            text: text.into(),
            nanos,
        })
    }

    /// The duration in nanoseconds; a fraction of one is dropped.
    #[must_use]
    pub fn as_nanos(&self) -> u64 {
        self.nanos
    }
}

/// Why a text is no duration.
enum Fault {
    Empty,
    NoUnit,
    Signed,
    Fraction,
    NotAPair,
    UnknownUnit(String),
    Order(String),
    TooLong,
}

impl Fault {
    fn invalid(self, text: &str, help: &str) -> Invalid {
        let shown = quoted(text);
        let problem = match self {
            Self::Empty => "the duration is empty".to_owned(),
            Self::NoUnit => {
                return Invalid::new(
                    format!("{shown} has no unit"),
                    format!(
                        "say of what: {} for seconds, {} for minutes",
                        quoted(&format!("{text}s")),
                        quoted(&format!("{text}m"))
                    ),
                );
            }
            Self::Signed => format!("{shown} has a sign"),
            Self::Fraction => format!("{shown} has a fraction"),
            Self::NotAPair => format!("{shown} is not a list of numbers with units"),
            Self::UnknownUnit(unit) => format!("{} in {shown} is not a unit here", quoted(&unit)),
            Self::Order(unit) => {
                format!("{} in {shown} is repeated or out of order", quoted(&unit))
            }
            Self::TooLong => format!("{shown} is too long"),
        };
        Invalid::new(problem, help)
    }
}

/// The sum of whole numbers with `units`, each at most once and in their order.
fn sum_in_order(text: &str, units: &[(&str, u64)]) -> Result<u64, Fault> {
    let mut smaller = units.iter();
    let mut sum = 0_u64;
    for (number, unit) in pairs(text)? {
        if number.contains('.') {
            return Err(Fault::Fraction);
        }
        let Some((_, factor)) = smaller.find(|(name, _)| *name == unit) else {
            let known = units.iter().any(|(name, _)| *name == unit);
            let fault = if known {
                Fault::Order
            } else {
                Fault::UnknownUnit
            };
            return Err(fault(unit.to_owned()));
        };
        let number: u64 = number.parse().map_err(|_| Fault::TooLong)?;
        let part = number.checked_mul(*factor).ok_or(Fault::TooLong)?;
        sum = sum.checked_add(part).ok_or(Fault::TooLong)?;
    }
    Ok(sum)
}

/// The sum of decimal numbers with Go's units, in nanoseconds.
fn sum_of_decimals(text: &str) -> Result<u64, Fault> {
    let mut sum = 0_u128;
    for (number, unit) in pairs(text)? {
        let Some((_, factor)) = GO_UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(Fault::UnknownUnit(unit.to_owned()));
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let whole: u64 = whole.parse().map_err(|_| Fault::TooLong)?;
        sum += u128::from(whole) * factor + fraction_of(fraction, *factor);
    }
    match u64::try_from(sum) {
        Ok(nanos) if sum <= NANOS_MAX => Ok(nanos),
        _ => Err(Fault::TooLong),
    }
}

/// `0.<digits>` of `factor`, rounded down.
fn fraction_of(digits: &str, factor: u128) -> u128 {
    // An hour has under 10^13 nanoseconds: digits after the eighteenth change nothing.
    let digits: String = digits.chars().take(18).collect();
    let numerator: u128 = digits.parse().unwrap_or(0);
    let denominator = digits.chars().fold(1, |power, _| power * 10);
    numerator * factor / denominator
}

/// The numbers of `text` with the unit that follows each. A number has digits on both sides of
/// its point, if it has one.
fn pairs(text: &str) -> Result<Vec<(&str, &str)>, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.starts_with(['-', '+']) {
        return Err(Fault::Signed);
    }
    let in_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut pairs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (number, tail) = split_before(rest, |c| !in_number(c));
        let (unit, tail) = split_before(tail, in_number);
        if number.split('.').any(str::is_empty) || number.matches('.').count() > 1 {
            return Err(Fault::NotAPair);
        }
        if unit.is_empty() {
            return Err(Fault::NoUnit);
        }
        pairs.push((number, unit));
        rest = tail;
    }
    Ok(pairs)
}

/// `text` in two, the second part starting at the first character that is an `end`.
fn split_before(text: &str, end: impl Fn(char) -> bool) -> (&str, &str) {
    let at = text.find(end).unwrap_or(text.len());
    text.split_at_checked(at).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn seconds_are_whole_and_have_a_unit() {
        for (text, seconds, shortest) in [
            ("60s", 60, "1m"),
            ("5m", 300, "5m"),
            ("1h30m", 5400, "1h30m"),
            ("1h0m1s", 3601, "1h1s"),
            ("90m", 5400, "1h30m"),
            ("2147483647s", 2_147_483_647, "596523h14m7s"),
        ] {
            let read = Seconds::parse(text).unwrap();
            assert_eq!((read.get(), read.to_string().as_str()), (seconds, shortest));
        }
        let bad = [
            ("", "the duration is empty"),
            ("60", "`60` has no unit"),
            ("1h30", "`1h30` has no unit"),
            ("0s", "`0s` is no time at all"),
            ("-5s", "`-5s` has a sign"),
            ("1.5m", "`1.5m` has a fraction"),
            ("1m1h", "`h` in `1m1h` is repeated or out of order"),
            ("1s1s", "`s` in `1s1s` is repeated or out of order"),
            ("1d", "`d` in `1d` is not a unit here"),
            ("500ms", "`ms` in `500ms` is not a unit here"),
            ("5 m", "` m` in `5 m` is not a unit here"),
            ("s", "`s` is not a list of numbers with units"),
            ("1..5s", "`1..5s` is not a list of numbers with units"),
            ("2147483648s", "`2147483648s` is too long"),
            (
                "99999999999999999999h",
                "`99999999999999999999h` is too long",
            ),
            ("5124095576030431h", "`5124095576030431h` is too long"),
        ];
        for (text, problem) in bad {
            assert_eq!(Seconds::parse(text).unwrap_err().problem, problem);
        }
        assert_eq!(
            Seconds::parse("60").unwrap_err().help,
            "say of what: `60s` for seconds, `60m` for minutes"
        );
    }

    #[test]
    fn prometheus_durations_follow_its_grammar() {
        for (text, millis) in [
            ("0", 0),
            ("30s", 30_000),
            ("1m", 60_000),
            ("1h30m", 5_400_000),
            ("5ms", 5),
            ("1m5ms", 60_005),
            ("1y2w3d4h5m6s7ms", 33_019_506_007),
            ("292y", 9_208_512_000_000),
        ] {
            let read = PrometheusDuration::parse(text).unwrap();
            assert_eq!((read.as_millis(), read.as_str()), (millis, text));
        }
        for bad in [
            "", "30", "1.5h", "1s1m", "1m1m", "-1s", "1us", "1 s", "1S", "s", "300y", "00", "１s",
        ] {
            PrometheusDuration::parse(bad).unwrap_err();
        }
    }

    #[test]
    fn go_durations_follow_its_grammar() {
        for (text, nanos) in [
            ("1h", 3_600_000_000_000),
            ("1h0m0s", 3_600_000_000_000),
            ("1.5h", 5_400_000_000_000),
            ("0s", 0),
            ("1m1h", 3_660_000_000_000),
            ("1us1\u{b5}s1\u{3bc}s1ns", 3001),
            ("0.3333333333333333333h", 1_199_999_999_999),
            ("2562047h", 9_223_369_200_000_000_000),
        ] {
            let read = GoDuration::parse(text).unwrap();
            assert_eq!((read.as_nanos(), read.as_str()), (nanos, text));
        }
        for bad in [
            "", "0", "60", "1d", "-1h", "+1h", ".5h", "1.h", "1.2.3h", "1 h", "1h ", "2562048h",
            "h",
        ] {
            GoDuration::parse(bad).unwrap_err();
        }
        let day = GoDuration::parse("1d").unwrap_err();
        assert_eq!(day.problem, "`d` in `1d` is not a unit here");
    }

    proptest! {
        #[test]
        fn seconds_display_so_that_they_read_back(number in 1..=SECONDS_MAX) {
            let read = Seconds::parse(&format!("{number}s")).unwrap();
            prop_assert_eq!(read.get(), number);
            prop_assert_eq!(Seconds::parse(&read.to_string()), Ok(read));
        }

        #[test]
        fn whole_seconds_mean_the_same_in_all_notations(text in "([0-9]{1,4}h)?([0-9]{1,4}m)?[1-9][0-9]{0,4}s") {
            let seconds = u64::from(Seconds::parse(&text).unwrap().get());
            prop_assert_eq!(PrometheusDuration::parse(&text).unwrap().as_millis(), seconds * 1000);
            prop_assert_eq!(GoDuration::parse(&text).unwrap().as_nanos(), seconds * 1_000_000_000);
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in "[-+]?([0-9.]{0,25}[yhms]{0,2}){0,9}") {
            for text in [text, near] {
                let _ = (Seconds::parse(&text), PrometheusDuration::parse(&text), GoDuration::parse(&text));
            }
        }
    }
}

//! What a server promises: the figures that its alerts compare with.
//!
//! A figure that could never be reached would be an alert that never fires, so it is refused here:
//! a share of requests outside (0, 100), a latency that the histogram cannot show.

use std::fmt;

use super::duration::PrometheusDuration;
use super::invalid::Invalid;
use super::wording::quoted;

/// The largest bound of the recommended buckets, in seconds, in both metrics profiles
/// (OpenTelemetry semantic conventions for MCP). A quantile is never above it.
pub const LARGEST_BUCKET_SECONDS: u64 = 300;

/// What a server promises.
#[derive(Clone, Debug)]
pub struct Objectives {
    /// Share of requests that succeed.
    pub availability: Availability,
    /// What 95 of 100 requests stay below.
    pub latency: Latency,
    /// Calls left of an external API's quota, below which a person should know.
    pub rate_limit_remaining: i64,
    /// Requests that one pod can serve at once; `None` when nobody said.
    pub concurrent_requests: Option<i64>,
}

/// A share of requests, in percent, above 0 and below 100, with at most four decimals.
///
/// Example: `99.5`. Displays as written in the shortest way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Availability {
    /// Ten-thousandths of a percent: requests of a million.
    per_million: u32,
}

impl Availability {
    /// Reads a percentage.
    ///
    /// # Errors
    /// Refuses 0, 100 and everything beyond, and more than four decimals.
    pub fn parse(percent: f64) -> Result<Self, Invalid> {
        let help = "write a percentage above 0 and below 100, such as `99.5`";
        if !(percent > 0.0 && percent < 100.0) {
            let problem = format!("`{percent}` is no share of requests that a server can promise");
            return Err(Invalid::new(problem, help));
        }
        let fine = Invalid::new(
            format!("`{percent}` is finer than a ten-thousandth of a percent"),
            "four decimals at most: `99.9999` is a failure in a million requests",
        );
        let text = format!("{percent}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if fraction.len() > 4 {
            return Err(fine);
        }
        match format!("{whole}{fraction:0<4}").parse() {
            Ok(per_million) => Ok(Self { per_million }),
            Err(_) => Err(fine),
        }
    }

    /// Requests of a million that may fail.
    #[must_use]
    pub fn budget_per_million(self) -> u32 {
        1_000_000 - self.per_million
    }

    /// The share of requests that may fail, from 0 to 1, as a decimal: `0.005`.
    #[must_use]
    pub fn budget(self) -> String {
        decimal(u64::from(self.budget_per_million()), 6)
    }

    /// The share of requests that may fail, in percent, as a decimal: `0.5`.
    #[must_use]
    pub fn budget_percent(self) -> String {
        decimal(u64::from(self.budget_per_million()), 4)
    }
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(u64::from(self.per_million), 4))
    }
}

/// A latency that alerts can compare with: above zero and below the largest bucket, in
/// milliseconds. Example: `5s`. Displays in seconds: `0.5s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Latency {
    millis: u64,
}

impl Latency {
    /// Reads a latency.
    ///
    /// # Errors
    /// As [`PrometheusDuration::parse`]; also for zero, and for [`LARGEST_BUCKET_SECONDS`] and
    /// more.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let duration = PrometheusDuration::parse(text)?;
        if duration.as_millis() == 0 {
            return Err(Invalid::new(
                format!("{} is no time at all", quoted(text)),
                "write the time that 95 of 100 requests stay below, such as `5s`",
            ));
        }
        if duration.as_millis() >= LARGEST_BUCKET_SECONDS * 1000 {
            return Err(Invalid::new(
                format!("no histogram shows a latency of {}", quoted(text)),
                format!(
                    "its largest bucket is {LARGEST_BUCKET_SECONDS}s, and no quantile is above that: write less"
                ),
            ));
        }
        Ok(Self {
            millis: duration.as_millis(),
        })
    }

    /// The latency in seconds, as a decimal: `0.5`.
    #[must_use]
    pub fn seconds(self) -> String {
        decimal(self.millis, 3)
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.seconds())
    }
}

/// `number` with its last `places` digits behind the point, without zeros that say nothing.
fn decimal(number: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (whole, fraction) = (number / unit, number % unit);
    let digits = format!("{fraction:0width$}", width = places as usize);
    match digits.trim_end_matches('0') {
        "" => whole.to_string(),
        digits => format!("{whole}.{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_availability_leaves_an_exact_budget() {
        for (percent, text, budget) in [
            (99.5, "99.5", "0.005"),
            (99.0, "99", "0.01"),
            (99.9999, "99.9999", "0.000001"),
            (0.5, "0.5", "0.995"),
            (50.0, "50", "0.5"),
        ] {
            let availability = Availability::parse(percent).unwrap();
            assert_eq!(availability.to_string(), text);
            assert_eq!(availability.budget(), budget);
        }
    }

    #[test]
    fn a_share_that_leaves_nothing_to_fail_is_refused() {
        for percent in [0.0, -0.0, -1.0, 100.0, 100.5, f64::NAN, f64::INFINITY] {
            let problem = Availability::parse(percent).unwrap_err().problem;
            assert!(problem.ends_with("can promise"), "{problem}");
        }
        for percent in [99.99999, 1e-7, 33.333_333] {
            let problem = Availability::parse(percent).unwrap_err().problem;
            assert!(problem.contains("finer"), "{problem}");
        }
    }

    #[test]
    fn a_latency_counts_in_seconds() {
        for (text, seconds) in [
            ("5s", "5"),
            ("500ms", "0.5"),
            ("1m30s", "90"),
            ("4m59s999ms", "299.999"),
        ] {
            let latency = Latency::parse(text).unwrap();
            assert_eq!(latency.seconds(), seconds);
            assert_eq!(latency.to_string(), format!("{seconds}s"), "{text}");
        }
    }

    #[test]
    fn a_latency_that_no_bucket_shows_is_refused() {
        for text in ["300s", "5m", "1h"] {
            let problem = Latency::parse(text).unwrap_err().problem;
            assert_eq!(problem, format!("no histogram shows a latency of `{text}`"));
        }
        for text in ["0", "0s"] {
            let problem = Latency::parse(text).unwrap_err().problem;
            assert_eq!(problem, format!("`{text}` is no time at all"));
        }
    }

    proptest! {
        #[test]
        fn no_number_panics(percent in any::<f64>(), text in any::<String>()) {
            let _ = (Availability::parse(percent), Latency::parse(&text));
        }

        #[test]
        fn a_share_and_its_budget_make_a_whole(per_million in 1_u32..1_000_000) {
            let percent = f64::from(per_million) / 10_000.0;
            let availability = Availability::parse(percent).unwrap();
            prop_assert_eq!(availability.budget_per_million(), 1_000_000 - per_million);
        }
    }
}

//! Numbers as a healthy set of servers would show them: always the same for the same series.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "numbers are small"
)]

/// Between what a series runs.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    low: f64,
    high: f64,
    /// Whether it falls from the highest to the lowest, as a quota that is used up.
    falls: bool,
}

/// What the series of `expr` are like.
pub fn range(expr: &str) -> Range {
    // The first that fits; quantiles name the histogram, and ratios name requests as well.
    let known = [
        ("histogram_quantile(0.5,", 0.08, 0.2),
        ("histogram_quantile(0.95,", 0.5, 0.9),
        ("histogram_quantile(0.99,", 1.1, 1.9),
        ("> 0)", 0.0005, 0.009),
        ("error_type", 0.005, 0.06),
        ("concurrent", 1.0, 8.0),
        ("rate_limit_remaining", 1900.0, 4900.0),
        ("api_calls", 0.8, 3.5),
        ("up{", 1.0, 1.0),
    ];
    let found = known.iter().find(|(part, _, _)| expr.contains(part));
    let (low, high) = found.map_or((1.5, 9.0), |(_, low, high)| (*low, *high));
    Range {
        low,
        high,
        falls: expr.contains("remaining"),
    }
}

/// The values of the series `seed`, from the oldest to the newest.
pub fn values(range: Range, seed: &str, count: usize) -> Vec<f64> {
    let Range { low, high, falls } = range;
    let level = noise(seed, usize::MAX);
    (0..count)
        .map(|step| {
            let (long, part) = (step / 9, (step % 9) as f64 / 9.0);
            let smooth = part * part * (3.0 - 2.0 * part);
            let wave = noise(seed, long) * (1.0 - smooth) + noise(seed, long + 1) * smooth;
            let jitter = noise(seed, 1000 + step);
            let share = if falls {
                0.95 - (0.5 + 0.3 * level) * step as f64 / count as f64 + 0.02 * jitter
            } else {
                0.65 * level + 0.22 * wave + 0.13 * jitter
            };
            low + (high - low) * share
        })
        .collect()
}

/// From 0 to 1, without a pattern (FNV-1a, well mixed).
pub fn noise(seed: &str, step: usize) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in seed.bytes().chain(step.to_string().bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (hash >> 40) as f64 / (1_u64 << 24) as f64
}

/// `number` in `unit`, roughly as Grafana writes it.
pub fn written(number: f64, unit: &str) -> String {
    match unit {
        "percentunit" if number >= 0.995 => "100%".into(),
        "percentunit" => format!("{:.2}%", number * 100.0),
        "s" if number < 1.0 => format!("{:.0} ms", number * 1000.0),
        "s" => format!("{number:.2} s"),
        "reqps" => format!("{number:.2} req/s"),
        _ if number >= 1000.0 => format!("{:.2} K", number / 1000.0),
        _ => format!("{number:.0}"),
    }
}

/// A round distance between two heights of an axis up to `top`, so that three or four fit.
pub fn step(top: f64) -> f64 {
    let mut step = 0.0001;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if step * 3.5 >= top {
            break;
        }
        step *= factor;
    }
    step
}

/// `number` at an axis whose unit is `unit`, as short as it can be.
pub fn tick(number: f64, unit: &str) -> String {
    let (number, unit) = match unit {
        "percentunit" => (number * 100.0, "%"),
        "s" if number > 0.0 && number < 1.0 => (number * 1000.0, " ms"),
        "s" => (number, " s"),
        _ if number >= 1000.0 => (number / 1000.0, " K"),
        _ => (number, ""),
    };
    // The display of a float is its shortest form; the sums behind it are not exact.
    format!("{}{unit}", (number * 1000.0).round() / 1000.0)
}

/// Values of `label`, as an example.
pub fn label(label: &str) -> &'static [&'static str] {
    match label {
        "tool" | "gen_ai_tool_name" => &["search", "read", "list"],
        "error_type" => &["timeout", "upstream"],
        "endpoint" => &["list", "get"],
        _ => &["?"],
    }
}

//! Amounts of the resources that a container asks for: cpu, memory, storage, devices.
//!
//! The API server accepts every quantity for every resource, also `memory: 100m`, a tenth of a
//! byte, which no pod starts with. Each resource therefore has a type, and each type refuses what
//! its resource cannot mean.

use std::fmt;

use super::invalid::Invalid;
use super::quantity::{NANOS, QUANTITY_MAX, Quantity, either, split};
use super::wording::quoted;

/// Nano units in a thousandth of a core.
const NANOS_PER_MILLI: u128 = 1_000_000;
/// Cores at most: some five times the largest EC2 instance (1920).
pub const CPU_MAX_CORES: u64 = 10_000;
/// Bytes of memory at least: 1 MB, below which no container runtime starts a process.
pub const MEMORY_MIN_BYTES: u64 = 1_000_000;

/// An amount of processor time, in cores.
///
/// A whole number of thousandths, from `1m` to `10k`: `100M`, a slip for `100m`, is a hundred
/// million cores. Examples: `100m`, `0.5`, `2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cpu(Quantity);
displayed_value!(Cpu);

impl Cpu {
    /// Reads an amount of cpu.
    ///
    /// # Errors
    /// As [`Quantity::parse`]; also for zero, for parts of a thousandth of a core, and for more
    /// cores than any machine has.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let quantity = Quantity::parse(text)?;
        let problem = if quantity.nanos() == 0 {
            format!("{} is no cpu at all", quoted(text))
        } else if quantity.nanos() > u128::from(CPU_MAX_CORES) * NANOS {
            format!("{} is more cores than any machine has", quoted(text))
        } else if !quantity.nanos().is_multiple_of(NANOS_PER_MILLI) {
            format!("{} is finer than a thousandth of a core", quoted(text))
        } else {
            return Ok(Self(quantity));
        };
        let help = "use cores or thousandths of a core, such as `0.5` or `100m`";
        Err(Invalid::new(problem, help))
    }

    /// The amount in thousandths of a core.
    #[must_use]
    pub fn millicores(&self) -> u64 {
        u64::try_from(self.0.nanos() / NANOS_PER_MILLI).unwrap_or(u64::MAX)
    }
}

/// An amount of memory, in bytes.
///
/// A whole number of bytes, at least 1 MB. Examples: `256Mi`, `1.5Gi`, `512M`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Memory(Quantity);
displayed_value!(Memory);

impl Memory {
    /// Reads an amount of memory.
    ///
    /// # Errors
    /// As [`Quantity::parse`]; also for `m`, `u` and `n`, for parts of a byte, and for less than
    /// 1 MB.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (quantity, bytes) = whole_bytes(text)?;
        if bytes < MEMORY_MIN_BYTES {
            return Err(Invalid::new(
                format!(
                    "{} of memory is {bytes} bytes, too few to start a process",
                    quoted(text)
                ),
                byte_help(text),
            ));
        }
        Ok(Self(quantity))
    }

    /// The amount in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        bytes_of(&self.0)
    }
}

/// An amount of disk space, in bytes.
///
/// A whole number of bytes, at least one. Examples: `64Mi`, `1Gi`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Storage(Quantity);
displayed_value!(Storage);

impl Storage {
    /// Reads an amount of disk space.
    ///
    /// # Errors
    /// As [`Quantity::parse`]; also for `m`, `u` and `n`, for parts of a byte, and for zero.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (quantity, bytes) = whole_bytes(text)?;
        if bytes == 0 {
            return Err(Invalid::new(
                format!("{} of storage holds nothing", quoted(text)),
                "use at least one byte, such as `64Mi`, or leave the field out",
            ));
        }
        Ok(Self(quantity))
    }

    /// The amount in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        bytes_of(&self.0)
    }
}

/// What every amount of a divisible resource can do besides its own.
macro_rules! shown_as_written {
    ($($type:ident),+) => {$(
        impl $type {
            /// The quantity behind it.
            #[must_use]
            pub fn quantity(&self) -> &Quantity {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}
shown_as_written!(Cpu, Memory, Storage);

/// A number of indivisible things: an extended resource such as `nvidia.com/gpu`.
///
/// A whole number from 1 to 2^63-1, in digits alone. Example: `1`.
/// Source: Kubernetes refuses fractions of extended resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count(u64);
displayed_value!(Count);

impl Count {
    /// Reads a count.
    ///
    /// # Errors
    /// Refuses anything but a whole number of at least 1, in digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(0) if digits => Err(Invalid::new(
                format!("{} of a resource asks for nothing", quoted(text)),
                "use a whole number of at least `1`, or leave the resource out",
            )),
            Ok(count) if digits && count <= QUANTITY_MAX => Ok(Self(count)),
            _ => Err(Invalid::new(
                format!("{} is not a count", quoted(text)),
                "use a whole number in digits, such as `1`: this resource cannot be divided",
            )),
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A quantity of bytes, and how many; refuses parts of a byte.
fn whole_bytes(text: &str) -> Result<(Quantity, u64), Invalid> {
    let quantity = Quantity::parse(text)?;
    let parts = match split(text).1 {
        "m" => "thousandths",
        "u" => "millionths",
        "n" => "billionths",
        _ => "parts",
    };
    match quantity.units() {
        Some(bytes) if parts == "parts" || bytes == 0 => Ok((quantity, bytes)),
        _ => Err(Invalid::new(
            format!("{} counts in {parts} of a byte", quoted(text)),
            byte_help(text),
        )),
    }
}

fn bytes_of(quantity: &Quantity) -> u64 {
    quantity.units().unwrap_or(u64::MAX)
}

/// What somebody who wrote too few bytes probably meant.
fn byte_help(text: &str) -> String {
    let number = split(text).0;
    let makes_sense = |suffix: &&str| {
        let quantity = Quantity::parse(&format!("{number}{suffix}")).ok();
        let bytes = quantity.and_then(|quantity| quantity.units());
        bytes.is_some_and(|bytes| bytes >= MEMORY_MIN_BYTES)
    };
    let suffixes: Vec<&str> = ["Mi", "M", "Gi", "G"]
        .into_iter()
        .filter(makes_sense)
        .take(2)
        .collect();
    match suffixes.as_slice() {
        [] => "use whole bytes, such as `256Mi` or `1.5Gi`".to_owned(),
        suffixes => format!("write {}", either(number, suffixes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cpu_is_whole_thousandths_of_a_core() {
        for (text, millicores) in [
            ("100m", 100),
            ("0.5", 500),
            ("2", 2000),
            ("1m", 1),
            ("0.001", 1),
            ("1500000u", 1500),
        ] {
            let cpu = Cpu::parse(text).unwrap();
            assert_eq!(
                (cpu.millicores(), cpu.to_string().as_str()),
                (millicores, text)
            );
        }
        let bad = [
            ("0", "`0` is no cpu at all"),
            ("0m", "`0m` is no cpu at all"),
            ("0.5m", "`0.5m` is finer than a thousandth of a core"),
            ("100u", "`100u` is finer than a thousandth of a core"),
            ("100M", "`100M` is more cores than any machine has"),
            ("10Ki", "`10Ki` is more cores than any machine has"),
        ];
        for (text, problem) in bad {
            assert_eq!(Cpu::parse(text).unwrap_err().problem, problem);
        }
    }

    #[test]
    fn memory_and_storage_are_whole_bytes() {
        for (text, bytes) in [
            ("256Mi", 256 << 20),
            ("1.5Gi", 1536 << 20),
            ("512M", 512_000_000),
            ("1e7", 10_000_000),
        ] {
            assert_eq!(Memory::parse(text).unwrap().bytes(), bytes);
            assert_eq!(Storage::parse(text).unwrap().bytes(), bytes);
        }
        let bad = [
            (
                "100m",
                "`100m` counts in thousandths of a byte",
                "write `100Mi` or `100M`",
            ),
            (
                "1000m",
                "`1000m` counts in thousandths of a byte",
                "write `1000Mi` or `1000M`",
            ),
            (
                "0.5",
                "`0.5` counts in parts of a byte",
                "write `0.5Gi` or `0.5G`",
            ),
            ("0.1Ki", "`0.1Ki` counts in parts of a byte", "write `0.1G`"),
        ];
        for (text, problem, help) in bad {
            let expected = Invalid::new(problem, help);
            assert_eq!(Memory::parse(text), Err(expected.clone()));
            assert_eq!(Storage::parse(text), Err(expected));
        }
        assert_eq!(
            Memory::parse("512"),
            Err(Invalid::new(
                "`512` of memory is 512 bytes, too few to start a process",
                "write `512Mi` or `512M`",
            ))
        );
        Memory::parse("1M").unwrap();
        Storage::parse("1").unwrap();
        Storage::parse("0").unwrap_err();
    }

    #[test]
    fn counts_are_whole_numbers() {
        assert_eq!(Count::parse("1").unwrap().get(), 1);
        for bad in [
            "",
            "0",
            "+1",
            "-1",
            "1.0",
            "1k",
            "500m",
            "1 ",
            "9223372036854775808",
            "１",
        ] {
            Count::parse(bad).unwrap_err();
        }
    }

    proptest! {
        #[test]
        fn a_suggested_amount_is_accepted(text in r"[0-9]{0,4}(\.[0-9]{0,3})?(m|u|n|k|Ki)?") {
            if let Err(invalid) = Memory::parse(&text) {
                let suggested = invalid.help.split('`').skip(1).step_by(2);
                for suggestion in suggested.filter(|_| invalid.help.starts_with("write `")) {
                    prop_assert!(Memory::parse(suggestion).is_ok(), "{text}: {suggestion}");
                }
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in r"[+-]?[0-9.]{0,50}[a-zA-Z ]{0,3}[+-]?[0-9]{0,12}") {
            for text in [text, near] {
                let _ = (Cpu::parse(&text), Memory::parse(&text), Storage::parse(&text), Count::parse(&text));
            }
        }
    }
}

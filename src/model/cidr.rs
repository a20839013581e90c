//! Where traffic may go by address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::invalid::Invalid;
use super::wording::quoted;

/// A range of IPv4 or IPv6 addresses: `<address>/<prefix length>`.
///
/// Prefix length 0 to 32 or 0 to 128; no bits set behind it; no IPv4 address inside an IPv6 one.
/// Displays in canonical form (RFC 5952). Examples: `10.0.0.0/8`, `fd00::/8`.
/// Source: RFC 4632, RFC 4291; Kubernetes `ValidateIPBlock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cidr {
    address: IpAddr,
    prefix_length: u8,
}
displayed_value!(Cidr);

impl Cidr {
    /// Reads an address range.
    ///
    /// # Errors
    /// Says which half is wrong; for an address inside a network, the help names the network.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        let (address_text, length_text) = text.split_once('/').unwrap_or((text, ""));
        let Ok(address) = address_text.parse::<IpAddr>() else {
            return Err(Invalid::new(
                format!("{shown} is not an address range"),
                "use an address and a prefix length, such as `10.0.0.0/8` or `fd00::/8`",
            ));
        };
        if let IpAddr::V6(v6) = address
            && let Some(v4) = v6.to_ipv4_mapped()
        {
            return Err(Invalid::new(
                format!("{shown} is an IPv4 address written as IPv6"),
                format!("write it as IPv4, such as `{v4}/32`"),
            ));
        }
        let width = width(address);
        if !text.contains('/') {
            return Err(Invalid::new(
                format!("{shown} has no prefix length"),
                format!("write `{address}/{width}` for this address alone"),
            ));
        }
        let Some(prefix_length) = prefix_length(length_text).filter(|length| *length <= width)
        else {
            return Err(Invalid::new(
                format!(
                    "{} is not a prefix length of this address",
                    quoted(length_text)
                ),
                format!("use a number from 0 to {width}"),
            ));
        };
        let network = network_of(address, prefix_length);
        if network != address {
            return Err(Invalid::new(
                format!("{shown} is an address inside a range, not the range"),
                format!(
                    "write `{network}/{prefix_length}` for the range, or `{address}/{width}` for this address alone"
                ),
            ));
        }
        Ok(Self {
            address,
            prefix_length,
        })
    }

    /// The first address of the range.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// How many leading bits the addresses of the range share.
    #[must_use]
    pub fn prefix_length(self) -> u8 {
        self.prefix_length
    }

    /// Whether every address of this range is in `other`, as Kubernetes demands of an `except`.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && self.prefix_length >= other.prefix_length
            && network_of(self.address, other.prefix_length) == other.address
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_length)
    }
}

fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// Digits without a sign or leading zeros, as Go reads them.
fn prefix_length(text: &str) -> Option<u8> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| canonical)
}

/// `address` with everything behind its first `length` bits set to zero.
fn network_of(address: IpAddr, length: u8) -> IpAddr {
    let length = u32::from(length);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX
                .checked_shl(32_u32.saturating_sub(length))
                .unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & mask).into()
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX
                .checked_shl(128_u32.saturating_sub(length))
                .unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & mask).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_have_no_host_bits() {
        for good in [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "169.254.169.254/32",
            "::/0",
            "fd00::/8",
            "fd00:ec2::23/128",
        ] {
            assert_eq!(Cidr::parse(good).unwrap().to_string(), good);
        }
        assert_eq!(Cidr::parse("FD00:0::/8").unwrap().to_string(), "fd00::/8");
        let bad = [
            (
                "10.0.0.1/8",
                "`10.0.0.1/8` is an address inside a range, not the range",
                "write `10.0.0.0/8` for the range, or `10.0.0.1/32` for this address alone",
            ),
            (
                "10.0.0.1",
                "`10.0.0.1` has no prefix length",
                "write `10.0.0.1/32` for this address alone",
            ),
            (
                "::1",
                "`::1` has no prefix length",
                "write `::1/128` for this address alone",
            ),
            (
                "10.0.0.0/33",
                "`33` is not a prefix length of this address",
                "use a number from 0 to 32",
            ),
            (
                "::/129",
                "`129` is not a prefix length of this address",
                "use a number from 0 to 128",
            ),
            (
                "10.0.0.0/",
                "`` is not a prefix length of this address",
                "use a number from 0 to 32",
            ),
            (
                "10.0.0.0/08",
                "`08` is not a prefix length of this address",
                "use a number from 0 to 32",
            ),
            (
                "10.0.0.0/+8",
                "`+8` is not a prefix length of this address",
                "use a number from 0 to 32",
            ),
            (
                "10.0.0.0/8/8",
                "`8/8` is not a prefix length of this address",
                "use a number from 0 to 32",
            ),
            (
                "::ffff:10.0.0.0/104",
                "`::ffff:10.0.0.0/104` is an IPv4 address written as IPv6",
                "write it as IPv4, such as `10.0.0.0/32`",
            ),
        ];
        for (text, problem, help) in bad {
            assert_eq!(Cidr::parse(text), Err(Invalid::new(problem, help)));
        }
        for bad in [
            "",
            "/",
            "/8",
            "10.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0 /8",
            "example.com/8",
            "fe80::1%eth0/64",
        ] {
            let problem = Cidr::parse(bad).unwrap_err().problem;
            assert!(problem.ends_with("is not an address range"), "{problem}");
        }
    }

    #[test]
    fn within_compares_whole_ranges_of_one_family() {
        for (inner, outer, within) in [
            ("169.254.169.254/32", "0.0.0.0/0", true),
            ("10.1.0.0/16", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.0.0.0/8", true),
            ("10.0.0.0/8", "10.0.0.0/16", false),
            ("11.0.0.0/16", "10.0.0.0/8", false),
            ("::/0", "0.0.0.0/0", false),
            ("10.0.0.0/8", "::/0", false),
            ("fd00::1/128", "fd00::/8", true),
        ] {
            let range = |text| Cidr::parse(text).unwrap();
            assert_eq!(
                range(inner).is_within(range(outer)),
                within,
                "{inner} {outer}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_address_is_within_its_network(bits in any::<u128>(), v6 in any::<bool>(), cut in 0_u8..=128) {
            let address = if v6 {
                IpAddr::V6(Ipv6Addr::from_bits(bits))
            } else {
                IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits >> 96).unwrap()))
            };
            let width = width(address);
            let length = cut.min(width);
            let read = |text: String| Cidr::parse(&text);
            let network = read(format!("{}/{length}", network_of(address, length)));
            let alone = read(format!("{address}/{width}"));
            if let (Ok(network), Ok(alone)) = (network, alone) {
                prop_assert!(alone.is_within(network));
                prop_assert_eq!(network.is_within(alone), length == width);
                prop_assert_eq!(Cidr::parse(&network.to_string()), Ok(network));
            }
        }

        #[test]
        fn an_address_inside_a_range_is_told_its_network(bits in any::<u32>(), length in 0_u8..=32) {
            let text = format!("{}/{length}", Ipv4Addr::from_bits(bits));
            if let Err(invalid) = Cidr::parse(&text) {
                let network = invalid.help.split('`').nth(1).unwrap();
                prop_assert!(Cidr::parse(network).is_ok(), "{network}");
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in "[0-9a-f:.*/-]{0,24}") {
            let _ = (Cidr::parse(&text), Cidr::parse(&near));
        }
    }
}

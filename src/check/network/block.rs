//! Ranges of addresses, as an `ipBlock` writes them.
//!
//! Other people's policies are read as the API server reads them: `10.0.0.1/8` is `10.0.0.0/8`, which
//! [`Cidr`](crate::model::Cidr) refuses in a config.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    is_v4: bool,
    first: u128,
    last: u128,
}

impl Block {
    /// Reads `<address>/<prefix length>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let free = u32::checked_sub(width, length.parse().ok()?)?;
        let mask = 1_u128.checked_shl(free).map_or(u128::MAX, |bit| bit - 1);
        let first = bits(address) & !mask;
        Some(Self {
            is_v4: address.is_ipv4(),
            first,
            last: first | mask,
        })
    }

    /// From the first to the last address.
    #[must_use]
    pub const fn v4(first: [u8; 4], last: [u8; 4]) -> Self {
        Self {
            is_v4: true,
            first: u32::from_be_bytes(first) as u128,
            last: u32::from_be_bytes(last) as u128,
        }
    }

    /// Whether `address` is in it.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        let number = bits(address);
        self.is_v4 == address.is_ipv4() && self.first <= number && number <= self.last
    }

    /// Its first address.
    #[must_use]
    pub fn first(self) -> IpAddr {
        address(self.is_v4, self.first)
    }

    /// The address behind its last; `None` when there is none.
    #[must_use]
    pub fn next(self) -> Option<IpAddr> {
        let end = if self.is_v4 {
            u128::from(u32::MAX)
        } else {
            u128::MAX
        };
        (self.last < end).then(|| address(self.is_v4, self.last.saturating_add(1)))
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_bits().into(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn address(is_v4: bool, bits: u128) -> IpAddr {
    match u32::try_from(bits) {
        Ok(bits) if is_v4 => Ipv4Addr::from_bits(bits).into(),
        _ => Ipv6Addr::from_bits(bits).into(),
    }
}

//! Address ranges, read without mcpset's own parser.

use std::net::IpAddr;

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    address: IpAddr,
    length: u8,
}

impl Range {
    /// Reads `<address>/<length>`; `None` when the API server would not, or would warn of bits
    /// behind the length.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let range = Self {
            address: address.parse().ok()?,
            length: length.parse().ok()?,
        };
        let width = if range.address.is_ipv4() { 32 } else { 128 };
        let behind = range.all_bits().checked_shl(range.length.into());
        (range.length <= width && behind.unwrap_or(0) == 0).then_some(range)
    }

    /// Whether every address of `other` is in this range.
    pub fn contains(self, other: Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
            && other.length >= self.length
            && self.bits(self.length) == other.bits(self.length)
    }

    /// The address in the upper bits.
    fn all_bits(self) -> u128 {
        match self.address {
            IpAddr::V4(address) => u128::from(address.to_bits()) << 96,
            IpAddr::V6(address) => address.to_bits(),
        }
    }

    /// The first `length` bits.
    fn bits(self, length: u8) -> u128 {
        self.all_bits()
            .checked_shr(128 - u32::from(length))
            .unwrap_or(0)
    }
}

//! What a registry's host says of Amazon's.

/// The region of a registry `<account>.dkr.ecr[-fips].<region>.amazonaws.com[.cn]`, or
/// `<account>.dkr-ecr.<region>.on.aws`.
#[must_use]
pub fn region(host: &str) -> Option<&str> {
    let (_account, service) = host.split_once(".dkr")?;
    let region = [".ecr.", ".ecr-fips.", "-ecr.", "-ecr-fips."]
        .iter()
        .find_map(|start| service.strip_prefix(start))?;
    let (region, _domain) = [".amazonaws.com", ".on.aws"]
        .iter()
        .find_map(|end| region.split_once(end))?;
    Some(region)
}

//! Texts that the API server reads, where the config has no type for them.

use std::net::IpAddr;

use super::Field;
use crate::model::{
    AnnotationKey, Cidr, ConfigKey, Invalid, LabelKey, NamespaceName, ObjectName, Port, quoted,
};

/// What a port speaks.
pub const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
/// When an image is pulled.
pub const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

fn invalid<T>(problem: impl Into<String>, help: &str) -> Result<T, Invalid> {
    Err(Invalid {
        problem: problem.into(),
        help: help.to_owned(),
    })
}

/// A DNS-1123 label: the name of a container, a volume, a host.
pub fn dns_label(text: &str) -> Result<(), Invalid> {
    NamespaceName::parse(text).map(drop)
}

/// A DNS-1123 subdomain: the name of most objects.
pub fn dns_subdomain(text: &str) -> Result<(), Invalid> {
    ObjectName::parse(text).map(drop)
}

/// A qualified name: the key of a label, a finalizer, the type of a condition.
pub fn qualified_name(text: &str) -> Result<(), Invalid> {
    LabelKey::parse(text).map(drop)
}

/// A qualified name whose prefix may have upper case.
pub fn annotation_key(text: &str) -> Result<(), Invalid> {
    AnnotationKey::parse(&text.to_ascii_lowercase()).map(drop)
}

/// A qualified name with a prefix, or one that Kubernetes uses itself.
pub fn finalizer_name(text: &str) -> Result<(), Invalid> {
    qualified_name(text)?;
    if text.contains('/') || ["foregroundDeletion", "kubernetes", "orphan"].contains(&text) {
        return Ok(());
    }
    let problem = format!("{} does not say whose it is", quoted(text));
    invalid(
        problem,
        "put a prefix before it, such as `example.com/cleanup`",
    )
}

/// The version of a kind, with its group.
pub fn api_version(text: &str) -> Result<(), Invalid> {
    let version = text.split_once('/').map_or(text, |(_, version)| version);
    if !version.is_empty() && !version.contains('/') {
        return Ok(());
    }
    let problem = format!("{} is no version of an API", quoted(text));
    invalid(problem, "write one such as `v1` or `apps/v1`")
}

/// A key of a ConfigMap or a Secret.
pub fn config_key(text: &str) -> Result<(), Invalid> {
    ConfigKey::parse(text).map(drop)
}

/// An address range.
pub fn cidr(text: &str) -> Result<(), Invalid> {
    Cidr::parse(text).map(drop)
}

/// An IP address.
pub fn ip_address(text: &str) -> Result<(), Invalid> {
    let is_mapped =
        |address: IpAddr| matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
    match text.parse() {
        Ok(address) if is_mapped(address) => {
            let problem = format!("{} is an IPv4 address written as IPv6", quoted(text));
            return invalid(problem, "write it as IPv4, such as `10.0.0.10`");
        }
        Ok(_) => return Ok(()),
        Err(_) => {}
    }
    let problem = format!("{} is no IP address", quoted(text));
    invalid(problem, "write one such as `10.0.0.10` or `fd00::10`")
}

/// The name of a port: `IsValidPortName`.
pub fn port_name(text: &str) -> Result<(), Invalid> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_name = text.len() <= 15
        && text.bytes().all(is_allowed)
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-');
    if is_name {
        return Ok(());
    }
    let problem = format!("{} is no name of a port", quoted(text));
    let help = "use at most 15 lower-case letters, digits and single `-`, one of them a letter, such as `http-admin`";
    invalid(problem, help)
}

/// The name of an environment variable as all versions of Kubernetes take it: `IsEnvVarName`. From 1.34 on
/// it may have other characters too.
pub fn variable_name(text: &str) -> Result<(), Invalid> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_name = text.bytes().all(is_allowed)
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text != "."
        && !text.starts_with("..");
    if is_name {
        return Ok(());
    }
    let problem = format!(
        "{} is no name of a variable before Kubernetes 1.34",
        quoted(text)
    );
    invalid(
        problem,
        "use letters, digits, `-`, `_` and `.`, no digit first, such as `LOG_LEVEL`",
    )
}

/// A path that stays in its folder.
pub fn path_within(text: &str) -> Result<(), Invalid> {
    if text.starts_with('/') || text.split('/').any(|part| part == "..") {
        let problem = format!("{} leads out of its folder", quoted(text));
        return invalid(
            problem,
            "write a path without `/` at the beginning and without `..`",
        );
    }
    Ok(())
}

/// A path of a file in a volume.
pub fn file_within(text: &str) -> Result<(), Invalid> {
    path_within(text)?;
    if text.starts_with("..") {
        let problem = format!(
            "{} begins with `..`, as the kubelet's own files do",
            quoted(text)
        );
        return invalid(problem, "write another name");
    }
    Ok(())
}

/// A path without `..`.
pub fn straight_path(text: &str) -> Result<(), Invalid> {
    if text.split('/').any(|part| part == "..") {
        let problem = format!("{} goes back by `..`", quoted(text));
        return invalid(problem, "write it without `..`");
    }
    Ok(())
}

/// A whole number of 32 bits, as it is counted by.
pub fn whole_number(text: &str) -> Result<(), Invalid> {
    if text
        .parse::<i32>()
        .is_ok_and(|number| number.to_string() == text)
    {
        return Ok(());
    }
    let problem = format!("{} is no whole number", quoted(text));
    invalid(problem, "write one such as `\"-100\"`")
}

/// The name of a header: `IsHTTPHeaderName`.
pub fn header_name(text: &str) -> Result<(), Invalid> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.bytes().all(is_allowed) {
        return Ok(());
    }
    let problem = format!("{} is no name of a header", quoted(text));
    invalid(
        problem,
        "use letters, digits, `-` and `_`, such as `X-Tenant`",
    )
}

/// The name of a kernel parameter.
pub fn sysctl_name(text: &str) -> Result<(), Invalid> {
    let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && part.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
            && part
                .bytes()
                .all(|byte| is_allowed(byte) || b"-_".contains(&byte))
    };
    if text.len() <= 253 && text.split(['.', '/']).all(is_part) {
        return Ok(());
    }
    let problem = format!("{} is no name of a kernel parameter", quoted(text));
    invalid(problem, "write one such as `net.core.somaxconn`")
}

/// A name that can be a part of a URL: of a metric, of an object of any kind.
pub fn path_segment(text: &str) -> Result<(), Invalid> {
    if text != "." && text != ".." && !text.contains(['/', '%']) {
        return Ok(());
    }
    let problem = format!("{} cannot stand in a URL", quoted(text));
    invalid(problem, "write it without `/` and `%`")
}

/// A domain in the list of those that are searched.
pub fn search_domain(text: &str) -> Result<(), Invalid> {
    if text == "." {
        return Ok(());
    }
    dns_subdomain(text.strip_suffix('.').unwrap_or(text))
}

/// Refuses what is neither the number nor the name of a port.
pub fn port_number_or_name(field: &Field<'_>) {
    field.parse(port_name);
    if let Some(number) = field.number() {
        field.accept(Port::new(number));
    }
}

//! The grammar of image references, part by part, with a message for every way to miss it.

use super::TAG_MAX;
use crate::model::authority::Authority;
use crate::model::invalid::Invalid;
use crate::model::wording::{offender, quoted, too_long};

/// Digest algorithms that container runtimes verify, with their hexadecimal digits
/// (OCI image specification, registered algorithms).
const DIGEST_ALGORITHMS: [(&str, usize); 2] = [("sha256", 64), ("sha512", 128)];

/// What people write where an image belongs, found before the grammar is tried.
pub(super) fn not_a_reference(text: &str) -> Option<Invalid> {
    let shown = quoted(text);
    if text.is_empty() {
        let help = "use a name and a tag, such as `mcp-github:1.4.2`";
        return Some(Invalid::new("the image is empty", help));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return Some(Invalid::new(
            format!(
                "{shown} starts with the scheme {}",
                quoted(&format!("{scheme}://"))
            ),
            format!("leave the scheme out: {}", quoted(rest)),
        ));
    }
    if let Some(character) = offender(text, |c| !c.is_whitespace() && !c.is_control()) {
        return Some(Invalid::new(
            format!("{shown} contains {character}"),
            "write the image in one word, such as `mcp-github:1.4.2`",
        ));
    }
    if let Some(invalid) = placeholder(text) {
        return Some(invalid);
    }
    let algorithm = text.split_once(':').map(|(algorithm, _)| algorithm);
    if DIGEST_ALGORITHMS
        .iter()
        .any(|(name, _)| algorithm == Some(*name))
    {
        return Some(Invalid::new(
            format!("{shown} is a digest without its image"),
            "put the image before it, such as `mcp-github@sha256:…`",
        ));
    }
    if text.ends_with('/') {
        return Some(Invalid::new(
            format!("{shown} ends with `/`"),
            "put the image's name and tag behind it, such as `mcp-github:1.4.2`",
        ));
    }
    None
}

/// A placeholder of the guide or of a template that was never filled in.
pub(super) fn placeholder(text: &str) -> Option<Invalid> {
    if text.contains("ACCOUNT_ID") {
        return Some(Invalid::new(
            "`ACCOUNT_ID` is a placeholder",
            "put the account's 12 digits there, as `aws sts get-caller-identity --query Account` prints them",
        ));
    }
    let character = offender(text, |c| !"${}<>".contains(c))?;
    Some(Invalid::new(
        format!(
            "{} contains {character}, as if something was not filled in",
            quoted(text)
        ),
        "write the value itself: mcpset does not expand variables",
    ))
}

/// Whether the first part of an image's name is a host: it has a `.` or `:`, or is `localhost`.
///
/// Docker also takes a part with upper case for a host. Here `MyTeam/app` is a mistake in the
/// path, since no registry is called `MyTeam`.
pub(super) fn is_host(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost"
}

/// Checks `host[:port]`: a DNS name, an IPv4 address, or an IPv6 address in brackets.
pub(super) fn check_host(text: &str) -> Result<(), Invalid> {
    let authority = Authority::parse(text)?;
    if authority.is_ipv6() {
        return Ok(());
    }
    let host = authority.host;
    let help = "use a host such as `123456789012.dkr.ecr.us-east-1.amazonaws.com`";
    let is_host_char = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if let Some(character) = offender(host, is_host_char) {
        return Err(Invalid::new(
            format!("the registry {} contains {character}", quoted(host)),
            help,
        ));
    }
    let is_label =
        |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    if host.split('.').all(is_label) {
        return Ok(());
    }
    Err(Invalid::new(
        format!(
            "the registry {} has a part that is empty or starts or ends with `-`",
            quoted(host)
        ),
        help,
    ))
}

/// Checks the path of an image: parts of lower-case letters and digits, joined inside by one
/// `.`, one or two `_`, or any number of `-`.
pub(super) fn check_path(path: &str) -> Result<(), Invalid> {
    if path.split('/').any(str::is_empty) {
        return Err(Invalid::new(
            "the path has an empty part",
            "put one name between two slashes, such as `team/mcp-github`",
        ));
    }
    if path.contains(|c: char| c.is_ascii_uppercase())
        && let Some(character) = offender(path, |c| !c.is_ascii_uppercase())
    {
        return Err(Invalid::new(
            format!("the path {} contains {character}", quoted(path)),
            format!("use lower case: {}", quoted(&path.to_ascii_lowercase())),
        ));
    }
    let help = "use lower-case letters and digits, with `.`, `_`, `__` or `-` between them, such as `team/mcp-github`";
    let is_path_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    if let Some(character) = offender(path, is_path_char) {
        let problem = format!("the path {} contains {character}", quoted(path));
        return Err(Invalid::new(problem, help));
    }
    match path.split('/').find(|part| !is_path_part(part)) {
        Some(part) => Err(Invalid::new(
            format!(
                "{} in the path has a separator at an end or several in a row",
                quoted(part)
            ),
            help,
        )),
        None => Ok(()),
    }
}

/// `[a-z0-9]+((?:[._]|__|[-]+)[a-z0-9]+)*`, the characters being known to fit.
fn is_path_part(part: &str) -> bool {
    let is_separator = |c: char| matches!(c, '.' | '_' | '-');
    let separators = part
        .split(|c: char| !is_separator(c))
        .filter(|run| !run.is_empty());
    let allowed = |run: &str| matches!(run, "." | "_" | "__") || run.chars().all(|c| c == '-');
    !part.starts_with(is_separator)
        && !part.ends_with(is_separator)
        && separators.into_iter().all(allowed)
}

/// `[\w][\w.-]{0,127}`.
pub(super) fn check_tag(tag: &str) -> Result<(), Invalid> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let problem = if tag.is_empty() {
        "the tag behind `:` is empty".to_owned()
    } else if let Some(character) = offender(tag, |c| is_word(c) || c == '.' || c == '-') {
        format!("the tag {} contains {character}", quoted(tag))
    } else if tag.starts_with(['.', '-']) {
        format!("the tag {} starts with `.` or `-`", quoted(tag))
    } else if let Some(problem) = too_long(tag, TAG_MAX) {
        format!("the tag {problem}")
    } else {
        return Ok(());
    };
    Err(Invalid::new(
        problem,
        "use letters, digits, `_`, `.` and `-`, such as `1.4.2`",
    ))
}

pub(super) fn check_digest(digest: &str) -> Result<(), Invalid> {
    let help = "use the digest that the registry shows: `sha256:` and 64 hexadecimal digits";
    let refused = |problem: String| Err(Invalid::new(problem, help));
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return refused(format!("the digest {} has no algorithm", quoted(digest)));
    };
    let known = DIGEST_ALGORITHMS
        .iter()
        .find(|(name, _)| *name == algorithm);
    let Some((_, digits)) = known else {
        let shown = quoted(algorithm);
        return refused(format!(
            "the digest's algorithm {shown} is not `sha256` or `sha512`"
        ));
    };
    if let Some(character) = offender(hex, |c| matches!(c, '0'..='9' | 'a'..='f')) {
        return refused(format!(
            "the {algorithm} digest contains {character}, no lower-case hexadecimal digit"
        ));
    }
    match hex.len() {
        length if length == *digits => Ok(()),
        length => refused(format!(
            "the {algorithm} digest has {length} digits, not {digits}"
        )),
    }
}

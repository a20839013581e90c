//! Where a volume is mounted inside a container.

use smol_str::SmolStr;

use super::invalid::Invalid;
use super::text::CleanText;
use super::wording::{offender, quoted, too_long};

/// Characters in a path at most (Linux `PATH_MAX`, without the closing zero byte).
pub const MOUNT_PATH_MAX: usize = 4095;

/// Where a volume is mounted: an absolute, normalised path that is not `/`.
///
/// At most 4095 characters; no `:` (Kubernetes refuses it), no `.` or `..` as a part, no empty
/// part, no control character. Example: `/etc/mcp`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MountPath(SmolStr);
text_value!(MountPath.0);

impl MountPath {
    /// Reads a mount path.
    ///
    /// # Errors
    /// Says what keeps the text from being an absolute, normalised path; the help shows the
    /// normalised form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        let invalid = |problem, help: &str| Err(Invalid::new(problem, help));
        let Some(inside) = text.strip_prefix('/') else {
            return invalid(
                format!("{shown} is not an absolute path"),
                "start it with `/`, such as `/tmp`",
            );
        };
        if let Some(character) = offender(text, |c| c != ':' && !c.is_control()) {
            return invalid(
                format!("{shown} contains {character}"),
                "leave it out, as in `/etc/mcp`",
            );
        }
        CleanText::parse(text)?;
        if let Some(problem) = too_long(text, MOUNT_PATH_MAX) {
            return invalid(problem, "use a shorter path");
        }
        if inside.split('/').any(|part| part == "..") {
            return invalid(
                format!("{shown} contains `..`"),
                "write the path that it leads to",
            );
        }
        let parts: Vec<&str> = inside
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        if parts.is_empty() {
            return invalid(
                format!("{shown} would hide the whole image"),
                "mount a directory below it, such as `/tmp`",
            );
        }
        let normalised = format!("/{}", parts.join("/"));
        if normalised != text {
            return invalid(
                format!("{shown} is not normalised"),
                &format!("write {}", quoted(&normalised)),
            );
        }
        Ok(Self(normalised.into()))
    }

    /// Whether this path is `other` or lies below it: what a mount at `other` would hide.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(other.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn paths_are_absolute_and_normalised() {
        for good in [
            "/tmp",
            "/etc/mcp",
            "/a b",
            "/..a/.b",
            "/é",
            &format!("/{}", "a".repeat(4094)),
        ] {
            assert_eq!(MountPath::parse(good).unwrap().as_str(), good);
        }
        let bad = [
            (
                "",
                "`` is not an absolute path",
                "start it with `/`, such as `/tmp`",
            ),
            (
                "tmp",
                "`tmp` is not an absolute path",
                "start it with `/`, such as `/tmp`",
            ),
            (
                "/",
                "`/` would hide the whole image",
                "mount a directory below it, such as `/tmp`",
            ),
            (
                "//",
                "`//` would hide the whole image",
                "mount a directory below it, such as `/tmp`",
            ),
            ("/tmp/", "`/tmp/` is not normalised", "write `/tmp`"),
            ("/a//b", "`/a//b` is not normalised", "write `/a/b`"),
            ("/a/./b", "`/a/./b` is not normalised", "write `/a/b`"),
            (
                "/a/../b",
                "`/a/../b` contains `..`",
                "write the path that it leads to",
            ),
            (
                "/a:ro",
                "`/a:ro` contains `:` (character 3)",
                "leave it out, as in `/etc/mcp`",
            ),
            (
                "/a\0",
                "`/a\\u{0}` contains `\\u{0}` (character 3)",
                "leave it out, as in `/etc/mcp`",
            ),
        ];
        for (text, problem, help) in bad {
            assert_eq!(MountPath::parse(text), Err(Invalid::new(problem, help)));
        }
        MountPath::parse(&format!("/{}", "a".repeat(4095))).unwrap_err();
    }

    #[test]
    fn within_counts_whole_parts() {
        for (inner, outer, within) in [
            ("/tmp", "/tmp", true),
            ("/tmp/a", "/tmp", true),
            ("/tmpfiles", "/tmp", false),
            ("/tmp", "/tmp/a", false),
        ] {
            let path = |text| MountPath::parse(text).unwrap();
            assert_eq!(
                path(inner).is_within(&path(outer)),
                within,
                "{inner} {outer}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "[/.:a]{0,12}") {
            let _ = (MountPath::parse(&text), MountPath::parse(&near));
        }
    }
}

//! Image references as written: name, tag, digest, each of the last two if given.

use std::fmt;

use super::IMAGE_NAME_MAX;
use super::grammar::{check_digest, check_host, check_path, check_tag, is_host, not_a_reference};
use super::registry::{DOCKER_HUB, DOCKER_HUB_OFFICIAL, RegistryPrefix, canonical_host};
use crate::model::invalid::Invalid;
use crate::model::wording::{quoted, too_long};

/// Hexadecimal digits of an image id, which is no name.
const IMAGE_ID_DIGITS: usize = 64;

/// Where an image is, without saying which build: `[registry/]repository`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageName {
    registry: Option<String>,
    repository: String,
}
displayed_value!(ImageName);

impl ImageName {
    /// Reads `[registry/]repository`; the reference has been checked for spaces and schemes.
    fn parse(text: &str) -> Result<Self, Invalid> {
        let (registry, repository) = match text.split_once('/') {
            Some((first, rest)) if is_host(first) => (Some(first), rest),
            _ => (None, text),
        };
        if let Some(registry) = registry {
            check_host(registry)?;
        }
        check_path(repository)?;
        let is_image_id =
            text.len() == IMAGE_ID_DIGITS && text.chars().all(|c| c.is_ascii_hexdigit());
        if is_image_id {
            return Err(Invalid::new(
                format!("{} is an image id, not a name", quoted(text)),
                "use the image's name and tag, such as `mcp-github:1.4.2`",
            ));
        }
        let name = Self {
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
        };
        name.within_limit()
    }

    /// The registry's host, with its port where one was given.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The path within the registry, such as `team/mcp-github`.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// This name behind `prefix`; unchanged where it already has a registry.
    ///
    /// # Errors
    /// Refuses a name that gets longer than 255 characters.
    pub fn with_registry(self, prefix: &RegistryPrefix) -> Result<Self, Invalid> {
        if self.registry.is_some() {
            return Ok(self);
        }
        let repository = match prefix.path() {
            Some(path) => format!("{path}/{}", self.repository),
            None => self.repository,
        };
        let name = Self {
            registry: Some(prefix.host().to_owned()),
            repository,
        };
        name.within_limit()
    }

    /// This name with its host, spelled in the one way that policies compare: in lower case, and
    /// Docker Hub's where none is written.
    ///
    /// # Errors
    /// Refuses a name that gets longer than 255 characters.
    pub fn canonical(self) -> Result<Self, Invalid> {
        let host = canonical_host(self.registry.as_deref().unwrap_or(DOCKER_HUB));
        let is_official = host == DOCKER_HUB && !self.repository.contains('/');
        let name = Self {
            repository: if is_official {
                format!("{DOCKER_HUB_OFFICIAL}/{}", self.repository)
            } else {
                self.repository
            },
            registry: Some(host),
        };
        name.within_limit()
    }

    fn within_limit(self) -> Result<Self, Invalid> {
        match too_long(&self.to_string(), IMAGE_NAME_MAX) {
            Some(problem) => Err(Invalid::new(problem, "use a shorter repository path")),
            None => Ok(self),
        }
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(registry) = &self.registry {
            write!(f, "{registry}/")?;
        }
        f.write_str(&self.repository)
    }
}

/// An image reference: `[registry/]repository[:tag][@digest]`.
///
/// Registry and repository together have at most 255 characters; a tag has at most 128 letters,
/// digits, `_`, `.` and `-`, not starting with `.` or `-`; a digest is `sha256:` or `sha512:` and
/// lower-case hexadecimal digits. Example: `ghcr.io/team/mcp-github:1.4.2`.
/// Source: the distribution project's reference grammar.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageReference {
    name: ImageName,
    tag: Option<String>,
    digest: Option<String>,
}
displayed_value!(ImageReference);

impl ImageReference {
    /// Reads a reference.
    ///
    /// # Errors
    /// Says which part is wrong and why: a scheme, white space, a placeholder, upper case in the
    /// path, a trailing slash, a bad host, tag or digest.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(invalid) = not_a_reference(text) {
            return Err(invalid);
        }
        let (tagged, digest) = match text.split_once('@') {
            Some((tagged, digest)) => (tagged, Some(digest)),
            None => (text, None),
        };
        let (name, tag) = split_tag(tagged);
        let name = ImageName::parse(name)?;
        if let Some(tag) = tag {
            check_tag(tag)?;
        }
        if let Some(digest) = digest {
            check_digest(digest)?;
        }
        Ok(Self {
            name,
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// Registry and repository.
    #[must_use]
    pub fn name(&self) -> &ImageName {
        &self.name
    }

    /// The tag, such as `1.4.2`.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest with its algorithm, such as `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// This reference behind `prefix`; unchanged where it already has a registry.
    ///
    /// # Errors
    /// As [`ImageName::with_registry`].
    pub fn with_registry(self, prefix: &RegistryPrefix) -> Result<Self, Invalid> {
        let name = self.name.with_registry(prefix)?;
        Ok(Self { name, ..self })
    }

    pub(super) fn into_parts(self) -> (ImageName, Option<String>, Option<String>) {
        (self.name, self.tag, self.digest)
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The tag stands behind the last `:`, unless a `/` follows: then that is a port.
fn split_tag(tagged: &str) -> (&str, Option<&str>) {
    let path_start = tagged.rfind('/').unwrap_or(0);
    let colon = tagged.rfind(':').filter(|colon| *colon >= path_start);
    match colon.and_then(|colon| tagged.split_at_checked(colon)) {
        Some((name, tag)) => (name, tag.strip_prefix(':')),
        None => (tagged, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHA256: &str = "sha256:86e0e091d0da6bde2456dbb48306f3956bbeb2eae1b5b9a43045843f69fe4aaa";

    fn parts(text: &str) -> (Option<String>, String, Option<String>, Option<String>) {
        let reference = ImageReference::parse(text).unwrap();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let name = reference.name();
        (
            owned(name.registry()),
            name.repository().to_owned(),
            owned(reference.tag()),
            owned(reference.digest()),
        )
    }

    #[test]
    fn a_reference_gives_its_parts() {
        let with_digest = format!("test:5000/repo:tag@{SHA256}");
        let cases = [
            ("test_com", None, "test_com", None, None),
            ("test.com:5000", None, "test.com", Some("5000"), None),
            (
                "test.com/repo:tag",
                Some("test.com"),
                "repo",
                Some("tag"),
                None,
            ),
            ("test:5000/repo", Some("test:5000"), "repo", None, None),
            ("localhost/repo", Some("localhost"), "repo", None, None),
            ("foo/bar", None, "foo/bar", None, None),
            ("REGISTRY.io/a", Some("REGISTRY.io"), "a", None, None),
            (
                "lower:UPPER_1.x-y",
                None,
                "lower",
                Some("UPPER_1.x-y"),
                None,
            ),
            (
                "192.168.1.1:5000/repo:5050",
                Some("192.168.1.1:5000"),
                "repo",
                Some("5050"),
                None,
            ),
            (
                "[2001:db8::1]:5000/repo:tag",
                Some("[2001:db8::1]:5000"),
                "repo",
                Some("tag"),
                None,
            ),
            ("[::1]/a", Some("[::1]"), "a", None, None),
            (
                "a/dock__er/b---c/d.e_f",
                None,
                "a/dock__er/b---c/d.e_f",
                None,
                None,
            ),
            (
                with_digest.as_str(),
                Some("test:5000"),
                "repo",
                Some("tag"),
                Some(SHA256),
            ),
        ];
        for (text, registry, repository, tag, digest) in cases {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let expected = (
                owned(registry),
                repository.to_owned(),
                owned(tag),
                owned(digest),
            );
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let cases = [
            ("", "the image is empty"),
            (
                "https://ghcr.io/a:1",
                "`https://ghcr.io/a:1` starts with the scheme `https://`",
            ),
            ("a b", "`a b` contains a space (character 2)"),
            ("a:1\n", "`a:1\\u{a}` contains a line break (character 4)"),
            ("a:1\u{a0}", "`a:1\u{a0}` contains `\u{a0}` (character 4)"),
            (
                "ACCOUNT_ID.dkr.ecr.us-east-1.amazonaws.com/a:1",
                "`ACCOUNT_ID` is a placeholder",
            ),
            (
                "${REGISTRY}/a:1",
                "`${REGISTRY}/a:1` contains `$` (character 1), as if something was not filled in",
            ),
            ("ghcr.io/a/", "`ghcr.io/a/` ends with `/`"),
            ("/a:1", "the path has an empty part"),
            (":1", "the path has an empty part"),
            ("a//b", "the path has an empty part"),
            ("ghcr.io/:1", "the path has an empty part"),
            (
                "MyTeam/app:1",
                "the path `MyTeam/app` contains `M` (character 1)",
            ),
            (
                "ghcr.io/team/App:1",
                "the path `team/App` contains `A` (character 6)",
            ),
            (
                "a$b",
                "`a$b` contains `$` (character 2), as if something was not filled in",
            ),
            ("ä/b", "the path `ä/b` contains `ä` (character 1)"),
            (
                "-a",
                "`-a` in the path has a separator at an end or several in a row",
            ),
            (
                "a/b-",
                "`b-` in the path has a separator at an end or several in a row",
            ),
            (
                "dock..er",
                "`dock..er` in the path has a separator at an end or several in a row",
            ),
            (
                "dock_.er",
                "`dock_.er` in the path has a separator at an end or several in a row",
            ),
            (
                "a___b",
                "`a___b` in the path has a separator at an end or several in a row",
            ),
            ("a:", "the tag behind `:` is empty"),
            ("a:-1", "the tag `-1` starts with `.` or `-`"),
            ("a:1+2", "the tag `1+2` contains `+` (character 2)"),
            ("a:1:2", "the path `a:1` contains `:` (character 2)"),
            ("a@", "the digest `` has no algorithm"),
            ("a@sha256", "the digest `sha256` has no algorithm"),
            (
                "a@md5:d41d8cd98f00b204e9800998ecf8427e",
                "the digest's algorithm `md5` is not `sha256` or `sha512`",
            ),
            ("a@sha256:ff", "the sha256 digest has 2 digits, not 64"),
            (
                "a@sha256:FF",
                "the sha256 digest contains `F` (character 1), no lower-case hexadecimal digit",
            ),
            ("a@b@c", "the digest `b@c` has no algorithm"),
            ("registry.io:x/a", "`x` is not a port"),
            (
                "foo_bar.com/a",
                "the registry `foo_bar.com` contains `_` (character 4)",
            ),
            (
                "[fe80::1%eth0]/a",
                "`[fe80::1%eth0]` is not an IPv6 address in brackets",
            ),
            ("[::1]", "the path `[:` contains `[` (character 1)"),
            (
                "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a",
                "`1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a` is an image id, not a name",
            ),
        ];
        for (text, problem) in cases {
            assert_eq!(ImageReference::parse(text).unwrap_err().problem, problem);
        }
    }

    #[test]
    fn lengths_are_limited() {
        ImageReference::parse(&format!("{}a:{}", "a/".repeat(127), "t".repeat(128))).unwrap();
        ImageReference::parse(&format!("{}a:1", "a/".repeat(128))).unwrap_err();
        ImageReference::parse(&format!("a:{}", "t".repeat(129))).unwrap_err();
        ImageReference::parse(&format!("a@sha512:{}", "0".repeat(128))).unwrap();
        ImageReference::parse(&format!("a@sha512:{}", "0".repeat(64))).unwrap_err();
    }

    #[test]
    fn a_registry_goes_in_front_of_names_without_one() {
        let prefix = RegistryPrefix::parse("ghcr.io/team").unwrap();
        for (image, expected) in [
            ("mcp-github:1", "ghcr.io/team/mcp-github:1"),
            ("a/b:1", "ghcr.io/team/a/b:1"),
            ("quay.io/b:1", "quay.io/b:1"),
        ] {
            let image = ImageReference::parse(image).unwrap();
            assert_eq!(image.with_registry(&prefix).unwrap().to_string(), expected);
        }
        let long = ImageReference::parse(&format!("{}:1", "a".repeat(250))).unwrap();
        long.with_registry(&prefix).unwrap_err();
    }

    proptest! {
        #[test]
        fn what_is_displayed_reads_back_the_same(
            host in "([a-z]{1,4}(\\.[a-zA-Z]{1,3}){1,2}(:[1-9][0-9]{0,3})?/)?",
            path in "[a-z0-9]{1,3}((__?|-{1,3}|/)[a-z0-9]{1,3}){0,4}(/[a-z0-9]{1,3}\\.[a-z0-9]{1,3})?",
            tag in "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,9})?",
            digest in "(@sha256:[0-9a-f]{64})?",
        ) {
            let text = format!("{host}{path}{tag}{digest}");
            let reference = ImageReference::parse(&text).unwrap();
            prop_assert_eq!(reference.to_string(), text.as_str());
            prop_assert_eq!(ImageReference::parse(&reference.to_string()), Ok(reference));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in r"[\[\]a-zA-Z0-9._:/@-]{0,24}") {
            for text in [text, near] {
                if let Ok(reference) = ImageReference::parse(&text) {
                    prop_assert_eq!(reference.to_string(), text);
                }
            }
        }
    }
}

//! The prefixes by which registries are approved and put in front of image names.

use std::fmt;

use super::IMAGE_NAME_MAX;
use super::grammar::{check_host, check_path, is_host, placeholder};
use super::reference::ImageName;
use crate::model::invalid::Invalid;
use crate::model::wording::{quoted, too_long};

/// Docker Hub, where an image without a host comes from.
pub(super) const DOCKER_HUB: &str = "docker.io";
/// Docker Hub's former name, still in use.
const DOCKER_HUB_LEGACY: &str = "index.docker.io";
/// Where Docker Hub keeps images whose name is a single word.
pub(super) const DOCKER_HUB_OFFICIAL: &str = "library";

/// An approved registry, or a part of one: `host[:port][/path…]`.
///
/// Covers an image when its own parts are the image's first parts, whole part by whole part; an
/// image without a host counts as Docker Hub's. One `/` at the end is dropped. At most 255
/// characters. Examples: `123456789012.dkr.ecr.us-east-1.amazonaws.com`, `ghcr.io/my-org`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistryPrefix {
    host: String,
    path: Option<String>,
}
displayed_value!(RegistryPrefix);

impl RegistryPrefix {
    /// Reads a prefix.
    ///
    /// # Errors
    /// Says what is wrong: a URL, a wildcard, a tag or digest, a placeholder, no host, or the
    /// part that breaks the grammar of image names.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let help = "use a host, with a path where needed, such as `123456789012.dkr.ecr.us-east-1.amazonaws.com`";
        let shown = quoted(text);
        let refused = |problem: String| Err(Invalid::new(problem, help));
        if let Some(invalid) = placeholder(text) {
            return Err(invalid);
        }
        if text.is_empty() {
            return refused("the registry is empty".to_owned());
        }
        if let Some((_, rest)) = text.split_once("://") {
            return Err(Invalid::new(
                format!("{shown} has a scheme"),
                format!("leave the scheme out: {}", quoted(rest)),
            ));
        }
        if text.contains('*') {
            return Err(Invalid::new(
                format!("{shown} has a wildcard"),
                "leave the wildcard out: a registry, or a path in it, covers all that is below; name each registry, such as `123456789012.dkr.ecr.us-east-1.amazonaws.com`",
            ));
        }
        if let Some((before, after)) = text.split_once('@') {
            if !before.contains('/') && !after.starts_with("sha") {
                return Err(Invalid::new(
                    "the registry holds `@`, as if a user or password stood before it",
                    "leave them out: pods pull with the node's rights, or with `imagePullSecrets`",
                ));
            }
            return Err(Invalid::new(
                format!("{shown} has a digest"),
                format!("leave the digest out: {}", quoted(before)),
            ));
        }
        let (host, path) = match text.strip_suffix('/').unwrap_or(text).split_once('/') {
            Some((host, path)) => (host, Some(path)),
            None => (text.strip_suffix('/').unwrap_or(text), None),
        };
        if !is_host(host) {
            return refused(format!("{shown} does not start with a registry's host"));
        }
        check_host(host)?;
        if let Some(path) = path {
            if let Some((before, _)) = path.split_once(':') {
                return Err(Invalid::new(
                    format!("{shown} has a tag"),
                    format!("leave the tag out: {}", quoted(&format!("{host}/{before}"))),
                ));
            }
            check_path(path)?;
        }
        match too_long(text, IMAGE_NAME_MAX) {
            Some(problem) => refused(problem),
            None => Ok(Self {
                host: host.to_owned(),
                path: path.map(str::to_owned),
            }),
        }
    }

    /// This prefix as Gatekeeper, which compares letter by letter, finds it in canonical images.
    #[must_use]
    pub fn canonical(self) -> Self {
        Self {
            host: canonical_host(&self.host),
            ..self
        }
    }

    /// The host, with its port where one was given.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The path behind the host.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Whether `image` comes from here.
    ///
    /// `registry.io/team` covers `registry.io/team/app`, but neither `registry.io/teams/app` nor
    /// `registry.io.evil.io/team/app`.
    #[must_use]
    pub fn covers(&self, image: &ImageName) -> bool {
        if canonical_host(&self.host) != canonical_host(image.registry().unwrap_or(DOCKER_HUB)) {
            return false;
        }
        let on_docker_hub = canonical_host(&self.host) == DOCKER_HUB;
        let is_official = on_docker_hub && !image.repository().contains('/');
        let official = is_official.then_some(DOCKER_HUB_OFFICIAL);
        let mut image_parts = official.into_iter().chain(image.repository().split('/'));
        self.path
            .iter()
            .flat_map(|path| path.split('/'))
            .all(|part| image_parts.next() == Some(part))
    }
}

impl RegistryPrefix {
    /// What the names of its images begin with, for policies that compare letter by letter:
    /// `…amazonaws.com.evil.io/x` must not pass for `…amazonaws.com`. A prefix with a path may be a
    /// whole repository, whose images have a tag or digest behind it.
    #[must_use]
    pub fn letters(&self) -> Vec<String> {
        let ends: &[char] = match self.path() {
            Some(_) => &['/', ':', '@'],
            None => &['/'],
        };
        ends.iter().map(|end| format!("{self}{end}")).collect()
    }
}

impl fmt::Display for RegistryPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        match &self.path {
            Some(path) => write!(f, "/{path}"),
            None => Ok(()),
        }
    }
}

/// Host names know no upper case, and Docker Hub has two.
pub(super) fn canonical_host(host: &str) -> String {
    match host.to_ascii_lowercase().as_str() {
        DOCKER_HUB_LEGACY => DOCKER_HUB.to_owned(),
        lower => lower.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::image::ImageReference;
    use proptest::prelude::*;

    const ECR: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

    #[test]
    fn a_prefix_is_a_host_with_an_optional_path() {
        for good in [
            ECR,
            "localhost:5000",
            "ghcr.io/my-org/a",
            "[::1]:5000/x",
            "10.0.0.1:80",
            "Registry.IO",
        ] {
            assert_eq!(RegistryPrefix::parse(good).unwrap().to_string(), good);
        }
        assert_eq!(
            RegistryPrefix::parse("ghcr.io/").unwrap().to_string(),
            "ghcr.io"
        );
        let bad = [
            ("", "the registry is empty"),
            ("/", "`/` does not start with a registry's host"),
            ("my-org", "`my-org` does not start with a registry's host"),
            ("https://ghcr.io", "`https://ghcr.io` has a scheme"),
            (
                "*.dkr.ecr.us-east-1.amazonaws.com",
                "`*.dkr.ecr.us-east-1.amazonaws.com` has a wildcard",
            ),
            ("ghcr.io/a:1", "`ghcr.io/a:1` has a tag"),
            ("ghcr.io/a@sha256:0", "`ghcr.io/a@sha256:0` has a digest"),
            (
                "ACCOUNT_ID.dkr.ecr.us-east-1.amazonaws.com",
                "`ACCOUNT_ID` is a placeholder",
            ),
            ("ghcr.io:x", "`x` is not a port"),
            ("ghcr.io:", "`` is not a port"),
            ("a_b.io", "the registry `a_b.io` contains `_` (character 2)"),
            (
                "-a.io",
                "the registry `-a.io` has a part that is empty or starts or ends with `-`",
            ),
            (
                "ghcr..io",
                "the registry `ghcr..io` has a part that is empty or starts or ends with `-`",
            ),
            ("[::g]", "`[::g]` is not an IPv6 address in brackets"),
            ("fd00::1/x", "`fd00::1` is not an IPv6 address in brackets"),
            ("ghcr.io//", "the path has an empty part"),
            (
                "ghcr.io/My-Org",
                "the path `My-Org` contains `M` (character 1)",
            ),
        ];
        for (text, problem) in bad {
            assert_eq!(RegistryPrefix::parse(text).unwrap_err().problem, problem);
        }
    }

    #[test]
    fn covering_compares_whole_parts() {
        let evil = format!("{ECR}.evil.io/x");
        let evil_port = format!("{ECR}:8443/x");
        let own = format!("{ECR}/team/app");
        for (prefix, image, covers) in [
            (ECR, own.as_str(), true),
            (ECR, &evil, false),
            (ECR, &evil_port, false),
            (ECR, "team/app", false),
            ("ghcr.io/team", "ghcr.io/team/app", true),
            ("ghcr.io/team", "ghcr.io/team", true),
            ("ghcr.io/team", "ghcr.io/teams/app", false),
            ("ghcr.io/team", "ghcr.io/other/team", false),
            ("ghcr.io/team/app", "ghcr.io/team", false),
            ("GHCR.io", "ghcr.IO/team/app", true),
            ("docker.io", "nginx", true),
            ("docker.io/library", "nginx", true),
            ("docker.io/library", "index.docker.io/nginx", true),
            ("index.docker.io/library", "docker.io/library/nginx", true),
            ("docker.io/library", "bitnami/nginx", false),
            ("docker.io/bitnami", "bitnami/nginx", true),
            ("docker.io", "docker.io.evil.io/nginx", false),
            ("ghcr.io/library", "ghcr.io/nginx", false),
        ] {
            let image = ImageReference::parse(&format!("{image}:1")).unwrap();
            let prefix = RegistryPrefix::parse(prefix).unwrap();
            assert_eq!(prefix.covers(image.name()), covers, "{prefix} {image}");
        }
    }

    proptest! {
        #[test]
        fn no_longer_host_is_covered(tail in "[a-z0-9.-]{1,12}") {
            let prefix = RegistryPrefix::parse(ECR).unwrap();
            if let Ok(image) = ImageReference::parse(&format!("{ECR}{tail}/app:1")) {
                prop_assert!(!prefix.covers(image.name()), "{image}");
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>(), near in r"[\[\]a-zA-Z0-9.:/@-]{0,24}") {
            let _ = (RegistryPrefix::parse(&text), RegistryPrefix::parse(&near));
        }
    }
}

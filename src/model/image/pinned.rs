//! Images that name one build: what a server may run.

use std::fmt;

use super::reference::{ImageName, ImageReference};
use super::registry::RegistryPrefix;
use crate::model::invalid::Invalid;
use crate::model::wording::quoted;

/// The tag that moves with every push.
const LATEST: &str = "latest";

/// An image with a tag that is not `latest`, and with a digest if one was given.
///
/// Stricter than Gatekeeper's `K8sDisallowedTags`, which compares the end of the text: here
/// `latest` is refused in any case of letters, and also before a digest, since people read the
/// tag. A digest alone is refused as well: nobody can tell which version it is. Tags that merely
/// contain the word, such as `latest-alpine`, pass as they do there.
/// Example: `mcp-github:1.4.2@sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PinnedImage {
    name: ImageName,
    tag: String,
    digest: Option<String>,
}
displayed_value!(PinnedImage);

impl PinnedImage {
    /// Reads an image.
    ///
    /// # Errors
    /// As [`ImageReference::parse`]; also for no tag, the tag `latest`, and a digest without a
    /// tag.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (name, tag, digest) = ImageReference::parse(text)?.into_parts();
        match (tag, digest) {
            (None, None) => Err(Invalid::new(
                format!("{} has no tag", quoted(text)),
                format!(
                    "add a fixed version, such as {}",
                    quoted(&format!("{name}:1.4.2"))
                ),
            )),
            (None, Some(_)) => Err(Invalid::new(
                "the image has a digest but no tag",
                format!(
                    "add the tag that the digest was built from and keep the digest, such as {}",
                    quoted(&format!("{name}:1.4.2@sha256:…"))
                ),
            )),
            (Some(tag), None) if tag.eq_ignore_ascii_case(LATEST) => Err(Invalid::new(
                format!("{} is not a fixed version", quoted(&tag)),
                "use a tag such as `1.4.2`, best with the build's digest behind it",
            )),
            (Some(tag), Some(_)) if tag.eq_ignore_ascii_case(LATEST) => Err(Invalid::new(
                format!(
                    "the tag {} before the digest is not a fixed version",
                    quoted(&tag)
                ),
                "keep the digest, and replace the tag by the version that it was built from, such as `1.4.2`",
            )),
            (Some(tag), digest) => Ok(Self { name, tag, digest }),
        }
    }

    /// Registry and repository.
    #[must_use]
    pub fn name(&self) -> &ImageName {
        &self.name
    }

    /// The tag, such as `1.4.2`.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The digest with its algorithm, such as `sha256:…`.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// This image behind `prefix`; unchanged where it already has a registry.
    ///
    /// # Errors
    /// As [`ImageName::with_registry`].
    pub fn with_registry(self, prefix: &RegistryPrefix) -> Result<Self, Invalid> {
        let name = self.name.with_registry(prefix)?;
        Ok(Self { name, ..self })
    }

    /// This image with its name spelled as policies compare it.
    ///
    /// # Errors
    /// As [`ImageName::canonical`].
    pub fn canonical(self) -> Result<Self, Invalid> {
        let name = self.name.canonical()?;
        Ok(Self { name, ..self })
    }
}

impl fmt::Display for PinnedImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.tag)?;
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DIGEST: &str = "sha256:86e0e091d0da6bde2456dbb48306f3956bbeb2eae1b5b9a43045843f69fe4aaa";

    #[test]
    fn a_fixed_tag_is_enough_and_a_digest_is_kept() {
        let image = PinnedImage::parse("ghcr.io/team/app:1.4.2").unwrap();
        assert_eq!((image.tag(), image.digest()), ("1.4.2", None));
        assert_eq!(image.name().to_string(), "ghcr.io/team/app");
        let text = format!("app:1.4.2@{DIGEST}");
        let image = PinnedImage::parse(&text).unwrap();
        assert_eq!((image.tag(), image.digest()), ("1.4.2", Some(DIGEST)));
        assert_eq!(image.to_string(), text);
        for tag in ["latest-alpine", "1.0-latest", "5000"] {
            assert_eq!(
                PinnedImage::parse(&format!("app:{tag}")).unwrap().tag(),
                tag
            );
        }
    }

    #[test]
    fn moving_images_are_refused_each_with_its_own_message() {
        let digest_alone = format!("app@{DIGEST}");
        let latest_digest = format!("app:latest@{DIGEST}");
        let cases = [
            (
                "app",
                "`app` has no tag",
                "add a fixed version, such as `app:1.4.2`",
            ),
            (
                "registry.io:5000/app",
                "`registry.io:5000/app` has no tag",
                "add a fixed version, such as `registry.io:5000/app:1.4.2`",
            ),
            (
                "app:latest",
                "`latest` is not a fixed version",
                "use a tag such as `1.4.2`, best with the build's digest behind it",
            ),
            (
                "app:Latest",
                "`Latest` is not a fixed version",
                "use a tag such as `1.4.2`, best with the build's digest behind it",
            ),
            (
                &latest_digest,
                "the tag `latest` before the digest is not a fixed version",
                "keep the digest, and replace the tag by the version that it was built from, such as `1.4.2`",
            ),
            (
                &digest_alone,
                "the image has a digest but no tag",
                "add the tag that the digest was built from and keep the digest, such as `app:1.4.2@sha256:…`",
            ),
        ];
        for (text, problem, help) in cases {
            assert_eq!(PinnedImage::parse(text), Err(Invalid::new(problem, help)));
        }
    }

    proptest! {
        #[test]
        fn a_pinned_image_reads_back_the_same_behind_a_registry(tag in "[0-9][A-Za-z0-9_.-]{0,20}") {
            let prefix = RegistryPrefix::parse("ghcr.io/team").unwrap();
            let image = PinnedImage::parse(&format!("app:{tag}@{DIGEST}")).unwrap();
            let image = image.with_registry(&prefix).unwrap();
            prop_assert!(prefix.covers(image.name()));
            prop_assert_eq!(PinnedImage::parse(&image.to_string()), Ok(image));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = PinnedImage::parse(&text);
        }
    }
}

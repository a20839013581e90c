//! Container images: what they are called, from where they may come, and which build they name.
//!
//! The API server accepts any text as an image, and the kubelet fails later. Gatekeeper's library
//! compares text: its registry rule is fooled by a longer host name, its tag rule by a digest
//! after `latest`. Here a reference is taken apart once, by the grammar that containerd and
//! Docker use (<https://pkg.go.dev/github.com/distribution/reference>), and compared by its parts.

mod grammar;
mod pinned;
mod reference;
mod registry;

pub use pinned::PinnedImage;
pub use reference::{ImageName, ImageReference};
pub use registry::RegistryPrefix;

/// Characters in host and path together at most (distribution `NameTotalLengthMax`).
pub const IMAGE_NAME_MAX: usize = 255;
/// Characters in a tag at most (OCI distribution specification).
pub const TAG_MAX: usize = 128;

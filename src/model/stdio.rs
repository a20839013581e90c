//! What stands between HTTP and a server on standard input and output, as far as the pod shows it.

use super::PinnedImage;

/// A bridge that an image hands over, before the server's container starts.
#[derive(Debug, Clone)]
pub struct Bridge {
    /// The image.
    pub image: PinnedImage,
    /// Arguments by which its program copies itself into [`BRIDGE_FOLDER`].
    pub args: Vec<String>,
}

/// Where a bridge is handed over: read-only for the server.
pub const BRIDGE_FOLDER: &str = "/opt/mcp-bridge";
/// Name of the volume.
pub const BRIDGE_VOLUME: &str = "mcp-bridge";
/// How much a bridge may take there, in MiB.
pub const BRIDGE_LIMIT_MEBIBYTES: u64 = 256;

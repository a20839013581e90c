//! The binary that users get. Its build takes minutes, so that there is one for all tests that want it: two
//! at once would write the file that the other reads.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::{peers, root, stdout_of};

/// What `packaging/build` made.
pub struct Release {
    /// What it is built for.
    pub target: &'static str,
    /// The static binary.
    pub binary: PathBuf,
    /// What the build said.
    pub said: String,
}

static RELEASE: LazyLock<Release> = LazyLock::new(|| {
    let target = target();
    let mut build = Command::new(root().join("packaging/build"));
    let llvm_libc = peers().join("llvm-libc");
    if llvm_libc.exists() {
        build.env("LLVM_LIBC", llvm_libc);
    }
    let output = build.arg(target).current_dir(root()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let folder = root().join("target/dist/bin").join(target);
    Release {
        target,
        binary: folder.join("mcpset"),
        said,
    }
});

/// The release, which is built for the first test that asks.
pub fn release() -> &'static Release {
    &RELEASE
}

/// The target whose standard library is here: the releases' own, or the C library of this machine,
/// linked statically.
fn target() -> &'static str {
    let mut rustc = Command::new("rustc");
    let sysroot = stdout_of(rustc.args(["--print", "sysroot"]).output().unwrap());
    let has = |target: &&str| {
        let targets = Path::new(sysroot.trim()).join("lib/rustlib");
        targets.join(target).exists()
    };
    ["x86_64-unknown-linux-musl", "x86_64-unknown-linux-gnu"]
        .into_iter()
        .find(has)
        .unwrap()
}

//! The program; everything it does is in the library.

use std::process::ExitCode;

/// musl's own has one lock, for which threads would wait more than they work.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    mcpset::cli::run()
}

//! The program; everything it does is in the library.

use std::process::ExitCode;

/// musl's own takes a lock and maps pages for small things.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    mcpset::cli::run()
}

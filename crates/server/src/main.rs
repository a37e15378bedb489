//! The program `walletline`; everything is in the library.

use std::process::ExitCode;

/// A call is thousands of small allocations, many of them freed by another thread than the one that made them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    walletline::cli::main()
}

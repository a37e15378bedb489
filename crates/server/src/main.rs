//! The program `walletline`; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    walletline::cli::main()
}

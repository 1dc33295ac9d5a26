//! The program `botdocs`: runs the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    botdocs::cli::run()
}

//! `botdocs man`: prints manual pages in the format of `man`.

use anyhow::Context as _;
use clap::Args;
use clap_mangen::Man as Page;

use super::{Ending, command, message, result};
use crate::input::diagnostic::printable;

/// Prints the manual page of botdocs or of a command.
#[derive(Args)]
#[command(after_help = "\
Examples:
  botdocs man build | man -l -
  botdocs man > ~/.local/share/man/man1/botdocs.1")]
pub(super) struct Man {
    /// The command, such as `build` or `theme eject` [default: botdocs itself]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
}

impl Man {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let mut found = command();
        found.build();
        for name in &self.command {
            let Some(inner) = found.find_subcommand(name) else {
                message(&format!(
                    "error: unknown command `{}`\n`botdocs help` lists all commands\n",
                    printable(&self.command.join(" "))
                ));
                return Ok(Ending::WrongUsage);
            };
            found = inner.clone();
        }
        let mut page = Vec::new();
        let version = concat!("botdocs ", env!("CARGO_PKG_VERSION"));
        let man = Page::new(found).source(version).manual("User Commands");
        let rendered = man.render(&mut page);
        rendered.context("cannot write the manual page")?;
        result(&String::from_utf8_lossy(&page))?;
        Ok(Ending::Fine)
    }
}

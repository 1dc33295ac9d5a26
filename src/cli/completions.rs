//! `botdocs completions`: prints completion scripts for shells.

use clap::Args;
use clap_complete::Shell;

use super::{Ending, command, result};

/// Prints the completion script for a shell.
#[derive(Args)]
#[command(after_help = "\
Examples:
  botdocs completions bash > ~/.local/share/bash-completion/completions/botdocs
  botdocs completions zsh > ~/.zfunc/_botdocs        a folder of $fpath
  botdocs completions fish > ~/.config/fish/completions/botdocs.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "botdocs", &mut script);
        result(&String::from_utf8_lossy(&script))?;
        Ok(Ending::Fine)
    }
}

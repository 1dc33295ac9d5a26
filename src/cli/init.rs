//! `botdocs init`: creates a project.

use std::path::PathBuf;

use clap::Args;

use super::{Ending, message};
use crate::cli::scaffold::{self, ScaffoldError};
use crate::cli::starter;
use crate::input::diagnostic::printable_path;

/// Creates a new project.
#[derive(Args)]
#[command(after_help = "\
`botdocs build` builds the new project without a change; the comments in its files explain the \
format. If the folder exists, it must be empty or contain only `.git`.")]
pub(super) struct Init {
    /// The folder of the new project; it is created if it does not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let shown = printable_path(&self.dir);
        let files = starter::files();
        let refuse = || {
            message(&format!(
                "error: `{shown}` is not an empty folder; nothing was written\n\
                 help: name a new folder; existing files are never overwritten\n"
            ));
            Ok(Ending::WrongUsage)
        };
        if !scaffold::is_free(&self.dir)? {
            return refuse();
        }
        match scaffold::write(&self.dir, &files, false) {
            Ok(()) => {}
            Err(ScaffoldError::InTheWay(_) | ScaffoldError::Blocked(_)) => return refuse(),
            Err(ScaffoldError::Failed(error)) => return Err(error),
        }
        let mut text = format!("created a project in {shown}:\n");
        for file in &files {
            text += &format!("  {}\n", file.path);
        }
        text += "next:\n";
        if self.dir != std::path::Path::new(".") {
            text += &format!("  cd {shown}\n");
        }
        text += "  botdocs build    # then open site/index.html\n  \
                 botdocs check    # after each change: all errors, with line and help\n\
                 begin with spec/chat.yaml; its comments explain the format\n";
        message(&text);
        Ok(Ending::Fine)
    }
}

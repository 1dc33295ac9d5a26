//! `botdocs init`: a new project.

use std::path::PathBuf;

use clap::Args;

use super::{Ending, talk};
use crate::cli::scaffold::{self, ScaffoldError};
use crate::cli::starter;
use crate::input::diagnostic::printable_path;

/// Makes a new project.
#[derive(Args)]
#[command(after_help = "\
The project builds at once; the comments in its files teach the format. A folder that holds \
anything but `.git` is refused.")]
pub(super) struct Init {
    /// The folder of the new project; it is made if it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let shown = printable_path(&self.dir);
        let files = starter::files();
        let refuse = || {
            talk(&format!(
                "error: `{shown}` is not an empty folder; nothing was written\n\
                 help: name a new folder; a file of yours is never overwritten\n"
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
        let mut said = format!("a new project in {shown}:\n");
        for file in &files {
            said += &format!("  {}\n", file.path);
        }
        said += "next:\n";
        if self.dir != std::path::Path::new(".") {
            said += &format!("  cd {shown}\n");
        }
        said += "  botdocs build    # then open site/index.html\n  \
                 botdocs check    # after each change: every mistake, with line and help\n\
                 begin with spec/chat.yaml; its comments say what it can do\n";
        talk(&said);
        Ok(Ending::Fine)
    }
}

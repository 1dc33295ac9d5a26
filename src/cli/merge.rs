//! `botdocs merge`: joins the parts of a site that several machines built.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Ending, count, message, refused};
use crate::input::diagnostic::printable_path;
use crate::output;

/// Joins the parts of a site that `build --shard` wrote into a new folder.
#[derive(Args)]
#[command(after_help = "\
The joined site has the same bytes as a build of all bots. `merge` refuses parts if the project or \
the list changed between their builds, if two parts contain the same bot, or if a part is missing. \
Where the file system supports it, the joined site contains links to the files of the parts, which \
need no space. Afterwards, do not edit a file of the parts or of the joined site.

Examples:
  botdocs build --bots bots.csv --shard 1/2 --out part-1    on one machine
  botdocs build --bots bots.csv --shard 2/2 --out part-2    on another
  botdocs merge part-1 part-2 --out site                    where both are")]
pub(super) struct Merge {
    /// The folders of the parts
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// The new folder to write
    #[arg(short, long, value_name = "FOLDER")]
    out: PathBuf,
    /// Read all files and refuse edited ones; without this flag, `merge` only compares sizes
    #[arg(long)]
    verify: bool,
}

impl Merge {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let parts: Vec<&Path> = self.parts.iter().map(PathBuf::as_path).collect();
        match output::merge(&parts, &self.out, self.verify) {
            Ok(summary) => {
                let (parts, files) = (count(parts.len(), "part"), count(summary.written, "file"));
                message(&format!(
                    "{parts} joined in {}: {files}\n",
                    printable_path(&self.out)
                ));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

//! `botdocs merge`: joins the parts of a site that several machines built.

use std::path::{Path, PathBuf};

use clap::Args;

use super::build::described;
use super::{Ending, count, message, refused};
use crate::input::diagnostic::printable_path;
use crate::output::{self, Leaving, Summary, WriteOptions};

/// Joins the parts of a site that `build --shard` wrote.
#[derive(Args)]
#[command(after_help = "\
The joined site has the same bytes as a build of all bots. `merge` refuses parts if the project or \
the list changed between their builds, if two parts contain the same bot, or if a part is missing.

In a new folder, the joined site contains links to the files of the parts where the file system \
supports them; these need no space. A folder that botdocs wrote is updated as by `build`: files \
that another program wrote or edited stay, and `merge` changes nothing if too many bots would lose \
their pages. Afterwards, do not edit a file of the parts or of the joined site.

Examples:
  botdocs build --bots bots.csv --shard 1/2 --out part-1    on one machine
  botdocs build --bots bots.csv --shard 2/2 --out part-2    on another
  botdocs merge part-1 part-2 --out site                    where both are")]
pub(super) struct Merge {
    /// The folders of the parts
    #[arg(required = true, value_name = "PART")]
    parts: Vec<PathBuf>,
    /// The folder to write or to update
    #[arg(short, long, value_name = "FOLDER")]
    out: PathBuf,
    /// How many bots of the folder may lose their pages: a number or `all` [default: 10, or a tenth
    /// of the bots of the folder if that is more]
    #[arg(long, value_name = "N")]
    remove_up_to: Option<Leaving>,
    /// Read all files and refuse edited ones; without this flag, `merge` only compares sizes
    #[arg(long)]
    verify: bool,
    /// Overwrite files of the folder that botdocs did not write, or that were edited
    #[arg(long)]
    force: bool,
}

impl Merge {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let parts: Vec<&Path> = self.parts.iter().map(PathBuf::as_path).collect();
        let options = WriteOptions {
            force: self.force,
            verify: self.verify,
            leaving: self.remove_up_to.unwrap_or_default(),
            ..WriteOptions::default()
        };
        match output::merge(&parts, &self.out, &options) {
            Ok(summary) => {
                let parts = count(parts.len(), "part");
                let out = printable_path(&self.out);
                let changes = match summary {
                    // In a new folder, the number of files is all there is to know.
                    Summary {
                        unchanged: 0,
                        removed: 0,
                        written,
                        ..
                    } => count(written, "file"),
                    summary => described(&summary),
                };
                message(&format!("{parts} joined in {out}: {changes}\n"));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

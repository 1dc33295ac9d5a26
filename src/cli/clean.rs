//! `botdocs clean`: deletes what `build` wrote.

use std::path::PathBuf;

use clap::Args;

use super::{Ending, ProjectFolders, count, counted, message, output_folder, refused, show, shown};
use crate::check;
use crate::input::diagnostic::{Report, printable_path};
use crate::input::load::{self, FileCache, Folders, ListChoice};
use crate::output::{self, Refusal};

/// Deletes the files that `build` wrote.
#[derive(Args)]
#[command(after_help = "\
`clean` deletes only files that the folder's manifest lists, and then the folder if it is empty. \
If one of the files was edited after the build, it deletes nothing without `--force`. It refuses a \
folder that contains files of the project, and a folder inside `spec/`, `templates/`, `static/` or `root/`.")]
pub(super) struct Clean {
    #[command(flatten)]
    project: ProjectFolders,
    /// The folder to clean [default: `output` of site.yaml, else `site`, inside the project]
    #[arg(short, long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Also delete files that were edited since botdocs wrote them
    #[arg(long)]
    force: bool,
}

impl Clean {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        // Only `output` of `site.yaml` is read, so a project with errors elsewhere can be cleaned.
        let of_site = match self.out {
            Some(_) => String::new(),
            None => match usual_output(&folders) {
                Some(output) => output,
                None => return Ok(Ending::WrongFiles),
            },
        };
        let out = match output_folder(self.out.as_deref(), &folders, &of_site) {
            Ok(out) => out,
            Err(refusal) => return Ok(refused(&refusal)),
        };
        match output::remove(&out, &folders.roots(), self.force) {
            Ok(summary) => {
                message(&match summary.removed {
                    0 => format!("nothing to delete in {}\n", printable_path(shown(&out))),
                    removed => format!(
                        "{}{} deleted in {}\n",
                        count(removed, "file"),
                        of_bots(summary.left),
                        printable_path(shown(&out))
                    ),
                });
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(Refusal::NotOurs { dir })) => {
                message(&format!(
                    "error: botdocs did not write the folder `{}`; nothing was deleted\n",
                    printable_path(&dir)
                ));
                Ok(Ending::WrongUsage)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

/// Returns ` with the pages of 2 bots,`, or nothing for no bot.
fn of_bots(bots: usize) -> String {
    match bots {
        0 => String::new(),
        bots => format!(" with the pages of {},", count(bots, "bot")),
    }
}

/// Returns the folder that `build` writes, relative to the project. If the spec is too broken to
/// find it, prints the report.
fn usual_output(folders: &Folders) -> Option<String> {
    let mut found = Report::default();
    let inputs = load::load(
        folders,
        &ListChoice::None,
        &mut FileCache::default(),
        &mut found,
    );
    let mut report = Report::default();
    if inputs.site.is_none() {
        // Errors of other files matter only if `site.yaml` can't be read.
        report = found;
    }
    let output = check::output_folder(&inputs, &mut report);
    if output.is_none() || report.has_errors() {
        show(&report, &inputs.sources);
        message(&format!(
            "{}; name the folder to clean with `--out`\n",
            counted(&report)
        ));
        return None;
    }
    output
}

//! `botdocs theme`: lists the files of the built-in theme, or copies them into a project.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Ending, message, result, shown};
use crate::cli::scaffold::{self, NewFile, ScaffoldError};
use crate::input::diagnostic::{printable, printable_path};
use crate::input::meant::nearest;
use crate::pages::theme::{self, ThemeFile};

/// Lists files of the built-in theme, or copies them to change them.
#[derive(Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    action: ThemeCommand,
}

#[derive(Subcommand)]
enum ThemeCommand {
    /// Copy files of the built-in theme into a project, where they replace the built-in ones
    Eject(Eject),
    /// List the files of the built-in theme
    List,
}

#[derive(Args)]
#[command(after_help = "\
Updates of botdocs do not change a copied file. Its first line contains the version of its theme, \
and `check` warns if the built-in theme has a newer version. So copy only the files that you \
change.

Examples:
  botdocs theme eject guide.html      into ./templates
  botdocs theme eject style.css       into ./static")]
struct Eject {
    /// The files, such as `guide.html` or `static/style.css` [default: all]
    #[arg(value_name = "FILE")]
    files: Vec<String>,
    /// The project's folder, which contains `spec/`
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    dir: PathBuf,
    /// Overwrite existing files
    #[arg(long)]
    force: bool,
}

impl Theme {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        match self.action {
            ThemeCommand::Eject(eject) => eject.run(),
            ThemeCommand::List => {
                let paths = theme::files().map(|file| file.path() + "\n");
                result(&paths.collect::<String>())?;
                Ok(Ending::Fine)
            }
        }
    }
}

impl Eject {
    fn run(self) -> anyhow::Result<Ending> {
        if !self.dir.is_dir() {
            let shown = printable_path(&self.dir);
            message(&format!("error: no folder `{shown}`\n"));
            return Ok(Ending::WrongUsage);
        }
        let files = match chosen(&self.files) {
            Ok(files) => files,
            Err(fault) => {
                message(&format!("error: {fault}\n"));
                return Ok(Ending::WrongUsage);
            }
        };
        match scaffold::write(&self.dir, &files, self.force) {
            Ok(()) => {
                message(
                    &files
                        .iter()
                        .map(|file| written_line(&self.dir, file))
                        .collect::<String>(),
                );
                Ok(Ending::Fine)
            }
            Err(ScaffoldError::InTheWay(paths)) => {
                message(&format!(
                    "error: these files exist: {}; nothing was written\n\
                     help: name other files, or pass `--force` to overwrite these\n",
                    paths.join(", ")
                ));
                Ok(Ending::WrongUsage)
            }
            Err(ScaffoldError::Blocked(paths)) => {
                message(&format!(
                    "error: links, or not folders or files: {}; nothing was written\n\
                     help: move them away; botdocs writes into folders of the project only, not through \
                     links\n",
                    paths.join(", ")
                ));
                Ok(Ending::WrongUsage)
            }
            Err(ScaffoldError::Failed(error)) => Err(error),
        }
    }
}

fn written_line(dir: &Path, file: &NewFile) -> String {
    format!("wrote {}\n", printable_path(shown(&dir.join(&file.path))))
}

/// Returns the named files, or all.
fn chosen(names: &[String]) -> Result<Vec<NewFile>, String> {
    let all: Vec<ThemeFile> = theme::files().collect();
    let mut chosen: Vec<&ThemeFile> = Vec::new();
    for name in names {
        let file = all.iter().find(|file| is_named(file, name));
        let file = file.ok_or_else(|| unknown_file(name, &all))?;
        if !chosen.contains(&file) {
            chosen.push(file);
        }
    }
    if names.is_empty() {
        chosen = all.iter().collect();
    }
    let files = chosen.into_iter().map(|file| NewFile {
        path: file.path(),
        bytes: file.ejected().into(),
    });
    Ok(files.collect())
}

fn is_named(file: &ThemeFile, name: &str) -> bool {
    // As `theme list` prints it, as a shell completes it, or the bare name.
    name == file.name || name.strip_prefix("./").unwrap_or(name) == file.path()
}

fn unknown_file(name: &str, all: &[ThemeFile]) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let meant = nearest(last, all.iter().map(|file| file.name.as_str()));
    let hint = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    format!(
        "unknown file `{}`{hint}\n`botdocs theme list` lists the files of the built-in theme",
        printable(name)
    )
}

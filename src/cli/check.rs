//! `botdocs check`: all faults of a project, and nothing built.

use clap::{Args, ValueEnum};

use super::{Ending, Project, count, counted, is_github, result, show, talk};
use crate::diagnostic::Report;
use crate::load;
use crate::render::Options;
use crate::site;

/// Checks a project and builds nothing.
///
/// Reports every fault of all files at once, with file, line and column. Add `--strict` in CI.
#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    project: Project,
    /// How to report [default: human; github in a GitHub workflow]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Let warnings fail the check
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Source lines with carets, on stderr
    Human,
    /// A JSON list on stdout, one object a fault
    Json,
    /// Workflow commands on stdout, which GitHub shows on the lines of a change
    Github,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let mut report = Report::default();
        let inputs = load::load(&self.project.folders(), &mut report);
        let site = site::build(&inputs, &Options::default(), &mut report);
        if self.strict {
            report.deny_warnings();
        }
        report.sort(&inputs.sources);
        let usual = if is_github() {
            Format::Github
        } else {
            Format::Human
        };
        match self.format.unwrap_or(usual) {
            Format::Json => result(&report.to_json(&inputs.sources))?,
            Format::Github => result(&report.to_github(&inputs.sources))?,
            Format::Human => show(&report, &inputs.sources),
        }
        if let Some(site) = &site
            && report.is_empty()
        {
            talk(&format!(
                "{}, no faults\n",
                count(site.model.pages.len(), "page")
            ));
        } else {
            talk(&format!("{}\n", counted(&report)));
        }
        Ok(if report.has_errors() {
            Ending::WrongFiles
        } else {
            Ending::Fine
        })
    }
}

//! `botdocs check`: reports all errors of a project and builds nothing.

use clap::{Args, ValueEnum};

use super::list::{ListFlags, TakenList};
use super::values::InternalFlag;
use super::{
    Ending, ProjectFolders, count, counted, is_github, left_off, message, proof, read, result, show,
};
use crate::input::diagnostic::Report;
use crate::output::layout;
use crate::pages::render::ViewOptions;
use crate::pages::site::{self, SiteCache};

/// Checks a project and builds nothing.
#[derive(Args)]
#[command(after_help = "\
All errors of all files are reported at once, with file, line and column. `botdocs explain` \
explains the code in the brackets of a message.")]
pub(super) struct Check {
    #[command(flatten)]
    project: ProjectFolders,
    /// The format of the report: `human` for people, on stderr; `json`, the whole report on
    /// stdout; `github`, workflow commands on stdout, the default in a GitHub workflow
    #[arg(long, value_enum, hide_possible_values = true)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    list: ListFlags,
    #[command(flatten)]
    internal: InternalFlag,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    Human,
    Json,
    Github,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let mut report = Report::default();
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        let inputs = read(&folders, &self.list.choice(), &mut report);
        // This renders whole sites too, so that `check` reports all that `build` would refuse.
        let audience = self.internal.audience();
        let project = site::project_for(audience, &inputs, &mut SiteCache::default(), &mut report);
        let mut sources = inputs.sources.clone();
        // A template's errors appear only when a page is rendered with it.
        if let Some(project) = &project {
            let options = ViewOptions::default();
            // The cache holds all pages, so it ends before the pages of bots are rendered.
            let site = project.site(&options, &inputs, &mut SiteCache::default(), &mut report);
            if let Some(site) = site {
                if let Some(fault) = layout::collision(&site) {
                    report.push(fault.diagnostic(&inputs));
                }
                // Two sites at once would take twice the memory.
                drop(site);
                project.try_bots(&options, &inputs, &mut report);
            }
            let bots = TakenList::of(&inputs, &folders.project);
            if let Some(fault) = self.list.fault(&project.model.variables) {
                message(&format!("error: {fault}\n"));
                return Ok(Ending::WrongUsage);
            }
            let list = &self.list;
            // The values of a list are checked last, against variables that have no error.
            list.bots(bots, false, &project.model, &[], &mut sources, &mut report)?;
        }
        if self.strict {
            report.deny_warnings();
        }
        report.sort(&sources);
        let usual = if is_github() {
            ReportFormat::Github
        } else {
            ReportFormat::Human
        };
        let model = project.as_ref().map(|project| &project.model);
        match self.format.unwrap_or(usual) {
            ReportFormat::Json => result(&proof::json(&report, &sources, model))?,
            ReportFormat::Github => result(&self.project.to_github(&report, &sources))?,
            ReportFormat::Human => show(&report, &sources),
        }
        match model {
            Some(model) if report.is_empty() => {
                message(&format!(
                    "{}, no errors or warnings\n",
                    count(model.pages.len(), "page")
                ));
            }
            _ => message(&format!("{}\n", counted(&report))),
        }
        message(&left_off(&report));
        if let Some(model) = model {
            message(&proof::waived(model));
            message(&proof::kept_from_links(model));
            message(&proof::line(model).unwrap_or_default());
        }
        Ok(if report.has_errors() {
            Ending::WrongFiles
        } else {
            Ending::Fine
        })
    }
}

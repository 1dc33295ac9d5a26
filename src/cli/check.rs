//! `botdocs check`: all faults of a project, and nothing built.

use clap::{Args, ValueEnum};

use super::list::{ListFlags, TakenList};
use super::{Ending, ProjectFolders, count, counted, is_github, proof, read, result, show, talk};
use crate::input::diagnostic::Report;
use crate::output::layout;
use crate::pages::render::ViewOptions;
use crate::pages::site::{self, SiteCache};

/// Checks a project and builds nothing.
#[derive(Args)]
#[command(after_help = "\
Every fault of all files is reported at once, with file, line and column. A fault's code in \
brackets can be given to `botdocs explain`.")]
pub(super) struct Check {
    #[command(flatten)]
    project: ProjectFolders,
    /// How to report: `human` for people, on stderr; `json`, the whole report on stdout; `github`, workflow
    /// commands on stdout, the default in a GitHub workflow
    #[arg(long, value_enum, hide_possible_values = true)]
    format: Option<ReportFormat>,
    #[command(flatten)]
    list: ListFlags,
    /// Let warnings fail the check
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
        let project = site::project(&inputs, &mut SiteCache::default(), &mut report);
        let mut sources = inputs.sources.clone();
        // Faults of templates show only when a page is made of them.
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
                talk(&format!("error: {fault}\n"));
                return Ok(Ending::WrongUsage);
            }
            let list = &self.list;
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
                talk(&format!(
                    "{}, no faults\n",
                    count(model.pages.len(), "page")
                ));
            }
            _ => talk(&format!("{}\n", counted(&report))),
        }
        if let Some(model) = model {
            talk(&proof::waived(model));
            talk(&proof::kept_from_links(model));
            talk(&proof::line(model).unwrap_or_default());
        }
        Ok(if report.has_errors() {
            Ending::WrongFiles
        } else {
            Ending::Fine
        })
    }
}

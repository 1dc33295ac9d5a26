//! `botdocs build`: a project to files.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::{Ending, Project, count, counted, is_github, result, show, talk};
use crate::check::normal_site_url;
use crate::diagnostic::{Report, nearest, printable};
use crate::load;
use crate::output::{self, Refusal, Tree, TreePath, WriteOptions};
use crate::render::{Options, Page};
use crate::site::{self, Site};
use crate::variable::{BOT_ID, Variables};

/// Builds the site of a project into a folder.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Build {
    #[command(flatten)]
    project: Project,
    /// The folder to write [default: `output` of site.yaml, else `site`, inside the project]
    #[arg(short, long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The bot whose docs these are
    #[arg(long, value_name = "ID")]
    bot: Option<String>,
    /// The value of another variable of site.yaml; can be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    set: Vec<(String, String)>,
    /// Build the generic site, which is what happens without `--bot` too
    #[arg(long, conflicts_with_all = ["bot", "set"])]
    generic: bool,
    /// Where the site will be, for canonical links and the sitemap
    #[arg(long, value_name = "URL", value_parser = normal_site_url)]
    site_url: Option<String>,
    /// Read the files of the last build too, instead of trusting its manifest
    #[arg(long)]
    verify: bool,
    /// Overwrite files that botdocs did not write, or that were edited since
    #[arg(long)]
    force: bool,
    /// Let warnings fail the build
    #[arg(long)]
    strict: bool,
}

const EXAMPLES: &str = "\
Without `--bot` it is the generic site: the bot's places show a placeholder, and readers fill in \
theirs in the browser. With `--bot`, the bot's values stand in the pages. What in the output folder \
botdocs did not write, or was edited since, is neither overwritten nor deleted without `--force`.

Examples:
  botdocs build                                      the generic site into ./site
  botdocs build docs --out public                    the project in docs/ into ./public
  botdocs build --bot 019dd3d4-4b7e-71eb-9561-5cf790a5da57 --out out
  botdocs build --bot ada --set bot_name='Ada & Co'  with another variable's value";

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Says that a variable is not there, and which one may be meant.
fn unknown(name: &str, variables: &Variables) -> String {
    let names = variables.names();
    let meant = nearest(name, names.iter().copied());
    let hint = meant.map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"));
    format!(
        "no such variable{hint}; site.yaml has: {}",
        names.join(", ")
    )
}

impl Build {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let start = Instant::now();
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        let mut report = Report::default();
        let inputs = load::load(&folders, &mut report);
        let options = Options {
            for_bot: self.bot.is_some(),
            site_url: self.site_url.clone(),
            ..Options::default()
        };
        let site = site::build(&inputs, &options, &mut report);
        if self.strict {
            report.deny_warnings();
        }
        report.sort(&inputs.sources);
        show(&report, &inputs.sources);
        if is_github() {
            result(&report.to_github(&inputs.sources))?;
        }
        let Some(site) = site.filter(|_| !report.has_errors()) else {
            talk(&format!("{}; nothing was written\n", counted(&report)));
            return Ok(Ending::WrongFiles);
        };
        if let Some(fault) = self.wrong_values(&site.model.variables) {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        self.write(&site, &folders, start)
    }

    /// What is wrong with the values of `--bot` and `--set`.
    fn wrong_values(&self, variables: &Variables) -> Option<String> {
        let refused = |flag: &str, name: &str, value: &str| {
            let id = variables.find(name)?;
            let reason = variables.get(id).refuses(value)?;
            Some(format!("{flag} `{}`: {reason}", printable(value)))
        };
        if let Some(id) = &self.bot
            && let Some(fault) = refused("--bot", BOT_ID, id)
        {
            return Some(fault);
        }
        for (index, (name, value)) in self.set.iter().enumerate() {
            let flag = format!("--set {}", printable(name));
            if name == BOT_ID {
                return Some(format!("{flag}: give the bot's ID with `--bot`"));
            }
            if variables.find(name).is_none() {
                return Some(format!("{flag}: {}", unknown(name, variables)));
            }
            if self.set[..index].iter().any(|(other, _)| other == name) {
                return Some(format!("{flag}: it is given twice"));
            }
            if let Some(fault) = refused(&flag, name, value) {
                return Some(fault);
            }
        }
        None
    }

    fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let bot = self.bot.iter().map(|id| (BOT_ID, id.as_str()));
        bot.chain(
            self.set
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }

    fn write(
        &self,
        site: &Site,
        folders: &load::Folders,
        start: Instant,
    ) -> anyhow::Result<Ending> {
        let given = |name: &str| {
            let mut values = self.values();
            values
                .find(|(other, _)| *other == name)
                .map(|(_, value)| value.to_owned())
        };
        let values = site.model.variables.values(given);
        let mut tree = Tree::default();
        for (path, bytes) in site.fill(&values) {
            let path = TreePath::new(path).map_err(|error| anyhow::anyhow!("{error}"))?;
            tree.insert(path, bytes)
                .map_err(|error| anyhow::anyhow!("{error}"))?;
        }
        let out = match &self.out {
            Some(out) => out.clone(),
            None => folders.project.join(&site.model.site.output),
        };
        let options = WriteOptions {
            force: self.force,
            verify: self.verify,
            in_place: false,
        };
        let inputs = [folders.spec.as_path(), &folders.templates, &folders.statics];
        match output::write(&tree, &out, &inputs, &options) {
            Ok(summary) => {
                let is_page = |page: &&Page| page.path.ends_with(".html");
                talk(&format!(
                    "{} in {}: {} files written, {} unchanged, {} removed, {} kB, {} ms\nopen {}\n",
                    count(site.pages.iter().filter(is_page).count(), "page"),
                    out.display(),
                    summary.written,
                    summary.unchanged,
                    summary.removed,
                    summary.bytes.div_ceil(1000),
                    start.elapsed().as_millis(),
                    out.join("index.html").display(),
                ));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => {
                talk(&format!("error: {refusal}\nhelp: {}\n", refusal.help()));
                Ok(match refusal {
                    Refusal::Place { .. } | Refusal::NotOurs { .. } => Ending::WrongUsage,
                    Refusal::Damaged { .. } | Refusal::Files { .. } => Ending::WrongFiles,
                })
            }
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

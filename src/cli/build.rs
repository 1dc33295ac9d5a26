//! `botdocs build`: a project to files.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::{
    Ending, Project, count, counted, is_github, read_bots, refused, result, show, shown, talk,
};
use crate::check::normal_site_url;
use crate::diagnostic::{Report, nearest, printable};
use crate::hole::Values;
use crate::load;
use crate::load::{Folders, Inputs};
use crate::output::{self, Summary, Tree, WriteOptions};
use crate::render::Options;
use crate::site;
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
    /// A list of bots (YAML, CSV with a header, or JSON Lines), `-` for standard input: the generic
    /// site, and the pages of each bot in bots/ID/
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bot", "generic"])]
    bots: Option<PathBuf>,
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

/// What was done to the files: `2 files written (12 kB), 10 unchanged`.
fn told(summary: &Summary) -> String {
    let kilobytes = summary.bytes.div_ceil(1000);
    let written = format!(
        "{} written ({kilobytes} kB)",
        count(summary.written, "file")
    );
    let parts = match (summary.written, summary.removed) {
        (0, 0) if summary.relisted => vec!["the manifest written anew".to_owned()],
        (0, 0) => return "nothing to change".to_owned(),
        (0, removed) => vec![format!("{} removed", count(removed, "file"))],
        (_, 0) => vec![written],
        (_, removed) => vec![written, format!("{removed} removed")],
    };
    let unchanged = format!("{} unchanged", summary.unchanged);
    let unchanged = (summary.unchanged > 0).then_some(unchanged);
    parts
        .into_iter()
        .chain(unchanged)
        .collect::<Vec<_>>()
        .join(", ")
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
        let mut inputs = load::load(&folders, &mut report);
        let Some(project) = site::project(&inputs, &mut report) else {
            return self.refuse(report, &inputs);
        };
        if let Some(fault) = self.wrong_values(&project.model.variables) {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        let model = &project.model;
        let bots = read_bots(
            self.bots.as_deref(),
            model,
            &self.set,
            &mut inputs,
            &mut report,
        );
        let options = Options {
            for_bot: self.bot.is_some(),
            site_url: self.site_url.clone(),
            ..Options::default()
        };
        let site = project.site(&options, &inputs, &mut report);
        let bot_pages = project.bot_pages(&bots, &options, &inputs, &mut report);
        self.tell(&mut report, &inputs)?;
        let Some(site) = site.filter(|_| !report.has_errors()) else {
            talk(&format!("{}; nothing was written\n", counted(&report)));
            return Ok(Ending::WrongFiles);
        };
        let values = self.values(&project.model.variables);
        let tree = match site::tree(&site, &values, &bot_pages) {
            Ok(tree) => tree,
            Err(collision) => {
                talk(&format!("error: {collision}; nothing was written\n"));
                return Ok(Ending::WrongFiles);
            }
        };
        let out = self.out.clone();
        let out = out.unwrap_or_else(|| folders.project.join(&project.model.site.output));
        self.write(&tree, &out, &folders, |summary| {
            let pages = site.pages.iter().filter(|page| page.is_html());
            let mut made = count(pages.count(), "page");
            if !bots.is_empty() {
                made = format!("{made}, and those of {},", count(bots.len(), "bot"));
            }
            let millis = start.elapsed().as_millis();
            format!(
                "{made} in {}: {}, {millis} ms\n",
                shown(&out).display(),
                told(summary)
            )
        })
    }

    /// Prints the report.
    fn tell(&self, report: &mut Report, inputs: &Inputs) -> anyhow::Result<()> {
        if self.strict {
            report.deny_warnings();
        }
        report.sort(&inputs.sources);
        show(report, &inputs.sources);
        if is_github() {
            result(&report.to_github(&inputs.sources))?;
        }
        Ok(())
    }

    fn refuse(&self, mut report: Report, inputs: &Inputs) -> anyhow::Result<Ending> {
        self.tell(&mut report, inputs)?;
        talk(&format!("{}; nothing was written\n", counted(&report)));
        Ok(Ending::WrongFiles)
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

    /// The values of the one bot, or those that stand for none.
    fn values(&self, variables: &Variables) -> Values {
        variables.values(|name| match name {
            BOT_ID => self.bot.clone(),
            _ => {
                let set = self.set.iter().find(|(other, _)| other == name);
                set.map(|(_, value)| value.clone())
            }
        })
    }

    fn write(
        &self,
        tree: &Tree<'_>,
        out: &Path,
        folders: &Folders,
        done: impl Fn(&Summary) -> String,
    ) -> anyhow::Result<Ending> {
        let options = WriteOptions {
            force: self.force,
            verify: self.verify,
            in_place: false,
        };
        let inputs = [folders.spec.as_path(), &folders.templates, &folders.statics];
        match output::write(tree, out, &inputs, &options) {
            Ok(summary) => {
                talk(&done(&summary));
                talk(&format!(
                    "open {}\n",
                    shown(out).join("index.html").display()
                ));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

//! `botdocs build`: a project to files.

use std::ffi::OsStr;
use std::fs::File;
use std::io::IsTerminal as _;
use std::mem::ManuallyDrop;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::hosting::Host;
use super::list::{self, ListFlags, TakenList};
use super::progress::Progress;
use super::values::GivenValues;
use super::watch::{Round, Watching, after_each_change, named};
use super::{
    Ending, ProjectFolders, count, counted, grouped, is_github, output_folder, proof, read,
    refused, result, show, shown, talk,
};
use crate::check::normal_site_url;
use crate::hole::roster::{Roster, Shard};
use crate::input::diagnostic::{Report, printable_path};
use crate::input::load::{Folders, Inputs};
use crate::input::secret;
use crate::input::source::Sources;
use crate::live::watch::InputsSnapshot;
use crate::model::Model;
use crate::output::layout::{self, BotPages, Forms};
use crate::output::{self, Archive, Leaving, Refusal, Summary, Totals, Tree, WriteOptions};
use crate::pages::render::{RenderMode, ViewOptions};
use crate::pages::site::{self, SiteCache};
use crate::pages::template::TemplateError;

/// Builds the site of a project into a folder.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("generic", |generic| generic.conflicts_with_all(["bot", "set"])))]
pub(super) struct Build {
    #[command(flatten)]
    project: ProjectFolders,
    /// The folder to write [default: `output` of site.yaml, else `site`, inside the project]
    #[arg(short, long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    values: GivenValues,
    #[command(flatten)]
    list: ListFlags,
    /// Build the Kth of N parts, each with the generic site and its share of the bots; `botdocs merge`
    /// joins them
    #[arg(long, value_name = "K/N", conflicts_with_all = ["bot", "generic"])]
    shard: Option<Shard>,
    /// How many bots of the last build may lose their pages, a number or `all` [default: 10, or a tenth
    /// of them]
    #[arg(long, value_name = "N", conflicts_with = "archive")]
    remove_up_to: Option<Leaving>,
    /// Build the other bots where some of the list have faults: those keep their last pages, and the
    /// exit code is 4; where an ID can't be read, no bot loses its pages
    #[arg(long, conflicts_with_all = ["archive", "bot", "generic"])]
    skip_bad_bots: bool,
    /// Where the site will be, for canonical links and the sitemap
    #[arg(long, value_name = "URL", value_parser = normal_site_url)]
    site_url: Option<String>,
    /// Read the files of the last build too, instead of trusting its manifest
    #[arg(long)]
    verify: bool,
    /// Overwrite files that botdocs did not write, or that were edited since
    #[arg(long)]
    force: bool,
    /// Write pages and other texts compressed, for hosts that send them as they are: `beside` the
    /// plain files, as FILE.gz, or `only` so
    #[arg(long, value_enum, value_name = "HOW", hide_possible_values = true)]
    gzip: Option<GzipChoice>,
    /// Write one archive, FILE.tar, in place of a folder; `-` for standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "verify", "watch"], value_parser = archive)]
    archive: Option<PathBuf>,
    /// Warn if the site is more than a host takes: `cloudflare-pages`, `github-pages`, `gitlab-pages`
    /// or `netlify`
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true)]
    hosting: Option<Host>,
    /// How pages get a bot's values: `fill` makes each page once and fills it, `full` makes it anew for
    /// each bot, slowly, and reads the files of the last build too; both write the same
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        hide_possible_values = true,
        default_value = "fill",
        hide_default_value = true
    )]
    render: Render,
    /// Let warnings fail the build
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    watch: Watching,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Render {
    Fill,
    Full,
}

#[derive(Clone, Copy, ValueEnum)]
enum GzipChoice {
    Beside,
    Only,
}

impl GzipChoice {
    fn forms(gzip: Option<GzipChoice>) -> Forms {
        match gzip {
            None => Forms::Plain,
            Some(GzipChoice::Beside) => Forms::Both,
            Some(GzipChoice::Only) => Forms::Gzip,
        }
    }
}

const EXAMPLES: &str = "\
Without `--bot` it is the generic site: the bot's places show a placeholder, and readers fill in \
theirs in the browser. With `--bot`, the bot's values stand in the pages. What in the output folder \
botdocs did not write, or was edited since, is neither overwritten nor deleted without `--force`. \
Where more than a tenth of the bots, and more than 10, would lose their pages, or all for want of a \
list, nothing is written without `--remove-up-to`.

With `--watch` it goes on until Ctrl-C. Faults are told and the last good site stays. After a power \
cut the folder may hold half a change: then build once with `--force`.

Examples:
  botdocs build                                      the generic site into ./site
  botdocs build docs --out public                    the project in docs/ into ./public
  botdocs build --bot 019dd3d4-4b7e-71eb-9561-5cf790a5da57 --out out
  botdocs build --watch                              again after each change
  botdocs build --bot ada --set bot_name='Ada & Co'  with another variable's value";

/// What a build leaves that fails before it wrote anything, or takes back what it wrote.
const NOTHING: &str = "nothing was written";

/// What is said of a part of nothing.
const NO_LIST: &str =
    "`--shard` is for a list of bots: name it with `--bots`, or by `bots` in site.yaml";

/// The endings of files that are packed in another way.
const OTHER_ARCHIVES: [&str; 11] = [
    "7z", "br", "bz2", "gz", "lz4", "tbz2", "tgz", "txz", "xz", "zip", "zst",
];

fn archive(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    if OTHER_ARCHIVES.contains(&ending.to_ascii_lowercase().as_str()) {
        Err("an archive is a tar; to pack it, write `--archive - | gzip > FILE`".into())
    } else {
        Ok(path)
    }
}

/// What was done to the files: `2 files written (12 kB), 10 unchanged`.
fn described(summary: &Summary) -> String {
    let size = match summary.bytes {
        few @ ..10_000_000 => format!("{} kB", grouped(few.div_ceil(1000))),
        many => format!("{} MB", grouped(many.div_ceil(1_000_000))),
    };
    let written = format!("{} written ({size})", count(summary.written, "file"));
    let parts = match (summary.written, summary.removed) {
        (0, 0) if summary.relisted => vec!["the manifest written anew".to_owned()],
        (0, 0) => return "nothing to change".to_owned(),
        (0, removed) => vec![format!("{} removed", count(removed, "file"))],
        (_, 0) => vec![written],
        (_, removed) => vec![written, format!("{} removed", grouped(removed as u64))],
    };
    let unchanged = format!("{} unchanged", grouped(summary.unchanged as u64));
    let unchanged = (summary.unchanged > 0).then_some(unchanged);
    parts
        .into_iter()
        .chain(unchanged)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What is said of the bots that a list skips.
fn skipped(roster: &Roster) -> String {
    let bots = count(roster.skipped(), "bot");
    if roster.skips_nameless() {
        format!("{bots} skipped, not all by a known ID: no bot lost its pages\n")
    } else {
        format!("{bots} skipped: their last pages stay\n")
    }
}

/// `120 ms`, or `12.3 s` where it took longer.
fn lasted(time: Duration) -> String {
    match time.as_millis() {
        short @ ..10_000 => format!("{short} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// Standard output without the buffer that looks for ends of lines.
fn unbuffered_stdout() -> std::io::Result<File> {
    let stdout = std::io::stdout().as_fd().try_clone_to_owned();
    stdout.map(File::from)
}

impl Build {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        let fault = self.watch.fault(self.list.bots.as_deref());
        let is_for_terminal = self.is_archive_on_stdout() && std::io::stdout().is_terminal();
        let fault = fault.or(is_for_terminal.then_some("an archive is nothing for a terminal"));
        if let Some(fault) = fault {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        // The end of the process gives it back sooner than piece by piece.
        let mut cache = ManuallyDrop::new(SiteCache::default());
        if self.watch.is_asked_for() {
            let mut watch = self.watch.start(&folders, self.list.choice())?;
            let hint = "watching for changes; Ctrl-C ends it\n";
            return after_each_change(&mut watch, hint, |round| {
                self.build(&folders, &mut cache, round)
            });
        }
        let mut report = Report::default();
        let inputs = read(&folders, &self.list.choice(), &mut report);
        let look = InputsSnapshot { inputs, report };
        self.build(&folders, &mut cache, Round::only(look))
    }

    /// Builds what was read and writes it.
    fn build(
        &self,
        folders: &Folders,
        cache: &mut SiteCache,
        round: Round<'_>,
    ) -> anyhow::Result<Ending> {
        let look = Arc::clone(&round.look);
        let inputs = &look.inputs;
        let mut report = round.look.report.clone();
        let Some(mut project) = site::project(inputs, cache, &mut report) else {
            return self.refuse(report, &inputs.sources, round);
        };
        if let Some(fault) = self.fault(&project.model, inputs) {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        let out = match self.output(folders, &project.model) {
            Ok(out) => out,
            Err(refusal) => return Ok(refused(&refusal)),
        };
        let mut sources = inputs.sources.clone();
        let list = TakenList::of(inputs, &out);
        let (mut roster, of_list) = self.roster(list, &project.model, &mut sources, &mut report)?;
        if self.values.bot.is_some() && report.has_errors() {
            return self.refuse(report, &sources, round);
        }
        let all = inputs.bots.as_ref().map(|_| &roster);
        let values = match list::root_values(&self.values, &mut project, all)? {
            Ok(values) => values,
            Err(fault) => {
                talk(&format!("error: {fault}; nothing was written\n"));
                return Ok(Ending::WrongFiles);
            }
        };
        if self.values.bot.is_some() {
            roster = Roster::empty();
        }
        let model = &project.model;
        let options = self.options();
        let site = project.site(&options, inputs, cache, &mut report);
        let pages = project.bot_pages(&roster, &options, inputs, cache, &mut report);
        if self.strict {
            report.deny_warnings();
        }
        report.extend(of_list);
        let Some(site) = site.filter(|_| !report.has_errors()) else {
            return self.refuse(report, &sources, round);
        };
        self.tell(&mut report, &sources)?;
        let bots = BotPages {
            roster: &roster,
            pages: &pages,
        };
        let tree = match layout::tree(&site, model, &values, bots, GzipChoice::forms(self.gzip)) {
            Ok(tree) => tree,
            Err(fault) => {
                let mut report = Report::default();
                report.push(fault.diagnostic(inputs));
                return self.refuse(report, &sources, round);
            }
        };
        match self.is_too_much(&tree) {
            Ok(false) => {}
            Ok(true) => return Ok(Ending::WrongFiles),
            Err(error) => return self.fail(error, inputs, &sources, round, NOTHING),
        }
        let progress = Progress::new(roster.len());
        let target = self.archive.as_deref().unwrap_or(&out);
        let written = self.write(&tree, &progress, &out, folders, |summary| {
            self.done(summary, model, &roster, shown(target), &round)
        });
        let left = if self.is_archive_on_stdout() {
            "the archive is not whole"
        } else {
            NOTHING
        };
        match written {
            Ok(Ending::Fine) if roster.skipped() > 0 => {
                talk(&skipped(&roster));
                Ok(Ending::Skipped)
            }
            Ok(ending) => Ok(ending),
            Err(error) => self.fail(error, inputs, &sources, round, left),
        }
    }

    /// The folder to write; for an archive the project's, in which files without a name may stand.
    fn output(&self, folders: &Folders, model: &Model) -> Result<PathBuf, Refusal> {
        match self.archive {
            Some(_) => Ok(folders.project.clone()),
            None => output_folder(self.out.as_deref(), folders, &model.site.output),
        }
    }

    /// What is wrong with the flags for this project, if anything is.
    fn fault(&self, model: &Model, inputs: &Inputs) -> Option<String> {
        let url = self.site_url.as_deref();
        let key = url.and_then(|url| Some(secret::beginning(url, secret::find(url).first()?)));
        let fault = key.map(|key| format!("--site-url: {key} looks like a live key"));
        let fault = fault.or_else(|| self.values.fault_of_pages(model));
        let fault = fault.or_else(|| self.list.fault(&model.variables));
        let has_no_list = self.shard.is_some() && inputs.bots.is_none();
        fault.or_else(|| has_no_list.then(|| NO_LIST.to_owned()))
    }

    /// The bots of the list, and the warnings of those that are skipped: these are no reason to fail,
    /// since the exit code tells of them.
    fn roster(
        &self,
        list: TakenList<'_>,
        model: &Model,
        sources: &mut Sources,
        report: &mut Report,
    ) -> anyhow::Result<(Roster, Report)> {
        let (set, skips) = (&self.values.set, self.skip_bad_bots);
        let mut found = Report::default();
        let bots = self.list.bots(list, skips, model, set, sources, &mut found);
        let mut roster = bots?;
        if !skips {
            report.extend(std::mem::take(&mut found));
        }
        if let Some(shard) = self.shard {
            roster.cut(shard)?;
        }
        Ok((roster, found))
    }

    /// What is said when all is written.
    fn done(
        &self,
        summary: &Summary,
        model: &Model,
        roster: &Roster,
        out: &Path,
        round: &Round<'_>,
    ) -> String {
        let mut made = count(model.pages.len(), "page");
        if !roster.is_empty() {
            made = format!("{made}, and those of {},", count(roster.len(), "bot"));
        }
        let (described, time) = (described(summary), lasted(round.start.elapsed()));
        match round.changed {
            _ if self.is_archive_on_stdout() => format!("{made}: {described}, {time}\n"),
            _ if self.archive.is_some() => {
                format!("{made} in {}: {described}, {time}\n", printable_path(out))
            }
            Some(changed) => format!("{}: {described}, {time}\n", named(changed)),
            None => format!(
                "{made} in {}: {described}, {time}\n{}{}",
                printable_path(out),
                proof::line(model).unwrap_or_default(),
                self.to_open(out)
            ),
        }
    }

    /// Says why writing failed and what is left of it, where a template can't make the page of a bot.
    fn fail(
        &self,
        error: anyhow::Error,
        inputs: &Inputs,
        sources: &Sources,
        round: Round<'_>,
        left: &str,
    ) -> anyhow::Result<Ending> {
        let mut report = Report::default();
        report.push(site::in_template(
            error.downcast::<TemplateError>()?,
            inputs,
        ));
        self.refuse_with(report, sources, round, left)
    }

    /// How many bots may lose their pages.
    fn leaving(&self) -> Leaving {
        let asked = self.list.generic.then_some(Leaving::All);
        self.remove_up_to.or(asked).unwrap_or_default()
    }

    fn options(&self) -> ViewOptions {
        ViewOptions {
            for_bot: self.values.bot.is_some(),
            site_url: self.site_url.clone(),
            making: match self.render {
                Render::Fill => RenderMode::Fill,
                Render::Full => RenderMode::Full,
            },
            ..ViewOptions::default()
        }
    }

    /// Prints the report.
    fn tell(&self, report: &mut Report, sources: &Sources) -> anyhow::Result<()> {
        report.sort(sources);
        show(report, sources);
        if is_github() && !self.is_archive_on_stdout() {
            result(&self.project.to_github(report, sources))?;
        }
        Ok(())
    }

    /// Warns if the site is more than its host takes, which may be too much.
    fn is_too_much(&self, tree: &Tree<'_>) -> anyhow::Result<bool> {
        let Some(host) = self.hosting else {
            return Ok(false);
        };
        let refusals = host.refuses(&Totals::of(tree)?);
        for refusal in &refusals {
            let severity = if self.strict { "error" } else { "warning" };
            talk(&format!("{severity}: {refusal}\n"));
        }
        let is_too_much = self.strict && !refusals.is_empty();
        if is_too_much {
            talk("nothing was written\n");
        }
        Ok(is_too_much)
    }

    /// The line that names the first page, where a browser opens it from disk.
    fn to_open(&self, out: &Path) -> String {
        match self.gzip {
            Some(GzipChoice::Only) => String::new(),
            _ => format!("open {}\n", printable_path(&out.join("index.html"))),
        }
    }

    fn is_archive_on_stdout(&self) -> bool {
        self.archive.as_deref() == Some(Path::new("-"))
    }

    /// Says why nothing was built, unless it may be built after all in a moment.
    fn refuse(
        &self,
        report: Report,
        sources: &Sources,
        round: Round<'_>,
    ) -> anyhow::Result<Ending> {
        self.refuse_with(report, sources, round, NOTHING)
    }

    fn refuse_with(
        &self,
        mut report: Report,
        sources: &Sources,
        round: Round<'_>,
        left: &str,
    ) -> anyhow::Result<Ending> {
        if round.gets_outdated() {
            return Ok(Ending::WrongFiles);
        }
        if self.strict {
            report.deny_warnings();
        }
        self.tell(&mut report, sources)?;
        talk(&format!("{}; {left}\n", counted(&report)));
        Ok(Ending::WrongFiles)
    }

    fn write(
        &self,
        tree: &Tree<'_>,
        progress: &Progress,
        out: &Path,
        folders: &Folders,
        done: impl Fn(&Summary) -> String,
    ) -> anyhow::Result<Ending> {
        let options = WriteOptions {
            force: self.force,
            verify: self.verify || self.render == Render::Full,
            unsynced: self.watch.is_asked_for(),
            leaving: self.leaving(),
            threads: None,
        };
        let inputs = folders.roots();
        let tell = |done| progress.tell(done);
        let archive = Archive {
            tree,
            options: &options,
            make_file: &output::spool_files(out),
            tell: &tell,
        };
        let written = match self.archive.as_deref() {
            None => output::write_and_tell(tree, out, &inputs, &options, &tell),
            Some(_) if self.is_archive_on_stdout() => archive
                .write(unbuffered_stdout()?)
                .map_err(output::Error::from),
            Some(file) => archive.write_file(file, &inputs),
        };
        progress.finish();
        match written {
            Ok(summary) => {
                talk(&done(&summary));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

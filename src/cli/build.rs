//! `botdocs build`: builds a project into files.

use std::ffi::OsStr;
use std::io::IsTerminal as _;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::hosting::Host;
use super::list::{self, ListFlags, TakenList};
use super::progress::Progress;
use super::values::{GivenValues, InternalFlag};
use super::watch::{Round, Watching, after_each_change, named};
use super::{
    Ending, ProjectFolders, count, counted, grouped, has_no_project, is_github, left_off, message,
    output_folder, proof, read, refused, result, show, shown,
};
use crate::check::normal_site_url;
use crate::hole::roster::{Roster, Shard};
use crate::input::diagnostic::{Report, printable_path};
use crate::input::load::{Folders, Inputs};
use crate::input::secret;
use crate::input::source::Sources;
use crate::input::system::file_of;
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
#[command(mut_arg("bots", |bots| bots.help(list::bots_help(BOTS_FROM_STDIN))))]
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
    #[command(flatten)]
    internal: InternalFlag,
    /// Build part K of N: the generic site and this part's share of the bots; `botdocs merge`
    /// joins the parts
    #[arg(long, value_name = "K/N", conflicts_with_all = ["bot", "generic"])]
    shard: Option<Shard>,
    /// How many bots of the last build may lose their pages: a number or `all` [default: 10, or a
    /// tenth of the bots of the last build if that is more]
    #[arg(long, value_name = "N", conflicts_with = "archive")]
    remove_up_to: Option<Leaving>,
    /// Skip the bots of the list that have errors, and keep their pages of the last build; the exit
    /// code is then 4. If an ID can't be read, no bot loses its pages
    #[arg(long, conflicts_with_all = ["archive", "bot", "generic"])]
    skip_bad_bots: bool,
    /// The URL of the published site, for canonical links and the sitemap
    #[arg(long, value_name = "URL", value_parser = normal_site_url)]
    site_url: Option<String>,
    /// Also read the files of the last build, instead of trusting its manifest
    #[arg(long)]
    verify: bool,
    /// Overwrite files that botdocs did not write, or that were edited after the last build
    #[arg(long)]
    force: bool,
    /// Compress pages and other texts, for hosts that send compressed files as they are: `beside`
    /// writes FILE.gz beside each plain file, `only` writes FILE.gz alone
    #[arg(long, value_enum, value_name = "HOW", hide_possible_values = true)]
    gzip: Option<GzipChoice>,
    /// Write one archive, FILE.tar, in place of a folder; `-` for standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "verify", "watch"], value_parser = archive)]
    archive: Option<PathBuf>,
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true, help = Host::help())]
    hosting: Option<Host>,
    /// How pages get the values of a bot: `fill` renders each page once and inserts the values;
    /// `full` renders each page again for every bot, which is slow, and also reads the files of the
    /// last build. Both write the same bytes
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        hide_possible_values = true,
        default_value = "fill",
        hide_default_value = true
    )]
    render: Render,
    /// Treat warnings as errors
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

const BOTS_FROM_STDIN: &str = "; `-` reads standard input, but not with `--watch`";

const EXAMPLES: &str = "\
Without `--bot`, this builds the generic site: pages show placeholders, and readers fill in the \
values of their bot in the browser. With `--bot`, the pages contain the values of that bot. \
Without `--force`, files in the output folder that botdocs did not write, or that were edited \
after the last build, are neither overwritten nor deleted.

`build` writes nothing if more than 10 bots, and more than a tenth of the bots of the last build, \
would lose their pages. It also writes nothing if there is no list and all bots would lose their \
pages. `--remove-up-to` permits both, and `--generic` permits the second.

With `--watch`, the command runs until Ctrl-C. If there are errors, it prints them and keeps the \
last good site. After a power cut the folder may contain half a change: then build once with \
`--force`.

Examples:
  botdocs build                                      the generic site into ./site
  botdocs build docs --out public                    the project in docs/ into ./public
  botdocs build --bot 019dd3d4-4b7e-71eb-9561-5cf790a5da57 --out out
  botdocs build --watch                              again after each change
  botdocs build --bot ada --set bot_name='Ada & Co'  with another variable's value";

/// What is left by a build that fails before it writes anything, or that reverts what it wrote.
const NOTHING: &str = "nothing was written";

/// The error for `--shard` without a list of bots.
const NO_LIST: &str =
    "`--shard` needs a list of bots: name it with `--bots`, or by `bots` in site.yaml";

/// Extensions of other archive and compression formats.
// An archive `site.tar.gz` that is a plain tar is refused by every tool that trusts its name.
const OTHER_ARCHIVES: [&str; 11] = [
    "7z", "br", "bz2", "gz", "lz4", "tbz2", "tgz", "txz", "xz", "zip", "zst",
];

fn archive(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    if OTHER_ARCHIVES.contains(&ending.to_ascii_lowercase().as_str()) {
        Err("an archive is a plain tar; to compress it, write `--archive - | gzip > FILE`".into())
    } else {
        Ok(path)
    }
}

/// Returns the changes to the files, such as `2 files written (12 kB), 10 unchanged`.
pub(super) fn described(summary: &Summary) -> String {
    let size = match summary.bytes {
        few @ ..10_000_000 => format!("{} kB", grouped(few.div_ceil(1000))),
        many => format!("{} MB", grouped(many.div_ceil(1_000_000))),
    };
    let written = format!("{} written ({size})", count(summary.written, "file"));
    let parts = match (summary.written, summary.removed) {
        (0, 0) if summary.relisted => vec!["manifest rewritten".to_owned()],
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

/// Returns the message about skipped bots of the list.
fn skipped(roster: &Roster) -> String {
    let bots = count(roster.skipped(), "bot");
    if roster.skips_nameless() {
        format!("{bots} skipped, not all with a readable ID: no bot lost its pages\n")
    } else {
        format!("{bots} skipped: their last pages stay\n")
    }
}

/// Formats a duration: `120 ms`, or `12.3 s` from ten seconds on.
fn lasted(time: Duration) -> String {
    match time.as_millis() {
        short @ ..10_000 => format!("{short} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

impl Build {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        let fault = self.watch.fault(self.list.bots.as_deref());
        // The bytes of a tar could steer a terminal.
        let is_for_terminal = self.is_archive_on_stdout() && std::io::stdout().is_terminal();
        let fault =
            fault.or(is_for_terminal.then_some("refusing to write an archive to a terminal"));
        if let Some(fault) = fault {
            message(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        // The exit of the process frees the cache faster than its destructor.
        let mut cache = ManuallyDrop::new(SiteCache::default());
        if self.watch.is_asked_for() {
            if has_no_project(&folders) {
                return Ok(Ending::WrongFiles);
            }
            let mut watch = self.watch.start(&folders, self.list.choice())?;
            let hint = "watching for changes; press Ctrl-C to stop\n";
            return after_each_change(&mut watch, hint, |round| {
                self.build(&folders, &mut cache, round)
            });
        }
        let mut report = Report::default();
        let inputs = read(&folders, &self.list.choice(), &mut report);
        let snapshot = InputsSnapshot { inputs, report };
        self.build(&folders, &mut cache, Round::only(snapshot))
    }

    /// Describes what a failed write leaves behind.
    fn left_by_failure(&self) -> &'static str {
        if self.is_archive_on_stdout() {
            "the archive is incomplete"
        } else {
            NOTHING
        }
    }

    /// Builds the site from one snapshot of the inputs and writes it.
    fn build(
        &self,
        folders: &Folders,
        cache: &mut SiteCache,
        round: Round<'_>,
    ) -> anyhow::Result<Ending> {
        // The watch keeps the same snapshot to compare the next one with it.
        let snapshot = Arc::clone(&round.snapshot);
        let inputs = &snapshot.inputs;
        let mut report = round.snapshot.report.clone();
        let audience = self.internal.audience();
        let Some(mut project) = site::project_for(audience, inputs, cache, &mut report) else {
            return self.refuse(report, &inputs.sources, round);
        };
        if let Some(fault) = self.fault(&project.model, inputs) {
            message(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        let out = match self.output(folders, &project.model) {
            Ok(out) => out,
            Err(refusal) => return Ok(refused(&refusal)),
        };
        // Lines of a list that have errors are added as sources of their own; the clone shares all
        // other sources.
        let mut sources = inputs.sources.clone();
        let list = TakenList::of(inputs, &out);
        let (mut roster, of_list) = self.roster(list, &project.model, &mut sources, &mut report)?;
        if self.values.bot.is_some() && report.has_errors() {
            return self.refuse(report, &sources, round);
        }
        let all = inputs.bots.as_ref().map(|_| &roster);
        let values = match list::root_values(&self.values, &mut project, cache, all)? {
            Ok(values) => values,
            // A file with errors is the reason.
            Err(_) if report.has_errors() => return self.refuse(report, &sources, round),
            Err(fault) => {
                message(&format!("error: {fault}; nothing was written\n"));
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
        // This precedes the report of the list: what `--skip-bad-bots` skips remains a warning with
        // `--strict` too, and has its own exit code.
        if self.strict {
            report.deny_warnings();
        }
        report.append(of_list);
        let Some(site) = site.filter(|_| !report.has_errors()) else {
            return self.refuse(report, &sources, round);
        };
        self.print_report(&mut report, &sources)?;
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
        // Checked before anything is written, since a host refuses the whole site.
        match self.exceeds_host(&tree) {
            Ok(false) => {}
            Ok(true) => return Ok(Ending::WrongFiles),
            Err(error) => return self.fail(error, inputs, &sources, round, NOTHING),
        }
        let progress = Progress::new(roster.len());
        let target = self.archive.as_deref().unwrap_or(&out);
        let written = self.write(&tree, &progress, &out, folders, |summary| {
            self.done(summary, model, &roster, shown(target), &round)
        });
        match written {
            Ok(Ending::Fine) if roster.skipped() > 0 => {
                message(&skipped(&roster));
                Ok(Ending::Skipped)
            }
            Ok(ending) => Ok(ending),
            Err(error) => self.fail(error, inputs, &sources, round, self.left_by_failure()),
        }
    }

    /// Returns the output folder; for an archive, the project's folder, which then holds the
    /// unnamed temporary files.
    fn output(&self, folders: &Folders, model: &Model) -> Result<PathBuf, Refusal> {
        match self.archive {
            Some(_) => Ok(folders.project.clone()),
            None => output_folder(self.out.as_deref(), folders, &model.site.output),
        }
    }

    /// Returns the error in the flags for this project, if any.
    fn fault(&self, model: &Model, inputs: &Inputs) -> Option<String> {
        let url = self.site_url.as_deref();
        let key = url.and_then(|url| Some(secret::beginning(url, secret::find(url).first()?)));
        let fault = key.map(|key| format!("--site-url: {key} looks like a live key"));
        let fault = fault.or_else(|| self.values.fault_of_pages(model));
        let fault = fault.or_else(|| self.list.fault(&model.variables));
        let has_no_list = self.shard.is_some() && inputs.bots.is_none();
        fault.or_else(|| has_no_list.then(|| NO_LIST.to_owned()))
    }

    /// Reads the bots of the list, and returns the warnings about skipped bots apart: they don't
    /// fail the build, since the exit code reports them.
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

    /// Returns the message after a successful build.
    fn done(
        &self,
        summary: &Summary,
        model: &Model,
        roster: &Roster,
        out: &Path,
        round: &Round<'_>,
    ) -> String {
        let mut pages = count(model.pages.len(), "page");
        if !roster.is_empty() {
            pages = format!("{pages}, and those of {},", count(roster.len(), "bot"));
        }
        let (described, time) = (described(summary), lasted(round.start.elapsed()));
        match round.changed {
            _ if self.is_archive_on_stdout() => format!("{pages}: {described}, {time}\n"),
            _ if self.archive.is_some() => {
                format!("{pages} in {}: {described}, {time}\n", printable_path(out))
            }
            Some(changed) => format!("{}: {described}, {time}\n", named(changed)),
            None => format!(
                "{pages} in {}: {described}, {time}\n{}{}",
                printable_path(out),
                proof::line(model).unwrap_or_default(),
                self.to_open(out)
            ),
        }
    }

    /// Reports a template that can't render a bot's page, and what is left of the build; returns
    /// any other error.
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

    /// Returns how many bots may lose their pages.
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

    /// Sorts and prints the report.
    fn print_report(&self, report: &mut Report, sources: &Sources) -> anyhow::Result<()> {
        report.sort(sources);
        show(report, sources);
        message(&left_off(report));
        if is_github() && !self.is_archive_on_stdout() {
            result(&self.project.to_github(report, sources))?;
        }
        Ok(())
    }

    /// Warns if the site exceeds a limit of its host; returns true if that is an error, by
    /// `--strict`.
    fn exceeds_host(&self, tree: &Tree<'_>) -> anyhow::Result<bool> {
        let Some(host) = self.hosting else {
            return Ok(false);
        };
        let refusals = host.refuses(&Totals::of(tree)?);
        for refusal in &refusals {
            let severity = if self.strict { "error" } else { "warning" };
            message(&format!("{severity}: {refusal}\n"));
        }
        let exceeds_host = self.strict && !refusals.is_empty();
        if exceeds_host {
            message("nothing was written\n");
        }
        Ok(exceeds_host)
    }

    /// Returns the line that names the first page; none if all files are compressed, which a
    /// browser can't open from disk.
    fn to_open(&self, out: &Path) -> String {
        match self.gzip {
            Some(GzipChoice::Only) => String::new(),
            _ => format!("open {}\n", printable_path(&out.join("index.html"))),
        }
    }

    fn is_archive_on_stdout(&self) -> bool {
        self.archive.as_deref() == Some(Path::new("-"))
    }

    /// Reports why nothing was built, unless newer inputs follow at once.
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
        // A half-saved file often has errors, and a report of them would be on the screen for
        // milliseconds only.
        if round.gets_outdated() {
            return Ok(Ending::WrongFiles);
        }
        if self.strict {
            report.deny_warnings();
        }
        self.print_report(&mut report, sources)?;
        message(&format!("{}; {left}\n", counted(&report)));
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
            // `--render full` compares with a last build by `fill`, and sizes alone would compare
            // nothing.
            verify: self.verify || self.render == Render::Full,
            // A watched build does not sync to the disk. Its writes use the journal like all
            // others, so a kill does no harm; only a power cut can.
            unsynced: self.watch.is_asked_for(),
            leaving: self.leaving(),
            threads: None,
        };
        let inputs = folders.roots();
        let report = |done| progress.update(done);
        let archive = Archive {
            tree,
            options: &options,
            make_file: &output::spool_files(out),
            progress: &report,
        };
        let written = match self.archive.as_deref() {
            None => output::write_with_progress(tree, out, &inputs, &options, &report),
            Some(_) if self.is_archive_on_stdout() => archive
                .write(file_of(std::io::stdout())?)
                .map_err(output::Error::from),
            Some(file) => archive.write_file(file, &inputs),
        };
        progress.finish();
        match written {
            Ok(summary) => {
                message(&done(&summary));
                Ok(Ending::Fine)
            }
            Err(output::Error::Refused(refusal)) => Ok(refused(&refusal)),
            Err(output::Error::Failed(error)) => Err(error),
        }
    }
}

//! `botdocs serve`: serves the site to a browser and updates it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::Args;

use super::list::{self, LastList, ListFlags, NoPages, TakenList};
use super::listening::Listening;
use super::values::{GivenValues, InternalFlag};
use super::watch::{Poll, Round, after_each_change, named, unwatchable};
use super::{Ending, ProjectFolders, count, counted, has_no_project, message, show};
use crate::hole::Values;
use crate::hole::roster::Roster;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::Folders;
use crate::input::source::Sources;
use crate::live::listen::Door;
use crate::live::serve::{Editor, Faults, PreviewServer, Publisher, Shown, ValuesOfBots};
use crate::pages::render::ViewOptions;
use crate::pages::site::{self, SiteCache};

/// Serves the site of a project to a browser, and updates it after each change.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("generic", |generic| generic.conflicts_with("bot")))]
#[command(mut_arg("bots", |bots| bots.help(list::bots_help(""))))]
pub(super) struct Serve {
    #[command(flatten)]
    project: ProjectFolders,
    #[command(flatten)]
    values: GivenValues,
    #[command(flatten)]
    list: ListFlags,
    #[command(flatten)]
    internal: InternalFlag,
    /// The port to listen on; if it is busy, the next free one
    #[arg(short, long, default_value_t = 8400)]
    port: u16,
    #[command(flatten)]
    listening: Listening,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
    /// Link errors in the page to an editor: its name, or a URL with {file}, {line} and {column}
    /// [default: that of VISUAL or EDITOR, if it has such a URL]
    #[arg(long, value_name = "NAME", value_parser = Editor::parse)]
    editor: Option<Editor>,
    #[command(flatten)]
    poll: Poll,
}

const EXAMPLES: &str = "\
`serve` writes no files: the site is only in memory. The browser shows a saved change at once and \
keeps its position on the page. Errors are shown above the last good site until they are \
corrected.

The site of each bot is under /bots/ID/, in addition to the generic site or the site of `--bot`. \
With a list of bots, the site of a bot has the values and endpoints of the bot in the list, and \
bots that are not listed have no pages.

Unless `--host` names another address, only programs on this machine can send requests. The `Host` \
of each request must be a name of this machine or one of `--allow-host`, so a website that is open \
in the same browser can't read the preview.

Examples:
  botdocs serve --open
  botdocs serve docs --bot 019dd3d4-4b7e-71eb-9561-5cf790a5da57
  botdocs serve --editor vscode
  botdocs serve --host 0.0.0.0 --allow-host docs.internal";

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        if let Some(fault) = unwatchable(self.list.bots.as_deref()) {
            message(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        // A project that vanishes later may come back; one that was never there is a wrong folder.
        if has_no_project(&folders) {
            return Ok(Ending::WrongFiles);
        }
        let door = Door::new(self.listening.allow_host.clone());
        let server = PreviewServer::bind(self.listening.host, self.port, door)?;
        let address = server.address()?;
        // Port 0 means any port, so the message would not help.
        if self.port != 0 && address.port() != self.port {
            message(&format!(
                "port {} is busy; using {}\n",
                self.port,
                address.port()
            ));
        }
        // The check of `Host` keeps websites out, but not people: whoever reaches the address can
        // send its name.
        if !self.listening.host.is_loopback() {
            message(&format!(
                "warning: everybody who can reach {address} can read this preview\n"
            ));
        }
        let publisher = server.publisher();
        let mut watch = self.poll.start(&folders, self.list.choice())?;
        let stopper = watch.stopper();
        // The main thread watches and builds; the server's thread answers meanwhile, and ends the
        // watch when it fails.
        std::thread::spawn(move || {
            if let Err(error) = server.run() {
                message(&format!("error: {error:#}\n"));
                stopper.stop();
            }
        });
        let url = format!("http://{address}/");
        let (mut cache, mut last) = (SiteCache::default(), LastList::default());
        let hint = format!("serving {url} and watching for changes; press Ctrl-C to stop\n");
        let mut is_open = !self.open;
        after_each_change(&mut watch, &hint, |round| {
            let ending = self.show(&folders, &mut cache, &mut last, &publisher, round);
            if !std::mem::replace(&mut is_open, true) {
                open_browser(&url);
            }
            ending
        })
    }

    /// Renders one snapshot of the inputs and publishes it, or its errors.
    fn show(
        &self,
        folders: &Folders,
        cache: &mut SiteCache,
        list: &mut LastList,
        publisher: &Publisher,
        round: Round<'_>,
    ) -> anyhow::Result<Ending> {
        let snapshot = Arc::clone(&round.snapshot);
        let mut report = snapshot.report.clone();
        let audience = self.internal.audience();
        let project = site::project_for(audience, &snapshot.inputs, cache, &mut report);
        let mut sources = snapshot.inputs.sources.clone();
        let fault = project.as_ref().and_then(|project| {
            let fault = self.values.fault_of_pages(&project.model);
            fault.or_else(|| self.list.fault(&project.model.variables))
        });
        let last = publisher.last();
        if let (Some(fault), None) = (&fault, &last) {
            message(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        // The flags were valid until a variable changed, which can be corrected.
        let project = match fault {
            Some(fault) => {
                let help = "correct `variables`, or restart with other values";
                report.push(by_values(Code::InvalidVariableValue, &fault, help));
                None
            }
            None => project,
        };
        let options = ViewOptions {
            for_bot: self.values.bot.is_some(),
            ..ViewOptions::default()
        };
        // The newest version has most in common with this one, even if it was withdrawn; the last
        // good version is the one to return to.
        let (before, good) = (publisher.newest(), last);
        let (mut shown, mut found) = (None, None);
        if let Some(project) = &project {
            let bots = TakenList::of(&snapshot.inputs, &folders.project);
            let (model, set) = (&project.model, &self.values.set);
            let flags = &self.list;
            let roster = list.bots(flags, bots, model, set, &mut sources, &mut report)?;
            found = (snapshot.inputs.bots.is_some() && !report.has_errors()).then_some(roster);
        }
        if let Some(mut project) = project.filter(|_| !report.has_errors())
            && let Some(values) =
                self.root_values(&mut project, cache, found.as_deref(), &mut report)?
        {
            let snapshot = Arc::clone(&snapshot);
            let bots = ValuesOfBots {
                roster: found,
                set: self.values.set.clone(),
            };
            let site = Shown::new(snapshot, project, options, values, bots, before.as_deref());
            site.prove(None, &mut report);
            shown = Some(Arc::new(site));
        }
        report.sort(&sources);
        let Some(shown) = shown.filter(|_| !report.has_errors()) else {
            return Ok(self.report_errors(folders, &report, &sources, publisher, round));
        };
        show(&report, &sources);
        let (pages, rendered) = shown.compare(before.as_deref());
        publisher.show(Arc::clone(&shown));
        let millis = round.start.elapsed().as_millis();
        message(&match round.changed {
            Some(changed) => {
                let names = named(changed);
                format!(
                    "{names}: {rendered} of {} changed, {millis} ms\n",
                    count(pages, "page")
                )
            }
            None => format!("{}, {millis} ms\n", count(pages, "page")),
        });
        self.prove_other_pages(folders, shown, good, report, publisher);
        Ok(Ending::Fine)
    }

    /// Returns the values of the pages at the root, and restricts the project to the endpoints of
    /// the bot; reports why the bot has no pages.
    fn root_values(
        &self,
        project: &mut site::Project,
        cache: &mut SiteCache,
        roster: Option<&Roster>,
        report: &mut Report,
    ) -> anyhow::Result<Option<Values>> {
        let found = list::root_values(&self.values, project, cache, roster)?;
        let fault = match found {
            Ok(values) => return Ok(Some(values)),
            Err(fault) => fault,
        };
        let (code, help) = match fault {
            NoPages::Unlisted(_) => (
                Code::UnknownValue,
                "add the bot to the list, or restart with another ID",
            ),
            NoPages::NoEndpoint | NoPages::Nothing => (
                Code::EmptyValue,
                "change `when` of an endpoint, or set other values with `--set`",
            ),
        };
        report.push(by_values(code, &fault.to_string(), help));
        Ok(None)
    }

    /// Renders the pages that nobody has requested yet, while the site is shown, and prints the
    /// errors found; if a template can't render one, shows the last good site again.
    fn prove_other_pages(
        &self,
        folders: &Folders,
        shown: Arc<Shown>,
        good: Option<Arc<Shown>>,
        mut report: Report,
        publisher: &Publisher,
    ) {
        let (folders, publisher) = (folders.clone(), publisher.clone());
        let editor = self.editor.clone();
        std::thread::spawn(move || {
            let printed = report.clone();
            shown.prove(Some(&|| !publisher.is_shown(&shown)), &mut report);
            let sources = &shown.snapshot().inputs.sources;
            report.sort(sources);
            if !report.has_errors() {
                if publisher.is_shown(&shown) {
                    show(&report.without(&printed), sources);
                }
                return;
            }
            let faults = faults(&folders, editor, &report, sources);
            let goes_on = match good {
                Some(_) => "the last good site is shown again",
                None => "the other pages are shown",
            };
            if publisher.take_back(&shown, good, faults) {
                show(&report, sources);
                message(&format!("{}; {goes_on}\n", counted(&report)));
            }
        });
    }

    /// Reports errors on the terminal and in the page, unless newer inputs follow at once.
    fn report_errors(
        &self,
        folders: &Folders,
        report: &Report,
        sources: &Sources,
        publisher: &Publisher,
        round: Round<'_>,
    ) -> Ending {
        if round.gets_outdated() {
            return Ending::WrongFiles;
        }
        show(report, sources);
        let stays = match publisher.last() {
            Some(_) => "the last good site stays",
            None => "there is no site yet",
        };
        message(&format!("{}; {stays}\n", counted(report)));
        publisher.show_faults(faults(folders, self.editor.clone(), report, sources));
        Ending::WrongFiles
    }
}

/// Returns a diagnostic for the values of `--bot` and `--set`, which have no place in a file.
fn by_values(code: Code, message: &str, help: &str) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: message.to_owned(),
        labels: Vec::new(),
        path: None,
        help: Some(help.to_owned()),
    }
}

/// Returns the errors for the page, with links to the editor.
fn faults(folders: &Folders, editor: Option<Editor>, report: &Report, sources: &Sources) -> Faults {
    let editor = editor.or_else(editor_of_environment);
    Faults::new(report, sources, &|path, line, column| {
        let file = folders.locate(Path::new(path));
        Some(editor.as_ref()?.link(&file, line, column))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here, at the rim"
)]
fn editor_of_environment() -> Option<Editor> {
    let named = ["VISUAL", "EDITOR"].map(std::env::var);
    named
        .into_iter()
        .flatten()
        .find_map(|command| Editor::of_command(&command))
}

/// Opens a URL in the browser of the system.
fn open_browser(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    // Started without a shell, so nothing in the URL is a command.
    let mut command = Command::new(program);
    command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        message(&format!(
            "note: cannot open a browser with `{program}`: {error}\n"
        ));
    }
}

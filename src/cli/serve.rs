//! `botdocs serve`: the site in a browser, as it will be.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::Args;

use super::list::{self, LastList, ListFlags, NoPages, TakenList};
use super::values::GivenValues;
use super::watch::{Poll, Round, after_each_change, named, unwatchable};
use super::{Ending, ProjectFolders, count, counted, show, talk};
use crate::hole::Values;
use crate::hole::roster::Roster;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::Folders;
use crate::input::source::Sources;
use crate::live::listen::Door;
use crate::live::serve::{Editor, Faults, PreviewServer, Publisher, Shown};
use crate::pages::render::ViewOptions;
use crate::pages::site::{self, SiteCache};

/// Shows the site of a project in a browser, and each change at once.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("generic", |generic| generic.conflicts_with("bot")))]
pub(super) struct Serve {
    #[command(flatten)]
    project: ProjectFolders,
    #[command(flatten)]
    values: GivenValues,
    #[command(flatten)]
    list: ListFlags,
    /// The port to listen at; if it is busy, the next that is free
    #[arg(short, long, default_value_t = 8400)]
    port: u16,
    /// The address to listen at; others than the default can be reached by other machines
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1", value_parser = address)]
    host: IpAddr,
    /// Another name that this machine is asked by; can be given several times
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Let faults in the page link to an editor: its name, or an address with {file}, {line} and
    /// {column} [default: that of VISUAL or EDITOR, if it takes links]
    #[arg(long, value_name = "NAME", value_parser = Editor::parse)]
    editor: Option<Editor>,
    #[command(flatten)]
    poll: Poll,
}

const EXAMPLES: &str = "\
Nothing is written: the site is in memory only. A saved change is in the browser at once, which \
keeps its place on the page. Faults are shown over the last good site, until they are mended.

Beside the generic site, or that of `--bot`, there is each bot's under /bots/ID/; with a list of \
bots its values and endpoints are those of the list, and other bots have no pages.

Only this machine can ask, and only by its own names: a website that is open in the same browser \
can't read the preview.

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
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        let door = Door::new(self.allow_host.clone());
        let server = PreviewServer::bind(self.host, self.port, door)?;
        let address = server.address()?;
        if self.port != 0 && address.port() != self.port {
            talk(&format!(
                "port {} is busy; using {}\n",
                self.port,
                address.port()
            ));
        }
        if !self.host.is_loopback() {
            talk(&format!(
                "warning: everybody who can reach {address} can read this preview\n"
            ));
        }
        let publisher = server.publisher();
        let mut watch = self.poll.start(&folders, self.list.choice())?;
        let stopper = watch.stopper();
        std::thread::spawn(move || {
            if let Err(error) = server.run() {
                talk(&format!("error: {error:#}\n"));
                stopper.stop();
            }
        });
        let url = format!("http://{address}/");
        let (mut cache, mut last) = (SiteCache::default(), LastList::default());
        let hint = format!("serving {url} and watching for changes; Ctrl-C ends it\n");
        let mut is_open = !self.open;
        after_each_change(&mut watch, &hint, |round| {
            let ending = self.show(&folders, &mut cache, &mut last, &publisher, round);
            if !std::mem::replace(&mut is_open, true) {
                open_browser(&url);
            }
            ending
        })
    }

    /// Renders what was read and publishes it, or what is wrong with it.
    fn show(
        &self,
        folders: &Folders,
        cache: &mut SiteCache,
        list: &mut LastList,
        publisher: &Publisher,
        round: Round<'_>,
    ) -> anyhow::Result<Ending> {
        let look = Arc::clone(&round.look);
        let mut report = look.report.clone();
        let project = site::project(&look.inputs, cache, &mut report);
        let mut sources = look.inputs.sources.clone();
        let fault = project.as_ref().and_then(|project| {
            let fault = self.values.fault_of_pages(&project.model);
            fault.or_else(|| self.list.fault(&project.model.variables))
        });
        let last = publisher.last();
        if let (Some(fault), None) = (&fault, &last) {
            talk(&format!("error: {fault}\n"));
            return Ok(Ending::WrongUsage);
        }
        // Values that were right until a variable changed: that can be mended.
        let project = match fault {
            Some(fault) => {
                let help = "mend `variables`, or begin again with other values";
                report.push(by_values(Code::InvalidVariableValue, &fault, help));
                None
            }
            None => project,
        };
        let options = ViewOptions {
            for_bot: self.values.bot.is_some(),
            ..ViewOptions::default()
        };
        let (before, good) = (publisher.newest(), last);
        let (mut shown, mut found) = (None, None);
        if let Some(project) = &project {
            let bots = TakenList::of(&look.inputs, &folders.project);
            let (model, set) = (&project.model, &self.values.set);
            let flags = &self.list;
            let roster = list.bots(flags, bots, model, set, &mut sources, &mut report)?;
            found = (look.inputs.bots.is_some() && !report.has_errors()).then_some(roster);
        }
        if let Some(mut project) = project.filter(|_| !report.has_errors())
            && let Some(values) = self.root_values(&mut project, found.as_deref(), &mut report)?
        {
            let (look, set) = (Arc::clone(&look), self.values.set.clone());
            let bots = (found, set);
            let site = Shown::new(look, project, options, values, bots, before.as_deref());
            site.prove(None, &mut report);
            shown = Some(Arc::new(site));
        }
        report.sort(&sources);
        let Some(shown) = shown.filter(|_| !report.has_errors()) else {
            return Ok(self.tell(folders, &report, &sources, publisher, round));
        };
        show(&report, &sources);
        let (pages, rendered) = shown.compare(before.as_deref());
        publisher.show(Arc::clone(&shown));
        let millis = round.start.elapsed().as_millis();
        talk(&match round.changed {
            Some(changed) => {
                let names = named(changed);
                format!(
                    "{names}: {rendered} of {} changed, {millis} ms\n",
                    count(pages, "page")
                )
            }
            None => format!("{}, {millis} ms\n", count(pages, "page")),
        });
        self.prove_rest(folders, shown, good, report, publisher);
        Ok(Ending::Fine)
    }

    /// The values of the pages at the root, of which the project keeps what its bot has; reports why
    /// there are none.
    fn root_values(
        &self,
        project: &mut site::Project,
        roster: Option<&Roster>,
        report: &mut Report,
    ) -> anyhow::Result<Option<Values>> {
        let found = list::root_values(&self.values, project, roster)?;
        let fault = match found {
            Ok(values) => return Ok(Some(values)),
            Err(fault) => fault,
        };
        let (code, help) = match fault {
            NoPages::Unlisted(_) => (
                Code::UnknownValue,
                "add the bot to the list, or begin again with another ID",
            ),
            NoPages::NoEndpoint => (
                Code::EmptyValue,
                "change `when` of an endpoint, or give other values with `--set`",
            ),
        };
        report.push(by_values(code, &fault.to_string(), help));
        Ok(None)
    }

    /// Tries the pages that nobody has looked at yet, while the site is shown, and tells what it finds;
    /// where a template can't make one, it shows the last good site again.
    fn prove_rest(
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
            let told = report.clone();
            shown.prove(Some(&|| !publisher.is_shown(&shown)), &mut report);
            let sources = &shown.look().inputs.sources;
            report.sort(sources);
            if !report.has_errors() {
                if publisher.is_shown(&shown) {
                    show(&report.without(&told), sources);
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
                talk(&format!("{}; {goes_on}\n", counted(&report)));
            }
        });
    }

    /// Tells of faults here and over the page, unless they are gone in a moment.
    fn tell(
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
        talk(&format!("{}; {stays}\n", counted(report)));
        publisher.tell(faults(folders, self.editor.clone(), report, sources));
        Ending::WrongFiles
    }
}

/// An address to listen at; of names only the one that means this machine alone, since others can
/// lead anywhere.
fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_| {
            "write an address such as 127.0.0.1 or 0.0.0.0; names are for `--allow-host`".to_owned()
        }),
    }
}

/// What is wrong with the files for the values of `--bot` and `--set`: that has no single place.
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

/// Faults for the page, with links to the editor.
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

/// Opens an address in the browser that the system knows.
fn open_browser(url: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        talk(&format!(
            "note: no browser was opened: `{program}`: {error}\n"
        ));
    }
}

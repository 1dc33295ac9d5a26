//! Flags and commands, and their output: results on stdout, messages on stderr.

pub mod json_schema;
pub mod scaffold;
pub mod starter;

mod build;
mod check;
mod clean;
mod completions;
mod explain;
mod hosting;
mod init;
mod list;
mod listening;
mod man;
mod merge;
mod mock;
mod print;
mod progress;
mod proof;
mod schema;
mod serve;
mod signals;
mod test;
mod theme;
mod typed;
mod values;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, Parser, Subcommand};

use crate::check::{CheckCache, check};
use crate::input::diagnostic::{HumanStyle, Report, printable_path};
use crate::input::load::{self, FileCache, Folders, Inputs, ListChoice, Root};
use crate::input::source::Sources;
use crate::model::Model;
use crate::output::{PlaceFault, Refusal};

use print::{draw, message, result};

/// Builds the documentation site of a chat-bot API from one YAML spec.
#[derive(Parser)]
#[command(name = "botdocs", version, after_help = NOTES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const NOTES: &str = "\
A project is a folder that contains `spec/`: `spec/site.yaml`, a YAML file for each API page, and \
a Markdown file for each guide. Its `templates/` and `static/` replace files of the built-in \
theme; the files of its `root/` stand at the root of the site as they are.

Exit codes: 0 success, 1 errors in the project's files, 2 wrong usage, 3 a failure of the machine \
(disk, port), 4 built without the bots that have errors (`build --skip-bad-bots`).
botdocs never downloads anything.";

#[derive(Subcommand)]
enum Command {
    /// Create a new project
    Init(init::Init),
    /// Build the site of a project into a folder
    Build(build::Build),
    /// Serve the site to a browser, and update it after each change
    Serve(serve::Serve),
    /// Check a project and build nothing
    Check(check::Check),
    /// Serve the documented API on this machine, answering with its examples
    Mock(mock::MockCommand),
    /// Run every sample of the pages against the mock
    Test(test::Test),
    /// Delete the files that `build` wrote
    Clean(clean::Clean),
    /// Join the parts of a site that several machines built
    Merge(merge::Merge),
    /// Explain a code such as `unknown-key`, with a wrong and a right example
    Explain(explain::Explain),
    /// List files of the built-in theme, or copy them to change them
    Theme(theme::Theme),
    /// Print the JSON Schema of the spec files, for editors
    Schema(schema::Schema),
    /// Print the completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page of botdocs or of a command
    Man(man::Man),
}

impl Command {
    fn run(self) -> anyhow::Result<Ending> {
        match self {
            Command::Init(init) => init.run(),
            Command::Build(build) => build.run(),
            Command::Serve(serve) => serve.run(),
            Command::Check(check) => check.run(),
            Command::Mock(mock) => mock.run(),
            Command::Test(test) => test.run(),
            Command::Clean(clean) => clean.run(),
            Command::Merge(merge) => merge.run(),
            Command::Explain(explain) => explain.run(),
            Command::Theme(theme) => theme.run(),
            Command::Schema(schema) => schema.run(),
            Command::Completions(completions) => completions.run(),
            Command::Man(man) => man.run(),
        }
    }
}

/// Returns the definition of the whole command line.
fn command() -> clap::Command {
    Cli::command()
}

/// The folders of a project.
#[derive(Args)]
struct ProjectFolders {
    /// The project's folder, which contains `spec/`
    #[arg(default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// Another folder for the spec
    #[arg(long, value_name = "FOLDER")]
    spec: Option<PathBuf>,
    /// Another folder for templates that replace built-in ones
    #[arg(long, value_name = "FOLDER")]
    templates: Option<PathBuf>,
    /// Another folder for static files, which replace built-in ones or are added to them
    #[arg(long = "static", value_name = "FOLDER")]
    statics: Option<PathBuf>,
    /// Another folder for files that stand at the root of the site as they are
    #[arg(long = "root", value_name = "FOLDER")]
    at_root: Option<PathBuf>,
}

impl ProjectFolders {
    /// Loads and checks the project and validates `--bot` and `--set`. On failure, prints the
    /// report and returns the exit status.
    fn model(&self, values: &values::GivenValues) -> Result<Model, Ending> {
        let folders = self.folders().ok_or(Ending::WrongUsage)?;
        let mut report = Report::default();
        let inputs = load::load(
            &folders,
            &ListChoice::None,
            &mut FileCache::default(),
            &mut report,
        );
        let model = check(&inputs, &mut CheckCache::default(), &mut report);
        report.sort(&inputs.sources);
        show(&report, &inputs.sources);
        let model = model.filter(|_| !report.has_errors());
        let model = model.ok_or(Ending::WrongFiles)?;
        match values.fault(&model.variables) {
            None => Ok(model),
            Some(fault) => {
                message(&format!("error: {fault}\n"));
                Err(Ending::WrongUsage)
            }
        }
    }

    /// Returns the folders to read. If a folder named by a flag does not exist, prints an error
    /// and returns nothing.
    fn folders(&self) -> Option<Folders> {
        let named = [
            Some(&self.dir),
            self.spec.as_ref(),
            self.templates.as_ref(),
            self.statics.as_ref(),
            self.at_root.as_ref(),
        ];
        if let Some(missing) = named.into_iter().flatten().find(|folder| !folder.is_dir()) {
            let shown = printable_path(missing);
            message(&if missing.is_file() {
                format!(
                    "error: `{shown}` is a file, not a folder\nhelp: name the project's folder, \
                     which contains `spec/`; botdocs reads all files of it\n"
                )
            } else {
                format!("error: no folder `{shown}`\n")
            });
            return None;
        }
        let usual = Folders::of_project(&self.dir);
        Some(Folders {
            here: current_folder(),
            spec: self.spec.clone().map_or(usual.spec, Root::Named),
            templates: self.templates.clone().map_or(usual.templates, Root::Named),
            statics: self.statics.clone().map_or(usual.statics, Root::Named),
            at_root: self.at_root.clone().map_or(usual.at_root, Root::Named),
            project: usual.project,
        })
    }
}

/// Returns true if there is no folder of the spec, and prints the error: for commands that would
/// wait for a change of it for ever.
fn has_no_project(folders: &Folders) -> bool {
    if folders.spec.path().is_dir() {
        return false;
    }
    let mut report = Report::default();
    let cache = &mut FileCache::default();
    let inputs = load::load(folders, &ListChoice::None, cache, &mut report);
    show(&report, &inputs.sources);
    message(&format!("{}\n", counted(&report)));
    report.has_errors()
}

impl ProjectFolders {
    /// Formats a report as commands of a GitHub workflow, which identifies files by their paths in
    /// the workspace.
    fn to_github(&self, report: &Report, sources: &Sources) -> String {
        let folders = Folders {
            here: current_folder(),
            ..Folders::of_project(&self.dir)
        };
        // The workspace need not be the folder that the command runs in.
        let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let workspace = workspace.unwrap_or_else(|| folders.here.clone());
        report.to_github(sources, &|shown| {
            let path = folders.locate(Path::new(shown));
            match path.strip_prefix(&workspace) {
                Ok(path) => path.to_string_lossy().into_owned(),
                Err(_) => shown.to_owned(),
            }
        })
    }
}

/// Returns the working directory.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here, at the rim"
)]
fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// The result of a command, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Fine = 0,
    WrongFiles = 1,
    WrongUsage = 2,
    Machine = 3,
    Skipped = 4,
}

/// Runs the program with the arguments and streams of this process.
pub fn run() -> ExitCode {
    // A panic message may quote an input, such as a key; the standard hook would print it
    // unmasked.
    std::panic::set_hook(Box::new(print::panic));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let arguments: Vec<String> = std::env::args_os()
                .skip(1)
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect();
            let error = typed::answered(error, command(), &arguments);
            return match print::usage(&error) {
                // clap chooses the code: 0 for `--help`, 2 for wrong usage. A failure to print is
                // one of the machine.
                Ok(()) => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)),
                Err(error) => {
                    message(&format!("error: {error:#}\n"));
                    ExitCode::from(Ending::Machine as u8)
                }
            };
        }
    };
    let ending = cli.command.run().unwrap_or_else(|error| {
        message(&format!("error: {error:#}\n"));
        Ending::Machine
    });
    ExitCode::from(ending as u8)
}

/// Reads a project's folders and opens the chosen list of bots.
fn read(folders: &Folders, list: &ListChoice, report: &mut Report) -> Inputs {
    let mut inputs = load::load(folders, list, &mut FileCache::default(), report);
    load::bots(list, folders, &mut inputs);
    inputs
}

/// Returns the output folder: the one that the user names, else that of `site.yaml`, unless the
/// path to it contains a symbolic link.
fn output_folder(
    named: Option<&Path>,
    folders: &Folders,
    of_site: &str,
) -> Result<PathBuf, Refusal> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let dir = folders.project.join(of_site);
    match load::link_on_way(&folders.project, Path::new(of_site)) {
        Some(link) => {
            let fault = PlaceFault::BehindLink { link };
            Err(Refusal::Place { dir, fault })
        }
        None => Ok(dir),
    }
}

/// Prints a report for people, with colours if the terminal supports them.
fn show(report: &Report, sources: &Sources) {
    let width =
        terminal_size::terminal_size_of(std::io::stderr()).map_or(100, |(width, _)| width.0);
    let style = HumanStyle {
        // anstream removes the colours where the terminal has none or `NO_COLOR` is set.
        color: true,
        // With less width, the margin would leave no room for source lines.
        width: usize::from(width).max(40),
    };
    draw(&report.to_human(sources, &style));
}

/// Formats the counts of a report: `2 errors and 1 warning`.
fn counted(report: &Report) -> String {
    let (errors, warnings) = report.counts();
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|&(number, _)| number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    parts.join(" and ")
}

/// Returns the line about the warnings that the levels of `site.yaml` left out, if there are some.
fn left_off(report: &Report) -> String {
    match report.off() {
        0 => String::new(),
        off => format!("{} off by `levels` in site.yaml\n", count(off, "warning")),
    }
}

/// Prints why `output` refused to change files, and returns the exit status.
fn refused(refusal: &Refusal) -> Ending {
    message(&format!("error: {refusal}\nhelp: {}\n", refusal.help()));
    match refusal {
        Refusal::Place { .. }
        | Refusal::Archive { .. }
        | Refusal::NotOurs { .. }
        | Refusal::Exists { .. }
        | Refusal::NotAFile { .. } => Ending::WrongUsage,
        Refusal::Bots { .. }
        | Refusal::Damaged { .. }
        | Refusal::Files { .. }
        | Refusal::Kept { .. }
        | Refusal::Parts { .. } => Ending::WrongFiles,
    }
}

/// Returns a path without the `./` of the default project folder.
fn shown(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// Formats a count: `1 page`, `2 pages`.
fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number as u64))
}

/// Formats a number with thousands separators: `20,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns whether this runs in a GitHub workflow, which shows reports at the lines of a change.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read here, at the rim"
)]
fn is_github() -> bool {
    std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true")
}

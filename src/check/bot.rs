//! Lists of bots: YAML, CSV with a header, or JSON Lines.
//!
//! A list gives each bot the values of variables, and optionally its endpoints. CSV and JSON Lines
//! are read record by record, so a list of a million bots takes no more memory than its [`Roster`].
//! A correct record is added to it at once. An incorrect one is kept as an excerpt of the list and
//! parsed again, slowly and with places, to report all its errors. Every error is reported with its
//! line; nothing is built from a list that has one.

mod json;
mod limit;
mod quote;
mod reader;
mod table;
mod text;
mod tree;

use std::collections::BTreeSet;
use std::io::{self, Read};

use anyhow::Context as _;

use crate::hole::roster::{Roster, RosterBuilder};
use crate::hole::spool::Spool;
use crate::hole::variable::{BOT_ID, Variables};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load;
use crate::input::source::Sources;
use crate::input::yaml::{self, Value};
use crate::model::Model;

use limit::LONGEST_TREE;
use reader::{ENDPOINTS, ListReader};
use text::Folded;

pub use reader::ListFormat;

/// The message for an ignored column that has a meaning.
pub const IGNORABLE: &str = "is a known column, and can't be ignored";

/// A list of bots to read.
pub struct List<R> {
    /// Where it comes from, for messages.
    pub path: String,
    /// Its text.
    pub text: R,
    /// How it is written; if `None`, guessed from its beginning.
    pub format: Option<ListFormat>,
    /// Columns or keys to ignore, in addition to those that the project ignores.
    pub ignored: Vec<String>,
    /// Whether bots with errors are skipped, and their errors reported as warnings.
    pub skips: bool,
    /// Where the values of bots are kept.
    pub records: Spool,
}

/// Reads a list of bots; reports every error in it.
///
/// A variable without a value for a bot takes the value of `set`, if there is one. The lines that
/// have errors are added to `sources`.
///
/// # Errors
/// If values can't be stored.
pub fn parse(
    list: List<impl Read>,
    model: &Model,
    set: &[(String, String)],
    sources: &mut Sources,
    report: &mut Report,
) -> anyhow::Result<Roster> {
    let names = model.variables.names();
    let stand_ins = model.variables.values(|name| {
        let set = set.iter().find(|(other, _)| other == name);
        set.map(|(_, value)| value.clone())
    });
    let ignored = list.ignored.iter().chain(&model.site.ignored_columns);
    let mut reader = ListReader {
        path: &list.path,
        model,
        ignored: ignored.map(String::as_str).collect(),
        skips: list.skips,
        first: 0,
        names: &names,
        stand_ins,
        endpoints: endpoint_ids(model),
        sources,
        report,
        roster: RosterBuilder::new(&names, BOT_ID, list.records),
        kept: 0,
        kept_bytes: 0,
        failed: None,
    };
    if let Err(error) = read(&mut reader, list.text, list.format) {
        let fault = load::unreadable(list.path.clone(), Some(&error), false);
        reader.report.push(fault);
    }
    if let Some(error) = reader.failed {
        return Err(error).context("cannot store the values of bots");
    }
    if reader.roster.is_empty() && !reader.report.has_errors() {
        let message = "a list without bots";
        let diagnostic = Diagnostic::about_file(Code::EmptyValue, &list.path, message);
        let help = "to build only the generic site, name no list or pass `--generic`";
        reader.report.push(diagnostic.help(help));
    }
    Ok(reader.roster.finish())
}

/// Reads the records of a list; its errors are those of the text.
fn read(
    reader: &mut ListReader<'_>,
    text: impl Read,
    format: Option<ListFormat>,
) -> io::Result<()> {
    let mut text = Folded::new(text)?;
    let format = match format {
        Some(format) => format,
        None => ListFormat::guess(&String::from_utf8_lossy(text.beginning()?)),
    };
    match format {
        ListFormat::Yaml => read_yaml(reader, text),
        ListFormat::Csv => table::read(reader, text),
        ListFormat::JsonLines => json::read(reader, text),
    }
}

fn read_yaml(reader: &mut ListReader<'_>, text: impl Read) -> io::Result<()> {
    let mut bytes = Vec::new();
    // One byte more than allowed distinguishes a longer list from one of exactly this length.
    // `/dev/zero` ends here too.
    text.take(LONGEST_TREE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_TREE {
        reader.too_long();
        return Ok(());
    }
    let file = load::decode(reader.path, &bytes, reader.sources, reader.report);
    let Some(node) = file.and_then(|file| yaml::parse_list(reader.sources, file, reader.report))
    else {
        return Ok(());
    };
    match &node.value {
        Value::Sequence(items) => items
            .iter()
            .for_each(|item| reader.read_node(item, ListFormat::Yaml, Report::default())),
        _ => reader.error(
            Code::WrongType,
            node.span,
            format!("expected a list of bots, found {}", node.value.kind()),
            "write a list of maps: - {bot_id: …}",
        ),
    }
    Ok(())
}

/// Returns whether a column has a meaning in a list of bots.
pub fn is_column(name: &str, variables: &Variables) -> bool {
    name == ENDPOINTS || variables.find(name).is_some()
}

fn endpoint_ids(model: &Model) -> BTreeSet<&str> {
    let apis = model.apis();
    apis.flat_map(|api| &api.endpoints)
        .map(|endpoint| endpoint.id.as_str())
        .collect()
}

//! The list of bots that a command takes, by flags and by `site.yaml`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::bot::{self, Format, IGNORABLE};
use crate::diagnostic::{Report, printable};
use crate::load::{BotList, ListChoice};
use crate::meant::nearest;
use crate::model::Model;
use crate::output;
use crate::roster::{Bot, Roster, key_of};
use crate::source::Sources;
use crate::spool::Spool;
use crate::variable::Variables;

/// `--bots` and `--ignore-columns`.
#[derive(Args)]
pub(super) struct ListFlags {
    /// A list of bots (YAML, JSON, CSV with a header, or JSON Lines), `-` for standard input: beside the
    /// generic site there are the pages of each bot in bots/ID/ [default: `bots` of site.yaml]
    #[arg(long, value_name = "FILE")]
    pub(super) bots: Option<PathBuf>,
    /// Columns or keys of the list that are no variables and are passed over, separated by commas;
    /// those of `bots` in site.yaml are too
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    ignore_columns: Vec<String>,
}

impl ListFlags {
    /// The list of bots that is taken.
    pub(super) fn choice(&self) -> ListChoice {
        match &self.bots {
            Some(file) => ListChoice::File(file.clone()),
            None => ListChoice::OfSite,
        }
    }

    /// What is wrong with the flags, if anything is.
    pub(super) fn fault(&self, variables: &Variables) -> Option<String> {
        let mut names = self.ignore_columns.iter();
        let name = names.find(|name| bot::is_column(name, variables))?;
        let name = printable(name);
        Some(format!("--ignore-columns: `{name}` {IGNORABLE}"))
    }

    /// The bots of the list that is taken; `set` are values for those that have none of their own,
    /// and files for what memory should not hold are made in or above `out`. Lines with faults are
    /// added to `sources`; if it `skips` them, they are no errors.
    pub(super) fn bots(
        &self,
        (list, out): (Option<&BotList>, &Path),
        skips: bool,
        model: &Model,
        set: &[(String, String)],
        sources: &mut Sources,
        report: &mut Report,
    ) -> anyhow::Result<Roster> {
        let Some(list) = list else {
            return Ok(Roster::empty());
        };
        match list.open() {
            Ok(text) => {
                let list = bot::List {
                    path: list.shown.clone(),
                    text,
                    format: Format::of_name(&list.shown),
                    ignored: self.ignore_columns.clone(),
                    skips,
                    records: Spool::new(&output::spool_files(out)),
                };
                bot::parse(list, model, set, sources, report)
            }
            Err(error) => {
                report.push(list.unreadable(&error));
                Ok(Roster::empty())
            }
        }
    }
}

/// The bot of a list that `--bot` names, with its endpoints unless it has all; else what is wrong.
#[expect(
    clippy::type_complexity,
    reason = "a failure of the machine is no fault of the ID"
)]
pub(super) fn one_of(
    roster: &Roster,
    id: &str,
) -> anyhow::Result<Result<(Bot, Option<BTreeSet<String>>), String>> {
    let mut bot = roster.blank();
    if let Some(number) = roster.find(key_of(id)) {
        roster.read(number, &mut bot)?;
        let choice = roster.choices()[bot.choice].clone();
        return Ok(Ok((bot, choice)));
    }
    let mut ids = Vec::with_capacity(roster.len());
    for number in 0..roster.len() {
        roster.read(number, &mut bot)?;
        ids.push(bot.id.clone());
    }
    let meant = nearest(id, ids.iter().map(String::as_str));
    let hint = meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
    let bots = super::count(roster.len(), "bot");
    let id = printable(id);
    Ok(Err(format!(
        "--bot `{id}`: it is none of the {bots} of the list{hint}"
    )))
}

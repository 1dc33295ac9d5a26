//! The list of bots that a command uses, from its flags or `site.yaml`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::values::GivenValues;
use crate::check::bot::{self, IGNORABLE, ListFormat};
use crate::hole::Values;
use crate::hole::roster::{Bot, Roster, key_of};
use crate::hole::spool::Spool;
use crate::hole::variable::Variables;
use crate::input::diagnostic::{Report, printable};
use crate::input::load::{BotList, Inputs, ListChoice};
use crate::input::meant::nearest;
use crate::input::source::Sources;
use crate::model::{Condition, Model, Public};
use crate::output;
use crate::pages::site::{Project, SiteCache};

/// `--bots`, `--ignore-columns` and `--generic`.
#[derive(Args)]
pub(super) struct ListFlags {
    #[arg(long, value_name = "FILE", help = bots_help("; `-` reads standard input"))]
    pub(super) bots: Option<PathBuf>,
    /// Columns or keys of the list that are not variables, to ignore; separated by commas, in
    /// addition to those of `bots` in site.yaml
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    ignore_columns: Vec<String>,
    /// Ignore `bots` of site.yaml, and use no list of bots
    #[arg(long, conflicts_with = "bots")]
    pub(super) generic: bool,
}

/// Returns the help of `--bots`; `dash` describes what `-` means to the command.
pub(super) fn bots_help(dash: &str) -> String {
    format!(
        "The list of the bots that get their own pages, in bots/ID/ (YAML, JSON, CSV with a \
        header, or JSON Lines){dash} [default: `bots` of site.yaml]"
    )
}

/// The list of bots that is taken, if any.
#[derive(Clone, Copy)]
pub(super) struct TakenList<'a> {
    /// The list.
    list: Option<&'a BotList>,
    /// The folder in or above which it spools what memory should not hold.
    out: &'a Path,
}

impl<'a> TakenList<'a> {
    pub(super) fn of(inputs: &'a Inputs, out: &'a Path) -> TakenList<'a> {
        let list = inputs.bots.as_ref();
        TakenList { list, out }
    }
}

impl ListFlags {
    /// Returns which list of bots to use.
    pub(super) fn choice(&self) -> ListChoice {
        match &self.bots {
            Some(file) => ListChoice::File(file.clone()),
            None if self.generic => ListChoice::None,
            None => ListChoice::OfSite,
        }
    }

    /// Returns the error in the flags, if any.
    pub(super) fn fault(&self, variables: &Variables) -> Option<String> {
        let mut names = self.ignore_columns.iter();
        let name = names.find(|name| bot::is_column(name, variables))?;
        let name = printable(name);
        Some(format!("--ignore-columns: `{name}` {IGNORABLE}"))
    }

    /// Reads the bots of the list. `set` contains values for bots that have none of their own. Lines
    /// with errors are added to `sources`; if `skips` is set, these are warnings.
    pub(super) fn bots(
        &self,
        taken: TakenList<'_>,
        skips: bool,
        model: &Model,
        set: &[(String, String)],
        sources: &mut Sources,
        report: &mut Report,
    ) -> anyhow::Result<Roster> {
        let Some(list) = taken.list else {
            return Ok(Roster::empty());
        };
        match list.open() {
            Ok(text) => {
                let list = bot::List {
                    path: list.shown.clone(),
                    text,
                    format: ListFormat::of_name(&list.shown),
                    ignored: self.ignore_columns.clone(),
                    skips,
                    records: Spool::new(&output::spool_files(taken.out)),
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

/// The last list read, cached while only other files change.
#[derive(Default)]
pub(super) struct LastList(Option<(ReadBy, Arc<Roster>)>);

/// All that the roster of a list depends on.
#[derive(PartialEq)]
struct ReadBy {
    hash: [u8; 32],
    variables: Variables,
    public: Public,
    ignored_columns: Vec<String>,
    endpoints: Vec<(String, Vec<Condition>)>,
    has_guide: bool,
}

impl ReadBy {
    fn of(list: Option<&BotList>, model: &Model) -> Option<ReadBy> {
        let endpoints = model.apis().flat_map(|api| &api.endpoints);
        // All that a record is checked against. A list that can't be read has no hash, hence no
        // key, and nothing is reused.
        Some(ReadBy {
            hash: list?.hash()?,
            variables: model.variables.clone(),
            public: model.site.public.clone(),
            ignored_columns: model.site.ignored_columns.clone(),
            endpoints: endpoints
                .map(|own| (own.id.clone(), own.when.clone()))
                .collect(),
            has_guide: model.pages.iter().any(|page| page.api().is_none()),
        })
    }
}

impl LastList {
    /// Like [`ListFlags::bots`] with the same flags, but returns the cached roster of a list
    /// without errors until the list or what it is checked against changes.
    pub(super) fn bots(
        &mut self,
        flags: &ListFlags,
        taken: TakenList<'_>,
        model: &Model,
        set: &[(String, String)],
        sources: &mut Sources,
        report: &mut Report,
    ) -> anyhow::Result<Arc<Roster>> {
        let by = ReadBy::of(taken.list, model);
        if let Some((last, roster)) = &self.0
            && by.as_ref() == Some(last)
        {
            return Ok(Arc::clone(roster));
        }
        self.0 = None;
        let mut found = Report::default();
        let roster = flags.bots(taken, false, model, set, sources, &mut found)?;
        let roster = Arc::new(roster);
        // A list with errors is read again, since its lines belong to the sources of one build
        // only.
        if found.is_empty() {
            self.0 = by.map(|by| (by, Arc::clone(&roster)));
        }
        report.extend(found);
        Ok(roster)
    }
}

/// Why the bot of `--bot` has no pages.
pub(super) enum NoPages {
    /// It is not in the list.
    Unlisted(String),
    /// The conditions leave it no endpoint.
    NoEndpoint,
    /// The conditions and `internal` leave no page.
    Nothing,
}

impl fmt::Display for NoPages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoPages::Unlisted(fault) => fault,
            NoPages::NoEndpoint => "`when` gives this bot no endpoint, so it has no page",
            NoPages::Nothing => "the conditions (`when`) and `internal` leave the site no page",
        })
    }
}

/// Returns the values of the pages at the root, and restricts these pages to the endpoints that the
/// conditions allow. With `--bot` and a list, values and endpoints are those of the list.
pub(super) fn root_values(
    given: &GivenValues,
    project: &mut Project,
    cache: &mut SiteCache,
    list: Option<&Roster>,
) -> anyhow::Result<Result<Values, NoPages>> {
    let values = given.values(&project.model.variables);
    let (values, ids) = match (&given.bot, list) {
        (Some(id), Some(list)) => match one_of(list, id)? {
            Ok((bot, ids)) => (bot.values, ids),
            Err(fault) => return Ok(Err(NoPages::Unlisted(fault))),
        },
        _ => (values, given.choice(&project.model)),
    };
    let has_pages = project.choose(ids.as_ref(), cache);
    let fault = match given.bot {
        Some(_) => NoPages::NoEndpoint,
        None => NoPages::Nothing,
    };
    Ok(if has_pages { Ok(values) } else { Err(fault) })
}

/// Finds the bot of `--bot` in the list. Returns it with its endpoints (none means all), or the
/// message that the ID is not listed.
#[expect(
    clippy::type_complexity,
    reason = "a failure of the machine is not an error in the ID"
)]
fn one_of(
    roster: &Roster,
    id: &str,
) -> anyhow::Result<Result<(Bot, Option<BTreeSet<String>>), String>> {
    let mut bot = roster.blank();
    if let Some(number) = roster.find(key_of(id)) {
        roster.read(number, &mut bot)?;
        let choice = roster.choices()[bot.choice].clone();
        return Ok(Ok((bot, choice)));
    }
    // Only the suggestion needs all IDs: the roster keeps hashes in memory, and IDs in its file.
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
        "--bot `{id}`: not among the {bots} of the list{hint}"
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests write real lists")]

    use super::*;
    use crate::input::load::{self, FileCache, Folders};
    use crate::pages::site::{self, SiteCache};
    use std::fs;

    /// Reads a project with a list of bots, and returns the roster of its list.
    fn read(folder: &Path, last: &mut LastList) -> (Arc<Roster>, Report) {
        let folders = Folders::of_project(folder);
        let mut report = Report::default();
        let mut inputs = load::load(
            &folders,
            &ListChoice::OfSite,
            &mut FileCache::default(),
            &mut report,
        );
        load::watched_bots(&ListChoice::OfSite, &folders, &mut inputs, &mut report);
        let project = site::project(&inputs, &mut SiteCache::default(), &mut report);
        let (project, mut sources) = (project.unwrap(), inputs.sources.clone());
        let flags = ListFlags {
            bots: None,
            ignore_columns: Vec::new(),
            generic: false,
        };
        let list = TakenList::of(&inputs, folder);
        let roster = last.bots(&flags, list, &project.model, &[], &mut sources, &mut report);
        (roster.unwrap(), report)
    }

    #[test]
    fn a_list_is_read_again_when_it_or_what_it_is_checked_against_changes() {
        let temp = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| fs::write(temp.path().join(path), text).unwrap();
        let site = |more: &str| {
            format!(
                "title: T\nnavigation: [guide]\nbots: bots.csv\nvariables:\n  bot_id: {{title: ID}}\n{more}"
            )
        };
        fs::create_dir(temp.path().join("spec")).unwrap();
        write("spec/site.yaml", &site(""));
        write("spec/guide.md", "---\ntitle: Guide\n---\nA text.\n");
        write("bots.csv", "bot_id\nada\n");
        let mut last = LastList::default();
        let (first, report) = read(temp.path(), &mut last);
        assert!(report.is_empty(), "{report:?}");
        // Another file.
        write("spec/guide.md", "---\ntitle: Guide\n---\nAnother text.\n");
        let (same, _) = read(temp.path(), &mut last);
        assert!(Arc::ptr_eq(&first, &same));
        // The list.
        write("bots.csv", "bot_id\nada\nbob\n");
        let (more, _) = read(temp.path(), &mut last);
        assert_eq!((first.len(), more.len()), (1, 2));
        // A variable that refuses an ID: the error is reported each time.
        write(
            "spec/site.yaml",
            &site("    pattern: a.*\n").replace("{title: ID}", "\n    title: ID"),
        );
        for _ in 0..2 {
            let (_, report) = read(temp.path(), &mut last);
            assert!(report.has_errors());
        }
        write("spec/site.yaml", &site("  name: {default: A}\n"));
        let (named, report) = read(temp.path(), &mut last);
        assert!(
            report.is_empty() && !Arc::ptr_eq(&named, &more),
            "{report:?}"
        );
        let (same, _) = read(temp.path(), &mut last);
        assert!(Arc::ptr_eq(&named, &same));
    }
}

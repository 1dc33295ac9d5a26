//! What was proven about a project's examples: as one line for people, and in full for programs.

use std::fmt::Write as _;

use serde_json::json;

use super::count;
use crate::input::diagnostic::{Report, printable, printable_json};
use crate::input::source::Sources;
use crate::model::{Model, Page, Proven};

/// The version of the JSON format; it increases when something is changed or removed, not when
/// something is added.
const VERSION: u32 = 1;

/// Returns the pages that have examples.
fn pages(model: &Model) -> impl Iterator<Item = &Page> {
    let pages = model.pages.iter().map(|page| &**page);
    pages.filter(|page| page.proven != Proven::default())
}

/// Returns a line about what was proven; none if the project has no example.
pub(super) fn line(model: &Model) -> Option<String> {
    let sum =
        |part: fn(&Proven) -> usize| -> usize { pages(model).map(|page| part(&page.proven)).sum() };
    let examples = sum(|proven| proven.examples);
    if examples == 0 {
        return None;
    }
    let mut line = format!("proven: {}", count(examples, "example"));
    for (shown, all, noun) in [
        (sum(|one| one.fields_shown), sum(|one| one.fields), "field"),
        (sum(|one| one.events_shown), sum(|one| one.events), "event"),
    ] {
        if all > 0 {
            let _ = write!(line, ", {shown} of {}", count(all, noun));
        }
    }
    let unproven = pages(model).flat_map(|page| &page.proven.unproven);
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for one in unproven {
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, times)) => *times += 1,
            None => reasons.push((&one.why, 1)),
        }
    }
    if !reasons.is_empty() {
        let reasons = reasons
            .iter()
            .map(|(why, times)| format!("{times} ({why})"));
        let _ = write!(
            line,
            "; not proven: {}, listed by `botdocs check --format json`",
            reasons.collect::<Vec<_>>().join(", ")
        );
    }
    let waived = sum(|proven| proven.waived.len()) + model.waived.len();
    if waived > 0 {
        let _ = write!(line, "; waived: {waived}");
    }
    Some(printable(&line) + "\n")
}

/// Returns a line for each waived diagnostic, with the reason.
pub(super) fn waived(model: &Model) -> String {
    let mut out = String::new();
    for one in pages(model).flat_map(|page| &page.proven.waived) {
        let line = format!("waived[{}]: {} ({})", one.code, one.message, one.reason);
        out += &(printable(&line) + "\n");
    }
    for one in &model.waived {
        let line = format!("waived[unknown-name]: {} ({})", one.message, one.reason);
        out += &(printable(&line) + "\n");
    }
    out
}

/// Returns the variables that are kept out of links to pages though links contain them by default,
/// each with the reason.
fn not_linked(model: &Model) -> impl Iterator<Item = (&str, &str)> {
    let variables = model.variables.iter();
    variables.filter_map(|it| Some((&*it.name, it.not_linked.as_deref()?)))
}

/// Returns a line for each of these variables.
pub(super) fn kept_from_links(model: &Model) -> String {
    let lines = not_linked(model).map(|(name, reason)| {
        let line = format!("no link to a page contains `{name}`: {reason}");
        printable(&line) + "\n"
    });
    lines.collect()
}

/// Formats the report and the proof as JSON.
///
/// ```json
/// {
///   "version": 1,
///   "diagnostics": [],
///   "proof": [
///     {
///       "page": "api",
///       "examples": 3,
///       "fields": {"documented": 5, "shown": 4},
///       "events": {"documented": 2, "shown": 2},
///       "unproven": [{"at": "/endpoints/chat/responses/4XX", "why": "no example"}],
///       "waived": [{"code": "not-shown", "at": "/…", "message": "…", "reason": "…"}]
///     }
///   ],
///   "waived": [{"code": "unknown-name", "value": "chatId", "message": "…", "reason": "…"}],
///   "not_linked": [{"variable": "bot_id", "reason": "…"}]
/// }
/// ```
///
/// `diagnostics` is the output of [`Report::to_json`]. `proof` lists the API pages in the order of
/// the navigation, `waived` the waivers of `site.yaml` for names in prose, and `not_linked` the
/// variables that are kept out of links though links contain them by default; all three are null
/// while there are errors. Places are JSON pointers into the page's file in its long form: as if
/// `schema` were written for `fields`, and `examples` for `example`.
pub(super) fn json(report: &Report, sources: &Sources, model: Option<&Model>) -> String {
    let proof = model.map(|model| {
        let pages = pages(model).map(|page| {
            let proven = &page.proven;
            let unproven = proven.unproven.iter();
            let unproven = unproven.map(|one| json!({"at": one.at, "why": one.why}));
            let waived = proven.waived.iter().map(|one| {
                json!({"code": one.code, "at": one.at, "message": one.message, "reason": one.reason})
            });
            json!({
                "page": page.name,
                "examples": proven.examples,
                "fields": {"documented": proven.fields, "shown": proven.fields_shown},
                "events": {"documented": proven.events, "shown": proven.events_shown},
                "unproven": unproven.collect::<Vec<_>>(),
                "waived": waived.collect::<Vec<_>>(),
            })
        });
        pages.collect::<Vec<_>>()
    });
    let proof = printable_json(&format!("{:#}", json!(proof)));
    let waived = model.map(|model| {
        let waived = model.waived.iter().map(|one| {
            json!({"code": "unknown-name", "value": one.name, "message": one.message, "reason": one.reason})
        });
        waived.collect::<Vec<_>>()
    });
    let waived = printable_json(&format!("{:#}", json!(waived)));
    let not_linked = model.map(|model| {
        let kept = not_linked(model);
        let kept = kept.map(|(name, reason)| json!({"variable": name, "reason": reason}));
        kept.collect::<Vec<_>>()
    });
    let not_linked = printable_json(&format!("{:#}", json!(not_linked)));
    let diagnostics = report.to_json(sources);
    format!(
        "{{\n\"version\": {VERSION},\n\"diagnostics\": {},\n\"proof\": {proof},\n\"waived\": {waived},\n\"not_linked\": {not_linked}\n}}\n",
        diagnostics.trim_end()
    )
}

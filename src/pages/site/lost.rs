//! What templates of a project leave out of its pages: blocks that no parent has, text outside of
//! blocks, and the text of a page.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::meant::{list, nearest};
use crate::input::source::{FileId, Span};
use crate::model::{Model, Page};
use crate::pages::render::HoledPage;
use crate::pages::search::words;
use crate::pages::template::{TemplateBlocks, Templates, blocks_of};
use crate::rich::markdown;
use crate::rich::markup::{self, MarkupPart};

/// The template of the frame of every page.
const FRAME: &str = "base.html";

/// Reports blocks that replace none, and text that a template with a parent does not print.
pub(super) fn blocks(inputs: &Inputs, report: &mut Report) {
    if inputs.templates.is_empty() {
        return;
    }
    let built_in = Templates::built_in().map(|(name, text)| (name, blocks_of(text)));
    let mut all: BTreeMap<&str, TemplateBlocks> = built_in.collect();
    let own = inputs.templates.iter();
    let own: Vec<(&str, FileId)> = own.map(|(name, file)| (name.as_str(), *file)).collect();
    all.extend(
        own.iter()
            .map(|&(name, file)| (name, blocks_of(&inputs.sources.get(file).text))),
    );
    for (name, file) in own {
        let blocks = &all[name];
        if let Some(range) = blocks.outside.clone() {
            let message = "text outside of a block, which no page shows";
            let help = "a template that begins with `extends` prints its blocks alone: move the text into one, such as `{% block main %}`";
            let span = Span::new(file, range);
            report.push(Diagnostic::error(Code::InvalidTemplate, span, message).help(help));
        }
        // The error of an unknown parent is reported where the template is compiled.
        let Some(known) = blocks_above(blocks, &all) else {
            continue;
        };
        let unknown = blocks.blocks.iter();
        for block in unknown.filter(|it| !it.is_inner && !known.contains(&*it.name)) {
            let message = format!("no template above has a block `{}`", block.name);
            let span = Span::new(file, block.range.clone());
            let mut fault = Diagnostic::error(Code::InvalidTemplate, span, message);
            if let Some(meant) = nearest(&block.name, known.iter().copied()) {
                fault = fault.label(format!("did you mean `{meant}`?"));
            }
            let help = match known.is_empty() {
                true => "the template that it extends has no blocks, so no page shows the text"
                    .to_owned(),
                false => format!(
                    "no page shows the text; the blocks there are: {}",
                    list(known.iter().copied())
                ),
            };
            report.push(fault.help(help));
        }
    }
}

/// Returns the names of the blocks of all templates that a template extends; none if one of them is
/// unknown, or if it extends none.
fn blocks_above<'t>(
    template: &TemplateBlocks,
    all: &'t BTreeMap<&str, TemplateBlocks>,
) -> Option<BTreeSet<&'t str>> {
    let mut known = BTreeSet::new();
    let mut parent = all.get(template.parent.as_deref()?)?;
    // A circle of templates is an error elsewhere.
    for _ in 0..all.len() {
        known.extend(parent.blocks.iter().map(|block| block.name.as_str()));
        match &parent.parent {
            Some(name) => parent = all.get(name.as_str())?,
            None => break,
        }
    }
    Some(known)
}

/// Warns of templates that print less than half of the words of a page: the first page of each
/// template.
pub(super) fn text(pages: &[HoledPage], model: &Model, inputs: &Inputs, report: &mut Report) {
    if inputs.templates.is_empty() {
        return;
    }
    let outline = model.outline();
    let mut reported = HashSet::new();
    for page in &model.pages {
        let path = outline.file_name(&page.name);
        let Some(printed) = pages.iter().find(|printed| printed.path == path) else {
            continue;
        };
        let template = page.content.kind().template();
        if reported.contains(template) {
            continue;
        }
        let text = text_of(page);
        let wanted: Vec<&str> = words(&text).collect();
        if shows_less_than_half(printed.body.holed().literal(), &wanted) {
            reported.insert(template);
            let message = format!("the page `{}` does not show its text", page.name);
            let help = "print the text of the page: `{{ body }}` in guide.html, `endpoints` in api.html, and `{% block main %}` in base.html; compare `botdocs theme eject`";
            let own = |name: &str| inputs.templates.iter().find(|(own, _)| own == name);
            let file = own(template)
                .or_else(|| own(FRAME))
                .or(inputs.templates.first());
            if let Some((_, file)) = file {
                let start = Span::new(*file, 0..0);
                report.push(Diagnostic::warning(Code::LostText, start, message).help(help));
            }
        }
    }
}

/// Returns whether a page shows less than half of a text.
fn shows_less_than_half(html: &str, text: &[&str]) -> bool {
    let mut pieces = Vec::new();
    markup::for_each_part(html, |part| {
        if let MarkupPart::Text(range, None) = part {
            pieces.push(range);
        }
    });
    let shown: Vec<&str> = pieces
        .into_iter()
        .flat_map(|range| words(&html[range]))
        .collect();
    // In pairs: the frame of a page contains many usual words.
    let length = text.len().min(2);
    if length == 0 {
        return false;
    }
    let shown: HashSet<&[&str]> = shown.windows(length).collect();
    let found = text.windows(length).filter(|words| shown.contains(words));
    2 * found.count() < text.windows(length).count()
}

/// Returns the text of a page that each theme shows.
fn text_of(page: &Page) -> String {
    let endpoints = page.api().into_iter().flat_map(|api| &api.endpoints);
    let titles = endpoints.map(|endpoint| endpoint.title.clone());
    let prose = page.prose().into_iter();
    let prose = prose.map(|text| markdown::to_text(&text.0));
    titles.chain(prose).collect::<Vec<_>>().join("\n")
}

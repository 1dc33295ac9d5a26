//! The twin of a page: its Markdown version, for language models and people who read plain text.
//!
//! It is written from the model, in the words of [`wording`], with the holes of a page. HTML would
//! have to be parsed back, and would bring the theme along. [`llms`] lists the twins in the format
//! of llmstxt.org, and [`llms_full`] contains all of them.
//!
//! Values arrive intact here too. Words are encoded for Markdown. In fences, values are inside JSON
//! strings, behind `data: `, or parts of a URL, so they never begin a line that could close the
//! fence. Code into which values are put unchanged is indented by four spaces instead.

mod api;
mod block;
mod field;
mod list;

use crate::hole::variable::BOT_ID;
use crate::hole::{Hole, VariableId, push_markdown};
use crate::model::link::Destination;
use crate::model::wording;
use crate::model::{Content, Markdown, Page};
use crate::pages::view::{Context, to_twin};
use crate::rich::markdown::{self, LinkKind, ResolvedLink, Surroundings, inline_link};
use crate::rich::messages::{ArgumentShape, Piece};
use crate::rich::phrase::{Phrase, PhrasePart};
use block::{Blocks, quote};

pub use list::{llms, llms_full};

/// The path of the list of all twins.
pub const LLMS: &str = "llms.txt";

/// The path of all twins in one file.
pub const LLMS_FULL: &str = "llms-full.txt";

/// A page as Markdown from its heading on, with its holes: the part that its twin and the file of
/// all twins share.
#[derive(Debug)]
pub struct MarkdownBody(Blocks);

/// Writes a page as Markdown.
pub fn body(context: &Context<'_>, page: &Page) -> MarkdownBody {
    MarkdownBody(MarkdownWriter { context }.body(page))
}

/// Returns the twin of a page, with its holes.
pub fn twin(context: &Context<'_>, body: &MarkdownBody) -> String {
    let writer = MarkdownWriter { context };
    let mut blocks = Blocks::new();
    blocks.push(&quote(writer.about(&body.0).as_str()));
    blocks.push(body.0.as_str());
    blocks.into_file()
}

/// Writes parts of the model as Markdown.
#[derive(Clone, Copy)]
struct MarkdownWriter<'a> {
    context: &'a Context<'a>,
}

impl MarkdownWriter<'_> {
    /// Returns a page from its heading on.
    fn body(self, page: &Page) -> Blocks {
        let mut blocks = Blocks::new();
        blocks.heading(1, &self.words(&page.title));
        if page.internal {
            blocks.push(&format!("**{}**", self.message("internal-page", &[])));
        }
        if let Some(description) = &page.description {
            blocks.push(&self.words(description));
        }
        match &page.content {
            Content::Guide(text) => blocks.push(&self.prose(text, 2, "")),
            Content::Api(api) => self.api(api, &mut blocks),
        }
        blocks
    }

    /// Returns the quotation above a page: links to the other pages, the banner, and the values to
    /// replace.
    fn about(self, body: &Blocks) -> Blocks {
        let site = &self.context.outline.site;
        let mut blocks = Blocks::new();
        let title = self.words(&site.title);
        let [list, full] = [LLMS, LLMS_FULL].map(|name| inline_link(name, name));
        let about = if self.context.options.root.is_empty() {
            self.message(
                "twin-about-full",
                &[("site", &title), ("list", &list), ("full", &full)],
            )
        } else {
            self.message("twin-about", &[("site", &title), ("list", &list)])
        };
        blocks.push(&about);
        blocks.append(&self.reader(&[body]));
        blocks
    }

    /// Returns the banner, and the list of values that occur in some texts.
    fn reader(self, texts: &[&Blocks]) -> Blocks {
        let model = self.context.outline;
        let mut blocks = Blocks::new();
        if let Some(banner) = &model.site.banner {
            blocks.push(&self.prose(banner, 2, "banner."));
        }
        let code = |id| self.code(Hole::new(id).marker().encode_utf8(&mut [0; 4]));
        if self.context.options.for_bot {
            if let Some(id) = model.variables.find(BOT_ID) {
                blocks.push(&self.message("twin-for-bot", &[("id", &code(id))]));
            }
            return blocks;
        }
        // A value that occurs in no text of the twin would only confuse.
        let stands = |id: VariableId| texts.iter().any(|text| text.has_hole(id));
        let variables = model.variables.iter().enumerate();
        let open = variables.filter_map(|(index, variable)| {
            let id = VariableId::new(index).filter(|&id| stands(id))?;
            let title = wording::variable(self.context.messages, variable);
            let mut item = format!("- {}: {}", code(id), self.words(&title));
            if let Some(description) = &variable.description {
                item.push_str(&format!(". {}", self.words(description)));
            }
            // A value with a default is filled in already.
            variable.default.is_none().then_some(item)
        });
        let open = open.collect::<Vec<_>>().join("\n");
        if !open.is_empty() {
            blocks.push(&self.message("twin-values", &[]));
            blocks.push(&open);
        }
        blocks
    }

    /// Escapes plain text.
    fn words(self, text: &str) -> String {
        let mut out = String::new();
        push_markdown(text, Some('\n'), &mut out);
        out
    }

    /// Returns a message, with arguments that are already Markdown.
    fn message(self, id: &str, arguments: &[(&str, &str)]) -> String {
        let shapes = arguments
            .iter()
            .map(|&(name, _)| (name, ArgumentShape::Opaque));
        let shapes: Vec<_> = shapes.collect();
        let pieces = self.context.messages.pieces(id, &shapes);
        let pieces = pieces.unwrap_or_default();
        let last = pieces.len().saturating_sub(1);
        let text = pieces.iter().enumerate().map(|(at, piece)| match piece {
            Piece::Words(words) => words_between(words, at > 0, at < last),
            Piece::Argument(index, _) => arguments.get(*index).map_or("", |a| a.1).to_owned(),
        });
        text.collect()
    }

    /// Writes code within a line.
    fn code(self, text: &str) -> String {
        markdown::code_span(text, &|id| {
            self.context.outline.variables.get(id).is_plain()
        })
    }

    /// Returns the author's Markdown, its highest headings at a level; `prefix` keeps its footnotes
    /// apart from others. The source is edited rather than printed from its events, so it stays as
    /// written.
    fn prose(self, text: &Markdown, top_level: u8, prefix: &str) -> String {
        let variables = &self.context.outline.variables;
        let surroundings = Surroundings {
            top_level,
            label_prefix: prefix,
            resolve: &|kind, destination| self.resolve(kind, destination),
            is_url: &|id| variables.get(id).is_url,
            is_plain: &|id| variables.get(id).is_plain(),
        };
        markdown::to_markdown(&text.0, &surroundings)
    }

    /// Returns the target of a link: as on the page, but from twin to twin.
    fn resolve(self, kind: LinkKind, destination: &str) -> ResolvedLink {
        match (
            self.context.resolve(kind, destination),
            Destination::parse(destination),
        ) {
            (ResolvedLink::Url(url), Destination::Page(..)) => ResolvedLink::Url(to_twin(&url)),
            (resolved, _) => resolved,
        }
    }

    /// Returns a phrase without a full stop.
    fn phrase(self, phrase: &Phrase) -> String {
        let parts = phrase.parts();
        let last = parts.len().saturating_sub(1);
        let text = parts.iter().enumerate().map(|(index, part)| match part {
            // Between two values.
            PhrasePart::Words(words) if words == " " && index > 0 => ", ".to_owned(),
            PhrasePart::Words(words) => words_between(words, index > 0, index < last),
            PhrasePart::Code(code) => self.code(code),
        });
        text.collect()
    }

    /// Joins phrases into one sentence; none without phrases.
    fn sentence(self, phrases: &[Phrase]) -> String {
        let phrases: Vec<_> = phrases.iter().map(|phrase| self.phrase(phrase)).collect();
        match phrases.as_slice() {
            [] => String::new(),
            phrases => format!("{}.", capitalized(&phrases.join("; "))),
        }
    }
}

/// Escapes words within a line, with other Markdown before or after them.
fn words_between(words: &str, has_before: bool, has_after: bool) -> String {
    // The slash represents the text before: it is no markup, and the words don't begin a line. The
    // bracket represents the text after: of all characters it makes the most of the words markup.
    let before = if has_before { "/" } else { "" };
    let after = if has_after { '[' } else { '\n' };
    let mut out = String::new();
    push_markdown(&format!("{before}{words}"), Some(after), &mut out);
    out.split_off(before.len())
}

/// Returns a text with its first letter as a capital one.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

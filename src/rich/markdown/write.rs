//! Writes events as HTML: one match, in which each arm writes an element.

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Tag, TagEnd};

use super::document::{Document, Heading, Placed, inside, plain};
use super::element;
use super::footnotes::Footnotes;
use super::info::{self, Info};
use super::outline::code;
use super::url;
use super::{LinkKind, MarkdownOptions, ResolvedLink};
use crate::rich::address::fragment;
use crate::rich::console::Session;
use crate::rich::html::Html;

const HEADING_ENDS: [&str; 6] = ["</h1>", "</h2>", "</h3>", "</h4>", "</h5>", "</h6>"];

/// Writes some of a document's events.
pub(super) fn write(
    document: &Document<'_>,
    events: &[Placed<'_>],
    options: &MarkdownOptions<'_>,
) -> Html {
    let highest = document.headings.iter().map(|heading| heading.level).min();
    let mut writer = HtmlWriter {
        options,
        html: Html::new(),
        outer: Vec::new(),
        headings: document.headings.iter(),
        highest: highest.unwrap_or(1),
        heading: None,
        link: false,
        table: Table::default(),
        footnotes: Footnotes::number(events),
    };
    let mut rest = events;
    while let [(event, _), after @ ..] = rest {
        rest = writer.event(event, after);
    }
    let HtmlWriter {
        mut html,
        footnotes,
        ..
    } = writer;
    footnotes.push_all(&mut html, options);
    html.shrunk()
}

struct HtmlWriter<'d> {
    options: &'d MarkdownOptions<'d>,
    html: Html,
    /// The interrupted output when a footnote's definition began, and the footnote's number.
    outer: Vec<(Html, usize)>,
    /// The headings that follow.
    headings: std::slice::Iter<'d, Heading>,
    /// The level of the text's highest headings.
    highest: u8,
    /// The heading that is open, and its level in the page.
    heading: Option<(&'d Heading, usize)>,
    /// Whether a link is open; one without a target is not.
    link: bool,
    table: Table,
    footnotes: Footnotes,
}

/// The position in a table.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    is_head: bool,
    column: usize,
    /// The end tag of the open cell.
    end: &'static str,
}

impl<'d> HtmlWriter<'d> {
    /// Writes one event and returns those that are left.
    fn event<'e, 'a>(&mut self, event: &Event<'_>, after: &'e [Placed<'a>]) -> &'e [Placed<'a>] {
        match event {
            Event::Start(tag) => return self.start(tag, after),
            Event::End(tag) => self.end(*tag),
            Event::InlineHtml(tag) => match element::markup(tag) {
                Some(markup) => self.html.push_markup(markup),
                None => self.html.push_visible(tag),
            },
            Event::Text(text) | Event::Html(text) => self.html.push_visible(text),
            Event::Code(text) => {
                self.html.push_markup("<code>");
                self.html.push_visible(text);
                self.html.push_markup("</code>");
            }
            Event::SoftBreak => self.html.push_markup("\n"),
            Event::HardBreak => self.html.push_markup("<br>\n"),
            Event::Rule => self.html.push_markup("<hr>\n"),
            Event::FootnoteReference(label) => {
                let options = self.options;
                self.footnotes
                    .push_reference(&mut self.html, options, label);
            }
            Event::TaskListMarker(is_done) => self.task(*is_done),
            // Not switched on in the parser.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        after
    }

    /// Opens an element, or writes a complete one and skips its content.
    fn start<'e, 'a>(&mut self, tag: &Tag<'_>, after: &'e [Placed<'a>]) -> &'e [Placed<'a>] {
        match tag {
            Tag::Paragraph => self.html.push_markup("<p>"),
            Tag::Heading { .. } => self.start_heading(),
            Tag::BlockQuote(None) => self.html.push_markup("<blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => self.admonition(*kind, after),
            Tag::CodeBlock(kind) => {
                self.code(kind, inside(after));
                return behind(after);
            }
            Tag::HtmlBlock => {
                let text = plain(inside(after));
                // A comment leaves no text.
                if !text.is_empty() {
                    self.html.push_markup("<p>");
                    self.html.push_visible(&text);
                    self.html.push_markup("</p>\n");
                }
                return behind(after);
            }
            Tag::List(None) => self.html.push_markup("<ul>\n"),
            Tag::List(Some(1)) => self.html.push_markup("<ol>\n"),
            Tag::List(Some(first)) => {
                self.html
                    .element("ol")
                    .attribute("start", &first.to_string())
                    .open();
                self.html.push_markup("\n");
            }
            Tag::Item => self.html.push_markup("<li>"),
            Tag::FootnoteDefinition(label) => {
                let number = self.footnotes.number_of(label);
                self.outer.push((std::mem::take(&mut self.html), number));
            }
            Tag::Table(alignments) => self.start_table(alignments, after),
            Tag::TableHead => self.table.start_row(true),
            Tag::TableRow => {
                self.table.start_row(false);
                self.html.push_markup("<tr>");
            }
            Tag::TableCell => self.start_cell(after),
            Tag::Emphasis => self.html.push_markup("<em>"),
            Tag::Strong => self.html.push_markup("<strong>"),
            Tag::Strikethrough => self.html.push_markup("<del>"),
            Tag::Link {
                dest_url, title, ..
            } => self.start_link(dest_url, title),
            Tag::Image {
                dest_url, title, ..
            } => {
                self.image(dest_url, title, &plain(inside(after)));
                return behind(after);
            }
            // Not switched on in the parser.
            _ => {}
        }
        after
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.html.push_markup("</p>\n"),
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::BlockQuote(None) => self.html.push_markup("</blockquote>\n"),
            TagEnd::BlockQuote(Some(_)) => self.html.push_markup("</aside>\n"),
            TagEnd::List(false) => self.html.push_markup("</ul>\n"),
            TagEnd::List(true) => self.html.push_markup("</ol>\n"),
            TagEnd::Item => self.html.push_markup("</li>\n"),
            TagEnd::FootnoteDefinition => {
                let (outer, number) = self.outer.pop().unwrap_or_default();
                let body = std::mem::replace(&mut self.html, outer);
                self.footnotes.define(number, body);
            }
            TagEnd::Table => self.html.push_markup("</tbody></table></div>\n"),
            TagEnd::TableHead => self.html.push_markup("</tr></thead><tbody>\n"),
            TagEnd::TableRow => self.html.push_markup("</tr>\n"),
            TagEnd::TableCell => self.html.push_markup(self.table.end),
            TagEnd::Emphasis => self.html.push_markup("</em>"),
            TagEnd::Strong => self.html.push_markup("</strong>"),
            TagEnd::Strikethrough => self.html.push_markup("</del>"),
            TagEnd::Link if std::mem::take(&mut self.link) => self.html.push_markup("</a>"),
            _ => {}
        }
    }

    /// Begins an admonition: a note for assistive technology, not the landmark that `aside` would
    /// be.
    fn admonition(&mut self, kind: BlockQuoteKind, after: &[Placed<'_>]) {
        let kind = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let title = self.options.messages.text(kind);
        let is_titled =
            matches!(after.first(), Some((Event::InlineHtml(tag), _)) if **tag == *element::TITLE);
        self.html
            .element("aside")
            .attribute("class", kind)
            .attribute("role", "note")
            // The author's title does not name the kind, which is then only a colour.
            .attribute_if("aria-label", is_titled.then_some(&*title))
            .open();
        if is_titled {
            return;
        }
        self.html
            .element("p")
            .attribute("class", "title")
            .text(&title);
        self.html.push_markup("\n");
    }

    fn task(&mut self, is_done: bool) {
        let id = if is_done { "task-done" } else { "task-open" };
        self.html
            .element("input")
            .attribute("type", "checkbox")
            .flag_if("disabled", true)
            .flag_if("checked", is_done)
            .attribute("aria-label", &self.options.messages.text(id))
            .open();
        self.html.push_markup(" ");
    }

    fn start_heading(&mut self) {
        let Some(heading) = self.headings.next() else {
            return;
        };
        let below = heading.level - self.highest;
        let level = usize::from(self.options.top_level + below).clamp(1, 6);
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][level - 1];
        self.html.element(name).attribute("id", &heading.id).open();
        self.heading = Some((heading, level));
    }

    /// Ends a heading with a link to itself; the style sheet adds its symbol.
    fn end_heading(&mut self) {
        let Some((heading, level)) = self.heading.take() else {
            return;
        };
        let title = [("title", heading.title.as_str().into())];
        let label = self.options.messages.text_with("link-to", title);
        self.html
            .element("a")
            .attribute("class", "anchor")
            .attribute("href", &fragment(&heading.id))
            .attribute("aria-label", &label)
            .text("");
        self.html.push_markup(HEADING_ENDS[level - 1]);
        self.html.push_markup("\n");
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, lines: &[Placed<'_>]) {
        let Info {
            language,
            title,
            marks,
            ..
        } = match kind {
            CodeBlockKind::Fenced(info) => info::read(info),
            CodeBlockKind::Indented => Info::default(),
        };
        let (element, end) = match title {
            "" => ("div", "</div>\n"),
            _ => ("figure", "</figure>\n"),
        };
        let code = code(lines);
        let highlighted = self.options.highlighter.highlight(&code, language);
        self.html
            .element(element)
            .attribute("class", "code")
            .attribute("data-language", highlighted.language.title)
            .open();
        if !title.is_empty() {
            self.html.push_markup("<figcaption>");
            self.html.push_visible(title);
            self.html.push_markup("</figcaption>");
        }
        // A block of code scrolls, and scrollable elements must be reachable by keyboard (WCAG
        // 2.2, 2.1.1).
        self.html.push_markup("<pre tabindex=0><code>");
        let session = Session::read(language, &code);
        if marks.is_empty() && session.is_none() {
            highlighted.code.write_to(&mut self.html);
        } else {
            let session = session.unwrap_or_default();
            let lines = session.lines(&highlighted.code, self.options.highlighter);
            let mut are_marked = vec![false; lines.len()];
            for range in marks {
                let (start, end) = (range.start().saturating_sub(1), *range.end());
                if let Some(marked) = are_marked.get_mut(start..end.min(lines.len())) {
                    marked.fill(true);
                }
            }
            for (line, is_marked) in lines.iter().zip(are_marked) {
                // `mark` has colours of its own where the system forces colours.
                self.html.push_markup(if is_marked { "<mark>" } else { "" });
                self.html.push(line);
                self.html
                    .push_markup(if is_marked { "</mark>" } else { "" });
            }
        }
        self.html.push_markup("</code></pre>");
        self.html.push_markup(end);
    }

    /// Begins a table in a box that scrolls, and must therefore be reachable by keyboard and have
    /// a name.
    ///
    /// The box is a group, not a region: landmarks for all tables would be too many.
    fn start_table(&mut self, alignments: &[Alignment], after: &[Placed<'_>]) {
        let head = after
            .split_first()
            .map_or(String::new(), |(_, cells)| plain(inside(cells)));
        let head = [("head", head.as_str().into())];
        let label = self.options.messages.text_with("table", head);
        self.table.alignments = alignments.to_vec();
        self.html
            .element("div")
            .attribute("class", "scroll")
            .attribute("role", "group")
            .attribute("tabindex", "0")
            .attribute("aria-label", &label)
            .open();
        self.html.push_markup("<table><thead><tr>");
    }

    fn start_cell(&mut self, after: &[Placed<'_>]) {
        // An empty header cell would be a header of nothing.
        let is_header = self.table.is_head && !inside(after).is_empty();
        let (name, end) = if is_header {
            ("th", "</th>")
        } else {
            ("td", "</td>")
        };
        let alignment = self.table.alignments.get(self.table.column);
        let class = match alignment.unwrap_or(&Alignment::None) {
            Alignment::None => None,
            Alignment::Left => Some("left"),
            Alignment::Center => Some("center"),
            Alignment::Right => Some("right"),
        };
        self.html
            .element(name)
            .attribute_if("scope", is_header.then_some("col"))
            .attribute_if("class", class)
            .open();
        self.table.end = end;
        self.table.column += 1;
    }

    fn start_link(&mut self, destination: &str, title: &str) {
        let Some(target) = self.target(LinkKind::Link, destination) else {
            return;
        };
        self.html
            .element("a")
            .attribute("href", &target.url)
            .attribute_if("title", (!title.is_empty()).then_some(title))
            .open();
        self.link = true;
    }

    fn image(&mut self, destination: &str, title: &str, alternative: &str) {
        let Some(LinkTarget { url, size }) = self.target(LinkKind::Image, destination) else {
            self.html.push_visible(alternative);
            return;
        };
        let (width, height) = size.map(|(w, h)| (w.to_string(), h.to_string())).unzip();
        self.html
            .element("img")
            .attribute("src", &url)
            .attribute("alt", alternative)
            .attribute_if("title", (!title.is_empty()).then_some(title))
            .attribute_if("width", width.as_deref())
            .attribute_if("height", height.as_deref())
            // Images are loaded when they are near the viewport; their size is in the tag, so
            // nothing moves when they load.
            .attribute("loading", "lazy")
            .open();
    }

    /// Returns the target of a destination, if it has one and is allowed.
    fn target(&self, kind: LinkKind, destination: &str) -> Option<LinkTarget> {
        let is_url = self.options.is_url;
        if !url::is_safe(destination, is_url) {
            return None;
        }
        let (url, size) = match (self.options.resolve)(kind, destination) {
            ResolvedLink::AsWritten => (url::write(destination, is_url), None),
            ResolvedLink::Url(url) => (url, None),
            ResolvedLink::Image { url, width, height } => (url, Some((width, height))),
            ResolvedLink::Nowhere => return None,
        };
        Some(LinkTarget { url, size })
    }
}

/// The target of a link or an image, and an image's size.
struct LinkTarget {
    url: String,
    size: Option<(u32, u32)>,
}

impl Table {
    fn start_row(&mut self, is_head: bool) {
        self.is_head = is_head;
        self.column = 0;
    }
}

/// Returns the events after the end of the element whose start precedes `after`.
fn behind<'e, 'a>(after: &'e [Placed<'a>]) -> &'e [Placed<'a>] {
    after.get(inside(after).len() + 1..).unwrap_or_default()
}

//! Lists the parts of a Markdown text that others check.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag};

use super::LinkKind;
use super::dialect::{self, ForeignMarkup};
use super::document::{Document, Heading, Labelled, Placed, inside, plain};
use super::element::MarkupFault;
use super::info;
use super::marks;
use super::misread;
use super::pattern::is_class;

/// The parts of a text that others check, in order; ranges are bytes of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOutline {
    /// The headings.
    pub headings: Vec<Heading>,
    /// The links and images.
    pub links: Vec<MarkdownLink>,
    /// The code blocks, fenced and indented.
    pub fences: Vec<Fence>,
    /// The code within lines, with its backticks.
    pub codes: Vec<Range<usize>>,
    /// References like `[text][name]` and `[^name]` without a definition.
    pub undefined: Vec<Labelled>,
    /// Footnotes and link definitions with the label of another one.
    pub repeated: Vec<Labelled>,
    /// Link definitions and footnotes that nothing refers to; the label of a footnote begins with
    /// `^`.
    pub unused: Vec<Labelled>,
    /// The first element that is left out, since it is nested too deep.
    pub too_deep: Option<Range<usize>>,
    /// The faults in HTML elements, in indented text and in callouts.
    pub faults: Vec<MarkupFault>,
    /// The constructs of other Markdown dialects.
    pub foreign: Vec<ForeignMarkup>,
    /// The cells of tables that no page shows, since the head has fewer: the text of each row.
    pub lost_cells: Vec<Range<usize>>,
}

/// A link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkdownLink {
    /// Which of the two it is.
    pub kind: LinkKind,
    /// Its destination, as written but without Markdown's escapes.
    pub destination: String,
    /// The text of the link, or the image's alternative text.
    pub text: String,
    /// The place of the destination in the link, else the whole link.
    pub range: Range<usize>,
}

/// A code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The language as written; empty if there is none.
    pub language: String,
    /// The place of the language.
    pub language_range: Range<usize>,
    /// The title; empty if there is none.
    pub title: String,
    /// Where the title stands, or the fence's whole first line if the title is written with escapes.
    pub title_range: Range<usize>,
    /// Ranges of lines to mark that are none, or beyond the code: each with its place.
    pub bad_marks: Vec<Range<usize>>,
    /// The code, without its last line end.
    pub code: String,
    /// The place of the code, from its first character to its last.
    pub range: Range<usize>,
    /// The place of the opening fence, if only the end of the text closes it.
    pub never_closed: Option<Range<usize>>,
}

/// Lists the parts of a text; `id_prefix` as in [`Options`](super::MarkdownOptions).
pub fn outline(text: &str, id_prefix: &str) -> TextOutline {
    let document = Document::parse(text, id_prefix);
    let foreign = dialect::find(text, &document);
    let misread = misread::find(text, &document);
    let marks = marks::find(text, &document);
    let repeated = misread::repeated(text, &document);
    let Document {
        events,
        headings,
        mut undefined,
        definitions: _,
        unused,
        too_deep,
        elements: mut faults,
        comments: _,
    } = document;
    faults.extend(misread);
    faults.extend(marks);
    undefined.retain(|it| !is_bare_code(text, it));
    faults.sort_by_key(|fault| fault.range.start);
    let mut outline = TextOutline {
        headings,
        undefined,
        unused,
        too_deep,
        repeated,
        faults,
        foreign,
        ..TextOutline::default()
    };
    let mut columns = 0;
    let mut is_code = false;
    let mut footnotes = HashSet::new();
    for (index, (event, range)) in events.iter().enumerate() {
        let after = &events[index + 1..];
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                outline
                    .links
                    .extend(link(text, &events[index], inside(after)));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                is_code = true;
                outline.fences.push(fence(text, kind, range, inside(after)));
            }
            Event::End(_) => is_code = false,
            Event::Start(Tag::FootnoteDefinition(label)) => {
                // Labels are case-insensitive.
                let is_first = footnotes.insert(label.to_lowercase());
                outline.repeated.extend((!is_first).then(|| Labelled {
                    label: format!("^{label}"),
                    range: range.start..range.start + label.len() + "[^]".len(),
                }));
            }
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => {
                outline
                    .lost_cells
                    .extend(lost_cells(text, range.start, columns));
            }
            Event::Code(_) => outline.codes.push(range.clone()),
            Event::Text(_) if !is_code => {
                outline.undefined.extend(undefined_footnotes(text, range));
            }
            _ => {}
        }
    }
    outline
        .undefined
        .sort_by_key(|undefined| undefined.range.start);
    outline.repeated.sort_by_key(|it| it.range.start);
    outline
}

/// Returns whether brackets are code without backticks, which the page shows as it is written:
/// `items[0][1]`, `[A-Z][a-z]*`. The parser reads `[a]\\[b]` as a reference, too.
fn is_bare_code(text: &str, undefined: &Labelled) -> bool {
    let before = text[..undefined.range.start].chars().next_back();
    let written = &text[undefined.range.clone()];
    let first = written.trim_start_matches('[').split(']').next();
    before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ']'))
        || is_class(&undefined.label)
        || first.is_some_and(is_class)
        || written.contains("]\\[")
}

/// The text from one heading to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The heading; none for the text before the first.
    pub heading: Option<Heading>,
    /// The plain text below it, including code.
    pub text: String,
}

/// Splits a text at its headings, for the search; `id_prefix` as in
/// [`Options`](super::MarkdownOptions).
pub fn passages(text: &str, id_prefix: &str) -> Vec<Passage> {
    let Document {
        events, headings, ..
    } = Document::parse(text, id_prefix);
    let is_heading = |(event, _): &Placed<'_>| matches!(event, Event::Start(Tag::Heading { .. }));
    let starts = (0..events.len()).filter(|&index| is_heading(&events[index]));
    let starts: Vec<usize> = starts.collect();
    let until = |next: usize| starts.get(next).copied().unwrap_or(events.len());
    let before = Passage {
        heading: None,
        text: plain(&events[..until(0)]),
    };
    let below = headings.into_iter().enumerate().map(|(number, heading)| {
        let from = starts[number] + 1;
        let from = from + inside(&events[from..]).len();
        Passage {
            heading: Some(heading),
            text: plain(&events[from..until(number + 1)]).trim().to_owned(),
        }
    });
    std::iter::once(before).chain(below).collect()
}

fn link(text: &str, placed: &Placed<'_>, words: &[Placed<'_>]) -> Option<MarkdownLink> {
    let (event, range) = placed;
    let (kind, link_type, destination) = match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            ..
        }) => (LinkKind::Link, link_type, dest_url),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            ..
        }) => (LinkKind::Image, link_type, dest_url),
        _ => return None,
    };
    // The parser returns no place of a destination. It is searched after the last word, since the
    // words of a link may contain the same text.
    let from = match link_type {
        LinkType::Inline => words.last().map_or(range.start, |(_, last)| last.end),
        LinkType::Autolink => range.start,
        _ => range.end,
    };
    let place = text[from..range.end].find(&**destination);
    Some(MarkdownLink {
        kind,
        destination: destination.to_string(),
        text: plain(words),
        range: match place {
            Some(at) if !destination.is_empty() => from + at..from + at + destination.len(),
            _ => range.clone(),
        },
    })
}

fn fence(
    text: &str,
    kind: &CodeBlockKind<'_>,
    range: &Range<usize>,
    lines: &[Placed<'_>],
) -> Fence {
    let first_line = text[range.clone()].lines().next().unwrap_or_default();
    let info_at = range.start + first_line.len() - first_line.trim_start_matches(['`', '~']).len();
    let after = range.start + first_line.len();
    let info = match kind {
        CodeBlockKind::Fenced(info) => info::read(info),
        CodeBlockKind::Indented => info::Info::default(),
    };
    let (language, title) = (info.language, info.title);
    let language_at = info_at + text[info_at..after].find(language).unwrap_or(0);
    let title_at = text[info_at..after].rfind(title);
    let code = code(lines);
    let last_line = code.lines().count();
    let is_beyond = info.marks.iter().any(|marks| *marks.end() > last_line);
    let place = |written: &str| {
        let at = text[info_at..after].find(written);
        at.map_or(range.start..after, |at| {
            info_at + at..info_at + at + written.len()
        })
    };
    let mut bad_marks: Vec<_> = info
        .bad_marks
        .iter()
        .map(|written| place(written))
        .collect();
    bad_marks.extend(is_beyond.then(|| {
        let line = &text[info_at..after];
        let from = line.find('{').unwrap_or(0);
        let to = line[from..]
            .find('}')
            .map_or(line.len(), |to| from + to + 1);
        info_at + from..info_at + to
    }));
    let code_range = lines
        .first()
        .map_or(after..after, |(_, place)| place.clone());
    let end = code_range.start
        + text[code_range.clone()]
            .trim_end_matches(['\r', '\n'])
            .len();
    let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
    let is_last = text[range.end..].trim_start().is_empty();
    Fence {
        never_closed: (is_fenced && is_last && !is_closed(&text[range.clone()]))
            .then_some(range.start..info_at),
        language_range: language_at..language_at + language.len(),
        language: language.to_owned(),
        title_range: title_at.map_or(range.start..after, |at| {
            info_at + at..info_at + at + title.len()
        }),
        title: title.to_owned(),
        bad_marks,
        range: code_range.start..end.max(code_range.start),
        code,
    }
}

/// Returns whether the last line of a fenced block is the closing fence; quote marks may precede
/// it.
fn is_closed(block: &str) -> bool {
    let sign = block.chars().next().unwrap_or('`');
    let opening = block.chars().take_while(|&c| c == sign).count();
    let last = block.trim_end().lines().skip(1).last().unwrap_or_default();
    let last = last.trim_start_matches(['>', ' ', '\t']);
    last.len() >= opening && last.chars().all(|c| c == sign)
}

/// Returns the code of a block; the last line end belongs to the fence.
pub(super) fn code(lines: &[Placed<'_>]) -> String {
    let mut code = String::new();
    for (event, _) in lines {
        if let Event::Text(text) = event {
            code.push_str(text);
        }
    }
    if code.ends_with('\n') {
        code.pop();
    }
    code
}

/// Returns the place of the cells of a row that have no column.
fn lost_cells(text: &str, start: usize, columns: usize) -> Option<Range<usize>> {
    let row = text[start..].lines().next().unwrap_or_default();
    let from = row.len() - row.trim_start().len();
    let row = row.trim_end();
    let mut cell = from + usize::from(row[from..].starts_with('|'));
    let mut count = 0;
    let mut is_escaped = false;
    let first = cell;
    for (at, character) in row.char_indices().skip_while(|&(at, _)| at < first) {
        // By GitHub's Markdown (§4.10), a pipe ends a cell in code, too.
        if character == '|' && !is_escaped {
            count += 1;
            cell = at + 1;
            if count == columns {
                break;
            }
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    let lost = &row[cell.min(row.len())..];
    let is_lost = count == columns && !lost.trim_matches(['|', ' ', '\t']).is_empty();
    let blank = lost.len() - lost.trim_start().len();
    is_lost.then_some(start + cell + blank..start + row.len())
}

/// Finds `[^name]` in what the parser read as text.
fn undefined_footnotes(text: &str, range: &Range<usize>) -> Vec<Labelled> {
    let mut found = Vec::new();
    for (at, _) in text[range.clone()].match_indices("[^") {
        let start = range.start + at;
        let rest = &text[start + 2..range.end];
        let end = rest.find(|c: char| matches!(c, '[' | ']') || c.is_whitespace());
        let label = &rest[..end.unwrap_or(0)];
        let is_escaped = text[..start].ends_with('\\');
        // `[^/]` and `[^a-z]` are of regular expressions.
        let is_pattern = !label.contains(char::is_alphanumeric) || is_class(label);
        if !is_escaped && !is_pattern && rest[label.len()..].starts_with(']') {
            found.push(Labelled {
                label: format!("^{label}"),
                range: start..start + label.len() + 3,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_point_at_their_destinations() {
        let text =
            "[b b](b \"b\") <https://x> <a@b.c> ![](i.png) [r][] [q](<a b>) [e](\\*)\n\n[r]: /r\n";
        let outline = outline(text, "");
        let links = outline.links.iter();
        let found: Vec<_> = links
            .map(|l| {
                (
                    l.destination.as_str(),
                    l.text.as_str(),
                    &text[l.range.clone()],
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("b", "b b", "b"),
                ("https://x", "https://x", "https://x"),
                ("mailto:a@b.c", "a@b.c", "<a@b.c>"),
                ("i.png", "", "i.png"),
                ("/r", "r", "[r]"),
                ("a b", "q", "a b"),
                ("*", "e", "*"),
            ]
        );
        assert_eq!(outline.links[0].range, 6..7);
        assert_eq!(outline.links[3].kind, LinkKind::Image);
    }

    #[test]
    fn fences_point_at_their_language_and_code() {
        let text = "> ``` js,x  \n> a\n> b\n> ```\n\n```\n```\n\n    c\n\n~~~~py {y}\nd\n\n~~~~\n";
        let fences = outline(text, "").fences;
        let places = fences
            .iter()
            .map(|f| (&text[f.language_range.clone()], &text[f.range.clone()]));
        assert_eq!(
            places.collect::<Vec<_>>(),
            [("js", "a\n> b"), ("", ""), ("", "c"), ("py", "d")]
        );
        let values = fences
            .iter()
            .map(|f| (f.language.as_str(), f.code.as_str()));
        assert_eq!(
            values.collect::<Vec<_>>(),
            [("js", "a\nb"), ("", ""), ("", "c"), ("py", "d\n")]
        );
    }

    #[test]
    fn words_after_the_language_are_the_title() {
        for (fence, title, written) in [
            ("```yaml spec/api.yaml", "spec/api.yaml", "spec/api.yaml"),
            (
                "~~~~  http   POST /chats/{id}  ",
                "POST /chats/{id}",
                "POST /chats/{id}",
            ),
            ("```js,x a `", "", ""),
            ("~~~js,x a `b` ~~~", "a `b` ~~~", "a `b` ~~~"),
            ("```text text", "text", "text"),
            ("```js a\\*b &lt;", "a*b <", "```js a\\*b &lt;"),
            ("```js {1,3}", "", ""),
            ("```js{1,3} x.js", "x.js", "x.js"),
            ("```js{1, 3}", "", ""),
            ("```js{} x.js", "x.js", "x.js"),
            ("```js,y{1, 3} {4} x.js", "x.js", "x.js"),
            ("```js {1,3} x.js {5}", "x.js {5}", "x.js {5}"),
            ("```js {a {b} c} x.js", "x.js", "x.js"),
            ("```js {1, 3", "", ""),
            ("```js{ x.js", "", ""),
            ("```{=html}", "", ""),
            ("```{.python .numberLines startFrom=\"100\"}", "", ""),
            ("```js /{id}/ {x}", "/{id}/ {x}", "/{id}/ {x}"),
            ("```yaml {{ x }}.yaml", "{{ x }}.yaml", "{{ x }}.yaml"),
            ("```yaml", "", ""),
            ("```", "", ""),
        ] {
            let text = format!("{fence}\ncode\n{}\n", &fence[..3]);
            let fences = outline(&text, "").fences;
            let fence = fences.first();
            let found = fence.map_or(("", ""), |it| (&*it.title, &text[it.title_range.clone()]));
            assert_eq!(found, (title, written), "{text}");
        }
    }

    #[test]
    fn passages_are_the_words_between_headings() {
        let text =
            "a *b*\n\n# C `d`\n\n- e\n- f\n\n> ## G {#h}\n>\n> i\n\n# J\n\n```js\nk()\n```\n";
        let passages = passages(text, "x.");
        let shown = passages.iter().map(|passage| {
            let heading = passage.heading.as_ref();
            let id = heading.map_or("", |heading| &heading.id);
            (id, passage.text.trim())
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [("", "a b"), ("x.c-d", "e f"), ("h", "i"), ("x.j", "k()")]
        );
    }

    #[test]
    fn undefined_references_are_found() {
        let text = "a <b>c</b> [x] [d][e] m[0][1] m[0][1][2] [f][] \\[^g] [^h] `[^i]`\n\n<div>\n</div>\n\n    [^j]\n";
        let outline = outline(text, "");
        let undefined = outline.undefined.iter();
        let undefined: Vec<_> = undefined
            .map(|u| (u.label.as_str(), &text[u.range.clone()]))
            .collect();
        assert_eq!(undefined, [("e", "[d][e]"), ("f", "[f]"), ("^h", "[^h]")]);
    }

    #[test]
    fn patterns_are_no_references() {
        for text in [
            "^[a-z][a-z0-9_-]{2,31}$ and [A-Z][a-z]*",
            "[a-z]\\[a-z0-9_-] and [a]\\[b]",
            "[[:alpha:]][a-z] and [[a-z]][0-9]",
            "handlers[a][event] and a[i][j]",
            "[^/][a-z]+ and [\\w.][a-z]",
        ] {
            let outline = outline(text, "");
            assert_eq!(outline.undefined, [], "{text}");
            assert_eq!(outline.foreign, [], "{text}");
        }
        assert_eq!(outline("[a team][a-team]", "").undefined.len(), 1);
    }
}

//! Constructs within a line.

use super::boxes::{FOLD, box_of};
use super::line::word;
use super::symbols;
use super::{Construct, Found, Line};
use crate::rich::markdown::east_asian::is_east_asian;
use crate::rich::markdown::pattern::is_class;

/// The constructs, the narrower before the wider.
pub(super) const CONSTRUCTS: &[Construct] = &[
    Construct {
        name: "a shortcode",
        dialects: "Hugo",
        find: |line| {
            let (at, inner) = between(line.words, ("{{<", ">}}"), any)
                .or_else(|| between(line.words, ("{{%", "%}}"), any))?;
            Some((
                at..at + inner.len() + 6,
                "write its result in Markdown".into(),
            ))
        },
    },
    Construct {
        name: "a tag of a template",
        dialects: "Jekyll, GitBook and Docusaurus",
        find: |line| {
            let (at, inner) = between(line.words, ("{%", "%}"), any)?;
            let name = inner
                .trim_matches(['-', ' '])
                .split(' ')
                .next()
                .unwrap_or_default();
            let help = match name.trim_start_matches("end") {
                // Its first tag has the cure.
                _ if name.starts_with("end") => "remove it, as the tag that it ends".into(),
                "hint" | "callout" => {
                    let style = inner
                        .split("style=\"")
                        .nth(1)
                        .and_then(|it| it.split('"').next());
                    box_of(style.unwrap_or("note"))
                }
                "tabs" | "tab" | "code-group" => box_of("tabs"),
                "raw" | "" => "remove it: braces of this kind are text".into(),
                "include" | "include_relative" | "render" => {
                    "copy the text of the file, or link to its page".into()
                }
                "link" | "post_url" => "write a link: [text](page)".into(),
                "highlight" => "write a fence: ``` and the language, the code, and ```".into(),
                _ => "write its result in Markdown".into(),
            };
            Some((at..at + inner.len() + 4, help))
        },
    },
    Construct {
        name: "a comment",
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| {
            let at = line.words.find("{/*")?;
            let end = line.words[at..]
                .find("*/}")
                .map_or(line.words.len(), |end| at + end + 3);
            let inner = line.words[at..end].trim_matches(['{', '}', '/', '*', ' ']);
            // Docusaurus reads the anchor of a heading so.
            let help = match inner.strip_prefix('#') {
                Some(id) if !id.is_empty() && id.chars().all(is_of_role) => {
                    format!("write the anchor alone: {{#{id}}}").into()
                }
                _ => "write a comment of HTML: <!-- … -->".into(),
            };
            Some((at..end, help))
        },
    },
    Construct {
        name: "a comment",
        dialects: "Jinja",
        find: |line| {
            let (at, inner) = between(line.words, ("{# ", "#}"), any)?;
            Some((
                at..at + inner.len() + 5,
                "write a comment of HTML: <!-- … -->".into(),
            ))
        },
    },
    Construct {
        name: "a comment",
        dialects: "Obsidian",
        find: |line| {
            // `%USER% and %%` and `for %%i in (a) do %%i` are of a shell.
            let is_comment = |at: usize, inner: &str| {
                let after = &line.words[at + inner.len() + 4..];
                !inner.trim().is_empty()
                    && !ends_in_word(line.words, at)
                    && !after.starts_with(|c: char| c.is_alphanumeric() || c == '%')
                    && (inner.starts_with(' ') == inner.ends_with(' '))
            };
            let (at, inner) = between(line.words, ("%%", "%%"), is_comment)?;
            let help = "write a comment of HTML: <!-- … -->";
            Some((at..at + inner.len() + 4, help.into()))
        },
    },
    Construct {
        name: "an unclosed comment",
        dialects: "HTML",
        find: |line| {
            let at = line.words.find("<!--")?;
            Some((at..at + 4, "close it with -->".into()))
        },
    },
    Construct {
        name: "an inclusion of a file",
        dialects: "MkDocs",
        find: |line| {
            let at = line.words.find("--8<--")?;
            Some((
                at..at + 6,
                "copy the text of the file, or link to its page".into(),
            ))
        },
    },
    Construct {
        name: "an edit mark",
        dialects: "CriticMarkup and GitLab",
        find: |line| {
            let pairs = [
                ("{++", "++}"),
                ("{--", "--}"),
                ("{~~", "~~}"),
                ("{==", "==}"),
                ("{>>", "<<}"),
                ("{+ ", " +}"),
                ("{- ", " -}"),
            ];
            let (at, length) = pairs.into_iter().find_map(|(open, close)| {
                let (at, inner) = between(line.words, (open, close), any)?;
                Some((at, inner.len() + open.len() + close.len()))
            })?;
            Some((at..at + length, "write the text as it is to be read".into()))
        },
    },
    Construct {
        name: "attributes in braces",
        dialects: "MkDocs, kramdown, VitePress and Pandoc",
        find: attributes,
    },
    Construct {
        name: "an embedded note",
        dialects: "Obsidian",
        find: |line| {
            let (at, inner) = between(line.words, ("![[", "]]"), any)?;
            Some((
                at..at + inner.len() + 5,
                "write ![what it shows](file.png) for an image, or a link".into(),
            ))
        },
    },
    Construct {
        name: "a link in double brackets",
        dialects: "Obsidian and GitHub wikis",
        find: |line| {
            // `[[a, b], [c, d]]` is a list of lists.
            let is_link = |at: usize, inner: &str| {
                inner.starts_with(char::is_alphabetic)
                    && !inner.contains(['[', ']'])
                    && !is_class(inner)
                    && !ends_in_word(line.words, at)
            };
            let (at, inner) = between(line.words, ("[[", "]]"), is_link)?;
            Some((at..at + inner.len() + 4, link_to(inner).into()))
        },
    },
    Construct {
        name: "a link with a blank in its address",
        dialects: "Obsidian and older Markdown",
        find: super::link::address_with_blank,
    },
    Construct {
        name: "a footnote within a line",
        dialects: "Pandoc and Obsidian",
        find: |line| {
            // A regular expression begins so, too, as in `^[a-z]+$`; a footnote follows a word.
            let is_footnote = |at: usize, inner: &str| {
                let is_beside = !line.words[..at].ends_with([' ', '\0']) && at > 0;
                let after = &line.words[at + inner.len() + 3..];
                let is_pattern =
                    is_class(inner) || after.starts_with(['+', '*', '?', '{', '$', '[']);
                let is_sentence = inner.starts_with(char::is_alphabetic) && inner.contains(' ');
                ends_in_word(line.words, at)
                    || (is_beside && inner.contains(' '))
                    || (is_sentence && !is_pattern)
            };
            let (at, inner) = between(line.words, ("^[", "]"), is_footnote)?;
            Some((
                at..at + inner.len() + 3,
                "write [^1], and the footnote on a line of its own: [^1]: …".into(),
            ))
        },
    },
    Construct {
        name: "a citation",
        dialects: "Pandoc and Quarto",
        find: |line| {
            let is_citation = |_: usize, inner: &str| inner.starts_with(char::is_alphabetic);
            let (at, inner) = between(line.words, ("[@", "]"), is_citation)?;
            Some((
                at..at + inner.len() + 3,
                "write a link or a footnote".into(),
            ))
        },
    },
    Construct {
        name: "mathematics",
        dialects: "GitHub, Docusaurus and MkDocs",
        find: super::math::find,
    },
    Construct {
        name: "keys",
        dialects: "MkDocs",
        find: |line| {
            let (at, inner) = pair(line.words, "++")?;
            let is_keys = inner.split('+').all(|key| {
                !key.is_empty()
                    && key
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '"'))
            });
            let keys: Vec<String> = inner.split('+').map(key).collect();
            is_keys.then(|| {
                (
                    at..at + inner.len() + 4,
                    format!("write {}", keys.join("+")).into(),
                )
            })
        },
    },
    Construct {
        name: "inserted text",
        dialects: "markdown-it and VitePress",
        find: |line| {
            let (at, inner) = pair(line.words, "++")?;
            // `++i and then j++` is code.
            let mut ends = inner.split(' ').chain(inner.rsplit(' ').next());
            if inner.contains(' ') && ends.any(|word| word.len() == 1) {
                return None;
            }
            Some((
                at..at + inner.len() + 4,
                "write the text without a mark, or **text**".into(),
            ))
        },
    },
    Construct {
        name: "inserted text",
        dialects: "MkDocs",
        find: |line| {
            let (at, inner) = pair(line.words, "^^")?;
            Some((
                at..at + inner.len() + 4,
                "write the text without a mark, or **text**".into(),
            ))
        },
    },
    Construct {
        name: "a spoiler",
        dialects: "Discord",
        find: |line| {
            let (at, inner) = pair(line.words, "||")?;
            // `a || b` and `(a)||(b)||(c)` are operators.
            let is_free = at == 0 || line.words[..at].ends_with([' ', '\0']);
            is_free.then(|| (at..at + inner.len() + 4, FOLD.into()))
        },
    },
    Construct {
        name: "marked text",
        dialects: "Obsidian and MkDocs",
        find: |line| {
            let (at, inner) = pair(line.words, "==")?;
            Some((
                at..at + inner.len() + 4,
                format!("write **{inner}**").into(),
            ))
        },
    },
    Construct {
        name: "superscript",
        dialects: "Pandoc, MkDocs and markdown-it",
        find: |line| {
            let (at, inner) = raised(line.words, '^')?;
            Some((
                at..at + inner.len() + 2,
                format!("write <sup>{inner}</sup>").into(),
            ))
        },
    },
    Construct {
        name: "subscript",
        dialects: "Pandoc, MkDocs and markdown-it",
        find: |line| {
            let (at, inner) = raised(line.words, '~')?;
            let is_within = ends_in_word(line.words, at);
            is_within.then(|| {
                (
                    at..at + inner.len() + 2,
                    format!("write <sub>{inner}</sub>").into(),
                )
            })
        },
    },
    Construct {
        name: "a code for a symbol",
        dialects: "GitHub, Slack and MkDocs",
        find: |line| {
            let (range, symbol) = symbols::find(line.words)?;
            let help = match symbol {
                Some(symbol) => format!("write the character itself: {symbol}"),
                None => "write the character itself, or a word".to_owned(),
            };
            Some((range, help.into()))
        },
    },
    Construct {
        name: "a tag",
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| super::jsx::tag(line.words),
    },
    Construct {
        name: "an expression in braces",
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| super::jsx::expression(line.words),
    },
    Construct {
        name: "a fragment",
        dialects: "MDX in Docusaurus, Mintlify and Starlight",
        find: |line| {
            let written = line.words.trim_matches(['\0', ' ', '\t', '\r']);
            if matches!(written, "<>" | "</>") {
                return Some((0..written.len(), "remove it".into()));
            }
            let (at, inner) = between(line.words, ("<>", "</>"), any)?;
            let help = "remove both tags, and keep the text";
            Some((at..at + inner.len() + 5, help.into()))
        },
    },
    Construct {
        name: "a reference",
        dialects: "Azure and Retype",
        find: |line| {
            let words = [
                "include", "video", "code", "badge", "ref", "button", "embed", "file", "div",
            ];
            let at = line.words.find("[!")?;
            let name = word(&line.words[at + 2..]);
            let kind = name
                .split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let after = &line.words[at + 2 + name.len()..];
            let is_known = words.contains(&&*kind) && after.starts_with([' ', '[', '\0']);
            let end = at + 2 + name.len();
            is_known.then(|| (at..end, "write a link, an image or the text itself".into()))
        },
    },
    Construct {
        name: "a role",
        dialects: "reStructuredText",
        find: |line| {
            // The code after the colons is a filler.
            let mut colons = line.words.match_indices(":\u{1}");
            let (start, end) = colons.find_map(|(at, _)| {
                let start = line.words[..at].trim_end_matches(is_of_role).len();
                let is_role = line.words[start..at].starts_with(':')
                    && at > start + 1
                    && line.source[at + 1..].starts_with('`');
                is_role.then_some((start, at + 1))
            })?;
            Some((start..end, "write a link, or the words alone".into()))
        },
    },
    Construct {
        name: "a role",
        dialects: "Sphinx and MyST",
        find: |line| {
            // The code after the braces is a filler.
            let is_role = |at: usize, name: &str| {
                let end = at + 1 + name.len();
                name.chars().all(is_of_role) && line.source[end + 1..].starts_with('`')
            };
            let (at, name) = between(line.words, ("{", "}"), is_role)?;
            Some((
                at..at + name.len() + 2,
                "write a link, or the words alone".into(),
            ))
        },
    },
    Construct {
        name: "emphasis by `_` within a word",
        dialects: "older Markdown",
        find: |line| {
            // Chinese and Japanese have no spaces, so the parser sees one word.
            let (at, inner) = pair(line.words, "_")?;
            let is_wide = |c: Option<char>| c.is_some_and(is_east_asian);
            let is_beside = is_wide(line.words[..at].chars().next_back())
                || is_wide(line.words[at + inner.len() + 2..].chars().next());
            let is_emphasis = is_beside
                && inner.chars().any(is_east_asian)
                && !inner.contains(char::is_whitespace);
            is_emphasis.then(|| (at..at + inner.len() + 2, format!("write *{inner}*").into()))
        },
    },
];

/// Finds the first text between two marks that is not empty and fits; `fits` gets its place, too.
pub(super) fn between<'t>(
    words: &'t str,
    (open, close): (&str, &str),
    fits: impl Fn(usize, &'t str) -> bool,
) -> Option<(usize, &'t str)> {
    let mut from = 0;
    while let Some(found) = words[from..].find(open) {
        let at = from + found;
        from = at + open.len();
        let rest = &words[from..];
        // To the next mark, so that a long line takes linear time.
        let near = match rest.find(open) {
            Some(next) if open != close => &rest[..next],
            _ => rest,
        };
        let inner = near.find(close).map(|end| &rest[..end]);
        if let Some(inner) = inner.filter(|inner| !inner.is_empty() && fits(at, inner)) {
            return Some((at, inner));
        }
    }
    None
}

/// Fits every text between two marks.
pub(super) fn any(_: usize, _: &str) -> bool {
    true
}

/// Formats a link of a wiki, such as `Rate limits#Headers|the limits`.
fn link_to(written: &str) -> String {
    let (page, text) = written.split_once('|').unwrap_or((written, written));
    let (page, heading) = page.split_once('#').unwrap_or((page, ""));
    let address = |words: &str| words.trim().to_lowercase().replace([' ', '\0'], "-");
    let anchor = match heading {
        "" => String::new(),
        heading => format!("#{}", address(heading)),
    };
    format!(
        "write [{text}]({}{anchor}), with the name of the page's file",
        address(page)
    )
}

/// Finds text between two equal marks: they touch it, and no word or mark touches them outside.
pub(super) fn pair<'t>(words: &'t str, mark: &str) -> Option<(usize, &'t str)> {
    let sign = mark.chars().next()?;
    let is_end = |c: char| c.is_whitespace() || c == sign || c == '\0';
    let mut from = 0;
    while let Some(found) = words[from..].find(mark) {
        let at = from + found;
        let rest = &words[at + mark.len()..];
        from = at + mark.len();
        let is_free = match words[..at].chars().next_back() {
            // Scripts without spaces.
            Some(c) => !c.is_ascii_alphanumeric() && c != sign,
            None => true,
        };
        if !is_free || rest.starts_with(is_end) || rest.is_empty() {
            continue;
        }
        let length = rest.find(mark)?;
        let (inner, after) = (&rest[..length], &rest[length + mark.len()..]);
        let is_after = after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == sign);
        if !inner.ends_with(is_end) && !is_after && !inner.is_empty() {
            return Some((at, inner));
        }
    }
    None
}

/// Finds a short word between two signs, as in `x^2^`.
fn raised(words: &str, sign: char) -> Option<(usize, &str)> {
    let mut from = 0;
    while let Some(found) = words[from..].find(sign) {
        let at = from + found;
        let rest = &words[at + 1..];
        from = at + 1;
        let is_single = !words[..at].ends_with(sign) && !rest.starts_with(sign);
        let length = rest.find(sign).unwrap_or(0);
        let inner = &rest[..length];
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '+' | '-');
        if is_single && (1..=20).contains(&length) && inner.chars().all(is_word) {
            return Some((at, inner));
        }
    }
    None
}

/// Returns whether a character can be part of a role's name.
fn is_of_role(c: char) -> bool {
    c.is_ascii_lowercase() || matches!(c, '-' | ':')
}

fn ends_in_word(words: &str, at: usize) -> bool {
    words[..at].ends_with(char::is_alphanumeric)
}

/// Formats a key of MkDocs as an element.
fn key(name: &str) -> String {
    let name = name.trim_matches('"');
    let mut letters = name.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("<kbd>{first}{}</kbd>", letters.as_str())
}

/// Finds `{.class}`, `{: #id}` and `{target=_blank}`.
fn attributes(line: &Line<'_>) -> Option<Found> {
    let mut from = 0;
    while let Some(found) = line.words[from..].find('{') {
        let at = from + found;
        from = at + 1;
        // Attributes are short; a search to the end of a long line of braces would be quadratic.
        let mut end = line.words[from..].bytes().take(200);
        let Some(length) = end.position(|byte| byte == b'}') else {
            continue;
        };
        let written = &line.words[from..from + length];
        let is_kramdown = written.starts_with(':');
        let inner = written.trim_start_matches(':').trim();
        // A template of URLs (RFC 6570) begins with `{#` or `{.`, too, but within a word.
        let is_alone = is_kramdown || !line.words[..at].ends_with(['/', '}']);
        // `{status=active}` beside words stands for a filter.
        let is_near = is_kramdown || line.source[..at].ends_with([')', ']', '*', '_', '`']);
        let is_attribute = |part: &str| match part.split_once('=') {
            Some((name, value)) => {
                let has_value = !value.is_empty() && (is_near || value.starts_with(['"', '\'']));
                is_name(name) && has_value && name.len() < 20
            }
            None => part.strip_prefix(['.', '#']).is_some_and(is_name),
        };
        let mut parts = inner.split_whitespace();
        let is_first = parts.next().is_some_and(is_attribute);
        // A value in quotes may have blanks.
        if is_alone && is_first && (inner.contains('"') || parts.all(is_attribute)) {
            let help = match inner.strip_prefix('#') {
                Some(_) => {
                    "write `{#id}` at the end of a heading; other parts of a page have no anchor"
                }
                None => {
                    "remove them: the style sheet decides how a page looks, and links open in the same window"
                }
            };
            return Some((at..from + length + 1, help.into()));
        }
    }
    None
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
}

//! Tags and braces of JSX that are no HTML, so that the parser reads them as words.

use std::ops::Range;

use super::Found;
use super::html;

/// The first words of expressions; other names in braces may stand for a value, as
/// `{document.id}` does.
const ROOTS: [&str; 4] = ["frontMatter", "frontmatter", "props", "siteConfig"];

/// Other beginnings of expressions.
const STARTS: [&str; 2] = ["import.meta.", "process.env."];

/// Finds a tag such as `<Card style={{a: 1}}>` or `<img src={x('a')} />`.
pub(super) fn tag(words: &str) -> Option<Found> {
    let mut from = 0;
    while let Some(found) = words[from..].find('<') {
        let at = from + found;
        from = at + 1;
        let rest = words[from..].trim_start_matches('/');
        let name = html::element_name(rest);
        let is_type = words[..at].ends_with(|c: char| c.is_alphanumeric());
        if name.is_empty() || is_type {
            continue;
        }
        // To the next tag, so that a long line takes linear time.
        let after = rest[name.len()..].split('<').next().unwrap_or_default();
        let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
        let is_tag = if is_component {
            // `p99 <SLA and errors/second` is a comparison.
            let signs = ["=\"", "='", "={", "/>", "{"];
            let has_more =
                after.starts_with([' ', '/']) && signs.iter().any(|sign| after.contains(sign));
            // The attributes are in the lines below.
            let is_open = at == 0 && after.trim().is_empty() && rest.len() < words.len();
            // `<React.Fragment>`: HTML has no names with dots.
            let is_member = name.split('.').count() == 2
                && name
                    .split('.')
                    .all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
                && after.starts_with(['>', ' ', '/']);
            has_more
                || is_open
                || is_member
                || (html::is_known_component(name) && !html::has_words(after))
        } else {
            after.starts_with(' ') && after.contains("={")
        };
        if is_tag {
            let end = words[at..]
                .find('>')
                .map_or(words.trim_end().len(), |end| at + end + 1);
            let help = html::help(name, &words[at..end]);
            return Some((at..end, help));
        }
    }
    None
}

/// Finds an expression such as `{frontMatter.title}` or `{new Date().getFullYear()}`.
pub(super) fn expression(words: &str) -> Option<Found> {
    let mut from = 0;
    while let Some(found) = words[from..].find('{') {
        let at = from + found;
        from = at + 1;
        // Expressions are short; a search to the end of a long line of braces would be quadratic.
        let length = words[from..].bytes().take(200).position(|it| it == b'}');
        let is_within = words[..at].ends_with(|c: char| c.is_alphanumeric() || "/${".contains(c));
        let range = at..from + length.map_or(0, |length| length + 1);
        if let (Some(length), false) = (length, is_within)
            && is_expression(&words[from..from + length])
        {
            return Some(with_help(range));
        }
    }
    // A function whose body is in the lines below.
    let at = words.find('{')?;
    let is_map = words[at..].contains(".map(") && words[at..].contains("=>");
    is_map.then(|| with_help(at..words.trim_end().len()))
}

fn with_help(range: Range<usize>) -> Found {
    (
        range,
        "write its value; a value that differs from bot to bot is a variable: {{ name }}".into(),
    )
}

fn is_expression(inner: &str) -> bool {
    let inner = inner.trim();
    let root = inner.split('.').next().unwrap_or_default();
    if matches!(inner, "' '" | "\" \"" | "\"\"" | "''") || inner.contains(" && ") {
        return true;
    }
    let is_start = STARTS.iter().any(|start| inner.starts_with(start));
    if is_start || (ROOTS.contains(&root) && root.len() < inner.len()) {
        return true;
    }
    // A call: a name, perhaps of a member, and parentheses to the end.
    let called = inner.strip_prefix("new ").unwrap_or(inner);
    let name = called.split('(').next().unwrap_or_default();
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '.'))
        && name.len() < called.len();
    // `{f(x)}` is a set of mathematics, or a form.
    is_name && called.ends_with(')') && (name.len() > 1 || called.len() < inner.len())
}

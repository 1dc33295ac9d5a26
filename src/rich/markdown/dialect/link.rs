//! Links and images that are text by CommonMark.

use super::{Found, Line};

/// Finds `[text](an address)`, which is text by CommonMark 0.31.2 §6.3.
pub(super) fn address_with_blank(line: &Line<'_>) -> Option<Found> {
    let mut from = 0;
    while let Some(found) = line.words[from..].find("](") {
        let at = from + found;
        from = at + 2;
        // To the next link, so that a long line takes linear time.
        let rest = line.words[from..].split("](").next().unwrap_or_default();
        let Some(length) = rest.find(')') else {
            continue;
        };
        let address = &rest[..length];
        let Some(start) = line.words[..at]
            .bytes()
            .rev()
            .take(200)
            .position(|it| it == b'[')
        else {
            continue;
        };
        let start = at - start - 1;
        // `items[0](a b)` is code.
        let is_code = line.words[..start]
            .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ')' | ']'));
        // An address of the web is a link itself, which is no words.
        let source = &line.source[from..from + length];
        let is_web = source.starts_with("https://") || source.starts_with("http://");
        let address = if is_web { source } else { address };
        let is_code = is_code || start + 1 == at || address.contains("{{");
        if let Some(help) = after_title(address).filter(|_| !is_code) {
            let start = start - usize::from(line.words[..start].ends_with('!'));
            return Some((start..from + length + 1, help.into()));
        }
        let is_address = !address.contains(['"', '\'', '<', '\u{1}', '\0', '(']);
        if is_address && !is_code && address.trim().contains(' ') {
            let start = start - usize::from(line.words[..start].ends_with('!'));
            let words = &line.words[start..at];
            let help = match address.split_once(" =") {
                // Of markdown-it and Azure: `![x](a.png =100x20)`.
                Some((file, size)) if size.bytes().all(|it| b"0123456789x%".contains(&it)) => {
                    format!(
                        "write it without the size, which is that of the file: {words}]({file})"
                    )
                }
                _ => {
                    format!("write the address in <>: {words}](<{address}>), or %20 for each blank")
                }
            };
            return Some((start..from + length + 1, help.into()));
        }
    }
    None
}

/// Returns what to write instead of an address that more than a title follows, as in
/// `(a.md "title" target=_blank)`.
fn after_title(address: &str) -> Option<String> {
    let (file, rest) = address.split_once(" \"")?;
    let (title, more) = rest.rsplit_once('"')?;
    let is_one = !file.trim().is_empty() && !file.contains(' ');
    (is_one && !more.trim().is_empty())
        .then(|| format!("write nothing after the title: ({file} \"{title}\")"))
}

//! The words after the backticks of a fence: `js {1,3-5} src/app.js`.

use std::ops::RangeInclusive;

use super::dialect;
use crate::rich::highlight;

/// The parts of an info string.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Info<'i> {
    /// The language: the first word.
    pub(super) language: &'i str,
    /// The lines to mark, from 1, as written.
    pub(super) marks: Vec<RangeInclusive<usize>>,
    /// The title: the words after the language and the marks.
    pub(super) title: &'i str,
    /// Ranges of lines that are none, such as `{3-1}`.
    pub(super) bad_marks: Vec<&'i str>,
    /// What only other tools read, and what to write instead.
    pub(super) foreign: Vec<(&'i str, String)>,
}

/// Attributes whose value is a title.
const TITLES: [&str; 8] = [
    "title", "filename", "file", "fileName", "name", "caption", "label", "tab",
];

/// Attributes whose value is the lines to mark.
const MARKS: [&str; 7] = [
    "hl_lines",
    "highlight",
    "hl",
    "mark",
    "ins",
    "emphasize-lines",
    "highlightLines",
];

/// Other attributes with a value.
const ATTRIBUTES: [&str; 22] = [
    "collapse",
    "del",
    "focus",
    "frame",
    "group",
    "icon",
    "linenos",
    "lineNumbers",
    "linenums",
    "lines",
    "showLineNumbers",
    "start",
    "startFrom",
    "startLine",
    "startLineNumber",
    "theme",
    "wrap",
    "class",
    "id",
    "style",
    "expandable",
    "live",
];

/// Attributes without a value.
const FLAGS: [&str; 25] = [
    "wrapLines",
    "wrapLongLines",
    "expandable",
    "lineNumbers",
    "line-numbers",
    "linenums",
    "noLineNumbers",
    "no-line-numbers",
    "noInline",
    "nonumber",
    "numberLines",
    "showLineNumbers",
    "twoslash",
    "showlinenumbers",
    "line_numbers",
    "lineNumber",
    "noCopy",
    "noline",
    "no_run",
    "npm2yarn",
    "noWrap",
    "nowrap",
    "tsx-live",
    "withLineNumbers",
    "yarn2npm",
];

/// Words without a value that are attributes where a title has nothing else, or beside others.
const WORDS: [&str; 16] = [
    "collapse",
    "copy",
    "diff",
    "expandable",
    "focus",
    "fold",
    "ignore",
    "interactive",
    "lines",
    "live",
    "no-copy",
    "nocopy",
    "numbered",
    "render",
    "runnable",
    "wrap",
];

/// Reads an info string.
pub(super) fn read(info: &str) -> Info<'_> {
    // CommonMark 0.31.2 §4.5 does not define the info string after its first word; `,`, `:` and
    // `{` begin options of other tools.
    let end = info.find(|c: char| c.is_whitespace() || matches!(c, ',' | '{'));
    let word = &info[..end.unwrap_or(info.len())];
    let (language, option) = match word.split_once(':') {
        Some((language, option)) if !language.is_empty() && is_option(option) => {
            (language, &word[language.len()..])
        }
        _ => (word, ""),
    };
    let mut read = Info {
        language,
        ..Info::default()
    };
    if let Some(path) = option.strip_prefix(':') {
        let help = if is_path(path) {
            format!("write the title after a blank: ```{language} {path}")
        } else {
            "remove it".to_owned()
        };
        read.foreign.push((option, help));
    }
    let mut rest = &info[word.len()..];
    // Options without braces follow the language directly, as in `js,x`.
    while let Some(at) = rest.find(|c: char| c.is_whitespace() || c == '{') {
        read.option(&rest[..at]);
        let words = rest[at..].trim();
        rest = after_braces(words);
        // `{id}.json` is the name of a file.
        let is_name = rest.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '{' | ':'));
        if !words.starts_with('{') || words.starts_with("{{") || is_name {
            read.title(words);
            return read;
        }
        read.braces(&words[..words.len() - rest.len()]);
    }
    read.option(rest);
    read
}

/// Returns whether what follows a language and a colon is an option or the path of a file.
fn is_option(option: &str) -> bool {
    let name = option.split('=').next().unwrap_or_default();
    FLAGS.contains(&name) || is_path(option)
}

fn is_path(option: &str) -> bool {
    option.contains(['.', '/'])
}

impl<'i> Info<'i> {
    fn option(&mut self, option: &'i str) {
        if !option.is_empty() {
            let help = "remove it; words after a space are the title".to_owned();
            self.foreign.push((option, help));
        }
    }

    fn braces(&mut self, written: &'i str) {
        let inner = written.trim_start_matches('{').trim_end_matches('}').trim();
        let is_of_lines = |c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | ' ');
        if !written.ends_with('}') || inner.is_empty() || !inner.chars().all(is_of_lines) {
            // `{filename="run.sh"}` has an attribute as it stands without braces, too.
            let instead = words(inner).into_iter().find_map(|it| self.attribute(it));
            if let Some(help) = instead.filter(|_| written.ends_with('}')) {
                return self.foreign.push((written, help));
            }
            let help = match inner.strip_prefix('.') {
                Some(_) if !self.language.is_empty() => "remove them".to_owned(),
                Some(class) if class.starts_with("callout") => {
                    "write a callout: > [!NOTE], and `> ` before each line of its text".to_owned()
                }
                Some(class) => {
                    let name: String = class.chars().take_while(|c| c.is_alphanumeric()).collect();
                    format!("write the language itself after the fence, such as ```{name}")
                }
                None if self.language.is_empty() && highlight::language(inner).is_ok() => {
                    format!("write the language without braces: ```{inner}")
                }
                None if self.language.is_empty() && inner.chars().all(|c| c.is_alphabetic() || c == '-') => {
                    format!("{}: the fence is a box of MyST", dialect::container(inner))
                }
                None => {
                    "in the braces, write the numbers of the lines to mark, such as {1,3-5}, or remove them".to_owned()
                }
            };
            return self.foreign.push((written, help));
        }
        match inner.split(',').map(|part| lines(part.trim())).collect() {
            Some::<Vec<_>>(lines) => self.marks.extend(lines),
            None => self.bad_marks.push(written),
        }
    }

    fn title(&mut self, title: &'i str) {
        self.title = title;
        let language = self.language;
        // Other tools take the numbers of lines behind the title, too.
        let before = title.rsplit_once(" {").map_or(title, |(before, _)| before);
        let lines = title[before.len()..].trim_start();
        let (before, lines) = if is_lines(lines) {
            (before, lines)
        } else {
            (title, "")
        };
        let inner = before
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'));
        if let Some(inner) = inner.filter(|inner| !inner.contains('[')) {
            let separator = if lines.is_empty() { "" } else { " " };
            let help = format!(
                "write the title without brackets: ```{language}{separator}{lines} {inner}"
            );
            return self.foreign.push((title, help));
        }
        let words = words(title);
        let is_option =
            |word: &&str| self.attribute(word).is_some() || WORDS.contains(word) || is_lines(word);
        // Beside other words, `name=value` may be part of a command or of a request.
        let are_options = words.iter().all(is_option);
        let has_sign = |word: &str| {
            let name = word.split('=').next().unwrap_or_default();
            // A command or a request has no such names.
            let is_mixed = name.contains(|c: char| c.is_ascii_uppercase());
            let signs = ["=\"", "='", "={", "=["];
            FLAGS.contains(&name) || is_mixed || signs.iter().any(|sign| word.contains(sign))
        };
        for &word in &words {
            if let Some(help) = self.attribute(word)
                && (are_options || has_sign(word))
            {
                self.foreign.push((word, help));
            }
        }
        // Beside an attribute, such a word is one, too; `copy the file` is a title.
        let is_word = |word: &&&str| WORDS.contains(*word) && !FLAGS.contains(*word);
        let count = words.iter().filter(is_word).count();
        if count == words.len() || !self.foreign.is_empty() {
            let help = "remove it; write a title with a capital letter";
            let found = words.iter().filter(is_word);
            self.foreign
                .extend(found.map(|word| (*word, help.to_owned())));
        }
        // Between attributes, the numbers of lines have no title that they could stand before.
        let has_foreign = !self.foreign.is_empty();
        let numbers = words.iter().skip(1).filter(|word| is_lines(word));
        let is_last = |numbers: &str| title.ends_with(numbers);
        let found: Vec<_> = numbers
            .filter(|numbers| has_foreign || is_last(numbers))
            .map(|&numbers| {
                let title = if has_foreign { "" } else { before };
                let help = format!(
                    "write it directly after the language: ```{language} {numbers} {title}"
                );
                (numbers, help.trim_end().to_owned())
            })
            .collect();
        self.foreign.extend(found);
    }

    /// Returns what to write instead of an attribute of other tools.
    fn attribute(&self, word: &str) -> Option<String> {
        if FLAGS.contains(&word) {
            return Some("remove it".to_owned());
        }
        let (name, quoted) = word.split_once('=')?;
        let value = quoted.trim_matches(['"', '\'']);
        let language = self.language;
        if TITLES.contains(&name) {
            return Some(format!(
                "write the title itself after the language: ```{language} {value}"
            ));
        }
        if MARKS.contains(&name) {
            let lines: Vec<&str> = value
                .split(|c: char| !c.is_ascii_digit() && c != '-')
                .filter(|it| !it.is_empty())
                .collect();
            let lines = if lines.is_empty() {
                "1,3-5".to_owned()
            } else {
                lines.join(",")
            };
            return Some(format!(
                "write the lines to mark in braces after the language: ```{language} {{{lines}}}"
            ));
        }
        // `x="…"` is an attribute of some tool; in a shell, names of values have capital letters.
        let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let is_in =
            |quote: char| quoted.len() > 1 && quoted.starts_with(quote) && quoted.ends_with(quote);
        let is_quoted = is_in('"') || is_in('\'');
        (ATTRIBUTES.contains(&name) || (is_name && is_quoted)).then(|| "remove it".to_owned())
    }
}

/// Splits a text at blanks outside of quotes and braces.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') if text[..at].ends_with('=') => quote = Some(character),
            (None, '{') if text[..at].ends_with('=') => quote = Some('}'),
            (Some(end), _) if character == end => quote = None,
            (None, _) if character.is_whitespace() => {
                words.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    words.push(&text[start..]);
    words
}

/// Returns whether a word is numbers of lines in braces.
fn is_lines(word: &str) -> bool {
    let inner = word.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    inner.is_some_and(|inner| inner.split([',', '-']).all(is_number))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads `3` or `3-5`.
fn lines(written: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = written.split_once('-').unwrap_or((written, written));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (1 <= first && first <= last).then_some(first..=last)
}

/// Returns the text after the brace that closes the first one; nothing if none closes it.
fn after_braces(text: &str) -> &str {
    let mut depth = 0;
    for (at, sign) in text.match_indices(['{', '}']) {
        depth = if sign == "{" { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_mark_are_numbers_and_ranges() {
        for (info, marks, bad) in [
            ("js {1,3-5}", vec![1..=1, 3..=5], None),
            ("js{2}", vec![2..=2], None),
            ("js { 1 , 2 - 3 } a.js", vec![1..=1, 2..=3], None),
            ("{4}", vec![4..=4], None),
            ("js {1} {3} a.js", vec![1..=1, 3..=3], None),
            ("js {3-1}", vec![], Some("{3-1}")),
            ("js {0}", vec![], Some("{0}")),
            ("js {1,,2}", vec![], Some("{1,,2}")),
            ("js {-1}", vec![], Some("{-1}")),
            (
                "js {99999999999999999999}",
                vec![],
                Some("{99999999999999999999}"),
            ),
        ] {
            let read = read(info);
            assert_eq!(read.marks, marks, "{info}");
            assert_eq!(read.bad_marks.first().copied(), bad, "{info}");
            assert_eq!(read.foreign, [], "{info}");
        }
    }

    #[test]
    fn attributes_of_other_tools_are_found() {
        for (info, found, help) in [
            ("js title=\"a b.js\"", "title=\"a b.js\"", "```js a b.js"),
            ("js filename='x.js' {1}", "filename='x.js'", "```js x.js"),
            ("py hl_lines=\"1 3\"", "hl_lines=\"1 3\"", "```py {1,3}"),
            ("js showLineNumbers", "showLineNumbers", "remove it"),
            ("js {1} twoslash", "twoslash", "remove it"),
            ("js:line-numbers", ":line-numbers", "remove it"),
            ("rust,no_run", ",no_run", "remove it"),
            ("js [a.js]", "[a.js]", "```js a.js"),
            ("js a.js {1,3}", "{1,3}", "```js {1,3} a.js"),
            (
                "{.python .numberLines}",
                "{.python .numberLines}",
                "```python",
            ),
            ("js {1, 3", "{1, 3", "numbers of the lines"),
            ("js ins={2,3-4}", "ins={2,3-4}", "{2,3-4}"),
            ("bash npm2yarn", "npm2yarn", "remove it"),
            ("js live", "live", "capital letter"),
            ("sh wrap lines", "wrap", "capital letter"),
            (
                "java Title icon=\"java\" wrap",
                "icon=\"java\"",
                "remove it",
            ),
            ("{note}", "{note}", "> [!NOTE]"),
            (
                "js title=\"/a.js\" {1,3-4} showLineNumbers=5",
                "title=\"/a.js\"",
                "```js /a.js",
            ),
            (
                "js a.js {1,3-4} showLineNumbers=5",
                "showLineNumbers=5",
                "remove it",
            ),
            ("python a.py exec=\"on\"", "exec=\"on\"", "remove it"),
            ("diff lang=\"js\"", "lang=\"js\"", "remove it"),
            ("js a.js wrapLines", "wrapLines", "remove it"),
            ("js{1}:line-numbers", ":line-numbers", "remove it"),
            ("yml [a.yml] {1-2}", "[a.yml] {1-2}", "```yml {1-2} a.yml"),
            (
                "bash {filename=\"run.sh\"}",
                "{filename=\"run.sh\"}",
                "```bash run.sh",
            ),
            ("python {hl_lines=[1,3]}", "{hl_lines=[1,3]}", "{1,3}"),
            ("python {.line-numbers}", "{.line-numbers}", "remove"),
            ("{python}", "{python}", "```python"),
            ("ts:line-numbers=2", ":line-numbers=2", "remove it"),
            ("js:src/app.js", ":src/app.js", "```js src/app.js"),
            ("python a.py expandable wrap", "expandable", "remove it"),
            ("{code-block} python", "{code-block}", "write a fence"),
        ] {
            let read = read(info);
            let (written, instead) = read.foreign.first().expect(info);
            assert_eq!(*written, found, "{info}");
            assert!(instead.contains(help), "{info}: {instead}");
        }
        for info in [
            "yaml spec/api.yaml",
            "http POST /chats/{id}?limit=1",
            "sh FOO=1 make",
            "yaml {{ x }}.yaml",
            "text The title of a book",
            "js {1} a=b",
            "sh FOO=\"a b\" make",
            "text a {id} b",
            "http GET /chats/{1}",
            "c++ a.cpp",
            "sh copy the file",
            "sh Copy",
            "js Wrap long lines",
            "text diff.txt",
        ] {
            assert_eq!(read(info).foreign, [], "{info}");
        }
    }
}

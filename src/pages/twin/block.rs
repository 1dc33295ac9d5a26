//! Blocks of Markdown, and their compositions: quotations, items, files.

use crate::hole::{Encoding, Hole, VariableId};
use crate::rich::code::ClassedCode;
use crate::rich::markdown::{begins_with_words, is_paragraph, longest_run};

/// Blocks of Markdown with an empty line between two.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks(String);

impl Blocks {
    pub(super) fn new() -> Blocks {
        Blocks::default()
    }

    /// Adds a block, unless it is empty.
    pub(super) fn push(&mut self, block: &str) {
        if block.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push_str("\n\n");
        }
        self.0.push_str(block);
    }

    pub(super) fn append(&mut self, blocks: &Blocks) {
        self.push(&blocks.0);
    }

    pub(super) fn heading(&mut self, level: usize, words: &str) {
        self.push(&format!("{} {words}", "#".repeat(level)));
    }

    /// Adds code between fences, or indented if a value could close them.
    pub(super) fn code(
        &mut self,
        code: &ClassedCode,
        language: &str,
        is_plain: &dyn Fn(VariableId) -> bool,
    ) {
        let text = code.to_text();
        let text = text.strip_suffix('\n').unwrap_or(text);
        // A value with a line end could write a fence into the code. Inside a JSON string, a URL or
        // an event it has no line end, or one before which `data: ` is repeated.
        let begins_lines = |hole: Hole| {
            let is_within_line = hole
                .encodings()
                .any(|encoding| matches!(encoding, Encoding::Json | Encoding::Url | Encoding::Sse));
            !is_within_line && !is_plain(hole.variable)
        };
        if text.chars().filter_map(Hole::from_marker).any(begins_lines) {
            self.push(&format!("    {}", Encoding::Indent.encode(text)));
            return;
        }
        // CommonMark, section 4.5: a closing fence is at least as long as the opening one.
        let fence = "`".repeat(3.max(longest_run(text, '`') + 1));
        self.push(&format!("{fence}{language}\n{text}\n{fence}"));
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the blocks contain the value of a variable.
    pub(super) fn has_hole(&self, id: VariableId) -> bool {
        let mut holes = self.0.chars().filter_map(Hole::from_marker);
        holes.any(|hole| hole.variable == id)
    }

    /// Returns the whole file.
    pub(super) fn into_file(self) -> String {
        self.0 + "\n"
    }
}

/// Writes blocks as a quotation.
pub(super) fn quote(blocks: &str) -> String {
    // Every line, since a blank line without `>` ends the quotation (CommonMark 0.31, 5.1).
    let lines = blocks.lines().map(|line| match line {
        "" => ">".to_owned(),
        line => format!("> {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Puts texts after their subject: on its line, as long as they are paragraphs.
pub(super) fn about(subject: &str, texts: &[String]) -> String {
    let mut out = subject.to_owned();
    let mut is_line = true;
    for (index, text) in texts.iter().filter(|text| !text.is_empty()).enumerate() {
        if is_line && begins_with_words(text) {
            out.push_str(match index {
                0 => ": ",
                _ if out.ends_with(['.', '!', '?', ':', ';', '…']) => " ",
                _ => ". ",
            });
        } else {
            out.push_str("\n\n");
        }
        is_line &= is_paragraph(text);
        out.push_str(text);
    }
    out
}

/// Returns an item of a list, with a list inside it.
pub(super) fn item(text: &str, inside: &str) -> String {
    let mut out = String::from("- ");
    for (index, line) in text.lines().enumerate() {
        if index > 0 {
            out.push_str(if line.is_empty() { "\n" } else { "\n  " });
        }
        out.push_str(line);
    }
    if text.contains("\n\n") && !inside.is_empty() {
        out.push('\n');
    }
    for line in inside.lines() {
        out.push_str(if line.is_empty() { "\n" } else { "\n  " });
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::code::{http_head, json_line};

    fn written(code: &ClassedCode) -> String {
        let mut blocks = Blocks::new();
        blocks.code(code, "x", &|id| id.index() == 1);
        blocks.0
    }

    fn marker(index: usize) -> char {
        Hole::new(VariableId::new(index).unwrap()).marker()
    }

    #[test]
    fn fences_are_longer_than_any_in_the_code() {
        assert_eq!(written(&ClassedCode::plain("a\n")), "```x\na\n```");
        assert_eq!(
            written(&ClassedCode::plain("```\na\n````")),
            "`````x\n```\na\n````\n`````"
        );
    }

    #[test]
    fn values_that_could_begin_a_line_are_set_off_by_spaces() {
        let is_fenced = |code: &ClassedCode| written(code).starts_with("```");
        assert!(is_fenced(&ClassedCode::plain(&marker(1).to_string())));
        assert!(is_fenced(&json_line(&marker(0).to_string().into())));
        let url = Encoding::Url.encode(&marker(0).to_string());
        assert!(is_fenced(&http_head("GET", &url, &[])));
        let code = written(&ClassedCode::plain(&format!("a\n{}", marker(0))));
        let value = crate::hole::Values::new([("x".to_owned(), "```\r\nb".to_owned())]);
        assert_eq!(value.fill(&code), "    a\n    ```\n    b");
    }

    #[test]
    fn texts_go_on_their_subjects_line_as_far_as_they_are_words() {
        let about = |texts: &[&str]| {
            let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
            about("`a`", &texts)
        };
        assert_eq!(about(&["", ""]), "`a`");
        assert_eq!(about(&["B", "C.", "D."]), "`a`: B. C. D.");
        assert_eq!(about(&["B.\n\n- c", "D."]), "`a`: B.\n\n- c\n\nD.");
        assert_eq!(about(&["```\nb\n```", "D."]), "`a`\n\n```\nb\n```\n\nD.");
    }

    #[test]
    fn items_hold_their_blocks_and_lists() {
        assert_eq!(item("a", ""), "- a");
        assert_eq!(item("a\nb", "- c\n  - d"), "- a\n  b\n  - c\n    - d");
        assert_eq!(item("a\n\nb", "- c"), "- a\n\n  b\n\n  - c");
    }
}

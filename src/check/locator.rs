//! The places of parts of a value's text in the file.

use std::ops::Range;

use crate::input::source::Span;

/// Finds where parts of a scalar's text are written; made once for all parts of a text, since a
/// text may have a hundred thousand links.
pub(super) struct Locator<'t> {
    span: Span,
    written: &'t str,
    text: &'t str,
    /// The offset of the text in the source, if the two are equal there.
    verbatim: Option<usize>,
    written_lines: Vec<usize>,
    text_lines: Vec<usize>,
}

impl<'t> Locator<'t> {
    pub(super) fn new(span: Span, written: &'t str, text: &'t str) -> Locator<'t> {
        let begins_with_text = |at: usize| written.get(at..at + text.len()) == Some(text);
        // Plain scalars and guides begin at 0, scalars in quotes at 1. Escapes and folded lines
        // make the two texts differ; these few are searched.
        let verbatim = [0, 1].into_iter().find(|&at| begins_with_text(at));
        let lines = |text: &str| match verbatim {
            Some(_) => Vec::new(),
            None => std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        };
        Locator {
            span,
            written,
            text,
            verbatim,
            written_lines: lines(written),
            text_lines: lines(text),
        }
    }

    /// Returns the place in the file of a part of the text; the whole scalar if it can't be found.
    pub(super) fn place(&self, part: Range<usize>) -> Span {
        let start = self.span.range().start;
        match self.find(part) {
            Some(range) => Span::new(self.span.file, start + range.start..start + range.end),
            None => self.span,
        }
    }

    fn find(&self, part: Range<usize>) -> Option<Range<usize>> {
        if let Some(begin) = self.verbatim {
            return Some(begin + part.start..begin + part.end);
        }
        self.in_same_line(&part).or_else(|| self.by_words(&part))
    }

    /// Finds a part in a block scalar, whose lines each follow their indentation.
    fn in_same_line(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let index = self
            .text_lines
            .partition_point(|&start| start <= part.start)
            - 1;
        let line_start = self.text_lines[index];
        let line = self.text[line_start..].split('\n').next()?;
        let fragment = self.text[part.clone()].split('\n').next()?;
        let written_start = *self.written_lines.get(index)?;
        let written_line = self.written[written_start..].split('\n').next()?;
        // Fails for folded scalars, whose lines are joined: they are searched by words.
        let content = written_line.strip_suffix(line)?;
        let start = written_start + content.len() + (part.start - line_start);
        Some(start..start + fragment.len())
    }

    /// Finds a part in text with escapes or folded lines: where the same words are first written.
    fn by_words(&self, part: &Range<usize>) -> Option<Range<usize>> {
        let fragment = self.text[part.clone()].split('\n').next()?;
        let is_searchable = !fragment.is_empty() && self.written.len() <= MOST_SEARCHED;
        let start = is_searchable.then(|| self.written.find(fragment))??;
        Some(start..start + fragment.len())
    }
}

/// How many bytes are searched for words again and again.
// A search for each of a hundred thousand links in a long folded text would be quadratic; beyond
// this the label covers the scalar.
const MOST_SEARCHED: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_scalars_are_found_where_they_are_written() {
        for (written, text) in [
            ("a dead link", "a dead link"),
            ("\"a dead link\"", "a dead link"),
            ("first\n    a dead link\n", "first\na dead link\n"),
            ("folded\n    a dead link\n", "folded a dead link\n"),
            ("\"\\u00e9 dead link\"", "é dead link"),
        ] {
            let at = text.find("dead").unwrap();
            let file = crate::input::source::Sources::default().add("a", "");
            let locator = Locator::new(Span::new(file, 0..0), written, text);
            let found = locator.find(at..at + 4).map(|range| &written[range]);
            assert_eq!(found, Some("dead"), "{written}");
        }
    }
}

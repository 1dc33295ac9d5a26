//! What a text takes from other Markdown dialects, and text of it that no page would show.

use std::ops::Range;

use crate::hole::variable::ResolvedText;
use crate::input::explain::Code;
use crate::rich::markdown::TextOutline;

use super::locator::Locator;
use super::reader::Reader;

/// Reports constructs of other dialects, faults in elements, cells without a column, and ranges of
/// lines that are none.
pub(super) fn report(
    reader: &mut Reader<'_>,
    outline: &TextOutline,
    resolved: &ResolvedText,
    locator: &Locator<'_>,
) {
    let span = |range: &Range<usize>| locator.place(resolved.written(range.clone()));
    for foreign in &outline.foreign {
        let message = format!("{} of {}, not of Markdown", foreign.name, foreign.dialects);
        let help = format!(
            "{}; if the characters are meant as text, write them as code, or write \\ before the first",
            foreign.help
        );
        reader.error(Code::UnknownMarkup, span(&foreign.range), message, help);
    }
    for fault in &outline.elements {
        let place = span(&fault.range);
        reader.error(Code::UnknownMarkup, place, &fault.message, fault.help);
    }
    for lost in &outline.lost_cells {
        let help = "write a cell for it in the head of the table, or \\| for a pipe that is text, in code too";
        let message = "a cell beyond the last column, which the page does not show";
        reader.error(Code::LostText, span(lost), message, help);
    }
    let ranges = outline.fences.iter().flat_map(|fence| &fence.bad_marks);
    for range in ranges {
        let help = "write numbers of lines of this code, from 1, such as {1,3-5}";
        let message = "lines to mark that the code does not have";
        reader.error(Code::InvalidValue, span(range), message, help);
    }
}

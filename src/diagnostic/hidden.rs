//! What must not be shown of the files that diagnostics point into.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Diagnostic;
use crate::explain::Code;
use crate::secret;
use crate::source::{FileId, Sources};

/// Where the keys stand in the files that some diagnostics point into, whatever they say of them: what
/// has the shape of one, and what a diagnostic reports as one for its name.
pub(super) fn secrets<'d>(
    diagnostics: impl Iterator<Item = &'d Diagnostic>,
    sources: &Sources,
) -> BTreeMap<FileId, Vec<Range<usize>>> {
    let mut secrets: BTreeMap<FileId, Vec<Range<usize>>> = BTreeMap::new();
    for diagnostic in diagnostics {
        for label in &diagnostic.labels {
            let id = label.span.file;
            let text = &sources.get(id).text;
            let hidden = secrets.entry(id);
            let hidden = hidden.or_insert_with(|| secret::all_hidden(text));
            let key = label.span.range();
            if diagnostic.code == Code::LiveSecret && text.get(key.clone()).is_some() {
                hidden.extend(Some(secret::hidden(text, &key)).filter(|part| !part.is_empty()));
            }
        }
    }
    secrets.values_mut().for_each(join);
    secrets
}

/// Puts ranges in order, and makes one of those that touch.
fn join(ranges: &mut Vec<Range<usize>>) {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, first| {
        let touches = next.start <= first.end;
        if touches {
            first.end = first.end.max(next.end);
        }
        touches
    });
}

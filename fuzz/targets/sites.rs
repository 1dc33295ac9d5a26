//! A project of sound parts is rendered, or what is wrong with it is reported; at least half of them
//! are rendered.
#![no_main]

use std::cell::Cell;

use botdocs_fuzz::{render, structured};
use libfuzzer_sys::arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};

/// After how many inputs their share is judged.
const ENOUGH: usize = 100;

thread_local! {
    /// How many inputs there were, and how many were rendered.
    static SEEN: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(files) = structured::files(&mut Unstructured::new(data)) else {
        return Corpus::Reject;
    };
    let is_rendered = render(&files);
    let (seen, rendered) = SEEN.get();
    let (seen, rendered) = (seen + 1, rendered + usize::from(is_rendered));
    SEEN.set((seen, rendered));
    assert!(
        seen < ENOUGH || 2 * rendered >= seen,
        "{rendered} of {seen} inputs were rendered; the last is\n{files}"
    );
    Corpus::Keep
});

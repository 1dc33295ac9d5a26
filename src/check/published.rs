//! Files that are published as they are, and what is to be told of what is in them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::load::{File, Inputs};
use crate::picture;
use crate::secret;

use super::active;

/// What is in such a file: it follows from its bytes, and is remembered for as long as they stay.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// The file.
    pub(super) file: File,
    /// Where there is what looks like a key, if it is a text.
    pub(super) keys: Vec<Range<usize>>,
    /// The script in a drawing.
    pub(super) script: Option<String>,
}

impl Published {
    fn new(file: &File) -> Published {
        let text = std::str::from_utf8(&file.bytes);
        let is_drawing = picture::ending(&file.path) == "svg";
        Published {
            keys: text.map(secret::find).unwrap_or_default(),
            script: is_drawing.then(|| active::script_in(&file.bytes)).flatten(),
            file: file.clone(),
        }
    }
}

/// The static files, and those of the spec's folder that are `shown`, in order; what is in them is
/// taken from `known` where it is the same file, and put there.
pub(super) fn published(
    inputs: &Inputs,
    shown: &[String],
    known: &mut BTreeMap<String, Arc<Published>>,
) -> Vec<Arc<Published>> {
    let mut before = std::mem::take(known);
    let is_shown = |file: &&File| shown.binary_search(&file.path).is_ok();
    let files = inputs.files.iter().filter(is_shown);
    let files = inputs.statics.iter().chain(files).map(|file| {
        let same = before.remove(&file.shown);
        let same = same.filter(|same| Arc::ptr_eq(&same.file.bytes, &file.bytes));
        let published = same.unwrap_or_else(|| Arc::new(Published::new(file)));
        known.insert(file.shown.clone(), Arc::clone(&published));
        published
    });
    files.collect()
}

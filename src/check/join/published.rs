//! Files that are published unchanged, and the keys and scripts found in them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::input::load::{Inputs, StaticFile};
use crate::input::secret;
use crate::rich::picture;

use super::active::{self, LostPart, Script};

/// The findings in such a file: they depend only on its bytes, and are cached while these stay the
/// same.
#[derive(Clone, Debug)]
pub(in crate::check) struct Published {
    /// The file.
    pub(super) file: StaticFile,
    /// The texts in it that look like keys.
    pub(super) keys: Vec<Key>,
    /// Whether a drawing has a script.
    pub(super) script: Script,
    /// The part of a drawing that no page shows.
    pub(super) lost: Option<LostPart>,
}

/// A text that looks like a key.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// It.
    pub(super) value: String,
    /// Its place.
    pub(super) place: FilePlace,
}

/// A place in a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum FilePlace {
    /// In this line, from 1.
    Line(usize),
    /// In the file's name.
    Name,
    /// In a compressed text of a picture.
    Packed,
}

impl FilePlace {
    /// Formats the place for a report.
    pub(super) fn named(self) -> String {
        match self {
            FilePlace::Line(line) => format!("in line {line}"),
            FilePlace::Name => "in the file's name".to_owned(),
            FilePlace::Packed => "in a compressed text of the picture".to_owned(),
        }
    }
}

/// Decodes bytes as text in any encoding; keys are ASCII.
fn as_text(bytes: &[u8]) -> Cow<'_, str> {
    let order: fn([u8; 2]) -> u16 = match bytes {
        // UTF-16 with a byte-order mark, as Windows' editors save it; without decoding, no key
        // would match.
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(bytes),
    };
    let units = bytes.chunks_exact(2).map(|two| order([two[0], two[1]]));
    let text = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(text.collect())
}

/// Finds texts that look like keys in a file, in its name, and in its compressed texts.
fn keys_in(file: &StaticFile) -> Vec<Key> {
    let text = as_text(&file.bytes);
    let (mut line, mut from) = (1, 0);
    let keys = secret::find(&text).into_iter().map(|range| {
        line += text[from..range.start].matches('\n').count();
        from = range.start;
        Key {
            place: FilePlace::Line(line),
            value: text[range].to_owned(),
        }
    });
    let texts = [
        (FilePlace::Name, file.path.clone()),
        (FilePlace::Packed, picture::packed_texts(&file.bytes)),
    ];
    let others = texts.iter().flat_map(|(place, text)| {
        let found = secret::find(text).into_iter();
        found.map(|range| Key {
            place: *place,
            value: text[range].to_owned(),
        })
    });
    others.chain(keys).collect()
}

impl Published {
    fn new(file: &StaticFile) -> Published {
        let is_drawing = picture::ending(&file.path) == "svg";
        let found = is_drawing.then(|| active::search(&file.bytes));
        let (script, lost) = found.map_or((Script::None, None), |it| (it.script, it.lost));
        Published {
            keys: keys_in(file),
            script,
            lost,
            file: file.clone(),
        }
    }
}

/// Returns the static files, and the `shown` files of the spec's folder, in order. The findings of
/// an unchanged file come from the cache `known`, which is updated.
pub(super) fn published(
    inputs: &Inputs,
    shown: &[String],
    known: &mut BTreeMap<String, Arc<Published>>,
) -> Vec<Arc<Published>> {
    let mut before = std::mem::take(known);
    let is_shown = |file: &&StaticFile| shown.binary_search(&file.path).is_ok();
    let files = inputs.files.iter().filter(is_shown);
    let files = inputs
        .statics
        .iter()
        .chain(&inputs.at_root.files)
        .chain(files);
    let files = files.map(|file| {
        let same = before.remove(&file.shown);
        // By address, as pages are: pictures are large, and rarely change.
        let same = same.filter(|same| Arc::ptr_eq(&same.file.bytes, &file.bytes));
        let published = same.unwrap_or_else(|| Arc::new(Published::new(file)));
        known.insert(file.shown.clone(), Arc::clone(&published));
        published
    });
    files.collect()
}

//! The errors for files and folders that can't be read, with the most likely cause.

use std::path::Path;

use super::{Folders, SITE};
use crate::input::diagnostic::{Diagnostic, printable_path};
use crate::input::explain::Code;

/// Returns the error for bytes that are not text.
pub fn not_text(path: &str, bytes: &[u8], error: &std::str::Utf8Error, line: usize) -> Diagnostic {
    let at = error.valid_up_to();
    let help = match bytes {
        // The byte-order marks of UTF-16, the magic number of gzip (RFC 1952 §2.3.1), and that of
        // ZIP, which is also how spreadsheets (`.xlsx`, `.ods`) begin.
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is UTF-16; save it as UTF-8",
        [0x1f, 0x8b, ..] => "it is compressed by gzip; unpack it",
        [b'P', b'K', 3, 4, ..] => "it is a ZIP archive or a spreadsheet; export it as UTF-8 text",
        _ => "save the file as UTF-8",
    };
    let message = format!(
        "not UTF-8: byte {:#04x} at offset {at}, line {line}",
        bytes[at]
    );
    Diagnostic::about_file(Code::InvalidUtf8, path, message).help(help)
}

/// Returns the error for a path that can't be read.
pub fn unreadable(path: String, error: Option<&std::io::Error>, is_root: bool) -> Diagnostic {
    let missing = error.is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if missing && is_root {
        return Diagnostic::about_file(Code::MissingInput, path, "no such folder").help(
            "name the folder that contains `spec/`, or create a project: `botdocs init DIR`",
        );
    }
    if missing {
        return Diagnostic::about_file(Code::MissingInput, path, "no such file")
            .help("check its name, and the folder that its path is relative to");
    }
    let reason = error.map_or_else(|| "it can't be read".to_owned(), ToString::to_string);
    // The standard library appends the number of the error, which helps no reader.
    let reason = reason.split(" (os error").next().unwrap_or(&reason);
    // Our own reasons are about the kind of file.
    let is_of_kind = error.is_some_and(|error| error.kind() == std::io::ErrorKind::Other);
    let help = if is_of_kind {
        "name a file, such as `bots.csv`, by its own path"
    } else {
        "check its permissions"
    };
    Diagnostic::about_file(Code::UnreadableFile, path, reason.to_lowercase()).help(help)
}

/// Returns the help for a project folder that is the spec's folder: name the one above it.
pub(super) fn spec_above(folders: &Folders) -> Option<String> {
    let project = &folders.project;
    if project.join("botdocs-manifest.json").is_file() {
        let help = "this is a built site: name the folder of its project; any web server serves a built site";
        return Some(help.to_owned());
    }
    if !project.join(SITE).is_file() {
        return None;
    }
    let above = match project.file_name() {
        Some(_) => project.parent()?.to_owned(),
        // `.`, or a path that ends in `..`.
        None => project.join(".."),
    };
    let above = match above.strip_prefix(".").unwrap_or(&above) {
        above if above.as_os_str().is_empty() => Path::new("."),
        above => above,
    };
    Some(format!(
        "`{}` contains `site.yaml` itself: name the folder above it, `{}`",
        printable_path(project),
        printable_path(above)
    ))
}

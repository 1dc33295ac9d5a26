//! Files that were meant as pages, in a folder below that of the spec, where no file is a page.
//!
//! Such a file is never published: readers would get its front matter, and a page that is internal.

use crate::check::id::{is_safe_id, slug};
use crate::input::diagnostic::{Diagnostic, Severity};
use crate::input::explain::Code;
use crate::input::load::StaticFile;
use crate::input::page_kind::PageKind;
use crate::input::source::Span;

/// A file of a page in a folder.
pub(super) struct PageInFolder<'f> {
    path: &'f str,
    /// The name that the page has in the folder of the spec.
    name: String,
    kind: PageKind,
}

impl<'f> PageInFolder<'f> {
    /// Returns the page that a file in a folder was written as: a guide with front matter, or an API
    /// page with endpoints. Other files with these endings are published as they are.
    pub(super) fn of(file: &'f StaticFile) -> Option<PageInFolder<'f>> {
        let page = PageInFolder::with_ending(&file.path)?;
        let text = String::from_utf8_lossy(&file.bytes);
        page.kind.is_written_in(&text).then_some(page)
    }

    /// Returns the page of a file in a folder, by its ending alone.
    fn with_ending(path: &'f str) -> Option<PageInFolder<'f>> {
        let (kind, name) = PageKind::meant_by(path).filter(|_| path.contains('/'))?;
        let name = if is_safe_id(name) {
            name.to_owned()
        } else {
            slug(name)
        };
        Some(PageInFolder { path, name, kind })
    }

    /// Returns the page in a folder that a link or the navigation names.
    pub(super) fn named(wanted: &str, files: &'f [StaticFile]) -> Option<PageInFolder<'f>> {
        let plain = wanted.to_lowercase();
        files.iter().find_map(|file| {
            let page = PageInFolder::with_ending(&file.path)?;
            let (stem, _) = page.path.rsplit_once('.')?;
            let is_it = page.path == wanted || stem.to_lowercase() == plain || page.name == wanted;
            is_it.then_some(page)
        })
    }

    /// Returns the help: how to make a page of it.
    pub(super) fn as_page(&self) -> String {
        let (path, name, ending) = (self.path, &self.name, self.kind.ending());
        format!(
            "move `spec/{path}` to `spec/{name}.{ending}`: only files directly in the spec's folder are pages; then name it as `{name}`"
        )
    }

    /// Returns the error for a link that would publish the file as it is.
    pub(super) fn not_published(&self, link: Span) -> Diagnostic {
        let message = format!(
            "a link to `{}`, which is the file of a page in a folder",
            self.path
        );
        let download = "a file that readers download goes into `root/`, which publishes it as it is, and has its whole address in the link";
        let help = format!("{}; {download}", self.as_page());
        Diagnostic::error(Code::MisnamedFile, link, message).help(help)
    }

    /// Returns the warning for a file to which nothing leads.
    pub(super) fn unused(&self, file: &StaticFile) -> Diagnostic {
        let message = "the file of a page in a folder: it is not published";
        let mut diagnostic = Diagnostic::about_file(Code::UnusedFile, &*file.shown, message);
        diagnostic.severity = Severity::Warning;
        let help = format!("{}, or move it out of the spec's folder", self.as_page());
        diagnostic.help(help)
    }
}

//! Notes about the content of a page's file that can only be checked with all pages: lowering
//! collects them, joining checks them.

use crate::check::proof::NameKind;
use crate::input::source::Span;

/// A link in the spec.
#[derive(Debug)]
pub(super) struct LinkUse {
    pub(super) destination: String,
    pub(super) span: Span,
    pub(super) is_image: bool,
    /// Whether only an internal page or endpoint shows it.
    pub(super) is_internal: bool,
}

/// A name in prose, written as code.
#[derive(Debug)]
pub(super) struct NameUse {
    pub(super) name: String,
    /// The kind that the text gives it.
    pub(super) kind: Option<NameKind>,
    pub(super) span: Span,
}

/// Endings of files that pages are made of, or are.
const ENDINGS: [&str; 3] = [".md", ".yaml", ".html"];

/// Returns the name of the page that code could mean: `widget-sdk`, `widget-sdk.md`.
pub(super) fn page_name(code: &str) -> &str {
    let ending = ENDINGS.iter().find_map(|ending| code.strip_suffix(ending));
    ending.unwrap_or(code)
}

/// A value that the author declares not to be secret.
#[derive(Clone, Debug)]
pub(super) enum WaivedKey {
    /// A value.
    Text(String),
    /// All values of a variable, by its name.
    Variable(String),
}

/// A waiver of a text that looks like a key.
#[derive(Clone, Debug)]
pub(super) struct KeyWaiver {
    /// The waived value or variable.
    pub(super) waived: WaivedKey,
    /// Where it is waived.
    pub(super) span: Span,
}

/// A name in prose that only looks like one of ours.
pub(super) struct NameWaiver {
    /// The name.
    pub(super) name: String,
    /// The reason that the author gives.
    pub(super) reason: String,
    /// Where it is waived.
    pub(super) span: Span,
}

/// The navigation as `site.yaml` has it.
pub(super) struct WrittenNavigation<'n> {
    /// The place of its key, if it is present.
    pub(super) place: Option<Span>,
    pub(super) groups: Vec<WrittenGroup<'n>>,
}

/// A group of pages, or a lone page between groups.
pub(super) struct WrittenGroup<'n> {
    pub(super) title: Option<String>,
    /// The names of its pages; `None` for a value that is not a name, which lowering reports.
    pub(super) pages: Vec<Option<PageUse<'n>>>,
}

/// A page that the navigation names.
pub(super) struct PageUse<'n> {
    pub(super) written: &'n str,
    pub(super) span: Span,
}

/// A redirect as `site.yaml` has it.
pub(super) struct RedirectUse<'n> {
    pub(super) from: &'n str,
    pub(super) from_span: Span,
    pub(super) to: &'n str,
    pub(super) to_span: Span,
}

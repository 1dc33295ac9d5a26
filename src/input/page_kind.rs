//! The kinds of pages, and what differs between them.
//!
//! A new kind begins with a row here. What its files hold is parsed in [`spec`](super::spec) and
//! lowered by `check`; a test lists the files that match on the kind after that.

/// A kind of page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// A page made from a spec, in YAML.
    Api,
    /// A page made from Markdown with front matter.
    Guide,
}

/// What differs between kinds of pages.
///
/// The names of templates and of schema.org's types stand here, above the code that uses them,
/// because the kind is chosen by a file's ending and carried through every stage.
struct PageKindRow {
    name: &'static str,
    ending: &'static str,
    other_ending: &'static str,
    template: &'static str,
    item_type: &'static str,
    checked: &'static str,
    schema_title: &'static str,
}

const API: PageKindRow = PageKindRow {
    name: "api",
    ending: "yaml",
    other_ending: "yml",
    template: "api.html",
    item_type: "APIReference",
    checked: "API pages",
    schema_title: "botdocs API page",
};

const GUIDE: PageKindRow = PageKindRow {
    name: "guide",
    ending: "md",
    other_ending: "markdown",
    template: "guide.html",
    item_type: "TechArticle",
    checked: "the front matter of guides",
    schema_title: "front matter of a botdocs guide",
};

impl PageKind {
    /// Every kind.
    pub const ALL: [PageKind; 2] = [PageKind::Api, PageKind::Guide];

    const fn row(self) -> &'static PageKindRow {
        match self {
            PageKind::Api => &API,
            PageKind::Guide => &GUIDE,
        }
    }

    /// Returns the kind whose files have this ending.
    pub fn of_ending(ending: &str) -> Option<PageKind> {
        PageKind::ALL
            .into_iter()
            .find(|kind| kind.ending() == ending)
    }

    /// Returns the kind whose files have this ending in other projects, but not in ours.
    pub fn of_other_ending(ending: &str) -> Option<PageKind> {
        let mut all = PageKind::ALL.into_iter();
        all.find(|kind| kind.row().other_ending == ending)
    }

    /// Returns its name in `botdocs schema --kind` and in the definitions of the JSON Schema.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the ending of its files, without a dot.
    pub fn ending(self) -> &'static str {
        self.row().ending
    }

    /// Returns the file name of its template.
    pub fn template(self) -> &'static str {
        self.row().template
    }

    /// Returns its type in the vocabulary of schema.org.
    pub fn item_type(self) -> &'static str {
        self.row().item_type
    }

    /// Returns the name of the files that its JSON Schema describes, for help texts.
    pub fn checked(self) -> &'static str {
        self.row().checked
    }

    /// Returns the title of its JSON Schema.
    pub fn schema_title(self) -> &'static str {
        self.row().schema_title
    }
}

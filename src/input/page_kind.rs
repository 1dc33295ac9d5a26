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
    other_endings: &'static [&'static str],
    template: &'static str,
    item_type: &'static str,
    checked: &'static str,
    schema_title: &'static str,
}

const API: PageKindRow = PageKindRow {
    name: "api",
    ending: "yaml",
    other_endings: &["yml"],
    template: "api.html",
    item_type: "APIReference",
    checked: "API pages",
    schema_title: "botdocs API page",
};

const GUIDE: PageKindRow = PageKindRow {
    name: "guide",
    ending: "md",
    other_endings: &["markdown", "mdown", "mdx", "mkd"],
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

    /// Returns the kind of page that a file was meant as, wherever it is and whatever its ending
    /// is in other projects, and the name of the page.
    pub fn meant_by(path: &str) -> Option<(PageKind, &str)> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (name, ending) = name.rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase();
        let mut all = PageKind::ALL.into_iter();
        let is_of = |kind: &PageKind| {
            kind.ending() == ending || kind.row().other_endings.contains(&&*ending)
        };
        Some((all.find(is_of)?, name))
    }

    /// Returns whether a text was written as a page of this kind: a guide with front matter, or an
    /// API page with endpoints.
    pub fn is_written_in(self, text: &str) -> bool {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        match self {
            PageKind::Guide => lines.next().is_some_and(|line| line.trim_end() == "---"),
            PageKind::Api => lines.any(|line| line.starts_with("endpoints:")),
        }
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

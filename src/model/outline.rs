//! The part of the model that pages may show of each other.

use super::{Model, Target, UsedVariables};

/// The part of the project that any page may show: everything but the content of other pages.
///
/// So a page must be rendered again only if it or the outline changed. The type ensures that
/// nothing else is shown: an [`OutlinePage`] has no content.
pub type Outline = Model<OutlinePage>;

/// A page as others name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlinePage {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its description, if it has one.
    pub description: Option<String>,
}

impl Model {
    /// Returns the variables that the texts of the site and its pages contain.
    fn used_on_pages(&self) -> UsedVariables {
        let mut used = self.used;
        for page in &self.pages {
            used.extend(page.used);
            let endpoints = page.api().into_iter().flat_map(|api| &api.endpoints);
            endpoints.for_each(|endpoint| used.extend(endpoint.used));
        }
        used
    }

    /// Returns the part of the model that every page may show.
    pub fn outline(&self) -> Outline {
        let pages = self.pages.iter().map(|page| OutlinePage {
            name: page.name.clone(),
            title: page.title.clone(),
            description: page.description.clone(),
        });
        Model {
            pages: pages.collect(),
            site: self.site.clone(),
            variables: self.variables.clone(),
            home: self.home.clone(),
            navigation: self.navigation.clone(),
            redirects: self.redirects.clone(),
            files: self.files.clone(),
            hidden: self.hidden.clone(),
            absent: self.absent.clone(),
            used: self.used_on_pages(),
            // No page shows them.
            internal_files: Vec::new(),
            internal_endpoints: self.internal_endpoints.clone(),
            // No page shows them, so a waiver must not make all pages be rendered again.
            waived: Vec::new(),
        }
    }
}

impl Outline {
    /// Returns the page of a name.
    pub fn page(&self, name: &str) -> Option<&OutlinePage> {
        self.pages.iter().find(|page| page.name == name)
    }

    /// Returns the file of a page: that of the first page in the navigation is the index.
    pub fn file_name(&self, page: &str) -> String {
        match self.pages.first() {
            Some(first) if first.name == page => "index.html".to_owned(),
            _ => format!("{page}.html"),
        }
    }

    /// Returns whether an anchor belongs to an endpoint that was left out.
    pub fn is_hidden(&self, page: &str, anchor: &str) -> bool {
        let mut here = self.hidden.iter().filter(|hidden| hidden.page == page);
        here.any(|hidden| {
            hidden
                .anchor
                .as_deref()
                .is_some_and(|id| belongs(anchor, id))
        })
    }
}

/// Returns whether a place is an endpoint, or inside it.
pub(super) fn is_below(target: &Target, endpoint: &Target) -> bool {
    let anchors = target.anchor.as_deref().zip(endpoint.anchor.as_deref());
    target.page == endpoint.page && anchors.is_some_and(|(anchor, id)| belongs(anchor, id))
}

/// Returns whether an anchor is that of an endpoint, or of a part of it.
pub fn belongs(anchor: &str, endpoint: &str) -> bool {
    let rest = anchor.strip_prefix(endpoint);
    // A dot ends an ID in anchors, so `chat` does not hide `chat-stream`.
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

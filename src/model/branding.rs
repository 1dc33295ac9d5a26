//! The branding of a site beyond the theme: its colour and pictures.

use crate::rich::accent::Accent;

/// The branding that `site.yaml` sets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Branding {
    /// The accent, where it is not the theme's.
    pub accent: Option<Accent>,
    /// The picture in the header, before the title or in its place.
    pub logo: Option<Logo>,
    /// The icon of tabs and bookmarks, where it is not the theme's.
    pub favicon: Option<SiteFile>,
    /// The picture that chats and feeds show beside a link to a page.
    pub image: Option<SiteFile>,
}

impl Branding {
    /// Returns the files of the spec's folder that it names.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let logo = self.logo.iter();
        let logos = logo.flat_map(|logo| [Some(&logo.light), logo.dark.as_ref()]);
        let pictures = logos.flatten().map(|picture| &picture.file);
        let files = pictures.chain(&self.favicon).chain(&self.image);
        files.filter_map(|file| match file {
            SiteFile::Spec(path) => Some(path.as_str()),
            SiteFile::Static(_) => None,
        })
    }
}

/// The picture in the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    /// The picture; the one for light colours if there are two.
    pub light: Picture,
    /// The picture for dark surroundings.
    pub dark: Option<Picture>,
    /// Its alternative text.
    pub alt: String,
    /// Whether it replaces the title, which is not shown then.
    pub replaces_title: bool,
}

/// A picture with a known form.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The file.
    pub file: SiteFile,
    /// Its width divided by its height.
    pub proportion: f64,
}

/// A file that the site's own configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteFile {
    /// One of guides, by its path below `spec/`.
    Spec(String),
    /// One of the theme, by its path below `static/`.
    Static(String),
}

impl SiteFile {
    /// Returns its path below its folder.
    pub fn path(&self) -> &str {
        match self {
            SiteFile::Spec(path) | SiteFile::Static(path) => path,
        }
    }
}

//! Static files under names that change with their content.
//!
//! Built-in files and a project's own are treated alike; a project's file replaces the built-in one
//! of the same name. `style.css` becomes `assets/style.3f2a91c0.css`, so that hosts can let
//! browsers cache it without revalidation.
//!
//! The tags have no `integrity`: Chromium refuses a file with one when a page is opened from disk,
//! and pages must work from there. The hash in the name ties a page to its files.

use std::borrow::Cow;
use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use crate::input::embedded;
use crate::rich::accent::Accent;
use crate::rich::address;
use crate::rich::style_sheet::{self, SheetAddress};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// The folder of the output directory for the theme's files.
pub const FOLDER: &str = "assets/";

/// The built-in icon, and the colour in it that is the theme's accent.
const ICON: &str = "favicon.svg";
const ICON_COLOUR: &str = "#0f6b57";

/// A static file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its path in the output directory.
    pub path: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// The static files by the names that templates and pages use.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The theme's, by their path below `static/`.
    theme: BTreeMap<String, Asset>,
    /// Those of guides, such as images, by their path below `spec/`.
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// Takes a project's own static files, which add to or replace the built-in ones, and the files
    /// of its guides; each is given as its path below the folder, with `/`, and its content. The
    /// accent, if the project sets one, goes into the style sheet and the built-in icon.
    pub fn new(
        own: impl IntoIterator<Item = (String, Vec<u8>)>,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
        accent: Option<&Accent>,
    ) -> Assets {
        let mut theme: BTreeMap<String, Cow<'static, [u8]>> = Assets::built_in()
            .map(|(name, bytes)| (name.to_owned(), bytes.into()))
            .collect();
        theme.extend(own.into_iter().map(|(name, bytes)| (name, bytes.into())));
        // The accent is rules at the end of the one style sheet: the policy of pages allows no
        // inline style, and a second sheet would be a second request before the first paint.
        if let (Some(accent), Some(sheet)) = (accent, theme.get_mut("style.css")) {
            sheet.to_mut().extend_from_slice(accent.rules().as_bytes());
        }
        if let (Some(accent), Some(icon)) = (accent, theme.get_mut(ICON)) {
            tint_icon(icon, accent);
        }
        let (sheets, others): (Vec<_>, Vec<_>) = theme
            .into_iter()
            .partition(|(name, _)| name.ends_with(".css"));
        let mut assets = Assets::default();
        for (name, bytes) in files {
            let asset = Asset::new(&name, bytes.into());
            assets.files.insert(name, asset);
        }
        for (name, bytes) in others {
            let asset = Asset::new(&name, bytes);
            assets.theme.insert(name, asset);
        }
        // Style sheets name other files, whose hashes must be known first.
        for (name, bytes) in sheets {
            let asset = Asset::new(&name, assets.rewrite(&name, bytes));
            assets.theme.insert(name, asset);
        }
        assets
    }

    /// Returns the built-in files by name, in order.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static [u8])> {
        embedded::files(&BUILT_IN).into_iter()
    }

    /// Returns the theme's file with a name.
    pub fn get(&self, name: &str) -> Option<&Asset> {
        self.theme.get(name)
    }

    /// Returns the theme's files by name, in order.
    pub fn theme(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.theme
            .iter()
            .map(|(name, asset)| (name.as_str(), asset))
    }

    /// Returns the file of a guide.
    pub fn file(&self, name: &str) -> Option<&Asset> {
        self.files.get(name)
    }

    /// Returns all files, each path once.
    pub fn iter(&self) -> impl Iterator<Item = &Asset> {
        let all = self.theme.values().chain(self.files.values());
        // A guide's picture may be a copy of a file of the theme, with the same name and hash.
        all.map(|asset| (&asset.path, asset))
            .collect::<BTreeMap<_, _>>()
            .into_values()
    }

    /// Puts the hashed names of files into the addresses of a style sheet; an address of no known
    /// file stays as it is.
    fn rewrite(&self, sheet: &str, bytes: Cow<'static, [u8]>) -> Cow<'static, [u8]> {
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return bytes;
        };
        let folder = sheet.rfind('/').map_or("", |slash| &sheet[..=slash]);
        let up = "../".repeat(folder.matches('/').count());
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for SheetAddress { address, range, .. } in style_sheet::addresses(text) {
            // What follows the path is for the file itself, as in `shapes.svg#star`.
            let end = address.find(['?', '#']).unwrap_or(address.len());
            let (path, rest) = address.split_at(end);
            let name = beside(sheet, &address::path_of(path));
            if let Some(asset) = name.and_then(|name| self.theme.get(&name)) {
                out.push_str(&text[done..range.start]);
                let path = &asset.path[FOLDER.len()..];
                match path.strip_prefix(folder) {
                    Some(path) => out.push_str(&address::of_path(path)),
                    None => {
                        out.push_str(&up);
                        out.push_str(&address::of_path(path));
                    }
                }
                out.push_str(rest);
                done = range.end;
            }
        }
        out.push_str(&text[done..]);
        out.into_bytes().into()
    }
}

/// Returns the path of what a file names by a path from its own folder; none outside the theme.
pub fn beside(file: &str, path: &str) -> Option<String> {
    let folder = file.rfind('/').map_or("", |slash| &file[..slash]);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl Asset {
    /// Returns a file under a name with a hash of its content.
    pub fn new(name: &str, bytes: Cow<'static, [u8]>) -> Asset {
        Asset {
            path: format!("{FOLDER}{}", hashed_name(&portable(name), &bytes)),
            bytes,
        }
    }

    /// Returns its address below the output directory.
    pub fn address(&self) -> String {
        address::of_path(&self.path)
    }
}

/// Replaces the characters of a name that Windows allows in none.
///
/// The published name has a hash anyway, and a file that only some systems can store would make the
/// whole site unusable on the others.
fn portable(name: &str) -> Cow<'_, str> {
    let is_forbidden =
        |c: char| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*');
    if name.contains(is_forbidden) {
        Cow::Owned(name.replace(is_forbidden, "-"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Gives the built-in icon the site's accent; a project's own icon stays as it is.
fn tint_icon(icon: &mut Cow<'static, [u8]>, accent: &Accent) {
    if BUILT_IN.get_file(ICON).map(|file| file.contents()) != Some(&**icon) {
        return;
    }
    let drawn = String::from_utf8_lossy(icon);
    let tinted = drawn.replace(ICON_COLOUR, &accent.light().to_string());
    *icon = Cow::Owned(tinted.into_bytes());
}

/// Returns the name with a hash of the content before its ending: `fonts/inter.3f2a91c0.woff2`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file..].rfind('.').filter(|&dot| dot > 0) {
        // Eight digits of BLAKE3 are 32 bits: two contents of one file name collide once in four
        // billion.
        Some(dot) => format!(
            "{}.{}{}",
            &name[..file + dot],
            &hash[..8],
            &name[file + dot..]
        ),
        None => format!("{name}.{}", &hash[..8]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::accent::{Colour, Palettes};

    fn assets(own: &[(&str, &str)]) -> Assets {
        let own = own
            .iter()
            .map(|(name, text)| (name.to_string(), text.as_bytes().to_vec()));
        Assets::new(own, [], None)
    }

    #[test]
    fn names_carry_a_hash_of_the_content() {
        let assets = assets(&[("a/b.min.css", ""), ("LICENSE", "x")]);
        assert_eq!(
            assets.get("a/b.min.css").unwrap().path,
            "assets/a/b.min.af1349b9.css"
        );
        assert!(
            assets
                .get("LICENSE")
                .unwrap()
                .path
                .starts_with("assets/LICENSE.")
        );
    }

    #[test]
    fn a_projects_file_replaces_the_built_in_one() {
        let assets = assets(&[("style.css", "body{}")]);
        assert_eq!(&*assets.get("style.css").unwrap().bytes, b"body{}");
        assert!(assets.get("script.js").is_some());
    }

    #[test]
    fn an_accent_goes_into_the_style_sheet_and_the_built_in_icon() {
        let light = Colour::parse("#6b2d6b").unwrap();
        let palettes = Palettes::default();
        let accent = palettes.accent(light, palettes.dark(light));
        let text = |assets: &Assets, name: &str| {
            String::from_utf8(assets.get(name).unwrap().bytes.to_vec()).unwrap()
        };
        let plain = assets(&[]);
        let tinted = Assets::new([], [], Some(&accent));
        assert_eq!(
            text(&tinted, "style.css"),
            text(&plain, "style.css") + &accent.rules()
        );
        assert!(text(&plain, ICON).contains(ICON_COLOUR));
        assert_eq!(
            text(&tinted, ICON),
            text(&plain, ICON).replace(ICON_COLOUR, "#6b2d6b")
        );
        let own = [("favicon.svg".to_owned(), ICON_COLOUR.as_bytes().to_vec())];
        let own = Assets::new(own, [], Some(&accent));
        assert_eq!(text(&own, ICON), ICON_COLOUR);
        let others = |assets: &Assets| assets.get("script.js").unwrap().path.clone();
        assert_eq!(others(&tinted), others(&plain));
    }

    #[test]
    fn style_sheets_name_the_hashed_files() {
        let css = "a{b:url(\"f.woff2\")}c{d:url( ../x.png ) url(data:,)}e{f:url(";
        let assets = assets(&[("fonts/a.css", css), ("fonts/f.woff2", "")]);
        assert_eq!(
            std::str::from_utf8(&assets.get("fonts/a.css").unwrap().bytes).unwrap(),
            "a{b:url(\"f.af1349b9.woff2\")}c{d:url( ../x.png ) url(data:,)}e{f:url("
        );
    }
}

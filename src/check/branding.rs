//! The branding in `site.yaml`: the accent, the logo, the icon, the preview image.

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::{Inputs, StaticFile};
use crate::input::meant::nearest;
use crate::input::name::normal;
use crate::input::yaml::{Node, Value};
use crate::model::{Branding, Logo, Picture, SiteFile};
use crate::rich::accent::{Accent, Colour, LowContrast, Palettes, STYLE_SHEET, Scheme};
use crate::rich::picture;

use super::reader::{Map, Reader};
use super::refused;

pub(super) const ACCENT_KEYS: &[&str] = &["light", "dark"];

pub(super) const LOGO_KEYS: &[&str] = &["light", "dark", "alt", "replaces_title"];

/// Image formats of a logo, which browsers show in the header.
const LOGOS: &[&str] = &["svg", "png", "webp", "avif", "jpg", "jpeg", "gif"];

const FAVICONS: &[&str] = &["svg", "png", "ico"];

/// Image formats that programs show in previews of links; they don't draw SVG.
const PREVIEWS: &[&str] = &["png", "jpg", "jpeg", "webp", "gif"];

/// Returns the branding of every page, which adds to the theme's.
pub(super) fn lower(
    reader: &mut Reader<'_>,
    map: &Map<'_>,
    title: &str,
    inputs: &Inputs,
) -> Branding {
    let favicon = map.get("favicon");
    let image = map.get("image");
    Branding {
        accent: map
            .get("accent")
            .and_then(|node| accent(reader, node, inputs)),
        logo: map
            .get("logo")
            .and_then(|node| logo(reader, node, title, inputs)),
        favicon: favicon
            .and_then(|node| Some(site_file(reader, node, "an icon", FAVICONS, inputs)?.0)),
        image: image.and_then(|node| {
            Some(site_file(reader, node, "a preview's image", PREVIEWS, inputs)?.0)
        }),
    }
}

fn accent(reader: &mut Reader<'_>, node: &Node, inputs: &Inputs) -> Option<Accent> {
    let mut statics = inputs.statics.iter();
    // A project's own style sheet has its own backgrounds, on which the accent must be readable.
    let own = statics.find(|file| file.path == "style.css");
    let sheet = own.and_then(|file| std::str::from_utf8(&file.bytes).ok());
    let palettes = Palettes::read(sheet.unwrap_or(STYLE_SHEET));
    let (light, dark) = match &node.value {
        Value::Mapping(_) => {
            let map = reader.map(node, "an accent", ACCENT_KEYS)?;
            let light = reader.require(&map, "light");
            let light = light.and_then(|node| readable(reader, node, &palettes, Scheme::Light));
            let dark = map.get("dark");
            let dark = dark.map(|node| readable(reader, node, &palettes, Scheme::Dark));
            (light, dark)
        }
        _ => (readable(reader, node, &palettes, Scheme::Light), None),
    };
    let dark = match dark {
        Some(given) => given?,
        None => palettes.dark(light?),
    };
    Some(palettes.accent(light?, dark))
}

/// Lowers a colour, and checks its contrast wherever the accent is used.
fn readable(
    reader: &mut Reader<'_>,
    node: &Node,
    palettes: &Palettes,
    scheme: Scheme,
) -> Option<Colour> {
    if matches!(node.value, Value::Null) {
        let help = "in YAML a `#` begins a comment: put the colour in quotes, as \"#0d6552\"";
        reader.error(Code::EmptyValue, node.place, "a missing colour", help);
        return None;
    }
    let written = reader.word(node)?;
    let colour = match Colour::parse(written) {
        Ok(colour) => colour,
        Err(help) => {
            let message = format!("`{written}` is not an accent colour");
            reader.error(Code::InvalidValue, node.span, message, help);
            return None;
        }
    };
    let Err(fault) = palettes.judge(colour, scheme) else {
        return Some(colour);
    };
    let diagnostic = low_contrast(&fault, node, scheme);
    reader.report.push(diagnostic);
    None
}

fn logo(reader: &mut Reader<'_>, node: &Node, title: &str, inputs: &Inputs) -> Option<Logo> {
    if !matches!(node.value, Value::Mapping(_)) {
        let light = logo_picture(reader, node, inputs)?;
        return Some(Logo {
            light,
            dark: None,
            alt: String::new(),
            replaces_title: false,
        });
    }
    let map = reader.map(node, "a logo", LOGO_KEYS)?;
    let light = reader.require(&map, "light");
    let light = light.and_then(|node| logo_picture(reader, node, inputs));
    let dark = map
        .get("dark")
        .map(|node| logo_picture(reader, node, inputs));
    let alt = map.get("alt").and_then(|node| reader.text(node));
    let replaces_title = map.get("replaces_title");
    let replaces_title = replaces_title.and_then(|node| reader.boolean(node)) == Some(true);
    Some(Logo {
        light: light?,
        dark: match dark {
            Some(dark) => Some(dark?),
            None => None,
        },
        // Beside the title, an alternative text would repeat it for screen readers; in place of the
        // title, it is the only text.
        alt: alt.unwrap_or_else(|| {
            if replaces_title {
                title.to_owned()
            } else {
                String::new()
            }
        }),
        replaces_title,
    })
}

fn logo_picture(reader: &mut Reader<'_>, node: &Node, inputs: &Inputs) -> Option<Picture> {
    let (site_file, file) = site_file(reader, node, "a logo", LOGOS, inputs)?;
    let Some(proportion) = picture::proportion(&file.path, &file.bytes) else {
        let help = match picture::ending(&file.path).as_str() {
            "svg" => "use an SVG image with a `viewBox`, or with `width` and `height`",
            _ => "use a file whose content matches its extension",
        };
        let message = format!("`{}` has no readable size", file.path);
        reader.error(Code::InvalidValue, node.span, message, help);
        return None;
    };
    Some(Picture {
        file: site_file,
        proportion,
    })
}

/// Returns a file in the spec's folder or among the static files, by its path there.
fn site_file<'i>(
    reader: &mut Reader<'_>,
    node: &Node,
    what: &str,
    endings: &[&str],
    inputs: &'i Inputs,
) -> Option<(SiteFile, &'i StaticFile)> {
    let written = reader.word(node)?;
    let path = normal(written.strip_prefix("./").unwrap_or(written));
    let path = &*path;
    if let Some(fault) = refused::address(path, what, node.span) {
        reader.report.push(fault);
        return None;
    }
    if !endings.contains(&picture::ending(path).as_str()) {
        let message = format!("`{written}` can't be {what}");
        let help = format!(
            "use a file with one of these extensions: .{}",
            endings.join(", .")
        );
        reader.error(Code::InvalidValue, node.span, message, help);
        return None;
    }
    let of = |files: &'i [StaticFile]| files.iter().find(|file| file.path == path);
    let in_spec = of(&inputs.files).map(|file| (SiteFile::Spec(path.to_owned()), file));
    let found = in_spec.or_else(|| {
        let file = of(&inputs.statics)?;
        Some((SiteFile::Static(path.to_owned()), file))
    });
    if let Some((_, file)) = found {
        if let Some(fault) = refused::no_picture(&file.path, &file.bytes, node.span) {
            reader.report.push(fault);
            return None;
        }
        return found;
    }
    let message = format!("no file `{written}`");
    let mut diagnostic = Diagnostic::error(Code::DeadLink, node.span, message);
    let files = inputs.files.iter().chain(&inputs.statics);
    let names = files.map(|file| file.path.as_str());
    // Authors write the path from the project's root, `static/logo.svg`.
    let below = path.split_once('/').map_or(path, |(_, rest)| rest);
    let exact = { names.clone() }.find(|name| *name == below);
    if let Some(meant) = exact.or_else(|| nearest(path, names)) {
        diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
    }
    let help =
        "name a file in the spec's folder or in `static/`, with its path relative to that folder";
    reader.report.push(diagnostic.help(help));
    None
}

/// Returns the diagnostic for an accent with too little contrast, with the nearest sufficient one.
fn low_contrast(fault: &LowContrast, node: &Node, scheme: Scheme) -> Diagnostic {
    let surroundings = match scheme {
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    };
    // Rounded down: a contrast that is not enough must not look as if it were.
    let ratio = (fault.ratio * 100.0).floor() / 100.0;
    let message = format!(
        "an accent with too little contrast in {surroundings} pages: {ratio:.2}:1 on {} ({}), where {}:1 is required",
        fault.place, fault.ground, fault.needed
    );
    let diagnostic = Diagnostic::error(Code::LowContrast, node.span, message);
    let Some(nearest) = fault.nearest else {
        return diagnostic
            .help("use a colour with more contrast to the backgrounds of the style sheet");
    };
    diagnostic
        .label(format!("the nearest of the same hue: \"{nearest}\""))
        .help(format!(
            "write \"{nearest}\"; `accent: {{light: …, dark: …}}` sets a colour for each palette"
        ))
}

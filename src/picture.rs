//! What a picture is by its name, and how large: a page says it, so that nothing moves when it comes.

use std::io::Cursor;

/// Endings of pictures that every browser shows, and their media types.
pub const TYPES: [(&str, &str); 8] = [
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("ico", "image/x-icon"),
];

/// The ending of a file's name, in lower case.
pub fn ending(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_ascii_lowercase()
}

/// The media type of a picture, by its name's ending.
pub fn media_type(path: &str) -> Option<&'static str> {
    let ending = ending(path);
    let known = TYPES.iter().find(|(other, _)| *other == ending);
    known.map(|&(_, media_type)| media_type)
}

/// Width and height in pixels of a picture that is made of them, as browsers show it.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (size.width.try_into().ok()?, size.height.try_into().ok()?);
    let (width, height) = match is_on_its_side(bytes) {
        true => (height, width),
        false => (width, height),
    };
    (width > 0 && height > 0).then_some((width, height))
}

/// Whether a picture says that it must be turned by a quarter to be seen upright, as cameras do
/// (Exif 3.0, section 4.6.5, tag 274; 5 to 8 are the turned ones). Browsers turn it.
fn is_on_its_side(bytes: &[u8]) -> bool {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes));
    let orientation = exif.ok().and_then(|exif| {
        let field = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
        field.value.get_uint(0)
    });
    matches!(orientation, Some(5..=8))
}

/// How many times as wide as high a picture is, be it drawn or made of pixels.
pub fn proportion(path: &str, bytes: &[u8]) -> Option<f64> {
    let (width, height) = match ending(path).as_str() {
        "svg" => drawn_size(bytes)?,
        _ => size(bytes).map(|(width, height)| (width.into(), height.into()))?,
    };
    let proportion = width / height;
    (proportion.is_finite() && proportion > 0.0).then_some(proportion)
}

/// How many namespaces a drawing, and how many attributes one of its elements may have: the time to
/// read them grows with the square of both.
const MOST_NAMESPACES: usize = 256;
const MOST_ATTRIBUTES: usize = 2_000;

/// Whether an SVG image can be read in a time that grows with its size.
pub fn is_readable(drawing: &str) -> bool {
    let mut tags = drawing.split('<').skip(1).map(tag);
    drawing.matches("xmlns").count() <= MOST_NAMESPACES
        && tags.all(|tag| tag.matches('=').count() <= MOST_ATTRIBUTES)
}

/// The part of a text behind `<` that is the tag: up to its end outside quotes.
fn tag(behind: &str) -> &str {
    let mut quote = None;
    let end = behind.find(|character| match (quote, character) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(character);
            false
        }
        (Some(open), _) if open == character => {
            quote = None;
            false
        }
        _ => false,
    });
    &behind[..end.unwrap_or(behind.len())]
}

/// Width and height of an SVG image in its own units; none if it is none, or has no size.
fn drawn_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let options = roxmltree::ParsingOptions {
        // Drawing programs write one; it can't fetch anything here.
        allow_dtd: true,
        ..Default::default()
    };
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| is_readable(text))?;
    let document = roxmltree::Document::parse_with_options(text, options).ok()?;
    let svg = document.root_element();
    let is_svg = svg.has_tag_name(("http://www.w3.org/2000/svg", "svg"));
    let length = |name: &str| {
        let written = svg.attribute(name)?.trim();
        written.strip_suffix("px").unwrap_or(written).parse().ok()
    };
    let by_view_box = || {
        let view_box = svg.attribute("viewBox")?;
        let numbers = view_box.split([' ', ',']).filter(|part| !part.is_empty());
        let numbers: Vec<f64> = numbers.map_while(|part| part.parse().ok()).collect();
        match numbers[..] {
            [_, _, width, height] => Some((width, height)),
            _ => None,
        }
    };
    let both = length("width").zip(length("height"));
    both.or_else(by_view_box).filter(|_| is_svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_in_tags_alone() {
        let equals = "a[b=c]{} ".repeat(3_000);
        let attributes = "b='>' ".repeat(3_000);
        assert!(is_readable(&format!("<svg><style>{equals}</style></svg>")));
        assert!(!is_readable(&format!("<svg {attributes}/>")));
        assert!(!is_readable(&"xmlns:a='b' ".repeat(300)));
    }

    #[test]
    fn the_size_of_a_drawing_is_read_from_its_root() {
        let svg = |attributes: &str| {
            let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {attributes}/>");
            proportion("a.SVG", text.as_bytes())
        };
        for (attributes, wide) in [
            ("width=\"120\" height=\"40px\"", Some(3.0)),
            ("viewBox=\"0 0 24.5 49\"", Some(0.5)),
            ("viewBox=\"-5,-5, 20 , 10\"", Some(2.0)),
            (
                "width=\"100%\" height=\"2em\" viewBox=\"0 0 3 2\"",
                Some(1.5),
            ),
            ("width=\"10\"", None),
            ("viewBox=\"0 0 1\"", None),
            ("viewBox=\"0 0 1 0\"", None),
            ("viewBox=\"0 0 0 1\"", None),
            ("", None),
        ] {
            assert_eq!(svg(attributes), wide, "{attributes}");
        }
        for none in [
            "<svg viewBox=\"0 0 1 1\"/>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<svg",
            "",
        ] {
            assert_eq!(proportion("a.svg", none.as_bytes()), None, "{none}");
        }
        let program = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"><!-- made --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 1\"/>";
        assert_eq!(proportion("a.svg", program.as_bytes()), Some(2.0));
    }

    #[test]
    fn the_size_of_pixels_is_read_from_their_header() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x30\0\0\0\x10\x08\x06\0\0\0";
        assert_eq!(size(png), Some((48, 16)));
        assert_eq!(proportion("a.png", png), Some(3.0));
        let gif = b"GIF89a\x0a\0\x05\0\x80\0\0";
        assert_eq!(size(gif), Some((10, 5)));
        assert_eq!((size(b"\x89PNG"), size(b"")), (None, None));
    }

    /// The head of a photo: what a camera says of it, and its size in pixels.
    #[test]
    fn a_photo_that_must_be_turned_is_as_large_as_it_is_seen() {
        let photo = |orientation: u8| {
            let said = [
                &b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..],
                &[orientation],
                &[0; 6],
            ];
            let said = said.concat();
            let length = (said.len() as u16 + 2).to_be_bytes();
            let frame = b"\xff\xc0\0\x0b\x08\0\x10\0\x30\x01\x01\x11\0\xff\xda\0\x02\xff\xd9";
            [&b"\xff\xd8\xff\xe1"[..], &length, &said, frame].concat()
        };
        for (orientation, seen) in [
            (1, (48, 16)),
            (3, (48, 16)),
            (6, (16, 48)),
            (8, (16, 48)),
            (9, (48, 16)),
        ] {
            assert_eq!(size(&photo(orientation)), Some(seen), "{orientation}");
        }
    }

    #[test]
    fn types_are_known_by_their_endings() {
        assert_eq!(media_type("a/b.PNG"), Some("image/png"));
        assert_eq!(media_type("favicon.ico"), Some("image/x-icon"));
        assert_eq!((media_type("a.txt"), media_type("svg")), (None, None));
    }
}

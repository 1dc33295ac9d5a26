//! What a picture is by its name, and how large: a page says it, so that nothing moves when it comes.

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

/// Width and height in pixels of a picture that is made of them.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (size.width.try_into().ok()?, size.height.try_into().ok()?);
    (width > 0 && height > 0).then_some((width, height))
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

/// Width and height of an SVG image in its own units; none if it is none, or has no size.
fn drawn_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let options = roxmltree::ParsingOptions {
        // Drawing programs write one; it can't fetch anything here.
        allow_dtd: true,
        ..Default::default()
    };
    let text = std::str::from_utf8(bytes).ok()?;
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

    #[test]
    fn types_are_known_by_their_endings() {
        assert_eq!(media_type("a/b.PNG"), Some("image/png"));
        assert_eq!(media_type("favicon.ico"), Some("image/x-icon"));
        assert_eq!((media_type("a.txt"), media_type("svg")), (None, None));
    }
}

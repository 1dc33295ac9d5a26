//! The media type of a picture by its name, and its size: a page contains it, so that nothing
//! moves when the picture loads.

use std::io::{Cursor, Read};

use flate2::bufread::ZlibDecoder;

use roxmltree::{Document, ParsingOptions};

/// Extensions of pictures that every browser shows, and their media types.
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

/// Returns the extension of a file name, in lower case.
pub fn ending(path: &str) -> String {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ending.to_ascii_lowercase()
}

/// Returns the media type of a picture by its extension.
pub fn media_type(path: &str) -> Option<&'static str> {
    let ending = ending(path);
    let known = TYPES.iter().find(|(other, _)| *other == ending);
    known.map(|&(_, media_type)| media_type)
}

/// Returns whether a file is a picture that browsers show, by its name and its content.
///
/// A drawing has reports of its own, with their places.
pub fn is_shown(path: &str, bytes: &[u8]) -> bool {
    match ending(path).as_str() {
        "svg" => !bytes.trim_ascii().is_empty(),
        // The header alone: a picture may be shown in many places.
        _ => {
            media_type(path).is_some()
                && imagesize::blob_size(bytes).is_ok_and(|it| it.width > 0 && it.height > 0)
        }
    }
}

/// Returns width and height in pixels of a raster image, as browsers show it.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (size.width.try_into().ok()?, size.height.try_into().ok()?);
    // Browsers rotate a photo by its Exif tag (CSS Images 3, `image-orientation: from-image`), so
    // the space that is reserved for it is rotated too.
    let (width, height) = if is_on_its_side(bytes) {
        (height, width)
    } else {
        (width, height)
    };
    (width > 0 && height > 0).then_some((width, height))
}

/// Returns whether the Exif data of a picture rotate it by a quarter, as cameras do (Exif 3.0,
/// section 4.6.5, tag 274; 5 to 8 are the rotated ones). Browsers apply it.
fn is_on_its_side(bytes: &[u8]) -> bool {
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(bytes));
    let orientation = exif.ok().and_then(|exif| {
        let field = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
        field.value.get_uint(0)
    });
    matches!(orientation, Some(5..=8))
}

/// Returns the ratio of width to height of a vector or raster image.
pub fn proportion(path: &str, bytes: &[u8]) -> Option<f64> {
    let (width, height) = match ending(path).as_str() {
        "svg" => drawn_size(bytes)?,
        _ => size(bytes).map(|(width, height)| (width.into(), height.into()))?,
    };
    let proportion = width / height;
    (proportion.is_finite() && proportion > 0.0).then_some(proportion)
}

/// How much of the compressed texts in a picture is decompressed, in bytes.
const MOST_TEXT: u64 = 1 << 22;

/// Returns the compressed texts in a PNG, as far as they can be decompressed (PNG, third edition,
/// 11.3.3).
///
/// Uncompressed texts can be read in its bytes.
pub fn packed_texts(bytes: &[u8]) -> String {
    let mut texts = Vec::new();
    // The signature and the chunks of PNG, third edition, §5.2 and §5.3: length, type, data, CRC.
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap_or_default();
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some((kind, behind)) = behind.split_first_chunk::<4>() else {
            break;
        };
        let data = &behind[..length.min(behind.len())];
        let packed = match kind {
            b"zTXt" => behind_nuls(data, 1).and_then(|data| data.get(1..)),
            b"iTXt" => match behind_nuls(data, 1) {
                Some([1, _, text @ ..]) => behind_nuls(text, 2),
                _ => None,
            },
            _ => None,
        };
        if let Some(packed) = packed.filter(|packed| packed.len() >= LEAST_PACKED) {
            // A text can be a thousand times as large as its compressed data.
            let left = MOST_TEXT - texts.len() as u64;
            // The text before an error is read too.
            let _ = ZlibDecoder::new(packed).take(left).read_to_end(&mut texts);
            texts.push(b'\n');
        }
        // The data is followed by its checksum.
        rest = behind.get(length.saturating_add(4)..).unwrap_or_default();
        if texts.len() as u64 >= MOST_TEXT {
            break;
        }
    }
    String::from_utf8_lossy(&texts).into_owned()
}

/// The length of the shortest non-empty zlib stream (RFC 1950).
const LEAST_PACKED: usize = 8;

/// Returns the data after a number of NUL-terminated texts.
fn behind_nuls(data: &[u8], count: usize) -> Option<&[u8]> {
    data.splitn(count + 1, |&byte| byte == 0).nth(count)
}

/// How many namespaces a drawing, and how many attributes one of its elements may have: the time
/// to parse them grows with the square of both.
const MOST_NAMESPACES: usize = 256;
const MOST_ATTRIBUTES: usize = 2_000;

/// Why a drawing is not parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadDrawing {
    /// Its bytes are not UTF-8, or it declares another encoding.
    NotUtf8,
    /// It is not well-formed: the error and its place.
    NotXml(String),
    /// Its DTD declares what browsers insert into it: entities, or default attributes of elements.
    Declares,
    /// The time to parse it would grow with the square of its size.
    TooMuch,
}

/// Parses an SVG image as browsers do, in time and memory that grow linearly with its size.
/// Nothing else parses one, so that the result covers the whole drawing.
pub fn drawing(bytes: &[u8]) -> Result<Document<'_>, UnreadDrawing> {
    let text = std::str::from_utf8(bytes).map_err(|_| UnreadDrawing::NotUtf8)?;
    if !text.is_ascii() && names_another_encoding(text) {
        return Err(UnreadDrawing::NotUtf8);
    }
    // An entity that names others ten times, nine levels deep, is a billion texts; browsers expand
    // them, so any other treatment would parse another drawing.
    if text.contains("<!ENTITY") || text.contains("<!ATTLIST") {
        return Err(UnreadDrawing::Declares);
    }
    let mut tags = text.split('<').skip(1).map(tag);
    let is_small = text.matches("xmlns").count() <= MOST_NAMESPACES
        && tags.all(|tag| tag.matches('=').count() <= MOST_ATTRIBUTES);
    if !is_small {
        return Err(UnreadDrawing::TooMuch);
    }
    let options = ParsingOptions {
        // Drawing programs write a DTD; it can't fetch anything here.
        allow_dtd: true,
        ..Default::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|error| UnreadDrawing::NotXml(error.to_string()))
}

/// Returns whether the XML declaration names an encoding that is not UTF-8 (XML 1.0, section
/// 4.3.3).
fn names_another_encoding(text: &str) -> bool {
    let declaration = text.trim_start_matches('\u{feff}').split("?>").next();
    let declaration = declaration.and_then(|it| it.strip_prefix("<?xml"));
    let named = declaration.and_then(|it| it.split_once("encoding"));
    named.is_some_and(|(_, named)| {
        let name = named.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'']);
        let is_utf8 = |name: &str| name.eq_ignore_ascii_case("utf-8");
        !name.get(.."utf-8".len()).is_some_and(is_utf8)
    })
}

/// Returns the tag at the start of a text after `<`: up to its end outside quotes.
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

/// Returns width and height of an SVG image in its own units; none if it is not an SVG image, or
/// has no size.
fn drawn_size(bytes: &[u8]) -> Option<(f64, f64)> {
    let document = drawing(bytes).ok()?;
    let svg = document.root_element();
    let is_svg = svg.has_tag_name(("http://www.w3.org/2000/svg", "svg"));
    let length = |name: &str| {
        // Other units need a font or a screen: such a drawing gets its ratio from the `viewBox`.
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
        let unread = |text: String| drawing(text.as_bytes()).err();
        assert_eq!(unread(format!("<svg><style>{equals}</style></svg>")), None);
        let too_much = Some(UnreadDrawing::TooMuch);
        assert_eq!(unread(format!("<svg {attributes}/>")), too_much);
        assert_eq!(unread("xmlns:a='b' ".repeat(300)), too_much);
    }

    #[test]
    fn a_drawing_into_which_its_dtd_puts_something_is_not_read() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"1\">&a;</svg>";
        for declared in [
            "<!ENTITY a \"b\">",
            "<!ENTITY % p \"<!ENTITY a 'b'>\">%p;",
            "<!ATTLIST svg onload CDATA \"alert(1)\">",
        ] {
            let text = format!("<!DOCTYPE svg [{declared}]>{svg}");
            let unread = drawing(text.as_bytes()).err();
            assert_eq!(unread, Some(UnreadDrawing::Declares), "{declared}");
            assert_eq!(proportion("a.svg", text.as_bytes()), None);
        }
        let plain = format!("<!DOCTYPE svg [<!ELEMENT svg ANY>]>{svg}").replace("&a;", "&lt;");
        assert_eq!(proportion("a.svg", plain.as_bytes()), Some(2.0));
    }

    #[test]
    fn a_drawing_is_read_in_the_encoding_that_browsers_read_it_in() {
        let svg = |encoding: &str, text: &str| {
            format!("<?xml version='1.0' {encoding}?><svg><text>{text}</text></svg>")
        };
        for (encoding, text, is_read) in [
            ("", "é", true),
            ("encoding='UTF-8'", "é", true),
            ("encoding = \"utf-8\" standalone='no'", "é", true),
            ("encoding='iso-8859-1'", "e", true),
            ("encoding='iso-8859-1'", "é", false),
            ("encoding='Shift_JIS'", "é", false),
            // The escape sequence that switches the encoding is not a character of XML.
            ("encoding='iso-2022-jp'", "\u{1b}$B", false),
        ] {
            let bytes = svg(encoding, text).into_bytes();
            assert_eq!(drawing(&bytes).is_ok(), is_read, "{encoding} {text}");
        }
        assert_eq!(
            drawing(b"<svg>\xe9</svg>").err(),
            Some(UnreadDrawing::NotUtf8)
        );
        let wide: Vec<u8> = "\u{feff}<svg/>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(drawing(&wide).err(), Some(UnreadDrawing::NotUtf8));
        assert!(matches!(
            drawing(b"<svg><g></svg>"),
            Err(UnreadDrawing::NotXml(_))
        ));
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

    /// The header of a photo: its Exif data, and its size in pixels.
    #[test]
    fn a_photo_that_must_be_turned_is_as_large_as_it_is_seen() {
        let photo = |orientation: u8| {
            let exif = [
                &b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..],
                &[orientation],
                &[0; 6],
            ];
            let exif = exif.concat();
            let length = (exif.len() as u16 + 2).to_be_bytes();
            let frame = b"\xff\xc0\0\x0b\x08\0\x10\0\x30\x01\x01\x11\0\xff\xda\0\x02\xff\xd9";
            [&b"\xff\xd8\xff\xe1"[..], &length, &exif, frame].concat()
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
    fn packed_texts_are_read_up_to_a_limit() {
        let packed = |text: &[u8]| {
            let mut packed = Vec::new();
            let read = flate2::read::ZlibEncoder::new(text, flate2::Compression::best());
            read.take(1 << 24).read_to_end(&mut packed).unwrap();
            packed
        };
        let chunk = |kind: &[u8], data: &[u8]| {
            let length = (data.len() as u32).to_be_bytes();
            [&length[..], kind, data, &[0; 4]].concat()
        };
        let png = |chunks: &[Vec<u8>]| {
            let head = chunk(b"IHDR", &[0; 13]);
            packed_texts(&[&b"\x89PNG\r\n\x1a\n"[..], &head, &chunks.concat()].concat())
        };
        let simple = chunk(b"zTXt", &[b"Comment\0\0", &packed(b"one")[..]].concat());
        let other = |is_packed: u8, text: &[u8]| {
            chunk(
                b"iTXt",
                &[b"XML\0", &[is_packed, 0][..], b"en\0Titel\0", text].concat(),
            )
        };
        let plain = other(0, b"plain");
        assert_eq!(
            png(&[simple.clone(), plain, other(1, &packed(b"two"))]),
            "one\ntwo\n"
        );
        // Truncated data and data that is not text is skipped, and what follows is read.
        let broken = chunk(b"zTXt", b"Comment\0\0\x78\x9cno");
        for none in [&b""[..], b"Comment", b"Comment\0"] {
            assert_eq!(
                png(&[
                    chunk(b"zTXt", none),
                    chunk(b"iTXt", none),
                    broken.clone(),
                    simple.clone()
                ])
                .trim(),
                "one",
                "{none:?}"
            );
        }
        let bomb = chunk(
            b"zTXt",
            &[b"a\0\0", &packed(&vec![b'a'; 1 << 23])[..]].concat(),
        );
        let read = png(&[bomb.clone(), bomb, simple]);
        assert!(
            (1 << 22..(1 << 22) + 2).contains(&read.len()),
            "{}",
            read.len()
        );
        let lying = [
            &b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffzTXta\0\0"[..],
            &packed(b"one"),
        ]
        .concat();
        assert_eq!(packed_texts(&lying), "one\n");
        assert_eq!(
            (packed_texts(b""), packed_texts(b"\x89PNG\r\n\x1a\n\0")),
            (String::new(), String::new())
        );
    }

    #[test]
    fn types_are_known_by_their_endings() {
        assert_eq!(media_type("a/b.PNG"), Some("image/png"));
        assert_eq!(media_type("favicon.ico"), Some("image/x-icon"));
        assert_eq!((media_type("a.txt"), media_type("svg")), (None, None));
    }
}

//! The encodings around a value, packed into a small number.
//!
//! A marker is one character, so all the encodings of its hole must fit into a number. The number
//! is an index into [`NESTINGS`], which contains every [`Layers`] that [`Layers::inside`] can return.

// The table is a constant. A table that grows while pages are rendered was refused: every encoder,
// the HTML writer, the template engine's printer and each reader of a marker would need it as a
// parameter and behind a lock, and the numbers would depend on the order of threads. A field of
// four bits for each encoding was refused too: three fields leave room for 32 variables, and none
// for a fourth encoding.

use super::Encoding;

/// The greatest number of nestings: 9 of the 17 bits of a marker, whose other 8 are the variable's.
///
/// 265 are used. One more encoding of code adds some 80. When the room is used up, the crate does
/// not compile; then [`Layers::inside`] has to leave out pairs that no code has, such as the quotes
/// of one language inside those of another (80 nestings).
pub(super) const ROOM: u32 = 1 << 9;

/// The encodings around a value: an index into [`NESTINGS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Nesting(u16);

impl Nesting {
    /// No encodings.
    pub(super) const NONE: Nesting = Nesting(0);

    /// Returns the nesting with a number, if there is one.
    pub(super) fn of_number(number: u32) -> Option<Nesting> {
        (number < NESTINGS.count as u32).then_some(Nesting(number as u16))
    }

    /// Returns the number, below [`ROOM`].
    pub(super) fn number(self) -> u32 {
        u32::from(self.0)
    }

    /// Returns the encodings with one more around them.
    pub(super) fn inside(self, outer: Encoding) -> Nesting {
        Nesting(NESTINGS.inside[usize::from(self.0)][outer as usize])
    }

    /// Returns the encodings, from the inside out.
    pub(super) fn encodings(self) -> impl Iterator<Item = Encoding> {
        let (encodings, count) = &NESTINGS.encodings[usize::from(self.0)];
        encodings[..*count].iter().copied()
    }
}

/// The encodings around a value, by their use.
#[derive(Clone, Copy)]
struct Layers {
    /// The encodings of data and of programs, from the inside out: JSON, then a string of a shell.
    code: [Option<Encoding>; 2],
    /// The encoding of the page that shows the code.
    page: Option<Encoding>,
}

impl Layers {
    const NONE: Layers = Layers {
        code: [None, None],
        page: None,
    };

    /// The encoding whose result no other encoding changes, except `_`, `~` and the like in
    /// Markdown: unreserved characters and `%XX`.
    const INERT: Layers = Layers {
        code: [Some(Encoding::Url), None],
        page: None,
    };

    /// Returns the encodings with one more around them.
    ///
    /// Each combination has a result, so neither a template nor a mistake in this crate ends the
    /// process or lets a value leave its quotes. A value with too many encodings is
    /// percent-encoded, which is safe everywhere and changes no letters and digits.
    const fn inside(self, outer: Encoding) -> Layers {
        use Encoding::{Attribute, Indent, Markdown, Name, Text, Url};
        let Layers { code, page } = self;
        match (outer, page) {
            // The name replaces the value with all its encodings.
            (Name, _) => Layers {
                code: [Some(Name), None],
                page: None,
            },
            (Text | Attribute | Markdown | Indent, None) => Layers {
                code,
                page: Some(outer),
            },
            // A template prints HTML as text. That inspects a value, so the page is rendered again
            // with the values in place, and nothing fills this marker; if it were filled, one
            // escape is safe.
            (Text | Attribute, Some(Text | Attribute)) => Layers {
                code,
                page: Some(Attribute),
            },
            (Text | Attribute | Markdown | Indent, Some(_)) => Layers {
                page: Some(outer),
                ..Layers::INERT
            },
            (_, Some(_)) => Layers::INERT,
            (_, None) => match code {
                // A name has letters, digits and `_`, which are the same in all code.
                [Some(Name), _] => self,
                // No string literal of a language changes percent-encoded text.
                [Some(Url), None] | [_, Some(Url)] if outer.is_of_strings() => self,
                [None, _] => Layers {
                    code: [Some(outer), None],
                    page,
                },
                [inner, None] => Layers {
                    code: [inner, Some(outer)],
                    page,
                },
                [_, Some(_)] => Layers::INERT,
            },
        }
    }

    /// Returns the encodings from the inside out, and their number; the array is padded.
    const fn encodings(self) -> ([Encoding; 3], usize) {
        let [inner, outer] = self.code;
        let (mut list, mut count) = ([Encoding::Name; 3], 0);
        let layers = [inner, outer, self.page];
        let mut at = 0;
        while at < layers.len() {
            if let Some(encoding) = layers[at] {
                list[count] = encoding;
                count += 1;
            }
            at += 1;
        }
        (list, count)
    }

    /// Returns a unique number of these layers, below [`KEYS`].
    const fn key(self) -> usize {
        let Layers {
            code: [inner, outer],
            page,
        } = self;
        (key(inner) * (Encoding::ALL.len() + 1) + key(outer)) * (Encoding::ALL.len() + 1)
            + key(page)
    }
}

const KEYS: usize = (Encoding::ALL.len() + 1).pow(3);

const fn key(encoding: Option<Encoding>) -> usize {
    match encoding {
        None => 0,
        Some(encoding) => encoding as usize + 1,
    }
}

/// All nestings by number.
struct NestingTable {
    /// The encodings of each as a list, since each filling iterates over them.
    encodings: [([Encoding; 3], usize); ROOM as usize],
    /// For each nesting, the number of that with one more encoding, by the encoding's number.
    inside: [[u16; Encoding::ALL.len()]; ROOM as usize],
    count: usize,
}

static NESTINGS: NestingTable = NestingTable::new();

impl NestingTable {
    /// Starts with no encodings, and adds one around each nesting until no new one results.
    const fn new() -> NestingTable {
        let mut table = NestingTable {
            encodings: [Layers::NONE.encodings(); ROOM as usize],
            inside: [[0; Encoding::ALL.len()]; ROOM as usize],
            count: 1,
        };
        let mut layers = [Layers::NONE; ROOM as usize];
        let mut numbers = [None; KEYS];
        numbers[Layers::NONE.key()] = Some(0);
        let mut at = 0;
        while at < table.count {
            let mut outer = 0;
            while outer < Encoding::ALL.len() {
                let with_outer = layers[at].inside(Encoding::ALL[outer]);
                let number = match numbers[with_outer.key()] {
                    Some(number) => number,
                    None => {
                        let number = table.count as u16;
                        numbers[with_outer.key()] = Some(number);
                        layers[table.count] = with_outer;
                        table.encodings[table.count] = with_outer.encodings();
                        table.count += 1;
                        number
                    }
                };
                table.inside[at][outer] = number;
                outer += 1;
            }
            at += 1;
        }
        table
    }
}

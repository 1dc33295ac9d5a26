//! Escapes of YAML, JSON, HTML, URLs and shells, and the characters that they stand for.

/// The longest recognised escape, in bytes.
// Without a limit, a text of a million unclosed `&` or `\u{` is read to its end from each of them.
const LONGEST: usize = 16;

/// HTML's named references to characters that occur in keys, URLs and variables.
// Of the 2,231 names of the HTML standard (§13.5) only those that could hide a key, a URL or a
// variable.
const NAMED: [(&str, char); 20] = [
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("lt", '<'),
    ("gt", '>'),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("period", '.'),
    ("sol", '/'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("equals", '='),
    ("plus", '+'),
    ("commat", '@'),
    ("percnt", '%'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("shy", '\u{ad}'),
];

/// Returns the escape at the start of a text: its length in bytes and its character, or no
/// character if it continues the line.
///
/// Languages have different escapes; this recognises those of any of them.
pub fn escape(text: &str) -> Option<(usize, Option<char>)> {
    let digits = |from: usize, length: usize| {
        let number = hexadecimal(text.get(from..from + length)?)?;
        Some((from + length, Some(char::from_u32(number)?)))
    };
    match text.as_bytes() {
        // In YAML's double quotes an escaped line end includes the leading blanks of the next line
        // (YAML 1.2.2 §7.3.1).
        [b'\\', b'\n', rest @ ..] => {
            let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t'));
            Some((2 + blanks.count(), None))
        }
        [b'\\', b'x', ..] => digits(2, 2),
        [b'\\', b'u', b'{', ..] => {
            let (length, meant) = digits(3, end_of(text, b'}')?.checked_sub(3)?)?;
            Some((length + 1, meant))
        }
        [b'\\', b'u', ..] => digits(2, 4),
        [b'\\', b'U', ..] => digits(2, 8),
        [b'\\', other, ..] if other.is_ascii_punctuation() => Some((2, Some(char::from(*other)))),
        [b'%', ..] => digits(1, 2),
        [b'&', ..] => reference(text),
        _ => None,
    }
}

/// Returns the HTML character reference at the start of a text.
fn reference(text: &str) -> Option<(usize, Option<char>)> {
    let end = end_of(text, b';')?;
    let name = text.get(1..end)?;
    let meant = match name.strip_prefix('#') {
        Some(number) => char::from_u32(match number.strip_prefix(['x', 'X']) {
            Some(hex) => hexadecimal(hex)?,
            None if number.starts_with('+') => return None,
            None => number.parse().ok()?,
        })?,
        None => NAMED.iter().find(|it| it.0 == name)?.1,
    };
    Some((end + 1, Some(meant)))
}

/// Parses a number of hexadecimal digits alone.
fn hexadecimal(digits: &str) -> Option<u32> {
    // Rust's parser accepts a sign, too.
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = is_number.then(|| u32::from_str_radix(digits, 16));
    number?.ok()
}

/// Returns the end of an escape.
fn end_of(text: &str, mark: u8) -> Option<usize> {
    text.bytes().take(LONGEST).position(|byte| byte == mark)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn an_escape_is_the_character_that_it_means() {
        for (written, meant) in [
            (r"\x2f", '/'),
            (r"\u002f", '/'),
            (r"\u{2f}", '/'),
            (r"\U0000002f", '/'),
            (r"\/", '/'),
            ("%2F", '/'),
            ("&#47;", '/'),
            ("&#x0000002F;", '/'),
            ("&sol;", '/'),
        ] {
            assert_eq!(escape(written), Some((written.len(), Some(meant))));
            assert_eq!(escape(&format!("{written}é")), escape(written));
        }
        assert_eq!(escape("\\\n \tx"), Some((4, None)));
        for none in [
            "", "a", r"\n", r"\é", "%", "%é", "&", "&é;", r"\x", r"\u{", r"\u{}", r"\u{é}",
            r"\u{+5f}", "%+5", "&#x+5f;", "&#+95;", "&#;", "&none;", r"\ud800",
        ] {
            assert_eq!(escape(none), None, "{none}");
        }
        // An unclosed reference is not searched beyond the limit.
        assert_eq!(escape(&format!("&{};", "a".repeat(99))), None);
    }
}

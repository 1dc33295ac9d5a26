//! The addresses in a style sheet, with the place of each.
//!
//! A tokenizer of CSS Syntax 3 as far as addresses need it: comments, strings, `url(…)`, and the
//! rule around them.

use std::ops::Range;

use super::policy::Loaded;

/// An address in a style sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetAddress {
    /// The address, without quotes and escapes.
    pub address: String,
    /// The place of the address, without its quotes.
    pub range: Range<usize>,
    /// What the browser loads from it.
    pub loads: Loaded,
}

/// Returns the addresses that a browser loads for a style sheet, in order.
pub fn addresses(sheet: &str) -> Vec<SheetAddress> {
    let mut reader = SheetReader {
        text: sheet,
        at: 0,
        found: Vec::new(),
        blocks: Vec::new(),
        rule: None,
        functions: Vec::new(),
    };
    while reader.at < sheet.len() {
        reader.token();
    }
    reader.found
}

struct SheetReader<'t> {
    text: &'t str,
    at: usize,
    found: Vec<SheetAddress>,
    /// For each open block, whether it is that of `@font-face`.
    blocks: Vec<bool>,
    /// The name of the at-rule whose block or semicolon follows.
    rule: Option<String>,
    /// For each open parenthesis, whether it is that of `image-set(…)`.
    functions: Vec<bool>,
}

impl<'t> SheetReader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn token(&mut self) {
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or_default();
        match first {
            '/' if rest.starts_with("/*") => {
                self.at += rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
            }
            '"' | '\'' => {
                let (address, range) = self.string(first);
                // `@import "a.css"`; any other string is text, but in `image-set("a.png" 1x)`.
                let is_import = self.rule.as_deref() == Some("import");
                if is_import || self.functions.last() == Some(&true) {
                    self.add(address, range);
                    self.rule = self.rule.take().filter(|_| !is_import);
                }
            }
            '@' => {
                self.at += 1;
                let name = self.name();
                self.rule = Some(name);
            }
            '{' => {
                let is_font = self.rule.take().is_some_and(|rule| rule == "font-face");
                self.blocks.push(is_font);
                self.functions.clear();
                self.at += 1;
            }
            '}' => {
                self.blocks.pop();
                self.rule = None;
                self.functions.clear();
                self.at += 1;
            }
            ';' => {
                self.rule = None;
                self.functions.clear();
                self.at += 1;
            }
            '(' => {
                self.functions.push(false);
                self.at += 1;
            }
            ')' => {
                self.functions.pop();
                self.at += 1;
            }
            _ if is_of_name(first) || escape(rest) > 0 => {
                let name = self.name();
                if self.rest().starts_with('(') {
                    self.at += 1;
                    // `-webkit-image-set` too.
                    self.functions.push(name.ends_with("image-set"));
                    if name == "url" {
                        self.url();
                    }
                }
            }
            _ => self.at += first.len_utf8(),
        }
    }

    /// Reads `url(` from behind its parenthesis.
    fn url(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let rest = self.rest();
        let (address, range) = match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => self.string(quote),
            _ => {
                let end = unescaped(rest, |c| c == ')');
                let written = rest[..end].trim_end();
                let range = self.at..self.at + written.len();
                self.at += end;
                (unescape(written), range)
            }
        };
        let is_namespace = self.rule.as_deref() == Some("namespace");
        if !is_namespace {
            self.add(address, range);
        }
        if self.rule.as_deref() == Some("import") {
            self.rule = None;
        }
    }

    fn add(&mut self, address: String, range: Range<usize>) {
        let loads = if self.rule.as_deref() == Some("import") {
            Loaded::Style
        } else if self.blocks.last() == Some(&true) {
            Loaded::Font
        } else {
            Loaded::Picture
        };
        self.found.push(SheetAddress {
            address,
            range,
            loads,
        });
    }

    /// Reads a string; returns its text and its place without quotes.
    fn string(&mut self, quote: char) -> (String, Range<usize>) {
        let start = self.at + 1;
        let inside = &self.text[start..];
        // A line end ends a string with an error.
        let end = unescaped(inside, |c| c == quote || c == '\n');
        self.at = (start + end + 1).min(self.text.len());
        (unescape(&inside[..end]), start..start + end)
    }

    /// Reads a name, in lower case: `u\72l` is `url`.
    fn name(&mut self) -> String {
        let rest = self.rest();
        let mut end = 0;
        while let Some(character) = rest[end..].chars().next() {
            end += match escape(&rest[end..]) {
                0 if is_of_name(character) => character.len_utf8(),
                0 => break,
                length => length,
            };
        }
        self.at += end;
        unescape(&rest[..end]).to_ascii_lowercase()
    }
}

/// Returns the length of the escape that begins a text, 0 if none does (CSS Syntax 3, 4.3.7).
fn escape(text: &str) -> usize {
    let Some(after) = text.strip_prefix('\\') else {
        return 0;
    };
    let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit);
    match (digits.count(), after.chars().next()) {
        (0, None | Some('\n')) => 0,
        (0, Some(character)) => 1 + character.len_utf8(),
        (digits, _) => {
            let blank = after[digits..].chars().next().filter(|c| c.is_whitespace());
            1 + digits + blank.map_or(0, char::len_utf8)
        }
    }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_') || !character.is_ascii()
}

/// Returns the offset of the first character without a backslash before it, or the length.
fn unescaped(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        if is_end(character) && !is_escaped {
            return at;
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    text.len()
}

/// Replaces escapes by their characters (CSS Syntax 3, 4.3.7).
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit);
        let digits = digits.count();
        if digits > 0 {
            let code = u32::from_str_radix(&after[..digits], 16).unwrap_or_default();
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            let after = &after[digits..];
            rest = after.strip_prefix(char::is_whitespace).unwrap_or(after);
        } else if let Some(after) = after.strip_prefix('\n') {
            rest = after;
        } else {
            let first = after.chars().next();
            out.extend(first);
            rest = &after[first.map_or(0, char::len_utf8)..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_found_and_nothing_else() {
        let found = |sheet: &str| {
            let found = addresses(sheet).into_iter();
            let found = found.map(|it| {
                assert!(sheet.get(it.range.clone()).is_some(), "{sheet}");
                format!("{:?} {}", it.loads, it.address)
            });
            found.collect::<Vec<_>>()
        };
        for (sheet, wanted) in [
            ("a{background:url(a.png)}", vec!["Picture a.png"]),
            ("a{background:URL( \"a b.png\" )}", vec!["Picture a b.png"]),
            (
                "a{b:url('x.png') url(y.png)}",
                vec!["Picture x.png", "Picture y.png"],
            ),
            (
                "@font-face{src:url(f.woff2) format(\"woff2\")}a{b:url(c)}",
                vec!["Font f.woff2", "Picture c"],
            ),
            ("@media print{@font-face{src:url(f)}}", vec!["Font f"]),
            (
                "@import \"a.css\" layer(x);a{content:\"b\"}",
                vec!["Style a.css"],
            ),
            (
                "@import url(a.css) screen;b{c:url(d)}",
                vec!["Style a.css", "Picture d"],
            ),
            ("@namespace svg url(http://www.w3.org/2000/svg);", vec![]),
            ("/* url(a) */ a{/*url(b)*/c:d}", vec![]),
            ("a{content:\"url(b)\"}", vec![]),
            ("a{content:\"\\\"url(b)\"}", vec![]),
            (
                "a{b:image-set(\"a.png\" 1x, url(b.png) 2x, \"c.png\" 3x)}",
                vec!["Picture a.png", "Picture b.png", "Picture c.png"],
            ),
            (
                "a{b:image-set(\"data:x;utf8,a\" 1x, \"b.png\" 2x);c:\"d\"}",
                vec!["Picture data:x;utf8,a", "Picture b.png"],
            ),
            (
                "a{b:-webkit-image-set(\"a.png\" 1x)}c{d:(\"e\")}",
                vec!["Picture a.png"],
            ),
            (
                "a{b:image-set(\"a.png\" type(\"image/png\"))}",
                vec!["Picture a.png"],
            ),
            ("a{b:url(a\\).png)}", vec!["Picture a).png"]),
            ("a{b:url(a\\20 b.png)}", vec!["Picture a b.png"]),
            ("a{b:curl(x) my-url(y)}", vec![]),
            ("a{b:u\\72l(x) \\75 rl(y)}", vec!["Picture x", "Picture y"]),
            ("a{b:u\\72 l(\"x\")}", vec!["Picture x"]),
            ("@\\69mport 'a.css';", vec!["Style a.css"]),
            ("a{b:c\\url(x)} .\\31 0\\%{b:url(y)}", vec!["Picture y"]),
            ("a{b:\\\nurl(x)}", vec!["Picture x"]),
            ("a{b:url(", vec!["Picture "]),
            ("a{b:\"", vec![]),
            ("a{b:url(\"", vec!["Picture "]),
            ("/*", vec![]),
            ("\\", vec![]),
            ("é{b:url(ü.png)}", vec!["Picture ü.png"]),
        ] {
            assert_eq!(found(sheet), wanted, "{sheet}");
        }
    }
}

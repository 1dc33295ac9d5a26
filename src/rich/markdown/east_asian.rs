//! Emphasis beside Chinese, Japanese, Korean, Thai and others that write no spaces around it.
//!
//! CommonMark 0.31.2 §6.2 decides by white space and punctuation whether `**` opens or closes. So
//! in `**注意：**必ず` the second `**` does not close. The amendment of markdown-cjk-friendly 2.0
//! mends that: punctuation of these scripts counts as letters, and their characters count as white
//! space beside other punctuation. The parser can't be told, so the text that it reads has a sign
//! beside each such run: a letter, or a punctuation mark. No sign is left in the events.
//!
//! That amendment leaves out `__`, which CommonMark never reads within a word. Between letters that
//! write no spaces it can only be meant as emphasis; beside others it may be a name, as `__init__`.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

/// A text with signs.
pub(super) struct SignedText {
    pub(super) text: String,
    /// The offsets of the signs in `text`, in order.
    at: Vec<usize>,
    letter: char,
    mark: char,
}

/// What stands beside a run of `*`, `~` or `_`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Neighbour {
    /// White space, or nothing.
    Space,
    /// Punctuation of other scripts.
    Mark,
    /// Punctuation of Chinese, Japanese and Korean.
    EastAsianMark,
    /// A letter of a language that writes no spaces.
    EastAsian,
    /// Anything else.
    Other,
}

/// Returns the text with its signs, if it needs any.
pub(super) fn sign(text: &str) -> Option<SignedText> {
    // Most texts are ASCII, or have no run beside such a character.
    if text.is_ascii() || !text.contains(['*', '~', '_']) || !text.contains(is_unspaced) {
        return None;
    }
    // Private characters are no letters of an alphabet, and no marks; the parser takes them for
    // letters. The marks of U+2E0E and after are those of old Greek editions.
    let letter = ('\u{e000}'..='\u{f8ff}').find(|&sign| !text.contains(sign))?;
    let mark = ('\u{2e0e}'..='\u{2e16}').find(|&sign| !text.contains(sign))?;
    let mut signed = SignedText {
        text: String::with_capacity(text.len() + 64),
        at: Vec::new(),
        letter,
        mark,
    };
    let mut done = 0;
    while let Some(run) = next_run(text, done) {
        signed.text.push_str(&text[done..run.start]);
        let before = Neighbour::of(text[..run.start].chars().next_back());
        let after = Neighbour::of(text[run.end..].chars().next());
        use Neighbour::{EastAsian, EastAsianMark, Mark, Other, Space};
        let is_underline = text[run.start..].starts_with('_');
        let (front, behind) = match (before, after) {
            // One underscore joins the parts of a name: `ファイル_名前_一覧`.
            _ if is_underline && run.len() == 1 => (None, None),
            (Space | Other, _) | (_, Space | Other) | (Mark, Mark) if is_underline => (None, None),
            _ if is_underline => (Some(mark), Some(mark)),
            (EastAsianMark, EastAsian | Other) => (Some(letter), None),
            (EastAsian | Other, EastAsianMark) => (None, Some(letter)),
            (EastAsian, Mark) => (Some(mark), None),
            (Mark, EastAsian) => (None, Some(mark)),
            _ => (None, None),
        };
        signed.push(front);
        signed.text.push_str(&text[run.clone()]);
        signed.push(behind);
        done = run.end;
    }
    signed.text.push_str(&text[done..]);
    (!signed.at.is_empty()).then_some(signed)
}

/// Finds the next run of one of the three characters that is not escaped.
fn next_run(text: &str, from: usize) -> Option<Range<usize>> {
    let mut at = from;
    loop {
        at += text[at..].find(['*', '~', '_', '\\'])?;
        let sign = text[at..].chars().next()?;
        if sign == '\\' {
            let escaped = text[at + 1..].chars().next()?;
            at += 1 + escaped.len_utf8();
            continue;
        }
        let length = text[at..].chars().take_while(|&c| c == sign).count();
        return Some(at..at + length);
    }
}

impl SignedText {
    fn push(&mut self, sign: Option<char>) {
        if let Some(sign) = sign {
            self.at.push(self.text.len());
            self.text.push(sign);
        }
    }

    /// Returns the place in the text without signs.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end)
    }

    fn offset(&self, signed: usize) -> usize {
        let before = self.at.partition_point(|&at| at < signed);
        // Each sign takes three bytes.
        signed - before * self.letter.len_utf8()
    }

    /// Returns a text of the parser without signs.
    pub(super) fn strip(&self, text: &str) -> String {
        text.replace([self.letter, self.mark], "")
    }

    /// Returns an event without signs.
    pub(super) fn event(&self, event: Event<'_>) -> Event<'static> {
        let clean = |text: CowStr<'_>| CowStr::from(self.strip(&text));
        match event {
            Event::Text(text) => Event::Text(clean(text)),
            Event::Code(text) => Event::Code(clean(text)),
            Event::Html(text) => Event::Html(clean(text)),
            Event::InlineHtml(text) => Event::InlineHtml(clean(text)),
            Event::FootnoteReference(label) => Event::FootnoteReference(clean(label)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(clean(info))))
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                Event::Start(Tag::FootnoteDefinition(clean(label)))
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Link {
                link_type,
                dest_url: clean(dest_url),
                title: clean(title),
                id: clean(id),
            }),
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }) => Event::Start(Tag::Image {
                link_type,
                dest_url: clean(dest_url),
                title: clean(title),
                id: clean(id),
            }),
            event => event.into_static(),
        }
    }
}

impl Neighbour {
    fn of(character: Option<char>) -> Neighbour {
        match character {
            None => Neighbour::Space,
            Some(c) if c.is_whitespace() => Neighbour::Space,
            Some(c) if is_of_south_east(c) => Neighbour::EastAsian,
            Some(c) if is_east_asian(c) && c.is_alphanumeric() => Neighbour::EastAsian,
            Some(c) if is_east_asian(c) => Neighbour::EastAsianMark,
            Some(c) if is_punctuation(c) => Neighbour::Mark,
            Some(_) => Neighbour::Other,
        }
    }
}

/// Returns whether a character is punctuation for the parser, outside of East Asian blocks.
fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation()
        || matches!(character, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
        || matches!(character, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}')
        // Symbols are punctuation since CommonMark 0.31: arrows, signs and emoji.
        || matches!(character, '©' | '®' | '°' | '±' | '×' | '÷')
        || matches!(character, '\u{20a0}'..='\u{20c0}' | '\u{2100}'..='\u{2101}' | '™')
        || matches!(character, '\u{2190}'..='\u{245f}' | '\u{249c}'..='\u{24e9}')
        || matches!(character, '\u{2500}'..='\u{2775}' | '\u{2794}'..='\u{2bff}')
        || matches!(character, '\u{1f000}'..='\u{1f0ff}' | '\u{1f10d}'..='\u{1faff}')
}

/// Returns whether a character is of a script that writes no spaces between words.
fn is_unspaced(character: char) -> bool {
    is_east_asian(character) || is_of_south_east(character)
}

/// Returns whether a character is a letter or sign of Thai, Lao, Myanmar or Khmer.
fn is_of_south_east(character: char) -> bool {
    matches!(character,
        '\u{e01}'..='\u{e3e}' | '\u{e40}'..='\u{e4e}' | '\u{e50}'..='\u{e59}'
        | '\u{e80}'..='\u{eff}' | '\u{1000}'..='\u{1049}' | '\u{1780}'..='\u{17d3}')
}

/// Returns whether a character belongs to Chinese, Japanese or Korean: wide, full-width or
/// half-width by UAX #11, or a Hangul letter; not an emoji.
pub(super) fn is_east_asian(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{2fff}'
        | '\u{3001}'..='\u{303e}'
        | '\u{3040}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe1f}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ffef}'
        | '\u{1aff0}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rich::markdown::document::Document;

    /// The text with `<…>` around what is strong, and `(…)` around other emphasis.
    fn shown(text: &str) -> String {
        let document = Document::parse(text, "");
        let mut shown = String::new();
        for (event, _) in &document.events {
            match event {
                Event::Start(Tag::Strong) => shown.push('<'),
                Event::End(pulldown_cmark::TagEnd::Strong) => shown.push('>'),
                Event::Start(Tag::Emphasis | Tag::Strikethrough) => shown.push('('),
                Event::End(
                    pulldown_cmark::TagEnd::Emphasis | pulldown_cmark::TagEnd::Strikethrough,
                ) => shown.push(')'),
                Event::Text(text) | Event::Code(text) => shown.push_str(text),
                _ => {}
            }
        }
        shown
    }

    #[test]
    fn emphasis_beside_chinese_japanese_and_korean_is_as_meant() {
        for (text, expected) in [
            (
                "**注意：**必ず確認。**「引用」**です。",
                "<注意：>必ず確認。<「引用」>です。",
            ),
            ("これは**\"重要\"**です", "これは<\"重要\">です"),
            ("これは**`code`**です", "これは<code>です"),
            ("これは**[リンク](x)**です", "これは<リンク>です"),
            (
                "**마크다운(Markdown)**은 쉽다",
                "<마크다운(Markdown)>은 쉽다",
            ),
            ("**이것은 \"인용\"**입니다", "<이것은 \"인용\">입니다"),
            ("**注意！**请先备份。", "<注意！>请先备份。"),
            ("请**“务必”**备份", "请<“务必”>备份"),
            ("*強調。*次", "(強調。)次"),
            ("~~「旧」~~です", "(「旧」)です"),
            ("**Note：**text", "<Note：>text"),
            ("text**「x」**text", "text<「x」>text"),
            ("***「全部」***です", "(<「全部」>)です"),
            ("**中文**和**English.**后", "<中文>和<English.>后"),
            ("**は**😀", "<は>😀"),
            ("注意 ** 空白 ** です", "注意 ** 空白 ** です"),
            ("**✅**完了", "<✅>完了"),
            ("完了**✔️**です", "完了<✔️>です"),
            ("操作**→ 次へ**を押す", "操作<→ 次へ>を押す"),
            ("**A → B →**に進む", "<A → B →>に進む"),
            ("**\"ข้อความ\"**นะ", "<\"ข้อความ\">นะ"),
            ("กด**(บันทึก)**ได้", "กด<(บันทึก)>ได้"),
            ("__下線__です", "<下線>です"),
            ("これは__下線__です", "これは<下線>です"),
            ("これは__「下線」__です", "これは<「下線」>です"),
            ("__init__メソッド", "__init__メソッド"),
            ("メソッド__init__です", "メソッド__init__です"),
            ("ファイル_名前_一覧", "ファイル_名前_一覧"),
            ("完了**✅**", "完了<✅>"),
            ("a**✅**b", "a**✅**b"),
            ("a**\"b\"**c", "a**\"b\"**c"),
            ("\\*\\*注意：\\*\\*必ず", "**注意：**必ず"),
            ("*「a」*と*「b」*", "(「a」)と(「b」)"),
            ("`**注意：**必` と **値：**1", "**注意：**必 と <値：>1"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn no_sign_stays_and_places_are_those_of_the_text() {
        let text = "**注意：**必ず [x「*」](a**「b」**c \"t**「」**x\") `y**「z` <kbd>**「k」**k</kbd>\n\n```js t**「」**x\n**「」**x\n```\n";
        let document = Document::parse(text, "");
        for (event, range) in &document.events {
            let debug = format!("{event:?}");
            assert!(
                !debug.contains("e000}") && !debug.contains('\u{2e0e}'),
                "{debug}"
            );
            if let Event::Text(words) = event {
                assert_eq!(&text[range.clone()], &**words);
            }
        }
        assert!(sign("ascii **a**").is_none());
        assert!(sign("日本 **a**").is_none());
    }
}

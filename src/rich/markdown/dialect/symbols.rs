//! Codes for symbols, such as `:rocket:`.

use std::ops::Range;

/// The codes that texts use most, each with its symbol.
const CODES: [(&str, &str); 64] = [
    ("+1", "👍"),
    ("-1", "👎"),
    ("100", "💯"),
    ("alarm_clock", "⏰"),
    ("arrow_down", "⬇️"),
    ("arrow_left", "⬅️"),
    ("arrow_right", "➡️"),
    ("arrow_up", "⬆️"),
    ("art", "🎨"),
    ("bell", "🔔"),
    ("blush", "😊"),
    ("book", "📖"),
    ("books", "📚"),
    ("boom", "💥"),
    ("bug", "🐛"),
    ("bulb", "💡"),
    ("calendar", "📅"),
    ("chart_with_upwards_trend", "📈"),
    ("clap", "👏"),
    ("clipboard", "📋"),
    ("computer", "💻"),
    ("construction", "🚧"),
    ("eyes", "👀"),
    ("exclamation", "❗"),
    ("fire", "🔥"),
    ("gear", "⚙️"),
    ("gift", "🎁"),
    ("globe_with_meridians", "🌐"),
    ("hammer", "🔨"),
    ("heart", "❤️"),
    ("heavy_check_mark", "✔️"),
    ("information_source", "ℹ️"),
    ("key", "🔑"),
    ("link", "🔗"),
    ("lock", "🔒"),
    ("mag", "🔍"),
    ("mailbox", "📫"),
    ("memo", "📝"),
    ("no_entry", "⛔"),
    ("no_entry_sign", "🚫"),
    ("ok", "🆗"),
    ("ok_hand", "👌"),
    ("package", "📦"),
    ("pencil", "📝"),
    ("point_right", "👉"),
    ("pray", "🙏"),
    ("pushpin", "📌"),
    ("question", "❓"),
    ("raised_hands", "🙌"),
    ("robot", "🤖"),
    ("rocket", "🚀"),
    ("rotating_light", "🚨"),
    ("smile", "😄"),
    ("smiley", "😃"),
    ("sparkles", "✨"),
    ("star", "⭐"),
    ("tada", "🎉"),
    ("thinking", "🤔"),
    ("thumbsup", "👍"),
    ("warning", "⚠️"),
    ("wave", "👋"),
    ("white_check_mark", "✅"),
    ("wrench", "🔧"),
    ("x", "❌"),
];

/// The beginnings of the icons of MkDocs.
const ICONS: [&str; 5] = [
    "material-",
    "fontawesome-",
    "octicons-",
    "simple-",
    "custom-",
];

/// Finds a code, and the symbol that it stands for.
pub(super) fn find(words: &str) -> Option<(Range<usize>, Option<&'static str>)> {
    let mut from = 0;
    while let Some(found) = words[from..].find(':') {
        let at = from + found;
        let rest = &words[at + 1..];
        from = at + 1;
        // Names are short; a search to the end of a long line would be quadratic.
        let length = rest.bytes().take(60).position(|byte| byte == b':');
        let Some(length) = length.filter(|&length| length > 0) else {
            continue;
        };
        let code = &rest[..length];
        // `a:b:c` is no code: words stand beside the colons. `/:id:/` is a part of a path.
        let before = words[..at].chars().next_back();
        let after = rest[length + 1..].chars().next();
        let is_word = |c: Option<char>| {
            c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '_' | '\u{1}'))
        };
        if is_word(before) || is_word(after) {
            continue;
        }
        let symbol = CODES.iter().find(|(known, _)| *known == code);
        if symbol.is_some() || is_code(code) {
            return Some((at..at + length + 2, symbol.map(|&(_, symbol)| symbol)));
        }
    }
    None
}

/// Returns whether a text has the form of a code: letters, digits and `_`, or an icon of MkDocs.
fn is_code(text: &str) -> bool {
    let is_icon = ICONS.iter().any(|icon| text.starts_with(icon));
    let is_of_code =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || (is_icon && c == '-');
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(is_of_code)
}

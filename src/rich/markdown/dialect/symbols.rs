//! Codes for symbols, such as `:rocket:`.

use std::ops::Range;

/// The codes that texts use most; other words between colons may be text.
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
        let length = rest.find(':')?;
        let code = &rest[..length];
        // `a:b:c` is no code: words stand beside the colons.
        let before = words[..at].chars().next_back();
        let after = rest[length + 1..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == ':');
        if is_word(before) || is_word(after) {
            continue;
        }
        let range = at..at + length + 2;
        let is_icon = |icon: &&str| code.starts_with(*icon) && !code.contains(' ');
        if ICONS.iter().any(is_icon) {
            return Some((range, None));
        }
        if let Some(&(_, symbol)) = CODES.iter().find(|(known, _)| *known == code) {
            return Some((range, Some(symbol)));
        }
    }
    None
}

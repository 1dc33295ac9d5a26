//! Finds the words of an HTTP client's command line that are addresses.

use super::around::OTHER;

/// Commands that send a request to the addresses in their arguments.
const CLIENTS: [&str; 9] = [
    "curl",
    "wget",
    "http",
    "https",
    "xh",
    "irm",
    "iwr",
    "invoke-restmethod",
    "invoke-webrequest",
];

/// Options with a value that is not an address, by their letter.
const LETTERS: &str = "AbcCDdEFHKmoPQrTtuUwXYyz";

/// The same options by their name, or its prefix.
const OPTIONS: [&str; 22] = [
    "auth",
    "body",
    "bearer",
    "cert",
    "contenttype",
    "cookie",
    "data",
    "form",
    "header",
    "json",
    "key",
    "max-time",
    "method",
    "oauth2-bearer",
    "outfile",
    "output",
    "post-data",
    "request",
    "retry",
    "url-query",
    "user",
    "write-out",
];

/// Options with such a prefix that take no value.
const FLAGS: [&str; 3] = ["cert-status", "retry-all-errors", "retry-connrefused"];

/// How many bytes of a line are analysed.
const MOST_OF_LINE: usize = 1024;

/// Returns whether a word that begins after a text is an address argument of a client.
pub(super) fn is_operand(before: &str) -> bool {
    let near = before.len().saturating_sub(MOST_OF_LINE);
    let near = &before[before.ceil_char_boundary(near)..];
    let line = near.rfind(['\n', '`']).map_or(near, |at| &near[at + 1..]);
    let Some(words) = words(line) else {
        return false;
    };
    let name_of = |word: &String| {
        let name = word
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        name.strip_suffix(".exe")
            .map_or(name.clone(), str::to_owned)
    };
    let Some(client) = words
        .iter()
        .rposition(|word| CLIENTS.contains(&&*name_of(word)))
    else {
        return false;
    };
    // HTTPie's options of these names take no value.
    let is_httpie = ["http", "https", "xh"].contains(&&*name_of(&words[client]));
    let takes =
        |word: &str| takes_value(word) && !(is_httpie && ["--form", "--json"].contains(&word));
    let mut before = "";
    for word in &words[client + 1..] {
        // A method, an address, a setting such as `a=b`, or a value of an option; a word in small
        // letters that is none of these is prose.
        let is_prose = !word.is_empty() && word.chars().all(char::is_lowercase);
        if is_prose && !before.starts_with('-') {
            return false;
        }
        // A value such as `-1` is no option.
        before = if takes(before) { "" } else { word };
    }
    // Otherwise it is the value of an option, such as a header or a body, and not an address.
    !takes(before)
}

/// Returns whether a word that begins after a text is a user's name, or continues one: `curl -u `.
pub(super) fn is_user(before: &str) -> bool {
    let near = before.len().saturating_sub(MOST_OF_LINE);
    let near = &before[before.ceil_char_boundary(near)..];
    let line = near.rsplit('\n').next().unwrap_or_default();
    let words = line.trim_end_matches(['"', '\'']);
    // The password follows the name.
    let words = match words.strip_suffix("}}:") {
        Some(name) => name.rsplit_once("{{").map_or("", |(before, _)| before),
        None => words,
    };
    let words = words.trim_end_matches(['"', '\'', ' ', '=']);
    let option = words.rsplit(' ').next().unwrap_or_default();
    let is_short = option.len() < 6 && option.starts_with('-') && !option.starts_with("--");
    words.contains("curl") && (option == "--user" || is_short && option.ends_with('u'))
}

/// Returns whether a word is an option whose value is the next word, and not an address.
fn takes_value(word: &str) -> bool {
    let Some(option) = word.strip_prefix('-') else {
        return false;
    };
    let name = option.strip_prefix('-').unwrap_or(option);
    let name = name.to_ascii_lowercase();
    // PowerShell has whole names after one hyphen.
    let is_known = OPTIONS.iter().any(|known| name.starts_with(known)) && !FLAGS.contains(&&*name);
    let is_short = !option.starts_with('-') && option.len() < 5;
    !word.contains('=') && (is_known || is_short && option.ends_with(|c| LETTERS.contains(c)))
}

/// Returns the words of a line as a shell splits them, up to one that has just begun; `None` if the
/// line ends within a word. A text in quotes that are still open may be a command line too
/// (`sh -c "curl …`).
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        if let Some(end) = rest.starts_with("{{").then(|| rest.find("}}")).flatten() {
            word.push(OTHER);
            rest = &rest[end + 2..];
            continue;
        }
        match quote {
            Some((open, _)) if open == character => quote = None,
            Some(_) => word.push(character),
            None if "\"'".contains(character) => quote = Some((character, &rest[1..])),
            // An operator of the shell ends a word, too.
            None if character.is_whitespace() || ";|&()".contains(character) => {
                words.push(std::mem::take(&mut word));
            }
            None => word.push(character),
        }
        rest = &rest[character.len_utf8()..];
    }
    match quote {
        Some((_, inside)) if !word.is_empty() => self::words(inside),
        _ => word.is_empty().then_some(words),
    }
}

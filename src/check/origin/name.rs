//! Names of settings, options and functions that take an address: `API_HOST=`, `--proxy`, `fetch(`.

/// Names for an address or what leads to one; a variable of such a name decides where an address
/// leads.
const NAMES: [&str; 9] = [
    "host",
    "hostname",
    "domain",
    "subdomain",
    "origin",
    "url",
    "uri",
    "proxy",
    "scheme",
];

/// Names of settings that take an address if they are the last word, or are next to one of
/// [`BESIDE`].
const TAKERS: [&str; 3] = ["base", "server", "endpoint"];

const BESIDE: [&str; 5] = ["address", "name", "path", "port", "addr"];

/// What a `base` is of that is no address.
const OTHER_BASES: [&str; 4] = ["code", "data", "file", "knowledge"];

/// How a function is called that sends a request to its argument.
const FETCHES: [&str; 4] = ["fetch", "globalThis.fetch", "self.fetch", "window.fetch"];

/// How the names of functions end that connect to the host which they are given.
const CONNECTIONS: [&str; 4] = [
    "create_connection",
    "httpconnection",
    "httpsconnection",
    "urlopen",
];

/// Members, of what has a name for an address, that construct one: `Uri.parse(`, `URI.create(`.
const MAKERS: [&str; 10] = [
    "create",
    "from",
    "from_str",
    "fromstring",
    "join",
    "new",
    "of",
    "open",
    "parse",
    "resolve",
];

/// Functions that send a request to their argument, or return it as text.
const CALLS: [&str; 15] = [
    "connect",
    "delete",
    "format",
    "formatted",
    "get",
    "head",
    "open",
    "patch",
    "post",
    "put",
    "request",
    "sprintf",
    "url",
    "urlopen",
    "websocket",
];

/// Parts of names of functions whose result contains their argument.
const KEEPERS: [&str; 6] = ["decode", "encode", "escape", "quote", "string", "trim"];

/// The same by their whole name.
const WHOLE_KEEPERS: [&str; 6] = ["from", "lower", "str", "strtolower", "strtoupper", "upper"];

/// How many bytes of a function's name are compared.
const MOST_OF_NAME: usize = 128;

/// Functions whose value is what has the name that they are given.
const GETTERS: [&str; 5] = ["env", "get", "getenv", "getitem", "getproperty"];

/// Returns the words of a name such as `api_host` or `baseUrl`, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut before = '_';
    let begins_word = |character: char| {
        let last = std::mem::replace(&mut before, character);
        "_-.".contains(character) || character.is_ascii_uppercase() && last.is_ascii_lowercase()
    };
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in name.match_indices(begins_word) {
        parts.push(&name[from..at]);
        from = at;
    }
    parts.push(&name[from..]);
    let word = |part: &str| {
        let word = part.trim_start_matches(['_', '-', '.']);
        word.to_ascii_lowercase()
    };
    let words = parts.into_iter().map(word);
    words.filter(|word| !word.is_empty()).collect()
}

/// Returns whether a variable's own name is one for a part of an address.
pub(in crate::check) fn is_of_address(name: &str) -> bool {
    words(name).iter().any(|word| NAMES.contains(&&**word))
}

/// Returns whether a name contains one of the words, and is not the name of an ID.
pub(super) fn is_named(name: &str, among: &[&str]) -> bool {
    let words = words(name);
    words.last().is_none_or(|last| last != "id")
        && words.iter().any(|word| among.contains(&&**word))
}

/// Returns whether a setting or argument of this name takes an address.
pub(super) fn takes_address(name: &str, is_call: bool) -> bool {
    if is_call {
        return is_address_of_call(name);
    }
    let words = words(name);
    let has = |among: &[&str]| words.iter().any(|word| among.contains(&&**word));
    let last = words.last().map_or("", String::as_str);
    let is_base = TAKERS.contains(&last) && !(last == "base" && has(&OTHER_BASES));
    is_named(name, &NAMES) || is_base || has(&TAKERS) && has(&BESIDE) && last != "id"
}

/// Returns the same for a function, by its last member.
fn is_address_of_call(name: &str) -> bool {
    let (owner, member) = name.rsplit_once('.').unwrap_or(("", name));
    let small = member.to_ascii_lowercase();
    if keeps_value(name) && !MAKERS.contains(&&*small) {
        return false;
    }
    let owner = owner.rsplit('.').next().unwrap_or_default();
    let is_connection = CONNECTIONS.iter().any(|ending| small.ends_with(ending));
    FETCHES.contains(&name)
        || is_connection
        || takes_address(member, false)
        || MAKERS.contains(&&*small) && is_named(owner, &NAMES)
}

/// Returns the text before the name of a function, and the end of that name.
pub(super) fn callee(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.:!".contains(c);
    let from = text.ceil_char_boundary(text.len().saturating_sub(MOST_OF_NAME));
    let before = text[from..].trim_end_matches(is_part);
    text.split_at(from + before.len())
}

/// Returns whether the result of a function contains its argument: it escapes or encodes it.
pub(super) fn keeps_value(name: &str) -> bool {
    let member = name.rsplit(['.', ':']).next().unwrap_or_default();
    let member = member.to_ascii_lowercase();
    KEEPERS.iter().any(|part| member.contains(part)) || WHOLE_KEEPERS.contains(&&*member)
}

/// Returns whether a function returns its argument, or the value of a variable of that name.
pub(super) fn hands_on(name: &str) -> bool {
    let member = name.rsplit(['.', ':']).next().unwrap_or_default();
    GETTERS.contains(&&*member.to_ascii_lowercase()) || keeps_value(name)
}

/// Returns whether a function may send a request to its argument, or construct an address from it.
pub(super) fn may_take_address(name: &str) -> bool {
    let member = name.rsplit('.').next().unwrap_or_default();
    CALLS.contains(&&*member.to_ascii_lowercase()) || takes_address(name, true)
}

#[cfg(test)]
mod tests {
    use super::{is_of_address, keeps_value, takes_address};

    #[test]
    fn a_name_that_says_so_is_of_an_address() {
        for name in ["host", "api_host", "subdomain", "base_url", "api_url_2"] {
            assert!(is_of_address(name), "{name}");
        }
        for name in ["bot_id", "ghost", "hosting_plan", "curl", "server", "x"] {
            assert!(!is_of_address(name), "{name}");
        }
    }

    #[test]
    fn a_setting_takes_an_address_by_its_words() {
        for name in ["--proxy", "API_HOST", "baseUrl", "server", "base.path"] {
            assert!(takes_address(name, false), "{name}");
        }
        for name in ["server_id", "baseModel", "knowledge_base", "fetch", ""] {
            assert!(!takes_address(name, false), "{name}");
        }
    }

    #[test]
    fn a_function_takes_an_address_by_its_last_member() {
        for name in ["fetch", "window.fetch", "URL", "Uri.parse", "a.setHost"] {
            assert!(takes_address(name, true), "{name}");
        }
        for name in ["url.PathEscape", "a.fetch", "encodeURI", "host.get_bot"] {
            assert!(!takes_address(name, true), "{name}");
        }
        assert!(keeps_value("url.PathEscape") && keeps_value("String::from"));
        assert!(!keeps_value("bots.get"));
    }
}

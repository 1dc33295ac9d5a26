//! Addresses: names in braces that are no variables, hosts that can't exist, and the normal form of
//! the site's address.

use std::borrow::Cow;

use url::{Host, Url};

use crate::hole::Hole;
use crate::hole::variable::{Variables, is_dots};

/// The reason why a text is refused, and what to write instead.
pub(super) struct WireFault {
    pub(super) message: String,
    pub(super) help: String,
}

impl WireFault {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> WireFault {
        WireFault {
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Returns the first name in single braces, as other formats write their variables.
pub(super) fn braced_name(text: &str) -> Option<&str> {
    let mut opens = text.match_indices('{').map(|(open, _)| open);
    opens.find_map(|open| {
        let inside = &text[open + 1..];
        // Without the open brace a text of many of them would be searched to its end for each.
        let name = &inside[..inside.find(['{', '}'])?];
        let closes = inside[name.len()..].starts_with('}');
        let is_double = text[..open].ends_with('{') || inside[name.len()..].starts_with("}}");
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        (closes && !is_double && is_name).then_some(name)
    })
}

/// Returns the first name in single braces in the host of an address.
// Not in its path: a page about an API has addresses such as `https://…/users/{id}` in its text.
pub(super) fn braced_host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    braced_name(rest.split(['/', '?', '#']).next()?)
}

/// Returns how to write a variable for a name in single braces.
pub(super) fn as_variable(name: &str, variables: &Variables) -> String {
    let own = variable_name(name);
    match variables.find(&own) {
        Some(_) => format!("write the variable of site.yaml as {{{{ {own} }}}}"),
        None => format!(
            "write {{{{ {own} }}}}, and declare it in site.yaml: variables: {{{own}: {{pattern: \"[a-z0-9-]{{1,63}}\", default: …}}}}"
        ),
    }
}

/// Returns a name as the name of a variable: `subDomain` and `sub-domain` are `sub_domain`.
fn variable_name(name: &str) -> String {
    let mut own = String::new();
    let mut before = '_';
    for character in name.trim_matches('_').chars() {
        let is_inside = before.is_ascii_lowercase() || before.is_ascii_digit();
        if character.is_ascii_uppercase() && is_inside {
            own.push('_');
        }
        own.push(match character {
            '-' => '_',
            other => other.to_ascii_lowercase(),
        });
        before = character;
    }
    own
}

/// Returns why no client can reach a host with its port, or why clients read it differently.
pub(super) fn host_fault(authority: &str) -> Option<WireFault> {
    if authority.contains(|c| Hole::from_marker(c).is_some()) {
        // The values are judged where they come from.
        return None;
    }
    let url = match Url::parse(&format!("https://{authority}/")) {
        Ok(url) => url,
        Err(error) => {
            let help =
                "write the name of a host, perhaps with a port, such as api.example.com:8443";
            let message = format!("a host that can't exist: {error}");
            return Some(WireFault::new(message, help));
        }
    };
    let shown = url.host_str().unwrap_or_default();
    let written = match (authority.rsplit_once(':'), url.host()) {
        (_, Some(Host::Ipv6(_))) => return None,
        (Some((host, _)), _) => host,
        (None, _) => authority,
    };
    // RFC 1035, section 2.3.4.
    let is_long = shown.len() > 253 || shown.split('.').any(|label| label.len() > 63);
    let name = shown.strip_suffix('.').unwrap_or(shown);
    if is_long || name.split('.').any(str::is_empty) || url.port() == Some(0) {
        let help =
            "write a host whose names between the dots have 1 to 63 characters, and a port from 1";
        return Some(WireFault::new("a host that can't exist", help));
    }
    // Python's `urllib` sends no letters beyond ASCII, and `127.1` is one host for browsers and
    // none for others.
    if shown != written.to_ascii_lowercase() {
        let help = format!("write `{shown}`, which every client sends");
        return Some(WireFault::new(
            "a host that clients write differently",
            help,
        ));
    }
    None
}

/// What a site URL is.
const SITE_URL: &str = "write the address of the site's root, such as https://docs.example.com/ or https://example.com/docs/";

/// The extensions of files that servers answer with; other dots are parts of a folder's name.
const FILES: [&str; 12] = [
    "asp", "aspx", "cgi", "htm", "html", "json", "jsp", "md", "php", "txt", "xml", "yaml",
];

/// Returns a site URL as the WHATWG URL standard writes it, with `/` at its end, or the help for an
/// invalid one.
pub fn normal_site_url(url: &str) -> Result<String, String> {
    let url = &*with_scheme_in_lower_case(url);
    let refused = |why: &str| Err(format!("{why}; {SITE_URL}"));
    // The parser removes blanks and line ends, and reads `\` as `/`.
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>\\^`|".contains(c);
    let is_http = ["https://", "http://"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    if !is_http || url.contains(is_odd) {
        return Err(SITE_URL.to_owned());
    }
    if url.contains(['{', '}']) {
        return refused("the site has one address, without variables");
    }
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let parsed = match Url::parse(url) {
        // The parser reads `https:///x` as `https://x`.
        Ok(parsed) if !authority.is_empty() => parsed,
        Ok(_) => return Err(SITE_URL.to_owned()),
        Err(error) => return refused(&format!("a host that can't exist: {error}")),
    };
    if !parsed.username().is_empty() || parsed.password().is_some() || authority.contains('@') {
        return refused("it is on every page, so it can't contain a user's name or password");
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return refused("the addresses of pages begin with it, so it has no query and no fragment");
    }
    let host = parsed.host_str().unwrap_or_default();
    if let Some(fault) = host_fault(host) {
        return refused(&fault.message);
    }
    let folder = path.trim_end_matches('/');
    if folder.split('/').any(is_dots) || format!("/{folder}").contains("//") {
        return refused("its path has no empty part, `.` or `..`");
    }
    if folder.contains(['*', ':']) {
        return refused(
            "hosts read `*` and `:` in its path as a pattern, in `_headers` and `_redirects`",
        );
    }
    let name = folder.rsplit('/').next().unwrap_or_default();
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    if ending.is_some_and(|ending| FILES.contains(&ending.as_str())) {
        return refused(&format!("`{name}` is a file, not the folder of the site"));
    }
    // With one slash: `URL` resolution drops the last segment otherwise (RFC 3986, section 5.2.3).
    Ok(format!("{}/", parsed.as_str().trim_end_matches('/')))
}

/// Returns why no browser follows a link to an address with a scheme, if it begins with that of the
/// web.
pub(super) fn link_fault(url: &str) -> Option<WireFault> {
    let url = with_scheme_in_lower_case(url);
    let rest = ["https:", "http:"]
        .iter()
        .find_map(|it| url.strip_prefix(it))?;
    let help = "write the whole address, such as https://example.com/page";
    // Browsers skip missing and further slashes, other programs take them for an empty host.
    let authority = rest.strip_prefix("//").unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(|c| Hole::from_marker(c).is_some()) {
        // The values are judged where they come from.
        return None;
    }
    if authority.is_empty() {
        return Some(WireFault::new("the address of a link without a host", help));
    }
    let parsed = match Url::parse(&url) {
        Ok(parsed) => parsed,
        Err(error) => {
            let message = format!("a link to a host that can't exist: {error}");
            return Some(WireFault::new(message, help));
        }
    };
    let name = parsed.host_str().unwrap_or_default();
    let name = name.strip_suffix('.').unwrap_or(name);
    // RFC 1035, section 2.3.4.
    let is_label = |label: &str| (1..=63).contains(&label.len());
    let is_ip = matches!(parsed.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
    let is_there = is_ip || name.len() <= 253 && name.split('.').all(is_label);
    (!is_there || parsed.port() == Some(0))
        .then(|| WireFault::new("a link to a host that can't exist", help))
}

/// Returns the variable that a link begins with, if its values are not addresses.
pub(super) fn beginning_variable<'v>(written: &str, variables: &'v Variables) -> Option<&'v str> {
    let hole = written.chars().next().and_then(Hole::from_marker)?;
    let variable = variables.get(hole.variable);
    (!variable.is_url).then_some(&variable.name)
}

/// Returns an address with its scheme in lower case, as every client reads it (RFC 3986, section
/// 3.1).
pub(super) fn with_scheme_in_lower_case(url: &str) -> Cow<'_, str> {
    match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().any(|b| b.is_ascii_uppercase()) => {
            format!("{}://{rest}", scheme.to_ascii_lowercase()).into()
        }
        _ => url.into(),
    }
}

/// Returns the address that a link without a scheme was probably meant to be, as in `example.com`.
pub(super) fn without_scheme(written: &str) -> Option<String> {
    let host = written.split(['/', '?', '#', ':']).next()?;
    let labels: Vec<&str> = host.split('.').collect();
    let fits = |label: &&str| {
        let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.bytes().all(inside)
    };
    let (last, first) = (labels.last()?.to_ascii_lowercase(), labels.first()?);
    // Most endings of two letters are countries, but these are files.
    let is_file = [
        "cs", "gz", "js", "md", "pl", "py", "rb", "rs", "sh", "so", "ts",
    ];
    let is_country = last.len() == 2 && !is_file.contains(&&*last);
    let is_known = is_country || TOP_LEVEL.contains(&&*last) || *first == "www";
    let is_name = last.bytes().all(|b| b.is_ascii_alphabetic());
    (labels.len() > 1 && is_known && is_name && labels.iter().all(fits))
        .then(|| format!("https://{written}"))
}

/// The endings of hosts that links name most, but for those of countries.
const TOP_LEVEL: [&str; 16] = [
    "ai", "app", "biz", "cloud", "com", "dev", "edu", "example", "gov", "info", "io", "mil", "net",
    "online", "org", "tech",
];

/// The help about an address with a user's name or password.
pub const NO_CREDENTIALS: &str =
    "remove all between `://` and `@`: every reader of the page gets it";

/// Returns whether an address contains a user's name or password, which a page would publish.
pub fn has_credentials(url: &str) -> bool {
    without_credentials(url) != url
}

/// Returns an address without the user's name and password in it.
pub(super) fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}{}", &rest[end..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_url_is_written_as_the_standard_does() {
        for (written, normal) in [
            ("https://ex.com", "https://ex.com/"),
            ("https://EX.com/docs//", "https://ex.com/docs/"),
            ("https://ex.com:443/v1.2", "https://ex.com/v1.2/"),
            ("https://bücher.example", "https://xn--bcher-kva.example/"),
            ("https://ex.com/日本/", "https://ex.com/%E6%97%A5%E6%9C%AC/"),
            ("http://localhost:8000/", "http://localhost:8000/"),
            ("http://[::1]:80/x", "http://[::1]/x/"),
        ] {
            assert_eq!(normal_site_url(written).as_deref(), Ok(normal));
        }
    }

    #[test]
    fn a_site_url_that_is_no_folder_of_a_site_is_refused() {
        for url in [
            "",
            "ex.com",
            "ftp://ex.com/",
            "https://",
            "https:///docs",
            "https://ada:secret@ex.com/docs/",
            "https://ada@ex.com/",
            "https://@ex.com/",
            "https://ex.com/docs/index.html",
            "https://ex.com/index.HTML/",
            "https://ex.com/?a=1",
            "https://ex.com/?",
            "https://ex.com/#top",
            "https://ex.com/a b/",
            "https://ex.com\\docs",
            "https://ex.com/\tdocs",
            "https://ex.com/a/../b/",
            "https://ex.com/a/%2e%2E/b/",
            "https://ex.com//docs/",
            "https://{tenant}.ex.com/",
            "https://ex.com:99999/",
            "https://ex.com:port/",
            "https://a..b/",
            "https://999.1.1.1/",
            "https://ex%20ample.com/",
            "https://ex.com/*/",
            "https://ex.com/:page/",
        ] {
            assert!(normal_site_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_host_is_one_that_every_client_reaches() {
        let long = "a".repeat(64);
        for host in [
            "api.example.com",
            "API.example.com:8443",
            "localhost",
            "10.0.0.1:80",
            "[::1]:1",
        ] {
            assert!(host_fault(host).is_none(), "{host}");
        }
        for host in [
            "",
            ":80",
            "a..b",
            ".a",
            "a:99999",
            "a:0",
            "a:b",
            "1.2.3.4.5",
            "127.1",
            "0x7f.0.0.1",
            "bücher.example",
            "[::g]",
            &long,
        ] {
            assert!(host_fault(host).is_some(), "{host}");
        }
    }

    #[test]
    fn only_a_name_in_single_braces_is_a_variable_of_another_format() {
        for (text, name) in [
            ("https://{subdomain}.example.com", Some("subdomain")),
            ("{a}", Some("a")),
            ("x {user_id} {b}", Some("user_id")),
            ("{{ a }}", None),
            ("{{a}}", None),
            ("{\"a\": 1}", None),
            ("{}", None),
            ("{3F25}", None),
            ("{a", None),
            ("{a b}", None),
        ] {
            assert_eq!(braced_name(text), name, "{text}");
        }
        let many = "{".repeat(1_000_000);
        assert_eq!(braced_name(&many), None);
        assert_eq!(variable_name("subDomain"), "sub_domain");
        assert_eq!(variable_name("bot-ID"), "bot_id");
    }

    #[test]
    fn a_password_is_not_repeated() {
        assert_eq!(
            without_credentials("https://ada:secret@ex.com/a@b"),
            "https://…@ex.com/a@b"
        );
        assert_eq!(
            without_credentials("https://ex.com/a@b"),
            "https://ex.com/a@b"
        );
    }
}

//! Who may send requests.
//!
//! Any website can make a browser send requests here, under a domain name of its own that points
//! to this machine (DNS rebinding), or as a foreign page. So each request must name us by a host
//! name that only we have, and only our own pages may read the stream of versions.

use std::net::IpAddr;

use hyper::Uri;
use hyper::header::{HOST, HeaderMap};

/// The host names that requests may use.
#[derive(Clone, Debug, Default)]
pub struct Door {
    names: Vec<String>,
}

impl Door {
    /// Accepts these names in addition to those that every machine has for itself.
    pub fn new(names: impl IntoIterator<Item = String>) -> Door {
        let names = names.into_iter().map(|name| name.to_ascii_lowercase());
        Door {
            names: names.collect(),
        }
    }

    /// Returns the host that a request names: in its target if that is an absolute URL (RFC 9112,
    /// section 3.2.2), else in its `Host` header. None if it does not have exactly one such
    /// header, or is for a proxy.
    pub fn host<'r>(target: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
        let mut hosts = headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            // A request without exactly one `Host` gets 400 (RFC 9112 §3.2): two servers could
            // read different ones.
            return None;
        };
        match (target.scheme_str(), target.authority()) {
            // A target with `https`, or with a host of CONNECT, is for a proxy, which this is not.
            (Some("http"), Some(authority)) => Some(authority.as_str()),
            (None, None) => Some(host.to_str().unwrap_or("")),
            _ => None,
        }
    }

    /// Returns whether the host of a request is one of our names; `local` is the address that
    /// received it.
    pub fn admits(&self, host: &str, local: IpAddr) -> bool {
        let Some(name) = name_of(host) else {
            return false;
        };
        let name = name.to_ascii_lowercase();
        let literal = match name.strip_prefix('[') {
            Some(literal) => literal.strip_suffix(']').unwrap_or(""),
            None => &name,
        };
        // An IP address can't be pointed elsewhere, and this one reached us.
        let is_ours = literal.parse() == Ok(local);
        is_ours
            || ["localhost", "127.0.0.1", "[::1]"].contains(&name.as_str())
            || self.names.contains(&name)
    }

    /// Returns whether an `Origin` header is that of our own pages, which are requested by `host`.
    // No page can set this header itself; scheme and port belong to an origin (RFC 6454 §4).
    pub fn is_own_page(origin: &str, host: &str) -> bool {
        origin
            .strip_prefix("http://")
            .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    }
}

/// Returns the name in a `Host` header, without its port.
fn name_of(host: &str) -> Option<&str> {
    let end = if host.starts_with('[') {
        host.find(']')? + 1
    } else {
        host.find(':').unwrap_or(host.len())
    };
    let (name, port) = host.split_at(end);
    let is_port = |port: &str| {
        let digits = port.strip_prefix(':').unwrap_or("x");
        digits.len() <= 5 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    (!name.is_empty() && (port.is_empty() || is_port(port))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_admitted() {
        let door = Door::new(["Docs.Internal".to_owned()]);
        let local: IpAddr = "192.168.0.7".parse().unwrap();
        for (host, admitted) in [
            ("localhost", true),
            ("LOCALHOST:8400", true),
            ("127.0.0.1:8400", true),
            ("[::1]:8400", true),
            ("docs.internal:80", true),
            ("192.168.0.7:8400", true),
            ("192.168.0.8:8400", false),
            ("[192.168.0.7]", true),
            ("evil.test", false),
            ("localhost.evil.test", false),
            ("127.0.0.1.evil.test:8400", false),
            ("evil.test#localhost", false),
            ("localhost:8400:evil", false),
            ("localhost:", false),
            ("localhost:8400@evil.test", false),
            ("user@localhost", false),
            ("[::1", false),
            ("0.0.0.0", false),
            ("", false),
            (":8400", false),
        ] {
            assert_eq!(door.admits(host, local), admitted, "{host}");
        }
    }

    #[test]
    fn the_host_is_that_of_a_whole_address_before_that_of_the_header() {
        let none: &[&str] = &[];
        for (target, hosts, expected) in [
            ("/a", &["localhost"][..], Some("localhost")),
            ("/a", none, None),
            ("/a", &["localhost", "localhost"], None),
            ("http://evil.test/a", &["localhost"], Some("evil.test")),
            (
                "HTTP://localhost:8400/a",
                &["evil.test"],
                Some("localhost:8400"),
            ),
            (
                "http://me@localhost/a",
                &["localhost"],
                Some("me@localhost"),
            ),
            ("http://localhost/a", none, None),
            ("https://localhost/a", &["localhost"], None),
            ("localhost:8400", &["localhost"], None),
            ("*", &["localhost"], Some("localhost")),
        ] {
            let headers = hosts.iter().map(|host| (HOST, host.parse().unwrap()));
            let headers: HeaderMap = headers.fold(HeaderMap::new(), |mut all, (name, host)| {
                all.append(name, host);
                all
            });
            let target = target.parse().unwrap();
            assert_eq!(
                Door::host(&target, &headers),
                expected,
                "{target} {hosts:?}"
            );
        }
    }

    #[test]
    fn a_page_is_ours_by_its_whole_origin() {
        let own = |origin| Door::is_own_page(origin, "127.0.0.1:8400");
        assert!(own("http://127.0.0.1:8400"));
        for origin in [
            "null",
            "",
            "https://127.0.0.1:8400",
            "http://127.0.0.1:8401",
            "http://127.0.0.1",
            "http://127.0.0.1.evil.test:8400",
            "http://[::1]:8400",
            "http://127.0.0.1:8400/",
        ] {
            assert!(!own(origin), "{origin}");
        }
    }
}

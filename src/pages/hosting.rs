//! Plain files for hosts and search engines.

use std::fmt::Write as _;

use crate::hole::Encoding;
use crate::model::{Outline, Redirect};
use crate::pages::twin::{LLMS, LLMS_FULL};
use crate::pages::view::url_path;
use crate::rich::address;

/// The file for robots of search engines.
pub const ROBOTS: &str = "robots.txt";

/// The list of pages for search engines.
pub const SITEMAP: &str = "sitemap.xml";

/// The files that a site may have beside its pages, for hosts and search engines.
pub const PLAIN: [&str; 5] = [".nojekyll", "_headers", "_redirects", ROBOTS, SITEMAP];

/// The type of twins; without the character set, browsers guess it.
const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// Returns the plain files of a site, as path and text.
///
/// The sitemap lists the generic pages only and has no `lastmod`: output depends on the input files
/// alone, and so the sitemap changes only when a page is added or removed.
///
/// `indexed` are the paths of the pages for search engines, and `policy` is that of the pages.
pub fn files(
    indexed: &[String],
    has_twins: bool,
    site_url: Option<&str>,
    policy: &str,
) -> Vec<(&'static str, String)> {
    // A bot's pages are not indexed, and the sitemap protocol requires absolute addresses.
    let base = url_path(site_url);
    let site_url = site_url.filter(|_| !indexed.is_empty());
    let mut files = vec![
        // GitHub Pages runs Jekyll otherwise, which drops files whose names begin with `_`.
        (".nojekyll", String::new()),
        ("_headers", headers(has_twins, base, policy)),
        (ROBOTS, robots(site_url)),
    ];
    files.extend(site_url.map(|url| (SITEMAP, sitemap(indexed, url))));
    files
}

/// Returns all rules that `_headers` of a site at this address can have.
pub fn rules(site_url: Option<&str>, policy: &str) -> String {
    headers(true, url_path(site_url), policy)
}

/// Returns headers in the format of Netlify and Cloudflare Pages.
///
/// Pages get no `Cache-Control` here: both hosts revalidate them anyway, and would join the values
/// of two matching rules. Names in `assets/` change with the content, so they are cached for a
/// year, the longest time that caches honour. `frame-ancestors` is ignored in a `meta` element (CSP
/// 3, 6.4.2), so only hosts can send it. A bot's twins need `X-Robots-Tag`, since Markdown has no
/// `meta` element.
///
/// Hosts compare the whole path of an address, so the rules of a site at `base` begin with that.
fn headers(has_twins: bool, base: &str, policy: &str) -> String {
    let frames = if policy.contains("frame-ancestors") {
        ""
    } else {
        "; frame-ancestors 'self'"
    };
    let mut out = format!(
        "{base}*\n  Content-Security-Policy: {policy}{frames}\n  \
         X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n\
         {base}assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
    );
    for path in ["*.md", LLMS, LLMS_FULL].iter().filter(|_| has_twins) {
        let _ = write!(out, "{base}{path}\n  Content-Type: {MARKDOWN}\n");
    }
    // Bots are customers: their pages must not appear in search results.
    let _ = write!(out, "{base}bots/*\n  X-Robots-Tag: noindex\n");
    out
}

/// Returns the headers that rules in the format of Netlify specify for a path below the site, which
/// is at `base`; of equal names the last counts.
pub fn headers_for<'r>(
    rules: &'r str,
    base: &str,
    path: &str,
) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
    let path = format!("{base}{path}");
    let mut applies = false;
    rules.lines().filter_map(move |line| {
        if !line.starts_with(' ') {
            applies = matches(line.trim(), &path);
            return None;
        }
        line.trim().split_once(": ").filter(|_| applies)
    })
}

/// Returns whether a rule, in which one `*` matches anything, is for a path.
fn matches(rule: &str, path: &str) -> bool {
    match rule.split_once('*') {
        Some((start, end)) => {
            path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end)
        }
        None => rule == path,
    }
}

/// Returns the redirects of renamed pages, in the format of Cloudflare Pages; none if no page was
/// renamed.
///
/// A browser that the host redirects keeps the fragment of the old address, which the page at the
/// old name can do only by script. If a host serves that page first, as Netlify does, this changes
/// nothing. Hosts compare whole paths: both have that of the site's address.
pub fn redirects(outline: &Outline, site_url: Option<&str>) -> Option<(&'static str, String)> {
    let base = url_path(site_url);
    let mut out = String::new();
    for Redirect { from, to } in &outline.redirects {
        let Some(page) = outline.page(&to.page).filter(|_| from.anchor.is_none()) else {
            continue;
        };
        let name = outline.file_name(&page.name);
        let file = if name == "index.html" { "" } else { &name };
        let place = to
            .anchor
            .as_deref()
            .map(address::ascii_fragment)
            .unwrap_or_default();
        // A page is served with and without its ending.
        for ending in [".html", ""] {
            let _ = writeln!(out, "{base}{}{ending} {base}{file}{place} 301", from.page);
        }
    }
    (!out.is_empty()).then_some(("_redirects", out))
}

fn robots(site_url: Option<&str>) -> String {
    let mut out = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(url) = site_url {
        let _ = writeln!(out, "Sitemap: {url}sitemap.xml");
    }
    out
}

fn sitemap(indexed: &[String], site_url: &str) -> String {
    let mut addresses: Vec<String> = indexed
        .iter()
        .map(|path| format!("{site_url}{}", if path == "index.html" { "" } else { path }))
        .collect();
    // Sorted, so that a new order of the navigation does not change the file.
    addresses.sort_unstable();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for address in addresses {
        // What is safe in an HTML attribute is safe in XML too: the escapes are numbers or XML's
        // own.
        let _ = writeln!(
            out,
            "<url><loc>{}</loc></url>",
            Encoding::Attribute.encode(&address)
        );
    }
    out.push_str("</urlset>\n");
    out
}

/// Returns the media type of a file by its extension.
pub fn media_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "md" => "text/markdown; charset=utf-8",
        "txt" | "log" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "yaml" | "yml" => "application/yaml",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sitemap_is_sorted_and_escaped() {
        let pages = ["b.html", "index.html"].map(str::to_owned);
        let sitemap = sitemap(&pages, "https://x/?a&b/");
        let (first, second) = (
            sitemap.find("<loc>https://x/?a&amp;b/</loc>"),
            sitemap.find("b/b.html</loc>"),
        );
        assert!(first.is_some() && first < second, "{sitemap}");
    }

    #[test]
    fn only_a_site_with_twins_says_what_they_are() {
        let headers = |has_twins| files(&[], has_twins, None, "").swap_remove(1).1;
        let (with, without) = (headers(true), headers(false));
        let added = with.lines().filter(|line| !without.contains(line));
        let added: Vec<_> = added.collect();
        let kind = "  Content-Type: text/markdown; charset=utf-8";
        assert_eq!(
            added,
            ["/*.md", kind, "/llms.txt", kind, "/llms-full.txt", kind]
        );
    }

    #[test]
    fn without_an_address_or_an_indexed_page_there_is_no_sitemap() {
        let indexed = ["index.html".to_owned()];
        let files = [
            files(&indexed, true, None, ""),
            files(&[], true, Some("https://x/"), ""),
        ];
        for files in files {
            let names: Vec<_> = files.iter().map(|&(name, _)| name).collect();
            assert_eq!(names, [".nojekyll", "_headers", "robots.txt"]);
            assert!(!files[2].1.contains("Sitemap"), "{}", files[2].1);
        }
    }

    #[test]
    fn rules_of_a_site_below_a_path_begin_with_it() {
        let rules = files(&[], true, Some("https://ex.com/docs/"), "")
            .swap_remove(1)
            .1;
        let paths = rules.lines().filter(|line| !line.starts_with(' '));
        assert!(
            paths.clone().all(|path| path.starts_with("/docs/")),
            "{rules}"
        );
        let names = |path: &str| {
            let names = headers_for(&rules, "/docs/", path).map(|(name, _)| name);
            names.collect::<Vec<_>>().join(" ")
        };
        assert!(names("chat.md").ends_with("Referrer-Policy Content-Type"));
        assert!(names("assets/x.css").ends_with("Referrer-Policy Cache-Control"));
        assert!(names("bots/a/").ends_with("Referrer-Policy X-Robots-Tag"));
    }

    #[test]
    fn rules_of_headers_hold_for_what_they_match() {
        let rules = "/*\n  X-A: 1\n/assets/*\n  Cache-Control: max-age=1\n/*.md\n  X-B: 2\n/x.txt\n  X-C: 3\n";
        let names = |path: &str| {
            let names = headers_for(rules, "/", path).map(|(name, _)| name);
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("index.html"), "X-A");
        assert_eq!(names("assets/x.css"), "X-A Cache-Control");
        assert_eq!(names("chat.md"), "X-A X-B");
        assert_eq!(names("x.txt"), "X-A X-C");
    }
}

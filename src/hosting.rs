//! Plain files for hosts and search engines.

use std::fmt::Write as _;

use crate::hole::Encoding;
use crate::model::{Model, Redirect};
use crate::render::Page;
use crate::twin::{LLMS, LLMS_FULL};
use crate::view::{POLICY, fragment};

/// The type of twins; without the character set, browsers guess it.
const MARKDOWN: &str = "text/markdown; charset=utf-8";

/// The plain files of a site, as path and text.
///
/// The sitemap lists the generic pages only and says nothing of times, so that it changes only
/// when a page comes or goes.
pub fn files(pages: &[Page], site_url: Option<&str>) -> Vec<(&'static str, String)> {
    // A bot's pages are not indexed, and a sitemap without an address is none.
    let site_url = site_url.filter(|_| pages.iter().any(|page| page.indexed));
    let mut files = vec![
        (".nojekyll", String::new()),
        ("_headers", headers()),
        ("robots.txt", robots(site_url)),
    ];
    files.extend(site_url.map(|url| ("sitemap.xml", sitemap(pages, url))));
    files
}

/// Headers in the form that Netlify and Cloudflare Pages read.
///
/// Pages get no `Cache-Control` here: both hosts revalidate them anyway, and would join a second
/// rule's value to the first's. A bot's twins can't say themselves that they are not for search
/// engines, as its pages do.
fn headers() -> String {
    format!(
        "/*\n  Content-Security-Policy: {POLICY}; frame-ancestors 'self'\n  \
         X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: strict-origin-when-cross-origin\n\
         /assets/*\n  Cache-Control: public, max-age=31536000, immutable\n\
         /*.md\n  Content-Type: {MARKDOWN}\n\
         /{LLMS}\n  Content-Type: {MARKDOWN}\n\
         /{LLMS_FULL}\n  Content-Type: {MARKDOWN}\n\
         /bots/*\n  X-Robots-Tag: noindex\n"
    )
}

/// Redirects of renamed pages, in the form that Cloudflare Pages reads; none, if no page was renamed.
///
/// A browser that is redirected by the host takes the place in the old address along to the new page,
/// which the page that stands in for the old one can do only by script. Where a host serves that page
/// first, as Netlify does, this changes nothing.
pub fn redirects(model: &Model) -> Option<(&'static str, String)> {
    let mut out = String::new();
    for Redirect { from, to } in &model.redirects {
        let Some(page) = model.page(&to.page).filter(|_| from.anchor.is_none()) else {
            continue;
        };
        let name = model.file_name(page);
        let file = if name == "index.html" { "" } else { &name };
        let place = to.anchor.as_deref().map(fragment).unwrap_or_default();
        // A page is served with and without its ending.
        for ending in [".html", ""] {
            let _ = writeln!(out, "/{}{ending} /{file}{place} 301", from.page);
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

fn sitemap(pages: &[Page], site_url: &str) -> String {
    let indexed = pages
        .iter()
        .filter(|page| page.indexed)
        .map(|page| page.path.as_str());
    let mut addresses: Vec<String> = indexed
        .map(|path| format!("{site_url}{}", if path == "index.html" { "" } else { path }))
        .collect();
    addresses.sort_unstable();
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        .to_owned();
    for address in addresses {
        // What is safe in an HTML attribute is safe in XML too: the escapes are numbers or XML's own.
        let _ = writeln!(
            out,
            "<url><loc>{}</loc></url>",
            Encoding::Attribute.encode(&address)
        );
    }
    out.push_str("</urlset>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hole::Holed;

    fn page(path: &str, indexed: bool) -> Page {
        Page {
            path: path.to_owned(),
            indexed,
            body: Holed::cut("", &[]),
        }
    }

    #[test]
    fn the_sitemap_is_sorted_escaped_and_leaves_out_what_is_not_indexed() {
        let pages = [
            page("b.html", true),
            page("404.html", false),
            page("index.html", true),
        ];
        let sitemap = sitemap(&pages, "https://x/?a&b/");
        let (first, second) = (
            sitemap.find("<loc>https://x/?a&amp;b/</loc>"),
            sitemap.find("b/b.html</loc>"),
        );
        assert!(first.is_some() && first < second, "{sitemap}");
        assert!(!sitemap.contains("404"));
    }

    #[test]
    fn without_an_address_or_an_indexed_page_there_is_no_sitemap() {
        let of_bot = [page("index.html", false)];
        for files in [files(&[], None), files(&of_bot, Some("https://x/"))] {
            let names: Vec<_> = files.iter().map(|&(name, _)| name).collect();
            assert_eq!(names, [".nojekyll", "_headers", "robots.txt"]);
            assert!(!files[2].1.contains("Sitemap"), "{}", files[2].1);
        }
    }
}

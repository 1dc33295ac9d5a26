//! The files of a project for the root of its site: joined with those of botdocs, and checked.
//!
//! Hosts apply the first redirect that matches an address: those of botdocs come first, for a rule
//! such as `/*` would end all behind it. Of rules for headers, hosts apply all that match, and join
//! the values of equal names: such rules are refused.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::{self, own_policy};
use crate::input::diagnostic::{Diagnostic, Report};
use crate::input::explain::Code;
use crate::input::load::{Inputs, RootFiles};
use crate::input::source::{FileId, Sources, Span};
use crate::model::Model;
use crate::pages::hosting;
use crate::pages::twin::{LLMS, LLMS_FULL};
use crate::rich::policy;

/// The limits of Cloudflare Pages, from its documentation.
const MOST_HEADER_RULES: usize = 100;
const LONGEST_HEADER: usize = 2_000;
const LONGEST_REDIRECT: usize = 1_000;
const MOST_REDIRECTS: usize = 2_000;
const MOST_PATTERNS: usize = 100;

/// The files of a project for the root of its site, with their rules in the form of ours.
#[derive(Clone, Debug, Default)]
pub struct SiteRoot {
    files: Vec<(String, std::sync::Arc<[u8]>)>,
    headers: String,
    redirects: String,
}

impl SiteRoot {
    /// Returns the files and the rules of a project.
    pub fn new(root: &RootFiles, sources: &Sources) -> SiteRoot {
        let text = |file: Option<FileId>| file.map_or("", |file| sources.get(file).text.as_str());
        let files = root.files.iter();
        SiteRoot {
            files: files
                .map(|it| (it.path.clone(), it.bytes.clone()))
                .collect(),
            headers: header_rules(text(root.headers))
                .flat_map(|rule| {
                    let lines = rule.lines.into_iter();
                    let lines = lines.map(|(_, line)| format!("  {}\n", spaced(line)));
                    std::iter::once(format!("{}\n", rule.path.1)).chain(lines)
                })
                .collect(),
            redirects: lines(text(root.redirects))
                .map(|(_, line)| format!("{line}\n"))
                .collect(),
        }
    }

    /// Adds the files and rules to those of botdocs.
    pub fn join(&self, ours: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
        let mut ours = ours;
        let own: BTreeSet<&str> = self.files.iter().map(|(path, _)| path.as_str()).collect();
        // A project's own robots.txt replaces ours.
        ours.retain(|(path, _)| path != hosting::ROBOTS || !own.contains(hosting::ROBOTS));
        for (name, rules) in [("_headers", &self.headers), ("_redirects", &self.redirects)] {
            match ours.iter_mut().find(|(path, _)| path == name) {
                _ if rules.is_empty() => {}
                Some((_, text)) => text.extend_from_slice(rules.as_bytes()),
                None => ours.push((name.to_owned(), rules.clone().into_bytes())),
            }
        }
        let files = self.files.iter();
        ours.extend(files.map(|(path, bytes)| (path.clone(), bytes.to_vec())));
        ours
    }
}

/// Reports files that collide with others of the site, and rules that hosts would not apply. If the
/// pages have errors, there is no model, and nothing of botdocs to collide with.
pub fn judge(model: Option<&Model>, inputs: &Inputs, report: &mut Report) {
    let root = &inputs.at_root;
    for file in &root.files {
        if let Some(what) = model.and_then(|model| taken(model, &file.path)) {
            let message = format!("the site has a file `{}` already: {what}", file.path);
            let fault = Diagnostic::about_file(Code::MisnamedFile, &*file.shown, message);
            report.push(fault.help("rename the file, or remove it"));
        }
    }
    if let Some(file) = root.headers {
        let ours = model.map(|model| {
            let policy = own_policy(inputs).unwrap_or_else(policy::text);
            hosting::rules(model.site.url.as_deref(), &policy)
        });
        judge_headers(&ours.unwrap_or_default(), file, inputs, report);
    }
    if let Some(file) = root.redirects {
        let ours = model.and_then(|model| {
            hosting::redirects(&model.outline(), model.site.url.as_deref()).map(|(_, text)| text)
        });
        judge_redirects(&ours.unwrap_or_default(), file, inputs, report);
    }
}

/// Returns what of the site has a path already.
fn taken(model: &Model, path: &str) -> Option<&'static str> {
    // Some file systems ignore case.
    let path = path.to_lowercase();
    let first = path.split('/').next().unwrap_or_default();
    let stem = path
        .strip_suffix(".html")
        .or_else(|| path.strip_suffix(".md"));
    let is_page = |name: &str| stem == Some(name) || path == name;
    match first {
        "assets" => return Some("botdocs writes `assets/`, whose files browsers keep for a year"),
        "bots" => return Some("botdocs writes `bots/`, with a folder for each bot"),
        _ => {}
    }
    if model.pages.iter().any(|page| is_page(&page.name))
        || path == "index.html"
        || path == "index.md"
    {
        return Some("a page, or its Markdown version");
    }
    let mut redirects = model.redirects.iter().filter(|it| it.from.anchor.is_none());
    if redirects.any(|it| path == format!("{}.html", it.from.page)) {
        return Some("the page at the old name of a page");
    }
    let ours = [
        "404.html",
        ".nojekyll",
        "botdocs-manifest.json",
        LLMS,
        LLMS_FULL,
    ];
    let is_index = path == "search.json" || crate::pages::search::is_index(&path);
    let is_sitemap = path == hosting::SITEMAP && model.site.url.is_some();
    (ours.contains(&path.as_str()) || is_index || is_sitemap).then_some("botdocs writes it")
}

/// Returns a header with a space behind its colon, as botdocs writes it.
fn spaced(line: &str) -> String {
    match line.split_once(':') {
        Some((name, value)) => format!("{name}: {}", value.trim()),
        None => line.to_owned(),
    }
}

/// A rule of `_headers`: a path, and what follows for it.
struct HeaderRule<'t> {
    path: (Range<usize>, &'t str),
    lines: Vec<(Range<usize>, &'t str)>,
}

/// Returns the lines of a file of rules that are no comments, each with its place.
fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut from = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let start = from;
        from += line.len();
        let shown = line.trim_end();
        (start..start + shown.len(), shown)
    });
    all.filter(|(_, line)| !line.is_empty() && !line.trim_start().starts_with('#'))
}

fn header_rules(text: &str) -> impl Iterator<Item = HeaderRule<'_>> {
    let mut rules: Vec<HeaderRule<'_>> = Vec::new();
    for (range, line) in lines(text) {
        let inner = line.trim_start();
        let range = range.end - inner.len()..range.end;
        match rules.last_mut() {
            Some(rule) if inner.len() < line.len() => rule.lines.push((range, inner)),
            _ => rules.push(HeaderRule {
                path: (range, inner),
                lines: Vec::new(),
            }),
        }
    }
    rules.into_iter()
}

fn judge_headers(ours: &str, file: FileId, inputs: &Inputs, report: &mut Report) {
    let text = &inputs.sources.get(file).text;
    let ours: Vec<_> = header_rules(ours).collect();
    let own: Vec<_> = header_rules(text).collect();
    let mut fault = |code, range: &Range<usize>, message: String, help: &str| {
        let place = Span::new(file, range.clone());
        report.push(Diagnostic::error(code, place, message).help(help));
    };
    for rule in &own {
        let (range, path) = &rule.path;
        if !is_pattern(path) {
            let message = format!("`{path}` is not the path of a rule");
            let help = "begin a rule with a path such as `/*` at the start of a line, and indent its headers";
            fault(Code::InvalidValue, range, message, help);
            continue;
        }
        if rule.lines.is_empty() {
            let help = "indent a header below it, as in `  X-Frame-Options: DENY`";
            fault(
                Code::InvalidValue,
                range,
                "a rule without a header".to_owned(),
                help,
            );
        }
        for (range, line) in &rule.lines {
            // Cloudflare Pages removes a header by `! Name`.
            let name = line.strip_prefix('!').map(str::trim);
            let pair = line
                .split_once(':')
                .map(|(name, value)| (name, value.trim()));
            let (name, value) = match (name, pair) {
                (Some(name), _) => (name, ""),
                (None, Some((name, value))) => (name, value),
                (None, None) => ("", ""),
            };
            let is_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            if name.is_empty() || !name.chars().all(is_name) {
                let help = "write a name and a value, as in `X-Frame-Options: DENY`";
                fault(
                    Code::InvalidValue,
                    range,
                    format!("`{line}` is not a header"),
                    help,
                );
                continue;
            }
            let same = ours.iter().find(|it| {
                let mut names = it
                    .lines
                    .iter()
                    .filter_map(|(_, line)| line.split_once(": "));
                overlap(it.path.1, path)
                    && names.any(|(known, set)| known.eq_ignore_ascii_case(name) && set != value)
            });
            if let Some(same) = same {
                let message = format!(
                    "botdocs sets `{name}` for `{}`, which this rule covers too",
                    same.path.1
                );
                let help = if name.eq_ignore_ascii_case("content-security-policy") {
                    "remove it, and write the policy into a template, as `<meta http-equiv=\"Content-Security-Policy\" content=\"…\">`: botdocs takes it over into `_headers`, and browsers apply both"
                } else {
                    "remove it, or give the rule a path of other files: hosts join both values, and browsers read the result in different ways"
                };
                fault(Code::ConflictingKeys, range, message, help);
            }
            if line.chars().count() > LONGEST_HEADER {
                let message = format!("more than {LONGEST_HEADER} characters in a line");
                let help = "shorten it: Cloudflare Pages ignores longer lines";
                fault(Code::InputTooLarge, range, message, help);
            }
        }
    }
    let count = own.len() + ours.len();
    if let Some(rule) = own.last().filter(|_| count > MOST_HEADER_RULES) {
        let message = format!("{count} rules, of which {} are of botdocs", ours.len());
        let help = format!("write fewer: Cloudflare Pages reads {MOST_HEADER_RULES}");
        fault(Code::InputTooLarge, &rule.path.0, message, &help);
    }
}

fn judge_redirects(ours: &str, file: FileId, inputs: &Inputs, report: &mut Report) {
    let text = &inputs.sources.get(file).text;
    let from = |line: &str| line.split_whitespace().next().map(str::to_owned);
    let of_ours: BTreeSet<String> = lines(ours).filter_map(|(_, line)| from(line)).collect();
    let own: Vec<_> = lines(text).collect();
    let mut fault = |code, range: &Range<usize>, message: String, help: &str| {
        let place = Span::new(file, range.clone());
        report.push(Diagnostic::error(code, place, message).help(help));
    };
    for (range, line) in &own {
        let mut words = line.split_whitespace();
        let (from, to) = (words.next().unwrap_or_default(), words.next());
        if !is_pattern(from) || to.is_none() {
            let help = "write the old path and the new address, as in `/old /new 301`";
            fault(
                Code::InvalidRedirect,
                range,
                format!("`{line}` is not a redirect"),
                help,
            );
        } else if to.is_some_and(check::has_credentials) {
            let message = "a user's name or password in the address of a redirect".to_owned();
            fault(Code::UnsafeLink, range, message, check::NO_CREDENTIALS);
        } else if of_ours.contains(from) {
            let message = format!("`{from}` is redirected by `redirects` in site.yaml");
            let help = "remove one of the two: hosts apply the first that matches";
            fault(Code::InvalidRedirect, range, message, help);
        } else if line.chars().count() > LONGEST_REDIRECT {
            let message = format!("more than {LONGEST_REDIRECT} characters in a redirect");
            let help = "shorten it: Cloudflare Pages ignores longer ones";
            fault(Code::InputTooLarge, range, message, help);
        }
    }
    let is_plain = |line: &&str| {
        !line
            .split_whitespace()
            .next()
            .is_some_and(|it| it.contains(['*', ':']))
    };
    let (plain, patterns): (Vec<&str>, Vec<&str>) =
        own.iter().map(|(_, line)| *line).partition(is_plain);
    let plain = plain.len() + of_ours.len();
    let Some((last, _)) = own.last() else {
        return;
    };
    for (count, most, what) in [
        (plain, MOST_REDIRECTS, "redirects"),
        (
            patterns.len(),
            MOST_PATTERNS,
            "redirects with `*` or `:name`",
        ),
    ] {
        if count > most {
            let help = format!("write fewer: Cloudflare Pages reads {most}");
            fault(Code::InputTooLarge, last, format!("{count} {what}"), &help);
        }
    }
}

/// Returns whether a rule of a host can begin with a text.
fn is_pattern(path: &str) -> bool {
    path.starts_with('/') || path.starts_with("https://") || path.starts_with("http://")
}

/// Returns whether a path can match two patterns, in which `*` is any text and `:name` a part of a
/// path.
fn overlap(one: &str, other: &str) -> bool {
    // A rule for one host of several covers paths as one without a host does.
    let path = |pattern: &str| match pattern.split_once("://") {
        Some((_, rest)) => rest
            .find('/')
            .map_or(String::new(), |at| rest[at..].to_owned()),
        None => pattern.to_owned(),
    };
    let parts = |pattern: &str| {
        let path = path(pattern);
        let parts = path.split('/').map(|part| match part.find(':') {
            Some(at) => format!("{}*", &part[..at]),
            None => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/").into_bytes()
    };
    let (one, other) = (parts(one), parts(other));
    // `row[b]`: whether the rests of both patterns from here can match one text.
    let mut row = vec![false; other.len() + 1];
    for a in (0..=one.len()).rev() {
        let below = row.clone();
        for b in (0..=other.len()).rev() {
            row[b] = match (one.get(a), other.get(b)) {
                (None, None) => true,
                (Some(b'*'), _) if below[b] => true,
                (Some(b'*'), Some(_)) => row[b + 1],
                (_, Some(b'*')) if row[b + 1] => true,
                (Some(_), Some(b'*')) => below[b],
                (Some(x), Some(y)) => x == y && below[b + 1],
                _ => false,
            };
        }
    }
    row[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_overlap_if_a_path_matches_both() {
        for (one, other, do_overlap) in [
            ("/*", "/x", true),
            ("/*", "/*", true),
            ("/assets/*", "/a*", true),
            ("/assets/*", "/bots/*", false),
            ("/*.md", "/chat.*", true),
            ("/*.md", "/chat.html", false),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/:page", "/llms.txt", true),
            ("https://docs.example/*", "/llms.txt", true),
            ("/.well-known/*", "/*.md", true),
            ("/.well-known/*", "/assets/*", false),
        ] {
            assert_eq!(overlap(one, other), do_overlap, "{one} {other}");
            assert_eq!(overlap(other, one), do_overlap, "{other} {one}");
        }
    }

    #[test]
    fn rules_have_places_and_no_comments() {
        let text = "# a\n/x\n  A: 1\n\n  # b\n\tB: 2\r\n/y\n";
        let rules = header_rules(text).map(|rule| {
            let lines = rule.lines.iter().map(|(range, line)| {
                assert_eq!(&text[range.clone()], *line);
                *line
            });
            (rule.path.1, lines.collect::<Vec<_>>())
        });
        assert_eq!(
            rules.collect::<Vec<_>>(),
            [("/x", vec!["A: 1", "B: 2"]), ("/y", vec![])]
        );
    }
}

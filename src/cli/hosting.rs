//! What hosts take, and whether a site is more than that.

use clap::ValueEnum;

use super::{count, grouped};
use crate::output::Totals;

/// A host whose limits are known; `docs/hosting.md` lists them for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Host {
    CloudflarePages,
    GithubPages,
    GitlabPages,
    Netlify,
}

/// The most of something that a host takes.
struct HostLimit {
    most: u64,
    /// What is counted, and how it is said.
    of: fn(&Totals) -> u64,
    said: fn(u64) -> String,
    /// What is to be known of the limit.
    note: &'static str,
}

impl Host {
    fn name(self) -> &'static str {
        match self {
            Host::CloudflarePages => "Cloudflare Pages",
            Host::GithubPages => "GitHub Pages",
            Host::GitlabPages => "GitLab Pages",
            Host::Netlify => "Netlify",
        }
    }

    fn limits(self) -> Vec<HostLimit> {
        let limit = |most, of, said, note| HostLimit {
            most,
            of,
            said,
            note,
        };
        // As the hosts stated them in November 2026.
        match self {
            Host::CloudflarePages => vec![
                limit(
                    20_000,
                    |totals| totals.files,
                    files,
                    "100,000 on paid plans",
                ),
                limit(25 << 20, |totals| totals.largest, one_file, ""),
            ],
            Host::GithubPages => vec![limit(1_000_000_000, |totals| totals.bytes, bytes, "")],
            Host::GitlabPages => vec![
                limit(
                    200_000,
                    |totals| totals.files + totals.folders,
                    entries,
                    "folders included",
                ),
                limit(1_000_000_000, |totals| totals.bytes, bytes, "on GitLab.com"),
            ],
            Host::Netlify => vec![limit(54_000, |totals| totals.most_in_folder, in_folder, "")],
        }
    }

    /// Says what of a site is more than the host takes.
    pub(super) fn refuses(self, totals: &Totals) -> Vec<String> {
        let limits = self.limits().into_iter();
        limits
            .filter(|limit| (limit.of)(totals) > limit.most)
            .map(|limit| {
                let (found, most) = ((limit.said)((limit.of)(totals)), (limit.said)(limit.most));
                let note = match limit.note {
                    "" => String::new(),
                    note => format!(", {note}"),
                };
                format!("the site has {found}; {} takes {most}{note}", self.name())
            })
            .collect()
    }
}

fn files(number: u64) -> String {
    count(number as usize, "file")
}

fn entries(number: u64) -> String {
    format!("{} entries", grouped(number))
}

fn in_folder(number: u64) -> String {
    format!("{} entries in one folder", grouped(number))
}

fn bytes(number: u64) -> String {
    format!("{} MB", grouped(number.div_ceil(1_000_000)))
}

fn one_file(number: u64) -> String {
    format!("a file of {} MiB", number.div_ceil(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_named_where_it_is_passed_and_only_there() {
        let at = Totals {
            files: 20_000,
            folders: 1,
            most_in_folder: 54_000,
            bytes: 1_000_000_000,
            largest: 25 << 20,
        };
        let over = Totals {
            files: 200_001,
            folders: 100_000,
            most_in_folder: 54_001,
            bytes: 1_000_000_001,
            largest: (25 << 20) + 1,
        };
        for host in Host::value_variants() {
            assert_eq!(host.refuses(&at), Vec::<String>::new(), "{host:?}");
        }
        let said = |host: Host| host.refuses(&over).join("\n");
        assert_eq!(
            said(Host::CloudflarePages),
            "the site has 200,001 files; Cloudflare Pages takes 20,000 files, 100,000 on paid plans\n\
             the site has a file of 26 MiB; Cloudflare Pages takes a file of 25 MiB"
        );
        assert_eq!(
            said(Host::GithubPages),
            "the site has 1,001 MB; GitHub Pages takes 1,000 MB"
        );
        assert_eq!(
            said(Host::GitlabPages),
            "the site has 300,001 entries; GitLab Pages takes 200,000 entries, folders included\n\
             the site has 1,001 MB; GitLab Pages takes 1,000 MB, on GitLab.com"
        );
        assert_eq!(
            said(Host::Netlify),
            "the site has 54,001 entries in one folder; Netlify takes 54,000 entries in one folder"
        );
    }
}

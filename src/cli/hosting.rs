//! The limits of hosts, and whether a site exceeds them.

use clap::ValueEnum;

use super::{count, grouped};
use crate::output::Totals;

/// A host with known limits; `docs/hosting.md` lists them for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Host {
    CloudflarePages,
    GithubPages,
    GitlabPages,
    Netlify,
}

/// One limit of a host.
struct HostLimit {
    most: u64,
    /// What is counted, and how the number is printed.
    of: fn(&Totals) -> u64,
    phrase: fn(u64) -> String,
    /// A condition of the limit, or nothing.
    note: &'static str,
}

impl Host {
    /// Returns the help of `--hosting`.
    pub(super) fn help() -> String {
        let names: Vec<String> = Host::value_variants()
            .iter()
            .filter_map(|host| Some(format!("`{}`", host.to_possible_value()?.get_name())))
            .collect();
        let (last, others) = names.split_last().expect("there are hosts");
        format!(
            "Warn if the site exceeds a limit of this host: {} or {last}",
            others.join(", ")
        )
    }

    fn name(self) -> &'static str {
        match self {
            Host::CloudflarePages => "Cloudflare Pages",
            Host::GithubPages => "GitHub Pages",
            Host::GitlabPages => "GitLab Pages",
            Host::Netlify => "Netlify",
        }
    }

    fn limits(self) -> Vec<HostLimit> {
        let limit = |most, of, phrase, note| HostLimit {
            most,
            of,
            phrase,
            note,
        };
        // The hosts' documentation in November 2026.
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

    /// Returns a message for each limit that the site exceeds.
    pub(super) fn refuses(self, totals: &Totals) -> Vec<String> {
        let limits = self.limits().into_iter();
        limits
            .filter(|limit| (limit.of)(totals) > limit.most)
            .map(|limit| {
                let (found, most) = (
                    (limit.phrase)((limit.of)(totals)),
                    (limit.phrase)(limit.most),
                );
                let note = match limit.note {
                    "" => String::new(),
                    note => format!(", {note}"),
                };
                format!(
                    "the site has {found}; the limit of {} is {most}{note}",
                    self.name()
                )
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
        let refusals = |host: Host| host.refuses(&over).join("\n");
        assert_eq!(
            refusals(Host::CloudflarePages),
            "the site has 200,001 files; the limit of Cloudflare Pages is 20,000 files, 100,000 on paid plans\n\
             the site has a file of 26 MiB; the limit of Cloudflare Pages is a file of 25 MiB"
        );
        assert_eq!(
            refusals(Host::GithubPages),
            "the site has 1,001 MB; the limit of GitHub Pages is 1,000 MB"
        );
        assert_eq!(
            refusals(Host::GitlabPages),
            "the site has 300,001 entries; the limit of GitLab Pages is 200,000 entries, folders included\n\
             the site has 1,001 MB; the limit of GitLab Pages is 1,000 MB, on GitLab.com"
        );
        assert_eq!(
            refusals(Host::Netlify),
            "the site has 54,001 entries in one folder; the limit of Netlify is 54,000 entries in one folder"
        );
    }
}

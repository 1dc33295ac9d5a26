//! A set of names with a search for the name that another one was most likely meant to be, without
//! comparing all: a page may have many of both.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

/// By how many letters a name differs at most from one that it was meant to be.
const MOST: usize = 2;

/// Distances of the beginnings of two names: of the one with so many letters, and of the other with
/// up to [`MOST`] less or more.
type DistanceRow = [usize; 2 * MOST + 1];

/// More than any distance that matters.
const FAR: usize = MOST + 1;

/// A set of names.
#[derive(Debug, Default)]
pub struct NameSet<'a> {
    names: BTreeSet<&'a str>,
    /// Names indexed by their normalized spelling; built on first use.
    alike: OnceCell<HashMap<String, Vec<&'a str>>>,
}

impl<'a> NameSet<'a> {
    /// Returns whether it contains a name.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) fn insert(&mut self, name: &'a str) {
        self.names.insert(name);
        self.alike.take();
    }

    /// Returns the first name that another one misspells.
    pub fn slipped(&self, name: &str) -> Option<&'a str> {
        self.first(name, |own| is_slip(own, name))
    }

    /// Returns the same for a name in a sentence, which may be in the plural.
    pub(super) fn near(&self, name: &str) -> Option<&'a str> {
        let is_bent =
            |own: &str| name.strip_suffix('s') == Some(own) || own.strip_suffix('s') == Some(name);
        self.first(name, |own| !is_bent(own) && is_slip(own, name))
    }

    /// Returns the first accepted name among those that another one may misspell.
    fn first(&self, name: &str, is_fit: impl Fn(&str) -> bool) -> Option<&'a str> {
        let alike = self.alike.get_or_init(|| {
            let mut alike: HashMap<String, Vec<&str>> = HashMap::new();
            for name in &self.names {
                alike.entry(plain(name)).or_default().push(name);
            }
            alike
        });
        let alike = alike.get(&plain(name)).into_iter().flatten();
        let spelt = alike.copied().find(|own| is_fit(own));
        let most = most_between(name, name);
        let close = first_within(&self.names, name, most, |own| is_fit(own)).copied();
        spelt.into_iter().chain(close).min()
    }
}

impl<'a> FromIterator<&'a str> for NameSet<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> NameSet<'a> {
        NameSet {
            names: names.into_iter().collect(),
            alike: OnceCell::new(),
        }
    }
}

/// Returns whether a name was most likely meant to be another one: a letter or the spelling
/// differs.
fn is_slip(own: &str, name: &str) -> bool {
    let capital = |text: &str| text.starts_with(|c: char| c.is_ascii_uppercase());
    let is_spelt = plain(own) == plain(name) && capital(own) == capital(name);
    let most = most_between(own, name);
    own != name && (is_spelt || most > 0 && strsim::osa_distance(own, name) <= most)
}

/// Returns the normalized spelling of a name.
fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

/// Returns by how many letters names of these lengths may differ.
fn most_between(own: &str, name: &str) -> usize {
    match name.len().min(own.len()) {
        // Short names are a letter apart by chance: `id` and `ip`, `from` and `form`.
        0..5 => 0,
        5..10 => 1,
        _ => MOST,
    }
}

/// Returns the first accepted name that differs from another by at most this many letters.
///
/// Names with the same prefix share the work for it, and all names with a prefix that differs too
/// much are skipped at once.
pub(super) fn first_within<'s, T: Borrow<str> + Ord>(
    names: &'s BTreeSet<T>,
    name: &str,
    most: usize,
    is_fit: impl Fn(&str) -> bool,
) -> Option<&'s T> {
    let wanted: Vec<char> = name.chars().collect();
    first_of(names, &mut Begun::new(&wanted, most.min(MOST)), is_fit)
}

fn first_of<'s, T: Borrow<str> + Ord>(
    names: &'s BTreeSet<T>,
    begun: &mut Begun<'_>,
    is_fit: impl Fn(&str) -> bool,
) -> Option<&'s T> {
    let mut after = Bound::Unbounded;
    while let Some(own) = names
        .range::<str, _>((borrowed(&after), Bound::Unbounded))
        .next()
    {
        let text: &str = own.borrow();
        if begun.read(text) {
            if begun.distance() <= begun.most && is_fit(text) {
                return Some(own);
            }
            after = Bound::Excluded(text.to_owned());
        } else {
            let last: String = begun.letters.iter().chain(&[char::MAX]).collect();
            after = Bound::Excluded(last.max(text.to_owned()));
        }
    }
    None
}

fn borrowed(bound: &Bound<String>) -> Bound<&str> {
    match bound {
        Bound::Excluded(text) => Bound::Excluded(text),
        Bound::Included(text) => Bound::Included(text),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// The prefix of a name, compared with the prefixes of the wanted name.
struct Begun<'w> {
    wanted: &'w [char],
    most: usize,
    letters: Vec<char>,
    /// One more than the number of letters.
    rows: Vec<DistanceRow>,
    /// How many names were read.
    #[cfg(test)]
    read: usize,
}

impl<'w> Begun<'w> {
    fn new(wanted: &'w [char], most: usize) -> Begun<'w> {
        let first = std::array::from_fn(|at| at.checked_sub(MOST).unwrap_or(FAR).min(FAR));
        Begun {
            wanted,
            most,
            letters: Vec::new(),
            rows: vec![first],
            #[cfg(test)]
            read: 0,
        }
    }

    /// Continues with another name; returns false if no name with this prefix is close enough.
    fn read(&mut self, name: &str) -> bool {
        #[cfg(test)]
        {
            self.read += 1;
        }
        let pairs = self.letters.iter().zip(name.chars());
        let common = pairs.take_while(|(one, other)| **one == *other).count();
        self.letters.truncate(common);
        self.rows.truncate(common + 1);
        let mut letters = name.chars().skip(common);
        while self.can_go_on() {
            let Some(letter) = letters.next() else {
                return true;
            };
            self.push(letter);
        }
        false
    }

    fn push(&mut self, letter: char) {
        let length = self.letters.len() + 1;
        let above = self.rows[length - 1];
        let mut row = [FAR; 2 * MOST + 1];
        for at in 0..row.len() {
            let Some(other) = (length + at).checked_sub(MOST) else {
                continue;
            };
            if other > self.wanted.len() {
                break;
            }
            let removed = above.get(at + 1).map_or(FAR, |cell| cell + 1);
            let mut least = removed;
            if let Some(last) = other.checked_sub(1) {
                let added = at.checked_sub(1).map_or(FAR, |left| row[left] + 1);
                let same = usize::from(self.wanted[last] != letter);
                least = least.min(added).min(above[at] + same);
                let is_turned = last > 0
                    && self.wanted[last - 1] == letter
                    && self.letters.last() == Some(&self.wanted[last]);
                if is_turned {
                    least = least.min(self.rows[length - 2][at] + 1);
                }
            }
            row[at] = least.min(FAR);
        }
        self.letters.push(letter);
        self.rows.push(row);
    }

    /// Returns whether a name with this prefix may still be close enough; two letters may still be
    /// swapped.
    fn can_go_on(&self) -> bool {
        let least = |row: &DistanceRow| row.iter().copied().min().unwrap_or(FAR);
        let mut last = self.rows.iter().rev();
        last.next().is_some_and(|row| least(row) <= self.most)
            || last.next().is_some_and(|row| least(row) < self.most)
    }

    /// Returns by how many letters the whole name differs.
    fn distance(&self) -> usize {
        let at = (self.wanted.len() + MOST).checked_sub(self.letters.len());
        let last = self.rows[self.letters.len()];
        at.and_then(|at| last.get(at).copied()).unwrap_or(FAR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns all names of up to so many letters out of a few, and some more.
    fn names() -> Vec<String> {
        let mut names = vec![String::new()];
        let mut from = 0;
        for _ in 0..6 {
            let to = names.len();
            for at in from..to {
                for letter in ['a', 'b', '_', 'é'] {
                    let name = format!("{}{letter}", names[at]);
                    if names.len() < 1_500 {
                        names.push(name);
                    }
                }
            }
            from = to;
        }
        names.extend(
            ["message_text", "massage_text", "mesage_txt", "emssage_text"].map(str::to_owned),
        );
        names.extend(
            names
                .clone()
                .iter()
                .step_by(3)
                .map(|name| format!("{name}message")),
        );
        names
    }

    #[test]
    fn the_same_name_is_found_as_by_a_comparison_with_each() {
        let all = names();
        let (own, others): (Vec<_>, Vec<_>) =
            all.iter().enumerate().partition(|(at, _)| at % 5 == 0);
        let own: BTreeSet<&str> = own.iter().map(|(_, name)| name.as_str()).collect();
        let set: NameSet<'_> = own.iter().copied().collect();
        let mut found = 0;
        for (_, name) in others {
            for most in 0..=MOST {
                let by_each = own
                    .iter()
                    .find(|own| strsim::osa_distance(own, name) <= most);
                let within = first_within(&own, name, most, |_| true);
                assert_eq!(within, by_each, "{name} {most}");
            }
            let by_each = own.iter().copied().find(|own| is_slip(own, name));
            assert_eq!(set.slipped(name), by_each, "{name}");
            found += usize::from(by_each.is_some());
        }
        assert!(found > 100, "{found}");
    }

    #[test]
    fn twice_the_names_are_not_twice_the_comparisons() {
        let read = |count: usize| {
            let names: BTreeSet<String> = (0..count).map(|n| format!("{n:06}_field")).collect();
            let wanted: Vec<char> = "other_of_000007".chars().collect();
            let mut begun = Begun::new(&wanted, MOST);
            assert_eq!(first_of(&names, &mut begun, |_| true), None);
            begun.read
        };
        // Those that begin with the same three letters are passed over at once.
        assert!((1..=10).contains(&read(1_000)), "{}", read(1_000));
        assert!(read(20_000) <= 10 * 20, "{}", read(20_000));
        let all = read(100_000);
        assert!(all <= 10 * 100, "{all}");
    }
}

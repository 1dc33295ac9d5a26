//! Suggestions for wrong names, and lists of the names that exist.
//!
//! Many errors and many names must not cost the product of both: [`Suggestions`] stop after a
//! limit of work, and [`list`] after a number of names.

/// How many pairs of letters are compared for all errors of a report: enough for some hundred
/// wrong names among a thousand right ones.
const MOST_COMPARED: usize = 30_000_000;

/// How many pairs of letters are compared for one pair of names: a longer name is not a typing
/// error.
const MOST_OF_A_PAIR: usize = 1_000_000;

/// How many names a message lists.
const MOST_LISTED: usize = 40;

/// Finds suggestions within a limit of work; errors beyond it have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// How many pairs of letters were compared.
    compared: usize,
}

impl Suggestions {
    /// Adds the work of others.
    pub fn add(&mut self, other: &Suggestions) {
        self.compared = self.compared.saturating_add(other.compared);
    }

    /// Returns the candidate that a name was most likely meant to be, the first of several.
    pub fn nearest<'c>(
        &mut self,
        name: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let wrong = Wrong::new(name);
        let mut is_within = true;
        let affordable = candidates.into_iter().take_while(|candidate| {
            self.compared = self.compared.saturating_add(wrong.work(candidate));
            is_within = self.compared <= MOST_COMPARED;
            is_within
        });
        // The best of some candidates is not the best of all.
        wrong.nearest(affordable).filter(|_| is_within)
    }
}

/// Returns the candidate that a name was most likely meant to be, the first of several; for
/// candidates that are few in any project.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    Wrong::new(name).nearest(candidates.into_iter())
}

/// Lists names for a message, of many only the first.
pub fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let mut list = names
        .by_ref()
        .take(MOST_LISTED)
        .collect::<Vec<_>>()
        .join(", ");
    if names.next().is_some() {
        list.push_str(", …");
    }
    list
}

/// Returns the sentence that lists the names of a kind, or that there are none.
pub fn those<'n>(what: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    match list(names) {
        list if list.is_empty() => format!("there are no {what}"),
        list => format!("the {what} are: {list}"),
    }
}

/// A wrong name.
struct Wrong {
    lower: String,
    length: usize,
}

impl Wrong {
    fn new(name: &str) -> Wrong {
        Wrong {
            lower: name.to_lowercase(),
            length: name.chars().count(),
        }
    }

    /// Returns by how many letters a suggestion may differ.
    fn most(&self) -> usize {
        // One typing error for four letters; never all letters, or `to` would suggest `id`.
        (1 + self.length / 4).min(self.length.saturating_sub(1))
    }

    /// Returns whether a name's length alone does not rule it out.
    fn is_comparable(&self, candidate: &str) -> bool {
        // A character has at most four bytes.
        candidate.len() <= 4 * (self.length + self.most())
            // The distance takes time and memory with the product of both lengths.
            && self.lower.len().saturating_mul(candidate.len()) <= MOST_OF_A_PAIR
            && candidate.chars().count().abs_diff(self.length) <= self.most()
    }

    /// Returns how many pairs of letters are compared with a candidate, at least one.
    fn work(&self, candidate: &str) -> usize {
        if self.is_comparable(candidate) {
            1 + self.lower.len() * candidate.len()
        } else {
            1 + candidate.len().min(4 * self.length) / 16
        }
    }

    fn nearest<'c>(&self, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
        let comparable = candidates.filter(|candidate| self.is_comparable(candidate));
        let near = comparable.filter_map(|candidate| {
            // A swap of two neighbours is one error (Damerau); by Levenshtein it would count as
            // two.
            let distance = strsim::damerau_levenshtein(&self.lower, &candidate.to_lowercase());
            (distance <= self.most()).then_some((distance, candidate))
        });
        near.min_by_key(|&(distance, _)| distance)
            .map(|(_, candidate)| candidate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_first_of_those_that_differ_least() {
        for (name, meant) in [
            ("titel", Some("title")),
            ("TITLE", Some("title")),
            ("tite", Some("title")),
            ("tilte", Some("title")),
            ("path", None),
            ("t", None),
            ("", None),
            ("descripton", Some("description")),
        ] {
            let names = ["title", "tittle", "description"];
            assert_eq!(nearest(name, names), meant, "{name}");
            assert_eq!(Suggestions::default().nearest(name, names), meant, "{name}");
        }
    }

    #[test]
    fn twice_the_faults_beside_twice_the_names_are_not_four_times_the_work() {
        let names: Vec<String> = (0..20_000).map(|number| format!("name-{number}")).collect();
        let mut suggestions = Suggestions::default();
        let mut looked = 0;
        for name in &names {
            let counted = names.iter().map(|candidate| {
                looked += 1;
                candidate.as_str()
            });
            suggestions.nearest(&format!("{name}x"), counted);
        }
        assert!(looked < 1_000_000, "{looked}");
    }

    #[test]
    fn names_of_a_megabyte_are_compared_with_none() {
        let long = "a".repeat(1 << 20);
        let other = "b".repeat(1 << 20);
        let wrong = Wrong::new(&long);
        assert!(wrong.work(&other) <= 1 << 18, "{}", wrong.work(&other));
        assert!(!wrong.is_comparable(&other));
        // Such names use none of the work of others.
        let mut suggestions = Suggestions::default();
        for _ in 0..50 {
            let name = "a".repeat(6_000);
            let other = "b".repeat(6_000);
            assert_eq!(suggestions.nearest(&name, [other.as_str()]), None);
        }
        assert_eq!(suggestions.nearest("titel", ["title"]), Some("title"));
    }

    #[test]
    fn what_is_not_compared_with_all_has_no_suggestion() {
        let mut suggestions = Suggestions {
            compared: MOST_COMPARED - 40,
        };
        let names = ["tittle", "title"];
        assert_eq!(suggestions.nearest("titlex", names), None);
        assert_eq!(
            Suggestions::default().nearest("titlex", names),
            Some("title")
        );
    }

    #[test]
    fn a_list_of_many_names_ends() {
        let names: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
        assert!(list(names.iter().map(String::as_str)).ends_with("38, 39, …"));
        assert_eq!(list(["a", "b"]), "a, b");
        assert_eq!(list([]), "");
        assert_eq!(those("pages", ["a", "b"]), "the pages are: a, b");
        assert_eq!(those("pages", []), "there are no pages");
    }
}

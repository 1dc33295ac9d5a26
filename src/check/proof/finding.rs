//! Findings of the proof, with their places as pointers into the page as written.

use std::fmt;

use crate::input::diagnostic::Severity;
use crate::input::explain::Code;

/// A JSON pointer (RFC 6901) into a page's file, in its long form: as if the author had written
/// `schema` for `fields` and `examples` for `example`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

/// The part of a value that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The value.
    Value,
    /// Its key, for the value as a whole.
    Key,
}

/// An error, or a probable one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its severity.
    pub severity: Severity,
    /// The kind of the error.
    pub code: Code,
    /// The place to correct.
    pub at: Pointer,
    /// The part to point at.
    pub mark: Mark,
    /// The part of the text there that the message is about.
    pub within: Option<String>,
    /// The message, with the names of the spec.
    pub message: String,
    /// The label at the place.
    pub label: String,
    /// The other place, which contradicts the first one, and its label.
    pub other: Option<(Pointer, String)>,
    /// The names of parts that no example shows, if the finding is about these.
    pub missing: Vec<String>,
    /// The possible values, if they can be listed: "the fields are: …".
    pub choice: Option<String>,
    /// The help.
    pub help: String,
}

impl Pointer {
    /// Returns the page itself.
    pub fn page() -> Pointer {
        Pointer::default()
    }

    /// Returns the pointer to a part of the value.
    #[must_use]
    pub fn to(&self, step: impl fmt::Display) -> Pointer {
        // `~` first, or the `~` of `~1` would be escaped again (RFC 6901, section 3).
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Pointer(format!("{}/{step}", self.0))
    }

    /// Returns the pointer to the parent of the value; the page is its own parent.
    #[must_use]
    pub fn above(&self) -> Pointer {
        let above = self.0.rsplit_once('/').map_or("", |(above, _)| above);
        Pointer::from(above)
    }

    /// Appends another pointer, given as text.
    #[must_use]
    pub fn below(&self, rest: &str) -> Pointer {
        Pointer(format!("{}{rest}", self.0))
    }

    /// Returns its steps, unescaped.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        let steps = self.0.split('/').skip(1);
        // In the other order `~01` would become `/` (RFC 6901, section 4).
        steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns whether another pointer leads to the same value or into it.
    pub fn holds(&self, other: &Pointer) -> bool {
        let rest = other.0.strip_prefix(&self.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns this pointer and its parents, itself first.
    pub fn holders(&self) -> impl Iterator<Item = &str> {
        let above = self.0.rmatch_indices('/').map(|(at, _)| &self.0[..at]);
        std::iter::once(self.as_str()).chain(above)
    }

    /// Returns its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pointer {
    fn from(text: &str) -> Pointer {
        Pointer(text.to_owned())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Finding {
    /// Creates an error at a value.
    pub fn error(code: Code, at: Pointer, message: impl Into<String>) -> Finding {
        Finding {
            severity: Severity::Error,
            code,
            at,
            mark: Mark::Value,
            within: None,
            message: message.into(),
            label: String::new(),
            other: None,
            missing: Vec::new(),
            choice: None,
            help: String::new(),
        }
    }

    /// Creates a warning at a key.
    pub fn warning(code: Code, at: Pointer, message: impl Into<String>) -> Finding {
        Finding {
            severity: Severity::Warning,
            mark: Mark::Key,
            ..Finding::error(code, at, message)
        }
    }

    /// Points at the key instead of the value.
    #[must_use]
    pub fn at_key(self) -> Finding {
        Finding {
            mark: Mark::Key,
            ..self
        }
    }

    /// Points at a part of the text.
    #[must_use]
    pub fn within(self, part: impl Into<String>) -> Finding {
        Finding {
            within: Some(part.into()),
            ..self
        }
    }

    /// Sets the label of the place.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Finding {
        Finding {
            label: label.into(),
            ..self
        }
    }

    /// Adds the other place.
    #[must_use]
    pub fn and(self, at: Pointer, text: impl Into<String>) -> Finding {
        Finding {
            other: Some((at, text.into())),
            ..self
        }
    }

    /// Sets the names of parts that no example shows.
    #[must_use]
    pub fn missing(self, missing: Vec<String>) -> Finding {
        Finding { missing, ..self }
    }

    /// Sets the possible values.
    #[must_use]
    pub fn choice(self, choice: impl Into<String>) -> Finding {
        Finding {
            choice: Some(choice.into()),
            ..self
        }
    }

    /// Sets the help.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Finding {
        Finding {
            help: help.into(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_keeps_its_steps() {
        let pointer = Pointer::page().to("a/b").to("~").to(0);
        assert_eq!(pointer.as_str(), "/a~1b/~0/0");
        assert_eq!(pointer.steps().collect::<Vec<_>>(), ["a/b", "~", "0"]);
        assert!(Pointer::from("/a").holds(&"/a/b".into()));
        assert!(!Pointer::from("/a").holds(&"/ab".into()));
    }

    #[test]
    fn a_pointer_is_held_by_itself_and_by_all_above_it() {
        for text in ["", "/", "/a", "/a/b~1c/0", "a/b", "//"] {
            let pointer = Pointer::from(text);
            let prefixes = (0..=text.len()).rev().map(|end| &text[..end]);
            let held: Vec<_> = prefixes
                .filter(|above| Pointer::from(*above).holds(&pointer))
                .collect();
            assert_eq!(pointer.holders().collect::<Vec<_>>(), held, "{text}");
        }
    }
}

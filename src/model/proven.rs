//! The part of the model that holds the results of the proof of a page's examples.

/// What was proven about a page, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// The number of examples that were checked against their schemas: parameters, headers, bodies,
    /// streams.
    pub examples: usize,
    /// The number of documented fields, parameters and headers.
    pub fields: usize,
    /// The number of them that an example shows.
    pub fields_shown: usize,
    /// The number of documented events.
    pub events: usize,
    /// The number of them that an example shows.
    pub events_shown: usize,
    /// What could not be proven.
    pub unproven: Vec<Unproven>,
    /// Findings that the author waived.
    pub waived: Vec<Waived>,
}

/// Something that could not be proven, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// A JSON pointer into the page's file, in its long form.
    pub at: String,
    /// Why, in a few words.
    pub why: String,
}

/// A finding that the author waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The name of its kind.
    pub code: &'static str,
    /// A JSON pointer into the page's file, in its long form.
    pub at: String,
    /// What was found.
    pub message: String,
    /// Why it is no error, in the author's words.
    pub reason: String,
}

/// A name in prose that resembles one of the project's, and that the author waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaivedName {
    /// The name.
    pub name: String,
    /// What was found.
    pub message: String,
    /// What it is, in the author's words.
    pub reason: String,
}

//! The part of the model that says what of a page's examples was proven.

/// What was proven of a page, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// How many examples were held to what describes them: parameters, headers, bodies, streams.
    pub examples: usize,
    /// How many fields, parameters and headers are documented.
    pub fields: usize,
    /// How many of them an example shows.
    pub fields_shown: usize,
    /// How many events are documented.
    pub events: usize,
    /// How many of them an example shows.
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
    /// Why it is no fault, in the author's words.
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

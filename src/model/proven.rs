//! The part of the model for the results of the proof of a page's examples.

/// The proven and unproven facts about a page.
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
    /// The facts that could not be proven.
    pub unproven: Vec<Unproven>,
    /// Findings that the author waived.
    pub waived: Vec<Waived>,
}

/// A fact that could not be proven, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// A JSON pointer into the page's file, in its long form.
    pub at: String,
    /// The reason, in a few words.
    pub why: String,
}

/// A finding that the author waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// The name of its kind.
    pub code: &'static str,
    /// A JSON pointer into the page's file, in its long form.
    pub at: String,
    /// The message of the finding.
    pub message: String,
    /// The reason why it is no error, in the author's words.
    pub reason: String,
}

/// A name in prose that resembles one of the project's, and that the author waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaivedName {
    /// The name.
    pub name: String,
    /// The message of the finding.
    pub message: String,
    /// The meaning of the name, in the author's words.
    pub reason: String,
}

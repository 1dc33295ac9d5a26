//! The kinds of faults that we find: a stable name each, and what `botdocs explain` says of it.

// A macro, so that a code without its page does not compile, and no list can lack one.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every kind, by name.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The stable name, in kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it means, in Markdown: a heading, words, a wrong and a right example.
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("explain/", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    /// The file's bytes are not UTF-8 text.
    InvalidUtf8 = "invalid-utf8",
    /// A character that no file may hold: NUL, or one that we use ourselves.
    ReservedCharacter = "reserved-character",
    /// The file is not YAML.
    InvalidYaml = "invalid-yaml",
    /// The file is more than we read: too large, too deep, too many aliases.
    InputTooLarge = "input-too-large",
    /// Two equal keys in one map.
    DuplicateKey = "duplicate-key",
    /// A key that is no word.
    InvalidKey = "invalid-key",
    /// A `{{ name }}` that YAML reads as a map.
    UnquotedVariable = "unquoted-variable",
    /// A number, or what looks like one, that JSON writes otherwise.
    InvalidNumber = "invalid-number",
    /// `True`, `yes` and the like where `true` is meant.
    InvalidBoolean = "invalid-boolean",
    /// A value that ends at a ` #`, which may not be meant as a comment.
    LostText = "lost-text",
    /// A tag, such as `!secret`.
    UnknownTag = "unknown-tag",
    /// A key that the format does not have here.
    UnknownKey = "unknown-key",
    /// A key that must be there.
    MissingKey = "missing-key",
    /// A value of another kind than the format has here.
    WrongType = "wrong-type",
    /// A word out of a fixed list that is not on it.
    UnknownValue = "unknown-value",
    /// Two keys that exclude each other.
    ConflictingKeys = "conflicting-keys",
    /// A list or map that must hold something.
    EmptyValue = "empty-value",
    /// A value that is of the right kind, but not right.
    InvalidValue = "invalid-value",
    /// An ID, a page's name or an anchor that is not safe.
    InvalidId = "invalid-id",
    /// Two things with one ID or name.
    DuplicateId = "duplicate-id",
    /// Two anchors of one page that are the same.
    AnchorCollision = "anchor-collision",
    /// `{{ name }}` with a name that no variable has.
    UnknownVariable = "unknown-variable",
    /// Something else than a name between double braces.
    InvalidVariable = "invalid-variable",
    /// A variable where it could not arrive intact.
    VariableNotAllowed = "variable-not-allowed",
    /// A value that a variable may not have.
    InvalidVariableValue = "invalid-variable-value",
    /// A pattern that is no regular expression of Rust and JavaScript alike.
    InvalidPattern = "invalid-pattern",
    /// `$ref` to a schema that is not there.
    UnknownReference = "unknown-reference",
    /// `$ref`s that lead back to where they began.
    CyclicReference = "cyclic-reference",
    /// A page that is not there.
    UnknownPage = "unknown-page",
    /// A link to a page, anchor or file that is not there.
    DeadLink = "dead-link",
    /// A link whose scheme is not allowed.
    UnsafeLink = "unsafe-link",
    /// An accent that could not be read on the style sheet's grounds.
    LowContrast = "low-contrast",
    /// A drawing that can run a script.
    ActiveDrawing = "active-drawing",
    /// A heading that skips a level, or stands too high.
    HeadingLevel = "heading-level",
    /// An image without a text for those who don't see it.
    MissingAltText = "missing-alt-text",
    /// A fence that goes on to the end of the text.
    OpenFence = "open-fence",
    /// A fence whose language has no syntax here.
    UnknownLanguage = "unknown-language",
    /// Code that is too long or too odd to highlight.
    NotHighlighted = "not-highlighted",
    /// A value that looks like a live key.
    LiveSecret = "live-secret",
    /// A waiver that waives nothing.
    UnusedWaiver = "unused-waiver",
    /// Braces in a path and path parameters that don't belong together.
    PathParameter = "path-parameter",
    /// An example without an endpoint's other examples to belong to.
    UnmatchedExample = "unmatched-example",
    /// An event of a stream example that is not documented.
    UnknownEvent = "unknown-event",
    /// A value of an example that is of another type than its schema says.
    ExampleType = "example-type",
    /// A value of an example that is out of its enum, its limits, or its format.
    ExampleValue = "example-value",
    /// An example without a field that must be there.
    MissingField = "missing-field",
    /// A key of an example that is not documented.
    UndocumentedField = "undocumented-field",
    /// An example that fits none of `oneOf`, or several.
    NoAlternative = "no-alternative",
    /// A required field, or a value of an enum, that no example shows.
    NotShown = "not-shown",
    /// A stream's example that a client does not read as it is meant.
    StreamSyntax = "stream-syntax",
    /// An event that a client would take for another, or for none.
    UnmatchedEvent = "unmatched-event",
    /// Events in another order, or another number of times, than is described.
    StreamOrder = "stream-order",
    /// A stream that does not end, or goes on after its end.
    StreamEnd = "stream-end",
    /// Pieces that don't join into the response.
    StreamJoin = "stream-join",
    /// A value of a stream that is not the response's.
    StreamEquals = "stream-equals",
    /// A name in the prose that looks like one of the page's but is none.
    UnknownName = "unknown-name",
    /// Two placeholders for one thing.
    TwoPlaceholders = "two-placeholders",
    /// A bot names an endpoint that no page has.
    UnknownEndpoint = "unknown-endpoint",
    /// A line of a CSV list that its header does not fit.
    InvalidCsv = "invalid-csv",
    /// A line of a JSON Lines list that is no JSON.
    InvalidJson = "invalid-json",
    /// Two endpoints with one method and path.
    DuplicateEndpoint = "duplicate-endpoint",
    /// A page that the navigation does not name.
    UnlistedPage = "unlisted-page",
    /// A redirect that leads nowhere, in circles, or from a place that exists.
    InvalidRedirect = "invalid-redirect",
    /// A file that is no file: a link, a pipe, a device.
    NotAFile = "not-a-file",
    /// A folder or file that must be there.
    MissingInput = "missing-input",
    /// A page whose file has another ending than ours.
    MisnamedFile = "misnamed-file",
    /// A file that cannot be read.
    UnreadableFile = "unreadable-file",
    /// A template that is not right.
    InvalidTemplate = "invalid-template",
    /// A value where escaping can't make it safe.
    UnsafeMarkup = "unsafe-markup",
    /// Something that the policy of the page keeps browsers from doing.
    RefusedByPolicy = "refused-by-policy",
    /// A template that no page uses.
    UnusedFile = "unused-file",
    /// A file of messages that can't be read, or that asks for what there is not.
    InvalidMessages = "invalid-messages",
    /// Words of pages that a language lacks.
    MissingMessages = "missing-messages",
    /// A message that no page uses.
    UnusedMessage = "unused-message",
    /// A file of the theme that was made for another version of it.
    OldTheme = "old-theme",
    /// A template that does more with a bot's value than to print it.
    SlowTemplate = "slow-template",
}

impl Code {
    /// What it means, in a line.
    pub fn title(self) -> &'static str {
        self.explanation()
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("# ")
    }

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

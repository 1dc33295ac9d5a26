//! The kinds of diagnostics: a stable name each, and its page of `botdocs explain`.

// A macro, so that a code without its page does not compile, and no list is incomplete.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A kind of diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// All kinds, in the order in which `botdocs explain` lists them.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// Returns the stable name, in kebab-case.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Returns the explanation in Markdown: a heading, text, a wrong and a right example.
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
    /// A character that no file may contain: NUL, or one that botdocs uses itself.
    ReservedCharacter = "reserved-character",
    /// What Git leaves in a file that it could not merge.
    MergeConflict = "merge-conflict",
    /// The file is not YAML.
    InvalidYaml = "invalid-yaml",
    /// The file exceeds a limit: too large, too deep, too many aliases.
    InputTooLarge = "input-too-large",
    /// Two equal keys in one map.
    DuplicateKey = "duplicate-key",
    /// A key that is not text.
    InvalidKey = "invalid-key",
    /// A `{{ name }}` that YAML reads as a map.
    UnquotedVariable = "unquoted-variable",
    /// A number, or what looks like one, that is not a JSON number.
    InvalidNumber = "invalid-number",
    /// `True`, `yes` and the like in place of `true`.
    InvalidBoolean = "invalid-boolean",
    /// Text that no page shows: a value that ends at a ` #`, or a cell beyond a table's head.
    LostText = "lost-text",
    /// A tag, such as `!secret`.
    UnknownTag = "unknown-tag",
    /// A key that the format does not define here.
    UnknownKey = "unknown-key",
    /// A required key is missing.
    MissingKey = "missing-key",
    /// A value of another type than the format requires.
    WrongType = "wrong-type",
    /// A word that is not in its fixed list.
    UnknownValue = "unknown-value",
    /// Two keys that exclude each other.
    ConflictingKeys = "conflicting-keys",
    /// A list or map that must not be empty.
    EmptyValue = "empty-value",
    /// A value of the right type that is not valid.
    InvalidValue = "invalid-value",
    /// An ID, a page's name or an anchor that is not safe.
    InvalidId = "invalid-id",
    /// Two things with one ID or name.
    DuplicateId = "duplicate-id",
    /// Two equal anchors of one page.
    AnchorCollision = "anchor-collision",
    /// `{{ name }}` with the name of no variable.
    UnknownVariable = "unknown-variable",
    /// Something else than a name between double braces.
    InvalidVariable = "invalid-variable",
    /// A variable where it could not arrive intact.
    VariableNotAllowed = "variable-not-allowed",
    /// A value that a variable does not accept.
    InvalidVariableValue = "invalid-variable-value",
    /// A pattern that is not a regular expression of both Rust and JavaScript.
    InvalidPattern = "invalid-pattern",
    /// `$ref` to an unknown schema.
    UnknownReference = "unknown-reference",
    /// `$ref`s that form a circle.
    CyclicReference = "cyclic-reference",
    /// An unknown page.
    UnknownPage = "unknown-page",
    /// A link to a page, anchor or file that does not exist.
    DeadLink = "dead-link",
    /// A link from a published text to an internal page or endpoint.
    InternalLink = "internal-link",
    /// A link whose scheme is not allowed.
    UnsafeLink = "unsafe-link",
    /// An accent that is not legible on the backgrounds of the style sheet.
    LowContrast = "low-contrast",
    /// A drawing that can run a script.
    ActiveDrawing = "active-drawing",
    /// A heading that skips a level, or has too high a level.
    HeadingLevel = "heading-level",
    /// An image without an alternative text.
    MissingAltText = "missing-alt-text",
    /// A construct of another Markdown dialect, which a page would show as text.
    UnknownMarkup = "unknown-markup",
    /// A fence that goes on to the end of the text.
    OpenFence = "open-fence",
    /// A fence whose language has no syntax here.
    UnknownLanguage = "unknown-language",
    /// Code that is too long or too odd to highlight.
    NotHighlighted = "not-highlighted",
    /// A value that looks like a live key.
    LiveSecret = "live-secret",
    /// A waiver that matches nothing.
    UnusedWaiver = "unused-waiver",
    /// Braces in a path and path parameters that do not match.
    PathParameter = "path-parameter",
    /// An example without a counterpart among the endpoint's other examples.
    UnmatchedExample = "unmatched-example",
    /// An event of a stream example that is not documented.
    UnknownEvent = "unknown-event",
    /// A value of an example with another type than its schema specifies.
    ExampleType = "example-type",
    /// A value of an example that violates its enum, its limits, or its format.
    ExampleValue = "example-value",
    /// An example without a required field.
    MissingField = "missing-field",
    /// A key of an example that is not documented.
    UndocumentedField = "undocumented-field",
    /// An example that matches none of `oneOf`, or several.
    NoAlternative = "no-alternative",
    /// A required field, or a value of an enum, that no example shows.
    NotShown = "not-shown",
    /// A stream's example that clients parse differently than intended.
    StreamSyntax = "stream-syntax",
    /// An event that clients would recognise as another, or as none.
    UnmatchedEvent = "unmatched-event",
    /// Events in another order, or another number of times, than documented.
    StreamOrder = "stream-order",
    /// A stream that does not end, or goes on after its end.
    StreamEnd = "stream-end",
    /// Pieces that don't join into the response.
    StreamJoin = "stream-join",
    /// A value of a stream that differs from the response.
    StreamEquals = "stream-equals",
    /// A name in the prose that looks like one of the page's but is not documented.
    UnknownName = "unknown-name",
    /// Two placeholders for one thing.
    TwoPlaceholders = "two-placeholders",
    /// A bot names an endpoint that no page has.
    UnknownEndpoint = "unknown-endpoint",
    /// A line of a CSV list that does not match its header.
    InvalidCsv = "invalid-csv",
    /// A line of a JSON Lines list that is not JSON.
    InvalidJson = "invalid-json",
    /// Two endpoints with one method and path.
    DuplicateEndpoint = "duplicate-endpoint",
    /// A page that the navigation does not name.
    UnlistedPage = "unlisted-page",
    /// A redirect that leads nowhere, in circles, or from a place that exists.
    InvalidRedirect = "invalid-redirect",
    /// A link, a pipe or a device in place of a file.
    NotAFile = "not-a-file",
    /// A required folder or file does not exist.
    MissingInput = "missing-input",
    /// A page whose file has another extension than the format's.
    MisnamedFile = "misnamed-file",
    /// A file that cannot be read.
    UnreadableFile = "unreadable-file",
    /// A template with an error.
    InvalidTemplate = "invalid-template",
    /// A value where escaping can't make it safe.
    UnsafeMarkup = "unsafe-markup",
    /// Markup that the content security policy of the page blocks.
    RefusedByPolicy = "refused-by-policy",
    /// A template that no page uses.
    UnusedFile = "unused-file",
    /// A file of messages that can't be parsed, or that uses what does not exist.
    InvalidMessages = "invalid-messages",
    /// Messages of pages that are missing in a language.
    MissingMessages = "missing-messages",
    /// A message that no page uses.
    UnusedMessage = "unused-message",
    /// A file of the theme that was copied from another version of it.
    OldTheme = "old-theme",
    /// A template that inspects a bot's value instead of only printing it.
    SlowTemplate = "slow-template",
}

impl Code {
    /// Returns the explanation's heading.
    pub fn title(self) -> &'static str {
        self.explanation()
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("# ")
    }

    /// Returns the kind of a name.
    pub fn parse(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

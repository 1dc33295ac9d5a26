//! The templates of the theme, and their errors.
//!
//! The built-in ones are in the binary; a project replaces them file by file. Every template is
//! HTML, whatever its file is called: a string is escaped so that it is safe in text and in a
//! quoted attribute, and only a value whose type is [`Html`](crate::rich::html::Html) is printed
//! unchanged. Escaping can't be switched off: the filter `safe` and its relatives are removed.

mod addresses;
mod blocks;
mod depth;
mod growth;
mod guard;
mod limit;
mod looks;
mod operations;
mod quoted;
mod script;
mod watched;
mod weight;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, ValueKind};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use serde::Serialize;

use crate::hole::{Encoding, VariableId};
use crate::input::embedded;
use crate::input::explain::Code;
use crate::input::meant::nearest;
use crate::rich::messages::{ArgumentShape, ISOLATES, MessageError, Messages, Piece};

use looks::Watched;
use weight::Unwatched;

pub use addresses::{WrittenAddress, computes_assets, written};
pub use blocks::{TemplateBlocks, blocks_of};
pub use guard::{Refused, refused};
pub use looks::{Inspection, Looks};
pub use quoted::Quoted;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Filters that would let text reach the page unescaped, or hide a hole from its encodings.
// Each would turn text into HTML, or encode a hole by its marker: `tojson` would print
// `"\u{f0000}"`, which no value replaces.
const UNSAFE_FILTERS: [&str; 5] = ["safe", "escape", "e", "tojson", "urlencode"];

/// The theme's templates, compiled.
#[derive(Debug)]
pub struct Templates {
    sources: BTreeMap<String, String>,
    /// The project's own of them.
    own: BTreeSet<String>,
    environment: Environment<'static>,
    messages: Arc<Messages>,
    /// Created when the first page is watched: a project without own templates may never need it.
    watched: OnceLock<Result<Watched, Unwatched>>,
}

/// An error in a template, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// The template's file name.
    pub template: String,
    /// The bytes of its text with the error, if known.
    pub range: Option<Range<usize>>,
    /// The line, from 1, if known.
    pub line: Option<usize>,
    /// The kind of error.
    pub code: Code,
    /// The message.
    pub message: String,
    /// How to correct it.
    pub help: Option<String>,
}

impl Templates {
    /// Compiles the built-in templates and a project's own, given as name and text, which replace
    /// built-in ones of the same name; `messages` are their texts.
    pub fn new(
        own: impl IntoIterator<Item = (String, String)>,
        messages: Messages,
    ) -> Result<Templates, Vec<TemplateError>> {
        let mut sources: BTreeMap<String, String> = Templates::built_in()
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .collect();
        let own: BTreeMap<String, String> = own.into_iter().collect();
        let names = own.keys().cloned().collect();
        sources.extend(own);
        let messages = Arc::new(messages);
        let mut environment = environment(&messages);
        let mut errors = Vec::new();
        for (name, text) in &sources {
            // Both limits come before the parser: it overflows its counters of lines and columns,
            // and follows nesting down the stack. A panic would abort the program.
            if let Some(error) = limit::beyond(text, name) {
                errors.push(error);
            } else if let Some(range) = depth::beyond(text, line_blocks()) {
                errors.push(TemplateError::too_deep(range, name));
            } else if let Err(error) = environment.add_template_owned(name.clone(), text.clone()) {
                errors.push(TemplateError::new(&error, name, &sources));
            } else if BTreeSet::contains(&names, name) {
                // Tests check the built-in templates, so no command has to.
                let misplaced = guard::in_template(text, line_blocks());
                let misplaced = misplaced.into_iter();
                errors.extend(misplaced.map(|it| TemplateError::misplaced(it, name)));
            }
        }
        if errors.is_empty() {
            Ok(Templates {
                sources,
                own: names,
                environment,
                messages,
                watched: OnceLock::new(),
            })
        } else {
            Err(errors)
        }
    }

    /// Returns the built-in templates by name, in order.
    pub fn built_in() -> impl Iterator<Item = (&'static str, &'static str)> {
        embedded::texts(&BUILT_IN)
    }

    /// Returns the messages of the templates.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Returns the text of a template, to show where an error is.
    pub fn source(&self, name: &str) -> Option<&str> {
        self.sources.get(name).map(String::as_str)
    }

    /// Returns whether the project has no templates of its own.
    pub fn are_built_in(&self) -> bool {
        self.own.is_empty()
    }

    /// Converts a view to the engine's value.
    pub fn seen(view: &impl Serialize) -> Value {
        Value::from(Serde(view))
    }

    /// Renders a page: the template `name` with the fields of a view.
    ///
    /// # Errors
    /// If a template has an error.
    pub fn render(&self, name: &str, seen: &Value) -> Result<String, TemplateError> {
        // First: the engine counts no step for the items of a value that it compares or frees, so
        // lists that double would not end within its limit.
        self.weigh(name, seen)?;
        self.make(name, seen)
    }

    /// Renders a page whose values are within the limits.
    fn make(&self, name: &str, seen: &Value) -> Result<String, TemplateError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(seen))
            .map_err(|error| {
                let fault = TemplateError::new(&error, name, &self.sources);
                match innermost(&error).kind() {
                    // Only for this error, since it searches the whole view for a similar name.
                    ErrorKind::UndefinedError => fault.of_values(seen, &self.sources),
                    _ => fault,
                }
            })
    }

    /// Returns the templates in their watched form, if they have one.
    fn watched(&self) -> Result<&Watched, &Unwatched> {
        let watched = self.watched.get_or_init(|| {
            let sources = self.sources.iter();
            let sources = sources.map(|(name, text)| {
                (
                    name.as_str(),
                    text.as_str(),
                    BTreeSet::contains(&self.own, name),
                )
            });
            let watched = Watched::new(environment(&self.messages), &line_blocks(), sources);
            watched.map_err(|_| Unwatched {
                may_grow: self.may_grow(),
            })
        });
        watched.as_ref()
    }

    /// Returns the first hole or text of a page that is unsafe where a project's own templates
    /// print it; `is_url` is true for variables whose values are addresses that can't be scripts.
    pub fn misplaced(
        &self,
        name: &str,
        page: &str,
        is_url: impl Fn(VariableId) -> bool,
    ) -> Option<TemplateError> {
        if self.own.is_empty() {
            return None;
        }
        let printed = |misplaced: &guard::Misplaced| {
            let (element, attribute) = misplaced.attribute.as_ref()?;
            self.own.iter().find_map(|own| {
                let text = self.sources.get(own)?;
                let range = guard::attribute_in(text, line_blocks(), element, attribute)?;
                Some((own.as_str(), range))
            })
        };
        // On the page, not in the template, since only the page shows where macros and includes
        // print.
        if let Some(misplaced) = guard::in_page(page, is_url) {
            let printed = printed(&misplaced);
            return Some(TemplateError {
                range: printed.as_ref().map(|(_, range)| range.clone()),
                ..TemplateError::misplaced(misplaced, printed.map_or(name, |(own, _)| own))
            });
        }
        // Code that is written in a template is reported by the lint of the page's policy.
        script::scripts(page).into_iter().find_map(|misplaced| {
            let (own, range) = printed(&misplaced)?;
            Some(TemplateError {
                range: Some(range),
                ..TemplateError::misplaced(misplaced, own)
            })
        })
    }

    /// Returns a hash of everything but views that pages are rendered from.
    pub fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        let texts = self.sources.iter().flat_map(|(name, text)| [name, text]);
        for text in texts.map(String::as_str).chain(self.messages.sources()) {
            // The length keeps a text's end apart from the next text's beginning.
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize()
    }
}

/// Returns the engine without templates.
fn environment(messages: &Arc<Messages>) -> Environment<'static> {
    let mut environment = Environment::new();
    // A misspelt field must be an error, not an empty place on a page.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Whatever the name: `card.txt` included in a page is a part of it.
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(print);
    environment.set_syntax(line_blocks());
    // Errors have a place only with this.
    environment.set_debug(true);
    limit::limit(&mut environment);
    for filter in UNSAFE_FILTERS {
        environment.remove_filter(filter);
    }
    // It prints all values of a page, however deep they are.
    environment.remove_global("debug");
    let texts = Arc::clone(messages);
    environment.add_function("message", move |id: &str, arguments: Kwargs| {
        message(&texts, id, &arguments)
    });
    environment.add_function("asset", asset);
    environment
}

/// Returns the syntax: a line that holds only a block prints nothing.
fn line_blocks() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true);
    syntax.build().expect("Jinja's own delimiters are fine")
}

/// Prints a value: text escaped, `true`, `false` and `null` as in JSON; the engine prints `none`.
fn print(out: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let written = match value.kind() {
        ValueKind::Undefined => Ok(()),
        ValueKind::None => out.write_str("null"),
        ValueKind::Bool => out.write_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => write!(out, "{value}"),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            if value.is_safe() {
                out.write_str(text)
            } else {
                // The escapes of a quoted attribute are right in text too, so no template has to
                // know where it prints.
                out.write_str(&Encoding::Attribute.encode(text))
            }
        }
        // A list or a map in a page is a mistake in every case.
        kind => {
            let message = format!("a {kind} can't be printed");
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    };
    written.map_err(Error::from)
}

/// Returns the link to a static file by its path below `static/`.
fn asset(state: &State<'_, '_>, name: &str) -> Result<Value, Error> {
    let fault = |detail: String| Error::new(ErrorKind::InvalidOperation, detail);
    // The links differ from page to page, so the page's own values have them.
    let site = state.lookup("site");
    let links = site.and_then(|site| site.get_attr("assets").ok());
    let Some(links) = links.filter(|links| links.kind() == ValueKind::Map) else {
        return Err(fault(
            "a macro does not know the page; pass the link to it as an argument".to_owned(),
        ));
    };
    let link = links.get_item(&Value::from(name))?;
    if !link.is_undefined() {
        return Ok(link);
    }
    let names: Vec<Value> = links.try_iter()?.collect();
    let names = names.iter().filter_map(Value::as_str);
    Err(fault(match nearest(name, names) {
        Some(meant) => format!("no file `static/{name}`; did you mean `{meant}`?"),
        None => format!("no file `static/{name}`"),
    }))
}

/// Returns the function `message`: a message by its name, with named arguments. HTML in arguments
/// stays HTML.
fn message(messages: &Messages, id: &str, arguments: &Kwargs) -> Result<Value, Error> {
    let names: Vec<&str> = arguments.args().collect();
    let values = names.iter().map(|name| arguments.get::<Value>(name));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let shape = |value: &Value| match u64::try_from(value.clone()) {
        Ok(count) => ArgumentShape::Count(count),
        Err(_) => ArgumentShape::Opaque,
    };
    let shapes = names.iter().zip(&values);
    let shapes: Vec<_> = shapes.map(|(name, value)| (*name, shape(value))).collect();
    let pieces = messages.pieces(id, &shapes).map_err(|fault| {
        let detail = match fault {
            MessageError::Unknown => format!("unknown message `{id}`"),
            MessageError::Incomplete(reason) => format!("the message `{id}`: {reason}"),
        };
        Error::new(ErrorKind::InvalidOperation, detail)
    })?;
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => Encoding::Attribute.encode_into(&words, &mut html),
            Piece::Argument(index, is_apart) => {
                let Some(value) = values.get(index) else {
                    continue;
                };
                let [open, close] = if is_apart { ISOLATES } else { ["", ""] };
                let text = value.to_string();
                html.push_str(open);
                if value.is_safe() {
                    html.push_str(&text)
                } else {
                    Encoding::Attribute.encode_into(&text, &mut html)
                }
                html.push_str(close);
            }
        }
    }
    Ok(Value::from_safe_string(html))
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.template, self.message)
    }
}

impl std::error::Error for TemplateError {}

impl TemplateError {
    fn misplaced(misplaced: guard::Misplaced, template: &str) -> TemplateError {
        TemplateError {
            template: template.to_owned(),
            range: Some(misplaced.range),
            line: None,
            code: Code::UnsafeMarkup,
            message: misplaced.message,
            help: Some(misplaced.help.to_owned()),
        }
    }

    fn too_deep(range: Range<usize>, template: &str) -> TemplateError {
        TemplateError {
            template: template.to_owned(),
            range: Some(range),
            line: None,
            code: Code::InvalidTemplate,
            message: depth::TOO_DEEP.to_owned(),
            help: Some("put parts of it into variables by `set`, or into macros".to_owned()),
        }
    }

    /// Returns the same error, which occurs on one page only.
    pub fn of_page(mut self, path: &str) -> TemplateError {
        let _ = write!(self.message, ", on the page {path}");
        self
    }

    /// Returns the same error, of a name that is not in a view.
    fn of_values(mut self, seen: &Value, sources: &BTreeMap<String, String>) -> TemplateError {
        let text = sources.get(&self.template);
        let written = text.zip(self.range.clone());
        let meant = written.and_then(|(text, range)| meant(text.get(range)?, seen));
        let help = "docs/theme.md of botdocs lists the values of each template; `is defined` tests for one that may be missing";
        self.help = Some(match meant {
            Some(meant) => format!("did you mean `{meant}`? {help}"),
            None => help.to_owned(),
        });
        self
    }

    fn new(error: &Error, template: &str, sources: &BTreeMap<String, String>) -> TemplateError {
        let error = innermost(error);
        let template = error.name().unwrap_or(template).to_owned();
        // Its end may be within a character, as that of `ö` in `{{ größe }}`.
        let range = error.range().and_then(|range| {
            let text = sources.get(&template)?;
            Some(text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end))
        });
        let quoted = range
            .clone()
            .and_then(|range| sources.get(&template)?.get(range));
        let (message, help) = describe(error, quoted);
        TemplateError {
            template,
            range,
            line: error.line(),
            code: match error.kind() {
                ErrorKind::OutOfFuel => Code::InputTooLarge,
                _ => Code::InvalidTemplate,
            },
            message,
            help,
        }
    }
}

/// Returns the error inside an included or extended template: the outer errors only name which
/// template failed.
fn innermost(error: &Error) -> &Error {
    let mut innermost = error;
    while let Some(inner) =
        std::error::Error::source(innermost).and_then(|source| source.downcast_ref::<Error>())
    {
        innermost = inner;
    }
    innermost
}

/// Returns the name that was probably meant by one such as `page.titel`.
fn meant(written: &str, seen: &Value) -> Option<String> {
    let mut value = seen.clone();
    let mut known = String::new();
    for step in written.split('.') {
        let next = value.get_attr(step).ok()?;
        if next.is_undefined() {
            let names: Vec<Value> = value.try_iter().ok()?.collect();
            let names = names.iter().filter_map(Value::as_str);
            return Some(known + nearest(step, names)?);
        }
        known += step;
        known.push('.');
        value = next;
    }
    None
}

fn describe(error: &Error, quoted: Option<&str>) -> (String, Option<String>) {
    let detail = error.detail().map(str::to_owned);
    match (error.kind(), quoted) {
        (ErrorKind::OutOfFuel, _) => {
            let (message, help) = limit::TOO_MANY_STEPS;
            (message.to_owned(), Some(help.to_owned()))
        }
        (ErrorKind::UndefinedError, Some(quoted)) => (
            format!("`{quoted}` is not defined here"),
            Some("write `is defined` to test for a value that may be missing".to_owned()),
        ),
        (ErrorKind::UnknownFilter, _) if UNSAFE_FILTERS.iter().any(|f| quoted == Some(f)) => (
            format!("unknown filter `{}`", quoted.unwrap_or_default()),
            Some("values that are HTML already are printed as they are".to_owned()),
        ),
        (ErrorKind::InvalidOperation, Some(quoted)) if detail.is_some() => {
            (format!("`{quoted}`: {}", detail.unwrap_or_default()), None)
        }
        (kind, _) => (detail.unwrap_or_else(|| kind.to_string()), None),
    }
}

#[cfg(test)]
mod tests;

//! A page that is filled for each bot, or rendered again for a bot if its template inspects a
//! value.
//!
//! A page is rendered again from the same view, into which the values are put before the template
//! runs: `{{ x | upper }}` then prints what its author expects. Markdown and code in the view were
//! converted before, since a value must arrive there as it is: `**` in a name is no Markdown. The
//! elements and recipes for the browser stay on such pages too. So if a template inspects nothing,
//! both ways give the same bytes, and one is the oracle of the other: `--render full`.

use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ValueKind};
use serde::Serialize;

use crate::hole::variable::Variables;
use crate::hole::{Hole, Holed, Values};
use crate::input::secret;
use crate::pages::template::{Looks, TemplateError, Templates};
use crate::pages::view::RenderMode;

/// A page, for any values.
#[derive(Debug)]
pub struct Fillable {
    holed: Holed,
    looks: Looks,
    making: RenderMode,
    /// The source of the page, if it may have to be rendered again.
    source: Option<PageSource>,
    /// Texts in it that look like live keys, after the first search.
    keys: OnceLock<Vec<String>>,
    /// The variables that can change the host of an address in it, after the first search.
    deciding: OnceLock<Vec<Deciding>>,
}

/// A variable that a link can set and that can change the host of an address on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The variable's name.
    pub name: String,
    /// The text that is printed around it, if one line shows it.
    pub around: Option<String>,
}

/// The source that a page is rendered from.
#[derive(Debug)]
enum PageSource {
    /// Text with markers.
    Text(String),
    /// A template, and its view.
    Template(Arc<Templates>, &'static str, Value),
}

impl From<Holed> for Fillable {
    fn from(holed: Holed) -> Fillable {
        Fillable {
            holed,
            looks: Looks::default(),
            making: RenderMode::Fill,
            source: None,
            keys: OnceLock::new(),
            deciding: OnceLock::new(),
        }
    }
}

impl Fillable {
    /// Returns a page without a template, with markers; `names` are those of the variables.
    pub fn of_text(text: &str, names: &[&str], making: RenderMode) -> Fillable {
        Fillable {
            making,
            // Without a template nothing can inspect a value; the source is for the oracle alone.
            source: (making == RenderMode::Full).then(|| PageSource::Text(text.to_owned())),
            ..Fillable::from(Holed::cut(text, names))
        }
    }

    /// Returns the page that a template prints of a view, whose holes are for these variables.
    ///
    /// # Errors
    /// If the template has an error.
    pub fn of_view(
        templates: &Arc<Templates>,
        template: &'static str,
        view: &impl Serialize,
        variables: &Variables,
        making: RenderMode,
    ) -> Result<Fillable, TemplateError> {
        let seen = Templates::seen(view);
        // The watched form takes steps of its own for each value. The built-in templates inspect
        // values only in conditions on a whole text, which can be empty only if it is nothing but
        // holes.
        let may_look = if templates.are_built_in() {
            has_hole(&seen, is_nothing_but_holes)
        } else {
            has_hole(&seen, |_| true)
        };
        let (text, mut looks) = if may_look {
            templates.render_watched(template, &seen)?
        } else {
            (templates.render(template, &seen)?, Looks::default())
        };
        let is_url = |variable| variables.get(variable).is_url;
        // In the page, not in the template, since only the page shows what macros and includes
        // print.
        if let Some(misplaced) = templates.misplaced(template, &text, is_url) {
            return Err(misplaced);
        }
        // A variable that refuses the empty value can't change a condition on emptiness.
        let may_be_empty = |variable| variables.get(variable).refuses("").is_none();
        looks.emptiness.retain(|&variable| may_be_empty(variable));
        // The view is kept only if it is needed again: else all views would stay in memory.
        let is_kept = making == RenderMode::Full || !looks.is_empty();
        let source = is_kept.then(|| PageSource::Template(Arc::clone(templates), template, seen));
        Ok(Fillable {
            holed: Holed::cut(&text, &variables.names()),
            looks,
            making,
            source,
            keys: OnceLock::new(),
            deciding: OnceLock::new(),
        })
    }

    /// Returns the texts in it that look like live keys whatever the values are; `path` is the
    /// page's. Searches an unchanged page once.
    pub fn keys(&self, path: &str) -> &[String] {
        self.keys
            .get_or_init(|| secret::in_published(path, self.holed.literal()))
    }

    /// Returns the variables that decide in it where an address leads; searches an unchanged page
    /// once.
    pub fn deciding(&self, find: impl FnOnce() -> Vec<Deciding>) -> &[Deciding] {
        self.deciding.get_or_init(find)
    }

    /// Returns the values that its template inspects.
    pub fn looks(&self) -> &Looks {
        &self.looks
    }

    /// Returns the page with holes, for values that need no second rendering.
    pub fn holed(&self) -> &Holed {
        &self.holed
    }

    /// Returns the page with these values, if it must be rendered again for them.
    ///
    /// # Errors
    /// If its template can't print it.
    pub fn rendered_again(&self, values: &Values) -> Result<Option<String>, TemplateError> {
        match self.source_for(values) {
            None => Ok(None),
            Some(PageSource::Text(text)) => Ok(Some(values.fill_html(text))),
            Some(PageSource::Template(templates, template, seen)) => {
                let seen = filled(seen, values);
                Ok(Some(templates.render(template, &seen)?))
            }
        }
    }

    /// Returns whether the page must be rendered again for these values.
    pub fn is_rendered_again(&self, values: &Values) -> bool {
        self.source_for(values).is_some()
    }

    fn source_for(&self, values: &Values) -> Option<&PageSource> {
        let mut empty = self.looks.emptiness.iter();
        let must = self.making == RenderMode::Full
            || !self.looks.at.is_empty()
            || empty.any(|&variable| values.get(variable).is_empty());
        self.source.as_ref().filter(|_| must)
    }

    /// Appends the page with a bot's values to `out`.
    ///
    /// # Errors
    /// If its template can't print it.
    pub fn fill_into(&self, values: &Values, out: &mut Vec<u8>) -> Result<(), TemplateError> {
        match self.rendered_again(values)? {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => self.holed.fill_into(values, out),
        }
        Ok(())
    }

    /// Returns a hash of everything but the values that the page depends on; `names` are the
    /// variables' names in the project's order.
    ///
    /// A build compares it with the manifest's, and skips the files of a page that did not change.
    pub fn hash(&self, names: &[&str]) -> blake3::Hash {
        let holed = self.holed.hash(names);
        let Some(PageSource::Template(templates, _, seen)) = &self.source else {
            return holed;
        };
        if self.looks.is_empty() {
            return holed;
        }
        let mut hasher = blake3::Hasher::new();
        // Another version of botdocs may bring an engine that prints a result differently.
        hasher.update(concat!("made anew by ", env!("CARGO_PKG_VERSION")).as_bytes());
        hasher.update(holed.as_bytes());
        hasher.update(templates.hash().as_bytes());
        // The template's code is no part of the holed page, but decides what it prints of values.
        let seen = serde_json::to_vec(seen).expect("views contain only JSON values");
        hasher.update(&seen);
        hasher.finalize()
    }
}

/// Returns a view with values in place of the holes.
fn filled(seen: &Value, values: &Values) -> Value {
    match seen.kind() {
        ValueKind::String => {
            let text = seen.as_str().unwrap_or_default();
            if seen.is_safe() {
                Value::from_safe_string(values.fill_html(text))
            } else {
                Value::from(values.fill(text))
            }
        }
        ValueKind::Seq => {
            let items = seen.try_iter().into_iter().flatten();
            items.map(|item| filled(&item, values)).collect()
        }
        ValueKind::Map => {
            let keys = seen.try_iter().into_iter().flatten();
            let pairs = keys.map(|key| {
                let of_key = seen.get_item(&key).unwrap_or_default();
                (filled(&key, values), filled(&of_key, values))
            });
            Value::from_object(Fields(pairs.collect()))
        }
        _ => seen.clone(),
    }
}

/// A view's fields, in the order of their declaration, in which a template iterates over them. A
/// map of the engine would sort them.
#[derive(Debug)]
struct Fields(Vec<(Value, Value)>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let field = self.0.iter().find(|(name, _)| name == key);
        field.map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| name.clone()).collect())
    }
}

/// Returns whether a view has a hole anywhere, in a text for which `counts` holds.
fn has_hole(seen: &Value, counts: fn(&Value) -> bool) -> bool {
    let members = || seen.try_iter().into_iter().flatten();
    match seen.kind() {
        ValueKind::String => {
            let text = seen.as_str().unwrap_or_default();
            Hole::is_in(text) && counts(seen)
        }
        ValueKind::Seq => members().any(|item| has_hole(&item, counts)),
        ValueKind::Map => members().any(|key| {
            let of_key = seen.get_item(&key).unwrap_or_default();
            has_hole(&key, counts) || has_hole(&of_key, counts)
        }),
        _ => false,
    }
}

/// Returns whether a text may be empty once it is filled; HTML has an element around each value.
fn is_nothing_but_holes(text: &Value) -> bool {
    let mut characters = text.as_str().unwrap_or_default().chars();
    !text.is_safe() && characters.all(|c| Hole::from_marker(c).is_some())
}

#[cfg(test)]
mod tests;

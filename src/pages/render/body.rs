//! A page that is filled for each bot, or made anew for one where its template looks at a value.
//!
//! Made anew, a page is made of the same view, in which the values stand before its template sees
//! it: `{{ x | upper }}` is then what its author expects. What Markdown, code and addresses were
//! made of stays as it is, since there a value must arrive as it is: `**` in a name is no Markdown.
//! So where a template looks at nothing, both ways give the same bytes, which makes this one the
//! oracle of the other.

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
    /// What it is made of anew, if it ever is.
    source: Option<PageSource>,
    /// What looks like a live key in it, once that was looked for.
    keys: OnceLock<Vec<String>>,
    /// The variables that decide in it where an address leads, once they were looked for.
    deciding: OnceLock<Vec<Deciding>>,
}

/// A variable that a link may bring and that decides on a page where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The variable's name.
    pub name: String,
    /// What is printed around it, where one line shows it.
    pub around: Option<String>,
}

/// What a page is made of.
#[derive(Debug)]
enum PageSource {
    /// Text with markers.
    Text(String),
    /// A template, and what it sees.
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
    /// A page that no template makes, with markers; `names` are those of the variables.
    pub fn of_text(text: &str, names: &[&str], making: RenderMode) -> Fillable {
        Fillable {
            making,
            source: (making == RenderMode::Full).then(|| PageSource::Text(text.to_owned())),
            ..Fillable::from(Holed::cut(text, names))
        }
    }

    /// The page that a template makes of a view, whose holes are for these variables.
    ///
    /// # Errors
    /// With the template's fault.
    pub fn of_view(
        templates: &Arc<Templates>,
        template: &'static str,
        view: &impl Serialize,
        variables: &Variables,
        making: RenderMode,
    ) -> Result<Fillable, TemplateError> {
        let seen = Templates::seen(view);
        // The built-in templates look at no value, but for whether a text is empty.
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
        if let Some(misplaced) = templates.misplaced(template, &text, is_url) {
            return Err(misplaced);
        }
        let may_be_empty = |variable| variables.get(variable).refuses("").is_none();
        looks.emptiness.retain(|&variable| may_be_empty(variable));
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

    /// What looks like a live key in it whatever the values are; `path` is that of the page. A page that
    /// stays the same is looked through once.
    pub fn keys(&self, path: &str) -> &[String] {
        self.keys
            .get_or_init(|| secret::in_published(path, self.holed.literal()))
    }

    /// The variables that decide in it where an address leads, which are looked for once.
    pub fn deciding(&self, find: impl FnOnce() -> Vec<Deciding>) -> &[Deciding] {
        self.deciding.get_or_init(find)
    }

    /// What its template looks at.
    pub fn looks(&self) -> &Looks {
        &self.looks
    }

    /// The page with holes, for values with which it need not be made anew.
    pub fn holed(&self) -> &Holed {
        &self.holed
    }

    /// The page with these values, if it must be made anew for them.
    ///
    /// # Errors
    /// With the fault of a template that can't make it.
    pub fn made_anew(&self, values: &Values) -> Result<Option<String>, TemplateError> {
        match self.source_for(values) {
            None => Ok(None),
            Some(PageSource::Text(text)) => Ok(Some(values.fill_html(text))),
            Some(PageSource::Template(templates, template, seen)) => {
                let seen = filled(seen, values);
                Ok(Some(templates.render(template, &seen)?))
            }
        }
    }

    /// Whether the page must be made anew for these values.
    pub fn is_made_anew(&self, values: &Values) -> bool {
        self.source_for(values).is_some()
    }

    fn source_for(&self, values: &Values) -> Option<&PageSource> {
        let mut empty = self.looks.emptiness.iter();
        let must = self.making == RenderMode::Full
            || !self.looks.at.is_empty()
            || empty.any(|&variable| values.get(variable).is_empty());
        self.source.as_ref().filter(|_| must)
    }

    /// Writes the page with a bot's values at the end of `out`.
    ///
    /// # Errors
    /// With the fault of a template that can't make it.
    pub fn fill_into(&self, values: &Values, out: &mut Vec<u8>) -> Result<(), TemplateError> {
        match self.made_anew(values)? {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => self.holed.fill_into(values, out),
        }
        Ok(())
    }

    /// A hash of all that the page depends on beside the values; `names` are the variables' names in
    /// the project's order.
    pub fn hash(&self, names: &[&str]) -> blake3::Hash {
        let holed = self.holed.hash(names);
        let Some(PageSource::Template(templates, _, seen)) = &self.source else {
            return holed;
        };
        if self.looks.is_empty() {
            return holed;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(concat!("made anew by ", env!("CARGO_PKG_VERSION")).as_bytes());
        hasher.update(holed.as_bytes());
        hasher.update(templates.hash().as_bytes());
        let seen = serde_json::to_vec(seen).expect("views hold what JSON can say");
        hasher.update(&seen);
        hasher.finalize()
    }
}

/// What a template sees, with values in place of the holes.
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

/// A view's fields, which a template goes through in the order in which they were declared.
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

/// Whether a hole stands anywhere in what a template sees, in a text for which `counts` holds.
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

/// Whether a text may be empty once it is filled; HTML has an element around each value.
fn is_nothing_but_holes(text: &Value) -> bool {
    let mut characters = text.as_str().unwrap_or_default().chars();
    !text.is_safe() && characters.all(|c| Hole::from_marker(c).is_some())
}

#[cfg(test)]
mod tests;

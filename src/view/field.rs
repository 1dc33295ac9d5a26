//! Fields as people read them: name, type, facts, and the fields inside.

use serde::Serialize;
use serde_json::Value;

use super::{Context, count, fragment};
use crate::anchor::{self, Again, Inside, Node};
use crate::code;
use crate::html::Html;
use crate::model::{Additional, Api, Deprecated, LimitKeyword, Schema, Type};

/// How deep fields are open without a click.
const OPEN_DEPTH: usize = 2;

/// A field, parameter or header.
#[derive(Debug, Serialize)]
pub struct FieldView {
    /// Its name; none for what may stand beside the named ones.
    pub name: Option<Html>,
    /// Its `id`.
    pub anchor: String,
    /// The link to it.
    pub href: String,
    /// What it holds, such as `array of objects`.
    pub types: String,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What to use instead.
    pub instead: Option<Html>,
    /// What brought it.
    pub since: Option<Html>,
    /// What it means.
    pub description: Option<Html>,
    /// What values it takes, a few words each.
    pub facts: Vec<Html>,
    /// What is inside it.
    pub inside: InsideView,
}

/// What is inside a body, a field or an event.
#[derive(Debug, Default, Serialize)]
pub struct InsideView {
    /// A line that says what there is, for folding; empty where there is nothing.
    pub summary: String,
    /// Whether it is unfolded.
    pub open: bool,
    /// The fields.
    pub fields: Vec<FieldView>,
    /// The alternatives.
    pub variants: Vec<VariantView>,
    /// The name of the schema that this one is inside of.
    pub again: Option<Html>,
    /// The link to it.
    pub again_href: String,
}

/// One of several forms.
#[derive(Debug, Serialize)]
pub struct VariantView {
    /// What it is called.
    pub title: Html,
    /// Its `id`.
    pub anchor: String,
    /// What it is.
    pub types: String,
    /// What it means.
    pub description: Option<Html>,
    /// What values it takes.
    pub facts: Vec<Html>,
    /// Its fields.
    pub inside: InsideView,
}

/// Views of a list of fields.
pub(super) fn fields(
    context: &Context<'_>,
    api: &Api,
    nodes: &[Node<'_>],
    depth: usize,
) -> Vec<FieldView> {
    nodes
        .iter()
        .map(|node| FieldView::new(context, api, node, depth))
        .collect()
}

impl FieldView {
    fn new(context: &Context<'_>, api: &Api, node: &Node<'_>, depth: usize) -> FieldView {
        let schema = node.schema;
        let resolved = api.resolve(schema);
        let deprecated = schema.deprecated.as_ref().or(resolved.deprecated.as_ref());
        let example = node.example.map(|value| fact("example", [value]));
        FieldView {
            name: node.name.map(Html::text),
            anchor: node.anchor.clone(),
            href: fragment(&node.anchor),
            types: types(api, schema),
            required: node.required,
            deprecated: deprecated.is_some(),
            instead: deprecated.and_then(instead),
            since: schema
                .since
                .as_ref()
                .or(resolved.since.as_ref())
                .map(|since| Html::text(since)),
            description: description(context, api, schema, &node.anchor),
            facts: facts(api, schema).into_iter().chain(example).collect(),
            inside: InsideView::new(context, api, schema, &node.inside, depth + 1),
        }
    }
}

impl InsideView {
    /// What is inside `schema`; `depth` is how many fields it is inside of.
    pub(super) fn new(
        context: &Context<'_>,
        api: &Api,
        schema: &Schema,
        inside: &Inside<'_>,
        depth: usize,
    ) -> InsideView {
        let variants = inside.variants.iter().map(|variant| VariantView {
            title: Html::text(&variant.title),
            anchor: variant.anchor.clone(),
            types: types(api, variant.schema),
            description: description(context, api, variant.schema, &variant.anchor),
            facts: facts(api, variant.schema),
            inside: InsideView::new(context, api, variant.schema, &variant.inside, depth + 1),
        });
        let again = inside.again.as_ref();
        InsideView {
            summary: summary(api, schema, inside),
            open: depth <= OPEN_DEPTH,
            fields: fields(context, api, &inside.fields, depth),
            variants: variants.collect(),
            again: again.map(|Again { name, .. }| Html::text(name)),
            again_href: again
                .map(|again| fragment(&again.anchor))
                .unwrap_or_default(),
        }
    }
}

/// What to use instead of something deprecated.
pub(super) fn instead(deprecated: &Deprecated) -> Option<Html> {
    deprecated.note.as_deref().map(Html::text)
}

fn summary(api: &Api, schema: &Schema, inside: &Inside<'_>) -> String {
    let of_item = if api.resolve(schema).items.is_some() {
        " of an item"
    } else {
        ""
    };
    if !inside.variants.is_empty() {
        return format!("{}{of_item}", count(inside.variants.len(), "form"));
    }
    match inside
        .fields
        .iter()
        .filter(|field| field.name.is_some())
        .count()
    {
        0 if inside.fields.is_empty() => String::new(),
        0 => format!("Fields{of_item}"),
        number => format!("{}{of_item}", count(number, "field")),
    }
}

/// The description of a schema: what stands beside a reference, then what it refers to.
pub(super) fn description(
    context: &Context<'_>,
    api: &Api,
    schema: &Schema,
    anchor: &str,
) -> Option<Html> {
    let resolved = api.resolve(schema);
    let own = context.note(schema.description.as_ref(), anchor);
    if std::ptr::eq(resolved, schema) {
        return own;
    }
    let referred = context.note(resolved.description.as_ref(), anchor);
    match (own, referred) {
        (Some(mut own), Some(referred)) => {
            own.push(&referred);
            Some(own)
        }
        (own, referred) => own.or(referred),
    }
}

/// The type in words: `string or null`, `array of objects`.
pub(super) fn types(api: &Api, schema: &Schema) -> String {
    type_words(api, schema, false)
}

fn type_words(api: &Api, schema: &Schema, many: bool) -> String {
    let schema = api.resolve(schema);
    if schema.types.is_empty() {
        return match schema.one_of.len() {
            0 if many => "any values".to_owned(),
            0 => "any value".to_owned(),
            number => format!("one of {number} forms"),
        };
    }
    let words = schema.types.iter().map(|kind| match kind {
        Type::Array => array_words(api, schema, many),
        Type::Null => "null".to_owned(),
        Type::String if schema.format.as_deref() == Some("binary") => noun("file", many),
        kind => noun(kind.as_str(), many),
    });
    let words = words.collect::<Vec<_>>().join(" or ");
    match schema.format.as_deref() {
        None | Some("binary") => words,
        Some(format) => format!("{words} ({format})"),
    }
}

fn array_words(api: &Api, schema: &Schema, many: bool) -> String {
    let array = noun("array", many);
    match &schema.items {
        Some(items) => format!("{array} of {}", type_words(api, items, true)),
        None => array,
    }
}

fn noun(noun: &str, many: bool) -> String {
    format!("{noun}{}", if many { "s" } else { "" })
}

/// What values a schema takes, in the order in which people ask.
pub(super) fn facts(api: &Api, schema: &Schema) -> Vec<Html> {
    let own_default = schema.default.as_ref();
    let schema = api.resolve(schema);
    let mut facts = Vec::new();
    if let Some(value) = &schema.constant {
        facts.push(fact("always", [value]));
    }
    if !schema.values.is_empty() {
        facts.push(fact("one of", &schema.values));
    }
    if let Some(value) = own_default.or(schema.default.as_ref()) {
        facts.push(fact("default", [value]));
    }
    facts.extend(ranges(schema));
    if let Some(field) = &schema.discriminator {
        facts.push(words("told apart by", field));
    }
    if matches!(schema.additional, Additional::Allowed) {
        facts.push(Html::text("more fields allowed"));
    }
    if matches!(schema.additional, Additional::Forbidden) && !schema.fields.is_empty() {
        facts.push(Html::text("no other fields"));
    }
    if let Some(items) = &schema.items {
        facts.extend(self::facts(api, items).into_iter().map(|fact| {
            let mut of_item = Html::text("each item: ");
            of_item.push(&fact);
            of_item
        }));
    }
    facts
}

/// A few words and the values that they are about.
pub(super) fn fact<'a>(words: &'static str, values: impl IntoIterator<Item = &'a Value>) -> Html {
    let mut html = Html::text(words);
    for value in values {
        html.push_text(" ");
        html.element("code").text(code::json_line(value).to_text());
    }
    html
}

/// A few words and one in code.
pub(super) fn words(words: &str, code: &str) -> Html {
    let mut html = Html::text(words);
    html.push_text(" ");
    html.element("code").text(code);
    html
}

/// The limits in words: `from 0 to 2`, `at most 80 characters`.
fn ranges(schema: &Schema) -> Vec<Html> {
    use LimitKeyword as Key;
    let get = |keyword| {
        schema
            .limits
            .iter()
            .find(|l| l.keyword == keyword)
            .map(|l| &l.value)
    };
    let mut facts = Vec::new();
    match (get(Key::Minimum), get(Key::Maximum)) {
        (Some(low), Some(high)) => {
            let mut html = fact("from", [low]);
            html.push_text(" ");
            html.push(&fact("to", [high]));
            facts.push(html);
        }
        (low, high) => {
            facts.extend(low.map(|low| fact("at least", [low])));
            facts.extend(high.map(|high| fact("at most", [high])));
        }
    }
    facts.extend(get(Key::ExclusiveMinimum).map(|low| fact("more than", [low])));
    facts.extend(get(Key::ExclusiveMaximum).map(|high| fact("less than", [high])));
    facts.extend(get(Key::MultipleOf).map(|step| fact("a multiple of", [step])));
    facts.extend(length(
        get(Key::MinLength),
        get(Key::MaxLength),
        "character",
    ));
    if let Some(Value::String(pattern)) = get(Key::Pattern) {
        facts.push(words("matches", pattern));
    }
    facts.extend(length(get(Key::MinItems), get(Key::MaxItems), "item"));
    if get(Key::UniqueItems).is_some() {
        facts.push(Html::text("no two items alike"));
    }
    facts
}

/// How many of something there may be: `1 to 80 characters`.
fn length(low: Option<&Value>, high: Option<&Value>, noun: &str) -> Option<Html> {
    let plural = |value: &Value| if value.as_u64() == Some(1) { "" } else { "s" };
    let text = match (low, high) {
        (None, None) => return None,
        (Some(low), Some(high)) if low == high => format!("exactly {low} {noun}{}", plural(low)),
        (Some(low), Some(high)) => format!("{low} to {high} {noun}s"),
        (Some(low), None) => format!("at least {low} {noun}{}", plural(low)),
        (None, Some(high)) => format!("at most {high} {noun}{}", plural(high)),
    };
    Some(Html::text(&text))
}

/// An anchored node's fields where there are some; used for bodies.
pub(super) fn body_inside(
    context: &Context<'_>,
    api: &Api,
    schema: Option<&Schema>,
    outer: &str,
) -> InsideView {
    schema.map_or_else(InsideView::default, |schema| {
        InsideView::new(context, api, schema, &anchor::inside(api, schema, outer), 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Auth, AuthScheme, Field, Limit};

    fn api() -> Api {
        let scheme = AuthScheme::None;
        Api {
            intro: None,
            servers: Vec::new(),
            auth: Auth {
                scheme,
                env: None,
                description: None,
            },
            endpoints: Vec::new(),
            schemas: Vec::new(),
            sections: Vec::new(),
        }
    }

    fn of(types: &[Type]) -> Schema {
        Schema {
            types: types.to_vec(),
            ..Schema::default()
        }
    }

    fn shown(schema: &Schema) -> Vec<String> {
        facts(&api(), schema)
            .iter()
            .map(|fact| fact.as_str().to_owned())
            .collect()
    }

    fn limited(keyword: LimitKeyword, value: Value) -> Schema {
        Schema {
            limits: vec![Limit { keyword, value }],
            ..of(&[Type::String])
        }
    }

    #[test]
    fn types_read_as_words() {
        let words = |schema: &Schema| types(&api(), schema);
        assert_eq!(words(&of(&[Type::String, Type::Null])), "string or null");
        assert_eq!(words(&Schema::default()), "any value");
        let array = |items| Schema {
            items: Some(Box::new(items)),
            ..of(&[Type::Array])
        };
        assert_eq!(
            words(&array(array(of(&[Type::Number])))),
            "array of arrays of numbers"
        );
        let uuid = Schema {
            format: Some("uuid".to_owned()),
            ..of(&[Type::String])
        };
        assert_eq!(words(&uuid), "string (uuid)");
        let either = Schema {
            one_of: vec![of(&[]), of(&[])],
            ..Schema::default()
        };
        assert_eq!(words(&either), "one of 2 forms");
    }

    #[test]
    fn limits_read_as_words() {
        use LimitKeyword as Key;
        assert_eq!(
            shown(&limited(Key::MinLength, 1.into())),
            ["at least 1 character"]
        );
        assert_eq!(
            shown(&limited(Key::MaxItems, 2.into())),
            ["at most 2 items"]
        );
        assert_eq!(
            shown(&limited(Key::Maximum, 2.into())),
            ["at most <code>2</code>"]
        );
        let pattern = limited(Key::Pattern, "^<a>$".into());
        assert_eq!(shown(&pattern), ["matches <code>^&lt;a&gt;$</code>"]);
    }

    #[test]
    fn what_an_item_takes_is_said_of_the_item() {
        let items = Schema {
            values: vec!["a".into(), 1.into()],
            ..Schema::default()
        };
        let array = Schema {
            items: Some(Box::new(items)),
            ..of(&[Type::Array])
        };
        assert_eq!(
            shown(&array),
            ["each item: one of <code>\"a\"</code> <code>1</code>"]
        );
    }

    #[test]
    fn an_object_says_what_else_it_holds() {
        let field = Field {
            name: "a".to_owned(),
            required: true,
            schema: of(&[Type::String]),
            example: None,
        };
        let closed = Schema {
            fields: vec![field],
            additional: Additional::Forbidden,
            ..of(&[Type::Object])
        };
        assert_eq!(shown(&closed), ["no other fields"]);
    }
}

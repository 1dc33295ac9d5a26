//! Fields as nested lists.

use super::MarkdownWriter;
use super::block::{about, item};
use crate::model::anchor::{FieldNode, Inside, Variant};
use crate::model::wording;
use crate::model::{Api, Deprecated, Schema};
use crate::rich::phrase::Phrase;

/// The owner of fields, and the properties of fields that are mentioned there.
#[derive(Clone, Copy)]
pub(super) struct FieldOwner<'a> {
    pub(super) api: &'a Api,
    /// The message for a field that is not required.
    pub(super) loose: &'static str,
    /// Whether required fields are marked; answers mark the fields that may be missing instead.
    pub(super) marks_required: bool,
    /// The level of headings in descriptions.
    pub(super) level: u8,
}

impl<'a> FieldOwner<'a> {
    /// Returns the fields of a request.
    pub(super) fn sent(api: &'a Api, level: u8) -> FieldOwner<'a> {
        FieldOwner {
            api,
            loose: "optional",
            marks_required: true,
            level,
        }
    }

    /// Returns the fields of an answer.
    pub(super) fn received(api: &'a Api, level: u8) -> FieldOwner<'a> {
        FieldOwner {
            api,
            loose: "may-be-missing",
            marks_required: false,
            level,
        }
    }
}

impl MarkdownWriter<'_> {
    /// Writes fields as a list.
    pub(super) fn fields(self, place: FieldOwner<'_>, nodes: &[FieldNode<'_>]) -> String {
        let items = nodes.iter().map(|node| self.field(place, node));
        items.collect::<Vec<_>>().join("\n")
    }

    /// Returns a field as an item of a list.
    fn field(self, place: FieldOwner<'_>, node: &FieldNode<'_>) -> String {
        let marks = wording::Marks::of(place.api, node.schema);
        let name = match node.name {
            Some(name) => self.code(name),
            None => self.message("any-other-name", &[]),
        };
        let mut traits = vec![self.types(place.api, node.schema)];
        traits.extend(marks.title.map(|title| self.words(title)));
        match (node.required, node.name) {
            (true, _) if place.marks_required => traits.push(self.message("required", &[])),
            (false, Some(_)) => traits.push(self.message(place.loose, &[])),
            _ => {}
        }
        traits.extend(self.marked(&marks));
        let facts = wording::field_facts(self.context.messages, place.api, node);
        let subject = format!("{name} ({})", traits.join(", "));
        let mut texts: Vec<_> = self.replacement(&marks).into_iter().collect();
        texts.extend(self.meaning(place, node.schema, &node.anchor, &facts));
        texts.extend(self.again(&node.inside));
        item(&about(&subject, &texts), &self.inside(place, &node.inside))
    }

    /// Writes the inside of a body, a field or an event as a list.
    pub(super) fn inside(self, place: FieldOwner<'_>, inside: &Inside<'_>) -> String {
        let variants = inside
            .variants
            .iter()
            .map(|variant| self.variant(place, variant));
        let fields = inside.fields.iter().map(|node| self.field(place, node));
        variants.chain(fields).collect::<Vec<_>>().join("\n")
    }

    fn variant(self, place: FieldOwner<'_>, variant: &Variant<'_>) -> String {
        let facts = wording::facts(self.context.messages, place.api, variant.schema);
        let marks = wording::Marks::of(place.api, variant.schema);
        let mut traits = vec![self.types(place.api, variant.schema)];
        traits.extend(self.marked(&marks));
        let subject = format!(
            "{} ({})",
            self.words(&wording::variant(self.context.messages, variant)),
            traits.join(", ")
        );
        let mut texts: Vec<_> = self.replacement(&marks).into_iter().collect();
        texts.extend(self.meaning(place, variant.schema, &variant.anchor, &facts));
        texts.extend(self.again(&variant.inside));
        item(
            &about(&subject, &texts),
            &self.inside(place, &variant.inside),
        )
    }

    /// Returns the descriptions of a schema, and facts.
    pub(super) fn meaning(
        self,
        place: FieldOwner<'_>,
        schema: &Schema,
        anchor: &str,
        facts: &[Phrase],
    ) -> Vec<String> {
        let descriptions = wording::descriptions(place.api, schema).into_iter();
        let mut texts: Vec<_> = descriptions
            .map(|text| self.prose(text, place.level, &format!("{anchor}.")))
            .collect();
        texts.push(self.sentence(facts));
        texts
    }

    /// Returns since when something exists, and that it is deprecated.
    fn marked(self, marks: &wording::Marks<'_>) -> Vec<String> {
        let since = marks.since.map(|since| self.since(since));
        let deprecated = marks.deprecated.map(|_| self.message("deprecated", &[]));
        since.into_iter().chain(deprecated).collect()
    }

    /// Returns the replacement of what is deprecated.
    fn replacement(self, marks: &wording::Marks<'_>) -> Option<String> {
        marks.deprecated.and_then(|it| self.instead(it))
    }

    /// Returns the type of a field.
    pub(super) fn types(self, api: &Api, schema: &Schema) -> String {
        wording::types(self.context.messages, api, schema)
    }

    /// Returns the version or day that introduced something.
    pub(super) fn since(self, version: &str) -> String {
        self.message("since", &[("version", &self.words(version))])
    }

    fn again(self, inside: &Inside<'_>) -> Option<String> {
        let again = inside.again.as_ref()?;
        Some(self.message("same-again", &[("field", &self.code(again.name))]))
    }

    /// Returns the replacement of something deprecated.
    pub(super) fn instead(self, deprecated: &Deprecated) -> Option<String> {
        deprecated.note.as_deref().map(|note| self.words(note))
    }
}

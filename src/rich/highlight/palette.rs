//! The classes of a grammar's scopes.

use syntect::parsing::Scope;

use crate::rich::code::Class;

/// Scopes with classes, the narrower after the wider; no class means plain.
///
/// A scope that begins with none of these takes the class of the scope around it.
pub(super) const SCOPES: &[(&str, Option<Class>)] = {
    use Class::*;
    &[
        // Another language inside a string or a tag starts without a class.
        ("source", None),
        ("text", None),
        ("meta.interpolation", None),
        ("meta.template.expression", None),
        ("punctuation.section", None),
        ("punctuation.separator", None),
        ("comment", Some(Comment)),
        ("string", Some(String)),
        ("string.unquoted.plain", None),
        ("string.unquoted.label", Some(Key)),
        ("constant.numeric", Some(Number)),
        ("constant.other.color", Some(Number)),
        ("constant.other.date", Some(Number)),
        ("constant.other.datetime", Some(Number)),
        ("constant.other.symbol", Some(Key)),
        ("constant.language", Some(Word)),
        ("constant.nil", Some(Word)),
        ("keyword", Some(Word)),
        ("keyword.other.template", Some(String)),
        ("keyword.other.unit", Some(Number)),
        ("storage", Some(Word)),
        ("storage.type.string", Some(String)),
        ("meta.object-literal.key", Some(Key)),
        ("variable.language", Some(Word)),
        ("variable.function", Some(Function)),
        ("variable.annotation", Some(Function)),
        ("variable.other.env", Some(Key)),
        ("variable.other.php", Some(Variable)),
        ("variable.other.readwrite.instance", Some(Variable)),
        ("variable.other.readwrite.assignment.shell", Some(Variable)),
        ("variable.other.readwrite.powershell", Some(Variable)),
        ("variable.other.readwrite.shell", Some(Variable)),
        ("variable.parameter.option", Some(Key)),
        ("variable.parameter.php", Some(Variable)),
        ("punctuation.definition.variable", Some(Variable)),
        ("entity.name", Some(Type)),
        ("entity.name.function", Some(Function)),
        ("entity.name.variable", None),
        ("entity.name.tag", Some(Word)),
        ("entity.name.tag.toml", Some(Key)),
        ("entity.name.tag.yaml", Some(Key)),
        ("entity.other.inherited-class", Some(Type)),
        ("entity.other.attribute-name", Some(Key)),
        ("support.class", Some(Type)),
        ("support.function", Some(Function)),
        ("support.function.construct", Some(Word)),
        ("support.macro", Some(Function)),
        ("support.type", Some(Type)),
        ("support.type.custom-property", Some(Key)),
        ("support.type.object", None),
        ("support.type.property-name", Some(Key)),
        ("markup.inserted", Some(Added)),
        ("markup.deleted", Some(Removed)),
        ("meta.diff", Some(Comment)),
    ]
};

/// The classes of scopes, prepared for lookup.
pub(super) struct Palette(Vec<(Scope, Option<Class>)>);

impl Palette {
    pub(super) fn new() -> Palette {
        let scope = |&(name, class)| Some((Scope::new(name).ok()?, class));
        Palette(SCOPES.iter().filter_map(scope).collect())
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the class of a scope, if it has one.
    pub(super) fn class(&self, scope: Scope) -> Option<Option<Class>> {
        // From the end: narrower scopes follow the wider ones that they begin with.
        let narrowest = self
            .0
            .iter()
            .rev()
            .find(|(prefix, _)| prefix.is_prefix_of(scope));
        narrowest.map(|&(_, class)| class)
    }
}

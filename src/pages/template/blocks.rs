//! The blocks of a template, and the template that it extends.

use std::ops::Range;

use minijinja::machinery::Token;

use super::limit::tokens;
use super::line_blocks;

/// How a template is put together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateBlocks {
    /// The template that it extends, if it is written out.
    pub parent: Option<String>,
    /// Its blocks, each with the place of its name.
    pub blocks: Vec<TemplateBlock>,
    /// The first text outside of its blocks, if it extends a template, which prints none of it.
    pub outside: Option<Range<usize>>,
}

/// A block of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateBlock {
    /// Its name.
    pub name: String,
    /// The place of the name.
    pub range: Range<usize>,
    /// Whether another block of the template contains it, and so prints it.
    pub is_inner: bool,
}

/// Returns the blocks of a template.
pub fn blocks_of(text: &str) -> TemplateBlocks {
    let tokens: Vec<_> = tokens(text, line_blocks()).collect();
    let mut found = TemplateBlocks::default();
    let mut extends = false;
    // The elements around a token whose text a parent prints, or that only define a name.
    let mut open = Vec::new();
    for (at, (token, range)) in tokens.iter().enumerate() {
        let is_shown = match token {
            Token::TemplateData(data) => !data.trim().is_empty(),
            Token::VariableStart => true,
            Token::BlockStart => {
                let after = |offset: usize| tokens.get(at + offset).map(|(token, _)| token);
                match (after(1), after(2)) {
                    (Some(Token::Ident("extends")), parent) => {
                        extends = true;
                        found.parent = match parent {
                            Some(Token::Str(name)) => Some((*name).to_owned()),
                            Some(Token::String(name)) => Some(name.to_string()),
                            _ => None,
                        };
                    }
                    (Some(Token::Ident("block")), Some(Token::Ident(name))) => {
                        found.blocks.push(TemplateBlock {
                            name: (*name).to_owned(),
                            range: tokens[at + 2].1.clone(),
                            is_inner: open.contains(&"block"),
                        });
                        open.push("block");
                    }
                    (Some(Token::Ident("macro")), _) => open.push("macro"),
                    // `{% set x %}…{% endset %}`, without a value, perhaps with a filter.
                    (Some(Token::Ident("set")), _)
                        if matches!(after(3), Some(Token::BlockEnd | Token::Pipe)) =>
                    {
                        open.push("set");
                    }
                    (Some(Token::Ident("endblock" | "endmacro" | "endset")), _) => {
                        open.pop();
                    }
                    _ => {}
                }
                false
            }
            _ => false,
        };
        if is_shown && extends && open.is_empty() && found.outside.is_none() {
            let written = &text[range.clone()];
            let start = range.start + written.len() - written.trim_start().len();
            let line = text[start..].split(['\n', '\r']).next().unwrap_or_default();
            found.outside = Some(start..start + line.trim_end().len());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_what_is_outside_of_them_are_found() {
        let text = "{% extends \"a.html\" %}\n{% set x %}s{% endset %}{% set x | upper %}s{% endset %}{% set y = 1 %}\
                    {% macro m() %}t{% endmacro %}{# c #}\
                    {% block one %}<p>{% block two %}{% endblock %}{% endblock %}\n lost \n{{ x }}";
        let found = blocks_of(text);
        assert_eq!(found.parent.as_deref(), Some("a.html"));
        let names = found
            .blocks
            .iter()
            .map(|it| (it.name.as_str(), it.is_inner));
        assert_eq!(names.collect::<Vec<_>>(), [("one", false), ("two", true)]);
        assert_eq!(found.outside.map(|range| &text[range]), Some("lost"));
        assert_eq!(
            blocks_of("<p>{% block a %}{% endblock %}</p>").outside,
            None
        );
        assert_eq!(blocks_of("{% extends x %}").parent, None);
    }
}

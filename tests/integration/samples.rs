//! Samples for PowerShell, parsed by its grammar. `tests/tools/samples.rs` checks the samples of other
//! languages by their compilers and formatters.

use std::fs;

use botdocs::model::Language;
use botdocs::model::sample::quote;

use crate::support::samples::{literals, written};

#[test]
fn powershell_has_no_faults_of_grammar() {
    let (folder, names) = written(&[Language::PowerShell]);
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .unwrap();
    for name in names {
        let code = fs::read_to_string(folder.path().join(&name)).unwrap();
        let tree = parser.parse(&code, None).unwrap();
        assert!(
            !tree.root_node().has_error(),
            "{name}:\n{code}\n{}",
            tree.root_node().to_sexp()
        );
    }
    assert!(
        parser
            .parse("$a = @{ b = 'c", None)
            .unwrap()
            .root_node()
            .has_error()
    );
}

/// PowerShell's own grammar says where a string ends; between, only quotes are written twice.
#[test]
fn powershell_strings_end_where_they_should() {
    let (literals, expected) = literals(quote::powershell);
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .unwrap();
    for (literal, expected) in literals.iter().zip(expected.split('\0')) {
        let code = format!("$a = {literal}\n");
        // The grammar knows the plain quote alone; PowerShell takes typographic ones for it too.
        let tree = parser.parse(&code, None).unwrap();
        assert!(!tree.root_node().has_error(), "{code}");
        let is_quote = |c: char| matches!(c, '\'' | '‘' | '’' | '‚' | '‛');
        let inner = literal
            .strip_prefix('\'')
            .and_then(|l| l.strip_suffix('\''))
            .unwrap();
        let mut found = String::new();
        let mut characters = inner.chars();
        while let Some(character) = characters.next() {
            if is_quote(character) {
                assert!(characters.next().is_some_and(is_quote), "{literal}");
            }
            found.push(character);
        }
        assert_eq!(found, expected);
    }
}

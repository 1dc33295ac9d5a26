//! `README.md` and the documents of `docs/`, and the workflows in them.

use std::fs;

use botdocs::input::diagnostic::Report;
use botdocs::input::load::Inputs;
use botdocs::input::yaml::{Node, Value};

use super::project::{repository, tree};

/// The documents by path, with what is in them.
pub(crate) fn documents() -> Vec<(String, String)> {
    let mut documents = vec!["README.md".to_owned()];
    let found = tree(&repository().join("docs")).into_iter();
    documents.extend(
        found
            .filter(|(path, _)| path.ends_with(".md"))
            .map(|(path, _)| format!("docs/{path}")),
    );
    let read = |path: String| {
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        (path, text)
    };
    documents.into_iter().map(read).collect()
}

/// Reads YAML by our own parser.
pub(crate) fn parse(content: &str) -> Node {
    let mut inputs = Inputs::default();
    let file = inputs.sources.add("block", content);
    let mut report = Report::default();
    let node = botdocs::input::yaml::parse(&inputs.sources, file, &mut report);
    let reports = report.iter().collect::<Vec<_>>();
    assert!(reports.is_empty(), "{content}\n{reports:?}");
    node.unwrap()
}

/// The values of `run` and the items of `script` that begin with the program's name.
pub(crate) fn botdocs_commands(node: &Node, commands: &mut Vec<String>) {
    match &node.value {
        Value::String(text) if text.starts_with("botdocs ") => commands.push(text.clone()),
        Value::Sequence(items) => items
            .iter()
            .for_each(|item| botdocs_commands(item, commands)),
        Value::Mapping(entries) => {
            entries
                .iter()
                .for_each(|entry| botdocs_commands(&entry.value, commands));
        }
        _ => {}
    }
}

//! The known languages of code.

/// A language of code.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeLanguage {
    /// The name for people: `JavaScript`.
    pub title: &'static str,
    /// Its names after a fence, in lower case, separated by spaces.
    names: &'static str,
    pub(super) grammar: Grammar,
}

/// The lexer or grammar of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    Plain,
    Json,
    EventStream,
    Http,
    /// PHP has two grammars: one for pages with PHP in them, one for PHP alone.
    Php,
    /// The syntax of this name in syntect's own set.
    Own(&'static str),
    /// The syntax of this name in the larger set, if syntect's set lacks it or has an old one.
    Extra(&'static str),
}

const fn known(title: &'static str, names: &'static str, grammar: Grammar) -> CodeLanguage {
    CodeLanguage {
        title,
        names,
        grammar,
    }
}

/// Plain text comes first.
pub(super) static LANGUAGES: &[CodeLanguage] = &{
    use Grammar::*;
    [
        known("Text", "text txt plain plaintext text/plain", Plain),
        known("JSON", "json jsonc json5 jsonl ndjson", Json),
        known("Event stream", "sse event-stream eventstream", EventStream),
        known("HTTP", "http", Http),
        known("PHP", "php", Php),
        known(
            "Shell",
            "bash sh shell zsh console shell-session sh-session shellsession curl",
            Own("Bourne Again Shell (bash)"),
        ),
        known("C", "c", Own("C")),
        known("C++", "cpp c++ hpp", Own("C++")),
        known("C#", "csharp c# cs", Own("C#")),
        known("CSS", "css", Own("CSS")),
        known("CSV", "csv", Plain),
        known("Diff", "diff patch", Own("Diff")),
        // No set has a grammar for Project Fluent's messages, which translate a theme.
        known("Fluent", "ftl", Plain),
        known("Go", "go golang", Own("Go")),
        known("HTML", "html htm", Own("HTML")),
        known("Java", "java", Own("Java")),
        known(
            "JavaScript",
            "javascript js mjs cjs jsx",
            Extra("JavaScript (Babel)"),
        ),
        known("Lua", "lua", Own("Lua")),
        known("Markdown", "markdown md", Own("Markdown")),
        known("Perl", "perl pl", Own("Perl")),
        known("Python", "python py python3", Own("Python")),
        known("R", "r", Own("R")),
        known("Ruby", "ruby rb", Own("Ruby")),
        known("Rust", "rust rs", Own("Rust")),
        known("Scala", "scala", Own("Scala")),
        known("SQL", "sql", Own("SQL")),
        known("XML", "xml svg xhtml", Own("XML")),
        known("YAML", "yaml yml", Own("YAML")),
        known("Dart", "dart", Extra("Dart")),
        known("Dockerfile", "dockerfile docker", Extra("Dockerfile")),
        known("Environment", "dotenv env", Extra("DotENV")),
        known("Elixir", "elixir ex", Extra("Elixir")),
        known("GraphQL", "graphql gql", Extra("GraphQL")),
        known("Kotlin", "kotlin kt", Extra("Kotlin")),
        known("nginx", "nginx", Extra("nginx")),
        known("PowerShell", "powershell ps1 pwsh", Extra("PowerShell")),
        known(
            "Protocol Buffers",
            "protobuf proto",
            Extra("Protocol Buffer"),
        ),
        known("SCSS", "scss", Extra("SCSS")),
        known("Svelte", "svelte", Extra("Svelte")),
        known("Swift", "swift", Extra("Swift")),
        known("Terraform", "terraform hcl tf", Extra("Terraform")),
        known("TOML", "toml", Extra("TOML")),
        known("TSX", "tsx", Extra("TypeScriptReact")),
        known("TypeScript", "typescript ts mts", Extra("TypeScript")),
        known("Vue", "vue", Extra("Vue Component")),
    ]
};

/// Returns the language of plain text.
pub(super) fn plain() -> &'static CodeLanguage {
    &LANGUAGES[0]
}

/// Finds a language by one of its names, in any case; an empty name is plain text.
///
/// # Errors
/// For an unknown name, with the most similar known name, if there is one.
pub fn language(name: &str) -> Result<&'static CodeLanguage, Option<&'static str>> {
    if name.is_empty() {
        return Ok(plain());
    }
    // No known name is that long; searching a similar one would only take time.
    if name.len() > 40 {
        return Err(None);
    }
    let name = name.to_lowercase();
    let known = LANGUAGES
        .iter()
        .find(|language| language.names.split(' ').any(|known| known == name));
    known.ok_or_else(|| most_like(&name))
}

fn most_like(name: &str) -> Option<&'static str> {
    let names = LANGUAGES
        .iter()
        .flat_map(|language| language.names.split(' '));
    let (likeness, best) = names
        // Jaro-Winkler favours a common beginning, which abbreviations have (`typescr`).
        .map(|known| (strsim::jaro_winkler(name, known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (likeness > 0.8).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_unknown_ones_get_a_suggestion() {
        assert_eq!(language("JS").unwrap().title, "JavaScript");
        assert_eq!(language("").unwrap().title, "Text");
        assert_eq!(language("javscript"), Err(Some("javascript")));
        assert_eq!(language("brainfuck"), Err(None));
        assert_eq!(language("js\"><script>").map(|l| l.title), Err(None));
        assert_eq!(language(&"x".repeat(10_000)), Err(None));
    }

    #[test]
    fn no_name_stands_for_two_languages() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|l| l.names.split(' ')).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}

//! Which languages samples are shown in, and samples of the author's own.

use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::source::Span;
use crate::input::yaml::{Node, Value};
use crate::model::{Client, Language, OwnSample, SampleChoice};
use crate::rich::highlight;

use super::reader::Reader;

pub(super) const CHOICE_KEYS: &[&str] = &["language", "client", "twin"];

pub(super) const OWN_KEYS: &[&str] = &["title", "language", "stream", "code"];

/// Lowers the languages of `site.yaml`, in their order; an empty list shows none.
pub(super) fn choices(reader: &mut Reader<'_>, node: &Node) -> Vec<SampleChoice> {
    let mut choices: Vec<(SampleChoice, Span)> = Vec::new();
    for item in reader.list(node).unwrap_or_default() {
        let Some(choice) = sample_choice(reader, item) else {
            continue;
        };
        let language = choice.language;
        let known = choices.iter().find(|(other, _)| other.language == language);
        if let Some((_, first)) = known {
            let message = format!("duplicate language `{}`", language.name());
            let diagnostic = Diagnostic::error(Code::DuplicateId, item.place, message);
            let help = "remove one of the two; a language has one place";
            reader
                .report
                .push(diagnostic.and(*first, "first here").help(help));
            continue;
        }
        choices.push((choice, item.place));
    }
    let mut choices: Vec<SampleChoice> = choices.into_iter().map(|(choice, _)| choice).collect();
    if let Some(first) = choices.first_mut()
        && !has_twin(node)
    {
        first.twin = true;
    }
    choices
}

fn sample_choice(reader: &mut Reader<'_>, node: &Node) -> Option<SampleChoice> {
    let languages = Language::ALL.map(|language| (language.name(), language));
    let what = "sample language";
    if !matches!(node.value, Value::Mapping(_)) {
        let language = reader.choice(node, what, &languages)?;
        return Some(SampleChoice {
            language,
            client: Client::Usual,
            twin: false,
        });
    }
    let map = reader.map(node, "a language of samples", CHOICE_KEYS)?;
    let language = reader.require(&map, "language");
    let language = language.and_then(|node| reader.choice(node, what, &languages))?;
    let client = map.get("client").map(|node| {
        let what = format!("{} client", language.title());
        reader.choice(node, &what, &language.clients())
    });
    let twin = map.get("twin").and_then(|node| reader.boolean(node));
    Some(SampleChoice {
        language,
        client: client.flatten().unwrap_or(Client::Usual),
        twin: twin.unwrap_or(false),
    })
}

/// Lowers an endpoint's own samples.
pub(super) fn own(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<OwnSample>> {
    let items = reader.list(node)?;
    let samples = items.iter().filter_map(|item| own_sample(reader, item));
    Some(samples.collect())
}

fn own_sample(reader: &mut Reader<'_>, node: &Node) -> Option<OwnSample> {
    let map = reader.map(node, "a sample", OWN_KEYS)?;
    let title = reader
        .require(&map, "title")
        .and_then(|node| reader.text(node));
    let streams = map.get("stream").and_then(|node| reader.boolean(node));
    let language = map
        .get("language")
        .and_then(|node| Some((reader.word(node)?, node)));
    if let Some((name, node)) = language
        && highlight::language(name).is_err()
    {
        let message = format!("no highlighting for `{name}`");
        let help = "the code is shown without colours; write `text` if that is intended";
        let warning = Diagnostic::warning(Code::UnknownLanguage, node.span, message);
        reader.report.push(warning.help(help));
    }
    let node = reader.require(&map, "code")?;
    let Value::String(written) = &node.value else {
        reader.wrong_type(node, "text");
        return None;
    };
    if written.trim().is_empty() {
        reader.error(
            Code::EmptyValue,
            node.span,
            "an empty text",
            "write the code",
        );
    }
    let code = reader.resolve(node, written).text;
    // The author's own code is in any language, so no encoder fits its quotes.
    reader.only_plain_variables(&code, node.span, "code");
    Some(OwnSample {
        title: title?,
        language: language.map_or("text", |(name, _)| name).to_owned(),
        streams: streams.unwrap_or(false),
        code: code.trim_end().to_owned(),
    })
}

/// Returns whether the list sets `twin` for one of its languages.
fn has_twin(node: &Node) -> bool {
    match &node.value {
        Value::Sequence(items) => items.iter().any(|item| item.value.get("twin").is_some()),
        _ => false,
    }
}

//! The samples that pages print, and texts that are hard to quote in them.

use std::fs;
use std::path::Path;

use botdocs::check::{CheckCache, check};
use botdocs::hole::{Hole, Values, VariableId};
use botdocs::input::diagnostic::Report;
use botdocs::input::load::{FileCache, Folders, ListChoice, load};
use botdocs::model::example;
use botdocs::model::{Client, Language, Model, SampleChoice};
use botdocs::rich::messages::Messages;
use tempfile::TempDir;

use super::project::repository;

/// A sample that a page prints.
struct Printed {
    /// `say.python` or `say.python.stream`.
    name: String,
    language: Language,
    code: String,
}

/// The checked model of a project.
pub(crate) fn model(project: &Path) -> Model {
    let mut report = Report::default();
    let inputs = load(
        &Folders::of_project(project),
        &ListChoice::OfSite,
        &mut FileCache::default(),
        &mut report,
    );
    check(&inputs, &mut CheckCache::default(), &mut report).expect("the project is right")
}

/// Every sample of a project by a client, as the generic site has it.
fn printed(project: &Path, client: Client) -> Vec<Printed> {
    let model = model(project);
    let messages = Messages::new("en", []);
    let values = model.variables.placeholders();
    let usual = SampleChoice::usual().into_iter();
    let choices: Vec<SampleChoice> = usual
        .filter(|choice| {
            choice
                .language
                .row()
                .clients
                .iter()
                .any(|row| row.client == client)
        })
        .map(|choice| SampleChoice { client, ..choice })
        .collect();
    let mut all = Vec::new();
    for api in model.apis() {
        for endpoint in &api.endpoints {
            let groups = example::groups(&messages, &choices, api, endpoint);
            for pane in groups.into_iter().flat_map(|group| group.requests) {
                let stream = if pane.streams { ".stream" } else { "" };
                let samples = pane.samples.iter().filter(|sample| !sample.is_own);
                all.extend(samples.zip(&choices).map(|(sample, choice)| Printed {
                    name: format!("{}.{}{stream}", endpoint.id, sample.name),
                    language: choice.language,
                    code: values.fill(sample.code.to_text()) + "\n",
                }));
            }
        }
    }
    all
}

/// The name and the code of every sample of a project by the usual clients.
pub(crate) fn printed_samples(project: &Path) -> Vec<(String, String)> {
    let printed = printed(project, Client::Usual).into_iter();
    printed.map(|sample| (sample.name, sample.code)).collect()
}

/// The languages whose samples every test machine runs, by their names in `site.yaml`.
///
/// No registry has PowerShell; TypeScript is JavaScript with types, and its compiler takes longer
/// than all others together.
pub(crate) fn quick_languages() -> Vec<&'static str> {
    let slow = [Language::TypeScript, Language::PowerShell];
    let all = Language::ALL.into_iter();
    all.filter(|language| !slow.contains(language))
        .map(Language::name)
        .collect()
}

/// A folder with the samples of all projects in some languages, and their names.
pub(crate) fn written(languages: &[Language]) -> (TempDir, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let mut names = Vec::new();
    let streams = super::streams::project();
    let everything = repository().join("tests/golden/everything");
    let forms = super::forms::project();
    let [streams, forms] = [&streams, &forms].map(|project| project.path().to_owned());
    let projects = [repository(), everything, streams, forms];
    for (number, project) in projects.iter().enumerate() {
        for client in [Client::Usual, Client::Urllib] {
            for sample in printed(project, client) {
                if !languages.contains(&sample.language) {
                    continue;
                }
                let (_, ending) = sample.language.row().file.rsplit_once('.').unwrap();
                let name = format!("{number}-{client:?}-{}.{ending}", sample.name);
                fs::write(folder.path().join(&name), sample.code).unwrap();
                names.push(name);
            }
        }
    }
    assert!(names.len() > 10, "{languages:?}");
    (folder, names)
}

/// Texts that would end their quotes, be expanded, or be taken for something else.
pub(crate) const HOSTILE: [&str; 26] = [
    "",
    "plain",
    "it's",
    "''",
    "\"double\"",
    "a \"b\" 'c'",
    "\\",
    "a\\'b\\",
    "\\n \\u0041 \\x41",
    "$(id) `id` ${HOME} $HOME $x",
    "#{1 + 1} #$0 #@a",
    "{$x} %s %d %",
    "! history !!",
    "-n",
    "--data",
    "@file",
    "~ * ? [a] {a,b}",
    "a;b&c|d>e<f",
    "one\ntwo\n",
    "cr\rcrlf\r\ntab\t",
    "\u{1}\u{7f}\u{1b}[31m",
    "line\u{2028}para\u{2029}bom\u{feff}",
    "‘a’ ‚b‛ “c”",
    "`back` ``",
    "Zoë 猫 🐈",
    "</script><!-- ${{x}} //",
];

/// Each hostile text as a literal: written as it is, and put into a hole of a literal.
pub(crate) fn literals(quote: fn(&str) -> String) -> (Vec<String>, String) {
    literals_of(quote, &HOSTILE)
}

/// The same of these texts.
pub(crate) fn literals_of(quote: fn(&str) -> String, texts: &[&str]) -> (Vec<String>, String) {
    let hole = Hole::new(VariableId::new(0).unwrap()).marker();
    let mut literals = Vec::new();
    let mut expected = Vec::new();
    for &text in texts {
        let values = Values::new([("x".to_owned(), text.to_owned())]);
        literals.push(quote(text));
        literals.push(values.fill(&quote(&format!("a{hole}b"))));
        expected.extend([text.to_owned(), format!("a{text}b")]);
    }
    (literals, expected.join("\0"))
}

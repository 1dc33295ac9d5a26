//! The whole build in memory, in the order of the picture in the crate's documentation.

use crate::asset::Assets;
use crate::check::check;
use crate::diagnostic::{Diagnostic, Report, nearest};
use crate::explain::Code;
use crate::hole::Values;
use crate::hosting;
use crate::load::Inputs;
use crate::model::Model;
use crate::render::{Options, Page, render};
use crate::source::{FileId, Span};
use crate::spec;
use crate::template::{TemplateError, Templates};

/// A built site: pages with holes, and the files around them.
#[derive(Debug)]
pub struct Site {
    /// What it was made from.
    pub model: Model,
    /// The pages.
    pub pages: Vec<Page>,
    /// All else, by path: assets and files for hosts.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Builds the site of a project's files; reports every fault, and then gives none.
pub fn build(inputs: &Inputs, options: &Options, report: &mut Report) -> Option<Site> {
    let spec = spec::parse(inputs, report);
    let model = check(&spec, inputs, report);
    let templates = templates(inputs, report);
    let (model, templates) = (model?, templates?);
    let assets = assets(inputs);
    let options = Options {
        site_url: options.site_url.clone().or_else(|| model.site.url.clone()),
        ..options.clone()
    };
    let pages = match render(&model, &templates, &assets, &options) {
        Ok(pages) => pages,
        Err(errors) => {
            errors
                .into_iter()
                .for_each(|error| report.push(in_template(error, inputs)));
            return None;
        }
    };
    let plain = hosting::files(&pages, options.site_url.as_deref());
    let plain = plain
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()));
    let assets = assets
        .iter()
        .map(|asset| (asset.path.clone(), asset.bytes.to_vec()));
    let files = plain.chain(assets).collect();
    Some(Site {
        model,
        pages,
        files,
    })
    .filter(|_| !report.has_errors())
}

impl Site {
    /// Every file by its path, the pages' holes filled.
    pub fn fill<'a>(&'a self, values: &'a Values) -> impl Iterator<Item = (String, Vec<u8>)> + 'a {
        let pages = self.pages.iter().map(|page| {
            let mut bytes = Vec::new();
            page.body.fill_into(values, &mut bytes);
            (page.path.clone(), bytes)
        });
        pages.chain(self.files.iter().cloned())
    }
}

fn templates(inputs: &Inputs, report: &mut Report) -> Option<Templates> {
    unused_templates(inputs, report);
    let own = inputs
        .templates
        .iter()
        .map(|(name, file)| (name.clone(), inputs.sources.get(*file).text.clone()));
    match Templates::new(own) {
        Ok(templates) => Some(templates),
        Err(errors) => {
            errors
                .into_iter()
                .for_each(|error| report.push(in_template(error, inputs)));
            None
        }
    }
}

/// Warns of templates that replace no built-in one and that no other names: misspelt ones.
fn unused_templates(inputs: &Inputs, report: &mut Report) {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let built_in: Vec<(&str, &str)> = Templates::built_in().collect();
    for (name, file) in &inputs.templates {
        let others = inputs.templates.iter().filter(|(_, other)| other != file);
        let mut texts = others
            .map(|(_, other)| text(*other))
            .chain(built_in.iter().map(|&(_, text)| text));
        let quoted = [format!("\"{name}\""), format!("'{name}'")];
        let is_named = texts.any(|text| quoted.iter().any(|quoted| text.contains(quoted)));
        if is_named || built_in.iter().any(|(known, _)| known == name) {
            continue;
        }
        let start = Span::new(*file, 0..0);
        let message = format!("no page uses the template `{name}`");
        let mut diagnostic = Diagnostic::warning(Code::UnusedFile, start, message);
        let names = built_in.iter().map(|&(name, _)| name);
        if let Some(meant) = nearest(name, names.clone()) {
            diagnostic = diagnostic.label(format!("did you mean `{meant}`?"));
        }
        let names: Vec<&str> = names.collect();
        let help = format!(
            "rename it, or include it in another; the built-in templates are: {}",
            names.join(", ")
        );
        report.push(diagnostic.help(help));
    }
}

fn assets(inputs: &Inputs) -> Assets {
    let named = |files: &[crate::load::File]| {
        let pairs = files
            .iter()
            .map(|file| (file.path.clone(), file.bytes.clone()));
        pairs.collect::<Vec<_>>()
    };
    Assets::new(named(&inputs.statics), named(&inputs.files))
}

/// A template's fault in the project's own file, or by the name of a built-in one.
fn in_template(error: TemplateError, inputs: &Inputs) -> Diagnostic {
    let own = inputs
        .templates
        .iter()
        .find(|(name, _)| *name == error.template);
    let code = Code::InvalidTemplate;
    let diagnostic = match own {
        Some(&(_, file)) => {
            let text = &inputs.sources.get(file);
            let line = || error.line.map(|line| text.lines(line - 1, line - 1));
            let range = error.range.clone().or_else(line).unwrap_or(0..0);
            Diagnostic::error(code, Span::new(file, range), error.message)
        }
        None => {
            let path = format!("built-in template {}", error.template);
            Diagnostic::about_file(code, path, error.message)
        }
    };
    diagnostic.maybe_help(error.help)
}

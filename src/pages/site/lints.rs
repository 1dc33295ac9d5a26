//! Warnings about a project's own templates and static files, and the places of template errors.

use std::cmp::Ordering;

use crate::check;
use crate::hole::variable::Variables;
use crate::input::diagnostic::{Diagnostic, Report, Severity};
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::meant::nearest;
use crate::input::source::{FileId, Span};
use crate::pages::template::{self, Inspection, Quoted, TemplateError, Templates};
use crate::pages::theme;
use crate::rich::policy;

/// Warns of templates that replace no built-in one and that no other template names: their names
/// are misspelt.
pub(super) fn unused_templates(inputs: &Inputs, report: &mut Report) {
    let text = |file: FileId| inputs.sources.get(file).text.as_str();
    let built_in: Vec<(&str, &str)> = Templates::built_in().collect();
    let own = inputs.templates.iter().map(|&(_, file)| text(file));
    // Templates name each other in quotes, by `extends`, `include` and `import`.
    let quoted = Quoted::new(own.chain(built_in.iter().map(|&(_, text)| text)));
    for (number, (name, file)) in inputs.templates.iter().enumerate() {
        if quoted.has_beside(number, name) || built_in.iter().any(|(known, _)| known == name) {
            continue;
        }
        // The whole file is meant, so the place is its first byte.
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

/// Returns whether a template of the project prints the ID of the bot, but for the control in which
/// readers enter it.
pub(super) fn prints_bot_id(inputs: &Inputs) -> bool {
    let own = inputs.templates.iter();
    let mut own = own.filter(|(name, _)| name != "_reader.html");
    own.any(|&(_, file)| inputs.sources.get(file).text.contains("bot_id"))
}

/// Warns of theme files that were made for another version of the theme.
pub(super) fn old_theme(inputs: &Inputs, report: &mut Report) {
    for &(_, file) in inputs.templates.iter().chain(&inputs.messages) {
        let text = &inputs.sources.get(file).text;
        if let Some((message, help)) = other_version(text) {
            let line = Span::new(file, 0..text.lines().next().unwrap_or_default().len());
            report.push(Diagnostic::warning(Code::OldTheme, line, message).help(help));
        }
    }
    for file in &inputs.statics {
        // Pictures and fonts have no version line.
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            continue;
        };
        if let Some((message, help)) = other_version(text) {
            let mut diagnostic = Diagnostic::about_file(Code::OldTheme, &*file.shown, message);
            diagnostic.severity = Severity::Warning;
            report.push(diagnostic.help(help));
        }
    }
}

/// Reports policies of a project's own templates that `_headers` can't take over: browsers apply
/// that of a page and that of its host.
pub(super) fn policies(inputs: &Inputs, report: &mut Report) {
    let taken_over = check::own_policy(inputs);
    for &(_, file) in &inputs.templates {
        for own in policy::written_in(&inputs.sources.get(file).text) {
            let message = if own.is_computed {
                "a policy with an expression, which `_headers` does not have"
            } else if taken_over.as_ref() != Some(&own.text) {
                "a second policy, which `_headers` does not have"
            } else {
                continue;
            };
            let help = "write one policy for all pages, as text: botdocs takes it over into `_headers`, and browsers apply both";
            let span = Span::new(file, own.range);
            report.push(Diagnostic::error(Code::InvalidTemplate, span, message).help(help));
        }
    }
}

/// Reports markup in a project's own templates, and addresses in its style sheets, that the page's
/// policy makes browsers ignore.
pub(super) fn refused_by_policy(inputs: &Inputs, report: &mut Report) {
    if check::has_own_policy(inputs) {
        return;
    }
    for &(_, file) in &inputs.templates {
        for refused in template::refused(&inputs.sources.get(file).text) {
            let span = Span::new(file, refused.range);
            let diagnostic = Diagnostic::error(Code::RefusedByPolicy, span, refused.message);
            report.push(diagnostic.help(refused.help));
        }
    }
}

/// Returns the message and the help for a text whose first line names another version of the theme.
fn other_version(text: &str) -> Option<(String, String)> {
    let (version, built_in) = (theme::version_of(text)?, theme::VERSION);
    let help = match version.cmp(&built_in) {
        Ordering::Equal => return None,
        Ordering::Less => format!(
            "compare it with the output of `botdocs theme eject --dir FOLDER`, then write {built_in} here"
        ),
        Ordering::Greater => "update botdocs: the file comes from a newer one".to_owned(),
    };
    let message =
        format!("made for version {version} of the theme; the built-in one is {built_in}");
    Some((message, help))
}

/// Returns the warning about a place in a template because of which its pages are rendered again
/// for every bot.
pub fn slow_template(look: &Inspection, variables: &Variables, inputs: &Inputs) -> Diagnostic {
    let names = look.variables.iter();
    let names: Vec<_> = names
        .map(|&variable| format!("`{}`", variables.get(variable).name))
        .collect();
    let of = match names.as_slice() {
        [] => "the values of bots".to_owned(),
        [name] => format!("the value of {name}"),
        names => format!("the values of {}", names.join(", ")),
    };
    let message = format!(
        "{} inspects {of}: its pages are rendered again for every bot",
        look.what
    );
    // A built-in template has no file in the project, so its report has a name in place of a path.
    let diagnostic = match own_template(&look.template, inputs) {
        Some(file) => {
            let place = Span::new(file, look.range.clone().unwrap_or(0..0));
            Diagnostic::warning(Code::SlowTemplate, place, message)
        }
        None => {
            let path = format!("built-in template {}", look.template);
            let mut diagnostic = Diagnostic::about_file(Code::SlowTemplate, path, message);
            diagnostic.severity = Severity::Warning;
            diagnostic
        }
    };
    diagnostic.help("a page that only prints values is rendered once and filled: see `botdocs explain slow-template`")
}

fn own_template(name: &str, inputs: &Inputs) -> Option<FileId> {
    let mut own = inputs.templates.iter();
    own.find(|(own, _)| own == name).map(|&(_, file)| file)
}

/// Returns a template's error as a diagnostic: in the project's own file, or by the name of a
/// built-in one.
pub fn in_template(error: TemplateError, inputs: &Inputs) -> Diagnostic {
    let diagnostic = match own_template(&error.template, inputs) {
        Some(file) => {
            let text = inputs.sources.get(file);
            let line = || error.line.map(|line| text.lines(line - 1, line - 1));
            let range = error.range.clone().or_else(line).unwrap_or(0..0);
            Diagnostic::error(error.code, Span::new(file, range), error.message)
        }
        None => {
            let path = format!("built-in template {}", error.template);
            Diagnostic::about_file(error.code, path, error.message)
        }
    };
    diagnostic.maybe_help(error.help)
}

//! Which variables a link to a page may set: none that decides where an address leads.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;

use crate::check::origin;
use crate::check::page::Checked;
use crate::check::reader::Braces;
use crate::hole::variable::{Variable, Variables};
use crate::hole::{Hole, VariableId};
use crate::input::diagnostic::Diagnostic;
use crate::input::explain::Code;
use crate::input::load::Inputs;
use crate::input::yaml::Node;
use crate::model::sample::{Payload, merged, names_files, texts};
use crate::model::{Api, Body, Endpoint, Location, Parameter, Schema};

use super::joiner::Joiner;

/// Returns the variables, with `from_link` off for each that decides where an address leads;
/// reports one whose `from_link` is written.
pub(super) fn without_origins(
    joiner: &mut Joiner<'_>,
    site: &Node,
    inputs: &Inputs,
    pages: &[Arc<Checked>],
) -> Variables {
    let asked = site.value.get("variables").map(|node| &node.value);
    let sent: Vec<_> = pages.iter().flat_map(|page| sent(page)).collect();
    let mut variables: Vec<Variable> = joiner.variables.iter().cloned().collect();
    // What such a page has between braces is text.
    let literal = pages.iter().filter(|page| page.braces == Braces::Literal);
    let literal: HashSet<&str> = literal.map(|page| page.text.path.as_str()).collect();
    let files = inputs.sources.iter();
    let files = files.filter(|file| !literal.contains(file.path.as_str()));
    // Of all texts, templates and messages included: an address may be put together in any of them.
    // Errs on the safe side.
    let readings = files.map(|file| (file, origin::readings(&file.text)));
    let readings: Vec<_> = readings.collect();
    let linked = variables.iter_mut().enumerate();
    for (index, variable) in linked.filter(|(_, variable)| variable.from_link) {
        let name = &variable.name;
        let place = |texts: &[Cow<'_, str>]| {
            let decides =
                |text: &Cow<'_, str>| Some(line(text, origin::decides(text, name)?, &texts[0]));
            texts.iter().find_map(decides)
        };
        let reason = match &*readings {
            _ if variable.is_url => Some("it is an address (`type: url`)".to_owned()),
            _ if origin::is_of_address(name) => Some("its name is one of an address".to_owned()),
            readings => readings
                .iter()
                .find_map(|(file, texts)| Some((&file.path, place(texts)?)))
                .map(|(path, line)| {
                    let place = line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
                    // With the line, so that an author finds the cause.
                    format!("it can change the host of an address in {place}")
                })
                .or_else(|| {
                    let of_variable = sent.iter().find(|(id, _)| id.index() == index);
                    of_variable.map(|(_, reason)| reason.clone())
                }),
        };
        let Some(reason) = reason else {
            continue;
        };
        // A link could otherwise send a reader's key to the link writer's host.
        variable.from_link = false;
        let written = asked.and_then(|asked| asked.get(name));
        if let Some(asked) = written.and_then(|node| node.value.get("from_link")) {
            let message = format!("`{name}` can't be set by a link: {reason}");
            let fault = Diagnostic::error(Code::ConflictingKeys, asked.span, message);
            joiner.report.push(fault.help("remove `from_link`: readers enter the value themselves, so that nobody else chooses where their keys go, or which of their files are sent"));
        } else {
            variable.not_linked = Some(reason);
        }
    }
    Variables::new(variables).unwrap_or_default()
}

/// Returns the number of the line that an offset of a reading is in; none where the text itself has
/// other lines.
fn line(reading: &str, at: usize, text: &str) -> Option<usize> {
    let lines = |text: &str| text.matches('\n').count();
    // Decoded escapes can change the lines, and a wrong place is worse than none.
    (lines(reading) == lines(text)).then(|| lines(&reading[..at]) + 1)
}

/// Returns the variables that a link may set and that decide, in the text of a page, where an
/// address leads.
pub fn deciding<'v>(text: &str, variables: &'v Variables) -> Vec<&'v Variable> {
    let linked = variables.iter().filter(|it| it.from_link);
    let mut linked: Vec<_> = linked
        // The names that the published page contains in its holes. Templates can't be analysed
        // statically, so pages are searched after rendering.
        .filter(|it| text.contains(&format!("{{{{ {} }}}}", it.name)))
        .collect();
    if !linked.is_empty() {
        let readings = origin::readings(text);
        let decides = |name: &str| {
            readings
                .iter()
                .any(|text| origin::decides(text, name).is_some())
        };
        linked.retain(|it| decides(&it.name));
    }
    linked
}

/// Returns the variables that decide which host the requests of a page reach or which file they
/// read, each with the reason why no link may set it.
fn sent(page: &Checked) -> Vec<(VariableId, String)> {
    let Some(api) = page.page.as_ref().and_then(|page| page.api()) else {
        return Vec::new();
    };
    let path = &page.text.path;
    let mut found = Vec::new();
    for endpoint in &api.endpoints {
        let headers = endpoint.parameters.iter().filter(|parameter| {
            parameter.location == Location::Header && origin::names_host(&parameter.field.name)
        });
        for header in headers {
            let name = &header.field.name;
            let reason = || format!("it names a host in {path}, in the header `{name}`");
            let hosts = in_hosts(header).into_iter();
            found.extend(hosts.map(|variable| (variable, reason())));
        }
        // Otherwise a link could make a sample send or overwrite another file of the reader's.
        let reason = || format!("it names a file in {path} that samples send or write");
        let files = in_files(api, endpoint).into_iter();
        found.extend(files.map(|variable| (variable, reason())));
    }
    found
}

/// Returns the variables in the values of a header that are a part of a host.
fn in_hosts(header: &Parameter) -> Vec<VariableId> {
    let Schema {
        constant,
        values,
        default,
        ..
    } = &header.field.schema;
    let sent = [
        &header.field.example,
        &header.stream_example,
        constant,
        default,
    ];
    let texts = sent.into_iter().flatten().chain(values).flat_map(texts);
    let mut found = Vec::new();
    for text in texts {
        found.extend(text.char_indices().filter_map(|(at, character)| {
            let hole = Hole::from_marker(character)?;
            origin::is_in_host(&text[..at]).then_some(hole.variable)
        }));
    }
    found
}

/// Returns the variables in the names of the files that samples of an endpoint send, and write
/// answers to.
fn in_files(api: &Api, endpoint: &Endpoint) -> BTreeSet<VariableId> {
    let mut found = BTreeSet::new();
    let mut see = |body: &Body, value: &Json| {
        for (_, file) in Payload::new(api, body, value).files() {
            let holes = file.chars().filter_map(Hole::from_marker);
            found.extend(holes.map(|hole| hole.variable));
        }
    };
    let patch = endpoint.stream.as_ref().and_then(|it| it.request.as_ref());
    for body in endpoint.request.iter().filter(|it| names_files(it)) {
        for example in &body.examples {
            see(body, &example.value);
            if let Some(patch) = patch {
                see(body, &merged(&example.value, patch));
            }
        }
    }
    let responses = endpoint.responses.iter().map(|response| &response.body);
    for body in responses.filter(|it| names_files(it)) {
        body.examples.iter().for_each(|it| see(body, &it.value));
    }
    found
}

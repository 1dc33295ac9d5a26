//! Validates parameters, headers and bodies of an endpoint.

use serde_json::Value;

use crate::input::explain::Code;
use crate::model::sample::{FileName, Payload, merged, names_files};
use crate::model::{Body, Endpoint, Field, MediaKind, Response};

use super::finding::{Finding, Pointer};
use super::judge::{Judged, Role};
use super::prover::{Prover, Where};
use super::value::quoted;

/// Validates the examples of an endpoint's parameters.
pub(super) fn parameters<'a>(prover: &mut Prover<'a>, endpoint: &'a Endpoint, at: &Pointer) {
    for parameter in &endpoint.parameters {
        let (field, place) = (&parameter.field, parameter.location.as_str());
        let here = at.to("parameters").to(place).to(&field.name);
        outside(prover, field, &here, &format!("the {place} parameter"));
        if let Some(value) = &parameter.stream_example {
            let streamed = at.to("stream").to("parameters").to(place).to(&field.name);
            prover.value(value, &streamed, &field.schema, &here);
            prover.examples += 1;
        }
    }
}

/// Proves the example of a value outside a body: of a parameter, or of a header of a response.
fn outside<'a>(prover: &mut Prover<'a>, field: &'a Field, here: &Pointer, what: &str) {
    match &field.example {
        Some(value) => {
            prover.value(value, &here.to("example"), &field.schema, here);
            prover.examples += 1;
        }
        None if field.required && field.schema.deprecated.is_none() => {
            let message = format!("no example of {what} `{}`", field.name);
            let warning = Finding::warning(Code::NotShown, here.clone(), message);
            let help = "add `example: …`, or state in `waivers` why there is none";
            let warning = warning.missing(vec![format!("{what} `{}`", field.name)]);
            prover.judge.push(warning.help(help));
        }
        None => {}
    }
    prover.fields.0 += 1;
    prover.fields.1 += usize::from(field.example.is_some());
}

/// Validates the examples of an endpoint's request.
pub(super) fn request<'a>(prover: &mut Prover<'a>, endpoint: &'a Endpoint, at: &Pointer) {
    let Some(body) = &endpoint.request else {
        return;
    };
    let here = at.to("request");
    prove_body(prover, body, &here);
    streaming_request(prover, endpoint, body, at);
}

/// Validates the examples of an endpoint's responses, headers included.
pub(super) fn responses<'a>(prover: &mut Prover<'a>, endpoint: &'a Endpoint, at: &Pointer) {
    for response in &endpoint.responses {
        let here = at.to("responses").to(response.status);
        headers(prover, response, &here);
        prove_body(prover, &response.body, &here);
    }
}

fn headers<'a>(prover: &mut Prover<'a>, response: &'a Response, at: &Pointer) {
    for header in &response.headers {
        let here = at.to("headers").to(&header.name);
        outside(prover, header, &here, "the header");
    }
}

fn prove_body<'a>(prover: &mut Prover<'a>, body: &'a Body, at: &Pointer) {
    let schema_at = at.to("schema");
    if let Some(schema) = &body.schema {
        prover.schemas.push(Where {
            schema,
            at: schema_at.clone(),
            is_shown: !body.examples.is_empty(),
        });
        if body.examples.is_empty() {
            prover.unproven(at.clone(), "no example");
        }
    }
    for example in &body.examples {
        let here = at.to("examples").to(&example.name);
        prover.examples += 1;
        if let Some(schema) = &body.schema {
            prover.value(&example.value, &here, schema, &schema_at);
        }
        files(prover, body, &example.value, &here);
        if body.content_type.kind == MediaKind::Binary {
            prover.unproven(here, "binary: its example is a file's name");
        } else if body.schema.is_none() {
            prover.unproven(here, "no schema");
        }
    }
}

/// Reports names of files in an example that are paths: samples read and write files by these names.
fn files(prover: &mut Prover<'_>, body: &Body, value: &Value, at: &Pointer) {
    if !names_files(body) {
        return;
    }
    for (part, file) in Payload::new(prover.judge.api, body, value).files() {
        if let Some(variable) = prover.judge.filling.misnames(file) {
            let at = part.map_or_else(|| at.clone(), |part| at.to(part));
            let message = format!("`{variable}` can change this into the name of another file");
            let help = "in the name of a file a variable needs a `pattern` of letters, digits, `.`, `_` and `-` alone, and the name begins with a letter or a digit, as in `plan-{{ number }}.png`: samples read the file where they are run, and send it";
            let finding = Finding::error(Code::VariableNotAllowed, at, message);
            prover.judge.push(finding.help(help));
            continue;
        }
        let file = prover.judge.filling.text(file);
        // A path in a sample would read or overwrite a file of the person who runs the sample.
        if FileName::new(&file).is_some() {
            continue;
        }
        let at = part.map_or_else(|| at.clone(), |part| at.to(part));
        let found = match &*file {
            "" => "an empty text".to_owned(),
            file => quoted(&file.into()),
        };
        let message = format!("expected the name of a file, found {found}");
        let help =
            "write a plain name, such as plan.png: samples use it in their working directory";
        let finding = Finding::error(Code::InvalidValue, at, message);
        prover.judge.push(finding.help(help));
    }
}

/// Validates the request of the stream: each request example, changed by the patch.
fn streaming_request<'a>(
    prover: &mut Prover<'a>,
    endpoint: &'a Endpoint,
    body: &'a Body,
    at: &Pointer,
) {
    let Some(stream) = &endpoint.stream else {
        return;
    };
    let (Some(patch), Some(schema)) = (&stream.request, &body.schema) else {
        return;
    };
    let patch_at = at.to("stream").to("request");
    for example in &body.examples {
        if !stream
            .examples
            .iter()
            .any(|streamed| streamed.name == example.name)
        {
            continue;
        }
        // Merged in the same way as in the sample.
        let value = merged(&example.value, patch);
        files(prover, body, patch, &patch_at);
        let example_at = at.to("request").to("examples").to(&example.name);
        let Some(by) = prover.judge.rule(schema, &at.to("request").to("schema")) else {
            return;
        };
        let judged = Judged {
            value: &value,
            at: &patch_at,
            role: Role::Example,
        };
        // An error in a part that the patch does not change is already reported for the example.
        for mut finding in prover.judge.found(judged, &by) {
            let inside = finding.at.as_str().strip_prefix(patch_at.as_str());
            let inside = inside.unwrap_or_default().to_owned();
            if patch.pointer(&inside).is_none() && !patch_reaches(patch, &inside) {
                finding.at = example_at.below(&inside);
            }
            prover.judge.push(finding);
        }
        prover.coverage.see(schema, &value);
    }
}

/// Returns whether a patch removes or replaces a parent of the value at a pointer.
fn patch_reaches(patch: &Value, pointer: &str) -> bool {
    let mut at = patch;
    for step in Pointer::from(pointer).steps() {
        match at {
            Value::Object(members) => match members.get(&step) {
                Some(value) => at = value,
                None => return false,
            },
            _ => return true,
        }
    }
    true
}

//! Forms and parts in which a name comes again and again: each item of an array is sent.

use crate::mock::test_command;
use crate::project::Project;
use crate::samples::quick_languages;

/// The mock holds what arrives to `minItems`, so an item that is lost is a fault.
const SPEC: &str = r#"
title: Forms
servers: [{url: https://api.example}]
auth: {type: none}
endpoints:
  form:
    title: Form
    method: POST
    path: /form
    request:
      content_type: application/x-www-form-urlencoded
      fields:
        count: {type: integer, required: true}
        tags: {type: array, required: true, minItems: 2, items: {type: string, enum: [hr, "a & b"]}}
        none: {type: array, items: {type: string}}
        one: {type: array, minItems: 1, items: {type: integer}}
        area: {type: object, fields: {from: {type: integer}}}
      example: {count: 3, tags: [hr, "a & b"], none: [], one: [7], area: {from: 1}}
    responses: {200: {description: Taken., content_type: text/plain, example: taken}}
  parts:
    title: Parts
    method: POST
    path: /parts
    request:
      content_type: multipart/form-data
      fields:
        title: {type: string, required: true}
        tags: {type: array, required: true, minItems: 2, maxItems: 2, items: {type: string, enum: [hr, "a & b"]}}
      example: {title: "Ada \"A\"", tags: [hr, "a & b"]}
    responses: {200: {description: Taken., content_type: text/plain, example: taken}}
  files:
    title: Files
    method: POST
    path: /files
    request:
      content_type: multipart/form-data
      fields:
        tags: {type: array, required: true, minItems: 2, items: {type: string}}
        pages: {type: array, required: true, minItems: 2, items: {type: string, format: binary}}
      example: {tags: [hr, it], pages: [a.png, "b 2.png"]}
    responses: {200: {description: Taken., content_type: text/plain, example: taken}}
"#;

/// A project of such requests.
pub(crate) fn project() -> Project {
    Project::empty()
        .file("spec/site.yaml", "title: Forms\nnavigation: [forms]\n")
        .file("spec/forms.yaml", SPEC)
}

#[test]
fn every_item_of_an_array_is_sent_by_every_language() {
    let project = project();
    for client in ["python", "{language: python, client: urllib}"] {
        let quick = quick_languages();
        let languages = quick.join(", ").replace("python", client);
        let site = format!("title: Forms\nnavigation: [forms]\nsamples: [{languages}]\n");
        project.write("spec/site.yaml", site);
        let output = test_command(&project).output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stdout}{stderr}");
        // cURL in two shells.
        let ran = stdout.lines().filter(|line| line.starts_with("ok "));
        assert_eq!(ran.count(), 3 * (quick.len() + 1), "{stdout}{stderr}");
    }
}

#[test]
fn a_part_of_the_path_without_an_example_is_a_placeholder() {
    let project = project();
    let path = "path: /organisations/{organisationId}/form\n    parameters: {path: {organisationId: {type: integer}}}\n";
    let spec = SPEC.replacen("path: /form\n", path, 1);
    project.write("spec/forms.yaml", spec);
    let printed = crate::samples::printed_samples(project.path());
    for (name, code) in printed.iter().filter(|(name, _)| name.starts_with("form.")) {
        assert!(
            code.contains("/organisations/ORGANISATION_ID/form"),
            "{name}: {code}"
        );
        assert!(!code.contains("globoff"), "{code}");
    }
    assert!(printed.len() > 8);
    let site = "title: Forms\nnavigation: [forms]\nsamples: [curl]\n";
    project.write("spec/site.yaml", site);
    let output = test_command(&project).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// A webhook is called by the platform, so code that calls it helps nobody.
#[test]
fn an_empty_list_of_samples_leaves_the_printed_ones_out() {
    let project = project();
    let webhook = "  form:\n    samples: []\n    auth: {type: none}\n";
    let auth = "auth: {type: bearer, env: KEY}";
    let spec = SPEC.replacen("  form:\n", webhook, 1);
    let spec = spec.replacen("auth: {type: none}", auth, 1);
    project.write("spec/forms.yaml", &spec);
    let printed = crate::samples::printed_samples(project.path());
    assert!(!printed.is_empty());
    let of_webhook = printed.iter().find(|(name, _)| name.starts_with("form."));
    assert!(of_webhook.is_none(), "{of_webhook:?}");
    project.run(&["build"]).exits(0);
    let [page, twin] = ["index.html", "index.md"].map(|it| project.read(&format!("site/{it}")));
    assert!(page.contains(">Request</"), "{page}");
    assert!(!page.contains("None is needed here"), "{page}");
    assert!(!twin.contains("none is needed"), "{twin}");
    let site = "title: Forms\nnavigation: [forms]\nsamples: [curl]\n";
    project.write("spec/site.yaml", site);
    let output = test_command(&project).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("ok      parts: cURL"), "{stdout}");
    assert!(!stdout.contains(" form: "), "{stdout}");
    // What is said of it is shown.
    let described = "auth: {type: none, description: We sign each call.}";
    let spec = spec.replacen("    auth: {type: none}", &format!("    {described}"), 1);
    project.write("spec/forms.yaml", spec);
    project.run(&["build"]).exits(0);
    assert!(
        project
            .read("site/index.html")
            .contains("We sign each call.")
    );
}

#[test]
fn the_page_shows_a_name_for_each_item() {
    let project = project();
    project.run(&["build"]).exits(0);
    let twin = project.read("site/index.md");
    let form = "\ncount=3&tags=hr&tags=a%20%26%20b&one=7&area=%7B%22from%22%3A%201%7D\n";
    assert!(twin.contains(form), "{twin}");
    assert!(twin.contains("\ntags=hr\ntags=a & b\n"), "{twin}");
    assert!(twin.contains("pages=@a.png\n"), "{twin}");
    let page = project.read("site/index.html");
    assert!(page.contains("form.Add("), "{page}");
}

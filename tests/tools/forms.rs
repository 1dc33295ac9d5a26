//! Forms and parts in which a name comes again and again: each item of an array is sent.

use crate::mock::test_command;
use crate::support::forms::{SPEC, project};
use crate::support::samples::printed_samples;
use crate::support::samples::quick_languages;

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
    let printed = printed_samples(project.path());
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
    let printed = printed_samples(project.path());
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

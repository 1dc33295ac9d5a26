//! Streams in every form: what pages and samples print of them. `tests/tools/streams.rs` runs these
//! samples, and `tests/tools/samples.rs` formats and compiles them.

use crate::support::samples::printed_samples;
use crate::support::streams::{project, streams};

#[test]
fn an_endpoint_that_only_streams_has_one_request() {
    let project = project();
    let printed = printed_samples(project.path());
    let plain = printed.iter().find(|(name, _)| !name.ends_with(".stream"));
    assert!(plain.is_none(), "{plain:?}");
    project.run(&["build"]).exits(0);
    let page = project.read("site/index.html");
    assert!(!page.contains(">Request</"), "{page}");
    for (name, _) in streams() {
        let id = format!("id=\"_{name}.example.default.stream-request\"");
        assert_eq!(page.matches(&id).count(), 1, "{name}");
    }
    // Another answer can be asked for, by `Accept`.
    let spec = project.read("spec/streams.yaml");
    let with_plain =
        "responses: {200: {description: A text., content_type: text/plain, example: Hello}}";
    let (before, spec) = spec.split_once("  named-text-lines-empty:").unwrap();
    let spec = spec.replacen("responses: {200: {description: A stream.}}", with_plain, 1);
    let spec = format!("{before}  named-text-lines-empty:{spec}");
    project.write("spec/streams.yaml", spec);
    project.run(&["build"]).exits(0);
    let page = project.read("site/index.html");
    let id = "id=\"_named-text-lines-empty.example.default.request\"";
    assert_eq!(page.matches(id).count(), 1);
    assert_eq!(
        page.matches(".example.default.request\" data-copy").count(),
        1
    );
}

/// A printed sample of an endpoint of the table.
fn sample(endpoint: &str, language: &str) -> String {
    let name = format!("{endpoint}.{language}.stream");
    let printed = printed_samples(project().path());
    let sample = printed.into_iter().find(|(other, _)| *other == name);
    sample.expect(&name).1
}

#[test]
fn lines_have_the_events_name_and_stop_at_the_documented_end() {
    let python = sample("named-text-lines-marker", "python");
    let end = "for event, data in events(response.raw):\n    \
               if event == \"message\" and data == \"[DONE]\":\n        break\n    else:\n        \
               print(f\"{event}: {data}\", flush=True)\n";
    assert!(python.ends_with(end), "{python}");
    let python = sample("matched-json-lines-failure", "python");
    let end = "    item = json.loads(data)\n    if item.get(\"type\") == \"end\":\n        \
               print(data, flush=True)\n        break\n    elif item.get(\"type\") == \"fault\":\n        \
               sys.exit(data)\n    else:\n        print(data, flush=True)\n";
    assert!(python.ends_with(end), "{python}");
    let go = sample("named-text-lines-empty", "go");
    let end = "\t\tcase event == \"__end__\":\n\t\t\treturn\n\t\tdefault:\n\t\t\t\
               fmt.Printf(\"%s: %s\\n\", event, text)\n\t\t}\n";
    assert!(go.contains(end), "{go}");
}

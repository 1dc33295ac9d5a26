//! Shapes of data that real APIs have: what their examples show is known as shown.

use crate::project::Project;
use crate::support::mock::Mock;

/// A page with a schema `Item` of fields beside alternatives, and a stream whose last event is named.
const API: &str = r##"title: API
servers: [{url: https://api.example.com}]
schemas:
  Item:
    type: object
    fields: {id: {type: string, required: true}}
    oneOf:
      - {title: Plain, type: object, fields: {note: {type: string, required: true}}}
      - title: Text
        type: object
        fields: {kind: {type: string, const: text, required: true}, text: {type: string, required: true}}
      - title: Image
        type: object
        fields: {kind: {type: string, const: image, required: true}, url: {type: string, required: true}}
  End:
    type: object
    fields: {usage: {type: object, required: true, fields: {tokens: {type: integer, required: true}}}}
endpoints:
  chat:
    title: Chat
    method: POST
    path: /chat
    request:
      fields: {items: {type: array, required: true, items: {$ref: "#/schemas/Item"}}, stream: {type: boolean}}
      example: {stream: false, items: [{id: a, kind: text, text: x}, {id: b, kind: image, url: y}, {id: c, note: z}]}
    responses:
      200:
        description: The answer.
        fields:
          reply: {type: string, required: true}
          usage: {type: object, required: true, fields: {tokens: {type: integer, required: true}}}
        example: {reply: "Hello\nyou", usage: {tokens: 3}}
    stream:
      format: sse
      request: {stream: true}
      events:
        piece: {data: text, joins: {to: /reply}}
        end: {data: json, schema: {$ref: "#/schemas/End"}, ends: true, equals: /usage}
      example:
        - {event: piece, data: "Hello\n"}
        - {event: piece, data: you}
        - {event: end, data: {usage: {tokens: 3}}}
  plain:
    title: Plain
    method: GET
    path: /plain
    responses:
      200: {description: The text., content_type: text/plain, example: "Grüße"}
"##;

fn project() -> Project {
    Project::new().file("spec/api.yaml", API)
}

#[test]
fn fields_beside_alternatives_are_shown() {
    let ran = project().run(&["check"]).exits(0);
    assert!(!ran.stderr.contains("not-shown"), "{}", ran.stderr);
    // A key that nothing shows is still reported.
    let api = API.replace("text: {type: string, required: true}}\n      - title: Image", "text: {type: string, required: true}, size: {type: integer, enum: [1, 2]}}\n      - title: Image");
    assert_ne!(api, API);
    let ran = Project::new().file("spec/api.yaml", api).run(&["check"]);
    assert!(
        ran.stderr.contains("no example shows `1`, `2`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_pointer_of_equals_is_found_in_a_named_schema() {
    project().run(&["check"]).exits(0);
    let wrong = API.replace(
        "{event: end, data: {usage: {tokens: 3}}}",
        "{event: end, data: {usage: {tokens: 4}}}",
    );
    let ran = Project::new().file("spec/api.yaml", wrong).run(&["check"]);
    assert!(
        ran.stderr
            .contains("is `4` in the stream and `3` in the response"),
        "{}",
        ran.stderr
    );
}

#[test]
fn joined_text_with_lines_is_a_block_of_the_twin() {
    let project = project();
    project.run(&["build"]).exits(0);
    let twin = project.read("site/index.md");
    assert!(twin.contains(":\n\n```text\nHello\nyou\n```\n"), "{twin}");
}

#[test]
fn text_is_sent_with_its_charset() {
    let project = project();
    let mock = Mock::start(&project, &[]);
    let answer = mock.ask("GET", "/plain", "", "");
    assert!(
        answer
            .head
            .contains("content-type: text/plain; charset=utf-8\r\n"),
        "{}",
        answer.head
    );
    assert_eq!(answer.body, "Grüße");
}

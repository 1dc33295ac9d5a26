//! Forms and parts in which a name comes again and again.

use super::project::Project;

/// The mock holds what arrives to `minItems`, so an item that is lost is a fault.
pub(crate) const SPEC: &str = r#"
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

//! Words of other formats, OpenAPI's above all, and what to write instead.
//!
//! Most authors know them, and a search by edit distance finds none of them.

/// Values of other formats, and their equivalents here.
const VALUES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("long", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("str", "string"),
    ("text", "string"),
    ("bool", "boolean"),
    ("list", "array"),
    ("map", "object"),
    ("dict", "object"),
    ("hash", "object"),
    ("nil", "null"),
    ("none", "null"),
    ("none", "empty"),
    ("no", "none"),
    ("off", "none"),
    ("false", "none"),
    ("true", "all"),
    ("on", "all"),
    ("ndjson", "jsonl"),
    ("json-lines", "jsonl"),
    ("event-stream", "sse"),
    ("token", "bearer"),
    ("http", "bearer"),
    ("oauth2", "bearer"),
    ("api_key", "apiKey"),
    ("uri", "url"),
];

/// Keys of other formats, and their equivalents here, in any map that has them.
const KEYS: &[(&str, &str)] = &[
    ("properties", "fields"),
    ("requestBody", "request"),
    ("body", "request"),
    ("baseUrl", "servers"),
    ("base_url", "servers"),
    ("host", "servers"),
    ("name", "title"),
    ("label", "title"),
    ("text", "description"),
    ("slug", "id"),
    ("verb", "method"),
    ("route", "path"),
    ("security", "auth"),
    ("securitySchemes", "auth"),
    ("nav", "navigation"),
    ("sidebar", "navigation"),
    ("components", "schemas"),
    ("definitions", "schemas"),
    ("$defs", "schemas"),
    ("paths", "endpoints"),
    ("operations", "endpoints"),
    ("contentType", "content_type"),
    ("media_type", "content_type"),
    ("exclusive_minimum", "exclusiveMinimum"),
    ("min", "minimum"),
    ("max", "maximum"),
    ("values", "enum"),
    ("options", "enum"),
    ("additional_properties", "additionalProperties"),
    ("one_of", "oneOf"),
    ("anyOf", "oneOf"),
    ("siteUrl", "site_url"),
    ("url", "site_url"),
    ("edit", "edit_url"),
    ("editUrl", "edit_url"),
    ("edit_uri", "edit_url"),
    ("color", "accent"),
    ("colour", "accent"),
    ("primary_color", "accent"),
    ("icon", "favicon"),
    ("replacesTitle", "replaces_title"),
    ("og_image", "image"),
    ("x-codeSamples", "samples"),
    ("x-code-samples", "samples"),
    ("x-deprecated", "deprecated"),
    ("obsolete", "deprecated"),
    ("x-since", "since"),
];

/// Keys of other formats that correspond to no single key here: the key, the maps where it may be
/// written (all if there are none), and the lines to write instead.
const LINES: &[(&str, &[&str], &str)] = &[
    (
        "required",
        &["a schema", "a request", "a response", "an event"],
        "write it at each field: fields: {name: {type: string, required: true}}",
    ),
    (
        "nullable",
        &[],
        "add null to the types: type: [string, \"null\"]",
    ),
    (
        "content",
        &["a request", "a response"],
        "a body has one type: write `content_type: application/json`, and `fields` or `schema` beside it",
    ),
    (
        "$ref",
        &["a request", "a response", "an endpoint", "an event"],
        "references are to schemas: write schema: {$ref: \"#/schemas/NAME\"}, and the rest of it here",
    ),
    (
        "schema",
        &["a schema"],
        "remove the level `schema`: write `type` and the other keywords beside `required`",
    ),
    (
        "in",
        &["a schema"],
        "parameters are grouped by their place: parameters: {query: {limit: {type: integer}}}",
    ),
    (
        "name",
        &["a schema"],
        "the name is the key: fields: {message: {type: string}}",
    ),
    (
        "example",
        &["a schema"],
        "examples are of a whole request or response: write `example` beside `fields`",
    ),
    (
        "examples",
        &["a schema"],
        "examples are of a whole request or response: write `examples` beside `fields`; a parameter has one `example`",
    ),
    (
        "example",
        &["an endpoint"],
        "examples belong to a body: request: {example: {message: Hello}}, and responses: {200: {description: The answer., example: {id: 1}}}",
    ),
    (
        "examples",
        &["an endpoint"],
        "examples belong to a body: request: {examples: {short: {message: Hello}}}, and responses: {200: {description: The answer., examples: {short: {id: 1}}}}",
    ),
    (
        "allOf",
        &[],
        "write the fields of all its schemas into one `fields`, or refer to one schema by `$ref`",
    ),
    (
        "not",
        &["a schema"],
        "write the values that are allowed as `enum`, or the rule in `description`",
    ),
    (
        "patternProperties",
        &["a schema"],
        "write one schema for all names: additionalProperties: {type: string}",
    ),
    (
        "$defs",
        &["a schema"],
        "move its schemas into `schemas` at the top of the page, and refer to one by {$ref: \"#/schemas/NAME\"}",
    ),
    (
        "definitions",
        &["a schema"],
        "move its schemas into `schemas` at the top of the page, and refer to one by {$ref: \"#/schemas/NAME\"}",
    ),
    (
        "readOnly",
        &["a schema"],
        "describe the field in the response alone, without it in the request",
    ),
    (
        "writeOnly",
        &["a schema"],
        "describe the field in the request alone, without it in the response",
    ),
    (
        "externalDocs",
        &[],
        "write a link in `description`: [more](https://example.com)",
    ),
    (
        "style",
        &["a schema"],
        "remove it: a list is sent as repeated parameters, and each part of an object is a parameter of its own",
    ),
    (
        "explode",
        &["a schema"],
        "remove it: a list is sent as repeated parameters, and each part of an object is a parameter of its own",
    ),
    (
        "allowEmptyValue",
        &["a schema"],
        "remove it, and add the empty value to `enum` or describe it",
    ),
    (
        "xml",
        &["a schema"],
        "remove it: bodies are JSON, forms or text",
    ),
    (
        "tags",
        &["an endpoint", "an API page"],
        "a page is a group: move the endpoints of one tag to a file of their own, and group pages in `navigation`",
    ),
    (
        "security",
        &["an endpoint", "an API page"],
        "write the kind of key: auth: {type: bearer}, or {type: basic}, or {type: apiKey, in: header, name: X-Api-Key}",
    ),
    (
        "components",
        &["an API page"],
        "write its schemas at the top of the page: schemas: {Message: {fields: {text: {type: string}}}}",
    ),
    (
        "paths",
        &["an API page"],
        "write each method of a path by its ID: endpoints: {get-item: {title: Get an item, method: GET, path: /items}}",
    ),
    (
        "operationId",
        &["an endpoint"],
        "the endpoint's key is its ID: endpoints: {list-messages: {title: …}}",
    ),
    (
        "callbacks",
        &["an endpoint"],
        "describe what the API calls in a guide, or as endpoints of an API page of their own",
    ),
    (
        "webhooks",
        &["an API page"],
        "describe what the API calls in a guide, or as endpoints of an API page of their own",
    ),
    (
        "links",
        &["a response"],
        "write the links into `description`: [Get it](#get)",
    ),
    (
        "variables",
        &["a server"],
        "declare them in site.yaml: variables: {region: {default: eu, pattern: \"[a-z]{2}\"}}, and write {{ region }} in the URL",
    ),
    (
        "openapi",
        &["an API page", "site.yaml"],
        "remove it: this is the format of botdocs, not OpenAPI; begin with `title`, `servers` and `endpoints`",
    ),
    (
        "swagger",
        &["an API page", "site.yaml"],
        "remove it: this is the format of botdocs, not OpenAPI; begin with `title`, `servers` and `endpoints`",
    ),
    (
        "info",
        &["an API page", "site.yaml"],
        "write its keys at the top of the file: `title: …`, `description: …`",
    ),
    (
        "basePath",
        &["an API page"],
        "write it into the base URL: servers: [{url: https://api.example.com/v1}]",
    ),
    (
        "schemes",
        &["an API page"],
        "write the scheme into the base URL: servers: [{url: https://api.example.com/v1}]",
    ),
    (
        "scheme",
        &["`auth`"],
        "write it as the type: auth: {type: bearer} or auth: {type: basic}",
    ),
    (
        "bearerFormat",
        &["`auth`"],
        "describe the token in `description`",
    ),
    (
        "flows",
        &["`auth`"],
        "describe how to get a token in `description`, with auth: {type: bearer}",
    ),
    (
        "mapping",
        &["a schema"],
        "remove it: each alternative names its value, fields: {type: {const: text}}",
    ),
    (
        "body",
        &["`parameters`"],
        "the body is the endpoint's `request`: request: {fields: {message: {type: string}}}",
    ),
    (
        "formData",
        &["`parameters`"],
        "a form is the endpoint's `request`: request: {content_type: multipart/form-data, fields: {file: {type: string}}}",
    ),
    (
        "title",
        &["`parameters`"],
        "write the place first: parameters: {query: {limit: {type: integer}}}",
    ),
];

/// Keys in the front matter of other tools' guides, and what to write instead.
const GUIDE_LINES: &[(&[&str], &str)] = &[
    (
        &[
            "sidebar_position",
            "position",
            "order",
            "weight",
            "nav_order",
            "parent",
            "sidebar",
            "menu",
            "navigation",
        ],
        "remove it: the menu has the order of `navigation` in site.yaml",
    ),
    (
        &[
            "sidebar_label",
            "sidebarTitle",
            "linkTitle",
            "nav_title",
            "navigation_title",
            "pagination_label",
            "short_title",
        ],
        "remove it: the menu shows `title`",
    ),
    (
        &[
            "id",
            "slug",
            "permalink",
            "url",
            "aliases",
            "redirect_from",
            "redirects",
        ],
        "remove it: the name of the file is the page's address, and `redirects` in site.yaml names old addresses",
    ),
    (
        &[
            "layout",
            "template",
            "hide_title",
            "hide_table_of_contents",
            "toc",
            "outline",
            "mode",
            "icon",
            "tags",
            "categories",
            "keywords",
            "date",
            "lastUpdated",
            "author",
            "authors",
        ],
        "remove it: the pages of guides have one form, by the theme",
    ),
];

/// Keys by which other tools keep a part unpublished, without `x-`, hyphens, underscores and capital
/// letters.
// The help must never be to remove such a key: without it, the part would be published.
const VISIBILITY: &[&str] = &[
    "access",
    "audience",
    "confidential",
    "draft",
    "exclude",
    "excluded",
    "excludefromdocs",
    "hidden",
    "hide",
    "hidefromdocs",
    "ignore",
    "internal",
    "internalonly",
    "isdraft",
    "ishidden",
    "isinternal",
    "isprivate",
    "ispublic",
    "listed",
    "nodocs",
    "noindex",
    "private",
    "public",
    "publish",
    "published",
    "restricted",
    "scope",
    "secret",
    "undocumented",
    "unlisted",
    "unpublished",
    "visibility",
    "visible",
];

/// Keys by which other tools take a page out of their menu or their search.
const OUT_OF_MENU: &[&str] = &[
    "hidden",
    "hide",
    "noindex",
    "search",
    "searchable",
    "unlisted",
];

/// Returns the lines to write in place of a key by which other tools keep a part unpublished.
fn visibility(written: &str, what: &str) -> Option<&'static str> {
    let plain = written.to_ascii_lowercase();
    let plain = plain.strip_prefix("x-").unwrap_or(&plain);
    let plain = plain.replace(['-', '_'], "");
    let is_page = matches!(what, "a guide's front matter" | "an API page");
    if is_page && OUT_OF_MENU.contains(&&*plain) {
        return Some(
            "write `internal: true` for a page that is not to be published; a page without a place in the menu is one that `navigation` in site.yaml does not name",
        );
    }
    if !VISIBILITY.contains(&&*plain) {
        return None;
    }
    Some(match what {
        _ if is_page => {
            "write `internal: true` for a page that is not to be published; without it, the page is published"
        }
        "an endpoint" => {
            "write `internal: true` for an endpoint that is not to be published; without it, the endpoint is published"
        }
        // OAuth's words for what a key allows.
        "`auth`" => return None,
        _ => {
            "only a page or an endpoint can be internal, by `internal: true`; to keep this part unpublished, remove all of it from the file"
        }
    })
}

/// The methods of HTTP, which are keys of a path in OpenAPI.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Returns the key here for a key of another format, of those that its map may have.
pub(super) fn key<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let mut keys = KEYS.iter().filter(|(other, _)| *other == written);
    keys.find_map(|(_, ours)| known.iter().copied().find(|key| key == ours))
}

/// Returns the lines to write in place of a key of another format, in a map of this kind.
pub(super) fn lines(written: &str, what: &str) -> Option<&'static str> {
    let mut lines = LINES.iter();
    let found =
        lines.find(|(key, maps, _)| *key == written && (maps.is_empty() || maps.contains(&what)));
    if let Some((.., lines)) = found {
        return Some(lines);
    }
    if let Some(lines) = visibility(written, what) {
        return Some(lines);
    }
    match what {
        "a guide's front matter" => {
            let row = GUIDE_LINES.iter().find(|(keys, _)| keys.contains(&written));
            row.map(|&(_, lines)| lines)
        }
        // An entry of `endpoints` is an endpoint, not a path with a map of methods.
        "an endpoint" if METHODS.contains(&written) => Some(
            "each method is an endpoint of its own: endpoints: {get-item: {title: Get an item, method: GET, path: /items}}",
        ),
        "a response" | "a request" if written.contains('/') => Some(
            "a body has one type: write it as `content_type`, and `fields` or `schema` beside it",
        ),
        _ if written.starts_with("x-") && KEYS.iter().all(|(key, _)| *key != written) => {
            Some("remove it: there are no extensions; describe it in `description`")
        }
        _ => None,
    }
}

/// Returns the help for a text in place of a map: the map with this text in it.
pub(super) fn filled(what: &str, text: &str) -> Option<String> {
    let text = text.trim();
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.is_empty() || text.contains('\n') || text.chars().count() > 60 {
        return None;
    }
    let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    Some(match what {
        "`auth`" => match value(text, &["bearer", "basic", "apiKey", "none"]).unwrap_or(text) {
            "apiKey" => {
                "write {type: apiKey, in: header, name: X-Api-Key}, with the name of your header"
                    .to_owned()
            }
            kind @ ("bearer" | "basic" | "none") => format!("write {{type: {kind}}}"),
            _ => "write {type: bearer}, {type: basic} or {type: none}".to_owned(),
        },
        "a server" => format!("write {{url: {quoted}}}"),
        "a schema" if is_word(text) => {
            let types = [
                "string", "number", "integer", "boolean", "object", "array", "null",
            ];
            match value(text, &types).unwrap_or(text) {
                "null" => "write {type: \"null\"}".to_owned(),
                kind if types.contains(&kind) => format!("write {{type: {kind}}}"),
                _ => format!("write {{type: string}}, or {{$ref: \"#/schemas/{text}\"}}"),
            }
        }
        "a schema" if text.starts_with("#/") => format!("write {{$ref: {quoted}}}"),
        "a schema" => format!("write {{type: string, description: {quoted}}}"),
        "a response" => format!("write {{description: {quoted}}}"),
        "a stream" => "write {format: sse, events: {…}, example: […]}".to_owned(),
        _ => return None,
    })
}

/// Returns the value here for a value of another format, of the allowed ones.
pub(super) fn value<'v>(written: &str, allowed: &[&'v str]) -> Option<&'v str> {
    let lower = written.to_lowercase();
    let mut values = VALUES.iter().filter(|(other, _)| *other == lower);
    values.find_map(|(_, ours)| allowed.iter().copied().find(|value| value == ours))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_another_format_has_one_of_the_keys_that_are_there() {
        assert_eq!(key("properties", &["title", "fields"]), Some("fields"));
        assert_eq!(key("properties", &["title"]), None);
        assert_eq!(key("paths", &["endpoints"]), Some("endpoints"));
        assert_eq!(value("Bool", &["boolean"]), Some("boolean"));
        assert_eq!(value("none", &["none"]), None);
    }

    #[test]
    fn lines_are_for_the_maps_where_the_key_is_written() {
        assert!(lines("required", "a schema").is_some_and(|it| it.contains("required: true")));
        assert!(lines("required", "a server").is_none());
        assert!(lines("nullable", "anything").is_some());
        assert!(lines("post", "an endpoint").is_some());
        assert!(lines("application/json", "a response").is_some());
        assert!(lines("x-internal", "an endpoint").is_some());
        let draft = lines("draft", "a guide's front matter");
        assert!(draft.is_some_and(|it| it.contains("`internal: true`")));
        for (key, what) in [
            ("x-internal", "an endpoint"),
            ("x-Internal", "an API page"),
            ("draft", "an endpoint"),
            ("is_hidden", "an endpoint"),
            ("x-hidden", "a guide's front matter"),
            ("visibility", "an API page"),
            ("x-private", "a schema"),
        ] {
            let found = lines(key, what);
            assert!(
                found.is_some_and(|it| it.contains("`internal: true`")),
                "{key}"
            );
        }
        assert!(lines("scope", "`auth`").is_none());
        assert!(lines("xyz", "a schema").is_none());
        assert!(lines("x-codeSamples", "an endpoint").is_none());
    }
}

//! Projects whose requests send one text for each name.

use botdocs::cli::json_schema::{self, SchemaKind};
use botdocs::input::page_kind::PageKind;
use serde_json::{Map, Value, json};

use super::project::Project;
use super::samples::quick_languages;

/// An endpoint that takes one text for each name; `example` is how each is written.
pub(crate) fn endpoint(
    id: &str,
    place: &str,
    pairs: &[(String, String)],
    example: impl Fn(&str) -> Value,
) -> Value {
    let is_parameter = matches!(place, "path" | "query" | "header" | "cookie");
    let mut fields = Map::new();
    let mut values = Map::new();
    let mut path = format!("/{id}");
    for (name, text) in pairs {
        let mut field = json!({"type": "string", "enum": [text]});
        if place == "path" {
            path += &format!("/{{{name}}}");
        } else {
            field["required"] = true.into();
        }
        if is_parameter {
            field["example"] = example(text);
        }
        fields.insert(name.clone(), field);
        values.insert(name.clone(), example(text));
    }
    let taken = json!({"description": "Taken.", "content_type": "text/plain", "example": "taken"});
    let mut endpoint =
        json!({"title": id, "method": "GET", "path": path, "responses": {"200": taken}});
    if is_parameter {
        endpoint["parameters"] = json!({ place: fields });
        return endpoint;
    }
    let content_type = match place {
        "form" => "application/x-www-form-urlencoded",
        "multipart" => "multipart/form-data",
        _ => "application/json",
    };
    endpoint["method"] = "POST".into();
    endpoint["request"] =
        json!({"content_type": content_type, "fields": fields, "example": values});
    endpoint
}

/// An API page of endpoints.
pub(crate) fn api(endpoints: &Map<String, Value>) -> Value {
    json!({
        "title": "API", "servers": [{"url": "https://api.example"}], "auth": {"type": "none"},
        "endpoints": endpoints,
    })
}

/// Whether the JSON Schema takes an API page.
pub(crate) fn fits_schema(api: &Value) -> bool {
    let schema = serde_json::from_str(&json_schema::of(SchemaKind::Page(PageKind::Api))).unwrap();
    jsonschema::is_valid(&schema, api)
}

pub(crate) fn project(
    client: &Value,
    variables: &Value,
    endpoints: &Map<String, Value>,
) -> Project {
    let choice = |name| {
        if name == "python" {
            client.clone()
        } else {
            json!(name)
        }
    };
    let samples: Vec<Value> = quick_languages().into_iter().map(choice).collect();
    let site = json!({
        "title": "Docs", "navigation": ["api"], "samples": samples, "variables": variables,
    });
    let api = api(endpoints);
    // JSON is YAML; the keys of responses are texts of digits there.
    Project::empty()
        .file("spec/site.yaml", site.to_string())
        .file("spec/api.yaml", api.to_string())
}

pub(crate) fn clients() -> [Value; 2] {
    [
        json!("python"),
        json!({"language": "python", "client": "urllib"}),
    ]
}

//! What types, limits and variables read like.

use super::*;
use crate::model::{Field, Limit};
use crate::rich::phrase::PhrasePart;

fn api() -> Api {
    let scheme = AuthScheme::None;
    Api {
        intro: None,
        servers: Vec::new(),
        auth: Auth {
            scheme,
            env: None,
            description: None,
        },
        endpoints: Vec::new(),
        schemas: Vec::new(),
        sections: Vec::new(),
    }
}

fn of(types: &[Type]) -> Schema {
    Schema {
        types: types.to_vec(),
        ..Schema::default()
    }
}

fn shown(schema: &Schema) -> Vec<String> {
    let show = |fact: &Phrase| {
        let parts = fact.parts().iter().map(|part| match part {
            PhrasePart::Words(words) => words.clone(),
            PhrasePart::Code(code) => format!("`{code}`"),
        });
        parts.collect()
    };
    facts(&Messages::new("en", []), &api(), schema)
        .iter()
        .map(show)
        .collect()
}

fn limited(keyword: LimitKeyword, value: Value) -> Schema {
    Schema {
        limits: vec![Limit { keyword, value }],
        ..of(&[Type::String])
    }
}

#[test]
fn types_read_as_words() {
    let words = |schema: &Schema| types(&Messages::new("en", []), &api(), schema);
    assert_eq!(words(&of(&[Type::String, Type::Null])), "string or null");
    assert_eq!(words(&Schema::default()), "any value");
    let array = |items| Schema {
        items: Some(Box::new(items)),
        ..of(&[Type::Array])
    };
    assert_eq!(
        words(&array(array(of(&[Type::Number])))),
        "array of arrays of numbers"
    );
    let many = (0..100).fold(of(&[Type::Number]), |items, _| array(items));
    assert_eq!(
        words(&many),
        "array of arrays of arrays of arrays of arrays"
    );
    let uuid = Schema {
        format: Some("uuid".to_owned()),
        ..of(&[Type::String])
    };
    assert_eq!(words(&uuid), "string (uuid)");
    let either = Schema {
        one_of: vec![of(&[]), of(&[])],
        ..Schema::default()
    };
    assert_eq!(words(&either), "one of 2 forms");
}

#[test]
fn listed_values_say_their_types() {
    let words = |schema: &Schema| types(&Messages::new("en", []), &api(), schema);
    let constant = |value: Value| Schema {
        constant: Some(value),
        ..Schema::default()
    };
    let one_of = |values: &[Value]| Schema {
        values: values.to_vec(),
        ..Schema::default()
    };
    assert_eq!(words(&constant("function".into())), "string");
    assert_eq!(words(&constant(Value::Null)), "null");
    assert_eq!(words(&constant(true.into())), "boolean");
    let listed = one_of(&["a".into(), "b".into(), Value::Null]);
    assert_eq!(words(&listed), "string or null");
    assert_eq!(words(&one_of(&[1.into(), 2.into()])), "integer");
    assert_eq!(words(&one_of(&[1.into(), 2.5.into()])), "number");
}

#[test]
fn limits_read_as_words() {
    use LimitKeyword as Key;
    assert_eq!(
        shown(&limited(Key::MinLength, 1.into())),
        ["at least 1 character"]
    );
    assert_eq!(
        shown(&limited(Key::MaxItems, 2.into())),
        ["at most 2 items"]
    );
    assert_eq!(shown(&limited(Key::Maximum, 2.into())), ["at most `2`"]);
    let pattern = limited(Key::Pattern, "^<a>$".into());
    assert_eq!(shown(&pattern), ["matches `^<a>$`"]);
}

#[test]
fn what_an_item_takes_is_said_of_the_item() {
    let items = Schema {
        values: vec!["a".into(), 1.into()],
        ..Schema::default()
    };
    let array = Schema {
        items: Some(Box::new(items)),
        ..of(&[Type::Array])
    };
    assert_eq!(shown(&array), ["each item: one of `\"a\"` `1`"]);
}

#[test]
fn an_object_says_what_else_it_holds() {
    let field = Field {
        example: None,
        name: "a".to_owned(),
        required: true,
        schema: of(&[Type::String]),
    };
    let closed = Schema {
        fields: vec![field],
        additional: Additional::Forbidden,
        ..of(&[Type::Object])
    };
    assert_eq!(shown(&closed), ["no other fields"]);
}

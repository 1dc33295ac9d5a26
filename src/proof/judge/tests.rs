//! Numbers that no float holds, held to schemas.

use super::*;
use crate::model::{Limit, LimitKeyword as L};
use crate::variable::Variables;

/// Whether a value, as it is written, fits a schema.
fn fits(schema: &Schema, value: &str) -> bool {
    let api = Api {
        intro: None,
        servers: Vec::new(),
        auth: crate::model::Auth {
            scheme: crate::model::AuthScheme::None,
            env: None,
            description: None,
        },
        endpoints: Vec::new(),
        schemas: Vec::new(),
        sections: Vec::new(),
    };
    let variables = Variables::default();
    let mut judge = Judge::new(&api, Rc::new(Filling::new(&variables)));
    let by = judge.compiled(schema, &Pointer::page()).unwrap();
    let judged = Judged {
        value: &serde_json::from_str(value).unwrap(),
        at: &Pointer::page(),
        role: Role::Example,
    };
    judge.judge(judged, &by);
    judge.findings.is_empty()
}

#[test]
fn numbers_are_judged_by_all_their_digits() {
    for (keyword, limit, value, expected) in [
        (L::Maximum, "9007199254740992", "9007199254740992", true),
        (L::Maximum, "9007199254740992", "9007199254740993", false),
        (L::Minimum, "-9007199254740992", "-9007199254740993", false),
        (
            L::ExclusiveMaximum,
            "18446744073709551616",
            "18446744073709551615",
            true,
        ),
        (
            L::ExclusiveMaximum,
            "18446744073709551616",
            "18446744073709551616",
            false,
        ),
        (
            L::Maximum,
            "123456789012345678901234567890",
            "123456789012345678901234567891",
            false,
        ),
        (L::Maximum, "0.1", "0.10000000000000000001", false),
        (L::MultipleOf, "0.1", "0.3", true),
        (L::MultipleOf, "0.01", "19.99", true),
        (L::MultipleOf, "0.01", "19.999", false),
        (
            L::MultipleOf,
            "0.000000000000000001",
            "1.000000000000000001",
            true,
        ),
        (
            L::MultipleOf,
            "0.000000000000000001",
            "1.0000000000000000015",
            false,
        ),
        (L::MultipleOf, "3", "9007199254740993", true),
        (L::MultipleOf, "3", "9007199254740992", false),
        (L::MultipleOf, "7", "123456789012345678901234567893", false),
        (L::MultipleOf, "7", "123456789012345678901234567890", true),
    ] {
        let schema = Schema {
            limits: vec![Limit {
                keyword,
                value: serde_json::from_str(limit).unwrap(),
            }],
            ..Schema::default()
        };
        let said = format!("{value} by {} {limit}", keyword.as_str());
        assert_eq!(fits(&schema, value), expected, "{said}");
    }
}

#[test]
fn a_whole_number_is_an_integer_however_long_it_is() {
    let integer = |format: Option<&str>| Schema {
        types: vec![Type::Integer],
        format: format.map(str::to_owned),
        ..Schema::default()
    };
    for (format, value, expected) in [
        (None, "123456789012345678901234567890", true),
        (None, "1.0", true),
        (None, "1e3", true),
        (None, "9007199254740993.5", false),
        (Some("int64"), "9223372036854775807", true),
        (Some("int64"), "9223372036854775808", false),
        (Some("int64"), "-9223372036854775809", false),
        (Some("int32"), "2147483648", false),
    ] {
        assert_eq!(fits(&integer(format), value), expected, "{value}");
    }
}

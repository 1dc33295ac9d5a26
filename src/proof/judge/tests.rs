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

/// Six alternatives that hold themselves, as a lowered schema; told apart by a field or by nothing.
fn blocks(is_told_apart: bool) -> Rule {
    let block = |number: usize| {
        let mut fields = serde_json::Map::new();
        let inner = serde_json::json!({"type": "array", "items": {"$ref": "#/$defs/Block"}});
        fields.insert("blocks".to_owned(), inner);
        fields.insert("text".to_owned(), serde_json::json!({"type": "string"}));
        if is_told_apart {
            let name = serde_json::json!({"const": format!("t{number}")});
            fields.insert("type".to_owned(), name);
        }
        serde_json::json!({
            "type": "object", "properties": fields, "additionalProperties": false,
        })
    };
    let mut choice = serde_json::json!({"oneOf": (0..6).map(block).collect::<Vec<_>>()});
    if is_told_apart {
        choice["x-discriminator"] = "type".into();
    }
    let lowered = serde_json::json!({"$ref": "#/$defs/Block", "$defs": {"Block": choice}});
    Rule::new(&lowered, &Pointer::page()).unwrap()
}

#[test]
fn alternatives_that_hold_themselves_take_steps_as_the_value_grows() {
    for is_told_apart in [true, false] {
        let rule = blocks(is_told_apart);
        let steps = |depth: usize| {
            let mut value = serde_json::json!({"type": "t5", "txt": "typo"});
            for _ in 0..depth {
                value = serde_json::json!({"type": "t5", "blocks": [value]});
            }
            if !is_told_apart {
                let text = value.to_string().replace("\"type\":\"t5\",", "");
                value = serde_json::from_str(&text).unwrap();
            }
            let (findings, steps) = rule.judge_counted(&value, Role::Example);
            assert_eq!(findings.len(), 1);
            if is_told_apart {
                assert_eq!(findings[0].code, Code::UndocumentedField);
            }
            steps
        };
        let [one, two, four] = [8, 16, 32].map(steps);
        assert!(two <= 2 * one && four <= 2 * two, "{one}, {two}, {four}");
    }
}

#[test]
fn a_value_has_as_many_findings_as_its_budget() {
    let lowered = serde_json::json!({"type": "array", "items": {"type": "string"}});
    let rule = Rule::new(&lowered, &Pointer::page()).unwrap();
    for (faults, are_more) in [
        (MOST_FINDINGS, false),
        (MOST_FINDINGS + 1, true),
        (10_000, true),
    ] {
        let findings = rule.judge(&Value::from(vec![1; faults]), Role::Body);
        assert_eq!(findings.len(), MOST_FINDINGS);
        let (last, others) = findings.split_last().unwrap();
        let says_more = |one: &Finding| one.help.contains("the rest is not listed");
        assert_eq!(says_more(last), are_more, "{faults}: {}", last.help);
        assert!(!others.iter().any(says_more));
    }
}

#[test]
fn faults_in_alternatives_beyond_the_budget_are_told_to_be_left_out() {
    let named = |name: &str| {
        serde_json::json!({
            "type": "object", "required": ["type", "text"],
            "properties": {"type": {"const": name}, "text": {"type": "string"}},
        })
    };
    let lowered = serde_json::json!({"type": "array", "items": {
        "oneOf": [named("a"), named("b")], "x-discriminator": "type",
    }});
    let rule = Rule::new(&lowered, &Pointer::page()).unwrap();
    for (faults, are_more) in [(MOST_FINDINGS, false), (MOST_FINDINGS + 1, true)] {
        let value = Value::from(vec![serde_json::json!({"type": "a"}); faults]);
        let findings = rule.judge(&value, Role::Body);
        assert_eq!(findings.len(), MOST_FINDINGS);
        let says_more = findings[MOST_FINDINGS - 1]
            .help
            .contains("the rest is not listed");
        assert_eq!(says_more, are_more, "{faults}");
    }
}

#[test]
fn a_number_too_long_to_reckon_with_is_a_finding() {
    let digits = "7".repeat(100_000);
    for limit in [&*digits, "1e1000000000", "1e-1000000000"] {
        let lowered = format!("{{\"multipleOf\": {limit}}}");
        let lowered = serde_json::from_str(&lowered).unwrap();
        assert!(Rule::new(&lowered, &Pointer::page()).is_err());
    }
    let rule = Rule::new(&serde_json::json!({"multipleOf": 7}), &Pointer::page()).unwrap();
    for value in [&*digits, "1e1000000000", "-1e-1000000000"] {
        let value = serde_json::from_str(value).unwrap();
        assert_eq!(rule.judge(&value, Role::Body).len(), 1);
    }
}

//! Tests of validating numbers that no float can represent.

use super::super::limits::Validators;
use super::*;
use crate::hole::variable::Variables;
use crate::model::{Limit, LimitKeyword as L};

/// Returns whether a value, as it is written, fits a schema.
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
    let by = judge.rule(schema, &Pointer::page()).unwrap();
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

/// Six alternatives that contain themselves, as a lowered schema; distinguished by a field or by
/// nothing.
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
    Rule::new(&lowered, &Pointer::page(), &mut Validators::of_page()).unwrap()
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
            let (findings, steps) = rule.judge_counted(&value, Role::Example, MOST_FINDINGS);
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
    let rule = Rule::new(&lowered, &Pointer::page(), &mut Validators::of_page()).unwrap();
    for (faults, are_more) in [
        (MOST_FINDINGS, false),
        (MOST_FINDINGS + 1, true),
        (10_000, true),
    ] {
        let findings = rule.judge(&Value::from(vec![1; faults]), Role::Body);
        assert_eq!(findings.len(), MOST_FINDINGS);
        let (last, others) = findings.split_last().unwrap();
        let says_more = |one: &Finding| one.help.contains("the others are not listed");
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
    let rule = Rule::new(&lowered, &Pointer::page(), &mut Validators::of_page()).unwrap();
    for (faults, are_more) in [(MOST_FINDINGS, false), (MOST_FINDINGS + 1, true)] {
        let value = Value::from(vec![serde_json::json!({"type": "a"}); faults]);
        let findings = rule.judge(&value, Role::Body);
        assert_eq!(findings.len(), MOST_FINDINGS);
        let says_more = findings[MOST_FINDINGS - 1]
            .help
            .contains("the others are not listed");
        assert_eq!(says_more, are_more, "{faults}");
    }
}

#[test]
fn a_number_too_long_to_reckon_with_is_a_finding() {
    let digits = "7".repeat(100_000);
    for limit in [&*digits, "1e1000000000", "1e-1000000000"] {
        let lowered = format!("{{\"multipleOf\": {limit}}}");
        let lowered = serde_json::from_str(&lowered).unwrap();
        assert!(Rule::new(&lowered, &Pointer::page(), &mut Validators::of_page()).is_err());
    }
    let rule = Rule::new(
        &serde_json::json!({"multipleOf": 7}),
        &Pointer::page(),
        &mut Validators::of_page(),
    )
    .unwrap();
    for value in [&*digits, "1e1000000000", "-1e-1000000000"] {
        let value = serde_json::from_str(value).unwrap();
        assert_eq!(rule.judge(&value, Role::Body).len(), 1);
    }
}

/// Returns a rule made of a lowered schema.
fn rule(lowered: &Value) -> Rule {
    Rule::new(lowered, &Pointer::page(), &mut Validators::of_page()).unwrap()
}

/// Alternatives that contain themselves in one way: its name, the schemas, a value around another,
/// and the innermost value with an error.
type Shape = (&'static str, Value, fn(Value) -> Value, fn() -> Value);

/// Returns every way in which a schema can contain itself through alternatives.
fn shapes() -> Vec<Shape> {
    use serde_json::json;
    let block = |more: Value| {
        let mut block = json!({"type": "object", "additionalProperties": false});
        block["properties"] = more;
        block
    };
    let again = || json!({"$ref": "#/$defs/A"});
    let six = |one: &dyn Fn(usize) -> Value| (0..6).map(one).collect::<Vec<Value>>();
    let root = |definitions: Value| json!({"$ref": "#/$defs/A", "$defs": definitions});
    let typo = || json!({"txt": 1});
    vec![
        (
            "a field, untagged",
            root(json!({"A": {"oneOf": six(&|_| block(json!({"in": again()})))}})),
            |inner| json!({"in": inner}),
            typo,
        ),
        (
            "items of a union",
            root(json!({"A": {"oneOf": six(&|_| json!({"type": "array", "items": again()}))}})),
            |inner| json!([inner, inner]),
            || json!(1),
        ),
        (
            "a map of unions",
            root(json!({"A": {"oneOf": six(&|_| json!({
                "type": "object", "additionalProperties": again(),
            }))}})),
            |inner| json!({"a": inner}),
            || json!(1),
        ),
        (
            "two schemas in turn",
            root(json!({
                "A": {"oneOf": six(&|_| block(json!({"in": {"$ref": "#/$defs/B"}})))},
                "B": {"oneOf": six(&|_| block(json!({"in": again()})))},
            })),
            |inner| json!({"in": inner}),
            typo,
        ),
        (
            "alternatives of alternatives",
            root(json!({
                "A": {"oneOf": [{"$ref": "#/$defs/B"}, {"$ref": "#/$defs/B"}]},
                "B": {"oneOf": [{"$ref": "#/$defs/C"}, {"$ref": "#/$defs/C"}]},
                "C": {"oneOf": six(&|_| block(json!({"in": again()})))},
            })),
            |inner| json!({"in": inner}),
            typo,
        ),
        (
            "fields beside alternatives",
            root(json!({"A": {
                "type": "object",
                "properties": {"id": {"type": "string"}},
                "unevaluatedProperties": false,
                "oneOf": six(&|_| json!({"type": "object", "properties": {"in": again()}})),
            }})),
            |inner| json!({"id": "a", "in": inner}),
            || json!({"in": 1}),
        ),
        (
            "tagged by a constant",
            root(json!({"A": {"oneOf": six(&|number| {
                let mut one = block(json!({"t": {"const": number}, "in": again()}));
                one["required"] = json!(["t"]);
                one
            })}})),
            |inner| json!({"t": 5, "in": inner}),
            || json!({"t": 5, "txt": 1}),
        ),
    ]
}

#[test]
fn every_way_to_hold_oneself_takes_steps_as_the_value_grows() {
    for (what, lowered, around, innermost) in shapes() {
        let rule = rule(&lowered);
        let steps = |depth: usize| {
            // A value that doubles at each level is shared out by its depth.
            let doubles = what == "items of a union";
            let levels = if doubles {
                depth.ilog2() as usize
            } else {
                depth
            };
            let value = (0..levels).fold(innermost(), |inner, _| around(inner));
            let (findings, steps) = rule.judge_counted(&value, Role::Body, MOST_FINDINGS);
            assert!(!findings.is_empty(), "{what}");
            steps
        };
        let [one, two, four] = [16, 32, 64].map(steps);
        // Each further level costs what the one before did.
        let [second, third] = [two - one, four - two];
        assert!(
            third <= 2 * second + second / 4,
            "{what}: {one}, {two}, {four}"
        );
    }
}

#[test]
fn what_is_remembered_of_a_value_does_not_grow_with_its_alternatives() {
    use serde_json::json;
    let one = |number: usize| {
        json!({
            "type": "object",
            "properties": {"type": {"const": number}, "text": {"type": "string"}},
        })
    };
    let alternatives: Vec<Value> = (0..200).map(one).collect();
    let rule = rule(&json!({"type": "array", "items": {"oneOf": alternatives}}));
    let value = Value::from(vec![json!({"type": 199, "text": "a"}); 1_000]);
    let mut walk = Walk::new(&rule);
    assert!(walk.is_valid(0, &value));
    // The list, and each of its items once.
    assert!(walk.remembered() <= 1_001, "{}", walk.remembered());
    assert!(walk.steps > 200_000, "{}", walk.steps);
}

#[test]
fn values_are_compared_by_what_they_are_however_long_their_numbers() {
    let long = "7".repeat(100_000);
    for (lowered, value, fits) in [
        (
            "{\"uniqueItems\": true}",
            "[1e100, 1e101, 1e-400, 1e400]",
            true,
        ),
        ("{\"uniqueItems\": true}", "[1e400, 10e399]", false),
        ("{\"uniqueItems\": true}", "[1e-400, 0.1e-399]", false),
        (
            "{\"uniqueItems\": true}",
            "[9007199254740993, 9007199254740992]",
            true,
        ),
        (
            "{\"uniqueItems\": true}",
            "[{\"a\": 1, \"b\": 2}, {\"b\": 2.0, \"a\": 1e0}]",
            false,
        ),
        ("{\"uniqueItems\": true}", "[1, \"1\", [1], true]", true),
        ("{\"uniqueItems\": true}", "[[1, 12], [11, 2]]", true),
        (
            "{\"uniqueItems\": true}",
            "[1e1000000000, 10e999999999]",
            false,
        ),
        (
            "{\"uniqueItems\": true}",
            &format!("[{long}, {long}0]"),
            true,
        ),
        ("{\"uniqueItems\": false}", "[1, 1]", true),
        ("{\"uniqueItems\": true}", "{\"a\": 1}", true),
        ("{\"enum\": [9007199254740993]}", "9007199254740992", false),
        ("{\"enum\": [\"a\", 1e400]}", "10e399", true),
        ("{\"enum\": [[1.5, 2]]}", "[15e-1, 2.0]", true),
        ("{\"enum\": [[1.5, 2]]}", "[1.5, 2, 3]", false),
        (
            "{\"const\": {\"a\": 1e1000000000}}",
            "{\"a\": 1e1000000000}",
            true,
        ),
        ("{\"const\": {\"a\": 1}}", "{\"a\": 1, \"b\": 1}", false),
        ("{\"const\": \"a\"}", "\"ab\"", false),
        (
            &format!("{{\"const\": {long}}}"),
            &format!("{long}.0"),
            true,
        ),
    ] {
        let rule = rule(&serde_json::from_str(lowered).unwrap());
        let value = serde_json::from_str(value).unwrap();
        let findings = rule.judge(&value, Role::Body);
        assert_eq!(findings.is_empty(), fits, "{lowered:.60} {findings:?}");
        assert!(findings.len() < 2, "{findings:?}");
    }
}

#[test]
fn alternatives_that_a_required_field_names_are_not_all_asked() {
    use serde_json::json;
    let one = |number: usize| {
        json!({
            "type": "object", "required": ["type"],
            "properties": {"type": {"enum": [number, format!("t{number}")]},
                "id": {"const": 1}},
        })
    };
    let named = |number: usize| json!({"$ref": format!("#/$defs/D{number}")});
    let mut definitions = serde_json::Map::new();
    definitions.extend((0..200).map(|number| (format!("D{number}"), one(number))));
    let mut alternatives: Vec<Value> = (0..200).map(named).collect();
    // An alternative without such a field is always validated; lists and empty objects fit it.
    alternatives.push(json!({"enum": [[], {}]}));
    let items = json!({"oneOf": alternatives});
    let rule = rule(&json!({"type": "array", "items": items, "$defs": definitions}));
    let mut items = vec![json!({"type": 199}); 500];
    items.extend(vec![json!({"type": "t0", "id": 1.0}); 500]);
    items.extend([json!([]), json!({})]);
    let value = Value::from(items.clone());
    let (findings, steps) = rule.judge_counted(&value, Role::Body, MOST_FINDINGS);
    assert!(findings.is_empty(), "{findings:?}");
    assert!(steps < 10 * items.len(), "{steps}");
    for wrong in [
        json!({"type": 200}),
        json!({"type": "t0", "id": 2}),
        json!({"type": null}),
        json!({"id": 1}),
        json!("t0"),
    ] {
        assert_eq!(rule.judge(&json!([wrong]), Role::Body).len(), 1, "{wrong}");
    }
}

#[test]
fn a_value_that_takes_too_many_steps_is_a_finding_and_takes_no_more() {
    use super::super::held::MOST_STEPS;
    use serde_json::json;
    let one = |number: usize| json!({"type": "integer", "minimum": number});
    let alternatives: Vec<Value> = (0..1_000).map(one).collect();
    let rule = rule(&json!({"type": "array", "items": {"oneOf": alternatives}}));
    let (findings, _) = rule.judge_counted(&json!([0, 0]), Role::Body, MOST_FINDINGS);
    assert!(findings.is_empty());
    let value = Value::from(vec![0; 2 * MOST_STEPS / 1_000]);
    let (findings, steps) = rule.judge_counted(&value, Role::Body, MOST_FINDINGS);
    assert!(
        steps < MOST_STEPS + value.as_array().unwrap().len(),
        "{steps}"
    );
    let [finding] = &findings[..] else {
        panic!("{findings:?}");
    };
    assert!(finding.message.contains("too many steps"), "{findings:?}");
}

#[test]
fn a_long_text_counts_as_many_steps() {
    use serde_json::json;
    let one = |number: usize| json!({"pattern": format!("^a*{number}$")});
    let alternatives: Vec<Value> = (0..200).map(one).collect();
    let rule = rule(&json!({"oneOf": alternatives}));
    let value = Value::from(format!("{}7", "a".repeat(64_000)));
    let (findings, steps) = rule.judge_counted(&value, Role::Body, MOST_FINDINGS);
    assert!(findings.is_empty() && steps > 200_000, "{steps}");
}

#[test]
fn a_large_pattern_counts_as_many_steps() {
    use serde_json::json;
    let large = rule(&json!({"pattern": "^(?:[a-z]?[a-z]?){60000}$"}));
    for (letters, is_judged) in [(100, true), (20_000, false)] {
        let value = Value::from("a".repeat(letters));
        let (findings, steps) = large.judge_counted(&value, Role::Body, MOST_FINDINGS);
        assert_eq!(findings.is_empty(), is_judged, "{letters}: {steps}");
    }
}

#[test]
fn what_nests_too_deep_is_a_finding_and_ends_nothing() {
    use serde_json::json;
    // As many alternatives and references within each other as a page may have, at each level.
    let mut definitions = serde_json::Map::new();
    for number in 0..30 {
        let next = json!({"$ref": format!("#/$defs/R{number}")});
        let one_of = json!({"oneOf": [next, {"type": "string"}]});
        definitions.insert(format!("A{number}"), one_of);
        let next = json!({"$ref": format!("#/$defs/A{}", number + 1)});
        definitions.insert(format!("R{number}"), next);
    }
    let items = json!({"type": "array", "items": {"$ref": "#/$defs/A0"}});
    definitions.insert("A30".to_owned(), items);
    let rule = rule(&json!({"$ref": "#/$defs/A0", "$defs": definitions}));
    let nested = |depth| (1..depth).fold(json!([1]), |inner, _| json!([inner]));
    let findings = rule.judge(&nested(120), Role::Body);
    assert_eq!(findings.len(), 1);
    // Values within the depth limit are validated.
    let findings = rule.judge(&nested(10), Role::Body);
    assert_eq!(findings.len(), 1);
    assert!(!findings[0].message.contains("too deep"));
    let right = (0..10).fold(json!([]), |inner, _| json!([inner]));
    assert!(rule.judge(&right, Role::Body).is_empty());
}

#[test]
fn a_message_stays_short_whatever_the_value() {
    use serde_json::json;
    let long = "a\n".repeat(500_000);
    let lowered = json!({
        "type": "object", "additionalProperties": false, "required": ["n"],
        "properties": {"n": {"type": "integer"}, "p": {"pattern": "^x"}, "e": {"enum": ["x"]},
            "m": {"type": "object", "additionalProperties": {"type": "integer"}},
            "o": {"oneOf": [{"type": "integer"}, {"type": "null"}], "x-discriminator": "t"}},
    });
    let rule = rule(&lowered);
    for value in [
        json!({"n": long}),
        json!({"p": long}),
        json!({"e": long}),
        json!({"n": 1, (long.clone()): 1}),
        json!({"n": 1, "m": {(long.clone()): "a"}}),
        json!({"n": 1, "o": {"t": long}}),
        json!(long),
    ] {
        for finding in rule.judge(&value, Role::Body) {
            let choice = finding.choice.as_deref().unwrap_or("").len();
            let [message, help] = [&finding.message, &finding.help].map(|it| it.len());
            assert!(
                message + help + choice < 1_000,
                "{}",
                &finding.message[..60]
            );
        }
    }
}

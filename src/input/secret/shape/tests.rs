//! Tests of the pre-check: it must not skip a text that has one of the shapes.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::*;

/// Pseudorandom numbers, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }
}

/// Writes a text that an expression matches: repetitions at their minimum, or a few more.
fn write(hir: &Hir, dice: &mut Dice, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).unwrap()),
        HirKind::Class(class) => {
            let class = match class {
                Class::Unicode(class) => class.clone(),
                Class::Bytes(class) => class.to_unicode_class().unwrap(),
            };
            let ranges = class.ranges();
            let range = ranges[dice.below(ranges.len())];
            let count = range.end() as usize - range.start() as usize + 1;
            let code = range.start() as u32 + dice.below(count) as u32;
            out.push(char::from_u32(code).unwrap());
        }
        HirKind::Repetition(repeated) => {
            let most = repeated.max.unwrap_or(u32::MAX).min(repeated.min + 2);
            let more = dice.below((most - repeated.min) as usize + 1);
            for _ in 0..repeated.min as usize + more {
                write(&repeated.sub, dice, out);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, dice, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, dice, out)),
        HirKind::Alternation(ways) => write(&ways[dice.below(ways.len())], dice, out),
    }
}

#[test]
fn the_pre_check_skips_no_shape() {
    let mut dice = Dice(1);
    for shape in written() {
        let hir = regex_syntax::parse(&shape).unwrap();
        for _ in 0..200 {
            let mut text = String::new();
            write(&hir, &mut dice, &mut text);
            for before in ["", " ", "-", "é", "a=", "\\n", "/\u{a0}", "key: \""] {
                for behind in ["", " ", ".", "é", "\"", "@", "\\n"] {
                    let text = format!("{before}{text}{behind}");
                    assert!(SHAPES.is_match(&text), "{shape}: {text}");
                    assert!(may_hold(&text), "{shape}: {text}");
                }
            }
        }
    }
}

#[test]
fn the_pre_check_skips_common_text_of_documentation() {
    for text in [
        "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
        "/bots/019dd3d4-4b7e-71eb-9561-5cf790a5da57/chat/completions",
        "Ada of the corner, number 7",
        "Authorization: Bearer $FLUENTBOT_API_KEY",
        "Authorization: Bearer YOUR_FLUENTBOT_API_KEY",
        "const secret = process.env.FLUENTBOT_IDENTITY_SECRET",
        "token_usage.input_tokens\nli id=\"fluent-support-chat\"",
        "a task-of-the-whole-department",
        "ada.lovelace.the.first@example.com",
        "mailto:ada@example.com",
        "https://example.com/a-long-path-of-many-words?to=ada@example.com",
        "----------------------------",
    ] {
        assert!(!may_hold(text), "{text}");
    }
}

#[test]
fn rows_are_as_long_as_they_can_be() {
    let row = "a".repeat(ROW);
    for (text, found) in [
        (row[1..].to_owned(), vec![]),
        (row.clone(), vec![(0, ROW)]),
        (format!("a {row}- b"), vec![(2, ROW + 3)]),
        (
            format!("{row}.{row}"),
            vec![(0, ROW), (ROW + 1, 2 * ROW + 1)],
        ),
        (format!("{row}.{}.", &row[1..]), vec![(0, ROW)]),
    ] {
        let rows = rows(text.as_bytes()).map(|row| (row.start, row.end));
        assert_eq!(rows.collect::<Vec<_>>(), found, "{text}");
    }
}

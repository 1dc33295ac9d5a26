//! Tests of rewriting: what changes in a text, and what stays.

use super::*;

fn marker(index: usize) -> String {
    Hole::new(VariableId::new(index).unwrap())
        .marker()
        .to_string()
}

/// Variable 0 (`@`) is any text, 1 (`^u`) a URL, 2 (`^p`) plain; values are shown as names.
fn rewrite(text: &str) -> String {
    let text = text
        .replace("@", &marker(0))
        .replace("^u", &marker(1))
        .replace("^p", &marker(2));
    let resolve = |_: LinkKind, destination: &str| match destination {
        "nowhere" => ResolvedLink::Nowhere,
        page if page.ends_with(".yaml") => ResolvedLink::Url(page.replace(".yaml", ".md")),
        _ => ResolvedLink::AsWritten,
    };
    let out = to_markdown(
        &text,
        &Surroundings {
            top_level: 3,
            label_prefix: "p.",
            resolve: &resolve,
            is_url: &|id| id.index() == 1,
            is_plain: &|id| id.index() == 2,
        },
    );
    let mut shown = String::new();
    for character in out.chars() {
        match Hole::from_marker(character) {
            None => shown.push(character),
            Some(hole) => {
                let names: Vec<_> = hole.encodings().map(Encoding::name).collect();
                shown.push_str(&format!(
                    "{{{}:{}}}",
                    hole.variable.index(),
                    names.join(",")
                ));
            }
        }
    }
    shown
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(rewrite(text), expected);
}

#[track_caller]
fn stays(text: &str) {
    check(text, text);
}

#[test]
fn comments_are_left_out() {
    check(
        "a <!-- b --> c\n\n<!--\nd\n-->\n\nf\n\n<!-- g --> <i>\n",
        "a  c\n\n\nf\n\n\\<i>",
    );
}

#[test]
fn what_needs_no_change_stays_as_it_was_written() {
    stays("a *b* __c__ `d` \\* &copy; <https://x> ~~e~~\n\n* f\n* g\n\n1) h\n\n---");
    stays("> [!NOTE]\n> a\n\n| a | b |\n| - | :-: |\n| \\| | c |\n\n- [x] d\n- [ ] e");
    stays("[a](https://x \"t\") ![b](https://y) [c](#d) [no reference]");
    stays("    code  \n\n```js\na  \n\n```");
}

#[test]
fn elements_callouts_and_addresses_stay_as_they_were_written() {
    stays("a<br>b <kbd>c</kbd> H<sub>2</sub>O\n\n| a<br>b |\n| --- |");
    stays("<details open>\n<summary>T *e*</summary>\n\nx\n\n</details>");
    stays("> [!TIP] Title `t`\n> x");
    stays("See https://x.io/a_b, and https\\://y.io.");
    stays("**注意：**必ず [x](https://a.io)**「引用」**です。");
    stays("```js {1,3} a.js\n1\n2\n3\n```\n\n```console\n$ ls\na\n```");
    check(
        "See https://x.io/@/b.",
        "See [https://x.io/{0:markdown}/b](https://x.io/{0:url}/b).",
    );
    check("<kbd>@</kbd>", "<kbd>{0:markdown}</kbd>");
    check(
        "<details>\n<summary>@</summary>\n\n@\n\n</details>",
        "<details>\n<summary>{0:markdown}</summary>\n\n{0:markdown}\n\n</details>",
    );
}

#[test]
fn headings_follow_each_other_without_a_gap() {
    check(
        "# A #\n### B\n## C\n##### D",
        "### A #\n#### B\n#### C\n##### D",
    );
    check("## A {#b}\n\n### C `d` {#e}\n", "### A\n\n#### C `d`");
    check(
        "A *b*\n===\n\nC\nd\n---\n\n> E\n> ---\n> f",
        "### A *b*\n\n#### C d\n\n> #### E\n> f",
    );
    check(
        "### A\n## B\n## C @ {#d}",
        "### A\n### B\n### C {0:markdown}",
    );
}

#[test]
fn links_lead_to_where_they_are_resolved_to() {
    check(
        "[a *b*](c.yaml) [d](<e.yaml> \"t\\\"\")",
        "[a *b*](c.md) [d](e.md \"t\\\"\")",
    );
    check("[![a](b.yaml)](c.yaml)", "[![a](b.md)](c.md)");
    check("see [a `b`](nowhere), ![c](nowhere)", "see a `b`, c");
}

#[test]
fn references_become_inline_links() {
    check(
        "[a][R] [r][] [r] ![i][r]\n\n[r]: b.yaml 'T'\n\nEnd.",
        "[a](b.md \"T\") [r](b.md \"T\") [r](b.md \"T\") ![i](b.md \"T\")\n\nEnd.",
    );
    check("a\n\n[r]: x \n[s]: y\n b", "a\n\n b");
    check("> [a]\n>\n> [a]: b\n\nc\n\n[d]: e", "> [a](b)\n>\n>\n\nc");
}

#[test]
fn destinations_are_kept_from_ending_too_soon() {
    check(
        "[a](<https://x/(b;c&d)>)[e][]\n\n[e]: <https://x/(;&>",
        "[a](<https://x/(b;c&d)>)[e](<https://x/(;&amp;>)",
    );
    check(
        "[a](https://x/@?y) [b](<^u/c>) <https://x/@>",
        "[a](https://x/{0:url}?y) [b](<{1:markdown}/c>) [https://x/{0:markdown}](https://x/{0:url})",
    );
    check("[a](x \"@\")", "[a](x \"{0:markdown}\")");
}

#[test]
fn variables_learn_that_they_are_in_markdown() {
    check(
        "Hi @! \\*@* _@_",
        "Hi {0:markdown}! \\*{0:markdown}\\* _{0:markdown}_",
    );
    check("@. a **@**b", "{0:markdown}\\. a **{0:markdown}**b");
    check("`^p` `a @ *`", "`{2:}` <code>a {0:markdown} \\*</code>");
    check("```\n^p\n```", "```\n{2:}\n```");
    check(
        "| @ | \\|@ |\n|---|---|",
        "| {0:markdown} | \\|{0:markdown} |\n|---|---|",
    );
    check("a @ \n> b @\n> c", "a {0:markdown}\n> b {0:markdown}\n> c");
}

#[test]
fn html_is_text() {
    check(
        "a <b>@</b>\n\n<div>\n  *x*\n</div>\n\nc",
        "a \\<b>{0:markdown}\\</b>\n\n\\<div>\n&#32; \\*x\\*\n\\</div>\n\nc",
    );
}

#[test]
fn footnotes_are_told_apart_from_those_of_other_texts() {
    check("a[^b]\n\n[^b]: c", "a[^p.b]\n\n[^p.b]: c");
}

#[test]
fn nothing_runs_on_into_what_follows() {
    check("```js\na", "```js\na\n```");
    check("~~~~\n~~~\n", "~~~~\n~~~\n~~~~");
    check("- ```\n  a\n  ```\n", "- ```\n  a\n  ```");
}

#[test]
fn no_line_ends_in_spaces() {
    check("a  \nb \n\tc \t\n", "a\\\nb\n\tc");
}

#[test]
fn code_within_a_line_can_hold_backticks() {
    let span = |text: &str| code_span(text, &|_| false);
    assert_eq!(span("a"), "`a`");
    assert_eq!(span("a``b`c"), "```a``b`c```");
    assert_eq!(span("`a"), "`` `a ``");
    assert_eq!(span("a\nb"), "`a b`");
}

//! Tests of the whole module: the HTML of Markdown texts.

use super::*;
use crate::hole::{Hole, Holed, Values};

/// Variable 0 is a name, variable 1 a URL.
fn marker(index: usize) -> char {
    Hole::new(VariableId::new(index).unwrap()).marker()
}

fn resolve(kind: LinkKind, destination: &str) -> ResolvedLink {
    match (kind, destination) {
        (LinkKind::Link, "guide.md") => ResolvedLink::Url("guide.html".into()),
        (LinkKind::Link, "lost.md") => ResolvedLink::Nowhere,
        (LinkKind::Image, "a.png") => ResolvedLink::Image {
            url: "assets/a-1.png".into(),
            width: 3,
            height: 4,
        },
        _ => ResolvedLink::AsWritten,
    }
}

fn with_options<T>(render: impl Fn(&MarkdownOptions<'_>) -> T) -> T {
    render(&MarkdownOptions {
        highlighter: &Highlighter::new(),
        messages: &Messages::new("en", []),
        top_level: 2,
        id_prefix: "p.",
        footnotes: "_p.",
        resolve: &resolve,
        is_url: &|variable| variable.index() == 1,
    })
}

fn html(text: &str) -> String {
    with_options(|options| to_html(text, options).as_str().to_owned())
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(html(text).trim_end(), expected);
}

#[test]
fn prose_becomes_elements() {
    check(
        "a *b* **c** ~~d~~ `e<`\\\nf\ng & \"h\"\n\n> q\n\n---\n\n3. x\n4. y\n\n- z",
        "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code><br>\nf\ng &amp; \"h\"</p>\n\
         <blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n<ol start=\"3\">\n<li>x</li>\n<li>y</li>\n</ol>\n\
         <ul>\n<li>z</li>\n</ul>",
    );
}

#[test]
fn comments_are_left_out_and_other_html_is_text() {
    check(
        "a <!-- b --> c\n\n<!--\nd\n\n- e\n-->\n\nf\n\n<!-- g --> <!-- h --> i\n\n> <!--\n> j\n> -->\n\n<i> <!-- k",
        "<p>a  c</p>\n<p>f</p>\n<p>i</p>\n<blockquote>\n</blockquote>\n<p>&lt;i&gt; &lt;!-- k</p>",
    );
    // An unclosed comment hides nothing.
    check("<!-- a\n\nb", "<p>&lt;!-- a\n\nb</p>");
    check("`<!-- a -->`", "<p><code>&lt;!-- a --&gt;</code></p>");
}

#[test]
fn headings_begin_at_the_level_of_their_place() {
    check(
        "## A\n#### B `c`\n## D {#d}\n",
        "<h2 id=\"p.a\">A<a class=\"anchor\" href=\"#p.a\" aria-label=\"Link to A\"></a></h2>\n\
         <h4 id=\"p.b-c\">B <code>c</code>\
         <a class=\"anchor\" href=\"#p.b-c\" aria-label=\"Link to B c\"></a></h4>\n\
         <h2 id=\"d\">D<a class=\"anchor\" href=\"#d\" aria-label=\"Link to D\"></a></h2>",
    );
    assert!(html("# A\n###### B").contains("<h6 id=\"p.b\">"));
}

#[test]
fn tables_scroll_and_have_headers() {
    check(
        "| a | |\n|--:|:-:|\n| `1` | 2 |\n",
        "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table: a\"><table><thead><tr>\
         <th scope=\"col\" class=\"right\">a</th><td class=\"center\"></td></tr></thead><tbody>\n\
         <tr><td class=\"right\"><code>1</code></td><td class=\"center\">2</td></tr>\n\
         </tbody></table></div>",
    );
}

#[test]
fn admonitions_and_tasks_say_in_words_what_they_are() {
    check(
        "> [!WARNING]\n> Hot.\n\n- [x] a\n- [ ] b\n",
        "<aside class=\"warning\" role=\"note\"><p class=\"title\">Warning</p>\n<p>Hot.</p>\n</aside>\n<ul>\n\
         <li><input type=\"checkbox\" disabled checked aria-label=\"Done\"> a</li>\n\
         <li><input type=\"checkbox\" disabled aria-label=\"To do\"> b</li>\n</ul>",
    );
}

#[test]
fn fixed_elements_become_ours() {
    check(
        "a <kbd>Ctrl *x*</kbd> H<sub>2</sub>O x<SUP>2</SUP><br>b<br/>c",
        "<p>a <kbd>Ctrl <em>x</em></kbd> H<sub>2</sub>O x<sup>2</sup><br>\nb<br>\nc</p>",
    );
    let cell = html("| a |\n|---|\n| b<br />c <kbd>d</kbd> |\n");
    assert!(cell.contains("<td>b<br>\nc <kbd>d</kbd></td>"), "{cell}");
    check(
        "<details>\n<summary>T *e* <kbd>k</kbd> & <i></summary>\n\nx **y**\n\n```json\n1\n```\n\n</details>\n\nz",
        "<details class=fold>\n<summary>T <em>e</em> <kbd>k</kbd> &amp; &lt;i&gt;</summary>\n\
         <p>x <strong>y</strong></p>\n<div class=\"code\" data-language=\"JSON\"><pre tabindex=0><code>\
         <b class=n>1</b></code></pre></div>\n</details>\n<p>z</p>",
    );
    // What begins as a block is words, too, and scripts without spaces have their emphasis.
    check(
        "<details>\n<summary>1. **Install** it</summary>\n\nx\n\n</details>",
        "<details class=fold>\n<summary>1. <strong>Install</strong> it</summary>\n<p>x</p>\n</details>",
    );
    check(
        "<details>\n<summary>**注意：**必ず</summary>\n\nx\n\n</details>",
        "<details class=fold>\n<summary><strong>注意：</strong>必ず</summary>\n<p>x</p>\n</details>",
    );
    check(
        "- a\n\n  <details open><summary>\n  T\n  </summary>\n\n  x\n\n  </details>\n- b",
        "<ul>\n<li><p>a</p>\n<details class=fold open>\n<summary>T</summary>\n<p>x</p>\n</details>\n</li>\n\
         <li><p>b</p>\n</li>\n</ul>",
    );
    check(
        "> <!-- c --> <details> <summary>T</summary>\n>\n> <details>\n> <summary>U</summary>\n>\n> x\n> </details>\n> </details>",
        "<blockquote>\n<details class=fold>\n<summary>T</summary>\n<details class=fold>\n<summary>U</summary>\n\
         <p>x</p>\n</details>\n</details>\n</blockquote>",
    );
}

#[test]
fn elements_in_a_wrong_place_are_text_and_reported() {
    for (text, message) in [
        ("a <kbd>b", "missing `</kbd>`"),
        ("a b</kbd>", "`</kbd>` that closes nothing here"),
        ("*a <kbd>b*</kbd>", "missing `</kbd>`"),
        (
            "<kbd>a <sub>b</kbd></sub> c",
            "`</kbd>` that closes nothing here",
        ),
        ("a <kbd>b\n\nc</kbd>", "missing `</kbd>`"),
        ("| a |\n|---|\n| <sup>b | c</sup> |", "missing `</sup>`"),
        ("a <details>b</details>", "`<details>` within a line"),
        (
            "<details>\n<summary>T</summary>\n\nx",
            "missing `</details>`",
        ),
        (
            "<details>\n\nx\n\n</details>",
            "`<details>` without a `<summary>`",
        ),
        ("x\n\n</details>", "`</details>` that closes nothing here"),
        (
            "- <details>\n  <summary>T</summary>\n\nx\n\n</details>",
            "missing `</details>`",
        ),
        (
            "<details>\n<summary>T</summary>\nx\n\n</details>",
            "text beside a tag of `<details>`, which Markdown does not read",
        ),
        (
            "<details>\n<summary>T</summary>\n\nx\n\n</details>\ny",
            "text beside a tag of `<details>`, which Markdown does not read",
        ),
        (
            "<details class=\"a\">\n<summary>T</summary>\n\nx\n\n</details>",
            "an attribute of `<details>`",
        ),
        (
            "<summary>T</summary>",
            "a `<summary>` that is not the first in a `<details>`",
        ),
        (
            "<details>\n<summary>T</summary>\n<summary>U</summary>\n\n</details>",
            "a `<summary>` that is not the first in a `<details>`",
        ),
        (
            "<details>\n<summary>T\nU\nV</summary>\n\n</details>",
            "a `<summary>` that is not closed on its line",
        ),
        (
            "<details>\n<summary>a [b][c]</summary>\n\n</details>\n\n[c]: d",
            "a reference or a footnote in a `<summary>`",
        ),
        (
            "<details>\n<summary>a[^1]</summary>\n\n</details>\n\n[^1]: d",
            "a reference or a footnote in a `<summary>`",
        ),
        (
            "<details>\n<summary>a <kbd>b</summary>\n\n</details>",
            "missing `</kbd>`",
        ),
    ] {
        let faults = outline(text, "").faults;
        let messages: Vec<&str> = faults.iter().map(|fault| &*fault.message).collect();
        assert!(messages.contains(&message), "{text}: {messages:?}");
        let html = html(text);
        for name in ["kbd", "sub", "sup", "details", "summary"] {
            let starts = html.matches(&format!("<{name}")).count();
            assert_eq!(
                starts,
                html.matches(&format!("</{name}>")).count(),
                "{html}"
            );
        }
    }
}

#[test]
fn a_callout_can_have_a_title() {
    check(
        "> [!TIP] In *production*\n> x\n> y\n>\n> z",
        "<aside class=\"tip\" role=\"note\" aria-label=\"Tip\"><p class=\"title\">In <em>production</em></p>\n\
         <p>x\ny</p>\n<p>z</p>\n</aside>",
    );
    check(
        "> [!warning] `a` only",
        "<aside class=\"warning\" role=\"note\" aria-label=\"Warning\"><p class=\"title\"><code>a</code> only</p>\n</aside>",
    );
    check(
        "> \\[!TIP] x\n\n> [!TIP]x",
        "<blockquote>\n<p>[!TIP] x</p>\n</blockquote>\n<blockquote>\n<p>[!TIP]x</p>\n</blockquote>",
    );
    assert_eq!(to_text("- a\n  1. b\n     > c"), "a b c");
    assert_eq!(to_text("> [!TIP] In *production*\n> x"), "In production x");
}

#[test]
fn lines_of_code_are_marked_and_commands_are_told_from_output() {
    check(
        "```json {1,3} a.json\n1\n2\n3\n```",
        "<figure class=\"code\" data-language=\"JSON\"><figcaption>a.json</figcaption><pre tabindex=0><code>\
         <mark><b class=n>1</b>\n</mark><b class=n>2</b>\n<mark><b class=n>3</b></mark></code></pre></figure>",
    );
    check(
        "```console {2}\n$ ls\na <b>\n```",
        "<div class=\"code\" data-language=\"Shell\"><pre tabindex=0><code><span class=\"prompt\">$ </span>\
         <span class=\"command\"><b class=f>ls</b>\n</span><mark>a &lt;b&gt;</mark></code></pre></div>",
    );
    for (text, bad) in [
        ("```js {2}\na\n```", "{2}"),
        ("```js {0}\na\n```", "{0}"),
        ("> ```js x {\n> a\n> ```", ""),
        ("```js {3-1}\na\nb\nc\n```", "{3-1}"),
    ] {
        let fences = outline(text, "").fences;
        let found = fences[0]
            .bad_marks
            .first()
            .map_or("", |at| &text[at.clone()]);
        assert_eq!(found, bad, "{text}");
    }
}

#[test]
fn cells_without_a_column_are_found() {
    for (text, lost) in [
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 | 4 |\n", "3 | 4 |"),
        ("a | b\n--|--\n1 | 2 | 3\n", "3"),
        ("> | a |\n> |---|\n> | `x | y` |\n", "y` |"),
        ("| a |\n|---|\n| 1 \\| 2 |\n", ""),
        ("| a |\n|---|\n| 1 | | |\n", ""),
        ("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 |\n", ""),
    ] {
        let cells = outline(text, "").lost_cells;
        let found = cells.first().map_or("", |at| &text[at.clone()]);
        assert_eq!(found, lost, "{text}");
    }
}

#[test]
fn footnotes_are_numbered_as_they_are_read() {
    check(
        "a[^z] b[^y] c[^Z]\n\n[^y]: Y\n\n[^z]: Z[^y]\n\n[^x]: X\n",
        "<p>a<sup><a class=\"footnote\" href=\"#_p.fn-1\" id=\"_p.fnref-1\" aria-label=\"Footnote 1\">1</a></sup> \
         b<sup><a class=\"footnote\" href=\"#_p.fn-2\" id=\"_p.fnref-2\" aria-label=\"Footnote 2\">2</a></sup> \
         c<sup><a class=\"footnote\" href=\"#_p.fn-1\" id=\"_p.fnref-1-2\" aria-label=\"Footnote 1\">1</a></sup></p>\n\
         <div class=\"footnotes\" role=\"group\" aria-label=\"Footnotes\"><ol>\n\
         <li id=\"_p.fn-1\"><p>Z<sup><a class=\"footnote\" href=\"#_p.fn-2\" id=\"_p.fnref-2-2\" \
         aria-label=\"Footnote 2\">2</a></sup></p>\n\
         <a class=\"back\" href=\"#_p.fnref-1\" aria-label=\"Back to reference 1\">\u{21a9}\u{fe0e}</a>\
         <a class=\"back\" href=\"#_p.fnref-1-2\" aria-label=\"Back to reference 1, time 2\">\u{21a9}\u{fe0e}</a></li>\n\
         <li id=\"_p.fn-2\"><p>Y</p>\n\
         <a class=\"back\" href=\"#_p.fnref-2\" aria-label=\"Back to reference 2\">\u{21a9}\u{fe0e}</a>\
         <a class=\"back\" href=\"#_p.fnref-2-2\" aria-label=\"Back to reference 2, time 2\">\u{21a9}\u{fe0e}</a></li>\n\
         <li id=\"_p.fn-3\"><p>X</p>\n</li>\n</ol></div>",
    );
}

#[test]
fn links_and_images_go_where_they_are_resolved_to() {
    check(
        "[a](guide.md \"t\") [b](lost.md) [c](https://x/é) <d@e.f> ![g *h*](a.png) ![](i.png)",
        "<p><a href=\"guide.html\" title=\"t\">a</a> b <a href=\"https://x/%C3%A9\">c</a> \
         <a href=\"mailto:d@e.f\">d@e.f</a> \
         <img src=\"assets/a-1.png\" alt=\"g h\" width=\"3\" height=\"4\" loading=\"lazy\"> \
         <img src=\"i.png\" alt=\"\" loading=\"lazy\"></p>",
    );
}

#[test]
fn code_is_coloured_and_exact() {
    check(
        "```json\n{\"a\": 1}\n\n```\n",
        "<div class=\"code\" data-language=\"JSON\"><pre tabindex=0><code>\
         {<b class=k>\"a\"</b>: <b class=n>1</b>}\n</code></pre></div>",
    );
    check(
        "    a <b>\n",
        "<div class=\"code\" data-language=\"Text\"><pre tabindex=0><code>a &lt;b&gt;</code></pre></div>",
    );
}

#[test]
fn code_with_a_title_is_a_figure() {
    check(
        "```json a\\_b/<i>&amp;.json\n1\n```\n",
        "<figure class=\"code\" data-language=\"JSON\"><figcaption>a_b/&lt;i&gt;&amp;.json</figcaption>\
         <pre tabindex=0><code><b class=n>1</b></code></pre></figure>",
    );
    check(
        "~~~text \u{202e}a\u{7}\" onload=x\n~~~\n",
        "<figure class=\"code\" data-language=\"Text\"><figcaption>\
         <bdi class=\"control\" title=\"U+202E\">\u{202e}</bdi>a\
         <bdi class=\"control\" title=\"U+0007\">\u{7}</bdi>\" onload=x\
         </figcaption><pre tabindex=0><code></code></pre></figure>",
    );
}

#[test]
fn a_lone_paragraph_can_stand_in_a_line() {
    let inline = |text: &str| with_options(|o| inline_to_html(text, o).as_str().to_owned());
    assert_eq!(inline("a *b*\n"), "a <em>b</em>");
    assert_eq!(inline(""), "");
    assert_eq!(inline("a\n\nb"), "<p>a</p>\n<p>b</p>\n");
    assert_eq!(inline("# a"), html("# a"));
}

#[test]
fn words_alone_have_no_marks() {
    assert_eq!(
        to_text("# A\n\n*b* [c](d) `e`\nf\n\n- g\n- h\n"),
        "A b c e f g h"
    );
}

#[test]
fn variables_are_encoded_for_their_place() {
    let (name, url) = (marker(0), marker(1));
    let text = format!("{name} `{name}` [x]({url}/a?b={name}) ![{name}](i.png)");
    let values = [
        ("bot_name".to_owned(), "<A> & \"B\"".to_owned()),
        ("site".to_owned(), "https://x".to_owned()),
    ];
    let mut out = Vec::new();
    Holed::cut(&html(&text), &["bot_name", "site"]).fill_into(&Values::new(values), &mut out);
    let out = String::from_utf8(out).unwrap();
    let place = "<data class=hole value=bot_name>&lt;A&gt; &amp; &quot;B&quot;</data>";
    assert!(
        out.starts_with(&format!(
            "<p>{place} <code>{place}</code> <a href=\"https://x/a?b=%3CA%3E%20%26%20%22B%22\""
        )),
        "{out}"
    );
    assert!(
        out.contains("alt=\"&lt;A&gt; &amp; &quot;B&quot;\""),
        "{out}"
    );
}

/// Every `<` of the page is written by us; see B4 to B7, B12 and B14 of the list of threats.
#[test]
fn what_is_hostile_arrives_as_text() {
    let quotes = "x\"'><script>alert(1)</script>";
    let texts = [
        "<script>alert(1)</script>".to_owned(),
        "a <img src=x onerror=alert(1)> b".to_owned(),
        "<!-- c -->".to_owned(),
        "<![CDATA[x]]>".to_owned(),
        "<div\n".to_owned(),
        "<svg><script>alert(1)</script></svg>".to_owned(),
        "&lt;script&gt;alert(1)&lt;/script&gt;".to_owned(),
        "[a](javascript:alert(1)) [a](JaVaScRiPt:alert(1)) [a](&#x6a;avascript:alert(1))"
            .to_owned(),
        "[a](<\tjavascript:alert(1)>) [a](<java&#10;script:alert(1)>) <javascript:alert(1)>"
            .to_owned(),
        "[a](data:text/html,x) ![a](data:text/html,x) [a](vbscript:x) [a](//evil) [a](/\\\\evil)"
            .to_owned(),
        "[a][r] ![a][r]\n\n[r]: javascript:alert(1)".to_owned(),
        format!("[a](https://x '{}')", quotes.replace('\'', "\\'")),
        format!("[a](<https://x/{}>)", quotes.replace(['<', '>'], "")),
        format!("![{quotes}](a.png \"{}\")", quotes.replace('"', "\\\"")),
        format!("```{quotes}\n{quotes}\n```"),
        format!("```{}\na\n```", "x".repeat(10_000)),
        format!("# {quotes} {{#a\"b}}"),
        format!("|{quotes}|\n|-|\n|{quotes}|"),
        format!("a[^{quotes}]\n\n[^{quotes}]: {quotes}"),
    ];
    for text in texts {
        let html = html(&text);
        for tag in html.split('<').skip(1) {
            let name = tag
                .trim_start_matches('/')
                .split([' ', '>'])
                .next()
                .unwrap();
            let ours = [
                "p", "a", "img", "div", "pre", "code", "h2", "table", "thead", "tbody", "tr", "th",
                "td", "sup", "ol", "li",
            ];
            assert!(ours.contains(&name), "{text}\n{html}");
        }
        for scheme in [
            "javascript:",
            "data:",
            "vbscript:",
            "//evil",
            "\\\\evil",
            "/\\evil",
        ] {
            assert!(!html.contains(&format!("=\"{scheme}")), "{text}\n{html}");
        }
        assert!(!html.contains("=\"x\"'"), "{text}\n{html}");
        assert!(html.len() < 3_000, "{text}");
    }
}

#[test]
fn templates_and_hidden_characters_are_shown() {
    check("{{ 7*7 }} {% x %}", "<p>{{ 7*7 }} {% x %}</p>");
    let control = "<bdi class=\"control\" title=\"U+202E\">\u{202e}</bdi>";
    check("a\u{202e}b", &format!("<p>a{control}b</p>"));
    check("`\u{202e}`", &format!("<p><code>{control}</code></p>"));
}

#[test]
fn deep_and_long_texts_end() {
    // `benches/growth.py` checks how their time grows.
    for piece in [
        ">", "> ", "[", "*", "- ", "1. ", "![", "`", "_a ", "[^", "<", "[a](", "|", "&", "*a_ ",
        "~~",
    ] {
        let text = piece.repeat(10_000);
        with_options(|options| to_html(&text, options));
        outline(&text, "");
    }
    let nested = format!("{}{}", "![".repeat(5_000), "](a)".repeat(5_000));
    with_options(|options| to_html(&nested, options));
    outline(&nested, "");
}

//! Tests of the list: each construct, and texts that only look like one.

use crate::rich::markdown::outline;

fn found(text: &str) -> Vec<(String, &'static str)> {
    let foreign = outline(text, "").foreign;
    let named = foreign
        .iter()
        .map(|it| (text[it.range.clone()].to_owned(), it.name));
    named.collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row for each construct")]
fn each_construct_is_found_and_named() {
    for (text, written, name) in [
        (":::note\nx\n:::", ":::note", "a container"),
        (
            "::::tip[Title]\n\nx\n\n::::",
            "::::tip[Title]",
            "a container",
        ),
        (
            "> ::: warning Title\n> x",
            "::: warning Title",
            "a container",
        ),
        ("a\n\n:::\n", ":::", "the end of a container"),
        (
            "::: code-group\n",
            "::: code-group",
            "a group of code blocks",
        ),
        ("::youtube{id=x}", "::youtube{id=x}", "a directive"),
        (
            "!!! warning \"T\"\n\n    x",
            "!!! warning \"T\"",
            "an admonition",
        ),
        ("- a\n\n  ??? note\n      x", "??? note", "an admonition"),
        ("???+ info \"x\"", "???+ info \"x\"", "an admonition"),
        ("=== \"npm\"\n\n    x", "=== \"npm\"", "a tab"),
        ("[[toc]]", "[[toc]]", "a table of contents"),
        ("a\n\n[TOC]\n", "[TOC]", "a table of contents"),
        ("[[_TOC_]]", "[[_TOC_]]", "a table of contents"),
        ("${toc}", "${toc}", "a table of contents"),
        ("> [!INFO]\n> x", "[!INFO]", "a callout of an unknown kind"),
        (
            "> [!danger] Title\n> x",
            "[!danger]",
            "a callout of an unknown kind",
        ),
        ("+++\ntitle = \"x\"\n+++", "+++", "front matter in TOML"),
        (
            "import Tabs from '@theme/Tabs';",
            "import Tabs from '@theme/Tabs';",
            "a statement of JavaScript",
        ),
        (
            "export const x = 1",
            "export const x = 1",
            "a statement of JavaScript",
        ),
        (
            "*[HTML]: Hyper Text",
            "*[HTML]: Hyper Text",
            "an abbreviation",
        ),
        ("Term\n: Definition", ": Definition", "a definition list"),
        (".. note:: x", ".. note:: x", "a directive"),
        ("[block:callout]", "[block:callout]", "a block"),
        ("?> tip", "?> tip", "a callout"),
        (
            "--8<-- \"a.md\"",
            "--8<-- \"a.md\"",
            "an inclusion of a file",
        ),
        ("<<< @/a.js", "<<< @/a.js", "an inclusion of a file"),
        (
            "!!!include(a.md)!!!",
            "!!!include(a.md)!!!",
            "an inclusion of a file",
        ),
        (
            "{% include a.md %}",
            "{% include a.md %}",
            "a tag of a template",
        ),
        ("a {% raw %} b", "{% raw %}", "a tag of a template"),
        ("{{< tabs >}}", "{{< tabs >}}", "a shortcode"),
        ("{{% notice %}}", "{{% notice %}}", "a shortcode"),
        ("a {/* b */}", "{/* b */}", "a comment"),
        ("%%hidden%%", "%%hidden%%", "a comment"),
        ("{++new++}", "{++new++}", "an edit mark"),
        ("text {.class}", "{.class}", "attributes in braces"),
        ("{: .no_toc}", "{: .no_toc}", "attributes in braces"),
        (
            "[x](https://a.io){target=_blank}",
            "{target=_blank}",
            "attributes in braces",
        ),
        (
            "![x](a.png){ width=\"300\" loading=lazy }",
            "{ width=\"300\" loading=lazy }",
            "attributes in braces",
        ),
        ("text {#id}", "{#id}", "attributes in braces"),
        ("![[a.png]]", "![[a.png]]", "an embedded note"),
        (
            "see [[Page|the page]]",
            "[[Page|the page]]",
            "a link in double brackets",
        ),
        ("a^[note]", "^[note]", "a footnote within a line"),
        ("as [@doe99] wrote", "[@doe99]", "a citation"),
        ("$$\nx\n$$", "$$", "mathematics"),
        ("so $$x^2$$ is", "$$x^2$$", "mathematics"),
        ("so $x_1$ is", "$x_1$", "mathematics"),
        ("so $E = mc^2$.", "$E = mc^2$", "mathematics"),
        ("so \\(x^2\\) is", "\\(x^2\\)", "mathematics"),
        ("press ++ctrl+c++", "++ctrl+c++", "keys"),
        ("a ++new text++ b", "++new text++", "inserted text"),
        ("a ==mark== b", "==mark==", "marked text"),
        ("x^2^", "^2^", "superscript"),
        ("H~2~O", "~2~", "subscript"),
        ("done :tada:", ":tada:", "a code for a symbol"),
        (
            ":material-check: yes",
            ":material-check:",
            "a code for a symbol",
        ),
        ("<Tabs>\n\n</Tabs>", "<Tabs>", "a component"),
        (
            "a <Card title=\"x\" /> b",
            "<Card title=\"x\" />",
            "a component",
        ),
        (
            "<Card style={{a: 1}}>",
            "<Card style={{a: 1}}>",
            "a component",
        ),
        ("<Note>\nx\n</Note>", "<Note>", "a component"),
        ("a <b>c</b>", "<b>", "an element"),
        (
            "<div align=\"center\">\nx\n</div>",
            "<div align=\"center\">",
            "an element",
        ),
        ("| a |\n|---|\n| <ul> |", "<ul>", "an element"),
        ("<!-- a\n\nb", "<!-- a", "an unclosed comment"),
        ("<my-box a=1>", "<my-box a=1>", "an element"),
        ("see {ref}`x`", "{ref}", "a role"),
        (
            "これは_強調_です",
            "_強調_",
            "emphasis by `_` within a word",
        ),
        (
            "```js title=\"a.js\"\n```",
            "title=\"a.js\"",
            "an attribute of a fence",
        ),
        (
            "> ```py hl_lines=\"1\"\n> x\n> ```",
            "hl_lines=\"1\"",
            "an attribute of a fence",
        ),
        (
            "```js\na // [!code ++]\n```",
            "[!code ++]",
            "a comment that marks a line of code",
        ),
        (
            "```py\n--8<-- \"a.py\"\n```",
            "--8<-- \"a.py\"",
            "the inclusion of a file",
        ),
    ] {
        let found = found(text);
        let first = found.first().map(|(text, name)| (text.as_str(), *name));
        assert_eq!(first, Some((written, name)), "{text}");
    }
}

#[test]
fn what_is_escaped_code_or_ordinary_is_text() {
    for text in [
        "\\:::note",
        "`:::note` and `{% x %}` and `<Tabs>`",
        "    :::note\n",
        "```md\n:::note\n!!! note\n[[toc]]\n==x==\n```",
        "\\!!! note",
        "\\=== \"x\"",
        "\\[[toc]]",
        "\\==a== \\++b++ x\\^2^ H\\~2\\~O \\$x_1$",
        "\\{% x %} \\{.class}",
        "\\<Tabs> \\<b>",
        "It costs $5 or $10, and $1_000 more. A_$B and $HOME/$USER, ${HOME}",
        "from $5 to $7 + tax, then $8",
        "C++ and C++; i++ + ++j; a == b == c; x==1&&y==2",
        "2^10 and 2^20, ^_^, a ^ b",
        "10:30:45, a::b::c, std::string, key: value: x, :a b:",
        "Wow!!! Really???",
        "GET /chats/{id}?x={y} {id} { \"a\": 1 } {a, b} /x{?page}",
        "arr[[0]] and [[0, 1]]",
        "Array<String>, Map<K, V>, a < b > c, <your-key>, <token>",
        "Import the module from the package. Exports are constant.",
        "50% of 100%, 100%% sure",
        "~about~ and ~~gone~~, ~/bin and ~user",
        "Note: this is text: yes",
        "a: b\n\n- : c",
        "## Title {#id}\n\n## Über {#über}",
        "> [!NOTE]\n> x\n\n> [!TIP] Title\n> y",
        "a <kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>2</sup><br>b",
        "<details>\n<summary>T</summary>\n\nx\n\n</details>",
        "<!-- markdownlint-disable --> a\n\n<!--\n:::note\n-->",
        "user@example.com and @user and #123, (c) 2024",
        "[^1] and [a]\n\n[^1]: x\n\n[a]: https://x.io",
        "snake_case_name, __init__, 変数_a と b_変数",
        "1. a\n2. b\n\n- [x] c\n\n| a | b |\n|:-:|--:|\n| c | d |",
        "https://x.io/:smile:?a=$x_1$&b==c==",
        "<https://x.io/{.a}> <a@b.c>",
        "```http POST /chats/{id}\nx\n```",
        "+++ b/file",
        "``` js {1,3}\nx\ny\nz\n```",
        "The ratio 1:x:2 and :x",
        "see \\[text\\](x) and \\(text\\)",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

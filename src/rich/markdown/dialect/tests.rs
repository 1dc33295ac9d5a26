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
            "an `import` or `export`",
        ),
        (
            "export const x = 1",
            "export const x = 1",
            "an `import` or `export`",
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
        (
            "[[1]] and [[page]] here",
            "[[page]]",
            "a link in double brackets",
        ),
        ("a^[note]", "^[note]", "a footnote within a line"),
        ("a.^[A note.]", "^[A note.]", "a footnote within a line"),
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
        ("<Card style={{a: 1}}>", "<Card style={{a: 1}}>", "a tag"),
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
        (":::{note}\nx\n:::", ":::{note}", "a container"),
        (
            "::: {.callout-tip}\nx\n:::",
            "::: {.callout-tip}",
            "a container",
        ),
        ("/// note | T\n\nx\n///", "/// note | T", "a block"),
        ("a\n///\n", "///", "the end of a block"),
        ("!!!note\nx\n!!!", "!!!note", "an admonition"),
        ("!!!warning Title\nx", "!!!warning Title", "an admonition"),
        ("a\n!!!\n", "!!!", "the end of an admonition"),
        ("+++ npm\nx", "+++ npm", "a tab"),
        ("@tab:active npm\nx", "@tab:active npm", "a tab"),
        ("a\n+++\n", "+++", "the end of a tab"),
        ("||| A\nx", "||| A", "a column"),
        ("==- T\nx", "==- T", "a panel"),
        (
            "> [!NOTE]\n> a\n> [!TIP]\n> b",
            "[!TIP]",
            "a second callout in one quote",
        ),
        (
            "+---+---+\n| a | b |\n+---+---+",
            "+---+---+",
            "a grid table",
        ),
        ("##Title", "##Title", "a heading without a blank"),
        ("so \\( a \\) is", "\\( a \\)", "mathematics"),
        ("\\[\na\n\\]", "\\[", "mathematics"),
        ("\\begin{x}\na", "\\begin{x}", "mathematics"),
        ("a ^^new^^ b", "^^new^^", "inserted text"),
        ("a ||gone|| b", "||gone||", "a spoiler"),
        ("see :ref:`x`", ":ref:", "a role"),
        ("see {py:func}`x`", "{py:func}", "a role"),
        ("export { x }", "export { x }", "an `import` or `export`"),
        (
            "import {\n  A\n} from 'x'",
            "import {\n  A\n} from 'x'",
            "an `import` or `export`",
        ),
        ("<img src={x('a')} />", "<img src={x('a')} />", "a tag"),
        ("<Card\n  style={{a: 1}}\n>", "<Card", "a tag"),
        ("<>\n\nx\n\n</>", "<>", "a fragment"),
        (
            "by {frontMatter.author}",
            "{frontMatter.author}",
            "an expression in braces",
        ),
        (
            "© {new Date().getFullYear()}",
            "{new Date().getFullYear()}",
            "an expression in braces",
        ),
        (
            "{items.map((x) => (\n",
            "{items.map((x) => (",
            "an expression in braces",
        ),
        ("<Card>\n\nx\n\n</Card>", "<Card>", "a component"),
        (
            "see [x](a b.md)",
            "[x](a b.md)",
            "a link with a blank in its address",
        ),
        (
            "![x](a b.png)",
            "![x](a b.png)",
            "a link with a blank in its address",
        ),
        ("[!INCLUDE [x](y)]", "[!INCLUDE", "a reference"),
        (":octocat: and", ":octocat:", "a code for a symbol"),
        (
            "<!--@include: ./x.md-->",
            "<!--@include: ./x.md-->",
            "a comment that includes a file",
        ),
        (
            "> <!-- tabs:start -->\n\nx",
            "<!-- tabs:start -->",
            "a comment that makes tabs",
        ),
        (
            "a <!-- theme: warning --> b",
            "<!-- theme: warning -->",
            "a comment that makes a callout",
        ),
        (
            "<!-- md:version 9.0 -->",
            "<!-- md:version 9.0 -->",
            "a comment that inserts text",
        ),
        (
            "??? \"Without a type\"\n\n    x",
            "??? \"Without a type\"",
            "an admonition",
        ),
        (
            "!!! \"Only a title\"\n\n    x",
            "!!! \"Only a title\"",
            "an admonition",
        ),
        ("== tab a\na content", "== tab a", "a tab"),
        (
            "import Partial, {\n  helper,\n} from './_partial.mdx';\n\ntext",
            "import Partial, {\n  helper,\n} from './_partial.mdx';",
            "an `import` or `export`",
        ),
        (
            "export const Plan = ({ price }) => {\n  return 1;\n}\n\ntext",
            "export const Plan = ({ price }) => {\n  return 1;\n}",
            "an `import` or `export`",
        ),
        ("<Tabs.Tab>x</Tabs.Tab>", "<Tabs.Tab>", "a tag"),
        ("a <React.Fragment> b", "<React.Fragment>", "a tag"),
        ("<>Fragment</>", "<>Fragment</>", "a fragment"),
        ("a {# a comment #} b", "{# a comment #}", "a comment"),
        (
            "{@include: ./_shared.md}",
            "{@include: ./_shared.md}",
            "an inclusion of a file",
        ),
        (
            "Footnote ^[inline note] here.",
            "^[inline note]",
            "a footnote within a line",
        ),
        (
            "![Light](a.png#only-light)",
            "![Light](a.png#only-light)",
            "an image for one colour scheme",
        ),
        ("![alt|300](a.png)", "![alt|300]", "the size of an image"),
        (
            "![I](a.png ':size=100')",
            ":size=100",
            "an option of a link or an image",
        ),
        (
            "[I](a.md ':ignore')",
            ":ignore",
            "an option of a link or an image",
        ),
        (
            "![alt](a.png \"t\" =100x200)",
            "![alt](a.png \"t\" =100x200)",
            "a link with a blank in its address",
        ),
        (
            "[y](https://x.example/a b) x",
            "[y](https://x.example/a b)",
            "a link with a blank in its address",
        ),
        (
            "[link](https://x.example \"title\" target=_blank)",
            "[link](https://x.example \"title\" target=_blank)",
            "a link with a blank in its address",
        ),
        (
            "[a](first-call.md#call \"x\" y)",
            "[a](first-call.md#call \"x\" y)",
            "a link with a blank in its address",
        ),
        (
            "so `#!python range(10)` x",
            "`#!python",
            "the language of code within a line",
        ),
        ("The time is $O(n)$.", "$O(n)$", "mathematics"),
        ("of $n and $n \\log n$ x", "$n \\log n$", "mathematics"),
        ("$\\pi$", "$\\pi$", "mathematics"),
        (
            "is \\(O(n \\log n)\\).",
            "\\(O(n \\log n)\\)",
            "mathematics",
        ),
        ("\\(a^2+b^2\\)", "\\(a^2+b^2\\)", "mathematics"),
        ("see :microscope: x", ":microscope:", "a code for a symbol"),
        (
            "export const x = ({ y }) => {",
            "export const x = ({ y }) => {",
            "an `import` or `export`",
        ),
        (
            "export default function X() {}",
            "export default function X() {}",
            "an `import` or `export`",
        ),
        ("Map<b>x</b>", "<b>", "an element"),
        ("<time>now</time>", "<time>", "an element"),
        (
            "```js\n// highlight-next-line\nx\n```",
            "// highlight-next-line",
            "a comment that marks a line of code",
        ),
        (
            "```html\n<!-- highlight-start -->\n```",
            "<!-- highlight-start -->",
            "a comment that marks a line of code",
        ),
        ("```py\nx # (1)!\n```", "# (1)!", "an annotation"),
        ("```js\nx // (1)\n```\n\n1. text", "// (1)", "an annotation"),
        (
            "```sh npm2yarn\nx\n```",
            "npm2yarn",
            "an attribute of a fence",
        ),
    ] {
        let found = found(text);
        let first = found.first().map(|(text, name)| (text.as_str(), *name));
        assert_eq!(first, Some((written, name)), "{text}");
    }
}

#[test]
fn each_of_a_kind_in_a_line_is_found() {
    for (text, count) in [
        (":rocket: and :tada: and :bug:", 3),
        ("{++a++} and {--b--}", 2),
        ("{frontMatter.a} and {frontMatter.b}", 2),
        ("==a== and ==b==", 2),
    ] {
        assert_eq!(found(text).len(), count, "{text}");
    }
}

#[test]
fn the_help_is_what_to_write_in_this_place() {
    for (text, help) in [
        (
            "=== \"npm\"\n\n    ```sh\n    x\n    ```",
            "take away the indentation",
        ),
        ("> !!! note\n>     x", "take away the indentation"),
        (
            "<Tab title=\"x\">\n\n    x\n\n</Tab>",
            "take away the indentation",
        ),
        (":::note\nx\n:::", "write a callout: > [!NOTE]"),
        (":::note\n> x\n:::", "write a callout: > [!NOTE]"),
        ("<Admonition type=\"tip\">\nx\n</Admonition>", "> [!TIP]"),
        (
            "<Aside type='danger' title=\"x\">\nx\n</Aside>",
            "> [!CAUTION]",
        ),
        ("<Link to=\"/x\">y</Link>", "write [text](address)"),
        (
            "[[Rate Limits#Two Headers|the limits]]",
            "[the limits](rate-limits#two-headers)",
        ),
        ("![x](a b.png)", "![x](<a b.png>)"),
        (
            "![x](a.png =100x20)",
            "without the size, which is that of the file: ![x](a.png)",
        ),
        (
            "> [!NOTE]- Title\n> x",
            "write > [!NOTE] without the sign of a fold",
        ),
        ("```js\na // [!code ++]\n```", "```diff"),
        ("```ts\nx\na // [!code focus]\n```", "```ts {2}"),
        ("```js\nx\n// highlight-next-line\ny\n```", "```js {2}"),
        ("##Title ##", "write ## Title"),
        ("## OAuth {/* #auth */}", "write the anchor alone: {#auth}"),
        ("a {% endhint %}", "remove it, as the tag that it ends"),
        ("a </Card> b", "remove it, as its start tag"),
        ("::: v-pre\nx\n:::", "remove it"),
        ("::: example.client.Client", "describe"),
        ("\\(x^2\\)", "write them without `\\`"),
    ] {
        let foreign = outline(text, "").foreign;
        let first = foreign.first().map_or("", |it| &it.help);
        assert!(first.contains(help), "{text}: {first}");
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
        "Must match ^[a-z0-9_-]+$. Or ^\\d+$, or ^[A-Z]{2}$",
        "p99 <SLA and errors/second stay low; if A <B and C/D then go",
        "Bearer <TOKEN>, <API-KEY>, Dear <Customer>, /users/<UserId>/x",
        "Some words, then\nexport default settings as JSON.",
        "import contacts from \"Google\" into it",
        "Filter by {status=active}, as in [[a, b], [c, d]]; set ++i and then j++",
        "```sh name=value ./run\nx\n```",
        "```http POST /x label=1\nx\n```",
        "```text The file=a option\nx\n```",
        "```json {id}.json\nx\n```",
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
        "see \\[text\\](x) and \\(text\\), \\[ \\] to do",
        "=== \"quoted\" ===",
        "!!! Attention !!!",
        "%USER% and %%, and for %%i in (a) do %%i",
        "Dear <Your Name>, <API Key>, <Name>, <T> and Vec<T>",
        "items[0](a b) and f(x)[0](a b), [x](y \"a b\"), [x](<a b>), [x] (a b)",
        "/users/:id:/x and urn:isbn:04, a:b:c, :-) :p:",
        "a || b, (a)||(b)||(c), x|y",
        "{user.name}, {f(x)}, /x/{y.z}, ${a.b()}",
        "C:\\begin\\x",
        "#tag and C## here",
        "a <B && c> d",
        "<!-- Ask Ada: tabs: later -->\n\n<!-- prettier-ignore -->\n\n<!-- toc -->",
        "```js\nf(1) // (2)\n// focus on this\n```\n\ntext",
        "| a || b |\n|---|---|---|\n| c || d |",
        "the key:`value`, `a`:`b`",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_construct_is_text() {
    for text in [
        "curl ${BASE}/bots/${BOT_ID}/chat, \"${HOME}/${USER}\", ${A}${B}, ${A}_${B}, ${A:-x}_${B}",
        "From $HOME to $USER_$NAME, $(date)/$(pwd), US$5_000 and A$3_000",
        "^[a-z][a-z0-9_-]{2,31}$, [A-Z][a-z]* and [[:alpha:]]+, [[a-z]], [[:space:]][a-z]",
        "\\[ escaped \\] and \\( paren \\), \\\\[ escaped \\], \\\\( x^2 \\\\), item\\(s\\)",
        "Use :id: and :name: here, /users/:id:/x, :queue: and :user_name: stand for values",
        "{document.id}, {metadata.user_id}, {window.start}, {process.id}",
        "<!-- include: more examples later --> a\n\n<!-- Theme: keep it short -->\n\n<!-- Tabs: none -->",
        "<!-- md: ok --> a\n\n<!-- div: x -->\n\n<!-- snippet: y --> b <!-- tab: x --> <!-- theme: dark mode -->",
        "export const is a keyword.",
        "export default function is JavaScript.\n\nexport class of a product: new",
        "Send <title> and <time> to <link>, with <data> of <address>.",
        "a\\<b>",
        "`#!/bin/bash -x`, `#!note x`, ![a|b](c.png), ![a](b.png '16:9')",
        "SELECT a <> b, List<Foo.Bar>, == b ==, a\n== b",
        "[x]({{ base_url }}/a) and f(x)[0], (a)[b], `(a)[https://x.io]`",
        "^[A-Z ]+$ and ^[a b]*, `{# x #}`",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#!/usr/bin/env python3
"""Measures how the cost of the commands of botdocs grows with each kind of input.

Run it from anywhere: `benches/growth.py`, with names of kinds for those alone, `--binary FILE` for a
program that is built already, `--times N` for inputs N times as large, of which some are beyond a
limit, `--list` for the kinds. Of each kind there are four inputs, each twice as large as the one
before. The cost is processor time of the whole process without the system's, which takes its own for
files, the least of RUNS runs; what an input of size 1 costs is taken off. The exponent is the slope of
log cost over log size: 1 for linear, 2 where twice the input costs four times as much. A kind whose
exponent is above LIMIT is measured once more, by AGAIN times as many runs, since other work on the
machine can only add to a cost; the second exponent counts. It exits with 1 if one is above LIMIT, or
if a run did not end as its kind does.

A kind that grows faster within a limit names the kind of what is beyond it, whose inputs must end in
`input-too-large`.
"""

import argparse
import hashlib
import http.client
import json
import math
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1.2
RUNS = 3
AGAIN = 4
# Milliseconds that a cost may differ by chance: one below it is in no exponent.
NOISE = 25
# Seconds after which a run has failed.
PATIENCE = 60

KINDS = {}


def kind(size, ends="right", command="check", within=None):
    """A kind of input: its largest size, how a run ends, and what reads it. `ends` is `right`, or the
    code of the diagnostic that must be in the report, or the status of the mock's answer. A kind `within` a limit may grow faster; the kind
    that is named is beyond it."""
    def add(make):
        assert make.__name__.replace("_", "-") not in KINDS, make.__name__
        KINDS[make.__name__.replace("_", "-")] = (make, size, ends, command, within)
        return make
    return add


def lines(count, each, joint="\n"):
    return joint.join(each(number) for number in range(count))


def guide(text, **site):
    return {"spec/site.yaml": site_yaml(["guide"], **site), "spec/guide.md": f"---\ntitle: Guide\n---\n{text}\n"}


def site_yaml(pages, **keys):
    return json.dumps({"title": "Docs", "navigation": pages, **keys})


def api(endpoints=None, site=None, **keys):
    """A project of one API page; endpoints are by ID."""
    page = {"title": "Chat", "servers": [{"url": "https://api.example.com"}], **keys,
            "endpoints": {"chat": endpoint()} if endpoints is None else endpoints}
    # A key a line, as people write it.
    text = json.dumps(page, indent=1)
    return {"spec/site.yaml": site_yaml(["api"], **(site or {})), "spec/api.yaml": text}


def endpoint(path="/chat", **keys):
    return {"title": "Chat", "method": "POST", "path": path, "samples": [],
            "responses": {"200": {"description": "Yes."}}, **keys}


def one(**keys):
    return api({"chat": endpoint(**keys)})


def live(i):
    """What looks like a live key, another for each number."""
    return f"sk_live_{'4eC39HqLyjWDarjtT1zdp7dc'[i % 5:]}{i:06}"

def waived(end, start=0):
    return [{"code": "live-secret", "value": live(i), "reason": "It is no key."} for i in range(start, end)]

TEXT = {"bot_id": {"placeholder": "B"}, "text": {"placeholder": "T"}}

def with_text(*texts):
    """A list of bots that have a text each."""
    project = bots("csv", "bot_id,text\n" + lines(len(texts), lambda i: f'b{i},"{texts[i]}"') + "\n")
    return {**project, "spec/site.yaml": site_yaml(["guide"], variables=TEXT)}

STRING = {"type": "string"}

# A page as people write it, to which keys of its endpoint can be added.
PAGE = """title: Chat
servers: [{url: https://api.example.com}]
endpoints:
  chat:
    title: Chat
    method: POST
    path: /chat
    samples: []
    responses: {200: {description: Yes.}}
"""


# Markdown

@kind(40_000, command="build")
def headings(n):
    return guide(lines(n, lambda i: f"## Heading {i}\n"))

@kind(20_000, command="build")
def equal_headings(n):
    return guide("## Heading\n\n" * n)

@kind(20_000, command="build")
def numbered_headings(n):
    return guide(lines(n, lambda i: f"## Heading\n\n## Heading {i}\n"))

@kind(20_000, ends="anchor-collision")
def equal_ids(n):
    return guide("## Heading {#a}\n\n" * n)

@kind(40_000, command="build")
def paragraphs(n):
    return guide("One of the paragraphs, with *stress* and `code`.\n\n" * n)

@kind(40_000, command="build")
def lines_of_one_paragraph(n):
    return guide("One of the lines, with *stress* and `code`.\n" * n)

@kind(1_000_000, command="build")
def one_long_word(n):
    return guide("w" * n)

@kind(200_000, command="build")
def one_long_line(n):
    return guide("word " * n)

@kind(100_000, command="build")
def stars(n):
    return guide("*" * n + "a")

@kind(50_000, command="build")
def stars_that_open(n):
    return guide("*a " * n)

@kind(50_000, ends="input-too-large")
def stars_nested(n):
    return guide("*a **a " * (n // 2) + "b** a*" * (n // 2))

@kind(200_000, command="build")
def mixed_delimiters(n):
    return guide("*a_b~~c" * n)

@kind(50_000, command="build")
def stars_and_underscores(n):
    return guide("*a_ " * n)

@kind(50_000, command="build")
def underscores_that_close(n):
    return guide("a_ " * n)

@kind(50_000, command="build")
def tildes(n):
    return guide("~~a ~b " * n)

@kind(50_000, command="build")
def stars_in_thirds(n):
    return guide("***a** b* " * n)

@kind(20_000, command="build")
def definitions(n):
    return guide("Text.\n\n" + lines(n, lambda i: f"[a{i}]: https://example.com/{i}"))

@kind(20_000, command="build")
def equal_definitions(n):
    return guide("A [link][a].\n\n" + "[a]: https://example.com/\n" * n)

@kind(10_000, command="build")
def addresses(n):
    return guide("<https://example.com/> and https://example.com/a_b and a@example.com.\n\n" * n)

@kind(4_000, command="build")
def pictures(n):
    return {**guide("![A picture](a.svg)\n\n" * n), "spec/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'}

@kind(50_000, command="build")
def spans_of_code(n):
    return guide("`a b` and ``c ` d`` " * n)

@kind(40_000, command="build")
def combining_marks(n):
    return guide("## a" + "\u0301\u0323" * n)

@kind(40_000, command="build")
def directions(n):
    return guide("## " + "a \u05d0\u05d1 (1) " * n)

@kind(20_000, command="build")
def hard_breaks(n):
    return guide("a\\\nb  \n" * n)

@kind(10_000, command="build")
def numbered_items(n):
    return guide(lines(n, lambda i: f"{i + 1}. An item."))

@kind(4_000, command="build")
def items_of_two_levels(n):
    return guide("- An item.\n  - Another.\n    1. A third.\n" * n)

@kind(10_000, ends="input-too-large")
def items_nested_in_lines(n):
    return guide(lines(n, lambda i: "  " * min(i, 80) + "- a"))

@kind(2_000, command="build")
def cells_with_marks(n):
    return guide("| a | b |\n| --- | --- |\n" + "| *one* `a \\| b` | [two](https://example.com) \\| c |\n" * n)

@kind(50_000, command="build")
def lines_of_open_stars(n):
    return guide("**a\n" * n)

@kind(50_000, command="build")
def lines_of_open_underscores(n):
    return guide("_a\n" * n)

@kind(4_000, command="build")
def lines_of_many_stars(n):
    return guide(("a" + "*" * 40 + "b" + "_" * 40 + "\n") * n)

@kind(4_000, command="build")
def lines_of_stars_of_each_length(n):
    return guide(lines(n, lambda i: "*" * (i % 70 + 4) + "a " + "_" * (i % 50 + 4) + "b"))

@kind(10_000, command="build")
def lines_of_one_star(n):
    return guide("*\n" * n)

@kind(10_000, command="build")
def paragraphs_of_open_stars(n):
    return guide("*a **b __c _d\n\n" * n)

@kind(50_000, command="build")
def comments_on_one_line(n):
    return guide("a <!-- b --> " * n)

@kind(50_000, command="build")
def elements_nested_in_one_line(n):
    return guide("<b><i>" * n + "a" + "</i></b>" * n)

@kind(50_000, command="build")
def elements_that_stay_open(n):
    return guide("a <span title='b'><code>" * n)

@kind(50_000, command="build")
def comments_in_elements(n):
    return guide("a<b><!-- c --></b>d" * n)

@kind(100_000, command="build")
def open_brackets(n):
    return guide("[" * n)

@kind(50_000, command="build")
def brackets_nested(n):
    return guide("[" * n + "a" + "]" * n)

@kind(50_000, command="build")
def brackets_with_addresses(n):
    return guide("[a](" * n)

@kind(50_000, command="build")
def open_pictures(n):
    return guide("![" * n + "a" + "](b" * n)

@kind(16_000, ends="input-too-large")
def pictures_nested(n):
    return guide("![a" * n + "a" + "](https://example.com/b.png)" * n)

@kind(40_000)
def blank_lines_below_a_nested_list(n):
    return guide("- " * 30 + "a\n" + "\n" * n)

@kind(50_000, command="build")
def open_angles(n):
    return guide("<a " * n)

@kind(50_000, command="build")
def open_comments(n):
    return guide("a <!-- " * n)

@kind(50_000, command="build")
def open_cdata(n):
    return guide("a <![CDATA[ <? <!A " * n)

@kind(2_000, command="build")
def backticks_of_each_length(n):
    return guide(lines(n, lambda i: "`" * (i + 1), " a "))

@kind(100_000, command="build")
def backticks(n):
    return guide("`a``b" * n)

@kind(10_000, command="build")
def links_by_reference(n):
    return guide(lines(n, lambda i: f"A [link][a{i}].\n") + "\n\n" + lines(n, lambda i: f"[a{i}]: https://example.com/{i}"))

@kind(20_000, command="build")
def links_by_one_reference(n):
    return guide(lines(n, lambda i: "A [link][a].\n") + "\n\n[a]: https://example.com/" + "x" * n)

@kind(20_000, ends="dead-link")
def links_by_no_reference(n):
    return guide(lines(n, lambda i: f"A [link][a{i}]."))

@kind(10_000, command="build")
def footnotes(n):
    return guide(lines(n, lambda i: f"A note[^{i}].\n") + "\n\n" + lines(n, lambda i: f"[^{i}]: Note {i}.\n"))

@kind(20_000, command="build")
def uses_of_one_footnote(n):
    return guide("A note[^1].\n\n" * n + "\n\n[^1]: Note.\n")

@kind(20_000, ends="dead-link")
def footnotes_of_nothing(n):
    return guide(lines(n, lambda i: f"A note[^{i}].\n"))

@kind(20_000, command="build")
def links_to_headings(n):
    return guide("## Heading\n\n" + "A [link](#heading).\n\n" * n)

@kind(5_000, command="build")
def links_to_as_many_headings(n):
    return guide(lines(n, lambda i: f"## Heading {i}\n\nA [link](#heading-{i}).\n"))

@kind(4_000, ends="dead-link")
def dead_anchors(n):
    return guide(lines(n, lambda i: f"## Heading {i}\n\nA [link](#headign-{i}).\n"))

@kind(20_000, ends="dead-link")
def dead_links(n):
    return guide(lines(n, lambda i: f"A [link](page-{i}).\n"))

@kind(20_000, ends="dead-link")
def dead_links_of_one_line(n):
    return guide(lines(n, lambda i: f"A [link](page-{i}).", " "))

@kind(10_000, command="build")
def items(n):
    return guide("- An item.\n" * n)

@kind(4_000, command="build")
def loose_items(n):
    return guide("- An item.\n\n  More.\n\n" * n)

@kind(20_000, ends="input-too-large")
def items_nested_in_one_line(n):
    return guide("- " * n + "a")

@kind(20_000, ends="input-too-large")
def quotes_nested(n):
    return guide(">" * n + "a")

@kind(2_000, command="build")
def quotes_nested_in_lines(n):
    return guide(lines(n, lambda i: ">" * 40 + " a\n"))

@kind(10_000, command="build")
def rows_of_a_table(n):
    return guide("| a | b |\n| --- | --- |\n" + "| one | two |\n" * n)

@kind(10_000, command="build")
def columns_of_a_table(n):
    return guide("| a " * n + "|\n" + "| --- " * n + "|\n" + "| one " * n + "|\n")

@kind(2_000, command="build")
def short_rows_of_a_wide_table(n):
    return guide("| a " * n + "|\n" + "| --- " * n + "|\n" + "| one |\n" * n)

@kind(20_000, command="build")
def lines_of_a_fence(n):
    return guide("```\n" + "A line of a fence.\n" * n + "```\n")

@kind(20_000, command="build")
def lines_of_json_in_a_fence(n):
    return guide("```json\n[\n" + '  {"a": [1, true, "text"]},\n' * n + "  1\n]\n```\n")

@kind(4_000, command="build")
def lines_of_python_in_a_fence(n):
    return guide("```python\n" + 'value = call("text", 1)  # Why\n' * n + "```\n")

@kind(200_000, command="build")
def braces_of_json_in_a_fence(n):
    return guide("```json\n" + "[" * n + "\n```\n")

@kind(2_000, command="build")
def braces_of_javascript_in_a_fence(n):
    return guide("```javascript\n" + "{(" * n + "\n```\n")

@kind(10_000, command="build")
def line_of_javascript_in_a_fence(n):
    return guide("```javascript\n" + "call(a, 'b');" * n + "\n```\n")

# A line of each language that samples or guides are written in.
CODE = {
    "sh": "curl -H 'A: b' \"$URL\" | jq . && ",
    "go": 'call("text", []int{1}, `a`); ',
    "php": "$a = ['b' => call($c)]; ",
    "ruby": "a = { b: call(:c, \"#{d}\") }; ",
    "java": 'Map.of("a", call(b -> c)); ',
    "csharp": 'var a = $"{b}" + call(c => d); ',
    "rust": 'let a = call("b", |c| c)?; ',
    "html": "<p class=\"a\">b <b>c</b></p> ",
    "css": "a > b:hover { color: #fff } ",
    "yaml": "{a: 'b', c: [d, *e]}, ",
    "sql": "select a from b where c = 'd'; ",
    "xml": "<a b='c'>&d;</a> ",
    "diff": "+ a - b ",
    "markdown": "*a* [b](c) `d` ",
}

def code_kinds():
    for language, text in CODE.items():
        @kind(2_000, command="build")
        def line(n, language=language, text=text):
            return guide(f"```{language}\n" + text * n + "\n```\n")
        KINDS[f"line-of-{language}-in-a-fence"] = KINDS.pop("line")

        @kind(2_000, command="build")
        def open_line(n, language=language):
            return guide(f"```{language}\n" + "('\"<{[`" * n + "\n```\n")
        KINDS[f"open-quotes-of-{language}-in-a-fence"] = KINDS.pop("open-line")

code_kinds()

@kind(20_000)
def fences_before_blank_lines(n):
    return guide("```json\n{}\n```\n\n" * n + "\n" * 20 * n)

@kind(4_000, command="build")
def fences(n):
    return guide("```json\n{}\n```\n\n" * n)

@kind(50_000, ends="invalid-variable")
def open_variables(n):
    return guide("{{ " * n)

@kind(20_000, command="build")
def escaped_braces(n):
    return guide("\\{{ a }} " * n)

@kind(20_000, command="build")
def holes(n):
    return guide("Your bot is {{ bot_id }}.\n\n" * n)

@kind(20_000, command="build")
def holes_of_one_word(n):
    return guide("{{bot_id}}" * n)

@kind(50_000, command="build")
def holes_of_one_line(n):
    return guide("{{ bot_id }} " * n)

@kind(50_000, ends="unknown-variable")
def unknown_variables_of_one_line(n):
    return guide(lines(n, lambda i: f"{{{{ x{i} }}}}", " "))

@kind(50_000, ends="unknown-variable")
def equal_unknown_variables_of_one_line(n):
    return guide("{{ x }} " * n)

@kind(20_000, command="build")
def holes_of_one_line_that_decide_an_origin(n):
    return guide("https://{{ host }}/{{ bot_id }} " * n, variables={"host": {"placeholder": "HOST"}, "bot_id": {"placeholder": "BOT"}})

@kind(20_000)
def uses_of_a_name_with_a_variable(n):
    return guide("```sh\nBOT={{ bot_id }}\n" + "curl https://api.example.com/$BOT\n" * n + "```")

@kind(20_000)
def names_with_a_variable(n):
    return guide("```sh\n" + lines(n, lambda i: f"B{i}={{{{ bot_id }}}}\ncurl https://$H/$B{i}") + "\n```")

@kind(20_000)
def names_with_names(n):
    return guide("```sh\n" + lines(n, lambda i: f"B{n - i}=$B{n - i - 1}") + "\nB0={{ bot_id }}\n```")

@kind(20_000)
def values_of_a_name(n):
    return guide("```sh\n" + lines(n, lambda i: f"B={{{{ bot_id }}}}-{i}\ncurl https://$H/$B") + "\n```")

@kind(20_000)
def holes_of_a_format(n):
    return guide('```py\nget("https://' + "%s" * n + '.example.com" % "{{ bot_id }}")\n```')

@kind(20_000, ends="unknown-variable")
def unknown_variables(n):
    return guide(lines(n, lambda i: f"Your bot is {{{{ bot_{i} }}}}.\n"))

@kind(20_000, command="build")
def entities(n):
    return guide("&amp; &copy; &#65; & &a " * n)

@kind(10_000, command="build")
def comments(n):
    return guide("Text <!-- a comment --> text.\n\n<!-- Another. -->\n\n" * n)

@kind(10_000, command="build")
def elements_of_html(n):
    return guide("<p>Text <b>bold</b>.</p>\n\n" * n)

@kind(5_000, command="build")
def admonitions(n):
    return guide("> [!NOTE]\n> A note.\n\n" * n)

@kind(5_000, command="build")
def admonitions_with_titles(n):
    return guide("> [!NOTE] A title\n> A note.\n\n" * n)

@kind(10_000, command="build")
def small_elements(n):
    return guide("Press <kbd>K</kbd>: H<sub>2</sub>O, x<sup>2</sup>.\n\n" * n)

@kind(10_000, ends="unknown-markup")
def open_elements(n):
    return guide("<kbd>" * n)

@kind(2_000, command="build")
def folds(n):
    return guide("<details>\n<summary>More</summary>\n\nText.\n\n</details>\n\n" * n)

@kind(4_000, ends="unknown-markup")
def folds_of_one_line(n):
    return guide("<details><summary>a</summary></details>" * n)

@kind(4_000, command="build")
def hosts_of_one_word(n):
    return guide("http://localhost:80/," * n)

@kind(10_000)
def strings_of_a_style_sheet(n):
    return {**guide("Text."), "static/style.css": "a { font-family: " + ", ".join(['"b"'] * n) + " }"}

@kind(4_000, command="build")
def breaks_in_cells(n):
    return guide("| a |\n| --- |\n" + "| one<br>two<br>three |\n" * n)

@kind(2_000, command="build")
def breaks_in_one_cell(n):
    return guide("| a |\n| --- |\n| " + "one<br>" * n + " |\n")

@kind(20_000, command="build")
def bare_addresses(n):
    return guide("https://example.com/a_(b) and www.example.com. " * n)

@kind(20_000, command="build")
def stars_beside_ideographs(n):
    return guide("**\u300c\u4e2d\u6587\u3002**\u4e2d" * n)

@kind(10_000, command="build")
def lines_of_a_console(n):
    return guide("```console\n" + "$ npm i\nadded 1 package\n" * n + "```\n")

@kind(10_000, command="build")
def marked_lines(n):
    ranges = ",".join(str(2 * number + 1) for number in range(n // 100))
    return guide("```js {" + ranges + "}\n" + "call()\n" * n + "```\n")

# What other dialects write: each is found once in a line.
CONSTRUCTS = {
    "containers": ":::note\nText.\n:::\n\n",
    "tags": "<Tabs>\n\nText.\n\n</Tabs>\n\n",
    "expressions": "{props.a}\n\n",
    "shortcodes": "{{< note >}}\n\n",
    "wiki-links": "[[a]] ",
    "marked-words": "==a== ",
    "emoji": ":smile: ",
    "attributes": "Text.\n{: .a }\n\n",
}
for construct, text in CONSTRUCTS.items():
    def constructs(n, text=text):
        return guide(text * n)
    constructs.__name__ = f"constructs_{construct.replace('-', '_')}"
    kind(10_000, ends="unknown-markup")(constructs)

# Beginnings of constructs that nothing ends: a search for the end must not start at each.
OPENED = {
    "braces": "{a ", "colons": ":a", "brackets": "[[a ", "equals": "==a ", "tags": "<A b={c ", "plus": "++a ",
    "dollars": "$a", "percents": "{% a ", "stars-beside-ideographs": "**\u3002",
}
for sign, text in OPENED.items():
    def opened(n, text=text):
        return guide(text * n)
    opened.__name__ = f"opened_{sign.replace('-', '_')}"
    kind(20_000, ends="unknown-markup" if sign == "tags" else "right")(opened)

@kind(1_000, command="build")
def synonyms(n):
    return guide("Text.", search={"synonyms": {f"word {i}": ["text"] for i in range(n)}})

@kind(2_000, command="build")
def files_at_the_root(n):
    return {**guide("Text."), **{f"root/a{i}.txt": "a" for i in range(n)}}

@kind(2_000)
def files_that_nothing_links_to(n):
    return {**guide("Text."), **{f"static/a{i}.txt": "a" for i in range(n)}}

@kind(5_000, command="build")
def tasks(n):
    return guide("- [ ] A task.\n" * n)

@kind(10_000, ends="heading-level")
def levels_that_are_skipped(n):
    return guide("## Two\n\n#### Four\n\n" * n)

@kind(20_000, ends="unknown-key")
def keys_of_front_matter(n):
    return {"spec/site.yaml": site_yaml(["guide"]),
            "spec/guide.md": "---\ntitle: Guide\n" + lines(n, lambda i: f"key_{i}: a") + "\n---\nText.\n"}

@kind(100_000, command="build")
def long_front_matter(n):
    return {"spec/site.yaml": site_yaml(["guide"]),
            "spec/guide.md": "---\ntitle: Guide\ndescription: " + "word " * n + "\n---\nText.\n"}

@kind(20_000, ends="unknown-name")
def unknown_names_in_a_guide(n):
    project = api({"chat": endpoint(request={"fields": {"message_text": STRING}})})
    project["spec/site.yaml"] = site_yaml(["api", "guide"])
    project["spec/guide.md"] = "---\ntitle: Guide\n---\n" + "The field `message_txt`.\n\n" * n
    return project

@kind(16_000)
def names_in_a_guide_and_an_api(n):
    project = fields_over_bodies(n)
    project["spec/site.yaml"] = site_yaml(["api", "guide"])
    project["spec/guide.md"] = "---\ntitle: Guide\n---\n" + lines(n, lambda i: f"The name `other_name_{i}`.\n")
    return project


# API pages

@kind(1_600, command="build")
def fields(n):
    return one(request={"fields": {f"field_{i}": STRING for i in range(n)}})

@kind(10_000, ends="input-too-large")
def fields_beyond_the_limit(n):
    return one(request={"fields": {f"field_{i}": STRING for i in range(n + 2000)}})

@kind(16_000, command="build")
def fields_over_bodies(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", request={"fields": {f"field_{i}": STRING for i in range(100)}})
                for e in range(max(n // 100, 1))})

@kind(16_000, command="build")
def fields_with_prose(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", request={"fields": {f"field_{i}_{e}": {"type": "string", "description": f"As `field_{i}_{e}` has it."} for i in range(100)}})
                for e in range(max(n // 100, 1))})

@kind(16_000, ends="unknown-name")
def unknown_names(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", request={"fields": {f"field_of_{i}_{e}": {"type": "string", "description": f"As `field_off_{i}_{e}` has it."} for i in range(100)}})
                for e in range(max(n // 100, 1))})

@kind(16_000)
def names_of_nothing(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", request={"fields": {f"field_of_{i}_{e}": {"type": "string", "description": f"As `something_{i}_else_{e}` has it."} for i in range(100)}})
                for e in range(max(n // 100, 1))})

@kind(8_000, ends="unknown-name")
def unknown_calls(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", description=f"See `POST /chta/{e}`.") for e in range(n)})

@kind(2_000, command="build")
def parameters(n):
    return one(parameters={"query": {f"field_{i}": STRING for i in range(n)}})

@kind(2_000, command="build")
def parameters_with_samples(n):
    return api({"chat": {key: value for key, value in endpoint(
        parameters={"query": {f"field_{i}": {"type": "string", "example": "a"} for i in range(n)}}).items() if key != "samples"}})

@kind(1_000, command="build")
def parameters_of_paths(n):
    return one(path="".join(f"/{{p{i}}}" for i in range(n)), parameters={"path": {f"p{i}": STRING for i in range(n)}})

@kind(2_000, command="build")
def headers(n):
    return one(responses={"200": {"headers": {f"X-{i}": {"type": "string", "example": "a"} for i in range(n)}}})

@kind(2_000, command="build")
def endpoints(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}") for i in range(n)})

@kind(500, command="build")
def endpoints_with_samples(n):
    return api({f"chat-{i}": {"title": "Chat", "method": "POST", "path": f"/chat/{i}", "responses": {"200": {}}} for i in range(n)})

@kind(4_000, ends="duplicate-endpoint")
def equal_endpoints(n):
    return api({f"chat-{i}": endpoint("/chat") for i in range(n)})

PLAN = {"variables": {"plan": {}}}

@kind(2_000, command="build")
def conditions(n):
    return api(site=PLAN, endpoints={f"chat-{i}": endpoint(f"/chat/{i}", when={"plan": [f"a{j}" for j in range(10)]}) for i in range(n)})

@kind(10_000, command="build")
def values_of_a_condition(n):
    return api({"chat": endpoint(when={"plan": [f"a{j}" for j in range(n)]})}, site=PLAN)

@kind(2_000, command="build")
def sections(n):
    return api(sections=[{"title": f"Section {i}", "body": "Text."} for i in range(n)])

@kind(4_000, ends="anchor-collision")
def equal_sections(n):
    return api(sections=[{"title": "Section", "body": "Text."} for i in range(n)])

@kind(20_000, ends="anchor-collision")
def equal_ids_of_sections(n):
    return api(sections=[{"title": "Section", "id": "a", "body": "Text."} for i in range(n)])

@kind(4_000, command="build")
def servers(n):
    return api(servers=[{"url": f"https://a{i}.example.com"} for i in range(n)])

@kind(4_000, command="build")
def responses(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", responses={str(s): {"description": "Yes."} for s in range(200, 300)}) for e in range(max(n // 100, 1))})

@kind(400, command="build")
def request_examples(n):
    return one(request={"fields": {"a": STRING}, "examples": {f"e{i}": {"a": "b"} for i in range(n)}})

@kind(400, command="build")
def examples_of_all(n):
    examples = {f"e{i}": {"a": "b"} for i in range(n)}
    return one(request={"fields": {"a": STRING}, "examples": examples},
               responses={"200": {"fields": {"a": STRING}, "examples": examples}},
               stream={"format": "jsonl", "events": {"a": {"fields": {"a": STRING}, "joins": {"from": "/a", "to": "/a"}}},
                       "examples": {f"e{i}": [{"event": "a", "data": {"a": "b"}}] for i in range(n)}})

@kind(400, command="build")
def response_examples(n):
    return one(responses={"200": {"fields": {"a": STRING}, "examples": {f"e{i}": {"a": "b"} for i in range(n)}}})

@kind(400, ends="undocumented-field")
def examples_with_faults(n):
    return one(request={"fields": {"a": STRING}, "examples": {f"e{i}": {"b": "b"} for i in range(n)}})

@kind(10_000, ends="example-type")
def faults_of_one_example(n):
    return one(request={"schema": {"items": STRING}, "example": [1] * n})

@kind(2_000, ends="undocumented-field")
def undocumented_fields(n):
    return one(request={"fields": {f"field_of_{i}": STRING for i in range(n)}, "example": {f"field_off_{i}": "a" for i in range(n)}})

def numbers(schema, example):
    """A project of one number, whose texts are as long as they are."""
    project = one(request={"fields": {"a": "SCHEMA"}, "example": {"a": "NUMBER"}})
    text = project["spec/api.yaml"].replace('"SCHEMA"', schema).replace('"NUMBER"', example)
    return {**project, "spec/api.yaml": text}

@kind(100_000, ends="invalid-value")
def digits_of_multiple_of(n):
    return numbers('{"type": "number", "multipleOf": 0.' + "0" * n + "3}", "1.5")

@kind(100_000, ends="invalid-value")
def digits_of_a_whole_multiple_of(n):
    return numbers('{"type": "integer", "multipleOf": 1' + "0" * n + "7}", "15")

@kind(100_000, ends="example-value")
def digits_of_an_example(n):
    return numbers('{"type": "integer", "multipleOf": 3}', "3" * (n + 1))

@kind(100_000, ends="invalid-value")
def digits_of_example_and_multiple_of(n):
    return numbers('{"type": "integer", "multipleOf": 7' + "3" * n + "}", "1" * (2 * n + 2))

@kind(100_000, ends="invalid-value")
def digits_of_bounds(n):
    return numbers('{"type": "integer", "minimum": ' + "9" * (n + 2) + "}", "1" * (n + 1))

@kind(200_000, command="build")
def text_that_a_pattern_reads(n):
    return one(request={"fields": {"a": {"type": "string", "pattern": "^(a|b|ab)*c?$"}}, "example": {"a": "ab" * (n // 2)}})

@kind(400, command="build")
def patterns(n):
    return one(request={"fields": {f"a{i}": {"type": "string", "pattern": f"^a{i}$"} for i in range(n)}, "example": {f"a{i}": f"a{i}" for i in range(n)}})

@kind(1_600)
def patterns_that_no_example_shows(n):
    return one(parameters={"query": {f"a{i}": {"type": "string", "pattern": f"^[a-z]{{1,64}}{i}$"} for i in range(n)}})

@kind(200)
def large_patterns(n):
    return one(parameters={"query": {f"a{i}": {"type": "string", "pattern": f"\\p{{L}}{{8}}{i}"} for i in range(n)}})

@kind(20_000, ends="input-too-large")
def patterns_that_are_too_large_together(n):
    return one(parameters={"query": {f"a{i % 2000}": {"type": "string", "pattern": f"\\p{{L}}{{170}}{i}"} for i in range(n)}})

@kind(100_000)
def letters_of_a_pattern(n):
    return one(parameters={"query": {"a": {"type": "string", "pattern": "ab" * (n // 2)}}})

@kind(4_000)
def groups_of_a_pattern(n):
    return one(parameters={"query": {"a": {"type": "string", "pattern": "(a)?" * (n // 8)}}})

@kind(40_000, command="build")
def items_of_an_example(n):
    return one(request={"schema": {"items": STRING}, "example": ["a"] * n})

@kind(10_000, command="build")
def items_of_objects(n):
    return one(request={"schema": {"items": {"fields": {"a": STRING}}}, "example": [{"a": "b"}] * n})

@kind(10_000, command="build")
def items_that_differ(n):
    return one(request={"schema": {"items": STRING, "uniqueItems": True}, "example": [f"a{i}" for i in range(n)]})

@kind(4_000, command="build")
def items_with_samples(n):
    return api({"chat": {key: value for key, value in endpoint(
        request={"schema": {"items": STRING}, "example": ["a"] * n}).items() if key != "samples"}})

@kind(10_000, command="build")
def keys_of_an_example(n):
    return one(request={"schema": {"additionalProperties": STRING}, "example": {f"k{i}": "a" for i in range(n)}})

@kind(400_000, command="build")
def text_of_an_example(n):
    return one(request={"fields": {"a": STRING}, "example": {"a": "text " * (n // 5)}})

@kind(60, command="build")
def depth_of_an_example(n):
    value = "a"
    for _ in range(n // 2):
        value = [value]
    return one(request={"schema": {}, "example": value})

@kind(20_000, ends="input-too-large")
def examples_beyond_the_limit(n):
    return one(request={"fields": {"a": STRING}, "examples": {f"e{i}": {"a": "b"} for i in range(n)}})

@kind(20_000, ends="input-too-large")
def names_of_examples_beyond_the_limit(n):
    examples = lambda s: {f"e{s}-{i}": {"a": "b"} for i in range(max(n // 50, 1))}
    return one(responses={str(s): {"examples": examples(s)} for s in range(400, 450)})

@kind(8_000, command="build")
def examples_over_endpoints(n):
    return api({f"chat-{e}": endpoint(f"/chat/{e}", request={"fields": {"a": STRING}, "examples": {f"e{i}": {"a": "b"} for i in range(100)}}) for e in range(max(n // 100, 1))})

@kind(10_000, command="build")
def values_of_an_enum(n):
    return one(request={"fields": {"a": {"enum": [f"a{i}" for i in range(n)]}}})

@kind(5_000, command="build")
def values_of_an_enum_in_examples(n):
    return one(request={"schema": {"items": {"enum": [f"a{i}" for i in range(n)]}}, "example": [f"a{i}" for i in range(n)]})

@kind(4_000, ends="duplicate-id")
def equal_values_of_an_enum(n):
    return one(request={"fields": {"a": {"enum": ["a"] * n}}})

@kind(160, command="build")
def forms(n):
    return one(request={"schema": {"oneOf": [{"title": f"Form {i}", "fields": {f"a{i}": STRING}} for i in range(n + 1)]}})

@kind(160, command="build")
def forms_with_examples(n):
    return one(request={"schema": {"discriminator": "type", "oneOf": [{"title": f"Form {i}", "fields": {"type": {"const": f"t{i}", "required": True}}} for i in range(n + 1)]},
                        "examples": {f"e{i}": {"type": f"t{i}"} for i in range(n)}})

@kind(160, command="build")
def forms_of_items(n):
    return one(request={"schema": {"items": {"discriminator": "type", "oneOf": [{"title": f"Form {i}", "fields": {"type": {"const": f"t{i}", "required": True}}} for i in range(n + 1)]}},
                        "example": [{"type": f"t{i}"} for i in range(n)]})

@kind(8_000, ends="input-too-large")
def forms_beyond_the_limit(n):
    return one(request={"schema": {"oneOf": [{"title": f"Form {i}", "fields": {f"a{i}": STRING}} for i in range(n + 200)]}})

@kind(16_000, command="build")
def items_of_forms(n):
    return one(request={"schema": {"items": {"discriminator": "type", "oneOf": [{"title": f"Form {i}", "fields": {"type": {"const": f"t{i}", "required": True}}} for i in range(20)]}},
                        "example": [{"type": f"t{i % 20}"} for i in range(n)]})

@kind(4_000, command="build")
def schemas(n):
    return api(schemas={f"S{i}": {"fields": {"a": STRING}} for i in range(n)})

@kind(8_000, ends="input-too-large")
def chain_of_schemas(n):
    return api({"chat": endpoint(request={"schema": {"$ref": "#/schemas/S0"}})},
               schemas={**{f"S{i}": {"$ref": f"#/schemas/S{i + 1}"} for i in range(n)}, f"S{n}": {"type": "string"}})

@kind(8_000, ends="input-too-large")
def chain_of_fields(n):
    return api({"chat": endpoint(request={"schema": {"$ref": "#/schemas/S0"}})},
               schemas={**{f"S{i}": {"fields": {"a": {"$ref": f"#/schemas/S{i + 1}"}}} for i in range(n)}, f"S{n}": {"type": "string"}})

@kind(10_000, ends="cyclic-reference")
def cycles_of_schemas(n):
    return api({"chat": endpoint(request={"schema": {"$ref": "#/schemas/S0"}})},
               schemas={f"S{i}": {"$ref": f"#/schemas/S{(i + 1) % n}"} for i in range(n)})

@kind(4_000, ends="unknown-schema")
def unknown_schemas(n):
    return api({"chat": endpoint(request={"fields": {f"a{i}": {"$ref": f"#/schemas/Shema{i}"} for i in range(n)}})},
               schemas={f"Schema{i}": STRING for i in range(n)})

@kind(1_000, command="build")
def references_to_one_schema(n):
    return api({"chat": endpoint(request={"fields": {f"a{i}": {"$ref": "#/schemas/S"} for i in range(n)}})}, schemas={"S": STRING})

@kind(20_000, ends="unknown-key")
def unknown_keys(n):
    return api(**{f"key_{i}": "a" for i in range(n)})

@kind(10_000, ends="duplicate-key")
def duplicate_keys(n):
    project = api()
    project["spec/api.yaml"] = "title: Chat\nservers: [{url: https://a.example}]\nendpoints: {}\n" + "intro: a\n" * n
    return project

@kind(10_000, ends="missing-key")
def missing_keys(n):
    return api({f"chat-{i}": {} for i in range(n)})

@kind(400, command="build")
def events(n):
    return one(stream={"format": "sse", "events": {f"e{i}": {"data": "text"} for i in range(n)}})

@kind(400, command="build")
def events_in_an_example(n):
    return one(stream={"format": "sse", "events": {f"e{i}": {"data": "text"} for i in range(n)},
                       "example": [{"event": f"e{i}", "data": "a"} for i in range(n)]})

@kind(400, command="build")
def events_that_match(n):
    return one(stream={"format": "jsonl", "events": {f"e{i}": {"match": {"/type": f"t{i}"}, "fields": {"type": STRING}} for i in range(n)},
                       "example": [{"event": f"e{i}", "data": {"type": f"t{i}"}} for i in range(n)]})

@kind(400, command="build")
def pasted_events_that_match(n):
    return one(stream={"format": "jsonl", "events": {f"e{i}": {"match": {"/type": f"t{i}"}, "fields": {"type": STRING}} for i in range(n)},
                       "example": lines(n, lambda i: json.dumps({"type": f"t{i}"})) + "\n"})

@kind(20_000, ends="input-too-large")
def events_beyond_the_limit(n):
    return one(stream={"format": "sse", "events": {f"e{i}": {"data": "text"} for i in range(n + 500)}})

@kind(8_000, command="build")
def items_that_match(n):
    return one(stream={"format": "jsonl", "events": {f"e{i}": {"match": {"/type": f"t{i}"}, "fields": {"type": STRING}, "occurs": "repeats"} for i in range(20)}, "order": "any",
                       "example": lines(n, lambda i: json.dumps({"type": f"t{i % 20}"})) + "\n"})

@kind(10_000, command="build")
def items_of_a_stream(n):
    return one(responses={"200": {"fields": {"a": STRING}, "example": {"a": "a" * n}}},
               stream={"format": "sse", "events": {"a": {"data": "text", "joins": {"to": "/a"}}},
                       "example": [{"event": "a", "data": "a"}] * n})

@kind(20_000, command="build")
def items_of_json_in_a_stream(n):
    return one(responses={"200": {"fields": {"a": STRING}, "example": {"a": "a" * n}}},
               stream={"format": "jsonl", "events": {"a": {"fields": {"a": STRING}, "joins": {"from": "/a", "to": "/a"}}},
                       "example": [{"event": "a", "data": {"a": "a"}}] * n})

@kind(10_000, command="build")
def pasted_items(n):
    return one(responses={"200": {"fields": {"a": STRING}, "example": {"a": "a" * n}}},
               stream={"format": "sse", "events": {"a": {"data": "text", "joins": {"to": "/a"}}},
                       "example": "event: a\ndata: a\n\n" * n})

@kind(10_000, ends="stream-join")
def items_that_join_to_another(n):
    return one(responses={"200": {"fields": {"a": STRING}, "example": {"a": "a" * n + "b"}}},
               stream={"format": "sse", "events": {"a": {"data": "text", "joins": {"to": "/a"}}},
                       "example": [{"event": "a", "data": "a"}] * n})

@kind(10_000, command="build")
def chunks_of_a_text(n):
    return one(responses={"200": {"content_type": "text/plain", "example": "a" * n}},
               stream={"format": "text", "joins": {"to": ""}, "example": ["a"] * n})

@kind(400, ends="stream-order")
def events_out_of_order(n):
    return one(stream={"format": "sse", "events": {f"e{i}": {"data": "text", "occurs": "once"} for i in range(n)},
                       "example": [{"event": f"e{i}", "data": "a"} for i in reversed(range(n))]})

@kind(10_000, ends="unknown-event")
def unknown_events(n):
    return one(stream={"format": "sse", "events": {"abc": {"data": "text"}}, "example": [{"event": f"abd{i}", "data": "a"} for i in range(n)]})

@kind(400, ends="unknown-event")
def unknown_events_of_many(n):
    return one(stream={"format": "sse", "events": {f"event-{i}": {"data": "text"} for i in range(n)}, "example": [{"event": f"evnt-{i}", "data": "a"} for i in range(n)]})

@kind(1_000, command="build")
def equals(n):
    return one(responses={"200": {"fields": {f"a{i}": STRING for i in range(n)}, "example": {f"a{i}": "b" for i in range(n)}}},
               stream={"format": "jsonl", "events": {"a": {"fields": {f"a{i}": STRING for i in range(n)}, "equals": [f"/a{i}" for i in range(n)]}},
                       "example": [{"event": "a", "data": {f"a{i}": "b" for i in range(n)}}]})

@kind(1_000, command="build")
def samples_of_an_endpoint(n):
    return one(samples=[{"title": f"Sample {i}", "code": "a"} for i in range(n)])

@kind(4_000, ends="unused-waiver")
def waivers(n):
    return api(waivers=[{"code": "not-shown", "at": f"/schemas/S{i}", "reason": "It is so."} for i in range(n)])

@kind(20_000, ends="unused-waiver")
def waivers_on_one_line(n):
    project = waivers(1)
    items = lines(n, lambda i: f"{{code: not-shown, at: /x{i}, reason: It is so.}}", ", ")
    project["spec/api.yaml"] = "waivers: [" + items + "]\n" + PAGE
    return project

@kind(80_000, ends="not-shown")
def values_on_one_line(n):
    values = lines(n, lambda i: f"v{i}", ", ")
    project = api()
    project["spec/api.yaml"] = PAGE + f"    request: {{fields: {{a: {{enum: [{values}]}}}}, example: {{a: v0}}}}\n"
    return project

@kind(8_000, ends="unknown-name")
def unknown_calls_of_a_long_page(n):
    # The calls have as many digits each, so that as many others are near.
    return api({f"chat-{e}": endpoint(f"/chat/{e + 100_000}", description=f"See `POST /chta/{e + 100_000}`.") for e in range(n)})

@kind(1_000, command="check")
def waivers_that_hold(n):
    return api({"chat": endpoint(request={"fields": {f"a{i}": {"enum": ["a", "b"]} for i in range(n)}, "example": {f"a{i}": "a" for i in range(n)}})},
               waivers=[{"code": "not-shown", "at": f"/endpoints/chat/request/schema/fields/a{i}/enum", "reason": "It is so."} for i in range(n)])

@kind(20_000, ends="input-too-large")
def aliases(n):
    project = api()
    project["spec/api.yaml"] = ("title: Chat\nservers: [{url: https://a.example}]\nendpoints:\n  chat:\n    title: Chat\n    method: POST\n    path: /a\n"
        "    responses: {200: {}}\n    request:\n      schema: {}\n      example:\n        - &a text\n" + "        - *a\n" * n)
    return project

@kind(20_000, ends="input-too-large")
def anchors(n):
    project = api()
    project["spec/api.yaml"] = ("title: Chat\nservers: [{url: https://a.example}]\nendpoints:\n  chat:\n    title: Chat\n    method: POST\n    path: /a\n"
        "    responses: {200: {}}\n    request:\n      schema: {}\n      example:\n" + lines(n, lambda i: f"        - &a{i} text\n        - *a{i}") + "\n")
    return project

def intro(text):
    """An API page whose `intro` is written as YAML."""
    project = api()
    project["spec/api.yaml"] = ("title: Chat\nservers: [{url: https://a.example}]\nendpoints:\n  chat:\n    title: Chat\n"
        "    method: POST\n    path: /a\n    samples: []\n    responses: {200: {}}\nintro: " + text + "\n")
    return project

@kind(40_000, command="build")
def lines_of_a_literal(n):
    return intro("|\n" + "  A line of *text*.\n" * n)

@kind(40_000, command="build")
def lines_of_a_folded_text(n):
    return intro(">\n" + "  A line of *text*.\n\n" * n)

@kind(40_000, command="build")
def lines_of_a_plain_text(n):
    return intro("A line\n" + "  of *text*.\n" * n)

@kind(40_000, command="build")
def escapes_of_a_quoted_text(n):
    return intro('"' + "a\\n\\n\\u00e9 " * n + '"')

@kind(10_000, ends="dead-link")
def dead_links_of_a_literal(n):
    return intro("|\n" + lines(n, lambda i: f"  A [link](page-{i}).\n"))

@kind(10_000, ends="dead-link")
def dead_links_of_a_folded_text(n):
    return intro(">\n" + lines(n, lambda i: f"  A [link](page-{i}).\n"))

@kind(10_000, ends="dead-link")
def dead_links_of_a_quoted_text(n):
    return intro('"' + lines(n, lambda i: f"A [link](page-{i}).\\n\\n", "") + '"')

@kind(10_000, ends="unknown-variable")
def unknown_variables_of_a_quoted_text(n):
    return intro('"' + lines(n, lambda i: f"A {{{{ bot_{i} }}}}.\\n\\n", "") + '"')

@kind(40_000, command="build")
def holes_of_one_line_of_a_literal(n):
    return intro("|\n  " + "{{ bot_id }} " * n + "\n")

@kind(20_000, command="build")
def holes_of_one_line_of_a_sample(n):
    return one(samples=[{"title": "Sample", "code": "{{ bot_id }} " * n}])

@kind(20_000, command="build")
def holes_of_one_text_of_an_example(n):
    return one(request={"fields": {"a": STRING}, "example": {"a": "{{ bot_id }} " * n}})

@kind(40_000, ends="unknown-tag")
def unknown_tags(n):
    return tagged("!a b", n)

@kind(40_000, ends="invalid-number")
def invalid_numbers(n):
    return tagged("0123", n)

@kind(40_000, ends="unquoted-variable")
def unquoted_variables(n):
    return tagged("{{ bot_id }}", n)

def tagged(item, n):
    """An API page whose example is a list of one text of YAML."""
    project = one(request={"schema": {}, "example": ["ITEM"]})
    return {**project, "spec/api.yaml": project["spec/api.yaml"].replace('"ITEM"', (item + ", ") * n)}

@kind(10_000, command="build")
def quoted_keys_of_an_example(n):
    return one(request={"schema": {"additionalProperties": STRING}, "example": {f"k \"{i}\" é": "a\n" for i in range(n)}})

@kind(10_000, ends="invalid-")
def documents_in_yaml(n):
    project = api()
    project["spec/api.yaml"] = "---\na: b\n" * (n + 1)
    return project

@kind(20_000, command="check")
def yaml_on_one_line(n):
    project = one(request={"schema": {"items": STRING}, "example": ["a"] * n})
    project["spec/api.yaml"] = json.dumps(json.loads(project["spec/api.yaml"]))
    return project

@kind(10_000, ends="example-type")
def faults_of_one_line(n):
    project = one(request={"schema": {"items": STRING}, "example": [1] * n})
    project["spec/api.yaml"] = json.dumps(json.loads(project["spec/api.yaml"]))
    return project

@kind(100_000, command="check")
def comments_in_yaml(n):
    project = api()
    project["spec/api.yaml"] += "\n" + "# A comment.\n" * n
    return project

@kind(100_000, ends="input-too-large")
def open_lists_in_yaml(n):
    project = api()
    project["spec/api.yaml"] = "[" * n
    return project


@kind(6_000, ends="not-shown")
def findings_of_endpoints(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}", request={"fields": {"a": {"enum": ["a", "b"]}}, "example": {"a": "a"}}) for i in range(n)})

@kind(12_000)
def endpoints_checked(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}") for i in range(n)})

@kind(8_000)
def references(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}", request={"schema": {"$ref": f"#/schemas/S{i}"}}) for i in range(n)},
               schemas={f"S{i}": STRING for i in range(n)})

@kind(16_000)
def unused_chains(n):
    return api(schemas={f"S{i}": {"default": {}, "fields": {"a": {"$ref": f"#/schemas/S{i // 20 * 20 + 20 if i % 20 == 19 else i + 1}"}}} if i % 20 != 19 else STRING for i in range(n)})

@kind(4_000, ends="two-placeholders")
def placeholders(n):
    def part(name, example):
        return {"fields": {name: STRING}, "example": {name: example}}
    return api({f"chat-{i}": endpoint(f"/chat/{i}", request=part(f"id_of_{i}", f"YOUR_ID_{i}"),
                                      responses={"200": part(f"id_of_{i}", f"ID_{i}_HERE")}) for i in range(n)})

@kind(4_000, ends="two-placeholders")
def placeholders_of_one_field(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}", request={"fields": {"id": STRING}, "example": {"id": f"YOUR_ID_{i}"}})
                for i in range(n)})


@kind(4_000, command="build")
def links_to_endpoints(n):
    return api({f"chat-{i}": endpoint(f"/chat/{i}", description=f"See [it](#chat-{i}).") for i in range(n // 4)})

@kind(10_000, ends="dead-link", command="human")
def faults_in_words(n):
    return guide(lines(n, lambda i: f"A [link](page-{i}).\n"))

@kind(10_000, ends="dead-link", command="human")
def faults_of_one_line_in_words(n):
    return guide(lines(n, lambda i: f"A [link](page-{i}).", " "))

@kind(10_000, ends="dead-link", command="github")
def faults_of_one_line_as_annotations(n):
    return guide(lines(n, lambda i: f"A [link](page-{i}).", " "))

@kind(10_000, ends="example-type", command="human")
def faults_of_one_line_of_yaml_in_words(n):
    return faults_of_one_line(n)

@kind(10_000, ends="unknown-key", command="human")
def unknown_keys_in_words(n):
    return unknown_keys(n)


# Sites

@kind(2_000, command="build")
def redirects_of_anchors(n):
    return guide("## One\n\nText.", redirects={f"guide#old-{i}": "guide#one" for i in range(n)})

@kind(1_000, ends="invalid-redirect")
def redirects_of_anchors_of_no_page(n):
    return guide("## One\n\nText.", redirects={**{f"old-{i}": "guide" for i in range(n)}, **{f"old-{i}#a": "guide#one" for i in range(n)}})

@kind(2_000, ends="invalid-redirect")
def redirects_to_nowhere(n):
    return guide("Text.", redirects={f"old-{i}": f"guid-{i}" for i in range(n)})

@kind(2_000, ends="invalid-redirect")
def chain_of_redirects(n):
    return guide("Text.", redirects={f"old-{i}": f"old-{i + 1}" for i in range(n)})

@kind(800, command="build", within="pages-beyond-the-limit")
def pages(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nText.\n" for name in names}}

@kind(800, command="build", within="pages-beyond-the-limit")
def groups_of_pages(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml([{"title": name, "pages": [name]} for name in names]), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nText.\n" for name in names}}

@kind(8_000, ends="input-too-large")
def pages_beyond_the_limit(n):
    return pages(n + 2000)

@kind(1_600, ends="unlisted-page")
def unlisted_pages(n):
    return {**guide("Text."), **{f"spec/page-{i}.md": "---\ntitle: Page\n---\nText.\n" for i in range(n)}}

@kind(4_000, ends="unknown-page")
def unknown_pages(n):
    return {**guide("Text."), "spec/site.yaml": site_yaml(["guide"] + [f"guid-{i}" for i in range(n)])}

@kind(1_600, ends="unknown-page")
def unknown_pages_of_many(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names + [f"pag-{i}" for i in range(n)]), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nText.\n" for name in names}}

@kind(1_600, ends="dead-link")
def dead_links_to_pages(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nA [link](pag-{i}).\n" for i, name in enumerate(names)}}

@kind(800, command="check", within="pages-beyond-the-limit")
def pages_checked(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nA [link](page-0).\n" for name in names}}

@kind(1_000, command="build")
def links_of_header(n):
    return guide("Text.", header=[{"title": f"Link {i}", "url": "guide"} for i in range(n)])

@kind(1_000, command="build")
def links_of_footer(n):
    return guide("Text.", footer=[{"title": f"Link {i}", "url": "guide"} for i in range(n)])

@kind(10_000, ends="input-too-large")
def variables(n):
    return guide("Text.", variables={f"v_{i}": {} for i in range(n)})

@kind(2_000, command="build")
def pattern_of_a_variable(n):
    return guide("Text.", variables={"v": {"pattern": "a" * n, "placeholder": "a" * n}})

@kind(2_000)
def elements_of_a_drawing(n):
    return {**guide("![a](a.svg)"), "spec/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">' + '<g id="a"/>' * 50 * n + "</svg>"}

@kind(8_000, ends="active-drawing")
def namespaces_of_a_drawing(n):
    return {**guide("![a](a.svg)"), "spec/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">' + lines(n, lambda i: f'<g xmlns:a{i}="b">') + "</g>" * n + "</svg>"}

@kind(40_000, ends="active-drawing")
def attributes_of_a_drawing(n):
    return {**guide("![a](a.svg)"), "spec/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"' + lines(n, lambda i: f' a{i}="b"', "") + "/>"}

@kind(4_000, command="build")
def assets(n):
    return {**guide(lines(n, lambda i: f"A [file](f{i}.txt).\n")), **{f"spec/f{i}.txt": "a" for i in range(n)}}

@kind(4_000, ends="unused-file")
def assets_unused(n):
    return {**guide("Text."), **{f"spec/f{i}.txt": "a" for i in range(n)}}

@kind(4_000, command="build")
def static_files(n):
    return {**guide("Text."), **{f"static/f{i}.txt": "a" for i in range(n)}}

@kind(2_000, command="build")
def static_files_nested(n):
    return {**guide("Text."), **{f"static/{i}/a/b/f.txt": "a" for i in range(n)}}

@kind(4_000, command="build")
def rules_of_style(n):
    return {**guide("Text."), "static/more.css": "a { color: red }\n" * n}

@kind(10_000, ends="live-secret")
def secrets(n):
    return guide(lines(n, lambda i: live(i) + "\n"))

@kind(10_000, ends="live-secret", command="human")
def secrets_in_words(n):
    return secrets(n)

@kind(10_000, ends="live-secret")
def secrets_of_one_line(n):
    return guide(lines(n, live, " "))

@kind(4_000, command="build")
def secrets_with_waivers(n):
    return guide(lines(n, lambda i: live(i) + "\n"), waivers=waived(n))

@kind(4_000, ends="live-secret")
def secrets_beside_waivers(n):
    return guide(lines(n, lambda i: live(i) + "\n"), waivers=waived(2 * n, n))

@kind(4_000, command="build")
def uses_of_one_waiver(n):
    return guide((live(1) + "\n\n") * n, waivers=waived(2, 1))

@kind(4_000, ends="unused-waiver")
def waivers_of_no_secret(n):
    # No part of one stands in another.
    values = (f"hf_{hashlib.sha256(bytes(str(i), 'ascii')).hexdigest()}" for i in range(n))
    waivers = [{"code": "live-secret", "value": value, "reason": "It is no key."} for value in values]
    return guide("One of the lines of text.\n" * n, waivers=waivers)

@kind(4_000, ends="live-secret")
def secrets_of_static_files(n):
    return {**guide("Text."), **{f"static/f{i}.txt": live(i) for i in range(n)}}

@kind(2_000, ends="live-secret")
def names_of_files_with_secrets(n):
    return {**guide("Text."), **{f"static/{live(i)}.txt": "a" for i in range(n)}}

@kind(4_000, ends="live-secret", command="build")
def secrets_that_a_template_makes(n):
    return themed(lines(n, lambda i: f"<p>{{{{ '{live(i)[:14]}' ~ '{live(i)[14:]}' }}}}</p>"))

def png(*chunks):
    """A picture with these chunks behind its head, each by its kind and its data."""
    head = (b"IHDR", (1).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0]))
    chunks = (len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in [head, *chunks])
    return {**guide("![A picture](a.png)"), "spec/a.png": b"\x89PNG\r\n\x1a\n" + b"".join(chunks)}

def packed_text(text):
    return b"zTXt", b"Comment\0\0" + zlib.compress(text.encode())

@kind(800_000)
def texts_of_a_picture(n):
    return png(*((b"tEXt", f"Comment\0Text {i}".encode()) for i in range(n)))

@kind(400_000)
def packed_texts_of_a_picture(n):
    return png(*(packed_text(f"Text {i}") for i in range(n)))

@kind(400_000)
def international_texts_of_a_picture(n):
    return png(*((b"iTXt", b"Comment\0\0\0en\0Titel\0" + f"Text {i}".encode()) for i in range(n)))

@kind(400_000)
def packed_international_texts_of_a_picture(n):
    return png(*((b"iTXt", b"Comment\0\1\0en\0Titel\0" + zlib.compress(f"Text {i}".encode())) for i in range(n)))

@kind(400_000)
def broken_texts_of_a_picture(n):
    return png(*[(b"zTXt", b"Comment\0\0" + zlib.compress(b"Text" * 9)[:-6] + b"x")] * n)

@kind(4_000_000)
def empty_texts_of_a_picture(n):
    return png(*[(b"zTXt", b"")] * n)

@kind(80_000_000)
def long_text_of_a_picture(n):
    return png((b"tEXt", b"Comment\0" + b"text " * (n // 5)))

@kind(80_000_000)
def long_text_without_an_end_of_a_picture(n):
    return png((b"iTXt", b"text " * (n // 5)))

@kind(4_000_000)
def long_packed_text_of_a_picture(n):
    return png(packed_text("text " * (n // 5)))

@kind(4_000)
def packed_texts_that_are_long(n):
    return png(*[packed_text("text " * 200_000)] * n)

@kind(4_000_000)
def chunks_of_a_picture(n):
    return png(*[(b"tIME", bytes(7))] * n)

@kind(40_000, ends="live-secret")
def secrets_of_texts_of_a_picture(n):
    return png(*((b"tEXt", b"Comment\0" + live(i).encode()) for i in range(n)))

@kind(40_000, ends="live-secret")
def secrets_of_packed_texts_of_a_picture(n):
    return png(*(packed_text(live(i)) for i in range(n)))

@kind(40_000, ends="live-secret")
def secrets_of_one_packed_text_of_a_picture(n):
    return png(packed_text(lines(n, live)))

@kind(40_000, ends="live-secret")
def pictures_with_secrets(n):
    pictures = {f"static/f{i}.png": png(packed_text(live(i)))["spec/a.png"] for i in range(n)}
    return {**guide("Text."), **pictures}

@kind(400_000, ends="live-secret")
def long_private_key(n):
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
    return {**guide("Text."), "static/key.txt": "-----BEGIN PRIVATE KEY-----\n" + (body + "\n") * (n // 65 + 1)}

@kind(400_000, ends="live-secret", command="build")
def long_secret_that_a_template_makes(n):
    body = "4eC39HqLyjWDarjtT1zdp7dc" * (n // 24 + 1)
    return themed("<p>{{ 'sk_' ~ 'live_' ~ '" + body[:60_000] + "' }}</p>")

@kind(5_000, ends="unused-waiver")
def waivers_of_a_site(n):
    return guide("Text.", waivers=[{"code": "unknown-name", "value": f"a_{i}", "reason": "It is so."} for i in range(n)])


@kind(2_000, command="again")
def files_built_again(n):
    return static_files(n)

@kind(2_000, command="edited", ends="would be lost")
def files_that_were_edited(n):
    return static_files(n)

@kind(4_000, command="clean")
def files_to_clean(n):
    return static_files(n)

@kind(2_000, ends="differ only in case", command="build")
def files_that_differ_in_case(n):
    return {**guide("Text."), **{f"static/{name}{i}.txt": "a" for i in range(n) for name in "aA"}}

@kind(800, command="build", within="pages-beyond-the-limit")
def files_of_the_names_of_pages(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nText.\n" for name in names},
            **{f"static/{name}.html": "a" for name in names}}

@kind(4_000, command="gzip")
def files_compressed(n):
    return static_files(n)

@kind(2_000, command="watch")
def files_watched(n):
    return static_files(n)

@kind(2_000, command="watch")
def folders_watched(n):
    return static_files_nested(n)

@kind(4_000, command="serve")
def files_served(n):
    return static_files(n)

@kind(4_000, command="serve")
def headings_served(n):
    return headings(n)

@kind(4_000, command="serve")
def faults_served(n):
    return {**headings(1), "spec/guide.md": "---\ntitle: Guide\n---\n" + lines(n, lambda i: f"A [link](page-{i}).\n")}


# The mock

def asked(body, fields, head="POST /chat"):
    """A request of the mock; fields are those of the documented body."""
    schema = {"fields": fields} if isinstance(fields, dict) else {"schema": fields[0]}
    project = api({"chat": endpoint(request=schema, responses={"200": {"description": "Yes."}})})
    return {**project, "request": f"{head}\n\n{body if isinstance(body, str) else json.dumps(body)}"}

@kind(800_000, command="mock", ends="200")
def text_of_a_body(n):
    return asked({"a": "a" * n}, {"a": STRING})

@kind(100_000, command="mock", ends="200")
def items_of_a_body(n):
    return asked(["a"] * n, [{"items": STRING}])

@kind(100_000, command="mock", ends="422")
def faults_of_a_body(n):
    return asked([1] * n, [{"items": STRING}])

@kind(80_000, command="mock", ends="422")
def unknown_fields_of_a_body(n):
    return asked({f"k{i}": 1 for i in range(n)}, {"a": STRING})

@kind(1_600, command="mock", ends="422")
def slips_of_a_body(n):
    return asked({f"field_off_{i}": "a" for i in range(n)}, {f"field_of_{i}": STRING for i in range(n)})

@kind(60_000, command="mock", ends="200")
def keys_of_a_body(n):
    return asked({f"k{i}": "a" for i in range(n)}, [{"additionalProperties": STRING}])

@kind(60_000, command="mock", ends="422")
def equal_keys_of_a_body(n):
    return asked("{" + '"a": "b", ' * n + '"a": 1}', {"a": STRING})

@kind(400_000, command="mock", ends="400")
def depth_of_a_body(n):
    return asked("[" * n + "]" * n, [{}])

@kind(400_000, command="mock", ends="400")
def open_depth_of_a_body(n):
    return asked("[" * n, [{}])

@kind(80_000, command="mock", ends="200")
def forms_of_a_body(n):
    forms = [{"title": f"Form {i}", "fields": {"type": {"const": f"t{i}", "required": True}}} for i in range(20)]
    return asked([{"type": f"t{i % 20}"} for i in range(n // 2)], [{"items": {"discriminator": "type", "oneOf": forms}}])

@kind(40_000, command="mock", ends="422")
def faults_of_forms_of_a_body(n):
    forms = [{"title": f"Form {i}", "fields": {"a": {"type": "string", "const": f"t{i}", "required": True}}} for i in range(20)]
    return asked([{"a": "t"} for i in range(n)], [{"items": {"oneOf": forms}}])

@kind(50_000, command="mock", ends="422")
def equal_items_of_a_body(n):
    return asked([[i, "a"] for i in range(n)] + [[0, "a"]], [{"uniqueItems": True, "items": {}}])

@kind(800_000, command="mock", ends="422")
def digits_of_a_body(n):
    return asked('{"a": ' + "1" * n + "0}", {"a": {"type": "integer", "multipleOf": 7}})

@kind(800_000, command="mock", ends="200")
def text_of_a_body_that_a_pattern_reads(n):
    return asked({"a": "ab" * (n // 2)}, {"a": {"type": "string", "pattern": "^(a|b|ab)*c?$"}})

@kind(800, command="mock", ends="200")
def parameters_that_are_sent(n):
    return asked({"a": "a"}, {"a": STRING}, "POST /chat?" + lines(n, lambda i: f"a{i}=b", "&"))

@kind(4_000, command="mock", ends="404")
def parts_of_a_path(n):
    return asked({"a": "a"}, {"a": STRING}, "POST /chat" + "/a" * n)

@kind(2_000, command="mock", ends="200")
def endpoints_that_answer(n):
    project = api({f"chat-{i}": endpoint(f"/chat/{i}") for i in range(n)})
    return {**project, "request": f"POST /chat/{n - 1}\n\n"}

@kind(1_000, command="mock", ends="200")
def endpoints_of_alike_paths(n):
    project = api({f"chat-{i}": endpoint(f"/{{a}}/{i}", parameters={"path": {"a": STRING}}) for i in range(n)})
    return {**project, "request": f"POST /chat/{n - 1}\n\n"}

@kind(10_000, command="mock", ends="200")
def items_that_are_streamed(n):
    return {**items_of_a_stream(n), "request": "POST /chat\nAccept: text/event-stream\n\n"}


# Templates and messages

def template(text, name="guide.html"):
    return {**guide("Text."), f"templates/{name}": text}

@kind(40_000, ends="unsafe-markup")
def prints_into_a_tag(n):
    return template("{{ page.title }}<p \n" * n)

@kind(40_000, command="build")
def prints_into_attributes(n):
    return template("<p title='{{ page.title }}'>\n" * n)

@kind(40_000, command="build")
def prints_into_attributes_of_a_tag(n):
    return template("<p " + lines(n, lambda i: f"a{i}='{{{{ page.title }}}}'") + ">")

@kind(80_000, ends="invalid-template")
def open_expressions(n):
    return template("{{ page if \n" * (n // 2))

@kind(40_000, command="build")
def turns_of_a_loop(n):
    return template("{% for i in range(" + str(n) + ") %}{{ i }}{% endfor %}")

@kind(40, ends="input-too-large")
def texts_that_double(n):
    return template("{% set a = page.title * 200000 %}" + "{% set a = a ~ a %}\n" * (n + 10))

@kind(2_000, command="build")
def repetitions_of_a_pattern(n):
    return guide("Text {{ a }}.", variables={"a": {"pattern": f"[a-z]{{0,{n}}}", "placeholder": "an a"}})

@kind(40_000, ends="input-too-large")
def repetitions_beyond_the_limit(n):
    return guide("Text {{ a }}.", variables={"a": {"pattern": f"(a?){{0,{n + 5000}}}", "placeholder": "an a"}})

@kind(8_000, ends="unused-file")
def templates_of_nothing(n):
    return {**guide("Text."), **{f"templates/part-{i}.html": f'a "b-{i}"' for i in range(n)}}

@kind(16_000, ends="unused-message")
def messages_beside_a_long_template(n):
    return {**themed("<p>'a' \"b\"</p>\n" * n), "templates/messages/en.ftl": lines(n, lambda i: f"name-{i} = Text") + "\n"}

def themed(text):
    return template('{% extends "base.html" %}{% block main %}' + text + "{% endblock %}")

@kind(4_000, command="build")
def elements_of_a_template(n):
    return themed("<p class=a>Text</p>\n" * n)

@kind(4_000, command="build")
def attributes_of_a_template(n):
    return themed("<p" + lines(n, lambda i: f" data-a{i}=b", "") + ">Text</p>")

@kind(4_000, command="build")
def expressions_of_a_template(n):
    return themed("<p>{{ page.title }}</p>\n" * n)

@kind(2_000, command="build")
def conditions_of_a_template(n):
    return themed("{% if true %}a{% endif %}\n" * n)

@kind(1_000, command="build")
def loops_of_a_template(n):
    return themed("{% for a in [1] %}{{ a }}{% endfor %}\n" * n)

@kind(2_000, command="build")
def variables_of_a_template(n):
    return themed(lines(n, lambda i: f"{{% set a{i} = {i} %}}{{{{ a{i} }}}}"))

@kind(1_000, command="build")
def macros_of_a_template(n):
    return themed(lines(n, lambda i: f"{{% macro m{i}() %}}a{{% endmacro %}}{{{{ m{i}() }}}}"))

@kind(1_000, command="build")
def templates(n):
    return {**themed(lines(n, lambda i: f'{{% include "part-{i}.html" %}}')), **{f"templates/part-{i}.html": "a" for i in range(n)}}

@kind(1_000, command="build")
def includes_of_one_template(n):
    return {**themed('{% include "part.html" %}' * n), "templates/part.html": "a"}

@kind(4_000, command="build")
def items_of_a_template(n):
    return themed("{% set a = [" + "1, " * n + "1] %}{{ a | length }}")

# Templates whose values may grow are followed before they make a page: they make lists, and run again
# what they made of them.

LISTED = "{% macro m(l) %}{% for x in l %}{{ x }}{% endfor %}{% endmacro %}"

def by_macros(text):
    """The template of guides, with lists beside a macro."""
    path = "templates/guide.html"
    return {path: themed(LISTED + "{{ m([page.title, 1]) }}" + text)[path]}

@kind(800, command="build", within="pages-beyond-the-limit")
def pages_of_macros_beside_lists(n):
    return {**pages(n), **by_macros("{{ body }}")}

@kind(20_000, command="build")
def paragraphs_looked_at_beside_macros(n):
    return {**guide("Text {{ text }}.\n\n" * n, variables=TEXT), **by_macros("{{ body }}{{ body | length }}")}

@kind(400, command="build", within="pages-beyond-the-limit")
def pages_looked_at_beside_macros(n):
    names = [f"page-{i}" for i in range(n)]
    return {"spec/site.yaml": site_yaml(names, variables=TEXT), **{f"spec/{name}.md": f"---\ntitle: {name}\n---\nText {{{{ text }}}}.\n" for name in names},
            **by_macros("{{ body }}{{ body | length }}")}

@kind(8_000, command="bots")
def bots_looked_at_beside_macros(n):
    return {**with_text(*map(str, range(n))), **guide("Text {{ text }}.", variables=TEXT), **by_macros("{{ body }}{{ body | length }}")}

@kind(80_000, command="build")
def calls_of_a_macro_with_lists(n):
    return themed(LISTED + "{% for i in range(" + str(n) + ") %}{{ m([page.title, i]) }}{% endfor %}")

@kind(32_000, command="build")
def written_calls_of_a_macro_with_lists(n):
    return themed(LISTED + "{{ m([page.title, 1]) }}\n" * n)

@kind(8_000, command="build")
def macros_beside_lists(n):
    return themed(lines(n, lambda i: f"{{% macro m{i}(l) %}}{{{{ l | length }}}}{{% endmacro %}}{{{{ m{i}([page.title]) }}}}"))

@kind(80_000, command="build")
def items_of_a_list_for_a_macro(n):
    return themed(LISTED + "{% set l = range(" + str(n) + ") | list %}{% for i in range(10) %}{{ m(l) }}{% endfor %}{{ m([page.title]) }}")

@kind(80_000, command="build")
def list_handed_through_macros(n):
    return themed("{% macro a(l) %}{{ l[0] | join }}{% endmacro %}{% macro b(l) %}{{ a(l) }}{% endmacro %}"
                  "{% set l = [range(" + str(n) + ") | list] %}" + "{{ b(l) }}" * 10)

@kind(32_000, command="build")
def lines_of_blocks_with_lists(n):
    return themed("{% set l = [page.title] %}\n" * n + "{{ l | join }}")

@kind(80_000, command="build")
def includes_of_one_template_with_lists(n):
    return {**themed("{% for i in range(" + str(n) + ') %}{% include "part.html" %}{% endfor %}'), "templates/part.html": "{% for x in [page.title, i] %}{{ x }}{% endfor %}"}

@kind(4_000, command="build")
def templates_with_lists(n):
    parts = {f"templates/part-{i}.html": "{% for x in [page.title] %}{{ x }}{% endfor %}" for i in range(n)}
    return {**themed(lines(n, lambda i: f'{{% include "part-{i}.html" %}}')), **parts}

@kind(80_000, command="build")
def blocks_made_again_with_lists(n):
    return themed("{% block b %}{% for x in [page.title] %}{{ x }}{% endfor %}{% endblock %}{% for i in range(" + str(n) + ") %}{{ self.b() }}{% endfor %}")

@kind(8_000, command="build")
def blocks_with_lists(n):
    return themed(lines(n, lambda i: f"{{% block b{i} %}}{{% for x in [page.title] %}}{{{{ x }}}}{{% endfor %}}{{% endblock %}}{{{{ self.b{i}() }}}}"))

@kind(40_000, command="build")
def imports_of_one_template_with_lists(n):
    return {**themed("{% for i in range(" + str(n) + ') %}{% import "part.html" as p %}{{ p.m([page.title, i]) }}{% endfor %}'), "templates/part.html": LISTED}

@kind(4_000, command="build")
def imported_templates_with_lists(n):
    parts = {f"templates/part-{i}.html": LISTED for i in range(n)}
    return {**themed(lines(n, lambda i: f'{{% from "part-{i}.html" import m as m{i} %}}{{{{ m{i}([page.title]) }}}}')), **parts}

@kind(80_000, command="build")
def values_set_in_a_namespace(n):
    return themed("{% set ns = namespace(l=[page.title]) %}{% for i in range(" + str(n) + ") %}{% set ns.l = [page.title, i] %}{{ ns.l | length }}{% endfor %}")

@kind(1_600, command="build", within="lists-joined-beyond-the-limit")
def lists_joined_in_a_namespace(n):
    return themed("{% set ns = namespace(l=[]) %}{% for i in range(" + str(n) + ") %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.l | length }}")

@kind(1_600, ends="input-too-large", command="build")
def lists_joined_beyond_the_limit(n):
    return lists_joined_in_a_namespace(n + 8_000)

@kind(4_000, ends="unsafe-markup")
def unquoted_attributes(n):
    return themed("<p class={{ page.title }}>Text</p>\n" * n)

@kind(4_000, command="build")
def comments_of_a_template(n):
    return themed("{# a #}<!-- b -->\n" * n)

@kind(4_000, ends="unused-message")
def messages(n):
    return {**guide("Text."), "templates/messages/en.ftl": lines(n, lambda i: f"name-{i} = Text") + "\n"}

@kind(4_000, ends="invalid-messages")
def equal_messages(n):
    return {**guide("Text."), "templates/messages/en.ftl": "search = Search\n" * n}

@kind(4_000, ends="invalid-messages")
def broken_messages(n):
    return {**guide("Text."), "templates/messages/en.ftl": "search = {\n" * n}


# Lists of bots

def bots(name, text, **keys):
    return {**guide("The bot {{ bot_id }}."), f"bots.{name}": text}

@kind(10_000, command="bots")
def bots_in_csv(n):
    return bots("csv", "bot_id\n" + lines(n, lambda i: f"b{i}") + "\n")

@kind(10_000, command="bots")
def bots_in_json_lines(n):
    return bots("jsonl", lines(n, lambda i: json.dumps({"bot_id": f"b{i}"})) + "\n")

@kind(10_000, command="bots")
def bots_in_yaml(n):
    return bots("yaml", lines(n, lambda i: f"- {{bot_id: b{i}}}") + "\n")

@kind(20_000, command="bots", ends="unknown-variable")
def columns(n):
    return bots("csv", "bot_id," + lines(n, lambda i: f"c{i}", ",") + "\nb1" + ",a" * n + "\n")

@kind(20_000, command="bots", ends="duplicate-key")
def equal_columns(n):
    return bots("csv", "bot_id" + ",bot_id" * n + "\nb1" + ",a" * n + "\n")

@kind(60_000, command="bots", ends="unknown-variable")
def keys_of_a_bot(n):
    return bots("jsonl", json.dumps({"bot_id": "b1", **{f"c{i:05}": "" for i in range(n)}}) + "\n")

@kind(60_000, command="bots", ends="duplicate-key")
def equal_keys_of_a_bot(n):
    return bots("jsonl", '{"bot_id": "b1"' + ', "bot_id": 1' * n + "}\n")

@kind(2_000, within="redirects-beyond-the-limit")
def redirects(n):
    return guide("Text.", redirects={f"old-{i}": "guide" for i in range(n)})

@kind(8_000, ends="input-too-large")
def redirects_beyond_the_limit(n):
    return guide("Text.", redirects={f"old-{i}": "guide" for i in range(n + 2_000)})

@kind(10_000, command="bots", ends="duplicate-id")
def equal_bots(n):
    return bots("csv", "bot_id\n" + "b1\n" * (n + 1))

@kind(10_000, command="bots", ends="invalid-variable-value")
def bots_with_faults(n):
    return bots("csv", "bot_id\n" + "b 1\n" * n)

@kind(10_000, command="bots", ends="unknown-endpoint")
def endpoints_of_a_bot(n):
    return {**api(), "bots.jsonl": json.dumps({"bot_id": "b1", "endpoints": [f"chta{i}" for i in range(n)]}) + "\n"}

@kind(400, command="bots")
def choices_of_endpoints(n):
    project = api({f"chat-{i}": endpoint(f"/chat/{i}") for i in range(20)})
    return {**project, "bots.jsonl": lines(n, lambda i: json.dumps({"bot_id": f"b{i}", "endpoints": [f"chat-{j}" for j in range(20) if (i + 1) >> j & 1]})) + "\n"}

@kind(400_000, command="bots", ends="invalid-variable-value")
def text_of_a_bot(n):
    return bots("csv", 'bot_id\n"' + "a" * n + '"\n')


@kind(400_000, command="bots")
def bots_with_many_variables(n):
    names = [f"v{i}" for i in range(31)]
    project = bots("csv", ",".join(["bot_id", *names]) + "\n" + lines(max(n // 32, 1), lambda i: f"b{i}" + ",a" * 31) + "\n")
    text = "The bot {{ bot_id }}" + lines(31, lambda i: f" {{{{ v{i} }}}}", "") + "."
    site = {"bot_id": {"placeholder": "B"}, **{name: {"placeholder": "V"} for name in names}}
    return {**guide(text, variables=site), "bots.csv": project["bots.csv"]}

@kind(40_000, command="bots")
def columns_that_are_passed_over(n):
    project = bots("csv", "bot_id," + lines(n, lambda i: f"c{i}", ",") + "\nb1" + ",a" * n + "\n")
    return {**project, "spec/site.yaml": site_yaml(["guide"], bots={"file": "bots.csv", "ignore": [f"c{i}" for i in range(n)]})}

@kind(10_000, command="bots", ends="live-secret")
def secrets_of_one_value(n):
    return with_text(lines(n, live, " "))

@kind(10_000, command="bots", ends="live-secret")
def secrets_of_bots(n):
    return with_text(*(live(i) for i in range(n)))

@kind(4_000, command="bots")
def waived_secrets_of_bots(n):
    project = with_text(*(live(i) for i in range(n)))
    return {**project, "spec/site.yaml": site_yaml(["guide"], variables=TEXT, waivers=waived(n))}

@kind(4_000, command="bots", ends="live-secret")
def secrets_of_bots_beside_waivers(n):
    project = with_text(*(live(i) for i in range(n)))
    return {**project, "spec/site.yaml": site_yaml(["guide"], variables=TEXT, waivers=waived(2 * n, n))}

@kind(10_000, command="bots-again")
def bots_built_again(n):
    return bots_in_csv(n)

@kind(10_000, command="clean-bots")
def bots_to_clean(n):
    return bots_in_csv(n)

@kind(10_000, command="merge")
def bots_to_merge(n):
    return bots_in_csv(n)

@kind(64, command="parts")
def parts_to_merge(n):
    return {**bots_in_csv(1_000), "parts": "p" * n}

@kind(20_000, command="bots")
def lines_of_a_value(n):
    return {**bots("csv", 'bot_id,text\nb1,"' + "a\n" * n + '"\n'),
            "spec/site.yaml": site_yaml(["guide"], variables={"bot_id": {"placeholder": "B"}, "text": {"placeholder": "T"}})}

@kind(20_000, command="bots")
def quotes_of_a_value(n):
    return {**bots("csv", 'bot_id,text\nb1,"' + '""a' * n + '"\n'),
            "spec/site.yaml": site_yaml(["guide"], variables={"bot_id": {"placeholder": "B"}, "text": {"placeholder": "T"}})}

@kind(20_000, command="bots", ends="invalid-csv")
def open_quotes_of_a_list(n):
    return bots("csv", 'bot_id\n"' + "b\n" * n)

@kind(20_000, command="bots", ends="duplicate-id")
def bots_that_differ_in_case(n):
    return bots("csv", "bot_id\n" + lines(n, lambda i: f"b{i}\nB{i}") + "\n")

@kind(100_000, command="bots")
def blank_lines_of_a_list(n):
    return bots("csv", "bot_id\nb1\n" + "\n" * n + "b2\n")


# How keys and escapes begin, and where they are looked for: each again and again, and none goes on
# as one does.
HEADS = {
    "heads-of-vendors": "sk-",
    "heads-of-amazon": "AKIA",
    "heads-of-web-tokens": "eyJ",
    "heads-of-addresses": "a://b:",
    "heads-of-bearers": "bearer ",
    "heads-of-names": "api_key='",
    "heads-of-private-keys": "-----BEGIN ",
    "whole-heads-of-private-keys": "-----BEGIN PRIVATE KEY----- a: ",
    "open-escapes-in-braces": "\\u{",
    "open-escapes-of-digits": "\\u00",
    "open-escapes-of-bytes": "\\x",
    "open-references": "&#",
    "open-references-of-digits": "&#x0",
    "open-references-by-name": "&low",
    "percents": "%2",
    "backslashes": "\\",
    "escaped-ends-of-lines": "\\\n",
    "escaped-underscores": "\\_",
    "stars-within-words": "a*",
}

PRIVATE = "PRIVATE KEY"

def inline(text):
    return " ".join(text.split("\n"))

PLACES = {
    "a-guide": (1_600_000, "build", lambda text: guide("Text {{ bot_id }}. " + text)),
    "lines-of-a-guide": (400_000, "build", lambda text: guide(text)),
    "a-literal": (1_600_000, "check", lambda text: intro("|\n  Text {{ bot_id }}. " + inline(text) + "\n")),
    "a-quoted-text": (1_600_000, "check", lambda text: intro(json.dumps("Text {{ bot_id }}. " + text))),
    "a-sample": (400_000, "build", lambda text: one(samples=[{"title": "Sample", "code": "curl https://a.example/{{ bot_id }} " + text}])),
    "a-static-file": (8_000_000, "check", lambda text: {**guide("Text."), "static/a.txt": text}),
    "names-of-files": (400_000, "check", lambda text: {**guide("Text."), **{
        f"static/{i}/{text[at:at + 200].strip()}a.txt": "a" for i, at in enumerate(range(0, len(text), 200))}}),
    "a-template": (400_000, "build", lambda text: themed(lines(len(text) // 40_000 + 1, lambda i: "{% raw %}" + text[i * 40_000:(i + 1) * 40_000] + "{% endraw %}"))),
    "a-message": (800_000, "check", lambda text: {**guide("Text."), "templates/messages/en.ftl": "search = " + inline(text).replace("{", "(") + "\n"}),
    "a-bots-value": (800_000, "bots", lambda text: with_text(text.replace('"', ""))),
}

def head_kinds():
    for head, text in HEADS.items():
        for place, (size, command, put) in PLACES.items():
            # No file is called so, and a template has fewer lines.
            if set(text) & set({"names-of-files": ':*\\\n', "a-template": "\n"}.get(place, "")):
                continue
            # Lines are what differs there.
            each = text + ("\n" if place == "lines-of-a-guide" else "")
            # A private key is told by its head.
            ends = "live-secret" if PRIVATE in text else "right"
            @kind(size, ends=ends, command=command)
            def repeated(n, each=each, put=put):
                return put(each * (n // len(each) + 1))
            KINDS[f"{head}-in-{place}"] = KINDS.pop("repeated")

head_kinds()


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


# What the commands that go on print when they are ready; a signal ends them.
UP = {"mock": "Ctrl-C", "serve": "http://", "watch": "written|nothing changed"}

# How many parts `merge` joins, where that is not what grows.
PARTS = 4


def commands(command, project, out):
    """The runs of a command, and the number of the first that is measured; those before it make what
    it needs."""
    build = ["build", project, "--out", out]
    listed = [*build, "--bots", next(project.glob("bots.*"), "")]

    def joined(count):
        parts = [Path(f"{out}-{part}") for part in range(1, count + 1)]
        shards = [[*listed[:2], "--out", part, *listed[4:], "--shard", f"{number}/{count}"]
                  for number, part in enumerate(parts, 1)]
        return [*shards, ["merge", *parts, "--out", out]], count

    if command == "merge":
        return joined(PARTS)
    if command == "parts":
        return joined(len((project / "parts").read_text()))
    return {
        "check": ([["check", project, "--format", "json"]], 0),
        "human": ([["check", project, "--format", "human"]], 0),
        "github": ([["check", project, "--format", "github"]], 0),
        "build": ([build], 0),
        "gzip": ([[*build, "--gzip", "beside"]], 0),
        "bots": ([listed], 0),
        "again": ([build, build], 1),
        "bots-again": ([listed, listed], 1),
        # Nothing of the last build is as it was written.
        "edited": ([build, None, build], 2),
        "clean": ([build, ["clean", project, "--out", out]], 1),
        "clean-bots": ([listed, ["clean", project, "--out", out]], 1),
        "mock": ([["mock", project, "--pace", "0"]], 0),
        "watch": ([[*build, "--watch"]], 0),
        "serve": ([["serve", project]], 0),
    }[command]


def edit(folder):
    for path in folder.rglob("*"):
        if path.is_file() and ".botdocs" not in str(path.relative_to(folder)):
            path.write_bytes(path.read_bytes() + b" ")


def wait_for(process, is_there):
    """Looks until something is there, or the program has ended; the limit of processor time ends one
    that will never have it. Whether it runs."""
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if is_there():
            return True
        time.sleep(0.005)
    return False


def ask(project, said):
    """Sends the request of a project to the mock: a line as of a request of HTTP, then the body."""
    found = re.search(r"http://127.0.0.1:(\d+)/", said)
    head, _, body = (project / "request").read_text().partition("\n\n")
    (method, path), *headers = (line.split(" ", 1) for line in head.splitlines())
    connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=PATIENCE)
    headers = {name.rstrip(":"): value for name, value in headers}
    try:
        connection.request(method, path, body.encode(), {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return f"{answer.status} {answer.read().decode(errors='replace')}"
    except OSError as error:
        return f"no answer: {error}"


def touch(project):
    """Changes the guide, or else the page."""
    files = [project / "spec/guide.md", project / "spec/api.yaml"]
    file = next(file for file in files if file.exists())
    file.write_text(file.read_text() + "\n\n")


def talk_to(process, command, project, said):
    """What a command that goes on is asked; returns what came of it."""
    is_up = wait_for(process, lambda: re.search(UP[command], said.read_text(errors="replace")))
    if not is_up:
        return ""
    if command == "mock":
        return ask(project, said.read_text())
    before = said.stat().st_size
    touch(project)
    wait_for(process, lambda: said.stat().st_size > before)
    return ""


def run(binary, project, command, ends, scratch):
    """Milliseconds of a run, and what is wrong with how it ended."""
    out = scratch / "out"
    runs, first = commands(command, project, out)
    said = scratch / "said"
    cost = 0
    for number, arguments in enumerate(runs):
        if arguments is None:
            edit(out)
            continue
        with said.open("wb") as file:
            process = subprocess.Popen([binary, *arguments], stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE)))
            answer = ""
            if command in UP:
                answer = talk_to(process, command, project, said)
                os.kill(process.pid, signal.SIGINT if command == "watch" else signal.SIGTERM)
            _, status, usage = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if number >= first:
            cost += usage.ru_utime * 1000
    text = said.read_text(errors="replace")
    for path in scratch.glob("out*"):
        shutil.rmtree(path, ignore_errors=True)
    if command == "mock":
        fault = "" if answer.startswith(ends) else f"answered {answer[:80]!r}, not {ends}"
    elif code < 0 and not (command in UP and code == -signal.SIGTERM):
        fault = f"ended by signal {-code}"
    elif ends == "right":
        fault = "" if code == 0 or command in UP else f"exit {code}: {text[:80]!r}"
    else:
        fault = "" if ends in text else f"exit {code} without {ends}: {text[:80]!r}"
    return cost, fault


def slope(points):
    """The slope of a straight line through points, by least squares."""
    middle_x, middle_y = (sum(values) / len(points) for values in zip(*points))
    return (sum((x - middle_x) * (y - middle_y) for x, y in points)
            / sum((x - middle_x) ** 2 for x, _ in points))


def measure(binary, name, runs, times_larger, scratch):
    """A row: the cost of each size, the exponent, and what is wrong."""
    make, top, ends, command, within = KINDS[name]
    top *= times_larger
    costs, wrong = [], ""
    base = None
    for size in [1, top // 8, top // 4, top // 2, top]:
        project = scratch / f"{name}-{size}"
        write(project, make(size))
        times = []
        for _ in range(runs):
            time, fault = run(binary, project, command, ends, scratch)
            times.append(time)
            if fault and size > 1:
                wrong = wrong or f"size {size}: {fault}"
        shutil.rmtree(project)
        if base is None:
            base = min(times)
        else:
            costs.append((size, min(times) - base))
    points = [(math.log(size), math.log(cost)) for size, cost in costs if cost > NOISE]
    exponent = slope(points) if len(points) >= 2 else None
    if exponent is not None and exponent > LIMIT:
        if within is None:
            wrong = wrong or f"above {LIMIT}"
        else:
            beyond = f"within a limit: {within}"
            return costs, exponent, wrong, beyond
    return costs, exponent, wrong, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print(*KINDS, sep="\n")
        return 0
    if options.binary is None:
        subprocess.run(["cargo", "build", "--profile", "dist", "--locked"], cwd=ROOT, check=True)
        options.binary = ROOT / "target/dist/botdocs"
    limits = {within for *_, within in KINDS.values() if within}
    if unknown := [name for name in [*options.kinds, *limits] if name not in KINDS]:
        sys.exit(f"no kinds {', '.join(unknown)}; --list prints them")
    wrongs = 0
    print(f"{'kind':34} {'size':>8} {'ms, with size 1 taken off':>32}  exponent")
    for name in options.kinds or KINDS:
        with tempfile.TemporaryDirectory() as scratch:
            for runs in (options.runs, AGAIN * options.runs):
                costs, exponent, wrong, note = measure(options.binary.resolve(), name, runs, options.times, Path(scratch))
                if not wrong.startswith("above"):
                    break
        shown = "  small" if exponent is None else f"{exponent:7.2f}"
        times = "".join(f"{cost:8.0f}" for _, cost in costs)
        print(f"{name:34} {costs[-1][0]:8} {times}  {shown}  {wrong or note}".rstrip(), flush=True)
        wrongs += bool(wrong)
    if wrongs:
        print(f"{wrongs} kinds are wrong")
    return int(wrongs > 0)


if __name__ == "__main__":
    sys.exit(main())

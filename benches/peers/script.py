#!/usr/bin/env python3
"""What a team would write by hand: Jinja2 and Pygments, each block coloured once and the ID replaced.

    script.py BOTS FOLDER
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import jinja2
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from workload import BASE_URL, BLOCKS, BOT, bot_ids, endpoints

T = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Integration {{ bot }}</title><link rel="stylesheet" href="/style.css"></head><body>
<h1>Integration</h1><p>Bot ID: <code>{{ bot }}</code></p><p>Base URL: <code>{{ base }}</code></p><div class="tabs">
{% for e in eps %}<input type="radio" name="t" id="t{{ loop.index0 }}"><label for="t{{ loop.index0 }}">{{ e.title }}</label>{% endfor %}
{% for e in eps %}<section id="s{{ loop.index0 }}"><h2>{{ e.title }}</h2><p><code>{{ e.method }} {{ e.path }}</code></p><p>{{ e.summary }}</p>
<table><thead><tr><th>Field</th><th>Type</th><th>Required</th><th>Description</th></tr></thead><tbody>
{% for r in e.fields %}<tr><td><code>{{ r.name }}</code></td><td>{{ r.type }}</td><td>{{ 'yes' if r.required else 'no' }}</td><td>{{ r.description }}</td></tr>
{% endfor %}</tbody></table>
{% for key, label, lang in blocks %}<h3>{{ label }}</h3>{{ hl(e[key], lang, bot) }}
{% endfor %}</section>{% endfor %}</div></body></html>
"""


def main():
    bots, out = int(sys.argv[1]), sys.argv[2]
    style, memo = HtmlFormatter(), {}
    lexers = {language: get_lexer_by_name(language) for _, _, language in BLOCKS}

    def coloured(code, language, bot):
        if code not in memo:
            memo[code] = highlight(code, lexers[language], style)
        return memo[code].replace(BOT, bot)

    template = jinja2.Environment(autoescape=False).from_string(T)
    for bot in bot_ids(bots):
        os.makedirs(f"{out}/bots/{bot}", exist_ok=True)
        with open(f"{out}/bots/{bot}/index.html", "w") as file:
            file.write(template.render(bot=bot, base=BASE_URL, eps=endpoints_of_all, blocks=BLOCKS, hl=coloured))


endpoints_of_all = endpoints()

if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes a project for Hugo: as one writes it, or with each block coloured once and the ID replaced.

    hugo.py natural|cached BOTS FOLDER
"""
import json
import os
import sys

from workload import BASE_URL, BLOCKS, BOT, bot_ids, endpoints

CSS = """body{font:16px/1.5 system-ui;max-width:60rem;margin:auto;padding:1rem}
pre{padding:1rem;overflow:auto;background:#f6f8fa}table{border-collapse:collapse}td,th{border:1px solid #ddd;padding:.3rem .6rem}
.tabs>input{display:none}.tabs>label{padding:.4rem 1rem;cursor:pointer}.tabs>section{display:none}
#t0:checked~#s0,#t1:checked~#s1,#t2:checked~#s2{display:block}
"""

HUGO_TOML = """baseURL = "https://docs.example.test/"
title = "Integration"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
[markup.highlight]
noClasses = false
[markup.goldmark.renderer]
unsafe = true
"""
HUGO_HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ .Title }}</title><link rel="stylesheet" href="/style.css"></head><body>
"""
HUGO_ENDPOINTS = """{{- $bot := .Params.bot -}}
<h1>Integration</h1><p>Bot ID: <code>{{ $bot }}</code></p><p>Base URL: <code>{{ hugo.Data.spec.base_url }}</code></p>
<div class="tabs">
{{- range $i, $e := hugo.Data.spec.endpoints }}<input type="radio" name="t" id="t{{ $i }}"{{ if eq $i 0 }} checked{{ end }}><label for="t{{ $i }}">{{ $e.title }}</label>{{ end }}
{{- range $i, $e := hugo.Data.spec.endpoints }}
<section id="s{{ $i }}"><h2>{{ $e.title }}</h2><p><code>{{ $e.method }} {{ $e.path }}</code></p><p>{{ $e.summary }}</p>
<table><thead><tr><th>Field</th><th>Type</th><th>Required</th><th>Description</th></tr></thead><tbody>
{{- range $e.fields }}<tr><td><code>{{ .name }}</code></td><td>{{ .type }}</td><td>{{ cond .required "yes" "no" }}</td><td>{{ .description }}</td></tr>
{{ end }}</tbody></table>
%s
</section>
{{- end }}
</div></body></html>
"""
HUGO_HL = "\n".join(
    '<h3>%s</h3>{{ transform.Highlight (replace $e.%s "%s" $bot) "%s" }}' % (label, key, BOT, lang)
    for key, label, lang in BLOCKS)
HUGO_HL_CACHED = "\n".join(
    '<h3>%s</h3>{{ replace (partialCached "hl.html" (dict "code" $e.%s "lang" "%s") $e.slug "%s") "%s" $bot | safeHTML }}'
    % (label, key, lang, key, BOT) for key, label, lang in BLOCKS)
HUGO_ADAPTER = """{{- range hugo.Data.bots }}
{{- $.AddPage (dict "path" . "title" (printf "Integration %s" .) "params" (dict "bot" .)) }}
{{- end }}
"""




def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def main():
    form, bots, out = sys.argv[1], bot_ids(int(sys.argv[2])), sys.argv[3]
    write(f"{out}/hugo.toml", HUGO_TOML)
    write(f"{out}/static/style.css", CSS)
    write(f"{out}/layouts/home.html", HUGO_HEAD + "<h1>Integration</h1></body></html>\n")
    write(f"{out}/layouts/section.html", HUGO_HEAD + "<h1>Bots</h1></body></html>\n")
    write(f"{out}/data/spec.json", json.dumps({"base_url": BASE_URL, "endpoints": endpoints()}, indent=1))
    write(f"{out}/data/bots.json", json.dumps(bots))
    write(f"{out}/content/bots/_content.gotmpl", HUGO_ADAPTER)
    if form == "cached":
        write(f"{out}/layouts/_partials/hl.html", "{{ transform.Highlight .code .lang }}")
    code = HUGO_HL_CACHED if form == "cached" else HUGO_HL
    write(f"{out}/layouts/page.html", HUGO_HEAD + HUGO_ENDPOINTS % code)


if __name__ == "__main__":
    main()

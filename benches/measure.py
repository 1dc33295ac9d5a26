#!/usr/bin/env python3
"""Measures what botdocs promises of its speed and size, beside the goals.

Run it from anywhere: `benches/measure.py`. It builds the binary that is shipped, with the profile
`dist`, and needs Python and, for the part of the proof, valgrind. Processor time is user and system
together of the whole process, its start included, the median of RUNS runs, each into a new folder.
It exits with 1 if a goal is missed, and ends where a figure can't be had.
"""

import gzip
import html
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from instructions import instructions, need_valgrind, project_copy

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / "target/dist/botdocs"
RUNS = 11


def run(arguments, **options):
    return subprocess.run(arguments, check=True, capture_output=True, text=True, **options)


def build_once(project, out):
    """Builds a project; returns processor milliseconds and the peak of its memory in MB."""
    process = subprocess.Popen(
        [BINARY, "build", project, "--out", out], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    talk = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"botdocs build failed:\n{talk.decode()}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


def builds(project, scratch, name):
    runs = [build_once(project, scratch / f"{name}-{index}") for index in range(RUNS)]
    return statistics.median(cpu for cpu, _ in runs), max(memory for _, memory in runs)


def share_of_proof(project, scratch):
    """Which part of a build's instructions the proof takes, in a process of its own. The binary is the
    released one with the names of its functions."""
    run(["cargo", "build", "--profile", "profiling", "--locked"], cwd=ROOT)

    def part(*options):
        command = [ROOT / "target/profiling/botdocs", "build", project, "--out",
                   scratch / f"proof-{len(options)}"]
        return instructions(command, scratch, *options)

    return part("--toggle-collect=botdocs::check::proof::prove") / part()


def code_blocks(site):
    """The code blocks of a built site: kind, bytes of HTML, bytes of text, classes."""
    for page in sorted(site.glob("*.html")):
        for inner in re.findall(r"<pre[^>]*><code[^>]*>(.*?)</code></pre>", page.read_text(), re.S):
            text = html.unescape(re.sub(r"<[^>]*>", "", inner))
            classes = set(re.findall(r"<b class=\"?(\w+)", inner))
            try:
                json.loads(text)
                kind = "JSON"
            except ValueError:
                is_stream = re.search(r"^(event|data):", text, re.M) and "\n\n" in text
                kind = "event streams" if is_stream else "other languages"
            yield kind, len(inner.encode()), len(text.encode()), classes


# The columns of `benches/fill.rs`.
FILL = "page bytes fill_ns copy_ns ratio gzip_bytes whole_bytes gzip_ns"


def fill_speed():
    """A row of `benches/fill.rs` for each page, by its columns."""
    done = run(["cargo", "bench", "--locked", "--bench", "fill"], cwd=ROOT)
    head, *lines = done.stdout.strip().splitlines() or [""]
    rows = [dict(zip(FILL.split(), line.split(), strict=True)) for line in lines]
    if head != FILL or not rows:
        sys.exit(f"benches/fill.rs prints another form:\n{done.stdout}")
    return rows


def main():
    need_valgrind()
    run(["cargo", "build", "--profile", "dist", "--locked"], cwd=ROOT)
    rows = []

    def row(what, result, goal=None, is_met=None):
        verdict = "" if goal is None else ("met" if is_met else "MISSED")
        rows.append((what, result, goal or "", verdict))

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        whole = project_copy(scratch / "whole", True)
        plain = project_copy(scratch / "plain", False)
        cpu, memory = builds(whole, scratch, "whole")
        row("build of the shipped project, processor time", f"{cpu:.0f} ms", "60 ms", cpu <= 60)
        row("  its peak of memory", f"{memory:.1f} MB", "40 MB", memory <= 40)
        share = share_of_proof(whole, scratch)
        row("  what the proof takes of it", f"{cpu * share:.1f} ms, {share:.1%}", "10 ms",
            cpu * share <= 10)
        cpu, memory = builds(plain, scratch, "plain")
        row("the same without fenced code", f"{cpu:.0f} ms", "20 ms", cpu <= 20)

        site = scratch / "whole-0"
        sums = {}
        for kind, markup, text, classes in code_blocks(site):
            total = sums.setdefault(kind, [0, 0, 0, set()])
            total[0] += markup
            total[1] += text
            total[2] += 1
            total[3] |= classes
        if len(sums) != 3:
            sys.exit(f"the shipped project shows other kinds of code: {sorted(sums)}")
        for kind, (markup, text, count, classes) in sorted(sums.items()):
            ratio = markup / text
            row(f"HTML a byte of code: {kind} ({count} blocks)", f"{ratio:.2f}, {len(classes)} classes",
                "2.7, 4 classes", ratio <= 2.7 and len(classes) >= 4)
        page = (site / "index.html").read_bytes()
        packed = len(gzip.compress(page, 6))
        row("Integration page, gzip -6", f"{packed / 1024:.1f} KB of {len(page) / 1024:.1f}", "24 KB",
            packed <= 24 * 1024)

    size = BINARY.stat().st_size / 1e6
    row("shipped binary", f"{size:.1f} MB", "15 MB", size < 15)
    for page in fill_speed():
        size, fill, packed = (int(page[name]) / 1000 for name in ("bytes", "fill_ns", "gzip_ns"))
        row(f"filling {page['page']}, {size:.0f} kB",
            f"{fill:.1f} µs, {page['ratio']} x copying; compressed {packed:.1f} µs")

    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for what, result, goal, verdict in [("what", "result", "goal", "")] + rows:
        print(f"{what:{widths[0]}}  {result:>{widths[1]}}  {goal:>{widths[2]}}  {verdict}".rstrip())
    missed = sum(row[3] == "MISSED" for row in rows)
    if missed:
        print(f"\n{missed} goals are missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

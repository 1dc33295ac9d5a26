#!/usr/bin/env python3
"""Measures the shape of Rust source: sizes, parameters, circles of modules, comments, names.

Run it from anywhere: `benches/house.py` for the working tree, or with git revisions and folders of
Rust source, each of which becomes a column: `benches/house.py 260c547 HEAD ../mdBook`. It prints a
Markdown table. `--parameters`, `--circles`, `--names`, `--matches`, `--system` and `--kinds` also list
the places that a row counts.

Production code is every `*.rs` file except `tests.rs`, build scripts and what is below `tests`,
`benches`, `examples`, `fuzz` or `target`, without the items behind `#[cfg(test)]`. A lexer separates
code from comments and blanks the contents of literals; it does not parse. Each row's definition stands
at the function that measures it.

A review of 260c547 measured it with another program. This one finds the same median, 90th percentile
and longest of functions (10, 31, 109), functions with 7 or more parameters (3), circles (one of 10 files
and three pairs), `unwrap` and `expect` (0.0, 0.6), headers (all), share of comments (0.7 %), `pub` and
`pub(crate)` (1,437, 8), boolean matches (95) and largest file (596). It differs in:

- files: 197 instead of 196, since `cli/test.rs`, the command `test`, is production here; hence also
  43,209 lines instead of 43,120, and a median file of 171 instead of 172; without that file all three
  are equal
- tuple parameters: 15 instead of 14, whose definition is lost
- names: 55 with aliases of types; the review's 52 are those without
- documented items: 769 of 770 instead of 757 of 758; both find one item without a comment
"""

import argparse
import bisect
import io
import re
import statistics
import subprocess
import sys
import tarfile
from collections import defaultdict
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
# Folders that hold no production code.
LEFT_OUT = {"tests", "benches", "examples", "fuzz", "target"}
MANY_PARAMETERS = 7
LISTS = ["parameters", "circles", "names", "matches", "system", "kinds"]

# What the lexer must recognise to find the end of code. A lifetime is no character: no quote closes it.
TOKEN = re.compile(r"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | \b[bc]?r(?P<hashes>\#*)"(?s:.*?)"(?P=hashes)
  | "(?s:[^"\\]|\\.)*"
  | '(?:[^'\\\n]|\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.))'
""", re.VERBOSE)
COMMENT_MARK = re.compile(r"/\*|\*/")
BRACKET = re.compile(r"[()\[\]{}]")
ATTRIBUTE = re.compile(r"#!?\[")
TEST_ITEM = re.compile(r"#\[cfg\((?:all\()?test\b")
FUNCTION = re.compile(r"\bfn\s+(\w+)\s*")
MATCH = re.compile(r"\bmatch\b")
TYPE = re.compile(r"^(?: *(?:pub(?:\([^)]*\))? +)?(?:struct|enum|union|trait)|(?:pub(?:\([^)]*\))? +)?(type)) +(\w+)", re.MULTILINE)
PUBLIC = re.compile(r"^ *pub +(?!use\b)", re.MULTILINE)
PUBLIC_IN_CRATE = re.compile(r"^ *pub\(crate\)", re.MULTILINE)
PUBLIC_ITEM = re.compile(r"^ *pub +(?:(?:const|async|unsafe) +)*(?:fn|struct|enum|union|trait|type|const|static)\b", re.MULTILINE)
INNER_MODULE = re.compile(r"\bmod\s+(\w+)\s*(?=\{)")
PATH = re.compile(r"(?<![\w:])(crate|super|self)\s*::\s*")
STEP = re.compile(r"\s*(?:r#)?(\w+|\*|\{)")
GOES_ON = re.compile(r"\s*::\s*(?=[\w{*])")
NEXT_IN_BRACES = re.compile(r"[^,{}]*,?\s*")
SYSTEM = re.compile(r"\b(?:rustix|libc|Errno|OwnedFd|os::(?:unix|linux|fd|windows|macos))\b")
# Variants of the enum of sample languages, not its constants.
LANGUAGE = re.compile(r"\b(?:Sample)?Language::[A-Z]\w*[a-z]\w*")
PAGE_KIND = re.compile(r"\b\w*(?:Content|Body|Kind)::(?:Api|Guide)\b|\bis_guide\b|\"(?:api|guide)\.html\"")


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def close(code, at):
    """The end of the bracket that opens at or after `at`."""
    depth = 0
    for bracket in BRACKET.finditer(code, at):
        depth += 1 if bracket[0] in "([{" else -1
        if depth == 0:
            return bracket.end()
    return len(code)


def end_of_comment(text, at):
    """The end of a block comment, in which others may stand."""
    depth = 0
    for mark in COMMENT_MARK.finditer(text, at):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def is_doc(comment):
    return comment.startswith(("//!", "/*!")) or re.match(r"///(?!/)|/\*\*(?![*/])", comment) is not None


def lex(text):
    """The text with blanks for comments, the same with blanks in literals too, and the ranges of
    comments. All have the same length."""
    uncommented, code, comments, at = [], [], [], 0
    while token := TOKEN.search(text, at):
        is_comment = token["line"] is not None or token["block"] is not None
        end = end_of_comment(text, token.start()) if token["block"] else token.end()
        before, whole = text[at:token.start()], text[token.start():end]
        if is_comment:
            comments.append((token.start(), end))
        uncommented += [before, blank(whole) if is_comment else whole]
        code += [before, blank(whole) if is_comment else '"' + blank(whole[1:-1]) + '"']
        at = end
    return "".join(uncommented) + text[at:], "".join(code) + text[at:], comments


class Source:
    """A file of production code."""

    def __init__(self, path, text):
        self.path = path
        self.starts = [0, *(newline.end() for newline in re.finditer("\n", text))]
        self.text, self.code, comments = lex(text)
        # What each line is: `code`, `doc`, `plain` or `blank`. A comment beside code is no line of its own.
        kinds = ["blank"] * len(text.splitlines())
        for start, end in comments:
            for line in range(self.line(start), self.line(end - 1) + 1):
                kinds[line] = "doc" if is_doc(text[start:end]) else "plain"
        for line, code in enumerate(self.code.splitlines()):
            if code.strip():
                kinds[line] = "code"
        self.kinds = kinds
        first = next((start for start, end in comments if is_doc(text[start:end])), None)
        self.has_header = (first is not None and text.startswith(("//!", "/*!"), first)
                           and not re.sub(r"#!\[[^\]]*\]", "", self.code[:first]).strip())
        self.cut_tests()
        self.lines = [kind for kind in kinds if kind != "test"]

    def line(self, at):
        return bisect.bisect_right(self.starts, at) - 1

    def place(self, at):
        return f"{self.path}:{self.line(at) + 1}"

    def cut_tests(self):
        at = 0
        while item := TEST_ITEM.search(self.code, at):
            end = self.end_of_item(close(self.code, item.start()))
            for line in range(self.line(item.start()), self.line(end - 1) + 1):
                self.kinds[line] = "test"
            self.code, self.text = (text[:item.start()] + blank(text[item.start():end]) + text[end:] for text in (self.code, self.text))
            at = end

    def end_of_item(self, at):
        """The end of an item: of its braces, or its semicolon."""
        while mark := re.compile(r"[;{(\[]").search(self.code, at):
            if mark[0] == ";":
                return mark.end()
            at = close(self.code, mark.start())
            if mark[0] == "{":
                return at
        return len(self.code)

    def functions(self):
        """Of each function: where it is, its name, its parameters, and its lines from `fn` to the last
        brace, which are 0 without a body. `self` is a parameter. A function in another counts for both."""
        for function in FUNCTION.finditer(self.code):
            at = function.end()
            if self.code.startswith("<", at):
                at = end_of_generics(self.code, at)
            if not (opening := re.compile(r"\s*\(").match(self.code, at)):
                continue
            parameters_end = close(self.code, opening.start())
            parameters = split(self.code[opening.end():parameters_end - 1])
            end = self.end_of_item(parameters_end)
            has_body = self.code[end - 1] == "}"
            size = self.line(end - 1) - self.line(function.start()) + 1
            yield function.start(), function[1], parameters, size if has_body else 0

    def boolean_matches(self):
        """Where a `match` has two arms, whose patterns are `true` and `false`."""
        for match in MATCH.finditer(self.code):
            opening = match.end()
            while (mark := re.compile(r"[{(\[;]").search(self.code, opening)) and mark[0] in "([":
                opening = close(self.code, mark.start())
            if mark is None or mark[0] == ";":
                continue
            arms = re.findall(r"([^\s,;]*)\s*=>", outermost(self.code[mark.end():close(self.code, mark.start()) - 1]))
            if sorted(arms) == ["false", "true"]:
                yield match.start()

    def public_items(self):
        """Of each `pub` item whether a doc comment stands above it and its attributes. Modules are left
        out, which have headers, and fields, variants and re-exports."""
        attributes = set()
        for attribute in ATTRIBUTE.finditer(self.code):
            end = close(self.code, attribute.start())
            attributes.update(range(self.line(attribute.start()), self.line(end - 1) + 1))
        for item in PUBLIC_ITEM.finditer(self.code):
            line = self.line(item.start()) - 1
            while line in attributes:
                line -= 1
            yield line >= 0 and self.kinds[line] == "doc"


def end_of_generics(code, at):
    depth = 0
    for mark in re.compile(r"<|(?<!-)>").finditer(code, at):
        depth += 1 if mark[0] == "<" else -1
        if depth == 0:
            return mark.end()
    return len(code)


def outermost(code):
    """Code with blanks for what stands in brackets."""
    kept, at = [], 0
    while bracket := BRACKET.search(code, at):
        end = close(code, bracket.start())
        kept += [code[at:bracket.start()], ",", blank(code[bracket.start():end])]
        at = end
    return "".join(kept) + code[at:]


def split(parameters):
    """The parameters of a list, at the commas outside brackets and generics."""
    found, depth, start = [], 0, 0
    for mark in re.finditer(r"[(\[{<]|[)\]}]|(?<![-=])>|,", parameters):
        if mark[0] == ",":
            if depth == 0:
                found.append(parameters[start:mark.start()])
                start = mark.end()
        else:
            depth += 1 if mark[0] in "([{<" else -1
    return [" ".join(each.split()) for each in [*found, parameters[start:]] if each.strip()]


def follow(code, at, head, found):
    """Collects the paths that begin with `head` and go on at `at`, all of those in braces; returns
    where they end."""
    step = STEP.match(code, at)
    if step is None:
        found.append(head)
        return at
    if step[1] == "{":
        end = close(code, step.start(1))
        at = step.end()
        while at < end - 1:
            at = NEXT_IN_BRACES.match(code, follow(code, at, head, found)).end()
        return end
    if step[1] == "super":
        head = head[:-1]
    elif step[1] not in ("self", "*"):
        head = (*head, step[1])
    if more := GOES_ON.match(code, step.end()):
        return follow(code, more.end(), head, found)
    found.append(head)
    return step.end()


class Modules:
    """Which file uses which, by paths that begin with `crate`, `super` or `self`. A path leads to the
    file of the longest part of it that is a module. A file and the files below its own folder may use
    each other: the one declares the others, and what it defines is what they share."""

    def __init__(self, sources):
        roots = {PurePosixPath(source.path).parent for source in sources
                 if PurePosixPath(source.path).name in ("lib.rs", "main.rs")}
        self.files = {source.path: self.module(PurePosixPath(source.path), roots) for source in sources}
        known = set(self.files.values())
        self.uses = set()
        for source in sources:
            crate, module = self.files[source.path]
            for path in self.paths(source.code, module):
                while path and (crate, path) not in known:
                    path = path[:-1]
                if path and path != module[:len(path)] and module != path[:len(module)]:
                    self.uses.add((crate, module, path))

    @staticmethod
    def module(path, roots):
        crate = next((folder for folder in path.parents if folder in roots), PurePosixPath("."))
        parts = path.relative_to(crate).with_suffix("").parts
        is_folder = parts[-1] == "mod" or len(parts) == 1 and parts[0] in ("lib", "main")
        return str(crate), parts[:-1] if is_folder else parts

    @staticmethod
    def paths(code, module):
        inner = [(start.end(), close(code, start.end()), start[1]) for start in INNER_MODULE.finditer(code)]
        found = []
        for path in PATH.finditer(code):
            here = (*module, *(name for start, end, name in inner if start < path.start() < end))
            follow(code, path.end(), {"crate": (), "super": here[:-1], "self": here}[path[1]], found)
        return found

    def circles(self, depth):
        """The circles of what has so many names: 1 for groups, 2 for the modules of one group, None for
        files. Returns the number of nodes, and of each circle its nodes, each with those that it uses."""
        nodes = {(crate, module[:depth]) for crate, module in self.files.values()
                 if module and (depth is None or len(module) >= depth)}
        graph = defaultdict(set)
        for crate, module, path in self.uses:
            a, b = (crate, module[:depth]), (crate, path[:depth])
            is_apart = depth != 2 or a[1][:1] == b[1][:1]
            if a != b and a in nodes and b in nodes and is_apart:
                graph[a].add(b)
        circles = sorted(components(graph), key=lambda circle: (-len(circle), circle))
        return len(nodes), [{node: graph[node].intersection(circle) for node in circle} for circle in circles]


def components(graph):
    """The strongly connected components of two or more nodes, by Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            component = stack[at:]
            del stack[at:]
            if len(component) > 1:
                found.append(sorted(component))

    sys.setrecursionlimit(10_000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def common(circle):
    """The module that all of a circle are in, or their crate."""
    crate, first = min(circle)
    _, last = max(circle)
    same = next((at for at, (a, b) in enumerate(zip(first, last)) if a != b), min(len(first), len(last)))
    return "::".join(first[:same]) or crate


def circles_in_words(count, circles):
    large = [f"{len(circle)} (`{common(circle)}`)" for circle in circles if len(circle) > 2]
    pairs = sum(len(circle) == 2 for circle in circles)
    shown = ", ".join([*large, *([f"{pairs} pairs" if pairs > 1 else "1 pair"] if pairs else [])])
    return f"{shown or 'none'} of {count}"


def is_tuple_pattern(parameter):
    return re.match(r"\([^:]*,[^:]*\) ?:", parameter) is not None


def per_cent(part, whole):
    return f"{100 * part / whole:.1f} %"


def measure(sources):
    """The cells of a column by row, and what each list holds."""
    code = sum(source.lines.count("code") for source in sources)
    count = lambda pattern: sum(len(re.findall(pattern, source.code)) for source in sources)
    sizes = sorted(len(source.lines) for source in sources)
    functions = [(source.place(at), name, parameters, size)
                 for source in sources for at, name, parameters, size in source.functions()]
    lengths = sorted(size for *_, size in functions if size)
    many = [f"{place} {name}: {len(parameters)} parameters"
            for place, name, parameters, _ in functions if len(parameters) >= MANY_PARAMETERS]
    tuples = [f"{place} {name}: {', '.join(filter(is_tuple_pattern, parameters))}"
              for place, name, parameters, _ in functions if any(map(is_tuple_pattern, parameters))]
    modules = Modules(sources)
    levels = {name: modules.circles(depth) for name, depth in (("groups", 1), ("modules in a group", 2), ("files", None))}
    documented = [is_documented for source in sources for is_documented in source.public_items()]
    plain = sum(source.lines.count("plain") for source in sources)
    names = defaultdict(dict)
    for source in sources:
        for found in TYPE.finditer(source.code):
            names[found[2]].setdefault(source.path, (source.place(found.start(2)), found[1]))
    # Two files with one name; twice in one file is mostly one type for two systems.
    shared = {name: places for name, places in sorted(names.items()) if len(places) > 1}
    without_aliases = sum(sum(alias is None for _, alias in places.values()) > 1 for places in shared.values())
    matches = [source.place(at) for source in sources for at in source.boolean_matches()]
    system = [source.path for source in sources if SYSTEM.search(source.code)]
    languages, kinds = ([source.path for source in sources if pattern.search(source.text)] for pattern in (LANGUAGE, PAGE_KIND))
    headers = sum(source.has_header for source in sources)
    thousands = lambda number: f"{number:,}"
    rows = {
        "files; lines of production": f"{len(sources)}; {thousands(sum(sizes))}",
        "median / largest file": f"{statistics.median(sizes):.0f} / {thousands(sizes[-1])}",
        "function median / p90 / longest": f"{statistics.median(lengths):.0f} / {lengths[-(len(lengths) // 10) - 1]} / {lengths[-1]}",
        f"functions with {MANY_PARAMETERS} or more parameters": f"{len(many)} (and {len(tuples)} with a tuple of parameters)",
        **{f"circles of {name}": circles_in_words(*circles) for name, circles in levels.items()},
        "`unwrap` / `expect` per 1,000 code lines": " / ".join(
            f"{1000 * count(pattern) / code:.1f}" for pattern in (r"\.unwrap\(\)", r"\.expect\(")),
        "file headers; documented pub items": f"{'all' if headers == len(sources) else headers}; {sum(documented)} of {len(documented)}",
        "plain comments per code line": per_cent(plain, code),
        "type names in two or more files": f"{len(shared)} ({without_aliases} without aliases)",
        # A re-export publishes nothing new.
        "`pub` : `pub(crate)`": f"{thousands(count(PUBLIC))} : {count(PUBLIC_IN_CRATE)}",
        "`match b { true => …, false => … }`": str(len(matches)),
        "files with system types": str(len(system)),
        "files that name a sample language; a page kind": f"{len(languages)}; {len(kinds)}",
    }
    circles = [f"{name}, circle {number}: {'::'.join(module)} uses {', '.join('::'.join(used) for _, used in sorted(uses))}"
               for name, (_, found) in levels.items()
               for number, circle in enumerate(found, 1) for (_, module), uses in circle.items()]
    lists = {
        "parameters": [*many, *tuples],
        "circles": circles,
        "names": [f"{name}: {', '.join(place for place, _ in places.values())}" for name, places in shared.items()],
        "matches": matches,
        "system": system,
        "kinds": [*(f"language: {path}" for path in languages), *(f"page kind: {path}" for path in kinds)],
    }
    return rows, lists


def is_production(path):
    is_build_script = path.name == "build.rs" and "src" not in path.parts
    return (path.suffix == ".rs" and path.name != "tests.rs" and not is_build_script
            and not LEFT_OUT.intersection(path.parts[:-1]) and not any(part.startswith(".") for part in path.parts))


def read_folder(folder):
    for path in sorted(folder.rglob("*.rs")):
        if is_production(path.relative_to(folder)):
            yield Source(path.relative_to(folder).as_posix(), path.read_text())


def read_revision(revision):
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE)
    if archive.returncode != 0:
        sys.exit(f"{revision} is neither a folder nor a revision")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        for entry in sorted(files.getmembers(), key=lambda entry: entry.name):
            if entry.isfile() and is_production(PurePosixPath(entry.name)):
                yield Source(entry.name, files.extractfile(entry).read().decode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trees", nargs="*", metavar="DIR|REVISION", default=[str(ROOT)])
    for name in LISTS:
        parser.add_argument(f"--{name}", action="store_true")
    options = parser.parse_args()
    columns = {}
    for tree in options.trees:
        sources = list(read_folder(Path(tree)) if Path(tree).is_dir() else read_revision(tree))
        if not sources:
            sys.exit(f"{tree} has no production code in Rust")
        columns["working tree" if tree == str(ROOT) else tree] = measure(sources)
    print("| |", " | ".join(columns), "|")
    print("|", " --- |" * (len(columns) + 1), sep="")
    for row in next(iter(columns.values()))[0]:
        print("|", " | ".join([row, *(rows[row] for rows, _ in columns.values())]), "|")
    for name in LISTS:
        for tree, (_, lists) in columns.items():
            if getattr(options, name):
                print(f"\n{name} in {tree}:", *lists[name], sep="\n")


if __name__ == "__main__":
    main()

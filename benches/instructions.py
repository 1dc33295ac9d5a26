#!/usr/bin/env python3
"""Counts the instructions of builds and of filling a page, and compares them with those kept.

Run it from anywhere: `benches/instructions.py`, as `./test full` does. It needs Python and valgrind,
and builds the binary that is shipped, with the profile `dist`; `--profile test` counts in the binary
that the tests use, with fewer bots, as `./test` does. `--binary FILE` and `--fill FILE` count those of
another one, the program and the benchmark `fill`. Counts don't depend on what else the machine does: a
program that is compiled by the same tools for the same kind of processor takes the same number within a
tenth of a percent. So each count must be within TOLERANCE of the one in `benches/instructions.txt`, for
the profile `test` in `benches/instructions-test.txt`, and within TOLERANCE_OF_TOOLS where the tools differ
from those that the file names; for another kind of processor the counts are only printed. It exits with
1 if one is not. `--keep` writes those of this run to the file, to be committed with the change that
causes them.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = {"dist": ROOT / "benches/instructions.txt", "test": ROOT / "benches/instructions-test.txt"}
# Numbers of bots; a further bot's cost is compared where there are three.
BOTS = {"dist": (1_000, 10_000, 30_000), "test": (1_000, 4_000)}
TOLERANCE = 0.02
# Another compiler, C library or valgrind is not a change of the program.
TOLERANCE_OF_TOOLS = 0.2


def need_valgrind():
    """Ends the bench where nothing can be counted."""
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is missing, which counts instructions")


def instructions(command, scratch, *options):
    """The millions of instructions of a command, which has one processor and no variables of ours."""
    valgrind = ["valgrind", "--tool=callgrind", *options, f"--callgrind-out-file={scratch / 'counts'}"]
    one = min(os.sched_getaffinity(0))
    done = subprocess.run(valgrind + command, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                          preexec_fn=lambda: os.sched_setaffinity(0, {one}))
    if done.returncode != 0:
        sys.exit(f"{command}:\n{done.stderr}")
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]) / 1e6


def list_of(bots, folder):
    """A CSV list of so many bots, whose IDs are those of each run."""
    path = folder / f"bots-{bots}.csv"
    if not path.exists():
        # Line by line: what this process holds counts as memory of those that it starts.
        with path.open("w") as out:
            out.write("bot_id\n")
            for bot in range(bots):
                out.write(f"{uuid.UUID(bytes=hashlib.md5(b'%d' % bot).digest())}\n")
    return path


def of_one_file(project, scratch):
    """The same project, of which a bot has the page alone, as it has from the peers of `scale.py`."""
    copy = scratch / "one-file"
    shutil.copytree(project, copy)
    with (copy / "spec/site.yaml").open("a") as site:
        site.write("\ntwins: generic\n")
    return copy


def project_copy(folder, keep_code):
    """The shipped spec alone, so that the built-in theme is used; with or without fenced code."""
    shutil.copytree(ROOT / "spec", folder / "spec")
    if not keep_code:
        for path in (folder / "spec").iterdir():
            if path.suffix in (".md", ".yaml"):
                text = path.read_text()
                fenced = re.compile(r"^( *)```.*?^\1```[^\n]*\n", re.M | re.S)
                path.write_text(fenced.sub("", text))
    return folder


def count(binary, fill, scratch, profile):
    """The millions of instructions by what they are of."""
    found = {}

    def of_build(name, project, bots=None):
        out = scratch / "counted"
        more = ["--bots", list_of(bots, scratch)] if bots else []
        found[name] = instructions([binary, "build", project, *more, "--out", out], scratch)
        shutil.rmtree(out)

    of_build("a build of the shipped project", project_copy(scratch / "whole", True))
    rounds = [instructions([fill, "index.html", str(rounds)], scratch) for rounds in (1_000, 3_000)]
    found["a fill of the shipped index.html"] = (rounds[1] - rounds[0]) / 2_000
    project = ROOT / "benches/bots"
    for bots in BOTS[profile]:
        of_build(f"a build of {bots:,} bots", project, bots)
    if profile == "dist":
        of_build("a build of 10,000 bots of one file", of_one_file(project, scratch), 10_000)
    return found


def tools():
    """What compiles and runs the program, and the kind of processor that valgrind shows to it."""
    def version(*command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("(")[0].strip()

    machine = platform.machine()
    if machine == "x86_64":
        machine += " with AVX2" if " avx2" in Path("/proc/cpuinfo").read_text() else " without AVX2"
    compilers = [version("rustc", "-V"), f"cc {version('cc', '-dumpfullversion')}"]
    return machine, ", ".join([*compilers, os.confstr("CS_GNU_LIBC_VERSION"), version("valgrind", "--version")])


def kept(profile):
    """The machine and the tools of the counts that are kept, and these by name."""
    head, *lines = KEPT[profile].read_text().splitlines()
    machine, _, others = head.removeprefix("# ").partition(": ")
    pairs = (line.rpartition(": ") for line in lines)
    return machine, others, {name: float(number) for name, _, number in pairs}


def shown_as(number):
    return f"{number:.4f}" if number < 1 else f"{number:.1f}"


def compare(found, profile):
    """Prints counts beside those that are kept; how many differ, are new or are gone."""
    machine, others, before = kept(profile)
    now = tools()
    tolerance = TOLERANCE
    if now[1] != others:
        tolerance = TOLERANCE_OF_TOOLS
        print(f"Kept with {others}; here are {now[1]}, so they may differ by {tolerance:.0%}.")
    if now[0] != machine:
        tolerance = None
        print(f"Kept on {machine}; this is {now[0]}, so they are not compared.")
    differing = 0
    print("\n| millions of instructions | now | kept | |\n| --- | --- | --- | --- |")
    for name in {**before, **found}:
        if name not in before or name not in found:
            verdict, is_same = "not kept" if name in found else "not counted", False
        else:
            change = found[name] / before[name] - 1
            verdict, is_same = f"{change:+.1%}", tolerance is None or abs(change) <= tolerance
        numbers = [shown_as(counts[name]) if name in counts else "" for counts in (found, before)]
        differing += not is_same
        print(f"| {name} | {' | '.join(numbers)} | {verdict}{'' if is_same else ', MISSED'} |", flush=True)
    return differing


def growth(found):
    """Whether a further bot costs as much among many as among few."""
    few, many, most = (found[f"a build of {bots:,} bots"] for bots in (1_000, 10_000, 30_000))
    slopes = ((many - few) / 9_000, (most - many) / 20_000)
    times = slopes[1] / slopes[0]
    print(f"\nA further bot takes {slopes[0] * 1000:.1f} thousand instructions up to 10,000 bots, "
          f"and {times:.2f} times as many from there to 30,000 (goal: 0.9 to 1.1).")
    return 0.9 <= times <= 1.1


def built(profile):
    """Builds the program and the benchmark; returns both."""
    command = ["cargo", "build", "--profile", profile, "--locked", "--bins", "--bench", "fill", "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    files = {message["target"]["name"]: message["executable"] for message in messages
             if message.get("executable")}
    return files["botdocs"], files["fill"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path)
    parser.add_argument("--fill", type=Path)
    parser.add_argument("--profile", choices=KEPT, default="dist")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    need_valgrind()
    if (options.binary is None) != (options.fill is None):
        sys.exit("`--binary` and `--fill` are of one program: give both")
    binary, fill = (options.binary, options.fill) if options.binary else built(options.profile)
    with tempfile.TemporaryDirectory() as scratch:
        found = count(binary, fill, Path(scratch), options.profile)
    missed = 0
    if options.keep:
        machine, others = tools()
        rows = "".join(f"{name}: {shown_as(number)}\n" for name, number in found.items())
        KEPT[options.profile].write_text(f"# {machine}: {others}\n{rows}")
    missed += compare(found, options.profile)
    if len(BOTS[options.profile]) == 3:
        missed += not growth(found)
    if missed:
        print(f"\n{missed} counts are wrong; `benches/instructions.py --keep` keeps those of this run")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())

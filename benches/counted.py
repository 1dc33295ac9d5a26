"""Numbers of instructions, counted by callgrind and held to those of an earlier run.

They don't wander with what else the machine does, so a difference of more than TOLERANCE is one of the
program, or of its compiler. `benches/instructions.txt` keeps them; `--keep` of the benches that count
writes those of this run there, to be read as a change of the program is read.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parent / "instructions.txt"
TOLERANCE = 0.02


def need_valgrind():
    """Ends the bench where nothing can be counted."""
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is missing, which counts instructions")


def instructions(command, scratch, *options):
    """The millions of instructions of a command."""
    valgrind = ["valgrind", "--tool=callgrind", *options, f"--callgrind-out-file={scratch / 'counts'}"]
    done = subprocess.run(valgrind + command, check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]) / 1e6


def kept():
    """The numbers that are kept, by what they are of."""
    lines = KEPT.read_text().splitlines() if KEPT.exists() else []
    pairs = (line.rpartition(": ") for line in lines)
    return {name: float(number) for name, _, number in pairs}


def compare(found, keep):
    """Prints numbers beside those that are kept; how many differ or are not kept yet."""
    before, differing = kept(), 0
    print("\n| millions of instructions | now | kept | |\n| --- | --- | --- | --- |")
    for name, number in found.items():
        old = before.get(name)
        if old is None:
            verdict = "not kept"
        else:
            verdict = f"{number / old - 1:+.1%}"
        is_same = old is not None and abs(number / old - 1) <= TOLERANCE
        differing += not is_same
        shown = "" if old is None else f"{old:g}"
        print(f"| {name} | {shown_as(number)} | {shown} | {verdict}{'' if is_same else ', MISSED'} |", flush=True)
    if keep:
        lines = {**{name: f"{old:g}" for name, old in before.items()},
                 **{name: shown_as(number) for name, number in found.items()}}
        KEPT.write_text("".join(f"{name}: {number}\n" for name, number in lines.items()))
        return 0
    return differing


def shown_as(number):
    return f"{number:.4f}" if number < 1 else f"{number:.0f}"

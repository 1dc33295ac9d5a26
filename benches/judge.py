#!/usr/bin/env python3
"""What it costs to judge values by alternatives that contain themselves, as a table.

Usage: benches/judge.py BOTDOCS..., with builds of botdocs by the profile `dist`, such as one before a
change and one after. Of each shape there are values of several depths with one fault, the innermost.
Each is an example that `check` judges, and the body of a request that the mock judges. CPU is user and
system time in milliseconds, and memory the most that the process had, in MB; a process that took longer
than PATIENCE seconds of CPU has none. It exits with 1 if one did, or if the fault was not found: a
refusal to judge a value, since it nests too deep or takes too many steps, is none.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

DEPTHS = [7, 14, 28, 56]
PATIENCE = 60
KINDS = range(6)

# How a value is refused that is not judged, in the report and in the mock's answer.
REFUSALS = [b"input-too-large", b"too deep", b"too many steps", b"recursion limit"]

STRING = {"type": "string"}
AGAIN = {"$ref": "#/schemas/Block"}


def tagged(number, more):
    return {"title": f"T{number}", "fields": {"type": {"const": f"t{number}", "required": True}, **more}}


def untagged(number, more):
    return {"title": f"T{number}", "fields": more}


def shape(block, around, leaf, right=None, **schemas):
    """Schemas that contain themselves, a value around another, the innermost, and a value that is right:
    null, which has an alternative of its own, where every other value fits several."""
    if right is None:
        block["oneOf"].append({"title": "Null", "type": "null"})
    return {"Block": block, **schemas}, around, leaf, right


SHAPES = {
    "a discriminator": shape(
        {"discriminator": "type", "oneOf": [tagged(i, {"inner": AGAIN, "text": STRING}) for i in KINDS]},
        lambda inner: {"type": "t5", "inner": inner}, {"type": "t5", "txt": "a"}, {"type": "t5"}),
    "a constant": shape(
        {"oneOf": [tagged(i, {"inner": AGAIN, "text": STRING}) for i in KINDS]},
        lambda inner: {"type": "t5", "inner": inner}, {"type": "t5", "txt": "a"}, {"type": "t5"}),
    "nothing": shape(
        {"oneOf": [untagged(i, {"inner": AGAIN, f"text{i}": STRING}) for i in KINDS]},
        lambda inner: {"inner": inner}, {"txt": "a"}, {"text5": "a"}),
    "fields of their own": shape(
        {"oneOf": [untagged(i, {"inner": AGAIN, f"text{i}": {**STRING, "required": True}}) for i in KINDS]},
        lambda inner: {"text5": "a", "inner": inner}, {"text5": 1}, {"text5": "a"}),
    "a map": shape(
        {"oneOf": [{"title": f"T{i}", "type": "object", "additionalProperties": AGAIN} for i in KINDS]},
        lambda inner: {"a": inner}, {"a": 1}),
    "items, each twice": shape(
        {"oneOf": [{"title": f"T{i}", "type": "array", "items": AGAIN} for i in KINDS]},
        lambda inner: [[], inner], [1]),
    "two schemas in turn": shape(
        {"oneOf": [untagged(i, {"inner": {"$ref": "#/schemas/Other"}}) for i in KINDS]},
        lambda inner: {"inner": inner}, {"txt": "a"},
        Other={"oneOf": [untagged(i, {"inner": AGAIN}) for i in KINDS]}),
}


def project(folder, schemas, example):
    spec = folder / "spec"
    spec.mkdir(parents=True)
    (spec / "site.yaml").write_text(json.dumps({"title": "Docs", "navigation": ["api"]}))
    endpoint = {"title": "Chat", "method": "POST", "path": "/chat", "samples": [],
                "request": {"schema": AGAIN, "example": example},
                "responses": {"200": {"description": "Yes.", "example": {"ok": True}}}}
    page = {"title": "Chat", "servers": [{"url": "https://api.example.com"}],
            "endpoints": {"chat": endpoint}, "schemas": schemas}
    (spec / "api.yaml").write_text(json.dumps(page, indent=1))


def spent(process):
    """CPU and memory of a process that has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_maxrss // 1024


def is_judged(said):
    return not any(refusal in said for refusal in REFUSALS)


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))


def check(botdocs, folder):
    """CPU and memory of a check; nothing if it did not judge the value and find the fault."""
    said = folder / "said"
    with said.open("wb") as file:
        process = subprocess.Popen([botdocs, "check", folder], stdout=file, stderr=file, preexec_fn=limited)
        cost = spent(process)
    return cost if process.returncode == 1 and is_judged(said.read_bytes()) else None


def mock(botdocs, folder, body):
    """CPU and memory of a mock that answers one request; nothing if it did not judge the body and find
    the fault."""
    process = subprocess.Popen([botdocs, "mock", folder, "--port", "0"], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, preexec_fn=limited)
    line = next(line for line in process.stdout if " at http://" in line)
    host, port = line.split("http://")[1].split("/")[0].split(":")
    head = (f"POST /chat HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    process.kill()
    cost = spent(process)
    is_wrong = answer.startswith((b"HTTP/1.1 422", b"HTTP/1.1 400"))
    return cost if is_wrong and is_judged(answer) else None


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    wrongs = 0
    print("| program | told apart by | depth | check, ms | MB | mock, ms | MB |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for botdocs in map(lambda name: Path(name).resolve(), sys.argv[1:]):
        for name, (schemas, around, leaf, right) in SHAPES.items():
            for depth in DEPTHS:
                wrong = leaf
                for _ in range(depth):
                    wrong = around(wrong)
                with tempfile.TemporaryDirectory() as scratch:
                    scratch = Path(scratch)
                    project(scratch / "wrong", schemas, wrong)
                    project(scratch / "right", schemas, right)
                    costs = [check(botdocs, scratch / "wrong"),
                             mock(botdocs, scratch / "right", json.dumps(wrong).encode())]
                wrongs += costs.count(None)
                cells = " | ".join("- | -" if cost is None else f"{cost[0]:.0f} | {cost[1]}" for cost in costs)
                print(f"| {botdocs.name} | {name} | {depth} | {cells} |", flush=True)
    return int(wrongs > 0)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What samples cost a build, and what the mock can bear, as a table.

Usage: benches/samples.py BOTDOCS [PROJECT], with a build of botdocs by the profile `dist`. CPU is user and
system time of the process; wall time says more of the machine. Nothing is asserted here.
"""

import json
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOT = "019dd3d4-4b7e-71eb-9561-5cf790a5da57"
BODY = json.dumps({"bot_id": BOT, "message": "hello"}).encode()
STREAM = json.dumps({"bot_id": BOT, "prompt": "hello", "stream": True}).encode()


def cpu_of(command):
    """The least CPU of five runs, in milliseconds."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return 1000 * min(times)


def build(botdocs, project, samples):
    """CPU of a cold build with all samples or with none."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        subprocess.run(["cp", "-r", f"{project}/spec", copy], check=True)
        site = copy / "spec/site.yaml"
        text = re.sub(r"(?m)^samples:.*\n(?:[ -].*\n)*", "", site.read_text())
        site.write_text(text + ("" if samples else "\nsamples: []\n"))
        return cpu_of([botdocs, "build", copy, "--out", copy / "out", "--force"])


def many(folder, count):
    """A project with many endpoints that stream."""
    spec = folder / "spec"
    spec.mkdir()
    (spec / "site.yaml").write_text("title: Many\nnavigation: [api]\n")
    endpoint = """  call-{0}:
    title: Call {0}
    method: POST
    path: /call/{0}
    request:
      fields: {{text: {{type: string, required: true}}, stream: {{type: boolean}}}}
      example: {{text: Hello, stream: false}}
    responses:
      200: {{description: The answer., fields: {{text: {{type: string}}}}, example: {{text: Hello there}}}}
    stream:
      format: sse
      request: {{stream: true}}
      events: {{message: {{data: text, joins: {{to: /text}}}}}}
      example: [{{event: message, data: "Hello "}}, {{event: message, data: there}}]
"""
    endpoints = "".join(endpoint.format(number) for number in range(count))
    head = "title: Many\nservers: [{url: https://api.example.com}]\nauth: {type: bearer, env: KEY}\nendpoints:\n"
    (spec / "api.yaml").write_text(head + endpoints)


def request(path, body):
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def ticks(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def mock(botdocs, project):
    """Plain requests for each second of CPU, and the memory of 1,000 streams."""
    process = subprocess.Popen(
        [botdocs, "mock", project, "-p", "0", "--pace", "5000"], stderr=subprocess.PIPE, text=True
    )
    try:
        port = int(re.search(r"http://127.0.0.1:(\d+)", process.stderr.readline())[1])
        plain = socket.create_connection(("127.0.0.1", port))
        answers = plain.makefile("rb")
        before, count = ticks(process), 20000
        for _ in range(count // 100):
            plain.sendall(request("/api/responses", BODY) * 100)
            for _ in range(100):
                # A refusal would cost less.
                if b" 200 " not in (first := answers.readline()):
                    raise SystemExit(f"the mock said {first} {answers.read(300)}")
                length = 0
                while (line := answers.readline()) != b"\r\n":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                answers.read(length)
        rate = count / max(ticks(process) - before, 0.01)
        streams = [socket.create_connection(("127.0.0.1", port)) for _ in range(1000)]
        for stream in streams:
            stream.sendall(request("/api/chat/completion", STREAM))
        time.sleep(2)
        open_streams = sum(b" 200 " in stream.recv(4096) for stream in streams)
        status = Path(f"/proc/{process.pid}/status").read_text()
        memory = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
        return rate, open_streams, memory
    finally:
        process.terminate()
        process.wait()


def main():
    botdocs = Path(sys.argv[1]).resolve()
    project = Path(sys.argv[2] if len(sys.argv) > 2 else ".").resolve()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    rows = []
    without, with_all = build(botdocs, project, False), build(botdocs, project, True)
    rows.append(("samples in a cold build of the project", f"{with_all - without:.0f} ms CPU", "15 ms"))
    with tempfile.TemporaryDirectory() as folder:
        many(Path(folder), 1000)
        cpu = cpu_of([botdocs, "build", folder, "--out", f"{folder}/out", "--force"])
    rows.append(("1,000 endpoints with all samples", f"{cpu / 1000:.2f} s CPU", "2 s"))
    rate, open_streams, memory = mock(botdocs, project)
    rows.append(("mock, plain requests", f"{rate:.0f} for a second of CPU", "5,000"))
    rows.append((f"mock, {open_streams} streams at once", f"{memory:.0f} MB", "100 MB"))
    print("| what | measured | at most (or at least) |\n| --- | --- | --- |")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()

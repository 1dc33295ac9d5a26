"""Reads the streams of a JSON list on standard input with sseclient-py, in pieces as a network
brings them, and prints what it dispatches as JSON."""

import json
import sys

import sseclient


def read(text):
    data = text.encode()
    pieces = [data[at : at + 7] for at in range(0, len(data), 7)]
    events = sseclient.SSEClient(iter(pieces)).events()
    return [[event.event or "message", event.data, event.id] for event in events]


print(json.dumps([read(text) for text in json.load(sys.stdin)]))

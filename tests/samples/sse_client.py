"""An SSE client of others against the mock: prints each event as JSON."""

import json
import sys

import httpx
from httpx_sse import connect_sse

headers = {"Authorization": "Bearer any"}
with httpx.Client() as client:
    with connect_sse(client, "POST", sys.argv[1], headers=headers, json=json.loads(sys.argv[2])) as source:
        for event in source.iter_sse():
            print(json.dumps([event.event, event.data]))

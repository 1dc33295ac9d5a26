"""Another SSE client of others, over `requests`: prints each event as JSON."""

import json
import sys

import requests
import sseclient

headers = {"Authorization": "Bearer any", "Accept": "text/event-stream"}
with requests.post(sys.argv[1], headers=headers, json=json.loads(sys.argv[2]), stream=True) as response:
    for event in sseclient.SSEClient(response).events():
        print(json.dumps([event.event, event.data]))

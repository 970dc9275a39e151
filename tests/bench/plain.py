"""The plainest program that makes the same calls: `requests`, one kept-alive session, JSON in and out, nothing written
down. Reads the recorded calls from its input; prints the CPU seconds that they took, and the seconds by the wall.

`python -m tests.bench.plain < calls.json`
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import requests

OWN_HEADERS = {"host", "content-length", "connection", "accept-encoding"}


def prepared(call: dict[str, Any]) -> dict[str, Any]:
    """As its author would have written it down."""
    return {
        "method": call["method"],
        "url": call["url"] + call["path"],
        "params": call["query"] or None,
        "json": json.loads(call["body"]) if call["body"] else None,
        "headers": {name: value for name, value in call["headers"].items() if name.lower() not in OWN_HEADERS},
    }


def make(calls: list[dict[str, Any]]) -> dict[str, float]:
    asked = [(prepared(call), call["status"]) for call in calls]
    before, began = os.times(), time.monotonic()
    with requests.Session() as session:
        for request, status in asked:
            answer = session.request(**request, timeout=20)
            assert answer.status_code == status, f"{request['method']} {request['url']} answered {answer.text}"
            if answer.content:
                answer.json()
    after = os.times()
    cpu = after.user - before.user + after.system - before.system
    return {"cpu": cpu, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    print(json.dumps(make(json.load(sys.stdin))))

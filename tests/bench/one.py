"""One bench, in the installation that the environment describes; prints each figure as a line of JSON.

`python -m tests.bench.one NAME`
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict

import django
from django.core.management import call_command

BENCHES = ("calls", "statements", "cpu", "throughput", "latency", "door", "budget", "reports")
"""Each a module with `measure() -> list[Figure]`, which finds Django set up and the database migrated."""


def main(name: str) -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    bench = importlib.import_module(f"tests.bench.{name}")
    for figure in bench.measure():
        print(json.dumps(asdict(figure)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

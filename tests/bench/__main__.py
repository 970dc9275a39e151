"""Runs the benches on both databases and prints the tables. `python -m tests.bench [NAME …]`; without names, all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.databases import KINDS, installation
from tests.bench.figures import Aim, Figure, table
from tests.bench.one import BENCHES


def measured(name: str, kind: str) -> Iterator[Figure]:
    """By a process of its own, on a database of its own."""
    with installation(kind) as env:
        command = [sys.executable, "-m", "tests.bench.one", name]
        done = subprocess.run(command, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        told = json.loads(line)
        yield Figure(**{**told, "aim": Aim(**told["aim"]) if told["aim"] else None})


def main(names: list[str]) -> None:
    for kind in KINDS:
        figures = [figure for name in names or BENCHES for figure in measured(name, kind)]
        print(f"\n{kind}\n\n{table(figures)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""A million rows go through a process that stays small."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.bench.databases import installation
from tests.books.reports.volume import FIRST, LAST

pytestmark = pytest.mark.scale
ROWS = 1_000_000
FILL = f"from tests.books.reports.volume import fill; fill({ROWS})"
MEGABYTE = 1024
"""In kilobytes, in which Linux tells a process's greatest memory."""


@pytest.fixture(scope="module")
def month() -> Iterator[Mapping[str, str]]:
    with installation("SQLite") as given:
        env = {**os.environ, **given}
        for command in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "-c", FILL]):
            subprocess.run([sys.executable, "manage.py", *command], env=env, check=True)
        yield env


MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss, used.ru_utime + used.ru_stime)
sys.exit(code)
"""
"""By a small process between: what is forked from a large one counts as large as that."""


def used_by(command: list[str], env: Mapping[str, str]) -> tuple[int, float]:
    """Kilobytes at most, and seconds of CPU, of a process of its own."""
    measured = [sys.executable, "-c", MEASURE, sys.executable, *command]
    told = subprocess.run(measured, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout
    memory, seconds = told.splitlines()[-1].split()
    return int(memory), float(seconds)


def test_a_million_rows_stream_as_csv_under_200_mb(month: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    days = ["--from", str(FIRST), "--to", str(LAST)]
    kilobytes, seconds = used_by(["manage.py", "report", "records", *days, "--csv", str(file)], month)
    memory = kilobytes / MEGABYTE
    print(f"{memory:.0f} MB, {seconds:.0f} s of CPU, for {file.stat().st_size / MEGABYTE / 1024:.0f} MB of CSV")
    assert memory < 200
    with file.open(encoding="utf-8-sig", newline="") as written:
        rows = csv.DictReader(written)
        numbers = {int(row["number"]) for row in rows if (row["booked"], row["difference"]) == ("12.50", "0.00")}
    assert numbers == set(range(1, ROWS + 1))

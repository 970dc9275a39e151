"""A million rows go through a process that stays small."""

from __future__ import annotations

import csv
import os
import resource
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


def used_by(command: list[str], env: Mapping[str, str]) -> resource.struct_rusage:
    """By a process of its own."""
    process = subprocess.Popen([sys.executable, *command], env=env)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used


def test_a_million_rows_stream_as_csv_under_200_mb(month: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    days = ["--from", str(FIRST), "--to", str(LAST)]
    used = used_by(["manage.py", "report", "records", *days, "--csv", str(file)], month)
    memory, seconds = used.ru_maxrss / MEGABYTE, used.ru_utime + used.ru_stime
    print(f"{memory:.0f} MB, {seconds:.0f} s of CPU, for {file.stat().st_size / MEGABYTE / 1024:.0f} MB of CSV")
    assert memory < 200
    with file.open(encoding="utf-8-sig", newline="") as written:
        rows = csv.DictReader(written)
        numbers = {int(row["number"]) for row in rows if (row["booked"], row["difference"]) == ("12.50", "0.00")}
    assert numbers == set(range(1, ROWS + 1))

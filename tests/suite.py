"""What `make test` runs, in order; the first that fails ends it. `python -m tests.suite [quality|tests|chaos|month|interleavings|slow]`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from tests.chaos import grid
from tests.postgres import postgres_url

BIN = Path(sys.executable).parent
PYTEST = ["python", "-m", "pytest"]
QUALITY = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy", "connectors", "mappings", "hub", "bootstrap.py"],
    ["lint-imports", "--no-cache", "--no-logo"],
    ["python", "manage.py", "check"],
    ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
]
PARALLEL = ["-q", "-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
"""One more than there are cores: they wait for half of their time. Who has done its share takes from another's, since
tests that take long stand side by side."""
BESIDE = ["-q", "-n", str(os.cpu_count() or 1)]
"""What keeps a core busy by itself."""
WORKERS = ["tests/running", "tests/chaos/test_four_workers.py", "tests/chaos/test_many_at_once.py"]
POINTS = "tests/chaos/test_killed_anywhere.py"
SEEDS = 1
ROOM = 4 * 2**30
"""Bytes that all tests together never fill."""
SOME = "17"
FAST = "not browser and not chaos and not month and not scale"


def quality() -> None:
    for command in QUALITY:
        run(command)


def tests() -> None:
    """What happens at a point of a run hardly depends on the database: here some points on one of them, in `chaos` all of
    them on both."""
    run([*PYTEST, *PARALLEL, "-m", FAST], POINTS_EVERY=SOME)
    on_postgres([*PYTEST, *PARALLEL, "-m", f"{FAST} and not points", "-p", "tests.database_only"])


def chaos() -> None:
    """All that is attacked, with every store and on both databases; the months come last, with their table."""
    others = [*PYTEST, *PARALLEL, "-m", "chaos or points", "--ignore", grid.MONTH]
    run(others, EVERY_STORE="1")
    on_postgres(others, EVERY_STORE="1")
    months(int(os.environ["CHAOS_SEEDS"]))


def interleavings() -> None:
    """Of edits on both sides of records that are kept alike, with everything that may go wrong on the way."""
    ways = [*PYTEST, *PARALLEL, "tests/hub/test_interleavings.py"]
    run(ways)
    on_postgres(ways)


def slow() -> None:
    """All that `tests` leaves out, as far as time allows: of the months only those in which everything happens. `chaos`
    plays all of them, and does everything on both databases.

    What kills workers hardly depends on the database, so the real workers are attacked on PostgreSQL, and every point of
    a run on SQLite.
    """
    months(SEEDS, only="everything")
    month()
    on_postgres([*PYTEST, *PARALLEL, "-m", "chaos", *WORKERS])
    run([*PYTEST, *PARALLEL, "-m", "chaos", POINTS])
    run([*PYTEST, *BESIDE, "-m", "browser"])
    run([*PYTEST, *BESIDE, "-m", "scale"])


def months(seeds: int, *, only: str = "") -> None:
    if code := grid.play(seeds, Path(os.environ["COUNTINGHOUSE_VAR"]) / "months", only=only):
        sys.exit(code)


def month() -> None:
    """Each month under one rounding rule of the books, several beside each other. How tables come about is tested by
    everything else."""
    run([*PYTEST, *PARALLEL, "-m", "month", "--nomigrations", "tests/month"])


def on_postgres(command: list[str], **env: str) -> None:
    with postgres_url() as url:
        run(command, DATABASE_URL=url, COUNTINGHOUSE_FIELD_KEYS=Fernet.generate_key().decode(), **env)


def run(command: list[str], **env: str) -> None:
    if code := code_of(command, **env):
        sys.exit(code)


def code_of(command: list[str], **env: str) -> int:
    print("$", *command, f"({env['DATABASE_URL'].partition(':')[0]})" if "DATABASE_URL" in env else "", flush=True)
    return subprocess.run([str(BIN / command[0]), *command[1:]], env={**os.environ, **env}).returncode


def stand_alone(var: str) -> None:
    """This machine's own installation must neither help nor suffer."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["COUNTINGHOUSE_VAR"] = var
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"


def in_memory() -> str | None:
    """Where there is room for SQLite's files without a disk behind: safety against power cuts, which no test makes, takes a
    third of the time. None: wherever temporary files are."""
    memory = Path("/dev/shm")
    with suppress(OSError):
        if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
            return str(memory)
    return None


PARTS = {
    "quality": [quality],
    "tests": [tests],
    "chaos": [chaos],
    "month": [month],
    "interleavings": [interleavings],
    "slow": [slow],
    "": [quality, tests],
}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="countinghouse-suite-", dir=in_memory()) as folder:
        stand_alone(folder)
        for part in PARTS["".join(sys.argv[1:])]:
            part()

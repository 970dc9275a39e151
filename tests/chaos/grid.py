"""Every scenario with many seeds on both databases, several months beside each other, since a month mostly waits. Each
share of them has a database of its own, and a server of its own where it crashes it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from tests.chaos.tally import noted, table
from tests.postgres import is_given, postgres_url

MONTH = "tests/chaos/test_a_month_of_trade.py"
BESIDE = 2 * (os.cpu_count() or 1)


@dataclass(frozen=True)
class Share:
    """Every so many-th seed, from its own number on."""

    database: str
    number: int
    of: int
    folder: Path
    seeds: int
    only: str = ""

    def play(self) -> int:
        """pytest's exit code; what it printed is in the folder."""
        self.folder.mkdir(parents=True)
        with self._settings() as env, (self.folder / "printed").open("w") as printed:
            command = [sys.executable, "-m", "pytest", "-q", "-m", "chaos", MONTH]
            done = subprocess.run(command, env={**os.environ, **env}, stdout=printed, stderr=subprocess.STDOUT)
        print(f"{self.database}, share {self.number + 1} of {self.of}: {self._last_line()}", flush=True)
        return done.returncode

    @contextmanager
    def _settings(self) -> Iterator[dict[str, str]]:
        own = {
            "CHAOS_SHARE": f"{self.number}/{self.of}",
            "CHAOS_SEEDS": str(self.seeds),
            "CHAOS_ONLY": self.only,
            "COUNTINGHOUSE_VAR": str(self.folder),
        }
        with postgres_url() if self.database == "postgresql" else nullcontext("") as url:
            key = Fernet.generate_key().decode()
            yield own | ({"DATABASE_URL": url, "COUNTINGHOUSE_FIELD_KEYS": key} if url else {})

    def _last_line(self) -> str:
        return (self.folder / "printed").read_text().rstrip().rpartition("\n")[2]


def play(seeds: int, folder: Path, *, only: str = "") -> int:
    """Every scenario, or only one. Prints what the failing shares printed, and the table of all. Returns 0 if none
    failed."""
    shares = sorted(
        (share for database in ("sqlite", "postgresql") for share in _shares(database, seeds, folder, only)),
        key=lambda one: one.number,
    )
    with ThreadPoolExecutor(BESIDE) as pool:
        codes = list(pool.map(Share.play, shares))
    for share, code in zip(shares, codes, strict=True):
        if code:
            print((share.folder / "printed").read_text())
    print(table(row for share in shares for row in noted(share.folder / "chaos.tally")), flush=True)
    return max(codes)


def _shares(database: str, seeds: int, folder: Path, only: str) -> Iterator[Share]:
    """One for each seed; but a server that was given to us has room for one."""
    of = 1 if database == "postgresql" and is_given() else seeds
    for number in range(of):
        yield Share(database, number, of, folder / f"{database}-{number}", seeds, only)

"""What came of each run, and the table of them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass
class Row:
    """One scenario with one seed; added up, several."""

    scenario: str
    database: str
    seeds: int = 1
    orders: int = 0
    kills: int = 0
    faults: int = 0
    restarts: int = 0
    lost: int = 0
    duplicated: int = 0
    wrong: int = 0
    agree: int = 0
    seconds: float = 0.0

    @property
    def whole(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong) and self.agree == self.seeds

    def __add__(self, other: Row) -> Row:
        counts = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(Row)[2:]}
        return Row(self.scenario, self.database, **counts)

    def cells(self) -> list[str]:
        told = asdict(self) | {"agree": f"{self.agree} of {self.seeds}", "seconds": f"{self.seconds:.0f}"}
        return [str(cell) for cell in told.values()]


def note(row: Row, file: Path) -> None:
    with file.open("a") as rows:
        print(json.dumps(asdict(row)), file=rows)


def noted(file: Path) -> list[Row]:
    return [Row(**json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []


def table(rows: Iterable[Row]) -> str:
    """A line for each scenario on each database, and the total."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = row.database, row.scenario
        found[key] = found[key] + row if key in found else row
    added = [found[key] for key in sorted(found)]
    total = sum(added[1:], added[0]) if added else Row("", "", 0)
    heads = [field.name for field in fields(Row)]
    return aligned([heads, *(row.cells() for row in added), ["total", "", *total.cells()[2:]]])


def aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width) for column, (cell, width) in pairs(row, widths)
        )
        for row in rows
    )


def pairs(row: Sequence[str], widths: Sequence[int]) -> Iterable[tuple[int, tuple[str, int]]]:
    return enumerate(zip(row, widths, strict=True))

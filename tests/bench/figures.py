"""A figure, what it is compared with, and how near it comes to its aim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Aim:
    """`bound` is for the figure itself, or for its ratio to the baseline."""

    bound: float
    of: Literal["figure", "ratio"] = "figure"
    at: Literal["most", "least"] = "most"

    def __str__(self) -> str:
        sign = "≤" if self.at == "most" else "≥"
        return f"{sign} {self.bound:g}{' x' if self.of == 'ratio' else ''}"


@dataclass(frozen=True)
class Figure:
    """`against` says what the baseline is. Without an aim, it is only told."""

    what: str
    value: float
    unit: str
    baseline: float
    against: str
    aim: Aim | None = None

    @property
    def ratio(self) -> float:
        return self.value / self.baseline if self.baseline else float("inf")

    @property
    def reached(self) -> bool:
        if self.aim is None:
            return True
        measured = self.value if self.aim.of == "figure" else self.ratio
        return measured <= self.aim.bound if self.aim.at == "most" else measured >= self.aim.bound

    def row(self) -> tuple[str, ...]:
        return (
            self.what,
            f"{_told(self.value)} {self.unit}",
            f"{_told(self.baseline)} {self.against}",
            f"{self.ratio:.2f} x",
            str(self.aim or ""),
            "" if self.aim is None else "yes" if self.reached else "NO",
        )


HEADS = ("what", "figure", "baseline of the same run", "ratio", "aim", "reached")


def table(figures: Iterable[Figure]) -> str:
    rows = [HEADS, *(figure.row() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _told(value: float) -> str:
    return (
        f"{value:.0f}" if value == round(value) or value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    )

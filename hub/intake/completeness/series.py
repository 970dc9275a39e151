"""Series of numbers, and what is missing within them. Pure, and whatever the vendor: a number is text with a counter in it.

A series is believed only where it is long and dense enough: whoever numbers at random, or leaves most numbers out, has
no gaps. What lies before the first and after the last number that was seen is nobody's gap.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

COUNTER = re.compile(r"(?s)(.*?)([0-9]{1,18})([^0-9]*)")
"""The last digits of a number count; years and names of stores stand before them."""
LEAP = 100
"""A counter that jumps further has been set anew, or belongs to another store."""
SHORTEST = 10
DENSE = 0.8


@dataclass(frozen=True)
class Shape:
    """What all numbers of a series have in common. `width` is 0 where the counter is not filled up with zeros."""

    prefix: str
    width: int
    suffix: str

    def number(self, counter: int) -> str:
        return f"{self.prefix}{counter:0{self.width}}{self.suffix}"

    def __str__(self) -> str:
        return f"{self.prefix}{'0' * self.width or '#'}{self.suffix}"


@dataclass(frozen=True)
class Gaps:
    """Of one shape: between which numbers it was looked at, and which of these nobody has seen."""

    shape: Shape
    first: str
    last: str
    missing: tuple[str, ...]


def gaps(numbers: Iterable[str]) -> list[Gaps]:
    """At most one for each shape; none where nothing is missing."""
    found = [_of_one(shape, sorted(counters)) for shape, counters in _shapes(numbers).items()]
    return [one for one in found if one]


def _of_one(shape: Shape, counters: list[int]) -> Gaps | None:
    runs = [run for run in _runs(counters) if _believed(run)]
    missing = tuple(shape.number(counter) for run in runs for counter in _left_out(run))
    return Gaps(shape, shape.number(runs[0][0]), shape.number(runs[-1][-1]), missing) if missing else None


def _shapes(numbers: Iterable[str]) -> dict[Shape, set[int]]:
    """Filled up is what has a zero in front, and whatever else of its kind is as long."""
    parts = {found.groups() for number in numbers if (found := COUNTER.fullmatch(number))}
    filled = {(prefix, len(digits), suffix) for prefix, digits, suffix in parts if len(digits) > 1 and digits[0] == "0"}
    shapes: dict[Shape, set[int]] = defaultdict(set)
    for prefix, digits, suffix in parts:
        width = len(digits) if (prefix, len(digits), suffix) in filled else 0
        shapes[Shape(prefix, width, suffix)].add(int(digits))
    return shapes


def _runs(counters: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for counter in counters:
        if run and counter - run[-1] > LEAP:
            yield run
            run = []
        run.append(counter)
    yield run


def _believed(run: list[int]) -> bool:
    return len(run) >= SHORTEST and len(run) >= DENSE * (run[-1] - run[0] + 1)


def _left_out(run: list[int]) -> Iterator[int]:
    for before, after in pairwise(run):
        yield from range(before + 1, after)

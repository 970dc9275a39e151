"""API calls to the books for one order, its goods known to them; what the store is told is apart."""

from __future__ import annotations

from tests.bench.counting import average, costs, groups, small_world
from tests.bench.figures import Aim, Figure

AIMS = {"of a new client": Aim(5), "of a known client": Aim(3)}


def measure() -> list[Figure]:
    return [
        Figure(
            f"calls to the books, order {whose}",
            average(group, "calls"),
            "calls",
            average(group, "effects"),
            "that change something",
            AIMS.get(whose),
        )
        for whose, group in groups(costs(small_world())).items()
    ]

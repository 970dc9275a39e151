"""Database statements for one order, from the claim to the settled record, BEGIN and COMMIT counted."""

from __future__ import annotations

from tests.bench.counting import Cost, average, costs, groups, small_world
from tests.bench.figures import Figure


def measure() -> list[Figure]:
    return [
        Figure(
            f"database statements, order {whose}",
            average(group, "statements"),
            "statements",
            least(group),
            "to write down each effect",
        )
        for whose, group in groups(costs(small_world())).items()
    ]


def least(group: list[Cost]) -> float:
    """An intent and a result for every effect, a claim and a settlement for the order."""
    return 2 * average(group, "effects") + 2

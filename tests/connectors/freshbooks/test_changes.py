"""What changed since a cursor, from lists that know only days: nothing is left out, and nothing settled is told twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from connectors.freshbooks.changes import BATCH, EASTERN, changed

NOW = dt.datetime(2026, 3, 9, 12, 0, tzinfo=EASTERN)


class Rows:
    """A list that ignores its filter, as FreshBooks may."""

    name = "client"

    def __init__(self, *rows: Mapping[str, Any]) -> None:
        self.rows = [*rows]
        self.connector = self
        self.asked: list[Any] = []

    def now(self) -> dt.datetime:
        return NOW

    def every(self, filters: Any, match: Any) -> Any:
        self.asked.append(filters)
        return [row for row in self.rows if match(row)]


def row(id: int, updated: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "updated": updated, **more}


def told(rows: Rows, cursor: Mapping[str, Any]) -> tuple[list[str], Mapping[str, Any]]:
    found = [*changed(rows, cursor)]  # type: ignore[arg-type]
    return [notice.id for notice, _ in found], found[-1][1] if found else cursor


def test_what_is_older_than_the_cursor_is_not_told() -> None:
    rows = Rows(row(1, "2026-02-01 10:00:00"), row(2, "2026-03-05 10:00:00"))
    assert told(rows, {"since": "2026-03-01T00:00:00+00:00"})[0] == ["2"]


def test_a_second_reading_begins_a_day_back_and_tells_nothing_again() -> None:
    rows = Rows(row(1, "2026-03-05 10:00:00"), row(2, "2026-03-06 10:00:00"))
    _, cursor = told(rows, {"since": "2026-03-01T00:00:00+00:00"})
    assert told(rows, cursor)[0] == []
    assert rows.asked[-1] == {"updated_min": "2026-03-05"}


def test_a_change_within_the_same_second_is_another_version() -> None:
    rows = Rows(row(1, "2026-03-05 10:00:00", fname="Ada"))
    _, cursor = told(rows, {"since": "2026-03-01T00:00:00+00:00"})
    rows.rows = [row(1, "2026-03-05 10:00:00", fname="Augusta")]
    assert told(rows, cursor)[0] == ["1"]


def test_a_version_whose_second_may_still_go_on_is_told_once_more() -> None:
    rows = Rows(row(1, "2026-03-09 11:59:30"))
    first, cursor = told(rows, {"since": "2026-03-01T00:00:00+00:00"})
    assert (first, told(rows, cursor)[0]) == (["1"], ["1"])


def test_a_row_from_the_future_does_not_carry_the_cursor_there() -> None:
    rows = Rows(row(1, "2027-01-01 00:00:00"))
    _, cursor = told(rows, {"since": "2026-03-01T00:00:00+00:00"})
    assert cursor["day"] == "2026-03-08"


def test_a_stop_anywhere_leaves_nothing_out() -> None:
    rows = Rows(*(row(number, f"2026-03-05 10:{number % 60:02}:00") for number in range(1, 2 * BATCH + 30)))
    found = [*changed(rows, {"since": "2026-03-01T00:00:00+00:00"})]  # type: ignore[arg-type]
    for position, (_, cursor) in enumerate(found):
        later = {notice.id for notice, _ in found[position + 1 :]}
        assert later <= set(told(rows, cursor)[0])


def test_the_cursor_forgets_what_lies_before_its_day() -> None:
    rows = Rows(row(1, "2026-03-02 10:00:00"), row(2, "2026-03-07 10:00:00"))
    _, cursor = told(rows, {"since": "2026-03-01T00:00:00+00:00"})
    assert [*cursor["seen"]] == ["2"]

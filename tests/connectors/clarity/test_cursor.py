"""Nothing is left out of what changed: however lists are paged, whatever moves meanwhile, wherever a poll ends."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base import Notice
from connectors.clarity.client import Page
from connectors.clarity.cursor import Feed, changed
from connectors.clarity.endpoints import Endpoint
from connectors.clarity.site import Site
from connectors.documents import Raw
from connectors.errors import Rejected
from connectors.sandbox import Fault, Sandbox
from tests.connectors.clarity.sites import EVER, connected, polled

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FEED = Feed("orders.list", "order", names="id")


class MovingSite:
    """A list of rows in the order of their change, of which some change between one call and the next. Stands where a
    client would: what is tested is the reading, not the calls."""

    def __init__(self, rows: int, size: int, *, stamped: bool, dice: random.Random, together: int = 1) -> None:
        start = NOW - dt.timedelta(days=1)
        self.rows = [(f"o{number}", start + dt.timedelta(seconds=number // together)) for number in range(rows)]
        self.size, self.stamped, self.dice = size, stamped, dice
        self.now = NOW
        self.site = Site({"paths": {"*": {"size": size}}})
        self.restless = 0.0
        self.notes: dict[str, str] = {}

    def page(self, endpoint: Endpoint, values: Mapping[str, str], *, following: str = "") -> Page:
        since = dt.datetime.fromisoformat(values["iso"])
        number = int(values["n"]) - endpoint.start
        found = [row for row in self.rows if row[1] >= since][number * self.size :][: self.size]
        answer = Page([self.shown(*row) for row in found], None, "", self.now)
        if self.dice.random() < self.restless:
            self.touch(self.dice.randrange(len(self.rows)))
        return answer

    def touch(self, position: int) -> None:
        """It changes, and so goes to the end."""
        self.now += dt.timedelta(seconds=1)
        id, _ = self.rows.pop(position)
        self.rows.append((id, self.now))

    def shown(self, id: str, moment: dt.datetime) -> Raw:
        said = self.notes.get(id, moment.isoformat())
        return {"id": id, "note": said, **({"updatedAt": moment.isoformat()} if self.stamped else {})}


def read(site: MovingSite, cursor: Mapping[str, Any] = EVER) -> Iterator[tuple[Notice, Mapping[str, Any]]]:
    return changed(site, site.site.terms, "order", (FEED,), cursor)  # type: ignore[arg-type]


@pytest.mark.parametrize("stamped", [True, False])
@given(
    seed=st.integers(0, 10**6), rows=st.integers(1, 40), size=st.integers(3, 9), together=st.sampled_from([1, 7, 50])
)
@settings(max_examples=60, deadline=None)
@example(seed=375, rows=9, size=3, together=1)
def test_rows_that_move_while_they_are_read_are_told_all_the_same(
    stamped: bool, seed: int, rows: int, size: int, together: int
) -> None:
    """What stays as it is, at once; what changes meanwhile may have gone behind the reader's back, and is told by the
    next poll at the latest."""
    site = MovingSite(rows, size, stamped=stamped, dice=random.Random(seed), together=together)
    site.restless = 0.3
    told, cursor = set(), EVER
    for notice, after in read(site):
        told.add(notice.id)
        cursor = after
    assert told >= {id for id, moment in site.rows if moment < NOW}
    site.restless = 0
    assert told | {notice.id for notice, _ in read(site, cursor)} == {id for id, _ in site.rows}


@pytest.mark.parametrize("stamped", [True, False])
@given(seed=st.integers(0, 10**6), rows=st.integers(2, 40), size=st.integers(3, 9), stop=st.integers(0, 39))
@settings(max_examples=60, deadline=None)
def test_a_poll_that_ends_early_goes_on_and_finds_what_changed_meanwhile(
    stamped: bool, seed: int, rows: int, size: int, stop: int
) -> None:
    site = MovingSite(rows, size, stamped=stamped, dice=random.Random(seed))
    told, cursor = set(), EVER
    for position, (notice, after) in enumerate(read(site)):
        told.add(notice.id)
        cursor = after
        if position == stop:
            break
    site.touch(seed % rows)
    later = {notice.id for notice, _ in read(site, cursor)}
    assert told | later == {id for id, _ in site.rows}
    assert site.rows[-1][0] in later, "what changed after it was told was not told again"


@pytest.mark.parametrize("stamped", [True, False])
def test_what_was_told_is_not_told_again_by_the_next_poll(stamped: bool) -> None:
    site = MovingSite(20, 7, stamped=stamped, dice=random.Random(1))
    first = [*read(site)]
    again = [notice for notice, _ in read(site, first[-1][1])]
    known = {notice.delivery_id for notice, _ in first}
    assert [notice for notice in again if not notice.delivery_id or notice.delivery_id not in known] == []


def test_a_second_that_is_not_over_is_told_without_a_delivery_id() -> None:
    site = MovingSite(1, 5, stamped=True, dice=random.Random(1))
    site.touch(0)
    [(notice, _)] = read(site)
    assert notice.delivery_id == ""
    site.now += dt.timedelta(minutes=2)
    [(notice, _)] = read(site)
    assert notice.delivery_id


def test_a_row_without_a_stamp_that_changes_back_is_told_each_time() -> None:
    """Two equal answers may be two changes."""
    site = MovingSite(3, 5, stamped=False, dice=random.Random(1))
    cursor: Mapping[str, Any] = EVER
    for note in ("open", "paid", "open"):
        site.notes["o0"] = note
        site.touch([id for id, _ in site.rows].index("o0"))
        told = [*read(site, cursor)]
        cursor = told[-1][1]
        assert "o0" in {notice.id for notice, _ in told}


def test_the_cursor_is_in_the_sites_own_clock(site: Sandbox) -> None:
    for skew in (-7200, 7200):
        site.switch["clock_skew"] = skew
        site.place({"kind": "simple"})
        connector = connected(site)
        _, cursor = polled(connector)
        placed = site.place({"kind": "simple"})
        assert placed["id"] in polled(connector, cursor=cursor)[0]


@pytest.mark.parametrize("order", ["payments", "refunds"])
def test_what_moves_only_a_payment_or_a_refund_is_told_of_its_order(site: Sandbox, order: str) -> None:
    placed = site.place({"kind": "simple"})
    connector = connected(site)
    _, cursor = polled(connector)
    assert polled(connector, cursor=cursor)[0].count(placed["id"]) <= 1
    site.place({"refund": placed["orderNumber"]})
    assert placed["id"] in polled(connector, cursor=cursor)[0]


def test_a_list_that_stands_elsewhere_is_said_with_the_setting(site: Sandbox) -> None:
    site.switch["envelope"] = "results"
    site.place({})
    with pytest.raises(Exception, match=r'no list at \$\.data, but with results.*"items_path": "\$\.results"'):
        polled(connected(site))


@pytest.mark.parametrize("inner", ["Items", "Rows"])
def test_a_list_in_an_envelope_within_the_envelope_is_said_with_the_setting(site: Sandbox, inner: str) -> None:
    body = {"Success": True, "Result": {inner: [{"Id": 1}], "TotalCount": 1}}
    site.faults = [Fault("status", path="/orders$", status=200, body=body, times=-1)]
    with pytest.raises(Rejected, match=rf'no list at \$\.data.*"items_path": "\$\.Result\.{inner}"'):
        connected(site).check()
    assert connected(site, paths={"*": {"items_path": f"$.Result.{inner}"}}).check()


@pytest.mark.parametrize("body", [{"total": 0, "errors": []}, {"meta": {"page": 1}, "data": None}, {}], ids=str)
def test_an_envelope_in_which_no_rows_stand_is_an_empty_list(site: Sandbox, body: Raw) -> None:
    site.faults = [Fault("status", path="/orders$", status=200, body=body, times=-1)]
    assert "lists no orders yet" in connected(site).check()


@given(seed=st.integers(0, 10**6), rows=st.integers(1, 40), size=st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_of_a_list_that_is_sorted_otherwise_nothing_is_left_out(seed: int, rows: int, size: int) -> None:
    """Its first page may stand in the order of change by chance."""
    site = MovingSite(rows, size, stamped=True, dice=random.Random(seed))
    site.site = Site({"paths": {"orders.list": {"query": "after={iso}&page={n}&pageSize={k}", "size": size}}})
    site.dice.shuffle(site.rows)
    assert {notice.id for notice, _ in read(site)} == {id for id, _ in site.rows}


def test_a_next_page_at_a_strangers_is_never_asked_for(site: Sandbox) -> None:
    connector = connected(site)
    endpoint = connector.client.endpoint("orders.list")  # type: ignore[attr-defined]
    with pytest.raises(Exception, match=r"said to be at evil\.example"):
        connector.client.page(endpoint, {}, following="https://evil.example/orders?page=2")  # type: ignore[attr-defined]

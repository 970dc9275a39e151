"""The equation day by day: as many queries as for the whole month, and together the month itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.books.agreement import SIDES, agreement, daily
from hub.books.months import Month
from hub.models import Event, Flow, Posting
from tests.admin import town
from tests.books.ledger_of_march import held, sold

MARCH = Month.of(dt.date(2026, 3, 1))
LAST = dt.date(2026, 3, 31)


@pytest.fixture
def north(db: None) -> Flow:
    flow = town.flow(town.store(), town.books())
    sold(flow, 20, dt.date(2026, 3, 1))
    sold(flow, 21, dt.date(2026, 3, 14), quantity=3)
    sold(flow, 22, LAST, quantity=1)
    held(flow, 3, LAST)
    sold(flow, 24, dt.date(2026, 4, 1))
    return flow


def test_each_day_has_its_own_sums(north: Flow) -> None:
    days = {one.day: one.pair for one in daily(MARCH.first, MARCH.last)}
    assert sorted(days) == [dt.date(2026, 3, 1), dt.date(2026, 3, 14), LAST]
    assert (days[LAST].received.count, days[LAST].posted.count, days[LAST].held.count) == (2, 1, 1)
    assert days[LAST].booked == days[LAST].posted
    assert all(pair.agrees for pair in days.values())


def test_the_days_add_up_to_the_month(north: Flow) -> None:
    [month] = agreement(MARCH.first, MARCH.last).pairs
    sums: Counter[str] = Counter()
    for one in daily(MARCH.first, MARCH.last):
        for name in ("received", *SIDES, "booked"):
            sums[name] += getattr(one.pair, name).count
    assert sums == {name: getattr(month, name).count for name in ("received", *SIDES, "booked")}


def test_the_day_that_does_not_agree_is_found(north: Flow) -> None:
    Posting.objects.filter(resource="invoice", date=dt.date(2026, 3, 14)).update(booked=1)
    assert [one.day for one in daily(MARCH.first, MARCH.last) if not one.pair.agrees] == [dt.date(2026, 3, 14)]


def test_what_nobody_has_read_yet_stands_on_the_day_on_which_it_came(north: Flow) -> None:
    town.heard(north, "999")
    came = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
    Flow.objects.update(created_at=came - dt.timedelta(days=30))
    Event.objects.filter(source_id="999").update(received_at=came)
    [unread] = [one for one in daily(MARCH.first, MARCH.last) if not one.pair.currency]
    assert (unread.day, unread.pair.received.count, unread.pair.agrees) == (came.date(), 1, False)


def test_only_the_pairs_into_some_books(north: Flow) -> None:
    other = town.flow(town.store("south-store"), town.books("other-books"), "south-orders")
    sold(other, 25, LAST)
    assert {pair.flow for pair in agreement(MARCH.first, MARCH.last, books=other.target).pairs} == {"south-orders"}
    assert {one.pair.flow for one in daily(MARCH.first, MARCH.last, books=north.target)} == {"north-orders"}


def test_a_month_of_days_costs_as_many_queries_as_its_sum(north: Flow) -> None:
    with CaptureQueriesContext(connection) as whole:
        agreement(MARCH.first, MARCH.last)
    with CaptureQueriesContext(connection) as by_day:
        daily(MARCH.first, MARCH.last)
    assert len(by_day) == len(whole)

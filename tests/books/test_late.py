"""Late arrivals: which documents stand on a later day than their own, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from hub.books.late import Late, late_arrivals
from hub.engine.choices import LINKED
from hub.models import Flow, Posting
from tests.admin import town
from tests.books.ledger_of_march import on, sold

LAST, FIRST = dt.date(2026, 3, 31), dt.date(2026, 4, 1)


@pytest.fixture
def north(db: None) -> Flow:
    flow = town.flow(town.store(), town.books())
    sold(flow, 20, LAST)
    sold(flow, 21, FIRST)
    on(town.posted(flow, 22), LAST, posted=FIRST)
    return flow


def test_each_is_told_with_both_dates_and_what_it_is_worth(north: Flow) -> None:
    found = list(late_arrivals(FIRST, FIRST))
    assert [one.resource for one in found] == ["invoice", "payment"]
    assert found[0] == Late(
        "north-orders", "books", "invoice", "100000022", "100000022", "GBP", Decimal("64.80"), LAST, FIRST
    )
    assert found[0].belongs_to.title == "March 2026"


def test_they_are_asked_for_by_the_day_that_they_were_posted_on(north: Flow) -> None:
    assert list(late_arrivals(LAST, LAST)) == []
    assert len(list(late_arrivals(dt.date(2026, 1, 1), dt.date(2026, 12, 31)))) == 2


def test_what_is_not_in_the_books_yet_is_none(north: Flow) -> None:
    Posting.objects.update(state="intended")
    assert list(late_arrivals(FIRST, FIRST)) == []


def test_what_a_person_linked_was_dated_by_that_person(north: Flow) -> None:
    Posting.objects.update(note=LINKED)
    assert list(late_arrivals(FIRST, FIRST)) == []

"""The report of late arrivals: both dates, and only what stands on the days that were asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from hub.books.reports import late_arrivals
from hub.books.reports.scope import Scope
from hub.models import Flow
from tests.admin import town
from tests.books.ledger_of_march import on
from tests.books.reports.reading import read

LAST, FIRST = dt.date(2026, 3, 31), dt.date(2026, 4, 1)


@pytest.fixture
def north(db: None) -> Flow:
    flow = town.flow(town.store(), town.books())
    on(town.posted(flow, 22), LAST, posted=FIRST)
    return flow


def test_a_late_document_is_told_with_the_month_that_it_belongs_to(north: Flow) -> None:
    invoice, payment = read(late_arrivals.REPORT, Scope(FIRST, FIRST))
    assert (invoice["document"], payment["document"]) == ("invoice", "payment")
    assert (invoice["date"], invoice["true_date"], invoice["belongs_to"]) == (FIRST, LAST, "2026-03")
    assert (invoice["number"], invoice["amount"], invoice["currency"]) == ("100000022", Decimal("64.80"), "GBP")


def test_it_is_part_of_the_month_that_it_stands_in(north: Flow) -> None:
    assert read(late_arrivals.REPORT, Scope(LAST, LAST)) == []


def test_it_is_told_of_the_flow_and_the_books_that_were_asked_for(north: Flow) -> None:
    other = town.flow(town.store("south-store"), town.books("other-books"), "south-orders")
    assert len(read(late_arrivals.REPORT, Scope(FIRST, FIRST, north.target, north))) == 2
    assert read(late_arrivals.REPORT, Scope(FIRST, FIRST, flow=other)) == []
    assert read(late_arrivals.REPORT, Scope(FIRST, FIRST, books=other.target)) == []

"""A report reads page by page: nothing is lost or doubled at their ends, and none costs more than the first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.books.reports import paging, records
from hub.models import Flow, SyncRecord
from tests.books.reports.reading import EVER, read
from tests.hub.rows import make_flow, make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "FIRST", 2)
    monkeypatch.setattr(paging, "PAGE", 3)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), max_size=15))
def test_every_row_comes_once_in_the_order_of_days(small_pages: None, days: list[int]) -> None:
    SyncRecord.objects.all().delete()
    Flow.objects.all().delete()
    flow = make_flow()
    for number, day in enumerate(days):
        make_record(flow, str(number), date=dt.date(2026, 3, 1) + dt.timedelta(days=day))
    rows = read(records.REPORT)
    assert sorted(row["source_id"] for row in rows) == sorted(map(str, range(len(days))))
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)


def test_looking_at_the_first_rows_reads_the_first_page_alone(small_pages: None) -> None:
    flow = make_flow()
    for number in range(9):
        make_record(flow, str(number))
    with CaptureQueriesContext(connection) as queries:
        next(iter(records.REPORT.rows(EVER)))
    assert sum("hub_syncrecord" in query["sql"] and "LIMIT 2" in query["sql"] for query in queries) == 1
    assert not any("LIMIT 3" in query["sql"] for query in queries)


def test_a_row_that_comes_in_between_two_pages_neither_hides_nor_doubles_another(small_pages: None) -> None:
    flow = make_flow()
    for number in range(5):
        make_record(flow, str(number))
    rows = records.REPORT.rows(EVER)
    seen = [next(rows)]
    make_record(flow, "new", date=dt.date(2026, 3, 1))
    seen += list(rows)
    assert [row[5] for row in seen] == ["0", "1", "2", "3", "4"]

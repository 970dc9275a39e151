"""The page of a month: what does not agree, day by day; closing it, and opening it again with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from connectors.models import Connection
from hub.models import ClosedMonth, Discrepancy, Event, Flow, LateArrival, Posting, Reconciliation, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn
from tests.books.ledger_of_march import NOW, held, on, sold

MARCH = "?month=2026-03"
LAST = dt.date(2026, 3, 31)


@pytest.fixture(autouse=True)
def april() -> object:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def north(db: None) -> Flow:
    flow = town.flow(town.store(), town.books())
    sold(flow, 20, dt.date(2026, 3, 14))
    sold(flow, 21, LAST)
    held(flow, 3, LAST)
    return flow


def page(client: Client, query: str = MARCH) -> str:
    response = client.get(reverse("admin:hub_month") + query)
    assert response.status_code == 200
    return response.content.decode()


def close(client: Client, books: Connection, key: str = "2026-03") -> str:
    response = client.post(reverse("admin:hub_month_close", args=[books.pk, key]), {"note": "all well"}, follow=True)
    return response.content.decode()


def test_it_opens_on_the_first_month_that_is_to_be_closed(log_in: LogIn, north: Flow) -> None:
    assert "The books agree for March 2026" in page(log_in("Viewer"), "")


def test_days_stand_below_and_the_one_that_does_not_agree_is_marked(log_in: LogIn, north: Flow) -> None:
    Posting.objects.filter(resource="invoice", date=LAST).update(booked=1)
    shown = page(log_in("Viewer"))
    assert "Sat 14 Mar 2026" in shown and "Tue 31 Mar 2026" in shown
    assert shown.count("does not agree</span>") == 1
    assert "March 2026 cannot be closed yet" in shown


@pytest.mark.parametrize("where", ["the month", "the days", "home"])
def test_each_number_leads_to_just_what_it_counts(log_in: LogIn, where: str) -> None:
    flow = town.month_of_trade()
    town.heard(flow, "999")
    came = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
    Flow.objects.update(created_at=came - dt.timedelta(days=30))
    Event.objects.filter(source_id="999").update(received_at=came)
    client = log_in()
    address = reverse("admin:index") if where == "home" else reverse("admin:hub_month")
    context = client.get(address + MARCH).context
    rows = [row for day in context["days"] for row in day.rows] if where == "the days" else context["rows"]
    cells = [cell for row in rows for cell in row.cells if cell.count]
    assert len(cells) > 5
    for cell in cells:
        assert len(client.get(cell.link).context["cl"].result_list) == cell.count, (cell.column, cell.link)


@pytest.mark.parametrize(("state", "number"), [("sent", 1), ("created", 1)])
def test_what_is_in_doubt_or_not_finished_is_listed_too(log_in: LogIn, north: Flow, state: str, number: int) -> None:
    Posting.objects.filter(resource="invoice", date=LAST).update(state=state)
    client = log_in("Viewer")
    [complaint] = [
        one for one in client.get(reverse("admin:hub_month") + MARCH).context["complaints"] if "posting" in one.link
    ]
    assert len(client.get(complaint.link).context["cl"].result_list) == number


def test_a_bookkeeper_closes_it_and_an_approver_opens_it_again(log_in: LogIn, north: Flow) -> None:
    bookkeeper, approver = log_in("Bookkeeper"), log_in("Approver")
    assert "Close March 2026" in page(bookkeeper)
    assert "March 2026 is closed. What still comes" in close(bookkeeper, north.target)
    closed = ClosedMonth.objects.get()
    assert (closed.closed_by, closed.note) == ("somebody-bookkeeper", "all well")
    assert "Reopen March 2026" not in page(bookkeeper) and "Reopen March 2026" in page(approver)
    reopening = reverse("admin:hub_month_reopen", args=[closed.pk])
    assert bookkeeper.post(reopening, {"reason": "x"}).status_code == 403
    assert "Say why" in approver.post(reopening, {"reason": " "}, follow=True).content.decode()
    shown = approver.post(reopening, {"reason": "a refund was missing"}, follow=True).content.decode()
    assert "open again" in shown and "a refund was missing" in shown
    assert Connection.objects.get(pk=north.target_id).lock_date is None


def test_a_viewer_may_look_but_not_close(log_in: LogIn, north: Flow) -> None:
    viewer = log_in("Viewer")
    assert "by somebody with the right" in page(viewer)
    assert viewer.post(reverse("admin:hub_month_close", args=[north.target_id, "2026-03"])).status_code == 403


def test_what_stands_against_closing_is_said_beforehand_and_when_it_is_tried_all_the_same(
    log_in: LogIn, north: Flow
) -> None:
    SyncRecord.objects.filter(state="held").update(state="failed")
    client = log_in("Bookkeeper")
    assert "The books do not agree for March 2026: north-orders (GBP)" in page(client)
    assert "The books do not agree for March 2026: north-orders (GBP)" in close(client, north.target)
    assert not ClosedMonth.objects.exists()


def test_the_figures_it_was_closed_on_stay_to_be_seen(log_in: LogIn, north: Flow) -> None:
    client = log_in("Bookkeeper")
    close(client, north.target)
    Posting.objects.update(booked=0)
    shown = client.get(reverse("admin:hub_closedmonth_change", args=[ClosedMonth.objects.get().pk])).content.decode()
    assert "north-orders GBP" in shown and "129.60" in shown


def test_late_arrivals_are_told_on_both_months_and_listed(log_in: LogIn, north: Flow) -> None:
    on(town.posted(north, 22), LAST, posted=dt.date(2026, 4, 1))
    client = log_in("Viewer")
    assert "2 documents worth 129.60 GBP of March 2026 came late" in page(client)
    assert "2 documents worth 129.60 GBP of earlier months came late and stand in April 2026" in page(
        client, "?month=2026-04"
    )
    for month in (MARCH, "?month=2026-04"):
        [note] = client.get(reverse("admin:hub_month") + month).context["late"]
        assert len(client.get(note.link).context["cl"].result_list) == 2
    listed = client.get(reverse("admin:hub_latearrival_changelist")).content.decode()
    assert "March 2026" in listed and "1 Apr 2026" in listed and "31 Mar 2026" in listed
    one = LateArrival.objects.first()
    assert one and client.get(reverse("admin:hub_latearrival_change", args=[one.pk])).status_code == 200


def test_a_page_costs_the_same_however_much_there_is(log_in: LogIn, north: Flow) -> None:
    client = log_in()
    page(client)
    few = _queries(client)
    for id in range(60, 80):
        sold(north, id, dt.date(2026, 3, 1 + id % 28))
    assert _queries(client) <= few


def found(north: Flow, record: SyncRecord, **more: object) -> Discrepancy:
    about = {"natural_key": record.number, "source_id": record.source_id, "sentence": "It is gone", "digest": "d"}
    worth = {"date": record.date, "currency": "GBP", "amount": 12}
    return Discrepancy.objects.create(
        flow=north, record=record, kind="missing_in_books", resource="invoice", **about, **worth, **more
    )


def test_a_month_is_reconciled_from_its_page_and_the_last_result_stands_there(log_in: LogIn, north: Flow) -> None:
    bookkeeper, viewer = log_in("Bookkeeper"), log_in("Viewer")
    assert "not reconciled yet" in page(viewer) and "Reconcile March 2026" not in page(viewer)
    starting = reverse("admin:hub_month_reconcile", args=[north.target_id, "2026-03"])
    assert viewer.post(starting).status_code == 403
    response = bookkeeper.post(starting)
    run = Reconciliation.objects.get()
    assert (run.start, run.end, run.asked_by) == (dt.date(2026, 3, 1), LAST, "somebody-bookkeeper")
    assert response.url == reverse("admin:hub_reconciliation_change", args=[run.pk])
    assert "under way: reading the source" in page(viewer)
    Reconciliation.objects.update(state="done", ended_at=NOW)
    assert "store, hub and books agree · compared" in page(viewer) and response.url in page(viewer)
    Reconciliation.objects.update(state="stopped", problem="the books cannot be read")
    assert "The books cannot be read" in page(viewer)


def test_a_run_over_a_part_of_the_month_is_none_of_the_month(log_in: LogIn, north: Flow) -> None:
    Reconciliation.objects.create(flow=north, start=LAST, end=LAST, reached=LAST, state="done", ended_at=NOW)
    assert "not reconciled yet" in page(log_in("Viewer"))


def test_open_discrepancies_of_the_month_are_told_before_it_is_closed(log_in: LogIn, north: Flow) -> None:
    record = north.records.get(number="100000021")
    open_one = found(north, record)
    found(north, on(sold(north, 25, dt.date(2026, 4, 1)), dt.date(2026, 4, 1)))
    client = log_in("Bookkeeper")
    shown = page(client)
    assert "1 discrepancy worth 12.00 GBP" in shown and "Still open after reconciling north-orders" in shown
    [told] = client.get(reverse("admin:hub_month") + MARCH).context["reconciled"]
    assert [one.pk for one in client.get(told.link).context["cl"].result_list] == [open_one.pk]


def test_the_pack_of_the_month_is_offered_to_those_who_may(log_in: LogIn, north: Flow) -> None:
    assert f"{reverse('reports_pack')}?books=books&amp;month=2026-03" in page(log_in("Viewer"))
    assert "Download the month-end pack" not in page(log_in("Mapping editor"))


def test_without_books_the_page_says_what_to_do(log_in: LogIn) -> None:
    assert "No books are connected yet" in page(log_in("Viewer"))


def test_a_month_of_other_books_is_chosen_by_name(log_in: LogIn, north: Flow) -> None:
    other = town.flow(town.store("south-store"), town.books("other-books"), "south-orders")
    sold(other, 25, LAST)
    shown = page(log_in("Viewer"), "?books=other-books&month=2026-03")
    assert "south-orders" in shown and "north-orders</" not in shown


def _queries(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page(client)
    return len(captured)

"""The pages of reconciliations and discrepancies: who may do what, what is shown, and what the buttons do."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hub.models import Discrepancy, Flow, Reconciliation
from tests.admin import town
from tests.admin.conftest import LogIn

DAY = dt.date(2026, 3, 14)


@pytest.fixture
def north(db: None) -> Flow:
    return town.month_of_trade()


@pytest.fixture
def found(north: Flow) -> Discrepancy:
    run = Reconciliation.objects.create(
        flow=north, start=DAY, end=DAY, reached=DAY, state="done", counts={"agrees": 3, "differs": 1, "closed": 2}
    )
    record = north.records.filter(state="posted").first()
    assert record
    about = {"record": record, "source_id": record.source_id, "number": record.number, "who": "=cmd() Ada"}
    document = {"resource": "invoice", "key": "1001", "currency": "GBP", "date": "2026-03-14"}
    return Discrepancy.objects.create(
        **about,
        flow=north,
        kind="drift",
        resource="invoice",
        natural_key="1001",
        date=DAY,
        currency="GBP",
        amount=10,
        fields=["amount"],
        sides={
            "hub": {**document, "id": 1, "booked": "64.8000"},
            "books": {"resource": "invoice", "id": "77", "number": "1001", "total": "54.80", "currency": "GBP"},
        },
        sentence="Invoice 1001 was changed in the books after it was posted: amount was 64.80, is 54.80",
        digest="x",
        first_run=run,
        last_run=run,
    )


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def page_of(found: Discrepancy) -> str:
    return reverse("admin:hub_discrepancy_change", args=[found.pk])


def press(client: Client, found: Discrepancy, what: str, **given: Any) -> int:
    return client.post(reverse("admin:hub_discrepancy_act", args=[found.pk, what]), given).status_code


def test_a_bookkeeper_starts_one_from_the_flow_s_page(log_in: LogIn, north: Flow) -> None:
    client, new = log_in("Bookkeeper"), reverse("admin:hub_reconciliation_new")
    assert new in text(client, reverse("admin:hub_flow_change", args=[north.pk]))
    answer = client.post(new, {"flow": north.pk, "start": "2026-03-01", "end": "2026-03-31"})
    run = Reconciliation.objects.get()
    assert answer.headers["Location"] == reverse("admin:hub_reconciliation_change", args=[run.pk])
    assert (run.flow, run.asked_by, run.state) == (north, "somebody-bookkeeper", "running")


def test_days_the_wrong_way_round_are_told_beside_their_field(log_in: LogIn, north: Flow) -> None:
    answer = log_in().post(
        reverse("admin:hub_reconciliation_new"), {"flow": north.pk, "start": "2026-03-31", "end": "2026-03-01"}
    )
    assert answer.status_code == 400 and "Exchange the two days" in answer.content.decode()
    assert not Reconciliation.objects.exists()


def test_who_may_only_look_finds_no_button(log_in: LogIn, found: Discrepancy) -> None:
    client = log_in("Viewer")
    assert "Accept with a reason" not in text(client, page_of(found))
    assert press(client, found, "accept", reason="because") == 403
    assert client.get(reverse("admin:hub_reconciliation_new")).status_code == 403


def test_the_sides_stand_beside_each_other_and_what_differs_is_marked(log_in: LogIn, found: Discrepancy) -> None:
    shown = text(log_in("Bookkeeper"), page_of(found))
    assert "64.80 GBP" in shown and "54.80 GBP" in shown and shown.count("≠ differs") == 1
    assert "Check again" in shown and "Post what is missing" not in shown


def test_it_is_accepted_with_a_reason_and_never_without(log_in: LogIn, found: Discrepancy) -> None:
    client = log_in("Bookkeeper")
    press(client, found, "accept", reason=" ")
    found.refresh_from_db()
    assert found.state == "open"
    press(client, found, "accept", reason="a rebate")
    found.refresh_from_db()
    assert (found.state, found.reason, found.decided_by) == ("accepted", "a rebate", "somebody-bookkeeper")


def test_the_page_of_a_run_leads_to_its_discrepancies(log_in: LogIn, found: Discrepancy) -> None:
    client = log_in("Bookkeeper")
    shown = text(client, reverse("admin:hub_reconciliation_change", args=[found.last_run_id]))
    assert "1 discrepancy" in shown and "Worth 10.00 GBP" in shown and "Changed in the books" in shown
    listed = reverse("admin:hub_discrepancy_changelist")
    assert page_of(found) in text(client, f"{listed}?run={found.last_run_id}&kind=drift&state=unsettled")
    assert page_of(found) not in text(client, f"{listed}?kind=amount")


def test_the_file_has_the_documented_columns_and_no_formula(log_in: LogIn, found: Discrepancy) -> None:
    answer = log_in("Viewer").get(reverse("admin:hub_reconciliation_csv", args=[found.last_run_id]))
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    [row] = csv.DictReader(io.StringIO(content))
    assert (row["kind"], row["amount"], row["hub_total"], row["customer"]) == (
        "drift",
        "10.00",
        "64.80",
        "'=cmd() Ada",
    )


def test_one_that_runs_can_be_stopped(log_in: LogIn, north: Flow) -> None:
    run = Reconciliation.objects.create(flow=north, start=DAY, end=DAY, reached=DAY)
    log_in("Bookkeeper").post(reverse("admin:hub_reconciliation_stop", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == "stopped"


def test_what_was_said_before_it_was_opened_again_stays_to_be_read(log_in: LogIn, found: Discrepancy) -> None:
    said = {"reason": "<b>a rebate</b>", "by": "ada", "at": "2026-03-20T10:00:00+00:00"}
    Discrepancy.objects.update(history=[said, {"reason": "posted what is missing", "by": "", "at": ""}])
    shown = text(log_in("Viewer"), page_of(found))
    assert "ada, 20 Mar 2026, 10:00: “&lt;b&gt;a rebate&lt;/b&gt;”" in shown
    assert "Somebody, earlier: “posted what is missing”" in shown


def test_a_run_that_could_not_compare_every_order_does_not_say_that_all_agree(
    log_in: LogIn, found: Discrepancy
) -> None:
    client, address = log_in("Viewer"), reverse("admin:hub_reconciliation_change", args=[found.last_run_id])
    Discrepancy.objects.all().delete()
    assert "Source, hub and books agree" in text(client, address)
    Reconciliation.objects.update(counts={"agrees": 3, "unsettled": 2})
    shown = text(client, address)
    assert "2 orders could not be compared yet" in shown and "hub and books agree" not in shown


def test_a_comparison_under_way_tells_how_many_orders_it_has_compared(log_in: LogIn, north: Flow) -> None:
    counts = {"agrees": 1200, "differs": 3, "matched": 7}
    run = Reconciliation.objects.create(flow=north, start=DAY, end=DAY, reached=DAY, stage="compare", counts=counts)
    shown = text(log_in("Viewer"), reverse("admin:hub_reconciliation_change", args=[run.pk]))
    assert "1,203 orders compared so far" in shown

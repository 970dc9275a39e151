"""A record's page offers just what helps: by the reason it is held for, by the document that is in the way, and by what
the books hold already."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hub.admin.decision_fit import fitting
from hub.models import Flow, Posting, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn
from tests.admin.test_decisions import page, press


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def held(flow: Flow, reason: str, *, booked: str = "", **problem: Any) -> SyncRecord:
    """`booked`: the state of its invoice's posting, where it has one."""
    if not booked:
        return town.record(flow, 11, SyncRecord.State.HELD, reason=reason, problem=problem)
    record = town.posted(flow, 11, reason=reason, problem=problem)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    record.postings.filter(resource="invoice").update(state=booked)
    record.refresh_from_db()
    return record


IN_THE_WAY = ["number_taken", "deleted_in_books", "linked_twice", "linked_unknown"]


@pytest.mark.parametrize("reason", IN_THE_WAY)
def test_an_invoice_that_is_not_made_yet_may_take_another_number(north: Flow, reason: str) -> None:
    record = held(north, reason, posting="invoice/")
    assert fitting(record) == {"link", "number", "skip", "retry"}


def test_what_the_flow_leaves_to_a_person_is_booked_by_its_button(log_in: LogIn, north: Flow) -> None:
    record = held(north, "tenders", ask="tenders", remedy="Book it")
    client = log_in("Bookkeeper")
    address = reverse("admin:hub_syncrecord_change", args=[record.pk])
    assert [one.decision.name for one in client.get(address).context["buttons"] if one.main] == ["let_pass"]
    press(client, record, "let_pass")
    record.refresh_from_db()
    assert (record.state, record.decision["let_pass"]) == (SyncRecord.State.PENDING, ["tenders"])
    assert "had it booked" in page(client, record)


def test_what_a_person_skipped_is_taken_back_by_its_button(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 3, SyncRecord.State.SKIPPED, reason="by_hand", decision={"skip": "a test order"})
    client = log_in("Bookkeeper")
    assert "Book it after all" in page(client, record)
    press(client, record, "unskip")
    record.refresh_from_db()
    assert (record.state, record.decision["skip"]) == (SyncRecord.State.PENDING, "")


@pytest.mark.parametrize("reason", IN_THE_WAY)
@pytest.mark.parametrize("posting", ["payment/11", "credit_note/7", "invoice/adjust-1"])
def test_a_part_of_what_is_booked_is_linked_posted_anyway_or_left_out(north: Flow, reason: str, posting: str) -> None:
    record = held(north, reason, booked="done", posting=posting)
    assert fitting(record) == {"link", "create", "leave_out", "retry"}


@pytest.mark.parametrize("reason", ["linked_twice", "linked_unknown"])
def test_what_may_have_arrived_keeps_its_number(north: Flow, reason: str) -> None:
    record = held(north, reason, booked="sent", posting="invoice/")
    assert fitting(record) == {"link", "create", "retry"}


@pytest.mark.parametrize("reason", ["linked_unknown", "deleted_in_books"])
def test_a_client_has_no_number(north: Flow, reason: str) -> None:
    assert fitting(held(north, reason, posting="client/")) == {"link", "create", "skip", "retry"}


@pytest.mark.parametrize(
    ("reason", "problem", "names"),
    [
        ("number_used", {"posting": "credit_note/7"}, {"leave_out"}),
        ("amount_differs", {"posting": "payment/11"}, {"link", "leave_out"}),
        ("overpays", {"posting": "payment/11"}, {"link", "leave_out"}),
        ("cannot_look", {"posting": "payment/11"}, {"link", "create", "leave_out"}),
        ("cannot_look", {"posting": "invoice/"}, {"link", "create"}),
        ("invoice_deleted", {"posting": "payment/11", "gone": "invoice/"}, {"post_again", "leave_out"}),
        ("changed_after_posting", {"digest": "abc"}, {"accept"}),
        ("changed_after_posting", {}, set()),
        ("refund", {"ask": "credit_note/7", "posting": "credit_note/7"}, {"let_pass", "leave_out"}),
        ("wholesale", {"ask": "step/no_wholesale"}, {"let_pass"}),
    ],
)
def test_what_is_booked_is_answered_by(north: Flow, reason: str, problem: dict[str, str], names: set[str]) -> None:
    assert fitting(held(north, reason, booked="done", **problem)) == {*names, "retry"}


def test_a_number_that_this_hub_used_itself_cannot_be_linked(north: Flow) -> None:
    assert fitting(held(north, "number_used", posting="invoice/")) == {"number", "skip", "retry"}


def test_a_deleted_invoice_is_posted_again_by_its_button(log_in: LogIn, north: Flow) -> None:
    record = held(north, "invoice_deleted", booked="done", posting="payment/11", gone="invoice/")
    client = log_in("Bookkeeper")
    assert "Have the invoice posted again" in page(client, record)
    press(client, record, "post_again")
    record.refresh_from_db()
    invoice = Posting.objects.get(resource="invoice")
    assert record.decision["again"] == {"invoice/": invoice.remote_id}
    assert record.state == SyncRecord.State.PENDING


def test_what_nobody_has_deleted_cannot_be_posted_again(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 11)
    response = press(log_in("Bookkeeper"), record, "post_again")
    record.refresh_from_db()
    assert (response.status_code, record.decision) == (404, {})


def test_a_viewer_cannot_have_it_posted_again(log_in: LogIn, north: Flow) -> None:
    record = held(north, "invoice_deleted", booked="done", posting="payment/11", gone="invoice/")
    assert press(log_in("Viewer"), record, "post_again").status_code == 403


def test_a_canceled_order_that_was_credited_by_hand_is_accepted(log_in: LogIn, north: Flow) -> None:
    record = held(north, "changed_after_posting", booked="done", digest="abc")
    address = reverse("admin:hub_syncrecord_change", args=[record.pk])
    buttons = log_in("Bookkeeper").get(address).context["buttons"]
    assert [(one.decision.name, one.main) for one in buttons] == [("accept", True), ("retry", False)]

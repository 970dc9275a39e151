"""The buttons of a record: each does one thing, and asks for its permission."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hub.models import Flow, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def press(client: Any, record: SyncRecord, what: str, **typed: str) -> Any:
    data = {f"{what}-{name}": value for name, value in typed.items()}
    return client.post(reverse("admin:hub_syncrecord_decide", args=[record.pk, what]), data, follow=True)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_try_again_makes_the_record_due(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 1, SyncRecord.State.FAILED, **town.BAD_COUNTRY)
    press(log_in("Bookkeeper"), record, "retry")
    record.refresh_from_db()
    assert record.state == SyncRecord.State.PENDING and record.due_at


def test_the_missing_e_mail_is_typed_in_and_replayed(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 3, SyncRecord.State.HELD, **town.NO_EMAIL)
    press(log_in("Bookkeeper"), record, "fix", **{"value-email": "dana@lindqvist.example"})
    record.refresh_from_db()
    assert record.fixes == {"email": "dana@lindqvist.example"} and record.state == SyncRecord.State.PENDING


def test_the_form_offers_the_source_s_field_for_the_books_field_that_is_wrong(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 3, SyncRecord.State.FAILED, **town.BAD_COUNTRY)
    response = press(log_in("Bookkeeper"), record, "fix", **{"value-billing.country": "GB"})
    record.refresh_from_db()
    assert record.fixes == {"billing.country": "GB"}, said(response)


def test_an_empty_fix_is_said_beside_the_field_and_changes_nothing(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 3, SyncRecord.State.HELD, **town.NO_EMAIL)
    response = press(log_in("Bookkeeper"), record, "fix")
    record.refresh_from_db()
    assert response.status_code == 400 and "This field is required" in response.content.decode()
    assert record.fixes == {} and record.state == SyncRecord.State.HELD


def test_an_existing_invoice_is_linked(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    client = log_in("Bookkeeper")
    shown = client.get(reverse("admin:hub_syncrecord_change", args=[record.pk])).content.decode()
    assert 'value="7781"' in shown
    press(client, record, "link", remote_id="7781")
    record.refresh_from_db()
    assert record.decision["postings"] == {"100000011": "7781"}


def test_another_number_is_used(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    press(log_in("Bookkeeper"), record, "number", number="100000011-B")
    record.refresh_from_db()
    assert record.decision["number"] == "100000011-B"


def test_a_number_that_is_taken_too_is_refused_in_words(log_in: LogIn, north: Flow) -> None:
    town.posted(north, 20)
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    response = press(log_in("Bookkeeper"), record, "number", number="100000020")
    record.refresh_from_db()
    assert "taken already" in said(response) and record.state == SyncRecord.State.HELD


def test_a_skip_needs_a_reason_and_keeps_it(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    client = log_in("Bookkeeper")
    assert press(client, record, "skip").status_code == 400
    press(client, record, "skip", reason="A test order")
    record.refresh_from_db()
    assert record.decision["skip"] == "A test order"
    assert record.decision["history"][0]["by"] == "somebody-bookkeeper"


@pytest.mark.parametrize("what", ["retry", "fix", "link", "number", "skip", "accept"])
def test_a_viewer_can_press_nothing(log_in: LogIn, north: Flow, what: str) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    client = log_in("Viewer")
    assert press(client, record, what).status_code == 403
    assert (
        "What you can do" not in client.get(reverse("admin:hub_syncrecord_change", args=[record.pk])).content.decode()
    )


def test_a_decision_is_never_taken_by_a_link(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    assert log_in().get(reverse("admin:hub_syncrecord_decide", args=[record.pk, "retry"])).status_code == 405


def test_all_of_one_cause_are_retried_and_no_others(log_in: LogIn, north: Flow) -> None:
    group = [town.record(north, id, SyncRecord.State.FAILED, **town.BAD_COUNTRY) for id in (1, 2)]
    other = town.record(north, 4, SyncRecord.State.FAILED, cause="invoice:rejected", message="No")
    response = log_in("Bookkeeper").post(
        reverse("admin:hub_dead_letters_retry"), {"cause": town.BAD_COUNTRY["cause"]}, follow=True
    )
    assert "2 records will be tried again" in said(response)
    assert {SyncRecord.objects.get(pk=one.pk).state for one in group} == {SyncRecord.State.PENDING}
    assert SyncRecord.objects.get(pk=other.pk).state == SyncRecord.State.FAILED


def test_dead_letters_say_how_many_what_they_are_worth_and_what_to_do(log_in: LogIn, north: Flow) -> None:
    for id in (1, 2):
        town.record(north, id, SyncRecord.State.FAILED, **town.BAD_COUNTRY)
    shown = log_in("Viewer").get(reverse("admin:hub_dead_letters")).content.decode()
    assert "2 records worth 129.60 GBP" in shown and "Grate Britain" in shown
    assert "Write a two-letter code" in shown and "Retry all</button>" not in shown


def test_selected_records_are_tried_again_from_the_list(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 1, SyncRecord.State.FAILED, **town.BAD_COUNTRY)
    data = {"action": "retry_selected", "_selected_action": [record.pk]}
    log_in("Bookkeeper").post(reverse("admin:hub_syncrecord_changelist"), data)
    record.refresh_from_db()
    assert record.state == SyncRecord.State.PENDING

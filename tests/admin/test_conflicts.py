"""The conflict inbox: both values with when and where, a button under each, and a decision only about what was shown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.models import Conflict, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn

INBOX = "admin:hub_conflict_inbox"
BATH = {"street": "5 Lane", "city": "Bath", "postcode": "BA1", "country": "GB"}


@pytest.fixture
def conflict(db: None) -> Conflict:
    flow = town.flow(town.store(), town.books())
    record = SyncRecord.objects.create(
        flow=flow, source_id="7", state="posted", who="Ada Okafor", date=dt.date(2026, 3, 1)
    )
    return Conflict.objects.create(
        record=record,
        field="address",
        source_value=BATH,
        target_value={**BATH, "city": "Ely"},
        source_changed_at=timezone.now(),
        target_changed_at=timezone.now(),
    )


def keep(log_in: LogIn, conflict: Conflict, side: str, seen: str, group: str = "Bookkeeper") -> int:
    address = reverse("admin:hub_conflict_choose", args=[conflict.pk, side])
    return log_in(group).post(address, {"seen": seen}).status_code


def seen(conflict: Conflict) -> str:
    return f"{conflict.source_value} / {conflict.target_value}"


def test_the_inbox_shows_both_values_where_they_stand_and_when_they_were_changed(
    log_in: LogIn, conflict: Conflict
) -> None:
    text = log_in("Bookkeeper").get(reverse(INBOX)).content.decode()
    for words in ("Billing address of Ada Okafor", "BA1 Bath", "BA1 Ely", "In north-store", "In books", "Last changed"):
        assert words in text
    assert text.count("Keep this value") == 2


def test_a_bookkeeper_keeps_one_of_the_two(log_in: LogIn, conflict: Conflict) -> None:
    assert keep(log_in, conflict, "target", seen(conflict)) == 302
    conflict.refresh_from_db()
    assert (conflict.kept, str(conflict.decided_by)) == ("target", "somebody-bookkeeper")
    assert SyncRecord.objects.get().state == "pending"


def test_nobody_decides_about_values_that_are_no_longer_there(log_in: LogIn, conflict: Conflict) -> None:
    keep(log_in, conflict, "target", "something else")
    conflict.refresh_from_db()
    assert not conflict.kept


def test_a_viewer_looks_and_decides_nothing(log_in: LogIn, conflict: Conflict) -> None:
    assert "Keep this value" not in log_in("Viewer").get(reverse(INBOX)).content.decode()
    conflict.refresh_from_db()
    assert not conflict.kept


def test_a_viewer_cannot_decide_by_another_way(log_in: LogIn, conflict: Conflict) -> None:
    assert keep(log_in, conflict, "source", seen(conflict), group="Viewer") == 403


def test_an_empty_inbox_says_so(log_in: LogIn) -> None:
    assert "No conflicts" in log_in("Viewer").get(reverse(INBOX)).content.decode()

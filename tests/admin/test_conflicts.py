"""The conflict inbox: both values with when and where, a button under each, and a decision only about what was shown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.models import Connection
from hub import flows, presets
from hub.models import Conflict, Counterpart, Flow, SyncRecord
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
    """As a page says it, which reads from the database: one that keeps an order of its own."""
    conflict.refresh_from_db()
    return f"{conflict.source_value} / {conflict.target_value}"


def badge(client: Client) -> str | None:
    groups = client.get("/admin/").context["sidebar_navigation"]
    [found] = [item.get("badge") for group in groups for item in group["items"] if item["title"] == "Conflicts"]
    return str(found) if found else None


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


def test_what_is_decided_is_counted_no_more(log_in: LogIn, conflict: Conflict) -> None:
    viewer = log_in("Viewer")
    assert badge(viewer) == "1"
    keep(log_in, conflict, "target", seen(conflict))
    assert badge(viewer) is None


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


def test_the_record_s_page_says_what_waits_and_nothing_of_money(log_in: LogIn, conflict: Conflict) -> None:
    Counterpart.objects.create(flow=conflict.record.flow, source_id="7", remote_id="117")
    conflict.record.flow.target_resource = "client"
    conflict.record.flow.save()
    text = log_in("Viewer").get(reverse("admin:hub_syncrecord_change", args=[conflict.record_id])).content.decode()
    for words in (
        "Changed on both sides: Billing address",
        "Kept alike with client 117 of books",
        "Alike in north-store and books, but for what both have changed",
    ):
        assert words in text
    assert "not read yet" not in text and "Posted to the books" not in text
    assert 'class="ch-verdict ch-good"' not in text, "not all is well with it"


def test_one_conflict_s_page_says_what_stands_where_and_leads_to_the_decision(
    log_in: LogIn, conflict: Conflict
) -> None:
    text = log_in("Bookkeeper").get(reverse("admin:hub_conflict_change", args=[conflict.pk])).content.decode()
    for words in ("north-store: 5 Lane, BA1 Bath, GB", "books: 5 Lane, BA1 Ely, GB", "Ada Okafor: address"):
        assert words in text
    assert f'href="{reverse(INBOX)}">Waits for you' in text


def test_what_was_decided_says_whose_value_and_by_whom(log_in: LogIn, conflict: Conflict) -> None:
    keep(log_in, conflict, "target", seen(conflict))
    listed = log_in("Viewer").get(reverse("admin:hub_conflict_changelist")).content.decode()
    assert "The value in books was chosen by somebody-bookkeeper" in listed


def test_a_flow_s_page_says_whose_value_stands(log_in: LogIn, db: None) -> None:
    there = _flow("customer-to-client", "customers", town.store(), town.books())
    back = _flow("client-to-customer", "clients", there.target, there.source)
    bookkeeper = log_in("Bookkeeper")
    text = bookkeeper.get(reverse("admin:hub_flow_change", args=[there.pk])).content.decode()
    for words in ("Whose value stands", "the value in north-store", "the value in books", "what a person chooses"):
        assert words in text
    assert "Reconcile…" not in text, "nothing is sold"
    text = bookkeeper.get(reverse("admin:hub_flow_change", args=[back.pk])).content.decode()
    assert "the flow customers decides" in text and "Backfill…" not in text


def test_what_can_be_done_about_a_client_is_said_in_its_own_words(log_in: LogIn, conflict: Conflict) -> None:
    conflict.record.flow.target_resource = "client"
    conflict.record.flow.save()
    likely = {"id": "5", "email": "office@example.net", "first_name": "Ada", "last_name": "Byrd", "language": "en"}
    problem = {"posting": "client/", "remedy": "…", "candidates": [likely]}
    SyncRecord.objects.update(state="held", reason="maybe_known", problem=problem)
    text = log_in("Bookkeeper").get(reverse("admin:hub_syncrecord_change", args=[conflict.record_id])).content.decode()
    assert "Make a new one" in text and "Link with one that is there" in text
    assert "Ada Byrd · office@example.net · id 5" in text
    assert "Post it anyway" not in text


def test_a_client_that_was_skipped_is_carried_over_after_all(log_in: LogIn, conflict: Conflict) -> None:
    conflict.record.flow.target_resource = "client"
    conflict.record.flow.save()
    SyncRecord.objects.update(state="skipped", reason="by_hand", decision={"skip": "Not ours"})
    bookkeeper, page = log_in("Bookkeeper"), reverse("admin:hub_syncrecord_change", args=[conflict.record_id])
    text = bookkeeper.get(page).content.decode()
    assert "Carry it over after all" in text and "Book it after all" not in text
    bookkeeper.post(reverse("admin:hub_syncrecord_decide", args=[conflict.record_id, "unskip"]))
    assert "somebody-bookkeeper had it carried over after all" in bookkeeper.get(page).content.decode()


def _flow(preset: str, name: str, source: Connection, target: Connection) -> Flow:
    ready = presets.resolve(f"{source.kind}-{preset}")
    return flows.make_from_preset(ready, name=name, source=source, target=target, enabled=True)

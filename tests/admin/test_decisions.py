"""The buttons of a record: each does one thing, and asks for its permission."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from hub.engine import choices
from hub.models import Flow, SyncRecord
from tests.admin import town
from tests.admin.conftest import LogIn


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def press(client: Any, record: SyncRecord, what: str, **typed: str) -> Any:
    data = {f"{what}-{name}": value for name, value in typed.items()}
    return client.post(reverse("admin:hub_syncrecord_decide", args=[record.pk, what]), data, follow=True)


def page(client: Any, record: SyncRecord) -> str:
    shown: str = client.get(reverse("admin:hub_syncrecord_change", args=[record.pk])).content.decode()
    return shown


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
    assert record.decision["postings"] == {"invoice/": "7781"}


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


def test_one_of_several_clients_is_chosen(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.SEVERAL_CLIENTS)
    client = log_in("Bookkeeper")
    assert "fay@nakamura.example · Nakamura Ltd · id 902" in page(client, record)
    press(client, record, "link", candidate="902")
    record.refresh_from_db()
    assert record.decision["postings"] == {"client/": "902"}


def test_choosing_none_of_them_is_said_and_changes_nothing(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.SEVERAL_CLIENTS)
    response = press(log_in("Bookkeeper"), record, "link", candidate="else")
    record.refresh_from_db()
    assert response.status_code == 400 and "Choose one of them" in response.content.decode()
    assert record.state == SyncRecord.State.HELD


def test_a_payment_that_may_be_recorded_is_posted_anyway(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.MAYBE_RECORDED)
    press(log_in("Bookkeeper"), record, "create")
    record.refresh_from_db()
    assert record.decision["postings"] == {"payment/11": choices.CREATE}


def test_a_payment_is_left_out_with_a_reason(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.MAYBE_RECORDED)
    press(log_in("Bookkeeper"), record, "leave_out", reason="It came by bank transfer")
    record.refresh_from_db()
    assert record.decision["postings"] == {"payment/11": choices.LEAVE_OUT}
    assert record.decision["history"][0]["left_out_reason"] == "It came by bank transfer"


def test_what_the_store_took_back_is_kept_with_a_reason(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 11, **town.REFUND_WITHDRAWN)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    client = log_in("Bookkeeper")
    press(client, record, "keep", reason="It was paid back in cash")
    record.refresh_from_db()
    assert (record.decision["kept"], record.state) == ({"credit_note/91": "77"}, SyncRecord.State.PENDING)
    assert "kept in the books what the store took back: “It was paid back in cash”" in page(client, record)


def test_an_edit_that_is_booked_by_hand_is_accepted(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 11, **town.EDITED)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    press(log_in("Bookkeeper"), record, "accept", reason="Credited by hand")
    record.refresh_from_db()
    assert record.decision["accepted_edit"] == "abc" and record.decision["accepted_reason"] == "Credited by hand"


@pytest.mark.parametrize(("what", "how"), [("adjust", "adjust"), ("reinvoice", "reinvoice")])
def test_an_edit_is_posted_the_way_a_person_chose(log_in: LogIn, north: Flow, what: str, how: str) -> None:
    record = held_for_an_edit(north)
    client = log_in("Bookkeeper")
    shown = page(client, record)
    assert "Tee: 64.80 → 59.00" in shown and "Credit and re-invoice" in shown and "Ignore" in shown
    press(client, record, what, digest="abc")
    record.refresh_from_db()
    (edit,) = record.decision["edits"]
    assert (edit["how"], edit["digest"], edit["now"]["total"]) == (how, "abc", "59.00")
    assert (record.state, record.decision["history"][0]["what"]) == (SyncRecord.State.PENDING, what)


def test_an_edit_that_was_edited_once_more_is_not_posted_unseen(log_in: LogIn, north: Flow) -> None:
    record = held_for_an_edit(north)
    response = press(log_in("Bookkeeper"), record, "adjust", digest="an older one")
    record.refresh_from_db()
    assert "edited once more" in said(response)
    assert record.state == SyncRecord.State.HELD and not record.decision


def test_an_edit_that_is_ignored_is_kept_with_what_it_changed(log_in: LogIn, north: Flow) -> None:
    record = held_for_an_edit(north)
    press(log_in("Bookkeeper"), record, "accept", reason="Credited by hand")
    record.refresh_from_db()
    assert [edit["how"] for edit in record.decision["edits"]] == ["ignore"]
    assert "edits" not in record.decision["history"][0]


def held_for_an_edit(north: Flow) -> SyncRecord:
    record = town.posted(north, 11, **town.EDITED_BY_LINE)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    return record


@pytest.mark.parametrize(
    ("held", "names"),
    [
        (town.TAKEN, {"link", "number", "retry", "skip"}),
        (town.SEVERAL_CLIENTS, {"link", "fix", "retry", "skip"}),
        (town.MAYBE_RECORDED, {"link", "create", "leave_out", "retry", "skip"}),
        (town.NO_EMAIL, {"fix", "retry", "skip"}),
        ({"reason": "does_not_add_up", "problem": {"total": "5"}}, {"link", "retry", "skip"}),
        (town.REFUND_DOES_NOT_ADD_UP, {"link", "leave_out", "retry", "skip"}),
        (town.REFUND_WITHDRAWN, {"keep", "retry", "skip"}),
    ],
)
def test_just_the_decisions_are_offered_that_answer_the_reason(
    log_in: LogIn, north: Flow, held: dict[str, Any], names: set[str]
) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **held)
    response = log_in("Bookkeeper").get(reverse("admin:hub_syncrecord_change", args=[record.pk]))
    assert {button.decision.name for button in response.context["buttons"]} == names


def test_what_is_in_the_books_is_neither_skipped_nor_numbered_anew(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 11, **town.EDITED)
    SyncRecord.objects.filter(pk=record.pk).update(state=SyncRecord.State.HELD)
    response = log_in("Bookkeeper").get(reverse("admin:hub_syncrecord_change", args=[record.pk]))
    assert {button.decision.name for button in response.context["buttons"]} == {"accept", "retry"}


def test_both_documents_stand_side_by_side_with_their_differences_marked(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    response = log_in("Viewer").get(reverse("admin:hub_syncrecord_change", args=[record.pk]))
    shown = {one.label: (one.ours, one.theirs, one.equal) for one in response.context["story"].differences}
    assert shown["Total"] == ("64.80 GBP", "12.00 GBP", False) and shown["Date"][:2] == ("15 Mar 2026", "2 Nov 2025")
    assert "≠ differs" in response.content.decode()


@pytest.mark.parametrize("what", ["retry", "fix", "link", "number", "skip", "accept", "create", "leave_out", "keep"])
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


def test_only_the_likeliest_button_of_an_edit_is_the_main_one(log_in: LogIn, north: Flow) -> None:
    record = held_for_an_edit(north)
    shown = log_in("Bookkeeper").get(reverse("admin:hub_syncrecord_change", args=[record.pk]))
    offered = [(one.decision.name, one.asked, one.main) for one in shown.context["buttons"]]
    asked = [(name, main) for name, asked, main in offered if asked]
    assert asked == [("adjust", True), ("reinvoice", False), ("accept", False)]
    assert not [name for name, asked, main in offered if main and not asked]
    assert shown.content.decode().count("ch-btn ch-main") == 1

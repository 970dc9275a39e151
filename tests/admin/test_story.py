"""A record's story: everything a bookkeeper needs in their own words, and nothing that only machines need."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from hub.admin.differences import differences
from hub.admin.proof import proof
from hub.admin.sheets import sheet
from hub.admin.story import story
from hub.admin.tries import tries
from hub.models import Attempt, Flow, Posting, SyncRecord
from mappings.models import Mapping
from tests.admin import town
from tests.admin.conftest import LogIn


@pytest.fixture
def north(db: None) -> Flow:
    return town.flow(town.store(), town.books())


def credit(record: SyncRecord, amount: str, booked: str) -> None:
    Posting.objects.create(
        target=record.flow.target,
        resource="credit_note",
        natural_key=f"C-{record.number}",
        record=record,
        state=Posting.State.DONE,
        document={},
        currency="GBP",
        total=Decimal(amount),
        booked=Decimal(booked),
        remote_id="c1",
    )


# --- proof ---


def test_invoice_payments_and_credit_notes_are_each_proven(north: Flow) -> None:
    record = town.posted(north, 20)
    shown = story(record).proof
    assert [(row.title, row.equal) for row in shown.rows] == [("Invoice", True), ("Payment", True)] and shown.equal
    credit(record, "5.00", "5.00")
    shown = story(record).proof
    assert shown.rows[-1].title == "Credit note" and not shown.equal
    assert shown.rows[-1].difference == "5.00 GBP"  # the store knows of no refund


def test_a_cent_too_little_in_the_books_is_a_difference(north: Flow) -> None:
    shown = story(town.posted(north, 20, booked=Decimal("64.79"))).proof
    assert not shown.equal and shown.rows[0].difference == "-0.01 GBP"


def test_a_converted_invoice_is_compared_in_its_own_currency(north: Flow) -> None:
    record = town.posted(north, 20)
    record.postings.filter(resource="invoice").update(currency="USD", total=Decimal("81.00"), booked=Decimal("81.00"))
    row = proof(record, None, list(record.postings.all())).rows[0]
    assert row.converted and row.equal and row.cells == ["64.80 GBP", "81.00 USD", "81.00 USD"]


def test_what_is_not_in_the_books_is_not_called_equal(north: Flow) -> None:
    shown = story(town.record(north, 3, SyncRecord.State.HELD, **town.NO_EMAIL)).proof
    assert not shown.complete and shown.rows[0].cells == ["64.80 GBP", "–", "–"]


def test_what_is_gone_from_the_books_and_to_be_made_anew_proves_nothing(north: Flow) -> None:
    record = town.posted(north, 24)
    record.postings.filter(resource="invoice").update(state="intended")
    found = proof(record, None, list(record.postings.all()))
    assert (found.complete, found.rows[0].booked) == (False, None)


# --- documents ---


def test_names_addresses_and_dates_are_drawn_as_people_write_them() -> None:
    address = {"first_name": "Ada", "last_name": "Okafor", "street": "12 Mill Lane", "city": "Leeds", "country": "GB"}
    drawn = sheet(
        "Order",
        {
            "id": "20",
            "date": "2026-03-14",
            "first_name": "Ada",
            "last_name": "Okafor",
            "billing": address,
            "shipping": address,
            "payment_method": "checkmo",
            "payment_method_name": "Check / money order",
            "currency": "GBP",
            "payments": [{"id": "x", "date": "2026-03-15", "method": "checkmo", "method_name": "Check", "amount": "5"}],
        },
    )
    assert drawn.rows == [
        ("Date", "14 Mar 2026"),
        ("Name", "Ada Okafor"),
        ("Billing address", "Ada Okafor, 12 Mill Lane, Leeds, GB"),
        ("Shipping address", "the same as the billing address"),
        ("Paid by", "Check / money order"),
    ]
    assert drawn.lists == [("Payments", ["15 Mar 2026 · Check · 5.00 GBP"])]


@pytest.mark.parametrize(
    ("currency", "price", "shown"),
    [("JPY", "1200", "1,200"), ("KWD", "1.5", "1.500"), ("USD", "5.8500", "5.85"), ("USD", "0.3333", "0.3333")],
)
def test_a_line_has_the_decimals_of_its_currency(currency: str, price: str, shown: str) -> None:
    line = {"name": "Tea", "unit_price": price}
    assert sheet("Invoice", {"currency": currency, "lines": [line]}).lines[0].unit_price == shown


@pytest.mark.parametrize(
    ("name", "percent", "words"),
    [("TVA 20 %", "20", "TVA 20 % = 1.00"), ("TVA 20 %", "20.019", "TVA 20 % at 20.019 % = 1.00"), ("VAT", "20.0", "VAT 20 % = 1.00")],
)  # fmt: skip
def test_a_tax_says_its_rate_once(name: str, percent: str, words: str) -> None:
    line = {"name": "Tea", "taxes": [{"name": name, "percent": percent, "amount": "1.00"}]}
    assert sheet("Invoice", {"currency": "EUR", "lines": [line]}).lines[0].taxes == words


def test_the_main_document_comes_first_and_the_others_are_folded(north: Flow) -> None:
    built = story(town.posted(north, 20)).built
    assert built[0].title == "Invoice" and "Client" in [one.title for one in built[1:]]


# --- differences ---


def test_only_what_really_differs_is_marked() -> None:
    ours = {"amount": "64.80", "currency": "GBP", "date": "2026-03-15", "note": ""}
    theirs = {"id": "5", "state": "active", "amount": "64.8", "currency": "GBP", "date": "2026-03-16", "note": "None"}
    found = {one.label: one.equal for one in differences({"ours": ours, "theirs": theirs})}
    assert found == {"Amount": True, "Currency": True, "Date": False}


def test_one_document_alone_is_drawn_and_not_compared(north: Flow) -> None:
    problem: dict[str, Any] = {"theirs": {"id": "5", "number": "7", "total": "1.00"}}
    told = story(town.record(north, 11, SyncRecord.State.HELD, reason="number_taken", problem=problem))
    assert not told.differences and [one.title for one in told.aside] == ["What the books hold"]


def test_a_deleted_document_is_called_what_was_deleted(north: Flow) -> None:
    problem: dict[str, Any] = {"theirs": {"id": "5", "number": "7", "total": "1.00"}}
    told = story(town.record(north, 11, SyncRecord.State.HELD, reason="deleted_in_books", problem=problem))
    assert [one.title for one in told.aside] == ["What was deleted there"]


def test_what_the_message_says_already_is_not_said_again(north: Flow) -> None:
    problem = {"source": "64.80", "other": "64.85", "ours": ["Tea: 49.00 + tax 9.80"]}
    message = "The books compute 64.85 GBP"
    told = story(town.record(north, 11, SyncRecord.State.HELD, message=message, problem=problem))
    assert told.facts == [("The source says", ["64.80"]), ("What we would post", ["Tea: 49.00 + tax 9.80"])]


# --- attempts ---


def test_an_attempt_says_in_words_what_it_did(north: Flow) -> None:
    record = town.record(north, 20, SyncRecord.State.POSTED)
    Attempt.objects.create(
        record=record,
        owner="w",
        effects=[
            {"step": "invoice", "did": "create", "document": "N-20", "id": "7"},
            {"step": "payments", "did": "create", "document": "N-20/1", "answer": "The books do not answer"},
        ],
    )
    newest = tries(record)[0]
    assert newest.did == ["Invoice: N-20 created", "Payments: N-20/1: The books do not answer"]
    assert newest.outcome == "not finished"


# --- decisions ---


def test_who_decided_what_and_why_is_kept_and_shown(log_in: LogIn, north: Flow) -> None:
    record = town.record(north, 11, SyncRecord.State.HELD, **town.TAKEN)
    address, client = reverse("admin:hub_syncrecord_change", args=[record.pk]), log_in("Bookkeeper")
    assert "What to do" in client.get(address).content.decode()
    client.post(reverse("admin:hub_syncrecord_decide", args=[record.pk, "skip"]), {"skip-reason": "A test order"})
    shown = client.get(address)
    assert shown.context["story"].decided[0].endswith("somebody-bookkeeper skipped it: “A test order”")
    assert "What to do" not in shown.content.decode()  # it was decided, and the next attempt is on its way


# --- around it ---


def test_an_odd_answer_of_the_source_is_said_in_the_preview(log_in: LogIn, north: Flow) -> None:
    record = town.posted(north, 20)
    record.attempts.update(raw={"order": {"items": 5}})
    mapping = Mapping.objects.get(name="order-to-invoice")
    data = {"rule-TOTAL_FORMS": "0", "rule-INITIAL_FORMS": "0", "_preview": "", "record": record.number}
    response = log_in().post(reverse("admin:mappings_mapping_change", args=[mapping.pk]), data)
    assert response.status_code == 200 and response.context["editing"].shown.problems


def test_a_colleague_who_is_added_can_log_in_and_belongs_to_a_group(log_in: LogIn, north: Flow) -> None:
    client = log_in("Administrator")
    group = User.objects.get(username="somebody-administrator").groups.get()
    data = {"username": "ines", "password1": "Teapots-1747", "password2": "Teapots-1747", "groups": [group.pk]}
    client.post(reverse("admin:auth_user_add"), data)
    colleague = User.objects.get(username="ines")
    assert colleague.is_staff and list(colleague.groups.all()) == [group]


def test_an_administrator_cannot_make_a_superuser(log_in: LogIn) -> None:
    client = log_in("Administrator")
    me = User.objects.get(username="somebody-administrator")
    client.post(
        reverse("admin:auth_user_change", args=[me.pk]),
        {"username": me.username, "is_active": "on", "is_superuser": "on"},
    )
    me.refresh_from_db()
    assert not me.is_superuser

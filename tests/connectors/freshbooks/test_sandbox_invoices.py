"""Invoices in the simulator: numbers, drafts, statuses, and an update that runs one phase only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests.connectors.freshbooks.books_api import Books, line, usd

STATUSES = ("status", "display_status", "payment_status", "v3_status")


def statuses(invoice: Any) -> tuple[Any, ...]:
    return tuple(invoice[name] for name in STATUSES)


@pytest.fixture
def books() -> Books:
    return Books()


def test_lines_are_shown_only_when_asked_for(books: Books) -> None:
    made = books.create("invoice", customerid=books.client(), create_date="2026-03-01", lines=[line("5.00", 2)])
    assert "lines" not in made and made["amount"] == usd("10.00")
    shown = books.read("invoice", made["id"], "include[]=lines&include[]=presentation")
    assert (shown["lines"][0]["qty"], shown["lines"][0]["taxAmount1"], shown["lines"][0]["lineid"]) == ("2", "0", 1)
    assert shown["presentation"]["invoiceid"] == made["id"]
    assert "lines" in books.update("invoice", made["id"], "include[]=lines", notes="x")


def test_an_invoice_needs_a_client_and_a_date(books: Books) -> None:
    assert books.refused("invoice", create_date="2026-03-01") == (422, 1001, "customerid")
    assert books.refused("invoice", customerid=books.client()) == (422, 1001, "create_date")
    assert books.refused("invoice", customerid=9, create_date="2026-03-01") == (404, 1012, "customerid")
    assert books.refused("invoice", customerid=books.client(), create_date="1 March") == (422, 1033, "create_date")


def test_a_number_may_be_chosen_once(books: Books) -> None:
    assert books.invoice(invoice_number="N-1")["invoice_number"] == "N-1"
    fields = {"customerid": books.client(), "create_date": "2026-03-01", "invoice_number": "N-1"}
    assert books.refused("invoice", **fields) == (422, 1029, "invoice_number")
    books.service.switch["duplicate_errno"] = 1004
    assert books.refused("invoice", **fields) == (422, 1004, "invoice_number")
    books.service.switch["duplicate_numbers"] = "allow"
    assert books.create("invoice", **fields)["invoice_number"] == "N-1"


@pytest.mark.parametrize("rule", ["free", "taken"])
def test_the_number_of_a_deleted_invoice_may_be_free_or_taken(rule: str) -> None:
    books = Books(deleted_numbers=rule)
    books.update("invoice", books.invoice(invoice_number="N-1")["id"], vis_state=1)
    fields = {"customerid": books.client(), "create_date": "2026-03-01", "invoice_number": "N-1"}
    if rule == "free":
        assert books.create("invoice", **fields)["invoice_number"] == "N-1"
    else:
        assert books.refused("invoice", **fields) == (422, 1029, "invoice_number")


def test_the_same_number_again_is_no_duplicate_of_itself(books: Books) -> None:
    made = books.invoice(invoice_number="N-1")
    assert books.update("invoice", made["id"], invoice_number="N-1", notes="again")["notes"] == "again"


def test_unnumbered_invoices_are_numbered_in_turn_around_taken_numbers(books: Books) -> None:
    books.invoice(invoice_number="0000002")
    assert [books.invoice()["invoice_number"] for _ in range(2)] == ["0000001", "0000003"]


def test_the_due_date_follows_from_the_offset_and_cannot_be_written(books: Books) -> None:
    made = books.invoice(due_offset_days=30)
    assert (made["due_date"], made["create_date"]) == ("2026-03-31", "2026-03-01")
    assert books.refused_change("invoice", made["id"], due_date="2026-04-01", notes="x") == (403, 1038, "due_date")
    assert books.read("invoice", made["id"])["notes"] == ""


def test_a_refused_update_leaves_nothing_half_done(books: Books) -> None:
    made = books.invoice()
    refused = books.refused_change("invoice", made["id"], notes="new", lines=[line("1.00", taxAmount1="1.2345")])
    assert refused == (422, 1018, "taxAmount1")
    after = books.read("invoice", made["id"], "include[]=lines")
    assert (after["notes"], after["lines"]) == ("", made["lines"])


def test_new_lines_replace_all_lines(books: Books) -> None:
    made = books.invoice(line("5.00"), line("6.00"))
    assert books.update("invoice", made["id"], lines=[line("6.00")])["amount"] == usd("6.00")


def test_a_draft_is_sent_without_an_email(books: Books) -> None:
    draft = books.invoice(create_date="2099-01-01")
    assert statuses(draft) == (1, "draft", "unpaid", "draft") and draft["fulfillment_date"] is None
    sent = books.update("invoice", draft["id"], action_mark_as_sent=True)
    assert statuses(sent) == (2, "sent", "unpaid", "sent") and sent["fulfillment_date"] == "2099-01-01"
    assert statuses(books.update("invoice", draft["id"], action_mark_as_sent=True)) == statuses(sent)


def test_only_the_first_phase_of_an_update_runs(books: Books) -> None:
    id = books.invoice()["id"]
    hidden = books.update("invoice", id, vis_state=2, action_mark_as_sent=True, notes="lost")
    assert (hidden["vis_state"], hidden["status"], hidden["notes"]) == (2, 1, "")
    sent = books.update("invoice", id, action_mark_as_sent=True, notes="lost")
    assert (sent["status"], sent["notes"]) == (2, "")
    untouched = books.update("invoice", id, ext_vis_state=1, vis_state=1)
    assert untouched["vis_state"] == 2


def test_a_status_is_a_number_from_a_short_list(books: Books) -> None:
    id = books.invoice(create_date="2099-01-01")["id"]
    assert books.refused_change("invoice", id, status="2") == (422, 1015, "status")
    assert books.refused_change("invoice", id, status=4) == (422, 1004, "status")
    assert statuses(books.update("invoice", id, status=3)) == (3, "viewed", "unpaid", "viewed")
    assert books.invoice(status=2)["status"] == 2


def test_what_a_post_may_do_with_statuses_is_not_known() -> None:
    books = Books(create_status="ignore", actions_in_post="run")
    assert books.invoice(status=2)["status"] == 1
    assert books.invoice(action_mark_as_sent=True)["status"] == 2


def test_a_sent_invoice_past_its_due_date_is_overdue_and_a_draft_is_not(books: Books) -> None:
    id = books.invoice(create_date="2026-03-01", due_offset_days=10)["id"]
    assert books.read("invoice", id)["v3_status"] == "draft"
    books.update("invoice", id, action_mark_as_sent=True)
    with time_machine.travel(dt.datetime(2026, 3, 11, 15, tzinfo=dt.UTC)):
        assert books.read("invoice", id)["v3_status"] == "sent"
    overdue = books.read("invoice", id)
    assert (overdue["v3_status"], overdue["status"], overdue["display_status"]) == ("overdue", 2, "sent")


def test_a_deleted_invoice_is_read_by_id_and_brought_back(books: Books) -> None:
    id = books.invoice()["id"]
    books.update("invoice", id, vis_state=1)
    assert books.list("invoice") == []
    assert books.read("invoice", id)["vis_state"] == 1
    assert books.refused_change("invoice", id, notes="x") == (422, 1011, "invoiceid")
    assert books.update("invoice", id, vis_state=0)["vis_state"] == 0


def test_a_deleted_client_gets_no_invoice_unless_the_switch_says_so(books: Books) -> None:
    client = books.client()
    books.update("client", client, vis_state=1)
    assert books.refused("invoice", customerid=client, create_date="2026-03-01") == (422, 1011, "customerid")
    books.service.switch["on_deleted"] = "accept"
    assert books.invoice(customerid=client)["customerid"] == client


def test_the_recipient_is_copied_once(books: Books) -> None:
    client = books.client(lname="Old", organization="Old Ltd", p_city="Boston", vat_number="12")
    made = books.invoice(customerid=client)
    books.update("client", client, lname="New", organization="New Ltd", p_city="Salem")
    after = books.read("invoice", made["id"])
    assert (after["lname"], after["city"], after["vat_number"]) == ("Old", "Boston", "12")
    assert (after["organization"], after["current_organization"]) == ("Old Ltd", "New Ltd")


@pytest.mark.parametrize(
    ("switches", "wrong", "refusal"),
    [
        ({"negative_lines": "refuse"}, line("-5.00"), (422, 1025, "unit_cost")),
        ({}, line("5.00", 1, ("VAT", "5"), ("VAT", "6")), (422, 1019, "taxName2")),
        ({}, line("5.00", 1, ("VAT", "-5")), (422, 1018, "taxAmount1")),
        ({}, line("5.00", "many"), (422, 1015, "qty")),
        ({}, line("5.00", name="x" * 256), (422, 1017, "name")),
        ({}, line("5.00", name="Tea 🫖"), (422, 1036, "name")),
        ({}, line("5.00", unit_cost={"amount": "5.00", "code": "EUR"}), (422, 1004, "unit_cost")),
    ],
)
def test_lines_are_refused_by_number_and_field(switches: dict[str, Any], wrong: Any, refusal: tuple[Any, ...]) -> None:
    books = Books(**switches)
    fields = {"customerid": books.client(), "create_date": "2026-03-01", "currency_code": "USD"}
    assert books.refused("invoice", **fields, lines=[wrong]) == refusal
    assert books.list("invoice") == []


def test_switches_let_them_pass() -> None:
    books = Books(emoji="accept", max_length=0, mixed_currency="accept")
    lines = line("-5.00"), line("9.00", name="🫖" * 300), line("1.00", unit_cost={"amount": "1.00", "code": "EUR"})
    assert books.invoice(*lines)["amount"] == usd("5.00")


def test_a_stored_tax_lends_its_number_to_lines(books: Books) -> None:
    books.create("tax", name="HST", amount="13", number="RT 12")
    made = books.invoice(line("5.00", 1, ("HST", "13"), ("Other", "1")))
    assert (made["lines"][0]["taxNumber1"], made["lines"][0]["taxNumber2"]) == ("RT 12", None)

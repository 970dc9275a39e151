"""Payments in the simulator: what they do to their invoice, and where surplus money goes."""

from __future__ import annotations

import pytest

from tests.connectors.freshbooks.books_api import Books, line, usd
from tests.connectors.freshbooks.test_sandbox_invoices import statuses


@pytest.fixture
def books() -> Books:
    return Books()


def sent(books: Books, amount: str = "100.00") -> dict[str, object]:
    made = books.invoice(line(amount), create_date="2099-01-01")
    sent: dict[str, object] = books.update("invoice", made["id"], action_mark_as_sent=True)
    return sent


def test_a_partial_payment_changes_the_words_but_not_the_number(books: Books) -> None:
    invoice = sent(books)
    payment = books.pay(invoice, "40.00", note="card [N-1/1]")
    after = books.read("invoice", invoice["id"])
    assert statuses(after) == (2, "sent", "partial", "partial")
    assert (after["paid"], after["outstanding"], after["date_paid"]) == (usd("40.00"), usd("60.00"), None)
    assert (payment["clientid"], payment["note"]) == (invoice["customerid"], "card [N-1/1]")


@pytest.mark.parametrize("number", [4, 2])
def test_a_full_payment_marks_it_paid_whatever_the_number_becomes(number: int) -> None:
    books = Books(paid_status=number)
    invoice = sent(books)
    books.pay(invoice, "100.00")
    after = books.read("invoice", invoice["id"])
    assert statuses(after) == (number, "sent", "paid", "paid")
    assert (after["outstanding"], after["date_paid"]) == (usd("0.00"), "2026-03-02")


def test_too_much_money_becomes_credit(books: Books) -> None:
    invoice = sent(books)
    payment = books.pay(invoice, "130.00")
    assert payment["amount"] == usd("130.00")
    note = books.read("credit_note", payment["overpaymentid"])
    assert (note["amount"], note["credit_type"], note["clientid"]) == (
        usd("30.00"),
        "overpayment",
        invoice["customerid"],
    )
    assert note["description"] == f"Overpayment: invoice {invoice['invoice_number']}"
    assert books.read("invoice", invoice["id"])["outstanding"] == usd("0.00")


def test_a_deleted_payment_gives_everything_back(books: Books) -> None:
    invoice = sent(books)
    payment = books.pay(invoice, "130.00")
    after = books.update("payment", payment["id"], vis_state=1)
    assert (after["vis_state"], after["overpaymentid"]) == (1, None)
    assert books.read("credit_note", payment["overpaymentid"])["vis_state"] == 1
    reverted = books.read("invoice", invoice["id"])
    assert (reverted["paid"], reverted["outstanding"], reverted["v3_status"]) == (usd("0.00"), usd("100.00"), "sent")


def test_a_smaller_amount_shrinks_the_credit(books: Books) -> None:
    invoice = sent(books)
    first, second = books.pay(invoice, "80.00"), books.pay(invoice, "80.00")
    credit = second["overpaymentid"]
    assert books.read("credit_note", credit)["amount"] == usd("60.00")
    books.update("payment", second["id"], amount=usd("50.00"))
    assert books.read("credit_note", credit)["amount"] == usd("30.00")
    books.update("payment", first["id"], vis_state=1)
    assert books.read("invoice", invoice["id"])["outstanding"] == usd("50.00")


def test_payments_outlive_their_deleted_invoice(books: Books) -> None:
    invoice = sent(books)
    payment = books.pay(invoice, "40.00")
    books.update("invoice", invoice["id"], vis_state=1)
    assert [row["id"] for row in books.list("payment", f"search[invoiceid]={invoice['id']}")] == [payment["id"]]
    refused = books.refused("payment", invoiceid=invoice["id"], amount=usd("1"), date="2026-03-02", type="Cash")
    assert refused == (422, 1011, "invoiceid")


def test_a_payment_is_refused_by_number_and_field(books: Books) -> None:
    good = {"invoiceid": sent(books)["id"], "amount": usd("5.00"), "date": "2026-03-02", "type": "Cash"}
    assert books.refused("payment", **{**good, "invoiceid": 9}) == (404, 1012, "invoiceid")
    assert books.refused("payment", **{**good, "amount": usd("-5.00")}) == (422, 1025, "amount")
    assert books.refused("payment", **{**good, "amount": usd("0")}) == (422, 1004, "amount")
    assert books.refused("payment", **{**good, "amount": {"amount": "5", "code": "EUR"}}) == (422, 1004, "amount")
    assert books.refused("payment", **{**good, "type": "cash"}) == (422, 1004, "type")
    assert books.refused("payment", **{**good, "transactionid": "ch_1"}) == (422, 1015, "transactionid")
    for field in good:
        assert books.refused("payment", **{**good, field: None}) == (422, 1001, field)
    assert books.list("payment") == []


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_whether_a_draft_can_be_paid_is_a_switch(answer: str) -> None:
    books = Books(draft_payments=answer)
    draft = books.invoice()
    fields = {"invoiceid": draft["id"], "amount": usd("100.00"), "date": "2026-03-02", "type": "Cash"}
    if answer == "refuse":
        assert books.refused("payment", **fields) == (422, 1004, "invoiceid")
    else:
        books.create("payment", **fields)
        assert statuses(books.read("invoice", draft["id"])) == (1, "draft", "paid", "paid")


def test_a_credit_note_can_pay(books: Books) -> None:
    invoice = sent(books)
    note = books.create("credit_note", clientid=invoice["customerid"], create_date="2026-03-01", lines=[line("30.00")])
    assert (note["payment_status"], note["paid"]) == ("unpaid", usd("0.00"))
    books.pay(invoice, "20.00", type="Credit", from_credit=True, creditid=note["id"])
    after = books.read("credit_note", note["id"])
    assert (after["payment_status"], after["paid"]) == ("partial", usd("20.00"))
    assert books.list("payment", "search[from_credit]=true")[0]["creditid"] == note["id"]


@pytest.mark.parametrize(("answer", "refused"), [("accept", "amount"), ("overdraw", ""), ("refuse", "creditid")])
def test_how_a_credit_is_applied_is_a_switch(answer: str, refused: str) -> None:
    books = Books(credit_payments=answer)
    invoice = sent(books)
    note = books.create("credit_note", clientid=invoice["customerid"], create_date="2026-03-01", lines=[line("30.00")])
    more = {"amount": usd("31.00"), "type": "Credit", "from_credit": True, "creditid": note["id"]}
    fields = {"invoiceid": invoice["id"], "date": "2026-03-02", **more}
    if refused:
        assert books.refused("payment", **fields) == (422, 1004, refused)
    else:
        assert books.create("payment", **fields)["creditid"] == note["id"]


def test_a_credit_of_another_client_pays_nothing(books: Books) -> None:
    invoice, other = sent(books), sent(books)
    note = books.create("credit_note", clientid=other["customerid"], create_date="2026-03-01", lines=[line("30.00")])
    fields = {"invoiceid": invoice["id"], "amount": usd("5.00"), "date": "2026-03-02", "type": "Credit"}
    assert books.refused("payment", **fields, creditid=note["id"]) == (422, 1004, "creditid")


def test_payments_are_found_by_what_is_documented(books: Books) -> None:
    one, other = sent(books), sent(books)
    books.pay(one, "10.00", note="card [N-1/abc]", date="2026-03-05")
    books.pay(other, "20.00", type="Check")
    for query, amounts in {
        f"search[invoiceid]={one['id']}": ["10.00"],
        f"search[clientids][]={one['customerid']}&search[clientids][]={other['customerid']}": ["20.00", "10.00"],
        "search[notes]=n-1/ABC": ["10.00"],
        "search[type]=Check": ["20.00"],
        "search[amount_min]=10&search[amount_max]=20": ["10.00"],
        "search[date_min]=2026-03-05": ["10.00"],
        "search[currency]=EUR": [],
        "search[note]=nothing": ["20.00", "10.00"],
    }.items():
        assert [row["amount"]["amount"] for row in books.list("payment", query)] == amounts, query

"""Invoices: one call per effect, exact amounts, and a status that is never read from a number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors.documents import BooksLine, Invoice, LineTax
from connectors.errors import Gone, OutcomeUnknown, Rejected, RetryLater
from connectors.freshbooks.connector import FreshBooks
from connectors.freshbooks.invoices import status_of
from connectors.freshbooks.lines import parse_lines
from tests.connectors.freshbooks.conftest import Meter, Recorded

STATE_TAX = LineTax(name="State Tax", percent=Decimal("8.250"), amount=Decimal("6.06"))
LAMPS = BooksLine(
    name="Desk lamp", description="brass", quantity=Decimal(3), unit_price=Decimal("24.5"), taxes=(STATE_TAX,)
)
INVOICE = Invoice(
    number="N-000000042",
    po_number="000000042",
    client_id="70101",
    date=dt.date(2026, 3, 1),
    due_days=14,
    currency="USD",
    lines=(LAMPS, BooksLine(name="Shipping", unit_price=Decimal(5))),
    total=Decimal("84.56"),
    notes="Thank you",
)


def with_lines(*lines: BooksLine) -> Invoice:
    return INVOICE.model_copy(update={"lines": lines})


def test_an_invoice_is_created_as_a_draft_in_one_call_that_tells_its_total(
    books: FreshBooks, recorded: Recorded, meter: Meter
) -> None:
    recorded("invoice-create")
    made = books.resource("invoice").create(INVOICE)
    assert (made.id, made.number, made.status, made.state) == ("81001", "N-000000042", "draft", "active")
    assert (made.total, made.outstanding, made.currency) == (Decimal("84.56"), Decimal("84.56"), "USD")
    assert made.url == "https://my.freshbooks.com/#/invoice/aB3dE9-81001"
    assert made.facts == {
        "number": "N-000000042",
        "po_number": "000000042",
        "client_id": "70101",
        "date": dt.date(2026, 3, 1),
        "currency": "USD",
        "total": Decimal("84.56"),
    }
    assert meter.taken == ["write"]
    assert meter.learned == [("write", 250, 241, 40.0)]


def test_without_a_number_none_is_sent(books: FreshBooks, recorded: Recorded) -> None:
    assert "invoice_number" not in books.resource("invoice").body(INVOICE.model_copy(update={"number": ""}))


def test_an_update_replaces_the_lines_and_names_no_status(books: FreshBooks, recorded: Recorded, meter: Meter) -> None:
    recorded("invoice-update")
    assert books.resource("invoice").update("81001", INVOICE).total == Decimal("84.56")
    assert meter.learned == [("read", 600, 591, 40.0)], "a PUT counts with the reads"


def test_finishing_sends_the_action_alone(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-mark-as-sent")
    assert books.resource("invoice").finish("81001").status == "sent"


@pytest.mark.parametrize(
    ("answer", "status", "outstanding"),
    [
        ("invoice-partly-paid", "partial", "34.56"),
        ("invoice-paid", "paid", "0.00"),
        ("invoice-deleted", "draft", "84.56"),
    ],
)
def test_what_is_left_to_pay_is_read(
    books: FreshBooks, recorded: Recorded, answer: str, status: str, outstanding: str
) -> None:
    recorded(answer)
    read = books.resource("invoice").read("81001")
    assert (read.status, read.outstanding) == (status, Decimal(outstanding))
    assert (read.state == "deleted") is (answer == "invoice-deleted")


@pytest.mark.parametrize(
    ("words", "total", "left", "expected"),
    [
        ({"v3_status": "created"}, "9.00", "9.00", "draft"),
        ({"display_status": "draft"}, "9.00", "9.00", "draft"),
        ({"v3_status": "draft", "payment_status": "paid"}, "9.00", "0.00", "draft"),
        ({"v3_status": "viewed"}, "9.00", "9.00", "sent"),
        ({"v3_status": "overdue", "payment_status": "unpaid"}, "9.00", "9.00", "sent"),
        ({"v3_status": "overdue", "payment_status": "partial"}, "9.00", "4.00", "partial"),
        ({"v3_status": "deposit_partial"}, "9.00", "4.00", "partial"),
        ({"v3_status": "sent", "status": 2}, "9.00", "0.00", "paid"),
        ({"v3_status": "autopaid"}, "9.00", None, "paid"),
        ({"v3_status": "sent"}, "9.00", None, "sent"),
        ({"v3_status": "sent"}, "0.00", "0.00", "sent"),
    ],
)
def test_the_status_is_decided_from_words_and_amounts(
    words: dict[str, Any], total: str, left: str | None, expected: str
) -> None:
    outstanding = None if left is None else {"amount": left}
    assert status_of({**words, "amount": {"amount": total}, "outstanding": outstanding}) == expected


def test_an_invoice_is_found_by_its_number_in_one_call(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-find-by-number")
    assert [one.id for one in books.resource("invoice").find(INVOICE, deleted=False)] == ["81001"]
    assert len(recorded.calls) == 1


def test_an_invoice_of_another_number_is_not_ours(books: FreshBooks, recorded: Recorded, body_of: Any) -> None:
    stranger = {**body_of("invoice-create", "invoice"), "invoice_number": "N-0000000421"}
    recorded("invoice-find-by-number", body={"response": {"result": {"invoices": [stranger], "pages": 1, "total": 1}}})
    assert books.resource("invoice").find(INVOICE, deleted=False) == []


def test_an_invoice_without_a_number_of_ours_is_found_by_client_date_and_reference(
    books: FreshBooks, recorded: Recorded, body_of: Any
) -> None:
    ours = body_of("invoice-create", "invoice")
    rows = [
        {**ours, "id": 1, "po_number": None},
        {**ours, "id": 2, "customerid": 7},
        {**ours, "id": 3, "create_date": "2026-03-02"},
        ours,
    ]
    recorded.mock.get(
        "https://api.freshbooks.com/accounting/account/aB3dE9/invoices/invoices",
        json={"response": {"result": {"invoices": rows, "page": 1, "pages": 1, "total": 4}}},
    )
    wanted = INVOICE.model_copy(update={"number": ""})
    assert [one.id for one in books.resource("invoice").find(wanted, deleted=False)] == ["81001"]
    assert recorded.sent().params == {
        "search[customerid]": "70101",
        "search[date_min]": "2026-03-01",
        "search[date_max]": "2026-03-02",
        "page": "1",
        "per_page": "100",
    }


@pytest.mark.parametrize("answer", ["invoice-number-taken", "invoice-number-taken-classic"])
def test_a_number_in_use_is_told_as_such_whatever_errno_says_so(
    books: FreshBooks, recorded: Recorded, answer: str
) -> None:
    recorded(answer)
    with pytest.raises(Rejected) as refused:
        books.resource("invoice").create(INVOICE)
    assert (refused.value.code, refused.value.field) == ("number_taken", "invoice_number")


def test_a_refused_negative_line_teaches_what_these_books_lack(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-negative-line-refused", "invoice-negative-line-refused")
    with pytest.raises(Rejected) as refused:
        books.resource("invoice").create(with_lines(LAMPS, BooksLine(name="Discount", unit_price=Decimal(-5))))
    assert (refused.value.teaches, refused.value.code) == ("negative_lines", "errno_1025")
    with pytest.raises(Rejected) as unrelated:
        books.resource("invoice").create(INVOICE)
    assert unrelated.value.teaches == ""


def test_more_than_two_taxes_on_a_line_are_refused_before_any_call(books: FreshBooks, recorded: Recorded) -> None:
    three = tuple(STATE_TAX.model_copy(update={"name": name}) for name in "ABC")
    with pytest.raises(Rejected, match="takes two") as refused:
        books.resource("invoice").create(with_lines(LAMPS, LAMPS.model_copy(update={"taxes": three})))
    assert (refused.value.field, refused.value.value) == ("lines[2].taxes", "A, B, C")


def test_a_tax_that_is_charged_on_the_other_is_sent_as_such_and_only_then(books: FreshBooks) -> None:
    gst = LineTax(name="GST", percent=Decimal(5), amount=Decimal("3.68"))
    qst = LineTax(name="QST", percent=Decimal("9.975"), amount=Decimal("7.70"), compound=True)
    taxed = LAMPS.model_copy(update={"taxes": (gst, qst)})
    first, second = books.resource("invoice").body(with_lines(taxed, LAMPS))["lines"]
    assert (first["taxName2"], first["taxAmount2"], first["compounded_tax"]) == ("QST", "9.975", True)
    assert "compounded_tax" not in second


def test_a_tax_on_tax_is_read_back_as_one(books: FreshBooks) -> None:
    taxes = {"taxName1": "GST", "taxAmount1": "5", "taxName2": "QST", "taxAmount2": "9.975", "compounded_tax": True}
    [read] = parse_lines({"lines": [{"name": "Lamp", "qty": "1", "unit_cost": {"amount": "100.00"}, **taxes}]})
    assert [(tax.amount, tax.compound) for tax in read.taxes] == [(5, False), (Decimal("10.47375"), True)]


def test_a_percent_is_never_rounded_silently(books: FreshBooks) -> None:
    fine = STATE_TAX.model_copy(update={"percent": Decimal("8.1234")})
    with pytest.raises(Rejected, match=r"8\.1234"):
        books.resource("invoice").body(with_lines(LAMPS.model_copy(update={"taxes": (fine,)})))


@pytest.mark.parametrize(
    ("price", "sent"), [("5", "5.00"), ("5.1", "5.10"), ("1.234", "1.234"), ("-0.5", "-0.50"), ("1E+3", "1000.00")]
)
def test_amounts_are_sent_as_text_with_every_decimal(books: FreshBooks, price: str, sent: str) -> None:
    line = BooksLine(name="x", unit_price=Decimal(price), quantity=Decimal("10.50"))
    (body,) = books.resource("invoice").body(with_lines(line))["lines"]
    assert body["unit_cost"] == {"amount": sent, "code": "USD"}
    assert body["qty"] == "10.5"


def test_a_field_that_is_not_ours_to_write_is_named(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-due-date-refused")
    with pytest.raises(Rejected, match="take it out of the mapping") as refused:
        books.resource("invoice").update("81001", INVOICE)
    assert (refused.value.code, refused.value.field) == ("errno_1038", "due_date")


def test_an_unknown_client_of_an_invoice_does_not_make_the_invoice_gone(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-client-unknown")
    with pytest.raises(Rejected) as refused:
        books.resource("invoice").update("81001", INVOICE)
    assert not isinstance(refused.value, Gone)
    assert refused.value.field == "customerid"


def test_a_conflict_is_tried_again(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-conflict")
    with pytest.raises(RetryLater):
        books.resource("invoice").update("81001", INVOICE)


def test_a_role_that_may_not_write_is_told_what_to_do(books: FreshBooks, recorded: Recorded) -> None:
    recorded("role-refused")
    with pytest.raises(Rejected, match="log in as an owner"):
        books.resource("invoice").create(INVOICE)


def test_trouble_leaves_a_creation_in_doubt_but_not_a_repeatable_change(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-create", "invoice-mark-as-sent", status=502)
    with pytest.raises(OutcomeUnknown):
        books.resource("invoice").create(INVOICE)
    with pytest.raises(RetryLater):
        books.resource("invoice").finish("81001")


def test_an_invoice_reads_back_as_it_was_written(books: FreshBooks, recorded: Recorded) -> None:
    recorded("invoice-with-lines")
    invoices = books.resource("invoice")
    parsed = invoices.parse(invoices.fetch("81001"))
    exact = LAMPS.model_copy(update={"taxes": (STATE_TAX.model_copy(update={"amount": Decimal("6.06375")}),)})
    assert parsed == INVOICE.model_copy(update={"language": "en", "lines": (exact, INVOICE.lines[1])})


def test_a_discount_on_the_whole_invoice_is_a_line_so_that_the_lines_add_up(
    books: FreshBooks, recorded: Recorded
) -> None:
    recorded("invoice-discounted-with-lines")
    invoices = books.resource("invoice")
    parsed = invoices.parse(invoices.fetch("81001"))
    assert (parsed.lines[-1].name, parsed.lines[-1].unit_price) == ("Spring sale", Decimal("-7.85"))
    assert round(sum(line.amount + line.tax for line in parsed.lines), 2) == parsed.total

"""What is kept beside a document, since the document cannot say it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hub.accounting.origin import gift_cards, origin
from hub.accounting.wanted import WantedCredit, WantedInvoice, WantedLine, WantedPayment

DAY = dt.date(2026, 3, 14)


def line(amount: str, kind: str = "product", name: str = "Tea") -> WantedLine:
    return WantedLine(name=name, kind=kind, unit_price=Decimal(amount))


def invoice(*lines: WantedLine) -> WantedInvoice:
    common: dict[str, Any] = {"key": "1", "number": "1", "po_number": "1", "date": DAY, "due_days": 0}
    return WantedInvoice(**common, currency="EUR", lines=lines, total=sum(one.amount for one in lines))


def credit(*lines: WantedLine, refunded: str = "") -> WantedCredit:
    common: dict[str, Any] = {
        "key": "C1",
        "part": "7",
        "number": "C1",
        "refund_number": "R1",
        "date": DAY,
        "of": "reinvoice-1",
    }
    told = Decimal(refunded) if refunded else None
    return WantedCredit(**common, currency="EUR", lines=lines, total=sum(one.amount for one in lines), refunded=told)


def payment(method: str) -> WantedPayment:
    common: dict[str, Any] = {"key": "1/9", "part": "9", "marker": "[1/9]", "date": DAY, "type": "Check"}
    return WantedPayment(
        **common, amount=Decimal("5"), currency="EUR", method=method, method_name="By cheque", transaction_id="t-1"
    )


def test_of_a_payment_it_is_how_it_was_paid() -> None:
    assert origin(payment("checkmo")) == {"method": "checkmo", "method_name": "By cheque", "transaction": "t-1"}
    assert gift_cards(payment("checkmo")) is None


def test_of_a_refund_it_is_what_the_store_gave_back_and_which_invoice_it_is_about() -> None:
    told = origin(credit(line("20.00"), refunded="30.00"))
    assert told == {"refund": "R1", "refunded": "30.00", "of": "reinvoice-1"}


def test_a_correction_is_no_refund() -> None:
    assert "refund" not in origin(credit(line("20.00")))


def test_taxes_that_are_lines_are_told_by_name() -> None:
    lines = (line("10"), line("1.90", "tax", "VAT"), line("0.10", "tax", "VAT"), line("0.50", "tax", "City"))
    assert origin(invoice(*lines)) == {"taxes": {"VAT": "2.00", "City": "0.50"}}
    assert origin(invoice(line("10"))) == {}


def test_gift_cards_count_up_when_sold_and_down_when_taken_back_or_redeemed() -> None:
    sold = (line("10"), line("25.00", "gift_card"), line("50.00", "gift_card"))
    assert gift_cards(invoice(*sold)) == Decimal("75.00")
    assert gift_cards(credit(*sold)) == Decimal("-75.00")
    assert gift_cards(payment("gift_card")) == Decimal("-5")
    assert gift_cards(invoice(line("10"))) is None and gift_cards(credit(line("10"))) is None

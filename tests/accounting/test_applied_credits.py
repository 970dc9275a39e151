"""What of an order's credit notes pays its own invoices: never more than is open there, nor than the note has left."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.documents import ZERO, Order
from hub.accounting.applying import applications
from hub.accounting.dates import Calendar
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Wanted, WantedPayment
from tests.accounting.orders import line, order, orders, payment, refund
from tests.accounting.test_edits_that_were_decided import decided, decisions

WHOLE = line("100.00", "0")


def applied(wanted: Wanted, calendar: Calendar | None = None) -> list[WantedPayment]:
    return list(applications(wanted, calendar or Calendar(), {}))


def amounts(payments: list[WantedPayment]) -> dict[str, Decimal]:
    return {one.part: one.amount for one in payments}


def smaller(paid: Order | None = None) -> Wanted:
    """100 became 80: a credit note over the 20 between them."""
    return decided(order(WHOLE), ("adjust", paid or order(line("80.00", "0"))))


def test_what_an_edit_took_away_pays_what_is_open() -> None:
    [one] = applied(smaller())
    assert (one.amount, one.type, one.credit, one.of) == (Decimal(20), "Credit", "adjust-1", "")
    assert one.key == "000000015/credit-000000015-A1" and one.marker == f"[{one.key}]"


def test_an_invoice_takes_what_it_has_open_and_nothing_once_it_is_paid() -> None:
    wanted = smaller(order(line("80.00", "0"), payments=(payment("80.00"),)))
    assert amounts(applied(wanted)) == {"applied:adjust-1:": Decimal(20)}
    whole = wanted.payments[0].model_copy(update={"amount": Decimal(100)})
    assert applied(wanted.model_copy(update={"payments": (whole,)})) == []


def test_what_a_refund_gave_back_pays_nothing() -> None:
    sold = order(WHOLE, payments=(payment("60.00"),), refunds=(refund(line("30.00", "0")),))
    assert applied(want(sold, Terms())) == []


def test_a_refund_of_what_was_never_paid_lowers_what_is_owed() -> None:
    sold = order(WHOLE, payments=(payment("10.00"),), refunds=(refund(line("30.00", "0")),))
    assert amounts(applied(want(sold, Terms()))) == {"applied:91:": Decimal(20)}


def test_what_a_paid_invoice_leaves_of_its_credit_note_goes_to_the_one_in_its_place() -> None:
    """60 were paid on the old invoice: its credit note takes 40 of it, and the other 60 belong to the new one."""
    now = order(line("90.00", "0"), payments=(payment("60.00"),))
    wanted = decided(order(WHOLE), ("reinvoice", now), paid={"501": ("", Decimal(60))})
    assert amounts(applied(wanted)) == {"applied:credit-1:": Decimal(40), "applied:credit-1:reinvoice-1": Decimal(60)}


def test_what_is_applied_stands_whatever_was_paid_since() -> None:
    paid = order(line("80.00", "0"), payments=(payment("80.00"),))
    found = applications(smaller(paid), Calendar(), {"applied:adjust-1:": Decimal(15)})
    assert [one.amount for one in found] == [Decimal(15)]


def test_what_a_later_credit_note_pays_already_leaves_no_room_for_an_earlier_one() -> None:
    wanted = decided(order(WHOLE), ("adjust", order(line("60.00", "0"))), ("adjust", order(line("10.00", "0"))))
    first, second = wanted.corrections
    room = wanted.model_copy(update={"invoice": wanted.invoice.model_copy(update={"total": Decimal(60)})})
    found = applications(room, Calendar(), {f"applied:{second.part}:": Decimal(50)})
    assert {one.credit: one.amount for one in found} == {first.part: Decimal(10), second.part: Decimal(50)}


def test_it_is_dated_on_the_first_open_day_and_says_its_own() -> None:
    [one] = applied(smaller(), Calendar(dt.date(2026, 3, 31)))
    assert (one.date, one.business_date) == (dt.date(2026, 4, 1), dt.date(2026, 3, 9))
    assert "2026-03-09" in one.notes


@given(orders(), decisions, st.integers(0, 200))
def test_nothing_is_ever_paid_twice(first: Order, later: list[tuple[str, Order]], part: int) -> None:
    """No invoice over what it is open for, no credit note over what it is for."""
    *before, (how, last) = later
    share = (last.total * part / 200).quantize(Decimal("0.01"))
    last = last.model_copy(update={"payments": (payment(str(share)),) if share else ()})
    wanted = decided(first, *before, (how, last))  # type: ignore[arg-type]
    found = applied(wanted)
    for invoice in (*wanted.others, wanted.invoice):
        paid = sum((one.amount for one in wanted.payments if one.of == invoice.part), ZERO)
        put = sum((one.amount for one in found if one.of == invoice.part), ZERO)
        assert put <= max(invoice.total - paid, ZERO)
    for credit in wanted.corrections:
        assert sum((one.amount for one in found if one.credit == credit.part), ZERO) <= credit.total
    assert len({one.part for one in found}) == len({one.key for one in found}) == len(found)
    assert found == list(applications(wanted, Calendar(), amounts(found)))

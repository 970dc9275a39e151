"""What people decide about edits becomes documents that together are worth what the order is worth now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.documents import Order
from hub.accounting.dates import Calendar
from hub.accounting.deltas import Stand
from hub.accounting.edits import Edit, Standing, Way, followed
from hub.accounting.parts import undivided
from hub.accounting.proof import prove_wanted
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import Wanted
from hub.errors import Held
from tests.accounting.orders import line, order, orders, payment, refund

DAY = dt.date(2026, 3, 9)
SMALL = line("40.00", "8.00")
LARGE = line("60.00", "12.00")
decisions = st.lists(st.tuples(st.sampled_from(["adjust", "reinvoice", "ignore"]), orders()), min_size=1, max_size=3)


def stand(order: Order) -> Stand:
    return Stand.of(want(order, Terms()).invoice)


def decided(first: Order, *later: tuple[Way, Order], **more: object) -> Wanted:
    """The order as it is after its last edit, with what came of each."""
    told, edits = stand(first), []
    for way, now in later:
        edits.append(Edit(how=way, digest="", date=DAY, was=told, now=stand(now)))
        told = edits[-1].now
    terms: dict[str, object] = {"first": stand(first), "calendar": Calendar(), "tax_decimals": 3}
    return followed(want(later[-1][1], Terms()), edits, Standing(**{**terms, **more}))  # type: ignore[arg-type]


def numbers(wanted: Wanted) -> tuple[list[str], list[str]]:
    invoices = [one.number.removeprefix(wanted.client.key) for one in (*wanted.others, wanted.invoice)]
    return sorted(invoices), [one.number for one in wanted.corrections]


@given(orders(), decisions)
def test_invoices_less_corrections_are_what_the_order_stands_for(first: Order, later: list[tuple[Way, Order]]) -> None:
    wanted = decided(first, *later)
    invoiced = sum(one.total for one in (*wanted.others, wanted.invoice))
    assert invoiced - sum(one.total for one in wanted.corrections) == wanted.total


@given(orders(), decisions)
def test_every_document_of_an_edit_adds_up_and_is_worth_something(first: Order, later: list[tuple[Way, Order]]) -> None:
    wanted = decided(first, *later)
    for one in (*wanted.others, wanted.invoice, *wanted.corrections):
        prove_wanted(one)
        assert one.total > 0


@given(orders(), orders())
def test_without_a_difference_booked_by_hand_it_stands_for_the_whole_order(first: Order, now: Order) -> None:
    assert decided(first, ("adjust", now)).total == decided(first, ("reinvoice", now)).total == now.total


def test_each_adjustment_has_a_number_of_its_own() -> None:
    small, large = order(SMALL), order(LARGE)
    wanted = decided(small, ("adjust", large), ("adjust", small))
    assert numbers(wanted) == (["000000015", "000000015-A1"], ["000000015-A2"])
    assert [one.part for one in wanted.corrections] == ["adjust-2"]
    assert wanted.invoice.number == "000000015"


def test_an_order_invoiced_again_has_only_its_new_invoice_left() -> None:
    small, large = order(SMALL), order(LARGE)
    wanted = decided(small, ("adjust", large), ("reinvoice", small))
    assert numbers(wanted) == (["000000015", "000000015-A1", "000000015-R1"], ["000000015-C1"])
    assert (wanted.invoice.number, wanted.invoice.total) == ("000000015-R1", small.total)
    assert wanted.corrections[0].total == large.total


def test_a_payment_goes_onto_the_invoice_that_has_room_for_it() -> None:
    now = order(LARGE, payments=(payment("48.00"), payment("24.00", "502")))
    first, second = decided(order(SMALL), ("adjust", now), paid={"501": ("", Decimal("48.00"))}).payments
    assert (first.of, first.marker) == ("", "[000000015/501]")
    assert (second.of, second.key, second.marker) == ("adjust-1", "000000015-A1/502", "[000000015-A1/502]")


def test_a_payment_for_which_no_invoice_alone_has_room_goes_onto_several() -> None:
    now = order(LARGE, payments=(payment("72.00"),))
    portions = decided(order(SMALL), ("adjust", now)).payments
    assert [(one.part, one.of, one.amount) for one in portions] == [
        ("501", "", Decimal("48.00")),
        ("501+adjust-1", "adjust-1", Decimal("24.00")),
    ]
    assert [one.marker for one in portions] == ["[000000015/501]", "[000000015-A1/501]"]


def test_what_of_a_payment_was_recorded_before_a_worker_died_is_not_shared_out_again() -> None:
    now = order(LARGE, payments=(payment("72.00"),))
    portions = decided(order(SMALL), ("adjust", now), paid={"501": ("", Decimal("48.0000"))}).payments
    assert [(one.part, one.amount) for one in portions] == [
        ("501", Decimal("48.00")),
        ("501+adjust-1", Decimal("24.00")),
    ]


@given(st.lists(st.integers(1, 7200), max_size=4))
def test_payments_are_shared_out_whole_and_never_beyond_what_an_invoice_is_over(cents: list[int]) -> None:
    paid = [Decimal(one).scaleb(-2) for one in cents]
    assume(sum(paid) <= 72)
    now = order(LARGE, payments=tuple(payment(str(one), str(place)) for place, one in enumerate(paid)))
    wanted = decided(order(SMALL), ("adjust", now))
    for invoice in (*wanted.others, wanted.invoice):
        assert sum(one.amount for one in wanted.payments if one.of == invoice.part) <= invoice.total
    for place, one in enumerate(paid):
        assert sum(part.amount for part in wanted.payments if undivided(part.part) == str(place)) == one
    assert (
        len({one.part for one in wanted.payments}) == len({one.key for one in wanted.payments}) == len(wanted.payments)
    )


def test_an_order_edited_to_less_than_was_paid_is_overpaid_only_by_what_comes_after() -> None:
    now = order(SMALL, payments=(payment("72.00"),))
    assert [one.part for one in want(now, Terms(recorded={"501": Decimal("72.00")})).payments] == ["501"]
    with pytest.raises(Held, match="was paid 72"):
        want(now, Terms())


def test_what_is_paid_after_the_new_invoice_goes_onto_that() -> None:
    now = order(LARGE, payments=(payment("48.00"), payment("24.00", "502")), refunds=(refund(line("1.00", "0")),))
    wanted = decided(order(SMALL), ("reinvoice", now), paid={"501": ("", Decimal("48.00"))})
    assert [one.of for one in wanted.payments] == ["", "reinvoice-1"]
    assert [one.of for one in wanted.credits] == ["reinvoice-1"]


def test_a_difference_booked_by_hand_is_left_out_of_what_the_books_hold_of_ours() -> None:
    wanted = decided(order(SMALL), ("ignore", order(LARGE)))
    assert wanted.total == Decimal("48.00")
    assert not wanted.others and not wanted.corrections


def test_an_edit_in_a_closed_period_lands_on_the_first_open_day() -> None:
    wanted = decided(order(LARGE), ("adjust", order(SMALL)), calendar=Calendar(DAY))
    (credit,) = wanted.corrections
    assert credit.date == DAY + dt.timedelta(days=1)
    assert "Late arrival" in credit.notes

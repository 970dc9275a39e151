"""What an edit adds and what it takes away are two documents, which together are the difference to the cent."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given

from connectors.documents import Order
from hub.accounting.deltas import Deltas, Stand, deltas, listed
from hub.accounting.proof import lines_total
from hub.accounting.terms import Terms
from hub.accounting.want import want
from tests.accounting.orders import line, order, orders
from tests.accounting.test_lines_add_up import capabilities, policies

DECIMALS = 3


def stand(order: Order, terms: Terms | None = None) -> Stand:
    return Stand.of(want(order, terms or Terms()).invoice)


def edit(was: Order, now: Order) -> Deltas:
    return deltas(stand(was), stand(now), DECIMALS)


@given(orders(), orders(), policies, capabilities)
def test_added_less_removed_is_the_difference(was: Order, now: Order, policy: object, books: object) -> None:
    terms = Terms(policy=policy, capabilities=books)  # type: ignore[arg-type]
    before, after = stand(was, terms), stand(now, terms)
    found = deltas(before, after, DECIMALS)
    assert lines_total(found.added) - lines_total(found.removed) == now.total - was.total


@given(orders(), orders(), policies)
def test_nothing_on_either_side_is_negative(was: Order, now: Order, policy: object) -> None:
    terms = Terms(policy=policy)  # type: ignore[arg-type]
    found = deltas(stand(was, terms), stand(now, terms), DECIMALS)
    for one in (*found.added, *found.removed):
        assert one.amount >= 0 and one.quantity >= 0 and all(tax.amount >= 0 for tax in one.taxes)


@given(orders(), orders())
def test_each_tax_changes_by_what_the_order_says(was: Order, now: Order) -> None:
    before, after = stand(was), stand(now)
    found = deltas(before, after, DECIMALS)
    assert _taxes(found.added) - _taxes(found.removed) == _taxes(after.lines) - _taxes(before.lines)


@given(orders())
def test_an_order_that_did_not_change_makes_nothing(order: Order) -> None:
    assert edit(order, order) == Deltas(added=(), removed=())


def test_what_was_added_keeps_its_own_tax() -> None:
    found = edit(order(line("36.00", "7.20")), order(line("36.00", "7.20"), line("10.00", "0.70", "7", id="2")))
    assert [(one.amount, one.taxes[0].percent, one.tax) for one in found.added] == [
        (Decimal("10.00"), Decimal(7), Decimal("0.70"))
    ]
    assert not found.removed


def test_fewer_pieces_are_a_credit_over_those_pieces() -> None:
    many = line("30.00", "6.00", quantity=Decimal(3), unit_price=Decimal(10))
    few = line("10.00", "2.00", quantity=Decimal(1), unit_price=Decimal(10))
    (removed,) = edit(order(many), order(few)).removed
    assert (removed.quantity, removed.unit_price, removed.tax) == (Decimal(2), Decimal("10.00"), Decimal("4.00"))
    assert removed.taxes[0].percent == 20


def test_another_price_is_one_line_that_says_what_it_was() -> None:
    found = edit(order(line("36.00", "7.20")), order(line("40.00", "8.00")))
    assert [(one.amount, one.tax, one.description) for one in found.added] == [
        (Decimal("4.00"), Decimal("0.80"), "36.00 → 40.00")
    ]


def test_another_tax_takes_the_line_back_and_invoices_it_anew() -> None:
    found = edit(order(line("36.00", "7.20")), order(line("36.00", "2.52", "7")))
    assert [one.taxes[0].percent for one in found.added] == [7]
    assert [one.taxes[0].percent for one in found.removed] == [20]
    assert lines_total(found.removed) == Decimal("43.20")


def test_a_person_reads_each_line_that_changed() -> None:
    was = order(line("36.00", "7.20"), line("5.00", "0", id="2", name="Cap"))
    now = order(line("40.00", "8.00"), line("9.00", "0", id="3", name="Mug"))
    assert listed(stand(was), stand(now)) == ["Tee: 43.20 → 48.00", "Cap: 5.00 → nothing", "Mug: nothing → 9.00"]


def _taxes(lines: tuple[object, ...]) -> Decimal:
    return sum((one.tax for one in lines), Decimal(0))  # type: ignore[attr-defined]

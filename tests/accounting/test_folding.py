"""Books that refuse negative lines: what is negative is taken into other lines, and neither the total nor a tax moves."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Capabilities
from connectors.documents import ZERO, Line, LineTax, Tax
from hub.accounting.folding import fold, folded
from hub.accounting.lines import books_lines, rounding_line
from hub.accounting.percents import computed
from hub.accounting.policy import Policy
from hub.accounting.proof import lines_total
from hub.accounting.wanted import WantedLine
from tests.accounting.orders import CENT, cents, line, lines, orders

REFUSING = Capabilities(negative_lines=False)
LAST_DECIMAL = Decimal("0.000005")
"""What three decimals of a percent leave unsaid of an amount."""


def _booked(*given: Line) -> tuple[WantedLine, ...]:
    return books_lines(given, "EUR", Policy(), REFUSING)


def _fee(amount: str, *taxes: Tax) -> Line:
    return line(amount, "0", id="fee", kind="adjustment", name="Adjustment fee", sku="", taxes=taxes)


def _by_name(lines: Iterable[WantedLine]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for tax in (tax for one in lines for tax in one.taxes):
        sums[tax.name] = sums.get(tax.name, ZERO) + tax.amount
    return {name: amount for name, amount in sums.items() if amount}


def _made(lines: Iterable[WantedLine]) -> dict[str, Decimal]:
    """What the percents come to, by name."""
    sums: dict[str, Decimal] = {}
    for tax, made in (pair for one in lines for pair in zip(one.taxes, computed(one), strict=True)):
        sums[tax.name] = sums.get(tax.name, ZERO) + made
    return sums


def test_a_fee_that_is_kept_back_leaves_the_tax_of_the_line_that_bears_it() -> None:
    [lamp] = _booked(line("41.99", "8.50", "20.24", name="Lamp"), _fee("-0.50"))
    [tax] = lamp.taxes
    assert (lamp.amount, tax.amount, tax.percent) == (Decimal("41.49"), Decimal("8.50"), Decimal("20.487"))
    assert [made.quantize(CENT) for made in computed(lamp)] == [Decimal("8.50")]
    assert lamp.description == "including Adjustment fee -0.50"


def test_a_percent_that_still_makes_the_cents_stays() -> None:
    [tee] = folded([*_booked(line("40.00", "8.00")), rounding_line(-CENT)], "EUR", REFUSING)
    assert [(tax.percent, tax.amount) for tax in tee.taxes] == [(20, 8)]


def test_a_line_of_the_same_taxes_is_taken_before_a_larger_one() -> None:
    shipping = line("5.00", "0", id="2", kind="shipping", name="Flat rate")
    tee, freight = _booked(line("40.00", "8.00"), shipping, _fee("-2.00"))
    assert (tee.amount, freight.amount) == (40, 3)


def test_nothing_is_taken_off_a_sold_gift_card_while_there_is_another_line() -> None:
    card = line("50.00", "0", id="2", kind="gift_card", name="Gift card")
    tee, sold = _booked(line("40.00", "8.00"), card, _fee("-2.00"))
    assert (tee.amount, tee.tax, sold.amount) == (38, 8, 50)


def test_a_discount_is_taken_off_a_line_of_the_same_rate_though_another_of_its_tax_is_larger() -> None:
    book = line("20.00", "1.10", "5.5", id="2", name="Book")
    off = _fee("-5.00", Tax(name="VAT", rate=Decimal("5.5"), amount=Decimal("-0.28")))
    tee, read = _booked(line("40.00", "8.00"), book, off)
    assert (tee.amount, read.amount, {tax.percent for tax in read.taxes}) == (40, 15, {Decimal("5.5")})


def test_a_fee_with_its_own_tax_lowers_that_tax() -> None:
    [tee] = _booked(line("40.00", "8.00"), _fee("-10.00", Tax(name="VAT", rate=Decimal(20), amount=Decimal("-2.00"))))
    assert (tee.amount, [(tax.percent, tax.amount) for tax in tee.taxes]) == (30, [(20, 6)])


def test_a_tax_that_no_other_line_has_is_taken_off_the_price() -> None:
    [tee] = _booked(line("40.00", "8.00"), _fee("-10.00", Tax(name="Eco", rate=Decimal(5), amount=Decimal("-0.50"))))
    assert (tee.amount, tee.tax) == (Decimal("29.50"), 8)
    assert tee.description == "including Adjustment fee -10.50"


def test_a_fee_that_no_line_can_bear_alone_is_borne_by_the_two_largest_together() -> None:
    things = [line("10.00", "2.00", id=str(place)) for place in range(3)]
    both, third = _booked(*things, _fee("-15.00"))
    assert (both.amount, both.tax, third.amount, third.tax) == (5, 4, 10, 2)


def test_where_hardly_a_price_is_left_the_tax_is_part_of_it() -> None:
    [tee] = _booked(line("10.00", "2.00"), _fee("-10.00"))
    assert (tee.amount, tee.taxes) == (2, ())
    assert tee.description == "including VAT 2.00 including Adjustment fee -10.00"


def test_more_taxes_than_a_line_has_room_for_become_one() -> None:
    def taxed(id: str, *names: str) -> Line:
        taxes = tuple(Tax(name=name, rate=Decimal(5), amount=Decimal("0.50")) for name in names)
        return line("10.00", "0", id=id, taxes=taxes)

    [both] = _booked(taxed("1", "A", "B"), taxed("2", "C"), _fee("-15.00"))
    [tax] = both.taxes
    assert (both.amount, tax.name, tax.percent, tax.amount) == (5, "A + B + C", 30, Decimal("1.50"))


def test_the_same_percent_over_cents_that_were_carried_stays_when_lines_become_one() -> None:
    def wanted(amount: str, tax: str) -> WantedLine:
        taxes = (LineTax(name="VAT", percent=Decimal("8.25"), amount=Decimal(tax)),)
        return WantedLine(name="Tee", unit_price=Decimal(amount), taxes=taxes)

    [one] = fold([wanted("19.98", "1.66")], wanted("-9.99", "-0.82"), "USD", REFUSING)
    assert [(tax.percent, tax.amount) for tax in one.taxes] == [(Decimal("8.25"), Decimal("0.84"))]


@given(st.lists(lines(), min_size=1, max_size=5), st.lists(cents, max_size=3))
def test_folding_moves_neither_the_total_nor_any_tax(things: list[Line], fees: list[Decimal]) -> None:
    plain = [one for one in _booked(*things) if one.amount]
    taken = [rounding_line(-fee) for fee in fees if fee]
    made = folded([*plain, *taken], "EUR", REFUSING)
    assert lines_total(tuple(made)) == lines_total((*plain, *taken))
    if sum(fees, ZERO) * 2 <= max((one.amount for one in plain), default=ZERO):
        assert _by_name(made) == _by_name(plain)
        assert all(one.amount >= 0 for one in made)
        decimals = sum((one.amount for one in plain), ZERO) * LAST_DECIMAL * (1 + len(taken))
        near, was = CENT / 2 * len(taken) + decimals, _made(plain)
        assert all(abs(tax - was[name]) <= near for name, tax in _made(made).items())


@given(orders(), st.integers(1, 2_000))
def test_whatever_is_taken_off_an_order_its_books_lines_are_worth_the_same(given: object, units: int) -> None:
    taken = rounding_line(-units * CENT)
    plain = list(books_lines(given.lines, "EUR", Policy(discounts="line"), Capabilities()))  # type: ignore[attr-defined]
    made = folded([*plain, taken], "EUR", REFUSING)
    assert lines_total(tuple(made)) == lines_total((*plain, taken))

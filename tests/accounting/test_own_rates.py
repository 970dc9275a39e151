"""A source's own rate stands where it makes what the tax comes to on the whole document, wherever its cents lie."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Capabilities
from connectors.documents import ZERO, CreditNote, Invoice, Line, Tax
from hub.accounting.lines import books_lines
from hub.accounting.policy import Policy, RoundingTolerance
from hub.accounting.proof import correctable, left_by_lines, line_by_line, lines_total
from hub.accounting.wanted import WantedLine
from tests.accounting.books_sums import booked_total
from tests.accounting.orders import CENT, PLACED, line

COMPOUND = Capabilities(compound_taxes=True)
TOLERANCE = RoundingTolerance()


def _carried(prices: list[Decimal], rate: Decimal) -> list[Line]:
    """Each row's tax with what the row before it rounded away, as Magento does unless it is told otherwise."""
    made, left = [], ZERO
    for place, price in enumerate(prices):
        exact = price * rate / 100 + left
        tax = exact.quantize(CENT, ROUND_HALF_UP)
        left = exact - tax
        made.append(line(str(price), str(tax), str(rate), id=str(place)))
    return made


def _canadian(net: str) -> Line:
    """GST 5 %, and QST 9.975 % on price and GST."""
    first = (Decimal(net) * 5 / 100).quantize(CENT, ROUND_HALF_UP)
    second = ((Decimal(net) + first) * Decimal("9.975") / 100).quantize(CENT, ROUND_HALF_UP)
    taxes = Tax(name="GST", rate=Decimal(5), amount=first), Tax(name="QST", rate=Decimal("9.975"), amount=second)
    return line(net, "0", taxes=taxes)


def _booked(lines: list[Line], books: Capabilities = COMPOUND) -> tuple[WantedLine, ...]:
    return books_lines(lines, "USD", Policy(), books)


def _document(lines: tuple[WantedLine, ...], *, kind: type[Invoice | CreditNote] = Invoice) -> Invoice | CreditNote:
    total = lines_total(lines)
    return kind(number="N-1", client_id="7", date=PLACED.date(), currency="USD", lines=lines, total=total)


def _percents(lines: tuple[WantedLine, ...]) -> set[Decimal]:
    return {tax.percent for one in lines for tax in one.taxes}


@pytest.mark.parametrize("rows", [2, 5, 25, 40])
def test_cents_carried_from_row_to_row_do_not_change_the_rate(rows: int) -> None:
    made = _booked(_carried([Decimal("9.99")] * rows, Decimal("8.25")))
    assert _percents(made) == {Decimal("8.25")}
    assert booked_total(made, "tax") == lines_total(made)


@given(
    st.lists(st.sampled_from([Decimal(text) for text in ("2.49", "9.99", "14.99", "120.05")]), min_size=1, max_size=40),
    st.sampled_from([Decimal(text) for text in ("5", "8.25", "8.875", "19")]),
)
def test_one_rate_is_one_percent_however_its_cents_were_carried(prices: list[Decimal], rate: Decimal) -> None:
    made = _booked(_carried(prices, rate))
    assert _percents(made) == {rate}
    assert abs(booked_total(made, "tax") - lines_total(made)) <= CENT


def test_rows_whose_tax_is_not_of_their_rate_do_not_hide_behind_each_other() -> None:
    more, less = line("100.00", "20.50", "20", id="1"), line("100.00", "19.50", "20", id="2")
    assert _percents(_booked([more, less])) == {Decimal("20.5"), Decimal("19.5")}


def test_a_cent_that_nothing_was_carried_to_takes_the_effective_rate() -> None:
    assert _percents(_booked([line("69.00", "5.70", "8.25"), line("20.00", "1.65", "8.25", id="2")])) == {
        Decimal("8.261"),
        Decimal("8.25"),
    }


@pytest.mark.parametrize("kind", [Invoice, CreditNote])
def test_books_that_round_each_line_get_the_percents_of_each_line(kind: type[Invoice | CreditNote]) -> None:
    document = _document(_booked(_carried([Decimal("9.99")] * 25, Decimal("8.25"))), kind=kind)
    gap = document.total - booked_total(document.lines, "line")
    assert gap == left_by_lines(document) == 10 * CENT
    other = line_by_line(document, COMPOUND)
    assert booked_total(other.lines, "line") == document.total
    assert left_by_lines(other) == 0


def test_a_document_without_carried_cents_has_no_other_percents() -> None:
    document = _document(_booked([line("40.00", "8.00"), line("69.00", "5.70", "8.25", id="2")]))
    assert line_by_line(document, COMPOUND) == document


# --- tax on tax ---


def test_a_tax_on_tax_keeps_its_rate_where_the_books_can_charge_it_so() -> None:
    [made] = _booked([_canadian("25432.10")])
    assert [(tax.name, tax.percent, tax.compound) for tax in made.taxes] == [
        ("GST", 5, False),
        ("QST", Decimal("9.975"), True),
    ]
    assert abs(booked_total([made], "tax") - made.amount - made.tax) <= CENT


def test_a_tax_on_tax_comes_after_the_one_that_it_is_charged_on() -> None:
    given = _canadian("100.00")
    [made] = _booked([given.model_copy(update={"taxes": given.taxes[::-1]})])
    assert [tax.name for tax in made.taxes] == ["GST", "QST"]


def test_two_taxes_on_the_price_alone_are_not_taken_for_tax_on_tax() -> None:
    taxes = (
        Tax(name="GST", rate=Decimal(5), amount=Decimal("5.00")),
        Tax(name="QST", rate=Decimal("9.975"), amount=Decimal("9.98")),
    )
    [made] = _booked([line("100.00", "0", taxes=taxes)])
    assert [(tax.percent, tax.compound) for tax in made.taxes] == [(5, False), (Decimal("9.975"), False)]


def test_a_cent_is_not_taken_for_tax_on_tax() -> None:
    def odd(id: str, second: str) -> Line:
        taxes = tuple(
            Tax(name=name, rate=Decimal(5), amount=Decimal(tax)) for name, tax in (("A", "0.10"), ("B", second))
        )
        return line("2.00", "0", id=id, taxes=taxes)

    made = _booked([odd("1", "0.10"), odd("2", "0.11")])
    assert not any(tax.compound for one in made for tax in one.taxes)


def test_where_the_books_do_not_charge_tax_on_tax_the_effective_rate_is_the_other_way() -> None:
    document = _document(_booked([_canadian("100.00")]))
    other = line_by_line(document, COMPOUND)
    assert [(tax.percent, tax.compound) for tax in other.lines[0].taxes] == [(5, False), (Decimal("10.47"), False)]


# --- what three decimals cannot say ---


@pytest.mark.parametrize("net", ["7999.99", "12345.67", "25432.10"])
def test_what_the_last_decimal_of_a_percent_hides_is_corrected(net: str) -> None:
    document = _document(_booked([_canadian(net)], Capabilities()))
    gap = document.total - booked_total(document.lines, "tax")
    assert abs(gap) > CENT
    assert correctable(gap, document, TOLERANCE, Capabilities())


def test_more_than_the_last_decimal_hides_is_not() -> None:
    document = _document(_booked([_canadian("25432.10")], Capabilities()))
    gap = document.total - booked_total(document.lines, "tax")
    assert not correctable(gap + (2 * CENT if gap > 0 else -2 * CENT), document, TOLERANCE, Capabilities())


def test_a_rate_that_the_books_can_say_hides_nothing_however_large_the_amount() -> None:
    document = _document(_booked([line("1000000.00", "200000.00")]))
    assert correctable(CENT, document, TOLERANCE, Capabilities())
    assert not correctable(2 * CENT, document, TOLERANCE, Capabilities())

"""The source's rate where it reproduces the cents; the effective rate where it does not; names by the tax table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given

from connectors.base import Capabilities
from connectors.documents import Address, Line, Order, Tax
from hub.accounting.policy import Policy
from hub.accounting.proof import lines_total
from hub.accounting.tax_table import TaxRow, TaxTable, require_mapped
from hub.accounting.taxes import books_taxes
from hub.accounting.terms import Terms
from hub.accounting.want import want
from hub.accounting.wanted import WantedLine
from hub.errors import Held
from tests.accounting.orders import line, order, orders, refund


def _taxes(net: str, *taxes: Tax, table: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    [named] = TaxTable(names=table or {}).named(order(line(net, "0", taxes=taxes))).lines
    made = books_taxes(named.net, [tax for tax in named.taxes if tax.amount], "USD", Capabilities())
    return [(tax.name, format(tax.percent, "f"), str(tax.amount)) for tax in made]


def _tax(amount: str, rate: str | None, name: str = "VAT") -> Tax:
    return Tax(name=name, rate=Decimal(rate) if rate else None, amount=Decimal(amount))


def test_the_sources_own_rate_is_kept_where_it_makes_the_amount() -> None:
    assert _taxes("69.00", _tax("5.69", "8.25")) == [("VAT", "8.25", "5.69")]


def test_a_cent_of_delta_rounding_takes_the_effective_rate() -> None:
    assert _taxes("69.00", _tax("5.70", "8.25")) == [("VAT", "8.261", "5.70")]


def test_an_imported_tax_without_a_rate_takes_the_effective_rate() -> None:
    assert _taxes("50.00", _tax("4.13", None)) == [("VAT", "8.260", "4.13")]


def test_a_third_tax_is_merged_since_the_books_have_two_slots() -> None:
    three = _taxes("100.00", _tax("5.00", "5", "A"), _tax("2.00", "2", "B"), _tax("1.00", "1", "C"))
    assert three == [("A + B + C", "8", "8.00")]


def test_a_tax_of_nothing_is_no_tax() -> None:
    assert _taxes("100.00", _tax("0.00", "20")) == []


def test_the_tax_table_renames() -> None:
    assert _taxes("100.00", _tax("20.00", "20", "FR-20"), table={"FR-20": "TVA"}) == [("TVA", "20", "20.00")]


def test_an_unmapped_tax_is_held_where_the_policy_says_so() -> None:
    with pytest.raises(Held, match="FR-20") as held:
        unmapped = TaxTable().unmapped(order(line("5.00", "0", taxes=(_tax("1.00", "20", "FR-20"),))))
        require_mapped(unmapped, Policy(unmapped_tax="hold"))
    assert held.value.problem["value"] == "FR-20"


# --- the table ---


def _line(*taxes: Tax, net: str = "100.00", **more: object) -> Line:
    return line(net, "0", taxes=taxes, **more)


def _booked(*lines: Line, rows: tuple[TaxRow, ...] = (), country: str = "", **policy: object) -> list[WantedLine]:
    given = order(*lines, shipping=Address(country=country))
    return list(want(given, Terms(policy=Policy(**policy), tax_table=TaxTable(rows))).invoice.lines)


def _names(lines: list[WantedLine]) -> list[list[tuple[str, str]]]:
    return [[(tax.name, format(tax.percent, "f")) for tax in one.taxes] for one in lines]


def test_the_most_specific_row_of_the_table_wins() -> None:
    rows = (
        TaxRow("VAT", "any"),
        TaxRow("VAT", "of the rate", rate=Decimal(20)),
        TaxRow("VAT", "of the country", country="FR"),
        TaxRow("VAT", "of both", rate=Decimal(20), country="FR"),
        TaxRow("VAT", "of this flow", own=True),
    )

    def name(rows: tuple[TaxRow, ...], rate: str, country: str) -> str:
        row = TaxTable(rows).row(_tax("1.00", rate), country)
        return row.to if row else ""

    assert name(rows, "5", "GB") == "of this flow"
    assert name(rows[:4], "5", "GB") == "any"
    assert name(rows[:4], "20", "GB") == "of the rate"
    assert name(rows[:4], "5", "FR") == "of the country"
    assert name(rows[:4], "20", "FR") == "of both"
    assert name(rows[1:2], "5", "FR") == ""


def test_a_rate_is_the_same_rate_however_many_zeros_it_ends_with() -> None:
    row = TaxRow("VAT", "TVA", rate=Decimal("20.0000"))
    assert _names(_booked(_line(_tax("20.00", "20")), rows=(row,))) == [[("TVA", "20")]]


def test_what_is_not_sent_anywhere_is_taxed_where_the_bill_goes() -> None:
    given = order(_line(_tax("20.00", "20")), billing=Address(country="DE"))
    table = TaxTable((TaxRow("VAT", "USt", country="DE"),))
    assert table.named(given).lines[0].taxes[0].name == "USt"


def test_a_row_of_the_table_comes_before_the_list_of_names() -> None:
    table = TaxTable((TaxRow("VAT", "from the table"),), {"VAT": "from the list"})
    assert table.named(order(_line(_tax("20.00", "20")))).lines[0].taxes[0].name == "from the table"


def test_the_tables_percent_is_used_where_it_makes_the_cents() -> None:
    row = TaxRow("Imported", "VAT", percent=Decimal("20.000"))
    assert _names(_booked(_line(_tax("20.00", None, "Imported")), rows=(row,))) == [[("VAT", "20")]]


def test_the_tables_percent_gives_way_to_the_amount_that_the_store_charged() -> None:
    row = TaxRow("Imported", "VAT", percent=Decimal("19"))
    assert _names(_booked(_line(_tax("20.00", None, "Imported")), rows=(row,))) == [[("VAT", "20.000")]]
    assert _names(_booked(_line(_tax("20.00", "20", "Imported")), rows=(row,))) == [[("VAT", "20")]]


def test_taxes_that_the_books_call_alike_are_one_tax() -> None:
    rows = (TaxRow("State", "Sales tax"), TaxRow("County", "Sales tax"), TaxRow("City", "Sales tax"))
    taxes = _tax("5.00", "5", "State"), _tax("2.00", "2", "County"), _tax("1.00", "1", "City")
    [made] = _booked(_line(*taxes), rows=rows)
    assert [(tax.name, tax.percent, tax.amount) for tax in made.taxes] == [("Sales tax", 8, 8)]


def test_a_refund_bears_the_same_names() -> None:
    given = order(_line(_tax("20.00", "20")), refunds=(refund(_line(_tax("20.00", "20"))),))
    [credit] = want(given, Terms(tax_table=TaxTable((TaxRow("VAT", "TVA"),)))).credits
    assert _names(list(credit.lines)) == [[("TVA", "20")]]


# --- what is not in it ---


def test_what_passes_is_told_with_what_it_is_worth() -> None:
    taxes = _tax("20.00", "20"), _tax("2.00", "2", "Eco")
    given = order(_line(*taxes), _line(_tax("10.00", "20"), net="50.00"), shipping=Address(country="FR"))
    wanted = want(given, Terms(tax_table=TaxTable((TaxRow("Eco", "Eco levy"),))))
    [one] = wanted.unmapped
    assert (one.name, one.rate, one.country, one.tax, one.net, one.currency) == ("VAT", 20, "FR", 30, 150, "EUR")


def test_an_exempt_customer_has_no_tax_and_is_listed_nowhere() -> None:
    given = order(_line(_tax("0.00", "20")), _line())
    wanted = want(given, Terms(policy=Policy(unmapped_tax="hold")))
    assert wanted.unmapped == ()
    assert _names(list(wanted.invoice.lines)) == [[], []]


def test_all_that_is_missing_is_asked_for_at_once() -> None:
    with pytest.raises(Held, match="VAT, Eco") as held:
        _booked(_line(_tax("20.00", "20"), _tax("2.00", "2", "Eco")), unmapped_tax="hold")
    assert [one["name"] for one in held.value.problem["tax"]["missing"]] == ["VAT", "Eco"]


# --- odd taxes ---


def test_tax_on_tax_is_taken_as_it_was_charged() -> None:
    federal, local = _tax("5.00", "5", "GST"), _tax("10.47", "9.975", "QST")  # 9.975 % of 105.00
    [made] = _booked(_line(federal, local))
    assert [(tax.name, format(tax.percent, "f"), tax.amount) for tax in made.taxes] == [
        ("GST", "5", Decimal("5.00")),
        ("QST", "10.470", Decimal("10.47")),
    ]


def test_shipping_bears_its_own_tax() -> None:
    shipping = _line(_tax("1.00", "20"), net="5.00", kind="shipping", name="Flat rate")
    assert _names(_booked(_line(_tax("20.00", "20")), shipping)) == [[("VAT", "20")], [("VAT", "20")]]


def test_a_negative_price_with_its_negative_tax_keeps_the_rate() -> None:
    back = _line(_tax("-2.00", "20"), net="-10.00", id="2")
    assert _names(_booked(_line(_tax("20.00", "20")), back))[1] == [("VAT", "20")]


@pytest.mark.parametrize("net", ["0.00", "-10.00"])
def test_a_tax_that_no_percent_of_its_price_can_be_is_a_line_of_its_own(net: str) -> None:
    odd = _line(_tax("2.00", "20"), net=net, id="2", name="Odd")
    made = _booked(_line(_tax("20.00", "20")), odd)
    assert [(one.name, one.amount, one.taxes) for one in made][-1] == ("VAT on Odd", 2, ())
    assert lines_total(tuple(made)) == 122 + Decimal(net)


@given(orders())
def test_under_any_names_the_amounts_stay(given: Order) -> None:
    rows = (TaxRow("Tax 0", "One"), TaxRow("Tax 1", "One", percent=Decimal(7)), TaxRow("Tax 2", "Two"))
    for style in ("percent", "lines"):
        wanted = want(given, Terms(policy=Policy(tax_style=style), tax_table=TaxTable(rows)))  # type: ignore[arg-type]
        assert lines_total(wanted.invoice.lines) == given.total
        assert any(one.taxes for one in wanted.invoice.lines) <= (style == "percent")
        named = {tax.name for one in wanted.invoice.lines for tax in one.taxes}
        assert named <= {"One", "Two"}

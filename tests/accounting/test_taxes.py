"""The source's rate where it reproduces the cents; the effective rate where it does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.base import Capabilities
from connectors.documents import Tax
from hub.accounting.policy import Policy
from hub.accounting.taxes import books_taxes, require_mapped
from hub.errors import Held
from tests.accounting.orders import line


def _taxes(net: str, *taxes: Tax, table: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    made = books_taxes(line(net, "0", taxes=taxes), "USD", Capabilities(), table or {})
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
        require_mapped([_tax("1.00", "20", "FR-20")], Policy(unmapped_tax="hold"), {})
    assert held.value.problem["value"] == "FR-20"

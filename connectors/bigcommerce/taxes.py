"""The taxes of one amount, by name. The amount's own tax is the truth; the rows of `/taxes?details=true` name it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.bigcommerce.reading import amount, apportioned, id_of, money, rounded, text
from connectors.documents import ZERO, Raw, Tax

Parts = Sequence[tuple[str, str]]
"""Kind of amount (`item`, `shipping`, `handling`, `gift-wrapping`) and the order product's id, where it has one."""


class NamedTaxes:
    """What one order says about its taxes."""

    def __init__(self, rows: Sequence[Raw], currency: str) -> None:
        self.rows = list(rows)
        self.currency = currency

    def split(self, whole: Decimal, kind: str, product_id: str = "", address_id: str = "") -> tuple[Tax, ...]:
        """`whole` under the names that the order gives for this amount, else under those of the whole order."""
        whole = rounded(whole, self.currency)
        if not whole:
            return ()
        named = self._about(kind, product_id, address_id) or self.rows
        weights = self._weights(named, "line_amount")
        if not sum(weights.values(), ZERO):
            weights = self._weights(named, "rate")
        if not sum(weights.values(), ZERO):
            return (Tax(name="Tax", amount=whole),)
        shares = apportioned(whole, list(weights.values()), self.currency)
        return tuple(
            Tax(name=name, rate=rate, amount=share)
            for (name, rate), share in zip(weights, shares, strict=True)
            if share
        )

    def of_all(self, whole: Decimal) -> tuple[Tax, ...]:
        """`whole` under the names of all the order's taxes, where nothing says what it was charged on."""
        return self.split(whole, "")

    def _about(self, kind: str, product_id: str, address_id: str) -> list[Raw]:
        """Without details rows are sums for an address and name no kind. Under automatic tax they name no address."""
        found = [
            row
            for row in self.rows
            if text(row.get("line_item_type")) == kind
            and (not product_id or id_of(row.get("order_product_id")) == product_id)
        ]
        there = [row for row in found if address_id and id_of(row.get("order_address_id")) == address_id]
        return there or found

    def _weights(self, named: Sequence[Raw], by: str) -> dict[tuple[str, Decimal | None], Decimal]:
        """One tax on several addresses is one tax. A refund takes its part off the amounts of its lines' taxes; of one that
        was taken off whole, the rates are left to go by."""
        found: dict[tuple[str, Decimal | None], Decimal] = {}
        for row in named:
            key = (text(row.get("name")) or "Tax", money(row.get("rate")) or None)
            found[key] = found.get(key, ZERO) + amount(row, by)
        return found

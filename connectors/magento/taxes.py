"""The taxes of one amount, by name. Magento names them per item and for shipping in `item_applied_taxes`; a line's
tax is the truth, and the named amounts are made to add up to it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.documents import ZERO, Raw, Tax
from connectors.magento.reading import amount, apportioned, extension, id_of, money, rounded, rows, text


class AppliedTaxes:
    """What one order says about its taxes."""

    def __init__(self, order: Raw, currency: str) -> None:
        self.currency = currency
        self.all = rows(extension(order).get("applied_taxes"))
        self.by_item = rows(extension(order).get("item_applied_taxes"))

    def split(self, whole: Decimal, kind: str, item_id: str = "", percent: Decimal = ZERO) -> tuple[Tax, ...]:
        """`whole` under the names that the order gives for this kind of amount, or under one name."""
        whole = rounded(whole, self.currency)
        if not whole:
            return ()
        return self._shared(whole, self._named(kind, item_id)) or (self._single(whole, percent),)

    def of_all(self, whole: Decimal) -> tuple[Tax, ...]:
        """`whole` under the names of all the order's taxes, where nothing says what it was charged on."""
        return self._shared(whole, self.all) or (self._single(whole, ZERO),)

    def _shared(self, whole: Decimal, named: Sequence[Raw]) -> tuple[Tax, ...]:
        """As they stand to each other; nothing where they come to nothing."""
        charged = [tax for tax in named if amount(tax, "amount")]
        if not sum((amount(tax, "amount") for tax in charged), ZERO):
            return ()
        shares = apportioned(whole, [amount(tax, "amount") for tax in charged], self.currency)
        return tuple(_tax(tax, share) for tax, share in zip(charged, shares, strict=True) if share)

    def _named(self, kind: str, item_id: str) -> Sequence[Raw]:
        found = [entry for entry in self.by_item if entry.get("type") == kind and self._about(entry, item_id)]
        return [tax for entry in found for tax in rows(entry.get("applied_taxes"))]

    def _about(self, entry: Raw, item_id: str) -> bool:
        return not item_id or item_id in (id_of(entry.get("item_id")), id_of(entry.get("associated_item_id")))

    def _single(self, whole: Decimal, percent: Decimal) -> Tax:
        """Where a module imported the tax, only the rate may say which of the order's taxes it is."""
        alike = [tax for tax in self.all if percent and money(tax.get("percent")) == percent]
        named = self.all if len(self.all) == 1 else alike
        if len(named) == 1:
            return _tax(named[0], whole)
        return Tax(name="Tax", rate=percent or None, amount=whole)


def _tax(applied: Raw, share: Decimal) -> Tax:
    name = text(applied.get("title")) or text(applied.get("code")) or "Tax"
    return Tax(name=name, rate=money(applied.get("percent")) or None, amount=share)

"""Money of which a source says only how much it was paid in all: its sum grows, and a part of it may be listed later,
as a payment with a name of its own. The books follow that sum, whatever was known first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.documents import ZERO, Order, Payment
from hub.accounting.parts import growth, growth_number

Amounts = Mapping[str, Decimal]
"""Part of the order → what the books hold for it."""


def booked_payments(
    order: Order, recorded: Amounts, kept: Set[str] = frozenset(), slack: Decimal = ZERO
) -> list[Payment]:
    """The order's payments, each over what the books are to hold of it. What is recorded of the sum stands while the sum
    bears it, and is not booked again under another name; what the sum grew by is a payment of its own. `kept` stands in
    any case; by `slack` rounding may have put the sum off. What a status alone claims stands as it is recorded: the status
    stays as it was when the order is edited."""
    earlier = of_total(order, recorded)
    if order.paid is None or not earlier:
        return [_as_recorded(payment, recorded) if payment.claimed else payment for payment in order.payments]
    return list(_Room(order, order.paid, recorded, slack).payments(earlier, kept))


def of_total(order: Order, recorded: Amounts) -> dict[str, Decimal]:
    """What is recorded of the sum itself, the oldest first."""
    if order.paid is None:
        return {}
    numbered = {growth_number(order.paid.id, part): part for part in recorded}
    return {part: recorded[part] for number, part in sorted(numbered.items()) if number}


def _as_recorded(payment: Payment, recorded: Amounts) -> Payment:
    return payment.model_copy(update={"amount": recorded.get(payment.id, payment.amount)})


class _Room:
    """`left` is what the source says was paid, less what of that is accounted for: first by payments that are listed and
    recorded, then by what is recorded of the sum, then by what is new."""

    def __init__(self, order: Order, total: Payment, recorded: Amounts, slack: Decimal) -> None:
        self.order, self.total, self.recorded, self.slack = order, total, recorded, slack
        self.listed = [payment for payment in order.payments if payment.id != total.id]
        known = sum((recorded.get(payment.id, ZERO) for payment in self.listed), ZERO)
        self.left = max(total.amount, sum((payment.amount for payment in self.listed), ZERO)) - known

    def payments(self, earlier: Amounts, kept: Set[str]) -> Iterator[Payment]:
        stands = {part: held for part, held in earlier.items() if self._bore(held, part in kept)}
        yield from (self._of_total(part, held) for part, held in stands.items())
        for payment in sorted(self.listed, key=lambda payment: payment.id in self.recorded):
            known = self.recorded.get(payment.id, ZERO)
            yield payment.model_copy(update={"amount": known + self._taken(payment.amount - known)})
        whole = sum((payment.amount for payment in self.order.payments if payment.id == self.total.id), ZERO)
        grown = self._taken(whole - sum(stands.values(), ZERO))
        if grown > self.slack:
            yield self._of_total(self._next(), grown)

    def _bore(self, held: Decimal, kept: bool) -> bool:
        if held > self.left + self.slack and not kept:
            return False
        self.left -= held
        return True

    def _taken(self, amount: Decimal) -> Decimal:
        share = max(min(amount, self.left), ZERO)
        self.left -= share
        return share

    def _next(self) -> str:
        numbers = (growth(self.total.id, number) for number in range(1, len(self.recorded) + 2))
        return next(part for part in numbers if part not in self.recorded)

    def _of_total(self, part: str, amount: Decimal) -> Payment:
        """The first is dated as the sum, what came later by the order's last change: more is not known of it."""
        changed = self.order.updated_at
        one = self.total.model_copy(update={"id": part, "amount": amount})
        if part == self.total.id or changed is None:
            return one
        date = changed.astimezone(ZoneInfo(self.order.timezone)).date()
        return one.model_copy(update={"paid_at": changed, "date": date})

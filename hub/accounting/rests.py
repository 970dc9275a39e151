"""A payment of which the books hold a part, and whose rest a person wants recorded: a payment of its own."""

from __future__ import annotations

from decimal import Decimal

from hub.accounting.parts import portion
from hub.accounting.wanted import WantedPayment


def with_rest(payment: WantedPayment, held: Decimal) -> tuple[WantedPayment, ...]:
    """What is held, and what is left of it; the payment alone where nothing is."""
    left = payment.amount - held
    if held <= 0 or left <= 0:
        return (payment,)
    part = portion(payment.part, "")
    key = payment.key + part.removeprefix(payment.part)
    rest = {"part": part, "key": key, "marker": f"[{key}]", "amount": left}
    return payment.model_copy(update={"amount": held}), payment.model_copy(update=rest)

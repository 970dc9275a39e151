"""By which rate an order is converted: the one that its invoice was made by; else the store's own, or one that a person
fixed, or the newest of the rate table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from connectors.documents import Order
from hub.accounting.policy import Policy
from hub.accounting.wanted import Conversion
from hub.errors import Held

DIGITS = Context(prec=12)
"""Of a rate that is worked out from others: what is printed on the document is what was multiplied by."""


@dataclass(frozen=True)
class Quote:
    """One unit of `base` cost `rate` of `currency` on this day."""

    date: dt.date
    base: str
    currency: str
    rate: Decimal
    source: str


@dataclass(frozen=True)
class Booked:
    """How the order's invoice stands in the books: what belongs to it is converted as it was."""

    currency: str
    conversion: Conversion | None = None


def conversion(order: Order, policy: Policy, quotes: Sequence[Quote], booked: Booked | None) -> Conversion | None:
    """None: the order is booked in its own currency. Raises Held where there is no rate."""
    if booked and booked.currency == order.currency:
        return None
    if booked and booked.conversion and booked.conversion.given == order.currency:
        return booked.conversion
    match policy.currency:
        case "base":
            return _stores_own(order)
        case "convert" if policy.convert_to != order.currency:
            return _fixed(order, policy) or _quoted(order, policy, quotes)
    return None


def fixed(order: Order, policy: Policy) -> bool:
    """Whether a person has fixed the rate, so that the table need not be asked."""
    return any(rate.currency == order.currency for rate in policy.rates)


def quoted(given: str, wanted: str, quotes: Iterable[Quote]) -> Conversion | None:
    """By the newest day that has a rate: the very pair, else its opposite, else by way of a third currency."""
    by_day: dict[dt.date, list[Quote]] = {}
    for quote in quotes:
        by_day.setdefault(quote.date, []).append(quote)
    found = (one for day in sorted(by_day, reverse=True) for one in _of_day(given, wanted, by_day[day]))
    return next(found, None)


def _of_day(given: str, wanted: str, quotes: Sequence[Quote]) -> Iterator[Conversion]:
    pairs = {(quote.base, quote.currency): quote for quote in quotes}
    if straight := pairs.get((given, wanted)):
        yield _made(given, wanted, straight.rate, straight)
    if opposite := pairs.get((wanted, given)):
        yield _made(given, wanted, DIGITS.divide(Decimal(1), opposite.rate), opposite)
    for pivot in sorted({base for base, _ in pairs}):
        one, other = pairs.get((pivot, given)), pairs.get((pivot, wanted))
        if one and other:
            yield _made(given, wanted, DIGITS.divide(other.rate, one.rate), other, f", by way of {pivot}")


def _made(given: str, wanted: str, rate: Decimal, quote: Quote, way: str = "") -> Conversion:
    return Conversion(given=given, currency=wanted, rate=rate, source=quote.source + way, date=quote.date)


def _stores_own(order: Order) -> Conversion | None:
    """The store's rate makes its base amounts into the order's: here it is taken the other way."""
    if order.base_currency == order.currency:
        return None
    if order.base_currency is None or not order.base_rate or order.base_rate <= 0:
        raise Held(
            "no_base_rate",
            f"Order {order.number} is in {order.currency}, and its store does not tell the rate to its own currency",
            field="base_rate",
            value=str(order.base_rate or ""),
            remedy="Let the flow convert by the rate table, or leave its invoices in the currency of the order.",
        )
    rate = DIGITS.divide(Decimal(1), order.base_rate)
    source = f"the store's own rate of {order.base_rate.normalize():f}"
    return Conversion(given=order.currency, currency=order.base_currency, rate=rate, source=source, date=order.date)


def _fixed(order: Order, policy: Policy) -> Conversion | None:
    for rate in policy.rates:
        if rate.currency == order.currency:
            return Conversion(
                given=order.currency, currency=policy.convert_to, rate=rate.rate, source=rate.source, date=rate.date
            )
    return None


def _quoted(order: Order, policy: Policy, quotes: Sequence[Quote]) -> Conversion:
    found = quoted(order.currency, policy.convert_to, quotes)
    if found:
        return found
    raise Held(
        "no_rate",
        f"There is no rate from {order.currency} to {policy.convert_to} of {order.date} or the "
        f"{policy.rate_days} days before",
        field="rates",
        value=order.currency,
        remedy="Add the rate below, or on the page “Exchange rates”. Every order that is held for it is then posted.",
        rate={
            "from": order.currency,
            "to": policy.convert_to,
            "date": order.date.isoformat(),
            "days": policy.rate_days,
        },
    )

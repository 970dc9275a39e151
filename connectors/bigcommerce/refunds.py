"""V3's refunds: what was given back, as positive lines that add up to the refund's total.

A refund names items and one sum, and no amount for an item that goes back by quantity. So each item's share is reckoned
from its line of the order, and the refund's own total and tax are the truth that the shares are made to meet. Whether an
amount that was asked for is with tax nobody says: it is, unless only without does it come to the total. Where the shares
miss it by more than rounding, and nothing in the refund says why, what is left is its residual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.bigcommerce.reading import amount, apportioned, id_of, instant, rounded, rows, stated, text, total
from connectors.bigcommerce.statuses import REFUNDED, status_of
from connectors.bigcommerce.taxes import NamedTaxes
from connectors.bigcommerce.tenders import NAMES, tender_kind
from connectors.documents import ZERO, Line, Payment, Raw, Refund, Tax, Tender

LINES: Mapping[str, tuple[str, ...]] = {
    "PRODUCT": ("{id}",),
    "SHIPPING": ("shipping-{id}", "shipping"),
    "HANDLING": ("handling",),
    "GIFT_WRAPPING": ("wrapping",),
    "FEE": ("fee-{id}",),
}
"""Type of a refunded item → the order's line that it gives back."""
CENT, ONE = Decimal("0.01"), Decimal(1)
UNLISTED = "items that the refund does not list"
AMOUNT_ONLY = Line(id="amount", kind="adjustment", name="Refund without items", net=ZERO)


@dataclass(frozen=True)
class Share:
    """What one item gives back of one line; `tax` is reckoned until the refund's own tax is shared out."""

    line: Line
    quantity: Decimal
    gross: Decimal
    tax: Decimal

    def written(self, taxes: NamedTaxes) -> Line:
        named = _named(self.line.taxes, self.tax) if self.line.taxes else taxes.of_all(self.tax)
        net = self.gross - self.tax
        return self.line.model_copy(update={"quantity": self.quantity, "net": net, "discount": ZERO, "taxes": named})


@dataclass(frozen=True)
class Sold:
    """What the order sold: its lines, and its products, each of which says what its own wrapping cost."""

    lines: Mapping[str, Line]
    products: Mapping[str, Raw]
    taxes: NamedTaxes

    @property
    def currency(self) -> str:
        return self.taxes.currency

    def line(self, kind: str, id: str) -> Line | None:
        places = (place.format(id=id) for place in LINES.get(kind, ()))
        return next((self.lines[place] for place in places if place in self.lines), None)


def refunds(raw: Raw, lines: Sequence[Line], currency: str, zone: ZoneInfo) -> tuple[Refund, ...]:
    """The oldest first. One that the gateway declined whole has not happened."""
    known = sorted(rows(raw.get("refunds")), key=lambda one: int(id_of(one.get("id")) or 0))
    products = {id_of(row.get("id")): row for row in rows(raw.get("products"))}
    sold = Sold({line.id: line for line in lines}, products, NamedTaxes(rows(raw.get("taxes")), currency))
    found = (refund(raw["order"], one, sold, zone) for one in known)
    return tuple(one for one in found if one.total > 0)


def refund(order: Raw, given: Raw, sold: Sold, zone: ZoneInfo) -> Refund:
    refunded_at = instant(given.get("created") or order.get("date_modified") or order.get("date_created"))
    whole = rounded(amount(given, "total_amount") - _declined(given), sold.currency)
    made = tuple(refund_lines(given, sold, whole))
    return Refund(
        id=id_of(given.get("id")),
        number=id_of(given.get("id")),
        order_id=id_of(order.get("id")),
        currency=sold.currency,
        date=refunded_at.astimezone(zone).date(),
        refunded_at=refunded_at,
        lines=made,
        total=whole,
        residual=whole - sum((line.gross for line in made), ZERO),
        tenders=_tenders(given, sold.currency),
        reason="; ".join(dict.fromkeys(filter(None, (text(one.get("reason")) for one in (given, *_items(given)))))),
    )


def refund_lines(given: Raw, sold: Sold, whole: Decimal) -> Iterator[Line]:
    tax = rounded(amount(given, "total_tax"), sold.currency)
    shares = _shares(given, sold) or [Share(AMOUNT_ONLY, ONE, whole, tax)]
    shares = _with_tax(_rounded_off(shares, whole, _worth(given, sold)), whole, tax, sold.currency)
    made = [share.written(sold.taxes) for share in shares if share.gross]
    yield from made
    yield from _beside_items(given, made, whole, tax, sold.taxes)


def claimed(order: Raw, paid: Sequence[Payment]) -> Decimal | None:
    """The order does not say how much went back (`refunded_amount` is always 0), only that all of it did."""
    whole = sum((payment.amount for payment in paid), ZERO)
    says_so = status_of(order) == REFUNDED or text(order.get("payment_status")).lower() == "refunded"
    return whole if says_so and whole else None


def _items(given: Raw) -> list[Raw]:
    return rows(given.get("items"))


def _id(item: Raw) -> str:
    return id_of(item.get("item_id"))


def _declined(given: Raw) -> Decimal:
    return total((one for one in rows(given.get("payments")) if one.get("is_declined")), "amount")


def _tenders(given: Raw, currency: str) -> tuple[Tender, ...]:
    paid_out = [one for one in rows(given.get("payments")) if not one.get("is_declined")]
    kinds = [(tender_kind(one.get("provider_id")), rounded(amount(one, "amount"), currency)) for one in paid_out]
    return tuple(Tender(kind=kind, name=NAMES[kind], amount=value) for kind, value in kinds if kind and value)


def _shares(given: Raw, sold: Sold) -> list[Share]:
    """By the reading that comes to what all items are worth."""
    worth = _worth(given, sold)
    readings = ([_share(item, given, sold, net=net) for item in _items(given)] for net in (False, True))
    return min(readings, key=lambda shares: abs(worth - _gross(shares)) > _rounding(shares))


def _worth(given: Raw, sold: Sold) -> Decimal:
    """What the items come to, before what the shop kept of them and what the gateway declined."""
    return rounded(amount(given, "total_amount"), sold.currency) - sum(_adjustments(given).values(), ZERO)


def _share(item: Raw, given: Raw, sold: Sold, *, net: bool) -> Share:
    """`net`: the amount that is asked for is without tax."""
    id, kind = _id(item), text(item.get("item_type")).upper()
    line, currency = sold.line(kind, id), sold.currency
    asked = rounded(amount(item, "requested_amount"), currency)
    if line is None:
        return Share(_plain_line(kind, id), ONE, asked, ZERO)
    if kind == "GIFT_WRAPPING" and not stated(item, "requested_amount"):
        return _wrapping(line, sold.products.get(id, {}), _pieces(item, given), currency)
    quantity = amount(item, "quantity") or line.quantity if kind == "PRODUCT" else ONE
    part = quantity / line.quantity if kind == "PRODUCT" else ONE
    if stated(item, "requested_amount") and line.gross:
        part = asked / ((line.net if net else ZERO) or line.gross)
    return Share(line, quantity, rounded(line.gross * part, currency), rounded(line.tax * part, currency))


def _wrapping(line: Line, product: Raw, quantity: Decimal, currency: str) -> Share:
    """Of one product, and of as many pieces as go back with it; the order's line bears that of all products."""
    if not amount(product, "wrapping_cost_inc_tax"):
        return Share(line, ONE, line.gross, line.tax)
    pieces = amount(product, "quantity") or ONE
    part = (quantity or pieces) / pieces
    gross, tax = (rounded(amount(product, f"wrapping_cost_{name}") * part, currency) for name in ("inc_tax", "tax"))
    return Share(line, ONE, gross, tax)


def _pieces(item: Raw, given: Raw) -> Decimal:
    """Of its product that go back; 0 where the refund does not say."""
    same = (one for one in _items(given) if one.get("item_type") == "PRODUCT" and _id(one) == _id(item))
    return amount(item, "quantity") or total(same, "quantity")


def _plain_line(kind: str, id: str) -> Line:
    """Of an amount that belongs to no line: it is exempt from tax."""
    name = "Refund of an amount" if kind == "ORDER" else f"Refund ({kind.replace('_', ' ').lower() or 'other'})"
    return Line(id=f"{kind.lower()}-{id}", kind="adjustment", name=name, net=ZERO)


def _rounded_off(shares: list[Share], *wholes: Decimal) -> list[Share]:
    """A cent for each piece is the rounding of the parts: the largest takes it. `wholes` is what they may come to."""
    rest = min((whole - _gross(shares) for whole in wholes), key=abs)
    if not rest or abs(rest) > _rounding(shares):
        return shares
    largest = max(range(len(shares)), key=lambda index: shares[index].gross)
    return [replace(one, gross=one.gross + rest) if at == largest else one for at, one in enumerate(shares)]


def _gross(shares: Sequence[Share]) -> Decimal:
    return sum((share.gross for share in shares), ZERO)


def _rounding(shares: Sequence[Share]) -> Decimal:
    return CENT * sum((max(share.quantity, ONE) for share in shares), ZERO)


def _with_tax(shares: list[Share], whole: Decimal, tax: Decimal, currency: str) -> list[Share]:
    """The refund's own tax, shared out as it was reckoned, or by amount where none was and the amounts are the whole. A
    tax below nothing, which the sheet knows of, is not shared: the amounts then stand as they are, without tax."""
    amounts, reckoned = [share.gross for share in shares], [share.tax for share in shares]
    if not any(reckoned) and sum(amounts, ZERO) == whole:
        reckoned = amounts
    if not sum(reckoned, ZERO) or tax <= 0 or tax > sum(amounts, ZERO):
        return [replace(share, tax=ZERO) for share in shares]
    return [replace(share, tax=own) for share, own in zip(shares, apportioned(tax, reckoned, currency), strict=True)]


def _beside_items(given: Raw, made: Sequence[Line], whole: Decimal, tax: Decimal, taxes: NamedTaxes) -> Iterator[Line]:
    """What the items leave open and the refund still explains: a tax that no line bears, what the gateway declined, what
    the shop kept, or that the merchant typed the amounts in."""
    rest = whole - sum((line.gross for line in made), ZERO)
    unborne = tax - sum((line.tax for line in made), ZERO)
    declined, adjusted = _declined(given), _adjustments(given)
    if rest and rest == unborne:
        yield Line(id="tax", kind="adjustment", name=UNLISTED, net=ZERO, taxes=taxes.of_all(rest))
    elif rest and rest == -declined:
        yield _difference("Declined by the gateway", rest)
    elif rest and adjusted and rest == sum(adjusted.values(), ZERO) - declined:
        yield _difference("; ".join(adjusted), rest)
    elif rest and given.get("uses_merchant_override_values"):
        yield _difference("Amounts set by the merchant", rest)


def _difference(name: str, amount: Decimal) -> Line:
    return Line(id="difference", kind="adjustment", name=name, unit_price=amount, net=amount)


def _adjustments(given: Raw) -> dict[str, Decimal]:
    """By their descriptions."""
    found: dict[str, Decimal] = {}
    for one in (row for item in _items(given) for row in rows(item.get("adjustments"))):
        name = text(one.get("description")) or "Adjustment"
        found[name] = found.get(name, ZERO) + amount(one, "amount")
    return found


def _named(names: Sequence[Tax], whole: Decimal) -> tuple[Tax, ...]:
    """`whole` under the names, and in the proportions, of the line's own taxes."""
    if not whole:
        return ()
    places = -int(whole.as_tuple().exponent)
    quantum = Decimal(1).scaleb(-places)
    weight = sum((tax.amount for tax in names), ZERO)
    shares = [(whole * tax.amount / weight).quantize(quantum) for tax in names]
    shares[0] += whole - sum(shares, ZERO)
    return tuple(tax.model_copy(update={"amount": share}) for tax, share in zip(names, shares, strict=True) if share)

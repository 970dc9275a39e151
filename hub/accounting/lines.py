"""The lines of an invoice or credit note, made from the source's lines so that they add up to the same cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO, Line, LineTax, Tax
from hub.accounting.amounts import plain, quantum, rounded
from hub.accounting.folding import folded
from hub.accounting.own_rates import own_rates
from hub.accounting.policy import Policy
from hub.accounting.taxes import books_taxes, on_the_line
from hub.accounting.wanted import WantedLine
from hub.accounting.wording import joined, times

ROUNDING = "Rounding"
EMPTY = "The order has no lines any more"


def books_lines(
    lines: Iterable[Line],
    currency: str,
    policy: Policy,
    capabilities: Capabilities,
    *,
    discount_names: Iterable[str] = (),
    residual: Decimal = ZERO,
) -> tuple[WantedLine, ...]:
    """`residual` is what the source's own lines leave open; it becomes one named rounding line."""
    naming = _Naming(policy, ", ".join(discount_names))
    split = policy.discounts == "line" and capabilities.negative_lines is not False
    lines = tuple(lines)
    own = own_rates(lines, currency, capabilities)
    made: list[WantedLine] = []
    for line in lines:
        fit, loose = on_the_line(line)
        taxes = books_taxes(line.net, fit, currency, capabilities, own)
        made += _with_discount_line(line, taxes, currency, naming) if split else [_line(line, taxes, currency, naming)]
        made += _loose_taxes(line, loose)
    if policy.tax_style == "lines":
        made = [*(line.model_copy(update={"taxes": ()}) for line in made), *_tax_lines(made)]
    if residual:
        made.append(rounding_line(residual))
    if capabilities.negative_lines is False:
        made = folded(made, currency, capabilities)
    return tuple(made)


def rounding_line(amount: Decimal) -> WantedLine:
    return _named_line(ROUNDING, amount)


def empty_line() -> WantedLine:
    """Books take no invoice without a line."""
    return _named_line(EMPTY, ZERO)


class _Naming:
    """The words that accounting itself must put on a line."""

    def __init__(self, policy: Policy, discount: str) -> None:
        self.policy = policy
        self.discount = discount

    def of(self, line: Line) -> str:
        chosen = self._chosen(line)
        return line.name if chosen == "line" else chosen

    def _chosen(self, line: Line) -> str:
        policy = self.policy
        named = {"shipping": policy.shipping, "fee": policy.fees, "gift_card": policy.gift_cards}
        return named.get(line.kind, "line")

    def words(self, line: Line) -> str:
        """What the source calls it is said all the same."""
        hidden = self._chosen(line) not in ("line", line.name)
        return joined(line.name if hidden else "", line.description)

    def description(self, line: Line) -> str:
        if not line.discount:
            return self.words(line)
        name = f"Discount {self.discount}".strip()
        return joined(self.words(line), f"{name} −{plain(line.discount)} included")


def _line(line: Line, taxes: tuple[LineTax, ...], currency: str, naming: _Naming) -> WantedLine:
    return _priced(line, line.net, taxes, currency, naming.of(line), naming.description(line))


def _with_discount_line(line: Line, taxes: tuple[LineTax, ...], currency: str, naming: _Naming) -> Iterator[WantedLine]:
    """The full price, and what was taken off it as a negative line of the same taxes."""
    full = rounded(line.quantity * line.unit_price, currency)
    if not line.discount or full <= line.net or not line.net:
        yield _line(line, taxes, currency, naming)
        return
    whole = tuple(tax.model_copy(update={"amount": rounded(tax.amount * full / line.net, currency)}) for tax in taxes)
    off = tuple(
        tax.model_copy(update={"amount": tax.amount - more.amount}) for tax, more in zip(taxes, whole, strict=True)
    )
    yield _priced(line, full, whole, currency, naming.of(line), naming.words(line))
    yield _named_line(f"Discount {naming.discount}".strip(), line.net - full, off, line.name)


def _priced(
    line: Line, net: Decimal, taxes: tuple[LineTax, ...], currency: str, name: str, description: str
) -> WantedLine:
    """Quantity and price stay apart only if their product is the net amount exactly."""
    quantity, price = line.quantity, net
    each = (net / line.quantity).quantize(quantum(currency)) if line.quantity else ZERO
    if each * line.quantity == net:
        price = each
    else:
        quantity, description = Decimal(1), joined(times(line.quantity, line.unit_price), description)
    return WantedLine(
        name=name or line.sku or "Item",
        description=description,
        quantity=quantity,
        unit_price=price,
        taxes=taxes,
        sku=line.sku,
        kind=line.kind,
        source_id=line.id,
    )


def _named_line(
    name: str, amount: Decimal, taxes: tuple[LineTax, ...] = (), description: str = "", *, kind: str = "adjustment"
) -> WantedLine:
    return WantedLine(name=name, description=description, unit_price=amount, taxes=taxes, kind=kind)


def _loose_taxes(line: Line, taxes: list[Tax]) -> list[WantedLine]:
    """With their exact amounts."""
    return [_named_line(f"{tax.name or 'Tax'} on {line.name}", tax.amount, kind="tax") for tax in taxes]


def _tax_lines(lines: list[WantedLine]) -> Iterator[WantedLine]:
    """One untaxed line per tax with its exact amount, in order of first appearance."""
    sums: dict[str, Decimal] = {}
    for tax in (tax for line in lines for tax in line.taxes):
        sums[tax.name] = sums.get(tax.name, ZERO) + tax.amount
    for name, amount in sums.items():
        if amount:
            yield _named_line(name, amount, kind="tax")

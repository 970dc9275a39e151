"""The lines of an invoice or credit note, theirs and ours.

A line's amount is quantity × unit cost, without tax. Taxes go as a name and a percent, in two slots; FreshBooks takes
no tax amount, and decides itself where it rounds. `compounded_tax` charges the second tax on the first, too; that it
is (amount + first) × percent is inferred, and whoever posts such a line compares the total that is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from connectors.documents import ZERO, BooksLine, LineTax, Raw
from connectors.errors import Rejected
from connectors.freshbooks.money import amount_of, money, percent, plain, text
from connectors.freshbooks.texts import headed

TAX_SLOTS = (1, 2)
NEGATIVE_REFUSED = "1025"


def lines_body(lines: Iterable[BooksLine], currency: str) -> list[Raw]:
    """Ours to theirs. A PUT replaces all lines, so this is always all of them."""
    return [_line_body(number, line, currency) for number, line in enumerate(lines, 1)]


def _line_body(number: int, line: BooksLine, currency: str) -> Raw:
    name, description = headed(line.name, line.description)
    return {
        "type": 0,
        "name": name,
        "description": description,
        "qty": plain(line.quantity),
        "unit_cost": money(line.unit_price, currency),
        **_tax_slots(number, line),
        **({"compounded_tax": True} if any(tax.compound for tax in line.taxes) else {}),
    }


def _tax_slots(number: int, line: BooksLine) -> dict[str, str]:
    field = f"lines[{number}].taxes"
    if len(line.taxes) > len(TAX_SLOTS):
        raise Rejected(
            f"Line {number} ({line.name}) has {len(line.taxes)} taxes; FreshBooks takes two on a line. "
            "Combine them in the tax table, or post taxes as lines",
            code="too_many_taxes",
            field=field,
            value=", ".join(tax.name for tax in line.taxes),
        )
    slots: dict[str, str] = {}
    for slot, tax in zip(TAX_SLOTS, line.taxes, strict=False):
        slots |= {f"taxName{slot}": tax.name, f"taxAmount{slot}": percent(tax.percent, field)}
    return slots


def negative_lines(lines: Iterable[BooksLine]) -> Mapping[str, str]:
    """What a refusal of these lines would teach."""
    return {NEGATIVE_REFUSED: "negative_lines"} if any(line.amount < 0 for line in lines) else {}


def parse_lines(raw: Raw) -> tuple[BooksLine, ...]:
    """Theirs to ours. A discount on the whole document becomes a line of its own, so that the lines add up."""
    share = 1 - (amount_of(raw.get("discount_value")) or ZERO) / 100
    lines = [_parse_line(line, share) for line in raw.get("lines") or []]
    off = amount_of(raw.get("discount_total")) or ZERO
    if off:
        lines.append(BooksLine(name=text(raw.get("discount_description")) or "Discount", unit_price=-abs(off)))
    return tuple(lines)


def tax_of(raw: Raw) -> Decimal | None:
    """What they add to the net: total and lines are theirs, whatever their rounding. None without lines."""
    total = amount_of(raw.get("amount"))
    if total is None or "lines" not in raw:
        return None
    return total - sum((line.amount for line in parse_lines(raw)), ZERO)


def _parse_line(line: Raw, share: Decimal) -> BooksLine:
    quantity = amount_of(line.get("qty")) or ZERO
    price = amount_of(line.get("unit_cost")) or ZERO
    return BooksLine(
        name=text(line.get("name")) or text(line.get("description")) or "Line",
        description=text(line.get("description")),
        quantity=quantity,
        unit_price=price,
        taxes=tuple(_parse_taxes(line, quantity * price * share)),
    )


def _parse_taxes(line: Raw, base: Decimal) -> Iterator[LineTax]:
    """They answer no tax amounts. Ours are unrounded: where FreshBooks rounds is not known."""
    first = ZERO
    for slot in TAX_SLOTS:
        name, rate = text(line.get(f"taxName{slot}")), amount_of(line.get(f"taxAmount{slot}"))
        if name and rate is not None:
            compound = slot != TAX_SLOTS[0] and bool(line.get("compounded_tax"))
            tax = (base + first * compound) * rate / 100
            first = tax if slot == TAX_SLOTS[0] else first
            yield LineTax(name=name, percent=rate, amount=tax, compound=compound)

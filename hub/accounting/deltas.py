"""What an edit added to an order and what it took away, line by line: both sides positive, together the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from connectors.documents import ZERO, Currency, Document, LineTax, Money, Tax
from hub.accounting.amounts import plain, quantum
from hub.accounting.proof import OURS, lines_total
from hub.accounting.taxes import HUNDRED, percent
from hub.accounting.wanted import WantedInvoice, WantedLine
from hub.errors import Unproven

Lines = tuple[WantedLine, ...]
NEAR = 2
"""Units by which the tax on a difference may be off its rate: each of the two amounts was rounded once."""


class Stand(Document):
    """What an order was worth at one time, line by line, in the currency of the books."""

    currency: Currency
    total: Money
    lines: Lines

    @classmethod
    def of(cls, invoice: WantedInvoice) -> Stand:
        return cls(currency=invoice.currency, total=invoice.total, lines=invoice.lines)


class Deltas(Document):
    """`added` is invoiced, `removed` is credited."""

    added: Lines
    removed: Lines


def deltas(was: Stand, now: Stand, tax_decimals: int) -> Deltas:
    """Raises Unproven unless the two sides are the difference between the totals, to the cent."""
    before, after = by_source(was.lines, now.lines)
    keys = dict.fromkeys([*before, *after])
    moved = [
        part
        for key in keys
        for line in _moved(before.get(key, []), after.get(key, []), now.currency, tax_decimals)
        for part in _one_sided(line)
    ]
    found = Deltas(added=_positive(moved), removed=_positive(map(negated, moved)))
    _prove(found, was, now)
    return found


def listed(was: Stand, now: Stand) -> list[str]:
    """For people: each line that changed, and what it came to with its taxes."""
    before, after = by_source(was.lines, now.lines)
    pairs = ((before.get(key, []), after.get(key, [])) for key in dict.fromkeys([*before, *after]))
    return [
        f"{(new or old)[0].name}: {_worth(old)} → {_worth(new)}" for old, new in pairs if _amounts(old) != _amounts(new)
    ]


def negated(line: WantedLine) -> WantedLine:
    taxes = tuple(tax.model_copy(update={"amount": -tax.amount}) for tax in line.taxes)
    return line.model_copy(update={"unit_price": -line.unit_price, "taxes": taxes})


def by_source(*sides: Lines) -> Iterator[dict[str, list[WantedLine]]]:
    """By the source's id of a line; by its words where there is none, or where one side does not know it."""
    known = all(any(line.source_id for line in lines) for lines in sides if lines)
    for lines in sides:
        found: dict[str, list[WantedLine]] = {}
        for line in lines:
            key = line.source_id if known and line.source_id else f"{line.name}\n{line.description}"
            found.setdefault(key, []).append(line)
        yield found


def _moved(
    before: Sequence[WantedLine], after: Sequence[WantedLine], currency: str, tax_decimals: int
) -> Iterator[WantedLine]:
    """The difference as one line where it has the same taxes; else the old is taken back whole, and the new is added."""
    if _amounts(before) == _amounts(after):
        return
    change = _change(before[0], after[0], currency, tax_decimals) if len(before) == len(after) == 1 else None
    if change:
        yield change
        return
    yield from map(negated, before)
    yield from after


def _change(was: WantedLine, now: WantedLine, currency: str, tax_decimals: int) -> WantedLine | None:
    net = now.amount - was.amount
    if not net or [tax.name for tax in was.taxes] != [tax.name for tax in now.taxes]:
        return None
    pairs = zip(was.taxes, now.taxes, strict=True)
    amounts = [(new, new.amount - old.amount) for old, new in pairs]
    if not all(_fits(net, tax, amount, currency) for tax, amount in amounts):
        return None
    taxes = [line_tax(net, tax, amount, currency, tax_decimals) for tax, amount in amounts if amount]
    more = now.quantity - was.quantity
    priced: dict[str, object] = {"quantity": abs(more), "unit_price": now.unit_price if more > 0 else -now.unit_price}
    if now.unit_price != was.unit_price or not more:
        words = f"{plain(was.amount)} → {plain(now.amount)}"
        priced = {"quantity": Decimal(1), "unit_price": net, "description": f"{now.description} {words}".strip()}
    return now.model_copy(update={**priced, "taxes": tuple(taxes)})


def _fits(net: Decimal, tax: LineTax, amount: Decimal, currency: str) -> bool:
    """Whether this much more tax is what its rate makes of this much more money."""
    return amount * net >= 0 and abs(amount - net * tax.percent / HUNDRED) <= NEAR * quantum(currency)


def line_tax(net: Decimal, tax: LineTax, amount: Decimal, currency: str, decimals: int) -> LineTax:
    """The same tax on another amount, with the percent that makes it; `net` must not be 0."""
    rate = percent(net, Tax(name=tax.name, rate=tax.percent, amount=amount), currency, decimals)
    return LineTax(name=tax.name, percent=rate, amount=amount)


def _one_sided(line: WantedLine) -> Iterator[WantedLine]:
    """A line whose tax goes the other way than its price is two lines."""
    amounts = [line.amount, *(tax.amount for tax in line.taxes)]
    if min(amounts) >= 0 or max(amounts) <= 0:
        yield line
        return
    yield line.model_copy(update={"taxes": ()})
    for tax in line.taxes:
        bare = {"name": f"{tax.name} on {line.name}", "quantity": Decimal(1), "unit_price": tax.amount, "taxes": ()}
        yield line.model_copy(update=bare)


def _positive(lines: Iterable[WantedLine]) -> Lines:
    return tuple(line for line in lines if line.amount + line.tax > 0)


def _amounts(lines: Iterable[WantedLine]) -> dict[str, Decimal]:
    """Net under "", each tax under its name; zeros are nothing."""
    sums: dict[str, Decimal] = {}
    for line in lines:
        for name, amount in [("", line.amount), *((tax.name, tax.amount) for tax in line.taxes)]:
            sums[name] = sums.get(name, ZERO) + amount
    return {name: amount for name, amount in sums.items() if amount}


def _worth(lines: Sequence[WantedLine]) -> str:
    return plain(lines_total(tuple(lines))) if lines else "nothing"


def _prove(found: Deltas, was: Stand, now: Stand) -> None:
    made, wanted = lines_total(found.added) - lines_total(found.removed), now.total - was.total
    if made != wanted:
        raise Unproven(
            "edit_differs",
            f"The lines of this edit add up to {plain(made)}, but the order changed by {plain(wanted)}",
            source=str(wanted),
            other=str(made),
            remedy=OURS,
        )

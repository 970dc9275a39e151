"""For books that refuse negative lines: what is negative is taken into a line that can bear it. The document's total
and the amount of each tax stay; a percent is worked out anew where it would make another tax of the smaller price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.base import Capabilities
from connectors.documents import ZERO
from hub.accounting.percents import combined, rates
from hub.accounting.wanted import WantedLine
from hub.accounting.wording import including, joined, times

OWED = ("gift_card", "tax")
"""Kinds of lines that are not the shop's own money: nothing is taken off them while there is another."""


def folded(lines: Sequence[WantedLine], currency: str, capabilities: Capabilities) -> list[WantedLine]:
    """The lines without negative ones."""
    positive = [line for line in lines if line.amount >= 0]
    for line in (line for line in lines if line.amount < 0):
        positive = fold(positive, line, currency, capabilities)
    return positive


def fold(lines: list[WantedLine], extra: WantedLine, currency: str, capabilities: Capabilities) -> list[WantedLine]:
    """One amount taken into the largest line that can bear it, of the same taxes if there is one. Where no line has the
    taxes of the amount, they are taken into the price with it; where none alone can bear it, the largest two together."""
    for part in (extra, _untaxed(extra)):
        able = [line for line in lines if _bears(line, part)]
        if able:
            into = max(able, key=lambda line: _likeness(line, part))
            return _replaced(lines, into, _merged(into, part, currency, capabilities))
    if len(lines) < 2:
        return [_merged(_untaxed(line), _untaxed(extra), currency, capabilities) for line in lines] or [extra]
    first, second, *_ = sorted(lines, key=_size, reverse=True)
    fewer = _replaced(lines, first, _merged(first, second, currency, capabilities))
    return fold([line for line in fewer if line is not second], extra, currency, capabilities)


def _likeness(line: WantedLine, extra: WantedLine) -> tuple[bool, bool, bool, Decimal]:
    own, amount = _size(line)
    return own, rates(line) == rates(extra), _names(line) == _names(extra), amount


def _size(line: WantedLine) -> tuple[bool, Decimal]:
    return line.kind not in OWED, line.amount


def _bears(line: WantedLine, extra: WantedLine) -> bool:
    """Whether what is left is a price, and the taxes on it none that no percent of it can be."""
    net = line.amount + extra.amount
    return net >= 0 and all(0 <= amount <= net for amount in _amounts(line, extra).values())


def _amounts(*lines: WantedLine) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for tax in (tax for line in lines for tax in line.taxes):
        sums[tax.name] = sums.get(tax.name, ZERO) + tax.amount
    return sums


def _merged(line: WantedLine, extra: WantedLine, currency: str, capabilities: Capabilities) -> WantedLine:
    words = including(extra.name, extra.amount)
    net = line.amount + extra.amount
    return line.model_copy(
        update={
            "quantity": Decimal(1),
            "unit_price": net,
            "description": joined(times(line.quantity, line.unit_price), line.description, words),
            "taxes": combined(net, (line, extra), currency, capabilities),
        }
    )


def _untaxed(line: WantedLine) -> WantedLine:
    """The taxes as part of the price."""
    words = (including(tax.name, tax.amount) for tax in line.taxes)
    taken = {"quantity": Decimal(1), "unit_price": line.amount + line.tax, "taxes": ()}
    return line.model_copy(update={**taken, "description": joined(line.description, *words)}) if line.taxes else line


def _names(line: WantedLine) -> list[str]:
    return [tax.name for tax in line.taxes]


def _replaced(lines: list[WantedLine], old: WantedLine, new: WantedLine) -> list[WantedLine]:
    return [new if line is old else line for line in lines]

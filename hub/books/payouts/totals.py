"""What the rows of a file come to, so that its own line of totals can be compared with them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from hub.books.payouts.entries import Entry
from hub.books.payouts.faults import AGAIN, Unreadable
from hub.books.payouts.kinds import Kind
from hub.books.payouts.reading import Total

ZERO = Decimal(0)


class Totals:
    """By currency: gross and net of all rows, and of those that are no payouts."""

    def __init__(self, told: Mapping[str, Sequence[str]]) -> None:
        self.sums = {currency: [Decimal(one) for one in sums] for currency, sums in told.items()}

    def told(self) -> dict[str, list[str]]:
        """As JSON keeps it."""
        return {currency: [f"{one:f}" for one in sums] for currency, sums in self.sums.items()}

    def add(self, entry: Entry) -> None:
        gross = entry.net if entry.kind is Kind.FEE else entry.gross
        traded = (ZERO, ZERO) if entry.kind is Kind.PAYOUT else (gross, entry.net)
        sums = self.sums.setdefault(entry.currency, [ZERO] * 4)
        self.sums[entry.currency] = [old + new for old, new in zip(sums, (gross, entry.net, *traded), strict=True)]

    def against(self, total: Total) -> Iterator[Unreadable]:
        """With or without the payouts themselves. Of several currencies nobody can say what it sums up."""
        if len(self.sums) != 1:
            return
        [(gross, net, traded_gross, traded_net)] = self.sums.values()
        for name, says, sums in (
            ("gross", total.gross, (gross, traded_gross)),
            ("net", total.net, (net, traded_net)),
        ):
            if says is not None and says not in sums:
                yield Unreadable(
                    f"The line of totals says {says} {name}, and the rows above it come to {sums[0]}",
                    f"Lines are missing or doubled. {AGAIN}",
                    line=total.line,
                    column=name,
                    value=str(says),
                )

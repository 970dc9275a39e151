"""One row of a gateway's file as a value: what it did to the balance, and what it names. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from hub.books.payouts.kinds import Kind


@dataclass(frozen=True)
class Entry:
    """gross − fee = net, each signed by what it does to the balance; a fee that the gateway keeps is positive. Of a fee
    row gross is 0. `shown` is what the customer paid, where that is another currency."""

    line: int
    id: str
    kind: Kind
    word: str
    references: tuple[str, ...]
    order: str
    who: str
    description: str
    moment: str
    date: dt.date
    currency: str
    gross: Decimal
    fee: Decimal
    net: Decimal
    shown: Decimal | None
    shown_currency: str
    payout: str
    paid_on: dt.date | None

    @property
    def content(self) -> str:
        """By what it is known again in another file: its own id, else all that it says but for its payout, which an
        earlier file may not have told."""
        amounts = [f"{one.normalize():f}" for one in (self.gross, self.fee, self.net)]
        says = [self.moment, self.currency, *amounts, self.order, *self.references]
        return _digest([self.word, self.id] if self.id else [self.word, *says])


def identity(content: str, earlier: int) -> str:
    """`earlier`: how many rows before it in its file say the very same."""
    return content if not earlier else _digest([content, str(earlier)])


def _digest(parts: list[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

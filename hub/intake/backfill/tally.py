"""What a preview has found so far: counts and totals for each outcome, reason and currency. Kept as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from connectors.documents import Document
from hub.engine.identity import facts_of
from hub.engine.preview import Preview
from hub.models import Backfill


@dataclass
class Line:
    """Records of one outcome, reason and currency; `message` is what would be said of the first of them."""

    state: str
    reason: str
    currency: str
    message: str = ""
    count: int = 0
    total: str = "0"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.state, self.reason, self.currency

    @property
    def amount(self) -> Decimal:
        return Decimal(self.total)


@dataclass
class Tally:
    """`last` is the latest business date of those `seen`; `cut_short` says that enough had been read before the end;
    `late` counts documents that a closed period moves."""

    seen: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    last: str = ""
    cut_short: bool = False
    late: int = 0

    @classmethod
    def of(cls, backfill: Backfill) -> Tally:
        kept = dict(backfill.preview)
        return cls(lines=[Line(**line) for line in kept.pop("lines", ())], **kept)

    def told(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def read(self) -> int:
        return len(self.seen)

    def knows(self, id: str) -> bool:
        return id in self.seen

    def add(self, id: str, shown: Preview) -> None:
        currency, total = worth(shown)
        outcome = shown.outcome
        line = self._line(Line(outcome.state, outcome.reason, currency, outcome.message))
        line.count += 1
        line.total = str(line.amount + total)
        self.seen.append(id)
        self.last = max(self.last, str(getattr(shown.document, "date", "")))
        self.late += _is_late(shown)

    def of_state(self, state: str) -> list[Line]:
        """The weightiest first."""
        return sorted((line for line in self.lines if line.state == state), key=lambda line: -line.count)

    def _line(self, wanted: Line) -> Line:
        found = next((line for line in self.lines if line.key == wanted.key), None)
        if found is None:
            self.lines.append(wanted)
        return found or wanted


def worth(shown: Preview) -> tuple[str, Decimal]:
    """In the currency of the books' document; else what the source says. What carries no money is worth nothing."""
    if shown.wanted:
        return shown.wanted.invoice.currency, shown.wanted.invoice.total
    facts = facts_of(shown.document or Document())
    return facts.get("currency", ""), facts.get("total", Decimal(0))


def _is_late(shown: Preview) -> bool:
    dated = getattr(shown.document, "date", None)
    return bool(shown.outcome.state == "posted" and shown.wanted and shown.wanted.invoice.date != dated)

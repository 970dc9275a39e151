"""The proof of one record: what the source says, what we asked for and what the books answered, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from connectors.documents import Document, Order
from hub.accounting.capping import capped
from hub.accounting.wanted import Conversion
from hub.admin.words import day, heading, money
from hub.models import Posting, SyncRecord

ZERO = Decimal(0)


@dataclass(frozen=True)
class ProofRow:
    """One kind of document. An amount that does not exist (yet) is None."""

    title: str
    source: Decimal | None
    asked: Decimal | None
    booked: Decimal | None
    source_currency: str
    currency: str

    @property
    def cells(self) -> list[str]:
        return [money(self.source, self.source_currency), *(money(one, self.currency) for one in self._ours)]

    @property
    def complete(self) -> bool:
        return None not in self._ours

    @property
    def equal(self) -> bool:
        return self.asked == self.booked and (self.converted or self.source in (None, self.asked))

    @property
    def converted(self) -> bool:
        """By the flow's fixed rate: only what was asked and what was answered can be compared."""
        return bool(self.currency and self.source_currency and self.currency != self.source_currency)

    @property
    def difference(self) -> str:
        against = self.asked if self.converted or self.source is None else self.source
        return money((self.booked or ZERO) - (against or ZERO), self.currency)

    @property
    def _ours(self) -> tuple[Decimal | None, Decimal | None]:
        return self.asked, self.booked


@dataclass(frozen=True)
class Proof:
    rows: list[ProofRow]
    notes: list[str]

    @property
    def complete(self) -> bool:
        return self.rows[0].complete

    @property
    def equal(self) -> bool:
        return all(row.equal for row in self.rows)


def proof(record: SyncRecord, document: Document | None, postings: list[Posting]) -> Proof:
    """The flow's primary document first: with what its edits invoiced, less what they credited."""
    main = record.flow.target_resource
    primary = [one for one in postings if one.edit or one.resource == main]
    first = _row(record, main, record.total, primary)
    rest = (
        _row(record, resource, worth, [one for one in postings if one.resource == resource and not one.edit])
        for resource, worth in _parts(document)
    )
    return Proof(
        rows=[first, *(row for row in rest if row.asked is not None)],
        notes=[*_rates(postings), *(posting.note for posting in postings if posting.note)],
    )


def _rates(postings: Iterable[Posting]) -> dict[str, None]:
    """Each once, in a sentence."""
    rates = (Conversion.model_validate(posting.rate) for posting in postings if posting.rate)
    return dict.fromkeys(
        f"Converted from {rate.given} to {rate.currency} at {rate.rate.normalize():f} "
        f"({rate.source}{f', {day(rate.date)}' if rate.date else ''}), as will be what comes later"
        for rate in rates
    )


def _parts(document: Document | None) -> Iterable[tuple[str, Decimal]]:
    if isinstance(document, Order):
        yield "payment", document.captured + document.tendered
        yield "credit_note", sum((share for _, share in capped(document, {})), ZERO)


def _row(record: SyncRecord, resource: str, worth: Decimal, postings: list[Posting]) -> ProofRow:
    title = f"{heading(resource)}s" if len(postings) > 1 else heading(resource)
    return ProofRow(
        title=title,
        source=worth,
        asked=_sum(_signed(posting, resource, posting.total) for posting in postings),
        booked=_sum(_signed(posting, resource, _held(posting)) for posting in postings),
        source_currency=record.currency,
        currency=next((posting.currency for posting in postings), record.currency),
    )


def _signed(posting: Posting, resource: str, amount: Decimal | None) -> Decimal | None:
    """A credit note that an edit made takes away from the invoices."""
    return amount if amount is None or posting.resource == resource else -amount


def _held(posting: Posting) -> Decimal | None:
    """What is to be made anew is not there: what the books answered before is over."""
    return None if posting.state == Posting.State.INTENDED else posting.booked


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None as soon as one is not known."""
    found = list(amounts)
    known = [one for one in found if one is not None]
    return sum(known, ZERO) if known and len(known) == len(found) else None

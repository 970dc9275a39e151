"""What each side says, as values. Nothing here knows the database or a vendor."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import AwareDatetime

from connectors.documents import ZERO, Document, Money


class Expected(Document):
    """One document that the source wants in the books. `of` is the part of the invoice that it belongs to. `edited`: the
    order is worth something else by now than what was posted was made for."""

    resource: str
    part: str = ""
    key: str
    of: str = ""
    date: dt.date
    currency: str
    total: Money
    tax: Money = ZERO
    marker: str = ""
    reference: str = ""
    edited: bool = False


class Says(Document):
    """What the source says of one order today. `stands`: what was posted was made for the order as it is now. `waived`:
    a person said that what stands in the books is right for it, whatever it is over."""

    outcome: Literal["wanted", "held", "skipped", "gone", "unreadable"]
    message: str = ""
    source_id: str
    number: str = ""
    who: str = ""
    email: str = ""
    customer_id: str = ""
    date: dt.date | None = None
    changed_at: AwareDatetime | None = None
    currency: str = ""
    total: Money = ZERO
    stands: bool = True
    waived: bool = False
    payments: bool = False
    """Whether this flow books payments at all."""
    documents: tuple[Expected, ...] = ()
    withdrawn: frozenset[int] = frozenset()
    """Of what was posted, what it took back, and nobody keeps all the same."""

    def is_from_before(self, moment: dt.datetime) -> bool:
        """Placed and last changed before it. Of what cannot be read, only the day is known."""
        if self.changed_at is not None:
            return self.changed_at < moment
        return self.date is not None and self.date < moment.date()


class Posted(Document):
    """One document that the hub has posted. `slack` is how far rounding may put its tax off; `linked`: a person chose
    it, so that only what the books answered then can be compared."""

    id: int
    resource: str
    part: str = ""
    key: str
    number: str = ""
    remote_id: str
    date: dt.date | None = None
    business_date: dt.date | None = None
    """The source's own, when it was posted."""
    currency: str = ""
    total: Money | None = None
    booked: Money | None = None
    tax: Money = ZERO
    slack: Money = ZERO
    client_id: str = ""
    invoice_id: str = ""
    linked: bool = False


class Seen(Document):
    """One document as the books hold it. `tax` is None where the answer does not tell."""

    resource: str
    id: str
    number: str = ""
    reference: str = ""
    client_id: str = ""
    client: str = ""
    date: dt.date | None = None
    currency: str = ""
    total: Money | None = None
    tax: Money | None = None
    state: Literal["active", "archived", "deleted"] = "active"
    status: str = ""
    invoice_id: str = ""
    note: str = ""
    url: str = ""

    @property
    def stands(self) -> bool:
        """Archived means put out of sight, and counts on."""
        return self.state != "deleted"


class Known(Document):
    """The hub's record of the order. `unsettled`: it is being worked on, or was since the source was read. `date` is the
    day on which the hub heard of it as long as it was not `read`."""

    id: int
    state: str
    message: str = ""
    who: str = ""
    date: dt.date
    read: bool = True
    unsettled: bool = False


class Case(Document):
    """Everything that is known of one order. `seen` are its documents in the books, and those that nobody owns and that
    bear its numbers or stand on its invoices. `clients` are the ids under which the books know its customer. `earlier`:
    it is from before the flow began."""

    says: Says
    record: Known | None = None
    posted: tuple[Posted, ...] = ()
    seen: tuple[Seen, ...] = ()
    clients: frozenset[str] = frozenset()
    books_read: bool = True
    earlier: bool = False

    def find(self, resource: str, id: str) -> Seen | None:
        return next((one for one in self.seen if (one.resource, one.id) == (resource, id)), None)

    def posting(self, resource: str, part: str) -> Posted | None:
        return next((one for one in self.posted if (one.resource, one.part) == (resource, part)), None)

    def strangers(self, resource: str) -> list[Seen]:
        """Standing documents of the books that no posting of this order holds."""
        ours = {one.remote_id for one in self.posted if one.resource == resource}
        return [one for one in self.seen if one.resource == resource and one.id not in ours and one.stands]

    @property
    def date(self) -> dt.date:
        """The hub's own for what it knows, so that a run over the same days finds it again."""
        if self.record and self.record.read:
            return self.record.date
        return self.says.date or (self.record.date if self.record else dt.date.min)


class Finding(Document):
    """One discrepancy, not stored yet. `resource` and `key` say what it is about. `comes_in`: the hub has never heard of
    the order, and takes it in by itself."""

    kind: str
    resource: str
    key: str
    date: dt.date
    currency: str = ""
    amount: Money = ZERO
    fields: tuple[str, ...] = ()
    sentence: str
    record: int | None = None
    source_id: str = ""
    number: str = ""
    who: str = ""
    source: Expected | None = None
    hub: Posted | None = None
    books: Seen | None = None
    candidates: tuple[Seen, ...] = ()
    confidence: int = 0
    reasons: tuple[str, ...] = ()
    comes_in: bool = False

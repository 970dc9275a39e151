"""An effect on the books that belongs to no record, such as a gateway's fees: written down, looked for and made as those
of records are. A kill at any point leaves a posting that says how far it went."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from connectors.base import Remote, Resource
from connectors.documents import Expense
from connectors.errors import ConnectorError, Gone, OutcomeUnknown
from connectors.http import before_each_call
from connectors.models import Connection
from connectors.vault import connect
from hub.engine import clock, epoch
from hub.engine.calling import calling
from hub.engine.claim import lease
from hub.engine.doubt import LOOKS, wait
from hub.engine.journal import content
from hub.engine.keys import natural_key
from hub.engine.states import POSTING, origins
from hub.errors import Held, NotYet, TurnLost
from hub.models import Posting

State = Posting.State


@dataclass(frozen=True)
class Errand:
    """`business_date` is its own day; the document's is later where that one was closed. `still` comes before each call:
    by TurnLost it says that nobody wants it any more, and keeps the call from being made."""

    target: Connection
    resource: str
    document: Expense
    business_date: dt.date
    still: Callable[[], None] = lambda: None

    @property
    def key(self) -> str:
        return natural_key(self.document)


def ensure(errand: Errand) -> Posting:
    """The posting of this document, done: the same one however often it is asked for. Raises NotYet while it is another
    worker's turn or in doubt, Held where a person must see to it, and what the books raise."""
    posting = _intended(errand)
    if posting.state == State.DONE:
        return posting
    with _doing(errand, posting) as doing:
        doing.bring_to_done()
    return posting


def look_again(errand: Errand, posting: Posting) -> bool:
    """What the books hold of a finished one now: somebody may have corrected it there. False: it is gone. Raises NotYet,
    Held, and what the books raise."""
    with _doing(errand, posting) as doing:
        return doing.look_again()


def void(postings: Iterable[Posting]) -> None:
    """They are gone from the books. Whoever says so to a person does it with the same commit."""
    gone = Posting.objects.filter(pk__in=[one.pk for one in postings], state__in=origins(POSTING, State.VOIDED))
    gone.update(state=State.VOIDED)


def _intended(errand: Errand) -> Posting:
    named = {"target": errand.target, "resource": errand.resource, "natural_key": errand.key}
    try:
        with transaction.atomic():
            told = content(errand.document)
            return Posting.objects.create(**named, step="apart", business_date=errand.business_date, **told)
    except IntegrityError:
        return Posting.objects.get(**named)


@contextmanager
def _doing(errand: Errand, posting: Posting) -> Iterator[_Doing]:
    doing = _Doing(errand, posting, uuid.uuid4().hex)
    with _owned(posting, doing.owner), before_each_call(lambda: doing.before(Q())):
        yield doing


@contextmanager
def _owned(posting: Posting, owner: str) -> Iterator[None]:
    """One worker per posting."""
    now = clock.now()
    free = Posting.objects.filter(Q(owner="") | Q(lease_until__lt=now), pk=posting.pk)
    if not free.update(owner=owner, lease_until=now + lease()):
        raise NotYet("busy", f"Another worker is posting {posting} right now", after=5.0)
    posting.refresh_from_db()
    try:
        yield
    finally:
        Posting.objects.filter(pk=posting.pk, owner=owner).update(owner="", lease_until=None)


def _renew(posting: Posting, owner: str, where: Q) -> None:
    """Right before each call. Raises NotYet."""
    if not Posting.objects.filter(where, pk=posting.pk, owner=owner).update(lease_until=clock.now() + lease()):
        raise _taken_over(posting)


def _open_on(posting: Posting, date: dt.date | None) -> Q:
    closed = Connection.objects.order_by().filter(pk=posting.target_id, lock_date__gte=date)
    return ~Q(target__in=closed)


def _taken_over(posting: Posting) -> NotYet:
    return NotYet("not_now", f"Another worker has {posting}, or its day was just closed; it is tried again", after=1.0)


class _Doing:
    """One worker's try at one posting."""

    def __init__(self, errand: Errand, posting: Posting, owner: str) -> None:
        self.errand, self.posting, self.owner = errand, posting, owner
        self.resource: Resource[Any] = connect(errand.target).resource(errand.resource)

    def bring_to_done(self) -> None:
        if self.posting.state == State.SENT:
            self._resolve()
        if self.posting.state == State.INTENDED:
            self._adopt(self.errand.document)
        if self.posting.state == State.INTENDED:
            self._let_others_finish()
            self._send()
        if self.posting.state == State.CREATED:
            self._prove()
            self._move(state=State.DONE, completed_at=clock.now())

    def before(self, where: Q) -> None:
        """Each call. Raises TurnLost, NotYet."""
        self.errand.still()
        _renew(self.posting, self.owner, where)

    def look_again(self) -> bool:
        try:
            with calling(self.errand.target):
                stands = self.resource.read(self.posting.remote_id)
        except Gone:
            return False
        if stands.state == "deleted":
            return False
        if stands.currency != self.posting.currency:
            raise self._differs(stands, self._sent_document())
        if stands.total != self.posting.booked:
            self._move(booked=stands.total)
        return True

    def _resolve(self) -> None:
        """What was sent without an answer: absent is only what was looked for twice, and not at once."""
        if wait(self.posting) > 0:
            raise NotYet("in_doubt", f"We do not know yet whether {self.posting} arrived", after=wait(self.posting))
        self._adopt(self._sent_document())
        if self.posting.state != State.SENT:
            return
        self._move(looks=self.posting.looks + 1, looked_at=clock.now())
        if self.posting.looks < LOOKS:
            raise NotYet("in_doubt", f"{self.posting} is not there; we look once more", after=wait(self.posting))
        self._unsent()

    def _found(self, document: Expense) -> list[Remote]:
        """Those that bear our mark."""
        with calling(self.errand.target):
            return self.resource.find(document)

    def _adopt(self, document: Expense) -> None:
        """Take what is ours, if it is there and as we meant it."""
        found = self._found(document)
        living = [one for one in found if one.state != "deleted"]
        if len(living) > 1:
            raise Held(
                "several_in_books",
                f"{len(living)} records in the books bear the mark of {self.posting}: "
                + ", ".join(sorted(one.id for one in living)),
                remedy="Delete all but one of them in the books, then try again.",
            )
        if living:
            self._require_alike(living[0], document)
            self._created(living[0], adopted=True)
        elif found:
            raise Held(
                "deleted_in_books",
                f"{self.posting} was posted, and somebody deleted it in the books",
                remedy="Restore it in the books, then try again.",
            )

    def _prove(self) -> None:
        """That the books hold what was sent. Where their answer said otherwise, somebody may have corrected it since."""
        document = self._sent_document()
        if self.posting.booked != document.amount:
            with calling(self.errand.target):
                stands = self.resource.read(self.posting.remote_id)
            self._require_alike(stands, document)
            self._move(booked=stands.total)

    def _require_alike(self, remote: Remote, document: Expense) -> None:
        if (remote.total, remote.currency) != (document.amount, document.currency):
            raise self._differs(remote, document)

    def _differs(self, remote: Remote, document: Expense) -> Held:
        return Held(
            "differs_in_books",
            f"{self.posting} is in the books with {remote.total} {remote.currency} "
            f"instead of {document.amount} {document.currency}",
            field="amount",
            value=str(remote.total),
            remedy="Correct it in the books, then try again.",
        )

    def _sent_document(self) -> Expense:
        return Expense.model_validate(self.posting.document)

    def _let_others_finish(self) -> None:
        """While a second hub is suspected on a copy of this database, that one goes first."""
        wait_until = self.posting.created_at + dt.timedelta(seconds=settings.DOUBT_DELAY)
        if epoch.gives_way() and (rest := (wait_until - clock.now()).total_seconds()) > 0:
            raise NotYet("others_first", f"Somebody else may be making {self.posting}; we look once more", after=rest)

    def _send(self) -> None:
        """Written down first. A day that was closed meanwhile is seen in the same statement, and before each call."""
        told = content(self.errand.document)
        going = {"state": State.SENT, "sent_at": clock.now(), "looks": 0, "looked_at": None}
        still_open = _open_on(self.posting, told["date"])
        self._move(still_open, **going, **told, sends=self.posting.sends + 1)
        try:
            with calling(self.errand.target), before_each_call(partial(self.before, still_open)):
                made = self.resource.create(self.errand.document)
        except OutcomeUnknown as error:
            raise NotYet("in_doubt", f"{error}. We look before doing it again.", after=wait(self.posting)) from error
        except (ConnectorError, TurnLost):
            self._unsent()
            raise
        self._created(made)

    def _unsent(self) -> None:
        """Proven not to have happened."""
        self._move(state=State.INTENDED, sent_at=None, looks=0, looked_at=None)

    def _created(self, remote: Remote, *, adopted: bool = False) -> None:
        said = {"remote_id": remote.id, "remote_number": remote.number, "booked": remote.total, "url": remote.url}
        dated = {"date": remote.facts["date"]} if remote.facts.get("date") else {}
        self._move(state=State.CREATED, **said, **dated, adopted=adopted)

    def _move(self, *where: Q, **values: Any) -> None:
        """Fenced: whoever lost the posting meanwhile writes nothing. Raises NotYet."""
        come_from = {"state__in": origins(POSTING, values["state"])} if "state" in values else {}
        mine = Posting.objects.filter(*where, pk=self.posting.pk, owner=self.owner, **come_from)
        if not mine.update(**values):
            raise _taken_over(self.posting)
        for name, value in values.items():
            setattr(self.posting, name, value)

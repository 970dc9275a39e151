"""What one attempt works with: the claim, both ends, the flow version, and what has come of the steps so far."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.base import Connector
from connectors.documents import BooksPayment, Document, Raw
from connectors.errors import Gone, NeedsLogin, OutcomeUnknown, RetryLater
from connectors.vault import connect
from hub.accounting.policy import Policy
from hub.accounting.wanted import Wanted
from hub.engine.calling import calling
from hub.engine.claim import Claim
from hub.engine.fixes import with_fixes
from hub.engine.lookups import Lookups, load_lookups
from hub.engine.missing import missing
from hub.engine.steps import Step
from hub.engine.terms import policy_of, steps_of
from hub.errors import NotYet, Skipped
from hub.models import Attempt, Counterpart, Flow, Posting, StepResult, SyncRecord
from hub.models.postings import SHARED

LONG = 25.0
"""Seconds of one attempt, after which it ends with the document that it is at."""


@dataclass
class Run:
    """Lives as long as one attempt. `step` is where it stands, for error messages; `posted` is what later steps see."""

    claim: Claim
    source: Connector
    target: Connector
    policy: Policy
    steps: tuple[Step, ...]
    lookups: Lookups
    step: str = "read"
    raw: Raw = field(default_factory=dict)
    document: Document = field(default_factory=Document)
    wanted: Wanted | None = None
    posted: dict[str, dict[str, str]] = field(default_factory=dict)
    invoices: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of `posted`, each invoice of the order by its part."""
    credits: dict[str, dict[str, str]] = field(default_factory=dict)
    """The same of its credit notes."""
    fresh: set[int] = field(default_factory=set)
    """Postings created in this very attempt: nobody else can have touched them yet."""
    found: set[int] = field(default_factory=set)
    """Postings found to be in the books in this very attempt: whoever made them may still be at it."""
    drafts: set[int] = field(default_factory=set)
    """Finished postings that are drafts in the books still, and follow an edit of their order."""
    looked_over: set[int] = field(default_factory=set)
    """Postings that an earlier attempt intended: something may have come of them, so look before sending."""
    began: float = field(default_factory=time.monotonic)
    going_out: set[int] = field(default_factory=set)
    """Postings that are written down as sent and go out now: no call was made yet."""
    deleted: set[str] = field(default_factory=set)
    """What a person deleted in the books because the hub had asked for it: nobody is asked about it once more."""
    recalled: Counterpart | None = None
    """What a flow that keeps records alike remembered of this one before it was read."""
    touched: set[tuple[str, str]] = field(default_factory=set)
    """Step results of this attempt; older ones belong to steps that no longer run."""

    @property
    def record(self) -> SyncRecord:
        return self.claim.record

    @property
    def first(self) -> bool:
        """Nobody has worked on this record before, so that nothing of it can be there."""
        return self.record.settled_at is None and self.record.starts == 1

    @property
    def flow(self) -> Flow:
        return self.record.flow

    @property
    def attempt(self) -> Attempt:
        return self.claim.attempt

    def read(self) -> None:
        """The truth, read again; kept with the attempt so that it can be shown and parsed again."""
        try:
            with calling(self.flow.source):
                resource = self.source.resource(self.flow.source_resource)
                self.raw = resource.fetch(self.record.source_id)
                self.attempt.raw = self.told
                self.document = with_fixes(resource.parse(self.raw), self.record.fixes)
        except Gone as error:
            raise missing(self.record, error) from error

    @cached_property
    def told(self) -> Raw:
        """The raw answer as it is stored and shown."""
        found: Raw = jsonable(self.raw)
        return found

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What every rule sees, whichever document it is for; `posted` grows while the steps run."""
        return {
            **self.document.model_dump(),
            "raw": self.told,
            "posted": self.posted,
            "policy": self.policy.model_dump(),
        }

    def require_wanted(self) -> None:
        """A person may have said that this record is not to be booked."""
        if self.record.decision.get("skip"):
            raise Skipped("by_hand", self.record.decision["skip"])

    def require_time(self) -> None:
        """Before each document. What is long is done in parts, each with an end: a worker that runs out of time in the
        middle is killed, and a record that costs workers is put aside."""
        if self.attempt.effects and time.monotonic() - self.began > LONG:
            raise NotYet("long", "There is more to this record than fits into one go. It goes on at once.", after=0)

    def remember(self, key: str, posting: Posting) -> None:
        """Later steps' mappings see `posted.<resource>.id` and `.number`."""
        named = {"id": posting.remote_id, "number": posting.remote_number or posting.natural_key}
        self.posted[posting.resource] = named
        if posting.resource == self.flow.target_resource:
            self.invoices[posting.part] = named
        if posting.resource == "credit_note":
            self.credits[posting.part] = named
        self.done(key)

    def posted_for(self, part: str, credit: str = "", client: str = "") -> dict[str, dict[str, str]]:
        """What a document sees that belongs to one of the order's invoices: that one as the invoice. What is taken from
        a credit note sees that one; what is for another client than the order's, that one."""
        invoice = self.invoices.get(part)
        posted = {**self.posted, self.flow.target_resource: invoice} if invoice else self.posted
        posted = {**posted, "client": {"id": client, "number": ""}} if client else posted
        return {**posted, "credit_note": self.credits.get(credit, {})} if credit else posted

    def effect(self, step: str, **what: Any) -> None:
        """For the record's story: what was sent, and what came of it."""
        self.attempt.effects.append({"step": step, **jsonable(what)})

    # --- step results ---

    @cached_property
    def _results(self) -> dict[tuple[str, str], StepResult]:
        earlier = [] if self.first else self.record.steps.all()
        return {(result.step, result.key): result for result in earlier}

    def results(self, state: str) -> list[StepResult]:
        """Of the steps that ran in this attempt."""
        return [self._results[key] for key in self.touched if self._results[key].state == state]

    def result(self, key: str = "") -> StepResult | None:
        return self.result_of(self.step, key)

    def result_of(self, step: str, key: str = "") -> StepResult | None:
        return self._results.get((step, key))

    def done(self, key: str = "", digest: str = "") -> None:
        self.done_as(self.step, key, digest)

    def done_as(self, step: str, key: str = "", digest: str = "") -> None:
        self._note(step, key, state=StepResult.State.DONE, message="", digest=digest, failures=0)

    def note_failure(self, key: str, error: Exception, *, told: str = "") -> None:
        """A step that may fail: later, by itself, if that can help; else a person sees it on the record. `told` is the
        digest of what may have arrived all the same."""
        again = isinstance(error, RetryLater | NeedsLogin | OutcomeUnknown | NotYet)
        before = self.result(key)
        state = StepResult.State.WAITING if again else StepResult.State.FAILED
        failures = (before.failures if before else 0) + 1
        self._note(self.step, key, state=state, message=str(error), digest=told, failures=failures)

    def leave(self, key: str) -> None:
        """The result of this step stays as it is."""
        self.touched.add((self.step, key))

    def _note(self, step: str, key: str, **values: Any) -> None:
        self.touched.add((step, key))
        result = self.result_of(step, key) or StepResult(record=self.record, step=step, key=key[:200])
        for name, value in values.items():
            setattr(result, name, value)
        self._results[(step, key)] = result

    def keep_results(self) -> None:
        """Of the steps that ran, in one statement; a kill before it only means that they are worked out again."""
        StepResult.objects.bulk_create(
            [self._results[key] for key in self.touched],
            update_conflicts=True,
            unique_fields=["record", "step", "key"],
            update_fields=["state", "message", "digest", "failures", "updated_at"],
        )

    # --- what is already there ---

    @cached_property
    def postings(self) -> list[Posting]:
        """Of this record, in the order in which they were made; those of this attempt are added."""
        return [] if self.first else list(self.record.postings.all())

    @cached_property
    def known(self) -> dict[tuple[str, str], Posting]:
        """By resource and natural key: which of the client and the items that the order wants the books hold already."""
        keys = [self.wanted.client.key, *(item.key for item in self.wanted.items)] if self.wanted else []
        rows = Posting.objects.filter(
            target=self.flow.target_id, resource__in=SHARED, natural_key__in=keys, state=Posting.State.DONE
        ).only("resource", "natural_key", "state", "remote_id", "remote_number")
        return {(row.resource, row.natural_key): row for row in rows.order_by()}

    def posting_of(self, resource: str, part: str = "") -> Posting | None:
        return next((one for one in self.postings if (one.resource, one.part) == (resource, part)), None)

    def invoice(self) -> Posting | None:
        """The first document of this record that went to the books, finished or not; also one that may have arrived, and
        one that was taken back."""
        found = self.posting_of(self.flow.target_resource)
        return found if found and found.state != Posting.State.INTENDED else None

    def invoices_standing(self) -> list[Posting]:
        """What the books hold, or may hold."""
        gone = (Posting.State.INTENDED, Posting.State.VOIDED)
        return [one for one in self.postings if one.resource == self.flow.target_resource and one.state not in gone]

    def invoice_of(self, payment: BooksPayment) -> Posting | None:
        """That of this record's invoices which the payment goes onto."""
        invoices = (one for one in self.postings if one.resource == self.flow.target_resource)
        return next((one for one in invoices if one.remote_id == payment.invoice_id), None)

    def faults(self) -> int:
        """Tries since the last settled one that ended in an error nobody foresaw."""
        earlier = self.record.attempts.exclude(pk=self.attempt.pk).values_list("outcome", "reason")[:20]
        unsettled = itertools.takewhile(lambda one: one[0] in ("waiting", "died", ""), earlier)
        return sum(reason == "error" for _, reason in unsettled)

    def remark(self) -> str:
        return self.wanted.remark if self.wanted else ""


def opened(claim: Claim) -> Run:
    """Connect both ends, on the flow's terms."""
    flow = claim.record.flow
    return Run(
        claim=claim,
        source=connect(flow.source, secrets=flow.source.secrets),
        target=connect(flow.target, secrets=flow.target.secrets),
        policy=policy_of(flow),
        steps=steps_of(flow),
        lookups=load_lookups(),
    )


def jsonable(value: Any) -> Any:
    """Decimals and dates as text, so that what is stored is exactly what was read."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [jsonable(inner) for inner in value]
    return str(value)

"""What one attempt works with: the claim, both ends, the flow version, and what has come of the steps so far."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from connectors.base import Connector
from connectors.documents import Document, Order, Raw
from connectors.errors import NeedsLogin, OutcomeUnknown, RateLimited, RetryLater
from connectors.models import Connection
from connectors.vault import connect
from hub.accounting.dates import Calendar
from hub.accounting.policy import Policy, policy_from
from hub.accounting.want import Terms, want
from hub.accounting.wanted import Wanted
from hub.engine.claim import Claim
from hub.engine.fixes import with_fixes
from hub.engine.lookups import Lookups, load_lookups
from hub.engine.steps import Step
from hub.errors import NotYet, Skipped
from hub.models import Attempt, Flow, Posting, StepResult, SyncRecord

VENDOR_SAYS = "rate_limited"
"""The code of the vendor's own refusal; our own budget only makes the record wait."""


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
    fresh: set[int] = field(default_factory=set)
    """Postings created in this very attempt: nobody else can have touched them yet."""
    looked_over: set[int] = field(default_factory=set)
    """Postings that an earlier attempt intended: something may have come of them, so look before sending."""
    touched: set[tuple[str, str]] = field(default_factory=set)
    """Step results of this attempt; older ones belong to steps that no longer run."""

    @property
    def record(self) -> SyncRecord:
        return self.claim.record

    @property
    def flow(self) -> Flow:
        return self.record.flow

    @property
    def attempt(self) -> Attempt:
        return self.claim.attempt

    def read(self) -> None:
        """The truth, read again; kept with the attempt so that it can be shown and parsed again."""
        with calling(self.flow.source):
            resource = self.source.resource(self.flow.source_resource)
            self.raw = resource.fetch(self.record.source_id)
            self.attempt.raw = jsonable(self.raw)
            self.document = with_fixes(resource.parse(self.raw), self.record.fixes)

    def require_wanted(self) -> None:
        """A person may have said that this record is not to be booked."""
        if self.record.decision.get("skip"):
            raise Skipped("by_hand", self.record.decision["skip"])

    def decide(self) -> None:
        """What an order wants in the books. Other documents want just what their mapping says."""
        self.step = "decide"
        if isinstance(self.document, Order):
            self.wanted = want(self.document, self.terms())

    def terms(self) -> Terms:
        return Terms(
            policy=self.policy,
            capabilities=self.target.capabilities(),
            calendar=Calendar(self.flow.target.lock_date),
            tax_table=self.lookups.get("taxes", {}),
            number=self._number(),
        )

    def _number(self) -> str:
        """What is in the books keeps its number, whatever the flow says today."""
        invoice = self.invoice()
        return invoice.natural_key if invoice else self.record.decision.get("number", "")

    def remember(self, key: str, posting: Posting) -> None:
        """Later steps' mappings see `posted.<resource>.id` and `.number`."""
        self.posted[posting.resource] = {
            "id": posting.remote_id,
            "number": posting.remote_number or posting.natural_key,
        }
        self.done(key)

    def effect(self, step: str, **what: Any) -> None:
        """For the record's story: what was sent, and what came of it."""
        self.attempt.effects.append({"step": step, **jsonable(what)})

    # --- step results ---

    @cached_property
    def _results(self) -> dict[tuple[str, str], StepResult]:
        return {(result.step, result.key): result for result in self.record.steps.all()}

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

    def note_failure(self, key: str, error: Exception) -> None:
        """A step that may fail: later, by itself, if that can help; else a person sees it on the record."""
        again = isinstance(error, RetryLater | NeedsLogin | OutcomeUnknown | NotYet)
        before = self.result(key)
        state = StepResult.State.WAITING if again else StepResult.State.FAILED
        failures = (before.failures if before else 0) + 1
        self._note(self.step, key, state=state, message=str(error), digest="", failures=failures)

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
        return list(self.record.postings.all())

    def posting_of(self, resource: str, part: str = "") -> Posting | None:
        return next((one for one in self.postings if (one.resource, one.part) == (resource, part)), None)

    def invoice(self) -> Posting | None:
        """The primary document of this record in the books, finished or not; also one that may have arrived."""
        found = self.posting_of(self.flow.target_resource)
        return found if found and found.state != Posting.State.INTENDED else None

    def faults(self) -> int:
        """Tries since the last settled one that ended in an error nobody foresaw."""
        earlier = self.record.attempts.exclude(pk=self.attempt.pk).values_list("outcome", "reason")[:20]
        unsettled = itertools.takewhile(lambda one: one[0] in ("waiting", "died", ""), earlier)
        return sum(reason == "error" for _, reason in unsettled)

    def announced(self) -> str:
        return self.wanted.waiting_for if self.wanted else ""


def opened(claim: Claim) -> Run:
    """Connect both ends and load what the flow's version says."""
    flow = claim.record.flow
    version = flow.version
    return Run(
        claim=claim,
        source=connect(flow.source),
        target=connect(flow.target),
        policy=policy_from(version.policy if version else flow.policy),
        steps=tuple(Step.model_validate(step) for step in (version.steps if version else flow.steps)),
        lookups=load_lookups(),
    )


@contextmanager
def calling(connection: Connection) -> Iterator[None]:
    """Around every outbound call: a refused login or a full budget is the connection's affair, not the record's."""
    try:
        yield
    except NeedsLogin as error:
        connection.ask_for_login(str(error))
        raise
    except RateLimited as error:
        if error.code == VENDOR_SAYS:
            connection.pause(error.wait, str(error))
        raise
    else:
        connection.mark_ok()


def jsonable(value: Any) -> Any:
    """Decimals and dates as text, so that what is stored is exactly what was read."""
    if isinstance(value, dict):
        return {str(key): jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [jsonable(inner) for inner in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)

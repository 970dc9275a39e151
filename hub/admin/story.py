"""The story of one record: what the source says, what was built, what the books answered, and whether it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils import timezone

from connectors.documents import Document
from connectors.errors import ConnectorError
from connectors.vault import connect
from hub.admin.decided import decided
from hub.admin.decision_fit import OPEN
from hub.admin.differences import Difference, differences
from hub.admin.kept import in_conflict, kept_with, state_of
from hub.admin.masking import pretty
from hub.admin.proof import Proof, proof
from hub.admin.sheets import Sheet, sheet
from hub.admin.tries import Try, tries
from hub.admin.words import COLOURS, day, heading, money, plain
from hub.models import Posting, StepResult, SyncRecord

SIDES = {"ours": "What we would post", "theirs": "What the books hold"}
DELETED = "What was deleted there"
FACTS = {
    "source": "The source says",
    "other": "On the other side stands",
    "ours": "What we would post",
    "posted": "Posted",
    "now": "Now",
    "draft": "Somebody changed the draft in the books; it is over",
    "lines": "Line by line, with tax",
}
TOLD = {
    "field", "fields", "value", "remedy", "code", "digest", "posting", "id", "candidates", "theirs", "edit", "gone", "ask",
}  # fmt: skip
"""Said in another place of the page, or of no use to a person."""
FOREMOST = ("invoice", "payment", "credit_note", "client", "item")


@dataclass(frozen=True)
class Posted:
    """One document in the books. `number` is empty for what has no name of its own, such as a payment."""

    posting: Posting
    title: str
    number: str
    date: str
    total: str
    booked: str
    equal: bool
    colour: str


@dataclass(frozen=True)
class Step:
    result: StepResult
    label: str
    colour: str


@dataclass(frozen=True)
class Story:
    record: SyncRecord
    state: str
    colour: str
    amount: str
    day: str
    remedy: str
    differences: list[Difference]
    aside: list[Sheet]
    """A document that the problem is about, where there is nothing to compare it with."""
    facts: list[tuple[str, list[str]]]
    """What else the problem says."""
    source: Sheet | None
    source_problem: str
    raw: str
    built: list[Sheet]
    """The main document first; the others are shown folded."""
    posted: list[Posted]
    proof: Proof
    steps: list[Step]
    tries: list[Try]
    fixes: list[tuple[str, str]]
    decided: list[str]
    """Who decided what, the newest first."""
    kept_with: str
    in_conflict: list[str]
    """Fields of it that both sides have changed, and that wait for a person."""

    @property
    def open(self) -> bool:
        """Whether a person has to decide."""
        return self.record.state in OPEN

    @property
    def next_try(self) -> str:
        if self.record.due_at is None:
            return ""
        return naturaltime(self.record.due_at) if self.record.due_at > timezone.now() else "as soon as a worker is free"

    @property
    def told(self) -> bool:
        """Whether what the last attempt said still counts: not once the next one is on its way."""
        return self.record.state not in (SyncRecord.State.PENDING, SyncRecord.State.WORKING)

    @property
    def all_done(self) -> bool:
        return all(step.result.state == StepResult.State.DONE for step in self.steps)


def story(record: SyncRecord) -> Story:
    telling = record.attempts.filter(raw__isnull=False).first()
    document, problem = _source(record, telling.raw if telling else None)
    postings = list(record.postings.select_related("target"))
    compared = differences(record.problem)
    clashes = in_conflict(record)
    resource = heading(record.flow.source_resource)
    return Story(
        record=record,
        state=state_of(record, clashes),
        colour="warning" if clashes and record.state == SyncRecord.State.POSTED else COLOURS.get(record.state, ""),
        amount=worth(record),
        day=day(record.date),
        remedy=str(record.problem.get("remedy", "")),
        differences=compared,
        aside=[] if compared else _aside(record),
        facts=_facts(record),
        source=sheet(resource, document.model_dump(mode="json")) if document else None,
        source_problem=problem,
        raw=pretty(telling.raw) if telling else "",
        built=_built(telling.built, record.flow.target_resource) if telling else [],
        posted=[_posted(posting) for posting in sorted(postings, key=_rank)],
        proof=proof(record, document, postings),
        steps=[Step(result, heading(result.step), COLOURS[result.state]) for result in record.steps.all()],
        tries=tries(record),
        fixes=[(heading(path), value) for path, value in record.fixes.items()],
        decided=decided(record),
        kept_with=kept_with(record),
        in_conflict=clashes,
    )


def worth(record: SyncRecord) -> str:
    """Customers and products are worth no sum."""
    if record.currency:
        return money(record.total, record.currency)
    return "" if record.number or record.who else "not read yet"


def _source(record: SyncRecord, raw: Any) -> tuple[Document | None, str]:
    """The source's document, parsed again from what was kept; or why that cannot be done."""
    if raw is None:
        return None, "It has not been read from its source yet."
    try:
        return connect(record.flow.source).resource(record.flow.source_resource).parse(raw), ""
    except (ConnectorError, ValueError, KeyError, TypeError) as error:  # raw is theirs: whatever is odd in it is shown
        return None, f"What the source answered cannot be read as {plain(record.flow.source_resource)}: {error}"


def _built(built: list[dict[str, Any]], primary: str) -> list[Sheet]:
    """The primary document before the others, each of them in the order in which it was built."""
    ordered = sorted(built, key=lambda one: one.get("resource") != primary)
    return [
        sheet(
            heading(str(one.get("step" if one.get("step") == "write_back" else "resource", ""))),
            one.get("document") or {},
        )
        for one in ordered
    ]


def _rank(posting: Posting) -> int:
    return FOREMOST.index(posting.resource) if posting.resource in FOREMOST else -1


def _posted(posting: Posting) -> Posted:
    return Posted(
        posting=posting,
        title=heading(posting.resource),
        number=posting.remote_number or ("" if "/" in posting.natural_key else posting.natural_key),
        date=day(posting.date) if posting.date else "",
        total=money(posting.total, posting.currency),
        booked=money(posting.booked, posting.currency),
        equal=posting.total == posting.booked,
        colour=COLOURS.get(posting.state, ""),
    )


def _aside(record: SyncRecord) -> list[Sheet]:
    titles = {**SIDES, "theirs": DELETED} if record.reason == "deleted_in_books" else SIDES
    told = ((title, record.problem.get(name)) for name, title in titles.items())
    return [sheet(title, document) for title, document in told if isinstance(document, dict)]


def _facts(record: SyncRecord) -> list[tuple[str, list[str]]]:
    """Values of the problem that its message does not say already, such as both sides of a sum."""
    told = ((name, value) for name, value in record.problem.items() if name not in TOLD and value not in (None, "", []))
    return [
        (FACTS.get(name, heading(name)), [str(one) for one in value] if isinstance(value, list) else [str(value)])
        for name, value in told
        if not isinstance(value, dict) and str(value) not in record.message
    ]

"""The story of one record: what the source says, what was built, what the books answered, and whether it agrees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.errors import ConnectorError
from connectors.vault import connect
from hub.admin.masking import pretty
from hub.admin.sheets import Sheet, sheet
from hub.admin.words import COLOURS, STATES, heading, money, plain
from hub.models import Attempt, Posting, StepResult, SyncRecord

NEWEST = 25


@dataclass(frozen=True)
class Proof:
    """Source, asked and booked, to the cent. An amount that does not exist yet is None."""

    source: Decimal
    asked: Decimal | None
    booked: Decimal | None
    currency: str
    notes: list[str]

    @property
    def complete(self) -> bool:
        return self.asked is not None and self.booked is not None

    @property
    def equal(self) -> bool:
        return self.source == self.asked == self.booked

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [
            ("The source says", money(self.source, self.currency)),
            ("We asked the books for", money(self.asked, self.currency)),
            ("The books answered", money(self.booked, self.currency)),
        ]

    @property
    def difference(self) -> str:
        return money((self.booked or Decimal(0)) - self.source, self.currency) if self.complete else ""


@dataclass(frozen=True)
class Posted:
    """One document in the books, with what its label and link need."""

    posting: Posting
    title: str
    colour: str
    total: str
    booked: str
    equal: bool


@dataclass(frozen=True)
class Step:
    result: StepResult
    label: str
    colour: str


@dataclass(frozen=True)
class Try:
    attempt: Attempt
    effects: str


@dataclass(frozen=True)
class Story:
    record: SyncRecord
    state: str
    colour: str
    amount: str
    remedy: str
    differs: list[Sheet]
    """Two documents side by side, where the problem is that they are not the same."""
    facts: list[tuple[str, str]]
    """What else the problem says."""
    source: Sheet | None
    source_problem: str
    raw: str
    built: list[Sheet]
    posted: list[Posted]
    proof: Proof
    steps: list[Step]
    tries: list[Try]
    fixes: list[tuple[str, str]]


def story(record: SyncRecord) -> Story:
    telling = record.attempts.filter(raw__isnull=False).first()
    source, problem = _source(record, telling.raw if telling else None)
    postings = list(record.postings.select_related("target"))
    return Story(
        record=record,
        state=STATES[record.state],
        colour=COLOURS.get(record.state, ""),
        amount=money(record.total, record.currency) if record.currency else "not read yet",
        remedy=str(record.problem.get("remedy", "")),
        differs=[sheet(heading(name), value) for name, value in record.problem.items() if isinstance(value, dict)],
        facts=_facts(record.problem),
        source=source,
        source_problem=problem,
        raw=pretty(telling.raw) if telling else "",
        built=[_drawn(built) for built in telling.built] if telling else [],
        posted=[_posted(posting) for posting in postings],
        proof=proof(record, postings),
        steps=[Step(result, heading(result.step), COLOURS[result.state]) for result in record.steps.all()],
        tries=[_try(attempt) for attempt in record.attempts.defer("raw", "built").select_related("version")[:NEWEST]],
        fixes=[(heading(path), value) for path, value in record.fixes.items()],
    )


def proof(record: SyncRecord, postings: list[Posting]) -> Proof:
    """Of the flow's primary document: the newest one, where an order was invoiced again."""
    primary = [posting for posting in postings if posting.resource == record.flow.target_resource]
    newest = primary[-1] if primary else None
    return Proof(
        source=record.total,
        asked=newest.total if newest else None,
        booked=newest.booked if newest else None,
        currency=record.currency,
        notes=[posting.note for posting in postings if posting.note],
    )


def _source(record: SyncRecord, raw: Any) -> tuple[Sheet | None, str]:
    """The source's document, parsed again from what was kept; or why that cannot be done."""
    if raw is None:
        return None, "It has not been read from its source yet."
    try:
        document = connect(record.flow.source).resource(record.flow.source_resource).parse(raw)
    except (ConnectorError, ValueError, KeyError, TypeError) as error:  # raw is theirs: whatever is odd in it is shown
        return None, f"What the source answered cannot be read as {plain(record.flow.source_resource)}: {error}"
    return sheet(heading(record.flow.source_resource), document.model_dump(mode="json")), ""


def _drawn(built: dict[str, Any]) -> Sheet:
    return sheet(plain(str(built.get("resource", ""))).capitalize(), built.get("document") or {})


def _try(attempt: Attempt) -> Try:
    return Try(attempt, pretty(attempt.effects) if attempt.effects else "")


def _posted(posting: Posting) -> Posted:
    return Posted(
        posting=posting,
        title=heading(posting.resource),
        colour=COLOURS.get(posting.state, ""),
        total=money(posting.total, posting.currency),
        booked=money(posting.booked, posting.currency),
        equal=posting.total == posting.booked,
    )


def _facts(problem: dict[str, Any]) -> list[tuple[str, str]]:
    """Single values that the message may not repeat, such as both sides of a sum."""
    told = {"field", "fields", "value", "remedy", "code", "digest", "posting", "id"}
    return [(heading(name), str(value)) for name, value in problem.items() if name not in told and _is_single(value)]


def _is_single(value: Any) -> bool:
    return value not in (None, "") and not isinstance(value, dict | list)

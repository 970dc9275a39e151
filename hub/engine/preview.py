"""A flow run over a past record through the very same code, posting nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from connectors.documents import Document, Raw
from connectors.errors import ConnectorError
from connectors.vault import connect
from hub.accounting.wanted import Wanted
from hub.engine import applying, choices
from hub.engine.build import build, condition, elements
from hub.engine.claim import Claim
from hub.engine.context import Run
from hub.engine.deciding import decide
from hub.engine.fixes import with_fixes
from hub.engine.lookups import load_lookups
from hub.engine.outcomes import PATIENCE, Outcome, outcome_of
from hub.engine.steps import GUARDS, Step, require_passed
from hub.engine.terms import policy_of, steps_of
from hub.errors import HubError
from hub.models import Attempt, Flow, SyncRecord
from mappings.engine.errors import MappingError

POSTED = Outcome("posted")
PLACEHOLDER = {"client": {"id": "(the client)", "number": ""}, "invoice": {"id": "(the invoice)", "number": ""}}
CREDIT_NOTE = {"id": "(the credit note)", "number": ""}


@dataclass(frozen=True)
class BuiltDocument:
    step: str
    resource: str
    document: dict[str, Any]


@dataclass
class Preview:
    """What would be posted, and what would stop it. `outcome` is what the record would come to today."""

    document: Document | None = None
    wanted: Wanted | None = None
    outcome: Outcome = POSTED
    built: list[BuiltDocument] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def preview(
    flow: Flow, raw: Raw, *, fixes: dict[str, str] | None = None, steps: tuple[Step, ...] | None = None
) -> Preview:
    """`steps` replaces the flow's own, so that a rule can be tried before it is saved."""
    shown = Preview()
    run = _dry(flow, raw, steps)
    try:
        run.document = with_fixes(run.source.resource(flow.source_resource).parse(raw), fixes or {})
        shown.document = run.document
        decide(run)
        applying.follow(run)
        shown.wanted = run.wanted
        for step in run.steps:
            run.step = step.name
            if condition(step, run):
                shown.built += _built(step, run, shown)
    except (HubError, MappingError, ConnectorError, ValueError, LookupError, TypeError) as error:
        shown.problems.append(str(error))
        shown.outcome = came_to(error, run.step)
    return shown


def came_to(error: Exception, step: str) -> Outcome:
    """What the error would make of a record in the end: a preview does not try again."""
    return outcome_of(error, step=step, failures=0, faults=PATIENCE)


def _built(step: Step, run: Run, shown: Preview) -> Iterator[BuiltDocument]:
    if step.do in GUARDS:
        require_passed(step, choices.decided(run.record))
        return
    for element in elements(step, run):
        try:
            built = build(step, element, run)
        except MappingError as error:
            shown.problems += [str(problem) for problem in error.problems]
            if step.on_failure != "continue" and shown.outcome is POSTED:
                shown.outcome = came_to(error, step.name)
            continue
        if built.step.resource == run.flow.target_resource:
            run.posted["invoice"] = {"id": "(the invoice)", "number": built.natural_key}
        if built.step.resource == "credit_note":
            run.credits[built.part] = CREDIT_NOTE
        yield BuiltDocument(step.name, step.resource, built.document.model_dump(mode="json"))


def _dry(flow: Flow, raw: Raw, steps: tuple[Step, ...] | None) -> Run:
    record = SyncRecord(flow=flow, source_id="preview")
    claim = Claim(record, Attempt(record=record), "", record.lease_until)  # type: ignore[arg-type]
    run = Run(
        claim=claim,
        source=connect(flow.source),
        target=connect(flow.target),
        policy=policy_of(flow),
        steps=steps or steps_of(flow),
        lookups=load_lookups(),
        raw=raw,
        posted={name: dict(value) for name, value in PLACEHOLDER.items()},
    )
    run.postings = []
    return run

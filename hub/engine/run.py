"""One try at a record, from the source's truth to the books' answer."""

from __future__ import annotations

import logging

from connectors.errors import ConnectorError
from connectors.http import before_each_call
from hub.engine import (
    again,
    applying,
    choices,
    deciding,
    doubt,
    duplicates,
    edits,
    identity,
    own_work,
    passed_taxes,
    putting_back,
    rests,
    telling,
    withdrawals,
    write_back,
)
from hub.engine.build import Element, build, condition, elements
from hub.engine.claim import Claim, LeaseLost, settle
from hub.engine.context import Run, opened
from hub.engine.counterparts import conflicts, fields, sides
from hub.engine.counterparts.following import follow
from hub.engine.journal import worth
from hub.engine.outcomes import Outcome, outcome_of
from hub.engine.postings import ensure
from hub.engine.steps import GUARDS, Step, require_passed
from hub.errors import Held, NotYet, Skipped
from hub.models import Posting, StepResult
from mappings.engine.errors import MappingError

log = logging.getLogger(__name__)


def attempt(claim: Claim) -> None:
    """Read, decide, build, prove, post; then settle, whatever came of it. The lease lasts as long as the work."""
    with before_each_call(claim.renew):
        _attempt(claim)


def _attempt(claim: Claim) -> None:
    try:
        run = opened(claim)
    except Exception as error:
        settle(claim, outcome_of(error, step="open", failures=claim.record.failures))
        return
    try:
        outcome = _worked(run)
    except LeaseLost:
        log.warning("%s was taken over by another worker", claim.record)
        return
    except Exception as error:
        outcome = _outcome(error, run)
    settle(claim, outcome, also=lambda: _keep(run, outcome))


def _worked(run: Run) -> Outcome:
    doubt.resolve_all(run)
    again.forget_gone(run)
    run.require_wanted()
    own_work.require_foreign(run)
    telling.require_of_an_order(run)
    sides.recall(run)
    run.read()
    identity.remember(run)
    telling.look(run)
    deciding.decide(run)
    withdrawals.follow(run)
    putting_back.follow(run)
    edits.follow(run)
    rests.follow(run)
    applying.follow(run)
    duplicates.follow(run)
    identity.remember_worth(run)
    for step in run.steps:
        take(step, run)
    return _posted(run)


def _keep(run: Run, outcome: Outcome) -> None:
    run.keep_results()
    if outcome.state == "posted":
        passed_taxes.keep(run)
    elif _left_alone(outcome) and any(fields.keeps(step) for step in run.steps):
        conflicts.drop(run.record)


def _left_alone(outcome: Outcome) -> bool:
    return outcome.state in ("skipped", "held") or (outcome.state, outcome.reason) == ("failed", "gone")


def take(step: Step, run: Run) -> None:
    """One step, once or for each of its elements. A step that may fail never takes the record with it."""
    run.step = step.name
    if not condition(step, run):
        return
    if step.do in GUARDS:
        require_passed(step, choices.decided(run.record))
        return
    for element in elements(step, run):
        run.require_time()
        if choices.chosen(run.record, choices.key_of(step.resource, element.part)) == choices.LEAVE_OUT:
            continue
        try:
            post(step, element, run)
        except (ConnectorError, MappingError, Held, NotYet) as error:
            if step.on_failure != "continue":
                raise
            run.note_failure(element.key, error)


def post(step: Step, element: Element, run: Run) -> None:
    built = build(step, element, run)
    run.attempt.built.append(built.told())
    if step.on == "source":
        write_back.tell_source(built, run)
    elif fields.keeps(step):
        follow(built, run)
    elif step.do == "update":
        telling.tell(built, run)
    else:
        run.remember(built.key, ensure(built, run))


def _posted(run: Run) -> Outcome:
    """Everything the books need is there. A write-back that must come again keeps its own clock; a refund that was
    only announced rings the bell itself when its money goes back."""
    again = run.results(StepResult.State.WAITING)
    return Outcome("posted", message=run.remark(), after=write_back.pause(again) if again else None)


def _outcome(error: Exception, run: Run) -> Outcome:
    standing = run.invoices_standing() if isinstance(error, Skipped) else []
    if standing and edits.accepted(run):
        return Outcome("posted", message=str(error))
    if standing:
        error = _no_longer_wanted(error, standing[0], run)
    if isinstance(error, Skipped):
        identity.remember_findings(run)
    outcome = outcome_of(error, step=run.step, failures=run.record.failures, faults=run.faults())
    if outcome.trace:
        log.error("%s: %s", run.record, outcome.message, exc_info=error)
    return outcome


def _no_longer_wanted(error: Exception, invoice: Posting, run: Run) -> Held:
    return Held(
        "changed_after_posting",
        f"{error}, but it is in the books already as {invoice.natural_key}",
        digest=worth(run),
        remedy="If it must not be there, credit it by hand in the books; then accept here what stands, with a reason.",
    )

"""What a store learns of its order. It has its own result: a failure here never un-posts anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from connectors.base import Connector
from connectors.documents import Document
from connectors.errors import OutcomeUnknown
from connectors.models import Connection
from hub.engine import clock
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.keys import digest
from hub.engine.outcomes import backoff
from hub.models import StepResult

State = StepResult.State


def tell_source(built: Built, run: Run) -> None:
    send(built, run, run.flow.source, run.source, run.record.source_id)


def send(
    built: Built, run: Run, end: Connection, connector: Connector, id: str, *, news: Document | None = None
) -> None:
    """To the record of this end. Once per content, or per `news` that it tells: an equal update that went through is not
    sent again. One that may still arrive is waited for, since that end is looked at before anything is repeated there."""
    told = digest(news or built.document)
    before = run.result(built.key)
    if before and before.state == State.DONE and before.digest == told:
        return
    if before and may_arrive(before):
        run.leave(built.key)
        return
    run.claim.renew()
    try:
        with calling(end):
            connector.resource(built.step.resource).update(id, built.document)
    except OutcomeUnknown as error:
        run.note_failure(built.key, error, told=told)
        return
    run.effect(built.step.name, did="update", document=id)
    run.done(built.key, told)


def may_arrive(result: StepResult) -> bool:
    """What was sent last got no answer, and not long ago."""
    if result.state != State.WAITING or not result.digest:
        return False
    return clock.now() < result.updated_at + dt.timedelta(seconds=settings.DOUBT_DELAY)


def pause(results: Iterable[StepResult]) -> float:
    """Seconds until those that wait are tried again."""
    again = [max(backoff(one.failures), settings.DOUBT_DELAY if one.digest else 0.0) for one in results]
    return max(again)

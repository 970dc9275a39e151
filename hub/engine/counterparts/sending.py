"""The journal of changes: what is to be written is committed before the call, what came of it after.

A kill between the two leaves the intent; the next worker looks whether it has arrived. A change is safe to repeat, so
what did not arrive is simply worked out again from what both sides hold then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from connectors.errors import Gone, NeedsLogin, RateLimited, Rejected
from hub.engine import clock
from hub.engine.calling import calling
from hub.engine.counterparts import known_by
from hub.engine.counterparts.merge import plain, same, typed, value_of, with_values
from hub.engine.counterparts.mirror import Agreed
from hub.engine.counterparts.sides import Sides, gone
from hub.errors import NotYet
from hub.models import Counterpart

REFUSED = (Rejected, RateLimited, NeedsLogin)
"""Answers by which nothing was written. After any other failure it may have been."""


def send(sides: Sides, names: list[str]) -> None:
    """One change with all these fields, each as the source has it. Afterwards both sides agree on them."""
    run = sides.run
    wanted = {name: sides.ours(name) for name in names}
    before = {name: sides.theirs(name) for name in names}
    run.claim.renew()
    sides.keep({}, sending={"fields": wanted, "before": before}, sent_at=clock.now())
    run.claim.require_time()
    try:
        with calling(run.flow.target):
            content = {name: typed(sides.target, name, value) for name, value in wanted.items()}
            remote = run.target.resource(sides.built.step.resource).amend(sides.row.remote_id, content)
    except REFUSED as error:
        sides.keep({}, in_any_case=True, sending=None, sent_at=None)
        if isinstance(error, Gone):
            raise gone(sides.built, run, sides.row.remote_id, "deleted") from error
        raise
    now = remote.document or with_values(sides.target, wanted)
    told = {"id": sides.row.remote_id, "fields": names, **_answer(_not_taken(wanted, now), sides)}
    run.effect(sides.built.step.name, did="update", document=_named(sides), **told)
    arrived(sides, wanted, now)


def arrived(sides: Sides, wanted: Mapping[str, Any], now: Any) -> None:
    """`now` is the target with the change in it."""
    before, sides.target = sides.target, now
    known_by.follow_write(sides, before)
    agreed: Agreed = {name: [value, value_of(now, name)] for name, value in wanted.items()}
    left = _not_taken(wanted, now)
    told = sides.mirror.moved(before, now, sides.run.document, left) if sides.mirror else {}
    sides.keep(agreed, told, in_any_case=True, sending=None, sent_at=None)


def _not_taken(wanted: Mapping[str, Any], now: Any) -> list[str]:
    """What stands there otherwise than it was written, without a complaint."""
    return [name for name, value in wanted.items() if not same(value, value_of(now, name))]


def _answer(left: list[str], sides: Sides) -> dict[str, str]:
    where = sides.run.flow.target.connector_class.label
    return {"answer": f"changed, but {where} keeps a value of its own as {', '.join(left)}"} if left else {}


def resolve(sides: Sides) -> None:
    """What was being written when a worker died, in either direction. Raises NotYet while it may still arrive."""
    if sides.row.sending:
        _resolve_ours(sides)
    if sides.mirror:
        _resolve_theirs(sides)


def _resolve_ours(sides: Sides) -> None:
    intent: dict[str, Any] = sides.row.sending or {}
    wanted = intent["fields"]
    if all(same(sides.theirs(name), value) for name, value in wanted.items()):
        now = sides.target
        sides.target = with_values(now, intent["before"])
        arrived(sides, wanted, now)
    else:
        _wait_for(sides.row)
        sides.keep({}, in_any_case=True, sending=None, sent_at=None)


def _resolve_theirs(sides: Sides) -> None:
    """The other flow's, which has written into our source. Where it has arrived, that is noted for both."""
    assert sides.mirror
    row = Counterpart.objects.filter(
        flow=sides.mirror.flow, source_id=sides.row.remote_id, sending__isnull=False
    ).first()
    if row is None:
        return
    intent: dict[str, Any] = row.sending or {}
    document, wanted = sides.run.document, intent["fields"]
    if not all(same(value_of(document, name), value) for name, value in wanted.items()):
        _wait_for(row)
        return
    agreed = {name: [value, value_of(document, name)] for name, value in wanted.items()}
    before = with_values(document, intent["before"])
    sides.keep(_moved(sides, before), agreed)
    Counterpart.objects.filter(pk=row.pk, sent_at=row.sent_at).update(sending=None, sent_at=None)


def _moved(sides: Sides, before: Any) -> Agreed:
    """Our own fields that the other flow's writing has moved."""
    earlier = sides.made_of(before)
    names = [name for name in sides.names if not same(earlier[name], sides.ours(name))]
    return {name: [sides.ours(name), sides.theirs(name)] for name in names}


def _wait_for(row: Counterpart) -> None:
    assert row.sent_at
    rest = (row.sent_at + dt.timedelta(seconds=settings.DOUBT_DELAY) - clock.now()).total_seconds()
    if rest > 0:
        raise NotYet(
            "in_doubt", f"We do not know yet whether the last change of {row} arrived; we look soon", after=rest
        )


def _named(sides: Sides) -> str:
    return sides.built.natural_key or plain(sides.row.remote_id)

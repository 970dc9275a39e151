"""By what the journal knows a client or an item: an e-mail address or a SKU, which people change. The old one may become
somebody else's then, and must not lead to this one any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from connectors.documents import Document
from connectors.models import Connection
from hub.engine import choices, journal
from hub.engine.context import Run
from hub.engine.counterparts.merge import same, value_of
from hub.engine.counterparts.sides import Sides
from hub.errors import NotYet
from hub.models import Posting

FIELDS: Mapping[str, str] = {"client": "email", "item": "sku"}


def require_same(sides: Sides) -> None:
    """Of one that was found by what the journal remembers. Raises NotYet where the books know it otherwise by now: then
    this record's own is looked for."""
    resource = sides.built.step.resource
    name = FIELDS.get(resource, "")
    if not name or not sides.ours(name) or same(sides.ours(name), sides.theirs(name)):
        return
    if _moved(_known(sides, sides.ours(name)), sides.theirs(name), sides.run):
        raise NotYet(
            "known_otherwise",
            f"{resource.capitalize()} {sides.row.remote_id} is {sides.theirs(name) or 'without one'} by now; we look for "
            f"{sides.ours(name)} again",
            after=0,
        )


def follow(sides: Sides) -> None:
    """Where it was changed on the books' side since the flow last looked."""
    name = FIELDS.get(books(sides)[1], "")
    if name in sides.names:
        in_books = 1 if leads_to_books(sides) else 0
        _follow(sides, sides.agreed(name)[in_books], (sides.ours(name), sides.theirs(name))[in_books])


def follow_write(sides: Sides, before: Document) -> None:
    """Where we have changed it there; `before` is the target without that."""
    name = FIELDS.get(sides.built.step.resource, "")
    if name and leads_to_books(sides):
        _follow(sides, value_of(before, name), sides.theirs(name))


def _follow(sides: Sides, before: Any, now: Any) -> None:
    if before and not same(before, now):
        _moved(_known(sides, before), now, sides.run)


def _known(sides: Sides, value: Any) -> QuerySet[Posting]:
    """What a person has linked is that person's word, and stays."""
    connection, resource, id = books(sides)
    done = Posting.objects.filter(target=connection, resource=resource, state=Posting.State.DONE)
    return done.filter(natural_key=_key(value), remote_id=id).exclude(note=choices.LINKED)


def _moved(known: QuerySet[Posting], now: Any, run: Run) -> bool:
    found = list(known)
    for posting in found:
        with journal.owned(posting, run):
            _move(posting, _key(now), run)
    return bool(found)


def _move(posting: Posting, key: str, run: Run) -> None:
    """Where the new one leads somewhere already, or there is none, the old one leads nowhere."""
    others = Posting.objects.filter(target=posting.target_id, resource=posting.resource, natural_key=key)
    try:
        with transaction.atomic():
            moved = key and not others.exists() and Posting.objects.filter(pk=posting.pk).update(natural_key=key)
    except IntegrityError:  # somebody else has just taken it
        moved = 0
    if not moved:
        journal.forgotten(posting, run)


def _key(value: Any) -> str:
    """As `natural_key` makes it."""
    text = str(value or "").strip()
    return text.lower() if "@" in text else text


def books(sides: Sides) -> tuple[Connection, str, str]:
    flow = sides.run.flow
    if leads_to_books(sides):
        return flow.target, sides.built.step.resource, sides.row.remote_id
    return flow.source, flow.source_resource, sides.run.record.source_id


def leads_to_books(sides: Sides) -> bool:
    return sides.run.flow.target.role == "books"

"""The first look at a pair: what the hub itself wrote when it made the one in the books, for an order or just now, is
nobody's edit, and neither is what the books made of it."""

from __future__ import annotations

from typing import Any

from connectors.documents import Document
from hub.engine.counterparts.known_by import books, leads_to_books
from hub.engine.counterparts.merge import same, value_of
from hub.engine.counterparts.mirror import Agreed
from hub.engine.counterparts.sides import Sides
from hub.engine.keys import natural_key
from hub.models import Posting
from hub.models.postings import SHARED


def remember(sides: Sides, *, just_made: bool) -> None:
    """Of the fields of which the flow remembers nothing yet."""
    new = [name for name in sides.names if name not in sides.row.agreed]
    if new and just_made:
        told = sides.mirror.alike(sides.target, sides.run.document) if sides.mirror else {}
        sides.keep({name: [sides.ours(name), sides.theirs(name)] for name in new}, told)
    elif new and (posted := _posted(sides)):
        sides.keep(_since(posted, new, sides))


def _since(posted: Document, names: list[str], sides: Sides) -> Agreed:
    """The books' side was like that; and so was the other where it still is. What else that one says is its own word."""
    if leads_to_books(sides):
        before = {name: value_of(posted, name) for name in names}
        return {name: [_if_same(sides.ours(name), value), value] for name, value in before.items()}
    before = sides.made_of(posted)
    return {name: [before[name], _if_same(sides.theirs(name), before[name])] for name in names}


def _if_same(value: Any, before: Any) -> Any:
    return value if same(value, before) else None


def _posted(sides: Sides) -> Document | None:
    """What the hub has sent when it made the one in the books; None where that was there before."""
    connection, resource, id = books(sides)
    if resource not in SHARED:
        return None
    posting = Posting.objects.filter(
        target=connection,
        resource=resource,
        natural_key__in={sides.built.natural_key, natural_key(_in_books(sides))},
        remote_id=id,
        state=Posting.State.DONE,
        adopted=False,
    ).first()
    return type(_in_books(sides)).model_validate(posting.document) if posting else None


def _in_books(sides: Sides) -> Document:
    return sides.target if leads_to_books(sides) else sides.run.document

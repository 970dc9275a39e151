"""A client who was in the books before us: what is empty there is filled from the order, and nothing else is touched."""

from __future__ import annotations

from typing import Any

from connectors.base import Resource
from connectors.documents import Client
from hub.engine import choices
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.counterparts.fields import keeps
from hub.engine.counterparts.merge import value_of
from hub.models import Posting

FILLED = ("first_name", "last_name", "organization", "phone", "vat_number", "address", "shipping")


def fill(posting: Posting, built: Built, resource: Resource[Any], run: Run) -> None:
    """Once, between finding the client and the end of its posting: a kill only means that it is filled again. Whom a
    person chose is left as he is, and a flow that keeps clients alike sees to it by itself."""
    if not _is_for_us(posting, built) or not resource.offers("amend"):
        return
    with calling(run.flow.target):
        theirs = resource.read(posting.remote_id).document
    if theirs is None:
        return
    ours = built.document
    empty = {name: getattr(ours, name) for name in FILLED if value_of(ours, name) and not value_of(theirs, name)}
    if empty:
        run.claim.renew()
        with calling(run.flow.target):
            resource.amend(posting.remote_id, empty)
        run.effect(posting.step, did="update", document=posting.natural_key, id=posting.remote_id, fields=[*empty])


def _is_for_us(posting: Posting, built: Built) -> bool:
    chosen = posting.note == choices.LINKED
    return posting.adopted and isinstance(built.document, Client) and not chosen and not keeps(built.step)

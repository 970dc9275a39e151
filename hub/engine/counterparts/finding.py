"""Which record of the target is meant: by link, then by e-mail address or SKU, then by a person's choice among those
that look alike."""

from __future__ import annotations

from django.db.models import QuerySet

from connectors.base import Remote
from connectors.errors import NotSearchable
from hub.engine import choices, journal
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.postings import ensure
from hub.errors import Held, Skipped
from hub.models import Link, Posting


def counterpart(built: Built, run: Run) -> str:
    """Its id. What is not there is made by an `upsert`; an `update` skips the record."""
    linked = _linked(run)
    if linked and linked == run.record.decision.get("again", {}).get(choices.key_of(built.step.resource, "")):
        _forget(linked, built, run)
        linked = ""
    chosen = choices.chosen(run.record, choices.key_of(built.step.resource, ""))
    if chosen and chosen not in (choices.CREATE, linked):
        return _link(chosen, run)
    if linked:
        return linked
    if built.step.do == "upsert":
        return _link(ensure(built, run).remote_id, run)
    return _link(_existing(built, run).id, run)


def _linked(run: Run) -> str:
    """A link leads towards the books, so one of the two directions is read against it."""
    ends = list(_links(run)[:2])
    if len(ends) > 1:
        raise Held(
            "several_counterparts",
            f"{len(ends)} or more records of {run.flow.target} are linked with this one, so that a change of it is not "
            "carried over by itself",
            remedy="Unlink all but one of them, or skip this record.",
        )
    return ends[0] if ends else ""


def _links(run: Run) -> QuerySet[Link, str]:
    return _rows(run).values_list("source_record" if _against(run) else "target_record", flat=True)


def _rows(run: Run) -> QuerySet[Link]:
    flow = run.flow
    if _against(run):
        return Link.objects.filter(
            target=flow.source_id,
            target_resource=flow.source_resource,
            target_record=run.record.source_id,
            source=flow.target_id,
            source_resource=flow.target_resource,
        )
    return Link.objects.filter(
        source=flow.source_id,
        source_resource=flow.source_resource,
        source_record=run.record.source_id,
        target=flow.target_id,
        target_resource=flow.target_resource,
    )


def _forget(gone: str, built: Built, run: Run) -> None:
    """It was deleted, and a person wants a new one. Whoever restores it meanwhile has it found again by its key."""
    _rows(run).delete()
    known = Posting.objects.filter(target=run.flow.target, resource=built.step.resource, remote_id=gone)
    for posting in known.filter(state=Posting.State.DONE):
        with journal.owned(posting, run):
            journal.forgotten(posting, run)


def _link(remote_id: str, run: Run) -> str:
    flow, source_id = run.flow, run.record.source_id
    here = (flow.source, flow.source_resource, source_id)
    there = (flow.target, flow.target_resource, remote_id)
    first, second = (there, here) if _against(run) else (here, there)
    Link.objects.update_or_create(
        source=first[0],
        source_resource=first[1],
        source_record=first[2],
        target=second[0],
        target_resource=second[1],
        defaults={"target_record": second[2]},
    )
    return remote_id


def _against(run: Run) -> bool:
    return run.flow.source.role == "books"


def _existing(built: Built, run: Run) -> Remote:
    """The one active record with the same key."""
    resource, where = run.target.resource(built.step.resource), run.flow.target.connector_class.label
    try:
        with calling(run.flow.target):
            found = [one for one in resource.find(built.document, deleted=False) if one.state == "active"]
    except NotSearchable as error:
        raise Skipped("no_counterpart", f"{error}; so there is nothing in {where} to keep alike") from error
    if not found:
        raise Skipped("no_counterpart", f"{where} has no {built.step.resource} with {built.natural_key}")
    if len(found) > 1:
        raise Held(
            "several_counterparts",
            f"{where} has {len(found)} {built.step.resource}s with {built.natural_key}",
            posting=choices.key_of(built.step.resource, ""),
            candidates=[{"id": one.id, **{name: str(value) for name, value in one.facts.items()}} for one in found],
            remedy="Link this record to one of them, or skip it.",
        )
    return found[0]

"""Which record of the target is meant: by a person's choice, then by link, then by e-mail address or SKU, then by a
person's choice among those that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from connectors.base import Remote
from connectors.errors import NotSearchable
from connectors.models import Connection
from hub.engine import choices, journal
from hub.engine.build import Built
from hub.engine.calling import calling
from hub.engine.context import Run
from hub.engine.counterparts.keepers import keeper, replace_by, taken
from hub.engine.counterparts.mirror import leading_back
from hub.engine.postings import ensure
from hub.errors import Held, Skipped
from hub.models import Link, Posting, SyncRecord


@dataclass(frozen=True)
class Found:
    """`by_key`: by its e-mail address or SKU, and not linked yet. `just_made`: by this very attempt."""

    id: str
    by_key: bool = False
    just_made: bool = False


def counterpart(built: Built, run: Run) -> Found:
    """What is not there is made by an `upsert`; an `update` skips the record."""
    key = choices.key_of(built.step.resource, "")
    gone, chosen = run.record.decision.get("again", {}).get(key), choices.chosen(run.record, key)
    ends = list(_ends(run))
    if gone in ends:
        _forget(gone, built, run)
        ends.remove(gone)
    if chosen not in ("", choices.CREATE, gone):
        return Found(chosen if ends == [chosen] else _choose(chosen, run))
    if ends:
        return Found(ends[0] if len(ends) == 1 else _one_of(ends, built, run))
    if built.step.do == "upsert":
        posting = ensure(built, run)
        return Found(posting.remote_id, by_key=True, just_made=posting.pk in run.fresh)
    return Found(_existing(built, run).id, by_key=True)


def link(remote_id: str, run: Run) -> None:
    """A link leads towards the books, so one of the two directions is read against it. Raises Skipped where the one that
    was found is linked with another."""
    row, _ = Link.objects.get_or_create(**_near_end(remote_id, run), defaults=_far_end(remote_id, run))
    if row.target_record != _far_end(remote_id, run)["target_record"]:
        flow = run.flow
        raise taken(
            f"{flow.target_resource} {remote_id} of {flow.target}", f"{flow.source_resource} {row.target_record}"
        )


def _ends(run: Run) -> QuerySet[Link, str]:
    """Ids of those that this record is linked with; towards the books one at most."""
    return _links(run).order_by("pk").values_list(_other(run), flat=True)


def _other(run: Run) -> str:
    return "source_record" if _against(run) else "target_record"


def _links(run: Run) -> QuerySet[Link]:
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
    _links(run).filter(**{_other(run): gone}).delete()
    known = Posting.objects.filter(target=run.flow.target, resource=built.step.resource, remote_id=gone)
    for posting in known.filter(state=Posting.State.DONE):
        with journal.owned(posting, run):
            journal.forgotten(posting, run)


def _choose(chosen: str, run: Run) -> str:
    """In the place of whomever either of the two was linked with."""
    _links(run).exclude(**{_other(run): chosen}).delete()
    replace_by(chosen, run)
    Link.objects.update_or_create(**_near_end(chosen, run), defaults=_far_end(chosen, run))
    return chosen


def _near_end(remote_id: str, run: Run) -> dict[str, Any]:
    """By which a link is known: the end that lies away from the books, and where the other is."""
    (source, resource, record), (target, other, _) = _both_ends(remote_id, run)
    return {
        "source": source,
        "source_resource": resource,
        "source_record": record,
        "target": target,
        "target_resource": other,
    }


def _far_end(remote_id: str, run: Run) -> dict[str, str]:
    return {"target_record": _both_ends(remote_id, run)[1][2]}


def _both_ends(remote_id: str, run: Run) -> tuple[tuple[Connection, str, str], tuple[Connection, str, str]]:
    here = (run.flow.source, run.flow.source_resource, run.record.source_id)
    there = (run.flow.target, run.flow.target_resource, remote_id)
    return (there, here) if _against(run) else (here, there)


def _against(run: Run) -> bool:
    return run.flow.source.role == "books"


def _one_of(ends: Sequence[str], built: Built, run: Run) -> str:
    """Whoever keeps it up to date; else a person says who does."""
    back = leading_back(run.flow)
    kept = keeper(back, run.record.source_id)
    if kept in ends:
        return kept
    known = SyncRecord.objects.filter(flow__in=back, source_id__in=ends)
    who = dict(known.order_by("pk").values_list("source_id", "who"))
    raise Held(
        "several_counterparts",
        f"{len(ends)} {built.step.resource}s of {run.flow.target} share this {run.flow.source_resource}, so that a change "
        "of it is not carried over by itself",
        posting=choices.key_of(built.step.resource, ""),
        candidates=[{"id": one, "name": who.get(one, "")} for one in ends],
        remedy="Link the one that is to be kept alike with it, or skip this record.",
    )


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

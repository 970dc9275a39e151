"""Keeping two records alike: what only one side has changed goes to the other; what both have changed goes by the
flow's policy, or waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from connectors.documents import Client
from hub.engine.build import Built
from hub.engine.context import Run
from hub.engine.counterparts import beginning, conflicts, known_by, sending
from hub.engine.counterparts.finding import Found, counterpart, link
from hub.engine.counterparts.keepers import require_keeper
from hub.engine.counterparts.merge import verdict
from hub.engine.counterparts.mirror import Agreed
from hub.engine.counterparts.sides import Sides, read
from hub.errors import HubError, Skipped

Sorted = dict[str, list[str]]
"""Verdict → the fields."""


def follow(built: Built, run: Run) -> None:
    """Raises Skipped, Held and NotYet where there is nothing to keep alike (yet), and what the target refuses."""
    _require_active(run)
    found = counterpart(built, run)
    sides = _sides(found, built, run)
    sending.resolve(sides)
    beginning.remember(sides, just_made=found.just_made)
    known_by.follow(sides)
    fields = _sorted(sides)
    _agree(sides, fields["agree"])
    decided = conflicts.chosen(sides)
    lost = _decide(sides, fields, decided)
    if fields["write"]:
        sending.send(sides, fields["write"])
    _leave(sides, fields["theirs"], lost)
    conflicts.carried_out(sides, decided)
    run.posted[built.step.resource] = {"id": sides.row.remote_id, "number": built.natural_key}
    run.done(built.key)


def _require_active(run: Run) -> None:
    """Whoever was deleted in the books stays in the store, for a person to see to."""
    if isinstance(run.document, Client) and not run.document.active:
        raise Skipped(
            "deleted_in_source",
            f"This client was archived or deleted in {run.flow.source.connector_class.label}; nothing is changed in "
            f"{run.flow.target.connector_class.label}",
        )


def _sides(found: Found, built: Built, run: Run) -> Sides:
    sides = read(found.id, built, run)
    try:
        if found.by_key:
            known_by.require_same(sides)
        require_keeper(found.id, run)
        if found.by_key:
            link(found.id, run)
    except HubError:
        sides.row.delete()  # whoever keeps nothing must not look like a keeper
        raise
    return sides


def _sorted(sides: Sides) -> Sorted:
    found: Sorted = defaultdict(list)
    for name in sides.names:
        found[verdict(sides.ours(name), sides.theirs(name), sides.agreed(name))].append(name)
    return found


def _agree(sides: Sides, names: list[str]) -> None:
    agreed: Agreed = {name: [sides.ours(name), sides.theirs(name)] for name in names}
    if all(sides.row.agreed.get(name) == pair for name, pair in agreed.items()):
        return
    told = sides.mirror.settled(names, sides.target, sides.run.document) if sides.mirror else {}
    sides.keep(agreed, told)


def _decide(sides: Sides, found: Sorted, decided: Mapping[str, str]) -> list[str]:
    """What is decided for the source is to be written. Returns the fields that are decided for the target."""
    clashes = found["clash"]
    if sides.mirror and (others := [name for name in clashes if sides.mirror.judges(sides.built.step.rules, name)]):
        sides.mirror.ring(sides.row.remote_id)
        clashes = [name for name in clashes if name not in others]
    owners = {name: decided.get(name) or sides.run.policy.owner(name) for name in clashes}
    conflicts.ask(sides, [name for name, owner in owners.items() if owner == "ask"], decided)
    found["write"] += [name for name, owner in owners.items() if owner == "source"]
    return [name for name, owner in owners.items() if owner == "target"]


def _leave(sides: Sides, theirs: list[str], lost: list[str]) -> None:
    """What the target holds stands. Where a flow leads back that takes it over, it is told to; else both values are known
    now, and whoever changes next wins."""
    back = sides.mirror
    carried = [name for name in (*theirs, *lost) if back and back.carries(name)]
    if stays := [name for name in (*theirs, *lost) if name not in carried]:
        sides.keep({name: [sides.ours(name), sides.theirs(name)] for name in stays})
    if back and carried:
        earlier = {name: sides.ours(name) if name in lost else sides.agreed(name)[1] for name in carried}
        told = back.handed_over(earlier, sides.target, sides.run.document)
        sides.keep({name: [sides.ours(name), sides.agreed(name)[1]] for name in carried if name in lost}, told)
        if told:
            back.ring(sides.row.remote_id)

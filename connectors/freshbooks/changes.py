"""Everything changed since a cursor, from lists that can only be asked for whole days.

`updated` is US Eastern wall time in whole seconds, and its filter knows days. So every reading begins a day back, and the
cursor remembers which version of each record it has told of; a version so young that its second may still be going on is
told and not remembered, so that the next reading tells it once more.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connectors.base import Notice
from connectors.documents import Raw
from connectors.freshbooks.search import id_of

if TYPE_CHECKING:
    from connectors.freshbooks.records import Records

EASTERN = ZoneInfo("America/New_York")
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=EASTERN)
OVERLAP = dt.timedelta(days=1)
BATCH = 100
SETTLED = dt.timedelta(minutes=2)
"""Their clock may differ from ours by that much, and a second be over."""

Cursor = Mapping[str, Any]


def changed(records: Records[Any], cursor: Cursor) -> Iterator[tuple[Notice, Cursor]]:
    """Oldest first. Within a batch the cursor stays where it was: a stop there repeats a batch, which is harmless."""
    place = Place.read(cursor)
    now = records.connector.now().astimezone(EASTERN)
    rows = records.every({"updated_min": place.day.isoformat()}, lambda raw: updated(raw)[:10] >= place.day.isoformat())
    fresh = sorted((row for row in rows if not place.knows(row)), key=updated)
    for start in range(0, len(fresh), BATCH):
        batch = fresh[start : start + BATCH]
        following = place.after(batch, now)
        stands = place.written()
        for row in batch[:-1]:
            yield notice(records.name, row, now), stands
        place = following
        yield notice(records.name, batch[-1], now), place.written()


@dataclass(frozen=True)
class Place:
    """The day from which to read, and which version of each record was told of since."""

    day: dt.date
    seen: Mapping[str, str]

    @classmethod
    def read(cls, cursor: Cursor) -> Place:
        if "day" in cursor:
            return cls(dt.date.fromisoformat(cursor["day"]), dict(cursor["seen"]))
        since = dt.datetime.fromisoformat(cursor["since"]) if cursor.get("since") else BEGINNING
        return cls(since.astimezone(EASTERN).date(), {})

    def written(self) -> Cursor:
        return {"day": self.day.isoformat(), "seen": dict(self.seen)}

    def knows(self, row: Raw) -> bool:
        return self.seen.get(id_of(row)) == version_of(row)

    def after(self, batch: Sequence[Raw], now: dt.datetime) -> Place:
        """A row dated in the future, by a clock that was wrong for a while, must not carry the cursor there."""
        reached = min(updated(batch[-1])[:10], now.date().isoformat())
        day = max(self.day, dt.date.fromisoformat(reached) - OVERLAP)
        told = {id_of(row): version_of(row) for row in batch if settled(row, now)}
        return Place(day, {id: one for id, one in {**self.seen, **told}.items() if one[:10] >= day.isoformat()})


def notice(resource: str, row: Raw, now: dt.datetime) -> Notice:
    named = f"{resource}/{id_of(row)}/{version_of(row)}" if settled(row, now) else ""
    return Notice(resource, id_of(row), delivery_id=named, changed_at=instant(row))


def settled(row: Raw, now: dt.datetime) -> bool:
    return updated(row) < f"{now - SETTLED:%Y-%m-%d %H:%M:%S}"


def version_of(row: Raw) -> str:
    """Two edits within one second differ in what they left behind."""
    content = json.dumps(row, sort_keys=True, default=str)
    return f"{updated(row)} {hashlib.sha256(content.encode()).hexdigest()[:16]}"


def updated(row: Raw) -> str:
    return str(row.get("updated") or "")


def instant(row: Raw) -> dt.datetime | None:
    """Of the hour that autumn repeats, the earlier."""
    told = updated(row)
    return dt.datetime.fromisoformat(told[:19]).replace(tzinfo=EASTERN) if told else None

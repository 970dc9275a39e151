"""Numbers that a series leaves out are asked of the source: what it has is taken in, what it has not is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from connectors.errors import Gone, Rejected
from hub import queue
from hub.alerts import end_alert, raise_alert, seen_to, still_open
from hub.engine.calling import calling
from hub.intake.completeness.counted import Counted
from hub.intake.completeness.series import gaps
from hub.intake.completeness.words import called, enumerated
from hub.models import Alert

GAP = Alert.Kind.GAP
QUESTIONS = 100
"""Of one round. What was never asked for comes first."""
UNREADABLE = (Rejected, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
REMEDY = (
    "A checkout that was not finished can leave a gap, and so can a test. If these were real, look for them in the "
    "store. If all is well, say that you have seen to it: the same numbers are then not mentioned again."
)
Gaps = dict[str, set[str]]
"""Series → its numbers that nobody has."""


def left_out(counted: Counted, start: dt.date, until: float) -> list[str]:
    """Ids of what the source does have under such a number, of records since `start`. What does not fit into the time
    is asked for in the next round. Raises ConnectorError."""
    if not counted.resource.number_lookup:
        return []
    told, found = _told(counted), []
    for key, number in _questions(counted, start, told):
        if queue.is_over(until):
            break
        id = _asked(counted, number)
        if id is None:
            told.setdefault(key, set()).add(number)
        elif id and _is_lost(counted, id):
            found.append(id)
    _tell(counted, told)
    return found


def _told(counted: Counted) -> Gaps:
    """What is open now."""
    return {alert.key: set(alert.about["numbers"]) for alert in still_open(GAP, f"{counted.key} ")}


def _questions(counted: Counted, start: dt.date, told: Gaps) -> list[tuple[str, str]]:
    series = {f"{counted.key} {one.shape}": one.missing for one in gaps(counted.numbers(start))}
    asked = [(key, number) for key, missing in series.items() for number in _unexplained(counted, key, missing)]
    return sorted(asked, key=lambda pair: pair[1] in told.get(pair[0], ()))[:QUESTIONS]


def _unexplained(counted: Counted, key: str, missing: Iterable[str]) -> list[str]:
    """Neither of an older record, nor seen to by a person."""
    explained = {number for alert in seen_to(GAP, key) for number in alert.about["numbers"]} | counted.known(missing)
    return [number for number in missing if number not in explained]


def _asked(counted: Counted, number: str) -> str | None:
    """The id; None where the source has no such number, empty where it has but cannot say which record it is."""
    try:
        with calling(counted.connection):
            return counted.resource.resolve(f"{counted.resource.number_lookup}={number}")
    except Gone:
        return None
    except Rejected:
        return ""


def _is_lost(counted: Counted, id: str) -> bool:
    """Not what was there before we began. What cannot be read is taken in, so that a person sees why."""
    if id not in counted.unknown([id], dt.date.max):
        return False
    try:
        with calling(counted.connection):
            document = counted.resource.parse(counted.resource.fetch(id))
    except Gone:
        return False
    except UNREADABLE:
        return True
    changed = getattr(document, "updated_at", None) or getattr(document, "placed_at", None)
    return changed is None or bool(changed >= counted.begins())


def _tell(counted: Counted, told: Gaps) -> None:
    """One alert for each series. It ends by itself when all of its numbers have turned up."""
    for key, numbers in told.items():
        gone = sorted(numbers - counted.known(numbers))
        if not gone:
            end_alert(GAP, key)
            continue
        message = (
            f"The {called(counted.resource)} of {counted.connection} leave out {len(gone)} "
            f"{'number' if len(gone) == 1 else 'numbers'}, which {counted.connection} does not know either: "
            f"{enumerated(gone)}."
        )
        raise_alert(GAP, key, message, REMEDY, about={"numbers": gone})

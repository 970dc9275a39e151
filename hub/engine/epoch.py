"""Whether this database is still what this hub worked on last. An older state of it does not know what it has done in
the books since; and where it is a copy, the hub it was copied from may be alive."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, F
from django.utils import timezone

from hub.alerts import end_alert, raise_alert
from hub.engine import clock, sightings
from hub.engine.place import place
from hub.engine.recovery import Recovered, moment, recover
from hub.engine.sightings import Sight
from hub.models import Alert, Installation

log = logging.getLogger(__name__)
ONLY = 1
WENT_BACK, COPIED = "went back", "copied"
"""Keys of the alerts: what was noticed."""
_gives_way = False


@dataclass(frozen=True)
class Noticed:
    key: str
    message: str
    remedy: str


def watch() -> None:
    """Before any record is claimed. Whoever notices first recovers, in one transaction; the others wait for it."""
    global _gives_way
    here = _here()
    if _moved(here) and not connection.in_atomic_block:
        connection.close()  # it may still read the file that was there before
        here = _here()
    noticed = _noticed(here)
    if noticed:
        _recover_by_itself(here, noticed)
        here = _here()
    sightings.remember(here.lineage, _sight(here))
    _gives_way = here.may_have_a_twin  # type: ignore[attr-defined]


def advance() -> None:
    """When work begins, when some was done, and every minute: a backup made before is older from now on."""
    Installation.objects.filter(pk=ONLY).update(tick=F("tick") + 1, ticked_at=clock.now())
    here = _here()
    sightings.remember(here.lineage, _sight(here))


def gives_way() -> bool:
    """Whether another hub may be alive on the original of this database: until a person says that there is none, this
    one lets it go first. As the last watch found it."""
    return _gives_way


def recover_by_hand(since: dt.datetime) -> Recovered:
    """A person says that the database was restored, and has been told about other hubs."""
    here = _here()
    with transaction.atomic():
        _begin_next(here)
        done = recover(since)
        for key in (WENT_BACK, COPIED):
            end_alert(Alert.Kind.RESTORED, key, by="recover")
    sightings.remember(here.lineage, _sight(_here()))
    return done


def _here() -> Installation:
    rows = Installation.objects.annotate(
        may_have_a_twin=Exists(Alert.objects.filter(kind=Alert.Kind.RESTORED, key=COPIED, ended_at=None))
    )
    found = rows.filter(pk=ONLY).first()
    if found is None:
        Installation.objects.get_or_create(pk=ONLY, defaults={"place": place()})
        found = rows.get(pk=ONLY)
    return found


def _noticed(here: Installation) -> Noticed | None:
    seen = sightings.greatest(here.lineage)
    if _sight(here) < seen and _sight(_here()) < seen:  # another worker may have gone on between our two looks
        return _went_back(here)
    return _copied(here) if _moved(here) else None


def _moved(here: Installation) -> bool:
    return bool(here.place and place()) and here.place != place()


def _went_back(here: Installation) -> Noticed:
    return Noticed(
        WENT_BACK,
        f"The database was restored from a backup: it ends on {moment(here.ticked_at)}, and work went on after that.",
        "There is nothing to repair. Logins that were renewed since may be asked for again. If another Countinghouse is "
        "still running on a newer copy of this database, switch it off.",
    )


def _copied(here: Installation) -> Noticed:
    return Noticed(
        COPIED,
        f"This database is not where it was on {moment(here.ticked_at)}: it was copied or restored from there, and "
        "another Countinghouse may still be at work on the original.",
        "Only one may work on the same books: switch the other one off, then close this notice. Until then this one "
        "waits before it makes anything, so that the other can go first. Logins may be asked for again.",
    )


def _recover_by_itself(here: Installation, noticed: Noticed) -> None:
    with transaction.atomic():
        if not _begin_next(here):
            return
        told = " ".join(recover(here.ticked_at).told())
        raise_alert(Alert.Kind.RESTORED, noticed.key, f"{noticed.message} {told}", noticed.remedy)
    log.warning("%s %s", noticed.message, told)


def _begin_next(here: Installation) -> bool:
    """A new epoch, later than any that this machine has seen. False where another worker began it first."""
    epoch, tick = max(_sight(here), sightings.greatest(here.lineage))
    same = Installation.objects.filter(pk=ONLY, epoch=here.epoch, place=here.place)
    return bool(same.update(epoch=epoch + 1, tick=tick + 1, ticked_at=timezone.now(), place=place()))


def _sight(here: Installation) -> Sight:
    return here.epoch, here.tick

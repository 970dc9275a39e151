"""Asking the rate sources, each once a day. What goes wrong is an alert, and is tried again every hour."""

from __future__ import annotations

import datetime as dt
import math

from django.db.models import Q

from connectors.errors import ConnectorError, Rejected
from connectors.http import Http
from hub import queue
from hub.accounting.rates import Quote
from hub.alerts import end_alert, raise_alert
from hub.engine import clock
from hub.models import Alert, RateSource
from hub.rates.reading import Unreadable, read_rates
from hub.rates.table import keep

DAILY, AGAIN = dt.timedelta(hours=24), dt.timedelta(hours=1)
REMEDY = (
    "Open the address of the rate source in a browser. If it is right, the hub finds it again by itself within an hour; "
    "else enter another. Meanwhile rates can be typed in, or imported from a file, under “Exchange rates”."
)


def ask_all(until: float = math.inf) -> list[RateSource]:
    """Those that were due and have told. What has not begun at `until`, on the monotonic clock, is for the next time."""
    due = RateSource.objects.filter(Q(next_at=None) | Q(next_at__lte=clock.now()), enabled=True)
    return [source for source in due if not queue.is_over(until) and _taken(source) and ask(source)]


def ask(source: RateSource) -> bool:
    """Whether it told rates; if not, the alert and the source itself say why."""
    try:
        quotes = _told(source)
    except (ConnectorError, Unreadable) as error:
        _failed(source, str(error))
        return False
    number = keep(quotes)
    now = clock.now()
    RateSource.objects.filter(pk=source.pk).update(
        problem="", last_ok_at=now, last_day=max(quote.date for quote in quotes), next_at=now + DAILY
    )
    end_alert(Alert.Kind.RATES, source.name)
    return number > 0


def _told(source: RateSource) -> list[Quote]:
    """Raises ConnectorError, Unreadable."""
    answer = Http(source.url).send("GET", source.url, headers={"Accept": "*/*"})
    if not answer.ok:
        raise Rejected(f"it answered with status {answer.status}", code=f"http_{answer.status}")
    quotes = read_rates(answer.body, source.name)
    if not quotes:
        raise Unreadable("it holds no rates")
    return quotes


def _failed(source: RateSource, problem: str) -> None:
    RateSource.objects.filter(pk=source.pk).update(problem=problem[:500], next_at=clock.now() + AGAIN)
    raise_alert(Alert.Kind.RATES, source.name, f"{source.name} told no exchange rates: {problem}", REMEDY)


def _taken(source: RateSource) -> bool:
    """For the one process that is to ask."""
    same = RateSource.objects.filter(pk=source.pk, next_at=source.next_at)
    return bool(same.update(next_at=clock.now() + AGAIN))

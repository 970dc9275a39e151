"""What came of it all: the stores' and the books' own records against each other, and what the hub says of itself."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from connectors.sandbox import Sandbox
from hub.models import SyncRecord
from hub.supervisor.household import MANAGE
from tests.chaos.fleet import settings
from tests.chaos.month import DAYS, PREFIXES, Month
from tests.chaos.tally import Row
from tests.hub.world import World
from tests.oracle import DUPLICATED, LOST, WRONG, Finding, differences, doubles, hearsay, overlooked, unaccounted


@dataclass(frozen=True)
class Verdict:
    row: Row
    findings: list[Finding]
    disagreement: list[Any]
    """The pairs that do not agree."""


def judge(month: Month, seconds: float) -> Verdict:
    findings = list(found(month.stores, month.world.books, PREFIXES))
    disagreement = disagreeing(month.first_day - dt.timedelta(days=4), month.first_day + dt.timedelta(days=DAYS + 2))
    count = Counter(finding.kind for finding in findings)
    row = Row(
        month.scenario.name,
        connection.vendor,
        orders=sum(len(store.expectations()) for store in month.stores.values()),
        kills=month.kills,
        faults=month.faults,
        restarts=month.restarts,
        lost=count[LOST],
        duplicated=count[DUPLICATED],
        wrong=count[WRONG],
        agree=int(not disagreement),
        seconds=seconds,
    )
    return Verdict(row, findings, disagreement)


def found_in(world: World) -> list[Finding]:
    """With one store."""
    return list(found({world.source.name: world.store}, world.books, {world.source.name: ""}))


def found(stores: Mapping[str, Sandbox], books: Sandbox, prefixes: Mapping[str, str]) -> Iterator[Finding]:
    """`stores` by the names of their connections; `prefixes` of their invoices' numbers."""
    expected = {name: plain(store.expectations()) for name, store in stores.items()}
    booked = plain(books.state())
    yield from differences(
        {prefixes[name] + one["increment_id"]: one for name in stores for one in expected[name]}, booked
    )
    yield from doubles(booked)
    for name, store in stores.items():
        yield from hearsay(expected[name], store.told())
        yield from unaccounted(expected[name], records_of(name))
        yield from overlooked(expected[name], findings_of(name))


def records_of(source: str) -> dict[str, str]:
    """Number → state, in the expectations' words."""
    records = SyncRecord.objects.filter(flow__source__name=source).values_list("number", "state", "reason")
    return {number: f"{state}:{reason}" if reason else state for number, state, reason in records}


def findings_of(source: str) -> dict[str, list[Any]]:
    found = SyncRecord.objects.filter(flow__source__name=source).values_list("number", "findings")
    return {number: findings or [] for number, findings in found}


def disagreeing(start: dt.date, end: dt.date) -> list[Any]:
    """The pairs that do not agree, as the command tells an operator."""
    command = [*MANAGE, "books", "--json", "--from", start.isoformat(), "--to", end.isoformat()]
    done = subprocess.run(command, env=settings(), capture_output=True, text=True, timeout=120)
    told = json.loads(done.stdout)
    assert told["agree"] == (done.returncode == 0)
    return [] if told["agree"] else told["pairs"]


def plain(value: Any) -> Any:
    """As a caller from outside reads it."""
    return json.loads(json.dumps(value, default=str))

"""A worker is killed with SIGKILL at every single point of a run; the books come out the same."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import timezone

from hub.books.agreement import agreement
from hub.models import Attempt, Posting, SyncRecord
from tests.chaos.processes import environment
from tests.hub.world import World

pytestmark = pytest.mark.chaos
MOST_POINTS = 400


def test_a_worker_killed_at_every_point_loses_and_doubles_nothing(world: World) -> None:
    world.books.switch["rate_window"] = 0
    with victims() as kill_at:
        for point in range(1, MOST_POINTS):
            world.place()
            world.poll()
            only_the_new_one()
            killed = kill_at(point)
            time_passes()
            world.work()
            assert_whole(world)
            if not killed:
                break
    assert point > 20, "the worker was hardly started"
    assert Attempt.objects.filter(outcome="died").exists()


@contextmanager
def victims() -> Iterator[Any]:
    """Kill a worker at the n-th point of its run; says whether it died there."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.chaos.victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdin and process.stdout

        def kill_at(point: int) -> bool:
            print(point, file=process.stdin, flush=True)
            return bool(int(process.stdout.readline()))  # type: ignore[union-attr]

        yield kill_at
        process.stdin.close()


def only_the_new_one() -> None:
    """Earlier orders were told again, since their second may still be going on; here that would only take time."""
    SyncRecord.objects.filter(settled_at__isnull=False).update(state="posted", due_at=None)


def time_passes() -> None:
    """The dead worker's leases run out."""
    SyncRecord.objects.exclude(owner="").update(lease_until=timezone.now())
    Posting.objects.exclude(owner="").update(lease_until=timezone.now())


def assert_whole(world: World) -> None:
    records = SyncRecord.objects.all()
    assert set(records.values_list("state", flat=True)) == {"posted"}, list(records.values_list("state", "message"))
    numbers = [invoice["invoice_number"] for invoice in world.invoices]
    assert sorted(numbers) == sorted(records.values_list("number", flat=True))
    assert {invoice["outstanding"]["amount"] for invoice in world.invoices} == {"0.00"}
    marks = [payment["note"].rpartition("[")[2] for payment in world.payments]
    assert len(marks) == len(set(marks))
    emails = [client["email"].lower() for client in world.clients]
    assert len(emails) == len(set(emails))
    days = sorted(records.values_list("date", flat=True))
    found = agreement(days[0], days[-1])
    assert found.agree, json.dumps([pair.told() for pair in found.pairs if not pair.agrees])

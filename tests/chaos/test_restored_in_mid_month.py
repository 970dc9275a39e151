"""A month of trade, day by day, with the database restored in the middle of it; and a month with two hubs alive, one of
them a copy of the other that was switched on by mistake."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from hub.books.agreement import agreement
from hub.models import Alert, Posting, SyncRecord
from tests.chaos.processes import environment
from tests.dumps import Dump, dump_of_now
from tests.hub.restoring import assert_whole, by_hand, by_itself
from tests.hub.world import World

pytestmark = pytest.mark.chaos
KINDS = (
    "simple", "virtual", "guest", "company", "coupon", "two_rates", "gift_card", "store_credit", "partial_capture",
    "shipped_unpaid", "partial_refund", "full_refund", "canceled", "free", "unpaid", "edited",
)  # fmt: skip
SALES, DAYS = 5, 2
"""Sales in a day; days before the backup, after it, and after it was restored."""
SETTLING = "2"
"""Seconds for which two living hubs wait for each other."""


class Month:
    """What the shop's customers do, from a seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.unpaid: list[str] = []
        self.paid: list[str] = []

    def day(self) -> None:
        """New orders, money for an earlier one, and money back for another."""
        for kind in self.dice.sample(KINDS, SALES):
            number = self.world.place(kind=kind, seed=self.dice.randint(0, 9))["increment_id"]
            {"shipped_unpaid": self.unpaid, "simple": self.paid}.get(kind, []).append(number)
        for waiting, step in ((self.unpaid, "capture"), (self.paid, "refund")):
            if waiting and self.dice.random() < 0.7:
                self.world.store.place({step: waiting.pop(0)})

    def days(self, sync: Callable[[], None]) -> None:
        for _ in range(DAYS):
            self.day()
            sync()


@pytest.fixture
def month(world: World) -> Month:
    world.books.switch["rate_window"] = 0
    return Month(world, seed=11)


@pytest.mark.parametrize(("way", "elsewhere"), [(by_hand, False), (by_itself, False), (by_itself, True)])
def test_a_backup_restored_in_mid_month(month: Month, way: Callable[[], None], elsewhere: bool, tmp_path: Path) -> None:
    world = month.world
    world.books.switch["duplicate_numbers"] = "allow"  # so that it is not the books who prevent the worst
    month.days(world.sync)
    with dump_of_now(tmp_path) as before:
        month.days(world.sync)
        lost = Posting.objects.count()
        before.put_back(elsewhere=elsewhere)
    assert Posting.objects.count() < lost, "nothing was lost"
    way()
    month.days(world.sync)
    _assert_agreed(world)


def test_a_backup_restored_again_and_again(month: Month, tmp_path: Path) -> None:
    world = month.world
    for _ in range(2):
        month.day()
        world.sync()
        with dump_of_now(tmp_path) as before:
            month.day()
            world.sync()
            before.put_back()
    month.days(world.sync)
    _assert_agreed(world)


# --- two hubs at once ---


@pytest.fixture
def copied_hub(world: World, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a second hub on a copy of the database, as on another machine."""
    world.work()
    with dump_of_now(tmp_path) as copy:
        yield {
            **_patient(environment()),
            "DATABASE_URL": _url(copy),
            "COUNTINGHOUSE_VAR": str(tmp_path / "var"),
            "COUNTINGHOUSE_FIELD_KEYS": _field_keys(),
        }


def test_two_hubs_alive_on_the_same_books_double_nothing(month: Month, copied_hub: dict[str, str]) -> None:
    world = month.world
    original = _patient(environment())

    def both() -> None:
        """At the same moment, and each until it is done."""
        for command in (["poll"], ["work", "--until-idle", "--wait", "8"]):
            running = [_manage(command, one) for one in (original, copied_hub)]
            for process in running:
                output, _ = process.communicate(timeout=200)
                assert process.returncode == 0, output

    month.days(both)
    _assert_agreed(world)
    assert not Alert.objects.exists(), "the original has noticed nothing"
    verdict = _manage(["books", "--from", "2020-01-01", "--to", "2100-01-01"], copied_hub)
    output, _ = verdict.communicate(timeout=60)
    assert verdict.returncode == 0, output


def _assert_agreed(world: World) -> None:
    assert_whole(world)
    days = sorted(SyncRecord.objects.values_list("date", flat=True))
    assert agreement(days[0], days[-1]).agree


def _patient(given: dict[str, str]) -> dict[str, str]:
    return {**given, "COUNTINGHOUSE_DOUBT_DELAY": SETTLING}


def _manage(arguments: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _url(copy: Dump) -> str:
    live = environment()["DATABASE_URL"]
    if live.startswith("sqlite"):
        return f"sqlite:///{copy.file}"
    address, _, where = live.partition("?")
    return f"{address.rpartition('/')[0]}/{copy.name}?{where}"


def _field_keys() -> str:
    return ",".join(settings.FIELD_KEYS) or ",".join(Path(settings.FIELD_KEY_FILE).read_text().split())

"""Processes that die while they keep a customer and a client alike: a change arrives all the same, once, and nobody is
made twice."""

from __future__ import annotations

from hashlib import sha256

import pytest

from hub.models import Event, Link, SyncRecord
from tests.hub.dying import EVERY, killed_at, time_passes
from tests.hub.two_ways import TwoWays, keep_alike
from tests.hub.world import World

NEEDED = ("person",)
STEP = 7 * EVERY
"""A life has hundreds of points here, and each is followed by polls of both sides: some are left out everywhere."""
pytestmark = pytest.mark.points


@pytest.fixture
def ways(world: World) -> TwoWays:
    world.books.switch.update(rate_limit_read=10**6, rate_limit_write=10**6)
    return keep_alike(world)


def killed(ways: TwoWays, point: int) -> bool:
    """Others go on afterwards. False if the work was over before."""
    ways.poll()
    for side in (ways.world.store, ways.world.books):
        side.log.clear()
    died = killed_at(point, ways.world.work)
    for _ in range(2):
        time_passes()
        ways.sync()
    return died


def gone(ways: TwoWays, customer: str, client: str) -> None:
    """Polls go a while back; so that those who came before make no work among which nobody would be killed at the end."""
    ways.world.store.person({"id": customer, "gone": "yes"})
    ways.world.books.person({"id": client, "gone": "yes"})
    Event.objects.all().delete()
    ways.sync()


@pytest.mark.parametrize("side", ["store", "books"])
def test_killed_at_any_point_a_change_arrives_once(ways: TwoWays, side: str) -> None:
    ada = ways.world.store.person({"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte"})
    ways.sync()
    ways.sync()
    client = ways.client_of(ada)
    point, died = 0, True
    while died:
        name = f"Byte{point}"
        getattr(ways.world, side).person({"id": ada if side == "store" else client, "last_name": name})
        died = killed(ways, point := point + STEP)
        assert (ways.customers[ada]["last_name"], ways.clients[client]["last_name"]) == (name, name), point
        assert ways.writes() == 1 and not ways.conflicts(), point
    assert point > 20


def test_killed_at_any_point_a_customer_becomes_one_client(ways: TwoWays) -> None:
    point, died = 0, True
    while died:
        name = sha256(str(point).encode()).hexdigest()  # nobody looks like anybody, or a person is asked
        email = f"{name[:12]}@example.org"
        ada = ways.world.store.person({"email": email, "first_name": name[12:22], "last_name": name[22:32]})
        died = killed(ways, point := point + STEP)
        [client] = [id for id, one in ways.clients.items() if one["email"] == email]
        assert Link.objects.get(source_resource="customer", source_record=ada).target_record == client, point
        assert SyncRecord.objects.get(flow=ways.there, source_id=ada).state == "posted", point
        assert ways.writes() == 0, point
        gone(ways, ada, client)
    assert point > 20

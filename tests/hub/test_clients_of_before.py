"""A client who was in the books before the first order: what is empty is filled once, what somebody wrote stays."""

from __future__ import annotations

import pytest

from connectors.sandbox import Sandbox
from hub.models import Posting
from tests.hub.world import World


@pytest.fixture
def buyer(world: World) -> str:
    """The e-mail address of whoever buys next."""
    if type(world.books).person is Sandbox.person:
        pytest.skip("nobody edits clients in this simulator")
    world.place(kind="simple", seed=1)
    world.sync()
    [client] = world.clients
    email = str(client["email"])
    world.start_over()
    return email


def test_only_what_is_empty_is_filled_from_the_order(world: World, buyer: str) -> None:
    id = world.books.person({"email": buyer, "first_name": "Somebody", "last_name": "Else"})
    world.place(kind="simple", seed=1)
    world.sync()
    client = world.books.people()[id]
    assert (client["first_name"], client["last_name"]) == ("Somebody", "Else")
    assert client["street"] and client["city"]
    assert Posting.objects.get(resource="client").remote_id == id


def test_a_client_with_everything_is_not_written_to(world: World, buyer: str) -> None:
    filled = {"phone": "1", "street": "1 Road", "city": "Ely", "company": "Mill", "vat_number": "X", "country": "US"}
    id = world.books.person({"email": buyer, "first_name": "Somebody", "last_name": "Else", **filled})
    for kind in ("p", "s"):
        world.books.place({"client": {"id": int(id), f"{kind}_street": "1 Road", f"{kind}_city": "Ely"}})
    world.books.log.clear()
    world.place(kind="simple", seed=1)
    world.sync()
    written = [path for method, path, _ in world.books.log if method == "PUT" and "clients" in path]
    assert written == []

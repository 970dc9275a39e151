"""Customers and clients kept alike, both ways: one side's change goes to the other, two at once go by the policy."""

from __future__ import annotations

import pytest

from connectors.sandbox import Fault
from connectors.vault import connect
from hub.engine import decisions
from hub.engine.counterparts import conflicts
from hub.models import Conflict, SyncRecord
from tests.hub.dying import time_passes
from tests.hub.two_ways import TwoWays, keep_alike
from tests.hub.world import World

NEEDED = ("person",)


@pytest.fixture
def ways(world: World) -> TwoWays:
    return keep_alike(world)


@pytest.fixture
def ada(ways: TwoWays) -> str:
    """A customer whom both sides know."""
    return grown_up(ways)


@pytest.fixture
def parcel(ways: TwoWays, ada: str) -> int:
    """Writes: whoever moves in the store moves the shipping address along, which is the store's alone, where it has one."""
    customer = connect(ways.world.source).resource("customer").read(ada).document
    return int(bool(customer.shipping.city))


def grown_up(ways: TwoWays) -> str:
    id = ways.world.store.person(
        {"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte", "phone": "0421 555"}
    )
    ways.sync()
    ways.sync()
    return id


def test_a_customer_becomes_a_client_once(ways: TwoWays, ada: str) -> None:
    [client] = [one for one in ways.clients.values() if one["email"] == "ada@example.org"]
    assert (client["first_name"], client["last_name"]) == ("Ada", "Byte")
    ways.sync()
    assert len([one for one in ways.clients.values() if one["email"] == "ada@example.org"]) == 1
    assert ways.writes() == 0


def test_a_customers_change_reaches_the_client_and_does_not_come_back(ways: TwoWays, ada: str) -> None:
    ways.world.store.person({"id": ada, "phone": "0421 777", "last_name": "Bytes"})
    for _ in range(3):
        ways.sync()
    client = ways.clients[ways.client_of(ada)]
    assert (client["last_name"], "777" in client["phone"]) == ("Bytes", True)
    assert ways.writes() == 1
    assert not ways.conflicts()


@pytest.mark.parametrize("change", [{"first_name": "Augusta", "phone": "777"}, {"street": "5 Lane", "city": "Ely"}])
def test_a_clients_change_reaches_the_customer_and_does_not_come_back(
    ways: TwoWays, ada: str, change: dict[str, str]
) -> None:
    ways.world.books.person({"id": ways.client_of(ada), **change})
    for _ in range(3):
        ways.sync()
    assert change.items() <= ways.customers[ada].items()
    assert ways.writes() == 1
    assert not ways.conflicts()


def test_different_fields_changed_at_once_both_arrive(ways: TwoWays, ada: str) -> None:
    client = ways.client_of(ada)
    ways.world.store.person({"id": ada, "first_name": "Augusta"})
    ways.world.books.person({"id": client, "last_name": "King"})
    for _ in range(3):
        ways.sync()
    assert (ways.customers[ada]["first_name"], ways.customers[ada]["last_name"]) == ("Augusta", "King")
    assert (ways.clients[client]["first_name"], ways.clients[client]["last_name"]) == ("Augusta", "King")
    assert ways.writes() == 2


def test_a_name_changed_on_both_sides_is_the_stores(ways: TwoWays, ada: str) -> None:
    client = ways.client_of(ada)
    ways.world.store.person({"id": ada, "first_name": "Augusta"})
    ways.world.books.person({"id": client, "first_name": "Adele"})
    for _ in range(3):
        ways.sync()
    assert ways.customers[ada]["first_name"] == ways.clients[client]["first_name"] == "Augusta"


def test_a_vat_number_changed_on_both_sides_is_the_books(ways: TwoWays, ada: str) -> None:
    client = ways.client_of(ada)
    ways.world.store.person({"id": ada, "vat_number": "GB1"})
    ways.world.books.person({"id": client, "vat_number": "GB2"})
    for _ in range(3):
        ways.sync()
    assert ways.customers[ada]["vat_number"] == ways.clients[client]["vat_number"] == "GB2"


@pytest.fixture
def torn(ways: TwoWays, ada: str) -> Conflict:
    """About the address, nobody but a person decides."""
    ways.world.store.person({"id": ada, "city": "Bath"})
    ways.world.books.person({"id": ways.client_of(ada), "city": "Ely"})
    for _ in range(3):
        ways.sync()
    return Conflict.objects.get(closed_at=None)


def test_what_no_rule_decides_waits_for_a_person(ways: TwoWays, ada: str, torn: Conflict, parcel: int) -> None:
    assert ways.customers[ada]["city"] == "Bath" and ways.clients[ways.client_of(ada)]["city"] == "Ely"
    assert (torn.field, torn.source_value["city"], torn.target_value["city"]) == ("address", "Bath", "Ely")
    assert torn.source_changed_at and torn.target_changed_at
    assert ways.writes() == parcel


@pytest.mark.parametrize(("kept", "city"), [("source", "Bath"), ("target", "Ely")])
def test_a_person_decides_and_both_sides_follow(
    ways: TwoWays, ada: str, torn: Conflict, kept: str, city: str, parcel: int
) -> None:
    conflicts.decide(torn, kept, None)
    for _ in range(3):
        ways.sync()
    assert ways.customers[ada]["city"] == ways.clients[ways.client_of(ada)]["city"] == city
    assert ways.writes() == parcel + 1
    assert not ways.conflicts()


def test_a_decision_outlives_the_failure_of_what_follows(ways: TwoWays, ada: str, parcel: int, torn: Conflict) -> None:
    conflicts.decide(torn, "source", None)
    ways.world.books.faults = [Fault("status", status=429, times=-1, method="PUT", path="client")]
    ways.world.work()
    assert ways.clients[ways.client_of(ada)]["city"] == "Ely"
    ways.world.books.faults.clear()
    time_passes()
    ways.sync()
    assert ways.clients[ways.client_of(ada)]["city"] == "Bath"
    assert not ways.conflicts() and ways.writes() == parcel + 1


def test_a_change_while_a_person_thinks_is_asked_about_anew(ways: TwoWays, ada: str, torn: Conflict) -> None:
    ways.world.store.person({"id": ada, "city": "Wells"})
    conflicts.decide(torn, "source", None)
    for _ in range(2):
        ways.sync()
    assert ways.conflicts()["address"][0]["city"] == "Wells"
    assert ways.clients[ways.client_of(ada)]["city"] == "Ely"


def test_a_conflict_that_people_settle_themselves_closes(ways: TwoWays, ada: str, torn: Conflict, parcel: int) -> None:
    ways.world.books.person({"id": ways.client_of(ada), "city": "Bath"})
    for _ in range(2):
        ways.sync()
    assert not ways.conflicts() and ways.writes() == parcel


def test_a_field_is_emptied_on_the_other_side_too(ways: TwoWays, ada: str) -> None:
    client = ways.client_of(ada)
    ways.world.store.person({"id": ada, "vat_number": "GB1"})
    ways.sync()
    ways.world.books.person({"id": client, "vat_number": ""})
    for _ in range(2):
        ways.sync()
    assert ways.customers[ada]["vat_number"] == "" == ways.clients[client]["vat_number"]


def test_a_deleted_client_is_shown_and_never_brought_back(ways: TwoWays, ada: str) -> None:
    client = ways.client_of(ada)
    ways.world.books.person({"id": client, "gone": "yes"})
    ways.world.store.person({"id": ada, "phone": "0421 999"})
    ways.sync()
    record = SyncRecord.objects.get(flow=ways.there, source_id=ada)
    assert (record.state, record.reason) == ("held", "counterpart_deleted")
    assert client not in ways.clients


def test_a_client_whom_the_store_does_not_know_is_left_alone(ways: TwoWays) -> None:
    client = ways.world.books.person({"email": "new@example.net", "last_name": "New"})
    ways.sync()
    record = SyncRecord.objects.get(flow=ways.back, source_id=client)
    assert (record.state, record.reason) == ("skipped", "no_counterpart")
    assert not [one for one in ways.customers.values() if one["email"] == "new@example.net"]


def test_one_way_alone_takes_over_what_the_customer_changes(world: World) -> None:
    ways = keep_alike(world, back=False)
    ada = grown_up(ways)
    ways.world.books.person({"id": ways.client_of(ada), "phone": "1"})
    ways.world.store.person({"id": ada, "last_name": "King"})
    ways.sync()
    client = ways.clients[ways.client_of(ada)]
    assert (client["phone"], client["last_name"]) == ("1", "King")
    assert ways.customers[ada]["phone"] == "0421 555"


def test_somebody_who_only_looks_alike_is_shown_to_a_person(ways: TwoWays) -> None:
    known = ways.world.books.person(
        {"email": "office@example.net", "first_name": "Ada", "last_name": "Byte", "phone": "0421 5551234"}
    )
    ada = ways.world.store.person(
        {"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte", "phone": "+49 421 555-1234"}
    )
    ways.sync()
    record = SyncRecord.objects.get(flow=ways.there, source_id=ada)
    assert (record.state, record.reason) == ("held", "maybe_known")
    [candidate] = record.problem["candidates"]
    assert candidate["id"] == known and candidate["likeness"] == "70 %: the same name, the same phone number"
    before = len(ways.clients)
    decisions.link(record, known, None)
    ways.sync()
    assert (ways.client_of(ada), len(ways.clients)) == (known, before)
    assert ways.clients[known]["email"] == "ada@example.org"


def test_a_person_may_say_that_it_is_somebody_else(ways: TwoWays) -> None:
    known = ways.world.books.person(
        {"email": "office@example.net", "first_name": "Ada", "last_name": "Byte", "company": "Mill"}
    )
    ada = ways.world.store.person(
        {"email": "ada@example.org", "first_name": "Ada", "last_name": "Byte", "company": "Mill"}
    )
    ways.sync()
    decisions.create_anyway(SyncRecord.objects.get(flow=ways.there, source_id=ada), None)
    ways.sync()
    assert ways.client_of(ada) != known and ways.clients[known]["email"] == "office@example.net"


def test_a_new_client_in_the_place_of_a_deleted_one_is_made_only_once_a_person_says_so(ways: TwoWays, ada: str) -> None:
    old = ways.client_of(ada)
    ways.world.books.person({"id": old, "gone": "yes"})
    ways.world.store.person({"id": ada, "phone": "0421 999"})
    ways.sync()
    record = SyncRecord.objects.get(flow=ways.there, source_id=ada)
    decisions.create_anyway(record, None)
    ways.sync()
    new = ways.client_of(ada)
    assert new != old and ways.clients[new]["email"] == "ada@example.org"
    ways.world.books.person({"id": new, "gone": "yes"})
    ways.world.store.person({"id": ada, "phone": "0421 888"})
    ways.sync()
    record.refresh_from_db()
    assert record.reason == "counterpart_deleted", "one decision is about one client"


def test_a_client_whom_an_order_made_follows_the_account_and_changes_nothing_there(world: World) -> None:
    order = world.read(world.place())
    world.sync()
    known = [id for id, one in world.store.people().items() if one["email"] == order.email]
    address = {"street": "5 Lane", "city": "Ely", "country": "US", "postcode": "99999", "company": "Mill"}
    ada = world.store.person(
        {"id": known[0], **address} if known else {"email": order.email, "first_name": "Ada", **address}
    )
    account = dict(world.store.people()[ada])
    [made] = [one for one in world.books.people().values() if one["email"] == order.email]
    assert made["city"] != "Ely", "the order went elsewhere"
    ways = keep_alike(world)
    world.store.person({"id": ada, "last_name": "Bytes"})
    for _ in range(3):
        ways.sync()
    assert ways.customers[ada] == {**account, "last_name": "Bytes"}
    client = ways.clients[ways.client_of(ada)]
    assert (client["city"], client["company"]) == ("Ely", "Mill")
    assert not Conflict.objects.exists()

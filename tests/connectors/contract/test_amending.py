"""What is kept alike in two systems: a change touches what it names and nothing else, and may be made twice."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base import Resource
from connectors.documents import Address, Document
from connectors.errors import Gone, OutcomeUnknown, RetryLater
from connectors.sandbox import Fault, Sandbox
from tests.connectors.contract.samples import sample
from tests.connectors.contract.subjects import NOBODY, Subject, every_resource

amended = every_resource("amend")
MOVED = Address(street="5 Lane", city="Ely", region="Texas", region_code="TX", postcode="79936", country="US")
ELSEWHERE = Address(street="9 Row", city="Wells", region="Georgia", region_code="GA", postcode="30301", country="US")
WORDS = ("first_name", "last_name", "phone", "vat_number", "name", "description")


def opened(kind: str, name: str, subject: Subject) -> tuple[Sandbox, Resource[Any], str]:
    sandbox, connector = subject(kind)
    resource = connector.resource(name)
    if resource.offers("create"):
        return sandbox, resource, resource.create(sample(connector, name)).id
    return sandbox, resource, sandbox.person({"email": "ada@example.org", "first_name": "Ada"})


def read(resource: Resource[Any], id: str) -> Document:
    found = resource.read(id)
    assert found.state == "active" and isinstance(found.document, resource.document)
    return found.document


def changed(before: Document, after: Document) -> set[str]:
    return {name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)}


def place(address: Address) -> tuple[str, ...]:
    return address.street, address.city, address.postcode, address.country


@amended
def test_an_amendment_changes_what_it_names_and_nothing_else(kind: str, name: str, subject: Subject) -> None:
    _, resource, id = opened(kind, name, subject)
    for field in [one for one in WORDS if one in resource.document.model_fields]:
        before = read(resource, id)
        resource.amend(id, {field: "Changed"})
        after = read(resource, id)
        assert getattr(after, field) == "Changed"
        assert changed(before, after) - {"updated_at", "billing", "shipping"} == {field}
        for address in ("billing", "shipping", "address"):
            if hasattr(after, address):
                assert place(getattr(after, address)) == place(getattr(before, address))


@amended
def test_only_the_address_that_moves_moves(kind: str, name: str, subject: Subject) -> None:
    _, resource, id = opened(kind, name, subject)
    addresses = [one for one in ("billing", "address", "shipping") if one in resource.document.model_fields]
    if not addresses:
        pytest.skip("it has no address")
    first, other = addresses
    before = read(resource, id)
    for _ in range(2):
        resource.amend(id, {first: MOVED})
    after = read(resource, id)
    assert place(getattr(after, first)) == place(MOVED)
    assert place(getattr(after, other)) == place(getattr(before, other))
    resource.amend(id, {other: ELSEWHERE})
    after = read(resource, id)
    assert (place(getattr(after, first)), place(getattr(after, other))) == (place(MOVED), place(ELSEWHERE))


@amended
def test_an_amendment_whose_answer_is_lost_is_repeated_without_harm(kind: str, name: str, subject: Subject) -> None:
    sandbox, resource, id = opened(kind, name, subject)
    field = next(one for one in WORDS if one in resource.document.model_fields)
    assert getattr(read(resource, id), field) != "Changed"  # and whoever must log in has done so
    sandbox.faults = [Fault("lost", method="PUT|POST|PATCH")]
    with pytest.raises((OutcomeUnknown, RetryLater)):
        resource.amend(id, {field: "Changed"})
    once = read(resource, id)
    resource.amend(id, {field: "Changed"})
    assert changed(once, read(resource, id)) <= {"updated_at"}


@amended
def test_whoever_is_not_there_is_gone(kind: str, name: str, subject: Subject) -> None:
    _, resource, _ = opened(kind, name, subject)
    with pytest.raises(Gone):
        resource.amend(NOBODY, {"first_name": "X"} if "first_name" in resource.document.model_fields else {"name": "X"})


@amended
def test_what_there_is_no_room_for_is_known_before(kind: str, name: str, subject: Subject) -> None:
    _, resource, id = opened(kind, name, subject)
    names = [one for one in ("first_name", "name") if one in resource.document.model_fields]
    places = [one for one in ("billing", "address") if one in resource.document.model_fields]
    odd = {**dict.fromkeys(names, "Mill 🎁 box"), **dict.fromkeys(places, MOVED.model_copy(update={"city": "Ely 🎁"}))}
    wanted = resource.as_kept(read(resource, id).model_copy(update=odd))
    resource.amend(id, {field: getattr(wanted, field) for field in odd})
    there = read(resource, id)
    assert {getattr(there, field) for field in names} == {getattr(wanted, field) for field in names}
    assert [place(getattr(there, field)) for field in places] == [place(getattr(wanted, field)) for field in places]

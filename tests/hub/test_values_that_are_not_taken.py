"""Sides that answer "done" and keep something else: nobody writes for ever, and no edit is made of what nobody has edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from connectors.documents import Client
from hub.models import Conflict, Posting
from tests.hub import twins
from tests.hub.pairs import Pairs


def stubborn(monkeypatch: pytest.MonkeyPatch, side: str, field: str, keeps: Any = None) -> None:
    """It takes every change but that one; `keeps` makes of a value what stands there afterwards."""
    amend = twins.People.amend

    def taken(resource: twins.People, id: str, fields: Mapping[str, Any]) -> Any:
        here = resource.side is twins.SIDES[side]
        kept = {name: value for name, value in fields.items() if not here or name != field}
        if here and field in fields and keeps:
            kept[field] = keeps(fields[field])
        return amend(resource, id, kept)

    monkeypatch.setattr(twins.People, "amend", taken)


@pytest.mark.parametrize("keeps", [None, lambda value: f"+{value}"], ids=["nothing", "something else"])
@pytest.mark.parametrize("side", ["kiosk", "ledger"])
def test_a_value_that_one_side_does_not_take_is_written_once(
    pairs: Pairs, ada: str, side: str, keeps: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn(monkeypatch, side, "vat_number", keeps)
    if side == "kiosk":
        pairs.books.edit(ada, vat_number="B7")
    else:
        pairs.customer("ada", vat_number="B7")
    pairs.sync(6)
    assert pairs.writes() == 1
    assert not Conflict.objects.exists()
    edited = pairs.books.rows[ada] if side == "kiosk" else pairs.store.rows["ada"]
    assert edited["vat_number"] == "B7", "nobody has edited it back"
    record = pairs.back_record(ada) if side == "kiosk" else pairs.there_record("ada")
    [told] = [effect["answer"] for one in record.attempts.all() for effect in one.effects if effect.get("answer")]
    assert "vat_number" in told, "a person sees why the two differ"


@pytest.mark.parametrize("field", ["phone", "billing"])
def test_a_new_client_who_stands_there_otherwise_than_we_wrote_him_is_no_conflict(
    pairs: Pairs, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = twins.Clients.create

    def otherwise(resource: twins.Clients, document: Any) -> Any:
        change = {"phone": f"+44 {document.phone}", "address": twins.town("BATH")}
        named = "address" if field == "billing" else field
        return create(resource, document.model_copy(update={named: change[named]}))

    monkeypatch.setattr(twins.Clients, "create", otherwise)
    pairs.store.edit("bob", **{**twins.BEGIN, "billing": twins.town("Bath")})
    pairs.sync(4)
    assert pairs.writes() == 0
    assert not Conflict.objects.exists()
    assert (pairs.store.rows["bob"]["phone"], pairs.store.rows["bob"]["billing"].city) == ("1", "Bath")


def test_what_the_books_add_to_a_new_client_is_not_carried_back(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    create = twins.Clients.create
    monkeypatch.setattr(
        twins.Clients,
        "create",
        lambda resource, document: create(resource, document.model_copy(update={"organization": document.email})),
    )
    pairs.customer("bob")
    pairs.sync(4)
    assert pairs.writes() == 0 and not pairs.store.rows["bob"].get("company")


# --- clients whom an order has made ---


def made_by_an_order(pairs: Pairs, **values: Any) -> str:
    """Of what an order says, which is not what its customer's account says."""
    ordered = {**twins.BEGIN, **values}
    pairs.books.edit("117", **ordered)
    document = Client.model_validate(ordered)
    Posting.objects.create(
        target=pairs.there.target, resource="client", natural_key=ordered["email"], remote_id="117",
        state=Posting.State.DONE, document=document.model_dump(mode="json"), digest="-",
    )  # fmt: skip
    return "117"


@pytest.mark.parametrize("first", ["customers", "clients"])
def test_what_an_order_wrote_about_a_client_wins_over_no_account(pairs: Pairs, first: str) -> None:
    made_by_an_order(pairs, organization="Mill (Bath)", vat_number="B", address=twins.town("Ely"))
    late = pairs.back if first == "customers" else pairs.there
    pairs.switch(late, on=False)
    pairs.store.edit("bob", **{**twins.BEGIN, "company": "Mill", "vat_number": "A", "billing": twins.town("Bath")})
    account = dict(pairs.store.rows["bob"])
    pairs.sync()
    pairs.switch(late, on=True)
    pairs.sync(3)
    assert pairs.store.rows["bob"] == account, "nobody has edited anything in the books"
    client = pairs.books.rows["117"]
    assert (client["organization"], client["vat_number"], client["address"].city) == ("Mill", "A", "Bath")
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("first", ["customers", "clients"])
def test_what_only_an_order_tells_of_a_client_fills_no_account(pairs: Pairs, first: str) -> None:
    made_by_an_order(pairs, address=twins.town("Ely"))
    late = pairs.back if first == "customers" else pairs.there
    pairs.switch(late, on=False)
    pairs.customer("bob")
    pairs.sync()
    pairs.switch(late, on=True)
    pairs.sync(3)
    assert pairs.writes() == 0 and not pairs.store.rows["bob"].get("billing")
    assert pairs.books.rows["117"]["address"].city == "Ely"


def test_what_a_person_changed_of_a_client_whom_an_order_made_is_carried_over(pairs: Pairs) -> None:
    client = made_by_an_order(pairs)
    pairs.books.edit(client, phone="777")
    pairs.customer("bob")
    pairs.sync(3)
    assert pairs.store.rows["bob"]["phone"] == "777"


# --- a flow towards the books that owns nothing ---


def test_a_field_that_no_flow_carries_back_follows_whoever_changes_it_last(pairs: Pairs, ada: str) -> None:
    version = pairs.there.version
    assert version
    version.policy = {**version.policy, "owns": []}
    version.save()
    pairs.customer("ada", phone="in the store")
    pairs.sync()
    assert pairs.books.rows[ada]["phone"] == "1", "the flow towards the books owns nothing"
    pairs.books.edit(ada, phone="in the books")
    pairs.sync()
    assert pairs.store.rows["ada"]["phone"] == "in the store", "both have changed it, and so the policy decides"
    pairs.books.edit(ada, phone="in the books, later")
    pairs.sync()
    assert pairs.store.rows["ada"]["phone"] == "in the books, later"
